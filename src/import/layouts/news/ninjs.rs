//! ninjs, news in JSON (IPTC, versions 1 to 3): one object, an array of them, or one after another.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{
    ItemVersion, add_authors, keep_line, keep_newest, nitf, plain_with_dateline, set_dates,
    set_embargo, set_place, set_status, settle,
};
use crate::diagnostics::Diagnostic;
use crate::import::html::non_whitespace;
use crate::import::layouts::decoded_record::{self, add, id, set_html, set_plain};
use crate::import::layouts::keyed_record::is_blank;
use crate::import::layouts::{Layout, MOST_RECORDS, RawText, html_text};
use crate::import::reading::Reading;
use crate::text::characters::{is_text, one_line};

pub(crate) struct Ninjs;

/// Keys in lower case, one of which, beside `uri` and a text or a headline, distinguishes ninjs from other JSON.
const OWN: &[&str] = &[
    "versioncreated",
    "pubstatus",
    "representationtype",
    "contentcreated",
    "firstcreated",
    "bodies",
    "headlines",
    "body_xhtml",
    "standard",
];

impl Layout for Ninjs {
    fn name(&self) -> &'static str {
        "ninjs"
    }

    fn title(&self) -> &'static str {
        "ninjs"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let Some(Ok((item, _))) = ItemIterator::of(raw.text).next() else {
            return false;
        };
        let Ok(fields) = serde_json::from_str::<Map<String, Value>>(item.get()) else {
            return false;
        };
        let has = |is: &dyn Fn(&str) -> bool| fields.keys().any(|key| is(&key.to_lowercase()));
        let is_text = |key: &str| {
            matches!(key, "headline" | "headlines" | "bodies") || key.starts_with("body_")
        };
        // Some systems write `guid` for `uri`.
        has(&|key| matches!(key, "uri" | "guid")) && has(&is_text) && has(&|key| OWN.contains(&key))
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut readings = Vec::new();
        let mut versions = Vec::new();
        for item in ItemIterator::of(raw.text) {
            let (item, at) = match item {
                Ok(item) => item,
                Err(at) => {
                    let message = "it is not well-formed JSON".to_owned();
                    readings.push(raw.broken_off(at, message, "records", readings.is_empty())?);
                    break;
                }
            };
            if readings.len() >= MOST_RECORDS {
                return Err(raw.too_many("records"));
            }
            let (reading, version) = read_item(raw, item, at);
            readings.push(reading);
            versions.push(version);
        }
        keep_newest(raw, &mut readings, &versions);
        Ok(readings)
    }
}

/// The objects of a file, each with the byte where it begins, or the byte of the first syntax error.
struct ItemIterator<'a> {
    text: &'a str,
    at: usize,
    is_broken: bool,
}

impl<'a> ItemIterator<'a> {
    fn of(text: &'a str) -> Self {
        let start = text.len() - text.trim_start().len();
        let is_array = text[start..].starts_with('[');
        Self {
            text,
            at: start + usize::from(is_array),
            is_broken: false,
        }
    }
}

impl<'a> Iterator for ItemIterator<'a> {
    type Item = Result<(&'a RawValue, usize), usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|_| !self.is_broken)?;
        let is_separator = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '\u{1e}');
        self.at += rest.len() - rest.trim_start_matches(is_separator).len();
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let value = match rest.starts_with('{') {
            true => values.next(),
            false => None,
        };
        let Some(Ok(value)) = value else {
            self.is_broken = true;
            return Some(Err(self.at));
        };
        let at = self.at;
        self.at += values.byte_offset();
        Some(Ok((value, at)))
    }
}

