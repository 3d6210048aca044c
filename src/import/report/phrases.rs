//! Phrases that were removed or repaired, counted by their text.

use std::cmp::Reverse;

use foldhash::HashMap;
use serde_json::{Value, json};

use super::NAMED;

/// How much of a phrase is kept and compared, in characters.
const LONGEST: usize = 60;

/// The most different phrases that are kept in memory.
const MOST: usize = 100_000;

/// Phrases, and how often each occurs.
#[derive(Debug, Default)]
pub struct Phrases {
    /// Articles that have a phrase.
    pub articles: usize,
    /// Phrases of all articles.
    pub phrases: usize,
    counts: HashMap<Box<str>, usize>,
}

impl Phrases {
    /// Those of one article, and how many more it does not list.
    pub fn of(listed: &[String], unlisted: usize) -> Self {
        let mut phrases = Self {
            articles: usize::from(!listed.is_empty()),
            phrases: listed.len() + unlisted,
            ..Self::default()
        };
        for phrase in listed {
            *phrases.counts.entry(shortened(phrase)).or_default() += 1;
        }
        phrases
    }

    pub fn join(&mut self, other: Self) {
        self.articles += other.articles;
        self.phrases += other.phrases;
        for (phrase, count) in other.counts {
            *self.counts.entry(phrase).or_default() += count;
        }
    }

    /// Drops the phrases that occurred once so far, where there are too many of them.
    pub fn prune(&mut self) {
        if self.counts.len() > MOST {
            self.counts.retain(|_, count| *count > 1);
        }
    }

    /// The most frequent phrases, each with its count.
    pub fn commonest(&self) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> = self.counts.iter().map(|(p, n)| (&**p, *n)).collect();
        all.sort_unstable_by_key(|(phrase, count)| (Reverse(*count), *phrase));
        all.truncate(NAMED);
        all
    }

    pub fn json(&self) -> Value {
        let commonest = self.commonest().into_iter();
        let commonest =
            commonest.map(|(phrase, count)| json!({ "phrase": phrase, "count": count }));
        json!({
            "articles": self.articles,
            "phrases": self.phrases,
            "commonest": commonest.collect::<Vec<_>>(),
        })
    }
}

/// A phrase on one line, shortened for display, without control characters, which a terminal could obey.
fn shortened(phrase: &str) -> Box<str> {
    let words = phrase.split_whitespace().flat_map(|word| [word, " "]);
    let mut characters = words.flat_map(str::chars).filter(|c| !c.is_control());
    let text: String = characters.by_ref().take(LONGEST).collect();
    let is_cut = characters.any(|c| c != ' ');
    let end = if is_cut { "…" } else { "" };
    format!("{}{end}", text.trim_end()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_come_first_and_long_ones_are_cut() {
        let long = "wörd ".repeat(50);
        let mut phrases = Phrases::of(&["Read  more".to_owned(), "X".to_owned()], 0);
        phrases.join(Phrases::of(&["Read more".to_owned(), long], 0));
        let shown: Vec<_> = phrases.commonest();
        assert_eq!(shown[..1], [("Read more", 2)]);
        let cut = shown
            .iter()
            .find(|(phrase, _)| phrase.ends_with('…'))
            .expect("one is long");
        assert_eq!(cut.0.chars().count(), 60);
        assert_eq!((phrases.articles, phrases.phrases), (2, 4));
    }

    #[test]
    fn phrases_that_a_list_omits_are_counted() {
        let listed = ["exam- ple → example".to_owned()];
        let phrases = Phrases::of(&listed, 7);
        assert_eq!((phrases.phrases, phrases.commonest().len()), (8, 1));
        assert_eq!(Phrases::of(&[], 0).phrases, 0);
    }
}
