//! Candidates for topics: the spellings of one thing together, with the articles that mention it.
//! Knows the evidence; never decides which candidates become topics.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{Evidence, Term, TermKind, TermUsage};
use super::gazetteer::is_place;
use super::names::is_acronym;
use super::vocabulary::{ACRONYM_WORDS, role};
use crate::text::words::fold;

/// Something that articles mention and that may become a topic.
#[derive(Debug, Clone, Default)]
pub(crate) struct Candidate {
    /// The name that front matter gives it most often, if any.
    pub topic: Option<String>,
    /// The preferred spelling, if it was settled when candidates were merged.
    pub name: Option<String>,
    /// The spellings in texts, and how often each is used.
    pub spellings: BTreeMap<String, u32>,
    /// The articles that mention it, and the strengths.
    pub articles: BTreeMap<u32, u32>,
    pub uses: TermUsage,
    /// The number of articles that have it as the dateline.
    pub datelines: u32,
    /// Whether it is of a script without case.
    pub uncased: bool,
    /// The number of bodies that have its rarest word; counted in scripts without case only.
    pub bodies: u32,
}

impl Candidate {
    /// The preferred spelling: the settled one, else the most frequent; of equals the first in order.
    pub(crate) fn spelling(&self) -> &str {
        if let Some(name) = &self.name {
            return name;
        }
        let best = self
            .spellings
            .iter()
            .min_by_key(|(text, count)| (Reverse(**count), *text));
        best.map_or("", |(text, _)| text)
    }

    /// Adds the use of a term.
    fn add(&mut self, term: &Term, evidence: &Evidence) {
        let count = match term.kind {
            TermKind::Topic => return,
            TermKind::Place => {
                self.datelines += term.uses.articles;
                term.uses.articles
            }
            _ => {
                self.uses.add(term.uses);
                term.uses.mentions
            }
        };
        *self.spellings.entry(term.text.clone()).or_default() += count;
        if term.kind == TermKind::Words {
            let words = term.text.split(' ');
            let bodies = words.map(|word| evidence.common(word)).min();
            (self.uncased, self.bodies) = (true, bodies.unwrap_or_default());
        }
    }

