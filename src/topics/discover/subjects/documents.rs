//! Articles as bags of words, in bounded memory. Knows counts; never what is a subject.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::words::{StopWords, each_word};
use crate::topics::matching::lead_end;

/// Different words that are kept; above this the rarest are dropped.
const MAX_WORDS: usize = 1 << 18;
/// Different words of one article that are kept, in the order of the text.
const MAX_OF_ARTICLE: usize = 400;
/// In bytes, how much of a body is read: an article says early what it is about.
const MAX_BODY: usize = 12_000;
/// How often a word of the title counts.
const IN_TITLE: u16 = 3;

/// The words of some articles; mergeable, in any order.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    ids: HashMap<String, u32>,
    words: Vec<WordUse>,
    articles: Vec<Bag>,
}

/// A word over all articles.
#[derive(Debug, Clone, Default)]
pub(super) struct WordUse {
    pub text: String,
    pub articles: u32,
    /// Occurrences, and those of them without a capital.
    pub total: u32,
    pub lowercase: u32,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bag {
    /// Of title and body, so that no order of articles matters.
    digest: u64,
    /// Sorted by word.
    counts: Vec<(u32, u16)>,
    labels: Vec<usize>,
}

/// Articles as counts of words, each with its labels.
pub(super) type Counted = Vec<(Vec<(u32, u16)>, Vec<usize>)>;

impl Documents {
    /// Adds an article. `prose` is its body as text.
    pub(crate) fn add(&mut self, title: &str, prose: &str) {
        let mut end = prose.len().min(MAX_BODY);
        while !prose.is_char_boundary(end) {
            end -= 1;
        }
        let prose = &prose[..end];
        let lead = lead_end(prose);
        let stop = StopWords::of(prose);
        let mut counts: HashMap<u32, u16> = HashMap::new();
        for (text, times, pairs) in [
            (title, IN_TITLE, true),
            (&prose[..lead], 1, true),
            (&prose[lead..], 1, false),
        ] {
            each_word(text, &stop, pairs, |word| {
                let id = self.id(word.text);
                if counts.len() >= MAX_OF_ARTICLE && !counts.contains_key(&id) {
                    return;
                }
                let usage = &mut self.words[id as usize];
                usage.total += 1;
                usage.lowercase += u32::from(word.is_lowercase);
                let count = counts.entry(id).or_default();
                usage.articles += u32::from(*count == 0);
                *count = count.saturating_add(times);
            });
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable();
        self.articles.push(Bag {
            digest: xxh3_64(format!("{title}\n{prose}").as_bytes()),
            counts,
            labels: Vec::new(),
        });
        self.drop_rarest();
    }

    /// Sets the labels of the article that was added last.
    pub(crate) fn label(&mut self, labels: Vec<usize>) {
        if let Some(article) = self.articles.last_mut() {
            article.labels = labels;
        }
    }

    /// Adds other articles.
    pub(crate) fn merge(&mut self, other: Self) {
        let ids: Vec<u32> = other
            .words
            .into_iter()
            .map(|word| {
                let id = self.id(word.text);
                let usage = &mut self.words[id as usize];
                usage.articles += word.articles;
                usage.total += word.total;
                usage.lowercase += word.lowercase;
                id
            })
            .collect();
        for mut article in other.articles {
            for (id, _) in &mut article.counts {
                *id = ids[*id as usize];
            }
            article.counts.sort_unstable();
            self.articles.push(article);
        }
        self.drop_rarest();
    }

    pub(super) fn len(&self) -> usize {
        self.articles.len()
    }

    /// The words that at least `fewest` and at most `most` articles have, sorted, and the articles as counts of them. No order
    /// of adding and merging matters.
    pub(super) fn within(&self, fewest: u32, most: u32) -> (Vec<WordUse>, Counted) {
        let mut kept: Vec<usize> = (0..self.words.len())
            .filter(|id| (fewest..=most).contains(&self.words[*id].articles))
            .collect();
        kept.sort_unstable_by(|a, b| self.words[*a].text.cmp(&self.words[*b].text));
        let mut numbers = vec![None; self.words.len()];
        for (number, id) in (0..).zip(&kept) {
            numbers[*id] = Some(number);
        }
        let mut articles: Vec<Bag> = self
            .articles
            .iter()
            .map(|article| {
                let counts = article.counts.iter();
                let counts =
                    counts.filter_map(|(id, count)| Some((numbers[*id as usize]?, *count)));
                let mut counts: Vec<(u32, u16)> = counts.collect();
                counts.sort_unstable();
                Bag {
                    digest: article.digest,
                    counts,
                    labels: article.labels.clone(),
                }
            })
            .collect();
        articles.sort_unstable();
        let words = kept.into_iter().map(|id| self.words[id].clone()).collect();
        (
            words,
            articles
                .into_iter()
                .map(|article| (article.counts, article.labels))
                .collect(),
        )
    }

    fn id(&mut self, text: String) -> u32 {
        if let Some(id) = self.ids.get(&text) {
            return *id;
        }
        let id = self.words.len() as u32;
        self.words.push(WordUse {
            text: text.clone(),
            ..WordUse::default()
        });
        self.ids.insert(text, id);
        id
    }

    /// Keeps the table of words below its limit: drops those of the fewest articles until half is free.
    fn drop_rarest(&mut self) {
        if self.words.len() <= MAX_WORDS {
            return;
        }
        let mut fewest = 2;
        while self
            .words
            .iter()
            .filter(|word| word.articles >= fewest)
            .count()
            > MAX_WORDS / 2
        {
            fewest += 1;
        }
        let mut numbers = vec![None; self.words.len()];
        let mut kept = Vec::with_capacity(MAX_WORDS);
        for (id, word) in std::mem::take(&mut self.words).into_iter().enumerate() {
            if word.articles >= fewest {
                numbers[id] = Some(kept.len() as u32);
                kept.push(word);
            }
        }
        self.ids = kept
            .iter()
            .zip(0..)
            .map(|(word, id)| (word.text.clone(), id))
            .collect();
        self.words = kept;
        for article in &mut self.articles {
            let counts = article.counts.iter();
            let counts = counts.filter_map(|(id, count)| Some((numbers[*id as usize]?, *count)));
            article.counts = counts.collect();
        }
    }
}
