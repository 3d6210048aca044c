//! Finds the topics that an article belongs to by the rules of `topics.toml`.
//! Knows rules and how topics relate; never the front matter.

mod parts;
mod phrase_search;
mod rules;
mod term_search;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

pub(crate) use parts::{IN_LEAD, IN_TITLE, MAX_ELSEWHERE, lead_end};
pub(crate) use rules::{Cause, MAX_SUBJECTS, NEAR_STRONGEST};

use self::rules::{Found, Matched, Rules};
use crate::settings::TopicDefinition;
use crate::text::words::fold;

/// The most topics that one article gets from its text.
const MAX_TOPICS: usize = 8;

/// The default strength from which an article belongs to a topic:
/// the title, the lead and one more mention, or three mentions elsewhere.
pub(crate) const THRESHOLD: u32 = 3;

/// The rules of all topics. Built once, shared by threads.
#[derive(Debug)]
pub struct Matcher {
    rules: Rules,
    relations: Vec<Relation>,
    /// Folded ids, names and phrases.
    names: HashMap<String, usize>,
    threshold: u32,
}

/// How a topic relates to others.
#[derive(Debug, Clone, Default)]
struct Relation {
    /// The topic that has its articles: itself, or that into which it is merged; `None` if readers do not see it.
    shown_as: Option<usize>,
    /// The broader topics, the nearest first.
    ancestors: Vec<usize>,
}

/// Why an article has a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// The index of the topic.
    pub definition: usize,
    pub strength: u32,
    /// The strength that it needs.
    pub min: u32,
    pub causes: Vec<Cause>,
    /// The narrower or merged topics that brought it.
    pub from: Vec<usize>,
}

impl Matcher {
    /// `threshold` is the strength from which an article belongs, by default [`THRESHOLD`].
    pub fn new(definitions: &[TopicDefinition], threshold: u32) -> Self {
        let threshold = threshold.max(1);
        let by_id: HashMap<&str, usize> = (0..)
            .zip(definitions)
            .map(|(i, d)| (d.id.as_str(), i))
            .collect();
        let named = |id: Option<&String>| by_id.get(id?.as_str()).copied();
        let relations = (0..definitions.len()).map(|index| relation(definitions, index, &named));
        Self {
            relations: relations.collect(),
            rules: Rules::new(definitions, threshold),
            names: names(definitions),
            threshold,
        }
    }

    /// The topics of an article as (index of the definition, strength): strongest first, then broader ones, then in the
    /// order of the definitions. Without those in `not`. `body` is Markdown.
    ///
    /// Where a topic has a `min` of its own, its strength is shown in proportion to it, so that topics can be compared.
    pub fn topics(&self, title: &str, body: &str, not: &HashSet<usize>) -> Vec<(usize, u32)> {
        let matched = self.matched(&self.rules.find(title, body));
        let mut strengths: HashMap<usize, u32> = HashMap::new();
        for one in &matched {
            let strength = self.comparable(one);
            for topic in self.with_ancestors(one.definition, not) {
                let most = strengths.entry(topic).or_default();
                *most = strength.max(*most);
            }
        }
        let mut topics: Vec<(usize, u32)> = strengths.into_iter().collect();
        topics.sort_unstable_by_key(|(topic, strength)| {
            let depth = self.relations[*topic].ancestors.len();
            (std::cmp::Reverse(*strength), depth, *topic)
        });
        topics.truncate(MAX_TOPICS);
        topics
    }

    /// Why an article has the topics that [`Matcher::topics`] gives it, in the order of `topics.toml`.
    pub(crate) fn explain(&self, title: &str, body: &str) -> Vec<Explanation> {
        let found = self.rules.find(title, body);
        let mut explained: Vec<Explanation> = Vec::new();
        for one in self.matched(&found) {
            for topic in self.with_ancestors(one.definition, &HashSet::new()) {
                let at = explained.iter().position(|other| other.definition == topic);
                let at = at.unwrap_or_else(|| {
                    explained.push(Explanation {
                        definition: topic,
                        strength: 0,
                        min: one.min,
                        causes: Vec::new(),
                        from: Vec::new(),
                    });
                    explained.len() - 1
                });
                let explanation = &mut explained[at];
                if one.definition == topic {
                    (explanation.strength, explanation.min) = (one.strength, one.min);
                    explanation.causes = self.rules.causes(topic, &found);
                } else {
                    explanation.from.push(one.definition);
                }
            }
        }
        explained.sort_by_key(|explanation| explanation.definition);
        explained
    }

    fn matched(&self, found: &Found<'_>) -> Vec<Matched> {
        let is_broader = |a: usize, b: usize| self.relations[a].ancestors.contains(&b);
        self.rules
            .matched(found, |a, b| is_broader(a, b) || is_broader(b, a))
    }

    /// The topic that has the articles of a topic, and the broader ones, the nearest first; without those in `not`.
    pub fn with_ancestors(&self, topic: usize, not: &HashSet<usize>) -> Vec<usize> {
        let shown = self.relations[topic]
            .shown_as
            .filter(|shown| !not.contains(shown));
        let Some(shown) = shown.filter(|_| !not.contains(&topic)) else {
            return Vec::new();
        };
        let ancestors = self.relations[shown].ancestors.iter().copied();
        std::iter::once(shown)
            .chain(ancestors.filter(|topic| !not.contains(topic)))
            .collect()
    }

    /// The definition with a name that a person wrote: by id, then by name, then by phrase, ignoring case.
    /// Of several the first.
    pub fn resolve(&self, name: &str) -> Option<usize> {
        self.names.get(&fold(name)).copied()
    }

    /// The strength in proportion to what the topic needs.
    fn comparable(&self, one: &Matched) -> u32 {
        let strength =
            u64::from(one.strength) * u64::from(self.threshold) / u64::from(one.min.max(1));
        u32::try_from(strength).unwrap_or(u32::MAX)
    }
}

/// The relation of a topic; `named` gives the topic of an id. `topics.toml` has no circles, but nothing depends on that here.
fn relation(
    definitions: &[TopicDefinition],
    index: usize,
    named: &impl Fn(Option<&String>) -> Option<usize>,
) -> Relation {
    let mut shown_as = index;
    for _ in 0..definitions.len() {
        match named(definitions[shown_as].merge_into.as_ref()) {
            Some(next) => shown_as = next,
            None => break,
        }
    }
    let mut ancestors = Vec::new();
    let mut seen = HashSet::from([index, shown_as]);
    let mut at = shown_as;
    while let Some(parent) = named(definitions[at].parent.as_ref()) {
        at = parent;
        while let Some(next) =
            named(definitions[at].merge_into.as_ref()).filter(|_| seen.insert(at))
        {
            at = next;
        }
        if !seen.insert(at) {
            break;
        }
        if !definitions[at].hide {
            ancestors.push(at);
        }
    }
    Relation {
        shown_as: (!definitions[index].hide && !definitions[shown_as].hide).then_some(shown_as),
        ancestors,
    }
}

/// Indexes by folded id, name and phrase; ids win over names, names over phrases, and earlier definitions over later.
fn names(definitions: &[TopicDefinition]) -> HashMap<String, usize> {
    let indexed = || definitions.iter().enumerate();
    let ids = indexed().map(|(index, d)| (&d.id, index));
    let names = indexed().map(|(index, d)| (&d.name, index));
    let phrases =
        indexed().flat_map(|(index, d)| d.phrases.iter().map(move |phrase| (phrase, index)));
    let mut all = HashMap::new();
    for (name, index) in ids.chain(names).chain(phrases) {
        all.entry(fold(name)).or_insert(index);
    }
    all
}
