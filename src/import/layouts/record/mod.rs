//! Records of named values, as JSON and tables have them, and the article that each makes.

mod body;

use std::collections::HashSet;
use std::ops::Range;

use serde_json::Value;

use self::body::{html_body, is_html, set_body};
use super::RawText;
use super::fields::{FIRST_COMMON, Field};
use super::inline;
use super::text::{first_words, set_date};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::provenance::{Decoded, Disposition};
use crate::import::reading::{Body, Reading};
use crate::import::repair::{byline, dates, language, line_breaks};
use crate::model::Date;

/// One value of a record.
#[derive(Debug, Clone)]
pub struct Entry {
    pub key: String,
    pub field: Option<(Field, usize)>,
    pub value: Value,
    /// Its bytes in the file.
    pub at: Range<usize>,
}

impl Entry {
    fn is(&self, field: Field) -> bool {
        self.field.is_some_and(|(f, _)| f == field)
    }

    fn text(&self) -> Option<String> {
        text_of(&self.value)
    }
}

/// Where an object holds the text of a field: `{"rendered": "…"}`, `{"name": "…"}`.
const INNER: &[&str] = &[
    "rendered", "main", "name", "value", "original", "text", "title", "#text", "$t", "$date",
    "$oid", "@value",
];

/// The text of a value: itself, or what an object holds under a known name; None where there is no word in it.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(members) => INNER.iter().find_map(|key| match members.get(*key) {
            Some(inner @ (Value::String(_) | Value::Number(_))) => text_of(inner),
            _ => None,
        })?,
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Whether a value is nothing but what [`text_of`] gives.
fn is_only_text(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().filter(|v| !is_blank(v)).count() <= 1,
        Value::Array(values) => values.iter().all(is_only_text),
        _ => true,
    }
}

/// Whether a value of JSON says nothing.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Whether a record has a text of its own.
pub fn has_body(entries: &[Entry]) -> bool {
    entries.iter().any(|e| {
        e.is(Field::Body)
            && matches!(e.value, Value::String(_) | Value::Object(_))
            && e.text().is_some()
    })
}

/// Whether a record has a title; `name` is one only for who has a text too.
pub fn has_title(entries: &[Entry]) -> bool {
    entries
        .iter()
        .any(|e| e.is(Field::Title) && !e.key.eq_ignore_ascii_case("name") && e.text().is_some())
}

/// Whether a record is an article: a text, or a title and what else only articles have.
pub fn is_article(entries: &[Entry]) -> bool {
    let also = [Field::Date, Field::Authors, Field::Summary, Field::Url];
    has_body(entries)
        || has_title(entries)
            && also
                .iter()
                .any(|field| entries.iter().any(|e| e.is(*field) && !is_blank(&e.value)))
}

/// The largest front matter of unknown keys, in bytes of JSON.
const MOST_EXTRA: usize = 1_000_000;

