//! Inputs that careless programs and people write, in every layout: separators, escapes, encodings, marks above front matter.

use crate::archive::Archive;
use crate::import_feeds::{one, read};

#[test]
fn the_first_line_of_excel_says_how_cells_are_separated() {
    for first in ["sep=;\n", "SEP=;\r\n", "\u{feff}\"sep=;\"\n"] {
        let rows =
            "title;date;text\nThe pier;2021-03-08;\"It sails; again.\"\nTwo;2021-03-09;More.\n";
        let archive = Archive::new().raw("a.csv", format!("{first}{rows}"));
        let said = archive.run(&["import"]);
        assert_eq!((said.status, said.count("/new")), (0, 2), "{}", said.json);
        let article = archive.read("content/articles/2021/03/the-pier.md");
        assert!(article.ends_with("---\n\nIt sails; again.\n"), "{article}");
    }
}

fn atom(attributes: &str, content: &str) -> String {
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" {attributes}><title>Quay</title><entry><title>One</title><id>1</id><link href=\"https://quay.example/p/1\"/>{content}</entry></feed>"
    )
}

#[test]
fn links_of_a_feed_are_relative_to_its_base() {
    let content = "<content type=\"html\" xml:base=\"deep/\">&lt;p&gt;See &lt;a href=\"x\"&gt;it&lt;/a&gt;.&lt;/p&gt;</content>";
    for (attributes, expected) in [
        (
            "xml:base=\"https://base.example/blog/\"",
            "https://base.example/blog/deep/x",
        ),
        ("", "https://quay.example/p/deep/x"),
    ] {
        let reading = one("feed", &atom(attributes, content));
        let made = reading.body.markdown();
        assert_eq!(made, format!("See [it]({expected}).\n"));
    }
}

#[test]
fn a_feed_may_escape_or_encode_its_text_once_more() {
    for (content, expected) in [
        (
            "<content type=\"text/plain\" mode=\"base64\">SXQgc2FpbHMsIENhZsOpLg==</content>",
            "It sails, Café.\n",
        ),
        (
            "<summary>&lt;![CDATA[It &lt;b&gt;sails&lt;/b&gt;.]]&gt;</summary>",
            "It **sails**.\n",
        ),
    ] {
        assert_eq!(one("feed", &atom("", content)).body.markdown(), expected);
    }
}

#[test]
fn comments_may_stand_above_front_matter() {
    let text = "<!-- by hand -->\n\n<!-- twice -->\n---\ntitle: The pier\ndate: 2021-03-06\n---\nIt sails.\n";
    let archive = Archive::new().raw("a.md", text);
    assert_eq!(archive.run(&["import"]).status, 0);
    let article = archive.read("content/articles/2021/03/the-pier.md");
    let expected = "---\n\n<!-- by hand -->\n\n<!-- twice -->\n\nIt sails.\n";
    assert!(article.ends_with(expected), "{article}");
    // A comment above a rule is text.
    let reading = one("markdown", "# Rule\n\n<!-- x -->\n---\nnot: a key\n");
    assert_eq!(reading.front.title, "Rule");
}

#[test]
fn mojibake_in_one_field_decides_the_others() {
    let text =
        "---\ntitle: \"CafÃ© JosÃ©\"\ntags: [\"FÃºtbol\"]\ndate: 2021-03-06\n---\nIt sails.\n";
    let archive = Archive::new().raw("a.md", text);
    assert_eq!(archive.run(&["import"]).status, 0);
    let article = archive.read("content/articles/2021/03/café-josé.md");
    assert!(article.contains("topics:\n  - Fútbol\n"), "{article}");
}

#[test]
fn a_bare_tag_within_a_title_is_a_word() {
    let item = "<item><title><![CDATA[Unship <a> and <area>, not <b>it</b>]]></title><guid>1</guid><description>Text.</description></item>";
    let text = format!("<rss version=\"2.0\"><channel><title>Q</title>{item}</channel></rss>");
    let readings = read("feed", &text);
    assert_eq!(readings[0].front.title, "Unship <a> and <area>, not it");
}

