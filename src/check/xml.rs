//! Feeds (RFC 4287) and sitemaps (sitemaps.org): whether they are well-formed, and hold what their readers rely on.

use std::collections::BTreeSet;

use chrono::DateTime;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::links::{Addresses, LinkTarget};
use super::website::WebsiteFile;
use crate::model::Class;

/// The most addresses and bytes that a sitemap may have.
const MOST_ADDRESSES: usize = 50_000;
const MOST_BYTES: u64 = 50 << 20;

/// So deep may elements lie in each other.
const DEEPEST: usize = 256;

/// What is said of a file at most.
const MOST_WRONG: usize = 5;

/// A file of XML, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Xml {
    /// As they are written.
    pub links: Vec<String>,
    /// What is wrong, and what to do.
    pub wrong: Vec<(String, String)>,
}

/// Reads a file of XML.
pub fn read(file: &WebsiteFile<'_>, bytes: &[u8], addresses: &Addresses) -> Xml {
    let mut check = Check {
        file,
        addresses,
        xml: Xml::default(),
        path: Vec::new(),
        text: String::new(),
        root: None,
        has_doctype: false,
        seen: BTreeSet::new(),
        entries: 0,
        addresses_seen: 0,
    };
    match check.all(bytes) {
        Err((at, why)) => {
            let line = bytes[..at.min(bytes.len())]
                .iter()
                .filter(|b| **b == b'\n')
                .count()
                + 1;
            let what = format!("it is not well-formed XML: line {line}: {why}");
            check.xml.wrong = Vec::new();
            check.wrong(what, "readers refuse all of it");
        }
        Ok(()) => check.finish(),
    }
    check.xml.wrong.truncate(MOST_WRONG);
    check.xml
}

/// Where it ends to be XML, in bytes, and why.
type Broken = (usize, String);

struct Check<'a> {
    file: &'a WebsiteFile<'a>,
    addresses: &'a Addresses,
    xml: Xml,
    /// The names of the elements that are open, without prefixes.
    path: Vec<String>,
    /// What was written since the last tag.
    text: String,
    root: Option<String>,
    /// Whether it may define words of its own.
    has_doctype: bool,
    /// What the feed, or the entry that is open, has.
    seen: BTreeSet<(usize, String)>,
    entries: usize,
    addresses_seen: usize,
}