/// What a record says. `Err` says why it gives no article.
pub fn read(
    raw: &RawText<'_>,
    mut entries: Vec<Entry>,
    record: Range<usize>,
) -> Result<Reading, &'static str> {
    let mut reading = Reading {
        span: record.clone(),
        ..raw.reading()
    };
    let body = take_body(&mut reading, &mut entries);
    note(&mut reading, &entries, body.as_ref(), &record);
    let front = &mut reading.front;
    front.title = take(&mut entries, Field::Title, text_of)
        .map(|title| inline::text(&title))
        .unwrap_or_default();
    front.id = take(&mut entries, Field::Id, |value| {
        text_of(value).filter(|id| id.len() <= 200 && !id.contains(char::is_control))
    })
    .unwrap_or_default();
    front.slug = take(&mut entries, Field::Slug, text_of);
    front.source = take(&mut entries, Field::Source, text_of);
    front.place = take(&mut entries, Field::Place, text_of);
    front.lang = take(&mut entries, Field::Lang, |value| {
        language::tag(&text_of(value)?)
    });
    front.summary = take(&mut entries, Field::Summary, text_of).map(|text| inline::text(&text));
    front.topics = take_all(&mut entries, Field::Topics);
    let bylines = take_all_texts(&mut entries, Field::Authors);
    if let Some(url) = take(&mut entries, Field::Url, text_of) {
        front.extra.insert("url".to_owned(), url.into());
    }
    if let Some(date) = take(&mut entries, Field::Date, date_of) {
        set_date(&mut reading, date);
    }
    for byline in bylines {
        set_authors(&mut reading, &byline);
    }
    let body = body.and_then(|entry| entry.text()).unwrap_or_default();
    let body = line_breaks::resolve(&body).unwrap_or(body);
    let body = inline::escaped_twice(&body).unwrap_or(body);
    let is_html = is_html(&body);
    let html = match is_html {
        true => Some(html_body(&reading, &body)?),
        false => None,
    };
    let body = match is_html || !body.contains('&') {
        true => body,
        false => inline::resolve(&body),
    };
    if reading.front.title.is_empty() {
        if body.is_empty() {
            return Err("a record has neither a title nor a text");
        }
        let words = html.as_ref().map_or(&body, |html| &html.words);
        reading.front.title = first_words(words);
        reading.infer("title");
    }
    match html {
        Some(html) => {
            reading.set_dateline(html.words.trim_start());
            reading.body = Body::Markdown(html.text);
            reading.account.decoded = Some(Decoded {
                body: html.words,
                removed: String::new(),
            });
        }
        None => set_body(&mut reading, body),
    }
    let mut bytes = 0;
    for Entry { key, value, .. } in entries {
        if is_blank(&value) {
            continue;
        }
        bytes += key.len()
            + value
                .as_str()
                .map_or_else(|| value.to_string().len(), str::len);
        if bytes > MOST_EXTRA {
            return Err("a record has more than 1 MB besides its text");
        }
        reading.keep(key, value);
    }
    Ok(reading)
}

/// Labels are all that stands between the values.
fn note(reading: &mut Reading, rest: &[Entry], body: Option<&Entry>, record: &Range<usize>) {
    let mut places: Vec<(Range<usize>, Disposition)> = rest
        .iter()
        .map(|e| (e.at.clone(), Disposition::Field))
        .collect();
    places.extend(body.map(|e| (e.at.clone(), Disposition::Body)));
    places.sort_unstable_by_key(|(at, _)| (at.start, at.end));
    let mut from = record.start;
    let within = |at: Range<usize>| at.start - record.start..at.end - record.start;
    for (at, went) in places {
        reading
            .account
            .note(within(from..at.start.max(from)), Disposition::Label);
        reading.account.note(within(at.clone()), went);
        from = at.end;
    }
    reading
        .account
        .note(within(from..record.end.max(from)), Disposition::Label);
}

/// The longest text that a body's key names; else the summary, else the longest text of a record without either.
fn take_body(reading: &mut Reading, entries: &mut Vec<Entry>) -> Option<Entry> {
    let longest = |entries: &[Entry], is: &dyn Fn(&Entry) -> bool| {
        let texts = entries.iter().enumerate().filter(|(_, e)| is(e));
        let lengths = texts.filter_map(|(at, e)| Some((e.text()?.len(), std::cmp::Reverse(at))));
        lengths.max().map(|(_, at)| at.0)
    };
    let is_long = |e: &Entry| {
        matches!(&e.value, Value::String(text) if text.len() >= 200
            && text.split_whitespace().nth(12).is_some())
    };
    let is_set = |e: &Entry| e.field.is_some_and(|(_, rank)| rank < FIRST_COMMON);
    let named = longest(entries, &|e| e.is(Field::Body) && is_set(e))
        .or_else(|| longest(entries, &|e| e.is(Field::Body)));
    let at = named.or_else(|| {
        let at = longest(entries, &|e| e.is(Field::Summary))
            .or_else(|| longest(entries, &|e| e.field.is_none() && is_long(e)));
        if at.is_some() {
            reading.infer("body");
        }
        at
    })?;
    let entry = entries.remove(at);
    if !is_only_text(&entry.value) {
        entries.insert(
            at,
            Entry {
                field: None,
                at: entry.at.end..entry.at.end,
                ..entry.clone()
            },
        );
    }
    Some(entry)
}

