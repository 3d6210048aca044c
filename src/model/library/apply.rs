//! Applies changes: the only way in which anything is added to the Library or removed from it.
//!
//! `apply` returns the subjects whose pages may differ. It may return too many, never too few; fingerprints decide which pages
//! are rendered.

use std::collections::BTreeSet;

use foldhash::{HashSet, HashSetExt as _};

use super::invalidation::Invalidation;
use super::{Dependency, Library, LibraryArticle};
use crate::model::card::{ArticleEntry, Mention, StandalonePage};
use crate::model::stamp::Stamp;
use crate::model::subject::{StaticSource, Subject};
use crate::model::term::{ArticleNo, ListId, TermNo};

/// The new state of a file of the site.
#[derive(Debug, Clone)]
pub struct Change {
    /// Below `content/`; for a static file, its path below the site's root.
    pub file: Box<str>,
    pub now: FileState,
}

impl Change {
    pub fn is_static(&self) -> bool {
        matches!(self.now, FileState::Static(_) | FileState::StaticRemoved)
    }
}

/// What a file contains now.
#[derive(Debug, Clone)]
pub enum FileState {
    Article(Box<ArticleEntry>),
    Page(Box<StandalonePage>),
    /// A file of `content/` that is not Markdown.
    File(Stamp),
    Static(StaticSource),
    /// A file of `content/` was removed.
    Removed,
    /// A static file was removed.
    StaticRemoved,
}

/// Above this many changes at once, lists are sorted again instead of being updated; the result is the same.
const MANY: usize = 256;

impl Library {
    /// Applies changes, of several changes of one file the last, and returns every subject whose pages may differ from before.
    pub fn apply(&mut self, changes: Vec<Change>) -> BTreeSet<Subject> {
        let cold = self.is_empty() && self.pages.is_empty();
        let invalidation = self.apply_all(changes, cold);
        match cold {
            true => self.subjects(),
            false => invalidation.finish(self),
        }
    }

    /// As [`Library::apply`] on an empty Library, without computing the subjects.
    pub fn fill(&mut self, changes: Vec<Change>) {
        self.apply_all(changes, true);
    }

    fn apply_all(&mut self, changes: Vec<Change>, cold: bool) -> Invalidation {
        self.removed.clear();
        let mut invalidation = Invalidation::new(cold, changes.len() > MANY);
        self.is_sorted = !invalidation.many;
        let mut new_articles: Vec<Box<ArticleEntry>> = Vec::new();
        for change in latest(changes) {
            self.remove_file(&change, &mut invalidation);
            match change.now {
                FileState::Article(entry) => new_articles.push(entry),
                FileState::Page(page) => self.add_page(*page, &mut invalidation),
                FileState::File(stamp) => {
                    self.files.insert(change.file, stamp);
                }
                FileState::Static(source) => {
                    self.statics.insert(change.file.clone(), source);
                    self.path_changed(&change.file);
                }
                FileState::Removed | FileState::StaticRemoved => {}
            }
        }
        self.articles.reserve(new_articles.len());
        self.by_file.reserve(new_articles.len());
        self.id_candidates.reserve(new_articles.len());
        self.path_candidates.reserve(new_articles.len());
        for entry in new_articles {
            self.add_article(*entry, &mut invalidation);
        }
        self.complete_origins();
        self.assign(&mut invalidation);
        invalidation
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

    /// Removes what a changed file contained before.
    fn remove_file(&mut self, change: &Change, invalidation: &mut Invalidation) {
        let file = &change.file;
        if change.is_static() {
            invalidation.changed(self, &Dependency::Static(file.clone()));
            invalidation.changed(self, &Dependency::Path(file.clone()));
            self.statics.remove(file);
            self.path_changed(file);
            return;
        }
        if invalidation.cold {
            return;
        }
        invalidation.changed(self, &Dependency::File(file.clone()));
        if self.files.remove(file).is_some() {
            return;
        }
        if self.pages.contains_key(file) {
            self.remove_page(file, invalidation);
        }
        if let Some(article) = self.by_file.remove(file) {
            self.unlist(article, invalidation);
            self.unregister_links(&Subject::Article(article));
            if let Some(known) = self.articles[article as usize].take() {
                self.withdraw_candidate(article, &known, invalidation);
                self.removed.insert(article, file.clone());
            }
        }
    }

    fn add_page(&mut self, page: StandalonePage, invalidation: &mut Invalidation) {
        let file = page.file.clone();
        self.page_paths.insert(page.path().into(), file.clone());
        for alias in &page.own.aliases {
            let files = self.page_aliases.entry(alias.clone()).or_default();
            files.insert(file.clone());
            self.path_changed(alias);
        }
        self.path_changed(&page.path());
        self.add_origins(&page.own);
        self.pages.insert(file.clone(), page);
        self.register_links(&Subject::Content(file.clone()));
        self.page_changed(&file, invalidation);
    }

    fn remove_page(&mut self, file: &str, invalidation: &mut Invalidation) {
        self.page_changed(file, invalidation);
        self.unregister_links(&Subject::Content(file.into()));
        let Some(page) = self.pages.remove(file) else {
            return;
        };
        self.page_paths.remove(page.path().as_str());
        self.path_changed(&page.path());
        for alias in &page.own.aliases {
            if let Some(files) = self.page_aliases.get_mut(alias) {
                files.remove(file);
                if files.is_empty() {
                    self.page_aliases.remove(alias);
                }
            }
            self.path_changed(alias);
        }
    }

    /// Records that a hand-written page, which is in the Library, is added or removed.
    fn page_changed(&self, file: &str, invalidation: &mut Invalidation) {
        let Some(page) = self.pages.get(file) else {
            return;
        };
        invalidation.changed(self, &Dependency::File(file.into()));
        invalidation.changed(self, &Dependency::Page(file.into()));
        invalidation.changed(self, &Dependency::Path(page.path().into()));
        for alias in &page.own.aliases {
            invalidation.changed(self, &Dependency::Path(alias.clone()));
        }
    }

    /// Adds an article as a candidate for its id; `assign` gives it its id and path.
    fn add_article(&mut self, entry: ArticleEntry, invalidation: &mut Invalidation) {
        let article = self.articles.len() as ArticleNo;
        self.add_origins(&entry.own);
        self.by_file.insert(entry.file.clone(), article);
        let candidates = self.id_candidates.entry(entry.id.clone()).or_default();
        candidates.push(article);
        invalidation.wants_id(&entry.id, candidates.len());
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
        self.index_origins(article);
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
    let latest_first = changes.iter().rev();
    let mut is_last: Vec<bool> = latest_first
        .map(|change| seen.insert((&*change.file, change.is_static())))
        .collect();
    let all = changes.into_iter();
    all.filter(move |_| is_last.pop().unwrap_or(true))
}
