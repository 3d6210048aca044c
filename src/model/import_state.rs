//! What import has to know of existing articles.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::article::{FrontMatter, RawReference};
use super::library::alias_path;
use super::slug::slug;

/// What import has to know of a file of `content/`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportState {
    /// Empty if the front matter has no id.
    pub id: Box<str>,
    pub slug: Option<Box<str>>,
    /// As paths below the site's root.
    pub aliases: Box<[Box<str>]>,
    pub raw: Option<Box<RawReference>>,
    /// Whether a person changed it since it was imported.
    pub is_edited: bool,
    /// The names of files that its text shows, without the digests of those that import brought along.
    pub shows: Box<[Box<str>]>,
}

impl ImportState {
    /// The name of a file without its ending and without the digest that import adds to it, as a slug, so that a file of `raw/` and its
    /// copy have one name.
    pub fn file_name(target: &str) -> String {
        let end = target.find(['#', '?']).unwrap_or(target.len());
        let name = percent_decode_str(&target[..end]).decode_utf8_lossy();
        let name = name.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let is_digest = |end: &str| end.len() == 12 && end.bytes().all(|b| b.is_ascii_hexdigit());
        let stem = match stem.rsplit_once('-') {
            Some((before, end)) if is_digest(end) => before,
            _ => stem,
        };
        slug(stem).unwrap_or_default()
    }

    pub fn of(front: FrontMatter, is_edited: bool) -> Self {
        Self {
            id: front.id.into(),
            slug: front.slug.map(Into::into),
            aliases: front.aliases.iter().filter_map(|a| alias_path(a)).collect(),
            raw: front.raw.map(Box::new),
            is_edited,
            shows: Box::default(),
        }
    }
}
