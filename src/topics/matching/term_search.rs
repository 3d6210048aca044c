//! Finds weighted words and conditions in a text, each wherever it stands: no term hides another.
//! Knows terms; never what they are worth.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::HashMap;

use crate::text::words::{in_word, is_spaceless, is_whole_words};
use crate::topics::phrases::Phrase;
use crate::topics::prose;

/// The number of a term.
pub(super) type TermNo = usize;

/// Bits of the filter that most words of a text do not pass.
const FILTER_BITS: usize = 1 << 15;

/// Terms by the hash of their first word; those of scripts without spaces in an automaton.
///
/// One pass over the text hashes its words. With the automaton of phrases, in which the longest match wins, a word would be
/// found or not depending on the phrases of other topics.
#[derive(Debug, Default)]
pub(super) struct TermSearch {
    terms: Vec<Term>,
    known: HashMap<String, TermNo>,
    by_first_word: HashMap<u64, Vec<TermNo>>,
    filter: Vec<u64>,
    spaceless: Option<AhoCorasick>,
    in_automaton: Vec<TermNo>,
}

#[derive(Debug)]
struct Term {
    text: String,
    /// Folded characters.
    folded: Vec<char>,
    /// The bytes before its first word, as in `.net`.
    before_word: usize,
    case: Phrase,
}

impl TermSearch {
    /// Adds a term, and returns its number: the same one for the same text.
    pub(super) fn add(&mut self, text: &str) -> TermNo {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(known) = self.known.get(&text) {
            return *known;
        }
        let number = self.terms.len();
        let before_word = text.find(in_word).unwrap_or_default();
        if text.contains(is_spaceless) {
            self.in_automaton.push(number);
        } else {
            let mut hash = WordHash::default();
            let word = text[before_word..].chars().take_while(|c| in_word(*c));
            word.for_each(|c| hash.add(c));
            self.by_first_word.entry(hash.0).or_default().push(number);
            if self.filter.is_empty() {
                self.filter = vec![0; FILTER_BITS / 64];
            }
            let (at, bit) = filter_bit(hash.0);
            self.filter[at] |= bit;
        }
        self.terms.push(Term {
            folded: text.chars().flat_map(fold_char).collect(),
            before_word,
            case: Phrase::new(0, &text),
            text: text.clone(),
        });
        self.known.insert(text, number);
        number
    }

    /// Prepares the search for the terms that were added.
    pub(super) fn finish(&mut self) {
        let texts = self
            .in_automaton
            .iter()
            .map(|number| &self.terms[*number].text);
        // Building fails only above two gigabytes of terms.
        self.spaceless = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(texts)
            .ok()
            .filter(|_| !self.in_automaton.is_empty());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub(super) fn text(&self, term: TermNo) -> &str {
        &self.terms[term].text
    }

    /// Calls `found` with each term that the text has, and its bytes.
    pub(super) fn each(&self, text: &str, mut found: impl FnMut(TermNo, Range<usize>)) {
        if !self.filter.is_empty() {
            each_word(text, |hash, start| {
                let (at, bit) = filter_bit(hash);
                if self.filter[at] & bit != 0 {
                    self.at_word(text, hash, start, &mut found);
                }
            });
        }
        if let Some(automaton) = &self.spaceless {
            for hit in automaton.find_overlapping_iter(text) {
                let number = self.in_automaton[hit.pattern().as_usize()];
                if self.is_term(text, hit.range(), &self.terms[number]) {
                    found(number, hit.range());
                }
            }
        }
    }

    fn at_word(
        &self,
        text: &str,
        hash: u64,
        word: usize,
        found: &mut impl FnMut(TermNo, Range<usize>),
    ) {
        for number in self.by_first_word.get(&hash).into_iter().flatten() {
            let term = &self.terms[*number];
            let Some(start) = word.checked_sub(term.before_word) else {
                continue;
            };
            if let Some(end) = term.end_at(text, start)
                && self.is_term(text, start..end, term)
            {
                found(*number, start..end);
            }
        }
    }

    fn is_term(&self, text: &str, at: Range<usize>, term: &Term) -> bool {
        is_whole_words(text, at.start, at.end)
            && term.case.matches(&text[at.clone()])
            && !prose::in_address(text, at.start)
    }
}

impl Term {
    /// The end of the term in a text, if it stands at `start`.
    fn end_at(&self, text: &str, start: usize) -> Option<usize> {
        if self.text.is_ascii() && !self.text.contains('\'') {
            let end = start + self.text.len();
            let there = text.as_bytes().get(start..end)?;
            return there
                .eq_ignore_ascii_case(self.text.as_bytes())
                .then_some(end);
        }
        end_of(text, start, &self.folded)
    }
}

/// The end of a text at `start` that equals the folded characters.
fn end_of(text: &str, start: usize, folded: &[char]) -> Option<usize> {
    let mut wanted = folded.iter();
    let mut end = start;
    for c in text.get(start..)?.chars() {
        for folded in fold_char(c) {
            if wanted.next() != Some(&folded) {
                return None;
            }
        }
        end += c.len_utf8();
        if wanted.len() == 0 {
            return Some(end);
        }
    }
    None
}

/// The characters that are compared instead of a character: lowercase, one form of sigma and of the apostrophe.
fn fold_char(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| match c {
        'ς' => 'σ',
        '’' => '\'',
        c => c,
    })
}

