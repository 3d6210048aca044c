//! Edits of characters that repairs make: applied, listed for people, and checked. An edit that is not one of the few that
//! a repair may make is refused, so a repair that loses a word cannot write an article.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::windows_1252::is_garbled_form;

/// A replacement of a part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that are replaced.
    pub at: Range<usize>,
    pub to: Cow<'static, str>,
    pub kind: EditKind,
}

/// The repair that made an edit, which limits what it may replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditKind {
    Mojibake,
    Hyphen,
    QuotationMark,
    /// The head or the number of a page: the words are set aside.
    RunningHead,
}

/// Repairs of one text, one after another: the ranges of each stage refer to the text that the stage before it made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub stages: Vec<Vec<Edit>>,
}

/// An article lists at most this many changes, then how many more there are.
const MOST_LISTED: usize = 100;

/// A longer word is cut where it is listed, in characters.
const LONGEST_SHOWN: usize = 60;

impl Edit {
    /// Whether a repair of this kind may replace `before` by `self.to`.
    pub fn is_faithful(&self, before: &str) -> bool {
        match self.kind {
            EditKind::QuotationMark => {
                matches!((before, &*self.to), ("\"", "“" | "”") | ("'", "‘" | "’"))
            }
            EditKind::Hyphen => {
                let rest = before.trim_start_matches(is_hyphen);
                let hyphens = before.chars().take_while(|c| is_hyphen(*c)).count();
                self.to.is_empty() && hyphens <= 1 && rest.trim().is_empty()
            }
            EditKind::Mojibake => is_garbled_form(before, &self.to),
            EditKind::RunningHead => self.to.trim().is_empty(),
        }
    }
}

/// Whether a character is a hyphen, hard or soft.
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{ad}')
}

/// The text with these edits made. They are in order and do not overlap.
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

    /// Whether any change is of this kind.
    pub fn made(&self, kind: EditKind) -> bool {
        self.stages.iter().flatten().any(|edit| edit.kind == kind)
    }

    /// The words that the changes set aside, in their order: each head or number of a page.
    pub fn set_aside(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut text = Cow::Borrowed(text);
        for edits in &self.stages {
            let heads = edits
                .iter()
                .filter(|edit| edit.kind == EditKind::RunningHead);
            let words = heads.filter_map(|edit| text.get(edit.at.clone()));
            found.extend(words.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" ")));
            text = Cow::Owned(apply(&text, edits).into_owned());
        }
        found
    }

    /// Makes the changes again, starting from the original text, and checks each.
    ///
    /// # Errors
    /// The first change that no repair may make, in a sentence for people.
    pub fn replay<'t>(&self, text: &'t str) -> Result<Cow<'t, str>, String> {
        let mut text = Cow::Borrowed(text);
        for edits in &self.stages {
            let mut at = 0;
            for edit in edits {
                let before = text.get(edit.at.clone()).filter(|_| edit.at.start >= at);
                let before = before.ok_or("two repairs overlap")?;
                if !edit.is_faithful(before) {
                    return Err(format!("a repair replaced `{before}` by `{}`", edit.to));
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

    /// Adds the changes to a list, before and after, each once: `cafÃ© → café`.
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

/// The entries of a list as [`shorten`] left it, and how many more it stands for. This is the only place that reads the
/// sentence back: front matter keeps it for people, and no number beside it.
pub fn listed(entries: &[String]) -> (&[String], usize) {
    let unlisted = |last: &String| {
        let number = last.strip_prefix("and ")?.strip_suffix(" more")?;
        number.parse().ok()
    };
    match entries.split_last() {
        Some((last, entries)) if let Some(more) = unlisted(last) => (entries, more),
        _ => (entries, 0),
    }
}

/// Cuts a list that is too long for a reader.
pub fn shorten(listed: &mut Vec<String>) {
    if listed.len() > MOST_LISTED {
        let more = listed.len() - MOST_LISTED;
        listed.truncate(MOST_LISTED);
        listed.push(format!("and {more} more"));
    }
}

/// The list entry of the first of these edits, and the edits behind its word. A change of white space alone has no entry.
fn next_entry<'e>(text: &str, edits: &'e [Edit]) -> Option<(Option<String>, &'e [Edit])> {
    let (first, rest) = edits.split_first()?;
    let before = text.get(first.at.clone()).unwrap_or_default();
    match first.kind {
        EditKind::QuotationMark => {
            let entry = match (before, &*first.to) {
                ("\"", _) => "\"…\" → “…”",
                (_, "’") if is_apostrophe(text, first) => "' → ’",
                _ => "'…' → ‘…’",
            };
            Some((Some(entry.to_owned()), rest))
        }
        EditKind::Hyphen if before.trim().is_empty() => Some((None, rest)),
        // They are listed in `removed`.
        EditKind::RunningHead => Some((None, rest)),
        EditKind::Hyphen | EditKind::Mojibake => {
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

/// Whether a mark is inside a word or begins a shortened one, and so does not close a quotation.
fn is_apostrophe(text: &str, edit: &Edit) -> bool {
    let after = text.get(edit.at.end..).and_then(|t| t.chars().next());
    after.is_some_and(char::is_alphanumeric)
}

fn word_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let near = before.chars().rev().take(LONGEST_SHOWN);
    at - near
        .take_while(|c| c.is_alphanumeric())
        .map(char::len_utf8)
        .sum::<usize>()
}

fn word_end(text: &str, at: usize) -> usize {
    let after = text.get(at..).unwrap_or_default();
    let near = after.chars().take(LONGEST_SHOWN);
    at + near
        .take_while(|c| c.is_alphanumeric())
        .map(char::len_utf8)
        .sum::<usize>()
}

/// A word on one line, with its invisible characters as code points.
fn shown(word: &str) -> String {
    let words: Vec<&str> = word.split_whitespace().collect();
    let mut out = String::new();
    for (index, c) in words.join(" ").chars().enumerate() {
        match c {
            _ if index == LONGEST_SHOWN => {
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
