//! Headings that lost their line break: `… he said. New roads The council will …`.
//!
//! A heading has no full stop, so it and the sentence behind it look like one. The word that begins the actual sentence
//! gives it away: it is capitalised in the middle of an apparent sentence. A wrong heading costs a reader more than a
//! missing one, so several conditions must hold at once.

mod vocabulary;
pub mod words;

use std::cell::LazyCell;
use std::ops::Range;

use smallvec::SmallVec;

use super::sentences::words::opens_sentence;
use vocabulary::Vocabulary;

/// A heading has no more words than this.
const MOST_WORDS: usize = 12;

/// Nor more bytes.
const MOST_BYTES: usize = 150;

/// The number of words at the beginning of a sentence that are examined.
const EXAMINED: usize = 26;

/// A sentence has at least this many words behind its heading.
const FEWEST_BEHIND: usize = 4;

/// The words of a heading are repeated within this many bytes.
const REPEATED: usize = 700;

/// The byte ranges of the headings in a text without line breaks, in order, each at the beginning of a sentence.
/// `starts` are the offsets at which the sentences after the first begin.
pub fn find(text: &str, starts: &[usize]) -> Vec<Range<usize>> {
    let sentences = || {
        let froms = [0].into_iter().chain(starts.iter().copied());
        let ends = starts.iter().copied().chain([text.len()]);
        froms
            .zip(ends)
            .filter_map(|(from, end)| Some((from, text.get(from..end)?)))
    };
    // Most texts never need it.
    let made = LazyCell::new(|| Vocabulary::of(sentences().map(|(_, sentence)| sentence)));
    let vocabulary = || &*made;
    sentences()
        .filter_map(|(from, sentence)| {
            let opening = Opening::of(text.get(from..)?, sentence, &vocabulary);
            let length = opening.heading().filter(|length| *length <= MOST_BYTES)?;
            Some(from..from + length)
        })
        .collect()
}

/// The first words of a sentence.
struct Opening<'a> {
    /// The text from the sentence on.
    text: &'a str,
    words: SmallVec<[&'a str; EXAMINED]>,
    vocabulary: &'a dyn Fn() -> &'a Vocabulary,
}

impl<'a> Opening<'a> {
    fn of(text: &'a str, sentence: &'a str, vocabulary: &'a dyn Fn() -> &'a Vocabulary) -> Self {
        Self {
            text,
            words: sentence.split_whitespace().take(EXAMINED).collect(),
            vocabulary,
        }
    }

    /// The length in bytes of the heading that the sentence begins with.
    fn heading(&self) -> Option<usize> {
        let first = self.words.first()?;
        if first.starts_with(['"', '“']) {
            return self.quoted_heading();
        }
        if !first.starts_with(|c: char| c.is_uppercase() || c.is_numeric()) {
            return None;
        }
        for length in 1..=MOST_WORDS.min(self.words.len().saturating_sub(FEWEST_BEHIND)) {
            let last = self.words.get(length - 1)?;
            let is_label = length == 1 && last.ends_with(['.', ')']);
            if !is_label && !last.ends_with(char::is_alphanumeric)
                || last.contains(['"', '“', '”', '('])
            {
                return None;
            }
            let next = self.words.get(length)?;
            let is_capitalised = next.starts_with(char::is_uppercase);
            if is_capitalised && !is_label && self.may_end(length) && self.sentence_begins(length) {
                return self.bytes(length);
            }
        }
        None
    }

    /// Whether the first `length` words may be a whole heading.
    fn may_end(&self, length: usize) -> bool {
        let last = self.word(length - 1);
        let asks = length > 1 && words::asks(self.word(0));
        !(words::binds(last) && !(asks && words::is_finite_verb(last)))
            && !(length == 1 && (opens_sentence(last) || words::is_adverb(last)))
    }

    /// Whether a sentence begins after the first `length` words.
    fn sentence_begins(&self, length: usize) -> bool {
        let (Some(full), Some(next)) = (self.words.get(length), self.words.get(length + 1)) else {
            return false;
        };
        let word = self.word(length);
        let last = self.word(length - 1);
        if !full.starts_with(char::is_uppercase) || full.contains(['.', ':', ';']) || word == "I" {
            return false;
        }
        if self.echoes(length) {
            return true;
        }
        let continues = next.starts_with(char::is_lowercase);
        let opens = opens_sentence(word);
        let begins = match opens && !word.starts_with("I’") && !word.starts_with("I'") {
            true => self.opener_begins(length, continues),
            false => {
                continues
                    && !full.ends_with(',')
                    && (self.is_common(length) || self.is_subject(length))
            }
        };
        let is_opener = opens && !words::ends_names(word);
        begins && (is_opener || (self.vocabulary)().is_single_pair(last, word))
    }

