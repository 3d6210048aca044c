//! Who gets an id or a path that articles want: of several candidates the one whose file comes first by name.

use std::collections::BTreeSet;

use foldhash::HashMap;
use smallvec::SmallVec;

use super::invalidation::Invalidation;
use super::{Dependency, Library, LibraryArticle};
use crate::model::slug::slug;
use crate::model::term::ArticleNo;

/// Articles that want one thing: usually one, stored inline.
pub(super) type Candidates = SmallVec<[ArticleNo; 2]>;

impl Library {
    /// Settles ids, then paths, whose candidates changed, and lists the articles that got another.
    pub(super) fn settle(&mut self, round: &mut Invalidation) {
        for id in round.take_ids(&self.id_candidates) {
            self.settle_id(id, round);
        }
        for path in round.take_paths(&self.path_candidates) {
            self.settle_path(path, round);
        }
        if round.many {
            self.sort_lists();
        }
    }

    fn settle_id(&mut self, wanted: Box<str>, round: &mut Invalidation) {
        let candidates = self.id_candidates.get(&wanted);
        if let Some([only]) = candidates.map(|all| all.as_slice()) {
            let only = *only;
            self.contested_ids.remove(&wanted);
            return self.set_id(only, wanted, round);
        }
        let Some(mut candidates) = self.id_candidates.remove(&wanted) else {
            self.contested_ids.remove(&wanted);
            return;
        };
        candidates.sort_unstable_by(|a, b| self.file(*a).cmp(&self.file(*b)));
        for (rank, article) in candidates.iter().enumerate() {
            let id = match rank {
                0 => wanted.clone(),
                _ => distinct_id(&wanted, self.file(*article).unwrap_or_default()),
            };
            self.set_id(*article, id, round);
        }
        set_member(&mut self.contested_ids, &wanted, candidates.len() > 1);
        self.id_candidates.insert(wanted, candidates);
    }

    fn settle_path(&mut self, wanted: Box<str>, round: &mut Invalidation) {
        let is_taken = self.is_taken(&wanted);
        let candidates = self.path_candidates.get(&wanted);
        if let Some([only]) = candidates.map(|all| all.as_slice())
            && !is_taken
        {
            let only = *only;
            self.contested_paths.remove(&wanted);
            return self.set_path(only, wanted, round);
        }
        let Some(mut candidates) = self.path_candidates.remove(&wanted) else {
            self.contested_paths.remove(&wanted);
            return;
        };
        candidates.sort_unstable_by(|a, b| self.file(*a).cmp(&self.file(*b)));
        for (rank, article) in candidates.iter().enumerate() {
            let Some(known) = self.known(*article) else {
                continue;
            };
            let path: Box<str> = match rank == 0 && !is_taken {
                true => wanted.clone(),
                false => with_id(&wanted, &known.id).into(),
            };
            if path != wanted {
                self.displaced.insert(path.clone(), *article);
            }
            self.set_path(*article, path, round);
        }
        let is_contested = candidates.len() > usize::from(!is_taken);
        set_member(&mut self.contested_paths, &wanted, is_contested);
        self.path_candidates.insert(wanted, candidates);
    }

    /// Whether a path belongs to something that no article may displace.
    pub(super) fn is_taken(&self, path: &str) -> bool {
        self.page_paths.contains_key(path)
            || self.statics.contains_key(path)
            || self.rules.reserved.contains(path)
    }

    /// Gives an article its id, which may change the path that it wants.
    fn set_id(&mut self, article: ArticleNo, id: Box<str>, round: &mut Invalidation) {
        let Some(known) = self.known(article).filter(|known| known.id != id) else {
            return;
        };
        let is_new = known.id.is_empty();
        if !is_new {
            self.unlist(article, round);
            let wanted = self.wanted_path(article);
            remove_candidate(&mut self.path_candidates, &wanted, article);
            round.paths.push(wanted);
        }
        if let Some(known) = self.articles[article as usize].as_mut() {
            known.id = id;
        }
        let wanted = self.wanted_path(article);
        let candidates = self.path_candidates.entry(wanted.clone()).or_default();
        candidates.push(article);
        round.wants_path(&wanted, candidates.len());
        if is_new {
            let aliases = self.details(article).map(|own| own.aliases.clone());
            for alias in aliases.unwrap_or_default() {
                round.changed(self, &Dependency::Path(alias.clone()));
                self.alias_candidates
                    .entry(alias)
                    .or_default()
                    .push(article);
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

    /// Takes an article that is no longer in the Library out of everything that it was a candidate for.
    pub(super) fn withdraw_candidate(
        &mut self,
        article: ArticleNo,
        known: &LibraryArticle,
        round: &mut Invalidation,
    ) {
        let id = &known.entry.id;
        remove_candidate(&mut self.id_candidates, id, article);
        round.ids.push(id.clone());
        let path = self.path_of(known);
        remove_candidate(&mut self.path_candidates, &path, article);
        round.paths.push(path);
        for alias in &known.entry.own.aliases {
            remove_candidate(&mut self.alias_candidates, alias, article);
            round.changed(self, &Dependency::Path(alias.clone()));
        }
    }
}

/// Makes a name a member of a set, or not.
fn set_member(set: &mut BTreeSet<Box<str>>, name: &str, is_in: bool) {
    if is_in {
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
