//! A record of plain text (label blocks, titled texts): its lines with their places, and its body.

use std::ops::Range;

use crate::import::provenance::Disposition;
use crate::import::reading::{Body, Reading};
use crate::import::repair::{dates, debris};

/// Lines of a text, read one after another.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    at: usize,
}

/// A line without the white space around it, and its bytes in the text.
#[derive(Debug, Clone)]
pub(crate) struct Line<'a> {
    pub text: &'a str,
    pub range: Range<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The byte where the next line begins.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The next line, blank or not, without skipping it.
    pub(crate) fn peek(&self) -> Option<Line<'a>> {
        let line = self.line();
        if line.is_empty() {
            return None;
        }
        let start = self.at + (line.len() - line.trim_start().len());
        let text = line.trim();
        Some(Line {
            text,
            range: start..start + text.len(),
        })
    }

    /// Skips the next line.
    pub(crate) fn skip(&mut self) {
        self.at += self.line().len();
    }

    /// The next line with its line break; empty after the last.
    fn line(&self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = memchr::memchr(b'\n', rest.as_bytes());
        &rest[..end.map_or(rest.len(), |at| at + 1)]
    }

    /// Skips blank lines; whether there were any.
    pub(crate) fn skip_blank(&mut self) -> bool {
        let before = self.at;
        while self.peek().is_some_and(|line| line.text.is_empty()) {
            self.skip();
        }
        self.at > before
    }
}

/// Sets the date of a record.
pub(crate) fn set_date(reading: &mut Reading, read: dates::ReadDate) {
    reading.front.date = Some(read.date);
    reading.other_date = read.other;
    reading.evidence += read.evidence;
}

/// Sets the rest of a record as its body: debris removed, dateline read.
pub(crate) fn set_body(reading: &mut Reading, record: &str, from: usize) {
    let rest = &record[from..];
    let (debris, core) = find_debris(reading, rest);
    let shifted = |range: Range<usize>| from + range.start..from + range.end;
    for part in debris {
        reading.front.removed.push(rest[part.clone()].to_owned());
        reading.account.note(shifted(part), Disposition::Removed);
    }
    reading
        .account
        .note(shifted(core.clone()), Disposition::Body);
    let text = &rest[core.clone()];
    let start = from + core.start + (text.len() - text.trim_start().len());
    reading.set_dateline(text.trim());
    reading.body = Body::Prose(start..start + text.trim().len());
    reading.span = 0..record.len();
}

/// The debris of a body, an unbroken run at either end, and the text between.
pub(crate) fn find_debris(reading: &Reading, body: &str) -> (Vec<Range<usize>>, Range<usize>) {
    let found = match reading.repairs.debris {
        true => debris::find(body),
        false => Vec::new(),
    };
    let (mut start, mut end) = (0, body.len());
    for part in &found {
        if body[start..part.start].trim().is_empty() {
            start = part.end;
        } else {
            end = end.min(part.start);
        }
    }
    (found, start..end)
}

/// A title for a text without one: its first words.
pub(crate) fn first_words(body: &str) -> String {
    let words: Vec<&str> = body.split_whitespace().take(10).collect();
    let title: String = words.join(" ").chars().take(120).collect();
    title.trim_end_matches(['.', ',', ';', ':']).to_owned()
}
