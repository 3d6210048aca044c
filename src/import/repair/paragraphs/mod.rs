//! Paragraphs: separated by blank lines, or inferred where scraping left one long line.
//! Never changes a character.

mod grouping;

use std::ops::Range;

use super::{dateline, headings, sentences};
use crate::import::{markdown, plain_lines};
use crate::settings::Repairs;
use grouping::Grouping;

/// A text of a single longer paragraph was flattened, in bytes.
pub const FLATTENED: usize = 600;

/// A paragraph or heading of a text, without the white space around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextBlock {
    pub range: Range<usize>,
    pub is_heading: bool,
}

/// The blocks of a text in order, and whether its paragraphs and headings were inferred.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    pub blocks: Vec<TextBlock>,
    pub paragraphs: bool,
    pub headings: bool,
}

impl Restored {
    /// The blocks as Markdown. `text` is the text that they were found in.
    pub fn markdown(&self, text: &str) -> String {
        let mut made = String::with_capacity(text.len() + text.len() / 64);
        let words_of = |block: &TextBlock| text.get(block.range.clone()).unwrap_or_default();
        let wrapping = plain_lines::wrapping(self.blocks.iter().map(words_of));
        for block in &self.blocks {
            let words = words_of(block);
            if words.is_empty() {
                continue;
            }
            if !made.is_empty() {
                made.push('\n');
            }
            if block.is_heading {
                made.push_str("## ");
            }
            let lines: Vec<&str> = words.lines().map(str::trim_end).collect();
            match lines.as_slice() {
                [_] => markdown::push_paragraph(&mut made, words),
                lines if plain_lines::is_preformatted(lines) => {
                    plain_lines::push_code(&mut made, "", lines);
                }
                lines => {
                    plain_lines::push_lines(
                        &mut made,
                        "",
                        &plain_lines::unwrapped(lines, wrapping),
                    );
                }
            }
        }
        made
    }

    /// The names of what was inferred.
    pub fn inferred(&self) -> impl Iterator<Item = &'static str> {
        let names = [("paragraphs", self.paragraphs), ("headings", self.headings)];
        names
            .into_iter()
            .filter_map(|(name, made)| made.then_some(name))
    }
}

/// The paragraphs of a text, in order, without the white space around them, and whether they were inferred; they are only
/// if `infer` is set.
pub fn find(text: &str, infer: bool) -> (Vec<Range<usize>>, bool) {
    let repairs = Repairs {
        paragraphs: infer,
        headings: false,
        ..Repairs::ALL
    };
    let restored = restore(text, repairs);
    let parts = restored.blocks.into_iter().map(|part| part.range);
    (parts.collect(), restored.paragraphs)
}

/// The paragraphs of a text and, if it was flattened, its headings; each only if its repair is enabled.
pub fn restore(text: &str, repairs: Repairs) -> Restored {
    let found = by_blank_lines(text);
    let mut restored = Restored::default();
    let [whole] = found.as_slice() else {
        restored.blocks = found.into_iter().map(paragraph).collect();
        return restored;
    };
    let prose = &text[whole.clone()];
    if prose.len() <= FLATTENED
        || has_line_breaks(prose)
        || !(repairs.paragraphs || repairs.headings)
    {
        restored.blocks = found.into_iter().map(paragraph).collect();
        return restored;
    }
    let mut starts = sentences::starts(prose);
    // The full stops of a dateline do not end a sentence.
    let dateline = dateline::read(prose).map_or(0, |dateline| dateline.length);
    starts.retain(|at| *at > dateline + 1);
    let found = if repairs.headings {
        headings::find(prose, &starts)
    } else {
        Vec::new()
    };
    restored.headings = !found.is_empty();
    let grouping = Grouping::of(prose, &starts);
    let shift = |range: Range<usize>| whole.start + range.start..whole.start + range.end;
    let mut from = 0;
    let mut starts = starts.as_slice();
    for heading in found.into_iter().map(Some).chain([None]) {
        let end = heading.as_ref().map_or(prose.len(), |h| h.start);
        let here = starts.partition_point(|at| *at < end);
        let (inner, rest) = starts.split_at(here);
        starts = rest
            .get(usize::from(rest.first() == Some(&end))..)
            .unwrap_or_default();
        let inner = if repairs.paragraphs { inner } else { &[] };
        let parts = grouping.paragraphs(from..end, inner);
        restored.paragraphs |= parts.len() > 1;
        restored.blocks.extend(
            parts
                .into_iter()
                .map(|part| paragraph(shift(trim(prose, part))))
                .filter(|part| !part.range.is_empty()),
        );
        if let Some(heading) = heading {
            from = heading.end;
            restored.blocks.push(TextBlock {
                range: shift(heading),
                is_heading: true,
            });
        }
    }
    restored
}

fn paragraph(range: Range<usize>) -> TextBlock {
    TextBlock {
        range,
        is_heading: false,
    }
}

/// A range without the white space at its ends.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}

fn has_line_breaks(paragraph: &str) -> bool {
    paragraph.contains('\n')
}

/// The byte ranges between blank lines, without the white space around them.
pub fn by_blank_lines(text: &str) -> Vec<Range<usize>> {
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
    fn blank_lines_separate_paragraphs_and_line_breaks_do_not() {
        assert_eq!(
            parts("One\nline.\n\n  Two.\n \nThree."),
            ["One\nline.", "Two.", "Three."]
        );
        assert!(!find("One.\n\nTwo.", true).1);
    }

    #[test]
    fn a_flattened_text_is_split_between_sentences_and_never_in_a_quotation() {
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

    #[test]
    fn speakers_are_separated_and_explanations_are_not() {
        let filler = "The harbour was quiet, and nobody came. ".repeat(12);
        let text = format!(
            "{filler}“We saw the boats,” said Ida Moss. “They were late,” said Nils Farrow. {filler}A lamp costs much oil. For example, it burned nine litres in May."
        );
        let found = parts(&text);
        assert!(
            found.iter().any(|part| part.ends_with("said Ida Moss.")),
            "{found:?}"
        );
        let continues = |part: &&str| part.contains("much oil. For example");
        assert!(found.iter().any(continues), "{found:?}");
    }

    #[test]
    fn headings_are_separated_only_if_enabled() {
        let filler = "The harbour was quiet, and nobody came. ".repeat(12);
        let text = format!("{filler}New roads The council will build nine of them. {filler}");
        let restored = restore(&text, Repairs::ALL);
        assert!(
            restored.headings
                && restored
                    .markdown(&text)
                    .contains("\n\n## New roads\n\nThe council")
        );
        let off = Repairs {
            headings: false,
            ..Repairs::ALL
        };
        assert!(!restore(&text, off).markdown(&text).contains("##"));
        let only = Repairs {
            paragraphs: false,
            ..Repairs::ALL
        };
        let restored = restore(&text, only);
        assert_eq!(restored.blocks.len(), 3);
        assert_eq!(restored.inferred().collect::<Vec<_>>(), ["headings"]);
    }

    #[test]
    fn a_dateline_is_not_split() {
        let text = format!(
            "PORT LARK, July 13. /MAKER/. {}",
            "The harbour was quiet. ".repeat(40)
        );
        assert!(parts(&text)[0].contains("/MAKER/. The harbour"));
    }
}
