//! How well flattened text is restored: `cargo bench --bench flattened -- FOLDER…`.
//!
//! Each Markdown article of the folders is reduced to its prose paragraphs and headings, flattened to one line,
//! restored, and compared with the original. Then the speed of the sentence splitter is measured.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use backfile::import::repair::{paragraphs, sentences};
use backfile::settings::Repairs;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Sentences in a paragraph of the naive baseline.
const NAIVE: usize = 3;

fn main() {
    let folders: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
        .collect();
    let list = std::env::var_os("LIST").is_some();
    for folder in &folders {
        let articles = read_folder(Path::new(folder));
        let (mut ours, mut naive) = (Tally::default(), Tally::default());
        for (name, article) in &articles {
            let truth = article.marks();
            let (made, text) = (restored(article), article.flat());
            if list {
                list_headings(name, &text, &truth, &made);
            }
            ours.add(&truth, &made);
            naive.add(&truth, &every_few_sentences(&text));
        }
        println!("\n{folder}: {} articles\n", articles.len());
        println!("{:<34} {:>9} {:>9} {:>9}", "", "precision", "recall", "F1");
        ours.ends.print("ends of paragraphs and headings");
        naive.ends.print("the same, every 3 sentences");
        ours.headings.print("headings");
    }
    print_speed();
}

/// An article's blocks of prose.
#[derive(Debug, Default)]
struct Article {
    blocks: Vec<Block>,
}

#[derive(Debug)]
struct Block {
    text: String,
    is_heading: bool,
}

/// Where an article's blocks end, and which are headings: as the number of characters other than blanks before them.
#[derive(Debug, Default)]
struct Marks {
    ends: BTreeSet<usize>,
    headings: BTreeSet<(usize, usize)>,
}

impl Marks {
    fn of<'a>(blocks: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let mut marks = Self::default();
        let mut at = 0;
        for (text, is_heading) in blocks {
            let end = at + text.chars().filter(|c| !c.is_whitespace()).count();
            if is_heading {
                marks.headings.insert((at, end));
            }
            marks.ends.insert(end);
            at = end;
        }
        // The end of the article does not count.
        marks.ends.remove(&at);
        marks
    }
}

impl Article {
    fn marks(&self) -> Marks {
        Marks::of(self.blocks.iter().map(|b| (b.text.as_str(), b.is_heading)))
    }

    fn flat(&self) -> String {
        let texts: Vec<&str> = self.blocks.iter().map(|b| b.text.as_str()).collect();
        texts.join(" ")
    }

    /// Headings and paragraphs at the top of the document: no lists, quotations, tables, code, images and HTML, and
    /// no paragraph that introduces one with a colon. A paragraph in bold type without a full stop is a heading; one that
    /// no paragraph follows is left out.
    fn read(markdown: &str) -> Self {
        let mut article = Self::default();
        let mut depth = 0;
        let mut block: Option<Block> = None;
        let (mut bold, mut plain) = (0, 0);
        let mut is_bold = false;
        for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
            match event {
                Event::Start(tag @ (Tag::Paragraph | Tag::Heading { .. })) if depth == 0 => {
                    let is_heading = matches!(tag, Tag::Heading { .. });
                    block = Some(Block {
                        text: String::new(),
                        is_heading,
                    });
                    (bold, plain) = (0, 0);
                }
                Event::End(TagEnd::Paragraph | TagEnd::Heading(_)) if depth == 0 => {
                    if let Some(mut made) = block.take() {
                        made.text = made.text.split_whitespace().collect::<Vec<_>>().join(" ");
                        made.is_heading |= bold > 0 && plain == 0 && !made.text.ends_with('.');
                        article.push(made);
                    }
                }
                Event::Start(Tag::Strong) => is_bold = true,
                Event::End(TagEnd::Strong) => is_bold = false,
                Event::Start(Tag::Emphasis | Tag::Link { .. } | Tag::Paragraph) => {}
                Event::End(TagEnd::Emphasis | TagEnd::Link | TagEnd::Paragraph) => {}
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Text(text) | Event::Code(text) if depth == 0 => {
                    let letters = text.trim().len();
                    *if is_bold { &mut bold } else { &mut plain } += letters;
                    if let Some(block) = &mut block {
                        block.text.push_str(&text);
                    }
                }
                Event::SoftBreak | Event::HardBreak => {
                    if let Some(block) = &mut block {
                        block.text.push(' ');
                    }
                }
                _ => {}
            }
        }
        article.drop_last_headings();
        article
    }

    fn push(&mut self, block: Block) {
        let is_template = block.text.contains("{%") || block.text.contains("{{");
        let introduces = block.text.ends_with(':') && !block.is_heading;
        if block.text.is_empty() || is_template || introduces {
            return;
        }
        if block.is_heading {
            self.drop_last_headings();
        }
        self.blocks.push(block);
    }

    /// Removes headings at the end, whose prose was left out.
    fn drop_last_headings(&mut self) {
        while self.blocks.last().is_some_and(|b| b.is_heading) {
            self.blocks.pop();
        }
    }
}

