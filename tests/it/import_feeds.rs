//! Feeds, and what holds for every layout of many records: importing again, hostile documents, random words.

use backfile::import::body;
use backfile::import::layouts::{LAYOUTS, RawText};
use backfile::import::reading::Reading;
use proptest::prelude::*;

use crate::archive::Archive;
use crate::import_sgml::REUTERS;
use crate::import_wordpress::{post, wxr};

/// What the layout of a name reads, each record's account checked.
pub(crate) fn read(layout: &str, text: &str) -> Vec<Reading> {
    let raw = RawText::new("a", text);
    let found = LAYOUTS.iter().find(|l| l.recognises(&raw));
    let found = found.unwrap_or_else(|| panic!("no layout for {text}"));
    assert_eq!(found.name(), layout, "{text}");
    let mut readings = found.read(&raw).unwrap_or_else(|d| panic!("{}", d.what));
    for reading in readings.iter_mut().filter(|r| r.problem.is_none()) {
        let record = &text[reading.span.clone()];
        body::convert(reading, record);
        let counts = reading.verify(record).expect("all words");
        let all = record.split_whitespace().count();
        let noted = counts.label + counts.field + counts.body + counts.removed;
        assert!(noted > 0 && all > 0, "{counts:?}");
    }
    readings
}

pub(crate) fn one(layout: &str, text: &str) -> Reading {
    let mut readings = read(layout, text);
    assert_eq!(readings.len(), 1);
    let reading = readings.remove(0);
    assert_eq!(reading.problem, None);
    reading
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel><title>The Quay</title><link>https://quay.example/</link><language>en-GB</language>\n{items}\n</channel></rss>\n"
    )
}

