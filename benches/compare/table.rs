//! The comparison as a table in Markdown.

use std::time::Duration;

use crate::measure::{megabytes, seconds};

/// Medians of one program at one size.
#[derive(Debug)]
pub struct Row {
    pub program: &'static str,
    pub size: u64,
    pub time: Duration,
    pub peak: u64,
    pub files: usize,
    /// Of all files, without what the file system adds.
    pub bytes: u64,
    /// Of the files of the first program.
    pub floor: Duration,
}

/// The rows of one size.
pub fn of(rows: &[Row], size: u64) -> String {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.size == size).collect();
    let Some(first) = rows.first() else {
        return String::new();
    };
    let mut out = format!(
        "\n{size} articles\n\n| | time | of the first | of the floor | peak memory | files | bytes |\n|---|---|---|---|---|---|---|\n"
    );
    let ratio = |time: Duration, of: Duration| time.as_secs_f64() / of.as_secs_f64();
    for row in &rows {
        out += &format!(
            "| {} | {} | {:.2} | {:.2} | {} | {} | {} |\n",
            row.program,
            seconds(row.time),
            ratio(row.time, first.time),
            ratio(row.time, row.floor),
            megabytes(row.peak),
            row.files,
            megabytes(row.bytes),
        );
    }
    out += &format!(
        "| the floor: writing the first one's files | {} | {:.2} | 1 | | {} | {} |\n",
        seconds(first.floor),
        ratio(first.floor, first.time),
        first.files,
        megabytes(first.bytes),
    );
    out
}
