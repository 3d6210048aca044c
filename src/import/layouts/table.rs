//! Tables: records in rows, parted by commas, tabs, semicolons or bars, with or without a row of names above.

use std::ops::Range;

use csv::{ReaderBuilder, StringRecord};
use serde_json::Value;

use super::fields::{Field, FieldNames};
use super::record::{self, Entry, Problems};
use super::{Layout, RawText};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;
use crate::import::repair::dates;

pub struct Table;

/// How much of a file decides what its columns are.
const SAMPLE_ROWS: usize = 100;
const SAMPLE_BYTES: usize = 512 * 1024;

/// A table with more columns is none of articles.
const MOST_COLUMNS: usize = 1_000;

/// A longer cell is no column's name, in bytes.
const LONGEST_NAME: usize = 60;

/// A column whose cells are shorter than this on average, in bytes, is no text.
const SHORTEST_TEXT: usize = 80;

impl Layout for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    /// Rows of equally many cells, and columns that are named as articles' fields are, or one that holds a text.
    fn recognises(&self, raw: &RawText<'_>) -> bool {
        Sheet::of(raw).is_some()
    }

    /// Where the last row begins.
    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        let mut rows = Sheet::of(raw)?.dialect.reader(raw.text);
        let mut row = StringRecord::new();
        let mut last = None;
        while matches!(rows.read_record(&mut row), Ok(true)) {
            last = row.position().map(|p| p.byte() as usize);
        }
        last.filter(|at| *at > 0)
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let Some(sheet) = Sheet::of(raw) else {
            let what = "no column of the table is known to hold a title or a text";
            return Err(Diagnostic::problem(
                Code::Unclassified,
                format!("raw/{}", raw.path),
                what,
            ));
        };
        let mut readings = Vec::new();
        let mut problems = Problems::default();
        let mut rows = sheet.dialect.reader(raw.text);
        let mut row = StringRecord::new();
        let mut rank = 0;
        while matches!(rows.read_record(&mut row), Ok(true)) {
            let from = row.position().map_or(0, |p| p.byte() as usize);
            rank += 1;
            if sheet.named && rank == 1 && raw.head.is_empty() {
                continue;
            }
            let cells = sheet.dialect.cells(raw.text, from);
            if let Err(what) = sheet.fits(raw.text, &row, &cells) {
                problems.add(what, cells.start);
                continue;
            }
            let entries = sheet.entries(&row, &cells);
            match record::read(raw, entries, cells.start..cells.end) {
                Ok(mut reading) => {
                    for name in &sheet.inferred {
                        reading.infer(name);
                    }
                    readings.push(reading);
                }
                Err(why) => problems.add(why, cells.start),
            }
        }
        record::set_records(&mut readings);
        readings.extend(problems.readings(raw));
        Ok(readings)
    }
}

/// How cells are parted and quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dialect {
    delimiter: u8,
    quoting: Quoting,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoting {
    /// A quotation mark within quotes is written twice (RFC 4180).
    Doubled,
    /// It has a backslash before it.
    Escaped,
    /// A quotation mark is a letter like others.
    None,
}

/// Where a row's cells stand, their quotes with them.
#[derive(Debug, Default)]
struct Cells {
    start: usize,
    end: usize,
    places: Vec<Range<usize>>,
    /// Where a quotation mark was never closed.
    open_at: Option<usize>,
    /// Whether letters stand behind a closing quotation mark.
    is_loose: bool,
}

