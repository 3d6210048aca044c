//! Movable Type's export, also of TypePad and other programs: entries between lines of eight dashes, and their parts, of
//! which comments and pings are two, between lines of five.

use std::ops::Range;

use serde_json::{Map, Value};

use super::decoded_record::{self, add, date, set_html, set_plain, settle, summary};
use super::{Layout, MOST_RECORDS, RawText, html_text};
use crate::diagnostics::Diagnostic;
use crate::import::reading::Reading;
use crate::import::repair::byline;

pub(crate) struct MovableType;

const END_OF_ENTRY: &str = "--------";
const END_OF_PART: &str = "-----";

/// Keys with which an entry may begin.
const KEYS: &[&str] = &[
    "AUTHOR",
    "TITLE",
    "STATUS",
    "DATE",
    "BASENAME",
    "CATEGORY",
    "PRIMARY CATEGORY",
    "TAGS",
    "ALLOW COMMENTS",
    "ALLOW PINGS",
    "CONVERT BREAKS",
    "UNIQUE URL",
    "NO ENTRY",
];

impl Layout for MovableType {
    fn name(&self) -> &'static str {
        "movable type"
    }

    fn title(&self) -> &'static str {
        "Movable Type exports"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let first = raw.text.lines().find(|line| !line.trim().is_empty());
        let key = first
            .and_then(|line| line.split_once(':'))
            .map(|(key, _)| key);
        key.is_some_and(|key| KEYS.contains(&key))
            && ["\n-----\nBODY:", "\n-----\r\nBODY:"]
                .iter()
                .any(|mark| raw.text.contains(mark))
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut readings = Vec::new();
        for span in between(raw.text, 0..raw.text.len(), END_OF_ENTRY) {
            if readings.len() >= MOST_RECORDS {
                return Err(raw.too_many("entries"));
            }
            if !raw.text[span.clone()].trim().is_empty() {
                readings.push(read_entry(raw, span));
            }
        }
        decoded_record::unique(&mut readings);
        Ok(readings)
    }

    /// The end of the last entry.
    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        let at = raw.text.rfind("\n--------")?;
        let end = raw.text[at + 1..].find('\n')?;
        Some(at + 1 + end + 1)
    }
}

fn read_entry(raw: &RawText<'_>, span: Range<usize>) -> Reading {
    let mut reading = Reading {
        span: span.clone(),
        ..raw.reading()
    };
    let mut comments = Vec::new();
    let mut bodies: Vec<Range<usize>> = Vec::new();
    let mut excerpt = "";
    let mut breaks = "";
    for (number, part) in between(raw.text, span, END_OF_PART).into_iter().enumerate() {
        let text = &raw.text[part.clone()];
        if number == 0 {
            breaks = read_head(&mut reading, text);
            continue;
        }
        let (name, rest) = text.trim_start().split_once(':').unwrap_or(("", text));
        match name.trim() {
            "BODY" | "EXTENDED BODY" if !rest.trim().is_empty() => {
                bodies.push(part.end - rest.len()..part.end);
            }
            "EXCERPT" => excerpt = rest,
            "KEYWORDS" => add(&mut reading.front.topics, listed(rest)),
            "COMMENT" => comments.push(read_comment(rest)),
            _ => {}
        }
    }
    if !comments.is_empty() {
        reading.keep("comments", comments);
    }
    let texts: Vec<&str> = bodies
        .iter()
        .map(|at| raw.text[at.clone()].trim())
        .collect();
    let done = set_body(&mut reading, &texts.join("\n\n"), breaks);
    summary(&mut reading, html_text::text(excerpt));
    let body = bodies
        .first()
        .zip(bodies.last())
        .map(|(first, last)| first.start..last.end);
    settle(raw, &mut reading, (body, done.err()));
    reading
}

