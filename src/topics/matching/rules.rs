//! Evaluates the rules of topics on one article. Knows mentions and weights; never knows the front matter.

use std::ops::Range;

use super::parts::{MentionCounts, Position, lead_end};
use super::phrase_search::PhraseSearch;
use super::term_search::{TermNo, TermSearch};
use crate::settings::{TextPart, TopicDefinition};
use crate::topics::prose;

/// A topic with weighted words needs this share of the strength of the strongest such topic, in percent. So an article is in
/// the subjects that it is most about, whatever its length.
pub(crate) const NEAR_STRONGEST: u64 = 70;
/// The most topics with weighted words that an article belongs to, besides those that are broader or narrower.
pub(crate) const MAX_SUBJECTS: usize = 3;
/// In bytes, how much text is examined for each word that `near` allows.
const BYTES_A_WORD: usize = 30;

/// The rules of all topics. Built once, shared by threads.
#[derive(Debug)]
pub(super) struct Rules {
    phrases: PhraseSearch,
    terms: TermSearch,
    /// For each term, the topics that use it.
    uses: Vec<Vec<Use>>,
    /// For each topic, what it needs.
    needs: Vec<Needs>,
}

/// How a topic uses a term.
#[derive(Debug, Clone, Copy)]
struct Use {
    definition: usize,
    /// What it adds to the strength; `None` if it counts as a phrase does.
    weight: Option<i32>,
}

#[derive(Debug, Default)]
struct Needs {
    min: u32,
    parts: Vec<TextPart>,
    any: Vec<TermNo>,
    all: Vec<TermNo>,
    not: Vec<TermNo>,
    near: Option<u32>,
    /// Whether it must be one of the strongest topics with weighted words.
    competes: bool,
}

/// The mentions in one article.
#[derive(Debug)]
pub(super) struct Found<'a> {
    title: &'a str,
    prose: String,
    /// Mentions of phrases, by definition.
    phrases: Vec<(usize, Position, Range<usize>)>,
    /// Hits of terms, by term.
    terms: Vec<(TermNo, Position, Range<usize>)>,
}

/// A topic that an article matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Matched {
    pub definition: usize,
    pub strength: u32,
    /// The strength that it needs.
    pub min: u32,
}

/// What caused a topic: a text, how often each part has it, and what it adds, if it is a weighted word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    pub text: String,
    pub counts: MentionCounts,
    pub weight: Option<i32>,
}

impl Rules {
    pub(super) fn new(definitions: &[TopicDefinition], threshold: u32) -> Self {
        let mut terms = TermSearch::default();
        let mut uses: Vec<Vec<Use>> = Vec::new();
        let mut needs = Vec::new();
        for (definition, topic) in definitions.iter().enumerate() {
            let mut add = |text: &str, used: Option<Use>| {
                let term = terms.add(text);
                uses.resize_with(uses.len().max(term + 1), Vec::new);
                uses[term].extend(used);
                term
            };
            for (word, weight) in &topic.words {
                let weight = Some(*weight);
                add(word, Some(Use { definition, weight }));
            }
            // A topic that only has conditions is about what they name.
            let is_only_conditions = topic.phrases.is_empty() && topic.words.is_empty();
            let weight = None;
            let counted = is_only_conditions.then_some(Use { definition, weight });
            let mut all_of = |texts: &[String], used: Option<Use>| -> Vec<TermNo> {
                texts.iter().map(|text| add(text, used)).collect()
            };
            needs.push(Needs {
                min: topic.min.unwrap_or(threshold),
                parts: topic.parts.clone(),
                any: all_of(&topic.any, counted),
                all: all_of(&topic.all, counted),
                not: all_of(&topic.not, None),
                near: topic.near,
                competes: topic.is_subject(),
            });
        }
        terms.finish();
        Self {
            phrases: PhraseSearch::new(definitions),
            terms,
            uses,
            needs,
        }
    }

