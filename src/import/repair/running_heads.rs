//! Page numbers and running heads, which the pages of a book or a newspaper leave within a text that was scanned.
//! Found by what they interrupt and how they recur; never by a list of words.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::edits::{Edit, EditKind};

/// A longer line is not the head of a page, in characters.
const LONGEST: usize = 80;

/// Fewer recurrences prove nothing, unless form feeds divide the text.
const FEWEST: usize = 3;
const FEWEST_WITH_FORM_FEEDS: usize = 2;

/// Words beside the number of a page.
const PAGE_WORDS: &[&str] = &[
    "page",
    "p",
    "pag",
    "pagina",
    "página",
    "seite",
    "s",
    "sida",
    "side",
    "strona",
    "str",
    "стр",
    "страница",
    "sayfa",
    "صفحة",
    "of",
    "von",
    "de",
    "sur",
    "di",
    "z",
    "из",
];

/// A line that may belong to the page rather than to the text.
#[derive(Debug)]
struct Candidate {
    /// Its place among the lines of the text.
    line: usize,
    /// The line with each number as `#`.
    form: String,
    number: Option<u32>,
}

/// A line of the text: its bytes without the line break.
#[derive(Debug)]
struct Line<'t> {
    text: &'t str,
    at: Range<usize>,
}

/// The edits that take page numbers and running heads out of a text. What they interrupted is one paragraph again.
pub fn repair(text: &str) -> Vec<Edit> {
    let lines = lines(text);
    let candidates: Vec<Candidate> = (0..lines.len())
        .filter_map(|at| candidate(&lines, at))
        .collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let mut by_form: HashMap<&str, Vec<&Candidate>> = HashMap::new();
    for candidate in &candidates {
        by_form.entry(&candidate.form).or_default().push(candidate);
    }
    let has_form_feed = text.contains('\u{c}');
    let fewest = if has_form_feed {
        FEWEST_WITH_FORM_FEEDS
    } else {
        FEWEST
    };
    by_form.retain(|_, found| found.len() >= fewest);
    let mut is_furniture = vec![false; lines.len()];
    for found in by_form.values() {
        found.iter().for_each(|c| is_furniture[c.line] = true);
    }
    // Only what interrupts sentences, or stands at the edge of a page, is not of the text: refrains and chapters recur too.
    let interruptions = interruptions(&lines, &is_furniture);
    let is_of_pages = |found: &Vec<&Candidate>| {
        let cuts = found.iter().filter(|c| interruptions[c.line]);
        cuts.count() * 2 >= found.len() && numbers_rise(found)
    };
    let mut removed = vec![false; lines.len()];
    for found in by_form.values().filter(|found| is_of_pages(found)) {
        found.iter().for_each(|c| removed[c.line] = true);
    }
    edits(text, &lines, &removed)
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let split = text.split_inclusive(['\n', '\u{c}']);
    split
        .map(|line| {
            let start = at;
            at += line.len();
            let bare = line.trim_end_matches(['\n', '\r', '\u{c}']);
            Line {
                text: bare.trim(),
                at: start..start + bare.len(),
            }
        })
        .collect()
}

/// A short line that is a number, or has blank lines or the edge of a page on a side.
fn candidate(lines: &[Line<'_>], at: usize) -> Option<Candidate> {
    let text = lines[at].text;
    if text.is_empty() || text.chars().count() > LONGEST {
        return None;
    }
    let (form, numbers) = form(text)?;
    let is_number = form.chars().all(|c| !c.is_alphabetic());
    let is_blank = |line: Option<&Line<'_>>| line.is_none_or(|line| line.text.is_empty());
    let before = at.checked_sub(1).and_then(|at| lines.get(at));
    let stands_apart = is_blank(before) || is_blank(lines.get(at + 1));
    // A line of a list, or of speech, is not a head.
    let is_title = text.starts_with(char::is_alphanumeric) && !text.ends_with([',', ';']);
    (is_number || stands_apart && is_title).then_some(Candidate {
        line: at,
        form,
        number: numbers.first().copied(),
    })
}

/// A line with each number as `#`, and without words such as `page` if nothing else is in it; and its numbers. `None` if it
/// has neither letters nor a number.
fn form(text: &str) -> Option<(String, Vec<u32>)> {
    let mut form = String::new();
    let mut numbers = Vec::new();
    let mut words = Vec::new();
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        match word.parse::<u32>() {
            Ok(number) => numbers.push(number),
            Err(_) => words.push(word.to_lowercase()),
        }
    }
    if numbers.is_empty() && words.is_empty() {
        return None;
    }
    let is_page = !numbers.is_empty()
        && numbers.len() <= 2
        && words.iter().all(|word| PAGE_WORDS.contains(&word.as_str()));
    if is_page {
        return Some(("#".to_owned(), numbers));
    }
    if words.is_empty() {
        return None;
    }
    // The number of the page is at either side of a head.
    words.iter().for_each(|word| {
        form.push_str(word);
        form.push(' ');
    });
    Some((form, numbers))
}

