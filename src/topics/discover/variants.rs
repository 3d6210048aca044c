//! Merges candidates that are names of one thing, so that it becomes one topic with several phrases.
//! Knows which articles mention what; never how topics are ranked.

use std::collections::{BTreeMap, BTreeSet};

use super::candidates::{Candidate, Candidates, key};
use super::gazetteer::COUNTRIES;
use super::vocabulary::KNOWN;
use crate::text::words::is_spaceless;

/// In percent: the share of the articles with the short name that must have the long one.
/// A surname alone is nearly always the person who is introduced in the same article.
const TOGETHER: usize = 80;
/// In percent: the share for surnames, as later articles leave out the given name.
const INTRODUCED: usize = 40;

/// In percent: the share of the articles with the rarer of a word and its plural that must have both.
const PLURAL_TOGETHER: usize = 25;

/// Merges the variants that are listed, explained in texts, or found together.
pub(crate) fn merge_variants(candidates: Candidates) -> BTreeMap<String, Candidate> {
    let Candidates {
        mut by_key,
        acronyms,
    } = candidates;
    merge_known(&mut by_key);
    merge_acronyms(&mut by_key, &acronyms);
    merge_plurals(&mut by_key);
    merge_particles(&mut by_key);
    merge_shorter(&mut by_key);
    by_key
}

fn merge_into(by_key: &mut BTreeMap<String, Candidate>, from: &str, into: &str) {
    if from == into || !by_key.contains_key(into) {
        return;
    }
    if let Some(candidate) = by_key.remove(from)
        && let Some(target) = by_key.get_mut(into)
    {
        target.merge(candidate);
    }
}

/// Merges the variants listed in [`KNOWN`], and countries with their demonyms, into the first of each list, even if texts seldom use it.
fn merge_known(by_key: &mut BTreeMap<String, Candidate>) {
    for names in KNOWN.iter().chain(COUNTRIES) {
        let seen: Vec<_> = names
            .iter()
            .filter_map(|name| by_key.remove(&key(name)))
            .collect();
        let Some(whole) = seen.into_iter().reduce(|mut whole, other| {
            whole.merge(other);
            whole
        }) else {
            continue;
        };
        by_key.insert(
            key(names[0]),
            Candidate {
                name: Some(names[0].to_owned()),
                ..whole
            },
        );
    }
}

/// Merges `PVC` into `Port Vale Council` if texts explain it so; of several names into the one explained most often.
/// A name that hardly any article writes out is merged into its acronym instead: readers know `API`.
fn merge_acronyms(
    by_key: &mut BTreeMap<String, Candidate>,
    acronyms: &BTreeMap<(String, String), u32>,
) {
    let mut best: BTreeMap<&str, (u32, &str)> = BTreeMap::new();
    for ((acronym, name), count) in acronyms {
        let explained = best.entry(acronym).or_insert((0, name));
        if *count > explained.0 && by_key.contains_key(name) {
            *explained = (*count, name);
        }
    }
    for (acronym, (_, name)) in best {
        let (Some(short), Some(long)) = (by_key.get(acronym), by_key.get(name)) else {
            continue;
        };
        match (&short.topic, &long.topic) {
            (Some(_), Some(_)) => {}
            (Some(_), None) => merge_into(by_key, name, acronym),
            (None, None) if 10 * long.articles.len() < short.articles.len() => {
                merge_into(by_key, name, acronym)
            }
            _ => merge_into(by_key, acronym, name),
        }
    }
}

/// Merges plurals, the rarer into the more frequent, if articles use both: *Abba* and *Abbas* are alike in letters only.
fn merge_plurals(by_key: &mut BTreeMap<String, Candidate>) {
    let keys = by_key.keys().filter(|key| !by_key[*key].uncased);
    let pairs: Vec<_> = keys
        .filter_map(|word| {
            Some((
                word.clone(),
                plural(word).filter(|plural| by_key.contains_key(plural))?,
            ))
        })
        .collect();
    for (word, plural) in pairs {
        let (Some(one), Some(other)) = (by_key.get(&word), by_key.get(&plural)) else {
            continue;
        };
        let together = one
            .articles
            .keys()
            .filter(|article| other.articles.contains_key(article))
            .count();
        if 100 * together < PLURAL_TOGETHER * one.articles.len().min(other.articles.len()) {
            continue;
        }
        let (into, from) = match (one.topic.is_some(), other.topic.is_some()) {
            (true, true) => continue,
            (false, true) => (plural, word),
            (false, false) if other.articles.len() > one.articles.len() => (plural, word),
            _ => (word, plural),
        };
        merge_into(by_key, &from, &into);
    }
}

