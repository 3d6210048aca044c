//! Mail: a message (RFC 5322), an article of Usenet (RFC 5536), or an mbox of many.
//! Knows which header sets which field. Addresses of people are in none.

mod body;
mod date;
mod flags;
mod headers;
mod mbox;
mod names;
mod parts;
mod plain;
pub(crate) mod transfer;

use std::ops::Range;

use rayon::prelude::*;

use self::headers::Headers;
use super::decoded_record::{self, HINT_RECORD, add};
use super::plain_record::first_words;
use super::{Layout, MOST_RECORDS, RawText};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::provenance::{Disposition, Provenance};
use crate::import::reading::Reading;

pub(crate) struct Mail;

/// Header lines that decide whether a text is a message.
const SAMPLE_LINES: usize = 200;

/// A longer newsgroup or keyword is ignored, in bytes.
const LONGEST_TOPIC: usize = 200;

/// Labels of articles that mail hardly ever has.
const LABELS: &[&str] = &[
    "title",
    "headline",
    "by",
    "byline",
    "author",
    "body",
    "text",
    "published",
];

impl Layout for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn title(&self) -> &'static str {
        "Mail and Usenet"
    }

    /// An mbox, or a block of headers with two signs of mail among them.
    fn recognises(&self, raw: &RawText<'_>) -> bool {
        match raw.text.strip_prefix("From ") {
            Some(_) => mbox::begins(raw.text),
            None => is_message(raw.text),
        }
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let is_mbox = raw.text.starts_with("From ");
        let all = |text: &[u8]| match is_mbox {
            true => mbox::messages(text),
            false => std::iter::once(0..text.len()).collect(),
        };
        let spans = all(raw.text.as_bytes());
        if spans.len() > MOST_RECORDS {
            return Err(raw.too_many("messages"));
        }
        let pairs = with_bytes(raw, spans, all);
        let mut readings: Vec<Reading> = pairs
            .into_par_iter()
            .map(|(span, bytes)| read_message(raw, span, bytes, is_mbox))
            .collect();
        decoded_record::unique(&mut readings);
        Ok(readings)
    }

    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        raw.text
            .starts_with("From ")
            .then(|| mbox::last_start(raw.text.as_bytes()))
            .flatten()
    }
}

/// Each message with the bytes that its text was decoded from, for parts declare their encodings. `None` where the
/// bytes do not have the lines of the text, as UTF-16 does not.
fn with_bytes<'a>(
    raw: &RawText<'a>,
    spans: Vec<Range<usize>>,
    messages: impl Fn(&[u8]) -> Vec<Range<usize>>,
) -> Vec<(Range<usize>, Option<&'a [u8]>)> {
    let bytes = raw.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw.bytes);
    let parts = messages(bytes);
    let is_paired = parts.len() == spans.len() && !is_utf16(bytes);
    let lines = |text: &[u8]| memchr::memchr_iter(b'\n', text).count();
    let pair = |(rank, span): (usize, Range<usize>)| {
        let part = parts.get(rank).filter(|_| is_paired);
        let bytes = part.map(|part| &bytes[part.clone()]);
        let has_same_lines = |b: &&[u8]| lines(b) == lines(raw.text[span.clone()].as_bytes());
        let bytes = bytes.filter(has_same_lines);
        (span, bytes)
    };
    spans.into_iter().enumerate().map(pair).collect()
}

/// UTF-16, by its byte order mark.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// Whether a text begins with a block of headers that has two signs of mail and a message id, or two signs or a sender and a subject
/// and no label of an article.
fn is_message(text: &str) -> bool {
    let mut seen: Vec<String> = Vec::new();
    for (rank, line) in text.lines().take(SAMPLE_LINES).enumerate() {
        if line.trim().is_empty() {
            break;
        }
        if rank > 0 && line.starts_with([' ', '\t']) || line.starts_with(">From ") {
            continue;
        }
        match headers::name_of(line.as_bytes()) {
            Some(name) => seen.push(String::from_utf8_lossy(name).to_ascii_lowercase()),
            None => return false,
        }
    }
    let has = |name: &str| seen.iter().any(|s| s == name);
    let signs = [
        "message-id",
        "received",
        "newsgroups",
        "mime-version",
        "return-path",
        "references",
        "article-i.d.",
        "content-type",
    ];
    let signs = signs.iter().filter(|sign| has(sign)).count()
        + usize::from(has("from") && has("date"))
        + usize::from(has("from") && has("subject"));
    let is_labelled = || LABELS.iter().any(|label| has(label));
    let is_letter = has("from") && has("subject");
    signs >= 2 && has("message-id") || (signs >= 2 || is_letter) && !is_labelled()
}

