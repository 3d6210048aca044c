//! Chooses the candidates that become topics.
//! Knows how many articles a candidate has; never how names are found.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::candidates::{Candidate, gather, key};
use super::evidence::Evidence;
use super::variants::merge_variants;
use super::vocabulary::role;
use super::{gazetteer, subjects};
use crate::model::slug::slug;
use crate::settings::TopicDefinition;
use crate::topics::matching::THRESHOLD;

/// In percent: a topic that a larger share of the articles mentions does not distinguish them.
const MAX_SHARE: usize = 30;
/// In percent: there are enough topics when this share of the articles has one.
const ENOUGH: usize = 90;
/// The number of topics that a reader can look over. A small archive has about six times the square root of its articles.
const TOPICS: std::ops::RangeInclusive<usize> = 12..=300;
/// Up to this many topics are proposed even if enough articles have one.
const AT_LEAST: usize = 40;
/// The worth of one more topic to an article that has none, one, two, … so far.
const WORTH: [u64; 5] = [100, 40, 16, 6, 2];
const MAX_PHRASES: usize = 8;

/// Proposes topics: subjects, then names sorted by id.
pub(crate) fn propose(evidence: &Evidence) -> Vec<TopicDefinition> {
    let articles = evidence.articles.len();
    let merged = merge_variants(gather(evidence));
    let (named, mut candidates): (Vec<_>, Vec<_>) = merged
        .into_values()
        .partition(|candidate| candidate.topic.is_some());
    // In a handful of articles no name recurs.
    let usual = match articles {
        ..12 => 1,
        12..100 => 2,
        _ => 3,
    };
    let fewest = articles.div_ceil(1_000).max(usual);
    candidates.retain(|candidate| is_candidate(candidate, articles, fewest));
    let mut covered = vec![0_usize; articles];
    for candidate in &named {
        cover(&mut covered, candidate);
    }
    let most = ((6.0 * (articles as f64).sqrt()) as usize).clamp(*TOPICS.start(), *TOPICS.end());
    let chosen = choose(
        candidates,
        &mut covered,
        most.saturating_sub(named.len()),
        most.min(AT_LEAST).saturating_sub(named.len()),
    );
    let mut definitions = BTreeMap::new();
    for candidate in named.iter().chain(&chosen) {
        if let Some(definition) = define(candidate, evidence) {
            definitions
                .entry(definition.id.clone())
                .or_insert(definition);
        }
    }
    let mut proposed = subjects::propose(&evidence.documents);
    for subject in &proposed {
        definitions.remove(&subject.id);
    }
    proposed.extend(definitions.into_values());
    proposed
}

/// The articles that would belong to the topic.
fn belonging(candidate: &Candidate) -> impl Iterator<Item = usize> {
    candidate
        .articles
        .iter()
        .filter(|(_, strength)| **strength >= THRESHOLD)
        .map(|(article, _)| *article as usize)
}

fn is_candidate(candidate: &Candidate, articles: usize, fewest: usize) -> bool {
    let belong = belonging(candidate).count();
    100 * candidate.articles.len() <= MAX_SHARE * articles.max(10) && belong >= fewest
}

fn cover(covered: &mut [usize], candidate: &Candidate) {
    for article in belonging(candidate) {
        covered[article] += 1;
    }
}

/// Chooses the best candidate repeatedly. The worth of a candidate only decreases as others are chosen, so that
/// one whose worth is still the highest when it is computed again is the best (lazy greedy; Minoux 1978).
fn choose(
    candidates: Vec<Candidate>,
    covered: &mut [usize],
    most: usize,
    fewest: usize,
) -> Vec<Candidate> {
    let worth = |candidate: &Candidate, covered: &[usize]| {
        let gain = belonging(candidate)
            .map(|article| WORTH.get(covered[article]).copied().unwrap_or(1))
            .sum::<u64>();
        gain * weight(candidate)
    };
    let mut heap: BinaryHeap<_> = candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| (worth(candidate, covered), Reverse(index)))
        .collect();
    let mut chosen = Vec::new();
    let mut with_topic = covered.iter().filter(|topics| **topics > 0).count();
    while let Some((before, Reverse(index))) = heap.pop() {
        let is_enough = 100 * with_topic >= ENOUGH * covered.len();
        if chosen.len() >= most || (chosen.len() >= fewest && is_enough) {
            break;
        }
        let now = worth(&candidates[index], covered);
        if now < before {
            heap.push((now, Reverse(index)));
            continue;
        }
        with_topic += belonging(&candidates[index])
            .filter(|article| covered[*article] == 0)
            .count();
        cover(covered, &candidates[index]);
        chosen.push(candidates[index].clone());
    }
    chosen
}

