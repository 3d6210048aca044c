//! Straight quotation marks and apostrophes → curly ones of English, in texts without doubtful marks.
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

/// The edits that make the marks of a text curly: all of them, or none if one is doubtful, for a text with marks of both kinds looks
/// like a mistake.
pub fn repair(text: &str) -> Vec<Edit> {
    if memchr::memchr2(b'"', b'\'', text.as_bytes()).is_none()
        || text.contains(['„', '‚', '«', '»', '「', '『'])
    {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut is_open = false;
    for paragraph in by_blank_lines(text) {
        let words = &text[paragraph.clone()];
        let marks = marks(words);
        if marks.is_empty() {
            continue;
        }
        let made = match is_code(words, &marks) {
            true => None,
            false => in_paragraph(words, &marks, &mut is_open),
        };
        let Some(made) = made else {
            return Vec::new();
        };
        edits.extend(made.into_iter().map(|(at, to)| Edit {
            at: paragraph.start + at..paragraph.start + at + 1,
            to: Cow::Borrowed(to),
            kind: EditKind::QuotationMark,
        }));
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

/// The curly form of each mark of a paragraph; `None` if one is doubtful. `is_open` says whether a quotation goes on from one
/// paragraph to the next, each of which then begins with a mark.
fn in_paragraph(
    text: &str,
    marks: &[Mark],
    is_open: &mut bool,
) -> Option<Vec<(usize, &'static str)>> {
    let mut found = Vec::with_capacity(marks.len());
    // Single marks that open, those that certainly close, and those that close or are of a genitive.
    let (mut opened, mut closed, mut may_close) = (0_usize, 0_usize, 0_usize);
    for mark in marks {
        let side = side(mark);
        let curly = match mark.is_double {
            true => match side {
                Side::Opens => "“",
                // `6"`: inches, or seconds.
                Side::Closes if *is_open || !mark.before.is_ascii_digit() => "”",
                _ => return None,
            },
            false if is_apostrophe(text, mark) => "’",
            false => match side {
                // `6'2"` and `5'`: feet and minutes.
                _ if mark.before.is_ascii_digit() && opened == 0 => return None,
                Side::Opens => {
                    opened += 1;
                    "‘"
                }
                // A genitive has the same mark as the end of a quotation.
                Side::Closes if matches!(mark.before, 's' | 'S' | 'z' | 'x') => {
                    may_close += 1;
                    "’"
                }
                Side::Closes if closed < opened => {
                    closed += 1;
                    "’"
                }
                Side::Closes => return None,
                Side::Either => return None,
            },
        };
        if mark.is_double {
            *is_open = side == Side::Opens;
        }
        found.push((mark.at, curly));
    }
    // What nothing closes may be a shortened word.
    (opened <= closed + may_close).then_some(found)
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
        let is_n = text
            .get(..mark.at)
            .is_some_and(|before| before.ends_with(" 'n") || before.ends_with(" 'N"));
        return word == "s" || is_n;
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
    // `rock 'n' roll`
    if word.eq_ignore_ascii_case("n") {
        return begins;
    }
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
            "He is 6'2\" tall, \"very tall\"",
            "A 5\" pipe and a 6\" pipe",
            "say(\"hello\"); x = \"y\"",
            "<a href=\"x\">It</a>",
            "The \"night\"ferry\" sails",
            "a \" b \" c",
            "'Fraid so, they said",
            "„Curly“ and \"straight\"",
            "",
        ] {
            assert_eq!(repaired(text), text);
        }
        // One doubtful mark leaves all of a text as it is.
        let text = "\"It's a ferry,\" she said.\n\nA 5\" pipe.";
        assert_eq!(repaired(text), text);
    }

    #[test]
    fn all_marks_of_a_text_become_curly() {
        for (text, right) in [
            (
                "\"It goes on.\n\n\"And on,\" she said. \"And",
                "“It goes on.\n\n“And on,” she said. “And",
            ),
            ("“Curly” and \"straight\"", "“Curly” and “straight”"),
            ("The 'boys' room' opened", "The ‘boys’ room’ opened"),
            ("Rock 'n' roll, isn't it", "Rock ’n’ roll, isn’t it"),
            ("\"In 1995\" and 'in 1995'", "“In 1995” and ‘in 1995’"),
        ] {
            assert_eq!(repaired(text), right);
        }
    }
}
