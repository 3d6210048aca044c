//! `docs/architecture.md` is true of the source: its blocks are taken from the files that they name.

use std::path::Path;

/// A fenced block that names a file: ```` ```rust src/x.rs ````.
struct Block<'a> {
    file: &'a str,
    lines: Vec<&'a str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(info), None) => {
                let file = info.split_once(' ').map_or("", |(_, file)| file);
                let lines = Vec::new();
                open = Some(Block { file, lines });
            }
            (None, Some(block)) => block.lines.push(line),
            (None, None) => {}
        }
    }
    blocks.retain(|block| !block.file.is_empty());
    blocks
}

/// The first line of a block that the text does not have behind the lines before it.
fn missing<'a>(block: &Block<'a>, text: &str) -> Option<&'a str> {
    let mut lines = text.lines().map(str::trim);
    let wanted = block.lines.iter().copied();
    let mut wanted = wanted.filter(|line| !line.trim().is_empty());
    wanted.find(|line| !lines.any(|known| known == line.trim()))
}

#[test]
fn blocks_of_the_documentation_are_taken_from_the_source() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(root.join(file)).expect(file);
    let text = read("docs/architecture.md");
    let blocks = blocks(&text);
    assert!(blocks.len() >= 8, "each part of `How to add` has a block");
    for block in blocks {
        let missing = missing(&block, &read(block.file));
        assert_eq!(missing, None, "{} has no such line there", block.file);
    }
}

#[test]
fn a_line_that_is_not_in_the_file_is_found() {
    let text = "```rust a.rs\nlet a = 1;\nlet b = 2;\n```\n";
    let blocks = blocks(text);
    assert_eq!(missing(&blocks[0], "let a = 1;\n\n    let b = 2;\n"), None);
    assert_eq!(
        missing(&blocks[0], "let b = 2;\nlet a = 1;\n"),
        Some("let b = 2;")
    );
}
