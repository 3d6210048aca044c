//! An mbox (RFC 4155, mboxo, mboxrd): where its messages begin, and lines that were quoted because they look like it.
//! `Content-Length` is ignored.

use std::borrow::Cow;
use std::ops::Range;

use super::headers;

/// A longer line does not begin a message, in bytes.
const LONGEST_LINE: usize = 1_000;

/// Headers that nearly every message has.
const SIGNS: &[&str] = &[
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Received",
    "Return-Path",
    "MIME-Version",
    "Content-Type",
    "References",
    "In-Reply-To",
    "Newsgroups",
    "X-Mozilla-Status",
];

/// The lines of a block that are looked at.
const MOST_HEADERS: usize = 100;

/// Whether a file is an mbox: it begins with a dated `From ` line above a header, or a `From ` line above a message.
pub(crate) fn begins(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(line) = first_line(bytes).filter(|_| is_boundary(bytes, 0, true)) else {
        return false;
    };
    is_dated(line) || is_bare(line) || text.get(line.len()..).is_some_and(super::is_message)
}

/// The messages of an mbox, each with its `From ` line.
pub(crate) fn messages(mbox: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in starts(mbox) {
        if let Some(last) = found.last_mut() {
            last.end = start;
        }
        found.push(start..mbox.len());
    }
    found
}

/// Where the last message begins, which may be incomplete.
pub(crate) fn last_start(mbox: &[u8]) -> Option<usize> {
    memchr::memmem::rfind_iter(mbox, b"From ")
        .find(|at| is_boundary(mbox, *at, *at == 0))
        .filter(|at| *at > 0)
}

fn starts(mbox: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memmem::find_iter(mbox, b"From ").filter(|at| is_boundary(mbox, *at, *at == 0))
}

/// Whether a message begins at a byte: a line `From …` after an empty line, with a header below it. Prose may have such
/// a line, so it must contain a time of day, or the number that archives of Usenet have there; the first need not.
/// Programs that write no time, or no empty line, are known by the block of headers below.
fn is_boundary(mbox: &[u8], at: usize, is_first: bool) -> bool {
    let before = &mbox[..at];
    if !is_first && !before.ends_with(b"\n") {
        return false;
    }
    let is_after_blank = before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
    let lines = || {
        let line = first_line(&mbox[at..])?;
        Some((line, first_line(&mbox[at + line.len()..])?))
    };
    lines().is_some_and(|(line, next)| {
        let is_above_header = headers::is_header(next) || next.starts_with(b">From ");
        let is_certain = is_first || is_after_blank && is_dated(line);
        is_above_header
            && (is_certain
                || (is_dated(line) || is_bare(line) || is_after_blank && names_one(line))
                    && is_above_mail(&mbox[at + line.len()..]))
    })
}

/// Whether a line is `From `, `From -` or `From address`, as programs write it that leave out the time.
fn is_bare(line: &[u8]) -> bool {
    let rest = line.get(5..).unwrap_or_default().trim_ascii();
    let is_address = rest.contains(&b'@') && !rest.iter().any(u8::is_ascii_whitespace);
    rest.is_empty() || rest == b"-" || is_address
}

/// Whether a line is `From somebody`, a name of one word as on the machine where the mail was delivered.
fn names_one(line: &[u8]) -> bool {
    let rest = line.get(5..).unwrap_or_default().trim_ascii();
    !rest.iter().any(u8::is_ascii_whitespace)
}

/// Whether a text begins with a block of headers, with two of [`SIGNS`] among them.
fn is_above_mail(text: &[u8]) -> bool {
    let mut signs = 0;
    let mut at = 0;
    for _ in 0..MOST_HEADERS {
        let Some(line) = first_line(&text[at..]).filter(|line| !line.trim_ascii().is_empty())
        else {
            break;
        };
        at += line.len();
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(name) = headers::name_of(line) else {
            return false;
        };
        let is_sign = |sign: &&str| name.eq_ignore_ascii_case(sign.as_bytes());
        signs += usize::from(SIGNS.iter().any(is_sign));
    }
    signs >= 2
}

fn is_dated(line: &[u8]) -> bool {
    let has_time = line
        .windows(3)
        .any(|w| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit());
    let rest = line.trim_ascii_end().get(5..).unwrap_or_default();
    let digits = rest.strip_prefix(b"-").unwrap_or(rest);
    has_time || !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// The first line with its line break; `None` if it is too long or incomplete.
fn first_line(text: &[u8]) -> Option<&[u8]> {
    let most = &text[..text.len().min(LONGEST_LINE)];
    memchr::memchr(b'\n', most).map(|end| &text[..=end])
}

/// Removes one `>` from lines `>From `, which were quoted so that they do not begin a message.
pub(crate) fn unquoted(body: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Vec<u8> = Vec::new();
    let mut from = 0;
    for at in memchr::memmem::find_iter(body, b">From ") {
        let line = memchr::memrchr(b'\n', &body[..at]).map_or(0, |n| n + 1);
        if line >= from && body[line..at].iter().all(|b| *b == b'>') {
            out.extend_from_slice(&body[from..at]);
            from = at + 1;
        }
    }
    match from {
        0 => Cow::Borrowed(body),
        _ => {
            out.extend_from_slice(&body[from..]);
            Cow::Owned(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_begins_with_a_dated_line_after_a_blank_one_and_above_a_header() {
        let mbox = b"From a@q.example Tue Jul 13 23:47:09 2021\nSubject: One\n\nFrom here: on\nFrom 10:30 it\n\nFrom now on\nNote: no\n\nFrom 10:30 on\nit rains.\n\nFrom b Wed Jul 14 3:07:09 2021\r\nSubject: Two\n\nText.\n";
        let found = messages(mbox);
        assert_eq!(found.len(), 2);
        assert!(mbox[found[1].clone()].starts_with(b"From b"));
        assert_eq!(last_start(mbox), Some(found[1].start));
        assert_eq!(last_start(&mbox[..found[1].start + 20]), None);
        let numbered = b"From -77\nSubject: a\n\nb\n\nFrom 8123\nX-A: b\n\nc\n";
        assert_eq!(messages(numbered).len(), 2);
    }

    #[test]
    fn a_message_may_begin_without_a_time_and_without_a_blank_line() {
        for line in [
            "From ",
            "From -",
            "From ida@quay.example",
            "From x Sun May 13 02:55:40 2001",
        ] {
            let one = format!("{line}\nFrom: Ida <i@quay.example>\nSubject: One\n\nText one.\n");
            let mbox = format!("{one}{one}\n{one}");
            assert_eq!(messages(mbox.as_bytes()).len(), 3, "{line}");
            assert!(begins(&mbox), "{line}");
        }
        let local = b"From a@q.example Tue Jul 13 23:47:09 2021\nSubject: One\n\nFrom nobody\nnote: no\n\nFrom nobody\nMessage-ID: <3@q>\nFrom: nobody\nSubject:\n\nText.\n";
        assert_eq!(messages(local).len(), 2);
        let prose = b"From \nFrom: a\nSubject: b\n\nFrom Monday on\nSubject: to change\n\nFrom \nthe quay\n";
        assert_eq!(messages(prose).len(), 1);
    }

    #[test]
    fn quoted_from_lines_lose_one_mark() {
        assert_eq!(
            &*unquoted(b">From a\nb >From c\n>>From d\n> From e"),
            b"From a\nb >From c\n>From d\n> From e"
        );
        assert!(matches!(unquoted(b"> From a"), Cow::Borrowed(_)));
    }
}
