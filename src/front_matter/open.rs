//! Front matter of other programs: any keys, those that may be ours kept as their very text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::{Parts, Spelling};
use crate::diagnostics::Diagnostic;
use crate::model::article::Many;

/// Keys whose values are read as text, whatever YAML would make of `no`, `1.10` or `012`.
const TEXTS: &[&str] = &[
    "id",
    "guid",
    "title",
    "headline",
    "date",
    "published",
    "pubDate",
    "pubdate",
    "created",
    "place",
    "location",
    "source",
    "publication",
    "lang",
    "language",
    "locale",
    "summary",
    "description",
    "excerpt",
    "withdrawn",
    "draft",
    "slug",
];

/// Keys whose values are read as lists of texts.
const LISTS: &[&str] = &[
    "authors",
    "author",
    "byline",
    "topics",
    "topic",
    "tags",
    "tag",
    "categories",
    "category",
    "keywords",
    "not_topics",
    "aliases",
    "alias",
    "redirect_from",
    "removed",
    "repaired",
    "inferred",
];

/// Keys and values, in the order of the file.
#[derive(Debug, Default)]
pub struct OpenFront(Map<String, Value>);

impl OpenFront {
    /// The text under a key, which stays.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0
            .get(key)?
            .as_str()
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    pub fn take_text(&mut self, key: &str) -> Option<String> {
        let text = self.text(key)?.to_owned();
        self.0.shift_remove(key);
        Some(text)
    }

    /// The texts under a key; none where there is nothing.
    pub fn take_list(&mut self, key: &str) -> Vec<String> {
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
        // What is no list of texts stays as it is.
        if texts.is_some() {
            self.0.shift_remove(key);
        }
        texts.unwrap_or_default()
    }

    /// Puts the keys of a table beside it where they are free, as if they had stood there.
    pub fn spread(&mut self, table: &str) {
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

    /// `true` or `false` under a key, which stays.
    pub fn truth(&self, key: &str) -> Option<bool> {
        self.text(key)?.to_lowercase().parse().ok()
    }

    pub fn take_truth(&mut self, key: &str) -> Option<bool> {
        let truth = self.truth(key)?;
        self.0.shift_remove(key);
        Some(truth)
    }

    /// What nobody took; keys without a value fall away.
    pub fn rest(mut self) -> Map<String, Value> {
        self.0.retain(|_, value| !value.is_null());
        self.0
    }
}

/// Reads front matter whose keys may be anyone's.
///
/// # Errors
/// As [`super::read`].
pub fn read_open(path: &str, text: &str, parts: &Parts<'_>) -> Result<OpenFront, Diagnostic> {
    match parts.spelling {
        Spelling::Yaml => serde_saphyr::from_str_with_options(parts.front, super::options())
            .map_err(|error| super::yaml_diagnostic(path, text, parts, &error)),
        Spelling::Toml => super::read_toml_table(path, text, parts).map(|mut table| {
            for (key, value) in table
                .iter_mut()
                .filter(|(key, _)| TEXTS.contains(&key.as_str()))
            {
                let _ = key;
                if value.is_number() || value.is_boolean() {
                    *value = value.to_string().into();
                }
            }
            OpenFront(table)
        }),
    }
}

impl<'de> Deserialize<'de> for OpenFront {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = OpenFront;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("front matter: keys and values")
            }

            fn visit_unit<E>(self) -> Result<OpenFront, E> {
                Ok(OpenFront::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OpenFront, A::Error> {
                let mut open = Map::new();
                while let Some(key) = map.next_key::<String>()? {
                    let value = match key.as_str() {
                        k if TEXTS.contains(&k) => map
                            .next_value::<Option<String>>()?
                            .map_or(Value::Null, Value::from),
                        k if LISTS.contains(&k) => map.next_value::<Many>()?.0.into(),
                        _ => map.next_value()?,
                    };
                    open.insert(key, value);
                }
                Ok(OpenFront(open))
            }
        }

        deserializer.deserialize_map(Keys)
    }
}
