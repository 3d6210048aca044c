//! Finds the topics that an article belongs to by the phrases that it uses.
//! Knows phrases and the weights of mentions; never the front matter.

use std::collections::HashMap;
use std::iter;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

use super::phrases::{self, Phrase};
use super::prose;
use crate::settings::TopicDefinition;
use crate::text::words::{fold, is_whole_words};

/// The weight of a mention in the title, which alone is enough to belong: a title says what an article is about.
pub(super) const IN_TITLE: u32 = 4;
/// The weight of a mention in the first paragraph, which is enough with one more mention.
pub(super) const IN_LEAD: u32 = 2;
const ELSEWHERE: u32 = 1;
/// More mentions than this add nothing, so that a long article does not outweigh a title.
pub(super) const MAX_ELSEWHERE: u32 = 10;
/// In characters: only this much of a long first paragraph counts as lead.
const MAX_LEAD: usize = 400;
/// The most topics that one article gets from its text.
const MAX_TOPICS: usize = 8;
/// Up to this many phrases the automaton is a DFA, which needs some kilobytes a phrase and is several times faster.
const MAX_DFA_PHRASES: usize = 4_000;

/// The default strength from which an article belongs to a topic:
/// the title, the lead and one more mention, or three mentions elsewhere.
pub(crate) const THRESHOLD: u32 = 3;

/// All phrases of all topics in one automaton. Built once, shared by threads.
#[derive(Debug)]
pub struct Matcher {
    /// `None` if there are no phrases.
    automaton: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
    /// Folded ids, names and phrases.
    names: HashMap<String, usize>,
    threshold: u32,
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

/// The mentions of one topic in one article.
#[derive(Default)]
struct MentionCounts {
    in_title: bool,
    in_lead: bool,
    elsewhere: u32,
}

impl MentionCounts {
    fn strength(&self) -> u32 {
        IN_TITLE * u32::from(self.in_title)
            + IN_LEAD * u32::from(self.in_lead)
            + (ELSEWHERE * self.elsewhere).min(MAX_ELSEWHERE)
    }
}

impl Matcher {
    /// `threshold` is the strength from which an article belongs, by default [`THRESHOLD`].
    pub fn new(definitions: &[TopicDefinition], threshold: u32) -> Self {
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
            names: names(definitions),
            threshold: threshold.max(1),
        }
    }

    /// The topics of an article as (index of the definition, strength): strongest first, then in the order of the
    /// definitions. `body` is Markdown.
    pub fn topics(&self, title: &str, body: &str) -> Vec<(usize, u32)> {
        if self.automaton.is_none() {
            return Vec::new();
        }
        let mut mentions = Vec::new();
        self.each_mention(title, |definition, _| {
            mentions.push((definition, Position::Title))
        });
        let prose = prose::of_markdown(body);
        let lead_end = lead_end(&prose);
        self.each_mention(&prose, |definition, at| {
            mentions.push((
                definition,
                if at < lead_end {
                    Position::Lead
                } else {
                    Position::Elsewhere
                },
            ));
        });
        mentions.sort_unstable_by_key(|mention| mention.0);
        let mut topics: Vec<_> = mentions
            .chunk_by(|a, b| a.0 == b.0)
            .map(|of_one| (of_one[0].0, count(of_one).strength()))
            .filter(|(_, strength)| *strength >= self.threshold)
            .collect();
        topics.sort_unstable_by_key(|(definition, strength)| {
            (std::cmp::Reverse(*strength), *definition)
        });
        topics.truncate(MAX_TOPICS);
        topics
    }

    /// The definition with a name that a person wrote: by id, then by name, then by phrase, ignoring case.
    /// Of several the first.
    pub fn resolve(&self, name: &str) -> Option<usize> {
        self.names.get(&fold(name)).copied()
    }

