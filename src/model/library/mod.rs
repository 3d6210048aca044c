//! The Library: every article's Card, every term, and the order among them. No bodies.
//! Knows which page is at which path; never knows how a page looks or where files are on disk.

mod apply;
mod candidates;
mod conflicts;
mod dependency;
mod dependents;
mod invalidation;
mod links;
mod lists;
mod membership;
mod origins;
mod permalink;
mod sorted;

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use foldhash::{HashMap, HashMapExt as _};

pub use apply::{Change, FileState};
pub use conflicts::{Conflict, Wanted};
pub use dependency::Dependency;
pub use links::{InternalLink, dependencies, fragment, origins};
pub use lists::ListView;
pub use permalink::{Permalink, alias_path};

use self::candidates::Candidates;
use self::dependents::Dependents;
use self::origins::OriginIndex;
use super::card::{ArticleDetails, ArticleEntry, Card, StandalonePage};
use super::subject::{StaticSource, Subject};
use super::term::{ArticleNo, DefinedTopic, ListId, Term, TermNo, id_of};
use crate::model::import_stats::ImportStats;
use crate::model::stamp::Stamp;

/// The settings that decide the order and the paths of articles.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The zone of dates without an offset.
    pub zone: Tz,
    pub permalink: Permalink,
    /// Whether the archive has a page for each day.
    pub day_pages: bool,
    /// The topics that a person defined, in the order of `topics.toml`.
    pub topics: Vec<DefinedTopic>,
    /// Paths of the site's own pages, which no article may have.
    pub reserved: BTreeSet<String>,
}

/// Everything that pages are made from, except bodies.
#[derive(Debug)]
pub struct Library {
    rules: Rules,
    /// By number; `None` if the article was removed.
    articles: Vec<Option<LibraryArticle>>,
    by_file: HashMap<Box<str>, ArticleNo>,
    /// The candidates for each id: the one whose file is first by name gets it.
    id_candidates: HashMap<Box<str>, Candidates>,
    /// The candidates for each path, as above; none gets it if a hand-written page or a static file has it.
    path_candidates: HashMap<Box<str>, Candidates>,
    /// The candidates for a redirect at each path.
    alias_candidates: HashMap<Box<str>, Candidates>,
    /// Aliases of which an article has no redirect, because another has it, or a page has the path.
    contested_aliases: BTreeSet<Box<str>>,
    /// Articles that did not get their path, by the path that they have.
    displaced: HashMap<Box<str>, ArticleNo>,
    /// Ids and paths with several candidates.
    contested_ids: BTreeSet<Box<str>>,
    contested_paths: BTreeSet<Box<str>>,
    /// How many listed articles have a topic.
    with_topic: usize,
    /// Statistics of listed articles that were imported.
    import_stats: ImportStats,
    /// The files of articles that the last changes removed.
    removed: HashMap<ArticleNo, Box<str>>,
    pages: BTreeMap<Box<str>, StandalonePage>,
    /// Hand-written pages by path.
    page_paths: HashMap<Box<str>, Box<str>>,
    /// Hand-written pages by each older path that they have.
    page_aliases: HashMap<Box<str>, BTreeSet<Box<str>>>,
    /// Files of `content/` that are not Markdown, below it.
    files: BTreeMap<Box<str>, Stamp>,
    statics: BTreeMap<Box<str>, StaticSource>,
    /// Listed articles, by instant and then id; undated ones first, so that newest first puts them last.
    order: Vec<ArticleNo>,
    /// Whether all lists are in order; they are not while many changes are applied.
    is_sorted: bool,
    topics: Terms,
    authors: Terms,
    dependents: Dependents,
    origins: OriginIndex,
}

/// An article with everything that the Library assigned to it.
#[derive(Debug)]
struct LibraryArticle {
    entry: ArticleEntry,
    id: Box<str>,
    path: Box<str>,
    instant: i64,
    topics: Box<[TermNo]>,
    authors: Box<[TermNo]>,
}

