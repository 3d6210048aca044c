//! Page debris: text around an article that a scraper saved with it. Never removes it without a record.

use std::ops::Range;

/// Lowercase lines that are never prose.
const LINES: &[&str] = &[
    "read more",
    "read more...",
    "read more…",
    "share",
    "share this",
    "share this article",
    "advertisement",
    "x",
    "×",
    "print",
    "print this page",
    "comments",
    "subscribe",
    "sign up",
    "tweet",
    "email",
    "facebook",
    "twitter",
    "whatsapp",
    "continue reading",
    "more",
    "back to top",
    "close",
    "related articles",
    "loading...",
];

/// Debris at the end of the last line, after its full stop.
const TAILS: &[&str] = &["Read more", "Read More", "READ MORE", "Continue reading"];

/// The byte ranges of debris at the beginning and the end of a text, in order.
///
/// Precision before recall: only whole lines of the list, and a tail only after the end of a sentence.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let lines: Vec<Range<usize>> = line_ranges(text).collect();
    let is_debris =
        |line: &Range<usize>| LINES.contains(&text[line.clone()].trim().to_lowercase().as_str());
    let is_blank = |line: &Range<usize>| text[line.clone()].trim().is_empty();
    let first = lines
        .iter()
        .position(|l| !is_blank(l) && !is_debris(l))
        .unwrap_or(lines.len());
    found.extend(
        lines[..first]
            .iter()
            .filter(|l| is_debris(l))
            .map(|l| trimmed(text, l)),
    );
    let mut last = lines.len();
    while last > first && (is_blank(&lines[last - 1]) || is_debris(&lines[last - 1])) {
        last -= 1;
    }
    if last > first {
        let line = trimmed(text, &lines[last - 1]);
        let tail = TAILS.iter().find_map(|tail| {
            let before = text[line.clone()].strip_suffix(tail)?;
            before
                .trim_end()
                .ends_with(['.', '!', '?', '"', '”', ')', '…'])
                .then(|| line.end - tail.len()..line.end)
        });
        found.extend(tail);
    }
    found.extend(
        lines[last..]
            .iter()
            .filter(|l| is_debris(l))
            .map(|l| trimmed(text, l)),
    );
    found
}

fn line_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        at += line.len();
        at - line.len()..at
    })
}

fn trimmed(text: &str, line: &Range<usize>) -> Range<usize> {
    let whole = &text[line.clone()];
    let start = line.start + (whole.len() - whole.trim_start().len());
    start..start + whole.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn debris_at_both_ends_is_found() {
        assert_eq!(
            found("Advertisement\nIt rained. Read more\n\nX"),
            ["Advertisement", "Read more", "X"]
        );
    }

    #[test]
    fn prose_is_kept() {
        for text in [
            "He told them to Read more",
            "It rained.\nX\nIt stopped.",
            "Share the bread.",
            "",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
