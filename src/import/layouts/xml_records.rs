//! The records of an XML document, one after another, each with its elements and their text.
//! Never holds more than one record.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use quick_xml::events::BytesStart;
use serde_json::Value;

use super::{MOST_RECORDS, RawText};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;
use crate::model::publicity::{self, Publicity, SignReader};
use crate::text::characters::is_text;
use crate::text::xml::{self, Node, Tolerance, XmlError};

/// A record of more elements is not an article.
const MOST_ELEMENTS: usize = 100_000;

/// Records are the root, or at most this many elements below it.
const DEEPEST_RECORD: usize = 2;

/// A part of a namespace's name, and the prefix that its elements get whatever prefix the document uses.
pub(crate) type Namespace = (&'static str, &'static str);

pub(crate) const DUBLIN_CORE: Namespace = ("purl.org/dc/", "dc");
pub(crate) const RSS_CONTENT: Namespace = ("purl.org/rss/1.0/modules/content", "content");

/// Where a format has its records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordSchema {
    /// Names of the elements that are records.
    pub records: &'static [&'static str],
    /// The first that a namespace contains applies.
    pub namespaces: &'static [Namespace],
    /// The text of elements that are deeper in a record belongs to the one at this level.
    pub deepest: usize,
}

/// An element of a record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Element {
    /// In lower case, with the prefix that [`RecordSchema::namespaces`] gives its namespace, or its own.
    pub name: String,
    /// 1 for an element that is a child of the record itself.
    pub level: usize,
    pub attributes: Vec<(String, String)>,
    /// Its own text, with XML's references resolved.
    pub text: String,
    /// The bytes between its tags.
    pub inner: Range<usize>,
    /// Whether it contains other elements.
    pub is_nested: bool,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        attribute(&self.attributes, name)
    }

    /// Its content as HTML: its text, or the source of its elements.
    pub(crate) fn html<'a>(&'a self, document: &'a str) -> Cow<'a, str> {
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

/// The trimmed value of an attribute; `None` if it is blank.
pub(crate) fn attribute<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|(key, _)| key == name)?;
    Some(found.1.trim()).filter(|value| !value.is_empty())
}

/// A record: its own attributes, and its elements in the order of their start tags.
#[derive(Debug, Clone, Default)]
pub(crate) struct XmlRecord {
    pub span: Range<usize>,
    pub attributes: Vec<(String, String)>,
    pub elements: Vec<Element>,
}

