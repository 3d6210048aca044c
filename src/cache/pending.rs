//! Records of pages that are added to the table when the pages are in place. A few are kept in memory; many would need too
//! much memory while pages are rendered, so they are kept in a file beside the table.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::journal::Journal;
use super::page_record::{PageRecord, PageRecordHead};
use super::{encode, journal};
use crate::model::set_hash::{self, SetHash};

/// The most records that are kept in memory.
const MAX_IN_MEMORY: usize = 4_096;

/// A path and the record of its page; `None` if the page was removed.
pub(crate) type PendingRecord = (Box<str>, Option<PageRecord>);

/// Records to be added to the table. Threads may share this.
#[derive(Debug)]
pub(crate) struct PendingRecords {
    path: PathBuf,
    pending: Mutex<Pending>,
}

#[derive(Debug, Default)]
struct Pending {
    records: Vec<PendingRecord>,
    /// The records as entries of the table.
    bytes: Vec<u8>,
    /// The file of the entries, if there are many.
    file: Option<BufWriter<File>>,
    pages: SetHash,
    unsettled: usize,
}

/// The records that were added to the table.
pub(crate) struct Flushed {
    /// The records; `None` if they were not kept in memory.
    pub records: Option<Vec<PendingRecord>>,
    /// The hash of all known pages, with these records.
    pub pages: SetHash,
    /// How many of all known pages have no fingerprint.
    pub unsettled: usize,
}

impl PendingRecords {
    /// Without records; many of them are kept in a file at `path`.
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            pending: Mutex::default(),
        }
    }

    /// Discards all records. `pages` is the hash of all known pages, of which `unsettled` have no fingerprint.
    pub(crate) fn start(&mut self, pages: SetHash, unsettled: usize) {
        self.pending = Mutex::new(Pending {
            pages,
            unsettled,
            ..Pending::default()
        });
    }

    /// Adds a record; `before` is the known record of the page.
    ///
    /// # Errors
    /// If the disk is full or the file cannot be written.
    pub(crate) fn put(
        &self,
        path: &str,
        record: Option<PageRecord>,
        before: Option<PageRecordHead>,
    ) -> std::io::Result<()> {
        let value = record.as_ref().map(encode).unwrap_or_default();
        let entry = journal::entry(path, &value);
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let pending = &mut *pending;
        if let Some(before) = before {
            pending.pages.remove(set_hash::page(path, before.size));
            pending.unsettled -= usize::from(before.fingerprint.is_none());
        }
        if let Some(now) = &record {
            pending.pages.add(set_hash::page(path, now.size));
            pending.unsettled += usize::from(now.fingerprint.is_none());
        }
        if let Some(file) = &mut pending.file {
            return file.write_all(&entry);
        }
        pending.bytes.extend_from_slice(&entry);
        pending.records.push((path.into(), record));
        if pending.records.len() > MAX_IN_MEMORY {
            let mut file = self.create_file()?;
            file.write_all(&std::mem::take(&mut pending.bytes))?;
            pending.records = Vec::new();
            pending.file = Some(file);
        }
        Ok(())
    }

    /// Creates the file and removes its name again, so that it does not outlive the process.
    fn create_file(&self) -> std::io::Result<BufWriter<File>> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(true);
        let file = file.open(&self.path)?;
        // If an open file cannot be removed, the next build overwrites it.
        let _ = std::fs::remove_file(&self.path);
        Ok(BufWriter::with_capacity(1 << 20, file))
    }

    /// Adds all records to the end of a table.
    ///
    /// # Errors
    /// As [`PendingRecords::put`].
    pub(crate) fn flush(&mut self, journal: &mut Journal) -> std::io::Result<Flushed> {
        let pending = self.pending.get_mut();
        let pending = std::mem::take(pending.unwrap_or_else(PoisonError::into_inner));
        let records = match pending.file {
            None => {
                journal.append_entries(&mut pending.bytes.as_slice())?;
                Some(pending.records)
            }
            Some(writer) => {
                let mut file = writer.into_inner().map_err(|e| e.into_error())?;
                file.rewind()?;
                journal.append_entries(&mut file)?;
                None
            }
        };
        Ok(Flushed {
            records,
            pages: pending.pages,
            unsettled: pending.unsettled,
        })
    }
}
