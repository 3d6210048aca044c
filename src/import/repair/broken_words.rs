//! Words that a hyphen at the end of a line divides. Never decides whether the hyphen belongs to the word.

use std::ops::Range;

use super::edits::is_hyphen;

/// Words after a hyphen that replaces an omitted word: `pre- and post-war`, `Haupt- und Nebensatz`.
const AFTER_A_GAP: &[&str] = &[
    "and", "or", "to", "und", "oder", "bis", "bzw", "et", "ou", "y", "o", "e", "en", "of", "och",
    "og", "i", "a",
];

/// A word with a line break in it.
#[derive(Debug)]
pub(crate) struct Broken<'t> {
    /// The hyphen and the white space after it.
    pub at: Range<usize>,
    pub hyphen: char,
    pub left: &'t str,
    pub right: &'t str,
    /// Whether a hyphen precedes it: `tongue-in-` and `cheek`.
    pub is_chained: bool,
}

/// Words broken at a hyphen at the end of a line.
pub(crate) fn broken(text: &str) -> Vec<Broken<'_>> {
    let mut found = Vec::new();
    for line_end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        let (before, after) = (&text[..line_end], &text[line_end..]);
        let before = before.trim_end_matches([' ', '\t', '\r']);
        let Some(hyphen) = before.chars().next_back().filter(|c| is_hyphen(*c)) else {
            continue;
        };
        let start = before.len() - hyphen.len_utf8();
        let rest = after.trim_start();
        let end = text.len() - rest.len();
        // A blank line ends a paragraph.
        if memchr::memchr(b'\n', &text.as_bytes()[line_end + 1..end]).is_some() {
            continue;
        }
        let before = &text[..start];
        let in_word = |c: &char| c.is_alphanumeric();
        let left: usize = before
            .chars()
            .rev()
            .take_while(in_word)
            .map(char::len_utf8)
            .sum();
        let right: usize = rest.chars().take_while(in_word).map(char::len_utf8).sum();
        let (left, right) = (&before[start - left..], &rest[..right]);
        if left.is_empty() || right.is_empty() || AFTER_A_GAP.contains(&right) {
            continue;
        }
        let first = start - left.len();
        found.push(Broken {
            is_chained: text[..first].ends_with(is_hyphen),
            at: start..end,
            hyphen,
            left,
            right,
        });
    }
    found
}

/// The parts of a text without the words that line breaks divide.
pub(crate) fn without_broken_words(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for broken in broken(text) {
        stretches.push(at..broken.at.start - broken.left.len());
        at = broken.at.end + broken.right.len();
    }
    stretches.push(at..text.len());
    // A word may be broken twice.
    stretches
        .into_iter()
        .filter_map(|stretch| text.get(stretch))
}