/// A taxonomy: its terms by number and by id.
#[derive(Debug, Default)]
struct Terms {
    terms: Vec<Term>,
    by_id: HashMap<Box<str>, TermNo>,
    /// By every name that an article ever had, as computing an id from a name takes long.
    by_name: HashMap<Box<str>, TermNo>,
}

impl Terms {
    /// The term of this name; it is added if there is none.
    fn number_of_name(&mut self, name: &str) -> TermNo {
        if let Some(number) = self.by_name.get(name) {
            return *number;
        }
        let id = id_of(name);
        let known = self.by_id.get(id.as_str()).copied();
        let number = known.unwrap_or_else(|| self.push(Term::new(&id)));
        self.by_name.insert(name.into(), number);
        number
    }

    fn push(&mut self, term: Term) -> TermNo {
        let number = self.terms.len() as TermNo;
        self.by_id.insert(term.id.clone(), number);
        self.terms.push(term);
        number
    }
}

/// The name of the article of a file; see [`Library::name_of`].
pub fn article_name(file: &str) -> String {
    format!("article:{file}")
}

/// The name of the hand-written page of a file; see [`Library::name_of`].
pub fn content_name(file: &str) -> String {
    format!("content:{file}")
}

impl Library {
    /// A Library without articles.
    pub fn new(rules: Rules) -> Self {
        let mut topics = Terms::default();
        for topic in &rules.topics {
            topics.push(Term::defined(topic));
        }
        for (number, topic) in (0..).zip(&rules.topics) {
            let related = [topic.parent, topic.merged_into];
            let [parent, target] = related.map(|related| related.map(|number| number as usize));
            if let Some(parent) = parent.and_then(|parent| topics.terms.get_mut(parent)) {
                parent.narrower.push(number);
            }
            if let Some(target) = target.and_then(|target| topics.terms.get_mut(target)) {
                target.merged.push(number);
            }
        }
        Self {
            rules,
            articles: Vec::new(),
            by_file: HashMap::new(),
            id_candidates: HashMap::new(),
            path_candidates: HashMap::new(),
            alias_candidates: HashMap::new(),
            contested_aliases: BTreeSet::new(),
            displaced: HashMap::new(),
            contested_ids: BTreeSet::new(),
            contested_paths: BTreeSet::new(),
            with_topic: 0,
            import_stats: ImportStats::default(),
            removed: HashMap::new(),
            pages: BTreeMap::new(),
            page_paths: HashMap::new(),
            page_aliases: HashMap::new(),
            files: BTreeMap::new(),
            statics: BTreeMap::new(),
            order: Vec::new(),
            is_sorted: true,
            topics,
            authors: Terms::default(),
            dependents: Dependents::default(),
            origins: OriginIndex::default(),
        }
    }

    pub fn zone(&self) -> Tz {
        self.rules.zone
    }

    fn known(&self, article: ArticleNo) -> Option<&LibraryArticle> {
        self.articles.get(article as usize)?.as_ref()
    }

