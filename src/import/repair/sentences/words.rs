//! Words that decide whether a full stop ends a sentence: abbreviations, and words that begin one.
//! Never looks at a text.

use std::cmp::Ordering;

use crate::import::repair::word_set::WordSet;

/// Whether a sentence may end after an abbreviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Abbreviation {
    /// `Dr.`: it continues.
    Continues,
    /// `No.`, `p.`: it continues before a number.
    BeforeNumber,
    /// `Inc.`, `U.S.`, `Sept.`: it may end, if the next word commonly begins a sentence.
    MayEnd,
    /// `a.m.`: it may end before any capital but that of a day, a month or a time zone.
    Time,
}

/// The longest abbreviation, in bytes.
const LONGEST: usize = 8;

/// In lowercase, without the last full stop.
const ABBREVIATIONS: &[(&str, Abbreviation)] = {
    use Abbreviation::{BeforeNumber, Continues, MayEnd, Time};
    &[
        ("a.k.a", Continues),
        ("a.m", Time),
        ("adm", Continues),
        ("al", MayEnd),
        ("amb", Continues),
        ("approx", Continues),
        ("apr", MayEnd),
        ("assn", MayEnd),
        ("asst", Continues),
        ("aug", MayEnd),
        ("ave", MayEnd),
        ("blvd", MayEnd),
        ("brig", Continues),
        ("bros", MayEnd),
        ("ca", BeforeNumber),
        ("capt", Continues),
        ("cf", Continues),
        ("ch", BeforeNumber),
        ("cmdr", Continues),
        ("co", MayEnd),
        ("col", Continues),
        ("corp", MayEnd),
        ("cpl", Continues),
        ("dec", MayEnd),
        ("dept", MayEnd),
        ("det", Continues),
        ("dr", Continues),
        ("e.g", Continues),
        ("e.u", MayEnd),
        ("eq", BeforeNumber),
        ("esp", Continues),
        ("est", BeforeNumber),
        ("etc", MayEnd),
        ("feb", MayEnd),
        ("fig", BeforeNumber),
        ("figs", BeforeNumber),
        ("gen", Continues),
        ("gov", Continues),
        ("hon", Continues),
        ("i.e", Continues),
        ("inc", MayEnd),
        ("insp", Continues),
        ("jan", MayEnd),
        ("jr", MayEnd),
        ("jul", MayEnd),
        ("jun", MayEnd),
        ("llc", MayEnd),
        ("lt", Continues),
        ("ltd", MayEnd),
        ("maj", Continues),
        ("mar", MayEnd),
        ("messrs", Continues),
        ("mfg", MayEnd),
        ("mme", Continues),
        ("mr", Continues),
        ("mrs", Continues),
        ("ms", Continues),
        ("mt", Continues),
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
        ("pres", Continues),
        ("prof", Continues),
        ("pvt", Continues),
        ("rd", MayEnd),
        ("rep", Continues),
        ("reps", Continues),
        ("rev", Continues),
        ("sec", BeforeNumber),
        ("sen", Continues),
        ("sens", Continues),
        ("sep", MayEnd),
        ("sept", MayEnd),
        ("sgt", Continues),
        ("sr", MayEnd),
        ("st", MayEnd),
        ("supt", Continues),
        ("univ", MayEnd),
        ("viz", Continues),
        ("vol", BeforeNumber),
        ("vols", BeforeNumber),
        ("vs", Continues),
    ]
};

/// Whether a sentence may end after this word and its full stop. Returns `None` if the word is not an abbreviation.
pub fn abbreviation(word: &str) -> Option<Abbreviation> {
    if word.len() > LONGEST {
        return None;
    }
    ABBREVIATIONS
        .binary_search_by(|(known, _)| compare_lowercase(known, word))
        .ok()
        .and_then(|at| ABBREVIATIONS.get(at))
        .map(|(_, kind)| *kind)
}

/// Compares a lowercase word with one in any ASCII case.
fn compare_lowercase(known: &str, word: &str) -> Ordering {
    known
        .bytes()
        .cmp(word.bytes().map(|b| b.to_ascii_lowercase()))
}

