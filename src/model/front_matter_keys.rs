//! The keys of an article's front matter as one table, used for reading, writing, layouts, repairs and templates.
//! Knows each key's name and field; never knows how YAML or TOML are written.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::article::FrontMatter;
use super::publicity;

/// A key of the front matter.
#[derive(Debug, Clone, Copy)]
pub struct KeySpec {
    pub name: &'static str,
    pub kind: KeyKind,
    /// The names that other programs have for it, the preferred one first.
    pub other_names: &'static [&'static str],
    /// Whether its value is prose, in which import repairs mojibake. Ids and addresses are not.
    pub is_prose: bool,
    /// Whether the Library has a field for it. Any other key is only passed to the article's template, as `article.NAME`.
    pub is_modelled: bool,
}

/// The type of a key's value, and its field.
#[derive(Debug, Clone, Copy)]
pub enum KeyKind {
    /// A text that is empty if the key is missing.
    Required(Get<String>, GetMut<String>),
    Text(Get<Option<String>>, GetMut<Option<String>>),
    List(Get<Vec<String>>, GetMut<Vec<String>>),
    Date,
    /// How much of the date is known, where that is not all that it says: `year` or `month`.
    DatePrecision,
    Draft,
    Withdrawn,
    Raw,
}

type Get<T> = fn(&FrontMatter) -> &T;
type GetMut<T> = fn(&mut FrontMatter) -> &mut T;

/// A key of the table: its kind, the field, which has its name, and the names that other programs have for it.
macro_rules! key {
    ($kind:ident $name:ident $($other:literal)*) => {
        KeySpec::new(
            stringify!($name),
            KeyKind::$kind(|front| &front.$name, |front| &mut front.$name),
            &[$($other),*],
        )
    };
}

/// Every key, in the order in which import writes them.
///
/// A new key that is a text or a list is one line here and one field in [`FrontMatter`].
pub const KEYS: &[KeySpec] = &[
    key!(Required id "guid").modelled(),
    key!(Required title "headline").prose().modelled(),
    KeySpec::new(
        "date",
        KeyKind::Date,
        &["published", "pubDate", "pubdate", "created"],
    )
    .modelled(),
    KeySpec::new("date_precision", KeyKind::DatePrecision, &[]).modelled(),
    key!(Text slug).modelled(),
    key!(List authors "author" "byline").prose().modelled(),
    key!(Text place "location").prose().modelled(),
    key!(Text source "publication").prose().modelled(),
    key!(Text lang "language" "locale").modelled(),
    key!(Text summary "description" "excerpt")
        .prose()
        .modelled(),
    key!(List topics "topic" "tags" "tag" "categories" "category" "keywords")
        .prose()
        .modelled(),
    key!(List not_topics).modelled(),
    key!(List aliases "alias" "redirect_from").modelled(),
    KeySpec::new("draft", KeyKind::Draft, &[]).modelled(),
    key!(List held_back),
    KeySpec::new("withdrawn", KeyKind::Withdrawn, &[]).modelled(),
    KeySpec::new("raw", KeyKind::Raw, &[]).modelled(),
    key!(List removed),
    key!(List repaired).modelled(),
    key!(List inferred).modelled(),
];

impl KeySpec {
    const fn new(name: &'static str, kind: KeyKind, other_names: &'static [&'static str]) -> Self {
        Self {
            name,
            kind,
            other_names,
            is_prose: false,
            is_modelled: false,
        }
    }

    const fn prose(mut self) -> Self {
        self.is_prose = true;
        self
    }

    const fn modelled(mut self) -> Self {
        self.is_modelled = true;
        self
    }

    /// The key of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// Its name, then those that other programs have for it.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.other_names.iter().copied())
    }

    /// Its value for templates: a text or a list, empty where the article has none.
    pub fn template_value(&self, front: &FrontMatter) -> serde_json::Value {
        match self.kind {
            KeyKind::Required(get, _) => get(front).as_str().into(),
            KeyKind::Text(get, _) => get(front).as_deref().unwrap_or_default().into(),
            KeyKind::List(get, _) => get(front).as_slice().into(),
            KeyKind::Date
            | KeyKind::DatePrecision
            | KeyKind::Draft
            | KeyKind::Withdrawn
            | KeyKind::Raw => serde_json::Value::Null,
        }
    }
}

