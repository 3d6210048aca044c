//! JSON: one article, an array of them, an array within an object, or one object after another (JSON lines).

mod scan;
mod value;

use self::scan::{JsonError, RecordScanner, ScannedItem};
use super::decoded_record::without_text;
use super::keyed_record::{self, RecordProblems};
use super::{Layout, RawText};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;

pub(crate) struct Json;

/// Records at the beginning that decide whether a file contains articles.
const SAMPLE_RECORDS: usize = 20;

impl Layout for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn title(&self) -> &'static str {
        "JSON"
    }

    /// An article is among the first objects.
    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let mut seen = 0;
        let mut any = false;
        if raw.text.trim_start().starts_with(['{', '[']) {
            let scanned = RecordScanner::of(raw.text, raw.fields, &mut |found| {
                seen += 1;
                any |= matches!(found, ScannedItem::Article(..));
                !any && seen < SAMPLE_RECORDS
            })
            .all();
            // A record that is cut off before its end is JSON too.
            any |= scanned.is_err_and(|error| {
                let head = raw.text.get(..error.at).unwrap_or(raw.text);
                error.is_end && head.contains("\":") && seen < SAMPLE_RECORDS
            });
        }
        any
    }

    /// The last line that begins with an object at the indentation of the first. Objects within objects are indented
    /// more, and strings contain no line breaks.
    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        let first = raw.text.find('{')?;
        let before = raw.text.get(..first)?;
        let indent = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let indent = indent.trim_start_matches(['[', ',', '\u{feff}']);
        let is_list = before
            .trim_matches(['[', ',', '\u{feff}'])
            .trim()
            .is_empty();
        let next = format!("\n{indent}{{");
        is_list
            .then(|| raw.text.rfind(&next))
            .flatten()
            .map(|at| at + 1)
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut readings = Vec::new();
        let mut problems = RecordProblems::default();
        let mut left_out: Vec<Diagnostic> = Vec::new();
        let scanned = RecordScanner::of(raw.text, raw.fields, &mut |item| {
            match item {
                ScannedItem::Article(at, entries) => {
                    match keyed_record::read(raw, entries, at.clone()) {
                        Ok(reading) => readings.push(reading),
                        Err(error) => problems.add(error, at.start),
                    }
                }
                ScannedItem::Other(at) => {
                    problems.add((Code::RecordWithoutText, without_text(false)), at.start);
                }
                ScannedItem::LeftOut(at, key, number) => {
                    let message = format!("what is under `{key}` is not articles, and is left out");
                    let warning = raw.warning(Code::RecordSkipped, message).times(number);
                    let warning = warning.hint("it stays in the raw file");
                    left_out.push(warning.at_byte(raw.text, at.start));
                }
                ScannedItem::TooLarge(at) => {
                    let message = format!("a record has more than {} keys", value::MOST_KEYS);
                    problems.add((Code::RecordUnreadable, message), at.start);
                }
                ScannedItem::Broken(JsonError { at, reason, .. }) => {
                    let message = format!("a line is not complete JSON: {reason}");
                    problems.add((Code::RecordUnreadable, message), at);
                }
            }
            true
        })
        .chunk(raw)
        .all();
        if let Err(JsonError { at, reason, .. }) = scanned {
            let message =
                format!("the JSON breaks off here, and what follows is left out: {reason}");
            problems.add((Code::FileMalformed, message), at);
        }
        keyed_record::set_records(&mut readings);
        readings.extend(problems.readings(raw));
        readings.extend(left_out.into_iter().map(Reading::problem));
        Ok(readings)
    }
}
