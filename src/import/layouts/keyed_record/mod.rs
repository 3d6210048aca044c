//! A record as keys with values, as JSON and tables have it, and the article that it makes.
//! Knows no syntax of files.

mod body;
mod rich_text;
mod take;
mod values;

use std::ops::Range;

use serde_json::Value;

pub(crate) use self::values::is_blank;
use self::values::{date_of, is_only_text, text_of, without_text};
use super::decoded_record::unique;
use super::fields::{FIRST_COMMON, Field, kept_key};
use super::plain_record::set_date;
use super::{RawText, html_text};
use crate::diagnostics::Code;
use crate::import::html;
use crate::import::provenance::Disposition;
use crate::import::reading::Reading;
use crate::import::repair::language;
use crate::model::publicity;

/// One value of a record.
#[derive(Debug, Clone)]
pub(crate) struct KeyedValue {
    pub key: String,
    /// The field that the key names, and its place among the names of that field.
    pub field: Option<(Field, usize)>,
    pub value: Value,
    /// Its bytes in the file.
    pub at: Range<usize>,
}

impl KeyedValue {
    fn is(&self, field: Field) -> bool {
        self.field.is_some_and(|(f, _)| f == field)
    }

    fn text(&self) -> Option<String> {
        text_of(&self.value)
    }

    /// The text of a body, which may be in parts.
    fn body(&self) -> Option<String> {
        self.text().or_else(|| rich_text::text(&self.value))
    }
}

/// Why a record gives no article.
pub(crate) type RecordError = (Code, String);

/// Whether a record has a value under the key of a body.
pub(crate) fn has_body(entries: &[KeyedValue]) -> bool {
    entries.iter().any(|e| {
        e.is(Field::Body)
            && matches!(
                e.value,
                Value::String(_) | Value::Object(_) | Value::Array(_)
            )
            && e.body().is_some()
    })
}

/// Whether a record has a title; `name` is one only beside a text.
pub(crate) fn has_title(entries: &[KeyedValue]) -> bool {
    entries
        .iter()
        .any(|e| e.is(Field::Title) && !e.key.eq_ignore_ascii_case("name") && e.text().is_some())
}

/// Whether a record is an article: it has a text, or a title and another field that only articles have.
pub(crate) fn is_article(entries: &[KeyedValue]) -> bool {
    let also = [Field::Date, Field::Authors, Field::Summary, Field::Url];
    has_body(entries)
        || has_title(entries)
            && also
                .iter()
                .any(|field| entries.iter().any(|e| e.is(*field) && !is_blank(&e.value)))
}

/// Whether the text of a record may be gone.
fn is_withdrawn(entries: &[KeyedValue]) -> bool {
    let says = |e: &KeyedValue| publicity::withdrawal(&e.value).is_some() && !is_blank(&e.value);
    entries
        .iter()
        .any(|e| publicity::is_withdrawal(&e.key) && says(e))
}

/// Whether a record is an article with a text, or at least a summary.
pub(crate) fn has_text(entries: &[KeyedValue]) -> bool {
    let has_summary = || {
        entries
            .iter()
            .any(|e| e.is(Field::Summary) && e.text().is_some())
    };
    has_body(entries) || has_title(entries) && has_summary()
}

/// Whether a record that is not an article by its fields has a text nevertheless.
pub(crate) fn has_any_text(entries: &[KeyedValue]) -> bool {
    entries
        .iter()
        .any(|e| e.is(Field::Summary) && e.text().is_some() || is_long(e))
}

fn is_long(e: &KeyedValue) -> bool {
    matches!(&e.value, Value::String(text) if text.len() >= 200
        && text.split_whitespace().nth(12).is_some())
}

/// The most JSON of unknown keys that front matter can hold, in bytes.
const MOST_EXTRA: usize = 1_000_000;

/// A longer id does not identify a record, in bytes.
const LONGEST_ID: usize = 200;

/// The reading of a record.
///
/// # Errors
/// Why it gives no article.
pub(crate) fn read(
    raw: &RawText<'_>,
    mut entries: Vec<KeyedValue>,
    record: Range<usize>,
) -> Result<Reading, RecordError> {
    let mut reading = Reading {
        span: record.clone(),
        ..raw.reading()
    };
    let body = take_body(&mut reading, &mut entries);
    note(&mut reading, &entries, body.as_ref(), &record);
    set_fields(&mut reading, &mut entries);
    let text = body.and_then(|entry| entry.body()).unwrap_or_default();
    let text = match text.is_empty() && is_withdrawn(&entries) {
        true => None,
        false => Some(text),
    };
    body::set(&mut reading, text.as_deref())?;
    keep_rest(&mut reading, entries)?;
    Ok(reading)
}

