//! Records that do not exist any more: whether their articles may be removed.

use std::collections::BTreeSet;

use super::identify::Step;
use crate::diagnostics::{Code, Diagnostic, Result};

/// To remove more articles than this, and more than a tenth of all, a person must ask for it.
const FEW: usize = 10;

/// Keeps articles whose top folder of `raw/` is absent or empty: a disk is more likely unmounted than an archive deleted.
fn keep_of_absent_folders(steps: &mut Vec<Step>, files: &[String]) {
    let top = |path: &str| path.split_once('/').map(|(folder, _)| folder.to_owned());
    let present: BTreeSet<Option<String>> = files.iter().map(|file| top(file)).collect();
    steps.retain(|step| match step {
        Step::Vanished(article) => {
            let folder = top(&article.raw.path);
            folder.is_none() || present.contains(&folder)
        }
        Step::New(_) | Step::Renew(_) => true,
    });
}

/// Checks that the import removes no more articles than a person would expect. `files` are those of `raw/`; `total` is
/// the number of imported articles.
///
/// # Errors
/// Where it would, unless `prune` is set.
pub(crate) fn check(
    steps: &mut Vec<Step>,
    files: &[String],
    total: usize,
    prune: bool,
) -> Result<()> {
    keep_of_absent_folders(steps, files);
    let is_removal = |step: &&Step| matches!(step, Step::Vanished(article) if !article.edited);
    let removed = steps.iter().filter(is_removal).count();
    if prune || removed <= FEW || removed * 10 <= total {
        return Ok(());
    }
    let what = format!(
        "{removed} of {total} records do not exist any more; their articles would be removed"
    );
    Err(Diagnostic::error(Code::RemovalsTooMany, "raw", what)
        .hint("`backfile import --prune` removes them; nothing was changed")
        .into())
}