fn filter_bit(hash: u64) -> (usize, u64) {
    let bit = (hash >> 32) as usize % FILTER_BITS;
    (bit / 64, 1 << (bit % 64))
}

/// FNV-1a of the folded characters of a word (Fowler, Noll, Vo), which can be computed along with reading it.
struct WordHash(u64);

impl Default for WordHash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl WordHash {
    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    fn add(&mut self, c: char) {
        // Hebrew, Arabic and the scripts of India have no case.
        if matches!(c, '\u{590}'..='\u{e00}') {
            return c
                .encode_utf8(&mut [0; 4])
                .bytes()
                .for_each(|byte| self.byte(byte));
        }
        for folded in fold_char(c) {
            for byte in folded.encode_utf8(&mut [0; 4]).bytes() {
                self.byte(byte);
            }
        }
    }
}

/// For each byte its lowercase letter or digit, [`NOT_ASCII`], or 0 if it separates words.
const FOLDED: [u8; 256] = {
    let mut folded = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        folded[byte] = match byte as u8 {
            b if b.is_ascii_alphanumeric() => b.to_ascii_lowercase(),
            b if !b.is_ascii() => NOT_ASCII,
            _ => 0,
        };
        byte += 1;
    }
    folded
};
const NOT_ASCII: u8 = 255;

/// The first bytes of characters of Arabic particles.
const ARABIC: std::ops::RangeInclusive<u8> = 0xd8..=0xdb;

/// Calls `word` with the hash and the start of each word of a script with spaces. An Arabic word that begins with a particle
/// and the article is two.
fn each_word(text: &str, mut word: impl FnMut(u64, usize)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let (start, mut hash) = (at, WordHash::default());
        while at < bytes.len() {
            match FOLDED[usize::from(bytes[at])] {
                0 => break,
                NOT_ASCII => match text[at..].chars().next() {
                    Some(c) if continues_word(c) => {
                        hash.add(c);
                        at += c.len_utf8();
                    }
                    _ => break,
                },
                folded => {
                    hash.byte(folded);
                    at += 1;
                }
            }
        }
        if at == start {
            at += match bytes[at].is_ascii() {
                true => 1,
                false => text[at..].chars().next().map_or(1, char::len_utf8),
            };
            continue;
        }
        word(hash.0, start);
        if ARABIC.contains(&bytes[start])
            && let Some(article) = article_after_particle(&text[start..at])
        {
            let mut hash = WordHash::default();
            text[start + article..at].chars().for_each(|c| hash.add(c));
            word(hash.0, start + article);
        }
    }
}

/// Whether a character belongs to a word of a script with spaces.
fn continues_word(c: char) -> bool {
    // Most letters of texts in Cyrillic and Arabic, without the tables of Unicode.
    matches!(c, '\u{410}'..='\u{44f}' | '\u{620}'..='\u{64a}') || (in_word(c) && !is_spaceless(c))
}

/// The byte at which the article begins in an Arabic word such as `والقاهرة`.
fn article_after_particle(word: &str) -> Option<usize> {
    let rest = word.strip_prefix(['و', 'ف', 'ب', 'ك'])?;
    rest.starts_with("ال").then(|| word.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(terms: &[&str], text: &str) -> Vec<String> {
        let mut search = TermSearch::default();
        for term in terms {
            search.add(term);
        }
        search.finish();
        let mut found = Vec::new();
        search.each(text, |term, at| {
            found.push(format!("{}={}", search.text(term), &text[at]))
        });
        found
    }

    #[test]
    fn words_are_found_whole_in_any_case_and_inside_each_other() {
        assert_eq!(
            found(
                &["try", "try line", "line", "net", ".net"],
                "A Try line; tries, pastry: the .NET."
            ),
            [
                "try=Try",
                "try line=Try line",
                "line=line",
                "net=NET",
                ".net=.NET"
            ]
        );
    }

    #[test]
    fn a_capital_is_kept_and_letters_outside_ascii_have_case() {
        assert_eq!(
            found(
                &["Bath", "élection", "київ"],
                "bath BATH Bath Élection ÉLECTION КИЇВ"
            ),
            [
                "Bath=BATH",
                "Bath=Bath",
                "élection=Élection",
                "élection=ÉLECTION",
                "київ=КИЇВ"
            ]
        );
    }

    #[test]
    fn scripts_without_spaces_and_arabic_particles_are_found() {
        assert_eq!(
            found(
                &["北京", "京港", "USA", "القاهرة"],
                "我在北京港USA的 بيروت والقاهرة"
            ),
            ["USA=USA", "القاهرة=القاهرة", "北京=北京", "京港=京港"]
        );
    }

    #[test]
    fn addresses_have_no_words_and_hostile_texts_no_cost() {
        assert_eq!(
            found(&["oslo"], "https://example.org/oslo"),
            [] as [&str; 0]
        );
        for text in [
            "’’".repeat(100_000),
            "\u{0}\u{301}é".repeat(100_000),
            "a".repeat(500_000),
        ] {
            found(&["a", "b a", "’s"], &text);
        }
    }
}
