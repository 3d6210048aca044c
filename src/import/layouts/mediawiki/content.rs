//! Wikitext → HTML, the words that are removed, and metadata: the writer, which `lines` and `runs` call.

use std::collections::HashSet;

use super::dump::Wiki;
use crate::import::layouts::html_text;
use crate::import::repair::dates::ReadDate;
use crate::text::characters::one_line;

/// Nested marks, elements and tables that are written; the tags of deeper ones are ignored, but not their words.
const MOST_MARKS: usize = 16;
const MOST_BLOCKS: usize = 24;
const MOST_TABLES: usize = 4;

/// Labels within labels and templates within templates are read to this depth.
const DEEPEST: usize = 4;

#[derive(Debug, Default)]
pub(crate) struct WikiContent {
    /// Well-formed, of few elements, and without attributes except addresses.
    pub html: String,
    /// The words of the HTML, with a blank line between paragraphs.
    pub words: String,
    /// As written, each on one line.
    pub removed: Vec<String>,
    pub categories: Vec<String>,
    /// Links to the same article in other languages: `fr:Le port`.
    pub translations: Vec<String>,
    pub date: Option<ReadDate>,
    /// A text in place of a date that is not one.
    pub date_text: Option<String>,
    pub place: Option<String>,
}

/// Reads a page's text.
pub(crate) fn read(text: &str, wiki: &Wiki) -> WikiContent {
    let text = text.replace("\r\n", "\n");
    let mut writer = WikiWriter::new(wiki);
    writer.lines(&text);
    writer.finish()
}

/// A mark that is open, and whether apostrophes opened it: those end with the line.
type Mark = (&'static str, bool);

pub(crate) struct WikiWriter<'a> {
    pub wiki: &'a Wiki,
    pub out: WikiContent,
    seen: HashSet<String>,
    marks: Vec<Mark>,
    is_paragraph: bool,
    is_heading: bool,
    /// Whether each line of the text is a line of a poem.
    pub is_poem: bool,
    pub is_link: bool,
    /// The characters of the lists that are open: `*`, `#`, `:`, `;`.
    lists: Vec<char>,
    blocks: Vec<&'static str>,
    tables: Vec<OpenTable>,
    /// Open tables that are nested too deeply to be written.
    ignored_tables: usize,
    is_caption: bool,
    depth: usize,
}

/// A table that is open, and how many blocks were open when it began.
#[derive(Debug, Clone, Copy, Default)]
struct OpenTable {
    is_row: bool,
    is_cell: bool,
    blocks: usize,
}

impl<'a> WikiWriter<'a> {
    fn new(wiki: &'a Wiki) -> Self {
        Self {
            wiki,
            out: WikiContent::default(),
            seen: HashSet::new(),
            marks: Vec::new(),
            is_paragraph: false,
            is_heading: false,
            is_poem: false,
            is_link: false,
            lists: Vec::new(),
            blocks: Vec::new(),
            tables: Vec::new(),
            ignored_tables: 0,
            is_caption: false,
            depth: 0,
        }
    }

    fn finish(mut self) -> WikiContent {
        while self.in_table() {
            self.end_table();
        }
        self.end_blocks(0);
        self.out
    }

    /// Reads at the next level, if that is not too deep.
    pub(crate) fn deeper(&mut self, read: impl FnOnce(&mut Self)) -> bool {
        let fits = self.depth < DEEPEST;
        if fits {
            self.depth += 1;
            read(self);
            self.depth -= 1;
        }
        fits
    }

    /// Writes words, with references resolved as in HTML.
    pub(crate) fn text(&mut self, written: &str) {
        if written.is_empty() {
            return;
        }
        let text = html_text::resolve(written);
        if text.trim().is_empty() {
            self.out.words.push(' ');
            self.out.html.push(' ');
            return;
        }
        self.begin();
        self.out.words.push_str(&text);
        html_text::escape(&mut self.out.html, &text);
    }

    pub(crate) fn in_paragraph(&self) -> bool {
        self.is_paragraph
    }

    /// A line break within a paragraph.
    pub(crate) fn line_break(&mut self) {
        self.begin();
        self.out.words.push('\n');
        self.out.html.push_str("<br>");
    }

    /// Text as written, in a block of its own.
    pub(crate) fn code_block(&mut self, text: &str) {
        self.end_paragraph();
        self.begin_cell();
        let text = html_text::resolve(text);
        self.out.words.push_str(&text);
        self.out.words.push_str("\n\n");
        self.out.html.push_str("<pre>");
        html_text::escape(&mut self.out.html, &text);
        self.out.html.push_str("</pre>");
    }

    /// Removes words.
    pub(crate) fn remove(&mut self, written: &str) {
        let line = one_line(written);
        if !line.is_empty() {
            self.out.removed.push(line);
        }
    }

