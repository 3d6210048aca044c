//! Terms as subjects: every spelling of one thing together, with the articles that speak of it.
//! Knows what evidence says; never decides which subjects are worth a page.

use std::collections::BTreeMap;

use super::super::words::fold;
use super::evidence::{Evidence, Sort, Uses};
use super::names::is_acronym;
use super::vocabulary::role;

/// One thing that articles speak of.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// The name that front matter gives most often, where it gives one.
    pub topic: Option<String>,
    /// The spelling that stands for all, where one was taken into another.
    pub name: Option<String>,
    /// Spellings in texts and how often each was seen.
    pub spellings: BTreeMap<String, u32>,
    /// The articles that speak of it and how strongly, by article.
    pub articles: BTreeMap<u32, u32>,
    pub uses: Uses,
    /// Articles with it as the dateline.
    pub datelines: u32,
    /// Whether it was found in a script without capitals.
    pub uncased: bool,
    /// In how many bodies its rarest word is; counted only in scripts without capitals.
    pub bodies: u32,
}

impl Subject {
    /// The spelling that stands for all: the one seen most often unless another was settled; of equals the first in order.
    pub fn spelling(&self) -> &str {
        if let Some(name) = &self.name {
            return name;
        }
        let best = self
            .spellings
            .iter()
            .min_by_key(|(text, count)| (std::cmp::Reverse(**count), *text));
        best.map_or("", |(text, _)| text)
    }

    /// Takes another subject in and keeps its own name.
    pub fn absorb(&mut self, other: Subject) {
        if !self.spellings.is_empty() {
            self.name = Some(self.spelling().to_owned());
        }
        for (text, count) in other.spellings {
            *self.spellings.entry(text).or_default() += count;
        }
        for (article, strength) in other.articles {
            *self.articles.entry(article).or_default() += strength;
        }
        self.uses.add(other.uses);
        self.datelines += other.datelines;
        self.topic = self.topic.take().or(other.topic);
        self.uncased |= other.uncased;
    }
}

/// Subjects by key, and the acronyms that texts explain: (acronym's key, name's key) to how many articles do.
pub struct Subjects {
    pub by_key: BTreeMap<String, Subject>,
    pub acronyms: BTreeMap<(String, String), u32>,
}

/// What makes two spellings one: case, and the full stops of an acronym, aside.
pub fn key(text: &str) -> String {
    let joined: Vec<_> = text
        .split(' ')
        .map(|word| {
            if is_dotted(word) {
                word.replace('.', "")
            } else {
                word.to_owned()
            }
        })
        .collect();
    fold(&joined.join(" "))
}

fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && is_acronym(word)
        && word.split('.').all(|letter| letter.chars().count() < 2)
}

/// Gathers the terms that are seen in more than one article and may be the name of something.
pub fn gather(evidence: &Evidence) -> Subjects {
    let mut subjects = Subjects {
        by_key: BTreeMap::new(),
        acronyms: BTreeMap::new(),
    };
    // For each term the key of its subject, and which of the sorts weighs in.
    let mut topics: BTreeMap<String, BTreeMap<&str, u32>> = BTreeMap::new();
    let keys: Vec<_> = evidence
        .terms
        .iter()
        .map(|term| {
            let articles = term.uses.articles;
            match term.sort {
                Sort::Acronym => {
                    let (acronym, name) = term.text.split_once('\n')?;
                    *subjects
                        .acronyms
                        .entry((key(acronym), key(name)))
                        .or_default() += articles;
                    return None;
                }
                Sort::Topic => {
                    *topics
                        .entry(key(&term.text))
                        .or_default()
                        .entry(&term.text)
                        .or_default() += articles
                }
                Sort::Name if !is_name(evidence, &term.text, term.uses) => return None,
                Sort::Words if !is_rare(evidence, &term.text) => return None,
                _ => {}
            }
            (articles > 1 || term.sort == Sort::Topic).then(|| key(&term.text))
        })
        .collect();
    for (term, key) in evidence.terms.iter().zip(&keys) {
        let Some(key) = key else { continue };
        let subject = subjects.by_key.entry(key.clone()).or_default();
        match term.sort {
            Sort::Topic => {}
            Sort::Place => {
                subject.datelines += term.uses.articles;
                *subject.spellings.entry(term.text.clone()).or_default() += term.uses.articles;
            }
            _ => {
                if term.sort == Sort::Words {
                    subject.uncased = true;
                    subject.bodies = term
                        .text
                        .split(' ')
                        .map(|word| evidence.common(word))
                        .min()
                        .unwrap_or_default();
                }
                *subject.spellings.entry(term.text.clone()).or_default() += term.uses.mentions;
                subject.uses.add(term.uses);
            }
        }
    }
    for (article, number) in evidence.articles.iter().zip(0..) {
        for (id, strength) in article {
            if let Some(subject) = keys[*id as usize]
                .as_ref()
                .and_then(|key| subjects.by_key.get_mut(key))
            {
                *subject.articles.entry(number).or_default() += u32::from(*strength);
            }
        }
    }
    for (key, names) in topics {
        let best = names
            .iter()
            .min_by_key(|(text, count)| (std::cmp::Reverse(**count), **text));
        if let (Some((name, _)), true) = (best, names.values().sum::<u32>() > 1)
            && let Some(subject) = subjects.by_key.get_mut(&key)
        {
            subject.topic = Some((*name).to_owned());
        }
    }
    subjects
        .by_key
        .retain(|_, subject| subject.topic.is_some() || !subject.spellings.is_empty());
    subjects
}

/// Whether a run of capitals is a name: seen where capitals say something, no day, outlet or honorific, and
/// not a word that is mostly written small.
fn is_name(evidence: &Evidence, text: &str, uses: Uses) -> bool {
    let small = text.to_lowercase();
    let words: Vec<_> = small.split(' ').collect();
    let is_said_otherwise = |word: &&str| {
        let role = role(word);
        role.calendar || role.outlet || role.honorific || (role.starter && !is_acronym(text))
    };
    let is_small_word = |word: &&str| evidence.common(word) > uses.sure && !is_acronym(text);
    if uses.sure == 0
        || role(words[0]).outlet
        || role(&words.join("-")).outlet
        || words.iter().all(is_said_otherwise)
    {
        return false;
    }
    if words.iter().any(|word| role(word).calendar) && words.len() == 2 {
        return false;
    }
    match words.as_slice() {
        [one] => {
            one.chars().filter(|c| c.is_alphanumeric()).count() > 1
                && !is_small_word(one)
                && !role(one).body
                && !role(one).general
        }
        _ => true,
    }
}

/// Whether words in a script without capitals are rare enough in bodies to say something: at most a tenth have them.
fn is_rare(evidence: &Evidence, text: &str) -> bool {
    let most = evidence.articles.len() as u32 / 10;
    !text.split(' ').any(|word| role(word).general)
        && text
            .split(' ')
            .all(|word| evidence.common(word) <= most.max(2))
}
