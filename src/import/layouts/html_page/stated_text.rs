//! The text that a page itself says is that of its article, in JSON-LD or by `itemprop`, and where the found body differs from it.
//! Never finds a body.

use std::collections::HashSet;

use dom_query::{Document, NodeRef};

use super::json_ld::JsonLd;
use crate::import::html::{self, Block, is_heading};
use crate::import::recurrence::hash32;

/// A shorter text may be the beginning of the article only, in words.
const SHORTEST: usize = 60;

/// So many words in a row are compared.
const IN_ROW: usize = 4;

/// The longest text that is read, in bytes.
const LONGEST: usize = 2_000_000;

/// The words of the article, as the page states them.
pub(super) struct StatedText {
    words: usize,
    rows: HashSet<u32>,
}

impl StatedText {
    pub(super) fn of(document: &Document) -> Option<Self> {
        let mut json_ld = JsonLd::default();
        let mut marked: Vec<String> = Vec::new();
        for node in document.root().descendants_it() {
            if node.has_name("script") {
                let kind = node.attr("type").unwrap_or_default();
                if kind.to_ascii_lowercase().contains("ld+json") {
                    json_ld.add(&node.text());
                }
            } else if is_marked(&node) && marked.len() < 10 {
                let blocks = html::blocks(&node, None);
                marked.extend(blocks.iter().map(Block::words));
            }
        }
        let article = json_ld.article(|_| false);
        let texts = article.map(|article| json_ld.texts(article, "articleBody"));
        let stated = texts.unwrap_or_default().join(" ");
        [stated, marked.join(" ")].iter().find_map(|text| {
            let text = text.get(..LONGEST).unwrap_or(text);
            let words = words(text);
            let rows = rows(&words);
            (words.len() >= SHORTEST).then(|| Self {
                words: words.len(),
                rows: rows.collect(),
            })
        })
    }

    /// Removes from both ends of a body what the stated text does not have; where the body is another part of the page, it becomes
    /// the stretch of the page that has the stated text.
    pub(super) fn apply(&self, body: &mut Vec<Block>, page: &[Block]) {
        let own = self.covered_words(body);
        let on_page = self.covered_words(page);
        if own * 2 < on_page && on_page * 10 >= self.words * 6 {
            *body = self.stretch(page).to_vec();
        }
        let all: usize = body.iter().map(|block| words(&block.words()).len()).sum();
        let own = self.covered_words(body);
        // A text that was cut, or is another's, says nothing of where the body ends.
        if own * 10 < all * 6 || own * 10 < self.words * 6 {
            return;
        }
        let kept = self.stretch(body);
        // An image, a heading or a line that cannot be compared belongs to what follows it.
        let first = body.len() - trailing(body, kept);
        let before = body[..first].iter().rev();
        let lead = before
            .take_while(|block| is_heading(block) || block.texts.is_empty())
            .count();
        let end = first + kept.len();
        body.truncate(end);
        body.drain(..first - lead);
    }

    /// The blocks from the first to the last that the stated text has.
    fn stretch<'b>(&self, blocks: &'b [Block]) -> &'b [Block] {
        let is_own = |block: &Block| self.has(block).unwrap_or(false);
        let first = blocks.iter().position(is_own).unwrap_or(0);
        let last = blocks.iter().rposition(is_own);
        let end = last.map_or(blocks.len(), |last| {
            let after = blocks[last + 1..].iter();
            // Short lines at the end cannot be compared.
            last + 1 + after.take_while(|block| self.has(block).is_none()).count()
        });
        &blocks[first..end]
    }

    fn covered_words(&self, blocks: &[Block]) -> usize {
        let own = blocks.iter().filter(|block| self.has(block) == Some(true));
        own.map(|block| words(&block.words()).len()).sum()
    }

    /// Whether the stated text has most of a block; `None` if the block is too short to say.
    fn has(&self, block: &Block) -> Option<bool> {
        let words = words(&block.words());
        if words.len() < IN_ROW {
            return None;
        }
        let rows: Vec<u32> = rows(&words).collect();
        let known = rows.iter().filter(|row| self.rows.contains(row)).count();
        Some(known * 2 >= rows.len())
    }
}

/// How many blocks there are from the first of `part` to the end of `whole`, of which it is a stretch.
fn trailing(whole: &[Block], part: &[Block]) -> usize {
    let first = part.first().map(std::ptr::from_ref);
    let at = first.and_then(|first| whole.iter().position(|block| std::ptr::eq(block, first)));
    whole.len() - at.unwrap_or(0)
}

fn is_marked(node: &NodeRef<'_>) -> bool {
    let property = node.attr("itemprop").unwrap_or_default();
    property
        .split_ascii_whitespace()
        .any(|name| name == "articleBody")
        && !node.has_name("meta")
}

/// Words in lowercase, without marks.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    let parts = parts.filter(|word| !word.is_empty());
    parts.map(str::to_lowercase).collect()
}

fn rows(words: &[String]) -> impl Iterator<Item = u32> + '_ {
    let rows = words.windows(IN_ROW);
    rows.map(|row| hash32(row.iter().flat_map(|word| word.bytes().chain(*b" "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(number: usize) -> String {
        format!(
            "In the year {number} boat {number} sailed from the harbour at noon with {number} people on board, and came back."
        )
    }

    fn applied(stated: &str, body: &[String], page: &[String]) -> Vec<String> {
        let script =
            serde_json::json!({"@type": "NewsArticle", "headline": "H", "articleBody": stated});
        let html = format!("<script type=\"application/ld+json\">{script}</script>");
        let blocks = |texts: &[String]| {
            let html: String = texts.iter().map(|text| format!("<p>{text}</p>")).collect();
            html::blocks(&Document::from(html).root(), None)
        };
        let mut body = blocks(body);
        if let Some(stated) = StatedText::of(&Document::from(html)) {
            stated.apply(&mut body, &blocks(page));
        }
        body.iter().map(Block::words).collect()
    }

    #[test]
    fn a_body_ends_where_the_stated_text_does() {
        let text: Vec<String> = (1..8).map(sentence).collect();
        let stated = text.join(" ");
        let around = |text: &[String]| {
            let lead = "What the harbour office says of all this in one line of its own".to_owned();
            let after =
                "Our readers may now order the calendar of the harbour for the year".to_owned();
            [&[lead], text, &["Yes".to_owned(), after]].concat()
        };
        let page = around(&text);
        let expected = [&text[..], &["Yes".to_owned()]].concat();
        assert_eq!(applied(&stated, &page, &page), expected);
        // Another part of the page was found.
        assert_eq!(applied(&stated, &page[9..], &page), expected);
        // The stated text was cut, or is another.
        assert_eq!(applied("In the year 1", &page, &page), page);
        let other: Vec<String> = (20..28).map(sentence).collect();
        assert_eq!(applied(&other.join(" "), &page, &page), page);
    }
}
