//! Which sentences of a flattened text form a paragraph.
//!
//! Features of two adjacent sentences add points for or against a paragraph break between them; a positive sum is a break.
//! The points are the weights of a logistic regression times ten, rounded, trained on half of the English articles named
//! in `docs/import.md`. Texts with much direct and reported speech are news, whose paragraphs are short.

use std::borrow::Cow;
use std::ops::Range;

use smallvec::SmallVec;

use crate::import::repair::headings::words::binds_lowercase;
use crate::import::repair::sentences::words::is_speech;
use crate::import::repair::word_set::{Lowercase, lowercase};

/// The length of the paragraph so far, in characters, and the points if it is shorter.
const LENGTHS: &[(usize, i32)] = &[(80, -9), (160, -1), (240, 2), (320, 5), (420, 9), (900, 11)];

/// The points of a longer paragraph.
const TOO_LONG: i32 = 25;

/// The percentage of sentences with a verb of speech, and the points of a text with fewer.
const SPEECH: &[(usize, i32)] = &[(2, -8), (10, -6), (25, 3), (40, 7)];
const MOSTLY_SPEECH: i32 = 17;

/// The percentage of sentences with *we* or *you* outside quotations from which a text is conversational.
const CHATTY: usize = 10;
const IS_CHATTY: i32 = -5;
const IS_NOT_CHATTY: i32 = 2;

/// A quotation after another is usually of another speaker.
const QUOTATION_AFTER_QUOTATION: i32 = 39;
const QUOTATION_OPENS: i32 = 8;
const QUOTATION_CLOSED: i32 = 7;

const NEXT_HAS_NAME: i32 = 9;
const NEXT_HAS_SPEECH: i32 = 6;
/// `For example`.
const NEXT_EXPLAINS: i32 = -9;
const NEXT_IS_SHORT: i32 = -1;
const LAST_IS_LONG: i32 = 2;

/// Points for the number of words that both sentences contain.
const SHARE_NONE: i32 = 3;
const SHARE_MANY: i32 = -3;

/// The sentences of a text, and the points of its style.
pub(crate) struct Grouping<'a> {
    text: &'a str,
    /// Each with its end offset.
    sentences: Vec<(usize, Sentence<'a>)>,
    style: i32,
}

impl<'a> Grouping<'a> {
    /// `starts` are the offsets at which the sentences after the first begin.
    pub(crate) fn of(text: &'a str, starts: &[usize]) -> Self {
        let mut sentences = Vec::with_capacity(starts.len() + 1);
        let mut from = 0;
        for end in starts.iter().copied().chain([text.len()]) {
            sentences.push((end, Sentence::of(text.get(from..end).unwrap_or_default())));
            from = end;
        }
        let all = sentences.len().max(1);
        let percentage = |is: fn(&Sentence<'_>) -> bool| {
            sentences
                .iter()
                .filter(|(_, sentence)| is(sentence))
                .count()
                * 100
                / all
        };
        let spoken = step(SPEECH, percentage(|s| s.has_speech), MOSTLY_SPEECH);
        let chatty = match percentage(|s| s.is_chat) >= CHATTY {
            true => IS_CHATTY,
            false => IS_NOT_CHATTY,
        };
        Self {
            text,
            sentences,
            style: spoken + chatty,
        }
    }

    /// The paragraphs of a range of the text, whose sentences after the first begin at `starts`.
    pub(crate) fn paragraphs(&self, part: Range<usize>, starts: &[usize]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut quotation = Quotation::default();
        let (mut from, mut length) = (part.start, 0);
        let ends = || starts.iter().copied().chain([part.end]);
        let froms = [part.start].into_iter().chain(starts.iter().copied());
        let mut sentences = froms
            .zip(ends())
            .map(|(from, end)| (self.sentence(from..end), end))
            .peekable();
        while let Some((last, end)) = sentences.next() {
            quotation.read(last.text);
            length += last.length;
            let Some((next, _)) = sentences.peek() else {
                break;
            };
            let points = self.style + step(LENGTHS, length, TOO_LONG) + between(&last, next);
            if points > 0 && !quotation.is_open() {
                found.push(from..end);
                (from, length) = (end, 0);
            }
        }
        found.push(from..part.end);
        found
    }