impl Dialect {
    fn reader<'a>(&self, text: &'a str) -> csv::Reader<&'a [u8]> {
        let mut builder = ReaderBuilder::new();
        builder
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .quoting(self.quoting != Quoting::None);
        if self.quoting == Quoting::Escaped {
            builder.double_quote(false).escape(Some(b'\\'));
        }
        builder.from_reader(text.as_bytes())
    }

    /// The places of the cells of the row that begins at a byte, or after the blank lines there.
    fn cells(&self, text: &str, from: usize) -> Cells {
        let bytes = text.as_bytes();
        let mut at = from;
        while bytes.get(at).is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            at += 1;
        }
        let mut cells = Cells {
            start: at,
            ..Cells::default()
        };
        loop {
            let start = at;
            if self.quoting != Quoting::None && bytes.get(at) == Some(&b'"') {
                match self.closing(bytes, at + 1) {
                    Some(close) => at = close + 1,
                    None => {
                        cells.open_at = Some(start);
                        at = bytes.len();
                    }
                }
            }
            let after_quote = at;
            let is_end = |b: &u8| *b == self.delimiter || matches!(b, b'\n' | b'\r');
            at += bytes[at..]
                .iter()
                .position(is_end)
                .unwrap_or(bytes.len() - at);
            cells.is_loose |= after_quote > start && at > after_quote;
            cells.places.push(start..at);
            if bytes.get(at) != Some(&self.delimiter) {
                cells.end = at;
                return cells;
            }
            at += 1;
        }
    }

    fn closing(&self, bytes: &[u8], mut at: usize) -> Option<usize> {
        loop {
            at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
            let escapes = match bytes[at] {
                b'\\' => self.quoting == Quoting::Escaped,
                _ if self.quoting == Quoting::Doubled => bytes.get(at + 1) == Some(&b'"'),
                _ => false,
            };
            match (escapes, bytes[at]) {
                (true, _) => at += 2,
                (false, b'"') => return Some(at),
                (false, _) => at += 1,
            }
        }
    }
}

/// A table: how it is written, and what its columns are.
#[derive(Debug)]
struct Sheet {
    dialect: Dialect,
    /// Whether the first row names the columns.
    named: bool,
    columns: Vec<Column>,
    /// What was concluded from the columns' cells.
    inferred: Vec<&'static str>,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    field: Option<(Field, usize)>,
}

impl Sheet {
    fn of(raw: &RawText<'_>) -> Option<Self> {
        // The head of a file that is read in pieces names the columns of all of them.
        let text = match raw.head {
            "" => raw.text,
            head => head,
        };
        let first = text.trim_start().lines().next()?;
        if first.len() > SAMPLE_BYTES || first.starts_with(['{', '[', '<']) {
            return None;
        }
        let mut best: Option<(usize, Self)> = None;
        for delimiter in [b'\t', b',', b';', b'|'] {
            if !first.as_bytes().contains(&delimiter) {
                continue;
            }
            for quoting in [Quoting::Doubled, Quoting::Escaped, Quoting::None] {
                // Where a comma is a letter of a cell too, the cell was quoted.
                if quoting == Quoting::None && matches!(delimiter, b',' | b';') {
                    continue;
                }
                let dialect = Dialect { delimiter, quoting };
                let Some((loose, rows)) = sample(text, dialect) else {
                    continue;
                };
                if best.as_ref().is_none_or(|(least, _)| loose < *least)
                    && let Some(sheet) = Self::of_rows(dialect, raw.fields, &rows)
                {
                    best = Some((loose, sheet));
                }
                if loose == 0 {
                    break;
                }
            }
        }
        best.map(|(_, sheet)| sheet)
    }

    fn of_rows(dialect: Dialect, fields: &FieldNames, rows: &[StringRecord]) -> Option<Self> {
        let first = rows.first()?;
        named(dialect, fields, first, &rows[1..]).or_else(|| nameless(dialect, rows))
    }

    /// Why a row is no record of this table.
    fn fits(&self, text: &str, row: &StringRecord, cells: &Cells) -> Result<(), &'static str> {
        if cells.open_at.is_some() {
            return Err("a quotation mark opens here and is never closed");
        }
        if row.len() != cells.places.len() {
            return Err("the cells of a row cannot be told from each other");
        }
        if row
            .iter()
            .skip(self.columns.len())
            .any(|cell| !cell.trim().is_empty())
        {
            return Err("a row has more cells than there are columns");
        }
        // Programs leave out empty cells at the end of a row, but not in the row where a file was cut off.
        if row.len() < self.columns.len() && cells.end == text.len() {
            return Err("the last row has too few cells");
        }
        let ends_early = |field: Field| {
            let column = self
                .columns
                .iter()
                .position(|c| c.field.is_some_and(|(f, _)| f == field));
            column.is_some_and(|at| at >= row.len())
        };
        if ends_early(Field::Title) || ends_early(Field::Body) {
            return Err("a row has too few cells");
        }
        Ok(())
    }

    fn entries(&self, row: &StringRecord, cells: &Cells) -> Vec<Entry> {
        let columns = self.columns.iter().zip(row.iter()).zip(&cells.places);
        columns
            .map(|((column, cell), at)| Entry {
                key: column.name.clone(),
                field: column.field,
                value: Value::String(cell.trim().to_owned()),
                at: at.clone(),
            })
            .collect()
    }
}

