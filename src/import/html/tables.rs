//! Tables of HTML → tables of Markdown, in which each cell stands in its own column.
//! Knows rows and cells; never what is around a table.

use dom_query::NodeRef;

use super::blocks::{Block, BlockKind};
use super::non_whitespace;
use super::walk::Walker;
use crate::import::markdown::plain;

/// A table with a longer cell is used for layout.
const LONGEST_CELL: usize = 400;

impl Walker<'_> {
    pub(super) fn table(&mut self, table: &NodeRef<'_>) {
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
        let mut inner = self.inner();
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
