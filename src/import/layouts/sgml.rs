//! SGML of newswires: Reuters (`<REUTERS NEWID="1">`) and, with other names, the collections of TREC (`<DOC><DOCNO>`).
//! It is not XML: many records and no root, `&#3;` for the end of a text, elements that are missing or never closed.

use std::ops::Range;

use super::entries::{self, add, date, id, remove, set_plain};
use super::{Layout, RawText, inline};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::provenance::Disposition;
use crate::import::reading::Reading;
use crate::import::repair::{byline, dateline, dates};

pub struct Sgml;

/// So far into a file its first record begins.
const HEAD: usize = 4_096;

/// The longest tag, in bytes.
const LONGEST_TAG: usize = 1_000;

/// More values than this in a record are no article.
const MOST_VALUES: usize = 10_000;

/// More records in one file are no articles.
const MOST_RECORDS: usize = 200_000;

/// What a text between tags is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Id,
    Title,
    Date,
    Authors,
    Dateline,
    Topics,
    Body,
    /// Control codes of the wire.
    Codes,
}

/// Names of elements, in lower case.
const FIELDS: &[(&str, Field)] = &[
    ("docno", Field::Id),
    ("title", Field::Title),
    ("head", Field::Title),
    ("headline", Field::Title),
    ("hl", Field::Title),
    ("date", Field::Date),
    ("date_time", Field::Date),
    ("datetime", Field::Date),
    ("author", Field::Authors),
    ("byline", Field::Authors),
    ("dateline", Field::Dateline),
    ("topics", Field::Topics),
    ("subject", Field::Topics),
    ("body", Field::Body),
    ("text", Field::Body),
    ("unknown", Field::Codes),
];

impl Layout for Sgml {
    fn name(&self) -> &'static str {
        "sgml"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let mut end = HEAD.min(raw.text.len());
        while !raw.text.is_char_boundary(end) {
            end -= 1;
        }
        let head = raw.text[..end].trim_start().to_lowercase();
        let is_sgml = head.starts_with("<!doctype lewis") || head.starts_with("<reuters ");
        is_sgml && head.contains("<reuters ")
            || head.starts_with("<doc>") && head.contains("<docno>")
    }

    /// Where the last record begins.
    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        records(raw.text)
            .last()
            .map(|last| last.start)
            .filter(|at| *at > 0)
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut readings = Vec::new();
        for span in records(raw.text) {
            if readings.len() >= MOST_RECORDS {
                let what = format!("it has more than {MOST_RECORDS} records");
                return Err(Diagnostic::problem(
                    Code::Unclassified,
                    format!("raw/{}", raw.path),
                    what,
                )
                .hint("divide it, or put it in `ignore` under `[import]`"));
            }
            readings.push(read_record(raw, span));
        }
        entries::unique(&mut readings);
        Ok(readings)
    }
}

/// The records of a file: each to its end tag, or to the beginning of the next one.
fn records(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut is_open = false;
    for at in memchr::memchr_iter(b'<', text.as_bytes()) {
        let Some(tag) = Tag::read(&text[at..]) else {
            continue;
        };
        if !tag.is("reuters") && !tag.is("doc") {
            continue;
        }
        if let Some(last) = found.last_mut().filter(|_| is_open) {
            last.end = if tag.closes { at + tag.length } else { at };
        }
        is_open = !tag.closes;
        if is_open {
            found.push(at..text.len());
        }
    }
    found
}

/// A tag, as it stands.
#[derive(Debug, Clone, Copy)]
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    length: usize,
    closes: bool,
}

impl<'a> Tag<'a> {
    /// The tag that a text begins with.
    fn read(text: &'a str) -> Option<Self> {
        let most = text.len().min(LONGEST_TAG);
        let rest = text.get(1..)?;
        let closes = rest.starts_with('/');
        let name = rest.strip_prefix('/').unwrap_or(rest);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end = memchr::memchr(b'>', &text.as_bytes()[..most])?;
        let inner = &text[1 + usize::from(closes)..end];
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let length = inner.find(|c| !is_name(c)).unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(length);
        let is_tag = attributes.is_empty() || attributes.starts_with(char::is_whitespace);
        is_tag.then_some(Self {
            name,
            attributes,
            length: end + 1,
            closes,
        })
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// `NEWID="1"`, also without quotation marks.
    fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        while let Some((key, after)) = rest.split_once('=') {
            let after = after.trim_start();
            let (value, next) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            if key.trim().eq_ignore_ascii_case(name) {
                return Some(value.trim()).filter(|value| !value.is_empty());
            }
            rest = next;
        }
        None
    }

