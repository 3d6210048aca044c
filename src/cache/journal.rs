//! A table on disk: one append-only log that is read completely. A later entry for a key replaces an earlier one.
//! Knows keys and bytes; never knows what they mean.
//!
//! ```text
//! magic (16 bytes), key of the table (32), its number (8), then entries:
//! u32 length of all that follows the checksum · u32 checksum · u16 length of the key · key · value
//! ```
//!
//! Numbers are little-endian. An entry without a value removes its key. A last entry that is incomplete, as a killed process
//! leaves it, is ignored.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Seek as _, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::table::{EntryRange, Table};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::model::digest;

const MAGIC: &[u8; 16] = b"backfile table 1";
const KEY: Range<usize> = 16..48;
const NUMBER: Range<usize> = 48..56;
const HEADER: usize = NUMBER.end;

/// A file that is this many times as long as its current entries is compacted.
const MAX_GARBAGE: u64 = 2;

/// A position in a table's log: the table's number, and its length in bytes at that time.
pub type LogPosition = (u64, u64);

/// A table's file on disk.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    key: [u8; 32],
    /// Differs from that of every other table that was ever stored at this path.
    number: u64,
    /// The position of the next entry; `None` if the file has to be created first.
    end: Option<u64>,
}

impl Journal {
    /// The number of bytes before the first entry.
    pub const HEADER: usize = HEADER;

    /// Whether a file that begins with these bytes is a table with this key.
    pub fn is_header(bytes: &[u8], key: &[u8; 32]) -> bool {
        bytes.starts_with(MAGIC) && bytes.get(KEY) == Some(key)
    }

    /// Writes a table of encoded entries, see [`entry`], with a given number, so that equal entries give equal bytes.
    ///
    /// # Errors
    /// If the disk is full or the file cannot be written.
    pub fn write_table(
        path: &Path,
        key: [u8; 32],
        number: u64,
        entries: impl Iterator<Item = impl AsRef<[u8]>>,
    ) -> Result<()> {
        let write = || -> std::io::Result<()> {
            let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
            put_header(&mut file, &key, number)?;
            entries
                .into_iter()
                .try_for_each(|entry| file.write_all(entry.as_ref()))?;
            file.flush()
        };
        write().map_err(|e| Diagnostic::io(path, "write the part", &e).into())
    }

    /// Opens a table. A table with another key belongs to another program or to other settings, and is opened as an empty one. A
    /// damaged table is opened as an empty one too, with a warning.
    pub fn open(path: &Path, key: [u8; 32]) -> (Self, Table, Option<Diagnostic>) {
        let (journal, table, _, warning) = Self::open_since(path, key, None);
        (journal, table, warning)
    }

    /// As [`Journal::open`], with the entries up to `position` and those after it in separate tables. If the position belongs to
    /// another table, the second is `None` and the first has all entries.
    pub fn open_since(
        path: &Path,
        key: [u8; 32],
        position: Option<LogPosition>,
    ) -> (Self, Table, Option<Table>, Option<Diagnostic>) {
        let mut journal = Self {
            path: path.to_path_buf(),
            key,
            number: 0,
            end: None,
        };
        let empty = |journal, warning| (journal, Table::default(), None, warning);
        let Ok(bytes) = std::fs::read(path) else {
            return empty(journal, None);
        };
        if bytes.len() < HEADER || !bytes.starts_with(MAGIC) {
            return empty(journal, Some(damaged(path)));
        }
        if bytes[KEY] != key {
            return empty(journal, None);
        }
        let Some((entries, end)) = read_entries(&bytes) else {
            return empty(journal, Some(damaged(path)));
        };
        journal.number = u64::from_le_bytes(bytes[NUMBER].try_into().unwrap_or_default());
        journal.end = Some(end as u64);
        let known =
            position.filter(|(number, length)| *number == journal.number && *length <= end as u64);
        let cut = known.map_or(end, |(_, length)| length as usize);
        let (then, since) = entries.split_at(entries.partition_point(|entry| entry.key < cut));
        let bytes = Arc::new(bytes);
        let since = known.map(|_| Table::new(bytes.clone(), since));
        (journal, Table::new(bytes, then), since, None)
    }

    /// The current position at the end of the log.
    pub fn position(&self) -> LogPosition {
        (self.number, self.end.unwrap_or(0))
    }

    /// Whether the file is as this process left it, so that entries may be appended.
    pub fn is_current(&self) -> bool {
        let Ok(mut file) = File::open(&self.path) else {
            return self.end.is_none();
        };
        let mut header = [0; HEADER];
        let has_header = file.read_exact(&mut header).is_ok();
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        has_header && header[NUMBER] == self.number.to_le_bytes() && Some(length) == self.end
    }

