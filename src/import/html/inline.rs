//! The text and marks of a paragraph → a paragraph of Markdown. Never knows HTML.

use super::elements::escape_attribute;
use crate::import::markdown::escape_text;

/// An inline element of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inline {
    /// With the white space of the HTML.
    Text(String),
    Code(String),
    Image {
        alt: String,
        address: String,
    },
    Break,
    /// A reference to a footnote.
    Note(usize),
    Open(Mark),
    Close(Mark),
}

/// The markup around a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Emphasis,
    Strong,
    Strikethrough,
    /// An element that Markdown has no sign for, `sup` or `sub`: without it, 10² would be 102.
    Element(&'static str),
    /// What an abbreviation stands for.
    Abbreviation(String),
    Link(String),
}

/// The words of a paragraph, with collapsed white space.
pub(crate) fn words(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for piece in inlines {
        match piece {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Image { alt, .. } => out.push_str(alt),
            Inline::Break => out.push('\n'),
            Inline::Open(_) | Inline::Close(_) | Inline::Note(_) => {}
        }
    }
    collapse(&out)
}

/// How many bytes of a paragraph's words are links.
pub(crate) fn linked(inlines: &[Inline]) -> usize {
    let mut open = 0_usize;
    let mut length = 0;
    for piece in inlines {
        match piece {
            Inline::Open(Mark::Link(_)) => open += 1,
            Inline::Close(Mark::Link(_)) => open = open.saturating_sub(1),
            Inline::Text(text) | Inline::Code(text) if open > 0 => {
                length += text.split_whitespace().map(str::len).sum::<usize>();
            }
            _ => {}
        }
    }
    length
}

/// A text on one line, its words separated by single spaces.
pub fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The Markdown of a paragraph, on one line except for hard line breaks.
pub(crate) fn markdown(inlines: &[Inline]) -> String {
    let mut line = Line::default();
    for piece in inlines {
        match piece {
            Inline::Text(text) => line.text(text),
            Inline::Code(text) => line.code(text),
            Inline::Image { alt, address } => line.image(alt, address),
            Inline::Break => line.hard_break(),
            Inline::Note(number) => line.note(*number),
            Inline::Open(mark) => line.waiting.push(mark.clone()),
            Inline::Close(mark) => line.close(mark),
        }
    }
    line.out
}

#[derive(Default)]
struct Line {
    out: String,
    /// Whether white space precedes the next word.
    gap: bool,
    /// Whether a line break precedes the next word.
    broken: bool,
    /// Marks that are opened before the next word.
    waiting: Vec<Mark>,
}

impl Line {
    /// Writes a line break or a space, and the marks that open.
    fn begin(&mut self) {
        if self.broken && !self.out.is_empty() {
            self.out.push_str("\\\n");
        } else if self.gap && !self.out.is_empty() {
            self.out.push(' ');
        }
        (self.gap, self.broken) = (false, false);
        for mark in std::mem::take(&mut self.waiting) {
            match mark {
                Mark::Emphasis => self.out.push('*'),
                Mark::Strong => self.out.push_str("**"),
                Mark::Strikethrough => self.out.push_str("~~"),
                Mark::Element(name) => self.out += &format!("<{name}>"),
                Mark::Abbreviation(title) => {
                    let mut escaped = String::new();
                    escape_attribute(&mut escaped, &title);
                    self.out += &format!("<abbr title=\"{escaped}\">");
                }
                Mark::Link(_) => self.bracket(),
            }
        }
    }

    /// `![` would be an image.
    fn bracket(&mut self) {
        if self.out.ends_with('!') {
            self.out.pop();
            self.out.push_str("\\!");
        }
        self.out.push('[');
    }

    fn text(&mut self, text: &str) {
        let is_space = |c: Option<char>| c.is_some_and(char::is_whitespace);
        self.gap |= is_space(text.chars().next());
        let mut words = text.split_whitespace().peekable();
        if words.peek().is_none() {
            return;
        }
        while let Some(word) = words.next() {
            let is_first = self.out.is_empty() || self.broken;
            self.begin();
            escape_text(&mut self.out, word, is_first);
            self.gap = words.peek().is_some();
        }
        self.gap = is_space(text.chars().next_back());
    }

    fn code(&mut self, text: &str) {
        let text = collapse(text);
        if text.is_empty() {
            return;
        }
        self.begin();
        let fence = "`".repeat(longest_run(&text, '`') + 1);
        let pad = if text.starts_with('`') || text.ends_with('`') {
            " "
        } else {
            ""
        };
        self.out += &format!("{fence}{pad}{text}{pad}{fence}");
    }

    fn image(&mut self, alt: &str, address: &str) {
        self.begin();
        self.out.push_str("![");
        for (index, word) in alt.split_whitespace().enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            escape_text(&mut self.out, word, false);
        }
        self.out += &format!("]({address})");
    }

    /// A reference stands at the word before it.
    fn note(&mut self, number: usize) {
        let gap = std::mem::take(&mut self.gap);
        self.begin();
        self.out += &format!("[^{number}]");
        self.gap = gap;
    }

    fn hard_break(&mut self) {
        self.broken = !self.out.is_empty();
    }

    fn close(&mut self, mark: &Mark) {
        // A mark without words is not written.
        if let Some(at) = self.waiting.iter().rposition(|open| open == mark) {
            self.waiting.remove(at);
            return;
        }
        match mark {
            Mark::Emphasis => self.out.push('*'),
            Mark::Strong => self.out.push_str("**"),
            Mark::Strikethrough => self.out.push_str("~~"),
            Mark::Element(name) => self.out += &format!("</{name}>"),
            Mark::Abbreviation(_) => self.out += "</abbr>",
            Mark::Link(address) => self.out += &format!("]({address})"),
        }
    }
}

/// The length of the longest run of one character.
pub(crate) fn longest_run(text: &str, character: char) -> usize {
    let runs = text
        .split(|c| c != character)
        .map(|run| run.chars().count());
    runs.max().unwrap_or(0)
}
