//! Hyphens at the ends of lines: those of a typesetter are removed, those of a writer are kept, and so are doubtful ones.
//! Knows English word endings; never a dictionary.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::edits::{Edit, EditKind, is_hyphen};

/// Endings of English words that are not words themselves: a hyphen before one is a typesetter's.
const ENDINGS: &[&str] = &[
    "ance", "ances", "ation", "ations", "ble", "bly", "cation", "cial", "cially", "cle", "cles",
    "cy", "dle", "ence", "ences", "ering", "ery", "fication", "fully", "gle", "ible", "ically",
    "ies", "ified", "ifies", "ify", "ing", "ings", "ious", "iously", "isation", "ising", "ission",
    "istic", "ists", "ities", "ity", "ization", "izing", "lar", "lation", "lished", "lishing",
    "lowed", "lowing", "ly", "ment", "mental", "mentary", "ments", "mination", "mission", "mitted",
    "nary", "ness", "nition", "ous", "ously", "ple", "ples", "ration", "rial", "sion", "sional",
    "sions", "tain", "tained", "tation", "tations", "ted", "tection", "tic", "tically", "ties",
    "tigation", "ting", "tion", "tional", "tionally", "tioned", "tions", "tious", "tive", "tively",
    "tle", "tling", "tory", "tre", "trict", "ture", "tured", "tures", "uous", "ual", "vised",
    "zation",
];

/// Words after a hyphen that replaces an omitted word: `pre- and post-war`, `Haupt- und Nebensatz`.
const AFTER_A_GAP: &[&str] = &[
    "and", "or", "to", "und", "oder", "bis", "bzw", "et", "ou", "y", "o", "e", "en", "of", "och",
    "og", "i", "a",
];

/// A word with a line break in it.
#[derive(Debug)]
struct Broken<'t> {
    /// The hyphen and the white space after it.
    at: Range<usize>,
    hyphen: char,
    left: &'t str,
    right: &'t str,
}

/// The edits that join broken words. After a hyphen that is kept, only white space is removed.
pub fn repair(text: &str) -> Vec<Edit> {
    let broken = broken(text);
    if broken.is_empty() {
        return Vec::new();
    }
    let (words, compounds) = words(text, &broken);
    let edit = |broken: &Broken<'_>| {
        let is_removed = broken.hyphen == '\u{ad}' || is_typesetters(broken, &words, &compounds);
        let kept = if is_removed {
            0
        } else {
            broken.hyphen.len_utf8()
        };
        Edit {
            at: broken.at.start + kept..broken.at.end,
            to: Cow::Borrowed(""),
            kind: EditKind::Hyphen,
        }
    };
    broken.iter().map(edit).collect()
}

fn is_typesetters(
    broken: &Broken<'_>,
    words: &HashSet<Cow<'_, str>>,
    compounds: &HashSet<Cow<'_, str>>,
) -> bool {
    let Broken { left, right, .. } = broken;
    if !right.starts_with(char::is_lowercase) || !left.ends_with(char::is_lowercase) {
        return false;
    }
    let (left, right) = (left.to_lowercase(), right.to_lowercase());
    if compounds.contains(format!("{left}-{right}").as_str()) {
        return false;
    }
    let whole = format!("{left}{right}");
    let known = |word: &str| words.contains(word);
    let is_known =
        known(&whole) || known(&format!("{whole}s")) || whole.strip_suffix('s').is_some_and(known);
    is_known || (ENDINGS.contains(&right.as_str()) && !known(&right))
}

/// Words broken at a hyphen at the end of a line.
fn broken(text: &str) -> Vec<Broken<'_>> {
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
        found.push(Broken {
            at: start..end,
            hyphen,
            left,
            right,
        });
    }
    found
}

/// The lowercase words of a text, and those with hyphens, without the parts of broken words.
fn words<'t>(
    text: &'t str,
    broken: &[Broken<'t>],
) -> (HashSet<Cow<'t, str>>, HashSet<Cow<'t, str>>) {
    let (mut words, mut compounds) = (HashSet::new(), HashSet::new());
    let mut at = 0;
    let stretches = broken.iter().map(|b| {
        let stretch = at..b.at.start - b.left.len();
        at = b.at.end + b.right.len();
        stretch
    });
    let mut stretches: Vec<Range<usize>> = stretches.collect();
    stretches.push(at..text.len());
    for stretch in stretches {
        // A word may be broken twice.
        let stretch = text.get(stretch).unwrap_or_default();
        for word in stretch.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\u{2010}') {
            if word.is_empty() {
                continue;
            }
            let word = match word.chars().any(char::is_uppercase) {
                true => Cow::Owned(word.to_lowercase()),
                false => Cow::Borrowed(word),
            };
            match word.contains(['-', '\u{2010}']) {
                true => compounds.insert(word),
                false => words.insert(word),
            };
        }
    }
    (words, compounds)
}

#[cfg(test)]
mod tests {
    use super::super::edits::apply;
    use super::*;

    fn repaired(text: &str) -> String {
        apply(text, &repair(text)).into_owned()
    }

    #[test]
    fn a_word_that_occurs_unbroken_is_joined() {
        for (text, right) in [
            (
                "Take this exam-\nple. An example.",
                "Take this example. An example.",
            ),
            (
                "Die Fähr-\n  leute kamen. Fährleute!",
                "Die Fährleute kamen. Fährleute!",
            ),
            (
                "The har-\r\nbour; two harbours",
                "The harbour; two harbours",
            ),
            ("the administra-\ntion said", "the administration said"),
            ("a soft\u{ad}\nware house", "a software house"),
        ] {
            assert_eq!(repaired(text), right);
        }
    }

    #[test]
    fn a_doubtful_hyphen_is_kept_without_the_line_break() {
        for (text, right) in [
            ("a well-\nknown inn", "a well-known inn"),
            (
                "a re-\nform, a re-form and a reform",
                "a re-form, a re-form and a reform",
            ),
            ("from 1914-\n1918 on", "from 1914-1918 on"),
            ("the Anglo-\nSaxon king", "the Anglo-Saxon king"),
            ("Jean-\nPierre", "Jean-Pierre"),
            ("some word-\nplay here", "some word-play here"),
        ] {
            assert_eq!(repaired(text), right);
        }
    }

    #[test]
    fn dashes_gaps_and_paragraphs_are_kept() {
        for text in [
            "pre-\nand post-war",
            "he said -\nand left",
            "he said--\nand left",
            "the end-\n\nof it",
            "- one\n- two",
            "-\n-",
            "-",
            "",
        ] {
            assert_eq!(repaired(text), text);
        }
    }
}
