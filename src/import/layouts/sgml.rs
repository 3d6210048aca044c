//! SGML of newswires: Reuters (`<REUTERS NEWID="1">`) and the collections of TREC (`<DOC><DOCNO>`).
//! It is not XML: there is no root, texts end with `&#3;`, and elements may be missing or never closed.

use std::ops::Range;

use super::decoded_record::{self, HINT_RECORD, add, date, id, remove, set_plain, without_text};
use super::{Layout, MOST_RECORDS, RawText, html_text};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::provenance::Disposition;
use crate::import::reading::Reading;
use crate::import::repair::{byline, dateline, dates};
use crate::model::publicity;
use crate::text::characters::{is_text, one_line};

pub(crate) struct Sgml;

/// The first record begins within this many bytes of a file.
const HEAD: usize = 4_096;

/// The longest tag, in bytes.
const LONGEST_TAG: usize = 1_000;

/// A record with more values is not an article.
const MOST_VALUES: usize = 10_000;

/// Elements nested deeper are ignored.
const DEEPEST: usize = 16;

/// A longer place before the comma of a dateline is not one, in bytes.
const LONGEST_PLACE: usize = 60;

/// What the text of an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ElementKind {
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
const ELEMENTS: &[(&str, ElementKind)] = &[
    ("docno", ElementKind::Id),
    ("title", ElementKind::Title),
    ("head", ElementKind::Title),
    ("headline", ElementKind::Title),
    ("hl", ElementKind::Title),
    ("date", ElementKind::Date),
    ("date_time", ElementKind::Date),
    ("datetime", ElementKind::Date),
    ("author", ElementKind::Authors),
    ("byline", ElementKind::Authors),
    ("dateline", ElementKind::Dateline),
    ("topics", ElementKind::Topics),
    ("subject", ElementKind::Topics),
    ("body", ElementKind::Body),
    ("text", ElementKind::Body),
    ("unknown", ElementKind::Codes),
];

impl Layout for Sgml {
    fn name(&self) -> &'static str {
        "sgml"
    }

    fn title(&self) -> &'static str {
        "SGML of newswires"
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

    /// The beginning of the last record.
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
                return Err(raw.too_many("records"));
            }
            readings.push(read_record(raw, span));
        }
        decoded_record::unique(&mut readings);
        Ok(readings)
    }
}

/// The records of a file. Each ends at its end tag or at the beginning of the next.
fn records(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut is_open = false;
    for at in memchr::memchr_iter(b'<', text.as_bytes()) {
        let Some(tag) = SgmlTag::read(&text[at..]) else {
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

/// A tag, as written.
#[derive(Debug, Clone, Copy)]
struct SgmlTag<'a> {
    name: &'a str,
    attributes: &'a str,
    length: usize,
    closes: bool,
}

impl<'a> SgmlTag<'a> {
    /// The tag at the beginning of a text.
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
        let mut all = self.attributes();
        let (_, value) = all.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value).filter(|value| !value.is_empty())
    }

    fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            let (key, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let (value, next) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            rest = next;
            Some((key.trim(), value.trim()))
        })
    }

    fn kind(&self) -> Option<ElementKind> {
        let found = ELEMENTS.iter().find(|(known, _)| self.is(known));
        found.map(|(_, kind)| *kind)
    }

    fn is_known(&self) -> bool {
        self.kind().is_some() || self.is("p") || self.is("reuters") || self.is("doc")
    }
}

/// What was read of a record so far.
#[derive(Default)]
struct RecordParts {
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
    let mut parts = RecordParts::default();
    let mut open: Vec<OpenElement<'_>> = Vec::new();
    let mut from = 0;
    for at in memchr::memchr_iter(b'<', record.as_bytes()) {
        if at < from {
            continue;
        }
        let Some(tag) = SgmlTag::read(&record[at..]) else {
            continue;
        };
        if is_in_prose(&open) && !tag.is_known() {
            continue;
        }
        read_text(&mut reading, &mut parts, &open, record, from..at);
        reading
            .account
            .note(at..at + tag.length, Disposition::Label);
        from = at + tag.length;
        read_tag(&mut reading, &mut parts, &mut open, tag);
    }
    read_text(&mut reading, &mut parts, &open, record, from..record.len());
    finish(&mut reading, parts, raw);
    reading
}

/// The name and the kind of an element that is open; lists of them have the innermost last.
type OpenElement<'a> = (&'a str, Option<ElementKind>);

