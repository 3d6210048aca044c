//! Feeds: RSS 0.9x, 1.0 (RDF) and 2.0, Atom 0.3 and 1.0. Each entry is a record.

use super::decoded_record::{
    self, BodyOutcome, Publisher, add, date, id, set_either, set_html, set_plain, settle, summary,
};
use super::mail::transfer;
use super::xml_records::{
    self, DUBLIN_CORE, Element, RSS_CONTENT, RecordSchema, XmlRecord, attribute,
};
use super::{Layout, RawText, html_text};
use crate::diagnostics::Diagnostic;
use crate::import::reading::Reading;
use crate::import::repair::{byline, dates, language};
use crate::text::characters::one_line;
use crate::text::xml;
use url::Url;

pub(crate) struct Feed;

const SCHEMA: RecordSchema = RecordSchema {
    records: &["item", "entry"],
    namespaces: &[
        DUBLIN_CORE,
        RSS_CONTENT,
        ("www.w3.org/2005/Atom", ""),
        ("purl.org/atom/ns", ""),
        ("purl.org/rss/1.0/", ""),
        ("my.netscape.com/rdf/simple", ""),
        ("www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ],
    deepest: 3,
};

/// Elements that contain the text; full texts precede summaries.
const BODIES: &[&str] = &[
    "content:encoded",
    "content",
    "body",
    "description",
    "summary",
    "dc:description",
];

/// Elements that contain a date; dates of publication precede dates of changes.
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

/// How Blogger's export says in a category what an entry is.
const KIND: &str = "/blogger/2008/kind#";

/// Elements that contain the language.
const LANGUAGES: &[&str] = &["language", "dc:language"];

impl Layout for Feed {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn title(&self) -> &'static str {
        "Feeds"
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
        let mut readings = xml_records::read(raw, &SCHEMA, |head, record| {
            let publisher = publisher.get_or_insert_with(|| publisher_of(head, raw.text));
            Some(read_entry(raw, publisher, record))
        })?;
        decoded_record::unique(&mut readings);
        Ok(readings)
    }
}

fn read_entry(raw: &RawText<'_>, publisher: &Publisher, record: &XmlRecord) -> Reading {
    let mut reading = Reading {
        span: record.span.clone(),
        ..raw.reading()
    };
    let mut entry = FeedEntry::of(record);
    if let Some(noun) = not_an_article(&entry) {
        return raw.skipped(
            reading,
            &format!("{noun} is not an article, and is left out"),
        );
    }
    let address = entry.link();
    for name in ["guid", "id", "dc:identifier"] {
        entry.each(name, |element| id(&mut reading, element.text.trim()));
    }
    if reading.front.id.is_empty()
        && let Some(about) = attribute(&record.attributes, "rdf:about")
    {
        id(&mut reading, about);
    }
    if let Some(address) = &address {
        // An address identifies the record, but is not an id for an article.
        reading.record = reading.record.take().or_else(|| Some(address.clone()));
        reading.keep("url", address.clone());
    }
    read_titles(&mut reading, &mut entry, raw.text);
    read_authors(&mut reading, &mut entry);
    read_topics(&mut reading, &mut entry);
    read_dates(&mut reading, &mut entry);
    read_source(&mut reading, &mut entry, publisher);
    read_language(&mut reading, &mut entry, publisher);
    entry.each("enclosure", |element| {
        if let Some(url) = element.attribute("url") {
            reading.keep("enclosure", url);
        }
    });
    let base = publisher.base.as_deref();
    let body = read_body(&mut reading, &mut entry, raw, (base, address.as_deref()));
    entry.keep_rest(&mut reading);
    settle(raw, &mut reading, body);
    reading
}

/// What an entry of Blogger's export is, if it is not a post or a page.
fn not_an_article(entry: &FeedEntry<'_>) -> Option<&'static str> {
    let own = || entry.record.elements.iter().filter(|e| e.level == 1);
    let kinds = own().filter(|e| e.name == "category");
    let mut kinds =
        kinds.filter_map(|e| e.attribute("term")?.split_once(KIND).map(|(_, kind)| kind));
    let typed = || {
        own()
            .find(|e| e.name == "blogger:type")
            .map(|e| e.text.trim())
    };
    match kinds.next().or_else(typed)?.to_lowercase().as_str() {
        "comment" => Some("a comment"),
        "settings" => Some("a setting"),
        "template" => Some("a template"),
        _ => None,
    }
}

fn read_titles(reading: &mut Reading, entry: &mut FeedEntry<'_>, document: &str) {
    for name in ["title", "dc:title"] {
        entry.each(name, |element| {
            let title = title_of(element, document);
            if reading.front.title.is_empty() {
                reading.front.title = title;
            } else if !title.is_empty() && title != reading.front.title {
                reading.keep("title", title);
            }
        });
    }
}

fn read_authors(reading: &mut Reading, entry: &mut FeedEntry<'_>) {
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
            authors.push(html_text::text(&element.text));
        });
    }
    add(&mut reading.front.authors, authors);
}