    /// A sentence of the text; it is read again if a heading was removed from its beginning.
    fn sentence(&self, range: Range<usize>) -> Cow<'_, Sentence<'a>> {
        let at = self.sentences.partition_point(|(end, _)| *end < range.end);
        let from = match at {
            0 => 0,
            at => self.sentences.get(at - 1).map_or(0, |(end, _)| *end),
        };
        match self.sentences.get(at) {
            Some((end, known)) if *end == range.end && from == range.start => Cow::Borrowed(known),
            _ => Cow::Owned(Sentence::of(self.text.get(range).unwrap_or_default())),
        }
    }
}

/// The points of the first step that a number is below.
fn step(steps: &[(usize, i32)], number: usize, beyond: i32) -> i32 {
    let found = steps.iter().find(|(below, _)| number < *below);
    found.map_or(beyond, |(_, points)| *points)
}

#[derive(Clone)]
struct Sentence<'a> {
    text: &'a str,
    /// In characters.
    length: usize,
    /// The stems of its content words, sorted.
    stems: SmallVec<[u64; 16]>,
    has_speech: bool,
    /// Whether a capitalised word follows a lowercase word or a comma.
    has_name: bool,
    /// Whether it addresses its reader, outside a quotation.
    is_chat: bool,
}

impl<'a> Sentence<'a> {
    /// Reads each word once.
    fn of(text: &'a str) -> Self {
        let text = text.trim();
        let bytes = text.as_bytes();
        let mut stems = SmallVec::new();
        let (mut has_speech, mut has_name, mut is_chat) = (false, false, false);
        let mut end = 0;
        while let Some((from, word)) = next_word(bytes, end) {
            end = from + word.len();
            // Shorter words are neither stems nor verbs of speech.
            if word.len() > 3 {
                has_speech = has_speech || is_speech(word);
                let word = lowercase(word);
                if !binds_lowercase(&word) {
                    stems.push(stem(&word));
                }
            }
            has_name = has_name
                || matches!(word, [b'A'..=b'Z', b'a'..=b'z', ..])
                    && matches!(bytes[..from], [.., b'a'..=b'z' | b',', b' ']);
            is_chat = is_chat
                || matches!(
                    word,
                    b"Our" | b"We" | b"You" | b"Your" | b"our" | b"we" | b"you" | b"your"
                );
        }
        stems.sort_unstable();
        stems.dedup();
        Self {
            text,
            length: text.chars().count(),
            stems,
            has_speech,
            has_name,
            is_chat: is_chat && !text.contains(['"', '“']),
        }
    }

    fn opens_quotation(&self) -> bool {
        self.text.starts_with(['"', '“', '«'])
    }

    fn closes_quotation(&self) -> bool {
        self.text.ends_with(['"', '”', '»'])
    }
}

/// The first word at or after a byte offset, and its offset. All bytes above 127 count as letters.
fn next_word(text: &[u8], from: usize) -> Option<(usize, &[u8])> {
    let is_letter = |b: &u8| !b.is_ascii() || b.is_ascii_alphanumeric();
    let rest = text.get(from..)?;
    let start = rest.iter().position(is_letter)?;
    let word = &rest[start..];
    let length = word.iter().position(|b| !is_letter(b));
    Some((from + start, &word[..length.unwrap_or(word.len())]))
}

/// The beginning of a word as a number: five characters of English, about four of other scripts.
fn stem(word: &Lowercase) -> u64 {
    let length = if word.is_ascii() { 5 } else { 8 };
    let bytes = word.iter().take(length);
    bytes.fold(0, |stem, byte| stem << 8 | u64::from(*byte))
}

