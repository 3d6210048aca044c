//! HTML pages become articles: their fields, their bodies, and what is removed as page debris.

use crate::archive::Archive;

const TEXT: &str = "<p>The night ferry between Port Ellery and the islands will sail again from Monday, \
nine years after it was given up, the harbour office said in a statement.</p>\
<p>Two boats were bought second hand in the north, and both of them were repaired over the winter \
by the yard at Holm, which had not had an order of that size for a decade.</p>\
<p>\u{201c}We never stopped believing in it,\u{201d} said the harbour master, who sold the first ticket \
to a pupil on her way home, and then another hundred before noon.</p>";

/// A page with navigation before and links after its article.
fn page(head: &str, article: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head>{head}</head><body>\
         <nav><a href=\"/\">Home</a> <a href=\"/harbour\">Harbour news</a></nav>\
         <article>{article}</article>\
         <footer><p>Imprint and contact</p></footer></body></html>"
    )
}

/// The article that one page becomes.
fn imported(page: impl AsRef<[u8]>) -> String {
    let archive = Archive::new().raw("web/page.html", page);
    let said = archive.run(&["import"]);
    assert_eq!(said.status, 0, "{:?}", said.diagnostics());
    archive.read(&archive.article_file(""))
}

fn expect(article: &str, lines: &[&str]) {
    for line in lines {
        assert!(
            article.contains(&format!("\n{line}\n")),
            "`{line}` is not in\n{article}"
        );
    }
}