/// The plural of a word: `Finns`, `PCs`, `Grammys`.
fn plural(word: &str) -> Option<String> {
    let is_one = word.chars().count() > 1 && !word.ends_with('s');
    is_one.then(|| format!("{word}s"))
}

/// Merges an Arabic word with a particle joined to it into the word: `بجدة` into `جدة`.
fn merge_particles(by_key: &mut BTreeMap<String, Candidate>) {
    let pairs = by_key
        .iter()
        .filter(|(_, candidate)| candidate.uncased)
        .filter_map(|(key, candidate)| {
            let bare = key.strip_prefix(['ب', 'ل', 'و', 'ف', 'ك'])?;
            let word = by_key.get(bare)?;
            (word.articles.len() >= candidate.articles.len())
                .then(|| (key.clone(), bare.to_owned()))
        });
    for (with_particle, word) in pairs.collect::<Vec<_>>() {
        merge_into(by_key, &with_particle, &word);
    }
}

/// Merges a part of a name into the whole name.
fn merge_shorter(by_key: &mut BTreeMap<String, Candidate>) {
    let mut wholes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in by_key.keys() {
        for part in parts(key) {
            if by_key
                .get(part)
                .is_some_and(|candidate| candidate.topic.is_none())
            {
                wholes.entry(part.to_owned()).or_default().push(key.clone());
            }
        }
    }
    for (part, wholes) in wholes {
        let Some(whole) = whole_of(by_key, &part, &wholes) else {
            continue;
        };
        if by_key.get(&part).is_some_and(|candidate| candidate.uncased) {
            // In a script without case a single word says less than the pair.
            by_key.remove(&part);
        } else {
            merge_into(by_key, &part, whole);
        }
    }
}

/// The whole name that a part nearly always means: most articles with the part have it, or, if the part may be
/// a surname, many have it and hardly any has another name with that ending.
fn whole_of<'w>(
    by_key: &BTreeMap<String, Candidate>,
    part: &str,
    wholes: &'w [String],
) -> Option<&'w String> {
    let articles = &by_key.get(part)?.articles;
    let mut with_any: BTreeSet<u32> = BTreeSet::new();
    let mut best: Option<(usize, &String)> = None;
    for whole in wholes {
        let Some(candidate) = by_key.get(whole) else {
            continue;
        };
        let together: Vec<_> = articles
            .keys()
            .copied()
            .filter(|article| candidate.articles.contains_key(article))
            .collect();
        if best.is_none_or(|(count, _)| together.len() > count) {
            best = Some((together.len(), whole));
        }
        with_any.extend(together);
    }
    let (count, whole) = best?;
    let share = |of: usize| 100 * count / of.max(1);
    let is_last_word = whole
        .strip_suffix(part)
        .is_some_and(|rest| rest.ends_with(' '));
    let is_surname = is_last_word
        && !part.contains(' ')
        && share(articles.len()) >= INTRODUCED
        && share(with_any.len()) >= TOGETHER;
    (share(articles.len()) >= TOGETHER || is_surname).then_some(whole)
}

/// The beginnings and ends of a name: by words, or by characters if the script has no spaces.
fn parts(key: &str) -> Vec<&str> {
    if key.contains(' ') {
        let ends = key.rmatch_indices(' ').map(|(at, _)| &key[at + 1..]);
        return ends
            .chain(key.match_indices(' ').map(|(at, _)| &key[..at]))
            .collect();
    }
    if key.chars().next().is_some_and(is_spaceless) {
        let inner = |(at, _): (usize, char)| [&key[..at], &key[at..]];
        return key.char_indices().skip(1).flat_map(inner).collect();
    }
    Vec::new()
}