/// For each line, whether it and what surrounds it stand within a sentence, or at an end of the text. Each line is looked at a
/// bounded number of times.
fn interruptions(lines: &[Line<'_>], is_furniture: &[bool]) -> Vec<bool> {
    let is_text = |at: usize| !lines[at].text.is_empty() && !is_furniture[at];
    let mut next: Vec<Option<usize>> = vec![None; lines.len()];
    let mut after: Option<usize> = None;
    for at in (0..lines.len()).rev() {
        next[at] = after;
        after = if is_text(at) { Some(at) } else { after };
    }
    let mut before: Option<usize> = None;
    let mut found = Vec::with_capacity(lines.len());
    for (at, after) in next.into_iter().enumerate() {
        found.push(match (before, after) {
            (Some(before), Some(after)) => is_cut(lines[before].text, lines[after].text),
            // The first or the last page.
            _ => true,
        });
        before = if is_text(at) { Some(at) } else { before };
    }
    found
}

/// Whether a sentence goes on from one line to another.
fn is_cut(last: &str, next: &str) -> bool {
    let ends = last.ends_with(['.', '!', '?', ':', '"', '”', '’', '\'', '…', ')', '。', '؟']);
    next.starts_with(char::is_lowercase) || !ends && last.chars().count() > 20
}

/// Whether the numbers of a line that recurs rise from page to page, as far as it has any.
fn numbers_rise(found: &[&Candidate]) -> bool {
    let numbers: Vec<u32> = found.iter().filter_map(|c| c.number).collect();
    let rising = numbers
        .windows(2)
        .filter(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= 4);
    let is_lone = found.first().is_some_and(|c| c.form == "#");
    numbers.len() < 2 && !is_lone || rising.count() * 4 >= (numbers.len() - 1) * 3
}

fn edits(text: &str, lines: &[Line<'_>], removed: &[bool]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if !removed[at] {
            at += 1;
            continue;
        }
        // Blank lines around it, and further lines of the same edge of the page.
        let is_edge = |at: &usize| removed[*at] || lines[*at].text.is_empty();
        let first = (0..at).rev().take_while(is_edge).last().unwrap_or(at);
        let end = (at..lines.len())
            .find(|at| !is_edge(at))
            .unwrap_or(lines.len());
        let start = match first {
            0 => 0,
            first => lines[first - 1].at.end,
        };
        let stop = lines.get(end).map_or(text.len(), |line| line.at.start);
        let before = first.checked_sub(1).map_or("", |at| lines[at].text);
        let after = lines.get(end).map_or("", |line| line.text);
        let goes_on = !before.is_empty()
            && (after.starts_with(char::is_lowercase)
                || before.ends_with(|c: char| c.is_alphanumeric() || c == ',' || c == '-'));
        edits.push(Edit {
            at: start..stop,
            to: Cow::Borrowed(match (before.is_empty() || after.is_empty(), goes_on) {
                (true, _) => "",
                (false, true) => "\n",
                (false, false) => "\n\n",
            }),
            kind: EditKind::RunningHead,
        });
        at = end.max(at + 1);
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::super::edits::apply;
    use super::*;

    fn repaired(text: &str) -> String {
        apply(text, &repair(text)).into_owned()
    }

    #[test]
    fn heads_and_numbers_of_pages_are_taken_out() {
        let page = |number: u32, text: &str| format!("THE QUAY CHRONICLE {number}\n\n{text}\n\n");
        let text = page(4, "The ferry will sail again on Monday, and the harbour")
            + &page(5, "office has nothing to add. Nobody on the quay had ever")
            + &page(
                6,
                "missed it.\n\nThe mayor will open the new market and the har-",
            )
            + &page(7, "bour office.");
        let right = "The ferry will sail again on Monday, and the harbour\noffice has nothing to add. Nobody on the quay had ever\nmissed it.\n\nThe mayor will open the new market and the har-\nbour office.";
        assert_eq!(repaired(&text).trim_end(), right);
        let text = "The ferry will sail again on Monday, and the\n\n- 12 -\n\nharbour office has nothing to add. Nobody on the\n\n- 13 -\n\nquay had missed it, and the mayor will open the\n\n- 14 -\n\nmarket.";
        assert_eq!(repaired(text).lines().count(), 4);
        let text = "The ferry sails on Monday, and nobody\n\u{c}Page 2 of 3\nhad missed it, said the innkeeper of the\n\u{c}Page 3 of 3\nquay.";
        assert_eq!(repaired(text).lines().count(), 3);
    }

    #[test]
    fn many_heads_take_time_in_proportion() {
        let text = "From 1:2\n\n".repeat(50_000) + &"A line of words\n\n".repeat(50_000);
        let begun = std::time::Instant::now();
        repair(&text);
        assert!(begun.elapsed().as_secs() < 20);
    }

    #[test]
    fn what_recurs_in_a_text_is_kept() {
        for text in [
            "1\n\nThe first chapter.\n\n2\n\nThe second chapter.\n\n3\n\nThe third chapter.",
            "The lamp is lit,\nthe tide is low.\n\nHeave away\n\nThe moon is up,\nthe tide is low.\n\nHeave away\n\nThe wind is up.\n\nHeave away",
            "Ida Moss\n\n\"I will not sign.\"\n\nNils Farrow\n\n\"Nor will I.\"\n\nIda Moss\n\n\"Good.\"\n\nIda Moss\n\n\"Done.\"",
            "It rained in\n\n1914\n\nand again later.",
            "",
        ] {
            assert_eq!(repaired(text), text);
        }
    }
}
