//! The lines of wikitext: headings, lists, tables, paragraphs.

use super::content::WikiWriter;
use super::scan::{Span, SpanKind, scan};

/// Nested lists that are written; deeper items belong to the innermost.
const DEEPEST_LIST: usize = 6;

/// A part of a line.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Segment<'s> {
    Text(&'s str),
    Span(&'s Span),
}

/// A line. Line breaks within a template or a comment do not end it.
type Line<'s> = Vec<Segment<'s>>;

impl WikiWriter<'_> {
    pub(crate) fn lines(&mut self, text: &str) {
        let spans = scan(text);
        let mut line: Line<'_> = Vec::new();
        let mut from = 0;
        for span in &spans {
            self.whole_lines(text, text.get(from..span.range.start), &mut line);
            line.push(Segment::Span(span));
            from = span.range.end;
        }
        self.whole_lines(text, text.get(from..), &mut line);
        self.line(text, line);
    }

    /// Reads the lines that end in a text, and begins the next line with the rest of it.
    fn whole_lines<'s>(&mut self, text: &'s str, between: Option<&'s str>, line: &mut Line<'s>) {
        let mut parts = between.unwrap_or_default().split('\n').peekable();
        while let Some(part) = parts.next() {
            if !part.is_empty() {
                line.push(Segment::Text(part));
            }
            if parts.peek().is_some() {
                self.line(text, std::mem::take(line));
            }
        }
    }

    fn line(&mut self, text: &str, mut line: Line<'_>) {
        let is_comment = |segment: &Segment<'_>| matches!(segment, Segment::Span(span) if span.kind == SpanKind::Comment);
        let had = line.len();
        line.retain(|segment| {
            if is_comment(segment)
                && let Segment::Span(span) = segment
            {
                self.remove(&text[span.range.clone()]);
            }
            !is_comment(segment)
        });
        let is_blank = |segment: &Segment<'_>| matches!(segment, Segment::Text(text) if text.trim().is_empty());
        while line.last().is_some_and(is_blank) {
            line.pop();
        }
        if line.is_empty() {
            // A line with nothing but comments does not end a paragraph.
            if had == 0 {
                self.end_lists(0);
            }
            return;
        }
        if self.translations(text, &line) {
            return;
        }
        let Some(Segment::Text(first)) = line.first().copied() else {
            return self.prose(text, &line);
        };
        if let Some((level, line)) = heading(&line) {
            self.begin_heading(level);
            self.run(text, &line);
            self.end_line();
            return self.end_heading(level);
        }
        let bare = first.trim_start_matches([':', ' ']);
        if bare.starts_with("{|") {
            self.attributes(text, &line, first.len() - bare.len() + 2);
            return self.begin_table();
        }
        if self.in_table() && self.table_line(text, &line) {
            return;
        }
        if first.starts_with("----") {
            self.end_lists(0);
            let rest = first.trim_start_matches('-');
            return self.rest(text, &line, first.len() - rest.len());
        }
        let signs: Vec<char> = first
            .chars()
            .take_while(|c| matches!(c, '*' | '#' | ':' | ';'))
            .collect();
        if !signs.is_empty() {
            self.item(&signs[..signs.len().min(DEEPEST_LIST)]);
            self.run(text, &cut(&line, signs.len()));
            return self.end_line();
        }
        self.prose(text, &line);
    }

    /// A line of a paragraph. An indented line and a line of a poem keep their line breaks.
    fn prose(&mut self, text: &str, line: &[Segment<'_>]) {
        if self.in_list() {
            self.end_lists(0);
        }
        self.run(text, line);
        let is_indented =
            matches!(line.first(), Some(Segment::Text(first)) if first.starts_with(' '));
        if is_indented || self.is_poem && self.in_paragraph() {
            self.line_break();
        }
        self.end_line();
    }

    /// Reads the text after a mark in its line.
    fn rest(&mut self, text: &str, line: &[Segment<'_>], from: usize) {
        let rest = cut(line, from);
        let is_text = |segment: &Segment<'_>| !matches!(segment, Segment::Text(text) if text.trim().is_empty());
        if rest.iter().any(is_text) {
            self.prose(text, &rest);
        }
    }

    /// Reads attributes of HTML, whose values are not words; templates and links among them are removed.
    fn attributes(&mut self, text: &str, line: &[Segment<'_>], from: usize) {
        for segment in cut(line, from) {
            if let Segment::Span(span) = segment {
                self.remove(&text[span.range.clone()]);
            }
        }
    }

    /// Reads a line of a table; false if it belongs to a cell.
    fn table_line(&mut self, text: &str, line: &[Segment<'_>]) -> bool {
        let Some(Segment::Text(first)) = line.first() else {
            return false;
        };
        let white = first.len() - first.trim_start().len();
        let mark = &first[white..];
        if mark.starts_with("|}") {
            self.end_table();
            self.rest(text, line, white + 2);
        } else if mark.starts_with("|-") {
            self.attributes(text, line, white + 2);
            self.begin_row();
        } else if mark.starts_with("|+") {
            self.begin_caption();
            self.cell(text, &cut(line, white + 2));
            self.end_caption();
        } else if mark.starts_with(['|', '!']) {
            let both = mark.starts_with('!');
            for cell in cells(&cut(line, white + 1), both) {
                self.next_cell();
                self.cell(text, &cell);
            }
        } else {
            return false;
        }
        true
    }

    /// `style="…" | words`
    fn cell(&mut self, text: &str, cell: &[Segment<'_>]) {
        let bar = cell
            .iter()
            .position(|s| matches!(s, Segment::Text(text) if text.contains('|')));
        if let Some(at) = bar
            && let Some(Segment::Text(part)) = cell.get(at)
            && let Some((before, after)) = part.split_once('|')
        {
            let is_plain = |segment: &Segment<'_>| match segment {
                Segment::Text(_) => true,
                Segment::Span(span) => span.kind == SpanKind::Template,
            };
            let texts = cell[..at].iter().filter_map(|segment| match segment {
                Segment::Text(text) => Some(*text),
                Segment::Span(_) => None,
            });
            let attributes: String = texts.chain([before]).collect();
            if cell[..at].iter().all(is_plain)
                && (attributes.contains('=') || attributes.trim().is_empty())
            {
                self.span_cell(&attributes);
                self.attributes(text, &cell[..at], 0);
                let mut rest = vec![Segment::Text(after)];
                rest.extend_from_slice(&cell[at + 1..]);
                self.run(text, &rest);
                return self.end_line();
            }
        }
        self.run(text, cell);
        self.end_line();
    }

    /// Reads a line that consists of links to other languages.
    fn translations(&mut self, text: &str, line: &[Segment<'_>]) -> bool {
        let mut found = Vec::new();
        for segment in line {
            match segment {
                Segment::Text(text) if text.trim().is_empty() => {}
                Segment::Span(span) if span.kind == SpanKind::Link => {
                    let inner = &text[span.inner.clone()];
                    match is_translation(inner) && self.namespace_of(inner).is_none() {
                        true => found.push(inner.trim().to_owned()),
                        false => return false,
                    }
                }
                _ => return false,
            }
        }
        self.out.translations.extend(found);
        true
    }
}

/// `fr:Le port`, `zh-min-nan:…`, `simple:…`
fn is_translation(inner: &str) -> bool {
    let Some((lang, title)) = inner.split_once(':') else {
        return false;
    };
    let mut parts = lang.trim().split('-');
    let first = parts.next().unwrap_or_default();
    let is_code = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase());
    let is_language = (2..=3).contains(&first.len()) || first == "simple";
    is_language
        && is_code(first)
        && !matches!(first, "doi" | "rfc" | "wmf" | "tm")
        && parts.all(|part| !part.is_empty() && part.len() <= 8 && is_code(part))
        && !title.trim().is_empty()
        && !title.contains(['|', '\n'])
}

/// A line without its first bytes, which are ASCII and in its first segment.
fn cut<'s>(line: &[Segment<'s>], bytes: usize) -> Line<'s> {
    let mut line = line.to_vec();
    if let Some(Segment::Text(first)) = line.first_mut() {
        *first = first.get(bytes..).unwrap_or_default();
    }
    line
}

