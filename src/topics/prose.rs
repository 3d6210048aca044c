//! Approximately the text that a reader sees of a Markdown body: no link targets, no tags, one space between words.
//! Knows just enough Markdown to skip addresses; never builds a document.

/// In bytes, the longest link target or tag. One that is not closed by then is text, so that
/// a body full of opening brackets takes linear time.
const MAX_SKIP: usize = 2_000;

/// The text with every run of white space as one space, or as one newline between paragraphs, and without
/// the `](…)` of links and `<…>`.
///
/// A real parser would be exact and twenty times slower. Addresses in the text itself are kept; see [`in_address`].
pub(crate) fn of_markdown(body: &str) -> String {
    let bytes = body.as_bytes();
    let mut prose = String::with_capacity(body.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'\n', b'<', b']', &bytes[at..]) {
        let mark = at + found;
        prose.push_str(&body[at..mark]);
        at = match bytes[mark] {
            b'\n' => line_end(body, mark, &mut prose),
            b'<' => tag_end(bytes, mark)
                .inspect(|_| push_gap(&mut prose))
                .unwrap_or_else(|| {
                    prose.push('<');
                    mark + 1
                }),
            _ => {
                prose.push(']');
                target_end(bytes, mark).unwrap_or(mark + 1)
            }
        };
    }
    prose.push_str(&body[at..]);
    prose
}

/// Whether the byte `at` of `prose` is inside a word that looks like `https://…`.
/// Examines only the 200 bytes before it: longer addresses are rare, and there may be many matches.
pub(crate) fn in_address(prose: &str, at: usize) -> bool {
    let bytes = prose.as_bytes();
    let start = at.saturating_sub(200);
    let word = bytes[start..at]
        .iter()
        .rposition(u8::is_ascii_whitespace)
        .map_or(start, |space| start + space + 1);
    bytes[word..at].windows(3).any(|three| three == b"://") || bytes[word..at].starts_with(b"www.")
}

/// Writes a space or a newline for the white space at a line's end, and returns where the text continues.
fn line_end(body: &str, newline: usize, prose: &mut String) -> usize {
    let rest = &body.as_bytes()[newline..];
    let length = rest
        .iter()
        .position(|b| !b.is_ascii_whitespace())
        .unwrap_or(rest.len());
    let newlines = rest[..length].iter().filter(|b| **b == b'\n').count();
    prose.truncate(prose.trim_end_matches([' ', '\t', '\r']).len());
    prose.push(if newlines > 1 { '\n' } else { ' ' });
    newline + length
}

/// Writes a space if there is none, so that `one<br>two` remains two words.
fn push_gap(prose: &mut String) {
    if !prose.ends_with([' ', '\n']) {
        prose.push(' ');
    }
}

fn tag_end(bytes: &[u8], open: usize) -> Option<usize> {
    let inside = &bytes[open + 1..bytes.len().min(open + MAX_SKIP)];
    let first = inside.first()?;
    (first.is_ascii_alphabetic() || matches!(first, b'/' | b'!')).then_some(())?;
    Some(open + 1 + inside.iter().position(|b| *b == b'>')? + 1)
}

fn target_end(bytes: &[u8], close: usize) -> Option<usize> {
    let target = bytes[close + 1..bytes.len().min(close + MAX_SKIP)].strip_prefix(b"(")?;
    Some(close + 2 + target.iter().position(|b| *b == b')')? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_tags_are_removed_and_lines_joined() {
        for (body, expected) in [
            (
                "a [port\ncity](https://example.org/oslo) here",
                "a [port city] here",
            ),
            ("one<br>two <b>three</b>", "one two three "),
            ("first  \nline\n\n\n  second", "first line\nsecond"),
            ("5 < 6 and [x] (y)", "5 < 6 and [x] (y)"),
            ("open <a and ](never", "open <a and ](never"),
        ] {
            assert_eq!(of_markdown(body), expected);
        }
    }

    #[test]
    fn an_address_is_recognised_by_its_beginning() {
        let text = "see https://example.org/oslo and Oslo";
        assert!(in_address(text, text.find("oslo").unwrap()));
        assert!(!in_address(text, text.find("Oslo").unwrap()));
    }

    #[test]
    fn a_body_full_of_brackets_takes_linear_time() {
        let hostile = "](<a".repeat(500_000);
        assert_eq!(of_markdown(&hostile).len(), hostile.len());
    }
}
