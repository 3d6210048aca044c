//! Which record is which article: the design's rules of identity, as a pure function.

use std::collections::{BTreeMap, BTreeSet};

use super::existing::Existing;
use super::records::{Key, Record};

/// What is to be done with one article.
#[derive(Debug)]
pub enum Step {
    /// A record that no article has.
    New(Record),
    /// The record changed, moved, or is to be imported again; `same_text` where only its key did.
    Renew {
        record: Record,
        existing: Existing,
        same_text: bool,
    },
    /// The record is gone.
    Gone(Existing),
}

/// What is to be done with articles.
#[derive(Debug)]
pub struct Identified {
    pub steps: Vec<Step>,
    /// The articles that stay as they are.
    pub kept: Vec<Existing>,
}

/// Pairs records with articles.
///
/// `held` files keep their articles, whatever was read of them. With `again`, unchanged records are renewed too.
/// The order of the result is that of keys, and does not depend on the order of the input.
pub fn identify(
    records: Vec<Record>,
    imported: BTreeMap<Key, Existing>,
    held: &BTreeSet<String>,
    again: bool,
) -> Identified {
    let mut steps = Vec::new();
    let mut kept = Vec::new();
    let mut articles = imported;
    let mut fresh: BTreeMap<Key, Record> = BTreeMap::new();
    for record in records {
        match articles.remove(&record.key) {
            Some(existing) if existing.raw.blake3 == record.blake3 => match again {
                true => steps.push(Step::Renew {
                    record,
                    existing,
                    same_text: true,
                }),
                false => kept.push(existing),
            },
            Some(existing) => steps.push(Step::Renew {
                record,
                existing,
                same_text: false,
            }),
            None => {
                // Two equal records in one file have one key: they are one article.
                fresh.entry(record.key.clone()).or_insert(record);
            }
        }
    }
    let is_held = |key: &Key, _: &mut Existing| held.contains(&key.path);
    kept.extend(
        articles
            .extract_if(.., is_held)
            .map(|(_, existing)| existing),
    );
    pair_moved(&mut articles, &mut fresh, &mut steps);
    pair_by_file(&mut articles, &mut fresh, &mut steps);
    steps.extend(articles.into_values().map(Step::Gone));
    steps.extend(fresh.into_values().map(Step::New));
    Identified { steps, kept }
}

/// A key that vanished and whose digest reappears elsewhere has moved.
fn pair_moved(
    articles: &mut BTreeMap<Key, Existing>,
    fresh: &mut BTreeMap<Key, Record>,
    steps: &mut Vec<Step>,
) {
    let mut by_digest: BTreeMap<String, Vec<Key>> = BTreeMap::new();
    for record in fresh.values().rev() {
        by_digest
            .entry(record.blake3.clone())
            .or_default()
            .push(record.key.clone());
    }
    let keys: Vec<Key> = articles.keys().cloned().collect();
    for key in keys {
        let digest = &articles[&key].raw.blake3;
        let Some(to) = by_digest.get_mut(digest).and_then(Vec::pop) else {
            continue;
        };
        if let (Some(existing), Some(record)) = (articles.remove(&key), fresh.remove(&to)) {
            steps.push(Step::Renew {
                record,
                existing,
                same_text: true,
            });
        }
    }
}

/// A file that is one record and was one record is the same article, though its digest, and so its key, changed.
fn pair_by_file(
    articles: &mut BTreeMap<Key, Existing>,
    fresh: &mut BTreeMap<Key, Record>,
    steps: &mut Vec<Step>,
) {
    let alone: Vec<Key> = fresh
        .values()
        .filter(|r| r.alone)
        .map(|r| r.key.clone())
        .collect();
    for key in alone {
        let first = Key {
            path: key.path.clone(),
            record: String::new(),
        };
        let mut same_file = articles
            .range(first..)
            .take_while(|(k, _)| k.path == key.path)
            .map(|(k, _)| k.clone());
        let (Some(old), None) = (same_file.next(), same_file.next()) else {
            continue;
        };
        drop(same_file);
        if let (Some(existing), Some(record)) = (articles.remove(&old), fresh.remove(&key)) {
            steps.push(Step::Renew {
                record,
                existing,
                same_text: false,
            });
        }
    }
}
