//! Keeps lists in order: inserts an article at its position, or sorts all lists.

use super::Library;
use crate::model::term::{ArticleNo, ListId};

impl Library {
    fn articles_mut(&mut self, list: ListId) -> &mut Vec<ArticleNo> {
        match list {
            ListId::Archive => &mut self.order,
            ListId::Topic(number) => &mut self.topics.terms[number as usize].articles,
            ListId::Author(number) => &mut self.authors.terms[number as usize].articles,
        }
    }

    pub(super) fn insert_into(&mut self, list: ListId, article: ArticleNo) {
        let key = self.order_key(article);
        let articles = self.articles(list);
        let at = articles.partition_point(|other| self.order_key(*other) < key);
        self.articles_mut(list).insert(at, article);
    }

    pub(super) fn remove_from(&mut self, list: ListId, article: ArticleNo) {
        let key = self.order_key(article);
        let articles = self.articles(list);
        let found = articles.binary_search_by(|other| self.order_key(*other).cmp(&key));
        if let Some(at) = found.ok().filter(|at| articles[*at] == article) {
            self.articles_mut(list).remove(at);
        }
    }

    /// Sorts all lists again.
    pub(super) fn sort_lists(&mut self) {
        use rayon::slice::ParallelSliceMut as _;
        let numbers = 0..self.articles.len() as ArticleNo;
        let has_path = |a: ArticleNo| self.known(a).is_some_and(|s| !s.path.is_empty());
        let mut order: Vec<ArticleNo> = numbers
            .filter(|a| has_path(*a) && self.is_listed(*a))
            .collect();
        order.par_sort_unstable_by(|a, b| self.order_key(*a).cmp(&self.order_key(*b)));
        let terms = self.topics.terms.iter_mut();
        for term in terms.chain(self.authors.terms.iter_mut()) {
            term.articles.clear();
        }
        for article in &order {
            for list in self.lists_of(*article) {
                if list != ListId::Archive {
                    self.articles_mut(list).push(*article);
                }
            }
        }
        self.order = order;
        self.is_sorted = true;
    }
}
