//! The MinHash of a body: a hash of its words, folded to lowercase, and the smallest hashes of its runs of four words.
//! It is stored in front matter, so it must be the same in every version of the program.

use std::sync::LazyLock;

use smallvec::SmallVec;

use crate::model::MinHash;
use crate::model::minhash::MAX_HASHES;
use crate::text::words::is_spaceless;

/// A shorter text, in words, is too short to compare.
const FEWEST: usize = 40;

/// How many words a run has.
const RUN: usize = 4;

/// An odd number whose bits look random: of the golden ratio, as in SplitMix64 (Steele et al. 2014).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The first code point that takes three bytes in UTF-8.
const THREE_BYTES: usize = 0x800;

/// The MinHash of a text; `None` where it is shorter than forty words. Case, punctuation and white space make no
/// difference; each character of a script without spaces is a word.
///
/// Words of ASCII are hashed byte by byte. With all words read character by character, as [`beyond_ascii`] does, an import
/// takes 20 % more instructions.
pub(crate) fn of(text: &str) -> Option<MinHash> {
    let bytes = text.as_bytes();
    let mut runs = Runs::default();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let mut word = WordHash::default();
        while let Some(byte) = bytes.get(at).filter(|byte| byte.is_ascii_alphanumeric()) {
            // Digits have this bit already.
            word.push(byte | 0x20);
            at += 1;
        }
        if bytes.get(at).is_some_and(|byte| !byte.is_ascii()) {
            at = beyond_ascii(text, start, &mut runs);
            continue;
        }
        if at > start {
            runs.word(word.finish());
        }
        at += 1;
    }
    runs.min_hash()
}

/// The hash of a word, eight bytes at a time.
#[derive(Default)]
struct WordHash {
    hash: u64,
    /// The bytes that are not in `hash` yet, the first in the lowest eight bits.
    eight: u64,
    length: usize,
}

impl WordHash {
    fn push(&mut self, byte: u8) {
        self.eight |= u64::from(byte) << (8 * (self.length % 8));
        self.length += 1;
        if self.length.is_multiple_of(8) {
            self.hash = mixed(self.hash ^ self.eight);
            self.eight = 0;
        }
    }

    fn finish(self) -> u64 {
        match self.length.is_multiple_of(8) {
            true => self.hash,
            false => mixed(self.hash ^ self.eight),
        }
    }
}

/// Adds the word that begins at `start` and has characters beyond ASCII. Returns the byte after it and its separator.
fn beyond_ascii(text: &str, start: usize, runs: &mut Runs) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let mut word = SmallVec::<[u8; 64]>::new();
    for (at, c) in rest.char_indices() {
        let folded = FOLDS
            .get(c as usize)
            .map_or_else(|| fold(c), |folded| u32::from(*folded));
        let letter = char::from_u32(folded).filter(|c| *c != '\0');
        let is_alone = letter.is_some_and(is_spaceless);
        if (letter.is_none() || is_alone) && !word.is_empty() {
            runs.word(hash_of(&word));
            word.clear();
        }
        if let Some(letter) = letter {
            word.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        if is_alone {
            runs.word(hash_of(&word));
            word.clear();
        }
        if word.is_empty() {
            return start + at + c.len_utf8();
        }
    }
    if !word.is_empty() {
        runs.word(hash_of(&word));
    }
    text.len()
}

/// The hash of a word that is folded already.
fn hash_of(word: &[u8]) -> u64 {
    let mut hash = WordHash::default();
    word.iter().for_each(|byte| hash.push(*byte));
    hash.finish()
}

/// The results of [`fold`] for the code points of one and two bytes, which nearly all characters of most archives are.
static FOLDS: LazyLock<[u16; THREE_BYTES]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let folded = char::from_u32(code as u32).map_or(0, fold);
        u16::try_from(folded).unwrap_or_default()
    })
});

/// A letter or digit in lowercase; 0 for a character that separates words.
fn fold(c: char) -> u32 {
    match c.is_alphanumeric() {
        true => c.to_lowercase().next().unwrap_or(c) as u32,
        false => 0,
    }
}

/// A hash in which each bit of the number affects each bit of the result: both halves of a product (as in wyhash).
fn mixed(number: u64) -> u64 {
    let product = u128::from(number ^ SPREAD) * u128::from(SPREAD);
    (product >> 64) as u64 ^ product as u64
}

