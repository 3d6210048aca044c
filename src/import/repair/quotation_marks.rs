//! Straight quotation marks and apostrophes → curly ones of English, in paragraphs without doubtful marks.
//! Never knows the language of a text.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::edits::{Edit, EditKind};
use super::paragraphs::by_blank_lines;

/// Shortened words: the mark before them is an apostrophe.
const SHORTENED: &[&str] = &["tis", "twas", "twere", "twill", "em", "til", "cos", "n"];

/// Characters of code and markup, which prose does not contain.
static CODE: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let signs = [
        "`", "{", "}", "=\"", "='", "\\\"", "\\'", "</", "/>", "();", "= \"", "&&", "=>",
    ];
    AhoCorasick::new(signs).expect("a few short patterns")
});

/// A mark and the characters around it; a space at the ends of a paragraph.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: usize,
    is_double: bool,
    before: char,
    after: char,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
    Either,
}

/// The edits that make the marks of a text curly. Each paragraph is decided independently.
pub fn repair(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    if memchr::memchr2(b'"', b'\'', text.as_bytes()).is_none() {
        return edits;
    }
    for paragraph in by_blank_lines(text) {
        let words = &text[paragraph.clone()];
        let marks = marks(words);
        if !marks.is_empty() && !is_code(words, &marks) {
            in_paragraph(words, marks, paragraph.start, &mut edits);
        }
    }
    edits
}

fn marks(text: &str) -> Vec<Mark> {
    let found = memchr::memchr2_iter(b'"', b'\'', text.as_bytes());
    let mark = |at| {
        let (left, right) = (text.get(..at), text.get(at + 1..));
        Mark {
            at,
            is_double: text.as_bytes().get(at) == Some(&b'"'),
            before: left
                .and_then(|text| text.chars().next_back())
                .unwrap_or(' '),
            after: right.and_then(|text| text.chars().next()).unwrap_or(' '),
        }
    };
    found.map(mark).collect()
}

