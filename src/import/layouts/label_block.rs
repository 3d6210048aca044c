//! Label blocks: labels with values above a text, as scrapers of newswires write them.

use super::fields::{Field, FieldNames, kept_key};
use super::labels::{self, Label};
use super::listed::listed_names;
use super::plain_record::{Line, Lines, first_words, set_body, set_date};
use super::{Layout, RawText};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::provenance::Disposition;
use crate::import::reading::{Body, Reading};
use crate::import::repair::{byline, dates};
use crate::model::publicity;

pub(crate) struct LabelBlock;

/// Lines at the beginning that decide whether a text is a label block.
const LOOKED_AT: usize = 12;

/// A text with more labels is not an article.
const MOST_LABELS: usize = 1_000;

/// A longer line is not a title, in bytes.
const LONGEST_TITLE: usize = 300;

impl Layout for LabelBlock {
    fn name(&self) -> &'static str {
        "label block"
    }

    fn title(&self) -> &'static str {
        "Texts with labels"
    }

    /// Two different known labels at the beginning, or one and a line that is a date. The title may precede them.
    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let mut fields: Vec<Field> = Vec::new();
        let mut others = 0;
        let mut dated = false;
        let mut has_sign = false;
        let lines = raw
            .text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        for line in lines.take(LOOKED_AT) {
            match labels::read(line, raw.fields).and_then(|label| label.field) {
                Some(field) if !fields.contains(&field) => fields.push(field),
                Some(_) => {}
                None if labels::sign(line).is_some() => has_sign = true,
                None if dates::read(line).is_some() => dated = true,
                // A value on a line of its own, or the title. In prose these outnumber labels.
                None => others += 1,
            }
            if fields.len() + usize::from(dated) + usize::from(has_sign) >= 2
                && others <= 2 + fields.len()
            {
                return true;
            }
            if others > 2 + fields.len() {
                return false;
            }
        }
        false
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut reading = raw.reading();
        let mut lines = Lines::of(raw.text);
        let body_at = read_head(&mut reading, &mut lines, raw.fields);
        if reading.front.extra.len() > MOST_LABELS {
            let message = format!("it has more than {MOST_LABELS} labels");
            let problem = raw.problem(Code::SizeExceeded, message);
            return Err(problem.hint("put it in `ignore` under `[import]`"));
        }
        set_body(&mut reading, raw.text, body_at);
        if reading.front.title.is_empty() {
            if let Body::Prose(of) = &reading.body {
                reading.front.title = first_words(&raw.text[of.clone()]);
            }
            reading.infer("title");
        }
        Ok(vec![reading])
    }
}

/// Reads labels, dates and the title, in any order; returns the byte where the body begins.
fn read_head(reading: &mut Reading, lines: &mut Lines<'_>, fields: &FieldNames) -> usize {
    let mut labelled = false;
    loop {
        let separated = lines.skip_blank();
        let at = lines.at();
        let Some(line) = lines.peek() else { return at };
        // An unknown label is one only among others, or prose would lose its first words.
        let among_others = labelled && (!separated || reading.front.title.is_empty());
        let label = labels::read(line.text, fields)
            .filter(|l| l.field.is_some() || among_others || labels::sign(line.text).is_some());
        if let Some(label) = label {
            labelled = true;
            lines.skip();
            note_label(reading, &line, label);
            if label.field == Some(Field::Body) {
                // What follows the label is the first line of the body.
                return line.range.end - label.value.len();
            }
            let value = if label.value.is_empty() {
                value_below(lines, label, fields)
            } else {
                Some((label.value, value_range(&line, label)))
            };
            match value {
                Some((text, range)) => {
                    reading.account.note(range, Disposition::Field);
                    set(reading, label, text);
                }
                // Its words are in no field.
                None if label.field.is_none() => set(reading, label, ""),
                None => {}
            }
        } else if let Some(date) = dates::read(line.text).filter(|_| reading.front.date.is_none()) {
            take_field(reading, lines, &line);
            set_date(reading, date);
        } else if let Some(authors) = byline::read(line.text)
            .filter(|_| reading.front.authors.is_empty() && reading.repairs.bylines)
        {
            take_field(reading, lines, &line);
            reading.front.authors = authors;
        } else if reading.front.title.is_empty() && is_title(lines, &line, fields) {
            take_field(reading, lines, &line);
            reading.front.title = line.text.to_owned();
        } else {
            return at;
        }
    }
}

