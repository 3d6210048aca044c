//! Words that distinguish a heading from a sentence. Never looks at a text.

use crate::import::repair::word_set::{Lowercase, WordSet};

/// Words that a heading does not end with, because another word must follow.
#[rustfmt::skip]
static BINDING: WordSet = WordSet::of(&[
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before",
    "behind", "between", "but", "by", "called", "can", "central", "could", "did", "do", "does", "each", "east",
    "eastern", "every", "for", "former", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in",
    "include", "includes", "including", "inside", "into", "is", "its", "like", "many", "may", "might", "more", "most",
    "must", "my", "named", "nor", "north", "northern", "not", "of", "on", "only", "onto", "or", "our", "put", "said",
    "says", "several", "shall", "she", "should", "since", "so", "some", "south", "southern", "telling", "than",
    "that", "the", "their", "these", "they", "this", "those", "through", "to", "told", "toward", "towards", "under",
    "until", "upon", "versus", "via", "was", "watch", "we", "were", "west", "western", "what", "when", "where",
    "whether", "which", "while", "who", "whose", "why", "will", "with", "without", "would", "you", "your",
]);

pub fn binds(word: &str) -> bool {
    BINDING.has_in_any_case(word)
}

/// As [`binds`], for a word that is lowercase already.
pub fn binds_lowercase(word: &Lowercase) -> bool {
    BINDING.has(word)
}

/// Finite verbs, which only a sentence has.
#[rustfmt::skip]
static FINITE: WordSet = WordSet::of(&[
    "allow", "allowed", "allows", "are", "aren't", "asked", "became", "began", "believe", "believed", "believes",
    "came", "can", "can't", "considers", "could", "did", "didn't", "do", "does", "doesn't", "don't", "expected",
    "expects", "fears", "gave", "gets", "gives", "goes", "got", "had", "has", "have", "helped", "helps", "hopes",
    "insists", "intends", "is", "isn't", "kept", "knows", "made", "makes", "may", "means", "might", "must", "need",
    "needs", "offers", "opened", "plans", "promised", "proposes", "provides", "said", "saw", "says", "seeks", "seems",
    "shall", "should", "stands", "still", "suggested", "takes", "thinks", "told", "took", "used", "wanted", "wants",
    "was", "wasn't", "went", "were", "weren't", "will", "won't", "would",
]);

pub fn is_finite_verb(word: &str) -> bool {
    FINITE.has_in_any_case(word)
}

/// Words that begin a sentence and are not a heading of one word.
#[rustfmt::skip]
static ADVERBS: WordSet = WordSet::of(&[
    "actually", "again", "also", "but", "clearly", "even", "ever", "former", "here", "indeed", "just", "maybe",
    "never", "now", "once", "only", "rather", "so", "still", "then", "thereafter", "today", "tomorrow", "too",
    "usually", "well", "what", "where", "whether", "yesterday",
]);

pub fn is_adverb(word: &str) -> bool {
    ADVERBS.has_in_any_case(word)
}

/// Whether a word that begins sentences occurs in names too, behind a capitalised word: `Schedule A`, `Phase Two`, `Made In`.
pub fn is_in_names(word: &str) -> bool {
    matches!(
        word,
        "A" | "And"
            | "As"
            | "At"
            | "By"
            | "First"
            | "For"
            | "From"
            | "In"
            | "Is"
            | "Last"
            | "No"
            | "Not"
            | "Now"
            | "On"
            | "One"
            | "Or"
            | "To"
            | "Today"
            | "Two"
            | "With"
            | "You"
            | "Your"
    )
}

/// Whether such a word ends a name of any length: `Doctor Who`, `Capital One`.
pub fn ends_names(word: &str) -> bool {
    matches!(word, "A" | "One" | "Two" | "Who")
}

/// Whether a word begins a question; as a heading it has no question mark: `What we are`.
pub fn asks(word: &str) -> bool {
    matches!(word, "How" | "What" | "When" | "Where" | "Who" | "Why")
}

/// Prepositions before a name that ends a heading: `New resolution on Syria`.
pub fn governs(word: &str) -> bool {
    matches!(
        word,
        "against"
            | "at"
            | "between"
            | "by"
            | "for"
            | "from"
            | "in"
            | "of"
            | "on"
            | "over"
            | "to"
            | "with"
    )
}

/// `The Times she read`: no noun phrase continues with a pronoun.
pub fn is_pronoun(word: &str) -> bool {
    matches!(word, "he" | "it" | "she" | "they" | "we" | "you")
}

/// Whether a name may follow the word at the beginning of a sentence: `In Geneva`.
pub fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "After"
            | "Although"
            | "As"
            | "At"
            | "Because"
            | "Before"
            | "But"
            | "By"
            | "During"
            | "For"
            | "From"
            | "If"
            | "In"
            | "On"
            | "Since"
            | "Though"
            | "To"
            | "Unlike"
            | "Until"
            | "When"
            | "While"
            | "With"
    )
}

/// Nouns that a name follows without a comma: `Ambassador Antonov said`, `the band Lark said`.
#[rustfmt::skip]
static BODIES: WordSet = WordSet::of(&[
    "agency", "airline", "band", "bank", "body", "boss", "brand", "captain", "charity", "chief", "club", "company",
    "duo", "envoy", "firm", "giant", "group", "head", "king", "lawmaker", "magazine", "newspaper", "paper", "party",
    "prince", "queen", "school", "site", "star", "team", "town", "village", "website",
]);

/// Words that end like those for persons, and are not.
#[rustfmt::skip]
static NOT_PERSONS: WordSet = WordSet::of(&[
    "border", "center", "computer", "corner", "cover", "danger", "dinner", "disaster", "disorder", "error", "factor",
    "fever", "fiber", "filter", "finger", "floor", "flower", "harbor", "honor", "labor", "layer", "letter", "matter",
    "mirror", "monitor", "motor", "newsletter", "november", "number", "october", "order", "paper", "power", "quarter",
    "register", "river", "sector", "september", "shelter", "silver", "summer", "tender", "terror", "tower",
    "transfer", "tutor", "war", "water", "weather", "winter",
]);

/// Nouns that a single letter may follow: `vitamin A`.
pub fn is_lettered(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "appendix"
            | "block"
            | "category"
            | "class"
            | "exhibit"
            | "figure"
            | "grade"
            | "group"
            | "hepatitis"
            | "influenza"
            | "level"
            | "option"
            | "part"
            | "plan"
            | "point"
            | "section"
            | "serie"
            | "side"
            | "strep"
            | "type"
            | "vitamin"
    )
}

/// Whether a name may follow the word without a comma: a word for a person or an organisation.
pub fn names_a_body(word: &str) -> bool {
    let is_person = ["er", "or", "man", "woman", "ist", "ian", "'s", "’s"]
        .iter()
        .any(|ending| word.ends_with(ending));
    is_person && !NOT_PERSONS.has_in_any_case(word) || BODIES.has_in_any_case(word)
}
