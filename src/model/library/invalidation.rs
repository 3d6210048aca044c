//! One round of changes: what it has touched so far, and what follows from that at its end.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::lists::ONE_PAGE;
use super::{Claims, Library};
use crate::model::page::Subject;
use crate::model::period::Period;
use crate::model::term::{ArticleNo, ListId};

/// What one call of `apply` has touched so far.
pub(super) struct Invalidation {
    /// Whether the Library was empty, so that everything is touched and nothing need be named.
    pub cold: bool,
    /// Whether there are so many changes that all lists are put in order anew.
    pub many: bool,
    pub touched: BTreeSet<Subject>,
    /// Ids and paths whose claims changed, some of them twice; on an empty Library each of them once.
    pub ids: Vec<Box<str>>,
    pub paths: Vec<Box<str>>,
    /// Lists whose name may have changed.
    pub renamed: BTreeSet<ListId>,
    /// How long each touched stretch of a list was before.
    lengths: BTreeMap<(ListId, Period), usize>,
}

impl Invalidation {
    pub fn new(cold: bool, many: bool) -> Self {
        Self {
            cold,
            many,
            touched: BTreeSet::new(),
            ids: Vec::new(),
            paths: Vec::new(),
            renamed: BTreeSet::new(),
            lengths: BTreeMap::new(),
        }
    }

    /// Notes that a name got one more claim, and so has `claims`, in the list for such names.
    pub fn claimed(
        &mut self,
        name: &str,
        claims: usize,
        names: impl Fn(&mut Self) -> &mut Vec<Box<str>>,
    ) {
        if !self.cold || claims == 1 {
            names(self).push(name.into());
        }
    }

    pub fn take_ids(&mut self, claims: &HashMap<Box<str>, Claims>) -> Vec<Box<str>> {
        let ids = std::mem::take(&mut self.ids);
        self.once_each(ids, claims)
    }

    pub fn take_paths(&mut self, claims: &HashMap<Box<str>, Claims>) -> Vec<Box<str>> {
        let paths = std::mem::take(&mut self.paths);
        self.once_each(paths, claims)
    }

    /// Each name once, those that several want in order and last. To sort a million that are nearly all wanted by one
    /// article takes longer than to settle them.
    fn once_each(
        &self,
        mut names: Vec<Box<str>>,
        claims: &HashMap<Box<str>, Claims>,
    ) -> Vec<Box<str>> {
        if !self.cold {
            names.sort_unstable();
            names.dedup();
            return names;
        }
        let (mut alone, mut shared): (Vec<_>, Vec<_>) = names
            .into_iter()
            .partition(|name| claims.get(name).is_none_or(|claims| claims.len() == 1));
        shared.sort_unstable();
        alone.append(&mut shared);
        alone
    }

    pub fn touch_links(&mut self, library: &Library, keys: impl IntoIterator<Item = String>) {
        if self.cold {
            return;
        }
        for linker in library.linkers(keys) {
            // Feeds carry whole bodies, and so the links in them.
            if let Subject::Article(article) = linker {
                let lists = library.lists_of(article).into_iter();
                self.touched
                    .extend(lists.map(|list| Subject::List(list, Period::All)));
            }
            self.touched.insert(linker);
        }
    }

    /// Lets the claims to a path be settled again.
    pub fn contest(&mut self, library: &Library, path: &str) {
        if let Some(claims) = library.path_claims.get(path) {
            self.paths.push(path.into());
            self.touched
                .extend(claims.iter().map(|a| Subject::Article(*a)));
        }
    }

    pub fn touch_neighbours(&mut self, library: &Library, article: ArticleNo) {
        if self.many {
            return;
        }
        let (before, after) = library.neighbours(article);
        self.touched
            .extend(before.into_iter().chain(after).map(Subject::Article));
    }

    pub fn remember_lengths(&mut self, library: &Library, article: ArticleNo) {
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

    /// Adds what follows from lists that crossed the length at which they are cut, or changed their name.
    pub fn finish(mut self, library: &Library) -> BTreeSet<Subject> {
        if self.many {
            // With so many changes at once nearly every list is touched; naming all is cheaper than finding which.
            self.touched.extend(library.subjects());
            return self.touched;
        }
        for ((list, period), before) in &self.lengths {
            let after = library.count(*list, *period);
            if (*before > ONE_PAGE) != (after > ONE_PAGE) {
                let inside = library.within(*list, *period);
                let periods = inside
                    .into_iter()
                    .flat_map(|a| library.period_of(a).upwards());
                self.touched
                    .extend(periods.map(|p| Subject::List(*list, p)));
            }
        }
        for list in &self.renamed {
            self.touched.extend(
                library
                    .periods(*list)
                    .into_iter()
                    .map(|p| Subject::List(*list, p)),
            );
        }
        self.touched
    }
}
