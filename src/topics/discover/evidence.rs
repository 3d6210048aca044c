//! What was seen in the articles, in bounded memory.
//! Knows counts; never decides what is a topic.

use std::collections::{BTreeMap, HashMap};

use super::super::prose;
use super::super::words::fold;
use super::{names, uncased};
use crate::topics::matching::{IN_LEAD, IN_TITLE, MOST_ELSEWHERE, lead_end};

/// Of a body, what is read: subjects are named early, and one huge article must not outweigh the rest.
const MOST_BYTES: usize = 64 * 1024;
/// Different names kept of one article, in the order of the text.
const MOST_NAMES: usize = 400;
/// In bytes: what is longer names nothing, and `topics.toml` would refuse it as a phrase.
const LONGEST_TERM: usize = 120;
/// Names that front matter gives to one article.
const MOST_TOPICS: usize = 64;
/// Different terms and different words kept in all; above this the rarest are forgotten.
const MOST_TERMS: usize = 1 << 18;

/// What a term was seen as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Sort {
    /// A topic that front matter names.
    Topic,
    /// A dateline.
    Place,
    /// A name in a title or body.
    Name,
    /// Words of a title in a script without capitals.
    Words,
    /// `PVC` and a newline and `Port Vale Council`.
    Acronym,
}

/// How a term was used, over all articles.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Uses {
    pub mentions: u32,
    /// Mentions whose capitals say something.
    pub sure: u32,
    /// Articles with it in the title.
    pub titles: u32,
    pub after_honorific: u32,
    pub speaks: u32,
    /// Articles that have it at all.
    pub articles: u32,
}

impl Uses {
    pub fn add(&mut self, other: Uses) {
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
    pub sort: Sort,
    pub text: String,
    pub uses: Uses,
}

/// What was seen in some articles; mergeable.
///
/// Neither the order of [`Evidence::add`] nor that of [`Evidence::merge`] matters to what [`super::propose`] makes
/// of it, as long as no more than 262,144 different terms were seen. Above that the rarest are forgotten, and
/// which those are depends on the order alone: the same articles in the same order give the same evidence.
#[derive(Default)]
pub struct Evidence {
    ids: HashMap<(Sort, String), u32>,
    pub(super) terms: Vec<Term>,
    /// For each article its terms and how strongly it speaks of them (as the matcher weighs).
    pub(super) articles: Vec<Vec<(u32, u8)>>,
    /// How often a word was written in small letters; of scripts without case, in how many bodies.
    words: HashMap<String, u32>,
}

impl Evidence {
    /// `place` is the dateline's, `topics` are the names in the front matter, `body` is Markdown.
    pub fn add(&mut self, title: &str, body: &str, place: Option<&str>, topics: &[String]) {
        let prose = prose::of_markdown(beginning(body));
        let title = beginning(title)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let mut seen = BTreeMap::new();
        for name in topics
            .iter()
            .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
            .take(MOST_TOPICS)
        {
            once(&mut seen, Sort::Topic, name, u32::from(u8::MAX));
        }
        if let Some(place) = place.map(as_name).filter(|place| !place.is_empty()) {
            once(&mut seen, Sort::Place, place, IN_LEAD);
        }
        if uncased::is_uncased(&title) {
            self.see_uncased(&title, &prose, &mut seen);
        }
        self.see_names(&title, &prose, &mut seen);
        let mut article = Vec::with_capacity(seen.len());
        for ((sort, text), (uses, strength)) in seen {
            let id = self.id(sort, text);
            self.terms[id as usize].uses.add(uses);
            article.push((id, strength.min(u32::from(u8::MAX)) as u8));
        }
        self.articles.push(article);
        self.forget();
    }

