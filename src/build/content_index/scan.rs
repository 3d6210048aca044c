//! scan → parse: finds the files of `content/` that are new, differ or were removed, and parses only those.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use foldhash::HashSet;
use rayon::prelude::*;

use super::{CHUNK, ContentIndex, KnownFile, ParsedEntry};
use crate::build::changes::Scope;
use crate::build::inputs::TopicSet;
use crate::build::parse;
use crate::cache::Cache;
use crate::diagnostics::Result;
use crate::files::{self, Source};
use crate::model::library::Change;
use crate::site::Site;

/// An editor that truncates a file before it writes leaves it invalid for a moment: such a file is read again after this time.
const RETRY_DELAY: Duration = Duration::from_millis(10);

/// A file that changed within this time, in nanoseconds, may still be being written.
const RECENT: i64 = 1_000_000_000;

/// What a scan of `content/` found.
#[derive(Debug, Default)]
pub struct ScanResult {
    /// The changes for the Library.
    pub changes: Vec<Change>,
    /// How many files were opened.
    pub read: usize,
    /// Whether import has to run again, because imported articles were added, removed, or are no longer edited.
    pub is_import_affected: bool,
    /// Files of imported articles that are gone, or hold no article any more, with digests of their records.
    pub vanished: Vec<(Box<str>, u64)>,
}

impl ScanResult {
    /// Adds a later scan to this one.
    pub fn add(&mut self, later: Self) {
        self.changes.extend(later.changes);
        self.read += later.read;
        self.is_import_affected |= later.is_import_affected;
        self.vanished.extend(later.vanished);
    }
}

impl ContentIndex {
    /// Reads the files that are new or differ, and removes those that no longer exist.
    ///
    /// # Errors
    /// If a folder cannot be listed or the cache cannot be written; never for an invalid file.
    pub fn scan(
        &mut self,
        site: &Site,
        cache: &Cache,
        topics: &TopicSet,
        scope: &Scope,
    ) -> Result<ScanResult> {
        let scanned_at = cache.file_system_time()?;
        let folder = site.content();
        match scope {
            Scope::All => self.scan_listing(files::list(&folder)?, scanned_at, topics),
            Scope::Paths(paths) => {
                let (sources, removed) = self.list_paths(&folder, paths)?;
                self.update(&sources, removed, scanned_at, topics)
            }
        }
    }

    /// As [`ContentIndex::scan`], with a complete listing of `content/` that was made at `scanned_at` or later.
    ///
    /// # Errors
    /// As [`ContentIndex::scan`].
    pub fn scan_listing(
        &mut self,
        sources: Vec<Source>,
        scanned_at: i64,
        topics: &TopicSet,
    ) -> Result<ScanResult> {
        let is_known = |source: &&Source| self.known.contains_key(source.file.as_str());
        let mut removed = Vec::new();
        if sources.par_iter().filter(is_known).count() < self.known.len() {
            let listed: HashSet<&str> = sources.iter().map(|s| s.file.as_str()).collect();
            let known = self.known.keys();
            removed.extend(known.filter(|file| !listed.contains(&***file)).cloned());
        }
        self.update(&sources, removed, scanned_at, topics)
    }

    fn update(
        &mut self,
        sources: &[Source],
        removed: Vec<Box<str>>,
        scanned_at: i64,
        topics: &TopicSet,
    ) -> Result<ScanResult> {
        let differs = |source: &&Source| {
            let known = self.known.get(source.file.as_str());
            known.is_none_or(|known| !known.is_settled || known.stamp != source.stamp)
        };
        let differing: Vec<&Source> = sources.par_iter().filter(differs).collect();
        let mut scan = ScanResult::default();
        self.parse_files(&differing, scanned_at, topics, &mut scan)?;
        self.remove(removed, &mut scan)?;
        Ok(scan)
    }

    /// The files at these paths and in these folders of `content/`, and the known ones there that no longer exist.
    fn list_paths(
        &self,
        content: &Path,
        paths: &BTreeSet<String>,
    ) -> Result<(Vec<Source>, Vec<Box<str>>)> {
        let mut existing: BTreeMap<String, Source> = BTreeMap::new();
        let mut folders: Vec<String> = Vec::new();
        let mut removed: BTreeSet<Box<str>> = BTreeSet::new();
        for file in paths {
            let path = content.join(file);
            let is_known = self.known.contains_key(file.as_str());
            let found = match path.symlink_metadata() {
                Ok(metadata) if metadata.is_dir() => {
                    folders.push(format!("{file}/"));
                    files::list_below(&path, &format!("{file}/"))?
                }
                Ok(_) => files::one(content, &path).into_iter().collect(),
                Err(_) => {
                    // A path that is not a known file may have been a folder.
                    folders.extend((!is_known).then(|| format!("{file}/")));
                    Vec::new()
                }
            };
            let found = found.into_iter();
            existing.extend(found.map(|source| (source.file.clone(), source)));
            let is_removed = is_known && !existing.contains_key(file);
            removed.extend(is_removed.then(|| file.as_str().into()));
        }
        if !folders.is_empty() {
            let is_inside = |file: &str| folders.iter().any(|folder| file.starts_with(folder));
            let known = self.known.keys().filter(|file| is_inside(file));
            removed.extend(known.filter(|f| !existing.contains_key(&***f)).cloned());
        }
        Ok((
            existing.into_values().collect(),
            removed.into_iter().collect(),
        ))
    }

    /// Parses files and stores the results.
    fn parse_files(
        &mut self,
        sources: &[&Source],
        scanned_at: i64,
        topics: &TopicSet,
        scan: &mut ScanResult,
    ) -> Result<()> {
        let is_persistent = self.is_persistent;
        let parse = |source: &&Source| {
            let (mut digest, mut parsed) = parse::parse(source, &topics.matcher);
            if !parsed.diagnostics.is_empty() && source.stamp.latest() > scanned_at - RECENT {
                std::thread::sleep(RETRY_DELAY);
                (digest, parsed) = parse::parse(source, &topics.matcher);
            }
            let known = KnownFile::new(source.stamp, scanned_at, digest, &parsed);
            ParsedEntry::new(source.file.as_str().into(), known, parsed, is_persistent)
        };
        let parse_all =
            |chunk: &[&Source]| chunk.par_iter().map(parse).collect::<Vec<ParsedEntry>>();
        // One thread stores a chunk while the others parse the next; at most two chunks are in memory twice.
        let mut chunks = sources.chunks(CHUNK);
        let mut next = chunks.next().map(parse_all).unwrap_or_default();
        while !next.is_empty() {
            let chunk = std::mem::take(&mut next);
            let (stored, parsed) = rayon::join(
                || self.store(chunk, scan),
                || chunks.next().map(parse_all).unwrap_or_default(),
            );
            stored?;
            next = parsed;
        }
        Ok(())
    }
}
