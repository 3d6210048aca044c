//! Words that decide whether a stop ends a sentence: abbreviations, and words that open one.

use std::cmp::Ordering;

use crate::import::repair::word_set::WordSet;

/// What a sentence does after an abbreviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Abbreviation {
    /// `Dr.`: it goes on.
    GoesOn,
    /// `No.`, `p.`: it goes on before a number.
    BeforeNumber,
    /// `Inc.`, `U.S.`, `Sept.`: it may end there, if a word follows that commonly opens a sentence.
    MayEnd,
    /// `a.m.`: it may end there before any capital but that of a day, a month or a time zone.
    Time,
}

/// The longest abbreviation, in bytes.
const LONGEST: usize = 8;

/// In lower case, without the last full stop.
const ABBREVIATIONS: &[(&str, Abbreviation)] = {
    use Abbreviation::{BeforeNumber, GoesOn, MayEnd, Time};
    &[
        ("a.k.a", GoesOn),
        ("a.m", Time),
        ("adm", GoesOn),
        ("al", MayEnd),
        ("amb", GoesOn),
        ("approx", GoesOn),
        ("apr", MayEnd),
        ("assn", MayEnd),
        ("asst", GoesOn),
        ("aug", MayEnd),
        ("ave", MayEnd),
        ("blvd", MayEnd),
        ("brig", GoesOn),
        ("bros", MayEnd),
        ("ca", BeforeNumber),
        ("capt", GoesOn),
        ("cf", GoesOn),
        ("ch", BeforeNumber),
        ("cmdr", GoesOn),
        ("co", MayEnd),
        ("col", GoesOn),
        ("corp", MayEnd),
        ("cpl", GoesOn),
        ("dec", MayEnd),
        ("dept", MayEnd),
        ("det", GoesOn),
        ("dr", GoesOn),
        ("e.g", GoesOn),
        ("e.u", MayEnd),
        ("eq", BeforeNumber),
        ("esp", GoesOn),
        ("est", BeforeNumber),
        ("etc", MayEnd),
        ("feb", MayEnd),
        ("fig", BeforeNumber),
        ("figs", BeforeNumber),
        ("gen", GoesOn),
        ("gov", GoesOn),
        ("hon", GoesOn),
        ("i.e", GoesOn),
        ("inc", MayEnd),
        ("insp", GoesOn),
        ("jan", MayEnd),
        ("jr", MayEnd),
        ("jul", MayEnd),
        ("jun", MayEnd),
        ("llc", MayEnd),
        ("lt", GoesOn),
        ("ltd", MayEnd),
        ("maj", GoesOn),
        ("mar", MayEnd),
        ("messrs", GoesOn),
        ("mfg", MayEnd),
        ("mme", GoesOn),
        ("mr", GoesOn),
        ("mrs", GoesOn),
        ("ms", GoesOn),
        ("mt", GoesOn),
        ("no", BeforeNumber),
        ("nos", BeforeNumber),
        ("nov", MayEnd),
        ("n\u{b0}", BeforeNumber),
        ("oct", MayEnd),
        ("op", BeforeNumber),
        ("p", BeforeNumber),
        ("p.m", Time),
        ("plc", MayEnd),
        ("pp", BeforeNumber),
        ("pres", GoesOn),
        ("prof", GoesOn),
        ("pvt", GoesOn),
        ("rd", MayEnd),
        ("rep", GoesOn),
        ("reps", GoesOn),
        ("rev", GoesOn),
        ("sec", BeforeNumber),
        ("sen", GoesOn),
        ("sens", GoesOn),
        ("sep", MayEnd),
        ("sept", MayEnd),
        ("sgt", GoesOn),
        ("sr", MayEnd),
        ("st", MayEnd),
        ("supt", GoesOn),
        ("univ", MayEnd),
        ("viz", GoesOn),
        ("vol", BeforeNumber),
        ("vols", BeforeNumber),
        ("vs", GoesOn),
    ]
};

/// What a sentence does after a word and its full stop, if the word is an abbreviation.
pub fn abbreviation(word: &str) -> Option<Abbreviation> {
    if word.len() > LONGEST {
        return None;
    }
    ABBREVIATIONS
        .binary_search_by(|(known, _)| folded(known, word))
        .ok()
        .and_then(|at| ABBREVIATIONS.get(at))
        .map(|(_, kind)| *kind)
}

/// Compares a word in lower case with one in any, by its ASCII letters.
fn folded(known: &str, word: &str) -> Ordering {
    known
        .bytes()
        .cmp(word.bytes().map(|b| b.to_ascii_lowercase()))
}