    /// Appends entries; one without a value removes its key.
    ///
    /// # Errors
    /// If the disk is full or the file cannot be written.
    pub fn append<K: AsRef<str>, V: AsRef<[u8]>>(
        &mut self,
        entries: impl Iterator<Item = (K, V)>,
    ) -> Result<()> {
        let mut entries = entries.peekable();
        if entries.peek().is_none() {
            return Ok(());
        }
        self.write(entries)
            .map_err(|e| Diagnostic::io(&self.path, "write the cache", &e).into())
    }

    fn write<K: AsRef<str>, V: AsRef<[u8]>>(
        &mut self,
        entries: impl Iterator<Item = (K, V)>,
    ) -> std::io::Result<()> {
        let mut file = self.writer()?;
        let mut end = self.end.unwrap_or(HEADER as u64);
        let mut entry = Vec::new();
        for (key, value) in entries {
            entry.clear();
            put_entry(&mut entry, key.as_ref(), value.as_ref());
            file.write_all(&entry)?;
            end += entry.len() as u64;
        }
        file.flush()?;
        self.end = Some(end);
        Ok(())
    }

    /// Appends encoded entries, see [`entry`].
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn append_entries(&mut self, entries: &mut impl Read) -> std::io::Result<()> {
        let mut file = self.writer()?;
        let length = std::io::copy(entries, &mut file)?;
        file.flush()?;
        self.end = Some(self.end.unwrap_or(HEADER as u64) + length);
        Ok(())
    }

    /// The file, at the position of the next entry.
    fn writer(&mut self) -> std::io::Result<BufWriter<File>> {
        let Some(end) = self.end else {
            return self.create();
        };
        let mut file = OpenOptions::new().write(true).open(&self.path)?;
        // Removes an incomplete entry of a killed process.
        file.set_len(end)?;
        file.seek(SeekFrom::End(0))?;
        Ok(BufWriter::with_capacity(1 << 20, file))
    }

    fn create(&mut self) -> std::io::Result<BufWriter<File>> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        self.number = now.as_nanos() as u64 ^ (u64::from(std::process::id()) << 40);
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&self.path)?);
        put_header(&mut file, &self.key, self.number)?;
        Ok(file)
    }

    /// Writes the table again without replaced and removed entries, if these are most of the file. Earlier positions are then
    /// invalid.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn compact(&mut self, table: &Table) -> Result<()> {
        let current: u64 = table.entry_lengths().map(|length| 10 + length).sum();
        if self.end.unwrap_or(0) <= MAX_GARBAGE * current + (1 << 20) {
            return Ok(());
        }
        let mut compacted = Self {
            path: self.path.with_extension("new"),
            key: self.key,
            number: 0,
            end: None,
        };
        compacted.append(table.iter().filter_map(|(key, value)| Some((key, value?))))?;
        std::fs::rename(&compacted.path, &self.path)
            .map_err(|e| Diagnostic::io(&self.path, "write the cache", &e))?;
        (self.number, self.end) = (compacted.number, compacted.end);
        Ok(())
    }
}

fn damaged(path: &Path) -> Diagnostic {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Diagnostic::warning(
        Code::CacheDamaged,
        format!(".backfile/{name}"),
        "the cache is damaged; what it held is computed again",
    )
}

fn put_header(file: &mut impl Write, key: &[u8; 32], number: u64) -> std::io::Result<()> {
    file.write_all(MAGIC)?;
    file.write_all(key)?;
    file.write_all(&number.to_le_bytes())
}

/// The value in the bytes of an entry; `None` if the entry is damaged or has another key.
pub fn entry_of<'a>(entry: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let (head, rest) = entry.split_at_checked(8)?;
    (head[4..] == checksum(rest)).then_some(())?;
    let (_, rest) = rest.split_at_checked(2)?;
    rest.strip_prefix(key.as_bytes())
}

/// An entry as it is encoded in the file.
pub fn entry(key: &str, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(10 + key.len() + value.len());
    put_entry(&mut out, key, value);
    out
}

fn put_entry(out: &mut Vec<u8>, key: &str, value: &[u8]) {
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(&(key.len() as u16).to_le_bytes());
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(value);
    let length = (out.len() - 8) as u32;
    let checksum = checksum(&out[8..]);
    out[..4].copy_from_slice(&length.to_le_bytes());
    out[4..8].copy_from_slice(&checksum);
}