const FERRY: &str = "<item>
<title>Ferry &amp;amp; bridge: &lt;i&gt;Aurora&lt;/i&gt; sails</title>
<link>https://quay.example/ferry</link>
<guid isPermaLink=\"false\">tag:quay-77</guid>
<dc:creator>Ida Moss and Nils Farrow</dc:creator>
<pubDate>Tue, 13 Jul 2021 23:47:09 +0100</pubDate>
<category>Harbour</category><category>Boats</category><category>Harbour</category>
<description>A short word on it.</description>
<content:encoded><![CDATA[<p>PORT ELLERY, July 13 (Quay Wire) — It <b>sails</b> again.</p><p>See <a href=\"/map\">the map</a>.</p>]]></content:encoded>
<media:credit>Ada Lind</media:credit>
</item>";

#[test]
fn an_item_of_rss_gives_all_its_fields() {
    let reading = one("feed", &rss(FERRY));
    let front = &reading.front;
    assert_eq!(front.title, "Ferry & bridge: Aurora sails");
    assert_eq!(reading.record.as_deref(), Some("tag:quay-77"));
    assert_eq!(front.id, "tag:quay-77");
    assert_eq!(front.authors, ["Ida Moss", "Nils Farrow"]);
    assert_eq!(front.topics, ["Harbour", "Boats"]);
    let date = front.date.expect("a date").to_string();
    assert_eq!(date, "2021-07-13T23:47:09+01:00");
    assert_eq!(front.summary.as_deref(), Some("A short word on it."));
    assert_eq!(front.source.as_deref(), Some("The Quay"));
    assert_eq!(front.place.as_deref(), Some("Port Ellery"));
    assert_eq!(front.lang.as_deref(), Some("en-gb"));
    assert_eq!(front.extra["url"], "https://quay.example/ferry");
    assert_eq!(front.extra["media_credit"], "Ada Lind");
    assert_eq!(
        reading.body.markdown(),
        "PORT ELLERY, July 13 (Quay Wire) — It **sails** again.\n\nSee [the map](https://quay.example/map).\n"
    );
}

#[test]
fn html_that_was_escaped_twice_is_html_and_text_about_html_is_text() {
    let twice = "<item><title>A</title><description>&amp;lt;p&amp;gt;One &amp;amp;amp; two.&amp;lt;/p&amp;gt;</description></item>";
    assert_eq!(one("feed", &rss(twice)).body.markdown(), "One & two.\n");
    let about = "<item><title>A</title><description>The &amp;lt;br&amp;gt; tag breaks a line.</description></item>";
    let about = one("feed", &rss(about));
    assert!(
        about.body.markdown().contains("The \\<br> tag"),
        "{}",
        about.body.markdown()
    );
    let plain = "<item><title>A</title><description>Fish &amp;#8217;n chips at 3 &lt; 4.\n\nAnd *stars*.</description></item>";
    let plain = one("feed", &rss(plain)).body.into_markdown();
    assert_eq!(plain, "Fish ’n chips at 3 \\< 4.\n\nAnd \\*stars\\*.\n");
}

#[test]
fn a_record_without_title_gets_one_and_without_text_is_a_problem() {
    let items = "<item><description>No headline stands above this text.</description></item>\n<item><title>Only a title</title></item><item><title>Another</title></item>";
    let readings = read("feed", &rss(items));
    assert_eq!(
        readings[0].front.title,
        "No headline stands above this text"
    );
    assert_eq!(readings[0].front.inferred, ["title"]);
    assert!(readings[1].problem.is_some() && readings[2].problem.is_some());

    let archive = Archive::new().raw("a.xml", rss(&format!("{items}{FERRY}")));
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/new")), (1, 2), "{}", said.json);
    let found = said.diagnostics();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("raw/a.xml:5 "), "{found:?}");
    assert!(found[0].contains("a title, but no text (and 1 more in this file)"));
}

#[test]
fn atom_gives_content_by_its_type_and_publication_before_change() {
    let entry = |content: &str| {
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"de\"><title type=\"html\">Kai &amp;amp; Co</title><id>f</id><updated>2021-01-01T00:00:00Z</updated>\n<entry><id>urn:1</id><title type=\"text\">2 &lt; 3 &amp;amp;</title><link rel=\"self\" href=\"https://k.example/1.xml\"/><link href=\"https://k.example/1\"/><author><name>Ida Moss</name><uri>https://ida.example</uri></author><author><name>Nils Farrow</name></author><published>2020-05-06T07:08:09Z</published><updated>2020-06-01T00:00:00Z</updated><category term=\"boats\" label=\"Boats\"/><category term=\"wind\"/><summary>In short.</summary>{content}</entry></feed>"
        )
    };
    let html = one(
        "feed",
        &entry("<content type=\"html\">&lt;p&gt;One &lt;em&gt;two&lt;/em&gt;.&lt;/p&gt;</content>"),
    );
    assert_eq!(html.body.markdown(), "One *two*.\n");
    assert_eq!(html.front.title, "2 < 3 &amp;");
    assert_eq!(html.front.authors, ["Ida Moss", "Nils Farrow"]);
    assert_eq!(html.front.topics, ["Boats", "wind"]);
    assert_eq!(
        html.front.date.expect("one").to_string(),
        "2020-05-06T07:08:09Z"
    );
    assert_eq!(html.front.extra["updated"], "2020-06-01T00:00:00Z");
    assert_eq!(html.front.extra["url"], "https://k.example/1");
    assert_eq!(html.front.extra["author_uri"], "https://ida.example");
    assert_eq!(html.front.summary.as_deref(), Some("In short."));
    assert_eq!(html.front.lang.as_deref(), Some("de"));
    assert_eq!(html.front.source.as_deref(), Some("Kai & Co"));
    let xhtml = one(
        "feed",
        &entry(
            "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>One <em>two</em> &amp; three.</p></div></content>",
        ),
    );
    assert_eq!(xhtml.body.markdown(), "One *two* & three.\n");
    let text = one(
        "feed",
        &entry("<content type=\"text\">One &lt;b&gt; two.</content>"),
    );
    assert_eq!(text.body.markdown(), "One \\<b> two.\n");
    assert_eq!(one("feed", &entry("")).body.markdown(), "In short.\n");
}