    /// Everything that an article mentions. `body` is Markdown.
    pub(super) fn find<'a>(&self, title: &'a str, body: &str) -> Found<'a> {
        let prose = prose::of_markdown(body);
        let lead = lead_end(&prose);
        let position = |at: usize| match at < lead {
            true => Position::Lead,
            false => Position::Elsewhere,
        };
        let mut phrases = Vec::new();
        self.phrases.each_mention(title, |definition, at| {
            phrases.push((definition, Position::Title, at));
        });
        self.phrases.each_mention(&prose, |definition, at| {
            phrases.push((definition, position(at.start), at));
        });
        let mut terms = Vec::new();
        if !self.terms.is_empty() {
            self.terms
                .each(title, |term, at| terms.push((term, Position::Title, at)));
            self.terms.each(&prose, |term, at| {
                terms.push((term, position(at.start), at));
            });
            terms.sort_by_key(|hit| hit.0);
        }
        for (term, position, at) in &terms {
            let uses = self.uses[*term].iter().filter(|used| used.weight.is_none());
            phrases.extend(uses.map(|used| (used.definition, *position, at.clone())));
        }
        phrases.sort_by_key(|mention| mention.0);
        Found {
            title,
            prose,
            phrases,
            terms,
        }
    }

    /// The topics that an article matches, by definition.
    ///
    /// Topics with weighted words compete, except with those that `are_related`: broader and narrower ones.
    pub(super) fn matched(
        &self,
        found: &Found<'_>,
        are_related: impl Fn(usize, usize) -> bool,
    ) -> Vec<Matched> {
        let mut strengths = vec![(0_i64, false); self.needs.len()];
        for mentions in found.phrases.chunk_by(|a, b| a.0 == b.0) {
            let definition = mentions[0].0;
            let counted = self.counted(definition, mentions, found);
            let strength = MentionCounts::of(counted.map(|mention| mention.1)).strength();
            strengths[definition] = (2 * i64::from(strength), strength > 0);
        }
        for hits in found.terms.chunk_by(|a, b| a.0 == b.0) {
            for used in &self.uses[hits[0].0] {
                if let Some(weight) = used.weight {
                    let halves = self.counts_of(used.definition, hits).halves();
                    let (strength, is_mentioned) = &mut strengths[used.definition];
                    *strength += i64::from(weight) * i64::from(halves);
                    *is_mentioned |= halves > 0;
                }
            }
        }
        let mentioned = strengths
            .into_iter()
            .enumerate()
            .filter(|(_, (_, is_mentioned))| *is_mentioned);
        let matched = mentioned.filter_map(|(definition, (halves, _))| {
            let needs = &self.needs[definition];
            let strength = u32::try_from(halves / 2).unwrap_or_default();
            let is_one = strength >= needs.min && has_conditions(needs, found);
            is_one.then_some(Matched {
                definition,
                strength,
                min: needs.min,
            })
        });
        self.without_weak(matched.collect(), are_related)
    }

    /// What caused a topic in an article, the words that add most first.
    pub(super) fn causes(&self, definition: usize, found: &Found<'_>) -> Vec<Cause> {
        let text_at = |position: Position, at: &Range<usize>| match position {
            Position::Title => &found.title[at.clone()],
            _ => &found.prose[at.clone()],
        };
        let mut causes: Vec<Cause> = Vec::new();
        let mentions: Vec<_> = found
            .phrases
            .iter()
            .filter(|m| m.0 == definition)
            .cloned()
            .collect();
        let mut said: Vec<(String, Position)> = self
            .counted(definition, &mentions, found)
            .map(|(_, position, at)| (text_at(*position, at).to_owned(), *position))
            .collect();
        said.sort();
        for of_one in said.chunk_by(|a, b| a.0 == b.0) {
            causes.push(Cause {
                text: of_one[0].0.clone(),
                counts: MentionCounts::of(of_one.iter().map(|mention| mention.1)),
                weight: None,
            });
        }
        let phrases = causes.len();
        for hits in found.terms.chunk_by(|a, b| a.0 == b.0) {
            let uses = self.uses[hits[0].0]
                .iter()
                .filter(|used| used.definition == definition);
            for weight in uses.filter_map(|used| used.weight) {
                let counts = self.counts_of(definition, hits);
                let added = weight * counts.halves() / 2;
                if counts.halves() > 0 {
                    causes.push(Cause {
                        text: self.terms.text(hits[0].0).to_owned(),
                        counts,
                        weight: Some(added),
                    });
                }
            }
        }
        causes[phrases..].sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
        causes
    }

    /// The mentions of a topic's phrases that count: in the parts that it names, and near what it needs.
    fn counted<'m>(
        &'m self,
        definition: usize,
        mentions: &'m [(usize, Position, Range<usize>)],
        found: &'m Found<'_>,
    ) -> impl Iterator<Item = &'m (usize, Position, Range<usize>)> {
        let needs = &self.needs[definition];
        let is_near = move |position: Position, at: &Range<usize>| match needs.near {
            Some(words) => needs
                .any
                .iter()
                .any(|term| found.has_near(*term, position, at, words)),
            None => true,
        };
        mentions
            .iter()
            .filter(|(_, position, _)| position.is_in(&needs.parts))
            .filter(move |(_, position, at)| is_near(*position, at))
    }

    fn counts_of(
        &self,
        definition: usize,
        hits: &[(TermNo, Position, Range<usize>)],
    ) -> MentionCounts {
        let parts = &self.needs[definition].parts;
        let positions = hits.iter().map(|hit| hit.1);
        MentionCounts::of(positions.filter(|position| position.is_in(parts)))
    }

    /// Of the topics with weighted words, those that are nearly as strong as the strongest.
    fn without_weak(
        &self,
        matched: Vec<Matched>,
        are_related: impl Fn(usize, usize) -> bool,
    ) -> Vec<Matched> {
        let competes = |one: &Matched| self.needs[one.definition].competes;
        // In hundredths of what each needs, as topics may need different strengths.
        let share = |one: &Matched| 100 * u64::from(one.strength) / u64::from(one.min.max(1));
        let mut kept: Vec<Matched> = Vec::with_capacity(matched.len());
        for one in &matched {
            if !competes(one) {
                kept.push(*one);
                continue;
            }
            let is_rival = |other: &&Matched| {
                competes(other) && !are_related(one.definition, other.definition)
            };
            let rivals = || matched.iter().filter(is_rival);
            let strongest = rivals().map(share).max().unwrap_or_default();
            let key = |one: &Matched| (std::cmp::Reverse(share(one)), one.definition);
            let rank = rivals().filter(|other| key(other) < key(one)).count();
            if 100 * share(one) >= NEAR_STRONGEST * strongest && rank < MAX_SUBJECTS {
                kept.push(*one);
            }
        }
        kept
    }
}

