//! Adds articles to lists and removes them: the archive's list, and those of their terms.

use super::invalidation::Invalidation;
use super::{Dependency, Library};
use crate::model::card::Mention;
use crate::model::import_stats::{Facts, ImportStats};
use crate::model::term::{ArticleNo, ListId, Term};

impl Library {
    /// Sets an article's path and adds the article to its lists; does nothing if it already has that path.
    pub(super) fn set_path(
        &mut self,
        article: ArticleNo,
        path: Box<str>,
        invalidation: &mut Invalidation,
    ) {
        let Some(known) = self.known(article).filter(|known| known.path != path) else {
            return;
        };
        if !known.path.is_empty() {
            self.unlist(article, invalidation);
        }
        invalidation.record_origins(self, article);
        if let Some(known) = self.articles[article as usize].as_mut() {
            known.path = path;
        }
        if self.is_listed(article) {
            invalidation.record_lengths(self, article);
            self.count_names(article, true, invalidation);
            self.with_topic += usize::from(self.has_topic(article));
            self.count_import(article, ImportStats::add);
            if !invalidation.many {
                for list in self.lists_of(article) {
                    self.insert_into(list, article);
                }
            }
        }
        // After it was added to its lists, so that its new neighbours are found.
        invalidation.changed(self, &Dependency::Article(article));
    }

    /// Removes an article from its lists, and clears its path.
    pub(super) fn unlist(&mut self, article: ArticleNo, invalidation: &mut Invalidation) {
        // Before it is removed from its lists, so that its old neighbours are found.
        invalidation.changed(self, &Dependency::Article(article));
        invalidation.record_origins(self, article);
        let Some(known) = self.known(article) else {
            return;
        };
        if self.is_listed(article) && !known.path.is_empty() {
            invalidation.record_lengths(self, article);
            if !invalidation.many {
                for list in self.lists_of(article) {
                    self.remove_from(list, article);
                }
            }
            self.count_names(article, false, invalidation);
            self.with_topic -= usize::from(self.has_topic(article));
            self.count_import(article, ImportStats::remove);
        }
        if let Some(known) = self.articles[article as usize].as_mut() {
            let path = std::mem::take(&mut known.path);
            if self.displaced.get(&path) == Some(&article) {
                self.displaced.remove(&path);
            }
        }
    }

    /// Whether an article is in lists: a withdrawn one has a page, but is in no list.
    pub(super) fn is_listed(&self, article: ArticleNo) -> bool {
        let details = self.details(article);
        details.is_some_and(|own| own.withdrawn.is_none())
    }

    fn has_topic(&self, article: ArticleNo) -> bool {
        let known = self.known(article);
        known.is_some_and(|known| !known.topics.is_empty())
    }

    /// Adds an imported article to the statistics, or removes it.
    fn count_import(&mut self, article: ArticleNo, count: fn(&mut ImportStats, &Facts<'_>)) {
        let Self {
            articles,
            import_stats,
            ..
        } = self;
        let known = articles.get(article as usize).and_then(Option::as_ref);
        if let Some(facts) = known.and_then(|known| Facts::of_entry(&known.entry)) {
            count(import_stats, &facts);
        }
    }

    /// The lists of an article: the archive's, and one for each of its terms.
    pub(super) fn lists_of(&self, article: ArticleNo) -> Vec<ListId> {
        let Some(known) = self.known(article) else {
            return Vec::new();
        };
        let mut lists = vec![ListId::Archive];
        lists.extend(known.topics.iter().map(|t| ListId::Topic(*t)));
        lists.extend(known.authors.iter().map(|a| ListId::Author(*a)));
        lists.sort_unstable();
        lists.dedup();
        lists
    }

    /// Counts the names that an article has for its terms. If this changes the name of a term, its pages are invalidated.
    fn count_names(&mut self, article: ArticleNo, add: bool, invalidation: &mut Invalidation) {
        let Self {
            articles,
            topics,
            authors,
            ..
        } = self;
        let Some(known) = articles[article as usize].as_ref() else {
            return;
        };
        let mut renamed = Vec::new();
        let mut count = |list: ListId, term: &mut Term, name: &str| {
            let before = (!invalidation.many).then(|| term.name().to_owned());
            match add {
                true => term.add_name(name),
                false => term.remove_name(name),
            }
            if before.is_some_and(|before| before != term.name()) {
                renamed.push(list);
            }
        };
        for (name, number) in known.entry.authors.iter().zip(&known.authors) {
            let term = &mut authors.terms[*number as usize];
            count(ListId::Author(*number), term, name);
        }
        for (mention, number) in known.entry.topics.iter().zip(&known.topics) {
            if let Mention::Named(name) = mention {
                let term = &mut topics.terms[*number as usize];
                count(ListId::Topic(*number), term, name);
            }
        }
        for list in renamed {
            invalidation.changed(self, &Dependency::Term(list));
        }
    }
}
