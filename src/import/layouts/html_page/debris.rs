//! Lines of a found body that are not its text: the date and the byline above it, calls to read or subscribe to something else,
//! the lines below it. Knows what such lines say, in several languages; never how a page is built.

use super::debris_words as words;
use crate::import::html::{Block, BlockKind, collapse, is_heading};
use crate::import::repair::dates;
use crate::model::{Date, FrontMatter};

/// So many lines at each end are looked at.
const MOST_AT_ENDS: usize = 14;

/// From so many words on, a paragraph is text and no line above or below it.
const SHORTEST_TEXT: usize = 15;

/// The longest call, tag line, or notice of copyright, and the longest text about an author, in words.
const LONGEST_CALL: usize = 40;
const LONGEST_BIOGRAPHY: usize = 90;

/// How far from a caption its repetition may stand, in blocks.
const NEAR: usize = 12;

/// Removes the lines that are not the text.
pub(super) fn remove(body: &mut Vec<Block>, front: &FrontMatter) {
    let lines: Vec<Line> = body.iter().map(Line::of).collect();
    let mut removed: Vec<bool> = lines.iter().map(Line::is_call).collect();
    let known = Known::of(front);
    related(&lines, &mut removed);
    repeated_captions(&lines, &mut removed);
    head(&lines, &known, &mut removed);
    tail(&lines, &known, &mut removed);
    let words = |is_kept: bool| -> usize {
        let kept = lines
            .iter()
            .zip(&removed)
            .filter(|(_, removed)| !**removed || !is_kept);
        kept.map(|(line, _)| line.words).sum()
    };
    // A page of nothing but such lines is what it is.
    if words(true) * 4 < words(false) {
        return;
    }
    let mut removed = removed.into_iter();
    body.retain(|_| !removed.next().unwrap_or(false));
}

/// A block as a line.
struct Line {
    /// In lowercase, without marks at its ends.
    text: String,
    words: usize,
    is_linked: bool,
    has_link: bool,
    is_heading: bool,
    has_image: bool,
    is_plain: bool,
}