    pub(crate) fn category(&mut self, name: &str) {
        let name = one_line(&name.replace('_', " "));
        if !name.is_empty() && self.seen.insert(name.clone()) {
            self.out.categories.push(name);
        }
    }

    /// Begins a paragraph for words that are not in a heading or an item.
    fn begin(&mut self) {
        self.begin_cell();
        if !self.is_paragraph && !self.is_heading && self.lists.is_empty() {
            self.is_paragraph = true;
            self.out.html.push_str("<p>");
        }
    }

    // Marks within a paragraph.

    pub(crate) fn open_mark(&mut self, mark: &'static str, by_apostrophes: bool) {
        let is_open = self.marks.iter().any(|(open, _)| *open == mark);
        if self.marks.len() >= MOST_MARKS || is_open && !by_apostrophes {
            return;
        }
        self.begin();
        self.marks.push((mark, by_apostrophes));
        self.out.html.push_str(&format!("<{mark}>"));
    }

    /// Closes a mark and reopens those within it. Whether it was open.
    pub(crate) fn close_mark(&mut self, mark: &str, by_apostrophes: bool) -> bool {
        let is_it = |open: &Mark| open.0 == mark && open.1 == by_apostrophes;
        let Some(at) = self.marks.iter().rposition(is_it) else {
            return false;
        };
        let inner = self.marks.split_off(at);
        for (mark, _) in inner.iter().rev() {
            self.out.html.push_str(&format!("</{mark}>"));
        }
        for (mark, by_apostrophes) in inner.into_iter().skip(1) {
            self.marks.push((mark, by_apostrophes));
            self.out.html.push_str(&format!("<{mark}>"));
        }
        true
    }

    pub(crate) fn toggle(&mut self, mark: &'static str) {
        if !self.close_mark(mark, true) {
            self.open_mark(mark, true);
        }
    }

    pub(crate) fn open_link(&mut self, address: &str) {
        self.begin();
        self.is_link = true;
        self.out.html.push_str("<a href=\"");
        html_text::escape_attribute(&mut self.out.html, address);
        self.out.html.push_str("\">");
    }

    pub(crate) fn close_link(&mut self) {
        if std::mem::take(&mut self.is_link) {
            self.out.html.push_str("</a>");
        }
    }

    /// Ends a line, and the links and emphasis in it.
    pub(crate) fn end_line(&mut self) {
        self.close_link();
        self.close_mark("em", true);
        self.close_mark("strong", true);
        self.out.words.push('\n');
        self.out.html.push('\n');
    }

    // Blocks.

    pub(crate) fn end_paragraph(&mut self) {
        self.close_link();
        for (mark, _) in std::mem::take(&mut self.marks).iter().rev() {
            self.out.html.push_str(&format!("</{mark}>"));
        }
        if std::mem::take(&mut self.is_paragraph) {
            self.out.html.push_str("</p>");
        }
        self.out.words.push_str("\n\n");
    }

    /// Ends the paragraph, and all lists but the `keep` outermost.
    pub(crate) fn end_lists(&mut self, keep: usize) {
        self.end_paragraph();
        while self.lists.len() > keep {
            self.out.html.push_str(match self.lists.pop() {
                Some('*') => "</li></ul>",
                Some('#') => "</li></ol>",
                _ => "</div></div>",
            });
        }
    }

    /// Begins an item of a list: `**` is an item of a list within a list.
    pub(crate) fn item(&mut self, signs: &[char]) {
        self.begin_cell();
        let same = |a: &char, b: &char| a == b || matches!((a, b), (':' | ';', ':' | ';'));
        let pairs = self.lists.iter().zip(signs);
        let shared = pairs.take_while(|(a, b)| same(a, b)).count();
        self.end_lists(shared);
        if shared == signs.len() {
            self.out.html.push_str(match signs.last() {
                Some('*' | '#') => "</li><li>",
                _ => "</div><div>",
            });
        }
        for sign in &signs[shared..] {
            self.lists.push(*sign);
            self.out.html.push_str(match sign {
                '*' => "<ul><li>",
                '#' => "<ol><li>",
                _ => "<div><div>",
            });
        }
    }

    pub(crate) fn in_list(&self) -> bool {
        !self.lists.is_empty()
    }

    pub(crate) fn begin_heading(&mut self, level: usize) {
        self.end_lists(0);
        self.begin_cell();
        self.is_heading = true;
        self.out.html.push_str(&format!("<h{level}>"));
    }

    pub(crate) fn end_heading(&mut self, level: usize) {
        self.end_paragraph();
        if std::mem::take(&mut self.is_heading) {
            self.out.html.push_str(&format!("</h{level}>"));
        }
    }

    /// Opens an element that contains others.
    pub(crate) fn open_block(&mut self, name: &'static str) {
        self.end_lists(0);
        self.begin_cell();
        if self.blocks.len() < MOST_BLOCKS {
            self.blocks.push(name);
            self.out.html.push_str(&format!("<{name}>"));
        }
    }

