//! What layouts of XML share: the records of a document, one after another, each with its elements and their text.
//! Never expands an entity that a document declares, never recurses, and never holds more than one record.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::RawText;
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;

/// More elements in one record, or more records in one file, are no articles.
const MOST_ELEMENTS: usize = 100_000;
const MOST_RECORDS: usize = 200_000;

/// More attributes of an element than this are passed over.
const MOST_ATTRIBUTES: usize = 64;

/// Text of elements that lie deeper in a record belongs to the one at this level, where a layout names no other.
const DEEPEST: usize = 3;

/// Records lie at the root, or in one or two elements.
const DEEPEST_RECORD: usize = 2;

/// Namespaces by what their names hold, and the prefix that stands for each here.
const NAMESPACES: &[(&str, &str)] = &[
    ("purl.org/dc/", "dc"),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("www.w3.org/2005/Atom", ""),
    ("purl.org/atom/ns", ""),
    ("purl.org/rss/1.0/", ""),
    ("my.netscape.com/rdf/simple", ""),
    ("wordpress.org/export/1.0/excerpt", "excerpt"),
    ("wordpress.org/export/1.1/excerpt", "excerpt"),
    ("wordpress.org/export/1.2/excerpt", "excerpt"),
    ("wordpress.org/export/", "wp"),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ("iptc.org/std/nar/", ""),
    ("iptc.org/std/NITF/", ""),
];

/// An element of a record.
#[derive(Debug, Clone, Default)]
pub struct Element {
    /// In lower case, with the prefix that [`NAMESPACES`] gives its namespace, or its own.
    pub name: String,
    /// 1 where it lies in the record itself.
    pub level: usize,
    pub attributes: Vec<(String, String)>,
    /// Its own text, references resolved where they are XML's.
    pub text: String,
    /// The bytes between its tags.
    pub inner: Range<usize>,
    /// Whether other elements lie in it.
    pub is_nested: bool,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.trim())
            .filter(|v| !v.is_empty())
    }

    /// What it holds as HTML: its text, or the elements in it as they are written in the document.
    pub fn html<'a>(&'a self, document: &'a str) -> Cow<'a, str> {
        if !self.is_nested {
            return Cow::Borrowed(&self.text);
        }
        let inner = &document[self.inner.clone()];
        match inner.contains("<![CDATA[") {
            true => Cow::Owned(inner.replace("<![CDATA[", "").replace("]]>", "")),
            false => Cow::Borrowed(inner),
        }
    }
}

/// A record: its own attributes, and all that lies in it in the order of its tags.
#[derive(Debug, Clone, Default)]
pub struct Record {
    pub span: Range<usize>,
    pub attributes: Vec<(String, String)>,
    pub elements: Vec<Element>,
}

/// Where a document ends to be XML, in bytes, and why.
#[derive(Debug)]
struct Broken {
    at: usize,
    why: String,
}

/// The name of the root, without its prefix and in lower case, and the document up to the end of its start tag.
pub fn root(text: &str) -> Option<(String, &str)> {
    let mut rest = text.trim_start();
    loop {
        rest = rest.trim_start();
        let skip = match rest {
            _ if rest.starts_with("<?") => rest.find("?>")? + 2,
            _ if rest.starts_with("<!--") => rest.find("-->")? + 3,
            // Declarations within a document type hold `>`.
            _ if rest.starts_with("<!") => match (rest.find('>')?, rest.find('[')) {
                (end, Some(open)) if open < end => rest.find("]>").or(rest.find("] >"))? + 2,
                (end, _) => end + 1,
            },
            _ => break,
        };
        rest = &rest[skip..];
    }
    let tag = rest.strip_prefix('<')?;
    let end = tag.find('>')?;
    let name = tag[..end].split([' ', '\t', '\r', '\n', '/']).next()?;
    let name = name.rsplit(':').next()?.to_lowercase();
    let length = text.len() - tag.len() + end + 1;
    Some((name, &text[..length]))
}

