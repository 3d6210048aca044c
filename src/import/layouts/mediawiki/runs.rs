//! What stands within a line of wikitext: emphasis, links, templates, elements of HTML, switches.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::content::Writer;
use super::lines::Segment;
use super::scan::{Kind, Span, scan, tag};
use super::templates::{self, Template};

/// A longer word between `__` is no switch.
const LONGEST_SWITCH: usize = 40;

/// Addresses that a link in single brackets may have.
const SCHEMES: &[&str] = &["http://", "https://", "//", "ftp://", "mailto:"];

/// Elements whose tags say something in Markdown.
const MARKS: &[(&str, &str)] = &[
    ("b", "strong"),
    ("strong", "strong"),
    ("i", "em"),
    ("em", "em"),
    ("code", "code"),
    ("tt", "code"),
    ("kbd", "code"),
    ("samp", "code"),
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

/// Elements that begin a paragraph, and no more.
const BREAKS: &[&str] = &[
    "p", "div", "center", "hr", "dl", "dt", "dd", "poem", "section", "thead", "tbody", "tfoot",
];

/// Elements whose tags say nothing here. Any other tag is text.
const PASSED_OVER: &[&str] = &[
    "abbr",
    "bdi",
    "bdo",
    "big",
    "categorytree",
    "cite",
    "data",
    "del",
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
    "s",
    "small",
    "span",
    "strike",
    "sub",
    "sup",
    "templatestyles",
    "time",
    "translate",
    "tvar",
    "u",
    "var",
    "wbr",
];

impl Writer<'_> {
    /// Reads a line, or a part of one.
    pub fn run(&mut self, text: &str, line: &[Segment<'_>]) {
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

    /// Reads wikitext within wikitext: a label, a value. What is too deep is plain text.
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
            Kind::Comment | Kind::Parameter => self.remove(whole),
            Kind::Template => self.template(whole, inner),
            Kind::Link => self.link(whole, inner),
            Kind::Extension("nowiki") => self.text(inner),
            Kind::Extension("pre" | "source" | "syntaxhighlight") => self.code_block(inner),
            Kind::Extension("math" | "chem" | "ce") => {
                self.open_mark("code", false);
                self.text(inner);
                self.close_mark("code", false);
            }
            // `<ref name="a"/>` says nothing.
            Kind::Extension(_) if inner.trim().is_empty() => {}
            Kind::Extension(_) => self.remove(whole),
        }
    }

    fn template(&mut self, whole: &str, inner: &str) {
        match templates::read(inner) {
            Template::Inline(words) => {
                for (rank, words) in words.into_iter().enumerate() {
                    if rank > 0 {
                        self.text(" ");
                    }
                    self.nested(words);
                }
            }
            Template::Quote(words, named) => {
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
            Template::Source { url, words } => {
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
            Template::Date(text) => self.date(&text),
            Template::Byline { date, place } => {
                self.date(&date);
                if !place.is_empty() && self.out.place.is_none() {
                    self.out.place = Some(place.to_owned());
                }
            }
            Template::Unknown => self.remove(whole),
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
            // It is none after all.
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

    /// The number of the namespace that a target lies in; none where it begins with a colon, and is only named.
    pub fn namespace_of(&self, target: &str) -> Option<i64> {
        let (prefix, _) = target.split_once(':')?;
        self.wiki
            .namespace(prefix)
            .filter(|_| !prefix.trim().is_empty())
    }

    /// Reads text between spans.
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
            let length = match bytes.get(at) {
                Some(b'\'') => {
                    let run = rest.bytes().take_while(|b| *b == b'\'').count();
                    // Some stood in a tag or an address.
                    while apostrophes
                        .next_if(|next| next.place < (rank, at))
                        .is_some()
                    {}
                    match apostrophes.next_if(|next| next.place == (rank, at)) {
                        None => {
                            at += run;
                            continue;
                        }
                        Some(read) => {
                            self.text(&part[from..at + read.letters]);
                            self.emphasis(read.signs);
                            run
                        }
                    }
                }
                Some(b'[') if !self.is_link && (ends_later || last.is_some_and(|l| l > at)) => {
                    let inner = &rest[1..];
                    if !SCHEMES.iter().any(|scheme| inner.starts_with(scheme)) {
                        at += 1;
                        continue;
                    }
                    self.text(&part[from..at]);
                    let end =
                        inner.find(|c: char| c.is_whitespace() || matches!(c, ']' | '<' | '"'));
                    let address = &inner[..end.unwrap_or(inner.len())];
                    self.open_link(address);
                    let has_label = end.is_some_and(|end| {
                        let label = inner[end..].trim_start();
                        !label.is_empty() && !label.starts_with(']')
                    });
                    if !(has_label || end.is_none() && ends_later) {
                        self.text(address);
                    }
                    1 + address.len()
                }
                Some(b']') if self.is_link => {
                    self.text(&part[from..at]);
                    self.close_link();
                    1
                }
                Some(b'<') => match self.known_tag(rest) {
                    None => {
                        at += 1;
                        continue;
                    }
                    Some((length, name)) => {
                        self.text(&part[from..at]);
                        self.tag(&rest[..length], &name);
                        length
                    }
                },
                Some(b'_') => match switch(rest) {
                    None => {
                        at += rest.bytes().take_while(|b| *b == b'_').count();
                        continue;
                    }
                    Some(length) => {
                        self.text(&part[from..at]);
                        length
                    }
                },
                _ => {
                    at += 1;
                    continue;
                }
            };
            at += length;
            from = at;
        }
        self.text(&part[from..]);
    }

    fn emphasis(&mut self, signs: usize) {
        match signs {
            2 => self.toggle("em"),
            3 => self.toggle("strong"),
            _ => {
                // `'''''a''' b''`: what was opened last is closed first.
                self.toggle("strong");
                self.toggle("em");
            }
        }
    }

    /// The tag of a known element, opening or closing, that a text begins with.
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
            || PASSED_OVER.contains(&name.as_str())
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
                (name, _) if BREAKS.contains(&name) => self.end_lists(0),
                _ => {}
            }
        }
    }
}

