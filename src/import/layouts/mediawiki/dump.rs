//! The XML of a dump: what it says of its wiki, and its pages one after another. Of a page's history the first and the
//! latest version count; the text of no other is looked at.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::import::layouts::xml::resolve;

/// Names of more people who wrote a page are not kept.
const MOST_CONTRIBUTORS: usize = 500;

/// A longer value of an element is no title, name or date.
const LONGEST_VALUE: usize = 10_000;

/// What a dump says of its wiki.
#[derive(Debug, Default)]
pub struct Wiki {
    pub name: String,
    pub lang: String,
    /// Whether revisions name the one before them: without such a name, one is the first.
    pub names_parents: bool,
    /// The address of its pages, up to their names.
    pub base: String,
    /// Numbers by their names in small letters.
    namespaces: HashMap<String, i64>,
    names: HashMap<i64, String>,
}

/// Names of namespaces that a dump does not give: they are other words for what it gives.
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
    pub fn read(head: &str) -> Self {
        let mut wiki = Self::default();
        for (name, number) in COMMON {
            wiki.namespaces.insert((*name).to_owned(), *number);
        }
        let mut reader = Reader::from_str(head);
        let mut value = String::new();
        let mut key = None;
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    value.clear();
                    match tag.local_name().as_ref() {
                        b"mediawiki" => {
                            wiki.lang = attribute(&tag, b"xml:lang").unwrap_or_default();
                            let version = attribute(&tag, b"version").unwrap_or_default();
                            let minor = version.strip_prefix("0.").and_then(|v| v.parse().ok());
                            wiki.names_parents = minor.is_some_and(|minor: u32| minor >= 7);
                        }
                        b"namespace" => {
                            key = attribute(&tag, b"key").and_then(|key| key.parse().ok());
                        }
                        b"page" => return wiki,
                        _ => {}
                    }
                }
                Ok(Event::End(tag)) => {
                    let text = std::mem::take(&mut value);
                    let text = text.trim();
                    match tag.local_name().as_ref() {
                        b"sitename" => wiki.name = text.to_owned(),
                        b"base" => {
                            let end = text.rfind('/').map_or(0, |at| at + 1);
                            wiki.base = text[..end].to_owned();
                        }
                        b"namespace" if !text.is_empty() => {
                            if let Some(key) = key.take() {
                                wiki.namespaces.insert(text.to_lowercase(), key);
                                wiki.names.insert(key, text.to_owned());
                            }
                        }
                        b"siteinfo" => return wiki,
                        _ => {}
                    }
                }
                Ok(Event::Text(text)) => push(&mut value, &String::from_utf8_lossy(&text)),
                Ok(Event::GeneralRef(reference)) => push(&mut value, &resolve(&reference)),
                // A head that is cut somewhere says what it says.
                Ok(Event::Eof) | Err(_) => return wiki,
                Ok(_) => {}
            }
        }
    }

    /// The number of a namespace that is called so, in any case and with `_` for blanks.
    pub fn namespace(&self, name: &str) -> Option<i64> {
        let name = name.trim().replace('_', " ").to_lowercase();
        self.namespaces.get(&name).copied()
    }

    pub fn name_of(&self, namespace: i64) -> Option<&str> {
        self.names.get(&namespace).map(String::as_str)
    }
}

/// A page with its history.
#[derive(Debug, Default)]
pub struct Page {
    pub span: Range<usize>,
    pub title: String,
    pub namespace: i64,
    pub id: String,
    /// Where it leads, if that is all it does.
    pub redirect: Option<String>,
    pub versions: usize,
    pub first: Version,
    pub latest: Version,
    /// People with names, each once, the first first.
    pub contributors: Vec<String>,
}

/// A version of a page.
#[derive(Debug, Clone, Default)]
pub struct Version {
    pub timestamp: String,
    pub comment: String,
    pub model: String,
    /// Whether another came before it.
    pub has_parent: bool,
    /// The bytes of its text in the dump, still escaped; None where it has none.
    pub text: Option<Range<usize>>,
}

/// Why a dump ends to be one, and where.
#[derive(Debug)]
pub struct Broken {
    pub at: usize,
    pub why: String,
}

