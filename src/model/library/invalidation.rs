//! The state of one call of `apply`: which subjects its changes invalidate, and which ids and paths have to be assigned again.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::lists::ONE_PAGE;
use super::{Candidates, Dependency, Library};
use crate::model::origin::Origin;
use crate::model::period::Period;
use crate::model::subject::Subject;
use crate::model::term::{ArticleNo, ListId};

/// What one call of `apply` has invalidated so far.
pub(super) struct Invalidation {
    /// Whether the Library was empty: then everything is new, and no subjects are recorded.
    pub cold: bool,
    /// Whether there are so many changes that all lists are sorted again.
    pub many: bool,
    subjects: BTreeSet<Subject>,
    /// Ids whose candidates changed. One may occur twice, except if `cold`.
    pub ids: Vec<Box<str>>,
    /// Paths whose candidates changed, as above.
    pub paths: Vec<Box<str>>,
    /// How many articles each page of a list had before.
    lengths: BTreeMap<(ListId, Period), usize>,
    /// Where a link to an origin led before.
    origins: BTreeMap<Origin, Option<Box<str>>>,
}

impl Invalidation {
    pub(crate) fn new(cold: bool, many: bool) -> Self {
        Self {
            cold,
            many,
            subjects: BTreeSet::new(),
            ids: Vec::new(),
            paths: Vec::new(),
            lengths: BTreeMap::new(),
            origins: BTreeMap::new(),
        }
    }

    /// Records that something changed, or is about to change.
    pub(crate) fn changed(&mut self, library: &Library, what: &Dependency) {
        if let Dependency::Path(path) = what
            && library.path_candidates.contains_key(path)
        {
            self.paths.push(path.clone());
        }
        if !self.cold {
            library.add_dependents(what, &mut self.subjects);
        }
    }

    /// Records that an article became a candidate for an id, which now has this number of candidates.
    pub(crate) fn wants_id(&mut self, id: &str, candidates: usize) {
        if !self.cold || candidates == 1 {
            self.ids.push(id.into());
        }
    }

    /// As [`Invalidation::wants_id`], for a path.
    pub(crate) fn wants_path(&mut self, path: &str, candidates: usize) {
        if !self.cold || candidates == 1 {
            self.paths.push(path.into());
        }
    }

    /// Each name once; those with several candidates last and in order. Sorting a million names, nearly all of which have one
    /// candidate, takes longer than assigning them.
    pub(crate) fn deduplicated(
        &self,
        mut names: Vec<Box<str>>,
        candidates: &HashMap<Box<str>, Candidates>,
    ) -> Vec<Box<str>> {
        if !self.cold {
            names.sort_unstable();
            names.dedup();
            return names;
        }
        let (mut single, mut shared): (Vec<_>, Vec<_>) = names
            .into_iter()
            .partition(|name| candidates.get(name).is_none_or(|all| all.len() == 1));
        shared.sort_unstable();
        single.append(&mut shared);
        single
    }

    /// Records the lengths of an article's lists, before it is added to them or removed.
    pub(crate) fn record_lengths(&mut self, library: &Library, article: ArticleNo) {
        if self.many {
            return;
        }
        for list in library.lists_of(article) {
            for period in library.period_of(article).upwards() {
                self.lengths
                    .entry((list, period))
                    .or_insert_with(|| library.count(list, period));
            }
        }
    }

    /// Records where links to an article's origins lead, before that changes.
    pub(crate) fn record_origins(&mut self, library: &Library, article: ArticleNo) {
        if self.many || self.cold || !library.names_origins() {
            return;
        }
        for origin in library.origins_of(article) {
            self.origins
                .entry(origin)
                .or_insert_with(|| library.origin_path(origin));
        }
    }

    /// Every invalidated subject, including those of lists that crossed the length at which they are divided.
    pub(crate) fn finish(mut self, library: &Library) -> BTreeSet<Subject> {
        if self.many {
            // With so many changes nearly every list is invalidated; returning all is cheaper than finding out which.
            self.subjects.extend(library.subjects());
            return self.subjects;
        }
        for ((list, period), before) in &self.lengths {
            let after = library.count(*list, *period);
            if (*before > ONE_PAGE) != (after > ONE_PAGE) {
                let inside = library.within(*list, *period).into_iter();
                let periods = inside.flat_map(|article| library.period_of(article).upwards());
                let subjects = periods.map(|period| Subject::List(*list, period));
                self.subjects.extend(subjects);
            }
        }
        let moved = self.origins.iter();
        let moved = moved.filter(|(origin, before)| library.origin_path(**origin) != **before);
        let moved: Vec<Origin> = moved.map(|(origin, _)| *origin).collect();
        if !moved.is_empty() {
            library.add_naming(&moved, &mut self.subjects);
        }
        self.subjects
    }
}
