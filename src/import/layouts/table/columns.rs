//! What the columns of a table are, by their names or by what their cells contain.

use std::collections::HashSet;

use csv::StringRecord;
use serde_json::Value;

use super::dialect::{Dialect, Quoting, RowCells, separator_line};
use crate::import::layouts::RawText;
use crate::import::layouts::fields::{Field, FieldNames};
use crate::import::layouts::keyed_record::KeyedValue;
use crate::import::repair::dates;

/// The rows and the bytes at the beginning of a file that decide what its columns are.
const SAMPLE_ROWS: usize = 100;
const SAMPLE_BYTES: usize = 512 * 1024;

/// A table with more columns does not contain articles.
const MOST_COLUMNS: usize = 1_000;

/// A longer cell is not a column's name, in bytes.
const LONGEST_NAME: usize = 60;

/// A column with shorter cells on average is not a text, in bytes.
const SHORTEST_TEXT: usize = 80;

/// How a table is written, and what its columns are.
#[derive(Debug)]
pub(crate) struct TableSchema {
    pub dialect: Dialect,
    /// Whether the first row names the columns.
    pub named: bool,
    columns: Vec<Column>,
    /// Fields that were inferred from the contents of their columns.
    pub inferred: Vec<&'static str>,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    field: Option<(Field, usize)>,
}

impl TableSchema {
    /// The schema of a file; `None` if it is not a table of articles.
    pub(crate) fn of(raw: &RawText<'_>) -> Option<Self> {
        // The head of a file that is read in chunks names the columns of all of them.
        let text = match raw.head {
            "" => raw.text,
            head => head,
        };
        let text = &text[separator_line(text)..];
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
                // A cell that contains a comma is quoted.
                if quoting == Quoting::None && matches!(delimiter, b',' | b';') {
                    continue;
                }
                let dialect = Dialect { delimiter, quoting };
                let Some((loose, rows)) = sample(text, dialect) else {
                    continue;
                };
                if best.as_ref().is_none_or(|(least, _)| loose < *least)
                    && let Some(schema) = Self::of_rows(dialect, raw.fields, &rows)
                {
                    best = Some((loose, schema));
                }
                if loose == 0 {
                    break;
                }
            }
        }
        best.map(|(_, schema)| schema)
    }

    fn of_rows(dialect: Dialect, fields: &FieldNames, rows: &[StringRecord]) -> Option<Self> {
        let first = rows.first()?;
        named(dialect, fields, first, &rows[1..]).or_else(|| nameless(dialect, rows))
    }

    /// Whether a row is a record of this table.
    ///
    /// # Errors
    /// Why it is not.
    pub(crate) fn fits(
        &self,
        text: &str,
        row: &StringRecord,
        cells: &RowCells,
    ) -> Result<(), &'static str> {
        if cells.is_open {
            return Err("a quotation mark opens here and is never closed");
        }
        if row.len() != cells.cells.len() {
            return Err("the cells of a row cannot be separated");
        }
        if row
            .iter()
            .skip(self.columns.len())
            .any(|cell| !cell.trim().is_empty())
        {
            return Err("a row has more cells than there are columns");
        }
        // Programs omit empty cells at the end of a row, but the last row of a file may be cut off.
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

    pub(crate) fn entries(&self, row: &StringRecord, cells: &RowCells) -> Vec<KeyedValue> {
        let columns = self.columns.iter().zip(row.iter()).zip(&cells.cells);
        columns
            .map(|((column, cell), at)| KeyedValue {
                key: column.name.clone(),
                field: column.field,
                value: Value::String(cell.trim().to_owned()),
                at: at.clone(),
            })
            .collect()
    }
}

/// The first rows, and how many of them do not fit the dialect; `None` if they are not a table.
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
        loose += usize::from(cells.is_loose || cells.is_open);
        let columns = rows.first().map_or(row.len(), StringRecord::len);
        if !(2..=MOST_COLUMNS).contains(&columns) {
            return None;
        }
        // The last row may be cut off.
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

/// A table whose first row names a text, or a title and another field that only articles have.
fn named(
    dialect: Dialect,
    fields: &FieldNames,
    first: &StringRecord,
    rows: &[StringRecord],
) -> Option<TableSchema> {
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
        let cells = rows.iter().filter_map(|row| row.get(at));
        let sample = cells.map(str::trim).find(|cell| !cell.is_empty());
        let field = fields.field(&name, sample.unwrap_or_default());
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
            // The names may be in an unknown language.
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
    Some(TableSchema {
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

/// Whether a first row names columns: short words, all different, above longer texts.
fn is_header(first: &StringRecord, rows: &[StringRecord], text: usize) -> bool {
    let mut seen = HashSet::new();
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

/// A table without a header row. Its longest column is the text if it is prose, the longest of the others the title, and
/// a column of dates the date.
fn nameless(dialect: Dialect, rows: &[StringRecord]) -> Option<TableSchema> {
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
        if most_cells(rows, at, |cell| {
            cell.starts_with("http://") || cell.starts_with("https://")
        }) {
            column.field = Some((Field::Url, 0));
        } else if !inferred.contains(&"date")
            && most_cells(rows, at, |cell| {
                cell.len() > 4 && dates::read(cell).is_some()
            })
        {
            column.field = Some((Field::Date, 0));
            inferred.push("date");
        }
    }
    Some(TableSchema {
        dialect,
        named: false,
        columns,
        inferred,
    })
}

/// Whether nine of ten cells of a column that are not blank satisfy a test.
fn most_cells(rows: &[StringRecord], column: usize, is: impl Fn(&str) -> bool) -> bool {
    let cells = || {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(str::trim)
            .filter(|c| !c.is_empty())
    };
    let all = cells().count();
    all > 0 && cells().filter(|cell| is(cell)).count() * 10 >= all * 9
}

/// The column with the most text, if it is prose.
fn text_column(rows: &[StringRecord], columns: usize) -> Option<usize> {
    let total = |at: usize| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(str::len)
            .sum::<usize>()
    };
    let at = (0..columns).max_by_key(|at| (total(*at), std::cmp::Reverse(*at)))?;
    let is_prose = most_cells(rows, at, |cell| {
        let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
        letters * 2 > cell.chars().count()
            && (cell.split_whitespace().nth(7).is_some() || !cell.is_ascii())
    });
    (is_prose && total(at) >= SHORTEST_TEXT * rows.len()).then_some(at)
}

/// The longest column without a field whose cells are a few words each, and mostly different.
fn title_column(rows: &[StringRecord], columns: &[Column]) -> Option<usize> {
    let cells = |at: usize| {
        rows.iter()
            .filter_map(move |row| row.get(at))
            .filter(|c| !c.trim().is_empty())
    };
    let is_title = |at: &usize| {
        let distinct: HashSet<&str> = cells(*at).collect();
        columns[*at].field.is_none()
            && distinct.len() * 10 >= cells(*at).count() * 8
            && !distinct.is_empty()
            && most_cells(rows, *at, |cell| {
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
