//! The summary of an article whose front matter has none: the beginning of its text.

use memchr::memmem;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::import::repair::dateline;

/// The longest summary, in characters.
const MOST: usize = 220;

/// How much of a text nearly always contains its first paragraph, in bytes.
const BEGINNING: usize = 1_000;

/// The text of the first paragraph, without markup and dateline, cut at the end of a word.
pub(crate) fn of(body: &str) -> String {
    let text = first_paragraph(beginning(body)).or_else(|| first_paragraph(body));
    let text = text.unwrap_or_default();
    let text = text.trim();
    // Pages show place and source beside the summary.
    let dateline = dateline::read(text).map_or(0, |found| found.length);
    cut(text[dateline..].trim())
}

/// The first paragraphs of a long text, which are parsed in a tenth of the time; the whole text if a bracket in them may
/// be a link whose target is named at the end.
fn beginning(body: &str) -> &str {
    let mut ends = memmem::find_iter(body.as_bytes(), b"\n\n");
    match ends.find(|end| *end > BEGINNING) {
        Some(end) if memchr::memchr(b'[', &body.as_bytes()[..end]).is_none() => &body[..end],
        _ => body,
    }
}

/// The text of the first paragraph that has text; at least its first `8 * MOST` bytes.
fn first_paragraph(body: &str) -> Option<String> {
    let mut text = String::new();
    let mut inside = false;
    for event in Parser::new(body) {
        match event {
            Event::Start(Tag::Paragraph) => inside = true,
            Event::End(TagEnd::Paragraph) if text.trim().is_empty() => inside = false,
            Event::End(TagEnd::Paragraph) => return Some(text),
            Event::Text(part) | Event::Code(part) if inside => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak if inside => text.push(' '),
            _ => {}
        }
        if text.len() > 8 * MOST {
            return Some(text);
        }
    }
    None
}

fn cut(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4 * MOST));
    for word in text.split_whitespace() {
        if out.chars().count() + word.chars().count() > MOST {
            if out.is_empty() {
                out.extend(word.chars().take(MOST));
            }
            return out.trim_end_matches([',', ';', ':', '–', '—']).to_owned() + " …";
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_the_first_paragraph_without_markup() {
        assert_eq!(
            of("# Head\n\n*One* [two](x.md)\nthree.\n\nFour."),
            "One two three."
        );
        assert_eq!(of("<div>\n</div>\n\n![](x.png)\n\nText."), "Text.");
        assert_eq!(
            of("PORT ALDER, July 13. /MERIDIAN/. The ferry is late."),
            "The ferry is late."
        );
        assert_eq!(of(""), "");
        assert_eq!(of("Text in an unclosed `code"), "Text in an unclosed `code");
    }

    #[test]
    fn the_end_of_a_long_text_changes_nothing() {
        let rest = "A paragraph of a long text.\n\n".repeat(200);
        assert_eq!(of(&format!("One *two*.\n\n{rest}")), "One two.");
        assert_eq!(
            of(&format!("One [two][a].\n\n{rest}\n[a]: x.md")),
            "One two."
        );
        let code = format!("```\n{rest}```\n\nText.\n\n{rest}");
        assert_eq!(of(&code), "Text.");
    }

    #[test]
    fn a_long_summary_is_cut_at_a_word() {
        let summary = of(&"seven letters, ".repeat(40));
        assert!(
            summary.ends_with("seven …") && summary.chars().count() <= MOST + 2,
            "{summary}"
        );
    }
}
