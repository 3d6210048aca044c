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