    fn field(&self) -> Option<Field> {
        let found = FIELDS.iter().find(|(known, _)| self.is(known));
        found.map(|(_, field)| *field)
    }
}

/// A record while it is read.
#[derive(Default)]
struct Parts {
    title: String,
    dateline: String,
    body: String,
    codes: Vec<String>,
    values: usize,
    kind: Option<String>,
}

fn read_record(raw: &RawText<'_>, span: Range<usize>) -> Reading {
    let record = &raw.text[span.clone()];
    let mut reading = Reading {
        span: span.clone(),
        ..raw.reading()
    };
    let mut parts = Parts::default();
    // Elements that are open, innermost last.
    let mut open: Vec<(&str, Option<Field>)> = Vec::new();
    let mut from = 0;
    for at in memchr::memchr_iter(b'<', record.as_bytes()) {
        if at < from {
            continue;
        }
        let Some(tag) = Tag::read(&record[at..]) else {
            continue;
        };
        let inside = open.iter().rev().find_map(|(_, field)| *field);
        let is_prose = matches!(
            inside,
            Some(Field::Body | Field::Title | Field::Dateline | Field::Authors)
        );
        let is_mark = tag.is("p") || tag.is("reuters") || tag.is("doc");
        // In prose only what belongs there is a tag: companies stand in `<…>` too.
        if is_prose && tag.field().is_none() && !is_mark {
            continue;
        }
        take(&mut reading, &mut parts, &open, record, from..at);
        reading
            .account
            .note(at..at + tag.length, Disposition::Label);
        from = at + tag.length;
        if tag.is("reuters") {
            let number = tag.attribute("newid").or(tag.attribute("oldid"));
            if let Some(number) = number {
                id(&mut reading, number);
            }
        } else if tag.is("p") {
            parts.body.push_str("\n\n");
        } else if tag.is("doc") {
        } else if tag.closes {
            if let Some(last) = open.iter().rposition(|(name, _)| tag.is(name)) {
                open.truncate(last);
            }
        } else {
            if tag.is("text") {
                parts.kind = tag.attribute("type").map(str::to_uppercase);
            }
            // What never closes must not grow.
            if open.len() < 16 {
                open.push((tag.name, tag.field()));
            }
        }
    }
    take(&mut reading, &mut parts, &open, record, from..record.len());
    finish(&mut reading, parts, raw);
    reading
}

/// Takes the text between two tags into its field.
fn take(
    reading: &mut Reading,
    parts: &mut Parts,
    open: &[(&str, Option<Field>)],
    record: &str,
    range: Range<usize>,
) {
    let written = &record[range.clone()];
    let text = decode(written);
    if text.trim().is_empty() {
        // Nothing but control codes.
        reading.account.note(range, Disposition::Label);
        return;
    }
    let line = inline::line(&text);
    let field = open.iter().rev().find_map(|(_, field)| *field);
    let named = open
        .iter()
        .rev()
        .find(|(name, _)| !name.eq_ignore_ascii_case("d"));
    parts.values += 1;
    let went = match field {
        Some(Field::Body) => {
            parts.body.push_str(&text);
            Disposition::Body
        }
        Some(Field::Dateline) => {
            parts.dateline.push_str(&text);
            Disposition::Body
        }
        Some(Field::Codes) => {
            parts.codes.push(line);
            Disposition::Removed
        }
        None if named.is_none() => {
            parts.codes.push(line);
            Disposition::Removed
        }
        _ if parts.values > MOST_VALUES => Disposition::Field,
        Some(Field::Title) => {
            parts.title.push_str(&text);
            Disposition::Field
        }
        Some(Field::Id) => {
            id(reading, &line);
            Disposition::Field
        }
        Some(Field::Date) => {
            read_date(reading, &line);
            Disposition::Field
        }
        Some(Field::Authors) => {
            read_authors(reading, &line);
            Disposition::Field
        }
        Some(Field::Topics) => {
            reading.front.topics.push(line);
            Disposition::Field
        }
        None => {
            let name = named.map_or("text", |(name, _)| name).to_lowercase();
            reading.keep(&name.replace(['-', '.'], "_"), line);
            Disposition::Field
        }
    };
    reading.account.note(range, went);
}

/// `26-FEB-1987 15:01:01.79`; some have codes behind.
fn read_date(reading: &mut Reading, line: &str) {
    let day = line.split(' ').next().unwrap_or(line);
    if dates::read(line).is_none() && dates::read(day).is_some() {
        reading.keep("date_text", line);
        return date(reading, day);
    }
    date(reading, line);
}

