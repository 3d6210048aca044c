//! The records of the last build into one output folder: its state, and fingerprint and digest of each page.
//! Never decides whether a page is up to date.

use std::path::{Path, PathBuf};

use foldhash::{HashMap, HashMapExt as _, HashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::page_record::{PageRecord, PageRecordHead, head};
use super::pending::PendingRecords;
use super::{Journal, LogPosition, PROGRAM, Table, decode, encode};
use crate::diagnostics::{Diagnostic, Result};
use crate::files;
use crate::model::set_hash::{self, SetHash};
use crate::model::{Stamp, path};

/// The state that a completed build recorded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BuildState {
    /// A digest of settings, topics, theme and templates.
    pub inputs: [u8; 32],
    /// The position of the table of sources from which it was built.
    pub sources: LogPosition,
    /// Static files by path below the website's root: the file that was copied, `None` if it is embedded in the program.
    pub statics: Vec<(String, Option<(PathBuf, Stamp)>)>,
    /// A hash of the names and stamps of all files of `content/`.
    pub content: SetHash,
    /// A hash of the names and stamps of all files of `raw/`.
    pub raw: SetHash,
    /// A hash of the paths and sizes of all pages; set by [`PreviousBuild::commit`].
    pub pages: SetHash,
    /// Whether every page has a fingerprint, so that listings show every change; set by [`PreviousBuild::commit`].
    pub is_settled: bool,
    /// When reading its sources began, by the clock of the file system, in nanoseconds since 1970.
    pub began: i64,
    /// When it ended, by the clock of the file system, in nanoseconds since 1970.
    pub ended: i64,
    pub articles: u64,
    pub topics: u64,
    pub authors: u64,
    pub drafts: u64,
    pub diagnostics: Vec<Diagnostic>,
    /// Pages that hide others, by path.
    pub clashes: Vec<Diagnostic>,
    /// Whether a page is left out because others need a folder of its name.
    pub has_folder_conflict: bool,
}

/// The file in which [`BuildState`] is stored.
const STATE: &str = "made";

/// A file that exists while the output is being changed.
const UNFINISHED: &str = "unfinished";

fn is_interrupted(folder: &Path) -> bool {
    folder.join(UNFINISHED).exists()
}

impl BuildState {
    /// The state of the last build into an output folder; `None` if none was completed, or one was interrupted since.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let bytes = std::fs::read(folder.join(STATE)).ok()?;
        let state = decode(bytes.strip_prefix(PROGRAM.as_bytes())?)?;
        (!is_interrupted(folder)).then_some(state)
    }
}

/// The records of the last build into one output folder.
#[derive(Debug)]
pub struct PreviousBuild {
    folder: PathBuf,
    journal: Journal,
    /// The table as it was when it was opened.
    table: Table,
    /// Records that changed since; `None` if the page was removed.
    since: HashMap<Box<str>, Option<PageRecord>>,
    /// Records that [`PreviousBuild::commit`] will add.
    pending: PendingRecords,
    /// The hash of all known pages.
    pages: SetHash,
    /// How many known pages have no fingerprint.
    unsettled: usize,
    /// Whether records were added to the table that are not in memory.
    is_stale: bool,
    /// `None` if no build was completed, or one was interrupted since.
    pub state: Option<BuildState>,
    /// Whether a build was interrupted, so that the output may contain anything.
    pub is_interrupted: bool,
}

impl PreviousBuild {
    pub(super) fn open(folder: &Path) -> (Self, Option<Diagnostic>) {
        let key = *blake3::hash(PROGRAM.as_bytes()).as_bytes();
        let (journal, table, warning) = Journal::open(&folder.join("pages"), key);
        let mut previous = Self {
            folder: folder.to_path_buf(),
            journal,
            table,
            since: HashMap::new(),
            pending: PendingRecords::new(&folder.join("pages-new")),
            is_stale: false,
            pages: SetHash::default(),
            unsettled: 0,
            state: None,
            is_interrupted: is_interrupted(folder),
        };
        (previous.pages, previous.unsettled) = previous
            .heads()
            .map(|(path, head)| {
                let hash = SetHash::from_iter([set_hash::page(path, head.size)]);
                (hash, usize::from(head.fingerprint.is_none()))
            })
            .reduce(Default::default, |(mut hash, unsettled), (other, more)| {
                hash.merge(other);
                (hash, unsettled + more)
            });
        previous.state = BuildState::read(folder).filter(|state| state.pages == previous.pages);
        (previous, warning)
    }