/// Reads one message. `bytes` are what its text was decoded from, line by line; `None` if they are not known.
fn read_message(
    raw: &RawText<'_>,
    span: Range<usize>,
    bytes: Option<&[u8]>,
    is_mbox: bool,
) -> Reading {
    let text = &raw.text[span.clone()];
    let mut reading = Reading {
        span: span.clone(),
        ..raw.reading()
    };
    let is_text = bytes.is_none();
    let bytes = bytes.unwrap_or(text.as_bytes());
    let from_line = match is_mbox {
        true => memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1),
        false => 0,
    };
    let message = &bytes[from_line..];
    let unreadable = |mut reading: Reading, reason: String| {
        let message = format!("a message cannot be read: {reason}");
        reading.problem = problem(raw, Code::RecordUnreadable, message);
        reading
    };
    let parts = match parts::read(message, is_text) {
        Ok(parts) => parts,
        Err(excess) => return unreadable(reading, excess.to_string()),
    };
    let root = &parts[0];
    let builder = body::BodyBuilder::new(message, &parts, is_text, is_mbox);
    let used = match builder.set(&mut reading) {
        Ok(used) => used,
        Err(reason) => return unreadable(reading, reason),
    };
    set_fields(&mut reading, &root.headers);
    let at = |byte: usize| from_line + byte;
    let body_at = at(root.content.start);
    let used: Vec<Range<usize>> = used.into_iter().map(|r| at(r.start)..at(r.end)).collect();
    let leaves = parts
        .iter()
        .filter(|part| part.kind == parts::PartKind::Leaf);
    let contents = leaves.map(|p| at(p.content.start)..at(p.content.end));
    let contents = contents.filter(|c| !c.is_empty());
    note(
        &mut reading.account,
        text,
        bytes,
        from_line,
        body_at,
        &used,
        contents,
    );
    settle(&mut reading, raw);
    reading
}

fn problem(raw: &RawText<'_>, code: Code, message: String) -> Option<Diagnostic> {
    Some(raw.problem(code, message).hint(HINT_RECORD))
}

fn set_fields(reading: &mut Reading, headers: &Headers) {
    if let Some(id) = &headers.message_id {
        decoded_record::id(reading, id);
    }
    reading.front.title = headers.subject.clone();
    match date::read(&headers.date) {
        Some((date, is_unknown)) => {
            reading.front.date = Some(date);
            if is_unknown {
                reading.keep("date_text", headers.date.as_str());
            }
        }
        None if headers.date.is_empty() => {}
        None => reading.keep("date_text", headers.date.as_str()),
    }
    let (names, is_inferred) = names::of(headers);
    add(&mut reading.front.authors, names);
    if is_inferred && !reading.front.authors.is_empty() {
        reading.infer("authors");
    }
    let listed = |text: &str, signs: &[char]| -> Vec<String> {
        let names = text.split(signs).map(str::trim);
        names
            .filter(|name| name.len() <= LONGEST_TOPIC)
            .map(str::to_owned)
            .collect()
    };
    add(
        &mut reading.front.topics,
        listed(&headers.newsgroups, &[',', ' ']),
    );
    add(
        &mut reading.front.topics,
        listed(&headers.keywords, &[',', ';']),
    );
    reading.set_language(headers.language.split(',').next().unwrap_or_default());
    if !headers.organization.is_empty() {
        reading.keep("organization", headers.organization.as_str());
    }
    if let Some(id) = &headers.in_reply_to {
        reading.keep("in_reply_to", id.as_str());
    }
    if let Some(list) = list_name(&headers.list) {
        reading.keep("list", list);
    }
    for (key, value) in &headers.signs {
        reading.keep(key.as_str(), value.as_str());
    }
}

