//! ninjs, news in JSON (IPTC, versions 1 to 3): one object, an array of them, or one after another.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{
    Version, add_authors, keep_line, left_out, newest, nitf, set_dates, set_embargo, set_status,
    settle,
};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::layouts::entries::{self, add, id, set_html, set_plain};
use crate::import::layouts::record::is_blank;
use crate::import::layouts::{Layout, RawText, inline};
use crate::import::reading::Reading;
use crate::import::repair::dateline;

pub struct Ninjs;

/// More records in one file are no articles.
const MOST_RECORDS: usize = 200_000;

/// Keys, in small letters, of which one beside `uri` and a text or a headline tells ninjs from other JSON.
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

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let Some(Ok((item, _))) = Items::of(raw.text).next() else {
            return false;
        };
        let Ok(fields) = serde_json::from_str::<Map<String, Value>>(item.get()) else {
            return false;
        };
        let has = |is: &dyn Fn(&str) -> bool| fields.keys().any(|key| is(&key.to_lowercase()));
        let is_text = |key: &str| {
            matches!(key, "headline" | "headlines" | "bodies") || key.starts_with("body_")
        };
        has(&|key| key == "uri") && has(&is_text) && has(&|key| OWN.contains(&key))
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut readings = Vec::new();
        let mut versions = Vec::new();
        for item in Items::of(raw.text) {
            let refused = |what: String, at: usize| {
                Diagnostic::problem(Code::Unclassified, format!("raw/{}", raw.path), what)
                    .at_byte(raw.text, at)
                    .hint("divide or repair it, or put it in `ignore` under `[import]`")
            };
            let (item, at) = match item {
                Ok(item) => item,
                Err(at) if readings.is_empty() => {
                    return Err(refused("it is not well-formed JSON".to_owned(), at));
                }
                Err(at) => {
                    let what = "it is not well-formed JSON here; the records before that are read";
                    readings.push(Reading {
                        problem: Some(refused(what.to_owned(), at)),
                        ..raw.reading()
                    });
                    break;
                }
            };
            if readings.len() >= MOST_RECORDS {
                return Err(refused(
                    format!("it has more than {MOST_RECORDS} records"),
                    at,
                ));
            }
            let (reading, version) = read_item(raw, item, at);
            readings.push(reading);
            versions.push(version);
        }
        newest(&mut readings, &versions, raw.path);
        Ok(readings)
    }
}

/// The values of a file, each with the byte where it begins; the byte where it breaks.
struct Items<'a> {
    text: &'a str,
    at: usize,
    is_broken: bool,
}

