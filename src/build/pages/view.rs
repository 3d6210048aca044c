//! Everything that pages are made from, and the values that many of them share.

use serde_json::json;
use tera::Value;

use super::KINDS;
use super::value_cache::ValueCache;
use crate::build::theme::Theme;
use crate::build::value_digest::value_digest;
use crate::model::Library;
use crate::model::digest::{self, Digest};
use crate::model::subject::Subject;
use crate::model::term::{ArticleNo, ListId};
use crate::settings::Settings;

/// Everything that pages are made from.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub library: &'a Library,
    pub settings: &'a Settings,
    pub values: &'a PageValues,
}

impl View<'_> {
    /// A digest of a subject's name: the owner of its pages.
    pub fn owner(&self, subject: &Subject) -> u64 {
        digest::short(self.library.name_of(subject).as_bytes())
    }
}

/// Values that many pages use, created once for all of them.
pub struct PageValues {
    /// All of `[site]`, with the menu.
    pub site: SharedValue,
    /// The theme's values.
    pub theme: SharedValue,
    /// An article's date, as templates get it.
    pub dates: ValueCache<ArticleNo>,
    /// A link to a list, under a name.
    pub links: ValueCache<(ListId, Box<str>)>,
}

/// A value that every page uses, and its digest, which fingerprints contain instead of the value.
pub struct SharedValue {
    pub value: Value,
    pub digest: Digest,
}

impl SharedValue {
    fn new(value: Value) -> Self {
        Self {
            digest: value_digest(&value),
            value,
        }
    }
}

impl PageValues {
    pub fn new(settings: &Settings, theme: &Theme) -> Self {
        let mut site = settings.site.clone();
        site.entry("menu").or_insert_with(default_menu);
        Self {
            site: SharedValue::new(Value::from_serializable(&site)),
            theme: SharedValue::new(Value::from_serializable(&theme.values)),
            dates: ValueCache::new(),
            links: ValueCache::new(),
        }
    }
}

/// The menu of a site that configures none: the pages with a menu entry.
fn default_menu() -> serde_json::Value {
    let entries = KINDS.iter().filter_map(|kind| kind.menu_entry());
    entries
        .map(|(name, path)| json!({ "name": name, "path": path, "is_outside": false }))
        .collect()
}
