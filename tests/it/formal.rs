//! Rules of formats and systems: ids of feeds, escapes in sitemaps, control characters, hidden and left-over files, encodings.

use crate::archive::Archive;

const PROSE: &str = "The night ferry will sail again from the north quay, said the harbour office.";

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Vec<&'a str> {
    let parts = text.split(begin).skip(1);
    parts
        .map(|part| part.split(end).next().unwrap_or_default())
        .collect()
}

#[test]
fn ids_of_feeds_change_with_no_address_and_updates_are_dated() {
    let archive = Archive::new()
        .article(
            "a.md",
            "title: A\nid: one\ndate: 2021-07-13\nmodified: 2022-01-02T03:04:05Z",
            "Text.",
        )
        .article("b.md", "title: B\nid: two\ndate: 2021-07-14", "Text.");
    let ids = |settings: &str| {
        archive.write(
            "backfile.toml",
            format!("[site]\ntitle = \"T\"\n{settings}"),
        );
        assert_eq!(archive.build().status, 0);
        let feed = archive.read("public/feed.xml");
        let ids: Vec<String> = between(&feed, "<id>", "</id>")
            .into_iter()
            .map(str::to_owned)
            .collect();
        (
            ids,
            between(&feed, "<updated>", "</updated>")
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    };
    let (first, updated) = ids("");
    assert_eq!(first.len(), 3);
    assert!(
        first.iter().all(|id| id.starts_with("urn:uuid:")),
        "{first:?}"
    );
    assert_eq!(
        updated,
        [
            "2022-01-02T03:04:05+00:00",
            "2021-07-14T00:00:00+00:00",
            "2022-01-02T03:04:05+00:00"
        ]
    );
    for settings in [
        "base_url = \"https://example.org\"\n",
        "base_url = \"https://other.example/archive\"\n",
        "permalink = \"{id}.html\"\n",
    ] {
        assert_eq!(ids(settings).0, first, "{settings}");
    }
    let (renamed, _) = ids("id = \"T\"\n");
    archive.edit("backfile.toml", "title = \"T\"", "title = \"Another\"");
    assert_eq!(renamed, first);
}

#[test]
fn html_in_feeds_is_a_text_also_where_there_is_one_article() {
    for articles in 1..=3 {
        let archive = Archive::new();
        for number in 0..articles {
            archive.write(
                &format!("content/articles/{number}.md"),
                format!("---\ntitle: A {number}\ndate: 2021-07-1{number}\ntopics: [Boats]\n---\n\nOne *two*  \nthree & <br> four.\n"),
            );
        }
        assert_eq!(archive.build().status, 0);
        for feed in ["feed.xml", "topics/boats.xml"] {
            let text = archive.page(feed);
            let contents = between(&text, "<content type=\"html\">", "</content>");
            assert_eq!(contents.len(), articles);
            for content in contents {
                let start = "&lt;p&gt;One &lt;em&gt;two";
                assert!(
                    content.starts_with(start) && !content.contains('<'),
                    "{content}"
                );
                assert!(
                    content.contains("three &amp;amp; &lt;br&gt; four"),
                    "{content}"
                );
            }
        }
        let page = archive.page("2021/07/10/a-0.html");
        assert!(page.contains("<p>One <em>two</em>"), "{page}");
    }
}

#[test]
fn addresses_in_the_sitemap_are_escaped() {
    let archive = Archive::new().with_address().article(
        "a.md",
        "title: Größe & Zahl\ndate: 2021-07-13",
        "Text.",
    );
    assert_eq!(archive.build().status, 0);
    let sitemap = archive.read("public/sitemap/2021-07.xml");
    assert_eq!(
        between(&sitemap, "<loc>", "</loc>"),
        ["https://example.org/archive/2021/07/13/gr%C3%B6%C3%9Fe-zahl.html"]
    );
    assert_eq!(archive.run(&["check"]).status, 0);
}

#[test]
fn no_page_has_a_control_character() {
    let archive = Archive::new()
        .raw("a.json", format!("[{{\"title\": \"A\\u0000\\u0001\\u000c\\u0085 title\", \"author\": \"I\\u0007da\", \"tags\": [\"t\\u0002\"], \"text\": \"{PROSE} \\u0003\\u0000 \\u0091 end.\"}}]"))
        .article("b.md", "title: \"B\\x01\\x7f\"", "Text \u{1} of \u{9f} it.");
    archive.build();
    for (page, bytes) in archive.files("public") {
        let text = String::from_utf8_lossy(&bytes);
        let bad = text
            .chars()
            .find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
        assert!(bad.is_none() && !text.contains('\0'), "{page} has {bad:?}");
    }
    assert!(
        archive
            .files("public")
            .keys()
            .any(|page| page.starts_with("undated/a"))
    );
}

#[test]
fn hidden_files_that_hosts_read_are_copied_and_others_are_not() {
    let archive = Archive::new()
        .file("static/.well-known/security.txt", "Contact: a")
        .file("static/.htaccess", "deny")
        .file("static/.nojekyll", "")
        .file("static/.env", "SECRET=1")
        .file("static/a.css~", "old")
        .file("static/a.css", "a{}")
        .article(
            "a.md",
            "title: A\naliases: [/.htaccess, /.well-known/x.html]",
            "Text.",
        );
    archive.build();
    for file in [
        ".well-known/security.txt",
        ".htaccess",
        ".nojekyll",
        "a.css",
    ] {
        assert!(archive.has(&format!("public/{file}")), "{file}");
    }
    assert_eq!(archive.read("public/.htaccess"), "deny");
    for file in [".env", "a.css~", ".well-known/x.html"] {
        assert!(!archive.has(&format!("public/{file}")), "{file}");
    }
    assert_eq!(archive.build().count("/written"), 0);
    archive.remove("static/.htaccess");
    archive.build();
    assert!(!archive.has("public/.htaccess"));
}

#[test]
fn what_editors_and_systems_leave_is_no_article() {
    let text = |title: &str| format!("{title}\n\n{PROSE} Twice.\n");
    let mut archive = Archive::new().raw("a.txt", text("A"));
    for name in [
        "a.txt~",
        "#a.txt#",
        "~$a.txt",
        "a.txt.bak",
        ".a.txt.swp",
        "Thumbs.db",
        "desktop.ini",
        "deep/er/b.txt.tmp",
    ] {
        archive = archive.raw(name, text("Old wording"));
    }
    let said = archive.build();
    assert_eq!(
        (said.status, said.count("/articles")),
        (0, 1),
        "{}",
        said.json
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_told_once() {
    use std::os::unix::ffi::OsStrExt as _;
    let archive = Archive::new().raw("a.txt", format!("A\n\n{PROSE} Twice.\n"));
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    std::fs::write(
        archive.path("raw").join(name),
        format!("B\n\n{PROSE} Twice.\n"),
    )
    .expect("written");
    for _ in 0..2 {
        let said = archive.build();
        let shown = said.diagnostics_except_coverage();
        assert!(
            shown.len() == 1 && shown[0].contains("name is not UTF-8"),
            "{shown:?}"
        );
        assert_eq!(said.count("/articles"), 1);
    }
}

#[test]
fn a_bad_byte_is_told_with_its_line_and_the_rest_stays() {
    let mut raw = format!("A title — “one”\n\n{PROSE} Zoë — said “so”.\nThe caf").into_bytes();
    raw.extend(b"\xe9 was closed.\n");
    let archive = Archive::new().raw("a.txt", raw);
    let said = archive.build();
    let diagnostic = &said.json["diagnostics"][0];
    assert_eq!(
        (diagnostic["code"].as_str(), diagnostic["line"].as_u64()),
        (Some("byte-not-utf8"), Some(4)),
        "{}",
        said.json
    );
    let files = archive.files("content/articles");
    let text = String::from_utf8_lossy(files.values().next().expect("an article")).into_owned();
    assert!(
        text.contains("The café was closed") && text.contains("Zoë — said “so”"),
        "{text}"
    );
}

#[test]
fn the_zero_of_other_programs_is_no_date() {
    let archive = Archive::new()
        .raw("a.md", format!("---\ntitle: A\ndate: 0001-01-01T00:00:00Z\n---\n\n{PROSE}\n"))
        .raw("b.xml", format!("<rss version=\"2.0\"><channel><title>Q</title><item><title>B</title><pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate><description>{PROSE}</description></item></channel></rss>"))
        .article("c.md", "title: C\ndate: 0001-01-01", "Text.");
    archive.build();
    for page in ["a", "b", "c"] {
        assert!(
            archive.has(&format!("public/undated/{page}.html")),
            "{page}: {:?}",
            archive.files("public").keys()
        );
    }
}
