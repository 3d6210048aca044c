//! Chooses, of the subjects that articles speak of, those that readers can browse by.
//! Knows how many articles a subject has; never knows how names are found.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::evidence::Evidence;
use super::subjects::{Subject, gather, key};
use super::variants::fold_together;
use super::vocabulary::role;
use crate::model::slug::slug;
use crate::settings::TopicDefinition;
use crate::topics::matching::THRESHOLD;

/// What more than this share of the articles speak of parts nothing, in percent.
const MOST_ARTICLES: usize = 30;
/// Articles with a topic at which there are enough topics, in percent.
const ENOUGH: usize = 90;
/// As many topics as a reader can look over; a small archive has fewer, about six times the root of its articles.
const TOPICS: std::ops::RangeInclusive<usize> = 12..=300;
/// Up to this many topics are proposed, covered or not: a small archive is looked over at a glance.
const AT_LEAST: usize = 40;
/// What one more topic is worth to an article that has none, one, two, … so far.
const WORTH: [u64; 5] = [100, 40, 16, 6, 2];
const MOST_PHRASES: usize = 8;

/// Topics that readers could browse by, sorted by id.
pub fn propose(evidence: &Evidence) -> Vec<TopicDefinition> {
    let articles = evidence.articles.len();
    let subjects = fold_together(gather(evidence));
    let (named, mut candidates): (Vec<_>, Vec<_>) = subjects
        .into_values()
        .partition(|subject| subject.topic.is_some());
    // In a handful of articles nothing recurs; its names are still worth browsing by.
    let usual = match articles {
        ..12 => 1,
        12..100 => 2,
        _ => 3,
    };
    let fewest = articles.div_ceil(1_000).max(usual);
    candidates.retain(|subject| is_candidate(subject, articles, fewest));
    let mut covered = vec![0_usize; articles];
    for subject in &named {
        cover(&mut covered, subject);
    }
    let most = ((6.0 * (articles as f64).sqrt()) as usize).clamp(*TOPICS.start(), *TOPICS.end());
    let chosen = choose(
        candidates,
        &mut covered,
        most.saturating_sub(named.len()),
        most.min(AT_LEAST).saturating_sub(named.len()),
    );
    let mut definitions = BTreeMap::new();
    for subject in named.iter().chain(&chosen) {
        if let Some(definition) = define(subject, evidence) {
            definitions
                .entry(definition.id.clone())
                .or_insert(definition);
        }
    }
    definitions.into_values().collect()
}

/// The articles that would belong to the topic.
fn belonging(subject: &Subject) -> impl Iterator<Item = usize> {
    subject
        .articles
        .iter()
        .filter(|(_, strength)| **strength >= THRESHOLD)
        .map(|(article, _)| *article as usize)
}

fn is_candidate(subject: &Subject, articles: usize, fewest: usize) -> bool {
    let belong = belonging(subject).count();
    100 * subject.articles.len() <= MOST_ARTICLES * articles.max(10) && belong >= fewest
}

fn cover(covered: &mut [usize], subject: &Subject) {
    for article in belonging(subject) {
        covered[article] += 1;
    }
}

/// Takes the best candidate again and again. What a candidate adds only shrinks as others are taken, so that
/// one whose worth is still the highest after counting it anew is the best (lazy greedy; Minoux 1978).
fn choose(
    candidates: Vec<Subject>,
    covered: &mut [usize],
    most: usize,
    fewest: usize,
) -> Vec<Subject> {
    let worth = |subject: &Subject, covered: &[usize]| {
        let gain = belonging(subject)
            .map(|article| WORTH.get(covered[article]).copied().unwrap_or(1))
            .sum::<u64>();
        gain * weight(subject)
    };
    let mut heap: BinaryHeap<_> = candidates
        .iter()
        .enumerate()
        .map(|(index, subject)| (worth(subject, covered), Reverse(index)))
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

/// Several words say more than one, and so does a name that titles carry. Where there are no capitals,
/// a subject is known by this: a good part of the articles that use the word have it in their titles.
fn weight(subject: &Subject) -> u64 {
    let titles = u64::from(subject.uses.titles);
    let words = if subject.spelling().contains(' ') {
        3
    } else {
        2
    };
    if subject.uncased {
        return words * words * (4 + 8 * titles / titles.max(u64::from(subject.bodies)).max(1));
    }
    let belong = belonging(subject).count().max(1) as u64;
    words * (2 + 4 * titles.min(belong) / belong)
}

fn define(subject: &Subject, evidence: &Evidence) -> Option<TopicDefinition> {
    let name = subject
        .topic
        .clone()
        .unwrap_or_else(|| subject.spelling().to_owned());
    let is_everywhere =
        100 * subject.articles.len() > MOST_ARTICLES * evidence.articles.len().max(10);
    let mut phrases = match &subject.topic {
        Some(topic) if !is_distinctive(topic) || is_everywhere => Vec::new(),
        Some(topic) => vec![topic.clone()],
        None => Vec::new(),
    };
    if subject.topic.is_none() || !phrases.is_empty() {
        let mut spellings: Vec<_> = subject.spellings.iter().collect();
        spellings.sort_by_key(|(text, count)| (Reverse(**count), *text));
        phrases.extend(spellings.into_iter().map(|(text, _)| text.clone()));
    }
    Some(TopicDefinition {
        id: slug(&name)?,
        kind: kind(subject, evidence),
        name,
        phrases: without_needless(phrases),
    })
}

/// Without phrases that another one before them already finds: the same in capitals, or any case of one in small letters.
fn without_needless(phrases: Vec<String>) -> Vec<String> {
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
    kept.truncate(MOST_PHRASES);
    kept
}

/// Whether a topic's name can be looked for without finding half of the archive: `agile` cannot.
fn is_distinctive(name: &str) -> bool {
    let has_sign = name.chars().any(|c| c.is_uppercase() || c.is_numeric())
        || name.trim_matches('.').contains('.');
    has_sign || name.contains(' ')
}

fn kind(subject: &Subject, evidence: &Evidence) -> Option<String> {
    if subject.datelines > 1 {
        return Some("place".to_owned());
    }
    is_person(subject, evidence).then(|| "person".to_owned())
}

/// Two or three words of which none is part of a body's name or mostly written small,
/// mostly behind an honorific or often beside a verb of speech.
fn is_person(subject: &Subject, evidence: &Evidence) -> bool {
    let name = key(subject.spelling());
    let words: Vec<_> = name.split(' ').collect();
    let uses = subject.uses;
    let is_plain = |word: &&str| {
        let role = role(word);
        !role.body && !role.inner && !role.starter && evidence.common(word) < uses.sure
    };
    let titled = 2 * uses.after_honorific > uses.mentions;
    let speaks = uses.speaks >= 2 && 10 * (uses.speaks + uses.after_honorific) >= uses.mentions;
    (2..=3).contains(&words.len()) && words.iter().all(is_plain) && (titled || speaks)
}