/// The Markdown articles of a folder that are long enough to be restored, by name.
fn read_folder(folder: &Path) -> Vec<(String, Article)> {
    let mut articles = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.expect("a folder that can be read");
        if entry.path().extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("text");
        let (front, body) = divided(&text);
        // Paragraphs that the program inferred cannot be used to measure it.
        if front.lines().any(|line| line.trim() == "- paragraphs") {
            continue;
        }
        let article = Article::read(body);
        if article.blocks.len() > 1 && article.flat().len() > paragraphs::FLATTENED {
            articles.push((entry.file_name().to_string_lossy().into_owned(), article));
        }
    }
    articles
}

/// A file's front matter, and its body.
fn divided(text: &str) -> (&str, &str) {
    let parted = text
        .strip_prefix("---")
        .and_then(|rest| rest.split_once("\n---"));
    parted.unwrap_or(("", text))
}

/// The article that the program restores from one line.
fn restored(article: &Article) -> Marks {
    let text = article.flat();
    let found = paragraphs::restore(&text, Repairs::ALL);
    Marks::of(
        found
            .blocks
            .iter()
            .map(|part| (&text[part.range.clone()], part.is_heading)),
    )
}

fn every_few_sentences(text: &str) -> Marks {
    let mut starts = sentences::starts(text);
    starts.push(text.len());
    let mut from = 0;
    let parts = starts.chunks(NAIVE).filter_map(|chunk| {
        let end = *chunk.last()?;
        let part = &text[from..end];
        from = end;
        Some((part, false))
    });
    Marks::of(parts)
}

#[derive(Debug, Default)]
struct Tally {
    ends: Counts,
    headings: Counts,
}

impl Tally {
    fn add(&mut self, truth: &Marks, made: &Marks) {
        self.ends.add(&truth.ends, &made.ends);
        self.headings.add(&truth.headings, &made.headings);
    }
}

#[derive(Debug, Default)]
struct Counts {
    right: usize,
    made: usize,
    truth: usize,
}

impl Counts {
    fn add<T: Ord>(&mut self, truth: &BTreeSet<T>, made: &BTreeSet<T>) {
        self.right += truth.intersection(made).count();
        self.made += made.len();
        self.truth += truth.len();
    }

    fn print(&self, what: &str) {
        let share = |of: usize| self.right as f64 / of.max(1) as f64;
        let (precision, recall) = (share(self.made), share(self.truth));
        let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
        println!("{what:<34} {precision:>9.3} {recall:>9.3} {f1:>9.3}");
        println!("{:<34} {:>9} {:>9}", "  of", self.made, self.truth);
    }
}

/// With `LIST` in the environment: each heading that is found (`+`), found wrongly (`-`) or missed (` `).
fn list_headings(name: &str, text: &str, truth: &Marks, made: &Marks) {
    // The bytes of the characters that are counted.
    let letters: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| !c.is_whitespace())
        .map(|(at, _)| at)
        .collect();
    let byte = |letter: usize| letters.get(letter).copied().unwrap_or(text.len());
    for heading @ (start, end) in truth.headings.union(&made.headings) {
        let mark = match (
            truth.headings.contains(heading),
            made.headings.contains(heading),
        ) {
            (true, true) => '+',
            (false, _) => '-',
            _ => ' ',
        };
        let behind: String = text[byte(*end)..].chars().take(40).collect();
        println!(
            "{mark} {}¦ {behind}   ({name})",
            &text[byte(*start)..byte(*end)]
        );
    }
}

/// Generated prose: sentences of many lengths with abbreviations, numbers and quotations.
fn print_speed() {
    let mut prose = String::new();
    for rank in 0_usize.. {
        if prose.len() > 32_000_000 {
            break;
        }
        let piece = [
            "The harbour office opened the new quay on Monday, after nine years of work and two of waiting. ",
            "Dr. Ida Moss of Reed & Co. said that it had cost $3.5 million. ",
            "“We had no map,” she said, “and then we had too many.” ",
            "Why was that? ",
            "At 6 a.m. the first boat of the U.S. Navy made fast, and its crew of 120 went for bread … ",
            "Nobody else came. ",
        ][rank * 7 % 6];
        prose.push_str(piece);
    }
    let (mut best, mut found) = (f64::MAX, 0);
    for _ in 0..5 {
        let start = Instant::now();
        found = std::hint::black_box(sentences::starts(&prose)).len() + 1;
        best = best.min(start.elapsed().as_secs_f64());
    }
    let speed = prose.len() as f64 / best / 1e6;
    println!(
        "\nsentences: {speed:.0} MB/s on one core, best of 5 ({found} sentences in {} MB)",
        prose.len() / 1_000_000
    );
}
