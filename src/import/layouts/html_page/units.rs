//! The texts of a page and the boxes around them, by which pages of one site are compared.
//! Never decides what is removed.

use dom_query::{NodeId, NodeRef};

use crate::import::html::{begins_block, is_invisible};
use crate::import::recurrence::hash32;
use crate::import::repair::dates;

/// Numbers are replaced in lines of at most so many words: a longer one in which they differ is a sentence of its own.
const LONGEST_WITH_NUMBERS: usize = 14;

/// A box with more texts is not compared.
const LARGEST_BOX: usize = 60;

/// At most this many hashes of a page are kept: those with the lowest values, so that pages agree on which.
const MOST_HASHES: usize = 160;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    Text,
    /// With its level.
    Heading(u8),
    /// Of a list or a table.
    Item,
}

/// A text without a block inside it.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// The element that holds this text and nothing else.
    pub node: Option<NodeId>,
    pub kind: UnitKind,
    pub hash: u32,
    /// Of a line with numbers, each of them replaced by one sign.
    pub numbered: Option<u32>,
    pub words: usize,
    /// Bytes of the text, and of its links.
    pub length: usize,
    pub links: usize,
    /// Whether a link leads to another site.
    pub leads_away: bool,
    pub ends_sentence: bool,
}

impl Unit {
    /// Whether all but a mark or two of the text is a link.
    pub(super) fn is_link(&self) -> bool {
        self.links * 10 >= self.length * 8
    }

    /// Whether it is a link to another page of the site. Sources of an article lead elsewhere.
    pub(super) fn is_site_link(&self) -> bool {
        self.is_link() && !self.leads_away
    }

    /// Whether it is longer than what stands in boxes, and is no link.
    pub(super) fn is_prose(&self) -> bool {
        self.words >= 12 && self.ends_sentence && self.links * 2 < self.length
    }
}

/// An element with several texts.
#[derive(Debug, Clone)]
pub(super) struct TextBox {
    pub node: NodeId,
    pub hash: u32,
    pub units: std::ops::Range<usize>,
}

/// All texts of a page, in its order, and the boxes, outer ones first.
#[derive(Debug, Default)]
pub(super) struct Units {
    pub units: Vec<Unit>,
    pub boxes: Vec<TextBox>,
}

impl Units {
    /// `host` is that of the page, if it is known.
    pub(super) fn of(root: &NodeRef<'_>, host: Option<&str>) -> Self {
        let mut reader = Reader {
            host,
            ..Reader::default()
        };
        reader.element(root, UnitKind::Text);
        let mut found = reader.found;
        found
            .boxes
            .sort_by_key(|b| (b.units.start, usize::MAX - b.units.end));
        found
    }

    /// The hashes by which a page is compared with others.
    pub(super) fn hashes(&self) -> Vec<u32> {
        let units = self.units.iter();
        let units = units
            .flat_map(|unit| [Some(unit.hash), unit.numbered])
            .flatten();
        let boxes = self.boxes.iter().map(|b| b.hash);
        let mut hashes: Vec<u32> = units.chain(boxes).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes.truncate(MOST_HASHES);
        hashes
    }
}

/// A text that is being read.
#[derive(Default)]
struct Run {
    text: String,
    links: usize,
    leads_away: bool,
}

#[derive(Default)]
struct Reader<'a> {
    host: Option<&'a str>,
    found: Units,
    run: Run,
    /// How many links are open.
    linked: usize,
}