/// Reads the pages of a dump, or of a piece of one, one after another. `each` says whether to go on.
///
/// # Errors
/// Where it is no XML; the pages before that were given.
pub fn pages(text: &str, mut each: impl FnMut(Page) -> bool) -> Result<(), Broken> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    // The last piece ends the root that another began.
    config.allow_unmatched_ends = true;
    config.expand_empty_elements = true;
    let mut walk = Walk::default();
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|e| Broken {
            at: reader.error_position() as usize,
            why: e.to_string().to_lowercase(),
        })?;
        let end = reader.buffer_position() as usize;
        match event {
            Event::Start(tag) => walk.start(&tag, start..end),
            Event::End(tag) => {
                if let Some(page) = walk.end(tag.local_name().as_ref(), start..end)
                    && !each(page)
                {
                    return Ok(());
                }
            }
            Event::Text(text) => walk.write(&String::from_utf8_lossy(&text)),
            Event::CData(text) => walk.write(&String::from_utf8_lossy(&text)),
            Event::GeneralRef(reference) if walk.takes => walk.write(&resolve(&reference)),
            Event::Eof if walk.page.is_some() => {
                return Err(Broken {
                    at: text.len(),
                    why: "it ends in the middle of a page".to_owned(),
                });
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The text of a version without its escapes.
pub fn decode(escaped: &str) -> String {
    let mut reader = Reader::from_str(escaped);
    reader.config_mut().allow_dangling_amp = true;
    reader.config_mut().allow_unmatched_ends = true;
    let mut out = String::with_capacity(escaped.len());
    loop {
        let at = reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Text(text)) => out.push_str(&String::from_utf8_lossy(&text)),
            Ok(Event::CData(text)) => out.push_str(&String::from_utf8_lossy(&text)),
            Ok(Event::GeneralRef(reference)) => out.push_str(&resolve(&reference)),
            Ok(Event::Eof) => break,
            // An element within a text was never escaped: it is markup of the wiki.
            Ok(_) => {
                let end = reader.buffer_position() as usize;
                out.push_str(escaped.get(at..end).unwrap_or_default());
            }
            Err(_) => {
                out.push_str(escaped.get(at..).unwrap_or_default());
                break;
            }
        }
    }
    out.retain(|c| !c.is_control() || c.is_whitespace());
    out
}

#[derive(Default)]
struct Walk {
    /// The page that is open, and how many elements are open in it.
    page: Option<Page>,
    depth: usize,
    version: Option<Version>,
    seen: HashSet<String>,
    /// What the innermost element says, where that may be of use.
    value: String,
    takes: bool,
}

impl Walk {
    fn start(&mut self, tag: &BytesStart<'_>, span: Range<usize>) {
        let name = tag.local_name();
        self.value.clear();
        self.takes = false;
        let Some(page) = &mut self.page else {
            if name.as_ref() == b"page" {
                self.depth = 0;
                self.seen.clear();
                self.page = Some(Page {
                    span,
                    ..Page::default()
                });
            }
            return;
        };
        self.depth += 1;
        match (self.depth, name.as_ref()) {
            (1, b"redirect") => page.redirect = attribute(tag, b"title").or(page.redirect.take()),
            (1, b"revision") => self.version = Some(Version::default()),
            (2, b"parentid") => {
                if let Some(version) = &mut self.version {
                    version.has_parent = true;
                }
            }
            (2, b"text") => {
                if let Some(version) = &mut self.version {
                    version.text = Some(span.end..span.end);
                }
            }
            (1, b"title" | b"ns" | b"id")
            | (2, b"timestamp" | b"comment" | b"model")
            | (3, b"username") => self.takes = true,
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if self.takes {
            push(&mut self.value, text);
        }
    }

    /// Closes an element; gives the page where it was one.
    fn end(&mut self, name: &[u8], span: Range<usize>) -> Option<Page> {
        let value = std::mem::take(&mut self.value);
        self.takes = false;
        let page = self.page.as_mut()?;
        let value = value.trim();
        let version = self.version.as_mut();
        match (self.depth, name, version) {
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
                let version = self.version.take().unwrap_or_default();
                page.versions += 1;
                // A dump may have them in any order; timestamps are all in one form.
                if page.versions == 1 || version.timestamp < page.first.timestamp {
                    page.first = version.clone();
                }
                if page.versions == 1 || version.timestamp >= page.latest.timestamp {
                    page.latest = version;
                }
            }
            (2, b"timestamp", Some(version)) => version.timestamp = value.to_owned(),
            (2, b"comment", Some(version)) => version.comment = value.to_owned(),
            (2, b"model", Some(version)) => version.model = value.to_owned(),
            (2, b"text", Some(version)) => {
                if let Some(text) = &mut version.text {
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
            _ => {}
        }
        self.depth = self.depth.saturating_sub(1);
        None
    }
}

fn push(value: &mut String, text: &str) {
    if value.len() < LONGEST_VALUE {
        value.extend(
            text.chars()
                .filter(|c| !c.is_control() || c.is_whitespace()),
        );
    }
}

fn attribute(tag: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let mut all = tag.attributes();
    let mut all = all.with_checks(false).flatten().take(64);
    let found = all.find(|attribute| attribute.key.as_ref() == name)?;
    let raw = String::from_utf8_lossy(&found.value).into_owned();
    let value = quick_xml::escape::unescape(&raw).map(std::borrow::Cow::into_owned);
    Some(value.unwrap_or(raw))
}
