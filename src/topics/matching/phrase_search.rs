//! Finds the phrases of topics in a text, the longest first: a phrase inside a longer one is not found.
//! Knows phrases; never what a mention is worth.

use std::collections::HashMap;
use std::iter;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

use crate::settings::TopicDefinition;
use crate::text::words::is_whole_words;
use crate::topics::phrases::{self, Phrase};
use crate::topics::prose;

/// Up to this many phrases the automaton is a DFA, which needs some kilobytes a phrase and is several times faster.
const MAX_DFA_PHRASES: usize = 4_000;

/// All phrases of all topics in one automaton.
#[derive(Debug)]
pub(super) struct PhraseSearch {
    /// `None` if there are no phrases.
    automaton: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
}

/// A text that the automaton searches for.
#[derive(Debug)]
struct Pattern {
    /// In bytes.
    length: usize,
    /// The phrases that it may be a spelling of.
    phrases: Vec<Phrase>,
    /// The longest other pattern that is a prefix of it.
    shorter: Option<usize>,
}

impl PhraseSearch {
    pub(super) fn new(definitions: &[TopicDefinition]) -> Self {
        let mut texts = Vec::new();
        let mut patterns = Vec::new();
        let mut known = HashMap::new();
        for (definition, phrase) in phrases::all(definitions) {
            for pattern in phrases::spellings_to_search(&phrase) {
                let at = *known
                    .entry(pattern.to_ascii_lowercase())
                    .or_insert_with(|| {
                        patterns.push(Pattern {
                            length: pattern.len(),
                            phrases: Vec::new(),
                            shorter: None,
                        });
                        texts.push(pattern);
                        patterns.len() - 1
                    });
                patterns[at].phrases.push(Phrase::new(definition, &phrase));
            }
        }
        for (text, pattern) in texts.iter().zip(&mut patterns) {
            let lowercase = text.to_ascii_lowercase();
            let ends = lowercase.char_indices().rev();
            let mut prefixes = ends.map(|(end, _)| &lowercase[..end]);
            pattern.shorter = prefixes.find_map(|prefix| known.get(prefix).copied());
        }
        let kind = if texts.len() <= MAX_DFA_PHRASES {
            AhoCorasickKind::DFA
        } else {
            AhoCorasickKind::ContiguousNFA
        };
        // Building fails only above two gigabytes of phrases.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .kind(Some(kind))
            .build(&texts)
            .ok()
            .filter(|_| !texts.is_empty());
        Self {
            automaton,
            patterns,
        }
    }

    /// Calls `mention` with each definition that the text mentions, and the bytes of the mention.
    ///
    /// The automaton ignores the case of ASCII and word boundaries. If the longest phrase that it finds has the wrong case
    /// or ends inside a word, shorter ones that begin there are tried: `New Yorker` does not hide `New York`.
    /// Phrases have a maximum length, so that this takes linear time.
    pub(super) fn each_mention(
        &self,
        text: &str,
        mut mention: impl FnMut(usize, std::ops::Range<usize>),
    ) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        let mut from = 0;
        while let Some(found) = automaton.find(Input::new(text).range(from..)) {
            let start = found.start();
            from = start + 1;
            let mut candidates = iter::successors(Some(found.pattern().as_usize()), |at| {
                self.patterns[*at].shorter
            });
            let longest = candidates
                .find(|at| self.is_mention(text, start, start + self.patterns[*at].length, *at));
            let Some(pattern) = longest.map(|at| &self.patterns[at]) else {
                continue;
            };
            from = start + pattern.length;
            let mut last = None;
            for phrase in pattern
                .phrases
                .iter()
                .filter(|phrase| phrase.matches(&text[start..from]))
            {
                if last.replace(phrase.definition) != Some(phrase.definition) {
                    mention(phrase.definition, start..from);
                }
            }
        }
    }

    fn is_mention(&self, text: &str, start: usize, end: usize, pattern: usize) -> bool {
        is_whole_words(text, start, end)
            && self.patterns[pattern]
                .phrases
                .iter()
                .any(|phrase| phrase.matches(&text[start..end]))
            && !prose::in_address(text, start)
    }
}
