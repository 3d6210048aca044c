//! Finds possible names in a text: runs of capitalised words.
//! Knows sentences and capitals; never knows other articles.

use super::vocabulary::role;
use crate::text::words::in_word;

/// Longer runs are headlines and lists, not names.
const MAX_WORDS: usize = 4;
/// In letters: a longer word in uppercase is emphasis; `UNICEF` is a name.
const MAX_ACRONYM: usize = 6;

/// A run of capitalised words, as in the text but without a possessive ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub text: String,
    /// Its byte offset in the text.
    pub at: usize,
    /// Whether its capitals are evidence of a name: those of a single word at the start of a sentence are not.
    pub sure: bool,
    pub after_honorific: bool,
    /// Whether it is beside a verb of speech such as `said`.
    pub speaks: bool,
    /// The acronym in brackets after it: `Port Vale Council (PVC)`.
    pub acronym: Option<String>,
}

/// The names of a text.
#[derive(Default)]
pub(crate) struct TextNames<'a> {
    pub names: Vec<Name>,
    /// Each occurrence of a word that begins with a lowercase letter.
    pub lowercase: Vec<&'a str>,
}

/// Reads prose: words are separated by white space, paragraphs by newlines.
pub(crate) fn read(prose: &str) -> TextNames<'_> {
    let mut found = TextNames::default();
    let mut start = 0;
    for line in prose.split_inclusive('\n') {
        // Headings are capitalised like titles.
        if !line.starts_with('#') && !is_shouted(line) {
            Reader {
                found: &mut found,
                run: Run::default(),
                honorific: false,
                spoken: false,
                fresh: true,
            }
            .line(line, start);
        }
        start += line.len();
    }
    found
}

/// A word without the punctuation around it.
struct Token<'a> {
    word: &'a str,
    at: usize,
    opens: &'a str,
    closes: &'a str,
    possessive: bool,
}

impl<'a> Token<'a> {
    fn new(raw: &'a str, at: usize) -> Option<Self> {
        let inside = |c: char| in_word(c) || c == '&';
        let begin = raw.find(inside)?;
        let last = raw
            .char_indices()
            .rfind(|(_, c)| inside(*c))
            .map_or(begin, |(at, c)| at + c.len_utf8());
        let mut word = &raw[begin..last];
        let possessive = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
        word = possessive.unwrap_or(word);
        // The full stop of `U.S.` and `J.` belongs to the word.
        if raw[last..].starts_with('.')
            && word.split('.').all(|part| part.chars().count() == 1)
            && is_capital(word)
        {
            word = &raw[begin..=last];
        }
        let closes = &raw[(begin + word.len()).max(last)..];
        Some(Self {
            word,
            at: at + begin,
            opens: &raw[..begin],
            closes,
            possessive: possessive.is_some(),
        })
    }

    /// Whether a name cannot continue after this word.
    fn ends_name(&self, is_abbreviation: bool) -> bool {
        self.possessive
            || self.closes.chars().any(|c| c != '.' || !is_abbreviation)
            || self.word.contains('/')
    }

    fn ends_sentence(&self, is_abbreviation: bool) -> bool {
        !is_abbreviation && self.closes.contains(['.', '!', '?', ':', '…', '|', '。'])
    }
}

#[derive(Default)]
struct Run {
    words: Vec<String>,
    /// The number of lowercase words at the end that may be part of a name, such as `of`.
    trailing: usize,
    capitals: usize,
    at: usize,
    begins_sentence: bool,
    after_honorific: bool,
    speaks: bool,
}

struct Reader<'f, 'a> {
    found: &'f mut TextNames<'a>,
    run: Run,
    /// Whether the previous word is an honorific.
    honorific: bool,
    /// Whether the previous word is a verb of speech.
    spoken: bool,
    /// Whether a sentence begins here.
    fresh: bool,
}

