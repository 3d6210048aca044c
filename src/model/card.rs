//! The data of an article in the Library: what other pages may show, and what only its own page shows.

use serde::{Deserialize, Serialize};

use super::article::RawReference;
use super::date::Date;
use super::digest::Digest;
use super::origin::Origins;
use super::term::TermNo;

/// Everything that *other* pages may show of an article: a view into the Library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Card<'a> {
    pub id: &'a str,
    pub title: &'a str,
    /// Its page's path below the site's root.
    pub path: &'a str,
    pub date: Option<Date>,
    pub summary: &'a str,
    pub place: Option<&'a str>,
    pub source: Option<&'a str>,
    pub authors: &'a [TermNo],
    /// Strongest first.
    pub topics: &'a [TermNo],
}

/// An article as it is in its file, before the Library assigns its id, path and terms.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ArticleEntry {
    /// Below `content/`, with `/` between folders.
    pub file: Box<str>,
    /// Never empty: the front matter's, else a digest of `file`.
    pub id: Box<str>,
    pub title: Box<str>,
    /// Never empty: the front matter's, else the title's, else the id.
    pub slug: Box<str>,
    pub date: Option<Date>,
    /// The front matter's, else the beginning of the body.
    pub summary: Box<str>,
    pub place: Option<Box<str>>,
    /// The agency or paper from which it came.
    pub source: Option<Box<str>>,
    pub authors: Box<[Box<str>]>,
    /// Those of the front matter in its order, then the matched ones, strongest first.
    pub topics: Box<[Mention]>,
    pub own: ArticleDetails,
}

/// A topic that an article belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mention {
    /// The number of a definition in `topics.toml`, and how strongly the text matches it; `None` if the front matter names it.
    Defined(TermNo, Option<u32>),
    /// A name in the front matter that `topics.toml` does not define.
    Named(Box<str>),
}

/// What only the article's own page and feeds show.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ArticleDetails {
    pub body: Digest,
    pub lang: Option<Box<str>>,
    pub aliases: Box<[Box<str>]>,
    pub withdrawn: Option<Box<str>>,
    /// When it was changed, as its front matter says.
    pub modified: Option<Date>,
    pub raw: Option<Box<RawReference>>,
    pub inferred: Box<[String]>,
    /// The keys of the front matter that only templates use, see [`KeySpec::is_modelled`](super::front_matter_keys::KeySpec);
    /// without those that are empty.
    #[serde(with = "as_json")]
    pub keys: Option<Box<Extra>>,
    #[serde(with = "as_json")]
    pub extra: Option<Box<Extra>>,
    pub links: Box<[BodyLink]>,
    /// Where it came from, and which such places its links name; `None` if it has no origin and names no other.
    pub origins: Option<Box<Origins>>,
}

/// Keys of the front matter that only templates use.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// [`Extra`] as its JSON text, as formats that are not self-describing cannot store values of any type.
mod as_json {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de, ser};

    use super::Extra;

    #[allow(clippy::box_collection, reason = "the type of the field")]
    pub(crate) fn serialize<S: Serializer>(
        extra: &Option<Box<Extra>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = extra.as_ref().map(serde_json::to_string).transpose();
        text.map_err(ser::Error::custom)?.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Box<Extra>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| serde_json::from_str(&text).map_err(de::Error::custom))
            .transpose()
    }
}

/// A link in a body that points into this site, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyLink {
    pub target: Box<str>,
    /// 1-based, in the file.
    pub line: u32,
}

/// A hand-written page: a Markdown file of `content/` that is not an article.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StandalonePage {
    /// Below `content/`; its path is the same with `.html`.
    pub file: Box<str>,
    pub title: Box<str>,
    pub summary: Box<str>,
    pub own: ArticleDetails,
}

impl StandalonePage {
    /// Below the site's root.
    pub fn path(&self) -> String {
        let stem = self
            .file
            .strip_suffix(".md")
            .or_else(|| self.file.strip_suffix(".markdown"))
            .unwrap_or(&self.file);
        format!("{stem}.html")
    }
}
