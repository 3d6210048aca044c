//! What import has to know of existing articles.

use serde::{Deserialize, Serialize};

use super::article::{FrontMatter, RawReference};
use super::library::alias_path;

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
}

impl ImportState {
    pub fn of(front: FrontMatter, is_edited: bool) -> Self {
        Self {
            id: front.id.into(),
            slug: front.slug.map(Into::into),
            aliases: front.aliases.iter().filter_map(|a| alias_path(a)).collect(),
            raw: front.raw.map(Box::new),
            is_edited,
        }
    }
}
