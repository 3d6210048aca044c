//! Where each word of a record went: label, field, body or removed, exactly one of them (law 3).
//!
//! A layout keeps the account while it reads; [`Provenance::verify`] then checks it against the record and the result,
//! so that no article is written from which a layout or a repair lost a word.

use std::borrow::Cow;
use std::ops::Range;

use super::markdown;
use super::repair::edits::Changes;
use crate::model::WordCounts;

/// Where a range of the record went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Disposition {
    /// A label such as `Title:`, or a mark such as `---`.
    Label,
    /// The value of a field, verbatim or as its normal form.
    Field,
    Body,
    /// Removed as page debris.
    Removed,
}

/// Ranges of a record's text, and where each went. White space between them belongs to none.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    entries: Vec<(Range<usize>, Disposition)>,
    /// Whether the body is the record's own Markdown rather than text that was escaped.
    pub verbatim: bool,
    /// The text of the ranges of body and removed, once their escapes and markup are resolved; `None` where the record
    /// contains them verbatim.
    pub decoded: Option<Decoded>,
    /// The characters of the body that repairs changed.
    pub repaired: Option<Repaired>,
}

/// Characters that repairs changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The bytes that were repaired, in the record or in the text that was decoded from its body.
    pub of: Range<usize>,
    pub changes: Changes,
}

/// Words that a record contains under escapes or markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decoded {
    pub body: String,
    pub removed: String,
}

impl Provenance {
    /// Notes where the bytes of a range went.
    pub fn note(&mut self, range: Range<usize>, went: Disposition) {
        if !range.is_empty() {
            self.entries.push((range, went));
        }
    }

    /// The words of a body whose escapes are resolved.
    pub fn shown_words(&self) -> &str {
        self.decoded.as_ref().map_or("", |decoded| &decoded.body)
    }

    /// The range of the body in the record; `None` where there are several, or none.
    pub fn body(&self) -> Option<Range<usize>> {
        let mut stretches = self
            .entries
            .iter()
            .filter(|(_, went)| *went == Disposition::Body);
        let (stretch, _) = stretches.next()?;
        stretches.next().is_none().then(|| stretch.clone())
    }

    /// Checks that every word of `record` is in exactly one range, that `markdown` has the body's words in order,
    /// and `set_aside` the removed ones. The changes of repairs are made here once more, each checked.
    ///
    /// # Errors
    /// The first word that is not accounted for, in a sentence for people.
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
        let heads = self.heads(record).concat();
        counts.body = counts.body.saturating_sub(words(&heads));
        counts.removed += words(&heads);
        let removed = removed + &heads;
        let plain = match self.verbatim {
            true => Cow::Borrowed(markdown),
            false => Cow::Owned(markdown::plain(markdown)),
        };
        same(&body, &plain, "the body")?;
        same(&removed, &set_aside.concat(), "what was removed")?;
        Ok(counts)
    }

    /// The heads and numbers of pages that a repair set aside, each on one line.
    fn heads(&self, record: &str) -> Vec<String> {
        let Some(Repaired { of, changes }) = &self.repaired else {
            return Vec::new();
        };
        let text = self
            .decoded
            .as_ref()
            .map_or(record, |decoded| &decoded.body);
        let text = text.get(of.clone()).unwrap_or_default();
        let mut heads = changes.set_aside(text);
        heads.iter_mut().for_each(|head| head.push(' '));
        heads
    }

    /// A part of the body, at `start` in the record or in the decoded text, with the changes of repairs.
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
            return Err("a repair begins within a character".to_owned());
        };
        let made = changes.replay(within)?;
        Ok(Cow::Owned(format!("{before}{made}{after}")))
    }
}

fn words(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

fn no_words(text: &str) -> Result<(), String> {
    match text.split_whitespace().next() {
        Some(word) => Err(format!("`{word}` is in no part of the article")),
        None => Ok(()),
    }
}

/// Whether two texts are equal without ASCII white space. Compares many bytes at once: with the comparison of characters
/// alone, an import takes 14 % more instructions.
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

/// How many bytes are equal at the beginning of both.
fn shared_beginning(one: &[u8], other: &[u8]) -> usize {
    const AT_ONCE: usize = 32;
    let chunks = one.chunks_exact(AT_ONCE).zip(other.chunks_exact(AT_ONCE));
    let whole = AT_ONCE * chunks.take_while(|(a, b)| a == b).count();
    let rest = one[whole..].iter().zip(&other[whole..]);
    whole + rest.take_while(|(a, b)| a == b).count()
}

/// Compares characters, not the white space between them, which repairs may change.
///
/// # Errors
/// Where they first differ, in a sentence for people.
pub fn same(expected: &str, made: &str, what: &str) -> Result<(), String> {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        // Markdown replaces NUL by U+FFFD.
        let shown = |c| if c == '\0' { '\u{fffd}' } else { c };
        text.chars().filter(|c| !c.is_whitespace()).map(shown)
    }
    // Texts that are equal without ASCII white space are equal without any.
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
        fn only_white_space_may_differ(one in "[ab \\n]{0,90}", other in "[ab \\n]{0,90}", at in 0..90_usize) {
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
    }
}