    /// Merges another candidate into this one, which keeps its name.
    pub(crate) fn merge(&mut self, other: Candidate) {
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

/// The candidates by key.
pub(crate) struct Candidates {
    pub by_key: BTreeMap<String, Candidate>,
    /// The acronyms that texts explain: (key of the acronym, key of the name) → number of articles.
    pub acronyms: BTreeMap<(String, String), u32>,
}

/// The key that spellings of one thing share: the folded text, without the full stops of acronyms.
pub(crate) fn key(text: &str) -> String {
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

/// Gathers the terms that are in more than one article and may be names, and the topics of front matter.
pub(crate) fn gather(evidence: &Evidence) -> Candidates {
    let key_of = |term: &Term| is_candidate(evidence, term).then(|| key(&term.text));
    let keys: Vec<_> = evidence.terms.iter().map(key_of).collect();
    let mut by_key: BTreeMap<String, Candidate> = BTreeMap::new();
    for (term, key) in evidence.terms.iter().zip(&keys) {
        if let Some(key) = key {
            let candidate = by_key.entry(key.clone()).or_default();
            candidate.add(term, evidence);
        }
    }
    for (article, number) in evidence.articles.iter().zip(0..) {
        for (id, strength) in article {
            let key = keys[*id as usize].as_ref();
            if let Some(candidate) = key.and_then(|key| by_key.get_mut(key)) {
                *candidate.articles.entry(number).or_default() += u32::from(*strength);
            }
        }
    }
    set_topics(&mut by_key, evidence);
    for fragment in fragments(evidence) {
        let is_nothing_else =
            |candidate: &mut Candidate| candidate.topic.is_none() && candidate.datelines == 0;
        if by_key.get_mut(&fragment).is_some_and(is_nothing_else) {
            by_key.remove(&fragment);
        }
    }
    by_key.retain(|_, candidate| candidate.topic.is_some() || !candidate.spellings.is_empty());
    Candidates {
        by_key,
        acronyms: acronyms(evidence),
    }
}

fn is_candidate(evidence: &Evidence, term: &Term) -> bool {
    let is_repeated = term.uses.articles > 1;
    match term.kind {
        TermKind::Topic => true,
        TermKind::Place => is_repeated,
        TermKind::Name => is_repeated && is_name(evidence, &term.text, term.uses),
        TermKind::Words => is_repeated && is_rare(evidence, &term.text),
        TermKind::Acronym => false,
    }
}

/// The keys of single words that are mostly part of whole names in the same article, and not always of the same name: `Williams`
/// beside `Serena Williams` in one article and beside `Robbie Williams` in another.
fn fragments(evidence: &Evidence) -> Vec<String> {
    let of_term = |term: &Term| -> Vec<String> {
        let words: Vec<&str> = term.text.split(' ').collect();
        match (term.kind, words.as_slice()) {
            (TermKind::Name, [first, .., last]) if words.len() < 4 => vec![key(first), key(last)],
            _ => Vec::new(),
        }
    };
    let parts: Vec<Vec<String>> = evidence.terms.iter().map(of_term).collect();
    let mut alone: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut wholes: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for article in &evidence.articles {
        let inside: BTreeSet<&str> = article
            .iter()
            .flat_map(|(id, _)| &parts[*id as usize])
            .map(String::as_str)
            .collect();
        for (id, _) in article {
            let term = &evidence.terms[*id as usize];
            for part in &parts[*id as usize] {
                wholes.entry(part).or_default().insert(*id);
            }
            if term.kind == TermKind::Name && !term.text.contains(' ') {
                let key = key(&term.text);
                let is_inside = inside.contains(key.as_str());
                let (articles, explained) = alone.entry(key).or_default();
                *articles += 1;
                *explained += u32::from(is_inside);
            }
        }
    }
    let is_fragment = |(key, (articles, explained)): &(String, (u32, u32))| {
        let several = wholes
            .get(key.as_str())
            .is_some_and(|names| names.len() > 1);
        several && !is_place(key) && 2 * explained >= *articles
    };
    let fragments = alone.into_iter().filter(is_fragment);
    fragments.map(|(key, _)| key).collect()
}

/// Sets the topic of each candidate that front matter names more than once: the most frequent spelling.
fn set_topics(by_key: &mut BTreeMap<String, Candidate>, evidence: &Evidence) {
    let mut names_by_key: BTreeMap<String, BTreeMap<&str, u32>> = BTreeMap::new();
    let is_topic = |term: &&Term| term.kind == TermKind::Topic;
    for term in evidence.terms.iter().filter(is_topic) {
        let names = names_by_key.entry(key(&term.text)).or_default();
        *names.entry(&term.text).or_default() += term.uses.articles;
    }
    for (key, names) in names_by_key {
        let best = names
            .iter()
            .min_by_key(|(text, count)| (Reverse(**count), **text));
        if let (Some((name, _)), true) = (best, names.values().sum::<u32>() > 1)
            && let Some(candidate) = by_key.get_mut(&key)
        {
            candidate.topic = Some((*name).to_owned());
        }
    }
}

/// The acronyms that texts explain, as in [`Candidates::acronyms`].
fn acronyms(evidence: &Evidence) -> BTreeMap<(String, String), u32> {
    let mut acronyms = BTreeMap::new();
    for term in &evidence.terms {
        if term.kind == TermKind::Acronym
            && let Some((acronym, name)) = term.text.split_once('\n')
        {
            *acronyms.entry((key(acronym), key(name))).or_default() += term.uses.articles;
        }
    }
    acronyms
}

/// Whether a capitalised term is a name: capitalised not only at the start of a sentence, not a day, an outlet or
/// an honorific, and not a word that is mostly lowercase.
fn is_name(evidence: &Evidence, text: &str, uses: TermUsage) -> bool {
    let lowercase = text.to_lowercase();
    let words: Vec<_> = lowercase.split(' ').collect();
    let is_other_role = |word: &&str| {
        let role = role(word);
        role.calendar || role.outlet || role.honorific || (role.starter && !is_acronym(text))
    };
    let is_common_word = |word: &&str| {
        let common = evidence.common(word);
        match is_acronym(text) {
            true => common > 2 * uses.sure && !ACRONYM_WORDS.contains(word),
            false => common > uses.sure,
        }
    };
    if uses.sure == 0
        || role(words[0]).outlet
        || role(&words.join("-")).outlet
        || words.iter().all(is_other_role)
    {
        return false;
    }
    if words.iter().any(|word| role(word).calendar) && words.len() == 2 {
        return false;
    }
    let letters = lowercase.trim_end_matches(|c: char| c.is_numeric());
    if letters.len() < lowercase.len() && role(letters).calendar {
        return false;
    }
    match words.as_slice() {
        [one] => {
            one.chars().filter(|c| c.is_alphanumeric()).count() > 1
                && !is_common_word(one)
                && !role(one).body
                && !role(one).general
        }
        _ => true,
    }
}

/// Whether the words of a term in a script without case are distinctive: in at most a tenth of the bodies.
fn is_rare(evidence: &Evidence, text: &str) -> bool {
    let most = evidence.articles.len() as u32 / 10;
    !text.split(' ').any(|word| role(word).general)
        && text
            .split(' ')
            .all(|word| evidence.common(word) <= most.max(2))
}