/// Takes the first value of a field, in the order of its names, that can be read.
fn take<T>(
    entries: &mut Vec<Entry>,
    field: Field,
    read: impl Fn(&Value) -> Option<T>,
) -> Option<T> {
    let mut named: Vec<(usize, usize)> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, e)| Some((e.field.filter(|(f, _)| *f == field)?.1, at)))
        .collect();
    named.sort_unstable();
    let (at, value) = named
        .into_iter()
        .find_map(|(_, at)| Some((at, read(&entries[at].value)?)))?;
    if is_only_text(&entries[at].value) {
        entries.remove(at);
    }
    Some(value)
}

/// Takes the texts of every value of a field; lists give each of theirs, marked as one that stands alone.
fn take_all_texts(entries: &mut Vec<Entry>, field: Field) -> Vec<Listed> {
    let mut found: Vec<(usize, Vec<Listed>)> = Vec::new();
    entries.retain(|entry| {
        let Some((_, rank)) = entry.field.filter(|(f, _)| *f == field) else {
            return true;
        };
        let texts: Vec<Listed> = match &entry.value {
            Value::Array(values) => {
                let texts = values.iter().filter_map(text_of);
                texts.map(Listed::Alone).collect()
            }
            other => text_of(other).map(written_list).unwrap_or_default(),
        };
        // A day or a year among names is no name.
        let is_name = |listed: &Listed| {
            let (Listed::Alone(text) | Listed::Open(text)) = listed;
            field != Field::Authors || text.chars().filter(|c| c.is_numeric()).count() < 4
        };
        if !texts.iter().all(is_name) {
            return true;
        }
        let keeps = texts.is_empty() || !is_only_text(&entry.value) || !is_flat(&entry.value);
        found.push((rank, texts));
        keeps
    });
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().flat_map(|(_, texts)| texts).collect()
}

/// Whether every member of a list gave a text.
fn is_flat(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().all(|v| is_blank(v) || text_of(v).is_some()),
        _ => true,
    }
}

/// A text of a list.
#[derive(Debug)]
enum Listed {
    /// One member.
    Alone(String),
    /// A text that may be a list itself.
    Open(String),
}

/// `['a', 'b']`, as tables write lists.
fn written_list(text: String) -> Vec<Listed> {
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let Some(inner) = inner else {
        return vec![Listed::Open(text)];
    };
    let strings = serde_json::from_str::<Vec<String>>(&text);
    let members = strings.unwrap_or_else(|_| {
        let bare = |part: &str| part.trim().trim_matches(['\'', '"']).trim().to_owned();
        inner.split(',').map(bare).collect()
    });
    let members = members.into_iter().filter(|m| !m.trim().is_empty());
    members.map(Listed::Alone).collect()
}

