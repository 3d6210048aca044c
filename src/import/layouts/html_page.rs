//! HTML page: an article saved from the web with the page around it.
//! Metadata of the page gives the fields; the readability library finds the body.

mod batch;
mod body;
mod debris;
mod debris_words;
mod fields;
mod json_ld;
mod metadata;
mod named_parts;
mod names;
mod recurring_parts;
mod stated_text;
mod units;

use dom_query::Document;

use super::plain_record::first_words;
use super::{Layout, RawText};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::html;
use crate::import::reading::{Body, Reading};
use crate::import::repair::dates;

pub use batch::{settle, without_site_name};
pub use body::body;

pub struct HtmlPage;

/// Elements at the beginning of a page, or of a part that was saved alone.
const FIRST: &[&str] = &[
    "html", "head", "body", "title", "meta", "link", "base", "article", "main", "section", "div",
    "header", "h1", "h2", "p", "script", "style", "table", "center", "font",
];

impl Layout for HtmlPage {
    fn name(&self) -> &'static str {
        "html page"
    }

    fn title(&self) -> &'static str {
        "Web pages"
    }

    /// A document type or an element of HTML, after comments and processing instructions.
    fn recognises(&self, raw: &RawText<'_>) -> bool {
        is_html(raw.text)
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let shown = || format!("raw/{}", raw.path);
        let mut reading = read_page(raw).map_err(|excess| {
            Diagnostic::problem(
                Code::PageTooComplex,
                shown(),
                format!("the page is not read: {excess}"),
            )
            .hint("put it in `ignore` under `[import]`")
        })?;
        if reading.front.title.is_empty() {
            return Err(Diagnostic::problem(
                Code::PageWithoutText,
                shown(),
                "the page contains no text",
            )
            .hint("pages that a script fills must be saved from a browser"));
        }
        if reading.front.date.is_none() {
            reading.front.date = dates::in_path(raw.path);
            if reading.front.date.is_some() {
                reading.infer("date");
            }
        }
        Ok(vec![reading])
    }
}

/// The fields of a page; its body is found when the article is written. The title is empty if the page
/// shows no text.
///
/// # Errors
/// If the page exceeds the bounds within which a parser is safe.
pub fn read_page(raw: &RawText<'_>) -> Result<Reading, html::Excess> {
    let text = raw.text;
    html::check(text)?;
    let document = Document::from(text);
    let mut reading = Reading {
        span: 0..text.len(),
        body: Body::Page,
        ..raw.reading()
    };
    let metadata = metadata::read(&document);
    fields::set(&mut reading, &metadata);
    reading.site_name = batch::last_part(&metadata.title).map(str::to_owned);
    if let Some(capture) = raw.capture {
        let extra = &mut reading.front.extra;
        extra
            .entry("url")
            .or_insert_with(|| capture.url.clone().into());
        // The day of a crawl is not a date of publication.
        if !capture.at.is_empty() {
            extra
                .entry("crawled")
                .or_insert_with(|| capture.at.clone().into());
        }
    }
    if reading.front.title.is_empty() || reading.front.date.is_none() {
        read_shown(&mut reading, &document);
    }
    reading.traits = Some(batch::traits(&document, &reading, raw.path));
    Ok(reading)
}

/// The title and the date that the page shows, where it states none.
fn read_shown(reading: &mut Reading, document: &Document) {
    let blocks = html::blocks(&document.root(), None);
    if reading.front.date.is_none() {
        reading.front.date = fields::shown_date(&blocks, &reading.front.title);
        if reading.front.date.is_some() {
            reading.infer("date");
        }
    }
    if reading.front.title.is_empty() {
        let heading = blocks.iter().find(|block| html::is_heading(block));
        let title = heading.or_else(|| blocks.iter().find(|b| !b.texts.is_empty()));
        reading.front.title = title.map_or_else(String::new, |block| first_words(&block.words()));
        reading.infer("title");
    }
}

/// Whether a text begins like HTML.
fn is_html(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.starts_with("<?") {
            rest.find('>').map(|at| at + 1)
        } else {
            break;
        };
        let Some(end) = end else { return false };
        rest = rest[end..].trim_start();
    }
    let Some(tag) = rest.strip_prefix('<') else {
        return false;
    };
    let word = |text: &str| -> String {
        let name = text.chars().take_while(char::is_ascii_alphanumeric);
        name.take(20).collect::<String>().to_ascii_lowercase()
    };
    if let Some(kind) = tag.strip_prefix('!') {
        return word(kind) == "doctype" && word(kind[7..].trim_start()) == "html";
    }
    FIRST.contains(&word(tag).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_recognised_by_its_beginning() {
        for text in [
            "<!DOCTYPE html><p>x",
            "\n<!-- saved from url=(0014)about:internet -->\n<HTML>",
            "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>",
            "<div class=a>x",
        ] {
            assert!(is_html(text), "{text}");
        }
        for text in [
            "",
            "<",
            "<!doctype",
            "<!-- open",
            "<rss version='2.0'>",
            "<!DOCTYPE lewis SYSTEM 'lewis.dtd'>",
            "<?xml version='1.0'?><nitf>",
            "A title\n\n<p>x</p>",
        ] {
            assert!(!is_html(text), "{text}");
        }
    }
}