impl Line {
    fn of(block: &Block) -> Self {
        let text = collapse(&block.words());
        let is_mark = |c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '.' | ':'
                        | '…'
                        | '•'
                        | '|'
                        | '»'
                        | '›'
                        | '>'
                        | '-'
                        | '–'
                        | '—'
                        | '*'
                        | '('
                        | ')'
                        | '['
                        | ']'
                        | '!'
                )
        };
        Self {
            words: text.split(' ').filter(|word| !word.is_empty()).count(),
            text: text.trim_matches(is_mark).to_lowercase(),
            is_linked: block.is_linked(),
            has_link: block.linked > 0,
            is_heading: is_heading(block),
            has_image: block.markdown.contains("!["),
            is_plain: matches!(block.kind, BlockKind::Paragraph),
        }
    }

    fn starts(&self, list: &[&str]) -> bool {
        list.iter().any(|start| {
            let rest = self.text.strip_prefix(start);
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    }

    fn contains(&self, list: &[&str]) -> bool {
        list.iter().any(|part| self.text.contains(part))
    }

    /// Whether it is no text wherever it stands.
    fn is_call(&self) -> bool {
        if self.has_image || self.is_heading && !self.is_linked && self.words > 4 {
            return false;
        }
        if words::ALONE.contains(&self.text.as_str()) {
            return true;
        }
        if self.words > LONGEST_CALL || !self.is_plain {
            return false;
        }
        let names_other = words::READ_ALSO.iter().any(|start| {
            let rest = self.text.strip_prefix(start).map(str::trim_start);
            rest.is_some_and(|rest| rest.starts_with([':', '|', '»', '>', '–', '—']))
        });
        names_other && (self.has_link || self.words <= 25)
            || self.is_linked && self.starts(words::READ_ALSO)
            || self.has_link && self.is_subscription()
    }

    fn is_subscription(&self) -> bool {
        self.words <= LONGEST_CALL && self.starts(words::CALLS) && self.contains(words::CALLED)
    }

    /// Whether it says nothing, or says of the page what readers of the text need not know.
    fn is_notice(&self) -> bool {
        let is_short = self.words <= 7;
        let has_number = self.text.contains(|c: char| c.is_numeric());
        let is_count = has_number
            && self.words <= 6
            && self
                .text
                .split(' ')
                .any(|word| words::COUNTED.contains(&word));
        self.is_call()
            || is_count
            || self.words <= LONGEST_CALL && self.starts(words::COPYRIGHT)
            || self.is_subscription()
            || is_short && self.starts(words::SHARE)
            || is_short && self.starts(words::COMMENTS)
            || self.words <= LONGEST_CALL && !self.has_image && self.is_tags()
            || self.words <= 16 && has_number && self.starts(words::DATED)
    }

    fn is_tags(&self) -> bool {
        let names = words::TAGS.iter().find_map(|start| {
            let rest = self.text.strip_prefix(start).map(str::trim_start)?;
            rest.starts_with(':').then_some(rest)
        });
        names.is_some() || self.is_linked && self.starts(words::TAGS)
    }

    fn is_text(&self) -> bool {
        self.words >= SHORTEST_TEXT && !self.is_linked
    }
}

/// What the fields say already.
struct Known {
    authors: Vec<String>,
    others: Vec<String>,
    dates: Vec<Date>,
}

impl Known {
    fn of(front: &FrontMatter) -> Self {
        let modified = front.extra.get("modified").and_then(|value| value.as_str());
        let modified = modified.and_then(dates::read).map(|read| read.date);
        let others = front.topics.iter().chain(&front.source);
        let others = others.chain([&front.title]);
        Self {
            authors: front
                .authors
                .iter()
                .map(|name| name.to_lowercase())
                .collect(),
            others: others.map(|name| name.to_lowercase()).collect(),
            dates: front.date.into_iter().chain(modified).collect(),
        }
    }

    /// Whether a line names an author, and perhaps a post or an agency, or a known date.
    fn is_told_by(&self, line: &Line) -> bool {
        if line.words > 12 || line.has_image {
            return false;
        }
        let text = line.text.strip_prefix("by ").unwrap_or(&line.text);
        let is_author = |name: &String| {
            let rest = text.strip_prefix(name.as_str());
            rest.is_some_and(|rest| {
                let is_whole = rest.trim().is_empty()
                    || rest.starts_with([',', '|', '/', '-', '–', '—', '•', '·', ';', ':']);
                is_whole
                    || rest.starts_with(" | ")
                    || rest.starts_with(" - ")
                    || rest.starts_with(" and ")
            })
        };
        self.authors.iter().any(is_author)
            || self.others.contains(&line.text)
            || !line.is_heading && self.has_date(line)
    }

    /// Whether a known day stands in a line.
    fn has_date(&self, line: &Line) -> bool {
        let parts: Vec<&str> = line.text.split(' ').collect();
        let day = |date: &Date| (date.year(), date.month(), date.day());
        let mut found = (0..parts.len()).filter_map(|from| {
            let ends = (from + 1..=parts.len()).rev();
            let mut read = ends.filter_map(|to| dates::read(&parts[from..to].join(" ")));
            read.next()
        });
        !self.dates.is_empty()
            && line.text.contains(|c: char| c.is_numeric())
            && found.any(|read| {
                let days = [Some(read.date), read.other];
                days.iter().flatten().any(|read| {
                    read.day().is_some() && self.dates.iter().any(|known| day(known) == day(read))
                })
            })
    }
}

/// Lists of links below a heading such as *Related articles*.
fn related(lines: &[Line], removed: &mut [bool]) {
    for at in 0..lines.len() {
        let line = &lines[at];
        if removed[at] && !line.is_heading || line.words > 8 || !line.starts(words::RELATED) {
            continue;
        }
        let below = lines[at + 1..].iter();
        let links = below
            .take_while(|line| line.is_linked || line.words == 0)
            .count();
        if links > 0 || line.is_heading && at + 1 == lines.len() {
            removed[at..=at + links].fill(true);
        }
    }
}

/// A caption that stands near its picture twice, as pages with galleries write it.
fn repeated_captions(lines: &[Line], removed: &mut [bool]) {
    for at in 1..lines.len() {
        let line = &lines[at];
        if line.words < 3 || line.words > 90 || line.is_heading || line.has_image {
            continue;
        }
        let near = &lines[at.saturating_sub(NEAR)..at];
        let is_repeated = near.iter().any(|other| other.text == line.text)
            || near.iter().any(|other| {
                other.has_image && other.words > line.words && other.text.ends_with(&line.text)
            });
        let follows_image = |at: usize| {
            lines[at.saturating_sub(3)..=at]
                .iter()
                .any(|other| other.has_image)
        };
        let first = at - near.len()
            + near
                .iter()
                .position(|other| other.text == line.text)
                .unwrap_or(0);
        removed[at] |= is_repeated && (follows_image(at) || follows_image(first));
    }
}

/// The lines above the text.
fn head(lines: &[Line], known: &Known, removed: &mut [bool]) {
    for (at, line) in lines.iter().enumerate().take(MOST_AT_ENDS) {
        let is_told = known.is_told_by(line);
        if line.is_text() && !is_told && !line.is_notice() {
            break;
        }
        let is_trail = line.has_link
            && line.words <= SHORTEST_TEXT
            && line.text.contains(['›', '»', '>', '/', '→'])
            && !line.has_image;
        removed[at] |= is_told || is_trail || line.is_notice() && !line.is_heading;
    }
}

/// The lines below the text.
fn tail(lines: &[Line], known: &Known, removed: &mut [bool]) {
    let mut left = MOST_AT_ENDS;
    let mut at = lines.len();
    let mut is_end = true;
    while at > 0 && left > 0 {
        at -= 1;
        left -= 1;
        let line = &lines[at];
        let is_biography = line.words <= LONGEST_BIOGRAPHY && !line.has_image && {
            let authors = known
                .authors
                .iter()
                .filter(|name| name.contains(' ') || name.len() > 3);
            authors.into_iter().any(|name| {
                let rest = line.text.strip_prefix(name.as_str()).map(str::trim_start);
                rest.is_some_and(|rest| {
                    words::BIOGRAPHIES.iter().any(|verb| rest.starts_with(verb))
                })
            })
        };
        let is_other = known.is_told_by(line) || line.is_notice() || is_biography;
        // A heading with nothing below it.
        let is_empty = line.is_heading && is_end && !line.has_image;
        if is_other || is_empty {
            removed[at] = true;
        } else if line.is_text() {
            break;
        }
        is_end &= removed[at];
    }
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;
    use crate::import::html;

    const TEXT: &str = "<p>The night ferry between Port Ellery and the islands will sail again from Monday, \
        nine years after it was given up.</p>";

    fn front() -> FrontMatter {
        FrontMatter {
            title: "Night ferry returns".to_owned(),
            authors: vec!["Mara Quill".to_owned()],
            date: dates::read("13 July 2021").map(|read| read.date),
            ..FrontMatter::default()
        }
    }

    fn left(html: &str) -> Vec<String> {
        let document = Document::from(html);
        let base = url::Url::parse("https://post.example/a").ok();
        let mut body = html::blocks(&document.root(), base.as_ref());
        remove(&mut body, &front());
        body.iter().map(Block::words).collect()
    }

    #[test]
    fn lines_around_the_text_are_removed() {
        let text = left(&TEXT.repeat(3));
        for line in [
            "<p>By Mara Quill, Harbour Post</p>",
            "<p>Tuesday, 13 July 2021, 11:47</p>",
            "<p>Updated 2:11 pm, 14 July 2021</p>",
            "<p><a href=/>Home</a> › <a href=/h>Harbour</a></p>",
            "<p>Tempo de leitura: 1 minuto</p>",
            "<p>Share this article</p>",
        ] {
            assert_eq!(left(&(line.to_owned() + &TEXT.repeat(3))), text, "{line}");
        }
        for line in [
            "<p>Tags: <a href=/f>ferries</a>, <a href=/h>harbour</a></p>",
            "<p>© 2021 Harbour Post. All rights reserved.</p>",
            "<p>Mara Quill is a reporter of the Post. She writes about boats and about the people who mend them.</p>",
            "<h3>Related articles</h3><ul><li><a href=/1>One story</a><li><a href=/2>Another story</a></ul>",
            "<h3>Comments</h3>",
            "<p>Subscribe to our newsletter for a letter each morning.</p>",
            "<p>First published: 13 July 2021, 08:38</p>",
        ] {
            assert_eq!(left(&(TEXT.repeat(3) + line)), text, "{line}");
        }
        for line in [
            "<p>Advertisement</p>",
            "<p><a href=/1>Read more: What the islands say</a></p>",
            "<p>Lesen Sie auch: <a href=/1>Was die Inseln sagen</a></p>",
            "<p>Sign up for our <a href=/n>newsletter</a> and hear from us.</p>",
        ] {
            let around = format!("{TEXT}{line}{TEXT}{TEXT}");
            assert_eq!(left(&around), text, "{line}");
        }
    }

    #[test]
    fn captions_stand_once_and_the_text_stays() {
        let caption = "<p>The harbour of Port Ellery in March</p>";
        let html = format!("<img src=/a.jpg>{caption}<p>1</p>{caption}{TEXT}");
        let found = left(&html);
        assert_eq!(
            found
                .iter()
                .filter(|text| text.starts_with("The harbour"))
                .count(),
            1
        );
        for line in [
            "<h2>Read more books</h2>",
            "<p>Share the bread.</p><p>He did.</p>",
            "<p>PORT ELLERY, July 13. The boats are in the harbour again.</p>",
            "<p>Mara Quill was born in 1891 and died in 1952.</p>",
            "<ul><li>2 eggs</li><li>100 g flour</li></ul>",
            "<p>(Reporting by Ida Moss; editing by Tom Reeve)</p>",
        ] {
            let html = format!("{TEXT}{line}{TEXT}");
            let whole: Vec<String> = html::blocks(&Document::from(html.as_str()).root(), None)
                .iter()
                .map(Block::words)
                .collect();
            assert_eq!(left(&html), whole, "{line}");
        }
    }
}
