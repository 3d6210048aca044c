//! Finds the topics that an article belongs to by the phrases that it uses.
//! Knows phrases and how much a mention weighs; never knows what was written in front matter.

use std::collections::HashMap;
use std::iter;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};

use super::prose;
use super::starts::Starts;
use super::words::{fold, stands_alone};
use crate::settings::TopicDefinition;

/// A title says what an article is about: one mention there is enough to belong.
pub(super) const IN_TITLE: u32 = 4;
/// News puts what matters into the first paragraph; alone it is not enough, with one more mention it is.
pub(super) const IN_LEAD: u32 = 2;
const ELSEWHERE: u32 = 1;
/// Mentions past this say nothing more, and a long article should not outweigh a title without end.
pub(super) const MOST_ELSEWHERE: u32 = 10;
/// In characters: a first paragraph that goes on for longer is no lead.
const LONGEST_LEAD: usize = 400;
/// More topics than this on one article help nobody to browse.
const MOST_TOPICS: usize = 8;
/// Up to here the automaton is a DFA: it takes some kilobytes a phrase and reads several times faster.
const MOST_FAST_PHRASES: usize = 4_000;

/// The strength from which an article belongs to a topic, where settings name none:
/// the title, the lead and one more mention, or three mentions elsewhere.
pub const THRESHOLD: u32 = 3;

/// All phrases of all topics in one automaton. Built once, shared by threads.
#[derive(Debug)]
pub struct Matcher {
    /// None where there is no phrase at all.
    automaton: Option<AhoCorasick>,
    starts: Starts,
    patterns: Vec<Pattern>,
    /// Folded ids, names and phrases.
    names: HashMap<String, usize>,
    threshold: u32,
}

/// One text that the automaton looks for.
#[derive(Debug)]
struct Pattern {
    /// In bytes.
    length: usize,
    /// The phrases that it may stand for.
    phrases: Vec<Phrase>,
    /// The longest other pattern that it begins with.
    shorter: Option<usize>,
}

#[derive(Debug)]
struct Phrase {
    definition: usize,
    /// Wholly in capitals, and exactly as written, with straight apostrophes; None where any case will do.
    spellings: Option<[String; 2]>,
}

/// Where one article speaks of one topic.
#[derive(Default)]
struct Tally {
    in_title: bool,
    in_lead: bool,
    elsewhere: u32,
}

impl Tally {
    fn strength(&self) -> u32 {
        IN_TITLE * u32::from(self.in_title)
            + IN_LEAD * u32::from(self.in_lead)
            + (ELSEWHERE * self.elsewhere).min(MOST_ELSEWHERE)
    }
}

impl Matcher {
    /// `threshold` is the strength from which an article belongs: [`THRESHOLD`], unless settings say otherwise.
    pub fn new(definitions: &[TopicDefinition], threshold: u32) -> Self {
        let mut texts = Vec::new();
        let mut patterns = Vec::new();
        let mut known = HashMap::new();
        let mut starts = Starts::new();
        for (definition, phrase) in phrases(definitions) {
            let has_capital = phrase.chars().any(char::is_uppercase);
            for pattern in spellings_to_search(&phrase) {
                starts.insert(&pattern, !has_capital);
                starts.insert(&pattern.to_uppercase(), false);
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
            let small = text.to_ascii_lowercase();
            let mut starts = small.char_indices().rev().map(|(at, _)| &small[..at]);
            pattern.shorter = starts.find_map(|start| known.get(start).copied());
        }
        let kind = if texts.len() <= MOST_FAST_PHRASES {
            AhoCorasickKind::DFA
        } else {
            AhoCorasickKind::ContiguousNFA
        };
        // Building fails only past two gigabytes of phrases, far more than a definition file may hold.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(StartKind::Anchored)
            .ascii_case_insensitive(true)
            .kind(Some(kind))
            .build(&texts)
            .ok()
            .filter(|_| !texts.is_empty());
        Self {
            automaton,
            starts,
            patterns,
            names: names(definitions),
            threshold: threshold.max(1),
        }
    }

    /// The topics of an article as (index of the definition, strength): strongest first, then in the order of the file.
    /// `body` is Markdown.
    pub fn topics(&self, title: &str, body: &str) -> Vec<(usize, u32)> {
        if self.automaton.is_none() {
            return Vec::new();
        }
        let mut mentions = Vec::new();
        self.each_mention(title, |definition, _| {
            mentions.push((definition, Part::Title))
        });
        let prose = prose::of_markdown(body);
        let lead_end = lead_end(&prose);
        self.each_mention(&prose, |definition, at| {
            mentions.push((
                definition,
                if at < lead_end {
                    Part::Lead
                } else {
                    Part::Elsewhere
                },
            ));
        });
        mentions.sort_unstable_by_key(|mention| mention.0);
        let mut topics: Vec<_> = mentions
            .chunk_by(|a, b| a.0 == b.0)
            .map(|of_one| (of_one[0].0, tally(of_one).strength()))
            .filter(|(_, strength)| *strength >= self.threshold)
            .collect();
        topics.sort_unstable_by_key(|(definition, strength)| {
            (std::cmp::Reverse(*strength), *definition)
        });
        topics.truncate(MOST_TOPICS);
        topics
    }

    /// The definition that a name written by a person means: its id, else its name, else one of its phrases,
    /// whatever the case. Of several the first in the file.
    pub fn resolve(&self, name: &str) -> Option<usize> {
        self.names.get(&fold(name)).copied()
    }

    /// Calls `mention` with each definition that the text names and the byte where it does.
    ///
    /// The automaton ignores the case of ASCII and where words end. Where the longest phrase that it finds fails
    /// the smart case or ends inside a word, shorter ones that begin at the same place are tried:
    /// `New Yorker` does not hide `New York`. Each phrase is short, so that this stays linear.
    fn each_mention(&self, text: &str, mut mention: impl FnMut(usize, usize)) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        let mut from = 0;
        while let Some(start) = self.starts.next(text, from) {
            from = start + 1;
            let here = Input::new(text).range(start..).anchored(Anchored::Yes);
            let Some(found) = automaton.find(here) else {
                continue;
            };
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
                .filter(|phrase| phrase.fits(&text[start..from]))
            {
                if last.replace(phrase.definition) != Some(phrase.definition) {
                    mention(phrase.definition, start);
                }
            }
        }
    }

