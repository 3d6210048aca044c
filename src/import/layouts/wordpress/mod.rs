//! WordPress export (WXR): posts, pages and the record types of plugins. Pictures, menus and revisions are not articles.

mod content;
mod pictures;

use std::collections::HashMap;

use serde_json::{Map, Value};

use self::pictures::Pictures;
use super::decoded_record::{self, BodyOutcome, Publisher, add, id, remove, set_html, settle};
use super::xml_records::{self, DUBLIN_CORE, Element, RSS_CONTENT, RecordSchema, XmlRecord};
use super::{Layout, RawText, html_text, plain_record};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;
use crate::import::repair::{dates, language};
use crate::text::xml;

pub(crate) struct WordPress;

const SCHEMA: RecordSchema = RecordSchema {
    records: &["item"],
    namespaces: &[
        DUBLIN_CORE,
        RSS_CONTENT,
        ("wordpress.org/export/1.0/excerpt", "excerpt"),
        ("wordpress.org/export/1.1/excerpt", "excerpt"),
        ("wordpress.org/export/1.2/excerpt", "excerpt"),
        ("wordpress.org/export/", "wp"),
    ],
    deepest: 3,
};

/// Record types that are not articles: pictures, menus, and parts of the site's design.
const NOT_ARTICLES: &[&str] = &[
    "attachment",
    "nav_menu_item",
    "revision",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_block",
    "wp_template",
    "wp_template_part",
    "wp_global_styles",
    "wp_navigation",
    "wp_font_family",
    "wp_font_face",
    "acf-field",
    "acf-field-group",
    "wpcf7_contact_form",
];

/// Elements that matter to WordPress alone; any other is kept in `extra` under its name.
const OWN: &[&str] = &[
    "wp:comment_status",
    "wp:ping_status",
    "wp:post_parent",
    "wp:menu_order",
    "wp:is_sticky",
    "wp:post_password",
    "wp:post_date",
    "wp:post_date_gmt",
    "wp:post_modified",
    "pubdate",
    "comments",
];

impl Layout for WordPress {
    fn name(&self) -> &'static str {
        "wordpress"
    }

    fn title(&self) -> &'static str {
        "WordPress exports"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        xml::root(raw.text)
            .is_some_and(|(name, head)| name == "rss" && head.contains("wordpress.org/export/"))
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut blog = None;
        let pictures = Pictures::of(raw);
        let mut readings = xml_records::read(raw, &SCHEMA, |head, record| {
            let blog = blog.get_or_insert_with(|| Blog::of(head));
            read_post(raw, blog, &pictures, record)
        })?;
        decoded_record::unique(&mut readings);
        Ok(readings)
    }
}

/// What the export declares of all posts.
#[derive(Default)]
struct Blog {
    publisher: Publisher,
    /// Names that readers see, by login.
    authors: HashMap<String, String>,
}

impl Blog {
    fn of(head: &XmlRecord) -> Self {
        let mut blog = Self::default();
        let mut login = String::new();
        for element in &head.elements {
            let text = html_text::text(&element.text);
            match element.name.as_str() {
                _ if text.is_empty() => {}
                "wp:author_login" => login = text,
                "wp:author_display_name" => {
                    blog.authors.insert(std::mem::take(&mut login), text);
                }
                "title" if element.level == 2 => {
                    blog.publisher.title.get_or_insert(text);
                }
                "language" if element.level == 2 => blog.publisher.lang = language::tag(&text),
                _ => {}
            }
        }
        blog
    }

    fn name(&self, login: &str) -> String {
        let name = self.authors.get(login);
        name.map_or_else(|| login.to_owned(), String::clone)
    }
}

/// A post, and the elements that are its children.
struct Post<'a>(&'a XmlRecord);

impl<'a> Post<'a> {
    fn own(&self) -> impl Iterator<Item = &'a Element> {
        self.0.elements.iter().filter(|element| element.level == 1)
    }

    fn first(&self, name: &str) -> Option<&'a Element> {
        let has_text = |e: &&Element| e.name == name && !e.text.trim().is_empty();
        self.own().find(has_text)
    }

    fn text(&self, name: &str) -> &'a str {
        self.first(name).map_or("", |element| element.text.trim())
    }
}

/// `None` if the record is not an article and need not be reported.
fn read_post(
    raw: &RawText<'_>,
    blog: &Blog,
    pictures: &Pictures,
    record: &XmlRecord,
) -> Option<Reading> {
    let post = Post(record);
    let (kind, status) = (post.text("wp:post_type"), post.text("wp:status"));
    let content = post.text("content:encoded");
    if NOT_ARTICLES.contains(&kind) || status == "auto-draft" && content.is_empty() {
        return None;
    }
    let mut reading = Reading {
        span: record.span.clone(),
        ..raw.reading()
    };
    if status == "trash" {
        let message = "a post is in WordPress's trash, and is left out";
        let warning = raw.warning(Code::RecordSkipped, message);
        reading.problem = Some(warning.hint("to import it, restore it and export again"));
        return Some(reading);
    }
    read_fields(&mut reading, &post, blog);
    if reading.record.is_none() {
        // Edited exports may lack post ids.
        let guid = Some(post.text("guid")).filter(|guid| !guid.is_empty());
        reading.record = guid.map(str::to_owned);
    }
    // What was not public on the old site is a draft here.
    let is_public = matches!(status, "publish" | "inherit" | "");
    reading.front.draft = !is_public || !post.text("wp:post_password").is_empty();
    if !is_public {
        reading.keep("status", status);
    }
    if !matches!(kind, "post" | "") {
        reading.keep("post_type", kind);
    }
    keep_meta(&mut reading, record);
    keep_comments(&mut reading, record);
    let body = read_body(&mut reading, &post, pictures);
    settle(raw, &mut reading, body);
    Some(reading)
}

