//! What the last build made: each page's fingerprint and bytes, and from what.

use std::path::{Path, PathBuf};

use foldhash::{HashMap, HashMapExt as _, HashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::page_record::{PageRecord, PageRecordHead, head};
use super::pending::PendingRecords;
use super::{Journal, LogPosition, PROGRAM, Table, decode, encode};
use crate::diagnostics::{Diagnostic, Result};
use crate::model::set_hash::{self, SetHash};
use crate::model::{Stamp, path};

/// What a build left behind when it ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BuildState {
    /// Settings, topics, theme and templates, as a digest.
    pub inputs: [u8; 32],
    /// Which table of sources it was built from, and how long that was then.
    pub sources: LogPosition,
    /// By path below the site's root: the file that was copied; none where it is embedded.
    pub statics: Vec<(String, Option<(PathBuf, Stamp)>)>,
    /// What `content/` held, as its listing said.
    pub content: SetHash,
    /// What `raw/` held, as its listing said.
    pub raw: SetHash,
    /// The pages of the website with their sizes; set by [`PreviousBuild::commit`].
    pub pages: SetHash,
    /// Whether every page can be told from listings; set by [`PreviousBuild::commit`].
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
    pub is_tangled: bool,
}

/// Where [`BuildState`] is kept.
const MADE: &str = "made";

/// Lies beside it while the output changes.
const UNFINISHED: &str = "unfinished";

fn is_cut_off(folder: &Path) -> bool {
    folder.join(UNFINISHED).exists()
}

impl BuildState {
    /// What the last build into an output folder left; None where none ended, or one was cut off since.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let bytes = std::fs::read(folder.join(MADE)).ok()?;
        let state = decode(bytes.strip_prefix(PROGRAM.as_bytes())?)?;
        (!is_cut_off(folder)).then_some(state)
    }
}

/// The record of one output folder.
#[derive(Debug)]
pub struct PreviousBuild {
    folder: PathBuf,
    journal: Journal,
    /// As the table was when it was opened.
    table: Table,
    /// What changed since; None where the page is gone.
    since: HashMap<Box<str>, Option<PageRecord>>,
    /// What is noted for the end.
    spool: PendingRecords,
    /// Of all pages that are known.
    pages: SetHash,
    /// How many of them have no fingerprint.
    unsettled: usize,
    /// Whether so much was kept that it is not in memory.
    is_stale: bool,
    /// None where no build ended there, or one was cut off since.
    pub state: Option<BuildState>,
    /// Whether a build was cut off, so that the output may hold anything.
    pub is_cut_off: bool,
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
            spool: PendingRecords::new(&folder.join("pages-new")),
            is_stale: false,
            pages: SetHash::default(),
            unsettled: 0,
            state: None,
            is_cut_off: is_cut_off(folder),
        };
        (previous.pages, previous.unsettled) = previous
            .heads()
            .map(|(path, head)| {
                let sum = SetHash::from_iter([set_hash::page(path, head.size)]);
                (sum, usize::from(head.fingerprint.is_none()))
            })
            .reduce(Default::default, |(mut sum, unsettled), (other, more)| {
                sum.join(other);
                (sum, unsettled + more)
            });
        previous.state = BuildState::read(folder).filter(|state| state.pages == previous.pages);
        (previous, warning)
    }

    /// What is known of the page at a path.
    pub fn page(&self, path: &str) -> Option<PageRecord> {
        match self.since.get(path) {
            Some(record) => record.clone(),
            None => decode(self.table.get(path)?),
        }
    }

    /// The fixed part of what is known of the page at a path.
    pub fn head(&self, path: &str) -> Option<PageRecordHead> {
        match self.since.get(path) {
            Some(record) => record.as_ref().map(PageRecord::head),
            None => head(self.table.get(path)?),
        }
    }

    /// Every page that is known, in no order.
    pub fn heads(&self) -> impl ParallelIterator<Item = (&str, PageRecordHead)> {
        let since = self.since.par_iter();
        let since = since.filter_map(|(path, record)| Some((&**path, record.as_ref()?.head())));
        let before = self.table.par_iter().filter_map(|(path, value)| {
            (!self.since.contains_key(path)).then(|| Some((path, head(value?)?)))?
        });
        since.chain(before)
    }

    /// Whether any page is known below one of these paths, as if they were folders.
    pub fn has_any_below(&self, folders: &[&String]) -> bool {
        let folders: HashSet<&str> = folders.iter().map(|folder| folder.as_str()).collect();
        let is_below = |path: &str| path::folders(path).any(|folder| folders.contains(folder));
        !folders.is_empty() && self.heads().any(|(path, _)| is_below(path))
    }

    /// Whether nobody else has built into the same folder since.
    pub fn is_current(&self) -> bool {
        !self.is_cut_off && !is_cut_off(&self.folder) && self.journal.is_current()
    }

    /// How many pages are known.
    pub fn count(&self) -> usize {
        self.pages.count() as usize
    }

    /// Reads again what was kept, where that is not in memory.
    pub fn refresh(&mut self) {
        if self.is_stale {
            *self = Self::open(&self.folder).0;
        }
    }

    /// Says that the output is about to change: until [`PreviousBuild::commit`] nothing that is known of it can be trusted.
    ///
    /// # Errors
    /// Where the cache cannot be written.
    pub fn mark_unfinished(&mut self) -> Result<()> {
        std::fs::create_dir_all(&self.folder)
            .and_then(|()| std::fs::write(self.folder.join(UNFINISHED), b""))
            .map_err(|e| Diagnostic::io(&self.folder, "write the cache", &e))?;
        if self.since.is_empty() {
            self.journal.tidy(&self.table)?;
        }
        Ok(())
    }

    /// Forgets what [`PreviousBuild::record`] was told.
    pub fn start_recording(&mut self) {
        self.spool.start(self.pages, self.unsettled);
    }

    /// Notes what a page is now, or that it is gone; [`PreviousBuild::commit`] keeps it.
    ///
    /// # Errors
    /// As [`PreviousBuild::mark_unfinished`].
    pub fn record(&self, path: &str, record: Option<PageRecord>) -> Result<()> {
        let noted = self.spool.put(path, record, self.head(path));
        noted.map_err(|e| Diagnostic::io(&self.folder, "write the cache", &e).into())
    }

    /// Keeps what was made, and what was noted.
    ///
    /// # Errors
    /// As [`PreviousBuild::mark_unfinished`].
    pub fn commit(&mut self, state: BuildState) -> Result<()> {
        let spooled = self.spool.end(&mut self.journal);
        let spooled = spooled.map_err(|e| Diagnostic::io(&self.folder, "write the cache", &e))?;
        (self.pages, self.unsettled) = (spooled.pages, spooled.unsettled);
        match spooled.few {
            Some(few) => self.since.extend(few),
            None => self.is_stale = true,
        }
        let state = BuildState {
            pages: self.pages,
            is_settled: self.unsettled == 0,
            ..state
        };
        let path = self.folder.join(MADE);
        let failed = |e: std::io::Error| Diagnostic::io(&path, "write the cache", &e);
        std::fs::write(&path, [PROGRAM.as_bytes(), &encode(&state)].concat()).map_err(failed)?;
        match std::fs::remove_file(self.folder.join(UNFINISHED)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(error).into());
            }
            _ => {}
        }
        self.is_cut_off = false;
        self.state = Some(state);
        Ok(())
    }
}