#[test]
fn of_a_blogger_export_only_posts_and_pages_are_articles() {
    let kind = |kind: &str| {
        format!(
            "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>"
        )
    };
    let entry = |id: &str, of: &str, title: &str, more: &str| {
        format!(
            "<entry><id>tag:blogger.com,1999:blog-5.{id}</id><published>2016-03-01T23:40:00.001-09:00</published><updated>2016-03-04T08:00:00.000-09:00</updated>{}<title type='text'>{title}</title><content type='html'>Kept lamps zq{id} burn all night on the mole.</content><author><name>Nils</name></author>{more}</entry>",
            kind(of)
        )
    };
    let entries = [
        entry("layout", "template", "Template: Lamps", ""),
        entry("settings.BLOG_NAME", "settings", "The name of the blog", ""),
        entry(
            "post-1",
            "post",
            "The keeper's round",
            "<category scheme='http://www.blogger.com/atom/ns#' term='lamps'/>",
        ),
        entry(
            "post-2",
            "post",
            "Half a thought",
            "<app:control xmlns:app='http://purl.org/atom/app#'><app:draft>yes</app:draft></app:control>",
        ),
        entry("page-3", "page", "About the mole", ""),
        entry(
            "post-4",
            "comment",
            "I saw them too",
            "<thr:in-reply-to xmlns:thr='http://purl.org/syndication/thread/1.0' href='http://lamps.example/1' ref='tag:blogger.com,1999:blog-5.post-1'/>",
        ),
    ];
    let archive = Archive::new().raw(
        "blog.xml",
        format!(
            "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom'><id>tag:blogger.com,1999:blog-5.archive</id><title type='text'>Lamps</title><generator>Blogger</generator>{}</feed>",
            entries.concat()
        ),
    );
    let said = archive.build();
    assert_eq!(said.status, 0, "{:?}", said.diagnostics());
    let post = archive.read("content/articles/2016/03/the-keepers-round.md");
    assert!(post.contains("date: 2016-03-01T23:40"), "{post}");
    assert!(post.contains("topics:\n  - lamps\n"), "{post}");
    assert!(archive.has("public/2016/03/01/about-the-mole.html"));
    let website: String = archive
        .files("public")
        .values()
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .collect();
    assert!(website.contains("zqpost-1"));
    for hidden in [
        "zqlayout",
        "zqsettings",
        "zqpost-2",
        "zqpost-4",
        "kind#",
        "Half a thought",
    ] {
        assert!(!website.contains(hidden), "{hidden} is public");
    }
}

#[test]
fn namespace_prefixes_are_those_that_the_root_declares() {
    let text = "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:entry><a:id>x</a:id><a:title>One</a:title><a:content>Two.</a:content></a:entry></a:feed>";
    let reading = one("feed", text);
    assert_eq!(
        (reading.front.title.as_str(), reading.body.markdown()),
        ("One", "Two.\n")
    );
}

#[test]
fn rdf_has_its_items_beside_the_channel() {
    let text = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel rdf:about=\"https://q.example/rss\"><title>Quay</title><items><rdf:Seq><rdf:li rdf:resource=\"https://q.example/1\"/></rdf:Seq></items></channel>\n<item rdf:about=\"https://q.example/1\"><title>One</title><link>https://q.example/1</link><description>The text.</description><dc:creator>Ida Moss</dc:creator><dc:subject>Boats</dc:subject><dc:date>2003-12-13T18:30:02+02:00</dc:date></item></rdf:RDF>";
    let reading = one("feed", text);
    assert_eq!(reading.record.as_deref(), Some("https://q.example/1"));
    assert_eq!(reading.front.topics, ["Boats"]);
    let date = reading.front.date.expect("one").to_string();
    assert_eq!(date, "2003-12-13T18:30:02+02:00");
    assert_eq!(reading.body.markdown(), "The text.\n");
}

#[test]
fn json_feed_gives_its_items() {
    let text = r#"{ "version": "https://jsonfeed.org/version/1.1", "title": "Quay", "language": "fr",
  "items": [
    {"id": "1", "url": "https://q.example/1", "title": "One", "content_html": "<p>It <b>is</b>.</p>", "summary": "Short.",
     "date_published": "2020-02-03T04:05:06Z", "date_modified": "2021-01-01T00:00:00Z", "authors": [{"name": "Ida Moss"}], "tags": ["a", "b"], "_mood": {"x": 1}},
    {"id": 2, "content_text": "Only *text* here.", "author": {"name": "Nils Farrow", "url": "https://n.example"}},
    {"id": "3", "title": "Nothing"}
  ] }"#;
    let readings = read("json feed", text);
    let front = &readings[0].front;
    assert_eq!((front.id.as_str(), front.title.as_str()), ("1", "One"));
    assert_eq!(front.summary.as_deref(), Some("Short."));
    assert_eq!(
        (&front.authors, &front.topics),
        (
            &vec!["Ida Moss".to_owned()],
            &vec!["a".to_owned(), "b".to_owned()]
        )
    );
    assert_eq!(front.date.expect("one").to_string(), "2020-02-03T04:05:06Z");
    assert_eq!(front.lang.as_deref(), Some("fr"));
    assert_eq!(front.extra["_mood"]["x"], 1);
    assert_eq!(readings[0].body.markdown(), "It **is**.\n");
    assert_eq!(readings[1].record.as_deref(), Some("2"));
    assert_eq!(readings[1].body.markdown(), "Only \\*text\\* here.\n");
    assert_eq!(readings[1].front.title, "Only *text* here");
    assert_eq!(readings[1].front.authors, ["Nils Farrow"]);
    assert!(readings[2].problem.is_some());
}

