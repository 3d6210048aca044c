//! plan: touched subjects → the pages that may differ, no two at one path, and the paths that no longer have a page.
//! Knows paths; never knows what a page contains.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use foldhash::HashSet;
use rayon::prelude::*;

use super::changes::Touched;
use super::output_scan::OutputScan;
use super::pages::{PageKey, View};
use super::write::Output;
use crate::cache::{BuildState, PreviousBuild};
use crate::diagnostics::{Code, Diagnostic};
use crate::model::path::{self, is_publishable, is_publishable_static};
use crate::model::subject::Subject;

/// The pages that a build has to check, and those that it removes.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Pages that may differ from the last build, sorted.
    pub keys: Vec<PageKey>,
    /// Paths that had a page in the last build and have none now.
    pub removed: Vec<String>,
    /// Pages that hide others, for every path of the plan.
    pub clashes: Vec<Diagnostic>,
    /// Whether the plan has every page of the site.
    pub is_whole: bool,
    /// Whether a page is left out because others need a folder of its name.
    pub has_folder_conflict: bool,
}

impl Plan {
    /// Whether a page of the plan has this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.keys
            .binary_search_by(|key| key.path.as_str().cmp(path))
            .is_ok()
    }

    /// The files to remove: of pages that no longer exist, and those that no known build wrote.
    pub(crate) fn obsolete_files(&self, scan: &OutputScan, output: &Output) -> BTreeSet<PathBuf> {
        let removed = self.removed.iter().map(|path| output.path(path));
        let foreign = scan.foreign().filter(|(path, _)| !self.has(path));
        removed
            .chain(foreign.map(|(_, path)| path.clone()))
            .collect()
    }

    /// Pages that hide others anywhere in the site: those of the last build, for paths that are not in this plan, and those of
    /// this plan.
    pub(crate) fn clashes_since(&self, last: Option<&BuildState>) -> Vec<Diagnostic> {
        let is_planned =
            |path: &String| self.is_whole || self.has(path) || self.removed.contains(path);
        let before = last.into_iter().flat_map(|last| &last.clashes);
        let before = before.filter(|clash| !is_planned(&clash.path)).cloned();
        before.chain(self.clashes.iter().cloned()).collect()
    }
}

/// Every page of the site, and the pages of the last build that no longer exist.
fn whole(view: &View<'_>, previous: &PreviousBuild) -> Plan {
    let mut plan = every_page(view);
    let removed = previous.heads().map(|(path, _)| path);
    plan.removed = removed
        .filter(|path| !plan.has(path))
        .map(str::to_owned)
        .collect();
    plan
}

/// Every page of the site.
pub(crate) fn every_page(view: &View<'_>) -> Plan {
    let subjects: Vec<_> = view.library.subjects().into_iter().collect();
    let mut keys: Vec<PageKey> = subjects
        .par_iter()
        .flat_map_iter(|subject| PageKey::of(view, subject))
        .collect();
    keys.par_sort_unstable_by(|a, b| a.path.cmp(&b.path).then_with(|| a.cmp(b)));
    let mut clashes = Vec::new();
    let mut kept: Vec<PageKey> = Vec::with_capacity(keys.len());
    for key in keys {
        match kept.last() {
            Some(holder) if holder.path == key.path => clashes.extend(clash(holder, &key)),
            _ if !can_be_published(&key) => clashes.push(unpublishable(&key)),
            _ => kept.push(key),
        }
    }
    let lost = lost_to_folders(&kept);
    let has_folder_conflict = !lost.is_empty();
    clashes.extend(
        lost.iter()
            .filter_map(|(hidden, holder)| clash(&kept[*holder], &kept[*hidden])),
    );
    for hidden in lost.keys().rev() {
        kept.remove(*hidden);
    }
    Plan {
        keys: kept,
        clashes,
        is_whole: true,
        has_folder_conflict,
        ..Plan::default()
    }
}

