//! Records that are gone: when their articles may go too.

use std::collections::BTreeSet;

use super::identify::Step;
use crate::diagnostics::{Code, Diagnostic, Failure, Result};

/// Removing more than this many articles, and more than a tenth of all, wants a person's word.
const FEW: usize = 10;

/// Where `raw/` or a top folder of it is absent or empty, a disk is more likely unmounted than an archive deleted.
pub fn hold_absent_folders(steps: &mut Vec<Step>, files: &[String]) {
    let top = |path: &str| path.split_once('/').map(|(folder, _)| folder.to_owned());
    let present: BTreeSet<Option<String>> = files.iter().map(|file| top(file)).collect();
    steps.retain(|step| match step {
        Step::Gone(existing) => {
            let folder = top(&existing.raw.path);
            folder.is_none() || present.contains(&folder)
        }
        _ => true,
    });
}

pub fn guard(steps: &[Step], all: usize, prune: bool) -> Result<()> {
    let removed = steps
        .iter()
        .filter(|step| matches!(step, Step::Gone(existing) if !existing.edited))
        .count();
    if prune || removed <= FEW || removed * 10 <= all {
        return Ok(());
    }
    let what = format!("{removed} of {all} records are gone; their articles would be removed");
    Err(Failure::from(
        Diagnostic::error(Code::Unclassified, "raw", what)
            .hint("`backfile import --prune` removes them; nothing was changed"),
    ))
}