#[test]
fn importing_again_changes_nothing_and_a_new_item_touches_no_other() {
    let other = "<item><title>Other</title><link>https://quay.example/o</link><description>Text of the other.</description></item>";
    let archive = Archive::new()
        .raw("feed.xml", rss(&format!("{FERRY}{other}{other}")))
        .raw("wp.xml", wxr(&post(1, "A", "post", "publish", "One.")))
        .raw("reut.sgm", REUTERS);
    let said = archive.run(&["import"]);
    assert_eq!(said.count("/new"), 6, "{}", said.json);
    let before = archive.files("content");
    let said = archive.run(&["import"]);
    assert_eq!((said.count("/new"), said.count("/changed")), (0, 0));
    archive.expect_same("content", &before);
    let said = archive.run(&["import", "--again"]);
    assert_eq!(said.count("/again"), 6, "{}", said.json);
    archive.expect_same("content", &before);
    archive.remove("content");
    archive.run(&["import"]);
    archive.expect_same("content", &before);
    let newer =
        "<item><title>Newer</title><guid>n</guid><description>Newer text.</description></item>";
    archive.write(
        "raw/feed.xml",
        rss(&format!("{newer}{FERRY}{other}{other}")),
    );
    let said = archive.run(&["import"]);
    let counts = (
        said.count("/new"),
        said.count("/changed"),
        said.count("/removed"),
    );
    assert_eq!(counts, (1, 0, 0), "{}", said.json);
}

#[test]
fn two_items_with_one_id_are_two_articles() {
    let item = |text: &str| {
        format!("<item><title>A</title><guid>same</guid><description>{text}</description></item>")
    };
    let archive = Archive::new().raw("a.xml", rss(&(item("One text.") + &item("Two text."))));
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/new")), (0, 2), "{}", said.json);
}

#[test]
fn hostile_documents_are_bounded() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><rss version=\"2.0\"><channel><item><title>Bomb</title><description>&c; goes off.</description></item></channel></rss>";
    let reading = one("feed", bomb);
    assert!(reading.body.markdown().contains("goes off") && reading.body.markdown().len() < 100);
    let archive = Archive::new()
        .raw(
            "deep.xml",
            rss(&format!(
                "<item><title>Deep</title><description>{}x",
                "<a>".repeat(200_000)
            )),
        )
        .raw(
            "deep-html.xml",
            rss(&format!(
                "<item><title>Deep</title><description>{}x</description></item>",
                "&lt;div&gt;".repeat(20_000)
            )),
        )
        .raw("many.xml", rss(&"<item/>".repeat(250_000)))
        .raw(
            "elements.xml",
            rss(&format!(
                "<item><title>M</title>{}</item>",
                "<x>y</x>".repeat(150_000)
            )),
        )
        .raw(
            "attributes.xml",
            rss(&format!(
                "<item{}><title>A</title></item>",
                " a=\"b\"".repeat(100_000)
            )),
        )
        .raw(
            "torn.xml",
            rss(&format!("{FERRY}<item><title>To")).replace("</channel></rss>", ""),
        )
        .raw(
            "open.sgm",
            format!(
                "<REUTERS NEWID=\"1\"><TEXT>{}",
                "<BODY><TITLE>x".repeat(50_000)
            ),
        )
        .raw(
            "tags.sgm",
            format!(
                "<REUTERS NEWID=\"1\"><TOPICS>{}</TOPICS></REUTERS>",
                "<D>a".repeat(200_000)
            ),
        )
        .raw(
            "brackets.xml",
            wxr(&post(
                1,
                "A",
                "post",
                "publish",
                &"[a <pre><b ".repeat(50_000),
            )),
        )
        .raw("good.xml", wxr(&post(9, "Good", "post", "publish", "One.")));
    let said = archive.run(&["import"]);
    let found = said.diagnostics();
    for file in [
        "deep.xml",
        "deep-html.xml",
        "many.xml",
        "elements.xml",
        "torn.xml",
        "attributes.xml",
        "tags.sgm",
    ] {
        let of_file = found.iter().filter(|d| d.contains(&format!("raw/{file}")));
        assert_eq!(of_file.count(), 1, "{file}: {found:?}");
    }
    assert!(
        archive.has("content/articles/2021/07/slug-9.md"),
        "{found:?}"
    );
    assert!(archive.article_file("ferry-bridge").ends_with(".md"));
}

