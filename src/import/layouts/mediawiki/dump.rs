//! The XML of a dump: the facts about its wiki, and its pages one after another.
//! Of a page's history only the first and the latest revision are read.

use std::collections::{HashMap, HashSet};
use std::ops::{ControlFlow, Range};

use quick_xml::events::BytesStart;

use crate::model::publicity;
use crate::text::characters::is_text;
use crate::text::xml::{self, Node, Tolerance, XmlError, attribute, resolve};

/// The contributors of a page that are kept.
const MOST_CONTRIBUTORS: usize = 500;

/// A longer value of an element is not a title, a name or a date, in bytes.
const LONGEST_VALUE: usize = 10_000;

/// The facts about a wiki.
#[derive(Debug, Default)]
pub(crate) struct Wiki {
    pub name: String,
    pub lang: String,
    /// Whether revisions name the one before them, so that one without a parent is the first.
    pub names_parents: bool,
    /// The address of its pages, up to their names.
    pub base: String,
    /// Numbers by names in lower case.
    namespaces: HashMap<String, i64>,
    names: HashMap<i64, String>,
}

/// Names of namespaces that dumps do not list, because they are aliases.
const COMMON: &[(&str, i64)] = &[
    ("category", 14),
    ("file", 6),
    ("image", 6),
    ("media", -2),
    ("special", -1),
    ("datei", 6),
    ("bild", 6),
    ("fichier", 6),
    ("archivo", 6),
    ("imagen", 6),
    ("immagine", 6),
    ("ficheiro", 6),
    ("imagem", 6),
    ("bestand", 6),
    ("afbeelding", 6),
    ("plik", 6),
    ("grafika", 6),
    ("файл", 6),
    ("изображение", 6),
];

