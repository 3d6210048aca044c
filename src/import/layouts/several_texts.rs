//! Several texts in one file: numbered (`DOCUMENT 1 of 2`), separated by lines of dashes, or each with its own labels.
//! Knows where a text begins; label blocks and titled texts read each.

use std::ops::Range;

use super::fields::Field;
use super::label_block::LabelBlock;
use super::titled_text::{TitledText, begins_with_title};
use super::{Layout, MOST_RECORDS, RawText, labels};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;

pub(crate) struct SeveralTexts;

/// The shortest line that separates texts, in characters.
const SHORTEST_RULE: usize = 5;

/// The bytes at the beginning of a file in which a second text must begin.
const SAMPLE: usize = 1024 * 1024;

impl Layout for SeveralTexts {
    fn name(&self) -> &'static str {
        "several texts"
    }

    fn title(&self) -> &'static str {
        "Several texts in a file"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let parts = parts(raw);
        parts.len() > 1 && parts.iter().all(|part| layout_of(raw, part).is_some())
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let parts = parts(raw);
        if parts.len() > MOST_RECORDS {
            return Err(raw.too_many("texts"));
        }
        let mut readings = Vec::with_capacity(parts.len());
        for part in parts {
            let text = within(raw, &part);
            let Some(layout) = layout_of(raw, &part) else {
                let message = "a part of the file is in no layout that Backfile knows";
                let problem = raw.problem(Code::LayoutUnknown, message);
                readings.push(Reading::problem(problem.at_byte(raw.text, part.start)));
                continue;
            };
            readings.extend(layout.read(&text)?.into_iter().map(|reading| Reading {
                span: part.start + reading.span.start..part.start + reading.span.end,
                record: Some(reading.front.id.clone()).filter(|id| !id.is_empty()),
                ..reading
            }));
        }
        super::decoded_record::unique(&mut readings);
        Ok(readings)
    }
}

/// Whether a file that was read as one text may hold several, of which not all are recognised.
pub(crate) fn may_be_several(raw: &RawText<'_>) -> bool {
    let parts = parts(raw);
    let known = parts.iter().filter(|part| layout_of(raw, part).is_some());
    parts.len() > 1 && known.count() * 2 > parts.len()
}

fn within<'a>(raw: &RawText<'a>, part: &Range<usize>) -> RawText<'a> {
    let text = &raw.text[part.clone()];
    RawText {
        text,
        bytes: text.as_bytes(),
        ..*raw
    }
}

fn layout_of(raw: &RawText<'_>, part: &Range<usize>) -> Option<&'static dyn Layout> {
    const READERS: [&dyn Layout; 2] = [&LabelBlock, &TitledText];
    let text = within(raw, part);
    let begins_with_label = || {
        let first = text.text.lines().find(|line| !line.trim().is_empty());
        let label = first.and_then(|line| labels::read(line.trim(), raw.fields));
        label.is_some_and(|label| label.field == Some(Field::Title))
    };
    let found = READERS
        .iter()
        .find(|layout| layout.recognises(&text))
        // Within a file, a text without a title is a part of the one before it.
        .filter(|layout| layout.name() != TitledText.name() || begins_with_title(text.text))
        .copied();
    found.or_else(|| begins_with_label().then_some(READERS[0]))
}

/// The texts of a file, by the first way of separating them that gives two; else none.
fn parts(raw: &RawText<'_>) -> Vec<Range<usize>> {
    let marks = Marks::of(raw);
    for (starts, is_part_before) in [
        (marks.numbers, false),
        (marks.rules, true),
        (marks.labels, true),
    ] {
        if starts.is_empty() {
            continue;
        }
        let mut from = if is_part_before {
            0..0
        } else {
            starts[0].clone()
        };
        let mut found = Vec::new();
        let end = raw.text.len()..raw.text.len();
        let skipped = usize::from(!is_part_before);
        for mark in starts.into_iter().skip(skipped).chain([end]) {
            let part = from.end..mark.start;
            if !raw.text[part.clone()].trim().is_empty() {
                found.push(part);
            }
            from = mark;
        }
        if found.len() > 1 {
            return found;
        }
    }
    Vec::new()
}

/// The bytes of what separates texts: lines with a number, lines of dashes, and the empty beginnings of lines with a label.
#[derive(Default)]
struct Marks {
    numbers: Vec<Range<usize>>,
    rules: Vec<Range<usize>>,
    labels: Vec<Range<usize>>,
}

impl Marks {
    fn of(raw: &RawText<'_>) -> Self {
        let mut marks = Self::default();
        let first = raw
            .text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty());
        let label = first.and_then(|line| labels::read(line, raw.fields));
        let label = label.filter(|label| label.field.is_some());
        let mut at = 0;
        let mut is_after_blank = false;
        for line in raw.text.split_inclusive('\n') {
            let bare = line.trim();
            let here = at..at + line.len();
            at = here.end;
            let is_first_text = marks.numbers.is_empty() && marks.rules.is_empty();
            if here.start > SAMPLE && is_first_text && marks.labels.is_empty() {
                break;
            }
            match bare.bytes().next() {
                Some(b'-' | b'=' | b'*' | b'_' | b'~' | b'#') if is_rule(bare) => {
                    marks.rules.push(here);
                    is_after_blank = true;
                    continue;
                }
                Some(b'0'..=b'9' | b'd' | b'D') if is_number(bare) => marks.numbers.push(here),
                Some(_) if is_after_blank => {
                    let is_again = label.is_some_and(|label| {
                        let begins = bare.get(..label.text.len());
                        begins.is_some_and(|text| text.eq_ignore_ascii_case(label.text))
                            && labels::read(bare, raw.fields)
                                .is_some_and(|l| l.field == label.field)
                    });
                    if is_again && begins_record(raw, here.end) {
                        marks.labels.push(here.start..here.start);
                    }
                }
                _ => {}
            }
            is_after_blank = bare.is_empty();
        }
        marks
    }
}