/// Runs of words, and the smallest of their hashes.
#[derive(Default)]
struct Runs {
    words: usize,
    /// A hash of all words in their order.
    all: u64,
    /// A rolling hash of the last words, each times a power of [`SPREAD`].
    run: u64,
    last: [u64; RUN],
    smallest: [u32; MAX_HASHES],
    held: usize,
}

impl Runs {
    fn word(&mut self, hash: u64) {
        const OLDEST: u64 = SPREAD.wrapping_pow(RUN as u32);
        let gone = std::mem::replace(&mut self.last[self.words % RUN], hash);
        self.words += 1;
        self.all = mixed(self.all.rotate_left(23) ^ hash);
        self.run = self.run.wrapping_mul(SPREAD).wrapping_add(hash);
        self.run = self.run.wrapping_sub(gone.wrapping_mul(OLDEST));
        if self.words >= RUN {
            self.keep((mixed(self.run) >> 32) as u32);
        }
    }

    fn keep(&mut self, hash: u32) {
        if self.held == MAX_HASHES && self.smallest[MAX_HASHES - 1] <= hash {
            return;
        }
        if let Err(at) = self.smallest[..self.held].binary_search(&hash) {
            self.held = MAX_HASHES.min(self.held + 1);
            self.smallest.copy_within(at..self.held - 1, at + 1);
            self.smallest[at] = hash;
        }
    }

    fn min_hash(self) -> Option<MinHash> {
        (self.words >= FEWEST).then(|| MinHash {
            words: self.all,
            smallest: self.smallest[..self.held].into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(words: impl Iterator<Item = usize>) -> String {
        words.map(|n| format!("Word{n} ")).collect()
    }

    #[test]
    fn the_minhash_is_the_same_in_every_version() {
        let sketch = of(&text(0..60)).expect("sixty words").to_string();
        assert_eq!(
            sketch,
            "a6e9c2441aca273d0069342d0289e58402b3505c10f5bb691269ffe612eb52bc15e10e0d1948435e"
        );
    }

    #[test]
    fn short_texts_have_none_and_repetitive_ones_few_hashes() {
        assert_eq!(of(&text(0..39)), None);
        assert_eq!(
            of(&text((0..400).map(|n| n % 3))).map(|s| s.smallest.len()),
            Some(3)
        );
        assert_eq!(of(""), None);
    }

    #[test]
    fn case_and_marks_make_no_difference_and_one_word_does() {
        let plain = text(0..400);
        let sketch = of(&plain).expect("long enough");
        let same = plain.to_uppercase().replace("WORD7 ", "“Word7”,\n\n> ");
        assert_eq!(of(&same), Some(sketch.clone()));
        let near = of(&plain.replace("Word200 ", "Other ")).expect("long enough");
        assert!(near.words != sketch.words && near.is_near(&sketch));
        let other = of(&text(1_000..1_400)).expect("long enough");
        assert!(!other.is_near(&sketch));
    }

    #[test]
    fn scripts_without_spaces_have_words_too() {
        let characters =
            |from: u32, to: u32| -> String { (from..to).filter_map(char::from_u32).collect() };
        assert!(of(&characters(0x4e00, 0x4e26)).is_none());
        let mixed = format!("Tokyo{}X, Zoë", characters(0x4e00, 0x4e25));
        assert!(of(&mixed).is_some(), "37 characters and three words");
    }

    proptest! {
        #[test]
        fn words_are_found_as_a_plain_reading_finds_them(text in "[a-cA-CZz@`{\\[/: ,.éÉЖ中あ'’0-9\u{301}\u{212a}]{0,300}") {
            let mut runs = Runs::default();
            let mut words: Vec<Vec<char>> = vec![Vec::new()];
            for c in text.to_lowercase().chars() {
                let is_letter = c.is_alphanumeric();
                let is_alone = is_letter && is_spaceless(c);
                match words.last_mut() {
                    Some(word) if is_letter && !is_alone => word.push(c),
                    _ => words.push(if is_alone { vec![c] } else { Vec::new() }),
                }
                if is_alone {
                    words.push(Vec::new());
                }
            }
            for letters in words.iter().filter(|letters| !letters.is_empty()) {
                runs.word(hash_of(letters.iter().collect::<String>().as_bytes()));
            }
            prop_assert_eq!(of(&text), runs.min_hash());
        }
    }
}
