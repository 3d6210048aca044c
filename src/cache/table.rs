//! The entries of a table in memory, with an index by key.
//! Knows positions in the table's bytes; never knows how entries are encoded in the file.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use rayon::prelude::*;

/// The entries of a table when it was opened.
#[derive(Debug, Default)]
pub struct Table {
    bytes: Arc<Vec<u8>>,
    /// The last entry of each key, in the order of the file.
    entries: Vec<EntryRange>,
    /// Indexes of entries by the hash of their key, so that no key is in memory twice.
    index: HashTable<u32>,
    hasher: RandomState,
}

/// The position of an entry in the file. The value follows the key, and is empty if the key was removed.
#[derive(Debug, Clone, Copy)]
pub(super) struct EntryRange {
    pub key: usize,
    pub value: usize,
    pub end: usize,
}

impl Table {
    /// `all` are entries in the order of the file; the last of each key counts.
    pub(super) fn new(bytes: Arc<Vec<u8>>, all: &[EntryRange]) -> Self {
        let mut table = Self {
            bytes,
            entries: Vec::with_capacity(all.len()),
            index: HashTable::with_capacity(all.len()),
            hasher: RandomState::default(),
        };
        all.iter().for_each(|entry| table.insert(*entry));
        table
    }

    fn insert(&mut self, entry: EntryRange) {
        let Self {
            bytes,
            entries,
            index,
            hasher,
        } = self;
        let hash = |entry: &EntryRange| hasher.hash_one(&bytes[entry.key..entry.value]);
        let same = |at: &u32| {
            let other = entries[*at as usize];
            bytes[other.key..other.value] == bytes[entry.key..entry.value]
        };
        match index.find(hash(&entry), same) {
            Some(at) => entries[*at as usize] = entry,
            None => {
                let number = entries.len() as u32;
                entries.push(entry);
                index.insert_unique(hash(&entry), number, |at| hash(&entries[*at as usize]));
            }
        }
    }

    /// The value of a key; `None` if there is no such key.
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        let hash = self.hasher.hash_one(key.as_bytes());
        let same = |at: &u32| self.key(&self.entries[*at as usize]) == key;
        self.value(&self.entries[*self.index.find(hash, same)? as usize])
    }

    /// Keys and values; no value if the key was removed.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        let entries = self.entries.iter();
        entries.map(|entry| (self.key(entry), self.value(entry)))
    }

    /// As [`Table::iter`], on all threads.
    pub fn par_iter(&self) -> impl IndexedParallelIterator<Item = (&str, Option<&[u8]>)> {
        let entries = self.entries.par_iter();
        entries.map(|entry| (self.key(entry), self.value(entry)))
    }

    fn key(&self, entry: &EntryRange) -> &str {
        // The encoding of keys was checked when the file was read.
        std::str::from_utf8(&self.bytes[entry.key..entry.value]).unwrap_or_default()
    }

    fn value(&self, entry: &EntryRange) -> Option<&[u8]> {
        let value = &self.bytes[entry.value..entry.end];
        (!value.is_empty()).then_some(value)
    }

    /// The length in bytes of each current entry: its key and its value.
    pub(super) fn entry_lengths(&self) -> impl Iterator<Item = u64> {
        let current = self.entries.iter().filter(|entry| entry.value < entry.end);
        current.map(|entry| (entry.end - entry.key) as u64)
    }

    /// The number of keys, including removed ones.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
