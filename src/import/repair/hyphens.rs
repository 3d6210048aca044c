//! Hyphens at the ends of lines: those of a typesetter are removed, those of a writer are kept, and so are doubtful ones.
//! Decides by the words of the text and of its archive, and by English word endings; never by a dictionary.

use std::borrow::Cow;

use super::archive_words::ArchiveWords;
use super::broken_words::{Broken, broken};
use super::edits::{Edit, EditKind};

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

/// Beginnings of words that writers also put before a hyphen: `anti-war`, `re-elected`.
const PREFIXES: &[&str] = &[
    "all", "anti", "bi", "co", "counter", "cross", "de", "dis", "ex", "extra", "half", "ill",
    "inter", "intra", "macro", "mega", "micro", "mid", "mini", "mono", "multi", "neo", "non",
    "out", "over", "pan", "poly", "post", "pre", "pro", "proto", "pseudo", "quasi", "re", "self",
    "semi", "sub", "super", "trans", "tri", "ultra", "un", "under", "vice", "well",
];

/// Languages that write compounds in one word, and a hyphen only before a capital or after a gap.
const COMPOUNDING: &[&str] = &["de", "sv", "da", "nb", "nn", "no"];

/// Endings by which forms of one word differ.
const FORMS: &[&str] = &[
    "s", "es", "d", "ed", "ing", "ly", "er", "ers", "ness", "al", "ally", "able",
];

/// An archive with fewer different words does not show which words do not exist, and with fewer still, not even of syllables.
const FEWEST_WORDS: usize = 3_000;
const FEWEST_WORDS_AT_ALL: usize = 250;

/// Whether a text has a word that a line break divides, so that the words of its archive are needed.
pub fn has_broken_words(text: &str) -> bool {
    !broken(text).is_empty()
}

/// The edits that join broken words. After a hyphen that is kept, only white space is removed. `lang` is the language of the
/// text, where it is known.
pub fn repair(text: &str, archive: &ArchiveWords, lang: Option<&str>) -> Vec<Edit> {
    let broken = broken(text);
    if broken.is_empty() {
        return Vec::new();
    }
    let own = ArchiveWords::of(text);
    let evidence = Evidence {
        archive: if archive.is_empty() { &own } else { archive },
        own: &own,
        is_compounding: lang.is_some_and(|lang| COMPOUNDING.contains(&lang)),
    };
    let edit = |broken: &Broken<'_>| {
        let is_removed = broken.hyphen == '\u{ad}' || evidence.is_typesetters(broken);
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

/// The words by which a hyphen is judged: those of its text, and those of the archive, which contain them.
struct Evidence<'a> {
    own: &'a ArchiveWords,
    archive: &'a ArchiveWords,
    is_compounding: bool,
}

