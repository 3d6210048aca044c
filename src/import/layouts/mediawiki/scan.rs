//! Finds templates, links, comments and extensions in wikitext, in one pass over it that pairs brackets.

use std::ops::Range;

/// The longest tag, in bytes.
const LONGEST_TAG: usize = 2_000;

/// Elements whose content is not wikitext, or not part of the article.
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
pub(crate) enum SpanKind {
    /// `{{name|value}}`
    Template,
    /// `{{{name|value}}}`
    Parameter,
    /// `[[target|label]]`
    Link,
    Comment,
    /// `<ref>…</ref>`: the name in lower case.
    Extension(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub kind: SpanKind,
    pub range: Range<usize>,
    /// The text between its marks.
    pub inner: Range<usize>,
}

/// An opening bracket whose end was not found yet.
enum OpenBracket {
    Braces { at: usize, count: usize },
    Brackets { at: usize },
}

/// The outermost spans of a text, in order. What is never closed is text.
pub(crate) fn scan(text: &str) -> Vec<Span> {
    let mut scanner = Scanner {
        text,
        ..Scanner::default()
    };
    let bytes = text.as_bytes();
    let is_sign = |b: &u8| matches!(b, b'{' | b'}' | b'[' | b']' | b'<' | b'\n');
    let mut at = 0;
    while let Some(next) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(is_sign))
    {
        at = scanner.sign(at + next);
    }
    scanner.found
}

#[derive(Default)]
struct Scanner<'a> {
    text: &'a str,
    found: Vec<Span>,
    open: Vec<OpenBracket>,
    /// How many of `open` are braces.
    braces: usize,
    /// Ends that do not occur any more, and need not be searched for again.
    missing: Vec<&'static str>,
}

impl Scanner<'_> {
    /// Reads the sign at a byte; returns the byte after it.
    fn sign(&mut self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at..];
        let first = rest.first().copied().unwrap_or_default();
        // Of brackets two are enough, and a longer look at each would take the square of their number.
        let most = match first {
            b'[' | b']' => 2,
            _ => rest.len(),
        };
        let length = rest.iter().take(most).take_while(|b| **b == first).count();
        match first {
            b'{' if length > 1 => {
                self.open.push(OpenBracket::Braces { at, count: length });
                self.braces += 1;
            }
            b'}' => self.close_braces(at, length),
            b'[' if length > 1 => self.open.push(OpenBracket::Brackets { at }),
            b']' if length > 1 => {
                if let Some(OpenBracket::Brackets { at: start }) = self.open.last() {
                    let start = *start;
                    self.push(SpanKind::Link, start..at + 2, start + 2..at);
                    self.open.pop();
                }
            }
            b'\n' => {
                // A link does not contain a blank line.
                while length > 1 && matches!(self.open.last(), Some(OpenBracket::Brackets { .. })) {
                    self.open.pop();
                }
            }
            b'<' => {
                if let Some((kind, range, inner)) = closed(self.text, at, &mut self.missing) {
                    let end = range.end;
                    self.push(kind, range, inner);
                    return end;
                }
                return at + 1;
            }
            _ => {}
        }
        at + length
    }

    /// Pairs a run of closing braces with those that are open.
    fn close_braces(&mut self, mut from: usize, mut left: usize) {
        while left > 1 && self.braces > 0 {
            let Some(last) = self.open.pop() else { break };
            let OpenBracket::Braces { at: start, count } = last else {
                continue;
            };
            let (kind, used) = match count > 2 && left > 2 {
                true => (SpanKind::Parameter, 3),
                false => (SpanKind::Template, 2),
            };
            let begin = start + count - used;
            self.push(kind, begin..from + used, begin + used..from);
            (from, left) = (from + used, left - used);
            match count - used {
                0 | 1 => self.braces -= 1,
                count => self.open.push(OpenBracket::Braces { at: start, count }),
            }
        }
    }

    /// Adds a span; those within it are no longer outermost.
    fn push(&mut self, kind: SpanKind, range: Range<usize>, inner: Range<usize>) {
        while self
            .found
            .last()
            .is_some_and(|last| last.range.start >= range.start)
        {
            self.found.pop();
        }
        self.found.push(Span { kind, range, inner });
    }
}

/// The kind, the bytes and the inner bytes of a span.
type Closed = (SpanKind, Range<usize>, Range<usize>);

/// The comment or the extension that begins at a byte.
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
        return Some((SpanKind::Comment, at..inner.end + "-->".len(), inner));
    }
    let (length, name) = tag(rest)?;
    let name = EXTENSIONS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name))?;
    let start = at + length;
    if rest[..length].ends_with("/>") {
        return Some((SpanKind::Extension(name), at..start, start..start));
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
    Some((SpanKind::Extension(name), at..end, start..inner))
}

/// The length and the name of the start tag at the beginning of a text.
pub(crate) fn tag(text: &str) -> Option<(usize, &str)> {
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
    fn the_outermost_spans_are_found() {
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
    fn unclosed_brackets_take_linear_time() {
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