/// Whether an article has what a topic needs beside its own phrases and words.
fn has_conditions(needs: &Needs, found: &Found<'_>) -> bool {
    (needs.any.is_empty() || needs.any.iter().any(|term| found.has(*term)))
        && needs.all.iter().all(|term| found.has(*term))
        && !needs.not.iter().any(|term| found.has(*term))
}

impl Found<'_> {
    fn hits(&self, term: TermNo) -> &[(TermNo, Position, Range<usize>)] {
        let start = self.terms.partition_point(|hit| hit.0 < term);
        let end = self.terms.partition_point(|hit| hit.0 <= term);
        &self.terms[start..end]
    }

    fn has(&self, term: TermNo) -> bool {
        !self.hits(term).is_empty()
    }

    /// Whether a term is at most so many words away from a mention, in the same part of the article. Hits of a term are in
    /// the order of the text, so that the nearest are beside the mention.
    fn has_near(&self, term: TermNo, position: Position, at: &Range<usize>, words: u32) -> bool {
        let in_title = position == Position::Title;
        let text = if in_title { self.title } else { &self.prose };
        let hits = self.hits(term);
        let titles = hits.partition_point(|hit| hit.1 == Position::Title);
        let hits = if in_title {
            &hits[..titles]
        } else {
            &hits[titles..]
        };
        let next = hits.partition_point(|hit| hit.2.start < at.start);
        let beside = [next.checked_sub(1), Some(next)].into_iter().flatten();
        beside
            .filter_map(|index| hits.get(index))
            .any(|(_, _, other)| {
                let (from, to) = match other.start < at.start {
                    true => (other.end.min(at.start), at.start),
                    false => (at.end.min(other.start), other.start),
                };
                let between = &text.as_bytes()[from..to];
                between.len() <= BYTES_A_WORD * words as usize
                    && between
                        .split(u8::is_ascii_whitespace)
                        .filter(|word| !word.is_empty())
                        .count()
                        < words as usize
            })
    }
}
