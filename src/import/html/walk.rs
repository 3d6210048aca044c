//! A tree of elements → blocks: paragraphs, headings, list items, quotations, tables, code.
//! Knows the elements of HTML; never which part of a page is the article.

use std::rc::Rc;

use dom_query::NodeRef;
use url::Url;

use super::addresses;
use super::blocks::{Block, BlockKind, Container};
use super::code::{code_language, preformatted};
use super::elements::{is_block, is_invisible};
use super::inline::{self, Inline, Mark, collapse, longest_run};
use super::notes::Notes;
use super::{embeds, non_whitespace};
use crate::import::markdown::{paragraphs, plain};

/// Deeper lists and quotations are shown at this depth: each level indents every line.
const DEEPEST: usize = 8;

/// The blocks below a node, in the order of the page.
pub fn blocks(node: &NodeRef<'_>, base: Option<&Url>) -> Vec<Block> {
    let mut walk = Walker {
        base,
        notes: Rc::new(Notes::of(node, base)),
        ..Walker::default()
    };
    walk.node(node);
    walk.flush();
    walk.blocks
}

#[derive(Default)]
pub(super) struct Walker<'a> {
    base: Option<&'a Url>,
    notes: Rc<Notes>,
    pub(super) blocks: Vec<Block>,
    inlines: Vec<Inline>,
    /// The marks that are open.
    marks: Vec<Mark>,
    heading: Option<usize>,
    /// Whether a cell of a table is read, which can hold no block of code.
    is_cell: bool,
    within: Vec<Container>,
    /// The lists that are open: the number of each, and that of its next item if it is ordered.
    lists: Vec<(usize, Option<usize>)>,
    /// The item of the term whose definitions follow.
    item: Option<usize>,
    /// The number of lists, items and quotations so far.
    pub(super) count: usize,
}