fn read_topics(reading: &mut Reading, entry: &mut FeedEntry<'_>) {
    let mut topics = Vec::new();
    for name in ["category", "dc:subject"] {
        entry.each(name, |element| {
            if element
                .attribute("term")
                .is_some_and(|term| term.contains(KIND))
            {
                return;
            }
            let attribute = element.attribute("label").or(element.attribute("term"));
            let text = html_text::text(&element.text);
            topics.push(match text.is_empty() {
                true => html_text::text(attribute.unwrap_or_default()),
                false => text,
            });
        });
    }
    add(&mut reading.front.topics, topics);
}

fn read_dates(reading: &mut Reading, entry: &mut FeedEntry<'_>) {
    for name in DATES {
        entry.each(name, |element| {
            let text = one_line(&element.text);
            match dates::read(&text) {
                // A second date is another fact: when the text was changed, or archived.
                Some(_) if reading.front.date.is_some() => {
                    reading.keep(name.trim_start_matches("dc:"), text);
                }
                _ => date(reading, &text),
            }
        });
    }
}

fn read_source(reading: &mut Reading, entry: &mut FeedEntry<'_>, publisher: &Publisher) {
    let mut sources = Vec::new();
    let mut push = |element: &Element| sources.push(html_text::text(&element.text));
    entry.each("source", &mut push);
    entry.each_in("source", "title", push);
    sources.retain(|source| !source.is_empty());
    let mut sources = sources.into_iter();
    reading.front.source = sources.next().or_else(|| publisher.title.clone());
    for source in sources {
        reading.keep("source", source);
    }
}

fn read_language(reading: &mut Reading, entry: &mut FeedEntry<'_>, publisher: &Publisher) {
    for name in LANGUAGES {
        entry.each(name, |element| {
            let text = element.text.trim();
            if !text.is_empty() && !reading.set_language(text) {
                reading.keep("language", text);
            }
        });
    }
    if reading.front.lang.is_none() {
        let own = attribute(&entry.record.attributes, "xml:lang").and_then(language::tag);
        reading.front.lang = own.or_else(|| publisher.lang.clone());
    }
}

/// Reads the full text, else the summary, as the body; a summary beside a full text is the summary.
fn read_body(
    reading: &mut Reading,
    entry: &mut FeedEntry<'_>,
    raw: &RawText<'_>,
    (base, address): (Option<&str>, Option<&str>),
) -> BodyOutcome {
    let mut texts: Vec<Element> = Vec::new();
    for name in BODIES {
        entry.each(name, |element| texts.push(element.clone()));
    }
    let is_empty =
        |element: &Element| element.html(raw.text).trim().is_empty() || !is_text(element);
    let (mut empty, mut texts): (Vec<_>, Vec<_>) = texts.into_iter().partition(is_empty);
    empty.retain(|element| !element.html(raw.text).trim().is_empty());
    for element in empty {
        // A file encoded as text, such as a picture.
        reading.keep("attached", element.html(raw.text).trim());
    }
    if texts.is_empty() {
        return (None, None);
    }
    let mut body = texts.remove(0);
    let is_atom = body.name == "content" || body.name == "summary";
    if body.attribute("mode") == Some("base64") && !body.is_nested {
        body.text = transfer::decode(&transfer::base64(body.text.as_bytes()), None);
    }
    let own = attribute(&entry.record.attributes, "xml:base");
    let base = nested_base([base, own, body.attribute("xml:base")], address);
    let address = base.as_deref().or(address);
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
            Some("text" | "text/plain") => one_line(&element.text),
            _ => html_text::text(&element.html(raw.text)),
        };
        summary(reading, text);
    }
    (Some(body.inner), done.err())
}

