//! JSON Feed 1.0 and 1.1 (jsonfeed.org). Each item is a record.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::decoded_record::{self, Publisher, add, date, id, set_either, set_html, set_plain};
use super::keyed_record::is_blank;
use super::{HINT_EXPORT, Layout, MOST_RECORDS, RawText, html_text};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;
use crate::import::repair::language;
use crate::text::characters::one_line;

pub(crate) struct JsonFeed;

#[derive(Deserialize)]
struct Document<'a> {
    version: String,
    title: Option<String>,
    language: Option<String>,
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

impl Layout for JsonFeed {
    fn name(&self) -> &'static str {
        "json feed"
    }

    fn title(&self) -> &'static str {
        "Feeds"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let named = raw.text.contains("jsonfeed.org/version/");
        named && raw.text.trim_start().starts_with('{') && document(raw.text).is_some()
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let Some(document) = document(raw.text) else {
            let problem = raw.problem(Code::FileMalformed, "it is not a JSON Feed");
            return Err(problem.hint(HINT_EXPORT));
        };
        if document.items.len() > MOST_RECORDS {
            return Err(raw.too_many("records"));
        }
        let publisher = Publisher {
            title: document.title.map(|title| one_line(&title)),
            lang: document.language.and_then(|lang| language::tag(&lang)),
            base: None,
        };
        let items = document.items.iter();
        let mut readings: Vec<Reading> =
            items.map(|item| read_item(raw, &publisher, item)).collect();
        decoded_record::unique(&mut readings);
        Ok(readings)
    }
}

fn document(text: &str) -> Option<Document<'_>> {
    let document: Document<'_> = serde_json::from_str(text).ok()?;
    document
        .version
        .contains("jsonfeed.org/version/")
        .then_some(document)
}

fn read_item(raw: &RawText<'_>, publisher: &Publisher, item: &RawValue) -> Reading {
    let start = item.get().as_ptr() as usize - raw.text.as_ptr() as usize;
    let mut reading = Reading {
        span: start..start + item.get().len(),
        ..raw.reading()
    };
    let failed = match serde_json::from_str::<Map<String, Value>>(item.get()) {
        Ok(fields) => read_fields(&mut reading, fields, publisher).err(),
        Err(_) => Some("an item is not an object".to_owned()),
    };
    decoded_record::settle(raw, &mut reading, (None, failed));
    reading
}

fn read_fields(
    reading: &mut Reading,
    mut fields: Map<String, Value>,
    publisher: &Publisher,
) -> Result<(), String> {
    let mut take = |key: &str| fields.shift_remove(key).map(text).unwrap_or_default();
    id(reading, take("id").trim());
    reading.front.title = html_text::text(&take("title"));
    let address = take("url");
    if !address.is_empty() {
        reading.record = reading.record.take().or_else(|| Some(address.clone()));
        reading.keep("url", address.clone());
    }
    for key in ["date_published", "date_modified"] {
        let text = take(key);
        match reading.front.date {
            Some(_) if !text.is_empty() => reading.keep("updated", text),
            _ => date(reading, &text),
        }
    }
    let lang = take("language");
    reading.front.lang = language::tag(&lang).or_else(|| publisher.lang.clone());
    reading.front.source.clone_from(&publisher.title);
    let texts = ["content_html", "content_text", "summary"].map(&mut take);
    let authors = [
        fields.shift_remove("authors"),
        fields.shift_remove("author"),
    ];
    let authors = authors.into_iter().flatten().flat_map(many);
    let names: Vec<String> = authors.map(|author| read_author(reading, author)).collect();
    add(&mut reading.front.authors, names);
    let tags = fields.shift_remove("tags").map(many).unwrap_or_default();
    add(
        &mut reading.front.topics,
        tags.into_iter().map(|tag| one_line(&text(tag))),
    );
    for (key, value) in fields {
        if !is_blank(&value) {
            reading.keep(&key, value);
        }
    }
    let address = Some(address.as_str()).filter(|address| !address.is_empty());
    read_body(reading, texts, address)
}

/// Reads the first of these texts that is not blank as the body, and the others as summaries.
fn read_body(
    reading: &mut Reading,
    [html, plain, summary]: [String; 3],
    address: Option<&str>,
) -> Result<(), String> {
    let mut rest = [&plain, &summary]
        .into_iter()
        .filter(|text| !text.trim().is_empty());
    if html.trim().is_empty() {
        match rest.next() {
            Some(text) if !plain.trim().is_empty() => set_plain(reading, text),
            Some(text) => set_either(reading, text, address)?,
            None => {}
        }
    } else {
        let once = html_text::escaped_twice(&html);
        set_html(reading, once.as_deref().unwrap_or(&html), address)?;
    }
    for text in rest {
        decoded_record::summary(reading, html_text::text(text));
    }
    Ok(())
}

/// An author's name; other facts about them are kept in `extra`.
fn read_author(reading: &mut Reading, author: Value) -> String {
    let Value::Object(mut author) = author else {
        return html_text::text(&text(author));
    };
    let name = author.shift_remove("name").map(text).unwrap_or_default();
    author.retain(|_, value| !is_blank(value));
    if !author.is_empty() {
        reading.keep("author", author);
    }
    html_text::text(&name)
}

fn many(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values,
        value => vec![value],
    }
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