/// Pages that cannot be files because others need a folder of the same name, each with the page that keeps its path; both
/// as indexes into `keys`, in order. A folder has precedence, except over redirects and attachments.
fn lost_to_folders(keys: &[PageKey]) -> BTreeMap<usize, usize> {
    let at = |path: &str| {
        keys.binary_search_by(|key| key.path.as_str().cmp(path))
            .ok()
    };
    let inner = keys.par_iter().enumerate().flat_map_iter(|(number, key)| {
        let outer = path::folders(&key.path).filter_map(at);
        outer.map(move |outer| match key.kind().yields_to_folders() {
            true => (number, outer),
            false => (outer, number),
        })
    });
    inner.collect()
}

/// The pages of touched subjects, those that they had in the last build, and those that the scan found broken or unsettled.
pub(crate) fn plan(
    view: &View<'_>,
    touched: &Touched,
    previous: &PreviousBuild,
    scan: &OutputScan,
) -> Plan {
    let Touched::Some(subjects) = touched else {
        return whole(view, previous);
    };
    if previous
        .state
        .as_ref()
        .is_none_or(|last| last.has_folder_conflict)
    {
        return whole(view, previous);
    }
    let owners: HashSet<u64> = subjects.iter().map(|subject| view.owner(subject)).collect();
    let before = previous
        .heads()
        .filter(|(_, page)| owners.contains(&page.owner));
    let mut paths: BTreeSet<String> = before.map(|(path, _)| path.to_owned()).collect();
    let subjects: Vec<_> = subjects.iter().collect();
    let now = subjects
        .par_iter()
        .flat_map_iter(|subject| PageKey::of(view, subject));
    paths.extend(now.map(|key| key.path).collect::<Vec<_>>());
    paths.extend(scan.broken.iter().chain(&scan.unsettled).cloned());
    // A new file where there is a folder, or below a file: which page keeps the path depends on all pages.
    let is_new = |path: &&String| previous.head(path).is_none();
    let new: Vec<&String> = paths.iter().filter(is_new).collect();
    let is_file = |path: &str| previous.head(path).is_some() || paths.contains(path);
    let is_in_file = |path: &&&String| path::folders(path).any(is_file);
    if new.iter().any(|path| is_in_file(&path)) || previous.has_any_below(&new) {
        return whole(view, previous);
    }
    let mut plan = Plan::default();
    for path in paths {
        let mut claims = PageKey::at(view, &path).collect::<Vec<_>>().into_iter();
        match claims.next() {
            Some(key) if !can_be_published(&key) => plan.clashes.push(unpublishable(&key)),
            Some(holder) => {
                plan.clashes
                    .extend(claims.filter_map(|key| clash(&holder, &key)));
                plan.keys.push(holder);
            }
            None if previous.head(&path).is_some() => plan.removed.push(path),
            None => {}
        }
    }
    plan
}

/// Whether a page can be a file at its path. Only static files may be hidden: their owner put them there.
fn can_be_published(key: &PageKey) -> bool {
    match key.subject {
        Subject::Static(_) => is_publishable_static(&key.path),
        _ => is_publishable(&key.path),
    }
}

fn unpublishable(key: &PageKey) -> Diagnostic {
    let shown: String = key
        .path
        .chars()
        .filter(|c| !c.is_control())
        .take(120)
        .collect();
    let kind = key.kind().name();
    let what = format!("the {kind} cannot be published at this path");
    Diagnostic::problem(Code::PathInvalid, shown, what)
        .hint("give it a shorter path that is not hidden and has no control characters")
}

/// A warning if one page hides another; none for a file that both pages show.
fn clash(holder: &PageKey, hidden: &PageKey) -> Option<Diagnostic> {
    let what = format!(
        "the {} at this path hides the {}",
        holder.kind().name(),
        hidden.kind().name()
    );
    let is_reported = !hidden.kind().may_be_shared();
    is_reported.then(|| {
        Diagnostic::warning(Code::PathTaken, hidden.path.clone(), what)
            .hint("give one of them another path")
    })
}