impl Walker<'_> {
    pub(super) fn node(&mut self, node: &NodeRef<'_>) {
        if node.is_text() {
            return self.text(&node.text());
        }
        let Some(name) = node.node_name() else {
            return self.children(node);
        };
        match &*name {
            "iframe" | "video" | "audio" | "embed" => self.embedded(node),
            name if is_invisible(name) => {}
            "br" => self.line_break(),
            "img" | "amp-img" | "amp-anim" => self.image(node),
            "a" if self.notes.returns.contains(&node.id) => {}
            "a" if self.notes.references.contains_key(&node.id) => {
                let number = self.notes.references.get(&node.id).copied();
                self.inlines.extend(number.map(Inline::Note));
            }
            "a" => {
                let heading = self.notes.headings.get(&node.id);
                let heading = heading.map(|name| format!("#{name}"));
                let stated = || {
                    node.attr("href")
                        .and_then(|href| addresses::link(&href, self.base))
                };
                let address = heading.or_else(stated);
                self.marked(node, address.map(Mark::Link));
            }
            "em" | "i" => self.marked(node, Some(Mark::Emphasis)),
            "del" | "s" | "strike" => self.marked(node, Some(Mark::Strikethrough)),
            "q" => self.quoted(node),
            "abbr" | "acronym" => {
                let title = collapse(&node.attr_or("title", ""));
                let mark = (!title.is_empty()).then_some(Mark::Abbreviation(title));
                self.marked(node, mark);
            }
            "sup" if self.notes.are_all_of(node) => self.children(node),
            "sup" => self.marked(node, Some(Mark::Element("sup"))),
            "sub" => self.marked(node, Some(Mark::Element("sub"))),
            "strong" | "b" => {
                let mark = self.heading.is_none().then_some(Mark::Strong);
                self.marked(node, mark);
            }
            "code" | "kbd" | "samp" | "tt" => self.inline_code(&preformatted(node, false)),
            "pre" => self.code(&preformatted(node, true), &code_language(node)),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, &name),
            "ul" | "ol" | "menu" | "dir" => self.list(node, &name),
            "li" => self.item(node),
            "dl" => self.list(node, "dl"),
            "dt" | "dd" => self.definition(node, &name),
            "blockquote" => {
                self.count += 1;
                self.contained(node, Some(Container::Quote(self.count)));
            }
            "table" => self.table(node),
            name if is_block(name) => self.noted(node),
            _ => self.children(node),
        }
    }

    /// A walker for a cell of a table.
    pub(super) fn inner(&self) -> Self {
        Self {
            base: self.base,
            notes: self.notes.clone(),
            within: self.within.clone(),
            count: self.count,
            is_cell: true,
            ..Self::default()
        }
    }

    /// A block, which may be a note.
    fn noted(&mut self, node: &NodeRef<'_>) {
        match self.notes.notes.get(&node.id).copied() {
            Some(number) => self.contained(node, Some(Container::Note(number))),
            None => self.block(node),
        }
    }

    /// The marks of a quotation, which a browser adds.
    fn quoted(&mut self, node: &NodeRef<'_>) {
        self.text("\u{201c}");
        self.children(node);
        self.text("\u{201d}");
    }

    /// What Markdown cannot show within a text is a link with the name of its host.
    fn embedded(&mut self, node: &NodeRef<'_>) {
        let address =
            embeds::address(node).and_then(|address| addresses::link(&address, self.base));
        let Some(address) = address.filter(|address| address.starts_with("http")) else {
            return;
        };
        let Some(host) = embeds::host(&address) else {
            return;
        };
        self.flush();
        let is_within_link = self.marks.iter().any(|mark| matches!(mark, Mark::Link(_)));
        let mark = Mark::Link(address);
        if is_within_link {
            self.text(&host);
        } else {
            self.inlines.push(Inline::Open(mark.clone()));
            self.text(&host);
            self.inlines.push(Inline::Close(mark));
        }
        self.flush();
    }

    /// A term begins an item of a list, in which its definitions are.
    fn definition(&mut self, node: &NodeRef<'_>, name: &str) {
        if self.lists.is_empty() {
            return self.block(node);
        }
        let is_term = name == "dt";
        if is_term || self.item.is_none() {
            self.count += 1;
            self.item = Some(self.count);
        }
        let list = self.lists.last().map_or(0, |(list, _)| *list);
        let container = self.item.map(|item| Container::Item {
            list,
            item,
            number: None,
        });
        match is_term && !self.marks.contains(&Mark::Strong) {
            true => {
                self.flush();
                self.marks.push(Mark::Strong);
                self.inlines.push(Inline::Open(Mark::Strong));
                self.contained(node, container);
                self.marks.pop();
                self.inlines.clear();
                self.inlines
                    .extend(self.marks.iter().cloned().map(Inline::Open));
            }
            false => {
                let term = self.item.take();
                self.contained(node, container);
                self.item = term;
            }
        }
    }

    /// A heading of the first level becomes one of the second: the first is the title of the page.
    fn heading(&mut self, node: &NodeRef<'_>, name: &str) {
        let level = usize::from(name.as_bytes()[1] - b'0').max(2);
        self.flush();
        let around = self.heading.replace(level);
        self.children(node);
        self.flush();
        self.heading = around;
    }

    fn list(&mut self, node: &NodeRef<'_>, name: &str) {
        let first = node.attr("start").and_then(|n| n.parse().ok());
        let first = first.filter(|n| *n < 1_000_000).unwrap_or(1);
        self.count += 1;
        self.lists
            .push((self.count, (name == "ol").then_some(first)));
        let term = self.item.take();
        self.block(node);
        self.item = term;
        self.lists.pop();
    }

    fn item(&mut self, node: &NodeRef<'_>) {
        if self.notes.notes.contains_key(&node.id) {
            return self.noted(node);
        }
        self.count += 1;
        let item = self.count;
        let container = self.lists.last_mut().map(|(list, next)| {
            let number = *next;
            *next = next.map(|n| n + 1);
            Container::Item {
                list: *list,
                item,
                number,
            }
        });
        self.contained(node, container);
    }

    pub(super) fn children(&mut self, node: &NodeRef<'_>) {
        for child in node.children_it(false) {
            self.node(&child);
        }
    }

    fn block(&mut self, node: &NodeRef<'_>) {
        self.flush();
        self.children(node);
        self.flush();
    }

    fn contained(&mut self, node: &NodeRef<'_>, container: Option<Container>) {
        self.flush();
        let depth = self.within.len();
        let room = usize::from(depth < DEEPEST);
        self.within.extend(container.into_iter().take(room));
        self.children(node);
        self.flush();
        self.within.truncate(depth);
    }

    fn text(&mut self, text: &str) {
        match self.inlines.last_mut() {
            Some(Inline::Text(before)) => before.push_str(text),
            _ => self.inlines.push(Inline::Text(text.to_owned())),
        }
    }

    /// Two adjacent line breaks begin a paragraph.
    fn line_break(&mut self) {
        let mut shown = self.inlines.iter().rev();
        let last = shown.find(|piece| !matches!(piece, Inline::Text(t) if t.trim().is_empty()));
        if last == Some(&Inline::Break) {
            self.flush();
        } else {
            self.inlines.push(Inline::Break);
        }
    }

    fn marked(&mut self, node: &NodeRef<'_>, mark: Option<Mark>) {
        let mark = mark.filter(|mark| !self.marks.contains(mark));
        if let Some(mark) = &mark {
            self.marks.push(mark.clone());
            self.inlines.push(Inline::Open(mark.clone()));
        }
        self.children(node);
        if let Some(mark) = mark {
            self.marks.pop();
            self.inlines.push(Inline::Close(mark));
        }
    }

    fn image(&mut self, node: &NodeRef<'_>) {
        let is_pixel = |name| {
            let size = node.attr(name);
            size.is_some_and(|size| size.trim().parse::<u32>().is_ok_and(|n| n <= 2))
        };
        if is_pixel("width") || is_pixel("height") {
            return;
        }
        let address = addresses::of_picture(node, self.base);
        if let Some(address) = address {
            let alt = collapse(&node.attr_or("alt", ""));
            self.inlines.push(Inline::Image { alt, address });
        }
    }

    /// Ends the current paragraph.
    pub(super) fn flush(&mut self) {
        let mut inlines = std::mem::take(&mut self.inlines);
        for mark in self.marks.iter().rev() {
            inlines.push(Inline::Close(mark.clone()));
        }
        self.inlines = self.marks.iter().cloned().map(Inline::Open).collect();
        if self.heading.is_some() {
            for piece in &mut inlines {
                if *piece == Inline::Break {
                    *piece = Inline::Text(" ".to_owned());
                }
            }
        }
        let has_image = inlines.iter().any(|p| matches!(p, Inline::Image { .. }));
        let words = inline::words(&inlines);
        if words.is_empty() && !has_image {
            return;
        }
        let (kind, before) = match self.heading {
            Some(level) if !words.is_empty() => {
                (BlockKind::Heading(level), "#".repeat(level) + " ")
            }
            _ => (BlockKind::Paragraph, String::new()),
        };
        let texts = texts(&inlines);
        let markdown = before.clone() + &inline::markdown(&inlines);
        // A reference without its note would be text.
        inlines.retain(|piece| !matches!(piece, Inline::Note(_)));
        let checked = before + &inline::markdown(&inlines);
        self.push_checked(kind, markdown, texts, &checked);
        if let Some(block) = self.blocks.last_mut() {
            block.linked = inline::linked(&inlines);
        }
    }

    /// Adds a block, without markup if markup would change its words.
    pub(super) fn push(&mut self, kind: BlockKind, markdown: String, texts: Vec<String>) {
        let checked = markdown.clone();
        self.push_checked(kind, markdown, texts, &checked);
    }

    fn push_checked(
        &mut self,
        kind: BlockKind,
        markdown: String,
        texts: Vec<String>,
        checked: &str,
    ) {
        let words = texts.concat();
        let is_kept = non_whitespace(&plain(checked)).eq(non_whitespace(&words));
        let (kind, markdown) = match is_kept {
            true => (kind, markdown),
            false => (BlockKind::Paragraph, paragraphs([&texts.join(" ")])),
        };
        self.blocks.push(Block {
            within: self.within.clone(),
            kind,
            markdown,
            texts,
            linked: 0,
        });
    }

    /// Code within a paragraph, each of its lines on its own; several lines that begin a paragraph are a block.
    fn inline_code(&mut self, text: &str) {
        let lines = || text.lines().filter(|line| !line.trim().is_empty());
        let is_blank = |piece: &Inline| match piece {
            Inline::Text(text) => text.trim().is_empty(),
            Inline::Open(_) => true,
            _ => false,
        };
        let begins = self.inlines.iter().all(is_blank) && !self.is_cell && self.heading.is_none();
        if begins && lines().count() > 1 {
            return self.code(text, "");
        }
        for (index, line) in lines().enumerate() {
            if index > 0 {
                self.inlines.push(Inline::Break);
            }
            self.inlines.push(Inline::Code(line.to_owned()));
        }
    }

    fn code(&mut self, text: &str, language: &str) {
        self.flush();
        let text = text.trim_matches('\n').trim_end();
        if text.trim().is_empty() {
            return;
        }
        let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
        let markdown = format!("{fence}{language}\n{text}\n{fence}\n");
        self.push(BlockKind::Other, markdown, vec![collapse(text)]);
    }
}

/// The words of a paragraph, split at line breaks and images.
fn texts(inlines: &[Inline]) -> Vec<String> {
    let is_cut = |piece: &Inline| matches!(piece, Inline::Break | Inline::Image { .. });
    let mut texts = Vec::new();
    for part in inlines.split_inclusive(is_cut) {
        let (own, cut) = match part.split_last() {
            Some((last, own)) if is_cut(last) => (own, Some(last)),
            _ => (part, None),
        };
        texts.push(inline::words(own));
        if let Some(Inline::Image { alt, .. }) = cut {
            texts.push(alt.clone());
        }
    }
    texts.retain(|text| !text.is_empty());
    texts
}
