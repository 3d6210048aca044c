//! The elements of one record as a tree, searched by names without prefixes.

use super::markup;
use crate::import::layouts::html_text;
use crate::import::layouts::xml_records::{self, Element, XmlRecord};
use crate::text::characters::one_line;

/// An element, or the record itself, with its descendants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElementTree<'a> {
    document: &'a str,
    /// `None` for the record itself.
    pub element: Option<&'a Element>,
    attributes: &'a [(String, String)],
    below: &'a [Element],
}

impl<'a> ElementTree<'a> {
    pub(crate) fn of(record: &'a XmlRecord, document: &'a str) -> Self {
        Self {
            document,
            element: None,
            attributes: &record.attributes,
            below: &record.elements,
        }
    }

    /// The descendants of a name, in the order of the document.
    pub(crate) fn all(self, name: &'a str) -> impl Iterator<Item = ElementTree<'a>> {
        let found = self.below.iter().enumerate();
        found
            .filter(move |(_, element)| local(&element.name) == name)
            .map(move |(at, element)| self.at(at, element))
    }

    /// The children.
    pub(crate) fn own(self) -> impl Iterator<Item = ElementTree<'a>> {
        let level = self.element.map_or(0, |element| element.level) + 1;
        let found = self.below.iter().enumerate();
        found
            .filter(move |(_, element)| element.level == level)
            .map(move |(at, element)| self.at(at, element))
    }

    pub(crate) fn first(self, name: &'a str) -> Option<ElementTree<'a>> {
        self.all(name).next()
    }

    /// The words of the first descendant of a name, on one line; empty if there is none.
    pub(crate) fn line_of(self, name: &'a str) -> String {
        self.first(name).map(ElementTree::line).unwrap_or_default()
    }

    /// The value of an attribute of the first descendant of a name; empty if there is none.
    pub(crate) fn attribute_of(self, name: &'a str, attribute: &str) -> &'a str {
        let found = self.first(name).and_then(|tree| tree.attribute(attribute));
        found.unwrap_or_default()
    }

    pub(crate) fn name(self) -> &'a str {
        self.element.map_or("", |element| local(&element.name))
    }

    pub(crate) fn attributes(self) -> &'a [(String, String)] {
        self.attributes
    }

    pub(crate) fn attribute(self, name: &str) -> Option<&'a str> {
        xml_records::attribute(self.attributes, name)
    }

    /// Its words, on one line.
    pub(crate) fn line(self) -> String {
        match self.element {
            Some(element) if !element.is_nested => one_line(&html_text::resolve(&element.text)),
            Some(_) => one_line(&markup::text(self.inner())),
            None => String::new(),
        }
    }

    /// The source between its tags.
    pub(crate) fn inner(self) -> &'a str {
        let range = self.element.map(|element| element.inner.clone());
        range
            .and_then(|range| self.document.get(range))
            .unwrap_or_default()
    }

    fn at(self, at: usize, element: &'a Element) -> Self {
        let rest = self.below.get(at + 1..).unwrap_or_default();
        let end = rest.iter().position(|e| e.level <= element.level);
        Self {
            document: self.document,
            element: Some(element),
            attributes: &element.attributes,
            below: &rest[..end.unwrap_or(rest.len())],
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