/// Reads a document record by record. `each` gets what stood before the first record and a record, and gives its
/// reading, or nothing where it is no article.
///
/// # Errors
/// A diagnostic where the document is no XML before its first record; later it is the last reading.
pub fn read(
    raw: &RawText<'_>,
    is_record: &[&str],
    each: impl FnMut(&Record, &Record) -> Option<Reading>,
) -> Result<Vec<Reading>, Diagnostic> {
    read_deep(raw, is_record, DEEPEST, each)
}

/// As [`read`], where a record's elements down to the level `deepest` are elements of their own.
///
/// # Errors
/// As [`read`].
pub fn read_deep(
    raw: &RawText<'_>,
    is_record: &[&str],
    deepest: usize,
    mut each: impl FnMut(&Record, &Record) -> Option<Reading>,
) -> Result<Vec<Reading>, Diagnostic> {
    let mut readings = Vec::new();
    let mut walk = Walk::new(raw.text, is_record, deepest);
    let mut number = 0;
    let done = walk.all(|head, record| {
        number += 1;
        readings.extend(each(head, &record));
        number < MOST_RECORDS
    });
    let problem = |at, what: String| {
        let problem = Diagnostic::problem(Code::Unclassified, format!("raw/{}", raw.path), what)
            .at_byte(raw.text, at);
        problem.hint("export it again, or put it in `ignore` under `[import]`")
    };
    match done {
        Err(Broken { at, why }) => {
            let what = format!("it is not well-formed XML: {why}");
            if readings.is_empty() {
                return Err(problem(at, what));
            }
            let what = format!("{what}; the records before that are read");
            readings.push(Reading {
                problem: Some(problem(at, what)),
                ..raw.reading()
            });
        }
        Ok(()) if number >= MOST_RECORDS => {
            let what = format!("it has more than {MOST_RECORDS} records");
            return Err(problem(0, what));
        }
        Ok(()) if number == 0 => {
            return Err(problem(0, "there is no record in it".to_owned()));
        }
        Ok(()) => {}
    }
    Ok(readings)
}