#[test]
fn several_blocks_of_json_ld_give_the_fields() {
    let head = r##"<title>Night ferry returns - The Ellery Post</title>
        <script type="application/ld+json">{"@type":"BreadcrumbList","name":"Nothing"}</script>
        <script type="application/ld+json">not json</script>
        <script type="application/ld+json">[{"@type":"NewsArticle","headline":"Another story altogether",
          "datePublished":"1999-01-01"}]</script>
        <script type="application/ld+json">{"@context":"https://schema.org","@graph":[
          {"@type":"Organization","@id":"#post","name":"The Ellery Post"},
          {"@type":["NewsArticle"],"headline":"Night ferry returns &amp; sails",
           "datePublished":"2021-07-13T23:47:00+02:00","dateModified":"2021-08-01T08:00:00Z",
           "author":[{"@type":"Person","name":"Mara Quill"},{"@type":"Person","name":"By Tom Reeve"}],
           "publisher":{"@id":"#post"},"description":"After nine
 years.","keywords":"harbour, ferries","articleSection":"News"}]}</script>
        <link rel="canonical" href="https://example.org/2021/ferry">"##;
    let article = imported(page(
        head,
        &format!("<h1>Night ferry returns &amp; sails</h1>{TEXT}"),
    ));
    expect(
        &article,
        &[
            "title: \"Night ferry returns & sails\"",
            "date: 2021-07-13T23:47:00+02:00",
            "authors:\n  - Mara Quill\n  - Tom Reeve",
            "source: The Ellery Post",
            "lang: en",
            "summary: After nine years.",
            "topics:\n  - News\n  - harbour\n  - ferries",
            "source_url: \"https://example.org/2021/ferry\"",
            "modified: 2021-08-01T08:00:00Z",
            "  layout: html page",
        ],
    );
    let body = article.split("\n---\n").nth(1).expect("a body");
    assert!(
        body.trim_start().starts_with("The night ferry between"),
        "{body}"
    );
    assert!(body.trim_end().ends_with("another hundred before noon."));
    assert!(!article.contains("1999"), "{article}");
}

#[test]
fn of_conflicting_dates_publication_wins_and_the_others_are_noted() {
    let head = r#"<meta property="og:title" content="Night ferry returns">
        <meta property="article:modified_time" content="2022-01-01T00:00:00Z">
        <meta property="article:published_time" content="2021-07-13">
        <meta name="date" content="2021-07-13T11:47:00Z">
        <meta name="dc.date" content="2019-03-01">"#;
    let text = format!("<h1>Night ferry returns</h1><time datetime=\"2023-05-05\">x</time>{TEXT}");
    let article = imported(page(head, &text));
    expect(
        &article,
        &[
            "date: 2021-07-13T11:47:00Z",
            "other_dates:\n  - 2019-03-01",
            "modified: 2022-01-01T00:00:00Z",
        ],
    );
    assert!(!article.contains("inferred"), "{article}");
}

#[test]
fn microdata_is_read() {
    let text = format!(
        "<div itemscope itemtype=\"https://schema.org/NewsArticle\">\
         <h2 itemprop=\"headline\">Night ferry returns</h2>\
         <span itemprop=\"author\" itemscope><b itemprop=\"name\">Mara Quill</b>, reporter</span>\
         <time itemprop=\"datePublished\" datetime=\"2021-07-13T11:47Z\">Tuesday</time>\
         <div itemprop=\"articleBody\">{TEXT}</div></div>"
    );
    let article = imported(page("<title>Post</title>", &text));
    expect(
        &article,
        &[
            "title: Night ferry returns",
            "date: 2021-07-13T11:47:00Z",
            "authors:\n  - Mara Quill",
        ],
    );
}

#[test]
fn a_page_without_metadata_shows_what_it_is() {
    let text = format!("<h1>Night ferry returns</h1><p>Published: 13 July 2021</p>{TEXT}");
    let html = page("<title>Night ferry returns | Post</title>", &text);
    let article = imported(html.replace(" lang=\"en\"", ""));
    expect(
        &article,
        &["title: Night ferry returns", "date: 2021-07-13", "  - date"],
    );
    let bare = imported(format!(
        "<p>{}</p>",
        "Only a few words stand here.".repeat(3)
    ));
    expect(&bare, &["  - title"]);
}

#[test]
fn page_debris_around_the_article_is_removed() {
    let article = imported(page("", &format!("<h1>Night ferry returns</h1>{TEXT}")));
    expect(
        &article,
        &["removed:\n  - Home Harbour news\n  - Imprint and contact"],
    );
    let links = "<li><a href='/x'>One more link of very many</a></li>".repeat(2_000);
    let html = page("", &format!("<h1>Night ferry returns</h1>{TEXT}"));
    let article = imported(html.replace("<footer>", &format!("<footer>{links}")));
    assert!(article.len() < 9_000, "{}", article.len());
    assert!(article.contains(" words more"), "{article}");
}

#[test]
fn every_word_that_a_page_shows_is_in_its_article() {
    let around = "<aside><h2>Most read</h2><ol><li><a href=\"/1\">Seeds</a><li>Storms</ol></aside>\
         <table><tr><td>Tides<td>06:12</table><form><label>Search</label><button>Go</button></form>";
    let text = format!("<h1>Night ferry returns</h1><p>By <b>Mara Quill</b></p>{TEXT}{around}");
    let html = page("<title>Night ferry returns</title>", &text);
    let article = imported(&html);
    let mut shown = String::new();
    for part in html.split('<').skip(1) {
        shown.push(' ');
        shown.push_str(part.split_once('>').expect("a tag").1);
    }
    for word in shown.split_whitespace() {
        assert!(article.contains(word), "`{word}` is not in\n{article}");
    }
}

#[test]
fn scripts_and_trackers_are_never_in_the_article() {
    let text = format!(
        "<h1>Night ferry returns</h1><script>var spy = 'on';</script><style>p {{ color: red }}</style>\
         <noscript><img src=\"https://spy.example/n.gif\"></noscript>{TEXT}\
         <img src=\"https://spy.example/1.gif\" width=\"1\" height=\"1\"><template>spying</template>\
         <iframe src=\"https://spy.example/frame\">spying</iframe><!-- spying -->\
         <svg><title>spying</title></svg><p onclick=\"spy()\">It left on time, as it always had done.</p>"
    );
    let article = imported(page("<script>spy()</script>", &text));
    assert!(
        !article.contains("spy") && !article.contains("color"),
        "{article}"
    );
    assert!(article.contains("It left on time"), "{article}");
}

#[test]
fn markup_becomes_markdown() {
    let text = format!(
        "<h1>Night ferry returns</h1>{TEXT}<h2>The boats</h2>\
         <ul><li>The <em>Ada</em>, of 1998</li><li>The <strong>Holm</strong>, of 2001</li></ul>\
         <blockquote><p>It *sails* again.</p></blockquote>\
         <p>See <a href=\"/boats\">the list of boats</a> and <a href=\"javascript:alert(1)\">this</a>.</p>\
         <p><img src=\"/ada.jpg\" alt=\"The Ada at sea\"></p>\
         <table><tr><th>Boat</th><th>Built</th></tr><tr><td>Ada</td><td>1998</td></tr></table>\
         <pre>  06:00  Port Ellery</pre>"
    );
    let head = "<link rel=canonical href=\"https://example.org/a/b\">";
    let article = imported(page(head, &text));
    expect(
        &article,
        &[
            "## The boats",
            "- The *Ada*, of 1998\n- The **Holm**, of 2001",
            "> It \\*sails\\* again.",
            "See [the list of boats](https://example.org/boats) and this.",
            "![The Ada at sea](https://example.org/ada.jpg)",
            "| Boat | Built |\n|---|---|\n| Ada | 1998 |",
            "```\n  06:00  Port Ellery\n```",
        ],
    );
}

#[test]
fn hostile_pages_are_bounded_and_harmless() {
    let deep = |tag: &str| page("", &format!("{}{TEXT}", tag.repeat(20_000)));
    let archive = Archive::new()
        .raw("a-divs.html", deep("<div>"))
        .raw("b-tables.html", deep("<table><tr><td>"))
        .raw("c-bold.html", deep("<b>"))
        .raw(
            "c-signs.html",
            page("", &format!("<h1>Signs</h1>{}{TEXT}", "&".repeat(200_000))),
        )
        .raw("d-nul.html", page("", "a\0\0\0\0b"))
        .raw(
            "e-empty.html",
            page("", "")
                .replace("Home", "")
                .replace("Harbour news", "")
                .replace("Imprint and contact", ""),
        )
        .raw(
            "f-unclosed.html",
            format!(
                "<html><h1>Unclosed<p>{TEXT}<ul><li><a href='x\"<b><i>{}",
                "<p>one<li>two".repeat(3_000)
            ),
        )
        .raw(
            "g-links.html",
            page(
                "",
                &format!(
                    "<h1>Links</h1>{TEXT}<p>A <a href=\" jAvA\tscript:alert(1)\">bad</a> \
                 <a href=\"data:text/html,x\">link</a> &lt;script&gt;alert(1)&lt;/script&gt; \
                 <img src=x onerror=alert(1)> [x](javascript:alert(1))</p>"
                ),
            ),
        );
    let said = archive.run(&["import"]);
    assert_eq!(
        (said.status, said.count("/new"), said.count("/refused")),
        (1, 3, 5)
    );
    let found = said.diagnostics();
    for (at, what) in [
        "raw/a-divs.html:0 problem the page is not read: its elements are nested deeper than 256",
        "raw/b-tables.html:0 problem the page is not read: its elements",
        "raw/c-bold.html:0 problem the page is not read: its elements",
        "raw/d-nul.html:0 problem the file is not text",
        "raw/e-empty.html:0 problem the page contains no text",
    ]
    .iter()
    .enumerate()
    {
        assert!(found[at].starts_with(what), "{}", found[at]);
    }
    let said = archive.build();
    assert_eq!(said.status, 1, "{:?}", said.diagnostics());
    let links = archive.read("public/undated/links.html");
    assert!(!links.contains("<script>alert") && !links.contains("href=\"javascript"));
    assert!(links.contains("&lt;script&gt;alert(1)"), "{links}");
}

#[test]
fn the_declared_encoding_of_a_page_is_used() {
    let html = page(
        "<meta charset=\"windows-1251\">",
        &format!("<h1>TITLE</h1>{TEXT}"),
    );
    let mut bytes = Vec::new();
    for c in html
        .replace(['\u{201c}', '\u{201d}'], "'")
        .replace("TITLE", "Privet")
        .chars()
    {
        bytes.push(c as u8);
    }
    let at = bytes
        .windows(6)
        .position(|w| w == b"Privet")
        .expect("there");
    bytes[at..at + 6].copy_from_slice(b"\xcf\xf0\xe8\xe2\xe5\xf2");
    expect(&imported(&bytes), &["title: Привет"]);
    // A page that was saved as UTF-8 and still names its old encoding is UTF-8.
    let saved = page(
        "<meta charset=\"iso-8859-1\">",
        &format!("<h1>Größe</h1>{TEXT}"),
    );
    expect(&imported(saved), &["title: Größe"]);
}

#[test]
fn importing_a_page_twice_changes_nothing() {
    let archive = Archive::new().raw(
        "a.html",
        page("", &format!("<h1>Night ferry returns</h1>{TEXT}")),
    );
    archive.run(&["import"]);
    let before = archive.files("content");
    let said = archive.run(&["import", "--again"]);
    assert_eq!((said.status, said.count("/new")), (0, 0));
    archive.expect_same("content", &before);
    archive.remove("content");
    archive.run(&["import"]);
    archive.expect_same("content", &before);
}

#[test]
fn footnotes_code_and_links_within_a_page_keep_their_meaning() {
    let text = format!(
        "<h1>Night ferry returns</h1>{TEXT}<p>It was given up in the spring of that year, for want of a boat and of people who would \
         sail on it.<sup id=\"r1\"><a href=\"#n1\">1</a></sup> More is under <a href=\"#fares\">Fares</a>.</p>\
         <h2 id=\"fares\">Fares</h2>{TEXT}<pre><code class=\"language-sh\">ferry --fare</code></pre>\
         <section role=\"doc-endnotes\"><ol><li id=\"n1\">The minutes of March. <a href=\"#r1\">\u{21a9}</a></li></ol></section>"
    );
    let article = imported(page("", &text));
    expect(
        &article,
        &[
            "## Fares",
            "```sh\nferry --fare\n```",
            "[^1]: The minutes of March.",
        ],
    );
    let linked = "sail on it.[^1] More is under [Fares](#fares).";
    assert!(article.contains(linked), "{article}");
}