#[test]
fn labels_keys_and_columns_have_one_vocabulary() {
    let text = "Die Fähre fährt wieder, teilte der Hafen mit, und niemand hatte sie vermisst.";
    let labels = format!(
        "Überschrift: Die Fähre\nVeröffentlicht am: 13. Juli 2021\nVerfasserin: Mara Quill\nSchlagwörter: Hafen, Boote\nQuelle: Kaiblatt\nSprache: Deutsch\nAktualisiert: 14. Juli 2021\n\n{text}\n"
    );
    let json = format!(
        "[{{\"Überschrift\": \"Die Fähre\", \"veröffentlicht_am\": \"13. Juli 2021\", \"Verfasserin\": \"Mara Quill\", \"Schlagwörter\": [\"Hafen\", \"Boote\"], \"Quelle\": \"Kaiblatt\", \"Sprache\": \"deu\", \"Aktualisiert\": \"14. Juli 2021\", \"Volltext\": \"{text}\"}}]"
    );
    let table = format!(
        "Überschrift;Veröffentlicht am;Verfasserin;Schlagwörter;Quelle;Sprache;Aktualisiert;Volltext\nDie Fähre;13. Juli 2021;Mara Quill;Hafen, Boote;Kaiblatt;ger;14. Juli 2021;{text}\nZwei;13. Juli 2021;;;;;;{text}\n"
    );
    for (file, raw) in [("a.txt", labels), ("a.json", json), ("a.csv", table)] {
        let archive = Archive::new().raw(file, raw);
        let said = archive.run(&["import"]);
        assert_eq!(said.status, 0, "{file}: {}", said.json);
        let article = archive.read("content/articles/2021/07/die-fähre.md");
        for part in [
            "title: Die Fähre\n",
            "date: 2021-07-13\n",
            "authors:\n  - Mara Quill\n",
            "source: Kaiblatt\n",
            "lang: de\n",
            "topics:\n  - Hafen\n  - Boote\n",
            "modified",
            text,
        ] {
            assert!(article.contains(part), "{file}: {part} is not in {article}");
        }
    }
}

#[test]
fn a_status_in_another_language_holds_back() {
    for sign in [
        "Estado: borrador",
        "Durum: taslak",
        "Статус: скрыто",
        "Stan publikacji: x\nStatus: szkic",
        "Veröffentlicht: nein",
        "状态: 未发布",
        "الحالة: مسودة",
    ] {
        let text = format!("Title: A ferry\n{sign}\n\nThe ferry sails again on Monday, at last.\n");
        let archive = Archive::new().raw("a.txt", text);
        archive.run(&["import"]);
        let article = archive.read(&archive.article_file("a-ferry"));
        assert!(article.contains("draft: true\n"), "{sign}: {article}");
    }
}

const PROSE: &str = "The night ferry will sail again from Monday, the port authority said on Tuesday, after nine years in dock.";

#[test]
fn a_plain_text_needs_no_blank_line_below_its_title_and_no_title() {
    for (file, raw, title, is_inferred) in [
        (
            "a.txt",
            format!("Night ferry returns\n{PROSE}\nNobody had missed it, said the innkeeper.\n"),
            "Night ferry returns",
            false,
        ),
        (
            "b.txt",
            format!("Night ferry returns\nBy Mara Quill\n{PROSE}\n"),
            "Night ferry returns",
            false,
        ),
        (
            "2004-05-17-night-ferry.txt",
            format!("{PROSE}\n\n{PROSE}\n"),
            "Night ferry",
            true,
        ),
        (
            "scan0001.txt",
            format!("The port has spoken. {PROSE} {PROSE}\n"),
            "The port has spoken",
            true,
        ),
        (
            "scan0002.txt",
            "The night ferry will sail again from Monday, the\nport authority said on Tuesday, after nine years.\n".to_owned(),
            "The night ferry will sail again from Monday, the port",
            true,
        ),
    ] {
        let archive = Archive::new().raw(file, raw);
        let said = archive.run(&["import"]);
        assert_eq!(said.status, 0, "{file}: {}", said.json);
        let article = archive.read(&archive.article_file(""));
        assert!(article.contains(&format!("title: {title}")), "{file}: {article}");
        assert_eq!(article.contains("  - title\n"), is_inferred, "{file}: {article}");
    }
    // A rule within a text without further titles divides nothing.
    let raw = format!("Night ferry returns\n\n{PROSE}\n\n-----\n\n{PROSE}\n");
    let archive = Archive::new().raw("a.txt", raw);
    assert_eq!(archive.run(&["import"]).count("/new"), 1);
    // What is not prose is still no article.
    for raw in [
        "key = value\nother = 2\n",
        "apple\npear\nplum\nfig\nkiwi\nlime\nnut\noat\nrye\n",
    ] {
        let archive = Archive::new().raw("a.txt", raw);
        assert_eq!(archive.run(&["import"]).status, 1, "{raw}");
    }
}

