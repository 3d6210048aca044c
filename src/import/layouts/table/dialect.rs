//! How a table's cells are separated and quoted, and where they are. Never knows what they contain.

use std::ops::Range;

use csv::ReaderBuilder;

/// How cells are separated and quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub delimiter: u8,
    pub quoting: Quoting,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// A quotation mark within quotes is written twice (RFC 4180).
    Doubled,
    /// It is preceded by a backslash.
    Escaped,
    /// A quotation mark is an ordinary character.
    None,
}

/// The bytes of a row and of its cells, quotes included.
#[derive(Debug, Default)]
pub(crate) struct RowCells {
    pub start: usize,
    pub end: usize,
    pub cells: Vec<Range<usize>>,
    /// Whether a quotation mark is never closed.
    pub is_open: bool,
    /// Whether text follows a closing quotation mark within a cell.
    pub is_loose: bool,
}

impl Dialect {
    pub(crate) fn reader<'a>(&self, text: &'a str) -> csv::Reader<&'a [u8]> {
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

    /// The cells of the row that begins at a byte, or after the blank lines there.
    pub(crate) fn cells(&self, text: &str, from: usize) -> RowCells {
        let bytes = text.as_bytes();
        let mut at = from;
        while bytes.get(at).is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            at += 1;
        }
        let mut cells = RowCells {
            start: at,
            ..RowCells::default()
        };
        loop {
            let start = at;
            if self.quoting != Quoting::None && bytes.get(at) == Some(&b'"') {
                match self.closing(bytes, at + 1) {
                    Some(close) => at = close + 1,
                    None => {
                        cells.is_open = true;
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
            cells.cells.push(start..at);
            if bytes.get(at) != Some(&self.delimiter) {
                cells.end = at;
                return cells;
            }
            at += 1;
        }
    }

    /// The closing quotation mark of a cell.
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

/// The length of a first line that says how cells are separated, as Excel reads it: `sep=;`.
pub(crate) fn separator_line(text: &str) -> usize {
    let line = text.split_inclusive('\n').next().unwrap_or_default();
    let bare = line.trim_end_matches(['\r', '\n']).trim_matches('"');
    let key = bare.get(..4).unwrap_or_default();
    let is_one = key.eq_ignore_ascii_case("sep=") && bare.chars().count() == 5;
    if is_one { line.len() } else { 0 }
}
