//! content → public: the pages that a site has.

use crate::archive::Archive;

fn three() -> Archive {
    Archive::new()
        .with_address()
        .article("a.md", "id: one\ntitle: The first\ndate: 2021-07-12\nauthors: [Ida Moss]\ntopics: [Rivers]\nplace: Elmbridge\nsource: Maker", "First *body*.")
        .article("b.md", "id: two\ntitle: The second\ndate: 2021-07-13\ntopics: [Rivers, Money]\naliases: [/old/b.html, /older/b/]", "See [it](one) and [that](c.md#part) and [about](/about.html).")
        .article("c.md", "id: three\ntitle: The <third> & \"last\"\ndate: 2022-01-02\ntopics: [Money]", "Third.\n\n## Part\n\nMore.")
        .file("content/about.md", "# About us\n\nWe are [here](articles/a.md).\n")
}

#[test]
fn an_article_page_shows_all_that_is_known() {
    let archive = three().built();
    let page = archive.page("2021/07/13/the-second.html");
    for part in [
        "<h1>The second</h1>",
        "href=\"../../../2021/07/12/the-first.html\">it</a>",
        "href=\"../../../2022/01/02/the-third-last.html#part\">that</a>",
        "href=\"../../../about.html\">about</a>",
        "<a rel=\"prev\" href=\"../../../2021/07/12/the-first.html\">",
        "<a rel=\"next\" href=\"../../../2022/01/02/the-third-last.html\">",
        "href=\"../../../topics/money.html\">Money</a>",
        "<link rel=\"canonical\" href=\"https://example.org/archive/2021/07/13/the-second.html\">",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let page = archive.page("2022/01/02/the-third-last.html");
    assert!(
        page.contains("The &lt;third&gt; &amp; &quot;last&quot;"),
        "{page}"
    );
}

#[test]
fn every_kind_of_page_is_there() {
    let archive = three().file("static/robots.html", "x").built();
    for path in [
        "index.html",
        "archive.html",
        "404.html",
        "robots.txt",
        "about.html",
        "topics/index.html",
        "authors/index.html",
        "topics/rivers.html",
        "topics/rivers.xml",
        "authors/ida-moss.html",
        "2021/index.html",
        "2021/07/index.html",
        "2021/07/12/index.html",
        "feed.xml",
        "sitemap.xml",
        "sitemap/2021-07.xml",
        "sitemap/2022-01.xml",
        "sitemap/pages.xml",
        "old/b.html",
        "older/b/index.html",
        "broadsheet.css",
        "robots.html",
    ] {
        assert!(archive.has(&format!("public/{path}")), "{path}");
    }
    assert!(
        archive
            .page("old/b.html")
            .contains("url=../2021/07/13/the-second.html")
    );
    assert!(
        archive
            .page("robots.txt")
            .contains("Sitemap: https://example.org/archive/sitemap.xml")
    );
    assert!(archive.page("sitemap/2021-07.xml").contains("<loc>https://example.org/archive/2021/07/12/the-first.html</loc><lastmod>2021-07-12</lastmod>"));
    assert!(
        archive
            .page("404.html")
            .contains("href=\"/archive/index.html\"")
    );
    let feed = archive.page("feed.xml");
    assert!(
        feed.contains("&lt;h3 id=")
            || feed.contains("<updated>2022-01-02T00:00:00+00:00</updated>"),
        "{feed}"
    );
}

#[test]
fn without_an_address_there_is_no_sitemap_and_feeds_have_urns() {
    let archive = three().file("backfile.toml", "").built();
    assert!(
        !archive.has("public/sitemap.xml") && !archive.page("index.html").contains("canonical")
    );
    assert!(archive.page("feed.xml").contains("<id>urn:uuid:"));
}

#[test]
fn drafts_are_left_out_and_withdrawn_articles_leave_only_a_reason() {
    let archive = three()
        .article("d.md", "title: Not yet\ndraft: true", "secret draft")
        .article("e.md", "id: gone\ntitle: Was here\ndate: 2021-07-12\ntopics: [Rivers]\nwithdrawn: By order of the court.", "secret text")
        .built();
    let page = archive.page("2021/07/12/was-here.html");
    assert!(
        page.contains("By order of the court.") && page.contains("noindex"),
        "{page}"
    );
    for (file, bytes) in archive.files("public") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("secret"), "{file}");
        assert!(
            !text.contains("was-here.html") || file.contains("was-here"),
            "{file}"
        );
    }
}

#[test]
fn links_between_pages_are_relative_and_lead_somewhere() {
    let archive = three()
        .file("backfile.toml", "")
        .article("ü.md", "title: Über Größe\ndate: 2021-07-12", "Text.")
        .built();
    let files = archive.files("public");
    for (file, bytes) in files
        .iter()
        .filter(|(file, _)| file.ends_with(".html") && *file != "404.html")
    {
        let text = String::from_utf8_lossy(bytes);
        for target in text
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            if target.starts_with("http") || target.starts_with('#') {
                continue;
            }
            assert!(!target.starts_with('/'), "{file} links to {target}");
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path =
                backfile::model::path::join(folder, target.split('#').next().unwrap_or_default());
            assert!(
                path.as_ref().is_some_and(|path| files.contains_key(path)),
                "{file} links to {target}"
            );
        }
    }
}

