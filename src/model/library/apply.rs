//! Taking changes in: the one way by which anything enters or leaves the Library.
//!
//! `apply` answers with the subjects whose pages may differ. It may name too many, never too few;
//! a page's fingerprint has the last word.

use std::collections::BTreeSet;

use foldhash::{HashSet, HashSetExt as _};

use super::invalidation::Invalidation;
use super::{Dependency, Library, LibraryArticle};
use crate::model::card::{Entry, Mention, StandalonePage};
use crate::model::stamp::Stamp;
use crate::model::subject::{StaticSource, Subject};
use crate::model::term::{ArticleNo, ListId, TermNo};

/// What a file of the site now holds, or that it was removed.
#[derive(Debug, Clone)]
pub struct Change {
    /// Below `content/`; for a static file, its path below the site's root.
    pub file: Box<str>,
    pub now: Found,
}

impl Change {
    pub fn is_static(&self) -> bool {
        matches!(self.now, Found::Static(_) | Found::StaticRemoved)
    }
}

/// What a file holds now.
#[derive(Debug, Clone)]
pub enum Found {
    Article(Box<Entry>),
    Page(Box<StandalonePage>),
    /// A file of `content/` that is not Markdown.
    File(Stamp),
    Static(StaticSource),
    /// Nothing: a file of `content/` was removed.
    Removed,
    /// Nothing: a static file was removed.
    StaticRemoved,
}

/// Above this many changes at once, lists are sorted again instead of being kept in order; the result is the same.
const MANY: usize = 256;

impl Library {
    /// Takes changes in, of several changes of one file the last, and gives every subject whose pages may differ from before.
    pub fn apply(&mut self, changes: Vec<Change>) -> BTreeSet<Subject> {
        let cold = self.is_empty() && self.pages.is_empty();
        let round = self.take_in(changes, cold);
        match cold {
            true => self.subjects(),
            false => round.finish(self),
        }
    }

    /// As [`Library::apply`] on an empty Library, where nobody asks what that invalidates.
    pub fn fill(&mut self, changes: Vec<Change>) {
        self.take_in(changes, true);
    }

    fn take_in(&mut self, changes: Vec<Change>, cold: bool) -> Invalidation {
        self.removed.clear();
        let mut round = Invalidation::new(cold, changes.len() > MANY);
        self.is_sorted = !round.many;
        let mut arrivals: Vec<Box<Entry>> = Vec::new();
        for change in latest(changes) {
            self.take_out(&change, &mut round);
            match change.now {
                Found::Article(entry) => arrivals.push(entry),
                Found::Page(page) => self.add_page(*page, &mut round),
                Found::File(stamp) => {
                    self.files.insert(change.file, stamp);
                }
                Found::Static(source) => {
                    self.statics.insert(change.file, source);
                }
                Found::Removed | Found::StaticRemoved => {}
            }
        }
        self.articles.reserve(arrivals.len());
        self.by_file.reserve(arrivals.len());
        self.id_candidates.reserve(arrivals.len());
        self.path_candidates.reserve(arrivals.len());
        for entry in arrivals {
            self.add_article(*entry, &mut round);
        }
        self.settle(&mut round);
        round
    }

    /// Every subject that has, or may have, a page.
    pub fn subjects(&self) -> BTreeSet<Subject> {
        let numbered = self.articles.iter().enumerate();
        let numbered = numbered.filter(|(_, article)| article.is_some());
        let mut subjects: BTreeSet<Subject> = numbered
            .map(|(no, _)| Subject::Article(no as ArticleNo))
            .collect();
        subjects.insert(Subject::Site);
        let topics = self.topics().into_iter().map(|(no, _)| ListId::Topic(no));
        let authors = self.authors().into_iter().map(|(no, _)| ListId::Author(no));
        for list in std::iter::once(ListId::Archive)
            .chain(topics)
            .chain(authors)
        {
            let periods = self.periods(list).into_iter();
            subjects.extend(periods.map(|period| Subject::List(list, period)));
        }
        subjects.extend(self.pages.keys().cloned().map(Subject::Content));
        subjects.extend(self.statics.keys().cloned().map(Subject::Static));
        subjects
    }