impl Wiki {
    /// Reads the beginning of a dump, up to its first page.
    pub(crate) fn read(head: &str) -> Self {
        let mut wiki = Self::default();
        for (name, number) in COMMON {
            wiki.namespaces.insert((*name).to_owned(), *number);
        }
        let mut value = String::new();
        let mut key = None;
        // An error is the end of a head that is cut off.
        let _ = xml::walk(head, Tolerance::UnmatchedEnds, |node, _| {
            match node {
                Node::Start(tag) => {
                    value.clear();
                    match tag.local_name().as_ref() {
                        b"mediawiki" => wiki.read_root(tag),
                        b"namespace" => key = attribute(tag, "key").and_then(|k| k.parse().ok()),
                        b"page" => return Ok(ControlFlow::Break(())),
                        _ => {}
                    }
                }
                Node::End(tag) => {
                    let name = tag.local_name();
                    wiki.read_value(name.as_ref(), std::mem::take(&mut value).trim(), key);
                    if name.as_ref() == b"siteinfo" {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Node::Text(text) => push(&mut value, text),
                Node::Reference(reference) => push(&mut value, &resolve(reference)),
                Node::Data(_) | Node::DocumentType | Node::Other => {}
            }
            Ok(ControlFlow::Continue(()))
        });
        wiki
    }

    fn read_root(&mut self, tag: &BytesStart<'_>) {
        self.lang = attribute(tag, "xml:lang").unwrap_or_default();
        let version = attribute(tag, "version").unwrap_or_default();
        let minor = version.strip_prefix("0.").and_then(|v| v.parse().ok());
        self.names_parents = minor.is_some_and(|minor: u32| minor >= 7);
    }

    /// Reads the text of an element; `namespace` is the number of the last namespace.
    fn read_value(&mut self, name: &[u8], text: &str, namespace: Option<i64>) {
        match (name, namespace) {
            (b"sitename", _) => self.name = text.to_owned(),
            (b"base", _) => {
                let end = text.rfind('/').map_or(0, |at| at + 1);
                self.base = text[..end].to_owned();
            }
            (b"namespace", Some(number)) if !text.is_empty() => {
                self.namespaces.insert(text.to_lowercase(), number);
                self.names.insert(number, text.to_owned());
            }
            _ => {}
        }
    }

    /// The number of a namespace by its name, in any case and with `_` for spaces.
    pub(crate) fn namespace(&self, name: &str) -> Option<i64> {
        let name = name.trim().replace('_', " ").to_lowercase();
        self.namespaces.get(&name).copied()
    }

    pub(crate) fn name_of(&self, namespace: i64) -> Option<&str> {
        self.names.get(&namespace).map(String::as_str)
    }
}

/// A page and its history.
#[derive(Debug, Default)]
pub(crate) struct WikiPage {
    pub span: Range<usize>,
    pub title: String,
    pub namespace: i64,
    pub id: String,
    /// The target, if the page is a redirect.
    pub redirect: Option<String>,
    pub revisions: usize,
    pub first: Revision,
    pub latest: Revision,
    /// Users with names, each once, in the order of their first revisions.
    pub contributors: Vec<String>,
    /// What may say that the page is not public.
    pub signs: Vec<(String, String)>,
}

/// A revision of a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Revision {
    pub timestamp: String,
    pub comment: String,
    pub model: String,
    /// Whether there is an earlier one.
    pub has_parent: bool,
    /// The bytes of its escaped text in the dump; `None` if it has none.
    pub text: Option<Range<usize>>,
}

/// Reads the pages of a dump, or of a chunk of one, one after another, until `each` breaks.
///
/// # Errors
/// Where the dump is not XML, or ends within a page; the pages before that were read.
pub(crate) fn pages(
    dump: &str,
    mut each: impl FnMut(WikiPage) -> ControlFlow<()>,
) -> Result<(), XmlError> {
    let mut pages = PageReader::default();
    // The last chunk ends the root that the first one began.
    let flow = xml::walk(dump, Tolerance::UnmatchedEnds, |node, range| {
        match node {
            Node::Start(tag) => pages.start(tag, range),
            Node::End(tag) => {
                if let Some(page) = pages.end(tag.local_name().as_ref(), range) {
                    return Ok(each(page));
                }
            }
            Node::Text(text) | Node::Data(text) => pages.write(text),
            Node::Reference(reference) if pages.takes => pages.write(&resolve(reference)),
            Node::Reference(_) | Node::DocumentType | Node::Other => {}
        }
        Ok(ControlFlow::Continue(()))
    })?;
    match flow.is_continue() && pages.page.is_some() {
        true => Err(XmlError {
            at: dump.len(),
            reason: "it ends within a page".to_owned(),
        }),
        false => Ok(()),
    }
}

/// The text of a revision with its references resolved. Elements in it are markup of the wiki that was not escaped.
pub(crate) fn decode(escaped: &str) -> String {
    let mut out = String::with_capacity(escaped.len());
    let done = xml::walk(escaped, Tolerance::UnmatchedEnds, |node, range| {
        match node {
            Node::Text(text) | Node::Data(text) => out.push_str(text),
            Node::Reference(reference) => out.push_str(&resolve(reference)),
            _ => out.push_str(&escaped[range]),
        }
        Ok(ControlFlow::Continue(()))
    });
    if let Err(XmlError { at, .. }) = done {
        out.push_str(&escaped[at..]);
    }
    out.retain(is_text);
    out
}

#[derive(Default)]
struct PageReader {
    /// The page that is open, and the number of elements that are open in it.
    page: Option<WikiPage>,
    depth: usize,
    revision: Option<Revision>,
    seen: HashSet<String>,
    /// The text of the innermost element, if it `takes` one.
    value: String,
    takes: bool,
}

impl PageReader {
    fn start(&mut self, tag: &BytesStart<'_>, span: Range<usize>) {
        let name = tag.local_name();
        self.value.clear();
        self.takes = false;
        let Some(page) = &mut self.page else {
            if name.as_ref() == b"page" {
                self.depth = 0;
                self.seen.clear();
                self.page = Some(WikiPage {
                    span,
                    ..WikiPage::default()
                });
            }
            return;
        };
        self.depth += 1;
        match (self.depth, name.as_ref()) {
            (1, b"redirect") => page.redirect = attribute(tag, "title").or(page.redirect.take()),
            (1, b"revision") => self.revision = Some(Revision::default()),
            (2, b"parentid") => {
                if let Some(revision) = &mut self.revision {
                    revision.has_parent = true;
                }
            }
            (2, b"text") => {
                if let Some(revision) = &mut self.revision {
                    revision.text = Some(span.end..span.end);
                }
            }
            (1, b"title" | b"ns" | b"id")
            | (2, b"timestamp" | b"comment" | b"model")
            | (3, b"username") => self.takes = true,
            (1 | 2, name) => {
                self.takes = publicity::is_sign(&String::from_utf8_lossy(name));
            }
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if self.takes {
            push(&mut self.value, text);
        }
    }

    /// Closes an element; returns the page if it was one.
    fn end(&mut self, name: &[u8], span: Range<usize>) -> Option<WikiPage> {
        let value = std::mem::take(&mut self.value);
        self.takes = false;
        let page = self.page.as_mut()?;
        let value = value.trim();
        let revision = self.revision.as_mut();
        match (self.depth, name, revision) {
            (0, b"page", _) => {
                let mut page = self.page.take();
                if let Some(page) = &mut page {
                    page.span.end = span.end;
                }
                return page;
            }
            (1, b"title", _) => page.title = value.to_owned(),
            (1, b"ns", _) => page.namespace = value.parse().unwrap_or(0),
            (1, b"id", _) => page.id = value.to_owned(),
            (1, b"revision", _) => {
                let revision = self.revision.take().unwrap_or_default();
                page.revisions += 1;
                // They may be in any order; timestamps of one form compare as text.
                if page.revisions == 1 || revision.timestamp < page.first.timestamp {
                    page.first = revision.clone();
                }
                if page.revisions == 1 || revision.timestamp >= page.latest.timestamp {
                    page.latest = revision;
                }
            }
            (2, b"timestamp", Some(revision)) => revision.timestamp = value.to_owned(),
            (2, b"comment", Some(revision)) => revision.comment = value.to_owned(),
            (2, b"model", Some(revision)) => revision.model = value.to_owned(),
            (2, b"text", Some(revision)) => {
                if let Some(text) = &mut revision.text {
                    text.end = span.start;
                }
            }
            (3, b"username", Some(_)) => {
                let is_new = !value.is_empty()
                    && page.contributors.len() < MOST_CONTRIBUTORS
                    && self.seen.insert(value.to_owned());
                if is_new {
                    page.contributors.push(value.to_owned());
                }
            }
            (1 | 2, name, _) if !value.is_empty() => {
                let name = String::from_utf8_lossy(name).into_owned();
                if publicity::is_sign(&name) {
                    page.signs.push((name, value.to_owned()));
                }
            }
            _ => {}
        }
        self.depth = self.depth.saturating_sub(1);
        None
    }
}

fn push(value: &mut String, text: &str) {
    if value.len() < LONGEST_VALUE {
        value.extend(text.chars().filter(|c| is_text(*c)));
    }
}
