//! The metadata of a page, unchanged: JSON-LD, `<meta>`, microdata, `<time>`, headings.
//! Knows where a page states something; never which statement is right.

use dom_query::{Document, NodeRef};

use super::json_ld::JsonLd;
use crate::import::html::{self, Block, collapse};

/// At most this many entries of each kind are read.
const MOST: usize = 500;

/// All metadata, in the order of the page.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    pub json_ld: JsonLd,
    /// Lowercase name or property, and content.
    pub meta: Vec<(String, String)>,
    /// Microdata: property and value.
    pub items: Vec<(String, String)>,
    /// `<time datetime>`, those with `pubdate` first.
    pub times: Vec<String>,
    /// Those with `pubdate`, while the page is read.
    pubdates: Vec<String>,
    pub title: String,
    pub headings: Vec<String>,
    pub canonical: Option<String>,
    pub lang: Option<String>,
    /// The texts of links with `rel=author`.
    pub authors: Vec<String>,
}

impl Metadata {
    /// The content of the first of these names that the page has.
    pub(crate) fn meta(&self, names: &[&str]) -> Option<&str> {
        let named = |name: &&str| self.meta.iter().find(|(own, _)| own == name);
        let found = names.iter().find_map(named);
        found.map(|(_, content)| content.as_str())
    }

    /// The contents of all elements with a name.
    pub(crate) fn metas<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.meta.iter().filter(move |(own, _)| own == name);
        named.map(|(_, content)| content.as_str())
    }

    /// The values of a microdata property.
    pub(crate) fn items<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.items.iter().filter(move |(own, _)| own == name);
        named.map(|(_, value)| value.as_str())
    }

    fn read_element(&mut self, node: &NodeRef<'_>) {
        let Some(name) = node.node_name() else {
            return;
        };
        match &*name {
            "html" => self.lang = attribute(node, "lang").or(attribute(node, "xml:lang")),
            "script" => {
                let kind = attribute(node, "type").unwrap_or_default();
                if kind.to_ascii_lowercase().contains("ld+json") {
                    self.json_ld.add(&node.text());
                }
            }
            "meta" if self.meta.len() < MOST => {
                let content = attribute(node, "content");
                let names = ["property", "name", "http-equiv"];
                let name = names.iter().find_map(|key| attribute(node, key));
                if let (Some(name), Some(content)) = (name, content) {
                    self.meta.push((name.to_ascii_lowercase(), content));
                }
            }
            "title" if self.title.is_empty() && !is_in_svg(node) => self.title = shown(node),
            "h1" if self.headings.len() < MOST && !leads_home(node) => {
                self.headings.push(shown(node));
            }
            "link" if has_rel(node, "canonical") => {
                self.canonical = self.canonical.take().or(attribute(node, "href"));
            }
            "a" if has_rel(node, "author") => self.authors.push(shown(node)),
            "time" if self.times.len() + self.pubdates.len() < MOST && !is_quoted(node) => {
                let time = attribute(node, "datetime").unwrap_or_else(|| shown(node));
                match node.has_attr("pubdate") {
                    true => self.pubdates.push(time),
                    false => self.times.push(time),
                }
            }
            _ => {}
        }
    }

    fn read_microdata(&mut self, node: &NodeRef<'_>) {
        let properties = attribute(node, "itemprop").filter(|_| self.items.len() < MOST);
        let Some(properties) = properties else {
            return;
        };
        let value = value_of(node);
        for property in properties.split_ascii_whitespace() {
            if !value.is_empty() {
                self.items.push((property.to_owned(), value.clone()));
            }
        }
    }
}

/// Reads all metadata of a page.
pub(crate) fn read(document: &Document) -> Metadata {
    let mut metadata = Metadata::default();
    for node in document.root().descendants_it() {
        metadata.read_element(&node);
        metadata.read_microdata(&node);
    }
    metadata.pubdates.append(&mut metadata.times);
    metadata.times = std::mem::take(&mut metadata.pubdates);
    metadata.headings.retain(|heading| !heading.is_empty());
    metadata
}

/// Whether a node is in a quotation, such as that of a message, or beside the article.
fn is_quoted(node: &NodeRef<'_>) -> bool {
    const AROUND: [&str; 4] = ["blockquote", "aside", "nav", "figure"];
    let mut around = node.ancestors_it(Some(MOST_AROUND));
    around.any(|node| {
        node.node_name()
            .is_some_and(|name| AROUND.contains(&&*name))
    })
}

/// Elements around one that are looked at.
const MOST_AROUND: usize = 16;

/// The value of a microdata property (HTML, 5.2.4); of a nested item, its name.
fn value_of(node: &NodeRef<'_>) -> String {
    let named = ["content", "datetime"].iter();
    let mut named = named.filter_map(|key| attribute(node, key));
    if let Some(value) = named.next() {
        return value;
    }
    if node.has_attr("itemscope") {
        let is_name = |below: &NodeRef<'_>| below.attr("itemprop").as_deref() == Some("name");
        let name = node.descendants_it().take(MOST).find(is_name);
        return name.map_or_else(String::new, |name| {
            attribute(&name, "content").unwrap_or_else(|| shown(&name))
        });
    }
    let all = node.text();
    // A longer text is the article itself.
    if all.len() > 2_000 {
        return String::new();
    }
    shown(node)
}

/// Whether a heading is the name of the site: a link to the home page.
fn leads_home(heading: &NodeRef<'_>) -> bool {
    let is_home = |node: &NodeRef<'_>| {
        let target = node.attr("href").filter(|_| node.has_name("a"));
        target.is_some_and(|target| {
            let path = target.split_once("://").map_or(&*target, |(_, rest)| {
                rest.split_once('/').map_or("/", |(_, path)| path)
            });
            matches!(path, "" | "/" | "./" | "index.html" | "/index.html")
        })
    };
    heading.descendants_it().take(20).any(|node| is_home(&node))
        || heading.ancestors_it(Some(3)).any(|node| is_home(&node))
}

fn has_rel(node: &NodeRef<'_>, kind: &str) -> bool {
    let rel = attribute(node, "rel").unwrap_or_default();
    rel.split_ascii_whitespace().any(|word| word == kind)
}

fn is_in_svg(node: &NodeRef<'_>) -> bool {
    node.parent().is_some_and(|parent| parent.has_name("svg"))
}

fn attribute(node: &NodeRef<'_>, name: &str) -> Option<String> {
    let value = collapse(&node.attr(name)?);
    (!value.is_empty()).then_some(value)
}

/// The text of an element on one line.
fn shown(node: &NodeRef<'_>) -> String {
    if node.has_name("title") {
        return collapse(&node.text());
    }
    let words: Vec<String> = html::blocks(node, None).iter().map(Block::words).collect();
    collapse(&words.join(" "))
}
