//! Sets of words, compared byte by byte. Knows ASCII case and apostrophes; never what a word means.

use std::sync::OnceLock;

use foldhash::fast::FixedState;
use hashbrown::HashSet;
use smallvec::SmallVec;

/// A word whose ASCII letters are lowercase. Words of 16 bytes or fewer need no allocation.
pub(crate) type Lowercase = SmallVec<[u8; 16]>;

/// A set of words that is built when it is first used.
pub(crate) struct WordSet {
    words: &'static [&'static str],
    set: OnceLock<HashSet<&'static [u8], FixedState>>,
}

impl WordSet {
    pub(crate) const fn of(words: &'static [&'static str]) -> Self {
        Self {
            words,
            set: OnceLock::new(),
        }
    }

    /// Whether the set contains exactly this word.
    pub(crate) fn has(&self, word: impl AsRef<[u8]>) -> bool {
        let build = || self.words.iter().map(|word| word.as_bytes()).collect();
        self.set.get_or_init(build).contains(word.as_ref())
    }

    /// Whether a set of lowercase words contains this word in any ASCII case; `’` is read as `'`.
    pub(crate) fn has_in_any_case(&self, word: &str) -> bool {
        match word.is_ascii() {
            true => self.has(lowercase(word.as_bytes())),
            false => self.has(lowercase(word.replace('’', "'").as_bytes())),
        }
    }
}

pub(crate) fn lowercase(word: &[u8]) -> Lowercase {
    let mut word = Lowercase::from_slice(word);
    word.make_ascii_lowercase();
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_exactly_or_in_any_case() {
        static SET: WordSet = WordSet::of(&["a", "won't", "Über", "incomprehensible"]);
        assert!(SET.has("a") && SET.has("Über") && SET.has("incomprehensible"));
        assert!(!SET.has("A") && !SET.has("") && !SET.has("incomprehensibles"));
        assert!(SET.has_in_any_case("Won’t") && SET.has_in_any_case("A"));
        assert!(!SET.has_in_any_case("won") && !SET.has_in_any_case("ah"));
    }
}