fn set_fields(reading: &mut Reading, entries: &mut Vec<KeyedValue>) {
    // `subject` is what a record is about, unless it has no other title, as messages have none.
    let is_subject = |e: &KeyedValue| {
        let is_common = e.field.is_some_and(|(_, rank)| rank >= FIRST_COMMON);
        is_common && e.key.eq_ignore_ascii_case("subject")
    };
    let is_title = |e: &KeyedValue| e.is(Field::Title) && e.text().is_some();
    if entries.iter().any(|e| is_title(e) && !is_subject(e)) {
        let subjects = entries.iter_mut().filter(|e| is_subject(e));
        subjects.for_each(|entry| entry.field = Some((Field::Topics, FIRST_COMMON)));
    }
    let front = &mut reading.front;
    front.title = take::take(entries, Field::Title, text_of)
        .map(|title| html_text::text(&title))
        .unwrap_or_default();
    let is_id = |id: &String| id.len() <= LONGEST_ID && !id.contains(char::is_control);
    front.id =
        take::take(entries, Field::Id, |value| text_of(value).filter(is_id)).unwrap_or_default();
    front.slug = take::take(entries, Field::Slug, text_of);
    front.source = take::take(entries, Field::Source, text_of);
    front.place = take::take(entries, Field::Place, text_of);
    front.lang = take::take(entries, Field::Lang, |value| {
        language::tag(&text_of(value)?)
    });
    let summary = take::take(entries, Field::Summary, text_of);
    front.summary = summary.map(|text| html_text::text(&text));
    front.topics = take::take_list(entries, Field::Topics);
    for text in [&mut front.source, &mut front.place].into_iter().flatten() {
        *text = html_text::text(text);
    }
    if let Some(url) = take::take(entries, Field::Url, text_of) {
        front.extra.insert("url".to_owned(), url.into());
    }
    match take::take_local_date(entries) {
        Some(date) => reading.front.date = Some(date),
        None => {
            if let Some(date) = take::take(entries, Field::Date, date_of) {
                set_date(reading, date);
            }
        }
    }
    take::take_authors(reading, entries);
}

fn keep_rest(reading: &mut Reading, entries: Vec<KeyedValue>) -> Result<(), RecordError> {
    let mut bytes = 0;
    let shown: String = html::non_whitespace(reading.account.shown_words()).collect();
    for entry in entries {
        // A second form of the text, such as that without markup.
        let is_shown = |text: String| html::non_whitespace(&text).eq(shown.chars());
        let may_be_text = entry.is(Field::Body) || entry.value.is_array();
        let is_again = may_be_text && entry.body().is_some_and(is_shown);
        if is_blank(&entry.value) || is_again {
            continue;
        }
        let KeyedValue { key, value, .. } = entry;
        let length = match &value {
            Value::String(text) => text.len(),
            value => value.to_string().len(),
        };
        bytes += key.len() + length;
        if bytes > MOST_EXTRA {
            let message = "a record has more than 1 MB besides its text".to_owned();
            return Err((Code::RecordUnreadable, message));
        }
        let kept = kept_key(&key, value.as_str().unwrap_or_default());
        reading.keep(kept, value);
    }
    Ok(())
}

/// Notes where the words of a record went: everything between the values is a label.
fn note(
    reading: &mut Reading,
    rest: &[KeyedValue],
    body: Option<&KeyedValue>,
    record: &Range<usize>,
) {
    let mut places: Vec<(Range<usize>, Disposition)> = rest
        .iter()
        .map(|e| (e.at.clone(), Disposition::Field))
        .collect();
    places.extend(body.map(|e| (e.at.clone(), Disposition::Body)));
    places.sort_unstable_by_key(|(at, _)| (at.start, at.end));
    let mut from = record.start;
    let within = |at: Range<usize>| at.start - record.start..at.end - record.start;
    for (at, disposition) in places {
        reading
            .account
            .note(within(from..at.start.max(from)), Disposition::Label);
        reading.account.note(within(at.clone()), disposition);
        from = at.end;
    }
    reading
        .account
        .note(within(from..record.end.max(from)), Disposition::Label);
}

/// Takes the longest text under the key of a body, else the summary, else the longest text.
fn take_body(reading: &mut Reading, entries: &mut Vec<KeyedValue>) -> Option<KeyedValue> {
    let longest = |entries: &[KeyedValue], is: &dyn Fn(&KeyedValue) -> bool| {
        let texts = entries.iter().enumerate().filter(|(_, e)| is(e));
        let lengths = texts.filter_map(|(at, e)| Some((e.body()?.len(), std::cmp::Reverse(at))));
        lengths.max().map(|(_, at)| at.0)
    };
    let is_set = |e: &KeyedValue| e.field.is_some_and(|(_, rank)| rank < FIRST_COMMON);
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
    let says_more = match entry.text() {
        Some(_) => !is_only_text(&entry.value),
        None => rich_text::says_more(&entry.value),
    };
    if says_more {
        entries.insert(
            at,
            KeyedValue {
                field: None,
                at: entry.at.end..entry.at.end,
                key: entry.key.clone(),
                value: without_text(&entry.value),
            },
        );
    }
    Some(entry)
}

/// Why records of a file give no article: each reason once, with the place of the first and how often it occurs.
#[derive(Debug, Default)]
pub(crate) struct RecordProblems(Vec<(RecordError, usize, usize)>);

impl RecordProblems {
    pub(crate) fn add(&mut self, error: RecordError, byte: usize) {
        match self.0.iter_mut().find(|(known, _, _)| *known == error) {
            Some((_, _, times)) => *times += 1,
            None => self.0.push((error, byte, 1)),
        }
    }

    /// As readings that give no article.
    pub(crate) fn readings(self, raw: &RawText<'_>) -> impl Iterator<Item = Reading> {
        self.0
            .into_iter()
            .map(|((code, message), byte, times)| Reading {
                problem: Some(
                    raw.problem(code, message)
                        .times(times)
                        .at_byte(raw.text, byte)
                        .hint("the other records of the file are imported; correct it there"),
                ),
                ..Reading::default()
            })
    }
}

/// Identifies records by their own ids if no other record of the file has the same.
pub(crate) fn set_records(readings: &mut [Reading]) {
    for reading in readings.iter_mut() {
        let id = Some(reading.front.id.clone());
        reading.record = id.filter(|id| !id.is_empty());
    }
    unique(readings);
}
