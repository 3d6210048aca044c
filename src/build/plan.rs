//! plan: touched subjects → the pages to be looked at, no two at one path, and the paths that no page has any more.

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
use crate::model::path::{self, is_publishable};

/// What a build has to look at.
#[derive(Debug, Default)]
pub struct Plan {
    /// Pages that may differ from before, sorted.
    pub keys: Vec<PageKey>,
    /// Paths that had a page and have none now.
    pub removed: Vec<String>,
    /// Pages that hide others, for every path that was looked at.
    pub clashes: Vec<Diagnostic>,
    /// Whether every page was looked at.
    pub is_whole: bool,
    /// Whether some page is left out because others need a folder of its name.
    pub is_tangled: bool,
}

impl Plan {
    /// Whether a page of the plan has this path.
    pub fn has(&self, path: &str) -> bool {
        self.keys
            .binary_search_by(|key| key.path.as_str().cmp(path))
            .is_ok()
    }

    /// The files that no page has any more: of pages that vanished, and those that nobody is known to have made.
    pub fn obsolete_files(&self, scan: &OutputScan, output: &Output) -> BTreeSet<PathBuf> {
        let removed = self.removed.iter().map(|path| output.path(path));
        let foreign = scan.foreign().filter(|(path, _)| !self.has(path));
        removed
            .chain(foreign.map(|(_, path)| path.clone()))
            .collect()
    }

    /// Pages that hide others anywhere: as the last build knew them, where this plan did not look.
    pub fn clashes_with(&self, made: Option<&BuildState>) -> Vec<Diagnostic> {
        let looked = |path: &String| self.is_whole || self.has(path) || self.removed.contains(path);
        let before = made.into_iter().flat_map(|made| &made.clashes);
        let before = before.filter(|clash| !looked(&clash.path)).cloned();
        before.chain(self.clashes.iter().cloned()).collect()
    }
}

/// Every page of the site, against what the last build made.
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
pub fn every_page(view: &View<'_>) -> Plan {
    let subjects: Vec<_> = view.library.subjects().into_iter().collect();
    let mut keys: Vec<PageKey> = subjects
        .par_iter()
        .flat_map_iter(|subject| PageKey::of(view, subject))
        .collect();
    keys.par_sort_unstable_by(|a, b| a.path.cmp(&b.path).then_with(|| a.cmp(b)));
    let mut clashes = Vec::new();
    let mut held: Vec<PageKey> = Vec::with_capacity(keys.len());
    for key in keys {
        match held.last() {
            Some(holder) if holder.path == key.path => clashes.extend(clash(holder, &key)),
            _ if !is_publishable(&key.path) => clashes.push(unpublishable(&key)),
            _ => held.push(key),
        }
    }
    let lost = lost_to_folders(&held);
    let is_tangled = !lost.is_empty();
    clashes.extend(
        lost.iter()
            .filter_map(|(hidden, holder)| clash(&held[*holder], &held[*hidden])),
    );
    for hidden in lost.keys().rev() {
        held.remove(*hidden);
    }
    Plan {
        keys: held,
        clashes,
        is_whole: true,
        is_tangled,
        ..Plan::default()
    }
}

/// Pages that cannot be files where others need a folder of that name, each with the one that keeps its place; both as
/// numbers, in order. A folder keeps its name, except against redirects and pictures.
fn lost_to_folders(held: &[PageKey]) -> BTreeMap<usize, usize> {
    let at = |path: &str| {
        held.binary_search_by(|key| key.path.as_str().cmp(path))
            .ok()
    };
    let inner = held.par_iter().enumerate().flat_map_iter(|(number, key)| {
        let outer = path::folders(&key.path).filter_map(at);
        outer.map(move |outer| match key.kind().yields_to_folders() {
            true => (number, outer),
            false => (outer, number),
        })
    });
    inner.collect()
}

/// The pages of what was touched, those that touched subjects had before, and those that the scan found wanting.
pub fn plan(
    view: &View<'_>,
    touched: &Touched,
    previous: &PreviousBuild,
    scan: &OutputScan,
) -> Plan {
    let Touched::Some(subjects) = touched else {
        return whole(view, previous);
    };
    if previous.state.as_ref().is_none_or(|made| made.is_tangled) {
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
    // A new file where a folder is, or below what is a file: who keeps the name is told by all pages together.
    let is_new = |path: &&String| previous.head(path).is_none();
    let new: Vec<&String> = paths.iter().filter(is_new).collect();
    let is_file = |path: &str| previous.head(path).is_some() || paths.contains(path);
    let is_tangled = |path: &&&String| path::folders(path).any(is_file);
    if new.iter().any(|path| is_tangled(&path)) || previous.has_any_below(&new) {
        return whole(view, previous);
    }
    let mut plan = Plan::default();
    for path in paths {
        let mut claims = PageKey::at(view, &path).collect::<Vec<_>>().into_iter();
        match claims.next() {
            Some(key) if !is_publishable(&path) => plan.clashes.push(unpublishable(&key)),
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

fn unpublishable(key: &PageKey) -> Diagnostic {
    let shown: String = key
        .path
        .chars()
        .filter(|c| !c.is_control())
        .take(120)
        .collect();
    let kind = key.kind().name();
    let what = format!("the {kind} cannot be published under this name");
    Diagnostic::problem(Code::Unclassified, shown, what)
        .hint("give it a shorter one that is not hidden and has no control characters")
}

/// A picture that two pages show is one file; all else at one path is worth a word.
fn clash(holder: &PageKey, hidden: &PageKey) -> Option<Diagnostic> {
    let what = format!(
        "the {} at this path hides the {}",
        holder.kind().name(),
        hidden.kind().name()
    );
    let is_worth_a_word = !hidden.kind().may_be_shared();
    is_worth_a_word.then(|| {
        Diagnostic::warning(Code::Unclassified, hidden.path.clone(), what)
            .hint("give one of them another path")
    })
}