/// Words that often stand first in a sentence and seldom have a capital elsewhere.
static OPENERS: WordSet = WordSet::of(&[
    "A",
    "About",
    "According",
    "Across",
    "Additionally",
    "After",
    "Afterwards",
    "Again",
    "Against",
    "All",
    "Almost",
    "Along",
    "Alongside",
    "Although",
    "Amid",
    "Among",
    "An",
    "And",
    "Another",
    "Any",
    "Anyone",
    "As",
    "At",
    "Because",
    "Before",
    "Between",
    "Beyond",
    "Both",
    "But",
    "By",
    "Consequently",
    "Currently",
    "Despite",
    "Did",
    "Do",
    "Does",
    "During",
    "Each",
    "Earlier",
    "Elsewhere",
    "Even",
    "Eventually",
    "Every",
    "Everyone",
    "Everything",
    "Except",
    "Few",
    "Finally",
    "First",
    "Following",
    "For",
    "Fortunately",
    "From",
    "Further",
    "Furthermore",
    "Generally",
    "Given",
    "Has",
    "Have",
    "He",
    "Hence",
    "Her",
    "Here",
    "His",
    "How",
    "However",
    "I",
    "If",
    "In",
    "Increasingly",
    "Indeed",
    "Initially",
    "Instead",
    "Is",
    "It",
    "Its",
    "Last",
    "Later",
    "Let",
    "Like",
    "Many",
    "Maybe",
    "Meanwhile",
    "Moreover",
    "Most",
    "My",
    "Nearly",
    "Neither",
    "Never",
    "Nevertheless",
    "No",
    "Nobody",
    "Nonetheless",
    "Nor",
    "Not",
    "Nothing",
    "Now",
    "Often",
    "On",
    "Once",
    "One",
    "Only",
    "Or",
    "Originally",
    "Other",
    "Others",
    "Otherwise",
    "Our",
    "Over",
    "Overall",
    "Perhaps",
    "Previously",
    "Rather",
    "Recently",
    "Regardless",
    "Several",
    "She",
    "Similarly",
    "Since",
    "So",
    "Some",
    "Someone",
    "Something",
    "Sometimes",
    "Soon",
    "Specifically",
    "Still",
    "Subsequently",
    "Such",
    "Surely",
    "Thanks",
    "That",
    "The",
    "Their",
    "Then",
    "There",
    "Therefore",
    "These",
    "They",
    "This",
    "Those",
    "Though",
    "Through",
    "Throughout",
    "Thus",
    "To",
    "Today",
    "Toward",
    "Towards",
    "Two",
    "Ultimately",
    "Under",
    "Unfortunately",
    "Unlike",
    "Until",
    "Usually",
    "We",
    "Well",
    "Were",
    "What",
    "Whatever",
    "When",
    "Whenever",
    "Where",
    "Whereas",
    "Whether",
    "Which",
    "While",
    "Who",
    "Why",
    "With",
    "Within",
    "Without",
    "Yes",
    "Yesterday",
    "Yet",
    "You",
    "Your",
]);

/// Whether a word, with its capital, commonly opens a sentence.
pub fn opens_sentence(word: &str) -> bool {
    let word = word
        .split_once(['\'', '’'])
        .map_or(word, |(before, _)| before);
    OPENERS.has(word)
}

/// Words with a capital that go on with a time of the day.
static AFTER_TIMES: WordSet = WordSet::of(&[
    "Central",
    "Eastern",
    "Friday",
    "Greenwich",
    "Monday",
    "Mountain",
    "Pacific",
    "Saturday",
    "Sunday",
    "Thursday",
    "Tuesday",
    "Wednesday",
]);

/// Whether a word goes on with a time of the day: `Monday`, `EST`.
pub fn follows_time(word: &str) -> bool {
    let is_zone = (2..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
    is_zone || AFTER_TIMES.has(word)
}

/// Words that put a time before the rest of its sentence: `At 5 a.m. Mr. Ash left`.
pub fn places_in_time(word: &str) -> bool {
    matches!(
        word,
        "About" | "After" | "Around" | "At" | "Before" | "By" | "From" | "Since" | "Until"
    )
}

/// Verbs of attribution: `"Why?" Moss asked.`
static SPEECH: WordSet = WordSet::of(&[
    "added",
    "admitted",
    "agreed",
    "announced",
    "answered",
    "argued",
    "asked",
    "asks",
    "called",
    "cautioned",
    "claimed",
    "commented",
    "concluded",
    "continued",
    "cried",
    "declared",
    "explained",
    "insisted",
    "joked",
    "noted",
    "observed",
    "recalled",
    "remarked",
    "replied",
    "reports",
    "said",
    "says",
    "shouted",
    "stated",
    "stressed",
    "told",
    "tweeted",
    "warned",
    "wondered",
    "wrote",
]);

pub fn is_speech(word: impl AsRef<[u8]>) -> bool {
    SPEECH.has(word)
}

/// Names that end with an exclamation mark, each with what follows it in a longer name.
pub fn is_name_with_mark(word: &str, next: &str) -> bool {
    let follows = matches!(
        next,
        "Answers"
            | "Brands"
            | "Corp"
            | "Finance"
            | "Inc"
            | "Japan"
            | "Mail"
            | "Media"
            | "Music"
            | "News"
            | "Sports"
            | "Studios"
    );
    matches!(word, "Jeopardy" | "Yahoo" | "Yum" | "Joomla" | "Oklahoma") && follows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_sorted() {
        assert!(ABBREVIATIONS.is_sorted_by(|(a, _), (b, _)| a < b));
        assert!(ABBREVIATIONS.iter().all(|(word, _)| word.len() <= LONGEST));
    }

    #[test]
    fn abbreviations_are_known_in_any_case() {
        assert_eq!(abbreviation("Mr"), Some(Abbreviation::GoesOn));
        assert_eq!(abbreviation("P.M"), Some(Abbreviation::Time));
        assert_eq!(abbreviation("wood"), None);
    }
}