    fn is_mention(&self, text: &str, start: usize, end: usize, pattern: usize) -> bool {
        stands_alone(text, start, end)
            && self.patterns[pattern]
                .phrases
                .iter()
                .any(|phrase| phrase.fits(&text[start..end]))
            && !prose::in_address(text, start)
    }
}

impl Phrase {
    fn new(definition: usize, phrase: &str) -> Self {
        let straight = phrase.replace('’', "'");
        let has_capital = phrase.chars().any(char::is_uppercase);
        Self {
            definition,
            spellings: has_capital.then(|| [straight.to_uppercase(), straight]),
        }
    }

    /// Smart case: a phrase in small letters fits any case, one with a capital only itself or capitals throughout.
    fn fits(&self, written: &str) -> bool {
        let Some(spellings) = &self.spellings else {
            return true;
        };
        let is_one = |written: &str| spellings.iter().any(|spelling| spelling == written);
        is_one(written) || (written.contains('’') && is_one(&written.replace('’', "'")))
    }
}

#[derive(Clone, Copy)]
enum Part {
    Title,
    Lead,
    Elsewhere,
}

/// The first mention in the title and in the lead weigh more; every other one weighs as one elsewhere.
fn tally(mentions: &[(usize, Part)]) -> Tally {
    let mut tally = Tally::default();
    for (_, part) in mentions {
        match part {
            Part::Title if !tally.in_title => tally.in_title = true,
            Part::Lead if !tally.in_lead => tally.in_lead = true,
            _ => tally.elsewhere = tally.elsewhere.saturating_add(1),
        }
    }
    tally
}

/// The byte where the first paragraph ends, or its first 400 characters.
pub(super) fn lead_end(prose: &str) -> usize {
    let start = prose.len() - prose.trim_start().len();
    let mut chars = prose[start..].char_indices().take(LONGEST_LEAD + 1);
    chars
        .clone()
        .find(|(_, c)| *c == '\n')
        .or_else(|| chars.nth(LONGEST_LEAD))
        .map_or(prose.len(), |(at, _)| start + at)
}

/// Every phrase with the index of its definition, in the order of the file, one space between words.
fn phrases(definitions: &[TopicDefinition]) -> impl Iterator<Item = (usize, String)> {
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

/// The texts to search for: the automaton ignores only the case of ASCII, so that other letters need each case
/// spelt out, and an apostrophe is written in two ways.
fn spellings_to_search(phrase: &str) -> Vec<String> {
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

/// The phrase with a capital at the beginning of its first `words` words.
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

/// Ids before names before phrases; of equals the first in the file.
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
    fn the_same_letters_may_mean_two_topics() {
        let topics: &[(&str, &[&str])] = &[("polish", &["Polish"]), ("cleaning", &["polish"])];
        assert_eq!(strengths(topics, "to polish shoes", ""), [(1, 4)]);
        assert_eq!(strengths(topics, "Polish shoes", ""), [(0, 4), (1, 4)]);
    }

    #[test]
    fn the_leftmost_and_longest_phrase_that_is_really_there_wins() {
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
    fn where_a_mention_stands_decides_its_weight() {
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
    fn a_topic_is_kept_from_the_threshold_and_eight_at_most() {
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
    fn a_phrase_may_run_over_a_line_but_not_over_a_paragraph() {
        let topics: &[(&str, &[&str])] = &[("port-vale", &["Port  Vale"])];
        assert_eq!(strengths(topics, "", "in Port\n  Vale"), [(0, 2)]);
        assert_eq!(strengths(topics, "", "in Port\n\nVale"), []);
    }

    #[test]
    fn both_apostrophes_are_one() {
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
