//! The markup within a line of wikitext: emphasis, links, templates, elements of HTML, behaviour switches.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::apostrophes::{Apostrophes, apostrophes};
use super::content::WikiWriter;
use super::lines::Segment;
use super::scan::{Span, SpanKind, scan, tag};
use super::templates::{self, WikiTemplate};

/// A longer word between `__` is not a switch, in characters.
const LONGEST_SWITCH: usize = 40;

/// Addresses that a link in single brackets may have.
const SCHEMES: &[&str] = &["http://", "https://", "//", "ftp://", "mailto:"];

/// Elements with an equivalent in Markdown.
const MARKS: &[(&str, &str)] = &[
    ("b", "strong"),
    ("strong", "strong"),
    ("i", "em"),
    ("em", "em"),
    ("code", "code"),
    ("tt", "code"),
    ("kbd", "code"),
    ("samp", "code"),
    // Without them, 10² would be 102, and what was struck would be said.
    ("sub", "sub"),
    ("sup", "sup"),
    ("del", "del"),
    ("s", "del"),
    ("strike", "del"),
];
const BLOCKS: &[(&str, &str)] = &[
    ("blockquote", "blockquote"),
    ("ul", "ul"),
    ("ol", "ol"),
    ("li", "li"),
    ("h1", "h2"),
    ("h2", "h2"),
    ("h3", "h3"),
    ("h4", "h4"),
    ("h5", "h5"),
    ("h6", "h6"),
];

/// Elements that only begin a paragraph.
const BREAKS: &[&str] = &[
    "p", "div", "center", "hr", "dl", "dt", "dd", "poem", "section", "thead", "tbody", "tfoot",
];

/// Elements whose tags are ignored. Any other tag is text.
const IGNORED: &[&str] = &[
    "abbr",
    "bdi",
    "bdo",
    "big",
    "categorytree",
    "cite",
    "data",
    "dfn",
    "font",
    "includeonly",
    "ins",
    "languages",
    "link",
    "mark",
    "meta",
    "noinclude",
    "nowiki",
    "onlyinclude",
    "q",
    "ref",
    "references",
    "rp",
    "rt",
    "ruby",
    "small",
    "span",
    "templatestyles",
    "time",
    "translate",
    "tvar",
    "u",
    "var",
    "wbr",
];

