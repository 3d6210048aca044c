//! Which characters a reader sees, and text on one line.

/// Whether a character may be part of a text: white space may, other control characters may not, and front matter
/// cannot hold them.
pub fn is_text(c: char) -> bool {
    !c.is_control() || c.is_whitespace()
}

/// A text on one line, its words separated by single spaces.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