impl<'a> Items<'a> {
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

impl<'a> Iterator for Items<'a> {
    type Item = Result<(&'a RawValue, usize), usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|_| !self.is_broken)?;
        let parted = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '\u{1e}');
        self.at += rest.len() - rest.trim_start_matches(parted).len();
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

fn read_item(raw: &RawText<'_>, item: &RawValue, at: usize) -> (Reading, Option<Version>) {
    let mut reading = Reading {
        span: at..at + item.get().len(),
        ..raw.reading()
    };
    let fields = serde_json::from_str::<Map<String, Value>>(item.get());
    let Ok(fields) = fields else {
        let failed = Some("an item cannot be read: it is nested too deeply".to_owned());
        settle(&mut reading, raw.path, None, failed);
        return (reading, None);
    };
    let mut fields = Fields(fields);
    let kind = fields.line("type").to_lowercase();
    if matches!(
        kind.as_str(),
        "picture" | "graphic" | "video" | "audio" | "event" | "planning"
    ) {
        let what = "a news item is a picture, a sound, a film or a plan, and is left out";
        return (left_out(raw.path, reading, what), None);
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
    settle(&mut reading, raw.path, None, failed);
    (reading, Some(version))
}

/// The keys of an item; version 1 writes `versioncreated`, version 3 `versionCreated`.
struct Fields(Map<String, Value>);

impl Fields {
    fn take(&mut self, name: &str) -> Option<Value> {
        let is_it = |key: &&String| key.eq_ignore_ascii_case(name);
        let key = self.0.keys().find(is_it)?.clone();
        self.0.shift_remove(&key)
    }

    fn text(&mut self, name: &str) -> String {
        self.take(name).map(text).unwrap_or_default()
    }

    fn line(&mut self, name: &str) -> String {
        inline::line(&self.text(name))
    }

    /// Values of a list, under its name in the singular or the plural.
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

fn read_fields(reading: &mut Reading, fields: &mut Fields) -> Version {
    id(reading, fields.text("uri").trim());
    reading.set_language(&fields.text("language"));
    let mut titles = vec![inline::text(&fields.text("headline"))];
    let headlines = fields.list(&["headlines"]);
    titles.extend(headlines.into_iter().map(|h| inline::text(&value_of(h))));
    titles.push(inline::text(&fields.text("title")));
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
        let is_shouted = !located.chars().any(char::is_lowercase);
        reading.front.place = Some(match is_shouted {
            true => dateline::title_case(&located),
            false => located,
        });
    }
    let source = [fields.line("source"), fields.line("provider")];
    reading.front.source = source.into_iter().find(|source| !source.is_empty());
    read_subjects(reading, fields);
    let note = fields.line("ednote");
    keep_line(reading, "editorial_note", &note);
    for name in ["correction", "corrections"] {
        let said: Vec<String> = fields.list(&[name]).into_iter().map(value_of).collect();
        keep_line(reading, "correction", &said.join(" "));
    }
    let made = fields.line("versioncreated");
    let created = [fields.line("firstcreated"), fields.line("contentcreated")];
    set_dates(reading, &[&created[0], &created[1]], &made);
    if let Some(until) = fields.take("embargoed").filter(|until| !until.is_null()) {
        set_embargo(reading, &text(until));
    }
    set_status(reading, &fields.line("pubstatus"), Some(note));
    Version::of(&fields.text("version"), &made)
}

/// Names are topics; codes are kept beside them.
fn read_subjects(reading: &mut Reading, fields: &mut Fields) {
    let mut topics = Vec::new();
    for subject in fields.list(&["subject", "subjects"]) {
        let Value::Object(mut subject) = subject else {
            topics.push(inline::line(&text(subject)));
            continue;
        };
        let name = subject
            .get("name")
            .cloned()
            .map(value_of)
            .unwrap_or_default();
        topics.push(inline::line(&name));
        let code = ["code", "uri", "qcode"]
            .iter()
            .find_map(|key| subject.shift_remove(*key));
        if let Some(code) = code.map(text).filter(|code| !code.is_empty()) {
            reading.keep("subject_codes", code);
        }
    }
    let keywords = fields.list(&["keywords"]);
    topics.extend(
        keywords
            .into_iter()
            .map(|word| inline::line(&value_of(word))),
    );
    add(&mut reading.front.topics, topics);
}

/// A text that an item holds, and whether it is HTML.
struct Body {
    is_html: bool,
    text: String,
}

/// XHTML before HTML before plain text: they say the same, and the first keeps the most.
fn read_body(reading: &mut Reading, fields: &mut Fields) -> Result<(), String> {
    let mut bodies: Vec<Body> = Vec::new();
    for name in ["body_xhtml", "body_html", "body_text"] {
        bodies.push(Body {
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
        let is_html = kind.contains("html") || kind.is_empty() && inline::is_html(&text);
        bodies.push(Body { is_html, text });
    }
    bodies.retain(|body| !body.text.trim().is_empty());
    // The first HTML; of equals the one that comes first.
    bodies.sort_by_key(|body| !body.is_html);
    let mut summaries = vec![fields.text("description_text")];
    let html = fields.text("description_html");
    summaries.push(inline::text(&html));
    let described = fields.list(&["descriptions", "description"]);
    summaries.extend(described.into_iter().map(|d| inline::text(&value_of(d))));
    let mut summaries = summaries
        .into_iter()
        .map(|text| inline::line(&text))
        .filter(|text| !text.is_empty());
    let line = fields.line("dateline");
    let mut done = Ok(());
    let mut bodies = bodies.into_iter();
    match bodies.next() {
        Some(Body {
            is_html: true,
            text,
        }) => {
            done = set_html(reading, &nitf::with_dateline(&text, &line), None);
        }
        Some(Body { text, .. }) => {
            let is_there = text.trim_start().starts_with(&line);
            match is_there {
                true => set_plain(reading, &text),
                false => set_plain(reading, &format!("{line} {}", text.trim_start())),
            }
        }
        None => {
            if let Some(summary) = summaries.next() {
                set_plain(reading, &summary);
            }
        }
    }
    // A body that says something else, a short version for instance, is kept.
    let shown = reading.account.decoded.as_ref().map_or("", |d| &d.body);
    let shown: String = crate::import::html::non_whitespace(shown).collect();
    for Body { text, is_html } in bodies {
        let plain = if is_html {
            inline::text(&text)
        } else {
            inline::line(&text)
        };
        if !crate::import::html::non_whitespace(&plain).eq(shown.chars()) {
            reading.keep("other_bodies", plain);
        }
    }
    for summary in summaries {
        entries::summary(reading, summary);
    }
    done
}

/// What an entry of a list says: the text itself, or the one under `value`, `name` or `text`.
fn value_of(value: Value) -> String {
    match value {
        Value::Object(mut fields) => {
            let said = ["value", "name", "text"];
            let said = said.iter().find_map(|key| fields.shift_remove(*key));
            said.map(text).unwrap_or_default()
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
    // Other control characters are no letters, and front matter cannot hold them.
    text.retain(|c| !c.is_control() || c.is_whitespace());
    text
}