/// A run of two apostrophes or more: the place of its segment and of itself there, how many are letters, and how many
/// signs: 2, 3 or 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Apostrophes {
    place: (usize, usize),
    letters: usize,
    signs: usize,
}

/// The runs of a line, as MediaWiki understands them: where bold and italics both stay open, one bold is an apostrophe
/// and italics, the first that stands behind a word of one letter, else behind a word, else any.
fn apostrophes(line: &[Segment<'_>]) -> Vec<Apostrophes> {
    let mut found: Vec<Apostrophes> = Vec::new();
    // Of the runs of three: their places, and how well an apostrophe would stand there.
    let mut best: Option<(u8, usize)> = None;
    for (rank, segment) in line.iter().enumerate() {
        let Segment::Text(text) = segment else {
            continue;
        };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\'', rest)) {
            at += next;
            let run = bytes[at..].iter().take_while(|b| **b == b'\'').count();
            if run > 1 {
                let signs = match run {
                    2 => 2,
                    3 | 4 => 3,
                    _ => 5,
                };
                if signs == 3 {
                    let mut before = text[..at].chars().rev();
                    let fit = match (before.next(), before.next()) {
                        (None | Some(' '), _) => 2,
                        (_, None | Some(' ')) => 0,
                        _ => 1,
                    };
                    if best.is_none_or(|(other, _)| fit < other) {
                        best = Some((fit, found.len()));
                    }
                }
                found.push(Apostrophes {
                    place: (rank, at),
                    letters: run - signs,
                    signs,
                });
            }
            at += run;
        }
    }
    let count = |of: usize| found.iter().filter(|run| run.signs == of).count();
    let (bold, italics) = (count(3) + count(5), count(2) + count(5));
    if bold % 2 == 1
        && italics % 2 == 1
        && let Some((_, at)) = best
        && let Some(run) = found.get_mut(at)
    {
        run.letters += 1;
        run.signs = 2;
    }
    found
}

/// `__NOTOC__`: its length.
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
    fn apostrophes_are_signs_in_runs() {
        let read = |text: &str| {
            let runs = apostrophes(&[Segment::Text(text)]);
            runs.iter()
                .map(|run| (run.letters, run.signs))
                .collect::<Vec<_>>()
        };
        assert_eq!(read("it's ''a'' '''b'''"), [(0, 2), (0, 2), (0, 3), (0, 3)]);
        assert_eq!(read("''''a''''''"), [(1, 3), (1, 5)]);
        // L'''amour'' is an apostrophe and italics.
        assert_eq!(read("l'''amour''"), [(1, 2), (0, 2)]);
    }

    #[test]
    fn switches_are_capitals_between_two_lines() {
        assert_eq!(switch("__NOTOC__ x"), Some(9));
        assert_eq!(switch("__INHALTSVERZEICHNIS_UNTEN__"), None);
        assert_eq!(switch("__init__"), None);
        assert_eq!(switch("__ÉÉÉ"), None);
    }
}