/// Words that often begin a sentence and rarely have a capital elsewhere.
#[rustfmt::skip]
static OPENERS: WordSet = WordSet::of(&[
    "A", "About", "According", "Across", "Additionally", "After", "Afterwards", "Again", "Against", "All", "Almost",
    "Along", "Alongside", "Although", "Amid", "Among", "An", "And", "Another", "Any", "Anyone", "As", "At", "Because",
    "Before", "Between", "Beyond", "Both", "But", "By", "Consequently", "Currently", "Despite", "Did", "Do", "Does",
    "During", "Each", "Earlier", "Elsewhere", "Even", "Eventually", "Every", "Everyone", "Everything", "Except",
    "Few", "Finally", "First", "Following", "For", "Fortunately", "From", "Further", "Furthermore", "Generally",
    "Given", "Has", "Have", "He", "Hence", "Her", "Here", "His", "How", "However", "I", "If", "In", "Increasingly",
    "Indeed", "Initially", "Instead", "Is", "It", "Its", "Last", "Later", "Let", "Like", "Many", "Maybe", "Meanwhile",
    "Moreover", "Most", "My", "Nearly", "Neither", "Never", "Nevertheless", "No", "Nobody", "Nonetheless", "Nor",
    "Not", "Nothing", "Now", "Often", "On", "Once", "One", "Only", "Or", "Originally", "Other", "Others", "Otherwise",
    "Our", "Over", "Overall", "Perhaps", "Previously", "Rather", "Recently", "Regardless", "Several", "She",
    "Similarly", "Since", "So", "Some", "Someone", "Something", "Sometimes", "Soon", "Specifically", "Still",
    "Subsequently", "Such", "Surely", "Thanks", "That", "The", "Their", "Then", "There", "Therefore", "These", "They",
    "This", "Those", "Though", "Through", "Throughout", "Thus", "To", "Today", "Toward", "Towards", "Two",
    "Ultimately", "Under", "Unfortunately", "Unlike", "Until", "Usually", "We", "Well", "Were", "What", "Whatever",
    "When", "Whenever", "Where", "Whereas", "Whether", "Which", "While", "Who", "Why", "With", "Within", "Without",
    "Yes", "Yesterday", "Yet", "You", "Your",
]);

/// Whether a capitalised word commonly begins a sentence.
pub fn opens_sentence(word: &str) -> bool {
    let word = word
        .split_once(['\'', '’'])
        .map_or(word, |(before, _)| before);
    OPENERS.has(word)
}

/// Capitalised words that continue a time of day.
#[rustfmt::skip]
static AFTER_TIMES: WordSet = WordSet::of(&[
    "Central", "Eastern", "Friday", "Greenwich", "Monday", "Mountain", "Pacific", "Saturday", "Sunday", "Thursday",
    "Tuesday", "Wednesday",
]);

/// Whether a word continues a time of day: `Monday`, `EST`.
pub fn follows_time(word: &str) -> bool {
    let is_zone = (2..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
    is_zone || AFTER_TIMES.has(word)
}

/// Whether a word introduces a time at the beginning of a sentence: `At 5 a.m. Mr. Ash left`.
pub fn places_in_time(word: &str) -> bool {
    matches!(
        word,
        "About" | "After" | "Around" | "At" | "Before" | "By" | "From" | "Since" | "Until"
    )
}

/// Verbs of attribution: `"Why?" Moss asked.`
#[rustfmt::skip]
static SPEECH: WordSet = WordSet::of(&[
    "added", "admitted", "agreed", "announced", "answered", "argued", "asked", "asks", "called", "cautioned",
    "claimed", "commented", "concluded", "continued", "cried", "declared", "explained", "insisted", "joked", "noted",
    "observed", "recalled", "remarked", "replied", "reports", "said", "says", "shouted", "stated", "stressed", "told",
    "tweeted", "warned", "wondered", "wrote",
]);

pub fn is_speech(word: impl AsRef<[u8]>) -> bool {
    SPEECH.has(word)
}

/// Whether a word is a name that ends with an exclamation mark, and `next` continues it: `Yahoo! News`.
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
        assert_eq!(abbreviation("Mr"), Some(Abbreviation::Continues));
        assert_eq!(abbreviation("P.M"), Some(Abbreviation::Time));
        assert_eq!(abbreviation("wood"), None);
    }
}
