//! The files of `content/` as they were last read: a table in the cache, with their results for the Library and for import.
//! Knows each file by itself; never knows how files relate to each other.

mod merge;
mod scan;

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt as _};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::inputs::TopicSet;
use super::parse::{FileContent, ParsedFile};
use crate::cache::{self, Cache, Journal, LogPosition, Table};
use crate::diagnostics::{Diagnostic, Result};
use crate::import::existing::ImportedIndex;
use crate::model::digest::Digest;
use crate::model::library::Change;
use crate::model::set_hash::{self, SetHash};
use crate::model::{ImportState, RawReference, Stamp};
use crate::site::Site;

pub(crate) use scan::ScanResult;

/// Files that are parsed before their results are stored.
const CHUNK: usize = 4_096;

/// The files of `content/` as they were last read.
#[derive(Debug)]
pub struct ContentIndex {
    journal: Journal,
    /// Whether results are stored in the cache; otherwise they are only kept in memory.
    is_persistent: bool,
    known: HashMap<Box<str>, KnownFile>,
    /// The hash of all known files.
    set_hash: SetHash,
    problems: BTreeMap<Box<str>, Vec<Diagnostic>>,
    drafts: BTreeSet<Box<str>>,
    /// What import has to know of each file; only filled if nothing is stored in the cache.
    import_state: Vec<(Box<str>, ImportState)>,
}

/// How a file was when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct KnownFile {
    stamp: Stamp,
    /// Whether the file cannot have changed again within the granularity of its timestamp.
    is_settled: bool,
    digest: Digest,
    /// A digest of the record from which the file was imported; 0 if it was not imported.
    record: u64,
    is_edited: bool,
}

impl KnownFile {
    /// `scanned_at` is the time of the file system's clock when the file was listed, or earlier, in nanoseconds since 1970.
    fn new(stamp: Stamp, scanned_at: i64, digest: Digest, parsed: &ParsedFile) -> Self {
        let import_state = parsed.import_state();
        Self {
            stamp,
            is_settled: stamp.latest() < scanned_at,
            digest,
            record: import_state
                .raw
                .as_deref()
                .map_or(0, RawReference::record_digest),
            is_edited: parsed.is_edited,
        }
    }
}

/// A file that was read and parsed.
struct ParsedEntry {
    file: Box<str>,
    known: KnownFile,
    parsed: ParsedFile,
    /// The two above as the cache stores them; empty if nothing is stored.
    bytes: Vec<u8>,
}

impl ParsedEntry {
    fn new(file: Box<str>, known: KnownFile, parsed: ParsedFile, is_persistent: bool) -> Self {
        let entry = (known, parsed);
        let bytes = match is_persistent {
            true => cache::encode(&entry),
            false => Vec::new(),
        };
        let (known, parsed) = entry;
        Self {
            file,
            known,
            parsed,
            bytes,
        }
    }
}

/// The entries of the table when it was opened: as of the last build, and those added since.
#[derive(Debug, Default)]
pub struct KnownEntries {
    at_build: Table,
    /// `None` if the table's length at the last build is not known; then `at_build` holds all entries.
    since_build: Option<Table>,
}

impl ContentIndex {
    /// Opens the table in the cache. `position` is the table's position when the output was last built.
    pub fn open(
        cache: &mut Cache,
        topics: &TopicSet,
        position: Option<LogPosition>,
    ) -> (Self, KnownEntries) {
        let (journal, at_build, since_build) =
            cache.table_since("content", topics.digest, position);
        let head = |(file, value): (&str, Option<&[u8]>)| {
            let known = value.and_then(|value| postcard::take_from_bytes(value).ok());
            (Box::<str>::from(file), known.map(|(known, _)| known))
        };
        let mut known: HashMap<Box<str>, KnownFile> = HashMap::with_capacity(at_build.len());
        for table in std::iter::once(&at_build).chain(&since_build) {
            for (file, now) in table.par_iter().map(head).collect::<Vec<_>>() {
                match now {
                    Some(now) => known.insert(file, now),
                    None => known.remove(&file),
                };
            }
        }
        let set_hash = known
            .iter()
            .map(|(file, known)| set_hash::file(file, &known.stamp))
            .collect();
        let index = Self {
            known,
            set_hash,
            is_persistent: true,
            ..Self::empty(journal)
        };
        let entries = KnownEntries {
            at_build,
            since_build,
        };
        (index, entries)
    }

    /// An empty index that stores nothing in the cache.
    pub fn in_memory(cache: &mut Cache) -> Self {
        let (journal, _) = cache.table("none", [0; 32]);
        Self::empty(journal)
    }

    fn empty(journal: Journal) -> Self {
        Self {
            journal,
            is_persistent: false,
            known: HashMap::new(),
            set_hash: SetHash::default(),
            problems: BTreeMap::new(),
            drafts: BTreeSet::new(),
            import_state: Vec::new(),
        }
    }

    /// The table's current position.
    pub fn position(&self) -> LogPosition {
        self.journal.position()
    }

    /// A hash of the names and stamps of all files of `content/`.
    pub fn set_hash(&self) -> SetHash {
        self.set_hash
    }

    /// Whether no other process has written to the table since it was opened.
    pub fn is_current(&self) -> bool {
        self.journal.is_current()
    }

    pub fn drafts(&self) -> usize {
        self.drafts.len()
    }

