//! Finds what may be a topic in scripts that have no capitals: Arabic, Chinese, Hebrew, Hindi and others.
//! Knows titles, where words are few and chosen; never knows how often other articles use them.

use std::collections::BTreeSet;

use super::super::words::{in_word, is_spaceless};

/// Shorter words are particles far more often than subjects.
const FEWEST_LETTERS: usize = 3;
/// Of a run without spaces, parts of these lengths are tried.
const PARTS: std::ops::RangeInclusive<usize> = 2..=4;
/// A title that is a paragraph must not fill the table.
const MOST_CANDIDATES: usize = 64;

/// Whether most letters of a text are of a script without case.
pub fn is_uncased(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let uncased = letters
        .clone()
        .filter(|c| !c.is_uppercase() && !c.is_lowercase())
        .count();
    2 * uncased > letters.count()
}

/// The words of a title and each two that stand side by side; parts of a run where there are no spaces.
pub fn candidates(title: &str) -> BTreeSet<String> {
    let mut candidates = BTreeSet::new();
    for clause in title.split(|c: char| !in_word(c) && c != ' ') {
        let words: Vec<_> = clause.split(' ').filter(|word| !word.is_empty()).collect();
        for word in &words {
            if word.contains(is_spaceless) {
                candidates.extend(parts(word));
            } else if is_word(word) {
                candidates.insert(without_particle(word).to_owned());
            }
        }
        for pair in words
            .windows(2)
            .filter(|pair| pair.iter().all(|word| is_word(word)))
        {
            candidates.insert(format!("{} {}", without_particle(pair[0]), pair[1]));
        }
        if candidates.len() > MOST_CANDIDATES {
            break;
        }
    }
    while candidates.len() > MOST_CANDIDATES {
        candidates.pop_last();
    }
    candidates
}

/// The different words of a body.
pub fn words(prose: &str) -> BTreeSet<&str> {
    prose
        .split(|c: char| !in_word(c))
        .filter(|word| is_word(word))
        .map(without_particle)
        .collect()
}

fn is_word(word: &str) -> bool {
    !word.contains(is_spaceless)
        && word.chars().filter(|c| c.is_alphabetic()).count() >= FEWEST_LETTERS
}

/// An Arabic word with the article, without the particle that is written onto it.
fn without_particle(word: &str) -> &str {
    let bare = word
        .strip_prefix(['و', 'ف', 'ب', 'ك'])
        .filter(|rest| rest.starts_with("ال"));
    bare.filter(|rest| rest.chars().count() > FEWEST_LETTERS + 1)
        .unwrap_or(word)
}

/// Parts of a run of one script without spaces. Hiragana are left out: they are what stands between words.
fn parts(run: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for piece in run.split(|c: char| !is_spaceless(c) || matches!(c, '\u{3040}'..='\u{309f}')) {
        let chars: Vec<_> = piece.chars().take(MOST_CANDIDATES).collect();
        let katakana = |c: &char| matches!(c, '\u{30a0}'..='\u{30ff}');
        for same in chars.chunk_by(|a, b| katakana(a) == katakana(b)) {
            let is_ideographic = same.iter().all(|c| !katakana(c) && *c > '\u{3000}');
            if is_ideographic {
                parts.extend(
                    PARTS
                        .flat_map(|length| same.windows(length))
                        .map(|part| part.iter().collect::<String>()),
                );
            } else if same.len() >= FEWEST_LETTERS {
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
    fn scripts_without_case_are_known() {
        assert!(is_uncased("ميناء أوسلو IMO"));
        assert!(is_uncased("北京港"));
        assert!(!is_uncased("Port of Oslo"));
        assert!(!is_uncased("Порт"));
        assert!(!is_uncased(""));
    }

    #[test]
    fn words_and_pairs_are_candidates() {
        let found = candidates("ميناء أوسلو، والقاهرة");
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["أوسلو", "القاهرة", "ميناء", "ميناء أوسلو"]
        );
    }

    #[test]
    fn runs_without_spaces_are_tried_in_parts() {
        assert_eq!(
            candidates("北京港").into_iter().collect::<Vec<_>>(),
            ["京港", "北京", "北京港"]
        );
        assert_eq!(
            candidates("オスロの港湾").into_iter().collect::<Vec<_>>(),
            ["オスロ", "港湾"]
        );
    }

    #[test]
    fn a_title_without_end_is_cut() {
        assert!(candidates(&"港湾北京".repeat(100_000)).len() <= MOST_CANDIDATES);
    }
}