fn checksum(entry: &[u8]) -> [u8; 4] {
    (digest::short(entry) as u32).to_le_bytes()
}

/// Every complete entry in the order of the file, and the end of the last; `None` if one is damaged.
fn read_entries(bytes: &[u8]) -> Option<(Vec<EntryRange>, usize)> {
    let mut ranges = Vec::new();
    let mut at = HEADER;
    while let Some(length) = bytes.get(at..at + 4) {
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let end = at + 8 + length;
        if end > bytes.len() {
            break;
        }
        ranges.push(at..end);
        at = end;
    }
    let entries = ranges.par_iter().map(|range| {
        let entry = &bytes[range.start + 8..range.end];
        if checksum(entry) != bytes[range.start + 4..range.start + 8] {
            return None;
        }
        let length = usize::from(u16::from_le_bytes(entry.get(..2)?.try_into().ok()?));
        std::str::from_utf8(entry.get(2..2 + length)?).ok()?;
        let key = range.start + 8 + 2;
        Some(EntryRange {
            key,
            value: key + length,
            end: range.end,
        })
    });
    Some((entries.collect::<Option<_>>()?, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(path: &Path) -> (Vec<(String, Vec<u8>)>, bool) {
        let (_, table, warning) = Journal::open(path, [7; 32]);
        let mut all: Vec<_> = table
            .iter()
            .filter_map(|(k, v)| Some((k.to_owned(), v?.to_vec())))
            .collect();
        all.sort();
        (all, warning.is_some())
    }

    #[test]
    fn later_entries_win_and_an_incomplete_last_entry_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t");
        let (mut journal, ..) = Journal::open(&path, [7; 32]);
        journal
            .append([("a", b"1".as_slice()), ("b", b"2")].into_iter())
            .unwrap();
        let (mut journal, ..) = Journal::open(&path, [7; 32]);
        journal
            .append([("a", b"3".as_slice()), ("b", b"")].into_iter())
            .unwrap();
        assert_eq!(
            contents(&path),
            (vec![("a".to_owned(), b"3".to_vec())], false)
        );
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..whole.len() - HEADER {
            std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            let (mut journal, _, warning) = Journal::open(&path, [7; 32]);
            assert!(warning.is_none());
            journal
                .append([("c", b"4".as_slice())].into_iter())
                .unwrap();
            assert!(contents(&path).0.contains(&("c".to_owned(), b"4".to_vec())));
        }
    }

    #[test]
    fn a_changed_byte_empties_the_table_with_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t");
        let (mut journal, ..) = Journal::open(&path, [7; 32]);
        journal
            .append([("a", b"1".as_slice()), ("b", b"2")].into_iter())
            .unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[HEADER + 10] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(contents(&path), (Vec::new(), true));
        std::fs::write(&path, b"garbage").unwrap();
        assert_eq!(contents(&path), (Vec::new(), true));
        let (_, table, warning) = Journal::open(&folder.path().join("none"), [7; 32]);
        assert!(table.is_empty() && warning.is_none());
    }

    #[test]
    fn replaced_entries_are_removed_by_compaction() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t");
        let (mut journal, ..) = Journal::open(&path, [7; 32]);
        let value = vec![1_u8; 100_000];
        for _ in 0..30 {
            journal
                .append([("a", value.as_slice())].into_iter())
                .unwrap();
        }
        let (mut journal, table, _) = Journal::open(&path, [7; 32]);
        journal.compact(&table).unwrap();
        assert!(std::fs::metadata(&path).unwrap().len() < 200_000);
        assert_eq!(contents(&path).0.len(), 1);
    }

    #[test]
    fn entries_after_a_position_are_separate() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t");
        let (mut journal, ..) = Journal::open(&path, [7; 32]);
        journal
            .append([("a", "1"), ("b", "2")].into_iter())
            .unwrap();
        let position = journal.position();
        journal.append([("b", ""), ("c", "3")].into_iter()).unwrap();
        let (_, then, since, _) = Journal::open_since(&path, [7; 32], Some(position));
        let since = since.unwrap();
        assert_eq!((then.len(), since.len()), (2, 2));
        assert!(then.get("a").is_some() && then.get("b").is_some());
        assert!(since.get("b").is_none() && since.get("c").is_some());
        let (_, all, since, _) = Journal::open_since(&path, [7; 32], Some((1, position.1)));
        let current = all.iter().filter(|(_, value)| value.is_some()).count();
        assert_eq!((current, since.is_none()), (2, true));
    }
}