/// `The Quay <quay.lists.example>`: the name, else the id.
fn list_name(list: &str) -> Option<String> {
    let (name, id) = list.split_once('<').unwrap_or((list, ""));
    let name = name.trim().trim_matches('"').trim();
    let id = id.trim_end_matches('>').trim();
    let found = if name.is_empty() { id } else { name };
    (!found.is_empty()).then(|| found.to_owned())
}

/// Notes where the words of a message went: names and values of its headers, the parts that are its body, and the rest,
/// which is another form of the text, or data. The ranges are of `bytes`, whose lines are those of `text`.
fn note(
    account: &mut Provenance,
    text: &str,
    bytes: &[u8],
    from_line: usize,
    body_at: usize,
    used: &[Range<usize>],
    contents: impl Iterator<Item = Range<usize>>,
) {
    let lines = LineIndex::of(text, bytes);
    let (from_line, body_at) = (lines.text_at(from_line), lines.text_at(body_at));
    account.note(0..from_line, Disposition::Label);
    let mut at = from_line;
    for line in text
        .get(from_line..body_at)
        .unwrap_or_default()
        .split_inclusive('\n')
    {
        let name = match line.starts_with([' ', '\t']) {
            true => 0,
            false => headers::name_of(line.as_bytes())
                .and_then(|_| line.find(':'))
                .map_or(0, |colon| colon + 1),
        };
        account.note(at..at + name, Disposition::Label);
        account.note(at + name..at + line.len(), Disposition::Field);
        at += line.len();
    }
    let mut stretches: Vec<(Range<usize>, Disposition)> = contents
        .map(|content| {
            let disposition = match used.contains(&content) {
                true => Disposition::Body,
                false => Disposition::Field,
            };
            (
                lines.text_at(content.start)..lines.text_at(content.end),
                disposition,
            )
        })
        .collect();
    stretches.sort_by_key(|(stretch, _)| stretch.start);
    let mut at = body_at;
    for (stretch, disposition) in stretches {
        if stretch.start < at || stretch.is_empty() {
            continue;
        }
        account.note(at..stretch.start, Disposition::Label);
        at = stretch.end;
        account.note(stretch, disposition);
    }
    account.note(at..text.len(), Disposition::Label);
}

/// Where the lines of a text and of its bytes begin.
struct LineIndex {
    /// `None` if the bytes are the text.
    begins: Option<(Vec<usize>, Vec<usize>)>,
    length: usize,
}

impl LineIndex {
    fn of(text: &str, bytes: &[u8]) -> Self {
        let begins = |text: &[u8]| -> Vec<usize> {
            let ends = memchr::memchr_iter(b'\n', text).map(|end| end + 1);
            std::iter::once(0).chain(ends).collect()
        };
        let differ = text.as_bytes() != bytes;
        Self {
            begins: differ.then(|| (begins(text.as_bytes()), begins(bytes))),
            length: text.len(),
        }
    }

    /// The byte of the text for a byte that begins a line, or ends the last.
    fn text_at(&self, byte: usize) -> usize {
        let Some((text, bytes)) = &self.begins else {
            return byte;
        };
        match bytes.binary_search(&byte) {
            Ok(line) => text.get(line).copied().unwrap_or(self.length),
            Err(_) => self.length,
        }
    }
}

/// Infers a missing title, and sets the problem of a message without text.
fn settle(reading: &mut Reading, raw: &RawText<'_>) {
    let decoded = reading.account.decoded.get_or_insert_default();
    if decoded.body.trim().is_empty() {
        let message = match reading.front.extra.contains_key("attachments") {
            true => "a message has attachments, but no text",
            false => "a message has no text",
        };
        reading.problem = problem(raw, Code::RecordWithoutText, message.to_owned());
    } else if reading.front.title.is_empty() {
        reading.front.title = first_words(&decoded.body);
        reading.infer("title");
    }
}
