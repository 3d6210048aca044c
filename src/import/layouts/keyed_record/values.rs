//! What a value of a record says as a text or a date. Never knows keys.

use serde_json::Value;

use crate::import::repair::dates;
use crate::model::Date;

/// Keys under which an object has the text of a field: `{"rendered": "…"}`, `{"name": "…"}`.
const INNER: &[&str] = &[
    "rendered", "main", "name", "value", "original", "text", "title", "#text", "$t", "$date",
    "$oid", "@value",
];

/// The text of a value: its own, or that of an object under a known key; `None` if it is blank.
pub(crate) fn text_of(value: &Value) -> Option<String> {
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

/// Whether [`text_of`] gives all that a value says.
pub(crate) fn is_only_text(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().filter(|v| !is_blank(v)).count() <= 1,
        Value::Array(values) => values.iter().all(is_only_text),
        _ => true,
    }
}

/// What an object says beside its text. `protected: false`, as WordPress writes it, says nothing.
pub(crate) fn without_text(value: &Value) -> Value {
    let Value::Object(members) = value else {
        return value.clone();
    };
    let is_text = |key: &str| {
        let is_first = INNER.iter().find(|known| {
            matches!(members.get(**known), Some(inner @ (Value::String(_) | Value::Number(_))) if text_of(inner).is_some())
        });
        is_first.is_some_and(|first| *first == key)
    };
    let says_nothing = |key: &str, value: &Value| {
        is_text(key) || key == "protected" && value == &Value::Bool(false)
    };
    let rest = members
        .iter()
        .filter(|(key, value)| !says_nothing(key, value));
    Value::Object(
        rest.map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    )
}

/// Whether a value of JSON is empty.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// A date in any spelling, as `20150723`, or in seconds or milliseconds since 1970.
pub(crate) fn date_of(value: &Value) -> Option<dates::ReadDate> {
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