/// The first rows, and how many of them do not fit the dialect; None where they are no table.
fn sample(text: &str, dialect: Dialect) -> Option<(usize, Vec<StringRecord>)> {
    let mut reader = dialect.reader(text);
    let mut rows: Vec<StringRecord> = Vec::new();
    let mut row = StringRecord::new();
    let mut loose = 0;
    let mut odd = 0;
    while rows.len() < SAMPLE_ROWS && matches!(reader.read_record(&mut row), Ok(true)) {
        let from = row.position().map_or(0, |p| p.byte() as usize);
        if from > SAMPLE_BYTES {
            break;
        }
        let cells = dialect.cells(text, from);
        loose += usize::from(cells.is_loose || cells.open_at.is_some());
        let columns = rows.first().map_or(row.len(), StringRecord::len);
        if !(2..=MOST_COLUMNS).contains(&columns) {
            return None;
        }
        // The row in which a file was cut off tells nothing.
        let is_last = cells.end == text.len() && !rows.is_empty();
        odd += usize::from(row.len() != columns && !is_last);
        if odd > 2 + rows.len() / 10 {
            return None;
        }
        if row.len() == columns {
            rows.push(row.clone());
        }
    }
    (rows.len() > 1 && odd * 5 <= rows.len()).then_some((loose, rows))
}

/// A table whose first row names a text, or a title and what else only articles have.
fn named(
    dialect: Dialect,
    fields: &FieldNames,
    first: &StringRecord,
    rows: &[StringRecord],
) -> Option<Sheet> {
    let is_name = |cell: &str| cell.len() <= LONGEST_NAME && !cell.contains('\n');
    if !first.iter().all(is_name) {
        return None;
    }
    let mut columns: Vec<Column> = Vec::new();
    for (at, name) in first.iter().enumerate() {
        let name = match name.trim() {
            "" => format!("column_{}", at + 1),
            name => name.to_owned(),
        };
        let field = fields.field(&name);
        columns.push(Column { name, field });
    }
    let has = |field: Field| {
        columns
            .iter()
            .any(|c| c.field.is_some_and(|(f, _)| f == field))
    };
    let known = columns.iter().filter(|c| c.field.is_some()).count();
    let also = [Field::Date, Field::Authors, Field::Summary, Field::Url];
    let mut inferred = Vec::new();
    if !has(Field::Body) {
        let text = text_column(rows, columns.len()).filter(|at| columns[*at].field.is_none());
        match text {
            // The names are in a language that is not known; the text is plain to see.
            Some(at) if known > 0 || is_header(first, rows, at) => {
                columns[at].field = Some((Field::Body, 0));
                inferred.push("body");
            }
            _ if has(Field::Title) && also.iter().any(|f| has(*f)) => {}
            _ => return None,
        }
        let has_title = columns
            .iter()
            .any(|c| c.field.is_some_and(|(f, _)| f == Field::Title));
        if !has_title && let Some(at) = title_column(rows, &columns) {
            columns[at].field = Some((Field::Title, 0));
            inferred.push("title");
        }
    } else if rows.iter().all(|row| fields_are_blank(row, &columns)) {
        return None;
    }
    Some(Sheet {
        dialect,
        named: true,
        columns,
        inferred,
    })
}

fn fields_are_blank(row: &StringRecord, columns: &[Column]) -> bool {
    let has_word = |(cell, column): (&str, &Column)| {
        matches!(column.field, Some((Field::Body | Field::Title, _)))
            && cell.chars().any(char::is_alphabetic)
    };
    !row.iter().zip(columns).any(has_word)
}

