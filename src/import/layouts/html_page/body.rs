//! The body of a page: the part that is the article, and what is removed of the rest.
//! Never reads metadata.

use std::collections::HashMap;

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};
use url::Url;

use super::batch::{address, host};
use super::stated_text::StatedText;
use super::{debris, named_parts, names, recurring_parts};
use crate::import::html::{self, Block, collapse, non_whitespace};
use crate::import::provenance::{Decoded, Disposition};
use crate::import::reading::Reading;
use crate::import::repair::byline;

/// A page with more elements is imported whole: the readability library takes more than linear time.
const MOST_ELEMENTS: usize = 50_000;

/// A page with a higher cost of escaping is imported whole, in bytes that are scanned.
const MOST_ESCAPING: u64 = 5_000_000_000;

/// A longer text is no byline, in bytes.
const LONGEST_BYLINE: usize = 200;

/// This much of the text around the article is kept in `removed`, in bytes.
const MOST_REMOVED: usize = 4_000;

/// The body as Markdown; sets the removed words and the provenance. `text` is the page, whose bounds were checked when its fields
/// were read.
pub fn body(reading: &mut Reading, text: &str) -> String {
    let base = address(reading);
    let host = base.as_ref().and_then(host);
    let document = Document::from(text);
    let base = match document.base_uri() {
        Some(own) => base
            .as_ref()
            .map_or_else(|| Url::parse(&own), |url| url.join(&own))
            .ok()
            .or(base),
        None => base,
    };
    let page = html::blocks(&document.root(), base.as_ref());
    let named = named_byline(&document);
    named_parts::remove(&document);
    keep_languages(&document);
    if let Some(site) = &reading.recurring {
        reading.recurred = recurring_parts::remove(&document, site, host.as_deref());
    }
    let stated = StatedText::of(&document);
    let (chosen, byline) = choose(document, base.as_ref());
    let mut body = chosen.unwrap_or_else(|| page.clone());
    if let Some(stated) = stated {
        stated.apply(&mut body, &page);
    }
    let title: String = folded(&reading.front.title);
    // The title is a field, and would be repeated above the body.
    let is_title = |block: &Block| html::is_heading(block) && folded(&block.words()) == title;
    if body.iter().take(3).any(is_title) {
        let at = body.iter().position(is_title).unwrap_or(0);
        body.remove(at);
    }
    debris::remove(&mut body, &reading.front);
    if reading.repairs.bylines
        && reading.front.authors.is_empty()
        && let Some(line) = named.or(byline)
    {
        let names = byline::read(&line).or_else(|| byline::read(&format!("By {line}")));
        if let Some(names) = names {
            reading.front.authors = names::authors(&names, reading.front.source.as_deref());
            reading.infer("authors");
        }
    }
    let markdown = html::of_blocks(&body);
    let first = body.iter().find(|block| !html::is_heading(block));
    if let Some(block) = first {
        reading.set_dateline(&block.words());
    }
    reading.front.removed = left_over(&page, &body, reading);
    reading.account.note(0..text.len(), Disposition::Body);
    reading.account.decoded = Some(Decoded {
        body: markdown.words,
        removed: reading.front.removed.concat(),
    });
    markdown.text
}

/// The text of the element that names itself the byline; it is removed with the other parts that name themselves.
fn named_byline(document: &Document) -> Option<String> {
    let elements = document.select(".byline, [rel=author], [itemprop=author]");
    let mut texts = elements.iter().map(|element| collapse(&element.text()));
    texts.find(|text| !text.is_empty() && text.len() <= LONGEST_BYLINE)
}

/// Writes the languages of code where the readability library, which drops classes, leaves them.
fn keep_languages(document: &Document) {
    let root = document.root();
    // The iterator borrows the tree.
    let code: Vec<NodeRef<'_>> = root
        .descendants_it()
        .filter(|node| node.has_name("pre"))
        .collect();
    for node in code {
        let language = html::code_language(&node);
        if !language.is_empty() {
            node.set_attr("data-lang", &language);
        }
    }
}

/// Whether serialising the page takes too long: html5ever 0.40 scans to the end of a text at each `&` in it.
fn is_slow_to_serialise(document: &Document) -> bool {
    let cost = |text: &str| {
        let escaped = text
            .chars()
            .filter(|c| matches!(c, '&' | '<' | '>' | '"' | '\u{a0}'));
        (escaped.count() as u64).saturating_mul(text.len() as u64)
    };
    // Scripts and styles are removed before the page is serialised.
    let is_written = |node: &NodeRef<'_>| {
        let parent = node.parent();
        !parent.is_some_and(|parent| parent.has_name("script") || parent.has_name("style"))
    };
    let mut total: u64 = 0;
    for node in document.root().descendants_it() {
        let own = match node.is_text() {
            true if is_written(&node) => cost(&node.text()),
            true => 0,
            false => node.attrs().iter().map(|attr| cost(&attr.value)).sum(),
        };
        total = total.saturating_add(own);
    }
    total > MOST_ESCAPING
}

/// The blocks of the article, and its byline, each if it is found.
fn choose(document: Document, base: Option<&Url>) -> (Option<Vec<Block>>, Option<String>) {
    if is_slow_to_serialise(&document) {
        return (None, None);
    }
    let config = Config {
        max_elements_to_parse: MOST_ELEMENTS,
        disable_json_ld: true,
        ..Config::default()
    };
    let Ok(mut readability) = Readability::with_document(document, None, Some(config)) else {
        return (None, None);
    };
    let Ok(article) = readability.parse() else {
        return (None, None);
    };
    let root = readability.doc.select("#readability-page-1");
    let blocks = root.nodes().first().map(|node| html::blocks(node, base));
    let blocks = blocks.filter(|blocks| blocks.iter().any(|block| !block.texts.is_empty()));
    (blocks, article.byline)
}

/// The words of the page that are neither in the body nor in a field: each run on one line, then the number of further
/// words.
fn left_over(page: &[Block], body: &[Block], reading: &Reading) -> Vec<String> {
    let key = |text: &str| non_whitespace(text).collect::<String>();
    let mut in_body: HashMap<String, usize> = HashMap::new();
    for text in body.iter().flat_map(|block| &block.texts) {
        *in_body.entry(key(text)).or_default() += 1;
    }
    let front = &reading.front;
    let fields = [&front.title]
        .into_iter()
        .chain(&front.authors)
        .chain(&front.topics)
        .chain(&front.source)
        .chain(&front.summary);
    let fields: Vec<String> = fields.map(|field| key(field)).collect();
    let mut runs: Vec<String> = Vec::new();
    let (mut kept, mut beyond) = (0, 0);
    let mut is_new = true;
    for text in page.iter().flat_map(|block| &block.texts) {
        let own = key(text);
        if let Some(count) = in_body.get_mut(&own).filter(|count| **count > 0) {
            *count -= 1;
            is_new = true;
            continue;
        }
        if fields.contains(&own) {
            continue;
        }
        if kept + text.len() > MOST_REMOVED {
            beyond += text.split_whitespace().count();
            continue;
        }
        kept += text.len();
        match runs.last_mut().filter(|_| !is_new) {
            Some(run) => *run += &format!(" | {text}"),
            None => runs.push(text.clone()),
        }
        is_new = false;
    }
    if beyond > 0 {
        runs.push(format!("… {beyond} words more"));
    }
    runs
}

/// Letters and digits, in lowercase.
fn folded(text: &str) -> String {
    let known = text.chars().filter(|c| c.is_alphanumeric());
    known.flat_map(char::to_lowercase).collect()
}
