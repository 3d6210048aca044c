//! Sets of short words, asked for nearly every word of an archive: a comparison with a table of words, however sorted, took
//! a tenth of an import.

use std::sync::OnceLock;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

/// The longest word in a set, in bytes.
const LONGEST: usize = 16;

/// A set of words that is made when it is first asked.
pub struct WordSet {
    words: &'static [&'static str],
    packed: OnceLock<HashSet<u128, FixedState>>,
}

impl WordSet {
    /// Words of at most 16 bytes; longer ones are never found.
    pub const fn of(words: &'static [&'static str]) -> Self {
        Self {
            words,
            packed: OnceLock::new(),
        }
    }

    /// Whether this word is in the set, letter by letter.
    pub fn has(&self, word: &str) -> bool {
        pack(word).is_some_and(|word| self.packed().contains(&word))
    }

    /// The same in any case of ASCII, where the set is in lower case; `’` is taken for `'`.
    pub fn has_in_any_case(&self, word: &str) -> bool {
        let found = |word: &str| {
            let packed = pack(word)?.to_le_bytes();
            let lower = packed.map(|b| b.to_ascii_lowercase());
            Some(self.packed().contains(&u128::from_le_bytes(lower)))
        };
        match word.is_ascii() || word.len() > LONGEST {
            true => found(word).unwrap_or(false),
            false => found(&word.replace('’', "'")).unwrap_or(false),
        }
    }

    /// The same for a word that is folded already.
    pub fn has_folded(&self, word: Folded) -> bool {
        self.packed().contains(&word.0)
    }

    fn packed(&self) -> &HashSet<u128, FixedState> {
        self.packed
            .get_or_init(|| self.words.iter().filter_map(|word| pack(word)).collect())
    }
}

/// The first 16 bytes of a word, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Folded(u128);

impl Folded {
    pub fn of(word: &[u8]) -> Self {
        let mut bytes = [0; LONGEST];
        let length = word.len().min(LONGEST);
        bytes[..length].copy_from_slice(&word[..length]);
        Self(u128::from_le_bytes(bytes.map(|b| b.to_ascii_lowercase())))
    }

    /// Its first bytes, at most 16.
    pub fn beginning(self, bytes: u32) -> u128 {
        self.0 & u128::MAX.checked_shr(128 - 8 * bytes.min(16)).unwrap_or(0)
    }
}

fn pack(word: &str) -> Option<u128> {
    let mut bytes = [0; LONGEST];
    bytes
        .get_mut(..word.len())?
        .copy_from_slice(word.as_bytes());
    Some(u128::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_they_stand_or_in_any_case() {
        static SET: WordSet = WordSet::of(&["a", "won't", "Über", "incomprehensible"]);
        assert!(SET.has("a") && SET.has("Über") && SET.has("incomprehensible"));
        assert!(!SET.has("A") && !SET.has("") && !SET.has("incomprehensibles"));
        assert!(SET.has_in_any_case("Won’t") && SET.has_in_any_case("A"));
        assert!(!SET.has_in_any_case("won") && !SET.has_in_any_case("ah"));
        assert!(SET.has_folded(Folded::of(b"Won't")) && !SET.has_folded(Folded::of(b"wont")));
        let beginning = |word: &str| Folded::of(word.as_bytes()).beginning(5);
        assert_eq!(beginning("Gardens"), beginning("garde"));
        assert_ne!(beginning("Gardens"), beginning("gard"));
    }
}
