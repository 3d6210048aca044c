//! An article as a file in `content/` holds it: front matter and a Markdown body.
//! Knows the fields and their types; never how YAML or TOML are written.

use serde::{Deserialize, Serialize};

use serde_json::Value;

use super::date::Date;
use super::digest;
use super::minhash::MinHash;
use super::publicity::{self, Publicity, SignReader, Signs};
use super::word_counts::WordCounts;

/// An article: one file in `content/`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Article {
    pub front: FrontMatter,
    /// Markdown, without the blank line between it and the front matter.
    pub body: String,
}

/// The front matter. Every known key is typed, so that YAML cannot turn `no` into a boolean or `1.10` into a number;
/// [`KEYS`](super::front_matter_keys::KEYS) lists them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FrontMatter {
    /// Unique in the site; empty if the file has none.
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
    /// Whether the article is not published.
    pub draft: bool,
    /// The signs of its record for which import made it a draft: `status: private`.
    pub held_back: Vec<String>,
    /// The reason why the text is no longer published; empty if none is written.
    pub withdrawn: Option<String>,
    pub raw: Option<RawReference>,
    /// Words that import set aside as page debris.
    pub removed: Vec<String>,
    /// Characters that a repair changed, before and after: `exam- ple → example`.
    pub repaired: Vec<String>,
    /// Names of the fields that import inferred rather than read.
    pub inferred: Vec<String>,
    /// Every other key, in the order of the file, handed to templates unchanged.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl FrontMatter {
    /// Sets `draft`. A value that is not understood makes the article a draft, and is kept among the [signs](Self::signs).
    pub(super) fn set_draft(&mut self, key: String, value: Value) {
        let says = self.sign_reader().read(&key, &value);
        self.draft = says.is_some_and(|says| says != Publicity::Public);
        if says == Some(Publicity::Unclear) {
            self.extra.insert(key, value);
        }
    }

    /// The signs by which its owner holds an article back, other than `draft`.
    pub fn signs(&self) -> Signs {
        self.sign_reader().signs(&self.extra)
    }

    /// Whether the text of a file below `content/` is not published.
    pub fn is_held_back(&self, file: &str) -> bool {
        self.draft || publicity::folder_held_back(file).is_some() || !self.signs().is_public()
    }

    fn sign_reader(&self) -> SignReader<'static> {
        SignReader {
            has_place: self.place.is_some(),
            blank_is_unclear: true,
            ..SignReader::default()
        }
    }
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
    /// How many words of the record became label, field, body or were removed.
    #[serde(default, with = "as_text")]
    pub words: Option<WordCounts>,
    /// Of the body as import wrote it; `None` if it is too short for one.
    #[serde(default, with = "as_text")]
    pub sketch: Option<MinHash>,
}

impl RawReference {
    /// A digest of the record and of what it said; never 0.
    pub fn record_digest(&self) -> u64 {
        record_digest(&self.path, &self.record, &self.blake3)
    }
}

/// As [`RawReference::record_digest`].
pub fn record_digest(path: &str, record: &str, blake3: &str) -> u64 {
    digest::short([path, record, blake3].join("\0").as_bytes()) | 1
}

/// A value that front matter holds as one text, and the cache in binary. A text that cannot be parsed is ignored:
/// these numbers are for statistics only, and no article is left out because of them.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<T: Serialize + Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => value.as_ref().map(T::to_string).serialize(serializer),
            false => value.serialize(serializer),
        }
    }

    pub(crate) fn deserialize<'de, T: Deserialize<'de> + FromStr, D: Deserializer<'de>>(
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
