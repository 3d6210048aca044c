//! The comparison as a table in Markdown.

use std::time::Duration;

use crate::measure::{megabytes, seconds};

/// Medians of one program at one size.
#[derive(Debug)]
pub(crate) struct Row {
    pub program: &'static str,
    pub size: u64,
    pub time: Duration,
    pub peak: u64,
    pub files: usize,
    /// The sum of the lengths of all files.
    pub bytes: u64,
    /// Of the files of the first program.
    pub lower_bound: Duration,
}

/// The rows of one size.
pub(crate) fn of(rows: &[Row], size: u64) -> String {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.size == size).collect();
    let Some(first) = rows.first() else {
        return String::new();
    };
    let mut out = format!(
        "\n{size} articles\n\n| | time | of the first | of the lower bound | peak memory | files | bytes |\n|---|---|---|---|---|---|---|\n"
    );
    let ratio = |time: Duration, of: Duration| time.as_secs_f64() / of.as_secs_f64();
    for row in &rows {
        out += &format!(
            "| {} | {} | {:.2} | {:.2} | {} | {} | {} |\n",
            row.program,
            seconds(row.time),
            ratio(row.time, first.time),
            ratio(row.time, row.lower_bound),
            megabytes(row.peak),
            row.files,
            megabytes(row.bytes),
        );
    }
    out += &format!(
        "| lower bound: writing the files of the first | {} | {:.2} | 1 | | {} | {} |\n",
        seconds(first.lower_bound),
        ratio(first.lower_bound, first.time),
        first.files,
        megabytes(first.bytes),
    );
    out
}
