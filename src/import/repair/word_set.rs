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
        pack(word.as_bytes()).is_some_and(|word| self.packed().contains(&word))
    }

    /// The same in any case of ASCII, where the set is in lower case; `’` is taken for `'`.
    pub fn has_in_any_case(&self, word: &str) -> bool {
        let found = |word: &str| {
            let packed = pack(word.as_bytes());
            packed.is_some_and(|packed| self.packed().contains(&lower(packed)))
        };
        match word.is_ascii() || word.len() > LONGEST {
            true => found(word),
            false => found(&word.replace('’', "'")),
        }
    }

    /// The same for a word that is folded already.
    pub fn has_folded(&self, word: Folded) -> bool {
        self.packed().contains(&word.0)
    }

    fn packed(&self) -> &HashSet<u128, FixedState> {
        self.packed.get_or_init(|| {
            self.words
                .iter()
                .filter_map(|word| pack(word.as_bytes()))
                .collect()
        })
    }
}

/// The first 16 bytes of a word, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Folded(u128);

impl Folded {
    pub fn of(word: &[u8]) -> Self {
        let packed = pack(word.get(..LONGEST).unwrap_or(word)).unwrap_or(0);
        Self(lower(packed))
    }

    /// Its first bytes, at most 16.
    pub fn beginning(self, bytes: u32) -> u128 {
        self.0 & u128::MAX.checked_shr(128 - 8 * bytes.min(16)).unwrap_or(0)
    }
}

/// The bytes of a word, the first in the lowest eight bits; None where they are more than 16. Two loads that overlap
/// need no call that copies so many bytes as there are.
fn pack(word: &[u8]) -> Option<u128> {
    let length = word.len();
    let eight = |from| {
        word.get(from..)?
            .first_chunk()
            .copied()
            .map(u64::from_le_bytes)
    };
    let four = |from| {
        word.get(from..)?
            .first_chunk()
            .copied()
            .map(u32::from_le_bytes)
    };
    match length {
        0 => Some(0),
        1..=3 => {
            let byte = |at: usize| Some(u128::from(*word.get(at)?) << (8 * at));
            Some(byte(0)? | byte(length / 2)? | byte(length - 1)?)
        }
        4..=7 => {
            let last = u128::from(four(length - 4)?) << (8 * (length - 4));
            Some(u128::from(four(0)?) | last)
        }
        8..=LONGEST => {
            let last = u128::from(eight(length - 8)?) << (8 * (length - 8));
            Some(u128::from(eight(0)?) | last)
        }
        _ => None,
    }
}

/// Each byte in lower case. Its top bit says whether it is a capital: adding to the lower seven carries into it from a
/// bound on.
fn lower(packed: u128) -> u128 {
    const EACH: u128 = u128::from_le_bytes([1; LONGEST]);
    let seven = packed & (0x7f * EACH);
    let is_from = |first: u8| seven + u128::from(0x80 - first) * EACH;
    let capitals = is_from(b'A') & !is_from(b'Z' + 1) & !packed & (0x80 * EACH);
    packed | (capitals >> 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_word_is_packed_byte_by_byte(word in prop::collection::vec(any::<u8>(), 0..20)) {
            let packed = pack(&word).map(|packed| packed.to_le_bytes()[..word.len()].to_vec());
            let folded = Folded::of(&word).0.to_le_bytes();
            let is_lower = |(at, b): (usize, &u8)| folded[at] == b.to_ascii_lowercase();
            prop_assert!(word.iter().take(LONGEST).enumerate().all(is_lower));
            prop_assert_eq!(packed, (word.len() <= LONGEST).then_some(word));
        }
    }

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
