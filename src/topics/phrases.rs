//! The phrases of topics: how they are spelt in texts, and which case they match. Never reads an article.

use crate::settings::TopicDefinition;

/// A phrase of a topic.
#[derive(Debug)]
pub(crate) struct Phrase {
    /// The index of its topic.
    pub definition: usize,
    /// In uppercase, and exactly as written, both with straight apostrophes; `None` if it matches in any case.
    spellings: Option<[String; 2]>,
}

impl Phrase {
    pub(crate) fn new(definition: usize, phrase: &str) -> Self {
        let straight = phrase.replace('’', "'");
        let has_capital = phrase.chars().any(char::is_uppercase);
        Self {
            definition,
            spellings: has_capital.then(|| [straight.to_uppercase(), straight]),
        }
    }

    /// Smart case: a lowercase phrase matches in any case, one with a capital only as it is or in uppercase.
    pub(crate) fn matches(&self, written: &str) -> bool {
        let Some(spellings) = &self.spellings else {
            return true;
        };
        let is_one = |written: &str| spellings.iter().any(|spelling| spelling == written);
        is_one(written) || (written.contains('’') && is_one(&written.replace('’', "'")))
    }
}

/// Every phrase with the index of its definition, in the order of the file, one space between words.
pub(crate) fn all(definitions: &[TopicDefinition]) -> impl Iterator<Item = (usize, String)> {
    definitions
        .iter()
        .enumerate()
        .flat_map(|(index, definition)| {
            let phrases = definition
                .phrases
                .iter()
                .map(|phrase| phrase.split_whitespace().collect::<Vec<_>>().join(" "));
            phrases
                .filter(|phrase| !phrase.is_empty())
                .map(move |phrase| (index, phrase))
        })
}

/// The texts to search for. The automaton ignores the case of ASCII only, so that other letters need a text for each
/// case; and there are two apostrophes.
pub(crate) fn spellings_to_search(phrase: &str) -> Vec<String> {
    let mut spellings = vec![phrase.to_owned()];
    if !phrase.is_ascii() {
        spellings.push(phrase.to_uppercase());
        if !phrase.chars().any(char::is_uppercase) {
            spellings.push(with_capitals(phrase, 1));
            spellings.push(with_capitals(phrase, usize::MAX));
        }
    }
    if phrase.contains(['\'', '’']) {
        for at in 0..spellings.len() {
            spellings.push(spellings[at].replace('\'', "’"));
            spellings.push(spellings[at].replace('’', "'"));
        }
    }
    spellings.sort_unstable();
    spellings.dedup_by_key(|spelling| spelling.to_ascii_lowercase());
    spellings
}

/// The phrase with the first `words` words capitalised.
fn with_capitals(phrase: &str, words: usize) -> String {
    let capital = |(index, word): (usize, &str)| {
        let mut chars = word.chars();
        match chars.next() {
            Some(first) if index < words => first.to_uppercase().chain(chars).collect(),
            _ => word.to_owned(),
        }
    };
    phrase
        .split(' ')
        .enumerate()
        .map(capital)
        .collect::<Vec<String>>()
        .join(" ")
}
