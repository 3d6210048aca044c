//! Feeds: RSS 0.9x, 1.0 (RDF) and 2.0, Atom 0.3 and 1.0. Each entry is a record.

use super::entries::{
    self, Publisher, add, date, id, set_either, set_html, set_plain, settle, summary,
};
use super::xml::{self, Element, Record};
use super::{Layout, RawText, inline};
use crate::diagnostics::Diagnostic;
use crate::import::reading::Reading;
use crate::import::repair::{byline, dates, language};

pub struct Feed;

/// Elements that hold the text, the whole of it before a summary.
const BODIES: &[&str] = &[
    "content:encoded",
    "content",
    "body",
    "description",
    "summary",
    "dc:description",
];

/// Elements that hold a date, that of publication before that of a change.
const DATES: &[&str] = &[
    "pubdate",
    "published",
    "issued",
    "dc:date",
    "dc:issued",
    "dc:created",
    "created",
    "updated",
    "modified",
    "dc:modified",
];

/// What an account of a feed calls its name and its language.
const LANGUAGES: &[&str] = &["language", "dc:language"];

impl Layout for Feed {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        let Some((name, head)) = xml::root(raw.text) else {
            return false;
        };
        match name.as_str() {
            "rss" => true,
            "rdf" => head.contains("rss/1.0") || head.contains("rdf/simple"),
            "feed" | "entry" => head.contains("Atom") || head.contains("purl.org/atom"),
            _ => false,
        }
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut publisher = None;
        let mut readings = xml::read(raw, &["item", "entry"], |head, record| {
            let publisher = publisher.get_or_insert_with(|| publisher_of(head, raw.text));
            Some(read_entry(raw, publisher, record))
        })?;
        entries::unique(&mut readings);
        Ok(readings)
    }
}

fn read_entry(raw: &RawText<'_>, publisher: &Publisher, record: &Record) -> Reading {
    let mut reading = Reading {
        span: record.span.clone(),
        ..raw.reading()
    };
    let mut entry = Entry::of(record);
    let address = entry.link();
    for name in ["guid", "id", "dc:identifier"] {
        entry.each(name, |element| id(&mut reading, element.text.trim()));
    }
    let about = record.attributes.iter().find(|(key, _)| key == "rdf:about");
    if let Some((_, about)) = about.filter(|_| reading.front.id.is_empty()) {
        id(&mut reading, about.trim());
    }
    if let Some(address) = &address {
        // What has no id is known by its address, which is no name for an article.
        reading.record = reading.record.take().or_else(|| Some(address.clone()));
        reading.keep("url", address.clone());
    }
    read_fields(&mut reading, &mut entry, raw, publisher);
    let (body, failed) = read_body(&mut reading, &mut entry, raw, address.as_deref());
    entry.keep_rest(&mut reading);
    settle(&mut reading, raw.path, body, failed);
    reading
}

fn read_fields(
    reading: &mut Reading,
    entry: &mut Entry<'_>,
    raw: &RawText<'_>,
    publisher: &Publisher,
) {
    let mut titles = Vec::new();
    for name in ["title", "dc:title"] {
        entry.each(name, |element| titles.push(title_of(element, raw.text)));
    }
    titles.retain(|title| !title.is_empty());
    let mut titles = titles.into_iter();
    reading.front.title = titles.next().unwrap_or_default();
    for title in titles
        .filter(|title| *title != reading.front.title)
        .collect::<Vec<_>>()
    {
        reading.keep("title", title);
    }
    let mut authors = Vec::new();
    for name in ["dc:creator", "author", "itunes:author"] {
        entry.each(name, |element| {
            let (names, address) = names_of(&element.text);
            authors.extend(names);
            if let Some(address) = address {
                reading.keep("author_email", address);
            }
        });
        entry.each_in(name, "name", |element| {
            authors.push(inline::text(&element.text))
        });
    }
    add(&mut reading.front.authors, authors);
    let mut topics = Vec::new();
    for name in ["category", "dc:subject"] {
        entry.each(name, |element| {
            let attribute = element.attribute("label").or(element.attribute("term"));
            let text = inline::text(&element.text);
            topics.push(match text.is_empty() {
                true => inline::text(attribute.unwrap_or_default()),
                false => text,
            });
        });
    }
    add(&mut reading.front.topics, topics);
    for name in DATES {
        entry.each(name, |element| {
            let text = inline::line(&element.text);
            match dates::read(&text) {
                // Another date says something else: when it was changed, or archived.
                Some(_) if reading.front.date.is_some() => {
                    reading.keep(name.trim_start_matches("dc:"), text);
                }
                _ => date(reading, &text),
            }
        });
    }
    let mut sources = Vec::new();
    entry.each("source", |element| {
        sources.push(inline::text(&element.text))
    });
    entry.each_in("source", "title", |element| {
        sources.push(inline::text(&element.text));
    });
    sources.retain(|source| !source.is_empty());
    let mut sources = sources.into_iter();
    reading.front.source = sources.next().or_else(|| publisher.title.clone());
    for source in sources {
        reading.keep("source", source);
    }
    for name in LANGUAGES {
        entry.each(name, |element| {
            let text = element.text.trim();
            if !text.is_empty() && !reading.set_language(text) {
                reading.keep("language", text);
            }
        });
    }
    if reading.front.lang.is_none() {
        reading.front.lang = entry.own_language().or_else(|| publisher.lang.clone());
    }
    entry.each("enclosure", |element| {
        if let Some(url) = element.attribute("url") {
            reading.keep("enclosure", url);
        }
    });
}