/// The address to which links are relative, where elements around them name one, outermost first. Each may be relative to
/// the one before it, and the first to the entry's own address.
fn nested_base(bases: [Option<&str>; 3], address: Option<&str>) -> Option<String> {
    let mut made: Option<Url> = None;
    for base in bases.into_iter().flatten() {
        let before = made.take();
        let outer = before.clone().or_else(|| Url::parse(address?).ok());
        made = match outer {
            Some(outer) => outer.join(base).ok(),
            None => Url::parse(base).ok(),
        }
        .or(before);
    }
    made.map(String::from)
}

/// Whether an element contains words: Atom's content may also be a file of any type.
fn is_text(element: &Element) -> bool {
    let kind = element.attribute("type").unwrap_or("text");
    !kind.contains('/') || kind.starts_with("text/") || kind.contains("html")
}

fn title_of(element: &Element, document: &str) -> String {
    match element.attribute("type") {
        Some("text") => one_line(&element.text),
        _ => html_text::text(&element.html(document)),
    }
}

/// The names and the address of an author; RSS writes `address (Name)`.
fn names_of(text: &str) -> (Vec<String>, Option<String>) {
    let text = html_text::text(text);
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

fn publisher_of(head: &XmlRecord, document: &str) -> Publisher {
    // They are in `feed` itself, or in its `channel`.
    let own = || head.elements.iter().filter(|e| e.level <= 2);
    let title = own().find(|e| e.name == "title" || e.name == "dc:title");
    let title = title.map(|element| title_of(element, document));
    let named = own().find(|e| LANGUAGES.contains(&e.name.as_str()));
    let lang = named.and_then(|e| language::tag(&e.text));
    let channel = head.elements.iter().filter(|e| e.level == 1);
    let base = attribute(&head.attributes, "xml:base");
    Publisher {
        base: base
            .or_else(|| channel.filter_map(|e| e.attribute("xml:base")).next())
            .map(str::to_owned),
        title: title.filter(|title| !title.is_empty()),
        lang: lang.or_else(|| attribute(&head.attributes, "xml:lang").and_then(language::tag)),
    }
}

/// The elements of an entry, and which of them were read.
struct FeedEntry<'a> {
    record: &'a XmlRecord,
    taken: Vec<bool>,
}

impl<'a> FeedEntry<'a> {
    fn of(record: &'a XmlRecord) -> Self {
        Self {
            record,
            taken: vec![false; record.elements.len()],
        }
    }

    /// Reads the elements of a name that are children of the entry.
    fn each(&mut self, name: &str, mut each: impl FnMut(&'a Element)) {
        for (at, element) in self.record.elements.iter().enumerate() {
            if element.level == 1 && element.name == name {
                self.taken[at] = true;
                each(element);
            }
        }
    }

    /// Reads the elements of a name that are children of `outer`.
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

    /// The address of the entry's page.
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

    /// Keeps the text of each element that was not read, under its path.
    fn keep_rest(&self, reading: &mut Reading) {
        let mut path: Vec<&str> = Vec::new();
        let mut skipped = false;
        for (element, taken) in self.record.elements.iter().zip(&self.taken) {
            path.truncate(element.level - 1);
            path.push(&element.name);
            if element.level == 1 {
                // Markup within a text is part of it.
                skipped = element.is_nested
                    && (BODIES.contains(&element.name.as_str()) || element.name == "title");
            }
            let text = one_line(&element.text);
            if !taken && !skipped && !text.is_empty() {
                reading.keep(path.join("_").replace([':', '-', '.'], "_"), text);
            }
        }
    }
}