fn read_item(raw: &RawText<'_>, item: &RawValue, at: usize) -> (Reading, Option<ItemVersion>) {
    let mut reading = Reading {
        span: at..at + item.get().len(),
        ..raw.reading()
    };
    let fields = serde_json::from_str::<Map<String, Value>>(item.get());
    let Ok(fields) = fields else {
        let failed = Some("an item cannot be read: it is nested too deeply".to_owned());
        settle(raw, &mut reading, (None, failed));
        return (reading, None);
    };
    let mut fields = ItemFields(fields);
    let kind = fields.line("type").to_lowercase();
    if matches!(
        kind.as_str(),
        "picture" | "graphic" | "video" | "audio" | "event" | "planning"
    ) {
        let message = "a news item without text (a picture, a sound, a film or a plan) is left out";
        return (raw.skipped(reading, message), None);
    }
    let version = read_fields(&mut reading, &mut fields);
    let failed = read_body(&mut reading, &mut fields).err();
    for (key, value) in fields.0 {
        if !is_blank(&value) {
            reading.keep(&key, value);
        }
    }
    if !matches!(kind.as_str(), "" | "text") {
        keep_line(&mut reading, "type", &kind);
    }
    settle(raw, &mut reading, (None, failed));
    (reading, Some(version))
}

/// The keys of an item; version 1 writes `versioncreated`, version 3 `versionCreated`.
struct ItemFields(Map<String, Value>);

impl ItemFields {
    fn take(&mut self, name: &str) -> Option<Value> {
        let is_it = |key: &&String| key.eq_ignore_ascii_case(name);
        let key = self.0.keys().find(is_it)?.clone();
        self.0.shift_remove(&key)
    }

    fn text(&mut self, name: &str) -> String {
        self.take(name).map(text).unwrap_or_default()
    }

    fn line(&mut self, name: &str) -> String {
        one_line(&self.text(name))
    }

    /// The values of a list under any of the names; a single value is a list of one.
    fn list(&mut self, names: &[&str]) -> Vec<Value> {
        let values = names.iter().filter_map(|name| self.take(name));
        let values: Vec<Value> = values.collect();
        let many = values.into_iter().flat_map(|value| match value {
            Value::Array(values) => values,
            value => vec![value],
        });
        many.collect()
    }
}

fn read_fields(reading: &mut Reading, fields: &mut ItemFields) -> ItemVersion {
    id(reading, fields.text("uri").trim());
    id(reading, fields.text("guid").trim());
    reading.set_language(&fields.text("language"));
    let mut titles = vec![html_text::text(&fields.text("headline"))];
    let headlines = fields.list(&["headlines"]);
    titles.extend(headlines.into_iter().map(|h| html_text::text(&value_of(h))));
    titles.push(html_text::text(&fields.text("title")));
    for title in titles.into_iter().filter(|title| !title.is_empty()) {
        if reading.front.title.is_empty() {
            reading.front.title = title;
        } else if title != reading.front.title {
            reading.keep("subtitle", title);
        }
    }
    let byline = fields.text("byline");
    let byline = if byline.is_empty() {
        fields.text("by")
    } else {
        byline
    };
    add_authors(reading, &byline);
    let located = fields.line("located");
    if !located.is_empty() {
        set_place(reading, located);
    }
    let source = [fields.line("source"), fields.line("provider")];
    reading.front.source = source.into_iter().find(|source| !source.is_empty());
    read_subjects(reading, fields);
    let note = fields.line("ednote");
    keep_line(reading, "editorial_note", &note);
    for name in ["correction", "corrections"] {
        let texts: Vec<String> = fields.list(&[name]).into_iter().map(value_of).collect();
        keep_line(reading, "correction", &texts.join(" "));
    }
    let made = fields.line("versioncreated");
    let created = [fields.line("firstcreated"), fields.line("contentcreated")];
    set_dates(reading, &[&created[0], &created[1]], &made);
    if let Some(until) = fields.take("embargoed").filter(|until| !until.is_null()) {
        set_embargo(reading, &text(until));
    }
    set_status(reading, &fields.line("pubstatus"), Some(note));
    ItemVersion::of(&fields.text("version"), &made)
}

