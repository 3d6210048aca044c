//! Short texts that may contain HTML (titles, names, summaries): their tags, references and words.
//! Never decides what a text is for.

use html5gum::{Token, Tokenizer};

use crate::text::characters::{is_text, one_line};

/// Elements whose tags are always markup; other words in `<…>` may be text.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "big", "cite", "code", "del", "em", "font", "i", "img", "ins",
    "kbd", "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
    "wbr",
];
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "iframe",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
    "video",
];

/// The longest tag and the longest character reference, in bytes.
const LONGEST_TAG: usize = 4_000;
const LONGEST_REFERENCE: usize = 34;

/// A tag of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag {
    /// In bytes.
    pub length: usize,
    pub closes: bool,
    pub block: bool,
}

/// The tag of a known element at the beginning of a text, and the name of the element.
pub(crate) fn tag(text: &str) -> Option<(Tag, &str)> {
    let rest = text.strip_prefix('<')?;
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let length = name
        .bytes()
        .take(12)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let (name, after) = name.split_at(length);
    if !after.starts_with(['>', '/', ' ', '\t', '\n', '\r']) {
        return None;
    }
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    let block = BLOCK.iter().any(&is);
    if !block && !INLINE.iter().any(is) {
        return None;
    }
    let most = text.len().min(LONGEST_TAG);
    let end = memchr::memchr(b'>', &text.as_bytes()[..most])?;
    let tag = Tag {
        length: end + 1,
        closes: rest.starts_with('/'),
        block,
    };
    Some((tag, name))
}

/// Whether a text contains a tag of HTML.
pub(crate) fn is_html(text: &str) -> bool {
    tags(text).next().is_some()
}

fn tags(text: &str) -> impl Iterator<Item = (usize, Tag)> {
    let found = memchr::memchr_iter(b'<', text.as_bytes());
    found.filter_map(|at| tag(&text[at..]).map(|(tag, _)| (at, tag)))
}

/// A text with its character references resolved once.
pub(crate) fn resolve(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let most = rest.len().min(LONGEST_REFERENCE);
        let end = rest.as_bytes()[..most].iter().position(|b| *b == b';');
        let length = end.map_or(1, |end| end + 1);
        let reference = &rest[..length];
        if length > 2 {
            push_reference(&mut out, reference);
        } else {
            out.push_str(reference);
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

fn push_reference(out: &mut String, reference: &str) {
    let start = out.len();
    for token in Tokenizer::new(reference) {
        match token {
            Ok(Token::String(text)) => out.push_str(&String::from_utf8_lossy(&text)),
            _ => {
                // Not a reference: `&<b>;`.
                out.truncate(start);
                return out.push_str(reference);
            }
        }
    }
}

/// HTML that was escaped twice, with one level of escapes resolved; `None` if it was not. A text about HTML has escaped
/// tags too, but within a sentence, and mostly real tags around it.
pub(crate) fn escaped_twice(text: &str) -> Option<String> {
    if !text.contains("&lt;") && !text.contains("&#60;") && !text.contains("&#x3") || is_html(text)
    {
        return None;
    }
    let once = resolve(text);
    let starts = tag(once.trim_start()).is_some();
    let closes = tags(&once).any(|(_, tag)| tag.closes);
    (starts || closes).then_some(once)
}

/// HTML as one line of plain text.
pub(crate) fn text(html: &str) -> String {
    let once = escaped_twice(html);
    one_line(&resolve(&without_tags(once.as_deref().unwrap_or(html))))
}

/// Appends a text as HTML that shows it, without control characters.
pub(crate) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if is_text(c) => out.push(c),
            _ => {}
        }
    }
}

/// Appends the value of an attribute in double quotes, in which references are resolved already.
pub(crate) fn escape_attribute(out: &mut String, value: &str) {
    let start = out.len();
    escape(out, value);
    if value.contains('"') {
        let quoted = out.split_off(start).replace('"', "&quot;");
        out.push_str(&quoted);
    }
}

fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    for (at, tag) in tags(html) {
        if at < from || is_word(html, at, tag) {
            continue;
        }
        out.push_str(&html[from..at]);
        if tag.block {
            out.push(' ');
        }
        from = at + tag.length;
    }
    out.push_str(&html[from..]);
    out
}

/// Whether a tag is a word of its sentence: `the <b> element`. Such a tag has no attributes, is never closed, and stands
/// between spaces.
fn is_word(html: &str, at: usize, tag: Tag) -> bool {
    let end = at + tag.length;
    let name = &html[at + 1..end - 1];
    let is_bare = name.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_void = ["br", "hr", "img", "wbr", "p"]
        .iter()
        .any(|v| v.eq_ignore_ascii_case(name));
    let (before, after) = (&html[..at], &html[end..]);
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | ';' | ':' | '?' | '!' | ')');
    let is_apart = (before.is_empty() || before.ends_with(char::is_whitespace))
        && (after.is_empty() || after.starts_with(ends));
    let closing = format!("</{}", name.to_ascii_lowercase());
    is_bare
        && !is_void
        && is_apart
        && before.len() + after.len() > 0
        && !after.to_ascii_lowercase().contains(&closing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_markup_but_no_words() {
        for (html, expected) in [
            ("Fish &amp; chips", "Fish & chips"),
            ("AT&T &#8217;n <b>Bell</b>", "AT&T \u{2019}n Bell"),
            ("&lt;i&gt;Aurora&lt;/i&gt; sails", "Aurora sails"),
            ("a < b and c > d", "a < b and c > d"),
            ("The <Dash> company", "The <Dash> company"),
            ("One<br/>two", "One two"),
            ("&nbsp;x&nosuch; &; &", "x&nosuch; &; &"),
            ("How the &lt;p&gt; tag works", "How the <p> tag works"),
            ("Unship: <a> as <area>, <b>", "Unship: <a> as <area>, <b>"),
            ("One <b> two</b> <i>three", "One two three"),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }
}
