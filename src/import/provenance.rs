//! Where each word of a record went: label, field, body or removed, exactly one of them (law 3).
//!
//! A layout keeps the account while it reads; `verify` then checks it against the record and the result,
//! so that a layout that loses a word cannot write an article.

use std::borrow::Cow;
use std::ops::Range;

use super::markdown;
use super::repair::edits::Changes;
use crate::model::WordCounts;

/// Where a stretch of the record went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Disposition {
    /// A label such as `Title:`, or a mark such as `---`.
    Label,
    /// The value of a field, as it stands or as its normal form.
    Field,
    Body,
    /// Set aside as page debris.
    Removed,
}

/// Stretches of a record's text in order, and where each went. White space between them belongs to none.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    entries: Vec<(Range<usize>, Disposition)>,
    /// Whether the body is the record's own Markdown rather than text that was escaped.
    pub verbatim: bool,
    /// What the stretches of body and removed say once their escapes and markup are resolved; None where they
    /// stand in the record as they are.
    pub decoded: Option<Decoded>,
    /// What repairs changed of the body's letters.
    pub repaired: Option<Repaired>,
}

/// Letters that repairs changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The bytes that were repaired, of the record or of what was decoded of its body.
    pub of: Range<usize>,
    pub changes: Changes,
}

/// Words that a record holds under escapes or markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decoded {
    pub body: String,
    pub removed: String,
}

impl Provenance {
    /// Notes where the bytes of a stretch went.
    pub fn note(&mut self, stretch: Range<usize>, went: Disposition) {
        if !stretch.is_empty() {
            self.entries.push((stretch, went));
        }
    }

    /// Where the body stands in the record, where it is one stretch.
    pub fn body(&self) -> Option<Range<usize>> {
        let mut stretches = self
            .entries
            .iter()
            .filter(|(_, went)| *went == Disposition::Body);
        let (stretch, _) = stretches.next()?;
        stretches.next().is_none().then(|| stretch.clone())
    }

    /// Checks that every word of `record` is in exactly one stretch, that the body holds the body's words in order,
    /// and `removed` the removed ones. Letters that repairs changed are changed here once more, each checked.
    ///
    /// # Errors
    /// The first word that is not accounted for, in words for a person.
    pub fn verify(
        &self,
        record: &str,
        markdown: &str,
        set_aside: &[String],
    ) -> Result<WordCounts, String> {
        let mut entries = self.entries.clone();
        entries.sort_unstable_by_key(|(stretch, _)| stretch.start);
        let mut counts = WordCounts::default();
        let (mut body, mut removed): (Vec<Cow<'_, str>>, Vec<&str>) = (Vec::new(), Vec::new());
        let mut at = 0;
        for (stretch, went) in entries {
            let before = record
                .get(at..stretch.start)
                .ok_or("two parts of the record overlap")?;
            no_words(before)?;
            let text = record
                .get(stretch.clone())
                .ok_or("a part lies outside the record")?;
            let words = words(text);
            match went {
                Disposition::Label => counts.label += words,
                Disposition::Field => counts.field += words,
                Disposition::Body => {
                    counts.body += words;
                    body.push(match self.decoded {
                        None => self.repaired(text, stretch.start)?,
                        Some(_) => Cow::Borrowed(text),
                    });
                }
                Disposition::Removed => {
                    counts.removed += words;
                    removed.push(text);
                }
            }
            at = stretch.end;
        }
        no_words(record.get(at..).unwrap_or_default())?;
        let (body, removed): (Cow<'_, str>, String) = match &self.decoded {
            None if body.len() == 1 => (body.swap_remove(0), removed.concat()),
            None => (body.concat().into(), removed.concat()),
            Some(Decoded { body, removed }) => {
                counts.body = words(body);
                counts.removed = words(removed);
                (self.repaired(body, 0)?, removed.clone())
            }
        };
        let plain = match self.verbatim {
            true => Cow::Borrowed(markdown),
            false => Cow::Owned(markdown::plain(markdown)),
        };
        same(&body, &plain, "the body")?;
        same(&removed, &set_aside.concat(), "what was removed")?;
        Ok(counts)
    }

    /// A part of the body, at `start` in the record or in what was decoded, with what repairs changed in it.
    fn repaired<'t>(&self, text: &'t str, start: usize) -> Result<Cow<'t, str>, String> {
        let inside = |repaired: &&Repaired| {
            repaired.of.start >= start && repaired.of.end <= start + text.len()
        };
        let Some(Repaired { of, changes }) = self.repaired.as_ref().filter(inside) else {
            return Ok(Cow::Borrowed(text));
        };
        let (from, to) = (of.start - start, of.end - start);
        let parts = (text.get(..from), text.get(from..to), text.get(to..));
        let (Some(before), Some(within), Some(after)) = parts else {
            return Err("a repair begins within a letter".to_owned());
        };
        let made = changes.replay(within)?;
        Ok(Cow::Owned(format!("{before}{made}{after}")))
    }
}

