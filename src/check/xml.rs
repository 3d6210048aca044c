//! Checks feeds (RFC 4287) and sitemaps (sitemaps.org): whether they are well-formed, and have what readers require.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::DateTime;
use quick_xml::events::{BytesRef, BytesStart};

use super::links::{Addresses, LinkTarget};
use super::website::WebsiteFile;
use crate::model::Class;
use crate::text::characters::shown;
use crate::text::xml::{self, Node, Tolerance, XmlError, reason};

/// The most addresses, and the most bytes, of a sitemap.
const MOST_ADDRESSES: usize = 50_000;
const MOST_BYTES: u64 = 50 << 20;

/// A longer text of an element is not kept, in bytes.
const LONGEST_TEXT: usize = 10_000;

/// The deepest nesting of elements.
const DEEPEST: usize = 256;

/// The findings that are reported of a file.
const MOST_FINDINGS: usize = 5;

/// What was found in a file of XML.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Xml {
    /// As written.
    pub links: Vec<String>,
    /// Messages and hints.
    pub wrong: Vec<(String, String)>,
}

/// Reads a file of XML.
pub(crate) fn read(file: &WebsiteFile<'_>, bytes: &[u8], addresses: &Addresses) -> Xml {
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
    match check.document(bytes) {
        Err(XmlError { at, reason }) => {
            let before = &bytes[..at.min(bytes.len())];
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            let what = format!("it is not well-formed XML: line {line}: {reason}");
            check.xml.wrong = Vec::new();
            check.wrong(what, "readers refuse all of it");
        }
        Ok(()) => check.finish(),
    }
    check.xml.wrong.truncate(MOST_FINDINGS);
    check.xml
}

struct Check<'a> {
    file: &'a WebsiteFile<'a>,
    addresses: &'a Addresses,
    xml: Xml,
    /// The names of the elements that are open, without prefixes.
    path: Vec<String>,
    /// The text since the last tag.
    text: String,
    root: Option<String>,
    /// Whether it may define references of its own.
    has_doctype: bool,
    /// The required elements that the feed, or the open entry, has: depths and names.
    seen: BTreeSet<(usize, String)>,
    entries: usize,
    addresses_seen: usize,
}

