//! Proposes subjects: groups of articles that use the same words, written as rules of weighted words.
//! Knows the words of articles; never names or front matter.

mod clusters;
mod documents;
mod learn;
mod rules;
mod train;
mod vectors;
mod words;

use std::collections::BTreeSet;

use rayon::prelude::*;

pub(crate) use documents::Documents;
pub(crate) use learn::learn;

use self::documents::WordUse;
use self::rules::Rule;
use self::vectors::Sparse;
use crate::model::slug::{humanise, slug};
use crate::settings::TopicDefinition;

/// Fewer articles have no subjects that could be told from chance.
const MIN_ARTICLES: usize = 60;
/// There are so many subjects for each article under a square root.
const DENSITY: f64 = 0.8;
/// The number of subjects.
const SUBJECTS: std::ops::RangeInclusive<usize> = 6..=40;
/// With fewer subjects no broader ones are needed.
const MANY: usize = 10;
/// In percent: a broader subject with a larger share of the articles would say nothing.
const MAX_BROADER: usize = 30;
/// Subjects whose words are less alike than this have no broader subject in common.
const LEAST_ALIKE: f32 = 0.04;
/// A word of more than this share of the articles tells no subject, in percent.
const MAX_SHARE: usize = 40;
/// How often groups are found again from their rules.
const REFINEMENTS: usize = 6;
/// In percent: this share of the articles should have a subject.
const COVERED: usize = 99;
/// The strength that a subject needs.
const MIN: std::ops::RangeInclusive<i32> = 4..=24;
/// In tenths: a word of which so many articles have a pair of words at their beginning is a part of the pair.
const PART: u32 = 2;
/// The kind of a subject.
const KIND: &str = "subject";

/// Articles as words and vectors.
struct Corpus {
    words: Vec<WordUse>,
    articles: Vec<Vec<(u32, u16)>>,
    idf: Vec<f32>,
    vectors: Vec<Sparse>,
}

/// Proposes subjects, each broader one followed by its narrower ones.
pub(crate) fn propose(documents: &Documents) -> Vec<TopicDefinition> {
    let all = documents.len();
    if all < MIN_ARTICLES {
        return Vec::new();
    }
    let fewest = (all / 2_000).clamp(3, 10) as u32;
    let most = (all * MAX_SHARE / 100) as u32;
    let (words, articles) = documents.within(fewest, most);
    let articles: Vec<_> = articles.into_iter().map(|article| article.0).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let idf: Vec<f32> = words
        .iter()
        .map(|word| vectors::idf(word.articles, all))
        .collect();
    let corpus = Corpus {
        vectors: vectors::tf_idf(&articles, &idf),
        words,
        articles,
        idf,
    };
    let k = ((DENSITY * (all as f64).sqrt()) as usize).clamp(*SUBJECTS.start(), *SUBJECTS.end());
    let smallest = (all / 250).max(4);
    let groups = clusters::cluster(&corpus.vectors, corpus.words.len(), k, smallest);
    let (groups, rules) = corpus.refined(groups, smallest);
    corpus.define(&groups, &rules)
}

impl Corpus {
    /// Groups that are found by their rules alone, so that the rules say all that is known of them.
    fn refined(&self, mut groups: Vec<usize>, smallest: usize) -> (Vec<usize>, Vec<Rule>) {
        let mut rules = Vec::new();
        for _ in 0..REFINEMENTS {
            let k = groups.iter().max().map_or(0, |most| most + 1);
            let sizes = clusters::sizes(&groups, k);
            let mut centroids = clusters::centroids_of(&self.vectors, &groups, k, self.words.len());
            let mut kept = sizes.iter().map(|size| *size >= smallest);
            centroids.retain(|_| kept.next().unwrap_or(false));
            rules = rules::rules(&centroids, &self.idf);
            let by_word = rules::by_word(&rules, self.words.len());
            let best = |(counts, vector): (&Vec<(u32, u16)>, &Sparse)| {
                let strengths = rules::strengths(counts, &by_word, rules.len());
                let first_wins = |rule: &usize| (strengths[*rule], std::cmp::Reverse(*rule));
                let strongest = (0..strengths.len()).max_by_key(first_wins);
                match strongest {
                    Some(rule) if strengths[rule] > 0 => rule,
                    _ => clusters::nearest(vector, &centroids),
                }
            };
            let both = self.articles.par_iter().zip(&self.vectors);
            let next: Vec<usize> = both.map(best).collect();
            if next == groups {
                break;
            }
            groups = next;
        }
        (groups, rules)
    }