impl<'a> Reader<'_, 'a> {
    fn line(mut self, line: &'a str, start: usize) {
        let mut at = start;
        for raw in line.split([' ', '\n', '\t', '\u{a0}']) {
            match Token::new(raw, at) {
                Some(token) => self.token(&token),
                None if !raw.is_empty() => {
                    self.flush();
                    self.fresh |= raw
                        .bytes()
                        .all(|b| matches!(b, b'-' | b'*' | b'+' | b'|' | b'>' | b'#'));
                }
                None => {}
            }
            at += raw.len() + raw_gap(line, at + raw.len() - start);
        }
        self.flush();
    }

    fn token(&mut self, token: &Token<'a>) {
        if token.opens.starts_with('(') && self.acronym(token) {
            return;
        }
        let quoted = token.opens.contains(['"', '“', '«', '„', '‘', '\'']);
        if !token.opens.trim_matches(['*', '_', '[']).is_empty() {
            self.flush();
        }
        self.fresh |= quoted;
        let role = role(&token.word.to_lowercase());
        let is_abbreviation = role.abbreviation || role.honorific || token.word.ends_with('.');
        let capital = is_capital(token.word);
        if capital
            && role.honorific
            && self.run.trailing == 0
            && token.closes.trim_end_matches('.').is_empty()
        {
            self.flush();
            self.honorific = true;
        } else if capital
            && (!role.starter || role.opener || is_acronym(token.word))
            && !is_emphasis(token.word)
        {
            self.extend(token);
        } else if role.inner && self.run.capitals > 0 && !self.fresh && self.may_follow(token.word)
        {
            self.run.words.push(token.word.to_owned());
            self.run.trailing += 1;
        } else {
            self.run.speaks |= role.speech && self.run.trailing == 0;
            self.flush();
            self.spoken = role.speech;
            if token.word.starts_with(char::is_lowercase) {
                self.found.lowercase.push(token.word);
            }
        }
        if token.ends_name(is_abbreviation) {
            self.flush();
            self.honorific &= is_abbreviation;
        }
        self.fresh = token.ends_sentence(is_abbreviation);
    }

    /// Whether a lowercase word may be inside the name so far: *the* only after another one, as in `Bank of the West`.
    fn may_follow(&self, word: &str) -> bool {
        word != "the" || self.run.trailing > 0
    }

    fn extend(&mut self, token: &Token<'a>) {
        if self.run.capitals == 0 {
            self.run = Run {
                at: token.at,
                begins_sentence: self.fresh,
                after_honorific: std::mem::take(&mut self.honorific),
                speaks: std::mem::take(&mut self.spoken),
                ..Run::default()
            };
        }
        self.run.words.push(token.word.to_owned());
        self.run.trailing = 0;
        self.run.capitals += 1;
    }

    /// Reads `(PVC)` as the acronym of the name before it; returns false if it is something else.
    fn acronym(&mut self, token: &Token<'a>) -> bool {
        let is_one =
            token.closes.starts_with(')') && is_acronym(token.word) && self.run.capitals > 1;
        if is_one {
            let before = self.found.names.len();
            self.flush();
            if let Some(name) = self.found.names[before..].first_mut() {
                name.acronym = Some(token.word.to_owned());
            }
            self.fresh = token.ends_sentence(false);
        }
        is_one
    }

    fn flush(&mut self) {
        let mut run = std::mem::take(&mut self.run);
        if run.capitals == 0 {
            self.honorific = false;
            self.spoken = false;
            return;
        }
        run.words.truncate(run.words.len() - run.trailing);
        if run.capitals <= MAX_WORDS && run.words.len() <= MAX_WORDS + 2 {
            self.found.names.push(Name {
                text: run.words.join(" "),
                at: run.at,
                sure: run.capitals > 1 || !run.begins_sentence || run.after_honorific,
                after_honorific: run.after_honorific,
                speaks: run.speaks,
                acronym: None,
            });
        }
    }
}

/// The length of the separator at a byte offset of the line.
fn raw_gap(line: &str, at: usize) -> usize {
    line[at..].chars().next().map_or(0, char::len_utf8)
}

/// Whether a line of several words is in capitals, so that they are no evidence of names.
fn is_shouted(line: &str) -> bool {
    let letters = || line.chars().filter(|c| c.is_alphabetic());
    let capitals = letters().filter(|c| c.is_uppercase()).count();
    line.split_whitespace().count() > 1
        && letters().count() > 8
        && 10 * capitals > 8 * letters().count()
}

