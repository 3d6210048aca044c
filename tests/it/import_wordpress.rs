//! WordPress exports: posts of several kinds and states, shortcodes and blocks.

use crate::archive::Archive;
use crate::import_feeds::{one, read};

const WXR: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>
<rss version=\"2.0\" xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:wp=\"http://wordpress.org/export/1.2/\">
<channel><title>Quay Notes</title><language>en-US</language>
<wp:author><wp:author_id>3</wp:author_id><wp:author_login><![CDATA[imoss]]></wp:author_login><wp:author_email><![CDATA[ida@q.example]]></wp:author_email><wp:author_display_name><![CDATA[Ida Moss, Jr.]]></wp:author_display_name></wp:author>
";

pub(crate) fn post(id: u32, title: &str, kind: &str, status: &str, content: &str) -> String {
    format!(
        "<item><title><![CDATA[{title}]]></title><link>https://q.example/?p={id}</link><pubDate>Tue, 13 Jul 2021 21:47:09 +0000</pubDate><dc:creator><![CDATA[imoss]]></dc:creator><guid isPermaLink=\"false\">https://q.example/?p={id}</guid><description></description><content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{id}</wp:post_id><wp:post_date><![CDATA[2021-07-13 23:47:09]]></wp:post_date><wp:post_date_gmt><![CDATA[2021-07-13 21:47:09]]></wp:post_date_gmt><wp:post_name><![CDATA[slug-{id}]]></wp:post_name><wp:status><![CDATA[{status}]]></wp:status><wp:post_type><![CDATA[{kind}]]></wp:post_type><category domain=\"post_tag\" nicename=\"boats\"><![CDATA[Boats &amp; ships]]></category><category domain=\"category\" nicename=\"news\"><![CDATA[News]]></category></item>\n"
    )
}

pub(crate) fn wxr(posts: &str) -> String {
    format!("{WXR}{posts}</channel></rss>\n")
}

#[test]
fn a_wordpress_post_gives_all_its_fields() {
    let content = "<!-- wp:paragraph {\"align\":\"left\"} -->\n<p>One <em>two</em>.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:shortcode -->[gallery ids=\"1,2\"]<!-- /wp:shortcode -->\n<p>Three [sic].</p>";
    let reading = one(
        "wordpress",
        &wxr(&post(12, "A & b", "post", "publish", content)),
    );
    let front = &reading.front;
    assert_eq!(reading.record.as_deref(), Some("12"));
    assert_eq!((front.id.as_str(), front.title.as_str()), ("12", "A & b"));
    assert_eq!(front.slug.as_deref(), Some("slug-12"));
    assert_eq!(front.authors, ["Ida Moss, Jr."]);
    assert_eq!(front.topics, ["Boats & ships", "News"]);
    assert_eq!(
        front.date.expect("one").to_string(),
        "2021-07-13T23:47:09+02:00"
    );
    assert_eq!(front.source.as_deref(), Some("Quay Notes"));
    assert_eq!(front.removed, ["[gallery ids=\"1,2\"]"]);
    assert_eq!(front.summary, None);
    assert!(!front.draft);
    assert_eq!(reading.body.markdown(), "One *two*.\n\nThree \\[sic\\].\n");
}

#[test]
fn a_classic_post_has_its_paragraphs_between_blank_lines() {
    let content = "One line\nand another.\n\n[caption id=\"a\" width=\"9\"]<img src=\"x.jpg\" alt=\"\"> The pier[/caption]\n\n<ul>\n<li>Item</li>\n</ul>\nLast.<!--more-->";
    let reading = one("wordpress", &wxr(&post(1, "A", "post", "publish", content)));
    let parts: Vec<&str> = reading.body.markdown().split("\n\n").collect();
    assert_eq!(parts.len(), 4, "{}", reading.body.markdown());
    assert!(parts[0].contains("One line") && parts[0].contains("and another."));
    assert!(parts[1].contains("The pier"));
    assert!(parts[2].contains("Item") && parts[3].contains("Last."));
    assert!(!reading.body.markdown().contains("more"));
}

