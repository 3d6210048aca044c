//! Where templates, links, comments and extensions stand in wikitext: brackets are paired in one pass over it.

use std::ops::Range;

/// The longest tag, in bytes.
const LONGEST_TAG: usize = 2_000;

/// Elements whose content is no wikitext, or no part of the article.
const EXTENSIONS: &[&str] = &[
    "ce",
    "charinsert",
    "chem",
    "dynamicpagelist",
    "gallery",
    "graph",
    "hiero",
    "imagemap",
    "includeonly",
    "indicator",
    "inputbox",
    "mapframe",
    "maplink",
    "math",
    "nowiki",
    "pre",
    "ref",
    "references",
    "score",
    "source",
    "syntaxhighlight",
    "templatedata",
    "timeline",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{{name|value}}`
    Template,
    /// `{{{name|value}}}`
    Parameter,
    /// `[[target|label]]`
    Link,
    Comment,
    /// `<ref>…</ref>`: the name in small letters.
    Extension(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub kind: Kind,
    pub range: Range<usize>,
    /// What stands between its marks.
    pub inner: Range<usize>,
}

/// What is open.
enum Open {
    Braces { at: usize, count: usize },
    Brackets { at: usize },
}

/// The outermost of them, in the order of the text. What is not closed is no such thing.
pub fn scan(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found: Vec<Span> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut braces = 0_usize;
    // Ends that do not come any more need not be looked for again.
    let mut missing: Vec<&str> = Vec::new();
    let mut at = 0;
    let run = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        let first = rest.first().copied();
        rest.iter().take_while(|b| Some(**b) == first).count()
    };
    let is_sign = |b: &u8| matches!(b, b'{' | b'}' | b'[' | b']' | b'<' | b'\n');
    while let Some(next) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(is_sign))
    {
        at += next;
        // Of brackets two are enough, and a longer look at each would take the square of their number.
        let length = match bytes.get(at) {
            Some(b'[' | b']') => 1 + usize::from(bytes.get(at) == bytes.get(at + 1)),
            _ => run(at),
        };
        match bytes.get(at) {
            Some(b'{') => {
                if length > 1 {
                    open.push(Open::Braces { at, count: length });
                    braces += 1;
                }
                at += length;
            }
            Some(b'}') => {
                let mut left = length;
                let mut from = at;
                while left > 1 && braces > 0 {
                    let Some(last) = open.pop() else { break };
                    let Open::Braces { at: start, count } = last else {
                        continue;
                    };
                    let used = if count > 2 && left > 2 { 3 } else { 2 };
                    let kind = match used {
                        3 => Kind::Parameter,
                        _ => Kind::Template,
                    };
                    let begin = start + count - used;
                    push(&mut found, kind, begin..from + used, begin + used..from);
                    (from, left) = (from + used, left - used);
                    match count - used {
                        0 | 1 => braces -= 1,
                        count => open.push(Open::Braces { at: start, count }),
                    }
                }
                at += length;
            }
            Some(b'[') if length > 1 => {
                open.push(Open::Brackets { at });
                at += 2;
            }
            Some(b']') if length > 1 => {
                if let Some(Open::Brackets { at: start }) = open.last() {
                    push(&mut found, Kind::Link, *start..at + 2, start + 2..at);
                    open.pop();
                }
                at += 2;
            }
            Some(b'\n') => {
                // No link goes over a blank line.
                while length > 1 && matches!(open.last(), Some(Open::Brackets { .. })) {
                    open.pop();
                }
                at += length;
            }
            Some(b'<') => {
                match closed(text, at, &mut missing) {
                    Some((kind, range, inner)) => {
                        at = range.end;
                        push(&mut found, kind, range, inner);
                    }
                    None => at += 1,
                };
            }
            _ => at += 1,
        }
    }
    found
}

/// Adds what was found; what lies in it is no longer outermost.
fn push(found: &mut Vec<Span>, kind: Kind, range: Range<usize>, inner: Range<usize>) {
    while found
        .last()
        .is_some_and(|last| last.range.start >= range.start)
    {
        found.pop();
    }
    found.push(Span { kind, range, inner });
}

type Closed = (Kind, Range<usize>, Range<usize>);

/// The comment or the extension that begins here, to its end.
fn closed(text: &str, at: usize, missing: &mut Vec<&'static str>) -> Option<Closed> {
    let rest = text.get(at..)?;
    if let Some(comment) = rest.strip_prefix("<!--") {
        if missing.contains(&"-->") {
            return None;
        }
        let Some(length) = memchr::memmem::find(comment.as_bytes(), b"-->") else {
            missing.push("-->");
            return None;
        };
        let inner = at + "<!--".len()..at + "<!--".len() + length;
        return Some((Kind::Comment, at..inner.end + "-->".len(), inner));
    }
    let (length, name) = tag(rest)?;
    let name = EXTENSIONS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name))?;
    let start = at + length;
    if rest[..length].ends_with("/>") {
        return Some((Kind::Extension(name), at..start, start..start));
    }
    if missing.contains(name) {
        return None;
    }
    let after = text.get(start..)?;
    let mut ends = memchr::memmem::find_iter(after.as_bytes(), b"</");
    let end = ends.find_map(|end| {
        let closing = after.get(end + 2..)?;
        let is_it = closing.get(..name.len())?.eq_ignore_ascii_case(name);
        let close = closing.get(name.len()..)?;
        let white = close.len() - close.trim_start().len();
        let is_closed = is_it && close.get(white..)?.starts_with('>');
        is_closed.then(|| (start + end, start + end + 2 + name.len() + white + 1))
    });
    let Some((inner, end)) = end else {
        missing.push(name);
        return None;
    };
    Some((Kind::Extension(name), at..end, start..inner))
}

/// The length of the start tag that a text begins with, and its name.
pub fn tag(text: &str) -> Option<(usize, &str)> {
    let name = text.strip_prefix('<')?;
    let length = name
        .bytes()
        .take(20)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let (name, after) = name.split_at(length);
    let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && after.starts_with(['>', '/', ' ', '\t', '\n']);
    if !is_tag {
        return None;
    }
    let most = text.len().min(LONGEST_TAG);
    let end = memchr::memchr(b'>', &text.as_bytes()[..most])?;
    Some((end + 1, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        scan(text).into_iter().map(|s| &text[s.range]).collect()
    }

    #[test]
    fn the_outermost_are_found() {
        for (text, expected) in [
            (
                "a {{b|{{c}}}} d [[e|{{f}}]]",
                vec!["{{b|{{c}}}}", "[[e|{{f}}]]"],
            ),
            ("{{{a|{{b}}}}} x", vec!["{{{a|{{b}}}}}"]),
            ("{{ a [[b]] x }} {{ c", vec!["{{ a [[b]] x }}"]),
            ("[[a\n\nb]] [[c]]", vec!["[[c]]"]),
            (
                "<!-- {{ --> }} <ref>]] [[x</ref>",
                vec!["<!-- {{ -->", "<ref>]] [[x</ref>"],
            ),
            (
                "<REF name='x'/> <nowiki>{{a}}</nowiki >",
                vec!["<REF name='x'/>", "<nowiki>{{a}}</nowiki >"],
            ),
            ("<ref>a <!-- b", vec![]),
            ("[[File:a.jpg|x [[b]] y]]", vec!["[[File:a.jpg|x [[b]] y]]"]),
            ("{{a [[ b}}", vec!["{{a [[ b}}"]),
            ("{ a } ] [ é日本", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_never_closed_takes_no_time() {
        let started = std::time::Instant::now();
        for text in [
            "{{",
            "[[",
            "{{a|",
            "<ref>",
            "<!--",
            "</ref",
            "}}",
            "]]",
            "{{[[",
            "<math><ref>",
        ] {
            scan(&text.repeat(1_000_000 / text.len()));
        }
        let nested = "{{a|".repeat(20_000) + &"}}".repeat(20_000);
        assert_eq!(found(&nested).len(), 1);
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