fn innermost_kind(open: &[OpenElement<'_>]) -> Option<ElementKind> {
    open.iter().rev().find_map(|(_, kind)| *kind)
}

/// In prose only known tags are tags: companies are written in `<…>` too.
fn is_in_prose(open: &[OpenElement<'_>]) -> bool {
    use ElementKind::{Authors, Body, Dateline, Title};
    matches!(
        innermost_kind(open),
        Some(Body | Title | Dateline | Authors)
    )
}

fn read_tag<'a>(
    reading: &mut Reading,
    parts: &mut RecordParts,
    open: &mut Vec<OpenElement<'a>>,
    tag: SgmlTag<'a>,
) {
    if tag.is("reuters") || tag.is("doc") {
        let signs = tag.attributes().filter(|(key, _)| publicity::is_sign(key));
        for (key, value) in signs {
            reading.keep(key.to_lowercase(), value);
        }
    }
    if tag.is("reuters") {
        let number = tag.attribute("newid").or(tag.attribute("oldid"));
        if let Some(number) = number {
            id(reading, number);
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
        if open.len() < DEEPEST {
            open.push((tag.name, tag.kind()));
        }
    }
}

/// Reads the text between two tags into its field.
fn read_text(
    reading: &mut Reading,
    parts: &mut RecordParts,
    open: &[OpenElement<'_>],
    record: &str,
    range: Range<usize>,
) {
    let text = decode(&record[range.clone()]);
    if text.trim().is_empty() {
        // Nothing but control codes.
        reading.account.note(range, Disposition::Label);
        return;
    }
    // `<D>` separates the values of a list.
    let named = open
        .iter()
        .rev()
        .find(|(name, _)| !name.eq_ignore_ascii_case("d"));
    parts.values += 1;
    let disposition = match innermost_kind(open) {
        Some(ElementKind::Body) => {
            parts.body.push_str(&text);
            Disposition::Body
        }
        Some(ElementKind::Dateline) => {
            parts.dateline.push_str(&text);
            Disposition::Body
        }
        Some(ElementKind::Codes) => {
            parts.codes.push(one_line(&text));
            Disposition::Removed
        }
        None if named.is_none() => {
            parts.codes.push(one_line(&text));
            Disposition::Removed
        }
        kind => {
            if parts.values <= MOST_VALUES {
                let name = named.map_or("text", |(name, _)| name);
                read_value(reading, parts, kind, name, &text);
            }
            Disposition::Field
        }
    };
    reading.account.note(range, disposition);
}

/// Reads a text that is a field; without a kind it is kept under the element's name.
fn read_value(
    reading: &mut Reading,
    parts: &mut RecordParts,
    kind: Option<ElementKind>,
    name: &str,
    text: &str,
) {
    let line = one_line(text);
    match kind {
        Some(ElementKind::Title) => parts.title.push_str(text),
        Some(ElementKind::Id) => id(reading, &line),
        Some(ElementKind::Date) => read_date(reading, &line),
        Some(ElementKind::Authors) => read_authors(reading, &line),
        Some(ElementKind::Topics) => reading.front.topics.push(line),
        _ => reading.keep(name.to_lowercase().replace(['-', '.'], "_"), line),
    }
}

/// `26-FEB-1987 15:01:01.79`; some are followed by codes.
fn read_date(reading: &mut Reading, line: &str) {
    let day = line.split(' ').next().unwrap_or(line);
    if dates::read(line).is_none() && dates::read(day).is_some() {
        reading.keep("date_text", line);
        return date(reading, day);
    }
    date(reading, line);
}

/// `By Janie Gabbett, Reuters`: the agency is the source, not an author.
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

/// Sets the title and the body, and the problem of a record that gives no article.
fn finish(reading: &mut Reading, mut parts: RecordParts, raw: &RawText<'_>) {
    let topics = std::mem::take(&mut reading.front.topics);
    add(&mut reading.front.topics, topics);
    for codes in std::mem::take(&mut parts.codes) {
        remove(reading, codes);
    }
    // Flashes begin with asterisks.
    let title = one_line(&parts.title);
    reading.front.title = title.trim_start_matches('*').trim_start().to_owned();
    let mut text = match parts.dateline.trim() {
        "" => std::mem::take(&mut parts.body),
        dateline => format!("{dateline} {}", parts.body.trim_start()),
    };
    if let Some((rest, agency)) = sign_off(&text) {
        let length = rest.len();
        remove(reading, agency.to_owned());
        let source = &mut reading.front.source;
        source.get_or_insert_with(|| "Reuters".to_owned());
        text.truncate(length);
    }
    set_plain(reading, &with_blank_lines(&text));
    // `GREENWICH, Conn., March 1 -`
    let place = parts.dateline.split(',').next().unwrap_or_default().trim();
    if reading.front.place.is_none() && !place.is_empty() && place.len() <= LONGEST_PLACE {
        reading.front.place = Some(dateline::title_case(place));
    }
    let has_title = !reading.front.title.is_empty();
    if let Some(problem) = problem(raw, &parts, &text, has_title) {
        reading.problem = Some(problem.hint(HINT_RECORD));
    } else if !has_title {
        let text = text.trim_start().trim_start_matches('*');
        reading.front.title = super::plain_record::first_words(text);
        reading.infer("title");
    }
}

/// Why a record gives no article. A flash (`BRIEF`) is one without text.
fn problem(
    raw: &RawText<'_>,
    parts: &RecordParts,
    text: &str,
    has_title: bool,
) -> Option<Diagnostic> {
    if parts.values > MOST_VALUES {
        let message = format!("a record has more than {MOST_VALUES} values");
        return Some(raw.problem(Code::RecordUnreadable, message));
    }
    let is_flash = has_title && parts.kind.as_deref() == Some("BRIEF");
    let is_missing = text.trim().is_empty() && !is_flash;
    is_missing.then(|| raw.problem(Code::RecordWithoutText, without_text(has_title)))
}

/// Splits off a last line `Reuter`, the agency's signature.
fn sign_off(text: &str) -> Option<(&str, &str)> {
    let end = text.trim_end();
    let (rest, last) = end.rsplit_once('\n')?;
    let is_signature = ["reuter", "reuters"]
        .iter()
        .any(|r| last.trim().eq_ignore_ascii_case(r));
    (is_signature && !rest.trim().is_empty()).then(|| (rest, last.trim()))
}

/// Inserts blank lines before indented lines, which begin paragraphs.
fn with_blank_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_indented = |line: &&str| line.starts_with("  ") || line.starts_with('\t');
    let full = lines.iter().skip(1).filter(|line| !line.trim().is_empty());
    let (indented, all) = full.fold((0, 0), |(indented, all), line| {
        (indented + usize::from(is_indented(line)), all + 1)
    });
    let longest = lines.iter().map(|line| line.len()).max().unwrap_or(0);
    // A text that is indented as a whole has blank lines between its paragraphs; short lines are a table.
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

/// Resolves references and removes control codes such as `&#3;`, which ends a text.
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
    out.retain(is_text);
    html_text::resolve(&out)
}