/// Whether a first row names columns: short words, no two alike, above longer texts.
fn is_header(first: &StringRecord, rows: &[StringRecord], text: usize) -> bool {
    let mut seen = std::collections::HashSet::new();
    let is_name = |cell: &str| {
        cell.split_whitespace().count() <= 3
            && !cell.contains("://")
            && dates::read(cell).is_none()
            && cell.parse::<f64>().is_err()
    };
    first.iter().all(|cell| is_name(cell) && seen.insert(cell))
        && rows.iter().all(|row| {
            row.get(text)
                .is_none_or(|cell| cell.is_empty() || cell.len() > 40)
        })
}

/// A table without names. Its longest column is the text where it is prose, the longest of the others the title; a
/// column of dates is the date.
fn nameless(dialect: Dialect, rows: &[StringRecord]) -> Option<Sheet> {
    let number = rows.first()?.len();
    let is_quoted_or_tabbed = dialect.delimiter == b'\t'
        || (dialect.quoting != Quoting::None
            && rows.iter().any(|row| {
                row.iter()
                    .any(|cell| cell.as_bytes().contains(&dialect.delimiter))
            }));
    let body = text_column(rows, number).filter(|_| is_quoted_or_tabbed)?;
    let mut columns: Vec<Column> = (1..=number)
        .map(|at| Column {
            name: format!("column_{at}"),
            field: None,
        })
        .collect();
    let mut inferred = vec!["body"];
    columns[body].field = Some((Field::Body, 0));
    if let Some(title) = title_column(rows, &columns) {
        columns[title].field = Some((Field::Title, 0));
        inferred.push("title");
    }
    let others = columns.iter_mut().enumerate();
    for (at, column) in others.filter(|(_, column)| column.field.is_none()) {
        if all(rows, at, |cell| {
            cell.starts_with("http://") || cell.starts_with("https://")
        }) {
            column.field = Some((Field::Url, 0));
        } else if !inferred.contains(&"date")
            && all(rows, at, |cell| {
                cell.len() > 4 && dates::read(cell).is_some()
            })
        {
            column.field = Some((Field::Date, 0));
            inferred.push("date");
        }
    }
    Some(Sheet {
        dialect,
        named: false,
        columns,
        inferred,
    })
}

/// Whether nearly all cells of a column that hold something hold this.
fn all(rows: &[StringRecord], column: usize, is: impl Fn(&str) -> bool) -> bool {
    let cells = || {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(str::trim)
            .filter(|c| !c.is_empty())
    };
    let all = cells().count();
    all > 0 && cells().filter(|cell| is(cell)).count() * 10 >= all * 9
}

/// The column with the most text, where it is prose.
fn text_column(rows: &[StringRecord], columns: usize) -> Option<usize> {
    let total = |at: usize| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(str::len)
            .sum::<usize>()
    };
    let at = (0..columns).max_by_key(|at| (total(*at), std::cmp::Reverse(*at)))?;
    let is_prose = all(rows, at, |cell| {
        let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
        letters * 2 > cell.chars().count()
            && (cell.split_whitespace().nth(7).is_some() || !cell.is_ascii())
    });
    (is_prose && total(at) >= SHORTEST_TEXT * rows.len()).then_some(at)
}

/// The column without a field whose cells are a few words each, mostly different ones.
fn title_column(rows: &[StringRecord], columns: &[Column]) -> Option<usize> {
    let cells = |at: usize| {
        rows.iter()
            .filter_map(move |row| row.get(at))
            .filter(|c| !c.trim().is_empty())
    };
    let is_title = |at: &usize| {
        let distinct: std::collections::HashSet<&str> = cells(*at).collect();
        columns[*at].field.is_none()
            && distinct.len() * 10 >= cells(*at).count() * 8
            && !distinct.is_empty()
            && all(rows, *at, |cell| {
                let words = cell.split_whitespace().count();
                cell.len() <= 300
                    && !cell.contains("://")
                    && dates::read(cell).is_none()
                    && (words >= 2 || !cell.is_ascii())
                    && cell.chars().any(char::is_alphabetic)
            })
    };
    let total = |at: &usize| cells(*at).map(str::len).sum::<usize>();
    (0..columns.len())
        .filter(is_title)
        .max_by_key(|at| (total(at), std::cmp::Reverse(*at)))
}
