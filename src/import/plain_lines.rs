//! Lines of plain text: those that were only wrapped are joined, those that end on purpose are kept, and columns stay columns.
//! Knows widths and marks; never knows sentences, nor where a text came from.

use std::ops::Range;

use super::markdown::escape_text;

/// Lines of these widths may have been wrapped, in characters; paragraphs of shorter lines count as the least.
const WIDTHS: Range<usize> = 60..140;

/// The narrowest column of a newspaper, in characters. Shorter lines are verse, addresses or lists.
const NARROWEST: usize = 26;

/// How the lines of a text were wrapped.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wrapping {
    /// In characters: 60 or more, unless nearly every line of a narrow column is filled.
    width: usize,
    /// Whether a short line was ended on purpose even where its sentence goes on in the next, as in verse. Two short lines alone
    /// do not tell.
    breaks_sentences: bool,
}

impl Wrapping {
    /// Of a paragraph of mail: its programs wrap at 60 characters or more, so a shorter line was ended on purpose.
    pub(crate) fn of_mail(lines: &[&str]) -> Self {
        let lengths = lines.iter().map(|line| line.trim().chars().count());
        Self {
            width: lengths.max().unwrap_or(0).max(WIDTHS.start),
            breaks_sentences: true,
        }
    }
}

/// How the lines of a text from anywhere were wrapped, by all its paragraphs.
pub(crate) fn wrapping<'a>(paragraphs: impl Iterator<Item = &'a str>) -> Wrapping {
    let mut breaks: Vec<(usize, usize)> = Vec::new();
    let mut longest = 0;
    for paragraph in paragraphs {
        let mut before = None;
        for line in paragraph.lines().map(str::trim) {
            let length = line.chars().count();
            longest = longest.max(length);
            breaks.extend(before.map(|before| (before, first_word(line))));
            before = Some(length);
        }
    }
    let is_filled = |(length, next): &&(usize, usize)| (length + 1 + next) * 10 >= longest * 9;
    let filled = breaks.iter().filter(is_filled).count();
    let is_column = longest >= NARROWEST && breaks.len() >= 3 && filled * 10 >= breaks.len() * 9;
    let width = match is_column {
        true => longest,
        false => longest.max(WIDTHS.start),
    };
    Wrapping {
        width,
        breaks_sentences: breaks.len() >= 3,
    }
}

fn first_word(line: &str) -> usize {
    let word = line.split(' ').next().unwrap_or_default();
    word.chars().count()
}

/// Whether spaces within or before most lines align words vertically, so that they are shown as they are.
pub(crate) fn is_preformatted(lines: &[&str]) -> bool {
    if lines.len() < 2 || fence(lines).is_none() {
        return false;
    }
    let has_gap = |line: &&&str| {
        let words = line.trim_start();
        words.contains("   ") || words.contains('\t') || words.contains(" | ")
    };
    let gaps = lines.iter().filter(has_gap).count();
    let is_indented = |line: &&&str| line.starts_with("  ") || line.starts_with('\t');
    let indented = lines.iter().filter(is_indented).count();
    let ends_as_code = |line: &&&str| {
        line.ends_with([';', '{', '}', ')', '\\'])
            || line.trim_start().starts_with(['$', '#', '|', '+'])
    };
    let code = lines.iter().filter(ends_as_code).count();
    let is_stat = lines
        .iter()
        .all(|line| line.starts_with(' ') || *line == "---");
    gaps * 2 > lines.len()
        || is_stat && gaps * 3 >= lines.len()
        || indented * 2 >= lines.len() && code * 2 >= lines.len()
}

/// Joins lines that were only wrapped: the next word would not have fitted. A `\n` stays where lines are joined.
pub(crate) fn unwrapped(lines: &[&str], wrapping: Wrapping) -> Vec<String> {
    let widths: Vec<usize> = lines
        .iter()
        .map(|line| line.trim().chars().count())
        .collect();
    let longest = widths.iter().copied().max().unwrap_or(0);
    let mut out: Vec<String> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim();
        let before = lines[at.saturating_sub(1)].trim_end();
        let fitted = at > 0
            && (widths[at - 1] + 1 + first_word(line)) * 4 <= wrapping.width * 3
            && !is_hyphenated(before, line)
            && (wrapping.breaks_sentences || !runs_on(before, line));
        let is_meant = fitted || longest > WIDTHS.end || is_item(line);
        match out.last_mut().filter(|_| !is_meant) {
            Some(last) => {
                last.push('\n');
                last.push_str(line);
            }
            None => out.push(line.to_owned()),
        }
    }
    out
}

