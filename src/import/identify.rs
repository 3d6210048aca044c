//! Which record is which article: the rules of identity, as a pure function.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::existing::ImportedArticle;
use super::records::{RawRecord, RawRecords, RecordKey, is_asked};
use crate::model::ImportState;

/// What to do with one article.
#[derive(Debug)]
pub(crate) enum Step {
    /// Write the article of a record that has none.
    New(RawRecord),
    /// Write it again: its record changed, moved, or is to be imported again.
    Renew(Renewal),
    /// Remove it: its record does not exist any more.
    Vanished(ImportedArticle),
}

impl Step {
    /// Whether it writes or removes an article. An edited article is kept as it is, unless its record moved.
    pub(crate) fn changes_content(&self) -> bool {
        match self {
            Self::New(_) => true,
            Self::Vanished(article) => !article.edited,
            Self::Renew(renewal) => {
                !renewal.article.edited || renewal.same_text && renewal.is_moved()
            }
        }
    }
}

impl Step {
    /// Whether it writes the article of a page.
    pub(crate) fn writes_page(&self) -> bool {
        match self {
            Self::New(record) => record.site.is_some(),
            Self::Renew(renewal) => renewal.record.site.is_some(),
            Self::Vanished(_) => false,
        }
    }
}

/// An article, and its record as it is now.
#[derive(Debug)]
pub(crate) struct Renewal {
    pub record: RawRecord,
    pub article: ImportedArticle,
    /// Whether the record says what it said when the article was written.
    pub same_text: bool,
}

impl Renewal {
    /// Whether the record has another key than when the article was written.
    pub(crate) fn is_moved(&self) -> bool {
        self.record.key != self.article.key()
    }
}

/// What to do with all articles.
#[derive(Debug)]
pub(crate) struct Identified {
    pub steps: Vec<Step>,
    /// The articles that no step concerns.
    pub unchanged: Vec<ImportedArticle>,
}

type Articles = BTreeMap<RecordKey, ImportedArticle>;
type NewRecords = BTreeMap<RecordKey, RawRecord>;

/// Pairs records with articles.
///
/// Articles of files that were not asked for, or are held, are unchanged, whatever was read of the files. With
/// `options.again`, articles of unchanged records are renewed too. The result is ordered by key and does not depend on
/// the order of the input.
pub(crate) fn identify(records: RawRecords, articles: Articles, options: &Options) -> Identified {
    let held: BTreeSet<String> = records.held.into_iter().collect();
    // A picture that is new or changed is seen in the articles that show it.
    let fresh = records
        .fresh_others
        .iter()
        .map(|file| ImportState::file_name(file));
    let fresh: BTreeSet<String> = fresh.collect();
    let shows_fresh = |article: &ImportedArticle| {
        !article.edited && article.shows.iter().any(|name| fresh.contains(&**name))
    };
    // The record wins also where a person kept the edited article before.
    let takes_raw = options.take_raw == Some(true);
    let (mut articles, mut unchanged) = select(articles, &options.paths);
    let mut steps = Vec::new();
    let mut new = NewRecords::new();
    for record in records.records {
        match articles.remove(&record.key) {
            Some(article) => {
                let same_text = article.raw.blake3 == record.blake3;
                let is_wanted =
                    options.again || takes_raw && article.edited || shows_fresh(&article);
                match same_text && !is_wanted {
                    true => unchanged.push(article),
                    false => steps.push(renew(record, article, same_text)),
                }
            }
            // Two equal records in one file have one key: they are one article.
            None => {
                new.entry(record.key.clone()).or_insert(record);
            }
        }
    }
    let held = articles.extract_if(.., |key, _| held.contains(&key.path));
    unchanged.extend(held.map(|(_, article)| article));
    pair_moved(&mut articles, &mut new, &mut steps);
    pair_by_file(&mut articles, &mut new, &mut steps);
    steps.extend(articles.into_values().map(Step::Vanished));
    steps.extend(new.into_values().map(Step::New));
    Identified { steps, unchanged }
}

fn renew(record: RawRecord, article: ImportedArticle, same_text: bool) -> Step {
    Step::Renew(Renewal {
        record,
        article,
        same_text,
    })
}

/// The articles of what was asked for, and the others. No path asks for all of them.
fn select(mut articles: Articles, paths: &[String]) -> (Articles, Vec<ImportedArticle>) {
    let others = articles.extract_if(.., |key, _| !is_asked(&key.path, paths));
    let others = others.map(|(_, article)| article).collect();
    (articles, others)
}

/// A key that vanished and whose digest reappears elsewhere has moved.
fn pair_moved(articles: &mut Articles, new: &mut NewRecords, steps: &mut Vec<Step>) {
    let mut by_digest: BTreeMap<String, Vec<RecordKey>> = BTreeMap::new();
    for record in new.values().rev() {
        let keys = by_digest.entry(record.blake3.clone()).or_default();
        keys.push(record.key.clone());
    }
    let keys: Vec<RecordKey> = articles.keys().cloned().collect();
    for key in keys {
        let digest = &articles[&key].raw.blake3;
        let Some(to) = by_digest.get_mut(digest).and_then(Vec::pop) else {
            continue;
        };
        if let (Some(article), Some(record)) = (articles.remove(&key), new.remove(&to)) {
            steps.push(renew(record, article, true));
        }
    }
}

/// A file that is one record and was one record is the same article, although its digest, and so its key, changed.
fn pair_by_file(articles: &mut Articles, new: &mut NewRecords, steps: &mut Vec<Step>) {
    let alone = new.values().filter(|record| record.alone);
    let alone: Vec<RecordKey> = alone.map(|record| record.key.clone()).collect();
    for key in alone {
        let first = RecordKey {
            path: key.path.clone(),
            record: String::new(),
        };
        let same_file = articles.range(first..);
        let same_file = same_file.take_while(|(other, _)| other.path == key.path);
        let mut same_file = same_file.map(|(other, _)| other.clone());
        let (Some(old), None) = (same_file.next(), same_file.next()) else {
            continue;
        };
        drop(same_file);
        if let (Some(article), Some(record)) = (articles.remove(&old), new.remove(&key)) {
            steps.push(renew(record, article, false));
        }
    }
}