/// Content before summary; what is not the body is the summary.
fn read_body(
    reading: &mut Reading,
    entry: &mut Entry<'_>,
    raw: &RawText<'_>,
    address: Option<&str>,
) -> (Option<std::ops::Range<usize>>, Option<String>) {
    let mut texts: Vec<Element> = Vec::new();
    for name in BODIES {
        entry.each(name, |element| texts.push(element.clone()));
    }
    let is_empty =
        |element: &Element| element.html(raw.text).trim().is_empty() || !is_text(element);
    let (mut empty, mut texts): (Vec<_>, Vec<_>) = texts.into_iter().partition(is_empty);
    empty.retain(|element| !element.html(raw.text).trim().is_empty());
    for element in empty {
        // A picture or a program in letters.
        reading.keep("attached", element.html(raw.text).trim());
    }
    if texts.is_empty() {
        return (None, None);
    }
    let body = texts.remove(0);
    let is_atom = body.name == "content" || body.name == "summary";
    let done = match body.attribute("type") {
        _ if body.is_nested => set_html(reading, &body.html(raw.text), address),
        Some("text" | "text/plain") if is_atom => {
            set_plain(reading, &body.text);
            Ok(())
        }
        _ => set_either(reading, &body.text, address),
    };
    for element in texts {
        let text = match element.attribute("type") {
            Some("text" | "text/plain") => inline::line(&element.text),
            _ => inline::text(&element.html(raw.text)),
        };
        summary(reading, text);
    }
    (Some(body.inner), done.err())
}

/// Atom's content may be anything: words are text, HTML, or without a type.
fn is_text(element: &Element) -> bool {
    let kind = element.attribute("type").unwrap_or("text");
    !kind.contains('/') || kind.starts_with("text/") || kind.contains("html")
}

fn title_of(element: &Element, document: &str) -> String {
    match element.attribute("type") {
        Some("text") => inline::line(&element.text),
        _ => inline::text(&element.html(document)),
    }
}

/// RSS has `address (Name)`, and all have names alone.
fn names_of(text: &str) -> (Vec<String>, Option<String>) {
    let text = inline::text(text);
    let (address, name) = match text.split_once('(') {
        Some((address, name)) if is_address(address.trim()) => (
            Some(address.trim().to_owned()),
            name.trim_end_matches(')').to_owned(),
        ),
        _ if is_address(&text) => (Some(text.clone()), String::new()),
        _ => (None, text.clone()),
    };
    (byline::names(&name), address)
}

fn is_address(text: &str) -> bool {
    text.contains('@') && !text.contains(char::is_whitespace)
}

/// The feed's own title and language.
fn publisher_of(head: &Record, document: &str) -> Publisher {
    // They lie in `feed` itself, or in the `channel` within.
    let own = || head.elements.iter().filter(|e| e.level <= 2);
    let title = own().find(|e| e.name == "title" || e.name == "dc:title");
    let title = title.map(|element| title_of(element, document));
    let named = own().find(|e| LANGUAGES.contains(&e.name.as_str()));
    let attribute = head.attributes.iter().find(|(key, _)| key == "xml:lang");
    let lang = named.and_then(|e| language::tag(&e.text));
    Publisher {
        title: title.filter(|title| !title.is_empty()),
        lang: lang.or_else(|| language::tag(&attribute?.1)),
    }
}

/// The elements of an entry; what was taken is marked.
struct Entry<'a> {
    record: &'a Record,
    taken: Vec<bool>,
}

impl<'a> Entry<'a> {
    fn of(record: &'a Record) -> Self {
        Self {
            record,
            taken: vec![false; record.elements.len()],
        }
    }

    /// Takes the elements of a name that lie in the entry itself.
    fn each(&mut self, name: &str, mut each: impl FnMut(&'a Element)) {
        for (at, element) in self.record.elements.iter().enumerate() {
            if element.level == 1 && element.name == name {
                self.taken[at] = true;
                each(element);
            }
        }
    }

    /// Takes the elements of a name that lie in one of another name.
    fn each_in(&mut self, outer: &str, name: &str, mut each: impl FnMut(&'a Element)) {
        let mut inside = false;
        for (at, element) in self.record.elements.iter().enumerate() {
            if element.level == 1 {
                inside = element.name == outer;
            } else if inside && element.level == 2 && element.name == name {
                self.taken[at] = true;
                each(element);
            }
        }
    }

    /// Where the entry can be read; other links are kept.
    fn link(&mut self) -> Option<String> {
        let mut found: Option<String> = None;
        self.each("link", |element| {
            let is_page = matches!(element.attribute("rel"), None | Some("alternate"));
            let address = element.attribute("href").unwrap_or(element.text.trim());
            if is_page && found.is_none() && !address.is_empty() {
                found = Some(address.to_owned());
            }
        });
        found
    }

    fn own_language(&self) -> Option<String> {
        let mut attributes = self.record.attributes.iter();
        let (_, lang) = attributes.find(|(key, _)| key == "xml:lang")?;
        language::tag(lang)
    }

    /// Keeps the words of all that was not taken under the names of its elements.
    fn keep_rest(&self, reading: &mut Reading) {
        let mut path: Vec<&str> = Vec::new();
        let mut skipped = false;
        for (element, taken) in self.record.elements.iter().zip(&self.taken) {
            path.truncate(element.level - 1);
            path.push(&element.name);
            if element.level == 1 {
                // Markup within a body is the body's.
                skipped = element.is_nested
                    && (BODIES.contains(&element.name.as_str()) || element.name == "title");
            }
            let text = inline::line(&element.text);
            if !taken && !skipped && !text.is_empty() {
                reading.keep(&path.join("_").replace([':', '-', '.'], "_"), text);
            }
        }
    }
}