#[test]
fn files_beside_an_article_are_copied_to_its_page() {
    let archive = three()
        .article(
            "f.md",
            "title: With a map\ndate: 2021-07-12",
            "![Map](maps/a%20map.png) and [data](data.csv) and ![out](../../../../etc/passwd)",
        )
        .file("content/articles/maps/a map.png", "png")
        .file("content/articles/data.csv", "1,2");
    let said = archive.build();
    assert!(
        said.diagnostics()[0]
            .contains("content/articles/f.md:6 warning the link `../../../../etc/passwd`"),
        "{:?}",
        said.diagnostics()
    );
    let page = archive.page("2021/07/12/with-a-map.html");
    assert!(
        page.contains("src=\"../../../2021/07/12/with-a-map/maps/a%20map.png\""),
        "{page}"
    );
    assert_eq!(archive.page("2021/07/12/with-a-map/maps/a map.png"), "png");
    assert_eq!(archive.page("2021/07/12/with-a-map/data.csv"), "1,2");
}

#[test]
fn long_lists_are_divided_by_time() {
    let archive = (0..240).fold(Archive::new(), |archive, i| {
        let (year, month, day) = (2000 + i / 120, 1 + (i % 120) / 10, 1 + i % 10);
        archive.article(
            &format!("{i:03}.md"),
            &format!("title: Article {i}\ndate: {year}-{month:02}-{day:02}\ntopics: [Long]"),
            "x",
        )
    });
    let archive = archive
        .article("z.md", "title: Elsewhere\ntopics: [Short]", "x")
        .built();
    let first = archive.page("topics/long.html");
    assert_eq!(first.matches("<article class=\"card\">").count(), 50);
    assert!(
        first.contains("href=\"../topics/long/2001.html\">2001</a>"),
        "{first}"
    );
    assert_eq!(
        archive
            .page("topics/long/2000.html")
            .matches("<article class=\"card\">")
            .count(),
        120
    );
    // A year of up to 200 stands on one page, and so does a short topic.
    assert!(!archive.has("public/topics/long/2000/01.html") && !archive.has("public/topics/short"));
    assert_eq!(
        archive
            .page("2000/01/index.html")
            .matches("<article class=\"card\">")
            .count(),
        10
    );
}

#[test]
fn without_pages_for_days_a_month_lists_all_of_it() {
    let archive = (0..210).fold(Archive::new(), |archive, i| {
        let front = format!("title: Article {i}\ndate: 2000-01-{:02}", 1 + i % 30);
        archive.article(&format!("{i:03}.md"), &front, "x")
    });
    let archive = archive
        .file("backfile.toml", "[site]\nday_pages = false\n")
        .built();
    let cards = |page: &str| page.matches("<article class=\"card\">").count();
    assert_eq!(cards(&archive.page("2000/01/index.html")), 210);
    assert!(!archive.has("public/2000/01/02/index.html"));
    let article = archive.page("2000/01/02/article-1.html");
    assert!(
        article.contains("href=\"../../../2000/01/index.html\""),
        "{article}"
    );
    assert!(article.contains("2 January 2000"), "{article}");
}

#[test]
fn a_site_may_replace_any_template_and_any_static_file() {
    let archive = three()
        .file("templates/404.html", "nothing at {{ root }}")
        .file("static/broadsheet.css", "body{}")
        .file(
            "themes/broadsheet/templates/page.html",
            "own: {{ page.title }} {{ body }}",
        )
        .built();
    assert_eq!(archive.page("404.html"), "nothing at /archive/");
    assert_eq!(archive.page("broadsheet.css"), "body{}");
    assert!(
        archive
            .page("about.html")
            .starts_with("own: About us <p>We are")
    );
}

#[test]
fn no_page_loads_anything_from_another_host() {
    let hostile = "![p](https://example.com/p.png)\n\n<img src=\"//example.com/x.png\"><iframe src=\"https://example.com\"></iframe><link rel=\"stylesheet\" href=\"https://example.com/x.css\">";
    let archive = Archive::new()
        .article(
            "a.md",
            "title: Hostile\nsummary: \"<script>alert(1)</script>\"",
            hostile,
        )
        .built();
    for (file, bytes) in archive
        .files("public")
        .into_iter()
        .filter(|(file, _)| file.ends_with(".html"))
    {
        let text = String::from_utf8_lossy(&bytes);
        for bad in [
            "src=\"http",
            "src=\"//",
            "<script",
            "<iframe",
            "url(http",
            "rel=\"stylesheet\" href=\"http",
        ] {
            assert!(!text.contains(bad), "{bad} is in {file}");
        }
    }
}

#[test]
fn partial_and_foreign_dates_are_sorted() {
    let archive = Archive::new()
        .article("a.md", "title: Aa\ndate: \"2020\"", "x")
        .article("b.md", "title: Bb\ndate: 2020-01-01T01:00+02:00", "x")
        .article("c.md", "title: Cc\ndate: 2020-01-01T00:30", "x")
        .article("d.md", "title: Dd", "x")
        .built();
    let feed = archive.page("feed.xml");
    let order: Vec<_> = ["Cc", "Aa", "Bb", "Dd"]
        .iter()
        .map(|t| feed.find(&format!("<title>{t}</title>")).expect("there"))
        .collect();
    assert!(order.is_sorted(), "{feed}");
}