    /// As [`Opening::sentence_begins`], for a word that commonly begins sentences.
    fn opener_begins(&self, length: usize, continues: bool) -> bool {
        let (last, word, next) = (
            self.word(length - 1),
            self.word(length),
            self.word(length + 1),
        );
        let follows_name = last.starts_with(char::is_uppercase);
        let is_part = follows_name
            && (words::ends_names(word)
                || length > 1 && words::is_in_names(word) && !self.name_ends(length));
        if is_part || word == "A" && words::is_lettered(last) {
            return false;
        }
        // `The Times she read` and `the band The Larks`.
        if matches!(word, "The" | "A" | "An") {
            let is_name = !continues
                && (word != "The"
                    || follows_name
                    || words::names_a_body(last)
                    || !(self.vocabulary)().is_known(next));
            return !is_name && !words::is_pronoun(next);
        }
        let is_alone = length == 1 && words::is_adverb(word);
        let is_set_off = self
            .words
            .get(length)
            .is_some_and(|full| full.ends_with(','));
        let may_name = !follows_name && words::is_preposition(word);
        !is_alone && word != "No" && (continues || is_set_off || may_name)
    }

    /// Whether the name that ends there occurs elsewhere too, without the word behind it.
    fn name_ends(&self, length: usize) -> bool {
        let (last, word) = (self.word(length - 1), self.word(length));
        (self.vocabulary)().is_known(last) && (self.vocabulary)().is_single_pair(last, word)
    }

    /// `The keeper The keeper lives in the tower`: the sentence begins with the heading's words.
    fn echoes(&self, length: usize) -> bool {
        let is_same = |at| {
            let (one, other) = (self.word(at), self.word(length + at));
            one.to_lowercase() == other.to_lowercase()
        };
        self.word(0).len() > 1 && (0..length).all(is_same)
    }

    /// Whether the word there is a common noun, which is not capitalised in the middle of a sentence.
    fn is_common(&self, length: usize) -> bool {
        let word = self.word(length);
        let is_plain = word.chars().skip(1).all(char::is_lowercase);
        let is_mostly_lowercase = || {
            let seen = (self.vocabulary)().occurrences(word);
            seen.lowercase > 0 && seen.lowercase >= 3 * seen.capitalised.saturating_sub(1)
        };
        length > 1
            && is_plain
            && self
                .words
                .get(length - 1)
                .is_some_and(|last| last.starts_with(char::is_lowercase))
            && !words::names_a_body(self.word(length - 1))
            && self.is_noun_phrase(length)
            && self.has_verb_behind(length)
            && is_mostly_lowercase()
    }

    /// Whether the word there is a name, the subject of a clause that repeats the heading:
    /// `Cyber security cooperation Moscow believes cooperation in cyber space`.
    fn is_subject(&self, length: usize) -> bool {
        let last = self.word(length - 1);
        length > 2
            && (last.starts_with(char::is_lowercase) || words::governs(self.word(length - 2)))
            && !words::names_a_body(last)
            && words::is_finite_verb(self.word(length + 1))
            && self.is_noun_phrase(length)
            && (self.vocabulary)().is_known(self.word(length))
            && self.recurs(length)
    }

    /// Whether the first words contain no verb and do not begin like a sentence.
    fn is_noun_phrase(&self, length: usize) -> bool {
        let first = self.word(0);
        !opens_sentence(first)
            && !words::is_adverb(first)
            && !(0..length).any(|at| words::is_finite_verb(self.word(at)))
    }

    fn has_verb_behind(&self, length: usize) -> bool {
        (length + 1..self.words.len()).any(|at| words::is_finite_verb(self.word(at)))
    }

    /// Whether nearly all words of the heading are repeated right behind it.
    fn recurs(&self, length: usize) -> bool {
        let words: Vec<String> = (0..length)
            .map(|at| self.word(at).to_lowercase())
            .filter(|word| word.len() > 2 && !words::binds(word))
            .collect();
        let behind = self.behind(length).to_lowercase();
        let again = |word: &&String| {
            behind
                .split_whitespace()
                .any(|other| is_same_stem(word, bare(other)))
        };
        let repeated = words.iter().filter(again).count();
        repeated > 1 && repeated + 1 >= words.len()
    }