/// How many words a text has. ASCII is counted by its bytes, which is faster.
fn words(text: &str) -> u64 {
    if !text.is_ascii() {
        return text.split_whitespace().count() as u64;
    }
    let is_blank = |b: u8| matches!(b, b' ' | b'\t'..=b'\r');
    let bytes = text.as_bytes();
    // Each begins where a blank ends. Counted in bytes, of which the processor adds many at once.
    let begins = |(before, here): (&u8, &u8)| u8::from(is_blank(*before) & !is_blank(*here));
    let (before, here) = (
        bytes.chunks(255),
        bytes.get(1..).unwrap_or_default().chunks(255),
    );
    let later = before.zip(here).map(|(before, here)| {
        let words: u8 = before.iter().zip(here).map(begins).sum();
        u64::from(words)
    });
    u64::from(bytes.first().is_some_and(|b| !is_blank(*b))) + later.sum::<u64>()
}

fn no_words(text: &str) -> Result<(), String> {
    match text.split_whitespace().next() {
        Some(word) => Err(format!("`{word}` is in no part of the article")),
        None => Ok(()),
    }
}

/// Whether two texts are the same without ASCII's white space. What they share is compared many bytes at once.
fn equal_but_blanks(mut one: &[u8], mut other: &[u8]) -> bool {
    loop {
        let shared = shared_beginning(one, other);
        one = one[shared..].trim_ascii_start();
        other = other[shared..].trim_ascii_start();
        match (one.first(), other.first()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}

/// How many bytes at the beginning of both are the same.
fn shared_beginning(one: &[u8], other: &[u8]) -> usize {
    const AT_ONCE: usize = 32;
    let chunks = one.chunks_exact(AT_ONCE).zip(other.chunks_exact(AT_ONCE));
    let whole = AT_ONCE * chunks.take_while(|(a, b)| a == b).count();
    let rest = one[whole..].iter().zip(&other[whole..]);
    whole + rest.take_while(|(a, b)| a == b).count()
}

/// Compares letters, not the white space between them, which repairs may change.
///
/// # Errors
/// Where they differ first, in words for a person.
pub fn same(expected: &str, made: &str, what: &str) -> Result<(), String> {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        // Markdown puts U+FFFD in the place of NUL.
        let shown = |c| if c == '\0' { '\u{fffd}' } else { c };
        text.chars().filter(|c| !c.is_whitespace()).map(shown)
    }
    // What is equal without ASCII's white space is equal without any.
    if equal_but_blanks(expected.as_bytes(), made.as_bytes()) || letters(expected).eq(letters(made))
    {
        return Ok(());
    }
    let (expected, made): (Vec<_>, Vec<_>) = (letters(expected).collect(), letters(made).collect());
    match expected.iter().zip(&made).position(|(a, b)| a != b) {
        None if expected.len() == made.len() => Ok(()),
        at => {
            let at = at.unwrap_or(expected.len().min(made.len()));
            let near: String = expected[at.saturating_sub(20)..].iter().take(40).collect();
            Err(format!("{what} differs from the record near `{near}`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn only_blanks_may_differ(one in "[ab \\n]{0,90}", other in "[ab \\n]{0,90}", at in 0..90_usize) {
            let letters = |text: &str| text.split_ascii_whitespace().collect::<String>();
            let is_same = |one: &str, other: &str| equal_but_blanks(one.as_bytes(), other.as_bytes());
            prop_assert_eq!(is_same(&one, &other), letters(&one) == letters(&other));
            let wider = one.replace(' ', "\n ");
            prop_assert!(is_same(&one, &wider));
            let mut spoilt = wider.into_bytes();
            if let Some(b) = spoilt.get_mut(at).filter(|b| **b == b'a') {
                *b = b'b';
                prop_assert!(!equal_but_blanks(one.as_bytes(), &spoilt));
            }
        }

        #[test]
        fn words_are_counted_as_they_are_parted(text in "[ab \\t\\n\u{b}\u{a0}é]{0,40}") {
            prop_assert_eq!(words(&text), text.split_whitespace().count() as u64);
        }
    }
}