    /// Calls `mention` with each definition that the text mentions, and the byte offset.
    ///
    /// The automaton ignores the case of ASCII and word boundaries. If the longest phrase that it finds has the wrong case
    /// or ends inside a word, shorter ones that begin there are tried: `New Yorker` does not hide `New York`.
    /// Phrases have a maximum length, so that this takes linear time.
    fn each_mention(&self, text: &str, mut mention: impl FnMut(usize, usize)) {
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
                    mention(phrase.definition, start);
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

#[derive(Clone, Copy)]
enum Position {
    Title,
    Lead,
    Elsewhere,
}

/// The first mention in the title and in the lead have their own weights; every other one counts as one elsewhere.
fn count(mentions: &[(usize, Position)]) -> MentionCounts {
    let mut counts = MentionCounts::default();
    for (_, position) in mentions {
        match position {
            Position::Title if !counts.in_title => counts.in_title = true,
            Position::Lead if !counts.in_lead => counts.in_lead = true,
            _ => counts.elsewhere = counts.elsewhere.saturating_add(1),
        }
    }
    counts
}

/// The byte offset of the end of the lead: the first paragraph, or its first 400 characters.
pub(super) fn lead_end(prose: &str) -> usize {
    let start = prose.len() - prose.trim_start().len();
    let mut chars = prose[start..].char_indices().take(MAX_LEAD + 1);
    chars
        .clone()
        .find(|(_, c)| *c == '\n')
        .or_else(|| chars.nth(MAX_LEAD))
        .map_or(prose.len(), |(at, _)| start + at)
}

/// Indexes by folded id, name and phrase; ids win over names, names over phrases, and earlier definitions over later.
fn names(definitions: &[TopicDefinition]) -> HashMap<String, usize> {
    let indexed = || definitions.iter().enumerate();
    let ids = indexed().map(|(index, d)| (&d.id, index));
    let names = indexed().map(|(index, d)| (&d.name, index));
    let phrases =
        indexed().flat_map(|(index, d)| d.phrases.iter().map(move |phrase| (phrase, index)));
    let mut all = HashMap::new();
    for (name, index) in ids.chain(names).chain(phrases) {
        all.entry(fold(name)).or_insert(index);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(topics: &[(&str, &[&str])]) -> Matcher {
        let definitions: Vec<_> = topics
            .iter()
            .map(|(id, phrases)| TopicDefinition {
                id: (*id).to_owned(),
                name: crate::model::slug::humanise(id),
                kind: None,
                phrases: phrases.iter().map(|p| (*p).to_owned()).collect(),
            })
            .collect();
        Matcher::new(&definitions, 1)
    }

    fn strengths(topics: &[(&str, &[&str])], title: &str, body: &str) -> Vec<(usize, u32)> {
        matcher(topics).topics(title, body)
    }

    #[test]
    fn smart_case() {
        let topics: &[(&str, &[&str])] =
            &[("tides", &["tide"]), ("who", &["WHO"]), ("bath", &["Bath"])];
        assert_eq!(strengths(topics, "TIDE Tide tide", ""), [(0, 6)]);
        assert_eq!(strengths(topics, "who takes a bath", ""), []);
        assert_eq!(strengths(topics, "WHO MEETS IN BATH", ""), [(1, 4), (2, 4)]);
    }

    #[test]
    fn letters_outside_ascii_have_case_too() {
        let topics: &[(&str, &[&str])] =
            &[("elections", &["élections locales"]), ("kyiv", &["Київ"])];
        for title in [
            "élections locales",
            "Élections locales",
            "ÉLECTIONS LOCALES",
            "Élections Locales",
        ] {
            assert_eq!(strengths(topics, title, ""), [(0, 4)], "{title}");
        }
        assert_eq!(strengths(topics, "КИЇВ", ""), [(1, 4)]);
        assert_eq!(strengths(topics, "київ", ""), []);
    }

    #[test]
    fn one_spelling_may_match_two_topics() {
        let topics: &[(&str, &[&str])] = &[("polish", &["Polish"]), ("cleaning", &["polish"])];
        assert_eq!(strengths(topics, "to polish shoes", ""), [(1, 4)]);
        assert_eq!(strengths(topics, "Polish shoes", ""), [(0, 4), (1, 4)]);
    }

    #[test]
    fn the_leftmost_longest_phrase_of_whole_words_wins() {
        let topics: &[(&str, &[&str])] = &[
            ("port", &["Port Vale"]),
            ("paper", &["Port Vale Times"]),
            ("daily", &["Port Vale Timesheet"]),
        ];
        assert_eq!(strengths(topics, "Port Vale Times", ""), [(1, 4)]);
        assert_eq!(strengths(topics, "Port Vale Timesheets", ""), [(0, 4)]);
        assert_eq!(strengths(topics, "Port Vale times", ""), [(0, 4)]);
    }

    #[test]
    fn the_position_of_a_mention_decides_its_weight() {
        let topics: &[(&str, &[&str])] = &[("oslo", &["Oslo"])];
        assert_eq!(strengths(topics, "Oslo", ""), [(0, 4)]);
        assert_eq!(strengths(topics, "", "Oslo\n\nrest"), [(0, 2)]);
        assert_eq!(strengths(topics, "", "Oslo, Oslo\n\nrest"), [(0, 3)]);
        assert_eq!(strengths(topics, "", "lead\n\nOslo"), [(0, 1)]);
        assert_eq!(
            strengths(topics, "", &format!("lead\n\n{}", "Oslo ".repeat(90))),
            [(0, 10)]
        );
        assert_eq!(
            strengths(topics, "", &format!("{} Oslo", "x".repeat(500))),
            [(0, 1)]
        );
    }

    #[test]
    fn at_most_eight_topics_above_the_threshold_are_returned() {
        let names: Vec<String> = (0..12).map(|n| format!("Town{n}")).collect();
        let definitions: Vec<_> = names
            .iter()
            .map(|name| TopicDefinition {
                id: name.to_lowercase(),
                name: name.clone(),
                kind: None,
                phrases: vec![name.clone()],
            })
            .collect();
        let matcher = Matcher::new(&definitions, THRESHOLD);
        let topics = matcher.topics(&names.join(", "), "Town7");
        assert_eq!(topics.len(), 8);
        assert_eq!(topics[..2], [(7, 6), (0, 4)]);
        assert!(matcher.topics("", "Town3 alone").is_empty());
        assert_eq!(matcher.topics("", "Town3\n\nTown3"), [(3, 3)]);
    }

    #[test]
    fn addresses_do_not_count() {
        let topics: &[(&str, &[&str])] = &[("oslo", &["oslo"])];
        assert_eq!(
            strengths(
                topics,
                "",
                "[here](https://example.org/oslo) <a href='oslo'>x</a> www.oslo.example"
            ),
            []
        );
        assert_eq!(
            strengths(topics, "", "[Oslo](https://example.org/)"),
            [(0, 2)]
        );
    }

    #[test]
    fn a_phrase_may_span_lines_but_not_paragraphs() {
        let topics: &[(&str, &[&str])] = &[("port-vale", &["Port  Vale"])];
        assert_eq!(strengths(topics, "", "in Port\n  Vale"), [(0, 2)]);
        assert_eq!(strengths(topics, "", "in Port\n\nVale"), []);
    }

    #[test]
    fn both_apostrophes_are_equal() {
        let topics: &[(&str, &[&str])] = &[("xian", &["Xi'an"])];
        assert_eq!(strengths(topics, "Xi’an, XI'AN", ""), [(0, 5)]);
    }

    #[test]
    fn scripts_without_spaces_match_inside_a_run() {
        assert_eq!(
            strengths(&[("beijing", &["北京"])], "我在北京工作", ""),
            [(0, 4)]
        );
    }

    #[test]
    fn names_resolve_by_id_then_name_then_phrase() {
        let matcher = matcher(&[
            ("open-data", &["ODI"]),
            ("odi", &[]),
            ("third", &["Open Data"]),
        ]);
        assert_eq!(matcher.resolve("OPEN  data"), Some(0));
        assert_eq!(matcher.resolve("open-data"), Some(0));
        assert_eq!(matcher.resolve("odi"), Some(1));
        assert_eq!(matcher.resolve("elsewhere"), None);
    }

    #[test]
    fn no_phrases_and_no_text_are_fine() {
        assert!(strengths(&[], "a", "b").is_empty());
        assert!(strengths(&[("a", &[])], "", "").is_empty());
        assert_eq!(strengths(&[("a", &["a"])], "", "\u{0}a\u{0}"), [(0, 2)]);
    }
}