#[test]
fn a_local_time_beside_utc_has_an_offset() {
    let json = r#"[{"id": 1, "title": {"rendered": "Near midnight"}, "date": "2015-06-07T00:30:00", "date_gmt": "2015-06-06T22:30:00", "content": {"rendered": "<p>It sails again.</p>", "protected": false}}]"#;
    let reading = one("json", json);
    let date = reading.front.date.expect("a date").to_string();
    assert_eq!(date, "2015-06-07T00:30+02:00");
    assert!(reading.front.extra.is_empty(), "{:?}", reading.front.extra);
    let item = "<item><title>Near midnight</title><content:encoded><![CDATA[It sails.]]></content:encoded><wp:post_id>1</wp:post_id><wp:post_date>2015-06-06 14:30:00</wp:post_date><wp:post_date_gmt>2015-06-06 22:30:00</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>";
    let reading = one("wordpress", &crate::import_wordpress::wxr(item));
    let date = reading.front.date.expect("a date").to_string();
    assert_eq!(date, "2015-06-06T14:30-08:00");
}

#[test]
fn references_in_names_are_resolved_before_names_are_separated() {
    let json = r#"[{"title": "One", "author": "&nbsp;Andr&eacute; Moss, Zo&euml; Lind (Quay Wire)", "tags": "Caf&eacute;; Boats", "text": "It sails again on Monday."}]"#;
    let front = one("json", json).front;
    assert_eq!(front.authors, ["André Moss", "Zoë Lind"]);
    assert_eq!(front.source.as_deref(), Some("Quay Wire"));
    assert_eq!(front.topics, ["Café", "Boats"]);
}

#[test]
fn the_day_of_a_quoted_message_is_not_that_of_the_page() {
    let page = |quoted: &str| {
        format!(
            "<!doctype html><html><head><title>The ferry sails</title></head><body><article><h1>The ferry sails</h1><p>{PROSE}</p>{quoted}<p>{PROSE}</p></article></body></html>"
        )
    };
    let quoted = "<blockquote><p>Tides</p><a href=\"https://t.example/1\">November 18, 2019</a><time datetime=\"2019-11-18\">then</time></blockquote>";
    let archive = Archive::new().raw("a.html", page(quoted));
    assert_eq!(archive.run(&["import"]).status, 0);
    let article = archive.read(&archive.article_file(""));
    assert!(!article.contains("\ndate: "), "{article}");
}

#[test]
fn ninjs_may_name_its_item_by_a_guid() {
    let json = r#"{"guid": "urn:n:1", "type": "text", "pubstatus": "usable", "versioncreated": "2019-02-03T04:05:06Z", "headline": "Night ferry returns", "byline": "Ida Moss", "located": "Port Ellery", "body_html": "<p>It sails again on Monday.</p>"}"#;
    let front = one("ninjs", json).front;
    assert_eq!(front.id, "urn:n:1");
    assert_eq!(front.place.as_deref(), Some("Port Ellery"));
    assert_eq!(
        front.date.expect("a date").to_string(),
        "2019-02-03T04:05:06Z"
    );
}