/// Several words say more than one word, and so does a name in titles. In a script without case, a good candidate
/// is in the titles of many of the articles that have it.
fn weight(candidate: &Candidate) -> u64 {
    let titles = u64::from(candidate.uses.titles);
    let words = if candidate.spelling().contains(' ') {
        3
    } else {
        2
    };
    if candidate.uncased {
        return words * words * (4 + 8 * titles / titles.max(u64::from(candidate.bodies)).max(1));
    }
    let belong = belonging(candidate).count().max(1) as u64;
    words * (2 + 4 * titles.min(belong) / belong)
}

fn define(candidate: &Candidate, evidence: &Evidence) -> Option<TopicDefinition> {
    let name = candidate
        .topic
        .clone()
        .unwrap_or_else(|| candidate.spelling().to_owned());
    let is_everywhere =
        100 * candidate.articles.len() > MAX_SHARE * evidence.articles.len().max(10);
    let mut phrases = match &candidate.topic {
        Some(topic) if !is_distinctive(topic) || is_everywhere => Vec::new(),
        Some(topic) => vec![topic.clone()],
        None => Vec::new(),
    };
    if candidate.topic.is_none() || !phrases.is_empty() {
        let mut spellings: Vec<_> = candidate.spellings.iter().collect();
        spellings.sort_by_key(|(text, count)| (Reverse(**count), *text));
        phrases.extend(spellings.into_iter().map(|(text, _)| text.clone()));
    }
    Some(TopicDefinition {
        id: slug(&name)?,
        kind: kind(candidate, evidence),
        name,
        phrases: without_redundant(phrases),
        ..TopicDefinition::default()
    })
}

/// Without phrases that an earlier one matches: the same in uppercase, or in any case if that one is lowercase.
fn without_redundant(phrases: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for phrase in phrases {
        let finds = |other: &String| {
            *other == phrase
                || *other == format!("{phrase}.")
                || other.to_uppercase() == phrase
                || (!other.contains(char::is_uppercase) && *other == phrase.to_lowercase())
        };
        if !kept.iter().any(finds) {
            kept.retain(|other| *other != phrase.to_uppercase());
            kept.push(phrase);
        }
    }
    kept.truncate(MAX_PHRASES);
    kept
}

/// Whether a name is specific enough to be a phrase: `agile` is not.
fn is_distinctive(name: &str) -> bool {
    let has_sign = name.chars().any(|c| c.is_uppercase() || c.is_numeric())
        || name.trim_matches('.').contains('.');
    has_sign || name.contains(' ')
}

/// `person`, `place`, `organisation` or `event`, if there is a sign of it.
fn kind(candidate: &Candidate, evidence: &Evidence) -> Option<String> {
    let name = key(candidate.spelling());
    let kind = match () {
        () if candidate.datelines > 1 || gazetteer::is_place(&name) => "place",
        () if gazetteer::is_event(&name) => "event",
        () if is_person(candidate, evidence, &name) => "person",
        () if gazetteer::ends_as_place(&name) => "place",
        () if name.contains(' ') && name.split(' ').any(|word| role(word).body) => "organisation",
        () => return None,
    };
    Some(kind.to_owned())
}

/// Two or three words, none of which is part of the name of an organisation or mostly lowercase: with a given name first, mostly
/// after an honorific, or often beside a verb of speech.
fn is_person(candidate: &Candidate, evidence: &Evidence, name: &str) -> bool {
    let words: Vec<_> = name.split(' ').collect();
    let uses = candidate.uses;
    let is_plain = |word: &&str| {
        let role = role(word);
        !role.body && !role.inner && !role.starter && evidence.common(word) < uses.sure
    };
    let titled = 2 * uses.after_honorific > uses.mentions;
    let speaks = uses.speaks >= 2
        && 10 * (uses.speaks + uses.after_honorific) >= uses.mentions
        && uses.after_honorific > 0;
    (2..=3).contains(&words.len())
        && words.iter().all(is_plain)
        && (titled || speaks || gazetteer::is_given_name(words[0]))
}