    /// The largest strength with which enough articles have a subject.
    fn min(&self, rules: &[Rule]) -> i32 {
        let by_word = rules::by_word(rules, self.words.len());
        let best = |counts: &Vec<(u32, u16)>| {
            let strengths = rules::strengths(counts, &by_word, rules.len());
            strengths.into_iter().max().unwrap_or_default() / 2
        };
        let mut strongest: Vec<i32> = self.articles.par_iter().map(best).collect();
        strongest.sort_unstable();
        let at = strongest.len() * (100 - COVERED) / 100;
        strongest
            .get(at)
            .copied()
            .unwrap_or_default()
            .clamp(*MIN.start(), *MIN.end())
    }

    fn define(&self, groups: &[usize], rules: &[Rule]) -> Vec<TopicDefinition> {
        let k = rules.len();
        let centroids = clusters::centroids_of(&self.vectors, groups, k, self.words.len());
        let min = self.min(rules) as u32;
        let broader = match k {
            k if k >= MANY => {
                let sizes = clusters::sizes(groups, k);
                let largest = groups.len() * MAX_BROADER / 100;
                clusters::broader(&centroids, &sizes, largest, LEAST_ALIKE)
            }
            _ => (0..k).map(|group| vec![group]).collect(),
        };
        let mut taken = BTreeSet::new();
        let mut definitions = Vec::new();
        // Narrow subjects are named first, as their words say more.
        let names: Vec<Option<String>> = (0..k)
            .map(|group| self.name(groups, &[group], &mut taken))
            .collect();
        for members in broader {
            let parent = match members.len() {
                1 => None,
                _ => self.name(groups, &members, &mut taken),
            };
            if let Some(name) = &parent {
                definitions.push(definition(name, None));
            }
            for group in members {
                let Some(name) = &names[group] else { continue };
                let words = rules[group].iter();
                definitions.push(TopicDefinition {
                    words: words
                        .map(|(word, weight)| (self.words[*word as usize].text.clone(), *weight))
                        .collect(),
                    min: Some(min),
                    ..definition(name, parent.as_ref().and_then(|parent| slug(parent)))
                });
            }
        }
        definitions
    }

    /// A word, or the pair of words that it is mostly a part of: `prime minister`.
    fn whole(&self, word: u32) -> &str {
        let own = &self.words[word as usize];
        let is_part = |pair: &&WordUse| {
            let mut parts = pair.text.split(' ');
            10 * pair.articles >= PART * own.articles
                && parts.clone().count() > 1
                && parts.any(|part| part == own.text)
        };
        let pairs = self.words.iter().filter(is_part);
        let best = pairs.max_by_key(|pair| (pair.articles, std::cmp::Reverse(&pair.text)));
        best.map_or(&own.text, |pair| &pair.text)
    }

