//! The values of JSON objects, with their bytes in the text. Never knows articles.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::import::layouts::fields::FieldNames;
use crate::import::layouts::keyed_record::KeyedValue;

/// A record with more keys is not read.
pub(crate) const MOST_KEYS: usize = 1_000;

/// Values nested deeper in a field are kept as strings of JSON.
const DEEPEST_VALUE: usize = 8;

/// The members of an object in their order, repeated keys included; `None` if there are too many.
pub(crate) struct Members<'a>(pub Option<Vec<(String, &'a RawValue)>>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while members.len() < MOST_KEYS {
                    match map.next_entry::<String, &'de RawValue>()? {
                        Some(member) => members.push(member),
                        None => return Ok(Members(Some(members))),
                    }
                }
                let mut more = false;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    more = true;
                }
                Ok(Members((!more).then_some(members)))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// Members with their fields and their bytes in `text`, from which they were read.
pub(crate) fn entries(
    text: &str,
    fields: &FieldNames,
    members: &[(String, &RawValue)],
) -> Vec<KeyedValue> {
    let entry = |(key, raw): &(String, &RawValue)| {
        let raw = raw.get();
        let start = (raw.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let value = value(raw, 0);
        KeyedValue {
            key: key.clone(),
            field: fields.field(key, value.as_str().unwrap_or_default()),
            value,
            at: start..start + raw.len(),
        }
    };
    members.iter().map(entry).collect()
}

/// A value as written: numbers that would lose a digit, and values nested too deeply, become strings.
fn value(raw: &str, depth: usize) -> Value {
    let as_text = || Value::String(raw.to_owned());
    match raw.as_bytes().first() {
        Some(b'"') => Value::String(string(raw)),
        Some(b'{' | b'[') if depth >= DEEPEST_VALUE => as_text(),
        Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(raw) {
            Ok(values) => values.iter().map(|v| value(v.get(), depth + 1)).collect(),
            Err(_) => as_text(),
        },
        Some(b'{') => match serde_json::from_str::<Members<'_>>(raw) {
            Ok(Members(Some(members))) => {
                let mut made = serde_json::Map::new();
                for (mut key, raw) in members {
                    while made.contains_key(&key) {
                        key.push_str("_again");
                    }
                    made.insert(key, value(raw.get(), depth + 1));
                }
                Value::Object(made)
            }
            _ => as_text(),
        },
        _ => match serde_json::from_str::<Value>(raw) {
            Ok(Value::Number(number)) if number.to_string() != raw => as_text(),
            Ok(value) => value,
            Err(_) => as_text(),
        },
    }
}

/// The text of a string. A half of a surrogate pair becomes U+FFFD.
fn string(raw: &str) -> String {
    serde_json::from_str(raw).unwrap_or_else(|_| {
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find('\\') {
            out.push_str(&rest[..at]);
            let length = escape_length(&rest[at..]);
            match rest.get(at..at + length) {
                Some(escape)
                    if serde_json::from_str::<String>(&format!("\"{escape}\"")).is_ok() =>
                {
                    out.push_str(escape);
                }
                _ => out.push('\u{fffd}'),
            }
            rest = rest.get(at + length..).unwrap_or_default();
        }
        out.push_str(rest);
        serde_json::from_str(&out).unwrap_or_else(|_| raw.trim_matches('"').to_owned())
    })
}

/// The bytes of the escape at the beginning of a text; of both if two are one character.
fn escape_length(text: &str) -> usize {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    match (unit(0), unit(6)) {
        (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
        (Some(_), _) => 6,
        (None, _) => 2,
    }
}