impl Check<'_> {
    fn all(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let text = std::str::from_utf8(bytes)
            .map_err(|e| (e.valid_up_to(), "it is not UTF-8".to_owned()))?;
        if let Some((at, odd)) = text.char_indices().find(|(_, c)| !is_char(*c)) {
            return Err((
                at,
                format!("the character U+{:04X} is not allowed", odd as u32),
            ));
        }
        let mut reader = Reader::from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        reader.config_mut().enable_all_checks(true);
        reader.config_mut().expand_empty_elements = true;
        loop {
            let event = reader.read_event();
            let at = reader.buffer_position() as usize;
            let broken = |why: &dyn std::fmt::Display| (at, lower(&why.to_string()));
            match event.map_err(|e| broken(&e))? {
                Event::Start(start) => self.start(&start).map_err(|why| (at, why))?,
                Event::End(_) => self.end(),
                Event::Text(written) => {
                    let text = written.decode().map_err(|e| broken(&e))?;
                    self.write(&text).map_err(|why| (at, why))?;
                }
                Event::CData(written) => {
                    let text = written.decode().map_err(|e| broken(&e))?;
                    self.write(&text).map_err(|why| (at, why))?;
                }
                Event::GeneralRef(reference) => {
                    let name = reference.decode().map_err(|e| broken(&e))?;
                    let known = match quick_xml::escape::resolve_predefined_entity(&name) {
                        Some(known) => known.to_owned(),
                        None => match reference.resolve_char_ref().map_err(|e| broken(&e))? {
                            Some(c) if is_char(c) => c.to_string(),
                            None if self.has_doctype => String::new(),
                            _ => return Err((at, format!("`&{name};` means nothing in XML"))),
                        },
                    };
                    self.write(&known).map_err(|why| (at, why))?;
                }
                Event::DocType(_) => self.has_doctype = true,
                Event::Eof => break,
                _ => {}
            }
        }
        match (self.path.last(), &self.root) {
            (Some(open), _) => Err((bytes.len(), format!("`<{open}>` is not closed"))),
            (None, None) => Err((0, "it holds nothing".to_owned())),
            (None, Some(_)) => Ok(()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
        if self.path.is_empty() {
            if self.root.is_some() {
                return Err("there is more than one root".to_owned());
            }
            self.root = Some(name.clone());
        }
        if self.path.len() >= DEEPEST {
            return Err(format!(
                "its elements lie more than {DEEPEST} deep in each other"
            ));
        }
        self.path.push(name);
        self.text.clear();
        let is_link = self.is(&["feed", "link"]) || self.is(&["feed", "entry", "link"]);
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|e| lower(&e.to_string()))?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            match value {
                Ok(value) if is_link && attribute.key.as_ref() == b"href" => {
                    self.xml.links.push(value.into_owned());
                }
                Err(error) if !self.has_doctype => return Err(lower(&error.to_string())),
                _ => {}
            }
        }
        if self.is(&["feed", "entry"]) {
            self.entries += 1;
            self.seen.retain(|(depth, _)| *depth < 3);
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), String> {
        if self.path.is_empty() {
            return match text.trim().is_empty() {
                true => Ok(()),
                false => Err("there are words outside of its root".to_owned()),
            };
        }
        // Bodies are long, and nobody asks for them.
        if self.text.len() + text.len() <= 10_000 {
            self.text.push_str(text);
        }
        Ok(())
    }

    fn end(&mut self) {
        let is_address =
            self.is(&["urlset", "url", "loc"]) || self.is(&["sitemapindex", "sitemap", "loc"]);
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if is_address {
            self.address(text);
        } else if self.root.as_deref() == Some("feed") {
            self.element(text);
        }
        self.path.pop();
    }

    /// An address in a sitemap.
    fn address(&mut self, address: &str) {
        self.addresses_seen += 1;
        let is_full = address.starts_with("https://") || address.starts_with("http://");
        let target = self.addresses.resolve(self.file.path, address);
        let is_own = matches!(target, LinkTarget::Inside { .. }) || self.addresses.host().is_none();
        match (is_full, is_own) {
            (true, true) => self.xml.links.push(address.to_owned()),
            (true, false) => self.wrong(
                format!("the address `{}` is not below `base_url`", short(address)),
                "a sitemap names pages of its own website only",
            ),
            (false, _) => self.wrong(
                format!("the address `{}` is not a full one", short(address)),
                "write it with https:// and the host",
            ),
        }
    }

    /// The end of an element of a feed.
    fn element(&mut self, text: &str) {
        let depth = self.path.len();
        let name = self.path.last().cloned().unwrap_or_default();
        let is_entry = self.is(&["feed", "entry"]);
        let is_inside = self.path.first().is_some_and(|root| root == "feed")
            && (depth == 2 || (depth == 3 && self.path[1] == "entry"));
        if is_entry {
            let number = self.entries;
            self.complete(3, &format!("entry {number} of the feed"));
        } else if is_inside && matches!(name.as_str(), "id" | "title" | "updated") {
            if name == "updated" && DateTime::parse_from_rfc3339(text).is_err() {
                let what = format!("the time `{}` in the feed is none", short(text));
                self.wrong(what, "write it as 2021-07-13T11:47:00Z");
            }
            if !text.is_empty() {
                self.seen.insert((depth, name));
            }
        } else if depth == 1 {
            self.complete(2, "the feed");
        }
    }

    fn complete(&mut self, depth: usize, what: &str) {
        for name in ["id", "title", "updated"] {
            if !self.seen.contains(&(depth, name.to_owned())) {
                self.wrong(
                    format!("{what} has no `{name}`"),
                    "the template `feed.xml` writes it",
                );
            }
        }
    }

    fn finish(&mut self) {
        let root = self.root.clone().unwrap_or_default();
        let is_sitemap = matches!(root.as_str(), "urlset" | "sitemapindex");
        let path = self.file.path;
        if self.file.class == Class::Feed && !matches!(root.as_str(), "feed" | "rss" | "RDF") {
            self.wrong(
                format!("it is no feed: its root is `<{root}>`"),
                "look at the template `feed.xml`",
            );
        }
        if (path == "sitemap.xml" || path.starts_with("sitemap/")) && !is_sitemap {
            self.wrong(
                format!("it is no sitemap: its root is `<{root}>`"),
                "look at the template `sitemap.xml`",
            );
        }
        if is_sitemap && self.addresses_seen > MOST_ADDRESSES {
            let what = format!(
                "it names {} addresses, and a sitemap may name {MOST_ADDRESSES}",
                self.addresses_seen
            );
            self.wrong(what, "make several, and an index of them");
        }
        if is_sitemap && self.file.size > MOST_BYTES {
            self.wrong(
                "it has more than 50 MB, which no sitemap may have".to_owned(),
                "make several, and an index of them",
            );
        }
    }

    fn is(&self, path: &[&str]) -> bool {
        self.path.len() == path.len() && self.path.iter().zip(path).all(|(a, b)| a == b)
    }

    fn wrong(&mut self, what: String, hint: &str) {
        if self.xml.wrong.len() < MOST_WRONG {
            self.xml.wrong.push((what, hint.to_owned()));
        }
    }
}

