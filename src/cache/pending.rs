//! Records of pages that wait until the pages are in place. A few wait in memory; of many, each would be held beside all
//! that rendering needs, so those wait in a file beside the table.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::journal::Journal;
use super::page_record::{PageRecord, PageRecordHead};
use super::{encode, journal};
use crate::model::set_hash::{self, SetHash};

/// How many records wait in memory.
const FEW: usize = 4_096;

/// A path, and what is known of its page; none where the page is gone.
pub type Record = (Box<str>, Option<PageRecord>);

/// Threads may share this.
#[derive(Debug)]
pub struct PendingRecords {
    path: PathBuf,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    few: Vec<Record>,
    /// The entries of `few`.
    bytes: Vec<u8>,
    /// Where the entries are, if they are many.
    file: Option<BufWriter<File>>,
    pages: SetHash,
    unsettled: usize,
}

/// What a spool held.
pub struct Flushed {
    /// The records themselves; none where they were many.
    pub few: Option<Vec<Record>>,
    /// All pages that are known, with these.
    pub pages: SetHash,
    /// How many of them have no fingerprint.
    pub unsettled: usize,
}

impl PendingRecords {
    /// An empty one; many records wait in a file at `path`.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            waiting: Mutex::default(),
        }
    }

    /// Forgets what waits. `pages` are those that are known, and `unsettled` says how many of them have no fingerprint.
    pub fn start(&mut self, pages: SetHash, unsettled: usize) {
        self.waiting = Mutex::new(Waiting {
            pages,
            unsettled,
            ..Waiting::default()
        });
    }

    /// Lets a record wait; `before` is what was known of the page.
    ///
    /// # Errors
    /// Where the disk is full or the file cannot be written.
    pub fn put(
        &self,
        path: &str,
        record: Option<PageRecord>,
        before: Option<PageRecordHead>,
    ) -> std::io::Result<()> {
        let value = record.as_ref().map(encode).unwrap_or_default();
        let entry = journal::entry(path, &value);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = &mut *waiting;
        if let Some(before) = before {
            waiting.pages.remove(set_hash::page(path, before.size));
            waiting.unsettled -= usize::from(before.fingerprint.is_none());
        }
        if let Some(now) = &record {
            waiting.pages.add(set_hash::page(path, now.size));
            waiting.unsettled += usize::from(now.fingerprint.is_none());
        }
        if let Some(file) = &mut waiting.file {
            return file.write_all(&entry);
        }
        waiting.bytes.extend_from_slice(&entry);
        waiting.few.push((path.into(), record));
        if waiting.few.len() > FEW {
            let mut file = self.make()?;
            file.write_all(&std::mem::take(&mut waiting.bytes))?;
            waiting.few = Vec::new();
            waiting.file = Some(file);
        }
        Ok(())
    }

    /// Makes the file and takes its name away again, so that nothing of it outlives the process.
    fn make(&self) -> std::io::Result<BufWriter<File>> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(true);
        let file = file.open(&self.path)?;
        // Where a file that is open cannot be removed, the next build writes over it.
        let _ = std::fs::remove_file(&self.path);
        Ok(BufWriter::with_capacity(1 << 20, file))
    }

    /// Moves all that waits to the end of a table.
    ///
    /// # Errors
    /// As [`PendingRecords::put`].
    pub fn end(&mut self, journal: &mut Journal) -> std::io::Result<Flushed> {
        let waiting = self.waiting.get_mut();
        let waiting = std::mem::take(waiting.unwrap_or_else(PoisonError::into_inner));
        let few = match waiting.file {
            None => {
                journal.append_entries(&mut waiting.bytes.as_slice())?;
                Some(waiting.few)
            }
            Some(writer) => {
                let mut file = writer.into_inner().map_err(|e| e.into_error())?;
                file.rewind()?;
                journal.append_entries(&mut file)?;
                None
            }
        };
        Ok(Flushed {
            few,
            pages: waiting.pages,
            unsettled: waiting.unsettled,
        })
    }
}
