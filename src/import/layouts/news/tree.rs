//! The elements of one record, found by their names without prefixes.

use super::markup;
use crate::import::layouts::inline;
use crate::import::layouts::xml::{Element, Record};

/// An element, or the record itself, with all that lies in it.
#[derive(Debug, Clone, Copy)]
pub struct Tree<'a> {
    document: &'a str,
    /// None for the record itself.
    pub element: Option<&'a Element>,
    attributes: &'a [(String, String)],
    below: &'a [Element],
}

impl<'a> Tree<'a> {
    pub fn of(record: &'a Record, document: &'a str) -> Self {
        Self {
            document,
            element: None,
            attributes: &record.attributes,
            below: &record.elements,
        }
    }

    /// The elements of a name at any depth, in the order of the document.
    pub fn all(self, name: &'a str) -> impl Iterator<Item = Tree<'a>> {
        let found = self.below.iter().enumerate();
        found
            .filter(move |(_, element)| local(&element.name) == name)
            .map(move |(at, element)| self.at(at, element))
    }

    /// The elements that lie in this one itself.
    pub fn own(self) -> impl Iterator<Item = Tree<'a>> {
        let level = self.element.map_or(0, |element| element.level) + 1;
        let found = self.below.iter().enumerate();
        found
            .filter(move |(_, element)| element.level == level)
            .map(move |(at, element)| self.at(at, element))
    }

    pub fn first(self, name: &'a str) -> Option<Tree<'a>> {
        self.all(name).next()
    }

    /// The words of the first element of a name, on one line; none where there is none.
    pub fn line_of(self, name: &'a str) -> String {
        self.first(name).map(Tree::line).unwrap_or_default()
    }

    /// The value of an attribute of the first element of a name.
    pub fn attribute_of(self, name: &'a str, attribute: &str) -> &'a str {
        let found = self.first(name).and_then(|tree| tree.attribute(attribute));
        found.unwrap_or_default()
    }

    pub fn name(self) -> &'a str {
        self.element.map_or("", |element| local(&element.name))
    }

    pub fn attributes(self) -> &'a [(String, String)] {
        self.attributes
    }

    pub fn attribute(self, name: &str) -> Option<&'a str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.trim())
            .filter(|v| !v.is_empty())
    }

    /// All that it says, on one line.
    pub fn line(self) -> String {
        match self.element {
            Some(element) if !element.is_nested => inline::line(&inline::resolve(&element.text)),
            Some(_) => inline::line(&markup::text(self.inner())),
            None => String::new(),
        }
    }

    /// What stands between its tags, as it is written.
    pub fn inner(self) -> &'a str {
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
