//! What import made before: the articles of `content/` that name a raw record, wherever their files lie now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::records::Key;
use crate::front_matter;
use crate::model::{ImportState, RawReference};
use crate::site::Site;

/// An article that was imported.
#[derive(Debug, Clone)]
pub struct Existing {
    /// Below `content/`.
    pub file: String,
    pub path: PathBuf,
    pub raw: RawReference,
    pub id: String,
    pub slug: Option<String>,
    pub aliases: Vec<String>,
    /// Whether a person changed it since.
    pub edited: bool,
}

impl Existing {
    pub fn key(&self) -> Key {
        Key {
            path: self.raw.path.clone(),
            record: self.raw.record.clone(),
        }
    }
}

/// The imported articles by key, and the ids and slugs that any article has.
#[derive(Debug, Default)]
pub struct ImportedIndex {
    pub imported: BTreeMap<Key, Existing>,
    pub ids: BTreeSet<String>,
    pub slugs: BTreeSet<String>,
}

impl ImportedIndex {
    /// The shelf of a site, of the files of `content/` in any order.
    pub fn of(site: &Site, files: impl Iterator<Item = (Box<str>, ImportState)>) -> Self {
        let mut shelf = Self::default();
        for (file, on_shelf) in files {
            let ImportState {
                id,
                slug,
                aliases,
                raw,
                is_edited,
            } = on_shelf;
            shelf
                .ids
                .extend(Some(String::from(id.clone())).filter(|id| !id.is_empty()));
            shelf.slugs.extend(slug.clone().map(String::from));
            let Some(raw) = raw else { continue };
            let existing = Existing {
                path: site.content().join(&*file),
                file: file.into(),
                raw: *raw,
                id: id.into(),
                slug: slug.map(Into::into),
                aliases: aliases.iter().map(|alias| alias.to_string()).collect(),
                edited: is_edited,
            };
            // A copy that a person made of an article names the same record; the first by file is the article.
            match shelf.imported.get(&existing.key()) {
                Some(other) if other.file < existing.file => {}
                _ => {
                    shelf.imported.insert(existing.key(), existing);
                }
            }
        }
        shelf
    }
}

/// An article that was broken by hand is still the article of its record, or import would make it a second time.
pub fn of_broken(text: &str) -> Option<ImportState> {
    let block = front_matter::split(text)?.front.split_once("\nraw:\n")?.1;
    let lines: String = block
        .split_inclusive('\n')
        .take_while(|line| line.starts_with("  "))
        .collect();
    let raw = serde_saphyr::from_str(&lines).ok()?;
    Some(ImportState {
        raw: Some(Box::new(raw)),
        is_edited: true,
        ..ImportState::default()
    })
}