#[test]
fn drafts_stay_drafts_and_pictures_are_no_articles() {
    let text = wxr(&[
        post(1, "Public", "post", "publish", "One."),
        post(2, "Draft", "post", "draft", "Two."),
        post(3, "Private", "post", "private", "Three."),
        post(4, "Trash", "post", "trash", "Four."),
        post(5, "Picture", "attachment", "inherit", "Five."),
        post(6, "Menu", "nav_menu_item", "publish", ""),
        post(7, "Old", "revision", "inherit", "Seven."),
        post(8, "About", "page", "publish", "Eight."),
        post(9, "", "post", "auto-draft", ""),
    ]
    .concat());
    let readings = read("wordpress", &text);
    let shown: Vec<(&str, bool)> = readings
        .iter()
        .filter(|r| r.problem.is_none())
        .map(|r| (r.front.title.as_str(), r.front.draft))
        .collect();
    assert_eq!(
        shown,
        [
            ("Public", false),
            ("Draft", true),
            ("Private", true),
            ("About", false)
        ]
    );
    let archive = Archive::new().raw("a.xml", text);
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/new")), (0, 4), "{}", said.json);
    assert!(said.diagnostics()[0].contains("trash"));
    let built = archive.build();
    assert_eq!(built.count("/drafts"), 2, "{}", built.json);
}

#[test]
fn a_trashed_post_removes_its_article_and_a_truncated_file_removes_none() {
    let two = |status| {
        wxr(&(post(1, "One", "post", "publish", "One.") + &post(2, "Two", "post", status, "Two.")))
    };
    let archive = Archive::new().raw("a.xml", two("publish"));
    archive.run(&["import"]);
    let whole = two("publish");
    archive.write("raw/a.xml", &whole[..whole.len() - 300]);
    let said = archive.run(&["import"]);
    let counts = (said.status, said.count("/removed"));
    assert_eq!(counts, (1, 0), "{}", said.json);
    archive.write("raw/a.xml", two("trash"));
    let said = archive.run(&["import"]);
    assert_eq!(
        (said.status, said.count("/removed")),
        (0, 1),
        "{}",
        said.json
    );
}

#[test]
fn a_draft_without_greenwich_time_has_its_local_date() {
    let text = wxr(&post(1, "A", "post", "draft", "One."))
        .replace("2021-07-13 21:47:09", "0000-00-00 00:00:00")
        .replace(
            "Tue, 13 Jul 2021 21:47:09 +0000",
            "Wed, 30 Nov -0001 00:00:00 +0000",
        );
    let date = one("wordpress", &text).front.date.expect("one");
    assert_eq!(date.to_string(), "2021-07-13T23:47:09");
}

#[test]
fn comments_that_readers_saw_are_kept_without_addresses() {
    let comment = |who: &str, approved: &str| {
        format!(
            "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author><![CDATA[{who}]]></wp:comment_author><wp:comment_author_email>x@y.example</wp:comment_author_email><wp:comment_author_IP>10.0.0.1</wp:comment_author_IP><wp:comment_date_gmt>2021-08-01 10:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[Well <b>said</b>.]]></wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved></wp:comment>"
        )
    };
    let meta = "<wp:postmeta><wp:meta_key>_edit_last</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta><wp:postmeta><wp:meta_key>photographer</wp:meta_key><wp:meta_value>Ada Lind</wp:meta_value></wp:postmeta>";
    let more = format!(
        "{meta}{}{}</item>",
        comment("Nils", "1"),
        comment("Spam", "spam")
    );
    let text = wxr(&post(1, "A", "post", "publish", "One.").replace("</item>", &more));
    let extra = one("wordpress", &text).front.extra;
    assert_eq!(extra["comments"].as_array().expect("a list").len(), 1);
    assert_eq!(extra["comments"][0]["author"], "Nils");
    assert_eq!(extra["comments"][0]["text"], "Well said.");
    assert_eq!(extra["fields"]["photographer"], "Ada Lind");
    assert!(!format!("{extra:?}").contains("10.0.0.1"));
}