/// Whether what follows the first label of a text is another label, or a blank line.
fn begins_record(raw: &RawText<'_>, at: usize) -> bool {
    let next = raw.text[at..].lines().next().unwrap_or_default().trim();
    next.is_empty() || labels::read(next, raw.fields).is_some_and(|label| label.field.is_some())
}

/// `-----`, `* * * * *`
fn is_rule(line: &str) -> bool {
    let mut signs = line.chars().filter(|c| !c.is_whitespace());
    let first = signs.next();
    let same = signs.filter(|c| Some(*c) == first).count() + 1;
    same >= SHORTEST_RULE && line.chars().all(|c| c.is_whitespace() || Some(c) == first)
}

/// `DOCUMENT 1 of 2`, `1 of 2 DOCUMENTS`
fn is_number(line: &str) -> bool {
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let is_digits = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let words = match words.as_slice() {
        ["document" | "dokument" | "article", rest @ ..] => rest,
        [
            rest @ ..,
            "documents" | "document" | "dokumente" | "articles",
        ] => rest,
        _ => return false,
    };
    matches!(words, [one, "of" | "von" | "de", all] if is_digits(one) && is_digits(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        let raw = RawText::new("a.txt", text);
        match SeveralTexts.recognises(&raw) {
            true => {
                let readings = SeveralTexts.read(&raw).unwrap();
                readings.into_iter().map(|r| r.front.title).collect()
            }
            false => Vec::new(),
        }
    }

    const PROSE: &str =
        "The night ferry will sail again from the north quay, said the harbour office.";

    #[test]
    fn texts_are_found_by_labels_rules_and_numbers() {
        for text in [
            format!(
                "Title: A\nDate: 2021-07-13\n\n{PROSE}\n\nTitle: B\nDate: 2021-07-14\n\n{PROSE}\n"
            ),
            format!("A\n\n{PROSE}\n-----\nB\n\n{PROSE}\n"),
            format!("DOCUMENT 1 of 2\n\nA\n\n{PROSE}\n\nDOCUMENT 2 of 2\n\nB\n\n{PROSE}\n"),
            format!(
                "Search result\n\n1 of 2 DOCUMENTS\n\nA\n\n{PROSE}\n\n2 of 2 DOCUMENTS\n\nB\n\n{PROSE}\n"
            ),
        ] {
            assert_eq!(titles(&text), ["A", "B"], "{text}");
        }
    }

    #[test]
    fn one_text_with_rules_or_labels_stays_one() {
        for text in [
            format!("A\n\n{PROSE}\n-----\nSigned, the office.\n"),
            format!(
                "Title: A\nDate: 2021-07-13\n\n{PROSE}\n\nTitle: a word of Latin, as in this sentence.\n{PROSE}\n"
            ),
            format!("A\n\n{PROSE}\n"),
        ] {
            assert!(titles(&text).is_empty(), "{text}");
        }
    }
}
