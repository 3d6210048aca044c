//! The summary of an article whose front matter has none: the beginning of its text.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::import::repair::dateline;

/// The longest summary, in characters.
const MOST: usize = 220;

/// The text of the first paragraph, without markup and dateline, cut at the end of a word.
pub(crate) fn of(body: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for event in Parser::new(body) {
        match event {
            Event::Start(Tag::Paragraph) => inside = true,
            Event::End(TagEnd::Paragraph) if text.trim().is_empty() => inside = false,
            Event::End(TagEnd::Paragraph) => break,
            Event::Text(part) | Event::Code(part) if inside => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak if inside => text.push(' '),
            _ => {}
        }
        if text.len() > 8 * MOST {
            break;
        }
    }
    let text = text.trim();
    // Pages show place and source beside the summary.
    let dateline = dateline::read(text).map_or(0, |found| found.length);
    cut(text[dateline..].trim())
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
