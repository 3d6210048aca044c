//! What earlier imports wrote: the articles of `content/` that name a raw record, wherever their files are now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::records::RecordKey;
use crate::front_matter;
use crate::model::{ImportState, RawReference};
use crate::site::Site;

/// An article that an earlier import wrote.
#[derive(Debug, Clone)]
pub struct ImportedArticle {
    /// Below `content/`.
    pub file: String,
    pub path: PathBuf,
    pub raw: RawReference,
    pub id: String,
    pub slug: Option<String>,
    pub aliases: Vec<String>,
    /// Whether a person changed it since.
    pub edited: bool,
    /// As in [`ImportState`].
    pub shows: Box<[Box<str>]>,
}

impl ImportedArticle {
    pub fn key(&self) -> RecordKey {
        RecordKey {
            path: self.raw.path.clone(),
            record: self.raw.record.clone(),
        }
    }
}

/// The imported articles by key, and the ids and slugs of all articles.
#[derive(Debug, Default)]
pub struct ImportedIndex {
    pub articles: BTreeMap<RecordKey, ImportedArticle>,
    pub names: TakenNames,
    /// Further articles of the same records.
    pub doubles: Vec<ImportedArticle>,
    /// The files of articles that vanished from `content/`, by the [digest](RawReference::record_digest) of their records.
    pub vanished: BTreeMap<u64, String>,
    /// Articles that were imported in place of others that had vanished; see [`super::Imported::replacements`].
    pub replacements: BTreeMap<String, String>,
    /// How many imported articles there are, where only their number is known, because `raw/` has no file.
    pub without_records: usize,
}

/// Ids and slugs that no new article may have.
#[derive(Debug, Default)]
pub struct TakenNames {
    pub ids: BTreeSet<String>,
    pub slugs: BTreeSet<String>,
}

impl ImportedIndex {
    /// The index of the files of `content/`, which come in any order.
    pub fn of(site: &Site, files: impl Iterator<Item = (Box<str>, ImportState)>) -> Self {
        let mut index = Self::default();
        for (file, state) in files {
            let ImportState {
                id,
                slug,
                aliases,
                raw,
                is_edited,
                shows,
            } = state;
            let id = String::from(id);
            if !id.is_empty() {
                index.names.ids.insert(id.clone());
            }
            index.names.slugs.extend(slug.clone().map(String::from));
            let Some(raw) = raw else { continue };
            let article = ImportedArticle {
                path: site.content().join(&*file),
                file: file.into(),
                raw: *raw,
                id,
                slug: slug.map(Into::into),
                aliases: aliases.iter().map(|alias| alias.to_string()).collect(),
                edited: is_edited,
                shows,
            };
            // A copy that a person made of an article names the same record; the first by file is the article.
            match index.articles.get(&article.key()) {
                Some(other) if other.file < article.file => index.doubles.push(article),
                _ => {
                    let other = index.articles.insert(article.key(), article);
                    index.doubles.extend(other);
                }
            }
        }
        index
    }

    /// Takes out the articles that were imported in place of others which are back by now. Edited ones stay.
    pub(crate) fn take_replaced(&mut self) -> Vec<ImportedArticle> {
        let is_replaced = |article: &ImportedArticle, replacements: &BTreeMap<String, String>| {
            !article.edited && replacements.contains_key(&article.file)
        };
        let mut taken = Vec::new();
        for double in std::mem::take(&mut self.doubles) {
            let key = double.key();
            if is_replaced(&double, &self.replacements) {
                taken.push(double);
            } else if self
                .articles
                .get(&key)
                .is_some_and(|a| is_replaced(a, &self.replacements))
            {
                taken.extend(self.articles.insert(key, double));
            }
        }
        taken
    }
}

/// The state of an article whose front matter a person broke. It is still the article of its record, or import would
/// write it a second time.
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
