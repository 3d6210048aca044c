//! Records that do not exist any more: whether their articles may be removed.

use std::collections::{BTreeMap, BTreeSet};

use super::identify::Step;
use crate::diagnostics::{Code, Diagnostic, Result};

/// To remove more articles than this, and more than a tenth of all, a person must ask for it.
const FEW: usize = 10;

/// A warning that articles have no records, because `raw/` is absent or empty.
pub(crate) fn without_raw(articles: usize) -> Option<Diagnostic> {
    (articles > 0).then(|| {
        let what = format!("there are no raw files, though articles were imported ({articles}); they are kept");
        Diagnostic::warning(Code::RecordsAbsent, "raw", what)
            .hint("bring the folder back; to keep the articles without it, remove `raw` from their front matter")
    })
}

/// Keeps articles whose top folder of `raw/` is absent or empty: a disk is more likely unmounted than an archive deleted.
/// Returns how many, by folder.
fn keep_of_absent_folders(steps: &mut Vec<Step>, files: &[String]) -> BTreeMap<String, usize> {
    let mut kept = BTreeMap::new();
    let top = |path: &str| path.split_once('/').map(|(folder, _)| folder.to_owned());
    let present: BTreeSet<Option<String>> = files.iter().map(|file| top(file)).collect();
    steps.retain(|step| match step {
        Step::Vanished(article) => {
            let folder = top(&article.raw.path);
            let is_present = folder.is_none() || present.contains(&folder);
            if let Some(folder) = folder.filter(|_| !is_present) {
                *kept.entry(folder).or_default() += 1;
            }
            is_present
        }
        Step::New(_) | Step::Renew(_) => true,
    });
    kept
}

/// Checks that the import removes no more articles than a person would expect. `files` are those of `raw/`; `total` is
/// the number of imported articles. Returns warnings about articles that are kept though their folder is gone.
///
/// # Errors
/// Where it would, unless `prune` is set.
pub(crate) fn check(
    steps: &mut Vec<Step>,
    files: &[String],
    total: usize,
    prune: bool,
) -> Result<Vec<Diagnostic>> {
    let kept = keep_of_absent_folders(steps, files).into_iter();
    let kept = kept.map(|(folder, articles)| {
        let what = format!("the folder has no files, though articles were imported from it ({articles}); they are kept");
        Diagnostic::warning(Code::RecordsAbsent, format!("raw/{folder}"), what)
            .hint("bring the folder back, or delete the articles by hand")
    });
    let is_removal = |step: &&Step| matches!(step, Step::Vanished(article) if !article.edited);
    let removed = steps.iter().filter(is_removal).count();
    if prune || removed <= FEW || removed * 10 <= total {
        return Ok(kept.collect());
    }
    let what = format!(
        "{removed} of {total} records do not exist any more; their articles would be removed"
    );
    Err(Diagnostic::error(Code::RemovalsTooMany, "raw", what)
        .hint("`backfile import --prune` removes them; nothing was changed")
        .into())
}
