//! Taking changes in: the one path by which anything enters or leaves the Library.
//!
//! `apply` answers with the subjects whose pages may differ. It may name too many, never too few;
//! a page's fingerprint has the last word.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet, HashSetExt as _};

use super::invalidation::Invalidation;
use super::{ABOUT_PATH, Claims, Library, LibraryArticle};
use crate::model::card::{Entry, Mention, StandalonePage};
use crate::model::import_stats::{Facts, ImportStats};
use crate::model::page::{StaticSource, Subject};
use crate::model::period::Period;
use crate::model::slug::slug;
use crate::model::stamp::Stamp;
use crate::model::term::{ArticleNo, ListId, Term, TermNo};

/// What a file of the site now holds, or that it is gone.
#[derive(Debug, Clone)]
pub struct Change {
    /// Below `content/`; for a static file, its path below the site's root.
    pub file: Box<str>,
    pub now: Found,
}

impl Change {
    pub fn is_static(&self) -> bool {
        matches!(self.now, Found::Static(_) | Found::StaticGone)
    }
}

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Found {
    Article(Box<Entry>),
    Page(Box<StandalonePage>),
    /// A file of `content/` that is not Markdown.
    File(Stamp),
    Static(StaticSource),
    /// Nothing, any more, of `content/`.
    Gone,
    /// No static file, any more.
    StaticGone,
}

/// Above this many changes at once, lists are sorted anew rather than mended; the result is the same.
const MANY: usize = 256;

/// Paths that the site's own pages have, whatever articles there are.
const FIXED_PATHS: &[&str] = &[
    "index.html",
    "archive.html",
    "404.html",
    "topics/index.html",
    "authors/index.html",
];

impl Library {
    /// Takes changes in, of several of one file the last, and gives every subject whose pages may differ from before.
    pub fn apply(&mut self, changes: Vec<Change>) -> BTreeSet<Subject> {
        let cold = self.is_empty() && self.pages.is_empty();
        let round = self.take_in(changes, cold);
        let touched = if cold {
            self.subjects()
        } else {
            round.finish(self)
        };
        touched.iter().for_each(|subject| self.check_links(subject));
        touched
    }

    /// As [`Library::apply`] on an empty Library, where nobody asks what that touches.
    pub fn fill(&mut self, changes: Vec<Change>) {
        self.take_in(changes, true);
        for article in 0..self.articles.len() {
            self.check_links(&Subject::Article(article as ArticleNo));
        }
        for file in self.pages.keys().cloned().collect::<Vec<_>>() {
            self.check_links(&Subject::Content(file));
        }
    }

    fn take_in(&mut self, changes: Vec<Change>, cold: bool) -> Invalidation {
        self.gone.clear();
        let had_about = self.has_about();
        let mut round = Invalidation::new(cold, changes.len() > MANY);
        let mut arrivals: Vec<Box<Entry>> = Vec::new();
        for change in latest(changes) {
            match change.now {
                Found::Static(source) => {
                    round.touch_links(self, [format!("path:{}", change.file)]);
                    round.touched.insert(Subject::Static(change.file.clone()));
                    round.contest(self, &change.file);
                    self.statics.insert(change.file, source);
                }
                Found::StaticGone => {
                    round.touch_links(self, [format!("path:{}", change.file)]);
                    round.contest(self, &change.file);
                    self.statics.remove(&change.file);
                    round.touched.insert(Subject::Static(change.file));
                }
                now => {
                    if !cold {
                        self.forget(&change.file, &mut round);
                    }
                    match now {
                        Found::Article(entry) => arrivals.push(entry),
                        Found::Page(page) => self.add_page(*page, &mut round),
                        Found::File(stamp) => {
                            self.files.insert(change.file, stamp);
                        }
                        _ => {}
                    }
                }
            }
        }
        self.articles.reserve(arrivals.len());
        self.by_file.reserve(arrivals.len());
        self.id_claims.reserve(arrivals.len());
        self.path_claims.reserve(arrivals.len());
        for entry in arrivals {
            self.arrive(*entry, &mut round);
        }
        self.settle(&mut round);
        if self.has_about() != had_about {
            round.touch_links(self, [format!("path:{ABOUT_PATH}")]);
        }
        round
    }

