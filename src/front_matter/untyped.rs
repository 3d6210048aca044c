//! Untyped front matter, as other programs write it: any keys. Values of keys that may be ours are read as text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::{Format, SplitText};
use crate::diagnostics::Diagnostic;
use crate::model::front_matter_keys::{KEYS, KeyKind, TextList};
use crate::model::publicity;

/// How the value of a key is read.
#[derive(PartialEq)]
enum ValueKind {
    /// As text, whatever YAML would make of `no`, `1.10` or `012`.
    Text,
    List,
    Any,
}

/// The kind of a key's value, under our name or that of another program.
fn value_kind(name: &str) -> ValueKind {
    match KEYS.iter().find(|key| key.names().any(|n| n == name)) {
        None => ValueKind::Any,
        Some(key) => match key.kind {
            KeyKind::Required(..) | KeyKind::Text(..) | KeyKind::Date | KeyKind::DatePrecision => {
                ValueKind::Text
            }
            KeyKind::List(..) => ValueKind::List,
            KeyKind::Draft | KeyKind::Withdrawn | KeyKind::Raw => ValueKind::Any,
        },
    }
}

/// Keys and values, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct UntypedFrontMatter(Map<String, Value>);

impl UntypedFrontMatter {
    /// The text of a key, which is kept.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.0
            .get(key)?
            .as_str()
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// Removes a key and returns its text.
    pub(crate) fn take_text(&mut self, key: &str) -> Option<String> {
        let text = self.text(key)?.to_owned();
        self.0.shift_remove(key);
        Some(text)
    }

    /// Removes a key and returns its texts; empty if it has none.
    pub(crate) fn take_list(&mut self, key: &str) -> Vec<String> {
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        let texts: Option<Vec<String>> = match self.0.get(key) {
            Some(Value::Array(items)) => items.iter().map(text).collect(),
            Some(value) => text(value).map(|text| vec![text]),
            None => None,
        };
        // A value that is not a list of texts is kept.
        if texts.is_some() {
            self.0.shift_remove(key);
        }
        texts.unwrap_or_default()
    }

    /// Moves the keys of a table to the top level, except those that exist there.
    pub(crate) fn flatten(&mut self, table: &str) {
        let Some(Value::Object(inner)) = self.0.get_mut(table) else {
            return;
        };
        let inner = std::mem::take(inner);
        let (free, taken): (Map<_, _>, Map<_, _>) = inner
            .into_iter()
            .partition(|(key, _)| !self.0.contains_key(key));
        match taken.is_empty() {
            true => self.0.shift_remove(table),
            false => self.0.insert(table.to_owned(), taken.into()),
        };
        self.0.extend(free);
    }

    /// The keys that were not taken, without those that have no value, unless they may say that the text is not public.
    pub(crate) fn rest(mut self) -> Map<String, Value> {
        self.0
            .retain(|key, value| !value.is_null() || publicity::is_sign(key));
        self.0
    }
}

/// Reads front matter with any keys.
///
/// # Errors
/// As [`super::read`].
pub(crate) fn read_untyped(
    path: &str,
    text: &str,
    parts: &SplitText<'_>,
) -> Result<UntypedFrontMatter, Diagnostic> {
    match parts.format {
        Format::Yaml => serde_saphyr::from_str_with_options(parts.front, super::options())
            .map_err(|error| super::yaml_diagnostic(path, text, parts, &error)),
        Format::Toml => super::read_toml_table(path, text, parts).map(|mut table| {
            for (key, value) in &mut table {
                let is_scalar = value.is_number() || value.is_boolean();
                if is_scalar && value_kind(key) == ValueKind::Text {
                    *value = value.to_string().into();
                }
            }
            UntypedFrontMatter(table)
        }),
    }
}

impl<'de> Deserialize<'de> for UntypedFrontMatter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = UntypedFrontMatter;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("front matter: keys and values")
            }

            fn visit_unit<E>(self) -> Result<UntypedFrontMatter, E> {
                Ok(UntypedFrontMatter::default())
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<UntypedFrontMatter, A::Error> {
                let mut values = Map::new();
                while let Some(key) = map.next_key::<String>()? {
                    let value = match value_kind(&key) {
                        ValueKind::Text => map
                            .next_value::<Option<String>>()?
                            .map_or(Value::Null, Value::from),
                        ValueKind::List => map.next_value::<TextList>()?.0.into(),
                        ValueKind::Any => map.next_value()?,
                    };
                    values.insert(key, value);
                }
                Ok(UntypedFrontMatter(values))
            }
        }

        deserializer.deserialize_map(Keys)
    }
}
