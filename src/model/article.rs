//! An article as a file in `content/` holds it: front matter and a Markdown body.
//! Knows the fields and their types; never knows how YAML or TOML are written.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::date::Date;
use super::minhash::MinHash;
use super::word_counts::WordCounts;

/// What was written: one file in `content/`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Article {
    pub front: FrontMatter,
    /// Markdown, without the blank line that sets it off from the front matter.
    pub body: String,
}

/// The front matter, every known key typed so that YAML cannot turn `no` into a boolean or `1.10` into a number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FrontMatter {
    /// Unique in the site; empty where the file names none.
    pub id: String,
    pub title: String,
    pub date: Option<Date>,
    pub slug: Option<String>,
    pub authors: Vec<String>,
    pub place: Option<String>,
    pub source: Option<String>,
    /// A BCP 47 tag.
    pub lang: Option<String>,
    pub summary: Option<String>,
    /// Names, as read from the record or written by a person.
    pub topics: Vec<String>,
    pub not_topics: Vec<String>,
    /// Older paths below the site's root, each published as a redirect.
    pub aliases: Vec<String>,
    pub draft: bool,
    /// The reason why the text is no longer published.
    pub withdrawn: Option<String>,
    pub raw: Option<RawReference>,
    /// Words that import set aside as page debris.
    pub removed: Vec<String>,
    /// Letters that a repair changed, before and after: `exam- ple → example`.
    pub repaired: Vec<String>,
    /// Names of the fields that import inferred rather than read.
    pub inferred: Vec<String>,
    /// Every other key, in the order of the file, handed to templates as it is.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// Where an imported article came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RawReference {
    /// Path below `raw/`, with `/` between folders.
    pub path: String,
    /// The record's own id in a file of many, else the first 12 hex digits of `blake3`.
    #[serde(default)]
    pub record: String,
    /// BLAKE3 of the record's bytes, in hex.
    #[serde(default)]
    pub blake3: String,
    /// The layout that read it.
    #[serde(default)]
    pub layout: String,
    /// BLAKE3 of the Markdown file as import wrote it, without this key; a mismatch means that a person edited it.
    #[serde(default)]
    pub written: String,
    /// How many words of the record went where.
    #[serde(default, with = "as_text")]
    pub words: Option<WordCounts>,
    /// Of the body as import wrote it; None where it is too short for one.
    #[serde(default, with = "as_text")]
    pub sketch: Option<MinHash>,
}

/// What stands in front matter as one text, and in the cache as it is. A text that says nothing of the sort is as if it
/// were not there: these numbers are for counting, and no article is to be left out for them.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize + Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => value.as_ref().map(T::to_string).serialize(serializer),
            false => value.serialize(serializer),
        }
    }

    pub fn deserialize<'de, T: Deserialize<'de> + FromStr, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        match deserializer.is_human_readable() {
            true => {
                let text = Option::<String>::deserialize(deserializer)?;
                Ok(text.and_then(|text| text.parse().ok()))
            }
            false => Option::<T>::deserialize(deserializer),
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
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "id" => front.id = map.next_value::<Option<String>>()?.unwrap_or_default(),
                        "title" => {
                            front.title = map.next_value::<Option<String>>()?.unwrap_or_default()
                        }
                        "date" => front.date = map.next_value()?,
                        "slug" => front.slug = map.next_value()?,
                        "authors" => front.authors = map.next_value::<Many>()?.0,
                        "place" => front.place = map.next_value()?,
                        "source" => front.source = map.next_value()?,
                        "lang" => front.lang = map.next_value()?,
                        "summary" => front.summary = map.next_value()?,
                        "topics" => front.topics = map.next_value::<Many>()?.0,
                        "not_topics" => front.not_topics = map.next_value::<Many>()?.0,
                        "aliases" => front.aliases = map.next_value::<Many>()?.0,
                        "draft" => {
                            front.draft = map.next_value::<Option<bool>>()?.unwrap_or_default()
                        }
                        "withdrawn" => front.withdrawn = map.next_value()?,
                        "raw" => front.raw = map.next_value()?,
                        "removed" => front.removed = map.next_value::<Many>()?.0,
                        "repaired" => front.repaired = map.next_value::<Many>()?.0,
                        "inferred" => front.inferred = map.next_value::<Many>()?.0,
                        _ => {
                            front.extra.insert(key, map.next_value()?);
                        }
                    }
                }
                Ok(front)
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

/// A list of texts, also where a person wrote one text or nothing.
pub(crate) struct Many(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for Many {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = Many;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_unit<E>(self) -> Result<Many, E> {
                Ok(Many(Vec::new()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Many, E> {
                Ok(Many(if text.trim().is_empty() {
                    Vec::new()
                } else {
                    vec![text.to_owned()]
                }))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Many, E> {
                Ok(Many(vec![number.to_string()]))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Many, E> {
                Ok(Many(vec![number.to_string()]))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Many, E> {
                Ok(Many(vec![number.to_string()]))
            }

            fn visit_bool<E>(self, truth: bool) -> Result<Many, E> {
                Ok(Many(vec![truth.to_string()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Many, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = seq.next_element::<Option<String>>()? {
                    texts.extend(text.filter(|t| !t.trim().is_empty()));
                }
                Ok(Many(texts))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Many, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Err(serde::de::Error::custom(
                    "expected a text or a list of texts, found keys and values",
                ))
            }
        }

        deserializer.deserialize_any(Texts)
    }
}