    /// Takes what a changed file held until now out of the Library.
    fn take_out(&mut self, change: &Change, round: &mut Invalidation) {
        let file = &change.file;
        if change.is_static() {
            round.changed(self, &Dependency::Static(file.clone()));
            round.changed(self, &Dependency::Path(file.clone()));
            self.statics.remove(file);
            return;
        }
        if round.cold {
            return;
        }
        round.changed(self, &Dependency::File(file.clone()));
        if self.files.remove(file).is_some() {
            return;
        }
        if self.pages.contains_key(file) {
            self.remove_page(file, round);
        }
        if let Some(article) = self.by_file.remove(file) {
            self.unlist(article, round);
            self.unregister_links(&Subject::Article(article));
            if let Some(known) = self.articles[article as usize].take() {
                self.withdraw_candidate(article, &known, round);
                self.removed.insert(article, file.clone());
            }
        }
    }

    fn add_page(&mut self, page: StandalonePage, round: &mut Invalidation) {
        let file = page.file.clone();
        self.page_paths.insert(page.path().into(), file.clone());
        for alias in &page.own.aliases {
            let files = self.page_aliases.entry(alias.clone()).or_default();
            files.insert(file.clone());
        }
        self.pages.insert(file.clone(), page);
        self.register_links(&Subject::Content(file.clone()));
        self.page_changed(&file, round);
    }

    fn remove_page(&mut self, file: &str, round: &mut Invalidation) {
        self.page_changed(file, round);
        self.unregister_links(&Subject::Content(file.into()));
        let Some(page) = self.pages.remove(file) else {
            return;
        };
        self.page_paths.remove(page.path().as_str());
        for alias in &page.own.aliases {
            if let Some(files) = self.page_aliases.get_mut(alias) {
                files.remove(file);
                if files.is_empty() {
                    self.page_aliases.remove(alias);
                }
            }
        }
    }

    /// Records that a hand-written page, which is in the Library, appears or vanishes.
    fn page_changed(&self, file: &str, round: &mut Invalidation) {
        let Some(page) = self.pages.get(file) else {
            return;
        };
        round.changed(self, &Dependency::File(file.into()));
        round.changed(self, &Dependency::Page(file.into()));
        round.changed(self, &Dependency::Path(page.path().into()));
        for alias in &page.own.aliases {
            round.changed(self, &Dependency::Path(alias.clone()));
        }
    }

    /// Gives an article its number and makes it a candidate for its id; `settle` does the rest.
    fn add_article(&mut self, entry: Entry, round: &mut Invalidation) {
        let article = self.articles.len() as ArticleNo;
        self.by_file.insert(entry.file.clone(), article);
        let candidates = self.id_candidates.entry(entry.id.clone()).or_default();
        candidates.push(article);
        round.wants_id(&entry.id, candidates.len());
        let instant = entry.date.map_or(i64::MIN, |d| d.instant(self.rules.zone));
        let topics = entry.topics.iter().map(|m| self.topic_number(m)).collect();
        let authors = entry.authors.iter();
        let authors = authors
            .map(|name| self.authors.number_of_name(name))
            .collect();
        self.articles.push(Some(LibraryArticle {
            entry,
            id: "".into(),
            path: "".into(),
            instant,
            topics,
            authors,
        }));
        self.register_links(&Subject::Article(article));
    }

    fn topic_number(&mut self, mention: &Mention) -> TermNo {
        match mention {
            Mention::Defined(number, _) => *number,
            Mention::Named(name) => self.topics.number_of_name(name),
        }
    }
}

/// Of several changes of a file, the last.
fn latest(changes: Vec<Change>) -> impl Iterator<Item = Change> {
    let mut seen = HashSet::with_capacity(changes.len());
    let newest_first = changes.iter().rev();
    let mut is_last: Vec<bool> = newest_first
        .map(|change| seen.insert((&*change.file, change.is_static())))
        .collect();
    let all = changes.into_iter();
    all.filter(move |_| is_last.pop().unwrap_or(true))
}
