//! The terms of the articles and how they are used, in bounded memory.
//! Knows counts; never decides what is a topic.

use std::collections::{BTreeMap, HashMap};

use super::super::prose;
use super::subjects::Documents;
use super::{names, uncased};
use crate::text::words::fold;
use crate::topics::matching::{IN_LEAD, IN_TITLE, MAX_ELSEWHERE, lead_end};

/// In bytes, how much of a title or body is read: topics are mentioned early, and one huge article must not outweigh the rest.
const MAX_BYTES: usize = 64 * 1024;
/// Different names that are kept of one article, in the order of the text.
const MAX_NAMES: usize = 400;
/// In bytes. Longer texts are not names, and `topics.toml` would refuse them as phrases.
const MAX_TERM: usize = 120;
/// Topics that are read from the front matter of one article.
const MAX_TOPICS: usize = 64;
/// Different terms, and different words, that are kept; above this the rarest are dropped.
const MAX_TERMS: usize = 1 << 18;

/// Where a term was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum TermKind {
    /// A topic that front matter names.
    Topic,
    /// A dateline.
    Place,
    /// A name in a title or body.
    Name,
    /// Words of a title in a script without capitals.
    Words,
    /// An acronym, a newline, and the name that it stands for: `PVC\nPort Vale Council`.
    Acronym,
}

/// How a term was used, over all articles.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TermUsage {
    pub mentions: u32,
    /// Mentions whose capitals are not due to the start of a sentence.
    pub sure: u32,
    /// Articles that have it in the title.
    pub titles: u32,
    pub after_honorific: u32,
    pub speaks: u32,
    /// Articles that have it at all.
    pub articles: u32,
}

impl TermUsage {
    pub(crate) fn add(&mut self, other: TermUsage) {
        self.mentions += other.mentions;
        self.sure += other.sure;
        self.titles += other.titles;
        self.after_honorific += other.after_honorific;
        self.speaks += other.speaks;
        self.articles += other.articles;
    }
}

#[derive(Clone)]
pub(super) struct Term {
    pub kind: TermKind,
    pub text: String,
    pub uses: TermUsage,
}

/// The terms of some articles; mergeable.
///
/// Neither the order of [`Evidence::add`] nor that of [`Evidence::merge`] matters to [`super::propose`], as long as there
/// are no more than 262,144 different terms. Above that the rarest are dropped, and which ones depends on the order:
/// the same articles in the same order give the same evidence.
#[derive(Default)]
pub(crate) struct Evidence {
    ids: HashMap<(TermKind, String), u32>,
    pub(super) terms: Vec<Term>,
    /// For each article its terms and their strengths, with the weights of the matcher.
    pub(super) articles: Vec<Vec<(u32, u8)>>,
    /// How often each word was written in lowercase; for scripts without case, in how many bodies it is.
    words: HashMap<String, u32>,
    /// The words from which subjects are found.
    pub(super) documents: Documents,
}

impl Evidence {
    /// Adds an article. `place` is that of its dateline, `topics` are the names in its front matter, `body` is Markdown.
    pub(crate) fn add(&mut self, title: &str, body: &str, place: Option<&str>, topics: &[String]) {
        let prose = prose::of_markdown(beginning(body));
        let title = beginning(title)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let mut seen = BTreeMap::new();
        for name in topics
            .iter()
            .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
            .take(MAX_TOPICS)
        {
            add_once(&mut seen, TermKind::Topic, name, u32::from(u8::MAX));
        }
        if let Some(place) = place.map(as_name).filter(|place| !place.is_empty()) {
            add_once(&mut seen, TermKind::Place, place, IN_LEAD);
        }
        if uncased::is_uncased(&title) {
            self.add_uncased(&title, &prose, &mut seen);
        }
        self.add_names(&title, &prose, &mut seen);
        self.documents.add(&title, &prose);
        let mut article = Vec::with_capacity(seen.len());
        for ((kind, text), (uses, strength)) in seen {
            let id = self.id(kind, text);
            self.terms[id as usize].uses.add(uses);
            article.push((id, strength.min(u32::from(u8::MAX)) as u8));
        }
        self.articles.push(article);
        self.drop_rarest();
    }

    /// Adds the evidence of other articles.
    pub(crate) fn merge(mut self, other: Evidence) -> Evidence {
        let ids: Vec<_> = other
            .terms
            .into_iter()
            .map(|term| {
                let id = self.id(term.kind, term.text);
                self.terms[id as usize].uses.add(term.uses);
                id
            })
            .collect();
        for article in other.articles {
            self.articles.push(
                article
                    .into_iter()
                    .map(|(id, strength)| (ids[id as usize], strength))
                    .collect(),
            );
        }
        for (word, count) in other.words {
            *self.words.entry(word).or_default() += count;
        }
        self.documents.merge(other.documents);
        self.drop_rarest();
        self
    }

    /// How often a word was written in lowercase; for scripts without case, in how many bodies it is.
    pub(super) fn common(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or_default()
    }

    fn add_uncased(
        &mut self,
        title: &str,
        prose: &str,
        seen: &mut BTreeMap<(TermKind, String), (TermUsage, u32)>,
    ) {
        for word in uncased::words(prose) {
            self.count_word(word);
        }
        for text in uncased::terms(title) {
            let uses = TermUsage {
                mentions: 1,
                sure: 1,
                titles: 1,
                articles: 1,
                ..TermUsage::default()
            };
            if text.len() <= MAX_TERM {
                seen.insert((TermKind::Words, text), (uses, IN_TITLE));
            }
        }
    }

