//! What label blocks and titled texts share: lines with their places, and how a plain body becomes Markdown.

use std::ops::Range;

use crate::import::provenance::Disposition;
use crate::import::reading::{Body, Reading};
use crate::import::repair::{dates, debris};

/// Lines of a text, read one after another.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    text: &'a str,
    at: usize,
}

/// A line without the white space around it, and where it stands.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    pub text: &'a str,
    pub range: Range<usize>,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The byte where the next line begins.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next line, blank or not, which stays the next.
    pub fn peek(&self) -> Option<Line<'a>> {
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

    /// Goes past the next line.
    pub fn skip(&mut self) {
        self.at += self.line().len();
    }

    /// The next line with what ends it; empty behind the last.
    fn line(&self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = memchr::memchr(b'\n', rest.as_bytes());
        &rest[..end.map_or(rest.len(), |at| at + 1)]
    }

    /// Goes past blank lines; whether there were any.
    pub fn skip_blank(&mut self) -> bool {
        let before = self.at;
        while self.peek().is_some_and(|line| line.text.is_empty()) {
            self.skip();
        }
        self.at > before
    }
}

/// Notes that a record is dated so.
pub fn set_date(reading: &mut Reading, read: dates::ReadDate) {
    reading.front.date = Some(read.date);
    reading.other_date = read.other;
    reading.evidence += read.evidence;
}

/// Makes the rest of a record its body: debris set aside, dateline read.
pub fn set_body(reading: &mut Reading, record: &str, from: usize) {
    let rest = &record[from..];
    let debris = match reading.repairs.debris {
        true => debris::find(rest),
        false => Vec::new(),
    };
    let (mut start, mut end) = (0, rest.len());
    for part in &debris {
        reading
            .account
            .note(from + part.start..from + part.end, Disposition::Removed);
        reading.front.removed.push(rest[part.clone()].to_owned());
        // Debris stands in an unbroken run at either end.
        if rest[start..part.start].trim().is_empty() {
            start = part.end;
        } else {
            end = end.min(part.start);
        }
    }
    let core = &rest[start..end];
    reading
        .account
        .note(from + start..from + end, Disposition::Body);
    let start = from + start + (core.len() - core.trim_start().len());
    let core = core.trim();
    reading.set_dateline(core);
    reading.body = Body::Prose(start..start + core.len());
    reading.span = 0..record.len();
}

/// A headline for a text that has none: its first words.
pub fn first_words(body: &str) -> String {
    let words: Vec<&str> = body.split_whitespace().take(10).collect();
    let title: String = words.join(" ").chars().take(120).collect();
    title.trim_end_matches(['.', ',', ';', ':']).to_owned()
}
