//! plan: touched subjects → the pages to be looked at, no two at one path, and the paths that no page has any more.

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::edition::Touched;
use super::pages::{Key, View};
use super::survey::Survey;
use crate::cache::{Made, Past};
use crate::diagnostics::{Diagnostic, Packed};

/// What a build has to look at.
#[derive(Debug, Default)]
pub struct Plan {
    /// Pages that may differ from before, sorted.
    pub keys: Vec<Key>,
    /// Paths that had a page and have none now.
    pub gone: Vec<String>,
    /// Pages that hide others, for every path that was looked at.
    pub clashes: Vec<Diagnostic>,
    /// Whether every page was looked at.
    pub is_whole: bool,
}

impl Plan {
    /// Whether a page of the plan has this path.
    pub fn has(&self, path: &str) -> bool {
        self.keys
            .binary_search_by(|key| key.path.as_str().cmp(path))
            .is_ok()
    }

    /// Pages that hide others anywhere: as the last build knew them, where this plan did not look.
    pub fn clashes_with(&self, made: Option<&Made>) -> Vec<Packed> {
        let looked = |path: &String| self.is_whole || self.has(path) || self.gone.contains(path);
        let before = made.into_iter().flat_map(|made| &made.clashes);
        let before = before.filter(|(path, ..)| !looked(path)).cloned();
        before
            .chain(self.clashes.iter().map(Diagnostic::pack))
            .collect()
    }
}

/// Every page of the site.
fn whole(view: &View<'_>, past: &Past) -> Plan {
    let subjects: Vec<_> = view.library.subjects().into_iter().collect();
    let mut keys: Vec<Key> = subjects
        .par_iter()
        .flat_map_iter(|subject| Key::of(view, subject))
        .collect();
    keys.par_sort_unstable_by(|a, b| a.path.cmp(&b.path).then_with(|| a.cmp(b)));
    let mut clashes = Vec::new();
    let mut held: Vec<Key> = Vec::with_capacity(keys.len());
    for key in keys {
        match held.last() {
            Some(holder) if holder.path == key.path => clashes.extend(clash(holder, &key)),
            _ => held.push(key),
        }
    }
    let is_there = |path: &str| {
        held.binary_search_by(|key| key.path.as_str().cmp(path))
            .is_ok()
    };
    let gone = past.heads().map(|(path, _)| path);
    let gone = gone
        .filter(|path| !is_there(path))
        .map(str::to_owned)
        .collect();
    Plan {
        keys: held,
        gone,
        clashes,
        is_whole: true,
    }
}

/// The pages of what was touched, those that touched subjects had before, and those that the survey found wanting.
pub fn plan(view: &View<'_>, touched: &Touched, past: &Past, survey: &Survey) -> Plan {
    let Touched::Some(subjects) = touched else {
        return whole(view, past);
    };
    let owners: HashSet<u64> = subjects.iter().map(|subject| view.owner(subject)).collect();
    let before = past
        .heads()
        .filter(|(_, page)| owners.contains(&page.owner));
    let mut paths: BTreeSet<String> = before.map(|(path, _)| path.to_owned()).collect();
    let subjects: Vec<_> = subjects.iter().collect();
    let now = subjects
        .par_iter()
        .flat_map_iter(|subject| Key::of(view, subject));
    paths.extend(now.map(|key| key.path).collect::<Vec<_>>());
    paths.extend(survey.broken.iter().chain(&survey.unsettled).cloned());
    let mut plan = Plan::default();
    for path in paths {
        let mut claims = Key::at(view, &path).collect::<Vec<_>>().into_iter();
        match claims.next() {
            Some(holder) => {
                plan.clashes
                    .extend(claims.filter_map(|key| clash(&holder, &key)));
                plan.keys.push(holder);
            }
            None if past.page(&path).is_some() => plan.gone.push(path),
            None => {}
        }
    }
    plan
}

/// A picture that two pages show is one file; all else at one path is worth a word.
fn clash(holder: &Key, hidden: &Key) -> Option<Diagnostic> {
    let what = format!(
        "the {} at this path hides the {}",
        holder.kind(),
        hidden.kind()
    );
    let is_worth_a_word = hidden.kind() != "attachment";
    is_worth_a_word.then(|| {
        Diagnostic::warning(hidden.path.clone(), what).hint("give one of them another path")
    })
}