    fn add_names(
        &mut self,
        title: &str,
        prose: &str,
        seen: &mut BTreeMap<(TermKind, String), (TermUsage, u32)>,
    ) {
        let lead = lead_end(prose);
        let of_body = names::read(prose);
        let of_title = if names::is_title_case(title) {
            names::TextNames::default()
        } else {
            names::read(title)
        };
        for word in of_body.lowercase.iter().chain(&of_title.lowercase) {
            self.count_word(word);
        }
        let mut names: BTreeMap<String, (TermUsage, [u32; 3])> = BTreeMap::new();
        let parts = of_title.names.into_iter().map(|name| (name, 0));
        let parts = parts.chain(of_body.names.into_iter().map(|name| {
            let part = if name.at < lead { 1 } else { 2 };
            (name, part)
        }));
        for (name, part) in parts {
            if let Some(acronym) = name.acronym {
                add_once(
                    seen,
                    TermKind::Acronym,
                    format!("{acronym}\n{}", name.text),
                    0,
                );
            }
            let is_full = names.len() >= MAX_NAMES && !names.contains_key(&name.text);
            if is_full || name.text.len() > MAX_TERM {
                continue;
            }
            let (uses, mentions) = names.entry(name.text).or_default();
            uses.mentions += 1;
            uses.sure += u32::from(name.sure);
            uses.after_honorific += u32::from(name.after_honorific);
            uses.speaks += u32::from(name.speaks);
            mentions[part] += 1;
        }
        // The names in a title whose words are all capitalised are those that the body has too.
        let words = title_phrases(title);
        for (text, (mut uses, mut mentions)) in names {
            if mentions[0] == 0 && words.binary_search(&fold(&text)).is_ok() {
                mentions[0] = 1;
            }
            uses.titles = mentions[0].min(1);
            uses.articles = 1;
            let first = |part: usize| mentions[part].min(1);
            let others = mentions
                .iter()
                .map(|count| count.saturating_sub(1))
                .sum::<u32>()
                + first(2);
            let others = others.min(mentions.iter().sum::<u32>() - first(0) - first(1));
            let strength = IN_TITLE * first(0) + IN_LEAD * first(1) + others.min(MAX_ELSEWHERE);
            seen.insert((TermKind::Name, text), (uses, strength));
        }
    }

    fn id(&mut self, kind: TermKind, text: String) -> u32 {
        if let Some(id) = self.ids.get(&(kind, text.clone())) {
            return *id;
        }
        let id = self.terms.len() as u32;
        self.ids.insert((kind, text.clone()), id);
        self.terms.push(Term {
            kind,
            text,
            uses: TermUsage::default(),
        });
        id
    }

    fn count_word(&mut self, word: &str) {
        match self.words.get_mut(word) {
            Some(count) => *count += 1,
            None => {
                self.words.insert(word.to_owned(), 1);
            }
        }
    }

    /// Keeps both tables below their limit: drops the terms of the fewest articles until half is free.
    fn drop_rarest(&mut self) {
        let mut fewest = 1;
        while self.words.len() > MAX_TERMS {
            fewest *= 2;
            self.words.retain(|_, count| *count >= fewest);
        }
        if self.terms.len() <= MAX_TERMS {
            return;
        }
        let mut fewest = 2;
        while self
            .terms
            .iter()
            .filter(|term| term.uses.articles >= fewest)
            .count()
            > MAX_TERMS / 2
        {
            fewest += 1;
        }
        let mut kept = 0;
        let ids: Vec<_> = self
            .terms
            .iter()
            .map(|term| {
                let is_kept = term.uses.articles >= fewest;
                kept += u32::from(is_kept);
                is_kept.then(|| kept - 1)
            })
            .collect();
        self.terms.retain(|term| term.uses.articles >= fewest);
        self.ids = self
            .terms
            .iter()
            .zip(0..)
            .map(|(term, id)| ((term.kind, term.text.clone()), id))
            .collect();
        for article in &mut self.articles {
            *article = article
                .iter()
                .filter_map(|(id, strength)| Some((ids[*id as usize]?, *strength)))
                .collect();
        }
    }
}

/// The part of a text that is read.
fn beginning(text: &str) -> &str {
    let mut cut = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    &text[..cut]
}

fn add_once(
    seen: &mut BTreeMap<(TermKind, String), (TermUsage, u32)>,
    kind: TermKind,
    text: String,
    strength: u32,
) {
    if !text.is_empty() && text.len() <= MAX_TERM {
        let uses = TermUsage {
            mentions: 1,
            sure: 1,
            articles: 1,
            ..TermUsage::default()
        };
        seen.insert((kind, text), (uses, strength));
    }
}

/// The place of a dateline as a name: without what follows a comma, and `PORT VALE` as `Port Vale`.
fn as_name(place: &str) -> String {
    let place = place.split([',', '(', '/']).next().unwrap_or_default();
    let capitalise = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().into_iter();
        first
            .chain(chars.flat_map(char::to_lowercase))
            .collect::<String>()
    };
    let is_uppercase = !place.chars().any(char::is_lowercase) && place.chars().count() > 3;
    let words = place.split_whitespace();
    words
        .map(|word| {
            if is_uppercase {
                capitalise(word)
            } else {
                word.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// All runs of one to six words of a title, folded and sorted.
fn title_phrases(title: &str) -> Vec<String> {
    let folded = fold(title);
    let trim = |word: &'_ str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let words: Vec<_> = folded
        .split(' ')
        .take(60)
        .map(|word| trim(word.trim_end_matches("'s")))
        .collect();
    let mut phrases: Vec<_> = (1..=6)
        .flat_map(|length| words.windows(length))
        .map(|phrase| phrase.join(" "))
        .collect();
    phrases.sort_unstable();
    phrases
}