    pub(crate) fn close_block(&mut self, name: &str) {
        let first = self.tables.last().map_or(0, |table| table.blocks);
        let inside = self.blocks.get(first..).unwrap_or_default();
        if let Some(at) = inside.iter().rposition(|open| *open == name) {
            self.end_blocks(first + at);
        } else {
            self.end_lists(0);
        }
    }

    /// Ends the innermost item of a list, and all within it.
    pub(crate) fn close_last_item(&mut self) {
        let first = self.tables.last().map_or(0, |table| table.blocks);
        let inside = self.blocks.get(first..).unwrap_or_default();
        let list = inside.iter().rposition(|open| matches!(*open, "ul" | "ol"));
        let items = list.map_or(inside, |list| &inside[list..]);
        if let Some(at) = items.iter().position(|open| *open == "li") {
            self.end_blocks(first + list.unwrap_or(0) + at);
        }
    }

    fn end_blocks(&mut self, keep: usize) {
        self.end_lists(0);
        while self.blocks.len() > keep {
            if let Some(name) = self.blocks.pop() {
                self.out.html.push_str(&format!("</{name}>"));
            }
        }
    }

    // Tables.

    pub(crate) fn in_table(&self) -> bool {
        !self.tables.is_empty()
    }

    pub(crate) fn begin_table(&mut self) {
        self.end_lists(0);
        if self.tables.len() >= MOST_TABLES {
            self.ignored_tables += 1;
            return;
        }
        self.begin_cell();
        self.tables.push(OpenTable {
            blocks: self.blocks.len(),
            ..OpenTable::default()
        });
        self.out.html.push_str("<table>");
    }

    pub(crate) fn begin_row(&mut self) {
        self.end_row();
        if self.ignored_tables == 0
            && let Some(table) = self.tables.last_mut()
        {
            table.is_row = true;
            self.out.html.push_str("<tr>");
        }
    }

    /// Begins the caption of a table; after its first row has begun, a row with one cell.
    pub(crate) fn begin_caption(&mut self) {
        let is_first = self.tables.last().is_some_and(|table| !table.is_row);
        if is_first && self.ignored_tables == 0 {
            self.is_caption = true;
            self.out.html.push_str("<caption>");
        } else {
            self.begin_row();
            self.next_cell();
        }
    }

    pub(crate) fn end_caption(&mut self) {
        self.end_paragraph();
        if std::mem::take(&mut self.is_caption) {
            self.out.html.push_str("</caption>");
        }
    }

    pub(crate) fn next_cell(&mut self) {
        self.end_cell();
        self.begin_cell();
    }

    /// Gives the cell that has just begun the columns and rows that its attributes say.
    pub(crate) fn span_cell(&mut self, attributes: &str) {
        if !self.out.html.ends_with("<td>") {
            return;
        }
        self.out.html.pop();
        for name in ["rowspan", "colspan"] {
            let value = attributes.split_once(name).map(|(_, rest)| rest);
            let value = value.and_then(|rest| rest.trim_start().strip_prefix('='));
            let value = value.map(|rest| rest.trim_start_matches([' ', '"', '\'']));
            let digits = value.map(|rest| {
                let digits = rest.bytes().take(4).take_while(u8::is_ascii_digit);
                rest.split_at(digits.count()).0
            });
            if let Some(digits) = digits.filter(|digits| !digits.is_empty()) {
                self.out.html += &format!(" {name}=\"{digits}\"");
            }
        }
        self.out.html.push('>');
    }

    pub(crate) fn end_table(&mut self) {
        self.end_row();
        if self.ignored_tables > 0 {
            self.ignored_tables -= 1;
        } else if self.tables.pop().is_some() {
            self.out.html.push_str("</table>");
        }
    }

    /// Begins a cell for words in a table that are not in one.
    fn begin_cell(&mut self) {
        let is_open = |table: &&mut OpenTable| !table.is_cell;
        let Some(table) = self.tables.last_mut().filter(is_open) else {
            return;
        };
        if self.is_caption {
            return;
        }
        if !std::mem::replace(&mut table.is_row, true) {
            self.out.html.push_str("<tr>");
        }
        table.is_cell = true;
        self.out.html.push_str("<td>");
    }

    fn end_cell(&mut self) {
        let blocks = self.tables.last().map_or(0, |table| table.blocks);
        self.end_blocks(blocks);
        if self.ignored_tables == 0
            && let Some(table) = self.tables.last_mut()
            && std::mem::take(&mut table.is_cell)
        {
            self.out.html.push_str("</td>");
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if self.ignored_tables == 0
            && let Some(table) = self.tables.last_mut()
            && std::mem::take(&mut table.is_row)
        {
            self.out.html.push_str("</tr>");
        }
    }
}