impl WikiWriter<'_> {
    /// Reads a line, or a part of one.
    pub(crate) fn run(&mut self, text: &str, line: &[Segment<'_>]) {
        let mut apostrophes = apostrophes(line).into_iter().peekable();
        // Whether a link in single brackets can end.
        let is_end = |s: &Segment<'_>| matches!(s, Segment::Text(text) if text.contains(']'));
        let last = line.iter().rposition(is_end);
        for (rank, segment) in line.iter().enumerate() {
            match segment {
                Segment::Span(span) => self.span(text, span),
                Segment::Text(part) => {
                    let ends_later = last.is_some_and(|last| last > rank);
                    self.words(part, rank, &mut apostrophes, ends_later);
                }
            }
        }
    }

    /// Reads wikitext within wikitext: a label, a value. If it is nested too deeply, it is plain text.
    fn nested(&mut self, inner: &str) {
        let fits = self.deeper(|writer| {
            let spans = scan(inner);
            let mut line = Vec::new();
            let mut from = 0;
            for span in &spans {
                line.push(Segment::Text(
                    inner.get(from..span.range.start).unwrap_or_default(),
                ));
                line.push(Segment::Span(span));
                from = span.range.end;
            }
            line.push(Segment::Text(inner.get(from..).unwrap_or_default()));
            writer.run(inner, &line);
        });
        if !fits {
            self.text(inner);
        }
    }

    fn span(&mut self, text: &str, span: &Span) {
        let (whole, inner) = (&text[span.range.clone()], &text[span.inner.clone()]);
        match span.kind {
            SpanKind::Comment | SpanKind::Parameter => self.remove(whole),
            SpanKind::Template => self.template(whole, inner),
            SpanKind::Link => self.link(whole, inner),
            SpanKind::Extension("nowiki") => self.text(inner),
            SpanKind::Extension("pre" | "source" | "syntaxhighlight") => self.code_block(inner),
            SpanKind::Extension("math" | "chem" | "ce") => {
                self.open_mark("code", false);
                self.text(inner);
                self.close_mark("code", false);
            }
            // `<ref name="a"/>` has no words.
            SpanKind::Extension(_) if inner.trim().is_empty() => {}
            SpanKind::Extension(_) => self.remove(whole),
        }
    }

    fn template(&mut self, whole: &str, inner: &str) {
        match templates::read(inner) {
            WikiTemplate::Made(words) => self.nested(&words),
            WikiTemplate::Inline(words) => {
                for (rank, words) in words.into_iter().enumerate() {
                    if rank > 0 {
                        self.text(" ");
                    }
                    self.nested(words);
                }
            }
            WikiTemplate::Quote(words, named) => {
                self.open_block("blockquote");
                for words in words {
                    self.nested(words);
                    self.end_paragraph();
                }
                self.close_block("blockquote");
                for words in named {
                    self.remove(words);
                }
            }
            WikiTemplate::Source { url, words } => {
                let is_address = url.starts_with("http://") || url.starts_with("https://");
                for (rank, words) in words.into_iter().enumerate() {
                    if rank > 0 {
                        self.text(", ");
                    } else if is_address {
                        self.open_link(url);
                    }
                    self.nested(words);
                    self.close_link();
                }
            }
            WikiTemplate::Date(text) => self.date(&text),
            WikiTemplate::Byline { date, place } => {
                self.date(&date);
                if !place.is_empty() && self.out.place.is_none() {
                    self.out.place = Some(place.to_owned());
                }
            }
            WikiTemplate::Unknown => self.remove(whole),
        }
    }

    fn date(&mut self, text: &str) {
        match templates::date(text) {
            Some(read) if self.out.date.is_none() => self.out.date = Some(read),
            Some(_) => {}
            None => self.out.date_text = Some(text.to_owned()),
        }
    }

    /// `[[Target]]`, `[[Target|label]]`, `[[Category:Name]]`, `[[File:Name.jpg|…]]`
    fn link(&mut self, whole: &str, inner: &str) {
        let (target, label) = match inner.split_once('|') {
            Some((target, label)) => (target, Some(label)),
            None => (inner, None),
        };
        if target.trim().is_empty() && label.is_none() || target.contains(['\n', '<', '{']) {
            // Not a link after all.
            self.text("[[");
            self.nested(inner);
            return self.text("]]");
        }
        match self.namespace_of(target) {
            Some(14) => {
                let name = target.split_once(':').map_or("", |(_, name)| name);
                return self.category(name);
            }
            Some(6) => return self.remove(whole),
            _ => {}
        }
        match label.filter(|label| !label.trim().is_empty()) {
            Some(label) => self.nested(label),
            None => self.text(target.trim_start().trim_start_matches(':')),
        }
    }

    /// The number of the namespace of a target; `None` if it begins with a colon.
    pub(crate) fn namespace_of(&self, target: &str) -> Option<i64> {
        let (prefix, _) = target.split_once(':')?;
        self.wiki
            .namespace(prefix)
            .filter(|_| !prefix.trim().is_empty())
    }

    /// Reads text between spans. `ends_later` says that a link may end in a later segment.
    fn words(
        &mut self,
        part: &str,
        rank: usize,
        apostrophes: &mut Peekable<IntoIter<Apostrophes>>,
        ends_later: bool,
    ) {
        let bytes = part.as_bytes();
        let last = memchr::memrchr(b']', bytes);
        let (mut from, mut at) = (0, 0);
        let is_sign = |b: &u8| matches!(b, b'\'' | b'[' | b']' | b'<' | b'_');
        while let Some(next) = bytes
            .get(at..)
            .and_then(|rest| rest.iter().position(is_sign))
        {
            at += next;
            let rest = &part[at..];
            let before = &part[from..at];
            let can_end = ends_later || last.is_some_and(|last| last > at);
            let read = match bytes.get(at) {
                Some(b'\'') => self.apostrophes(before, rest, (rank, at), apostrophes),
                Some(b'[') if !self.is_link && can_end => {
                    self.external_link(before, rest, ends_later)
                }
                Some(b']') if self.is_link => {
                    self.text(before);
                    self.close_link();
                    Sign::Read(1)
                }
                Some(b'<') => match self.known_tag(rest) {
                    None => Sign::Text(1),
                    Some((length, name)) => {
                        self.text(before);
                        self.tag(&rest[..length], &name);
                        Sign::Read(length)
                    }
                },
                Some(b'_') => match switch(rest) {
                    None => Sign::Text(rest.bytes().take_while(|b| *b == b'_').count()),
                    Some(length) => {
                        self.text(before);
                        Sign::Read(length)
                    }
                },
                _ => Sign::Text(1),
            };
            match read {
                Sign::Text(length) => at += length,
                Sign::Read(length) => {
                    at += length;
                    from = at;
                }
            }
        }
        self.text(&part[from..]);
    }

    /// Reads a run of apostrophes at a place, after the text before it.
    fn apostrophes(
        &mut self,
        before: &str,
        rest: &str,
        place: (usize, usize),
        apostrophes: &mut Peekable<IntoIter<Apostrophes>>,
    ) -> Sign {
        let run = rest.bytes().take_while(|b| *b == b'\'').count();
        // Some were in a tag or an address.
        while apostrophes.next_if(|next| next.place < place).is_some() {}
        let Some(read) = apostrophes.next_if(|next| next.place == place) else {
            return Sign::Text(run);
        };
        self.text(before);
        self.text(&rest[..read.letters]);
        self.emphasis(read.signs);
        Sign::Read(run)
    }

    /// Reads the beginning of `[address label]`, after the text before it.
    fn external_link(&mut self, before: &str, rest: &str, ends_later: bool) -> Sign {
        let inner = &rest[1..];
        if !SCHEMES.iter().any(|scheme| inner.starts_with(scheme)) {
            return Sign::Text(1);
        }
        self.text(before);
        let end = inner.find(|c: char| c.is_whitespace() || matches!(c, ']' | '<' | '"'));
        let address = &inner[..end.unwrap_or(inner.len())];
        self.open_link(address);
        let has_label = end.is_some_and(|end| {
            let label = inner[end..].trim_start();
            !label.is_empty() && !label.starts_with(']')
        });
        if !(has_label || end.is_none() && ends_later) {
            self.text(address);
        }
        Sign::Read(1 + address.len())
    }

    fn emphasis(&mut self, signs: usize) {
        match signs {
            2 => self.toggle("em"),
            3 => self.toggle("strong"),
            _ => {
                // `'''''a''' b''`: the mark opened last is closed first.
                self.toggle("strong");
                self.toggle("em");
            }
        }
    }

    /// The start or end tag of a known element at the beginning of a text.
    fn known_tag(&self, text: &str) -> Option<(usize, String)> {
        let (length, name) = match text.strip_prefix("</") {
            // The same tag as if it opened.
            Some(rest) => {
                let end = rest.bytes().take(40).position(|b| b == b'>')?;
                (end + 3, rest.get(..end)?.trim())
            }
            None => tag(text)?,
        };
        let name = name.to_ascii_lowercase();
        let is_known = name == "br"
            || IGNORED.contains(&name.as_str())
            || BREAKS.contains(&name.as_str())
            || MARKS.iter().chain(BLOCKS).any(|(known, _)| *known == name)
            || matches!(name.as_str(), "table" | "tr" | "td" | "th" | "caption");
        is_known.then_some((length, name))
    }

    fn tag(&mut self, tag: &str, name: &str) {
        let closes = tag.starts_with("</");
        let of = |list: &'static [(&str, &'static str)]| {
            let found = list.iter().find(|(known, _)| *known == name);
            found.map(|(_, html)| *html)
        };
        if let Some(mark) = of(MARKS) {
            match closes {
                true => _ = self.close_mark(mark, false),
                false if tag.ends_with("/>") => {}
                false => self.open_mark(mark, false),
            }
        } else if let Some(block) = of(BLOCKS) {
            if block == "li" {
                // An item ends where the next one begins.
                self.close_last_item();
            }
            match closes {
                true if block == "li" => {}
                true => self.close_block(block),
                false => self.open_block(block),
            }
        } else {
            match (name, closes) {
                ("br", _) => self.line_break(),
                ("table", false) => self.begin_table(),
                ("table", true) if self.in_table() => self.end_table(),
                ("tr", false) if self.in_table() => self.begin_row(),
                ("td" | "th" | "caption", false) if self.in_table() => self.next_cell(),
                (name, _) if BREAKS.contains(&name) => {
                    self.end_lists(0);
                    if name == "poem" {
                        self.is_poem = !closes;
                    }
                }
                _ => {}
            }
        }
    }
}

/// How many bytes a sign of markup takes that was read, or that is text.
enum Sign {
    Read(usize),
    Text(usize),
}

/// The length of a switch such as `__NOTOC__`.
fn switch(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("__")?;
    let is_letter = |c: &char| c.is_alphabetic() && !c.is_lowercase();
    let name: String = inner
        .chars()
        .take(LONGEST_SWITCH)
        .take_while(is_letter)
        .collect();
    let ends = inner.get(name.len()..)?.starts_with("__");
    (ends && name.chars().count() > 2).then(|| name.len() + "____".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_capitals_between_underscores() {
        assert_eq!(switch("__NOTOC__ x"), Some(9));
        assert_eq!(switch("__INHALTSVERZEICHNIS_UNTEN__"), None);
        assert_eq!(switch("__init__"), None);
        assert_eq!(switch("__ÉÉÉ"), None);
    }
}