    /// Every subject that has, or may have, a page.
    pub fn subjects(&self) -> BTreeSet<Subject> {
        let numbered = self
            .articles
            .iter()
            .enumerate()
            .filter(|(_, a)| a.is_some());
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
            subjects.extend(
                self.periods(list)
                    .into_iter()
                    .map(|p| Subject::List(list, p)),
            );
        }
        subjects.extend(self.pages.keys().cloned().map(Subject::Content));
        subjects.extend(self.statics.keys().cloned().map(Subject::Static));
        subjects
    }

    /// Takes whatever a file of `content/` held out of the Library.
    fn forget(&mut self, file: &str, round: &mut Invalidation) {
        round.touch_links(self, [format!("file:{file}")]);
        self.unknown_links.remove(file);
        if self.files.remove(file).is_some() {
            return;
        }
        if let Some(page) = self.pages.remove(file) {
            let path = page.path();
            round.touch_links(self, [format!("path:{path}")]);
            self.page_paths.remove(path.as_str());
            let subject = Subject::Content(file.into());
            self.remove_links(
                &subject,
                file,
                page.own.links.iter().map(|l| l.target.clone()),
            );
            round.touched.insert(subject);
            round.touched.insert(Subject::Site);
            round.contest(self, &path);
        }
        if let Some(article) = self.by_file.remove(file) {
            self.unlist(article, round);
            let Some(shelved) = self.articles[article as usize].take() else {
                return;
            };
            self.drop_claims(article, &shelved, round);
            self.gone.insert(article, file.into());
            self.remove_links(
                &Subject::Article(article),
                file,
                shelved.entry.own.links.iter().map(|l| l.target.clone()),
            );
        }
    }

    fn add_page(&mut self, page: StandalonePage, round: &mut Invalidation) {
        let path = page.path();
        let subject = Subject::Content(page.file.clone());
        round.touch_links(
            self,
            [format!("file:{}", page.file), format!("path:{path}")],
        );
        self.add_links(
            &subject,
            &page.file,
            page.own.links.iter().map(|l| l.target.clone()),
        );
        self.page_paths
            .insert(path.as_str().into(), page.file.clone());
        self.pages.insert(page.file.clone(), page);
        round.contest(self, &path);
        round.touched.extend([subject, Subject::Site]);
    }

    /// Gives an article its number and its claim to an id; `settle` does the rest.
    fn arrive(&mut self, entry: Entry, round: &mut Invalidation) {
        let article = self.articles.len() as ArticleNo;
        self.by_file.insert(entry.file.clone(), article);
        let claims = self.id_claims.entry(entry.id.clone()).or_default();
        claims.push(article);
        round.claimed(&entry.id, claims.len(), |round| &mut round.ids);
        self.add_links(
            &Subject::Article(article),
            &entry.file,
            entry.own.links.iter().map(|l| l.target.clone()),
        );
        let instant = entry.date.map_or(i64::MIN, |d| d.instant(self.rules.zone));
        let topics = entry.topics.iter().map(|m| self.topic_number(m)).collect();
        let authors = entry
            .authors
            .iter()
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
    }

    fn topic_number(&mut self, mention: &Mention) -> TermNo {
        match mention {
            Mention::Defined(number, _) => *number,
            Mention::Named(name) => self.topics.number_of_name(name),
        }
    }

    /// Settles ids, then paths, of every article whose claim was contested, and lists them where they belong.
    fn settle(&mut self, round: &mut Invalidation) {
        for wanted in round.take_ids(&self.id_claims) {
            let claims = self.id_claims.get(&wanted);
            if let Some([only]) = claims.map(|claims| claims.as_slice()) {
                let only = *only;
                self.contested_ids.remove(&wanted);
                self.rename(only, wanted, round);
                continue;
            }
            let Some(mut claims) = self.id_claims.remove(&wanted) else {
                self.contested_ids.remove(&wanted);
                continue;
            };
            claims.sort_unstable_by(|a, b| self.file(*a).cmp(&self.file(*b)));
            for (rank, article) in claims.iter().enumerate() {
                let id = if rank == 0 {
                    wanted.clone()
                } else {
                    distinct_id(&wanted, self.file(*article).unwrap_or_default())
                };
                self.rename(*article, id, round);
            }
            mark(&mut self.contested_ids, &wanted, claims.len() > 1);
            self.id_claims.insert(wanted, claims);
        }
        for path in round.take_paths(&self.path_claims) {
            let claims = self.path_claims.get(&path);
            if let Some([only]) = claims.map(|claims| claims.as_slice())
                && !self.is_taken(&path)
            {
                let only = *only;
                self.contested_paths.remove(&path);
                self.list_at(only, path, round);
                continue;
            }
            let Some(mut claims) = self.path_claims.remove(&path) else {
                self.contested_paths.remove(&path);
                continue;
            };
            claims.sort_unstable_by(|a, b| self.file(*a).cmp(&self.file(*b)));
            let taken = self.is_taken(&path);
            for (rank, article) in claims.iter().enumerate() {
                let Some(shelved) = self.shelved(*article) else {
                    continue;
                };
                let at: Box<str> = if rank == 0 && !taken {
                    path.clone()
                } else {
                    with_id(&path, &shelved.id).into()
                };
                if at != path {
                    self.displaced.insert(at.clone(), *article);
                }
                self.list_at(*article, at, round);
            }
            mark(
                &mut self.contested_paths,
                &path,
                claims.len() > usize::from(!taken),
            );
            self.path_claims.insert(path, claims);
        }
        if round.many {
            self.sort_lists();
        }
    }

    /// Whether a path belongs to something that no article may displace.
    pub(super) fn is_taken(&self, path: &str) -> bool {
        self.page_paths.contains_key(path)
            || self.statics.contains_key(path)
            || FIXED_PATHS.contains(&path)
    }

    /// Gives an article its id, which may move its claim to a path.
    fn rename(&mut self, article: ArticleNo, id: Box<str>, round: &mut Invalidation) {
        let Some(shelved) = self.shelved(article) else {
            return;
        };
        if shelved.id == id {
            return;
        }
        let isnt_new = !shelved.id.is_empty();
        if isnt_new {
            self.unlist(article, round);
            let wanted = self.wanted_path(article);
            remove_claim(&mut self.path_claims, &wanted, article);
            round.paths.push(wanted);
        }
        if let Some(shelved) = self.articles[article as usize].as_mut() {
            shelved.id = id;
        }
        let wanted = self.wanted_path(article);
        let claims = self.path_claims.entry(wanted.clone()).or_default();
        claims.push(article);
        round.claimed(&wanted, claims.len(), |round| &mut round.paths);
        if !isnt_new {
            let aliases = self
                .own_page(article)
                .map(|own| own.aliases.clone())
                .unwrap_or_default();
            for alias in aliases {
                round.touch_links(self, [format!("path:{alias}")]);
                self.alias_claims.entry(alias).or_default().push(article);
            }
        }
    }

    fn wanted_path(&self, article: ArticleNo) -> Box<str> {
        self.shelved(article)
            .map(|s| {
                self.rules
                    .permalink
                    .path(s.entry.date, &s.entry.slug, &s.id)
                    .into()
            })
            .unwrap_or_default()
    }

    /// Sets an article's path and puts it into its lists; nothing where it already is there.
    fn list_at(&mut self, article: ArticleNo, path: Box<str>, round: &mut Invalidation) {
        let Some(shelved) = self.shelved(article) else {
            return;
        };
        if shelved.path == path {
            return;
        }
        if !shelved.path.is_empty() {
            self.unlist(article, round);
        }
        if let Some(shelved) = self.articles[article as usize].as_mut() {
            shelved.path = path;
        }
        self.touch_article(article, round);
        if self.is_listed(article) {
            round.remember_lengths(self, article);
            self.spell(article, true, round);
            self.with_topic += usize::from(self.has_topic(article));
            self.take_count(article, ImportStats::add);
            if !round.many {
                for list in self.lists_of(article) {
                    self.insert_into(list, article);
                }
            }
            round.touch_neighbours(self, article);
        }
    }

    /// Takes an article out of its lists, and forgets its path.
    fn unlist(&mut self, article: ArticleNo, round: &mut Invalidation) {
        self.touch_article(article, round);
        let Some(shelved) = self.shelved(article) else {
            return;
        };
        if self.is_listed(article) && !shelved.path.is_empty() {
            round.touch_neighbours(self, article);
            round.remember_lengths(self, article);
            if !round.many {
                for list in self.lists_of(article) {
                    self.remove_from(list, article);
                }
            }
            self.spell(article, false, round);
            self.with_topic -= usize::from(self.has_topic(article));
            self.take_count(article, ImportStats::remove);
        }
        if let Some(shelved) = self.articles[article as usize].as_mut() {
            let path = std::mem::take(&mut shelved.path);
            if self.displaced.get(&path) == Some(&article) {
                self.displaced.remove(&path);
            }
        }
    }

    /// Withdrawn articles have a page and are in no list.
    pub(super) fn is_listed(&self, article: ArticleNo) -> bool {
        self.own_page(article)
            .is_some_and(|own| own.withdrawn.is_none())
    }

    fn has_topic(&self, article: ArticleNo) -> bool {
        self.shelved(article).is_some_and(|s| !s.topics.is_empty())
    }

    /// Takes an article that was imported into the tally, or out of it.
    fn take_count(&mut self, article: ArticleNo, take: fn(&mut ImportStats, &Facts<'_>)) {
        let Self {
            articles, tally, ..
        } = self;
        let shelved = articles.get(article as usize).and_then(Option::as_ref);
        if let Some(facts) = shelved.and_then(|s| Facts::of_entry(&s.entry)) {
            take(tally, &facts);
        }
    }

    pub(super) fn lists_of(&self, article: ArticleNo) -> Vec<ListId> {
        let Some(shelved) = self.shelved(article) else {
            return Vec::new();
        };
        let mut lists = vec![ListId::Archive];
        lists.extend(shelved.topics.iter().map(|t| ListId::Topic(*t)));
        lists.extend(shelved.authors.iter().map(|a| ListId::Author(*a)));
        lists.sort_unstable();
        lists.dedup();
        lists
    }

    /// Counts how an article spells its terms; a name that changes by it touches the term's pages.
    fn spell(&mut self, article: ArticleNo, add: bool, round: &mut Invalidation) {
        let Self {
            articles,
            topics,
            authors,
            ..
        } = self;
        let Some(shelved) = articles[article as usize].as_ref() else {
            return;
        };
        let mut count = |list: ListId, term: &mut Term, name: &str| {
            let before = (!round.many).then(|| term.name().to_owned());
            match add {
                true => term.add_spelling(name),
                false => term.remove_spelling(name),
            }
            if before.is_none_or(|before| before != term.name()) {
                round.renamed.insert(list);
            }
        };
        for (name, number) in shelved.entry.authors.iter().zip(&shelved.authors) {
            let term = &mut authors.terms[*number as usize];
            count(ListId::Author(*number), term, name);
        }
        for (mention, number) in shelved.entry.topics.iter().zip(&shelved.topics) {
            if let Mention::Named(name) = mention {
                let term = &mut topics.terms[*number as usize];
                count(ListId::Topic(*number), term, name);
            }
        }
    }

    fn drop_claims(
        &mut self,
        article: ArticleNo,
        shelved: &LibraryArticle,
        round: &mut Invalidation,
    ) {
        remove_claim(&mut self.id_claims, &shelved.entry.id, article);
        round.ids.push(shelved.entry.id.clone());
        let wanted: Box<str> = self
            .rules
            .permalink
            .path(shelved.entry.date, &shelved.entry.slug, &shelved.id)
            .into();
        remove_claim(&mut self.path_claims, &wanted, article);
        round.paths.push(wanted);
        for alias in &shelved.entry.own.aliases {
            remove_claim(&mut self.alias_claims, alias, article);
            round.touch_links(self, [format!("path:{alias}")]);
        }
    }

    /// Names everything that shows this article, as it stands now.
    fn touch_article(&self, article: ArticleNo, round: &mut Invalidation) {
        if round.cold {
            return;
        }
        let Some(shelved) = self.shelved(article) else {
            return;
        };
        round
            .touched
            .extend([Subject::Article(article), Subject::Site]);
        round.touch_links(
            self,
            [
                format!("file:{}", shelved.entry.file),
                format!("id:{}", shelved.id),
                format!("path:{}", shelved.path),
            ],
        );
        if self.is_listed(article) {
            let periods: Vec<Period> = self.period_of(article).upwards().collect();
            for list in self.lists_of(article) {
                round
                    .touched
                    .extend(periods.iter().map(|p| Subject::List(list, *p)));
            }
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

/// Puts a name into a set, or takes it out.
fn mark(set: &mut BTreeSet<Box<str>>, name: &str, is_in: bool) {
    if is_in {
        set.insert(name.into());
    } else {
        set.remove(name);
    }
}

fn remove_claim(claims: &mut HashMap<Box<str>, Claims>, key: &str, article: ArticleNo) {
    if let Some(who) = claims.get_mut(key) {
        who.retain(|a| *a != article);
        if who.is_empty() {
            claims.remove(key);
        }
    }
}

/// An id that another article has, with six hex digits of this one's file.
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