/// `By Janie Gabbett, Reuters`: an agency is no author.
fn read_authors(reading: &mut Reading, line: &str) {
    let mut names = byline::names(line);
    if names.len() > 1
        && names
            .last()
            .is_some_and(|n| n.to_lowercase().starts_with("reuter"))
    {
        reading.front.source = names.pop();
    }
    add(&mut reading.front.authors, names);
}

fn finish(reading: &mut Reading, mut parts: Parts, raw: &RawText<'_>) {
    let topics = std::mem::take(&mut reading.front.topics);
    add(&mut reading.front.topics, topics);
    for codes in std::mem::take(&mut parts.codes) {
        remove(reading, codes);
    }
    // Flashes begin with asterisks.
    let title = inline::line(&parts.title);
    reading.front.title = title.trim_start_matches('*').trim_start().to_owned();
    let text = match parts.dateline.trim() {
        "" => std::mem::take(&mut parts.body),
        dateline => format!("{dateline} {}", parts.body.trim_start()),
    };
    let (text, agency) = match sign_off(&text) {
        Some((text, agency)) => (text.to_owned(), Some(agency.to_owned())),
        None => (text, None),
    };
    if let Some(agency) = agency {
        remove(reading, agency);
        reading
            .front
            .source
            .get_or_insert_with(|| "Reuters".to_owned());
    }
    set_plain(reading, &with_blank_lines(&text));
    // `GREENWICH, Conn., March 1 -`
    let place = parts.dateline.split(',').next().unwrap_or_default().trim();
    if reading.front.place.is_none() && !place.is_empty() && place.len() <= 60 {
        reading.front.place = Some(dateline::title_case(place));
    }
    let is_flash = text.trim().is_empty() && !reading.front.title.is_empty();
    let problem = if parts.values > MOST_VALUES {
        Some(format!("a record has more than {MOST_VALUES} values"))
    } else if text.trim().is_empty() && !is_flash {
        Some("a record has neither a title nor a text".to_owned())
    } else if is_flash && parts.kind.as_deref() != Some("BRIEF") {
        Some("a record has a title, but no text".to_owned())
    } else {
        None
    };
    if let Some(what) = problem {
        let problem = Diagnostic::problem(Code::Unclassified, format!("raw/{}", raw.path), what);
        reading.problem =
            Some(problem.hint("the record is left out; the others of the file are read"));
    } else if reading.front.title.is_empty() {
        reading.front.title = super::text::first_words(text.trim_start().trim_start_matches('*'));
        reading.infer("title");
    }
}

/// A last line `Reuter` is the agency's signature.
fn sign_off(text: &str) -> Option<(&str, &str)> {
    let end = text.trim_end();
    let (rest, last) = end.rsplit_once('\n')?;
    let is_signature = ["reuter", "reuters"]
        .iter()
        .any(|r| last.trim().eq_ignore_ascii_case(r));
    (is_signature && !rest.trim().is_empty()).then(|| (rest, last.trim()))
}

/// A line that is indented begins a paragraph, as a blank line does.
fn with_blank_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_indented = |line: &&str| line.starts_with("  ") || line.starts_with('\t');
    let full = lines.iter().skip(1).filter(|line| !line.trim().is_empty());
    let (indented, all) = full.fold((0, 0), |(indented, all), line| {
        (indented + usize::from(is_indented(line)), all + 1)
    });
    let longest = lines.iter().map(|line| line.len()).max().unwrap_or(0);
    // A text that is indented as a whole has its paragraphs between blank lines; short lines are a table.
    let is_margin = all > 2 && indented == all && longest > 60;
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in lines {
        if is_indented(&line) && !is_margin && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// References resolved, and control codes gone: `&#3;` ends a text, and no reader sees it.
fn decode(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let code = rest.strip_prefix("&#").and_then(|r| {
            let digits = r.bytes().take(8).take_while(u8::is_ascii_digit).count();
            let end = r[digits..].starts_with(';');
            let code: u32 = r[..digits].parse().ok().filter(|_| end)?;
            (code < 32).then_some((code, digits + "&#;".len()))
        });
        match code {
            Some((code, length)) => {
                if matches!(code, 9 | 10 | 13) {
                    out.push(' ');
                }
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out.retain(|c| !c.is_control() || c.is_whitespace());
    inline::resolve(&out)
}