/// Whether a word goes on from one line to the next.
fn is_hyphenated(line: &str, next: &str) -> bool {
    let word = line.strip_suffix(['-', '\u{ad}', '‐']);
    word.is_some_and(|word| word.ends_with(char::is_alphabetic))
        && next.starts_with(char::is_lowercase)
}

/// Whether a sentence goes on from one line to the next.
fn runs_on(line: &str, next: &str) -> bool {
    line.ends_with(char::is_alphanumeric) && next.starts_with(char::is_lowercase)
}

/// Whether a line is an item of a list.
fn is_item(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < line.len() && line.len() - digits.len() <= 2;
    (numbered && (digits.starts_with(". ") || digits.starts_with(") ")))
        || ["- ", "* ", "+ ", "• ", "o "]
            .iter()
            .any(|mark| line.starts_with(mark))
        || is_labelled(line)
}

/// Whether a line begins like a header, as forwarded messages do in texts.
fn is_labelled(line: &str) -> bool {
    let Some((label, _)) = line.split_once(": ") else {
        return false;
    };
    let is_label = |c: char| c.is_ascii_alphabetic() || c == '-';
    label.len() <= 30
        && label.starts_with(|c: char| c.is_ascii_uppercase())
        && label.chars().all(is_label)
}

/// Appends lines that end on purpose as Markdown, each after `prefix`.
pub(crate) fn push_lines(out: &mut String, prefix: &str, lines: &[String]) {
    for (rank, line) in lines.iter().enumerate() {
        out.push_str(prefix);
        for (at, word) in line.split_whitespace().enumerate() {
            if at > 0 {
                out.push(' ');
            }
            escape_text(out, word, at == 0);
        }
        out.push_str(if rank + 1 < lines.len() { "\\\n" } else { "\n" });
    }
}

/// The longest fence of code, in backticks.
const LONGEST_FENCE: usize = 20;

/// The fence around lines of code: more backticks than any run in them. `None` if these are too many.
pub(crate) fn fence(lines: &[&str]) -> Option<String> {
    let runs = lines
        .iter()
        .flat_map(|line| line.split(|c| c != '`').map(str::len));
    let most = runs.max().unwrap_or(0).max(2);
    (most < LONGEST_FENCE).then(|| "`".repeat(most + 1))
}

/// Appends lines that are shown as they are, as code, each after `prefix`.
pub(crate) fn push_code<T: AsRef<str>>(out: &mut String, prefix: &str, lines: &[T]) {
    let texts: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    let marks = fence(&texts).unwrap_or_default();
    let mut row = |line: &str| {
        out.push_str(format!("{prefix}{line}").trim_end());
        out.push('\n');
    };
    row(&marks);
    for line in texts {
        row(&line.replace('\t', "    "));
    }
    row(&marks);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let lines = unwrapped(&lines, wrapping(std::iter::once(text)));
        lines
            .into_iter()
            .map(|line| line.replace('\n', " "))
            .collect()
    }

    #[test]
    fn verse_and_addresses_keep_their_lines() {
        let verse = "The lamp is lit,\nthe tide is low,\nand nobody on the quay\ncan say who rows.";
        assert_eq!(joined(verse).len(), 4);
        assert_eq!(joined("Ida Moss\nThe Quay 4\nPort Ellery").len(), 3);
        assert_eq!(
            joined("It was the first calm week\nsince January.").len(),
            1
        );
        assert_eq!(joined("an exam-\nple of it").len(), 1);
        assert_eq!(joined("You need:\n- two eggs\n- salt").len(), 3);
    }

    #[test]
    fn columns_of_newspapers_are_joined() {
        let words = "the harbour office said on Tuesday that the night ferry would sail again";
        for width in [28, 34, 72] {
            let mut lines = vec![String::new()];
            for word in words.split(' ').cycle().take(80) {
                let last = lines.last_mut().unwrap();
                if last.len() + 1 + word.len() > width {
                    lines.push(word.to_owned());
                } else if last.is_empty() {
                    last.push_str(word);
                } else {
                    *last = format!("{last} {word}");
                }
            }
            assert_eq!(joined(&lines.join("\n")).len(), 1, "{width}");
        }
    }
}