fn take_field(reading: &mut Reading, lines: &mut Lines<'_>, line: &Line<'_>) {
    lines.skip();
    reading.account.note(line.range.clone(), Disposition::Field);
}

fn note_label(reading: &mut Reading, line: &Line<'_>, label: Label<'_>) {
    reading.account.note(
        line.range.start..line.range.end - label.value.len(),
        Disposition::Label,
    );
}

fn value_range(line: &Line<'_>, label: Label<'_>) -> std::ops::Range<usize> {
    line.range.end - label.value.len()..line.range.end
}

/// The line below a label without a value, if it can be its value: not blank, not a label, and a date only if the
/// label asks for one.
fn value_below<'a>(
    lines: &mut Lines<'a>,
    label: Label<'_>,
    fields: &FieldNames,
) -> Option<(&'a str, std::ops::Range<usize>)> {
    let line = lines
        .peek()
        .filter(|line| !line.text.is_empty() && line.text.len() <= LONGEST_TITLE)?;
    let is_label =
        labels::read(line.text, fields).is_some_and(|l| l.field.is_some() || l.value.is_empty());
    let is_date = dates::read(line.text).is_some();
    let wants_date = matches!(label.field, Some(Field::Date | Field::Id) | None);
    if is_label || (is_date && !wants_date) {
        return None;
    }
    lines.skip();
    Some((line.text, line.range))
}

/// Whether a line is followed by a blank line or a label, and by more text.
fn is_title(lines: &Lines<'_>, line: &Line<'_>, fields: &FieldNames) -> bool {
    if line.text.len() > LONGEST_TITLE {
        return false;
    }
    let mut after = lines.clone();
    after.skip();
    let separated = after.skip_blank();
    after.peek().is_some_and(|next| {
        separated || labels::read(next.text, fields).is_some_and(|l| l.field.is_some())
    })
}

/// Sets the field of a label, or keeps the value under the label.
fn set(reading: &mut Reading, label: Label<'_>, value: &str) {
    let front = &mut reading.front;
    let text = || Some(value.to_owned());
    let key = || label.text.to_lowercase().replace([' ', '-', '.'], "_");
    match label.field {
        Some(Field::Id) if front.id.is_empty() => front.id = value.to_owned(),
        Some(Field::Title) if front.title.is_empty() => front.title = value.to_owned(),
        Some(Field::Date) if front.date.is_none() => match dates::read(value) {
            Some(date) => set_date(reading, date),
            // `Published: no`
            None if publicity::is_sign(label.text) => reading.keep(key(), value),
            None => reading.keep("date_text", value),
        },
        Some(Field::Authors) => front.authors.extend(byline::names(value)),
        Some(Field::Topics) => {
            for name in listed_names(value) {
                if !front.topics.iter().any(|known| known == name) {
                    front.topics.push(name.to_owned());
                }
            }
        }
        Some(Field::Source) if front.source.is_none() => front.source = text(),
        Some(Field::Place) if front.place.is_none() => front.place = text(),
        Some(Field::Summary) if front.summary.is_none() => front.summary = text(),
        Some(Field::Url) => reading.keep("url", value),
        Some(Field::Lang) if reading.set_language(value) => {}
        _ => match kept_key(label.text, value) {
            own if own == label.text => reading.keep(key(), value),
            other => reading.keep(other, value),
        },
    }
}