/// Reads a document record by record. `read_one` gets what precedes the first record and a record, and returns its
/// reading, or `None` if it is not an article.
///
/// # Errors
/// A diagnostic if the document is not XML before its first record; after that it is the last reading.
pub(crate) fn read(
    raw: &RawText<'_>,
    schema: &RecordSchema,
    mut read_one: impl FnMut(&XmlRecord, &XmlRecord) -> Option<Reading>,
) -> Result<Vec<Reading>, Diagnostic> {
    let mut readings = Vec::new();
    let mut number = 0;
    let done = Collector::new(schema).collect(raw.text, |head, record| {
        number += 1;
        readings.extend(read_one(head, &record).map(|mut reading| {
            keep_signs(&mut reading, &record);
            reading
        }));
        match number < MOST_RECORDS {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    match done {
        Err(XmlError { at, reason }) => {
            let message = format!("it is not well-formed XML: {reason}");
            readings.push(raw.broken_off(at, message, "records", readings.is_empty())?);
        }
        Ok(ControlFlow::Break(())) => return Err(raw.too_many("records")),
        Ok(ControlFlow::Continue(())) if number == 0 => {
            let problem = raw.problem(Code::FileWithoutRecords, "it contains no record");
            return Err(problem.hint(super::HINT_EXPORT));
        }
        Ok(ControlFlow::Continue(())) => {}
    }
    Ok(readings)
}

/// Keeps what says that a record may not be public, in attributes too, which layouts do not read.
fn keep_signs(reading: &mut Reading, record: &XmlRecord) {
    if reading.front.draft || reading.problem.is_some() {
        return;
    }
    let attributes = record.attributes.iter();
    let attributes = attributes.map(|(key, value)| (key.as_str(), value.as_str()));
    let elements = record.elements.iter().filter(|e| e.level <= 2);
    let elements = elements.map(|e| {
        let values = ["value", "code", "qcode", "type", "name"].into_iter();
        let value = values.filter_map(|name| e.attribute(name)).next();
        let text = Some(e.text.trim()).filter(|text| !text.is_empty());
        (e.name.as_str(), text.or(value).unwrap_or_default())
    });
    for (key, value) in attributes.chain(elements) {
        let value = Value::from(value.trim());
        let is_kept =
            |(known, other): (&String, &Value)| *other == value && publicity::is_sign(known);
        let says = SignReader::default().read(key, &value);
        if says.is_some_and(|says| says != Publicity::Public)
            && !reading.front.extra.iter().any(is_kept)
        {
            reading.keep(key.replace([':', '-', '.'], "_"), value);
        }
    }
}

/// Collects the elements of one record after another.
struct Collector<'a> {
    schema: &'a RecordSchema,
    /// Prefixes as the root declares them.
    prefixes: Vec<(String, &'static str)>,
    /// How many elements are open.
    depth: usize,
    /// The depth of the record that is open.
    record_at: Option<usize>,
    /// Elements of the record that are open, by their index in it.
    open: Vec<usize>,
    /// What precedes the records.
    head: XmlRecord,
    record: XmlRecord,
    has_root: bool,
}

impl<'a> Collector<'a> {
    fn new(schema: &'a RecordSchema) -> Self {
        Self {
            schema,
            prefixes: Vec::new(),
            depth: 0,
            record_at: None,
            open: Vec::new(),
            head: XmlRecord::default(),
            record: XmlRecord::default(),
            has_root: false,
        }
    }

    fn collect(
        mut self,
        document: &str,
        mut each: impl FnMut(&XmlRecord, XmlRecord) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, XmlError> {
        let flow = xml::walk(document, Tolerance::Ampersands, |node, range| {
            match node {
                Node::Start(tag) => self.start(tag, range)?,
                Node::End(_) => {
                    if let Some(record) = self.end(range) {
                        return Ok(each(&self.head, record));
                    }
                }
                Node::Text(text) | Node::Data(text) => self.write(text),
                Node::Reference(reference) => self.write(&xml::resolve(reference)),
                Node::DocumentType | Node::Other => {}
            }
            Ok(ControlFlow::Continue(()))
        })?;
        match flow.is_continue() && self.depth > 0 {
            true => Err(XmlError {
                at: document.len(),
                reason: "it ends within an element".to_owned(),
            }),
            false => Ok(flow),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, span: Range<usize>) -> Result<(), String> {
        let attributes: Vec<(String, String)> = xml::attributes(tag)
            .map(|attribute| {
                let key = String::from_utf8_lossy(attribute.key.as_ref()).to_lowercase();
                (key, xml::value(&attribute))
            })
            .collect();
        if !self.has_root {
            self.has_root = true;
            self.prefixes = prefixes(&attributes, self.schema.namespaces);
            self.head.attributes.clone_from(&attributes);
        }
        let name = self.canonical(&String::from_utf8_lossy(tag.name().as_ref()));
        let depth = self.depth;
        self.depth += 1;
        if self.record_at.is_none()
            && depth <= DEEPEST_RECORD
            && self.schema.records.contains(&name.as_str())
        {
            self.record_at = Some(depth);
            self.open.clear();
            self.record = XmlRecord {
                span: span.start..span.start,
                attributes,
                elements: Vec::new(),
            };
            return Ok(());
        }
        let level = depth - self.record_at.unwrap_or(0);
        if let Some(outer) = self.innermost() {
            outer.is_nested = true;
        }
        if level > self.schema.deepest {
            return Ok(());
        }
        let elements = &mut self.current().elements;
        if elements.len() >= MOST_ELEMENTS {
            return Err(format!("a record has more than {MOST_ELEMENTS} elements"));
        }
        elements.push(Element {
            name,
            level,
            attributes,
            inner: span.end..span.end,
            ..Element::default()
        });
        let index = elements.len() - 1;
        self.open.push(index);
        Ok(())
    }

    /// Closes an element; returns the record if it was one.
    fn end(&mut self, span: Range<usize>) -> Option<XmlRecord> {
        self.depth = self.depth.saturating_sub(1);
        if self.record_at == Some(self.depth) {
            self.record_at = None;
            self.open.clear();
            self.record.span.end = span.end;
            return Some(std::mem::take(&mut self.record));
        }
        let level = self.depth - self.record_at.unwrap_or(0);
        if level <= self.schema.deepest {
            if let Some(element) = self.innermost() {
                element.inner.end = span.start;
                if let Some(inner) = escaped_cdata(&element.text) {
                    element.text = inner.to_owned();
                }
            }
            self.open.pop();
        }
        None
    }

    fn write(&mut self, text: &str) {
        if let Some(element) = self.innermost() {
            element.text.extend(text.chars().filter(|c| is_text(*c)));
        }
    }

    /// The record that is open, or what precedes the records.
    fn current(&mut self) -> &mut XmlRecord {
        match self.record_at {
            Some(_) => &mut self.record,
            None => &mut self.head,
        }
    }

    fn innermost(&mut self) -> Option<&mut Element> {
        let index = *self.open.last()?;
        self.current().elements.get_mut(index)
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

/// The text of a CDATA section whose own marks were escaped, as careless programs do.
fn escaped_cdata(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("<![CDATA[")?;
    inner.strip_suffix("]]>")
}

/// The prefixes that a root declares for the namespaces of a format.
fn prefixes(
    attributes: &[(String, String)],
    namespaces: &[Namespace],
) -> Vec<(String, &'static str)> {
    let declared = attributes.iter().filter_map(|(key, uri)| {
        let prefix = match key.as_str() {
            "xmlns" => "",
            key => key.strip_prefix("xmlns:")?,
        };
        let (_, known) = namespaces.iter().find(|(part, _)| uri.contains(part))?;
        Some((prefix.to_owned(), *known))
    });
    declared.collect()
}