impl Check<'_> {
    fn document(&mut self, bytes: &[u8]) -> Result<(), XmlError> {
        let error = |at: usize, reason: String| XmlError { at, reason };
        let text = std::str::from_utf8(bytes)
            .map_err(|e| error(e.valid_up_to(), "it is not UTF-8".to_owned()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some((at, odd)) = text.char_indices().find(|(_, c)| !is_char(*c)) {
            let reason = format!("the character U+{:04X} is not allowed", odd as u32);
            return Err(error(at, reason));
        }
        let _ = xml::walk(text, Tolerance::None, |node, _| {
            match node {
                Node::Start(tag) => self.start(tag)?,
                Node::End(_) => self.end(),
                Node::Text(text) | Node::Data(text) => self.write(text)?,
                Node::Reference(reference) => {
                    let text = self.resolve(reference)?;
                    self.write(&text)?;
                }
                Node::DocumentType => self.has_doctype = true,
                Node::Other => {}
            }
            Ok(ControlFlow::Continue(()))
        })?;
        match (self.path.last(), &self.root) {
            (Some(open), _) => Err(error(bytes.len(), format!("`<{open}>` is not closed"))),
            (None, None) => Err(error(0, "it has no element".to_owned())),
            (None, Some(_)) => Ok(()),
        }
    }

    /// The text of a reference; empty for one that the document type may define.
    fn resolve(&self, reference: &BytesRef<'_>) -> Result<String, String> {
        let name = String::from_utf8_lossy(reference);
        if let Some(known) = quick_xml::escape::resolve_predefined_entity(&name) {
            return Ok(known.to_owned());
        }
        match reference.resolve_char_ref().map_err(|e| reason(&e))? {
            Some(c) if is_char(c) => Ok(c.to_string()),
            None if self.has_doctype => Ok(String::new()),
            _ => Err(format!("`&{name};` is not defined in XML")),
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
            return Err(format!("its elements are nested deeper than {DEEPEST}"));
        }
        self.path.push(name);
        self.text.clear();
        let is_link = self.is(&["feed", "link"]) || self.is(&["feed", "entry", "link"]);
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|e| reason(&e))?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            match value {
                Ok(value) if is_link && attribute.key.as_ref() == b"href" => {
                    self.xml.links.push(value.into_owned());
                }
                Err(error) if !self.has_doctype => return Err(reason(&error)),
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
                false => Err("there is text outside of its root".to_owned()),
            };
        }
        // Only short texts are checked.
        if self.text.len() + text.len() <= LONGEST_TEXT {
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
                format!("the address `{}` is not below `base_url`", shown(address)),
                "a sitemap names pages of its own website only",
            ),
            (false, _) => self.wrong(
                format!("the address `{}` is not absolute", shown(address)),
                "write it with `https://` and the host",
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
                let what = format!("`{}` in the feed is not a time", shown(text));
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
                format!("it is not a feed: its root is `<{root}>`"),
                "look at the template `feed.xml`",
            );
        }
        if (path == "sitemap.xml" || path.starts_with("sitemap/")) && !is_sitemap {
            self.wrong(
                format!("it is not a sitemap: its root is `<{root}>`"),
                "look at the template `sitemap.xml`",
            );
        }
        if is_sitemap && self.addresses_seen > MOST_ADDRESSES {
            let what = format!(
                "it names {} addresses, and a sitemap may name {MOST_ADDRESSES}",
                self.addresses_seen
            );
            self.wrong(what, "divide it into several with an index");
        }
        if is_sitemap && self.file.size > MOST_BYTES {
            self.wrong(
                "it has more than 50 MB, the limit of a sitemap".to_owned(),
                "divide it into several with an index",
            );
        }
    }

    fn is(&self, path: &[&str]) -> bool {
        self.path.len() == path.len() && self.path.iter().zip(path).all(|(a, b)| a == b)
    }

    fn wrong(&mut self, what: String, hint: &str) {
        if self.xml.wrong.len() < MOST_FINDINGS {
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
    fn a_complete_feed_and_a_complete_sitemap_have_no_findings() {
        let feed = "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><id>a</id><title>b &amp; c&#x20;</title>\
            <updated>2021-07-13T00:00:00+00:00</updated><link href=\"a.html\"/><entry><id>1</id><title>t</title>\
            <updated>2021-07-13T00:00:00Z</updated><content type=\"html\">&lt;p></content></entry></feed>\n";
        assert_eq!(wrong("feed.xml", Class::Feed, feed), [""; 0]);
        let sitemap = "<urlset><url><loc>https://example.org/a/b.html</loc></url></urlset>";
        assert_eq!(wrong("sitemap/2021.xml", Class::Entrance, sitemap), [""; 0]);
    }

    #[test]
    fn missing_elements_of_a_feed_are_reported() {
        let feed = "<feed><title>b</title><updated>soon</updated><entry><id>1</id><title> </title></entry>\
            <entry><id>2</id><title>x</title><updated>2021-07-13T00:00:00Z</updated></entry></feed>";
        assert_eq!(
            wrong("feed.xml", Class::Feed, feed),
            [
                "`soon` in the feed is not a time",
                "entry 1 of the feed has no `title`",
                "entry 1 of the feed has no `updated`",
                "the feed has no `id`",
            ]
        );
        assert_eq!(
            wrong("feed.xml", Class::Feed, "<html/>"),
            ["it is not a feed: its root is `<html>`"]
        );
    }

    #[test]
    fn addresses_of_a_sitemap_are_absolute_and_its_own() {
        let sitemap = "<sitemapindex><sitemap><loc>b.xml</loc></sitemap>\
            <sitemap><loc>https://example.com/b.xml</loc></sitemap></sitemapindex>";
        assert_eq!(
            wrong("sitemap.xml", Class::Entrance, sitemap),
            [
                "the address `b.xml` is not absolute",
                "the address `https://example.com/b.xml` is not below `base_url`",
            ]
        );
    }

    #[test]
    fn malformed_documents_are_reported() {
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