/// The points of two adjacent sentences.
fn between(last: &Sentence<'_>, next: &Sentence<'_>) -> i32 {
    let quotes = match (last.closes_quotation(), next.opens_quotation()) {
        (true, true) => QUOTATION_AFTER_QUOTATION,
        (false, true) => QUOTATION_OPENS,
        (true, false) => QUOTATION_CLOSED,
        (false, false) => 0,
    };
    let shared = match shared(&last.stems, &next.stems) {
        0 => SHARE_NONE,
        1 | 2 => 0,
        _ => SHARE_MANY,
    };
    let when = |holds: bool, points: i32| if holds { points } else { 0 };
    quotes
        + shared
        + opener(next.text)
        + when(last.length >= 200, LAST_IS_LONG)
        + when(next.length < 50, NEXT_IS_SHORT)
        + when(next.has_speech, NEXT_HAS_SPEECH)
        + when(next.has_name, NEXT_HAS_NAME)
        + when(explains(next.text), NEXT_EXPLAINS)
}

/// The number of stems in both of two sorted lists.
fn shared(one: &[u64], other: &[u64]) -> usize {
    let (shorter, longer) = match one.len() < other.len() {
        true => (one, other),
        false => (other, one),
    };
    let both = shorter
        .iter()
        .filter(|stem| longer.binary_search(stem).is_ok());
    both.count()
}

/// The points of the first word of a sentence: `It` continues, `In` introduces.
fn opener(sentence: &str) -> i32 {
    let first = sentence
        .split(|c: char| !c.is_alphabetic())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    match first {
        "It" | "Its" | "This" | "These" | "That" | "Those" | "Such" | "Both" | "Here" => -6,
        "He" | "She" | "They" | "His" | "Her" | "Their" => -4,
        "The" => -3,
        "And" | "But" | "Or" | "So" | "Then" | "Yet" | "Nor" => -2,
        "I" | "My" | "Our" | "We" | "You" | "Your" => -2,
        "Also" | "Additionally" | "Again" | "Finally" | "Further" | "Furthermore" | "However"
        | "Instead" | "Meanwhile" | "Moreover" | "Still" | "Therefore" | "Thus" => 1,
        "Although" | "As" | "Because" | "If" | "Once" | "Though" | "When" | "While" => 1,
        "A" | "An" => 3,
        _ => 4,
    }
}

fn explains(sentence: &str) -> bool {
    const OPENINGS: &[&str] = &[
        "As a result",
        "For example",
        "For instance",
        "In addition",
        "In fact",
        "In other words",
        "In particular",
        "Of course",
    ];
    OPENINGS.iter().any(|opening| sentence.starts_with(opening))
}

/// Whether a quotation is open. Straight quotation marks open after a space and close before one; a lost mark must not
/// prevent paragraph breaks for the rest of the text.
#[derive(Debug, Default)]
struct Quotation {
    open: bool,
    /// The number of sentences since it opened.
    age: usize,
    closed_here: bool,
}

/// A quotation of more sentences has lost its closing mark.
const LONGEST_QUOTATION: usize = 6;

impl Quotation {
    fn read(&mut self, sentence: &str) {
        self.closed_here = false;
        // `”`, `“`, `«` and `»` begin with these bytes; most sentences contain none of them.
        if memchr::memchr3(b'"', 0xe2, 0xc2, sentence.as_bytes()).is_none() {
            self.age = if self.open { self.age + 1 } else { 0 };
            return;
        }
        let mut before = ' ';
        for c in sentence.chars() {
            match c {
                '“' | '«' => self.open = true,
                '”' | '»' => self.close(),
                '"' if before.is_whitespace() || matches!(before, '(' | '[' | '—') => {
                    self.open = true
                }
                '"' => self.close(),
                _ => {}
            }
            before = c;
        }
        self.age = if self.open { self.age + 1 } else { 0 };
    }

    fn close(&mut self) {
        self.open = false;
        self.closed_here = true;
    }

    fn is_open(&self) -> bool {
        self.open && self.age <= LONGEST_QUOTATION
    }
}