impl Evidence<'_> {
    /// Whether a typesetter set a hyphen. A hyphen too many is still read; a compound that is joined is a wrong word. So a hyphen
    /// between two words is kept, unless they occur as one.
    fn is_typesetters(&self, broken: &Broken<'_>) -> bool {
        let Broken { left, right, .. } = broken;
        let is_capitals =
            |part: &str| part.chars().count() > 1 && part.chars().all(char::is_uppercase);
        let is_lower = right.starts_with(char::is_lowercase) && left.ends_with(char::is_lowercase);
        if broken.is_chained || !(is_lower || is_capitals(left) && is_capitals(right)) {
            return false;
        }
        let (left, right) = (left.to_lowercase(), right.to_lowercase());
        let (whole, compound) = (format!("{left}{right}"), format!("{left}-{right}"));
        if self.own.count(&compound) > 0 {
            return false;
        }
        let ends = ENDINGS.contains(&right.as_str()) && self.archive.count(&right) == 0;
        let is_right = right.len() > 1 && self.has_form_of(&right);
        let is_left = match left.len() {
            0..=2 => self.archive.count(&left) > 0,
            _ => self.has_form_of(&left),
        };
        let are_words = is_left && is_right && !ends;
        // `by-product`; `co-operate` and `re-elect` are written in both ways.
        let is_doubled = matches!(left.as_str(), "co" | "re" | "pre" | "anti")
            && left.chars().next_back() == right.chars().next();
        if left == "by" && is_right || is_doubled && self.own.count(&whole) == 0 {
            return false;
        }
        let times = self.archive.count(&whole);
        let times_apart = self.archive.count(&compound);
        if self.own.count(&whole) > 0 {
            return true;
        }
        if times_apart > 0 && times_apart >= times {
            return false;
        }
        if times > 1 || times == 1 && !(are_words && left.len() > 2) {
            return true;
        }
        if self.is_compounding {
            return true;
        }
        if are_words || PREFIXES.contains(&left.as_str()) && is_right && !ends {
            return false;
        }
        if times > 0 || ends || self.has_form_of(&whole) {
            return true;
        }
        let is_short = left.len() <= 4 || right.len() <= 4;
        let words = self.archive.len();
        if words < FEWEST_WORDS_AT_ALL || !is_short && words < FEWEST_WORDS {
            return false;
        }
        match (is_left, is_right) {
            (false, false) => true,
            (_, true) => false,
            (true, false) => left.len() <= 2 || right.len() <= 4,
        }
    }

    /// Whether the archive has a word or another form of it.
    fn has_form_of(&self, word: &str) -> bool {
        let has = |form: &str| self.archive.count(form) > 0;
        let with = |stem: &str, endings: &[&str]| {
            endings.iter().any(|ending| has(&format!("{stem}{ending}")))
        };
        has(word)
            || with(word, FORMS)
            || FORMS.iter().any(|ending| {
                let stem = word.strip_suffix(ending).filter(|stem| stem.len() > 2);
                stem.is_some_and(has)
            })
            || word
                .strip_suffix("ing")
                .is_some_and(|stem| with(stem, &["e", "ed", "es", "er"]))
            || word
                .strip_suffix("ed")
                .is_some_and(|stem| with(stem, &["ing", "es"]))
            || word
                .strip_suffix("ies")
                .is_some_and(|stem| with(stem, &["y"]))
            || word
                .strip_suffix("ied")
                .is_some_and(|stem| with(stem, &["y"]))
            || word
                .strip_suffix('y')
                .is_some_and(|stem| with(stem, &["ies", "ied"]))
    }
}

#[cfg(test)]
mod tests {
    use super::super::edits::apply;
    use super::*;

    fn repaired(text: &str) -> String {
        apply(text, &repair(text, &ArchiveWords::default(), None)).into_owned()
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
    fn the_words_of_the_archive_decide() {
        let archive = ArchiveWords::of(
            "The harbour stood. Governments govern; a well known inn, known well. An understanding. They re-use it. It was lasting.",
        );
        for (text, right) in [
            ("the har-\nbour", "the harbour"),
            ("THE HAR-\nBOUR", "THE HARBOUR"),
            ("a govern-\nment", "a government"),
            ("a well-\nknown inn", "a well-known inn"),
            ("under-\nstandings", "understandings"),
            ("to re-\nuse it", "to re-use it"),
            ("a long-\nlasting inn-\nstood", "a long-lasting inn-stood"),
            ("tongue-in-\ncheek", "tongue-in-cheek"),
            ("a by-\nstood", "a by-stood"),
        ] {
            assert_eq!(apply(text, &repair(text, &archive, None)), right);
        }
        // Where compounds are one word, what is not known is joined too.
        let german = "Die Bahn-\nsteige und die Nord-\nSee, Haupt-\nund Nebensatz";
        let right = "Die Bahnsteige und die Nord-See, Haupt-\nund Nebensatz";
        assert_eq!(apply(german, &repair(german, &archive, Some("de"))), right);
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
