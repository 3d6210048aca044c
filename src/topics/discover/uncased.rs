//! Finds terms in scripts without case: Arabic, Chinese, Hebrew, Hindi and others. They are taken from titles,
//! where words are few and chosen. Never knows how often other articles use them.

use std::collections::BTreeSet;

use crate::text::words::{in_word, is_spaceless};

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
    while terms.len() > MAX_TERMS {
        terms.pop_last();
    }
    terms
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
    fn a_very_long_title_is_cut() {
        assert!(terms(&"港湾北京".repeat(100_000)).len() <= MAX_TERMS);
    }
}
