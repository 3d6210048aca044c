//! Which article came from a place, and which texts link to that place.
//!
//! An index of every link would take more memory than all Cards: a crawled website has ten for each article. So texts keep what they
//! name as sorted numbers, and are gone through when an origin leads somewhere else than before, which an edit never causes.

use std::collections::BTreeSet;

use foldhash::HashMap;

use super::Library;
use super::candidates::Candidates;
use crate::model::card::ArticleDetails;
use crate::model::origin::Origin;
use crate::model::period::Period;
use crate::model::subject::Subject;
use crate::model::term::{ArticleNo, ListId};

/// Articles by the places that they came from; empty until a text names such a place.
#[derive(Debug, Default)]
pub(super) struct OriginIndex {
    /// Whether any text names an origin.
    is_needed: bool,
    /// Sorted. Articles that were removed stay in it, and are passed over.
    first: Option<Vec<(Origin, ArticleNo)>>,
    /// Articles that were added later.
    later: HashMap<Origin, Candidates>,
}

impl Library {
    /// The article that came from a place; of several the first by file. A file of several records leads nowhere.
    pub(super) fn holder(&self, origin: Origin) -> Option<ArticleNo> {
        let first = self.origins.first.as_deref().unwrap_or_default();
        let from = first.partition_point(|(other, _)| *other < origin);
        let first = first[from..]
            .iter()
            .take_while(|(other, _)| *other == origin);
        let later = self.origins.later.get(&origin).into_iter().flatten();
        let all = first.map(|(_, article)| *article).chain(later.copied());
        let mut holders = all.filter(|article| {
            self.known(*article)
                .is_some_and(|known| !known.path.is_empty())
        });
        let holder = holders.next()?;
        match origin.is_raw() {
            true => holders.all(|other| other == holder).then_some(holder),
            false => std::iter::once(holder)
                .chain(holders)
                .min_by_key(|article| self.file(*article)),
        }
    }

    /// Records what the text of a new article or page names, and where the article came from.
    pub(super) fn add_origins(&mut self, details: &ArticleDetails) {
        let linked = details.origins.as_ref().map(|origins| origins.linked.len());
        self.origins.is_needed |= linked > Some(0);
    }

    /// As [`Library::add_origins`], for an article that is in the Library.
    pub(super) fn index_origins(&mut self, article: ArticleNo) {
        if self.origins.first.is_some() {
            for origin in self.origins_of(article) {
                self.origins.later.entry(origin).or_default().push(article);
            }
        }
    }

    /// Builds the index, if it is needed for the first time.
    pub(super) fn complete_origins(&mut self) {
        if !self.origins.is_needed || self.origins.first.is_some() {
            return;
        }
        let articles = 0..self.articles.len() as ArticleNo;
        let mut all: Vec<(Origin, ArticleNo)> = articles
            .flat_map(|article| {
                self.origins_of(article)
                    .into_iter()
                    .map(move |origin| (origin, article))
            })
            .collect();
        all.sort_unstable();
        self.origins.first = Some(all);
    }

    /// The places that an article came from.
    pub(super) fn origins_of(&self, article: ArticleNo) -> Vec<Origin> {
        let Some(own) = self.details(article) else {
            return Vec::new();
        };
        let addresses = own
            .origins
            .iter()
            .flat_map(|origins| origins.addresses.iter().copied());
        let file = own.raw.as_ref().and_then(|raw| raw.file());
        addresses
            .chain(file.map(|file| Origin::of_raw(&file)))
            .collect()
    }

    /// The path to which a link to an origin leads.
    pub(super) fn origin_path(&self, origin: Origin) -> Option<Box<str>> {
        let holder = self.holder(origin)?;
        self.known(holder).map(|known| known.path.clone())
    }

    /// Whether any text names an origin.
    pub(super) fn names_origins(&self) -> bool {
        self.origins.first.is_some()
    }

    /// Adds the subjects whose text names one of `origins`, with the lists whose feeds show it.
    pub(super) fn add_naming(&self, origins: &[Origin], to: &mut BTreeSet<Subject>) {
        let names = |own: &ArticleDetails| {
            let linked = own
                .origins
                .as_ref()
                .map_or(&[][..], |origins| &origins.linked);
            !linked.is_empty()
                && origins
                    .iter()
                    .any(|origin| linked.binary_search(origin).is_ok())
        };
        for (article, known) in self.articles.iter().enumerate() {
            if known.as_ref().is_some_and(|known| names(&known.entry.own)) {
                let article = article as ArticleNo;
                let lists = self.lists_of(article).into_iter();
                to.extend(lists.map(|list: ListId| Subject::List(list, Period::All)));
                to.insert(Subject::Article(article));
            }
        }
        let pages = self.pages.values().filter(|page| names(&page.own));
        to.extend(pages.map(|page| Subject::Content(page.file.clone())));
    }
}
