//! What a page says of itself, as it says it: JSON-LD, `<meta>`, microdata, `<time>`, headings.

use dom_query::{Document, NodeRef};

use super::json_ld::JsonLd;

/// Of each kind of statement, so many are read.
const MOST: usize = 500;

/// Everything that is stated, in the order of the page.
#[derive(Debug, Default)]
pub struct Metadata {
    pub json_ld: JsonLd,
    /// Name or property in small letters, and content.
    pub meta: Vec<(String, String)>,
    /// Microdata: property and value.
    pub items: Vec<(String, String)>,
    /// `<time datetime>`, those that are marked as the day of publication first.
    pub times: Vec<String>,
    pub title: String,
    pub headings: Vec<String>,
    pub canonical: Option<String>,
    pub lang: Option<String>,
    /// Texts of links with `rel=author`.
    pub authors: Vec<String>,
}

impl Metadata {
    /// What the first of these names that says something says.
    pub fn meta(&self, names: &[&str]) -> Option<&str> {
        let named = |name: &&str| self.meta.iter().find(|(own, _)| own == name);
        let found = names.iter().find_map(named);
        found.map(|(_, content)| content.as_str())
    }

    pub fn metas<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.meta.iter().filter(move |(own, _)| own == name);
        named.map(|(_, content)| content.as_str())
    }

    pub fn items<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.items.iter().filter(move |(own, _)| own == name);
        named.map(|(_, value)| value.as_str())
    }
}

/// Reads all of a page's statements.
pub fn read(document: &Document) -> Metadata {
    let mut found = Metadata::default();
    let mut marked = Vec::new();
    for node in document.root().descendants_it() {
        let Some(name) = node.node_name() else {
            continue;
        };
        match &*name {
            "html" => found.lang = attribute(&node, "lang").or(attribute(&node, "xml:lang")),
            "script" => {
                let kind = attribute(&node, "type").unwrap_or_default();
                if kind.to_ascii_lowercase().contains("ld+json") {
                    found.json_ld.add(&node.text());
                }
            }
            "meta" if found.meta.len() < MOST => {
                let content = attribute(&node, "content");
                let name = ["property", "name", "http-equiv"]
                    .iter()
                    .find_map(|key| attribute(&node, key));
                if let (Some(name), Some(content)) = (name, content) {
                    found.meta.push((name.to_ascii_lowercase(), content));
                }
            }
            "title" if found.title.is_empty() && !is_in_svg(&node) => found.title = shown(&node),
            "h1" if found.headings.len() < MOST && !leads_home(&node) => {
                found.headings.push(shown(&node));
            }
            "link" | "a" => {
                let rel = attribute(&node, "rel").unwrap_or_default();
                let mut kinds = rel.split_ascii_whitespace();
                if &*name == "link" && kinds.clone().any(|k| k == "canonical") {
                    found.canonical = found.canonical.take().or(attribute(&node, "href"));
                } else if &*name == "a" && kinds.any(|k| k == "author") {
                    found.authors.push(shown(&node));
                }
            }
            "time" if found.times.len() + marked.len() < MOST => {
                let time = attribute(&node, "datetime").or_else(|| Some(shown(&node)));
                match node.has_attr("pubdate") {
                    true => marked.extend(time),
                    false => found.times.extend(time),
                }
            }
            _ => {}
        }
        if let Some(properties) = attribute(&node, "itemprop").filter(|_| found.items.len() < MOST)
        {
            let value = value_of(&node);
            for property in properties.split_ascii_whitespace() {
                if !value.is_empty() {
                    found.items.push((property.to_owned(), value.clone()));
                }
            }
        }
    }
    marked.append(&mut found.times);
    found.times = marked;
    found.headings.retain(|heading| !heading.is_empty());
    found
}

/// The value of an element's property (HTML, 5.2.4); of an item within, its name.
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
    // A whole article is no value.
    if all.len() > 2_000 {
        return String::new();
    }
    shown(node)
}

/// Whether a heading is the name of the site: a link to its first page.
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

fn is_in_svg(node: &NodeRef<'_>) -> bool {
    node.parent().is_some_and(|parent| parent.has_name("svg"))
}

fn attribute(node: &NodeRef<'_>, name: &str) -> Option<String> {
    let value = one_line(&node.attr(name)?);
    (!value.is_empty()).then_some(value)
}

/// The text of an element on one line.
fn shown(node: &NodeRef<'_>) -> String {
    let blocks = crate::import::html::blocks(node, None);
    let words: Vec<String> = blocks.iter().map(super::html::Block::words).collect();
    match node.has_name("title") {
        true => one_line(&node.text()),
        false => one_line(&words.join(" ")),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text that may hold character references and tags although its format has no need of them.
pub fn decoded(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return one_line(text);
    }
    match crate::import::html::to_markdown(text, None) {
        Ok(markdown) => one_line(&markdown.words),
        Err(_) => one_line(text),
    }
}
