//! Tables: records in rows of cells separated by commas, tabs, semicolons or bars, with or without a header row.

mod columns;
mod dialect;

use csv::StringRecord;

use self::columns::TableSchema;
use self::dialect::separator_line;
use super::keyed_record::{self, RecordProblems};
use super::{Layout, RawText};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;

pub(crate) struct Table;

impl Layout for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    fn title(&self) -> &'static str {
        "Tables"
    }

    /// Rows with the same number of cells, and columns with names of articles' fields, or one that contains prose.
    fn recognises(&self, raw: &RawText<'_>) -> bool {
        TableSchema::of(raw).is_some()
    }

    /// The beginning of the last row.
    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        let from = separator_line(raw.text);
        let mut rows = TableSchema::of(raw)?.dialect.reader(&raw.text[from..]);
        let mut row = StringRecord::new();
        let mut last = None;
        while matches!(rows.read_record(&mut row), Ok(true)) {
            last = row.position().map(|p| from + p.byte() as usize);
        }
        last.filter(|at| *at > 0)
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let Some(schema) = TableSchema::of(raw) else {
            let message = "no column of the table is known to contain a title or a text";
            return Err(raw.problem(Code::FileWithoutRecords, message));
        };
        let mut readings = Vec::new();
        let mut problems = RecordProblems::default();
        let first = separator_line(raw.text);
        let mut rows = schema.dialect.reader(&raw.text[first..]);
        let mut row = StringRecord::new();
        let mut rank = 0;
        while matches!(rows.read_record(&mut row), Ok(true)) {
            let from = first + row.position().map_or(0, |p| p.byte() as usize);
            rank += 1;
            if schema.named && rank == 1 && raw.head.is_empty() {
                continue;
            }
            let cells = schema.dialect.cells(raw.text, from);
            if let Err(reason) = schema.fits(raw.text, &row, &cells) {
                problems.add((Code::RecordUnreadable, reason.to_owned()), cells.start);
                continue;
            }
            let entries = schema.entries(&row, &cells);
            match keyed_record::read(raw, entries, cells.start..cells.end) {
                Ok(mut reading) => {
                    for name in &schema.inferred {
                        reading.infer(name);
                    }
                    readings.push(reading);
                }
                Err(error) => problems.add(error, cells.start),
            }
        }
        keyed_record::set_records(&mut readings);
        readings.extend(problems.readings(raw));
        Ok(readings)
    }
}