/// Names are topics; codes are kept beside them.
fn read_subjects(reading: &mut Reading, fields: &mut ItemFields) {
    let mut topics = Vec::new();
    for subject in fields.list(&["subject", "subjects"]) {
        let Value::Object(mut subject) = subject else {
            topics.push(one_line(&text(subject)));
            continue;
        };
        let name = subject
            .get("name")
            .cloned()
            .map(value_of)
            .unwrap_or_default();
        topics.push(one_line(&name));
        let code = ["code", "uri", "qcode"]
            .iter()
            .find_map(|key| subject.shift_remove(*key));
        if let Some(code) = code.map(text).filter(|code| !code.is_empty()) {
            reading.keep("subject_codes", code);
        }
    }
    let keywords = fields.list(&["keywords"]);
    topics.extend(keywords.into_iter().map(|word| one_line(&value_of(word))));
    add(&mut reading.front.topics, topics);
}

/// A text of an item.
struct NinjsBody {
    is_html: bool,
    text: String,
}

/// The texts of an item, HTML first: they say the same, and HTML has the most markup.
fn bodies(fields: &mut ItemFields) -> Vec<NinjsBody> {
    let mut bodies: Vec<NinjsBody> = Vec::new();
    for name in ["body_xhtml", "body_html", "body_text"] {
        bodies.push(NinjsBody {
            is_html: name != "body_text",
            text: fields.text(name),
        });
    }
    for body in fields.list(&["bodies"]) {
        let kind = match &body {
            Value::Object(body) => {
                let kinds = body.iter().filter(|(key, _)| {
                    key.eq_ignore_ascii_case("contenttype") || key.eq_ignore_ascii_case("format")
                });
                kinds
                    .map(|(_, kind)| text(kind.clone()).to_lowercase())
                    .collect()
            }
            _ => String::new(),
        };
        let text = value_of(body);
        let is_html = kind.contains("html") || kind.is_empty() && html_text::is_html(&text);
        bodies.push(NinjsBody { is_html, text });
    }
    bodies.retain(|body| !body.text.trim().is_empty());
    bodies.sort_by_key(|body| !body.is_html);
    bodies
}

/// The descriptions of an item as plain text, each on one line.
fn summaries(fields: &mut ItemFields) -> Vec<String> {
    let plain = fields.text("description_text");
    let html = html_text::text(&fields.text("description_html"));
    let described = fields.list(&["descriptions", "description"]);
    let described = described.into_iter().map(|d| html_text::text(&value_of(d)));
    let all = [plain, html].into_iter().chain(described);
    all.map(|text| one_line(&text))
        .filter(|text| !text.is_empty())
        .collect()
}

/// Reads the first text, else the first description, as the body.
fn read_body(reading: &mut Reading, fields: &mut ItemFields) -> Result<(), String> {
    let mut bodies = bodies(fields).into_iter();
    let mut summaries = summaries(fields).into_iter();
    let dateline = fields.line("dateline");
    let mut done = Ok(());
    match bodies.next() {
        Some(body) if body.is_html => {
            let html = nitf::with_dateline(&body.text, &dateline);
            done = set_html(reading, &html, None);
        }
        Some(body) => set_plain(reading, &plain_with_dateline(&body.text, &dateline)),
        None => {
            if let Some(summary) = summaries.next() {
                set_plain(reading, &summary);
            }
        }
    }
    // A text with other words, a short version for instance, is kept.
    let shown = reading.account.decoded.as_ref().map_or("", |d| &d.body);
    let shown: String = non_whitespace(shown).collect();
    for NinjsBody { text, is_html } in bodies {
        let plain = match is_html {
            true => html_text::text(&text),
            false => one_line(&text),
        };
        if !non_whitespace(&plain).eq(shown.chars()) {
            reading.keep("other_bodies", plain);
        }
    }
    for summary in summaries {
        decoded_record::summary(reading, summary);
    }
    done
}

/// The text of a member of a list: its own, or that under `value`, `name` or `text`.
fn value_of(value: Value) -> String {
    match value {
        Value::Object(mut fields) => {
            let keys = ["value", "name", "text"];
            let value = keys.iter().find_map(|key| fields.shift_remove(*key));
            value.map(text).unwrap_or_default()
        }
        // Names in several languages.
        Value::Array(mut values) if !values.is_empty() => match values.swap_remove(0) {
            Value::Array(_) => String::new(),
            value => value_of(value),
        },
        value => text(value),
    }
}

fn text(value: Value) -> String {
    let mut text = match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    text.retain(is_text);
    text
}
