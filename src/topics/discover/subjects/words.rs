//! The words of a text that may tell what it is about: without stop words, folded as the matcher compares them.
//! Knows one text; never how often other texts have a word.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt as _};

use crate::text::words::{in_word, is_spaceless};

/// In letters. Shorter words are mostly particles and abbreviations.
const MIN_LETTERS: usize = 3;
/// In bytes.
const MAX_WORD: usize = 40;
/// The words from which the language of a text is inferred.
const SAMPLE: usize = 400;

/// A word of a text, or two adjacent ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    /// Whether it was written without a capital.
    pub is_lowercase: bool,
}

/// For each stop word, the languages that have it, as bits in the order of the crate's list.
static STOP_WORDS: LazyLock<HashMap<&'static str, u64>> = LazyLock::new(|| {
    let mut all: HashMap<&str, u64> = HashMap::new();
    for (bit, language) in stop_words::available_languages()
        .iter()
        .enumerate()
        .take(64)
    {
        for word in stop_words::lookup(language).into_iter().flatten() {
            *all.entry(word).or_default() |= 1 << bit;
        }
    }
    all
});

/// The stop words of the language of a text, which is inferred from them.
pub(super) struct StopWords(u64);

impl StopWords {
    /// Those of the language of which the text has most.
    pub(super) fn of(text: &str) -> Self {
        let mut counts = [0_u32; 64];
        for run in runs(text).take(SAMPLE) {
            let languages = STOP_WORDS
                .get(&*run.to_lowercase())
                .copied()
                .unwrap_or_default();
            for (bit, count) in counts.iter_mut().enumerate() {
                *count += (languages >> bit & 1) as u32;
            }
        }
        let most = counts.iter().copied().max().unwrap_or_default();
        let best = counts.iter().position(|count| *count == most && most > 0);
        Self(best.map_or(u64::MAX, |bit| 1 << bit))
    }

    fn has(&self, word: &str) -> bool {
        let languages = STOP_WORDS.get(word).copied().unwrap_or_default();
        languages & self.0 != 0
    }
}

/// Runs of characters of a word.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !in_word(c) && c != '\'' && c != '’')
        .map(|word| word.trim_matches(['\'', '’']))
        .filter(|word| !word.is_empty())
}

/// Calls `each` with the words of a text and, if `pairs`, with each two adjacent ones that are separated by a space only.
pub(super) fn each_word(text: &str, stop: &StopWords, pairs: bool, mut each: impl FnMut(Word)) {
    let mut before: Option<(Word, usize)> = None;
    for run in runs(text) {
        let at = run.as_ptr() as usize - text.as_ptr() as usize;
        if run.contains(is_spaceless) {
            parts(run).for_each(&mut each);
            before = None;
            continue;
        }
        let bare = run
            .strip_suffix("'s")
            .or_else(|| run.strip_suffix("’s"))
            .unwrap_or(run);
        let folded = bare.to_lowercase();
        if !is_telling(&folded, stop) {
            before = None;
            continue;
        }
        let word = Word {
            is_lowercase: !bare.contains(char::is_uppercase),
            text: folded,
        };
        if pairs
            && let Some((first, end)) = &before
            && &text[*end..at] == " "
        {
            each(Word {
                text: format!("{} {}", first.text, word.text),
                is_lowercase: first.is_lowercase && word.is_lowercase,
            });
        }
        each(word.clone());
        before = (bare.len() == run.len()).then_some((word, at + run.len()));
    }
}

fn is_telling(word: &str, stop: &StopWords) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters >= MIN_LETTERS
        && word.len() <= MAX_WORD
        && !word.contains(['\'', '’'])
        && !word.contains(|c: char| c.is_numeric())
        && !stop.has(word)
}

/// Each two adjacent ideographs of a run: statistics cannot cut words, but two characters tell a subject nearly as well.
fn parts(run: &str) -> impl Iterator<Item = Word> {
    let is_part =
        |c: &char| is_spaceless(*c) && *c > '\u{3000}' && !matches!(c, '\u{3040}'..='\u{309f}');
    let chars: Vec<char> = run.chars().collect();
    let pairs: Vec<String> = chars
        .windows(2)
        .filter(|pair| pair.iter().all(is_part))
        .map(|pair| pair.iter().collect())
        .collect();
    pairs
        .into_iter()
        .filter(|pair| !STOP_WORDS.contains_key(&**pair))
        .map(|text| Word {
            text,
            is_lowercase: true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each_word(text, &StopWords::of(text), true, |word| {
            words.push(word.text)
        });
        words
    }

    #[test]
    fn stop_words_of_the_own_language_are_left_out() {
        assert_eq!(
            words("The ferry's crew said that interest rates, however, had not been raised"),
            ["ferry", "crew", "rates", "raised"]
        );
        assert_eq!(
            words("Die Fähre ist nicht gekommen, und der Hafen war leer"),
            ["fähre", "gekommen", "hafen", "leer"]
        );
    }

    #[test]
    fn adjacent_words_are_a_pair_unless_something_is_between() {
        assert_eq!(
            words("harbour wall, ferry"),
            ["harbour", "harbour wall", "wall", "ferry"]
        );
    }

    #[test]
    fn ideographs_are_taken_by_two() {
        assert_eq!(words("北京港口"), ["北京", "京港", "港口"]);
    }
}
