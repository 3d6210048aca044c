//! What a set of things says as a whole, whatever their order: two equal sums mean two equal sets.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Stamp;

/// A count and a sum of digests; entries come and go one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SetHash {
    count: u64,
    total: u128,
}

impl SetHash {
    /// Takes in what [`file()`] or [`page()`] gave.
    pub fn add(&mut self, entry: u128) {
        self.count += 1;
        self.total = self.total.wrapping_add(entry);
    }

    /// Takes out what was taken in.
    pub fn remove(&mut self, entry: u128) {
        self.count -= 1;
        self.total = self.total.wrapping_sub(entry);
    }

    /// Takes in another set.
    pub fn join(&mut self, other: Self) {
        self.count += other.count;
        self.total = self.total.wrapping_add(other.total);
    }

    /// How many are in it.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl FromIterator<u128> for SetHash {
    fn from_iter<I: IntoIterator<Item = u128>>(entries: I) -> Self {
        let mut sum = Self::default();
        entries.into_iter().for_each(|entry| sum.add(entry));
        sum
    }
}

impl FromParallelIterator<u128> for SetHash {
    fn from_par_iter<I: IntoParallelIterator<Item = u128>>(entries: I) -> Self {
        let take = |mut sum: Self, entry| {
            sum.add(entry);
            sum
        };
        let join = |mut all: Self, sum| {
            all.join(sum);
            all
        };
        let entries = entries.into_par_iter();
        entries
            .fold(Self::default, take)
            .reduce(Self::default, join)
    }
}

/// A source as the file system shows it.
pub fn file(name: &str, stamp: &Stamp) -> u128 {
    let Stamp {
        size,
        modified,
        changed,
    } = stamp;
    digest(name, &[*size, *modified as u64, *changed as u64])
}

/// A page as the file system shows it, but for its times.
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