impl Reader<'_> {
    /// Reads a block. Its texts are of `kind` unless they stand in a heading or an item within it.
    fn element(&mut self, node: &NodeRef<'_>, kind: UnitKind) {
        self.flush(None, kind);
        let first = self.found.units.len();
        for child in node.children_it(false) {
            self.child(&child, kind);
        }
        let is_whole = self.found.units.len() == first;
        self.flush(is_whole.then_some(node.id), kind);
        let units = first..self.found.units.len();
        if (2..=LARGEST_BOX).contains(&units.len()) {
            let own = self.found.units[units.clone()].iter();
            let bytes = own.flat_map(|unit| unit.numbered.unwrap_or(unit.hash).to_le_bytes());
            let hash = hash32(bytes.chain(*b"box"));
            self.found.boxes.push(TextBox {
                node: node.id,
                hash,
                units,
            });
        }
    }

    fn child(&mut self, node: &NodeRef<'_>, kind: UnitKind) {
        if node.is_text() {
            let text = node.text();
            if self.linked > 0 {
                self.run.links += text.split_whitespace().map(str::len).sum::<usize>();
            }
            self.run.text.push_str(&text);
            return;
        }
        let Some(name) = node.node_name() else {
            return;
        };
        match &*name {
            name if is_invisible(name) => {}
            "br" | "img" | "hr" => self.run.text.push(' '),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.element(node, UnitKind::Heading(name.as_bytes()[1] - b'0'));
            }
            "li" | "td" | "th" | "dt" | "dd" => self.element(node, UnitKind::Item),
            name if begins_block(name) => self.element(node, kind),
            name => {
                let link = usize::from(name == "a");
                if link > 0 && leads_away(node, self.host) {
                    self.run.leads_away = true;
                }
                self.linked += link;
                for child in node.children_it(false) {
                    self.child(&child, kind);
                }
                self.linked -= link;
            }
        }
    }

    fn flush(&mut self, node: Option<NodeId>, kind: UnitKind) {
        let Run {
            text,
            links,
            leads_away,
        } = std::mem::take(&mut self.run);
        let words: Vec<&str> = text.split_whitespace().collect();
        if !words
            .iter()
            .any(|word| word.contains(char::is_alphanumeric))
        {
            return;
        }
        let last = words.last().and_then(|word| word.chars().next_back());
        let ends_sentence = last.is_some_and(|c| {
            !c.is_alphanumeric() && !matches!(c, ':' | '|' | '>' | '»' | '›' | '/' | '-')
        });
        // A script without spaces has about two letters in a word.
        let has_numbers =
            words.len() <= LONGEST_WITH_NUMBERS && text.contains(|c: char| c.is_numeric());
        let wide = text.chars().filter(|c| *c >= '\u{2e80}').count() / 2;
        self.found.units.push(Unit {
            node,
            kind,
            hash: hash32(folded(&words, false).bytes()),
            numbered: has_numbers.then(|| hash32(folded(&words, true).bytes())),
            words: words.len().max(wide),
            length: words.iter().map(|word| word.len()).sum(),
            links,
            leads_away,
            ends_sentence,
        });
    }
}

/// Whether a link names a host other than that of its page.
fn leads_away(link: &NodeRef<'_>, host: Option<&str>) -> bool {
    let (Some(address), Some(host)) = (link.attr("href"), host) else {
        return false;
    };
    let address = address.trim();
    address.split_once("//").is_some_and(|(scheme, rest)| {
        let is_absolute = matches!(scheme, "" | "http:" | "https:");
        let other = rest.split(['/', '?', '#']).next().unwrap_or_default();
        is_absolute && !other.ends_with(host)
    })
}

/// Words in lowercase without punctuation; on demand, numbers, months and weekdays replaced by one sign, so that `Posted 3 May`
/// recurs.
pub(super) fn folded(words: &[&str], replaces_numbers: bool) -> String {
    let mut out = String::new();
    for word in words {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if replaces_numbers && dates::is_name(bare) {
            out.push_str("0 ");
            continue;
        }
        let mut in_number = false;
        for c in word.chars() {
            if replaces_numbers && c.is_numeric() {
                if !in_number {
                    out.push('0');
                }
                in_number = true;
            } else if c.is_alphanumeric() {
                in_number = false;
                out.extend(c.to_lowercase());
            }
        }
        out.push(' ');
    }
    out
}
