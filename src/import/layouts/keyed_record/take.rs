//! Takes the values of a field out of a record. What is left over is kept by the caller.

use std::collections::HashSet;

use serde_json::Value;

use super::super::listed::listed_names;
use super::KeyedValue;
use super::values::{is_blank, is_only_text, text_of};
use crate::import::layouts::fields::Field;
use crate::import::layouts::html_text;
use crate::import::reading::Reading;
use crate::import::repair::{byline, dates};
use crate::model::Date;

/// Takes the first value of a field, in the order of its names, that can be read.
pub(crate) fn take<T>(
    entries: &mut Vec<KeyedValue>,
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

/// Keys of a local time, and of the same moment in UTC, as WordPress writes them.
const LOCAL_AND_UTC: &[(&str, &str)] = &[("date", "date_gmt"), ("post_date", "post_date_gmt")];

/// Takes a local time whose offset the same moment in UTC gives: the day is that of the place where it was published.
pub(crate) fn take_local_date(entries: &mut Vec<KeyedValue>) -> Option<Date> {
    LOCAL_AND_UTC.iter().find_map(|(local, utc)| {
        let date_under = |key: &str| {
            let entry = entries.iter().find(|e| e.key.eq_ignore_ascii_case(key))?;
            Some(dates::read(&text_of(&entry.value)?)?.date)
        };
        let date = date_under(local)?.beside_utc(date_under(utc)?)?;
        let is_one =
            |e: &KeyedValue| e.key.eq_ignore_ascii_case(local) || e.key.eq_ignore_ascii_case(utc);
        entries.retain(|entry| !is_one(entry));
        Some(date)
    })
}

/// Takes the texts of every value of a field, each member of a list as one.
fn take_texts(entries: &mut Vec<KeyedValue>, field: Field) -> Vec<ListedText> {
    let mut found: Vec<(usize, Vec<ListedText>)> = Vec::new();
    entries.retain(|entry| {
        let Some((_, rank)) = entry.field.filter(|(f, _)| *f == field) else {
            return true;
        };
        let texts: Vec<ListedText> = match &entry.value {
            Value::Array(values) => {
                let texts = values.iter().filter_map(text_of);
                texts
                    .map(|text| ListedText::Member(html_text::text(&text)))
                    .collect()
            }
            // References are resolved before names are separated: `Andr&eacute; Moss`.
            other => text_of(other)
                .map(|text| written_list(html_text::text(&text)))
                .unwrap_or_default(),
        };
        // What contains a day or a year is not a name.
        let is_name = |listed: &ListedText| {
            let (ListedText::Member(text) | ListedText::Unsplit(text)) = listed;
            field != Field::Authors || text.chars().filter(|c| c.is_numeric()).count() < 4
        };
        if !texts.iter().all(is_name) || is_reference(&entry.value, field) {
            return true;
        }
        let keeps = texts.is_empty() || !is_only_text(&entry.value) || !is_flat(&entry.value);
        found.push((rank, texts));
        keeps
    });
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().flat_map(|(_, texts)| texts).collect()
}

/// Whether a value is the number of a person or a topic in a database, or several such: an export that has only these does not
/// say the names.
fn is_reference(value: &Value, field: Field) -> bool {
    match value {
        Value::Number(_) => field == Field::Authors,
        Value::Array(values) => {
            matches!(field, Field::Authors | Field::Topics)
                && !values.is_empty()
                && values.iter().all(Value::is_number)
        }
        _ => false,
    }
}

/// Whether every member of a list gave a text.
fn is_flat(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().all(|v| is_blank(v) || text_of(v).is_some()),
        _ => true,
    }
}

/// A text of a field that may have several.
#[derive(Debug)]
enum ListedText {
    /// A member of a list.
    Member(String),
    /// A text that may be a list itself.
    Unsplit(String),
}

/// Splits `['a', 'b']`, as tables write lists.
fn written_list(text: String) -> Vec<ListedText> {
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let Some(inner) = inner else {
        return vec![ListedText::Unsplit(text)];
    };
    let strings = serde_json::from_str::<Vec<String>>(&text);
    let members = strings.unwrap_or_else(|_| {
        let bare = |part: &str| part.trim().trim_matches(['\'', '"']).trim().to_owned();
        inner.split(',').map(bare).collect()
    });
    let members = members.into_iter().filter(|m| !m.trim().is_empty());
    members.map(ListedText::Member).collect()
}

/// Takes the texts of every value of a field, each once; a text may be a list.
pub(crate) fn take_list(entries: &mut Vec<KeyedValue>, field: Field) -> Vec<String> {
    let mut seen = HashSet::new();
    take_texts(entries, field)
        .into_iter()
        .flat_map(|listed| match listed {
            ListedText::Member(text) => vec![text],
            ListedText::Unsplit(text) => listed_names(&text).map(str::to_owned).collect(),
        })
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

/// Words before a name and a colon that are not a place.
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

/// Takes the authors.
pub(crate) fn take_authors(reading: &mut Reading, entries: &mut Vec<KeyedValue>) {
    for listed in take_texts(entries, Field::Authors) {
        set_authors(reading, &listed);
    }
}

/// Adds the names of a byline; `City: Name` begins with a place.
fn set_authors(reading: &mut Reading, listed: &ListedText) {
    let (ListedText::Member(text) | ListedText::Unsplit(text)) = listed;
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
    let alone = matches!(listed, ListedText::Member(_));
    let names: Vec<String> = match alone {
        true => vec![names.to_owned()],
        false => names.split(['،', '、']).flat_map(byline::names).collect(),
    };
    for name in names {
        let (name, agency) = match reading.front.source {
            None => byline::without_agency(&name),
            Some(_) => (name.as_str(), None),
        };
        if let Some(agency) = agency {
            reading.front.source = Some(agency.to_owned());
            reading.infer("source");
        }
        if !name.is_empty() && !reading.front.authors.iter().any(|known| known == name) {
            reading.front.authors.push(name.to_owned());
        }
    }
}
