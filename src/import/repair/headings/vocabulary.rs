//! The words of a text and how often each is capitalised. Knows words; never what a heading is.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::bare;

/// How often a word occurs in a text.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Occurrences {
    pub lowercase: u32,
    /// Capitalised, but not as the first word of a sentence.
    pub capitalised: u32,
    /// As the first word of a sentence.
    pub first: u32,
}

/// The words of a text by their hashes: a text has too few words for a collision to matter.
pub(crate) struct Vocabulary {
    seen: HashMap<u64, Occurrences, FixedState>,
    /// Words and the capitalised words behind them.
    pairs: HashMap<u64, u32, FixedState>,
}

impl Vocabulary {
    pub(crate) fn of<'a>(sentences: impl Iterator<Item = &'a str>) -> Self {
        let mut seen: HashMap<u64, Occurrences, FixedState> = HashMap::default();
        let mut pairs: HashMap<u64, u32, FixedState> = HashMap::default();
        for sentence in sentences {
            let mut before = None;
            for (index, word) in sentence.split_whitespace().map(bare).enumerate() {
                let is_lowercase = word.starts_with(char::is_lowercase);
                let key = key(word);
                let counts = seen.entry(key).or_default();
                match (is_lowercase, index) {
                    (true, _) => counts.lowercase += 1,
                    (false, 0) => counts.first += 1,
                    (false, _) => counts.capitalised += 1,
                }
                if let Some(before) = before.filter(|_| !is_lowercase) {
                    *pairs.entry(pair(before, key)).or_default() += 1;
                }
                before = (!word.is_empty()).then_some(key);
            }
        }
        Self { seen, pairs }
    }

    /// Whether two adjacent words occur together only once.
    pub(crate) fn is_single_pair(&self, first: &str, second: &str) -> bool {
        let count = self.pairs.get(&pair(key(first), key(second)));
        count.is_none_or(|count| *count == 1)
    }

    /// Whether a word occurs more than once.
    pub(crate) fn is_known(&self, word: &str) -> bool {
        let seen = self.occurrences(word);
        seen.lowercase + seen.capitalised + seen.first > 1
    }

    pub(crate) fn occurrences(&self, word: &str) -> Occurrences {
        self.seen.get(&key(word)).copied().unwrap_or_default()
    }
}

/// A hash of the word in lowercase.
fn key(word: &str) -> u64 {
    FixedState::default().hash_one(word.to_lowercase())
}

fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(1) ^ second
}