/// The level of `== Words ==`, at least 2, and the text between the marks.
fn heading<'s>(line: &[Segment<'s>]) -> Option<(usize, Line<'s>)> {
    let (Some(Segment::Text(first)), Some(Segment::Text(last))) = (line.first(), line.last())
    else {
        return None;
    };
    let last = last.trim_end();
    let signs = |text: &mut dyn Iterator<Item = char>| text.take_while(|c| *c == '=').count();
    let mut level = signs(&mut first.chars())
        .min(signs(&mut last.chars().rev()))
        .min(6);
    if line.len() == 1 {
        level = level.min(last.len().saturating_sub(1) / 2);
    }
    if level == 0 {
        return None;
    }
    let mut inner = line.to_vec();
    if let Some(Segment::Text(text)) = inner.last_mut() {
        *text = last.get(..last.len() - level)?;
    }
    Some((level.max(2), cut(&inner, level)))
}

/// The cells of a line, separated by `||`, or by `!!` too in a row of headings (`both`).
fn cells<'s>(line: &[Segment<'s>], both: bool) -> Vec<Line<'s>> {
    let mut cells: Vec<Line<'s>> = vec![Vec::new()];
    for segment in line {
        let Segment::Text(text) = segment else {
            if let Some(cell) = cells.last_mut() {
                cell.push(*segment);
            }
            continue;
        };
        let mut start = 0;
        let bytes = text.as_bytes();
        let mut at = 0;
        while at + 1 < bytes.len() {
            let pair = &bytes[at..at + 2];
            if pair == b"||" || both && pair == b"!!" {
                if let Some(cell) = cells.last_mut() {
                    cell.push(Segment::Text(&text[start..at]));
                }
                cells.push(Vec::new());
                start = at + 2;
                at += 1;
            }
            at += 1;
        }
        if let Some(cell) = cells.last_mut() {
            cell.push(Segment::Text(&text[start..]));
        }
    }
    cells
}