    /// The word or phrase that tells some groups best, and that no other subject has as its name.
    fn name(
        &self,
        groups: &[usize],
        own: &[usize],
        taken: &mut BTreeSet<String>,
    ) -> Option<String> {
        let is_own = |group: &usize| own.contains(group);
        let of = |is_member: bool| {
            let members = self
                .vectors
                .iter()
                .zip(groups)
                .filter(|(_, group)| is_own(group) == is_member);
            vectors::centroid(members.map(|(vector, _)| vector), self.words.len())
        };
        let mut inside = vec![0_u32; self.words.len()];
        let mut size = 0_u32;
        for (counts, _) in self
            .articles
            .iter()
            .zip(groups)
            .filter(|(_, group)| is_own(group))
        {
            size += 1;
            for (word, _) in counts {
                inside[*word as usize] += 1;
            }
        }
        let share = |word: u32| inside[word as usize] as f32 / size.max(1) as f32;
        let best = rules::names(&of(true), &of(false), &self.words, share).into_iter();
        let mut texts = best.map(|word| self.whole(word));
        // One of a word and its plural is enough.
        let is_new = |text: &&str| {
            slug(text).is_some_and(|id| taken.insert(id.trim_end_matches('s').to_owned()))
        };
        let name = texts.find(is_new)?;
        Some(name.to_owned())
    }
}

fn definition(name: &str, parent: Option<String>) -> TopicDefinition {
    let id = slug(name).unwrap_or_default();
    TopicDefinition {
        name: humanise(&id),
        id,
        kind: Some(KIND.to_owned()),
        parent,
        ..TopicDefinition::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBJECTS: [[&str; 6]; 3] = [
        ["scrum", "rugby", "prop", "fullback", "tackle", "lineout"],
        [
            "inflation",
            "mortgage",
            "lender",
            "interest",
            "bonds",
            "deficit",
        ],
        [
            "orchestra",
            "violin",
            "conductor",
            "symphony",
            "cello",
            "overture",
        ],
    ];

    /// Articles about each subject in turn.
    fn articles() -> Vec<(String, String)> {
        let article = |n: usize| {
            let own = SUBJECTS[n % 3];
            let word = |step: usize| own[(n / 3 * step + step) % 6];
            let body = format!(
                "Yesterday the {} and a {} were seen near the town hall.\n\nPeople wondered about the {} again, number x{n}.",
                word(1),
                word(2),
                word(5)
            );
            (format!("On {} once more", word(1)), body)
        };
        (0..120).map(article).collect()
    }

    fn documents(articles: &[(String, String)]) -> Documents {
        let mut documents = Documents::default();
        for (title, body) in articles {
            documents.add(title, body);
        }
        documents
    }

    #[test]
    fn articles_that_use_the_same_words_have_a_subject_named_by_one_of_them() {
        let found = propose(&documents(&articles()));
        let narrow: Vec<_> = found.iter().filter(|topic| topic.is_subject()).collect();
        assert!(narrow.len() >= 3, "{found:#?}");
        for topic in narrow {
            let of = |word: &str| SUBJECTS.iter().position(|own| own.contains(&word));
            let subject = of(&topic.id);
            assert!(subject.is_some(), "{topic:?}");
            assert_eq!(topic.kind.as_deref(), Some("subject"));
            let strongest = topic.words.iter().max_by_key(|word| word.1);
            assert_eq!(strongest.and_then(|word| of(&word.0)), subject, "{topic:?}");
        }
    }

    #[test]
    fn a_parent_stands_before_its_narrower_subjects() {
        let found = propose(&documents(&articles()));
        for (at, topic) in found.iter().enumerate() {
            if let Some(parent) = &topic.parent {
                assert!(
                    found[..at].iter().any(|other| other.id == *parent),
                    "{found:?}"
                );
            }
        }
    }

    #[test]
    fn no_order_of_articles_and_parts_matters() {
        let articles = articles();
        let found = propose(&documents(&articles));
        let mut reversed = articles.clone();
        reversed.reverse();
        assert_eq!(propose(&documents(&reversed)), found);
        let (left, right) = articles.split_at(37);
        let mut merged = documents(right);
        merged.merge(documents(left));
        assert_eq!(propose(&merged), found);
    }

    #[test]
    fn few_articles_and_articles_without_words_have_no_subjects() {
        assert!(propose(&documents(&articles()[..MIN_ARTICLES - 1])).is_empty());
        let empty = vec![(String::new(), "1 2 3 …".to_owned()); 100];
        assert!(propose(&documents(&empty)).is_empty());
    }
}
