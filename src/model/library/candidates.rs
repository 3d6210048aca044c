//! Assigns ids and paths to articles: of several candidates for one, the article whose file is first by name gets it.

use std::collections::BTreeSet;

use foldhash::HashMap;
use smallvec::SmallVec;

use super::invalidation::Invalidation;
use super::{Dependency, Library, LibraryArticle};
use crate::model::slug::slug;
use crate::model::term::ArticleNo;

/// The candidates for one id or path: usually one article, stored inline.
pub(super) type Candidates = SmallVec<[ArticleNo; 2]>;

impl Library {
    /// Assigns the ids, then the paths, whose candidates changed, and updates the lists of the articles concerned.
    pub(super) fn assign(&mut self, invalidation: &mut Invalidation) {
        let ids = std::mem::take(&mut invalidation.ids);
        for id in invalidation.deduplicated(ids, &self.id_candidates) {
            self.assign_id(id, invalidation);
        }
        let paths = std::mem::take(&mut invalidation.paths);
        for path in invalidation.deduplicated(paths, &self.path_candidates) {
            self.assign_path(path, invalidation);
        }
        if invalidation.many {
            self.sort_lists();
        }
    }

    fn assign_id(&mut self, mut wanted: Box<str>, invalidation: &mut Invalidation) {
        let candidates = self.by_file_name(self.id_candidates.get(&wanted));
        let is_contested = candidates.len() > 1;
        set_member(&mut self.contested_ids, &wanted, is_contested);
        for (rank, article) in candidates.iter().enumerate() {
            let id = match rank {
                0 if !is_contested => std::mem::take(&mut wanted),
                0 => wanted.clone(),
                _ => distinct_id(&wanted, self.file(*article).unwrap_or_default()),
            };
            self.set_id(*article, id, invalidation);
        }
        if is_contested {
            self.id_candidates.insert(wanted, candidates);
        }
    }

    fn assign_path(&mut self, mut wanted: Box<str>, invalidation: &mut Invalidation) {
        let is_taken = self.is_taken(&wanted);
        let candidates = self.by_file_name(self.path_candidates.get(&wanted));
        let is_contested = candidates.len() > usize::from(!is_taken);
        set_member(&mut self.contested_paths, &wanted, is_contested);
        for (rank, article) in candidates.iter().enumerate() {
            let Some(known) = self.known(*article) else {
                continue;
            };
            let path = match rank {
                0 if !is_contested => std::mem::take(&mut wanted),
                0 if !is_taken => wanted.clone(),
                _ => {
                    let path: Box<str> = with_id(&wanted, &known.id).into();
                    self.displaced.insert(path.clone(), *article);
                    path
                }
            };
            self.set_path(*article, path, invalidation);
        }
        if candidates.len() > 1 {
            self.path_candidates.insert(wanted, candidates);
        }
    }

    /// Updates whether a path is contested as an older path; most sites have none.
    pub(super) fn path_changed(&mut self, path: &str) {
        if !self.alias_candidates.is_empty() {
            self.update_contested_alias(path);
        }
    }

    /// Candidates in the order of their files' names.
    fn by_file_name(&self, candidates: Option<&Candidates>) -> Candidates {
        let mut candidates = candidates.cloned().unwrap_or_default();
        candidates.sort_unstable_by(|a, b| self.file(*a).cmp(&self.file(*b)));
        candidates
    }

    /// Whether a path belongs to a hand-written page, a static file or a reserved page, and so to no article.
    pub(super) fn is_taken(&self, path: &str) -> bool {
        self.page_paths.contains_key(path)
            || self.statics.contains_key(path)
            || self.rules.reserved.contains(path)
    }

    /// Sets an article's id, and makes the article a candidate for the path that follows from it.
    fn set_id(&mut self, article: ArticleNo, id: Box<str>, invalidation: &mut Invalidation) {
        let Some(known) = self.known(article).filter(|known| known.id != id) else {
            return;
        };
        let is_new = known.id.is_empty();
        if !is_new {
            self.unlist(article, invalidation);
            let wanted = self.wanted_path(article);
            remove_candidate(&mut self.path_candidates, &wanted, article);
            self.path_changed(&wanted);
            invalidation.paths.push(wanted);
        }
        if let Some(known) = self.articles[article as usize].as_mut() {
            known.id = id;
        }
        let wanted = self.wanted_path(article);
        let candidates = self.path_candidates.entry(wanted.clone()).or_default();
        candidates.push(article);
        invalidation.wants_path(&wanted, candidates.len());
        self.path_changed(&wanted);
        if is_new {
            let aliases = self.details(article).map(|own| own.aliases.clone());
            for alias in aliases.unwrap_or_default() {
                invalidation.changed(self, &Dependency::Path(alias.clone()));
                let candidates = self.alias_candidates.entry(alias.clone()).or_default();
                candidates.push(article);
                self.update_contested_alias(&alias);
            }
        }
    }

    fn wanted_path(&self, article: ArticleNo) -> Box<str> {
        let known = self.known(article);
        known.map(|known| self.path_of(known)).unwrap_or_default()
    }

    /// The path that the permalink pattern gives an article.
    fn path_of(&self, known: &LibraryArticle) -> Box<str> {
        let entry = &known.entry;
        let pattern = &self.rules.permalink;
        pattern.path(entry.date, &entry.slug, &known.id).into()
    }

    /// Removes an article that is no longer in the Library from the candidates for its id, path and aliases.
    pub(super) fn withdraw_candidate(
        &mut self,
        article: ArticleNo,
        known: &LibraryArticle,
        invalidation: &mut Invalidation,
    ) {
        let id = &known.entry.id;
        remove_candidate(&mut self.id_candidates, id, article);
        invalidation.ids.push(id.clone());
        let path = self.path_of(known);
        remove_candidate(&mut self.path_candidates, &path, article);
        self.path_changed(&path);
        invalidation.paths.push(path);
        for alias in &known.entry.own.aliases {
            remove_candidate(&mut self.alias_candidates, alias, article);
            self.update_contested_alias(alias);
            invalidation.changed(self, &Dependency::Path(alias.clone()));
        }
    }
}

/// Adds a name to a set, or removes it.
fn set_member(set: &mut BTreeSet<Box<str>>, name: &str, is_member: bool) {
    if is_member {
        set.insert(name.into());
    } else {
        set.remove(name);
    }
}

fn remove_candidate(
    candidates: &mut HashMap<Box<str>, Candidates>,
    name: &str,
    article: ArticleNo,
) {
    if let Some(all) = candidates.get_mut(name) {
        all.retain(|a| *a != article);
        if all.is_empty() {
            candidates.remove(name);
        }
    }
}

/// An id that another article has, with six hex digits of a digest of this one's file.
fn distinct_id(id: &str, file: &str) -> Box<str> {
    format!("{id}-{}", &blake3::hash(file.as_bytes()).to_hex()[..6]).into()
}

fn with_id(path: &str, id: &str) -> String {
    let id = slug(id).unwrap_or_default();
    match path.strip_suffix(".html") {
        Some(stem) => format!("{stem}-{id}.html"),
        None => format!("{path}-{id}"),
    }
}