    /// Both together.
    pub fn merge(mut self, other: Evidence) -> Evidence {
        let ids: Vec<_> = other
            .terms
            .into_iter()
            .map(|term| {
                let id = self.id(term.sort, term.text);
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
        self.forget();
        self
    }

    /// How often a word was written in small letters; of scripts without case, in how many bodies.
    pub(super) fn common(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or_default()
    }

    fn see_uncased(
        &mut self,
        title: &str,
        prose: &str,
        seen: &mut BTreeMap<(Sort, String), (Uses, u32)>,
    ) {
        for word in uncased::words(prose) {
            self.count_word(word);
        }
        for text in uncased::candidates(title) {
            let uses = Uses {
                mentions: 1,
                sure: 1,
                titles: 1,
                articles: 1,
                ..Uses::default()
            };
            if text.len() <= LONGEST_TERM {
                seen.insert((Sort::Words, text), (uses, IN_TITLE));
            }
        }
    }

    fn see_names(
        &mut self,
        title: &str,
        prose: &str,
        seen: &mut BTreeMap<(Sort, String), (Uses, u32)>,
    ) {
        let lead = lead_end(prose);
        let of_body = names::read(prose);
        let of_title = if names::is_title_case(title) {
            names::Found::default()
        } else {
            names::read(title)
        };
        for word in of_body.small.iter().chain(&of_title.small) {
            self.count_word(word);
        }
        let mut names: BTreeMap<String, (Uses, [u32; 3])> = BTreeMap::new();
        let parts = of_title.names.into_iter().map(|name| (name, 0));
        let parts = parts.chain(of_body.names.into_iter().map(|name| {
            let part = if name.at < lead { 1 } else { 2 };
            (name, part)
        }));
        for (name, part) in parts {
            if let Some(acronym) = name.acronym {
                once(seen, Sort::Acronym, format!("{acronym}\n{}", name.text), 0);
            }
            let is_full = names.len() >= MOST_NAMES && !names.contains_key(&name.text);
            if is_full || name.text.len() > LONGEST_TERM {
                continue;
            }
            let (uses, mentions) = names.entry(name.text).or_default();
            uses.mentions += 1;
            uses.sure += u32::from(name.sure);
            uses.after_honorific += u32::from(name.after_honorific);
            uses.speaks += u32::from(name.speaks);
            mentions[part] += 1;
        }
        // A title in capitals tells no names, but it may hold those that the body tells.
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
            let strength = IN_TITLE * first(0) + IN_LEAD * first(1) + others.min(MOST_ELSEWHERE);
            seen.insert((Sort::Name, text), (uses, strength));
        }
    }

    fn id(&mut self, sort: Sort, text: String) -> u32 {
        if let Some(id) = self.ids.get(&(sort, text.clone())) {
            return *id;
        }
        let id = self.terms.len() as u32;
        self.ids.insert((sort, text.clone()), id);
        self.terms.push(Term {
            sort,
            text,
            uses: Uses::default(),
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

    /// Keeps both tables below their bound: what the fewest articles have goes first, until half is free.
    fn forget(&mut self) {
        let mut fewest = 1;
        while self.words.len() > MOST_TERMS {
            fewest *= 2;
            self.words.retain(|_, count| *count >= fewest);
        }
        if self.terms.len() <= MOST_TERMS {
            return;
        }
        let mut fewest = 2;
        while self
            .terms
            .iter()
            .filter(|term| term.uses.articles >= fewest)
            .count()
            > MOST_TERMS / 2
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
            .map(|(term, id)| ((term.sort, term.text.clone()), id))
            .collect();
        for article in &mut self.articles {
            *article = article
                .iter()
                .filter_map(|(id, strength)| Some((ids[*id as usize]?, *strength)))
                .collect();
        }
    }
}

/// As much of a text as is read.
fn beginning(text: &str) -> &str {
    let mut cut = text.len().min(MOST_BYTES);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    &text[..cut]
}

fn once(seen: &mut BTreeMap<(Sort, String), (Uses, u32)>, sort: Sort, text: String, strength: u32) {
    if !text.is_empty() && text.len() <= LONGEST_TERM {
        let uses = Uses {
            mentions: 1,
            sure: 1,
            articles: 1,
            ..Uses::default()
        };
        seen.insert((sort, text), (uses, strength));
    }
}

/// A dateline's place as a name: without what follows a comma, and `PORT VALE` as `Port Vale`.
fn as_name(place: &str) -> String {
    let place = place.split([',', '(', '/']).next().unwrap_or_default();
    let capitalise = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().into_iter();
        first
            .chain(chars.flat_map(char::to_lowercase))
            .collect::<String>()
    };
    let shouts = !place.chars().any(char::is_lowercase) && place.chars().count() > 3;
    let words = place.split_whitespace();
    words
        .map(|word| {
            if shouts {
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
