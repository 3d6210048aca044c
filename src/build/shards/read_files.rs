//! The files that a part read: for each its size, its digest and its parsed content. No times, which differ between
//! machines.

use rayon::prelude::*;

use super::{BuildPart, Exchange};
use crate::build::read_file::ReadFile;
use crate::cache::{self, Journal};
use crate::diagnostics::{Code, Diagnostic, Result};

/// The name of what all parts read.
pub(crate) const ALL: &str = "cards";

/// The name of what one part read.
pub(crate) fn name(part: BuildPart) -> String {
    format!("cards-{part}")
}

/// Writes what was read. `inputs` is a digest of settings, topics, theme and templates.
pub(crate) fn put(
    exchange: &Exchange,
    name: &str,
    inputs: &[u8; 32],
    part: BuildPart,
    read: Vec<ReadFile>,
) -> Result<()> {
    let entries = read.par_iter().map(|read| {
        let value = cache::encode(&(read.size, read.digest, &read.parsed));
        cache::entry(&read.file, &value)
    });
    let entries: Vec<Vec<u8>> = entries.collect();
    exchange.put(name, |path| {
        Journal::write_table(
            path,
            *inputs,
            number(part),
            entries.iter().map(Vec::as_slice),
        )
    })
}

/// Reads what parts wrote.
///
/// # Errors
/// If it does not exist, or was read with other settings, topics or templates, or by another program.
pub(crate) fn get(exchange: &Exchange, name: &str, inputs: &[u8; 32]) -> Result<Vec<ReadFile>> {
    let path = exchange.get(name)?;
    let (journal, table, warning) = Journal::open(path.as_ref(), *inputs);
    if warning.is_some() || journal.position().0 == 0 {
        let what = format!(
            "`{name}` was written by another program, or with other settings, topics or templates"
        );
        return Err(
            Diagnostic::error(Code::PartsDiffer, exchange.to_string(), what)
                .hint(
                    "run all steps again, on machines that have the same site and the same program",
                )
                .into(),
        );
    }
    let read = table.par_iter().map(|(file, value)| {
        let (size, digest, parsed) = cache::decode(value?)?;
        Some(ReadFile {
            file: file.into(),
            size,
            digest,
            parsed,
        })
    });
    Ok(read.flatten().collect())
}

/// The number of a part's table.
pub(crate) fn number(part: BuildPart) -> u64 {
    (u64::from(part.number) << 32) | u64::from(part.of)
}
