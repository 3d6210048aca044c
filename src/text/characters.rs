//! Which characters a reader sees, and text on one line.

/// Whether a character may be part of a text: white space may, other control characters may not, and front matter
/// cannot hold them.
pub(crate) fn is_text(c: char) -> bool {
    !c.is_control() || c.is_whitespace()
}

/// A text on one line, its words separated by single spaces.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text from a stranger, safe to show in a message.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