    /// The article's card; `None` if it was removed.
    pub fn card(&self, article: ArticleNo) -> Option<Card<'_>> {
        self.known(article).map(|s| Card {
            id: &s.id,
            title: &s.entry.title,
            path: &s.path,
            date: s.entry.date,
            summary: &s.entry.summary,
            place: s.entry.place.as_deref(),
            source: s.entry.source.as_deref(),
            authors: &s.authors,
            topics: &s.topics,
        })
    }

    /// What only the article's own page shows.
    pub fn details(&self, article: ArticleNo) -> Option<&ArticleDetails> {
        self.known(article).map(|s| &s.entry.own)
    }

    /// The article's file, below `content/`.
    pub fn file(&self, article: ArticleNo) -> Option<&str> {
        self.known(article).map(|s| &*s.entry.file)
    }

    /// The names of the article's authors and the numbers of their terms.
    pub fn authors_of(&self, article: ArticleNo) -> impl Iterator<Item = (&str, TermNo)> {
        self.known(article).into_iter().flat_map(|s| {
            s.entry
                .authors
                .iter()
                .map(|name| &**name)
                .zip(s.authors.iter().copied())
        })
    }

    /// The article's topics under the names that it has for them, strongest first, with the strength if the text was matched.
    pub fn topics_of(
        &self,
        article: ArticleNo,
    ) -> impl Iterator<Item = (&str, TermNo, Option<u32>)> {
        use super::card::Mention;
        self.known(article)
            .into_iter()
            .flat_map(|s| s.entry.topics.iter().zip(s.topics.iter().copied()))
            .map(|(mention, number)| match mention {
                Mention::Defined(_, strength) => (self.topic(number).name(), number, *strength),
                Mention::Named(name) => (&**name, number, None),
            })
    }

    /// The previous and next article in the order of the archive; none while many changes are applied.
    pub fn neighbours(&self, article: ArticleNo) -> (Option<ArticleNo>, Option<ArticleNo>) {
        let position = self.is_sorted.then(|| self.position(article)).flatten();
        let Some(at) = position else {
            return (None, None);
        };
        (
            at.checked_sub(1).map(|i| self.order[i]),
            self.order.get(at + 1).copied(),
        )
    }

    /// The position of a listed article in the order.
    fn position(&self, article: ArticleNo) -> Option<usize> {
        let key = self.order_key(article)?;
        self.order
            .binary_search_by(|other| self.order_key(*other).cmp(&Some(key)))
            .ok()
    }

    fn order_key(&self, article: ArticleNo) -> Option<(i64, &str)> {
        self.known(article).map(|s| (s.instant, &*s.id))
    }

    pub fn topic(&self, number: TermNo) -> &Term {
        &self.topics.terms[number as usize]
    }

    pub fn author(&self, number: TermNo) -> &Term {
        &self.authors.terms[number as usize]
    }

    /// Topics that have articles, by id.
    pub fn topics(&self) -> Vec<(TermNo, &Term)> {
        shown(&self.topics)
    }

    /// Authors that have articles, by id.
    pub fn authors(&self) -> Vec<(TermNo, &Term)> {
        shown(&self.authors)
    }

    /// The articles of a list, oldest first.
    pub fn articles(&self, list: ListId) -> &[ArticleNo] {
        match list {
            ListId::Archive => &self.order,
            ListId::Topic(number) => &self.topic(number).articles,
            ListId::Author(number) => &self.author(number).articles,
        }
    }

    pub fn page(&self, file: &str) -> Option<&StandalonePage> {
        self.pages.get(file)
    }

    /// Hand-written pages, by file.
    pub fn pages(&self) -> impl Iterator<Item = &StandalonePage> {
        self.pages.values()
    }

    /// The older paths that redirect to this article.
    pub fn aliases_of(&self, article: ArticleNo) -> Vec<String> {
        let aliases = self.details(article).map(|own| &own.aliases);
        let aliases = aliases.into_iter().flatten();
        let held = aliases.filter(|alias| self.alias_holder(alias) == Some(article));
        held.map(ToString::to_string).collect()
    }

    /// The article whose older path this is: of several the first by file; `None` if the path has a page now.
    pub fn alias_holder(&self, path: &str) -> Option<ArticleNo> {
        let candidates = self.alias_candidates.get(path)?;
        let is_free = !self.is_taken(path) && !self.path_candidates.contains_key(path);
        let first = candidates.iter().min_by_key(|a| self.file(**a));
        first.copied().filter(|_| is_free)
    }

    /// The article whose page is at a path.
    pub fn article_at(&self, path: &str) -> Option<ArticleNo> {
        let is_there = |a: &ArticleNo| self.known(*a).is_some_and(|s| &*s.path == path);
        let candidates = self.path_candidates.get(path).into_iter().flatten();
        let displaced = self.displaced.get(path);
        candidates.chain(displaced).copied().find(is_there)
    }

    /// The hand-written page at a path.
    pub fn page_at(&self, path: &str) -> Option<&StandalonePage> {
        self.page(self.page_paths.get(path)?)
    }

    /// The hand-written page that has an older path: of several the first by file.
    pub fn page_with_alias(&self, path: &str) -> Option<&StandalonePage> {
        self.page(self.page_aliases.get(path)?.first()?)
    }

    /// The name of a subject, the same in every run; also of one that the last changes removed.
    pub fn name_of(&self, subject: &Subject) -> String {
        match subject {
            Subject::Site => "site".to_owned(),
            Subject::Article(article) => {
                let removed = || self.removed.get(article).map(|file| &**file);
                let file = self.file(*article).or_else(removed);
                article_name(file.unwrap_or_default())
            }
            Subject::List(ListId::Archive, period) => format!("archive:{}", period.folder()),
            Subject::List(ListId::Topic(topic), period) => {
                format!("topic:{}:{}", self.topic(*topic).id, period.folder())
            }
            Subject::List(ListId::Author(author), period) => {
                format!("author:{}:{}", self.author(*author).id, period.folder())
            }
            Subject::Content(file) => content_name(file),
            Subject::Static(path) => format!("static:{path}"),
        }
    }

    /// Every article and hand-written page, in no order.
    pub fn subjects_with_text(&self) -> impl Iterator<Item = Subject> {
        let articles = self
            .by_file
            .values()
            .map(|article| Subject::Article(*article));
        articles.chain(self.pages.keys().cloned().map(Subject::Content))
    }

    /// The files of articles that the last changes removed.
    pub fn removed_files(&self) -> impl Iterator<Item = &str> {
        self.removed.values().map(|file| &**file)
    }

    /// The topic with this id, if it has articles.
    pub fn topic_named(&self, id: &str) -> Option<TermNo> {
        let number = *self.topics.by_id.get(id)?;
        (!self.topic(number).articles.is_empty()).then_some(number)
    }

    /// The topic into which the one with this id was merged.
    pub fn topic_merged(&self, id: &str) -> Option<TermNo> {
        let number = *self.topics.by_id.get(id)?;
        self.topic(number).defined.as_ref()?.merged_into
    }

    /// As [`Library::topic_named`], for authors.
    pub fn author_named(&self, id: &str) -> Option<TermNo> {
        let number = *self.authors.by_id.get(id)?;
        (!self.author(number).articles.is_empty()).then_some(number)
    }

    /// How many listed articles have a topic.
    pub fn with_topic(&self) -> usize {
        self.with_topic
    }

    /// Statistics of the import of listed articles.
    pub fn import_stats(&self) -> &ImportStats {
        &self.import_stats
    }

    /// The stamp of a file of `content/` that is not Markdown.
    pub fn file_stamp(&self, file: &str) -> Option<Stamp> {
        self.files.get(file).copied()
    }

    pub fn has_file(&self, file: &str) -> bool {
        self.files.contains_key(file)
    }

    pub fn static_source(&self, path: &str) -> Option<&StaticSource> {
        self.statics.get(path)
    }

    /// How many articles have a page, including withdrawn ones.
    pub fn len(&self) -> usize {
        self.by_file.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_file.is_empty()
    }

    /// The article in a file.
    pub fn article_in(&self, file: &str) -> Option<ArticleNo> {
        self.by_file.get(file).copied()
    }
}

fn shown(terms: &Terms) -> Vec<(TermNo, &Term)> {
    let mut shown: Vec<_> = terms
        .terms
        .iter()
        .enumerate()
        .filter(|(_, t)| !t.articles.is_empty())
        .map(|(i, t)| (i as TermNo, t))
        .collect();
    shown.sort_unstable_by(|a, b| a.1.id.cmp(&b.1.id));
    shown
}