/// Whether a word has a capital: `Oslo`, `iPhone`, `18F`.
fn is_capital(word: &str) -> bool {
    word.chars().any(char::is_uppercase)
}

pub(crate) fn is_acronym(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic());
    (2..=MAX_ACRONYM).contains(&letters.clone().count())
        && letters.clone().filter(|c| c.is_uppercase()).count() > 1
        && !letters.clone().any(char::is_lowercase)
}

fn is_emphasis(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() > MAX_ACRONYM
        && !word.chars().any(char::is_lowercase)
}

/// Whether most words of a title are capitalised, so that capitals are not evidence of names.
pub(crate) fn is_title_case(title: &str) -> bool {
    let long = title
        .split_whitespace()
        .skip(1)
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 3);
    let capitals = long
        .clone()
        .filter(|word| word.contains(char::is_uppercase))
        .count();
    2 * capitals > long.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(prose: &str) -> Vec<String> {
        read(prose)
            .names
            .into_iter()
            .filter(|name| name.sure)
            .map(|name| name.text)
            .collect()
    }

    #[test]
    fn names_are_runs_of_capitalised_words_with_lowercase_words_inside() {
        assert_eq!(
            texts(
                "Yesterday the Bank of Port Vale met Leyla al-Amin, Carl de Vries and the iPhone team in Oslo of all places."
            ),
            [
                "Bank of Port Vale",
                "Leyla al-Amin",
                "Carl de Vries",
                "iPhone",
                "Oslo"
            ]
        );
    }

    #[test]
    fn the_start_of_a_sentence_is_no_evidence() {
        assert_eq!(
            texts(
                "Fishing is old. Boats are new: Nets are torn. \"Harbours matter,\" we heard. - Lists too"
            ),
            [] as [&str; 0]
        );
        assert_eq!(
            texts("The Harbour Board met. Dr. Vale came."),
            ["Harbour Board", "Vale"]
        );
    }

    #[test]
    fn honorifics_separate_names_and_mark_persons() {
        let found = read("We met Norway President Ada Berg, and Mr. Lund said no.").names;
        let shape: Vec<_> = found
            .iter()
            .map(|n| (n.text.as_str(), n.after_honorific, n.speaks))
            .collect();
        assert_eq!(
            shape,
            [
                ("Norway", false, false),
                ("Ada Berg", true, false),
                ("Lund", true, true)
            ]
        );
    }

    #[test]
    fn possessives_are_removed_and_end_a_name() {
        assert_eq!(
            texts("in Norway's Ada Berg and Oslo’s port"),
            ["Norway", "Ada Berg", "Oslo"]
        );
    }

    #[test]
    fn acronyms_in_brackets_belong_to_the_name_before() {
        let found = read("the Port Vale Council (PVC) met in the U.S. today.").names;
        assert_eq!(found[0].acronym.as_deref(), Some("PVC"));
        assert_eq!(found[1].text, "U.S.");
    }

    #[test]
    fn whole_names_begin_with_new_and_have_no_article_of_their_own() {
        assert_eq!(
            texts(
                "He left the New York Stock Exchange. In Stoneham the Granite Museum shut; New Zealand won."
            ),
            [
                "New York Stock Exchange",
                "Stoneham",
                "Granite Museum",
                "New Zealand"
            ]
        );
    }

    #[test]
    fn lines_in_capitals_have_no_names() {
        assert_eq!(
            texts("HOUSES FOR SALE AND WANTED NOW\nWe met UNICEF here."),
            ["UNICEF"]
        );
    }

    #[test]
    fn headings_and_emphasis_are_not_names() {
        assert_eq!(
            texts("# How We Fish Today\n\nwe say ATTENTION to UNICEF"),
            ["UNICEF"]
        );
    }

    #[test]
    fn title_case_is_distinguished_from_sentence_case() {
        assert!(is_title_case("Harbour Board Meets Again"));
        assert!(!is_title_case(
            "Harbour board meets Ada Berg in the old town"
        ));
    }
}