/// Reads the keys of an entry; returns how its line breaks are meant.
fn read_head<'a>(reading: &mut Reading, head: &'a str) -> &'a str {
    let mut breaks = "";
    for line in head.lines() {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match key.trim() {
            _ if value.is_empty() => {}
            "TITLE" => reading.front.title = html_text::text(value),
            "AUTHOR" => add(&mut reading.front.authors, byline::names(value)),
            "DATE" => date(reading, value),
            "CATEGORY" | "PRIMARY CATEGORY" => {
                add(&mut reading.front.topics, [value.to_owned()]);
            }
            "TAGS" => add(&mut reading.front.topics, listed(value)),
            "BASENAME" => reading.front.slug = Some(value.to_owned()),
            "UNIQUE URL" => reading.keep("url", value),
            "CONVERT BREAKS" => breaks = value,
            "ALLOW COMMENTS" | "ALLOW PINGS" | "NO ENTRY" => {}
            key => reading.keep(key.to_lowercase().replace(' ', "_"), value),
        }
    }
    breaks
}

fn listed(text: &str) -> Vec<String> {
    let names = text
        .split([',', '\n'])
        .map(|name| name.trim().trim_matches('"'));
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// # Errors
/// The reason why the HTML cannot be read.
fn set_body(reading: &mut Reading, text: &str, breaks: &str) -> Result<(), String> {
    match html_text::is_html(text) {
        false => set_plain(reading, &html_text::resolve(text)),
        true if matches!(breaks, "0" | "richtext") => set_html(reading, text, None)?,
        // Blank lines separate paragraphs; in HTML they would be nothing.
        true => {
            let text = text.replace("\r\n", "\n").replace("\n\n", "<p>");
            set_html(reading, &text, None)?;
        }
    }
    Ok(())
}

/// A comment: author, date and text. Addresses of people are left out.
fn read_comment(text: &str) -> Value {
    let mut comment = Map::new();
    let mut body = String::new();
    for line in text.trim_start().lines() {
        let key = line.split_once(':').filter(|_| body.is_empty());
        match key {
            Some(("AUTHOR", name)) => _ = comment.insert("author".to_owned(), name.trim().into()),
            Some(("DATE", date)) => _ = comment.insert("date".to_owned(), date.trim().into()),
            Some(("EMAIL" | "IP" | "URL", _)) => {}
            _ => {
                body.push_str(line);
                body.push('\n');
            }
        }
    }
    comment.insert("text".to_owned(), html_text::text(&body).into());
    Value::Object(comment)
}

/// The parts of a range of a text between lines that are `mark`.
fn between(text: &str, range: Range<usize>, mark: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = range.start;
    let mut at = range.start;
    for line in text[range.clone()].split_inclusive('\n') {
        if line.trim_end() == mark {
            found.push(from..at);
            from = at + line.len();
        }
        at += line.len();
    }
    found.push(from..range.end);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_addresses_are_not_text() {
        let text = "AUTHOR: Ida\nTITLE: The quay\nSTATUS: Draft\nDATE: 07/13/2021 03:31:05 PM\nCATEGORY: Harbour\n-----\nBODY:\nThe <b>ferry</b> sails.\n\nAt noon.\n-----\nEXTENDED BODY:\n\n-----\nCOMMENT:\nAUTHOR: Zo\nEMAIL: zo@quay.example\nIP: 10.1.2.3\nDATE: 07/14/2021 01:00:00 AM\nGood news.\n-----\n--------\nTITLE: Two\n-----\nBODY:\nMore.\n-----\n--------\n";
        let raw = RawText::new("mt.txt", text);
        assert!(MovableType.recognises(&raw));
        let readings = MovableType.read(&raw).unwrap();
        assert_eq!(readings.len(), 2);
        let front = &readings[0].front;
        assert_eq!(
            (front.title.as_str(), &front.topics[..]),
            ("The quay", &["Harbour".to_owned()][..])
        );
        assert_eq!(front.extra["status"], "Draft");
        assert_eq!(front.extra["comments"][0]["text"], "Good news.");
        assert!(!format!("{readings:?}").contains("10.1.2.3"));
        assert_eq!(
            readings[0]
                .verify(&text[readings[0].span.clone()])
                .map(|_| ()),
            Ok(())
        );
    }
}