struct Walk<'a> {
    text: &'a str,
    is_record: &'a [&'a str],
    deepest: usize,
    /// Prefixes as the root declares them.
    prefixes: Vec<(String, &'static str)>,
    /// How many elements are open.
    depth: usize,
    /// The depth of the record that is open.
    record_at: Option<usize>,
    /// Elements of the record that are open, by their places in it.
    open: Vec<usize>,
    head: Record,
    record: Record,
    has_root: bool,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, is_record: &'a [&'a str], deepest: usize) -> Self {
        Self {
            text,
            is_record,
            deepest,
            prefixes: Vec::new(),
            depth: 0,
            record_at: None,
            open: Vec::new(),
            head: Record::default(),
            record: Record::default(),
            has_root: false,
        }
    }

    fn all(&mut self, mut each: impl FnMut(&Record, Record) -> bool) -> Result<(), Broken> {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().allow_dangling_amp = true;
        reader.config_mut().expand_empty_elements = true;
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|e| Broken {
                at: reader.error_position() as usize,
                why: lower(&e.to_string()),
            })?;
            let end = reader.buffer_position() as usize;
            match event {
                Event::Start(tag) => self.start(&tag, start..end)?,
                Event::End(_) => {
                    if let Some(record) = self.end(start..end)
                        && !each(&self.head, record)
                    {
                        return Ok(());
                    }
                }
                Event::Text(text) => self.write(&String::from_utf8_lossy(&text)),
                Event::CData(text) => self.write(&String::from_utf8_lossy(&text)),
                Event::GeneralRef(reference) => self.write(&resolve(&reference)),
                Event::Eof if self.depth > 0 => {
                    return Err(Broken {
                        at: self.text.len(),
                        why: "it ends before its elements do".to_owned(),
                    });
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, span: Range<usize>) -> Result<(), Broken> {
        let attributes: Vec<(String, String)> = attributes(tag);
        if !self.has_root {
            self.has_root = true;
            self.prefixes = prefixes(&attributes);
            self.head.attributes.clone_from(&attributes);
        }
        let name = self.canonical(&String::from_utf8_lossy(tag.name().as_ref()));
        let depth = self.depth;
        self.depth += 1;
        if self.record_at.is_none()
            && depth <= DEEPEST_RECORD
            && self.is_record.contains(&name.as_str())
        {
            self.record_at = Some(depth);
            self.open.clear();
            self.record = Record {
                span: span.start..span.start,
                attributes,
                elements: Vec::new(),
            };
            return Ok(());
        }
        let level = depth - self.record_at.unwrap_or(0);
        let into = match self.record_at {
            Some(_) => &mut self.record,
            None => &mut self.head,
        };
        if let Some(outer) = self.open.last().and_then(|at| into.elements.get_mut(*at)) {
            outer.is_nested = true;
        }
        if level > self.deepest {
            return Ok(());
        }
        if into.elements.len() >= MOST_ELEMENTS {
            let why = format!("more than {MOST_ELEMENTS} elements belong to one record");
            return Err(Broken {
                at: span.start,
                why,
            });
        }
        self.open.push(into.elements.len());
        into.elements.push(Element {
            name,
            level,
            attributes,
            text: String::new(),
            inner: span.end..span.end,
            is_nested: false,
        });
        Ok(())
    }

    /// Closes an element; gives the record where it was one.
    fn end(&mut self, span: Range<usize>) -> Option<Record> {
        self.depth = self.depth.saturating_sub(1);
        if self.record_at == Some(self.depth) {
            self.record_at = None;
            self.open.clear();
            self.record.span.end = span.end;
            return Some(std::mem::take(&mut self.record));
        }
        let level = self.depth - self.record_at.unwrap_or(0);
        let into = match self.record_at {
            Some(_) => &mut self.record,
            None => &mut self.head,
        };
        if level <= self.deepest
            && let Some(element) = self.open.pop().and_then(|at| into.elements.get_mut(at))
        {
            element.inner.end = span.start;
        }
        None
    }

    fn write(&mut self, text: &str) {
        let into = match self.record_at {
            Some(_) => &mut self.record,
            None => &mut self.head,
        };
        if let Some(element) = self.open.last().and_then(|at| into.elements.get_mut(*at)) {
            // Other control characters are no letters, and front matter cannot hold them.
            let kept = |c: &char| !c.is_control() || c.is_whitespace();
            element.text.extend(text.chars().filter(kept));
        }
    }

    fn canonical(&self, name: &str) -> String {
        let name = name.to_lowercase();
        let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
        let known = self.prefixes.iter().find(|(p, _)| p == prefix);
        match known.map_or(prefix, |(_, known)| known) {
            "" | "atom" => local.to_owned(),
            prefix => format!("{prefix}:{local}"),
        }
    }
}

fn attributes(tag: &BytesStart<'_>) -> Vec<(String, String)> {
    // Without checks, for they compare each attribute with all before it.
    let mut all = tag.attributes();
    all.with_checks(false)
        .flatten()
        .take(MOST_ATTRIBUTES)
        .map(|attribute| {
            let key = String::from_utf8_lossy(attribute.key.as_ref()).to_lowercase();
            let raw = String::from_utf8_lossy(&attribute.value).into_owned();
            let value = quick_xml::escape::unescape(&raw).map(|v| v.into_owned());
            (key, value.unwrap_or(raw))
        })
        .collect()
}

fn prefixes(attributes: &[(String, String)]) -> Vec<(String, &'static str)> {
    let declared = attributes.iter().filter_map(|(key, uri)| {
        let prefix = match key.as_str() {
            "xmlns" => "",
            key => key.strip_prefix("xmlns:")?,
        };
        let (_, known) = NAMESPACES.iter().find(|(part, _)| uri.contains(part))?;
        Some((prefix.to_owned(), *known))
    });
    declared.collect()
}

/// A reference that XML does not define stays as it is written: HTML may know it, and none is ever expanded.
pub fn resolve(reference: &BytesRef<'_>) -> String {
    let name = String::from_utf8_lossy(reference).into_owned();
    if let Some(known) = quick_xml::escape::resolve_predefined_entity(&name) {
        return known.to_owned();
    }
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => format!("&{name};"),
    }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}
