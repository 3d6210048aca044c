//! A tree of elements → blocks: paragraphs, headings, list items, quotations, tables, code.
//! Knows the elements of HTML; never which part of a page is the article.

use dom_query::NodeRef;
use url::Url;

use super::addresses;
use super::blocks::{Block, BlockKind, Container};
use super::code::{language_of, preformatted};
use super::elements::{is_block, is_invisible};
use super::inline::{self, Inline, Mark, collapse, longest_run};
use super::non_whitespace;
use crate::import::markdown::{paragraphs, plain};

/// Deeper lists and quotations are shown at this depth: each level indents every line.
const DEEPEST: usize = 8;

/// A table with a longer cell is used for layout.
const LONGEST_CELL: usize = 400;

/// The blocks below a node, in the order of the page.
pub fn blocks(node: &NodeRef<'_>, base: Option<&Url>) -> Vec<Block> {
    let mut walk = Walker {
        base,
        ..Walker::default()
    };
    walk.node(node);
    walk.flush();
    walk.blocks
}

#[derive(Default)]
struct Walker<'a> {
    base: Option<&'a Url>,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    /// The marks that are open.
    marks: Vec<Mark>,
    heading: Option<usize>,
    /// Whether a cell of a table is read, which can hold no block of code.
    is_cell: bool,
    within: Vec<Container>,
    /// The lists that are open: the number of each, and that of its next item if it is ordered.
    lists: Vec<(usize, Option<usize>)>,
    /// The number of lists, items and quotations so far.
    count: usize,
}

