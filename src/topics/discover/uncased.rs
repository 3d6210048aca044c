//! Finds terms in scripts without case: Arabic, Chinese, Hebrew, Hindi and others. They are taken from titles,
//! where words are few and chosen. Never knows how often other articles use them.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use crate::text::words::{in_word, is_spaceless};

/// Languages without capitals of which there are lists of stop words.
const LANGUAGES: [&str; 10] = ["ar", "bn", "fa", "gu", "he", "hi", "ja", "mr", "th", "zh"];
/// Shorter words are mostly particles.
const MIN_LETTERS: usize = 3;
/// The lengths of the parts of a run without spaces that are tried.
const PARTS: std::ops::RangeInclusive<usize> = 2..=4;
/// The most terms of one title: one that is a whole paragraph must not fill the table.
const MAX_TERMS: usize = 64;

/// Whether most letters of a text are of a script without case.
pub(crate) fn is_uncased(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let uncased = letters
        .clone()
        .filter(|c| !c.is_uppercase() && !c.is_lowercase())
        .count();
    2 * uncased > letters.count()
}

/// The words of a title and each pair of adjacent words; in a script without spaces, the parts of each run.
pub(crate) fn terms(title: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for clause in title.split(|c: char| !in_word(c) && c != ' ') {
        let words: Vec<_> = clause.split(' ').filter(|word| !word.is_empty()).collect();
        for word in &words {
            if word.contains(is_spaceless) {
                terms.extend(parts(word));
            } else if is_word(word) {
                terms.insert(without_particle(word).to_owned());
            }
        }
        for pair in words
            .windows(2)
            .filter(|pair| pair.iter().all(|word| is_word(word)))
        {
            terms.insert(format!("{} {}", without_particle(pair[0]), pair[1]));
        }
        if terms.len() > MAX_TERMS {
            break;
        }
    }
    terms.retain(|term| !term.split(' ').any(is_stop_word));
    while terms.len() > MAX_TERMS {
        terms.pop_last();
    }
    terms
}

/// Stop words that the lists lack.
const MORE_STOP_WORDS: &str =
    "没有 可以 已经 进行 表示 目前 今年 去年 今天 昨天 记者 报道 需要 很多 时候 问题 工作 情况";

/// Chinese particles, with which no name begins or ends.
const PARTICLES: &str = "的了是在和与及将把被为对从到也都就还又很等于并而且之其";

/// Whether a word is a stop word of a language without capitals, or, in a script without spaces, begins with one, consists of
/// them, or was cut beside a particle.
fn is_stop_word(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let lists = LANGUAGES.iter().filter_map(stop_words::lookup);
        let more = MORE_STOP_WORDS.split_ascii_whitespace();
        lists.flatten().copied().chain(more).collect()
    });
    let begins_with_one = || {
        let end = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
        word.len() > end && WORDS.contains(&word[..end])
    };
    let consists_of_them = || {
        let mut characters = word.char_indices();
        characters.all(|(at, c)| WORDS.contains(&word[at..at + c.len_utf8()]))
    };
    let is_cut =
        || word.starts_with(|c| PARTICLES.contains(c)) || word.ends_with(|c| PARTICLES.contains(c));
    WORDS.contains(word)
        || (word.contains(is_spaceless) && (begins_with_one() || consists_of_them() || is_cut()))
}

/// The different words of a body.
pub(crate) fn words(prose: &str) -> BTreeSet<&str> {
    prose
        .split(|c: char| !in_word(c))
        .filter(|word| is_word(word))
        .map(without_particle)
        .collect()
}

fn is_word(word: &str) -> bool {
    !word.contains(is_spaceless)
        && word.chars().filter(|c| c.is_alphabetic()).count() >= MIN_LETTERS
}

/// An Arabic word without the particle that is joined to its article.
fn without_particle(word: &str) -> &str {
    let bare = word
        .strip_prefix(['و', 'ف', 'ب', 'ك'])
        .filter(|rest| rest.starts_with("ال"));
    bare.filter(|rest| rest.chars().count() > MIN_LETTERS + 1)
        .unwrap_or(word)
}

/// The parts of a run of a script without spaces. Hiragana, which are mostly between words, are left out.
fn parts(run: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for piece in run.split(|c: char| !is_spaceless(c) || matches!(c, '\u{3040}'..='\u{309f}')) {
        let chars: Vec<_> = piece.chars().take(MAX_TERMS).collect();
        let katakana = |c: &char| matches!(c, '\u{30a0}'..='\u{30ff}');
        for same in chars.chunk_by(|a, b| katakana(a) == katakana(b)) {
            let is_ideographic = same.iter().all(|c| !katakana(c) && *c > '\u{3000}');
            if is_ideographic {
                parts.extend(
                    PARTS
                        .flat_map(|length| same.windows(length))
                        .map(|part| part.iter().collect::<String>()),
                );
            } else if same.len() >= MIN_LETTERS {
                parts.push(same.iter().collect());
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_without_case_are_recognised() {
        assert!(is_uncased("ميناء أوسلو IMO"));
        assert!(is_uncased("北京港"));
        assert!(!is_uncased("Port of Oslo"));
        assert!(!is_uncased("Порт"));
        assert!(!is_uncased(""));
    }

    #[test]
    fn words_and_pairs_are_terms() {
        let found = terms("ميناء أوسلو، والقاهرة");
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["أوسلو", "القاهرة", "ميناء", "ميناء أوسلو"]
        );
    }

    #[test]
    fn runs_without_spaces_are_split_into_parts() {
        assert_eq!(
            terms("北京港").into_iter().collect::<Vec<_>>(),
            ["京港", "北京", "北京港"]
        );
        assert_eq!(
            terms("オスロの港湾").into_iter().collect::<Vec<_>>(),
            ["オスロ", "港湾"]
        );
    }

    #[test]
    fn stop_words_are_no_terms() {
        assert!(terms("我们 没有 一个 他们").is_empty());
        assert_eq!(
            terms("على ميناء").into_iter().collect::<Vec<_>>(),
            ["ميناء"]
        );
    }

    #[test]
    fn a_very_long_title_is_cut() {
        assert!(terms(&"港湾北京".repeat(100_000)).len() <= MAX_TERMS);
    }
}