    /// The text in which a heading of `length` words may be repeated.
    fn behind(&self, length: usize) -> &'a str {
        let start = self.bytes(length).unwrap_or(self.text.len());
        let mut end = (start + REPEATED).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(start..end).unwrap_or_default()
    }

    /// `"To make every effort" Russia believes it is`: a whole heading in quotation marks.
    fn quoted_heading(&self) -> Option<usize> {
        let closes = |word: &&str| word.ends_with(['"', '”']);
        let length = 1 + self.words.iter().take(MOST_WORDS + 2).position(closes)?;
        let last = self.words.get(length - 1)?;
        let is_open = last
            .trim_end_matches(['"', '”'])
            .ends_with(char::is_alphanumeric);
        let (word, next) = (self.words.get(length)?, self.words.get(length + 1)?);
        let begins = word.starts_with(char::is_uppercase) && next.starts_with(char::is_lowercase);
        let is_clause = opens_sentence(bare(word)) || words::is_finite_verb(next);
        (length > 2 && is_open && begins && is_clause && self.recurs(length))
            .then(|| self.bytes(length))?
    }

    fn word(&self, at: usize) -> &'a str {
        self.words.get(at).copied().map_or("", bare)
    }

    /// The length of the first words, in bytes.
    fn bytes(&self, length: usize) -> Option<usize> {
        let last = self.words.get(length.checked_sub(1)?)?;
        // The words are slices of the text.
        Some(last.as_ptr() as usize - self.text.as_ptr() as usize + last.len())
    }
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether two lowercase words differ only in their endings.
fn is_same_stem(one: &str, other: &str) -> bool {
    let shared = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    one == other || shared >= 4 && one.len().max(other.len()) - shared <= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::repair::sentences;

    fn found(text: &str) -> Vec<&str> {
        let headings = find(text, &sentences::starts(text));
        headings.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_word_that_begins_sentences_ends_a_heading() {
        for (text, heading) in [
            (
                "It rained. New roads The council will build nine of them.",
                "New roads",
            ),
            ("It rained. Costs It costs the town much.", "Costs"),
            (
                "It rained. What we know Some say it was the wind.",
                "What we know",
            ),
            (
                "It rained. 2. On the bar However, the pilots know it well.",
                "2. On the bar",
            ),
            (
                "It rained. Rowing out We’re told that it is safe.",
                "Rowing out",
            ),
            (
                "It rained. A better lamp In Oakham they have one already.",
                "A better lamp",
            ),
        ] {
            assert_eq!(found(text), [heading], "{text}");
        }
    }

    #[test]
    fn a_capitalised_common_noun_ends_a_heading() {
        let text = "The pilots row. Trouble on the bar Pilots have seen it move. They wait.";
        assert_eq!(found(text), ["Trouble on the bar"]);
        // It is a name here.
        let text = "The Pilots play. Friends of the old Pilots have a flag. The pilots row.";
        assert_eq!(found(text), Vec::<&str>::new());
    }

    #[test]
    fn a_repeated_heading_is_found() {
        let text =
            "Oakham waits. New rules on water Oakham wants new rules on its water. All wait.";
        assert_eq!(found(text), ["New rules on water"]);
        let text =
            "Oakham waits. \"A pipe costs more\" Oakham says that a pipe costs more. All wait.";
        assert_eq!(found(text), ["\"A pipe costs more\""]);
        let text = "It rained. The lamps of Oakham The lamps of Oakham went out at nine.";
        assert_eq!(found(text), ["The lamps of Oakham"]);
    }

    #[test]
    fn names_and_titles_are_not_headings() {
        for text in [
            "He told The Gazette that it was late.",
            "Harbour master Reeve said that the harbour is shut. Reeve left.",
            "The band The Larks played until nine.",
            "Hepatitis A is rare. Most hepatitis A infections are mild.",
            "In Doctor Who the box is blue, and he likes it.",
            "That is what I said, and so I’m late again.",
            "\"Stay,\" Reeve said to the men. \"Why?\" Reeve asked the men again.",
            "The longer I’m here, the more I like it.",
            "Energy supplier Volt has an energy supplier of its own. Volt is old.",
            "",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn hostile_texts_take_bounded_time() {
        let started = std::time::Instant::now();
        for piece in [
            "A",
            "Ab The cd. ",
            "\"Ab cd\" Ef gh ij kl ",
            "Ab cd Ef gh ij kl. ",
            "“",
            "Ab ab ",
            "\u{a0}",
            "é",
        ] {
            let text = piece.repeat(60_000 / piece.len());
            for range in find(&text, &sentences::starts(&text)) {
                assert!(text.get(range).is_some());
            }
        }
        assert!(started.elapsed().as_secs() < 20);
    }
}
