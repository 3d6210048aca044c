//! Paragraphs: what blank lines set apart, and, where scraping left one long line, what a reader can read.

use std::ops::Range;

use super::sentences;

/// A single paragraph longer than this, in bytes, was flattened.
const FLATTENED: usize = 600;

/// What a paragraph aims at, in bytes.
const AIM: usize = 420;

/// The paragraphs of a text, in order, without the white space around them, and whether they were inferred, which they
/// are only where `infer` says so.
pub fn find(text: &str, infer: bool) -> (Vec<Range<usize>>, bool) {
    let paragraphs = by_blank_lines(text);
    match paragraphs.as_slice() {
        [one] if infer && one.len() > FLATTENED && !has_line_breaks(&text[one.clone()]) => {
            let parts = by_sentences(text, one);
            let inferred = parts.len() > 1;
            (parts, inferred)
        }
        _ => (paragraphs, false),
    }
}

fn has_line_breaks(paragraph: &str) -> bool {
    paragraph.contains('\n')
}

fn by_blank_lines(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        if words.is_empty() {
            open = false;
        } else {
            let start = at + (line.len() - line.trim_start().len());
            match found.last_mut().filter(|_| open) {
                Some(paragraph) => paragraph.end = start + words.len(),
                None => found.push(start..start + words.len()),
            }
            open = true;
        }
        at += line.len();
    }
    found
}

/// Groups sentences: a new paragraph where the last is long enough, or where a quotation begins after one that
/// closed; never inside a quotation.
fn by_sentences(text: &str, whole: &Range<usize>) -> Vec<Range<usize>> {
    let prose = &text[whole.clone()];
    let mut starts = sentences::starts(prose);
    starts.push(prose.len());
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    let mut sentence_at = 0;
    let mut quotation = Quotation::default();
    for next in starts {
        let sentence = &prose[sentence_at..next];
        quotation.read(sentence);
        let length = next - from;
        let next_quotes = prose[next..].starts_with(['"', '“', '«']);
        let after_quotation =
            sentence.trim_end().ends_with(['"', '”', '»']) || quotation.closed_here;
        let readable =
            length >= AIM || (next_quotes && length >= AIM / 3) || (next_quotes && after_quotation);
        let is_end = next == prose.len();
        if is_end || (readable && !quotation.is_open()) {
            let part = prose[from..next].trim_end();
            found.push(whole.start + from..whole.start + from + part.len());
            from = next;
        }
        sentence_at = next;
    }
    found
}

/// Whether a quotation is open. Straight quotation marks open after a blank and close before one; a mark that was
/// lost must not hold a paragraph together for ever.
#[derive(Debug, Default)]
struct Quotation {
    open: bool,
    /// Sentences since it opened.
    age: usize,
    closed_here: bool,
}

/// A quotation that goes on for more sentences than this has lost its end.
const LONGEST_QUOTATION: usize = 6;

impl Quotation {
    fn read(&mut self, sentence: &str) {
        self.closed_here = false;
        let mut before = ' ';
        let chars = sentence.chars().peekable();
        for c in chars {
            match c {
                '“' | '«' => self.open = true,
                '”' | '»' => self.close(),
                '"' if before.is_whitespace() || matches!(before, '(' | '[' | '—') => {
                    self.open = true
                }
                '"' => self.close(),
                _ => {}
            }
            before = c;
        }
        self.age = if self.open { self.age + 1 } else { 0 };
    }

    fn close(&mut self) {
        self.open = false;
        self.closed_here = true;
    }

    fn is_open(&self) -> bool {
        self.open && self.age <= LONGEST_QUOTATION
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        find(text, true)
            .0
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn blank_lines_part_paragraphs_and_line_breaks_do_not() {
        assert_eq!(
            parts("One\nline.\n\n  Two.\n \nThree."),
            ["One\nline.", "Two.", "Three."]
        );
        assert!(!find("One.\n\nTwo.", true).1);
    }

    #[test]
    fn a_flattened_text_is_cut_between_sentences_and_never_in_a_quotation() {
        let quote = "“We saw the boats come in. They were late. Nobody waved.”";
        let text = format!(
            "{} {quote} {}",
            "The harbour was quiet that morning. ".repeat(20).trim(),
            "Rain fell on the town. ".repeat(20).trim()
        );
        let (found, inferred) = find(&text, true);
        assert!(inferred && found.len() > 2);
        assert!(
            found
                .iter()
                .any(|range| text[range.clone()].contains(quote))
        );
        let joined: Vec<&str> = found.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(joined.join(" "), text);
    }
}
