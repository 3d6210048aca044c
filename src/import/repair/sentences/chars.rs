//! Characters and words at byte offsets of a text. Knows the punctuation around words; never where a sentence ends.

/// Longer words are neither abbreviations nor names, in bytes.
pub(crate) const LONGEST_WORD: usize = 32;

/// The first words after a byte offset, about four.
pub(crate) fn first_words(text: &str, at: usize) -> impl Iterator<Item = &str> {
    let end = boundary(text, (at + 4 * LONGEST_WORD).min(text.len()));
    text.get(at..end).unwrap_or_default().split_whitespace()
}

/// A word without the punctuation before it, up to the first character that is not part of a word.
pub(crate) fn bare(word: &str) -> &str {
    let word = word.trim_start_matches(opens);
    let end = word
        .find(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'))
        .unwrap_or(word.len());
    word.get(..end).unwrap_or_default()
}

/// `U.S`, `J.R.R`, `Ph.D`: letters, each with a full stop.
pub(crate) fn is_initials(word: &str) -> bool {
    word.contains('.')
        && word
            .split('.')
            .all(|part| part.len() <= 2 && part.chars().all(char::is_alphabetic))
}

/// `IV`, which stands for a number. `I` is a word.
pub(crate) fn is_roman(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'L'))
}

/// The end of a note reference such as `[12]` that begins at `at`.
pub(crate) fn reference(text: &str, at: usize) -> Option<usize> {
    let end = skip(text, at + 1, |c| c.is_ascii_digit());
    let is_note = (2..=4).contains(&(end - at)) && text.as_bytes().get(end) == Some(&b']');
    is_note.then_some(end + 1)
}

pub(crate) fn opens(c: char) -> bool {
    matches!(c, '"' | '“' | '‘' | '\'' | '(' | '[' | '«' | '„')
}

pub(crate) fn closes(c: char) -> bool {
    matches!(c, '"' | '”' | '’' | '\'' | '»' | ')' | ']')
}

pub(crate) fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '⁃')
}

pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

pub(crate) fn starts_with(text: &str, at: usize, test: impl Fn(char) -> bool) -> bool {
    char_at(text, at).is_some_and(test)
}

/// The offset of the first character at or after `at` that fails the test.
pub(crate) fn skip(text: &str, at: usize, test: impl Fn(char) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find(|c| !test(c)).unwrap_or(rest.len())
}

pub(crate) fn skip_blanks(text: &str, at: usize) -> usize {
    skip(text, at, char::is_whitespace)
}

/// The first character boundary at or after a byte offset.
pub(crate) fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