fn read_fields(reading: &mut Reading, post: &Post<'_>, blog: &Blog) {
    let mut topics = Vec::new();
    let mut names = Vec::new();
    for element in post.own() {
        let text = html_text::text(&element.text);
        if text.is_empty() {
            continue;
        }
        let front = &mut reading.front;
        match element.name.as_str() {
            "title" if front.title.is_empty() => front.title = text,
            "dc:creator" => names.push(blog.name(&text)),
            // Also of plugins' taxonomies.
            "category" => topics.push(text),
            "wp:post_id" => id(reading, &text),
            "guid" => reading.keep("guid", text),
            "link" => reading.keep("url", text),
            // WordPress percent-encodes other scripts: `%e0%a4%b8`.
            "wp:post_name" if front.slug.is_none() => front.slug = Some(decode_percent(&text)),
            "wp:post_modified_gmt" => {
                let gmt = format!("{text} +0000");
                if dates::read(&gmt).is_some() {
                    reading.keep("updated", gmt);
                }
            }
            "wp:status" | "wp:post_type" | "wp:postmeta" | "wp:comment" => {}
            "content:encoded" | "excerpt:encoded" | "description" => {}
            name if OWN.contains(&name) => {}
            name => reading.keep(name.replace([':', '-', '.'], "_"), text),
        }
    }
    add(&mut reading.front.authors, names);
    add(&mut reading.front.topics, topics);
    reading.front.source.clone_from(&blog.publisher.title);
    reading.front.lang.clone_from(&blog.publisher.lang);
    read_date(reading, post);
}

/// The day is that of the blog, where readers saw it, and GMT gives its offset. Drafts have `0000-00-00` or `30 Nov -0001` for
/// GMT, and only a local date.
fn read_date(reading: &mut Reading, post: &Post<'_>) {
    let gmt = post.text("wp:post_date_gmt");
    let local = dates::read(post.text("wp:post_date"));
    let spelt = [
        format!("{gmt} +0000"),
        post.text("pubdate").to_owned(),
        post.text("wp:post_date").to_owned(),
    ];
    let Some(mut date) = spelt.iter().find_map(|text| dates::read(text)) else {
        return;
    };
    if let Some(offset) = local
        .zip(dates::read(gmt))
        .and_then(|(l, g)| l.date.beside_utc(g.date))
    {
        date.date = offset;
    }
    plain_record::set_date(reading, date);
}

/// Reads the text, else the excerpt, as the body; an excerpt beside a text is the summary.
fn read_body(reading: &mut Reading, post: &Post<'_>, pictures: &Pictures) -> BodyOutcome {
    let summary = post.first("excerpt:encoded").or(post.first("description"));
    let body = post.first("content:encoded").or(summary);
    let address = reading.front.extra.get("url").and_then(Value::as_str);
    let address = address.map(str::to_owned);
    let Some(body) = body else {
        return (None, None);
    };
    let content::PostContent { html, removed } =
        content::read(&pictures.shown_in(post.0, &body.text));
    for words in removed {
        remove(reading, words);
    }
    let done = set_html(reading, &html, address.as_deref());
    if let Some(summary) = summary.filter(|summary| summary.name != body.name) {
        let content::PostContent { html, removed } = content::read(&summary.text);
        for words in removed {
            remove(reading, words);
        }
        decoded_record::summary(reading, html_text::text(&html));
    }
    (Some(body.inner.clone()), done.err())
}

/// Keeps custom fields, without those that WordPress and its plugins hide.
fn keep_meta(reading: &mut Reading, record: &XmlRecord) {
    let mut fields = Map::new();
    let mut key = String::new();
    for element in record.elements.iter().filter(|e| e.level == 2) {
        match element.name.as_str() {
            "wp:meta_key" => key = element.text.trim().to_owned(),
            "wp:meta_value" if !key.is_empty() && !key.starts_with('_') => {
                let value = element.text.trim();
                if !value.is_empty() {
                    fields.insert(std::mem::take(&mut key), value.into());
                }
            }
            _ => {}
        }
    }
    if !fields.is_empty() {
        reading.keep("fields", Value::Object(fields));
    }
}

/// Keeps approved comments: author, date and text, no addresses.
fn keep_comments(reading: &mut Reading, record: &XmlRecord) {
    let mut comments: Vec<Value> = Vec::new();
    let mut comment = Map::new();
    let mut is_shown = false;
    let mut elements = record.elements.iter().peekable();
    while let Some(element) = elements.next() {
        let text = element.text.trim();
        match element.name.as_str() {
            "wp:comment_author" => {
                _ = comment.insert("author".into(), html_text::text(text).into())
            }
            "wp:comment_date_gmt" => _ = comment.insert("date".into(), text.into()),
            "wp:comment_content" => _ = comment.insert("text".into(), html_text::text(text).into()),
            "wp:comment_approved" => is_shown = text == "1",
            _ => {}
        }
        if elements.peek().is_none_or(|next| next.level == 1) && !comment.is_empty() {
            let comment = std::mem::take(&mut comment);
            if std::mem::take(&mut is_shown) {
                comments.push(Value::Object(comment));
            }
        }
    }
    if !comments.is_empty() {
        reading.keep("comments", Value::Array(comments));
    }
}

fn decode_percent(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}