    /// The record of the page at a path.
    pub fn page(&self, path: &str) -> Option<PageRecord> {
        match self.since.get(path) {
            Some(record) => record.clone(),
            None => decode(self.table.get(path)?),
        }
    }

    /// The fixed part of the record of the page at a path.
    pub fn head(&self, path: &str) -> Option<PageRecordHead> {
        match self.since.get(path) {
            Some(record) => record.as_ref().map(PageRecord::head),
            None => head(self.table.get(path)?),
        }
    }

    /// Every known page, in no order.
    pub fn heads(&self) -> impl ParallelIterator<Item = (&str, PageRecordHead)> {
        let since = self.since.par_iter();
        let since = since.filter_map(|(path, record)| Some((&**path, record.as_ref()?.head())));
        let before = self.table.par_iter().filter_map(|(path, value)| {
            (!self.since.contains_key(path)).then(|| Some((path, head(value?)?)))?
        });
        since.chain(before)
    }

    /// Whether there is a known page below one of these paths, as if they were folders.
    pub fn has_any_below(&self, folders: &[&String]) -> bool {
        let folders: HashSet<&str> = folders.iter().map(|folder| folder.as_str()).collect();
        let is_below = |path: &str| path::folders(path).any(|folder| folders.contains(folder));
        !folders.is_empty() && self.heads().any(|(path, _)| is_below(path))
    }

    /// Whether no other process has built into the same folder since.
    pub fn is_current(&self) -> bool {
        !self.is_interrupted && !is_interrupted(&self.folder) && self.journal.is_current()
    }

    /// The number of known pages.
    pub fn count(&self) -> usize {
        self.pages.count() as usize
    }

    /// Reads the table again, if records were added that are not in memory.
    pub fn refresh(&mut self) {
        if self.is_stale {
            *self = Self::open(&self.folder).0;
        }
    }

    /// Records that the output is about to change: until [`PreviousBuild::commit`] the records are not reliable.
    ///
    /// # Errors
    /// If the cache cannot be written.
    pub fn set_unfinished(&mut self) -> Result<()> {
        std::fs::create_dir_all(&self.folder)
            .and_then(|()| std::fs::write(self.folder.join(UNFINISHED), b""))
            .map_err(|e| Diagnostic::io(&self.folder, "write the cache", &e))?;
        if self.since.is_empty() {
            self.journal.compact(&self.table)?;
        }
        Ok(())
    }

    /// Discards what [`PreviousBuild::record`] recorded.
    pub fn start_recording(&mut self) {
        self.pending.start(self.pages, self.unsettled);
    }

    /// Records the new state of a page, `None` if it was removed; [`PreviousBuild::commit`] stores it.
    ///
    /// # Errors
    /// As [`PreviousBuild::set_unfinished`].
    pub fn record(&self, path: &str, record: Option<PageRecord>) -> Result<()> {
        let recorded = self.pending.put(path, record, self.head(path));
        recorded.map_err(|e| Diagnostic::io(&self.folder, "write the cache", &e).into())
    }

    /// Stores the state of a build, and all records of its pages.
    ///
    /// # Errors
    /// As [`PreviousBuild::set_unfinished`].
    pub fn commit(&mut self, state: BuildState) -> Result<()> {
        let flushed = self.pending.flush(&mut self.journal);
        let flushed = flushed.map_err(|e| Diagnostic::io(&self.folder, "write the cache", &e))?;
        (self.pages, self.unsettled) = (flushed.pages, flushed.unsettled);
        match flushed.records {
            Some(records) => self.since.extend(records),
            None => self.is_stale = true,
        }
        let state = BuildState {
            pages: self.pages,
            is_settled: self.unsettled == 0,
            ..state
        };
        let path = self.folder.join(STATE);
        let failed = |e: std::io::Error| Diagnostic::io(&path, "write the cache", &e);
        let bytes = [PROGRAM.as_bytes(), &encode(&state)].concat();
        files::write_whole(&path, &bytes).map_err(failed)?;
        match std::fs::remove_file(self.folder.join(UNFINISHED)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(error).into());
            }
            _ => {}
        }
        self.is_interrupted = false;
        self.state = Some(state);
        Ok(())
    }
}