/// Letters and digits.
fn words(text: &str) -> Vec<String> {
    let split = text.split(|c: char| !c.is_alphanumeric());
    split
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Paragraphs of words, their signs escaped as HTML has them, with markup around some.
fn prose() -> impl Strategy<Value = (String, String)> {
    let word = prop_oneof![
        6 => "[a-zA-Zäßж語]{1,9}[.,;:!?]?",
        1 => "[*_#>|`~\\[\\]<&$\\\\-]{1,3}[a-z]{0,4}",
        1 => Just("3.5".to_owned()),
        1 => Just("[gone]".to_owned()),
    ];
    let marked = (word, 0..8_usize).prop_map(|(word, mark)| {
        let shown = escape(&word);
        let html = match mark {
            0 => format!("<b>{shown}</b>"),
            1 => format!("<a href=\"https://q.example/x\">{shown}</a>"),
            2 => format!("<em>{shown}</em>"),
            _ => shown,
        };
        (word, html)
    });
    let paragraph = prop::collection::vec(marked, 1..25);
    prop::collection::vec(paragraph, 1..5).prop_map(|paragraphs| {
        let join = |pick: fn(&(String, String)) -> &str| {
            let lines = paragraphs
                .iter()
                .map(|words| words.iter().map(pick).collect::<Vec<_>>().join(" "));
            lines.collect::<Vec<_>>()
        };
        let html = join(|word| &word.1)
            .iter()
            .map(|p| format!("<p>{p}</p>\n"))
            .collect();
        (join(|word| &word.0).join("\n"), html)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_word_of_a_feed_is_lost((text, html) in prose(), title in "[A-Z][a-z]{2,8}( [a-z<&]{1,8}){1,5}") {
        let cdata = html.replace("]]>", "]]&gt;");
        let title_html = escape(&escape(&title));
        let (twice, once) = (escape(&escape(&html)), escape(&html));
        for (layout, record) in [
            ("feed", rss(&format!("<item><title>{title_html}</title><description>{once}</description></item>"))),
            ("feed", rss(&format!("<item><title>{title_html}</title><description>{twice}</description></item>"))),
            ("feed", rss(&format!("<item><title>{title_html}</title><content:encoded><![CDATA[{cdata}]]></content:encoded></item>"))),
            ("feed", format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>{title_html}</title><content type=\"xhtml\"><div>{html}</div></content></entry></feed>")),
            ("wordpress", wxr(&post(1, &escape(&title), "post", "publish", &cdata))),
            ("json feed", serde_json::json!({"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": escape(&title), "content_html": html}]}).to_string()),
        ] {
            let reading = one(layout, &record);
            prop_assert_eq!(&reading.front.title, &title);
            let removed: Vec<String> = reading.front.removed.iter().flat_map(|r| words(r)).collect();
            prop_assert_eq!(removed, Vec::<String>::new());
            prop_assert_eq!(words(&reading.body.markdown().replace("https://q.example/x", "")), words(&text), "{}", reading.body.markdown());
        }
    }

    #[test]
    fn no_word_of_sgml_is_lost((text, _) in prose(), title in "[A-Z][a-z]{2,8}( [a-z<&]{1,8}){1,5}") {
        let record = format!("<REUTERS NEWID=\"1\"><TEXT>&#2;\n<TITLE>{}</TITLE>\n<DATELINE>    PORT ELLERY, Feb 26 - </DATELINE><BODY>{}\n Reuter\n&#3;</BODY></TEXT></REUTERS>", escape(&title), escape(&text));
        let reading = one("sgml", &record);
        prop_assert_eq!(&reading.front.title, &title);
        prop_assert_eq!(&reading.front.removed, &["Reuter"]);
        prop_assert_eq!(words(reading.body.markdown()), words(&format!("PORT ELLERY, Feb 26 - {text}")));
    }

    #[test]
    fn no_text_is_refused_by_a_crash(text in "(<|>|&|;|item|rss|/|\\[|\\]|!|CDATA|REUTERS|BODY| |\"|=|x){0,80}") {
        for text in [rss(&text), wxr(&text), format!("<REUTERS NEWID=\"1\">{text}")] {
            let raw = RawText::new("a", &text);
            for layout in LAYOUTS.iter().filter(|l| l.recognises(&raw)) {
                if let Ok(readings) = layout.read(&raw) {
                    for mut reading in readings.into_iter().filter(|r| r.problem.is_none()) {
                        let record = &text[reading.span.clone()];
                        body::convert(&mut reading, record);
                        prop_assert!(reading.verify(record).is_ok(), "{text}");
                    }
                }
            }
        }
    }
}
