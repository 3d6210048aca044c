//! Articles that vanish from `content/` and may come back: a move in two steps, an editor, a switch of branches.
//! Absence counts when the tree is at rest; what was imported in the meantime yields to an article that comes back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use super::changes::Scope;
use super::content_index::{ContentIndex, ScanResult};
use super::inputs::TopicSet;
use crate::cache::Cache;
use crate::diagnostics::Result;
use crate::files;
use crate::import::Imported;
use crate::import::existing::ImportedIndex;
use crate::site::Site;

/// A folder in which nothing changed for this time is at rest.
const REST: Duration = Duration::from_millis(300);

/// It is not waited longer than this.
const LONGEST: Duration = Duration::from_secs(10);

/// The name in the cache of what was imported in place of other articles.
const REPLACEMENTS: &str = "replacements";

/// Files of articles that vanished, by the digests of their records.
pub(crate) type Vanished = BTreeMap<u64, String>;

/// Waits until the places of vanished articles are at rest, and scans again. Returns the articles that are gone then.
///
/// # Errors
/// If a folder cannot be listed, or the cache cannot be written.
pub(crate) fn settle(
    contents: &mut ContentIndex,
    scan: &mut ScanResult,
    site: &Site,
    cache: &Cache,
    topics: &TopicSet,
) -> Result<Vanished> {
    if scan.vanished.is_empty() {
        return Ok(Vanished::new());
    }
    let began = Instant::now();
    loop {
        let now = cache.file_system_time()?;
        let places = scan
            .vanished
            .iter()
            .map(|(file, _)| site.content().join(&**file));
        let latest = places
            .filter_map(|place| last_change(&place))
            .max()
            .unwrap_or(0);
        let age = Duration::from_nanos(now.saturating_sub(latest).max(0).unsigned_abs());
        if age >= REST || began.elapsed() >= LONGEST {
            break;
        }
        std::thread::sleep(REST.saturating_sub(age).max(Duration::from_millis(5)));
    }
    scan.add(contents.scan(site, cache, topics, &Scope::All)?);
    let vanished = scan.vanished.iter();
    let vanished: Vanished = vanished
        .map(|(file, record)| (*record, file.to_string()))
        .collect();
    let gone = contents.without_article(&vanished.keys().copied().collect::<BTreeSet<_>>());
    Ok(vanished
        .into_iter()
        .filter(|(record, _)| gone.contains(record))
        .collect())
}

/// When a file changed, or the folder in which it was, in nanoseconds since 1970.
fn last_change(place: &Path) -> Option<i64> {
    let found = place
        .ancestors()
        .find_map(|path| std::fs::metadata(path).ok());
    found.map(|metadata| files::stamp(&metadata).latest())
}

/// What import has to know of every file, and of those that vanished.
pub(crate) fn index(
    contents: &ContentIndex,
    site: &Site,
    cache: &mut Cache,
    topics: &TopicSet,
    vanished: Vanished,
) -> ImportedIndex {
    ImportedIndex {
        vanished,
        replacements: cache.load(REPLACEMENTS).unwrap_or_default(),
        ..contents.imported_index(site, cache, topics)
    }
}

/// Keeps which articles were imported in place of others.
///
/// # Errors
/// If the cache cannot be written.
pub(crate) fn keep(site: &Site, cache: &Cache, imported: &Imported) -> Result<()> {
    let before: BTreeMap<String, String> = cache.load(REPLACEMENTS).unwrap_or_default();
    let mut now = before.clone();
    now.retain(|file, _| site.content().join(file).exists());
    now.extend(imported.replacements.clone());
    match now == before {
        true => Ok(()),
        false => cache.save(REPLACEMENTS, &now),
    }
}