/// Whether XML 1.0 allows a character at all.
fn is_char(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => c >= ' ',
    }
}

/// A message of the parser in our way of writing.
fn lower(message: &str) -> String {
    let mut chars = message.trim_end_matches('.').chars();
    let first = chars.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// What is shown of a stranger's text.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::digest::Digest;

    fn wrong(path: &str, class: Class, text: &str) -> Vec<String> {
        let file = WebsiteFile {
            path,
            digest: Digest::default(),
            size: text.len() as u64,
            class,
            owner: 0,
        };
        let addresses = Addresses::of(Some("https://example.org/a"));
        let xml = read(&file, text.as_bytes(), &addresses);
        xml.wrong.into_iter().map(|(what, _)| what).collect()
    }

    #[test]
    fn a_whole_feed_and_a_whole_sitemap_are_in_order() {
        let feed = "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><id>a</id><title>b &amp; c&#x20;</title>\
            <updated>2021-07-13T00:00:00+00:00</updated><link href=\"a.html\"/><entry><id>1</id><title>t</title>\
            <updated>2021-07-13T00:00:00Z</updated><content type=\"html\">&lt;p></content></entry></feed>\n";
        assert_eq!(wrong("feed.xml", Class::Feed, feed), [""; 0]);
        let sitemap = "<urlset><url><loc>https://example.org/a/b.html</loc></url></urlset>";
        assert_eq!(wrong("sitemap/2021.xml", Class::Entrance, sitemap), [""; 0]);
    }

    #[test]
    fn what_a_feed_lacks_is_named() {
        let feed = "<feed><title>b</title><updated>soon</updated><entry><id>1</id><title> </title></entry>\
            <entry><id>2</id><title>x</title><updated>2021-07-13T00:00:00Z</updated></entry></feed>";
        assert_eq!(
            wrong("feed.xml", Class::Feed, feed),
            [
                "the time `soon` in the feed is none",
                "entry 1 of the feed has no `title`",
                "entry 1 of the feed has no `updated`",
                "the feed has no `id`",
            ]
        );
        assert_eq!(
            wrong("feed.xml", Class::Feed, "<html/>"),
            ["it is no feed: its root is `<html>`"]
        );
    }

    #[test]
    fn addresses_of_a_sitemap_are_full_and_its_own() {
        let sitemap = "<sitemapindex><sitemap><loc>b.xml</loc></sitemap>\
            <sitemap><loc>https://example.com/b.xml</loc></sitemap></sitemapindex>";
        assert_eq!(
            wrong("sitemap.xml", Class::Entrance, sitemap),
            [
                "the address `b.xml` is not a full one",
                "the address `https://example.com/b.xml` is not below `base_url`",
            ]
        );
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "",
            "words",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>words",
            "<a>&nbsp;</a>",
            "<a>&#1;</a>",
            "<a b='1' b='2'/>",
            "<a b=1/>",
            "<a b='&x;'/>",
            "<a>\u{8}</a>",
            "<a><!-- a -- b --></a>",
            "<a>\u{ffff}</a>",
            &"<a>".repeat(1_000),
        ] {
            let found = wrong("x.xml", Class::Asset, text);
            assert!(
                found.len() == 1 && found[0].starts_with("it is not well-formed XML: line 1: "),
                "{text}: {found:?}"
            );
        }
    }
}
