//! Letters that repairs change: where, and to what. Applied, listed for people, and checked: an edit that is none of the
//! few that a repair may make is refused, so a repair that loses a word cannot write an article.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::mojibake;

/// A stretch of a text that is put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes of the text before.
    pub at: Range<usize>,
    pub to: Cow<'static, str>,
    pub kind: Kind,
}

/// What an edit is for, and so what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Mojibake,
    Hyphen,
    QuotationMark,
}

/// Repairs of one text, one after another: each stage's places are those in the text that the stage before made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub stages: Vec<Vec<Edit>>,
}

/// The most entries that an article lists; then one that says how many more.
const MOST_LISTED: usize = 100;

/// The longest word that is shown whole, in letters.
const LONGEST_SHOWN: usize = 60;

impl Edit {
    /// Whether these letters may become those.
    pub fn is_faithful(&self, before: &str) -> bool {
        match self.kind {
            Kind::QuotationMark => {
                matches!((before, &*self.to), ("\"", "“" | "”") | ("'", "‘" | "’"))
            }
            Kind::Hyphen => {
                let rest = before.trim_start_matches(is_hyphen);
                let marks = before.chars().take_while(|c| is_hyphen(*c)).count();
                self.to.is_empty() && marks <= 1 && rest.trim().is_empty()
            }
            Kind::Mojibake => mojibake::is_garbled(before, &self.to),
        }
    }
}

/// A hyphen at a line's end, the soft one among them.
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{ad}')
}

/// The text with its edits made, which come in order and do not overlap.
pub fn apply<'t>(text: &'t str, edits: &[Edit]) -> Cow<'t, str> {
    if edits.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.at.start).unwrap_or_default());
        out.push_str(&edit.to);
        at = edit.at.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.stages.iter().all(Vec::is_empty)
    }

    /// Makes the changes anew from the text that they were made in, each checked.
    ///
    /// # Errors
    /// The first change that no repair may make, in words for a person.
    pub fn replay<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, String> {
        let mut text = Cow::Borrowed(text);
        for edits in &self.stages {
            let mut at = 0;
            for edit in edits {
                let before = text.get(edit.at.clone()).filter(|_| edit.at.start >= at);
                let before = before.ok_or("two repairs overlap")?;
                if !edit.is_faithful(before) {
                    return Err(format!("a repair made `{}` of `{before}`", edit.to));
                }
                at = edit.at.end;
            }
            text = match apply(&text, edits) {
                Cow::Borrowed(_) => text,
                Cow::Owned(made) => Cow::Owned(made),
            };
        }
        Ok(text)
    }

    /// Adds what changed to a list, before and after, each once: `cafÃ© → café`.
    pub fn list(&self, text: &str, listed: &mut Vec<String>) {
        let mut text = Cow::Borrowed(text);
        let mut seen: HashSet<String> = listed.iter().cloned().collect();
        for edits in &self.stages {
            let mut rest = edits.as_slice();
            while let Some((entry, after)) = next_entry(&text, rest) {
                rest = after;
                if let Some(entry) = entry.filter(|entry| seen.insert(entry.clone())) {
                    listed.push(entry);
                }
            }
            text = Cow::Owned(apply(&text, edits).into_owned());
        }
    }
}

/// Cuts a list where it is too long for a reader.
pub fn shorten(listed: &mut Vec<String>) {
    if listed.len() > MOST_LISTED {
        let more = listed.len() - MOST_LISTED;
        listed.truncate(MOST_LISTED);
        listed.push(format!("and {more} more"));
    }
}

/// What the first of these edits changed, as people read it, and the edits after its word. None for a change of white
/// space alone.
fn next_entry<'e>(text: &str, edits: &'e [Edit]) -> Option<(Option<String>, &'e [Edit])> {
    let (first, rest) = edits.split_first()?;
    let before = text.get(first.at.clone()).unwrap_or_default();
    match first.kind {
        Kind::QuotationMark => {
            let entry = match (before, &*first.to) {
                ("\"", _) => "\"…\" → “…”",
                (_, "’") if is_apostrophe(text, first) => "' → ’",
                _ => "'…' → ‘…’",
            };
            Some((Some(entry.to_owned()), rest))
        }
        Kind::Hyphen if before.trim().is_empty() => Some((None, rest)),
        Kind::Hyphen | Kind::Mojibake => {
            let start = word_start(text, first.at.start);
            let mut end = word_end(text, first.at.end);
            let inside = rest.iter().take_while(|edit| {
                let inside = edit.at.start <= end;
                end = end.max(if inside {
                    word_end(text, edit.at.end)
                } else {
                    0
                });
                inside
            });
            let (own, rest) = edits.split_at(1 + inside.count());
            let moved: Vec<Edit> = own
                .iter()
                .map(|edit| Edit {
                    at: edit.at.start - start..edit.at.end - start,
                    ..edit.clone()
                })
                .collect();
            let word = text.get(start..end).unwrap_or_default();
            let entry = format!("{} → {}", shown(word), shown(&apply(word, &moved)));
            Some((Some(entry), rest))
        }
    }
}

/// Whether a mark stands in a word, or where a word lost its first letters, and so closes no quotation.
fn is_apostrophe(text: &str, edit: &Edit) -> bool {
    let after = text.get(edit.at.end..).and_then(|t| t.chars().next());
    after.is_some_and(char::is_alphanumeric)
}

fn word_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let letters = before.chars().rev().take(LONGEST_SHOWN);
    at - letters
        .take_while(|c| c.is_alphanumeric())
        .map(char::len_utf8)
        .sum::<usize>()
}

fn word_end(text: &str, at: usize) -> usize {
    let after = text.get(at..).unwrap_or_default();
    let letters = after.chars().take(LONGEST_SHOWN);
    at + letters
        .take_while(|c| c.is_alphanumeric())
        .map(char::len_utf8)
        .sum::<usize>()
}

/// A word on one line, its invisible letters shown.
fn shown(word: &str) -> String {
    let words: Vec<&str> = word.split_whitespace().collect();
    let mut out = String::new();
    for (rank, c) in words.join(" ").chars().enumerate() {
        match c {
            _ if rank == LONGEST_SHOWN => {
                out.push('…');
                break;
            }
            c if c.is_control() || matches!(c, '\u{ad}' | '\u{feff}') => {
                out.push_str(&format!("U+{:04X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}
