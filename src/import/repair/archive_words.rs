//! How often an archive has each word, and each word with a hyphen. Knows no language, and keeps hashes only.

use std::collections::HashMap;

use super::broken_words::without_broken_words;

/// The words of many texts, in lower case, by their hashes.
#[derive(Debug, Clone, Default)]
pub struct ArchiveWords {
    counts: HashMap<u64, u32>,
}

impl ArchiveWords {
    pub fn of(text: &str) -> Self {
        let mut words = Self::default();
        words.add(text);
        words
    }

    /// Adds the words of a text, without those that a line break divides.
    pub fn add(&mut self, text: &str) {
        for stretch in without_broken_words(text) {
            let is_sign = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\u{2010}');
            for word in stretch.split(is_sign) {
                // `well-known-` of a line that ends in a dash.
                let word = word.trim_matches(['-', '\u{2010}']);
                if !word.is_empty() {
                    self.add_times(hash(word), 1);
                }
            }
        }
    }

    fn add_times(&mut self, word: u64, times: u32) {
        let count = self.counts.entry(word).or_default();
        *count = count.saturating_add(times);
    }

    /// The sum of two counts, the same in any order.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        if self.counts.len() < other.counts.len() {
            return other.merged(self);
        }
        for (word, times) in other.counts {
            self.add_times(word, times);
        }
        self
    }

    /// How often a word in lower case occurs.
    pub fn count(&self, word: &str) -> u32 {
        self.counts.get(&hash(word)).copied().unwrap_or_default()
    }

    /// How many different words there are.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}

fn hash(word: &str) -> u64 {
    let is_simple = |c: char| !c.is_uppercase() && c != '\u{2010}';
    match word.chars().all(is_simple) {
        true => xxhash_rust::xxh3::xxh3_64(word.as_bytes()),
        false => {
            let word = word.to_lowercase().replace('\u{2010}', "-");
            xxhash_rust::xxh3::xxh3_64(word.as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_without_case_and_without_broken_ones() {
        let one = ArchiveWords::of("A Well-known inn. The inn, well\u{2010}known; exam-\nple");
        let words = one.merged(ArchiveWords::of("inn"));
        for (word, times) in [
            ("inn", 3),
            ("well-known", 2),
            ("exam", 0),
            ("ple", 0),
            ("a", 1),
        ] {
            assert_eq!(words.count(word), times, "{word}");
        }
    }
}