impl<'de> Deserialize<'de> for FrontMatter {
    /// Reads a map key by key: a derived `flatten` would buffer each value as an open type first.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = FrontMatter;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("front matter: keys and values")
            }

            fn visit_unit<E>(self) -> Result<FrontMatter, E> {
                Ok(FrontMatter::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FrontMatter, A::Error> {
                let mut front = FrontMatter::default();
                let mut precision = None::<String>;
                while let Some(key) = map.next_key::<String>()? {
                    match KeySpec::named(&key).map(|key| key.kind) {
                        Some(KeyKind::Required(_, field)) => {
                            *field(&mut front) =
                                map.next_value::<Option<String>>()?.unwrap_or_default();
                        }
                        Some(KeyKind::Text(_, field)) => *field(&mut front) = map.next_value()?,
                        Some(KeyKind::List(_, field)) => {
                            *field(&mut front) = map.next_value::<TextList>()?.0;
                        }
                        // The zero of other programs, `0001-01-01`, is no date.
                        Some(KeyKind::Date) => {
                            let date: Option<super::Date> = map.next_value()?;
                            front.date = date.filter(|date| date.year() > 1);
                        }
                        Some(KeyKind::DatePrecision) => precision = map.next_value()?,
                        Some(KeyKind::Draft) => front.set_draft(key, map.next_value()?),
                        Some(KeyKind::Withdrawn) => {
                            front.withdrawn = publicity::withdrawal(&map.next_value()?);
                        }
                        Some(KeyKind::Raw) => front.raw = map.next_value()?,
                        None => {
                            front.extra.insert(key, map.next_value()?);
                        }
                    }
                }
                let precision = precision.unwrap_or_default();
                front.date = front.date.map(|date| date.with_precision(&precision));
                Ok(front)
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

/// A list of texts; a single text or an empty value is accepted too. Blank texts are left out.
pub(crate) struct TextList(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for TextList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = TextList;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_unit<E>(self) -> Result<TextList, E> {
                Ok(TextList(Vec::new()))
            }

            fn visit_str<E>(self, text: &str) -> Result<TextList, E> {
                Ok(TextList(if text.trim().is_empty() {
                    Vec::new()
                } else {
                    vec![text.to_owned()]
                }))
            }

            fn visit_i64<E>(self, number: i64) -> Result<TextList, E> {
                Ok(TextList(vec![number.to_string()]))
            }

            fn visit_u64<E>(self, number: u64) -> Result<TextList, E> {
                Ok(TextList(vec![number.to_string()]))
            }

            fn visit_f64<E>(self, number: f64) -> Result<TextList, E> {
                Ok(TextList(vec![number.to_string()]))
            }

            fn visit_bool<E>(self, truth: bool) -> Result<TextList, E> {
                Ok(TextList(vec![truth.to_string()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<TextList, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = seq.next_element::<Option<String>>()? {
                    texts.extend(text.filter(|t| !t.trim().is_empty()));
                }
                Ok(TextList(texts))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TextList, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Err(serde::de::Error::custom(
                    "expected a text or a list of texts, found keys and values",
                ))
            }
        }

        deserializer.deserialize_any(Texts)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_belongs_to_one_key() {
        let mut seen = BTreeSet::new();
        for name in KEYS.iter().flat_map(KeySpec::names) {
            assert!(seen.insert(name), "{name}");
        }
    }

    #[test]
    fn texts_and_lists_have_template_values() {
        let front = FrontMatter {
            removed: vec!["a".to_owned()],
            ..FrontMatter::default()
        };
        let value = |name| KeySpec::named(name).map(|key| key.template_value(&front));
        assert_eq!(value("removed"), Some(serde_json::json!(["a"])));
        assert_eq!(value("place"), Some("".into()));
        assert_eq!(value("mood"), None);
    }
}
