//! The blocks of a page, and their Markdown: lists and quotations are nested by prefixes of lines.
//! Never knows HTML.

/// A paragraph, heading, table or code block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The lists and quotations around it, outermost first.
    pub within: Vec<Container>,
    pub kind: BlockKind,
    /// Without the prefixes of `within`.
    pub markdown: String,
    /// The words, split at line breaks and images.
    pub texts: Vec<String>,
    /// How many bytes of the words are links.
    pub linked: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    Paragraph,
    Heading(usize),
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Numbered, so that adjacent quotations differ.
    Quote(usize),
    /// A footnote, with its number.
    Note(usize),
    Item {
        list: usize,
        item: usize,
        /// In an ordered list.
        number: Option<usize>,
    },
}

impl Block {
    pub fn words(&self) -> String {
        self.texts.join("\n")
    }

    /// Whether at least half of the words are links.
    pub fn is_linked(&self) -> bool {
        let length: usize = self.texts.iter().map(String::len).sum();
        self.linked * 2 >= length.max(1)
    }
}

/// Whether a block is a heading.
pub fn is_heading(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Heading(_))
}

/// Blocks as Markdown.
pub(crate) fn join(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut before: Option<&Block> = None;
    for block in blocks {
        let open = before.map_or(0, |before| {
            let pairs = before.within.iter().zip(&block.within);
            pairs.take_while(|(a, b)| a == b).count()
        });
        let (shared, new) = block.within.split_at(open);
        if let Some(before) = before {
            let is_tight = same_list(before, block, open);
            if !is_tight {
                out.push_str(prefix(shared, false).trim_end());
                out.push('\n');
            }
        }
        let first = prefix(shared, false) + &prefix(new, true);
        let rest = prefix(&block.within, false);
        for (index, line) in block.markdown.lines().enumerate() {
            let prefix = if index == 0 { &first } else { &rest };
            if line.is_empty() {
                out.push_str(prefix.trim_end());
            } else {
                out.push_str(prefix);
                out.push_str(line);
            }
            out.push('\n');
        }
        before = Some(block);
    }
    out
}

/// Whether two blocks are both the only paragraph of an item of the same list.
fn same_list(a: &Block, b: &Block, open: usize) -> bool {
    let ends = |block: &Block| block.within.len() == open + 1 && block.kind == BlockKind::Paragraph;
    let list = |block: &Block| match block.within.get(open) {
        Some(Container::Item { list, .. }) => Some(*list),
        _ => None,
    };
    ends(a) && ends(b) && list(a).is_some() && list(a) == list(b)
}

/// The beginning of a line within containers. `is_first` if the line begins their items.
fn prefix(containers: &[Container], is_first: bool) -> String {
    let one = |container: &Container| match container {
        Container::Quote(_) => "> ".to_owned(),
        Container::Note(number) => match is_first {
            true => format!("[^{number}]: "),
            false => "    ".to_owned(),
        },
        Container::Item { number, .. } => {
            let marker = number.map_or_else(|| "- ".to_owned(), |n| format!("{n}. "));
            match is_first {
                true => marker,
                false => " ".repeat(marker.len()),
            }
        }
    };
    containers.iter().map(one).collect()
}