/// Whether the marks belong to code or markup.
fn is_code(paragraph: &str, marks: &[Mark]) -> bool {
    // `""`, `''` and `":`.
    let is_doubled = |mark: &Mark| match mark.is_double {
        true => matches!(mark.after, '"' | ':'),
        false => mark.after == '\'',
    };
    let is_call = |mark: &Mark| {
        let before = paragraph.get(..mark.at).unwrap_or_default();
        let called = before.strip_suffix('(').filter(|_| mark.is_double);
        called.is_some_and(|name| name.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    marks.iter().any(|mark| is_doubled(mark) || is_call(mark)) || CODE.is_match(paragraph)
}

fn in_paragraph(text: &str, marks: Vec<Mark>, start: usize, edits: &mut Vec<Edit>) {
    let (double, single): (Vec<Mark>, Vec<Mark>) = marks.into_iter().partition(|m| m.is_double);
    // `6'2"` and `5'`: feet and inches, minutes and seconds.
    let is_measure = |mark: &Mark| mark.before.is_ascii_digit() && mark.after.is_ascii_digit();
    if single.iter().any(is_measure) {
        return;
    }
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    let mixed = text.contains(['“', '”', '„', '«', '»']);
    if !mixed && let Some(sides) = paired(&double) {
        let marks = double.iter().zip(sides);
        found.extend(
            marks.map(|(mark, side)| (mark.at, if side == Side::Opens { "“" } else { "”" })),
        );
    }
    let (apostrophes, others): (Vec<Mark>, Vec<Mark>) = single
        .into_iter()
        .partition(|mark| is_apostrophe(text, mark));
    found.extend(apostrophes.iter().map(|mark| (mark.at, "’")));
    // After an `s` a mark may be a genitive, and then no pair of the paragraph is certain.
    let genitive =
        |mark: &Mark| matches!(mark.before, 's' | 'S' | 'z' | 'x') && mark.after.is_whitespace();
    let opens = others.iter().any(|mark| side(mark) != Side::Closes);
    let has_genitive = others.iter().any(genitive);
    if !opens {
        let certain = others.iter().filter(|mark| genitive(mark));
        found.extend(certain.map(|mark| (mark.at, "’")));
    } else if !has_genitive
        && !text.contains(['‘', '’'])
        && let Some(sides) = paired(&others)
    {
        let marks = others.iter().zip(sides);
        found.extend(
            marks.map(|(mark, side)| (mark.at, if side == Side::Opens { "‘" } else { "’" })),
        );
    }
    found.sort_unstable_by_key(|(at, _)| *at);
    edits.extend(found.into_iter().map(|(at, to)| Edit {
        at: start + at..start + at + 1,
        to: Cow::Borrowed(to),
        kind: EditKind::QuotationMark,
    }));
}

/// The sides of marks that open and close alternately. Returns `None` if they do not, or if there are none.
fn paired(marks: &[Mark]) -> Option<Vec<Side>> {
    let mut sides = Vec::with_capacity(marks.len());
    for (index, mark) in marks.iter().enumerate() {
        let wanted = if index % 2 == 0 {
            Side::Opens
        } else {
            Side::Closes
        };
        if side(mark) != wanted {
            return None;
        }
        sides.push(wanted);
    }
    (!marks.is_empty() && marks.len().is_multiple_of(2)).then_some(sides)
}

fn side(mark: &Mark) -> Side {
    let space_before =
        mark.before.is_whitespace() || matches!(mark.before, '(' | '[' | '—' | '–' | '/' | '-');
    let space_after = mark.after.is_whitespace()
        || matches!(
            mark.after,
            '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '—' | '–' | '/' | '-' | '…'
        );
    let quote = |c| matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’');
    match (mark.before, mark.after) {
        // For two adjacent marks, the other side decides.
        (before, after) if quote(before) && !quote(after) => {
            if space_after {
                Side::Closes
            } else {
                Side::Opens
            }
        }
        (before, after) if quote(after) && !quote(before) => {
            if space_before {
                Side::Opens
            } else {
                Side::Closes
            }
        }
        _ => match (space_before, space_after) {
            (true, false) => Side::Opens,
            (false, true) => Side::Closes,
            _ => Side::Either,
        },
    }
}

/// `don't`, `'90s`, `'tis`, `1990's`.
fn is_apostrophe(text: &str, mark: &Mark) -> bool {
    if mark.before.is_alphabetic() && mark.after.is_alphabetic() {
        return true;
    }
    let rest = text.get(mark.at + 1..).unwrap_or_default();
    let word: &str = rest
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    if mark.before.is_alphanumeric() {
        return word == "s";
    }
    let is_decade = || {
        let (years, s) = word.split_at_checked(2).unwrap_or_default();
        years.bytes().all(|b| b.is_ascii_digit()) && !years.is_empty() && matches!(s, "" | "s")
    };
    // `'n'` and `'90'` may be quoted.
    let is_closed = rest
        .get(word.len()..)
        .is_some_and(|rest| rest.starts_with('\''));
    let begins = mark.before.is_whitespace() || matches!(mark.before, '(' | '"' | '—' | '–');
    begins && !is_closed && (is_decade() || SHORTENED.contains(&word.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::edits::apply;
    use super::*;

    fn repaired(text: &str) -> String {
        apply(text, &repair(text)).into_owned()
    }

    #[test]
    fn paired_marks_become_curly() {
        for (text, right) in [
            (
                "\"It rains,\" she said. \"Again?\"",
                "“It rains,” she said. “Again?”",
            ),
            (
                "He (\"Tom\") left—\"at once\"—in 1995.",
                "He (“Tom”) left—“at once”—in 1995.",
            ),
            ("\"In 1995\" he came.", "“In 1995” he came."),
            (
                "Don't. It's Mara's; they'll go.",
                "Don’t. It’s Mara’s; they’ll go.",
            ),
            (
                "In the '90s, and 'tis so, the 1990's.",
                "In the ’90s, and ’tis so, the 1990’s.",
            ),
            ("The 'night ferry' sails.", "The ‘night ferry’ sails."),
            (
                "\"She said 'no' twice,\" he said.",
                "“She said ‘no’ twice,” he said.",
            ),
            ("\"She said 'no.'\" He left.", "“She said ‘no.’” He left."),
            ("The boats' crews slept.", "The boats’ crews slept."),
            ("\"One\nline.\"\n\n\"Two\" and", "“One\nline.”\n\n“Two” and"),
        ] {
            assert_eq!(repaired(text), right);
        }
    }

    #[test]
    fn doubtful_marks_are_kept() {
        for text in [
            "\"It goes on,\" he said. \"And on",
            "He is 6'2\" tall, \"very tall\"",
            "A 5\" pipe and a 6\" pipe",
            "say(\"hello\"); x = \"y\"",
            "<a href=\"x\">It</a>",
            "The \"night\"ferry\" sails",
            "“Curly” and \"straight\"",
            "The 'boys' room' opened",
            "a \" b \" c",
            "",
        ] {
            assert_eq!(repaired(text), text);
        }
        // A doubtful paragraph does not affect the others.
        assert_eq!(repaired("\"A\n\n\"B\""), "\"A\n\n“B”");
    }
}
