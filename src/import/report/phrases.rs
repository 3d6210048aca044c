//! What was set aside or repaired, counted by what it says.

use std::cmp::Reverse;

use foldhash::HashMap;
use serde_json::{Value, json};

use super::NAMED;

/// How much of a phrase tells it from others, in characters.
const LONGEST: usize = 60;

/// The most different phrases that are kept in mind.
const MOST: usize = 100_000;

/// Phrases, and in how many places each stands.
#[derive(Debug, Default)]
pub struct Phrases {
    /// Articles that have any.
    pub articles: usize,
    /// Of all of them.
    pub phrases: usize,
    counts: HashMap<Box<str>, usize>,
}

impl Phrases {
    /// Those of one article.
    pub fn of(listed: &[String]) -> Self {
        let mut phrases = Self {
            articles: usize::from(!listed.is_empty()),
            phrases: listed.len(),
            ..Self::default()
        };
        for phrase in listed {
            *phrases.counts.entry(shortened(phrase)).or_default() += 1;
        }
        phrases
    }

    /// The repairs of one article, whose list ends with `and 7 more` where it is long.
    pub fn of_repairs(listed: &[String]) -> Self {
        let more = |last: &String| {
            let number = last.strip_prefix("and ")?.strip_suffix(" more")?;
            number.parse::<usize>().ok()
        };
        let last = listed.split_last();
        let Some((more, named)) = last.and_then(|(last, rest)| Some((more(last)?, rest))) else {
            return Self::of(listed);
        };
        let mut phrases = Self::of(named);
        phrases.phrases += more;
        phrases
    }

    pub fn join(&mut self, other: Self) {
        self.articles += other.articles;
        self.phrases += other.phrases;
        for (phrase, count) in other.counts {
            *self.counts.entry(phrase).or_default() += count;
        }
    }

    /// Forgets what stood in one place so far, where there is too much of it.
    pub fn prune(&mut self) {
        if self.counts.len() > MOST {
            self.counts.retain(|_, count| *count > 1);
        }
    }

    /// The commonest, each with its count.
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

/// A phrase on one line, and no longer than people want to read; a terminal could take control characters for orders.
fn shortened(phrase: &str) -> Box<str> {
    let words = phrase.split_whitespace().flat_map(|word| [word, " "]);
    let mut letters = words.flat_map(str::chars).filter(|c| !c.is_control());
    let text: String = letters.by_ref().take(LONGEST).collect();
    let is_cut = letters.any(|c| c != ' ');
    let end = if is_cut { "…" } else { "" };
    format!("{}{end}", text.trim_end()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_come_first_and_long_ones_are_cut() {
        let long = "wörd ".repeat(50);
        let mut phrases = Phrases::of(&["Read  more".to_owned(), "X".to_owned()]);
        phrases.join(Phrases::of(&["Read more".to_owned(), long]));
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
    fn what_a_list_leaves_out_is_counted() {
        let listed = ["exam- ple → example", "and 7 more"].map(str::to_owned);
        let phrases = Phrases::of_repairs(&listed);
        assert_eq!((phrases.phrases, phrases.commonest().len()), (8, 1));
        assert_eq!(Phrases::of_repairs(&[]).phrases, 0);
    }
}