fn take_all(entries: &mut Vec<Entry>, field: Field) -> Vec<String> {
    let mut seen = HashSet::new();
    take_all_texts(entries, field)
        .into_iter()
        .flat_map(|listed| match listed {
            Listed::Alone(text) => vec![text],
            Listed::Open(text) => {
                let parts = text.split([',', ';', '|', '،', '、']).map(str::trim);
                parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
            }
        })
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

/// Words that stand before a name and a colon without being a place.
const CREDITS: &[&str] = &[
    "by",
    "story by",
    "written by",
    "text",
    "text by",
    "words",
    "words by",
    "author",
    "authors",
    "reporter",
    "reporting by",
    "photo",
    "photos",
    "photo by",
    "editing by",
    "كتب",
    "كتبت",
    "تقرير",
    "حوار",
    "تصوير",
];

/// Names of authors; in `City: Name` the place stands first.
fn set_authors(reading: &mut Reading, listed: &Listed) {
    let (Listed::Alone(text) | Listed::Open(text)) = listed;
    let text = text.trim().trim_end_matches(':').trim_end();
    let parts = text.split_once(':').map(|(a, b)| (a.trim(), b.trim()));
    let parts = parts.filter(|(place, name)| {
        !place.is_empty()
            && !name.is_empty()
            && !name.contains(':')
            && !name.starts_with("//")
            && place.split_whitespace().count() <= 5
            && !place.chars().any(char::is_numeric)
            && !CREDITS.contains(&place.to_lowercase().as_str())
            && !CREDITS.contains(&place.rsplit(' ').next().unwrap_or_default())
    });
    let names = match parts.filter(|_| reading.front.place.is_none()) {
        Some((place, name)) => {
            reading.front.place = Some(place.to_owned());
            reading.infer("place");
            name
        }
        None => text,
    };
    let alone = matches!(listed, Listed::Alone(_));
    let names: Vec<String> = match alone {
        true => vec![names.to_owned()],
        false => names.split(['،', '、']).flat_map(byline::names).collect(),
    };
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        if !reading.front.authors.contains(&name) {
            reading.front.authors.push(name);
        }
    }
}

/// A date as it is spelt, as `20150723`, or in seconds or milliseconds since 1970.
fn date_of(value: &Value) -> Option<dates::ReadDate> {
    let text = text_of(value)?;
    if let Some(read) = dates::read(&text) {
        return Some(read);
    }
    let digits = text.strip_suffix(".0").unwrap_or(&text);
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let date = match digits.len() {
        8 => dates::in_path(digits),
        9 | 10 => instant(digits.parse().ok()?),
        13 => instant(digits.parse::<i64>().ok()? / 1000),
        _ => None,
    }?;
    Some(dates::ReadDate {
        date,
        other: None,
        evidence: Default::default(),
    })
}

fn instant(seconds: i64) -> Option<Date> {
    use chrono::{DateTime, Datelike as _};
    let at = DateTime::from_timestamp(seconds, 0)?.naive_utc();
    Date::of_day(at.year(), at.month(), at.day())?.at(at.time(), Some(0))
}

/// Why records of a file give no article: each reason once, where it first holds, and how often.
#[derive(Debug, Default)]
pub struct Problems(Vec<(String, usize, usize)>);

impl Problems {
    pub fn add(&mut self, what: &str, byte: usize) {
        match self.0.iter_mut().find(|(known, _, _)| known == what) {
            Some((_, _, times)) => *times += 1,
            None => self.0.push((what.to_owned(), byte, 1)),
        }
    }

    /// As readings that give no article.
    pub fn readings(self, raw: &RawText<'_>) -> impl Iterator<Item = Reading> {
        let diagnostic = |(what, byte, times): (String, usize, usize)| {
            Diagnostic::problem(Code::Unclassified, format!("raw/{}", raw.path), what)
                .times(times)
                .at_byte(raw.text, byte)
                .hint("what can be read of the file is imported; correct it there")
        };
        let made: Vec<Reading> = self
            .0
            .into_iter()
            .map(|problem| Reading {
                problem: Some(diagnostic(problem)),
                ..Reading::default()
            })
            .collect();
        made.into_iter()
    }
}

/// Gives records the ids that are theirs alone in the file.
pub fn set_records(readings: &mut [Reading]) {
    let mut times = std::collections::HashMap::<String, usize>::new();
    for reading in readings.iter().filter(|r| !r.front.id.is_empty()) {
        *times.entry(reading.front.id.clone()).or_default() += 1;
    }
    for reading in readings {
        if times.get(&reading.front.id) == Some(&1) {
            reading.record = Some(reading.front.id.clone());
        }
    }
}
