//! What a part read: for each file its size, its digest and what came of it. No times, which differ from machine to
//! machine.

use rayon::prelude::*;

use super::{Part, Place};
use crate::build::read_file::ReadFile;
use crate::cache::{self, Journal};
use crate::diagnostics::{Code, Diagnostic, Result};

/// What all parts read.
pub const ALL: &str = "cards";

/// What one part read.
pub fn name(part: Part) -> String {
    format!("cards-{part}")
}

/// Leaves what was read at the meeting place. `inputs` says what it was read with.
pub fn put(
    place: &Place,
    name: &str,
    inputs: &[u8; 32],
    part: Part,
    read: Vec<ReadFile>,
) -> Result<()> {
    let entries = read.par_iter().map(|read| {
        let value = cache::encode(&(read.size, read.digest, &read.outcome));
        cache::entry(&read.file, &value)
    });
    let entries: Vec<Vec<u8>> = entries.collect();
    place.put(name, |path| {
        Journal::write_table(
            path,
            *inputs,
            number(part),
            entries.iter().map(Vec::as_slice),
        )
    })
}

/// Takes what was read.
///
/// # Errors
/// Where it is not there, or was read with other settings, topics or templates, or by another program.
pub fn get(place: &Place, name: &str, inputs: &[u8; 32]) -> Result<Vec<ReadFile>> {
    let path = place.get(name)?;
    let (journal, table, warning) = Journal::open(path.as_ref(), *inputs);
    if warning.is_some() || journal.position().0 == 0 {
        let what = format!(
            "`{name}` was made by another program, or with other settings, topics or templates"
        );
        return Err(
            Diagnostic::error(Code::Unclassified, place.to_string(), what)
                .hint(
                    "run the steps from the first, on machines that have the same site and program",
                )
                .into(),
        );
    }
    let read = table.par_iter().map(|(file, value)| {
        let (size, digest, outcome) = cache::decode(value?)?;
        Some(ReadFile {
            file: file.into(),
            size,
            digest,
            outcome,
        })
    });
    Ok(read.flatten().collect())
}

/// Which part a table is of, as its number.
pub fn number(part: Part) -> u64 {
    (u64::from(part.number) << 32) | u64::from(part.of)
}
