//! JSON Feed 1.0 and 1.1 (jsonfeed.org). Each item is a record.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::entries::{self, Publisher, add, date, id, set_either, set_html, set_plain};
use super::record::is_blank;
use super::{Layout, RawText, inline};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;
use crate::import::repair::language;

pub struct JsonFeed;

/// More records in one file are no articles.
const MOST_RECORDS: usize = 200_000;

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

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let named = raw.text.contains("jsonfeed.org/version/");
        named && raw.text.trim_start().starts_with('{') && document(raw.text).is_some()
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let refused = |what: String| {
            Diagnostic::problem(Code::Unclassified, format!("raw/{}", raw.path), what)
                .hint("divide it, or put it in `ignore` under `[import]`")
        };
        let Some(document) = document(raw.text) else {
            return Err(refused("it is no JSON Feed".to_owned()));
        };
        if document.items.len() > MOST_RECORDS {
            return Err(refused(format!("it has more than {MOST_RECORDS} records")));
        }
        let publisher = Publisher {
            title: document.title.map(|title| inline::line(&title)),
            lang: document.language.and_then(|lang| language::tag(&lang)),
        };
        let items = document.items.iter();
        let mut readings: Vec<Reading> =
            items.map(|item| read_item(raw, &publisher, item)).collect();
        entries::unique(&mut readings);
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
    let mut failed = None;
    match serde_json::from_str::<Map<String, Value>>(item.get()) {
        Ok(fields) => failed = read_fields(&mut reading, fields, publisher).err(),
        Err(_) => failed = failed.or(Some("an item is no object".to_owned())),
    }
    entries::settle(&mut reading, raw.path, None, failed);
    reading
}

fn read_fields(
    reading: &mut Reading,
    mut fields: Map<String, Value>,
    publisher: &Publisher,
) -> Result<(), String> {
    let mut take = |key: &str| fields.shift_remove(key).map(text).unwrap_or_default();
    id(reading, take("id").trim());
    reading.front.title = inline::text(&take("title"));
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
    let (html, plain, summary) = (take("content_html"), take("content_text"), take("summary"));
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
        tags.into_iter().map(|tag| inline::line(&text(tag))),
    );
    for (key, value) in fields {
        if !is_blank(&value) {
            reading.keep(&key, value);
        }
    }
    let address = Some(address.as_str()).filter(|address| !address.is_empty());
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
        let once = inline::escaped_twice(&html);
        set_html(reading, once.as_deref().unwrap_or(&html), address)?;
    }
    for text in rest {
        entries::summary(reading, inline::text(text));
    }
    Ok(())
}

/// An author's name; what else is said of them is kept.
fn read_author(reading: &mut Reading, author: Value) -> String {
    let Value::Object(mut author) = author else {
        return inline::text(&text(author));
    };
    let name = author.shift_remove("name").map(text).unwrap_or_default();
    author.retain(|_, value| !is_blank(value));
    if !author.is_empty() {
        reading.keep("author", author);
    }
    inline::text(&name)
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
