//! Comments in Markdown, which are for its writers and not for its readers: `%%…%%` of Obsidian, `<!-- … -->` of HTML,
//! `{% comment %}` of Liquid, `{{/* … */}}` of Hugo. Knows code, in which none of them is a comment.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// The marks around a comment. An unclosed one is a comment to the end of the text where the last is `true`.
const MARKS: &[(&str, &str, bool)] = &[
    ("%%", "%%", true),
    ("<!--", "-->", false),
    ("{% comment %}", "{% endcomment %}", true),
    ("{%- comment -%}", "{%- endcomment -%}", true),
    ("{{/*", "*/}}", false),
];

/// A text without its comments. Line breaks within a comment are kept, so that lines keep their numbers.
pub(crate) fn without(text: &str) -> Cow<'_, str> {
    let comments = find(text).0;
    if comments.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for comment in comments {
        shown.push_str(&text[at..comment.start]);
        shown.extend(text[comment.clone()].chars().filter(|c| *c == '\n'));
        at = comment.end;
    }
    shown.push_str(&text[at..]);
    Cow::Owned(shown)
}

/// The byte at which a comment begins that is never closed.
pub(crate) fn unclosed(text: &str) -> Option<usize> {
    find(text).1
}

/// The comments of a text, and where the last begins if it is not closed.
fn find(text: &str) -> (Vec<Range<usize>>, Option<usize>) {
    let mut found = Vec::new();
    // One pass over the bytes: most texts have no comment.
    let bytes = text.as_bytes();
    let begins_comment = |at| {
        let begins = |(begin, ..): &(&str, &str, bool)| bytes[at..].starts_with(begin.as_bytes());
        MARKS.iter().any(begins)
    };
    if !memchr::memchr3_iter(b'%', b'<', b'{', bytes).any(begins_comment) {
        return (found, None);
    }
    // What has no end after one place has none after a later one: each is looked for to the end of the text once.
    let mut endless = [false; MARKS.len()];
    let mut unclosed_code = UnclosedCode::default();
    let mut at = 0;
    while let Some(next) = text[at..].find(['%', '<', '{', '`', '~', '\\']) {
        at += next;
        let rest = &text[at..];
        let mark = MARKS.iter().position(|(begin, ..)| rest.starts_with(begin));
        if rest.starts_with('\\') {
            let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
            at += 1 + escaped;
        } else if let Some(mark) = mark {
            let (begin, end, to_the_end) = &MARKS[mark];
            let close = match endless[mark] {
                true => None,
                false => rest[begin.len()..].find(end),
            };
            let Some(length) = close.map(|length| begin.len() + length + end.len()) else {
                endless[mark] = true;
                if *to_the_end {
                    found.push(at..text.len());
                    return (found, Some(at));
                }
                at += begin.len();
                continue;
            };
            found.push(at..at + length);
            at += length;
        } else {
            at += code_length(text, at, &mut unclosed_code).unwrap_or(1);
        }
    }
    (found, None)
}

/// For each length of a run of backticks, the byte up to which no such run closes a span.
type UnclosedCode = BTreeMap<usize, usize>;

/// The bytes of the code that begins here: a span between equal runs of backticks, or a fenced block. `None` if none does.
/// A run that nothing closes is text.
fn code_length(text: &str, at: usize, unclosed: &mut UnclosedCode) -> Option<usize> {
    let rest = &text[at..];
    let sign = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let run = rest.len() - rest.trim_start_matches(sign).len();
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let is_fence = run >= 3
        && text[line..at]
            .trim_start_matches([' ', '>', '-', '*'])
            .is_empty();
    if is_fence {
        let mut length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        for line in rest[length..].split_inclusive('\n') {
            length += line.len();
            let bare = line.trim_start_matches([' ', '>']).trim_end();
            if bare.len() >= run && bare.chars().all(|c| c == sign) {
                break;
            }
        }
        return Some(length);
    }
    let mut closes = (sign == '`').then_some(run)?;
    if unclosed.get(&run).is_some_and(|until| at < *until) {
        return Some(run);
    }
    loop {
        let Some(next) = rest[closes..].find('`').map(|next| closes + next) else {
            unclosed.insert(run, text.len());
            return Some(run);
        };
        let length = rest[next..].len() - rest[next..].trim_start_matches('`').len();
        // A blank line ends the paragraph, and with it what is not closed.
        if rest[closes..next].contains("\n\n") {
            unclosed.insert(run, at + next);
            return Some(run);
        }
        closes = next + length;
        if length == run {
            return Some(closes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_left_out_and_code_is_not() {
        for (text, shown) in [
            ("One %%two%% three", "One  three"),
            ("a\n\n%%\nb\n\nc\n%%\n\nd", "a\n\n\n\n\n\n\n\nd"),
            ("5% and 6%", "5% and 6%"),
            ("a \\%%b%\\% c", "a \\%%b%\\% c"),
            ("`%%a%%` b", "`%%a%%` b"),
            ("```\n%%a%%\n```\n%%b%%", "```\n%%a%%\n```\n"),
            ("~~~~\n```\n%%a%%\n~~~~\nb", "~~~~\n```\n%%a%%\n~~~~\nb"),
            ("a <!-- b\nc --> d", "a \n d"),
            ("a {% comment %}b{% endcomment %}{{/* c */}} d", "a  d"),
            ("a %%b\n\nc", "a \n\n"),
            ("a <!-- b", "a <!-- b"),
            ("a ` %%b%%\n\n` c", "a ` \n\n` c"),
            ("é %%ü%% `` ` %%x%% ``", "é  `` ` %%x%% ``"),
        ] {
            assert_eq!(without(text), shown, "{text}");
        }
        assert_eq!(unclosed("a %%b"), Some(2));
        assert_eq!(unclosed("a %%b%%"), None);
    }

    /// Marks without ends cost one look at the rest of the text, not one each: a hundred thousand would take hours.
    #[test]
    fn marks_without_ends_are_bounded() {
        for mark in ["<!-- ", "` `` ``` ", "~~~ ", "{{/* ", "{% comment ", "\\%%"] {
            let text = mark.repeat(100_000);
            assert_eq!(without(&text), text);
        }
    }
}
