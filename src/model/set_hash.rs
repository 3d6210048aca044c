//! A hash of a set, independent of the order of its entries: equal hashes mean equal sets.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Stamp;

/// A count and a sum of digests. Entries can be added and removed one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SetHash {
    count: u64,
    total: u128,
}

impl SetHash {
    /// Adds an entry, the result of [`file()`] or [`page()`].
    pub fn add(&mut self, entry: u128) {
        self.count += 1;
        self.total = self.total.wrapping_add(entry);
    }

    /// Removes an entry that was added.
    pub fn remove(&mut self, entry: u128) {
        self.count -= 1;
        self.total = self.total.wrapping_sub(entry);
    }

    /// Adds another set.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.total = self.total.wrapping_add(other.total);
    }

    /// The number of entries.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl FromIterator<u128> for SetHash {
    fn from_iter<I: IntoIterator<Item = u128>>(entries: I) -> Self {
        let mut hash = Self::default();
        entries.into_iter().for_each(|entry| hash.add(entry));
        hash
    }
}

impl FromParallelIterator<u128> for SetHash {
    fn from_par_iter<I: IntoParallelIterator<Item = u128>>(entries: I) -> Self {
        let add = |mut hash: Self, entry| {
            hash.add(entry);
            hash
        };
        let merge = |mut all: Self, hash| {
            all.merge(hash);
            all
        };
        let entries = entries.into_par_iter();
        entries
            .fold(Self::default, add)
            .reduce(Self::default, merge)
    }
}

/// The entry of a source file: its name and stamp.
pub fn file(name: &str, stamp: &Stamp) -> u128 {
    let Stamp {
        size,
        modified,
        changed,
    } = stamp;
    digest(name, &[*size, *modified as u64, *changed as u64])
}

/// The entry of a page: its path and size, without its times.
pub fn page(path: &str, size: u64) -> u128 {
    digest(path, &[size])
}

fn digest(name: &str, numbers: &[u64]) -> u128 {
    let mut bytes = smallvec::SmallVec::<[u8; 256]>::new();
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(name.as_bytes());
    u128::from_le_bytes(super::digest::digest(&bytes))
}