impl Walker<'_> {
    fn node(&mut self, node: &NodeRef<'_>) {
        if node.is_text() {
            return self.text(&node.text());
        }
        let Some(name) = node.node_name() else {
            return self.children(node);
        };
        match &*name {
            name if is_invisible(name) => {}
            "br" => self.line_break(),
            "img" | "amp-img" | "amp-anim" => self.image(node),
            "a" => {
                let address = node
                    .attr("href")
                    .and_then(|href| addresses::link(&href, self.base));
                self.marked(node, address.map(Mark::Link));
            }
            "em" | "i" => self.marked(node, Some(Mark::Emphasis)),
            "del" | "s" | "strike" => self.marked(node, Some(Mark::Strikethrough)),
            "sup" => self.marked(node, Some(Mark::Element("sup"))),
            "sub" => self.marked(node, Some(Mark::Element("sub"))),
            "strong" | "b" => {
                let mark = self.heading.is_none().then_some(Mark::Strong);
                self.marked(node, mark);
            }
            "code" | "kbd" | "samp" | "tt" => self.inline_code(&preformatted(node, false)),
            "pre" => self.code(&preformatted(node, true), &language_of(node)),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, &name),
            "ul" | "ol" | "menu" | "dir" => self.list(node, &name),
            "li" => self.item(node),
            "blockquote" => {
                self.count += 1;
                self.contained(node, Some(Container::Quote(self.count)));
            }
            "table" => self.table(node),
            name if is_block(name) => self.block(node),
            _ => self.children(node),
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
        self.block(node);
        self.lists.pop();
    }

    fn item(&mut self, node: &NodeRef<'_>) {
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

    fn children(&mut self, node: &NodeRef<'_>) {
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
    fn flush(&mut self) {
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
        let markdown = before + &inline::markdown(&inlines);
        self.push(kind, markdown, texts(&inlines));
        if let Some(block) = self.blocks.last_mut() {
            block.linked = inline::linked(&inlines);
        }
    }

    /// Adds a block, without markup if markup would change its words.
    fn push(&mut self, kind: BlockKind, markdown: String, texts: Vec<String>) {
        let words = texts.concat();
        let is_kept = non_whitespace(&plain(&markdown)).eq(non_whitespace(&words));
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

    fn table(&mut self, table: &NodeRef<'_>) {
        self.flush();
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for part in table.children_it(false) {
            match part.node_name().as_deref() {
                Some("tr") => rows.push(self.row(&part)),
                Some("thead" | "tbody" | "tfoot") => {
                    for row in part.children_it(false) {
                        if row.has_name("tr") {
                            rows.push(self.row(&row));
                        } else {
                            self.node(&row);
                        }
                    }
                }
                _ => self.node(&part),
            }
        }
        self.flush();
        if !self.push_table(&rows) {
            let cells = rows.into_iter().flatten();
            self.blocks.extend(cells.flat_map(|cell| cell.blocks));
        }
    }

    /// Adds a table of Markdown, unless the cells hold more than a line or markup would change their words.
    fn push_table(&mut self, rows: &[Vec<Cell>]) -> bool {
        let grid = grid(rows);
        let width = grid.iter().map(Vec::len).max().unwrap_or(0);
        let is_short = |cell: &Cell| {
            let mut blocks = cell.blocks.iter();
            let length: usize = blocks.clone().map(|block| block.markdown.len()).sum();
            length <= LONGEST_CELL && blocks.all(|block| block.kind == BlockKind::Paragraph)
        };
        let is_table = width >= 2 && rows.len() >= 2 && width <= WIDEST_TABLE;
        if !is_table || !rows.iter().flatten().all(is_short) {
            return false;
        }
        let markdown = table_markdown(&grid, width);
        let cells = rows.iter().flatten().flat_map(|cell| &cell.blocks);
        let words: Vec<String> = cells.flat_map(|cell| cell.texts.clone()).collect();
        if !non_whitespace(&plain(&markdown)).eq(non_whitespace(&words.concat())) {
            return false;
        }
        if !words.is_empty() {
            self.push(BlockKind::Other, markdown, words);
        }
        true
    }

    fn row(&mut self, row: &NodeRef<'_>) -> Vec<Cell> {
        let cells = row.children_it(false).filter(NodeRef::is_element);
        let cells: Vec<NodeRef<'_>> = cells.collect();
        cells.iter().map(|cell| self.cell(cell)).collect()
    }

    fn cell(&mut self, cell: &NodeRef<'_>) -> Cell {
        let mut inner = Walker {
            base: self.base,
            within: self.within.clone(),
            count: self.count,
            is_cell: true,
            ..Walker::default()
        };
        inner.children(cell);
        inner.flush();
        self.count = inner.count;
        let span = |name| {
            let written = cell.attr(name).and_then(|span| span.trim().parse().ok());
            written.unwrap_or(1).clamp(1, WIDEST_TABLE)
        };
        Cell {
            blocks: inner.blocks,
            columns: span("colspan"),
            rows: span("rowspan"),
        }
    }
}

/// A cell of a table, and how many columns and rows it covers.
struct Cell {
    blocks: Vec<Block>,
    columns: usize,
    rows: usize,
}

/// A wider table is not written as one of Markdown, in columns.
const WIDEST_TABLE: usize = 200;

/// Rows in which each cell stands in its own column: one that covers several leaves the others empty.
fn grid(rows: &[Vec<Cell>]) -> Vec<Vec<Option<&Cell>>> {
    // For each column, how many more rows a cell above covers.
    let mut covered: Vec<usize> = Vec::new();
    let mut grid = Vec::with_capacity(rows.len());
    for row in rows {
        let mut line: Vec<Option<&Cell>> = Vec::new();
        let mut cells = row.iter();
        loop {
            let at = line.len();
            if let Some(left) = covered.get_mut(at).filter(|left| **left > 0) {
                *left -= 1;
                line.push(None);
                continue;
            }
            let Some(cell) = cells.next().filter(|_| at < WIDEST_TABLE) else {
                break;
            };
            line.push(Some(cell));
            line.extend((1..cell.columns).map(|_| None));
            covered.resize(covered.len().max(line.len()), 0);
            covered[at..line.len()].fill(cell.rows - 1);
        }
        grid.push(line);
    }
    grid
}

/// Rows of cells; the first row is the header. Lines and blocks within a cell are separated by `<br>`.
fn table_markdown(rows: &[Vec<Option<&Cell>>], width: usize) -> String {
    let mut markdown = String::new();
    for (index, row) in rows.iter().enumerate() {
        markdown.push('|');
        for cell in row {
            let blocks = cell.iter().flat_map(|cell| &cell.blocks);
            let texts = blocks.map(|block| block.markdown.trim_end().replace("\\\n", "<br>"));
            let text = texts.collect::<Vec<_>>().join("<br>").replace('\n', " ");
            markdown += &format!(" {text} |");
        }
        if index == 0 {
            markdown += &"  |".repeat(width - row.len());
            markdown += "\n|";
            markdown += &"---|".repeat(width);
        }
        markdown.push('\n');
    }
    markdown
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