    /// The problems of files, by file.
    pub fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.values().flatten()
    }

    /// The changes that lead to the Library as it was when the output was last built, and those since then, of which
    /// `scanned` are the last. If the state at the last build is not known, the first is `None` and the second holds all.
    pub fn changes_since(
        &mut self,
        entries: KnownEntries,
        scanned: Vec<Change>,
    ) -> (Option<Vec<Change>>, Vec<Change>) {
        let KnownEntries {
            at_build,
            since_build,
        } = entries;
        // The problems that the scan found replace those of earlier entries.
        let (problems, drafts) = (
            std::mem::take(&mut self.problems),
            std::mem::take(&mut self.drafts),
        );
        let at_build = self.decode_changes(&at_build);
        let (before, mut since) = match since_build {
            Some(since_build) => (Some(at_build), self.decode_changes(&since_build)),
            None => (None, at_build),
        };
        for change in &scanned {
            self.problems.remove(&change.file);
            self.drafts.remove(&change.file);
        }
        self.problems.extend(problems);
        self.drafts.extend(drafts);
        since.extend(scanned);
        (before, since)
    }

    fn decode_changes(&mut self, table: &Table) -> Vec<Change> {
        let decoded = table.par_iter().map(|(file, value)| {
            let entry = value.and_then(cache::decode::<(KnownFile, ParsedFile)>);
            let parsed = entry.map(|(_, parsed)| parsed).unwrap_or_default();
            (Box::<str>::from(file), parsed)
        });
        let decoded: Vec<(Box<str>, ParsedFile)> = decoded.collect();
        let changes = decoded
            .into_iter()
            .map(|(file, parsed)| self.change(file, parsed));
        changes.collect()
    }

    /// Stores parsed files, and adds those whose content differs from what was known to `scan`.
    fn store(&mut self, entries: Vec<ParsedEntry>, scan: &mut ScanResult) -> Result<()> {
        if self.is_persistent {
            self.journal
                .append(entries.iter().map(|entry| (&entry.file, &entry.bytes)))?;
        } else {
            let import_state = entries
                .iter()
                .map(|entry| (entry.file.clone(), entry.parsed.import_state()));
            self.import_state.extend(import_state);
        }
        for entry in entries {
            let ParsedEntry {
                file,
                known,
                parsed,
                ..
            } = entry;
            scan.read += usize::from(!matches!(parsed.content, FileContent::Other(_)));
            let before = self.known.insert(file.clone(), known);
            if let Some(before) = &before {
                self.set_hash.remove(set_hash::file(&file, &before.stamp));
            }
            self.set_hash.add(set_hash::file(&file, &known.stamp));
            let record_before = before.map_or(0, |before| before.record);
            if record_before != 0 && known.record == 0 {
                scan.vanished.push((file.clone(), record_before));
            }
            scan.is_import_affected |= record_before != known.record
                || before.is_some_and(|before| before.is_edited && !known.is_edited);
            if before.is_none_or(|before| before.digest != known.digest) {
                scan.changes.push(self.change(file, parsed));
            }
        }
        Ok(())
    }

    /// Removes files that no longer exist, and adds them to `scan`.
    fn remove(&mut self, removed: Vec<Box<str>>, scan: &mut ScanResult) -> Result<()> {
        if self.is_persistent {
            self.journal.append(removed.iter().map(|file| (file, "")))?;
        }
        for file in removed {
            let known = self.known.remove(&file);
            if let Some(known) = &known {
                self.set_hash.remove(set_hash::file(&file, &known.stamp));
            }
            if let Some(known) = known.filter(|known| known.record != 0) {
                scan.is_import_affected = true;
                scan.vanished.push((file.clone(), known.record));
            }
            scan.changes.push(self.change(file, ParsedFile::default()));
        }
        Ok(())
    }

    /// Updates the problems and drafts, and returns the change for the Library.
    fn change(&mut self, file: Box<str>, mut parsed: ParsedFile) -> Change {
        let problems = std::mem::take(&mut parsed.diagnostics);
        match problems.is_empty() {
            true => self.problems.remove(&file),
            false => self.problems.insert(file.clone(), problems),
        };
        match parsed.is_draft {
            true => self.drafts.insert(file.clone()),
            false => self.drafts.remove(&file),
        };
        Change {
            file,
            now: parsed.file_state(),
        }
    }

    /// How many imported articles there are.
    pub fn imported_articles(&self) -> usize {
        let known = self.known.values();
        known.filter(|known| known.record != 0).count()
    }

    /// Those of the digests of records that no file has.
    pub(super) fn without_article(&self, records: &BTreeSet<u64>) -> BTreeSet<u64> {
        let mut missing = records.clone();
        for known in self.known.values() {
            missing.remove(&known.record);
        }
        missing
    }

    /// What import has to know of every file.
    pub fn imported_index(
        &self,
        site: &Site,
        cache: &mut Cache,
        topics: &TopicSet,
    ) -> ImportedIndex {
        if !self.is_persistent {
            return ImportedIndex::of(site, self.import_state.iter().cloned());
        }
        let (_, table) = cache.table("content", topics.digest);
        let import_state = table.par_iter().filter_map(|(file, value)| {
            let (_, parsed): (KnownFile, ParsedFile) = cache::decode(value?)?;
            Some((file.into(), parsed.import_state()))
        });
        ImportedIndex::of(site, import_state.collect::<Vec<_>>().into_iter())
    }
}
