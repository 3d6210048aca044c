//! Plain text → Markdown that reads as the text was written, and back.

use crate::text::markdown::OPTIONS;
use pulldown_cmark::{Event, Parser};

/// Paragraphs of a text as Markdown, a blank line between them.
pub(crate) fn paragraphs<T: AsRef<str>>(paragraphs: impl IntoIterator<Item = T>) -> String {
    let mut out = String::new();
    for paragraph in paragraphs {
        let paragraph = paragraph.as_ref().trim();
        if paragraph.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        escape_into(&mut out, paragraph);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Appends a paragraph of plain text and a line end.
pub(crate) fn push_paragraph(out: &mut String, paragraph: &str) {
    escape_into(out, paragraph.trim());
    out.push('\n');
}

/// Appends a paragraph on one line: words separated by single spaces, everything that Markdown would read as markup escaped.
fn escape_into(out: &mut String, paragraph: &str) {
    let mut rest = paragraph.trim_start();
    let mut is_first = true;
    while !rest.is_empty() {
        let plain = match is_first {
            true => 0,
            false => plain_words(rest),
        };
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        escape_text(out, &rest[..end], is_first);
        rest = rest[end..].trim_start();
        if !rest.is_empty() {
            out.push(' ');
        }
        is_first = false;
    }
}

/// The bytes of the words at the beginning that need no escape, with the space after each: nearly all prose.
fn plain_words(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_plain = |at: usize| match bytes.get(at) {
        Some(b' ') => at > 0 && bytes[at - 1] != b' ',
        Some(b) => IS_PLAIN[usize::from(*b)],
        None => false,
    };
    let mut end = 0;
    while is_plain(end) {
        end += 1;
    }
    // Whole words.
    memchr::memrchr(b' ', &bytes[..end]).map_or(0, |at| at + 1)
}

/// The ASCII characters that are never markup within a line.
const IS_PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut letter = b'!';
    while letter <= b'~' {
        table[letter as usize] = !is_mark(letter);
        letter += 1;
    }
    table
};

/// Appends a word, or a part of one at the edge of markup, escaped. `is_first` where it begins a line.
pub(super) fn escape_text(out: &mut String, word: &str, is_first: bool) {
    if is_first && starts_block(word) {
        escape_start(out, word);
    } else {
        escape_word(out, word);
    }
}

/// Whether a word at the start of a line would begin a list, a heading, a quotation, a table or a rule.
fn starts_block(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let ordered = digits.len() < word.len() && digits.starts_with(['.', ')']);
    ordered || word.starts_with(['-', '+', '=', '#', '>', '|', ':', '~'])
}

fn escape_start(out: &mut String, word: &str) {
    let mark = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    out.push_str(&word[..mark]);
    let mut rest = word[mark..].chars();
    if let Some(first) = rest.next() {
        out.push('\\');
        out.push(first);
    }
    escape_word(out, rest.as_str());
}

/// Whether a character may be markup, or is NUL.
const fn is_mark(letter: u8) -> bool {
    matches!(
        letter,
        b'\\'
            | b'*'
            | b'`'
            | b'['
            | b']'
            | b'<'
            | b'|'
            | b'~'
            | b'$'
            | b'_'
            | b'&'
            | b'!'
            | b'%'
            | b'{'
            | 0
    )
}

fn escape_word(out: &mut String, word: &str) {
    // Nearly all words.
    if !word.bytes().any(is_mark) {
        return out.push_str(word);
    }
    let mut before = ' ';
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let is_markup = match c {
            '\\' => after.is_ascii_punctuation() || after == ' ',
            '*' | '`' | '[' | ']' | '<' | '|' | '~' | '$' => true,
            // Within a word an underscore is not markup.
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '&' => after == '#' || after.is_ascii_alphabetic(),
            '!' => after == '[',
            // `%%` begins a comment; `{{`, `{%` and `{#` a piece of a template of Jekyll, Eleventy or Hugo.
            '%' => before == '%' || before == '{',
            '{' | '#' => before == '{',
            _ => false,
        };
        if is_markup {
            out.push('\\');
        }
        // Markdown replaces NUL by U+FFFD; a reader sees neither.
        out.push(if c == '\0' { '\u{fffd}' } else { c });
        before = c;
    }
}

/// The words of Markdown without its markup.
pub(crate) fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, OPTIONS) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => out.push(' '),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn letters(text: &str) -> String {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| if c == '\0' { '\u{fffd}' } else { c })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn any_text_reads_as_it_was_written(text in "([ \\n{%a-c\\*_\\[\\]<>&#`\\\\!\\-+=|~:.()0-9\"';/$^]|\\PC){0,60}") {
            let made = paragraphs([&text]);
            prop_assert_eq!(letters(&plain(&made)), letters(&text), "{}", made);
        }
    }

    #[test]
    fn plain_prose_stays_plain() {
        let text = "He said: \"No, 5 - 3 is 2; snake_case stays\" (really), at a+b = 7.";
        assert_eq!(paragraphs([text]), format!("{text}\n"));
    }

    #[test]
    fn markup_at_the_start_of_a_line_is_text() {
        assert_eq!(
            paragraphs(["- one", "1. two", "# three", "> four"]),
            "\\- one\n\n1\\. two\n\n\\# three\n\n\\> four\n"
        );
    }
}
