//! What import made before: the articles of `content/` that name a raw record, wherever their files lie now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;

use super::records::Key;
use crate::diagnostics::Result;
use crate::front_matter;
use crate::model::RawReference;
use crate::site::Site;
use crate::sources::{Source, list};

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
pub struct Shelf {
    pub imported: BTreeMap<Key, Existing>,
    pub ids: BTreeSet<String>,
    pub slugs: BTreeSet<String>,
}

/// Reads the front matter of all of `content/`.
///
/// # Errors
/// Where the folder cannot be listed. A file that cannot be read is left to the build to complain of.
pub fn read(site: &Site) -> Result<Shelf> {
    let sources = list(&site.content())?;
    let found: Vec<Found> = sources
        .par_iter()
        .filter(|s| s.file.ends_with(".md"))
        .filter_map(look)
        .collect();
    let mut shelf = Shelf::default();
    for found in found {
        shelf.ids.extend(found.id);
        shelf.slugs.extend(found.slug);
        if let Some(existing) = found.imported {
            // A copy that a person made of an article names the same record; the first by file is the article.
            shelf.imported.entry(existing.key()).or_insert(existing);
        }
    }
    Ok(shelf)
}

struct Found {
    id: Option<String>,
    slug: Option<String>,
    imported: Option<Existing>,
}

fn look(source: &Source) -> Option<Found> {
    let text = std::fs::read_to_string(&source.path).ok()?;
    let parts = front_matter::split(&text)?;
    let Ok(front) = front_matter::read_front(&source.file, &text, &parts) else {
        // Broken by hand: still the article of its record, or import would make it a second time.
        let raw = raw_reference_of_broken(parts.front)?;
        let (file, path) = (source.file.clone(), source.path.clone());
        let existing = Existing {
            file,
            path,
            raw,
            id: String::new(),
            slug: None,
            aliases: Vec::new(),
            edited: true,
        };
        return Some(Found {
            id: None,
            slug: None,
            imported: Some(existing),
        });
    };
    let imported = front.raw.map(|raw| Existing {
        file: source.file.clone(),
        path: source.path.clone(),
        edited: !front_matter::is_sealed(&text, &raw.written),
        raw,
        id: front.id.clone(),
        slug: front.slug.clone(),
        aliases: front.aliases,
    });
    Some(Found {
        id: Some(front.id).filter(|id| !id.is_empty()),
        slug: front.slug,
        imported,
    })
}

/// The `raw:` block of front matter that is otherwise unreadable.
fn raw_reference_of_broken(front: &str) -> Option<RawReference> {
    let block = front.split_once("\nraw:\n")?.1;
    let lines: String = block
        .split_inclusive('\n')
        .take_while(|line| line.starts_with("  "))
        .collect();
    serde_saphyr::from_str(&lines).ok()
}
