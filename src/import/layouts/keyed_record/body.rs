//! The body of a record: HTML distinguished from plain text, page debris removed, the dateline read.

use serde_json::Value;

use super::RecordError;
use crate::diagnostics::Code;
use crate::import::html;
use crate::import::layouts::decoded_record::without_text;
use crate::import::layouts::html_text;
use crate::import::layouts::plain_record::{find_debris, first_words};
use crate::import::provenance::Decoded;
use crate::import::reading::{Body, Reading};
use crate::import::repair::{line_breaks, paragraphs};

/// Sets the body, and infers a missing title from it. `text` is a value as written in the record; `None` if the record
/// needs no text, because it was withdrawn.
///
/// # Errors
/// Why the record gives no article.
pub(crate) fn set(reading: &mut Reading, text: Option<&str>) -> Result<(), RecordError> {
    let Some(text) = text else {
        reading.account.decoded = Some(Decoded::default());
        return Ok(());
    };
    let text = line_breaks::resolve(text).unwrap_or_else(|| text.to_owned());
    let text = html_text::escaped_twice(&text).unwrap_or(text);
    if is_html(&text) {
        let html = to_markdown(reading, &text)?;
        if html.text.trim().is_empty() {
            return Err(no_text(reading));
        }
        infer_title(reading, &html.words);
        reading.set_dateline(html.words.trim_start());
        reading.body = Body::Markdown(html.text);
        reading.account.decoded = Some(Decoded {
            body: html.words,
            removed: String::new(),
        });
    } else {
        let text = html_text::resolve(&text);
        if text.trim().is_empty() {
            return Err(no_text(reading));
        }
        infer_title(reading, &text);
        set_plain(reading, &text);
    }
    Ok(())
}

fn no_text(reading: &Reading) -> RecordError {
    let has_title = !reading.front.title.is_empty();
    (Code::RecordWithoutText, without_text(has_title))
}

fn infer_title(reading: &mut Reading, words: &str) {
    if reading.front.title.is_empty() {
        reading.front.title = first_words(words);
        reading.infer("title");
    }
}

/// Whether a text is HTML: what looks like tags has attributes or nothing in it, so that `x <b and c> d` is text, as is
/// a single tag that contains nothing and is never closed.
fn is_html(body: &str) -> bool {
    let mut tags = body.match_indices('<').filter_map(|(at, _)| {
        let (tag, name) = html_text::tag(&body[at..])?;
        let inner = &body[at..at + tag.length - 1];
        let inner = inner.trim_start_matches(['<', '/']);
        let inner = inner.get(name.len()..).unwrap_or_default();
        let is_void = ["img", "wbr"].iter().any(|v| v.eq_ignore_ascii_case(name));
        let is_certain = tag.closes || tag.block || is_void || inner.contains('=');
        Some((inner.trim_matches(['/', ' ', '\t', '\n', '\r']), is_certain))
    });
    let mut any = false;
    tags.all(|(inner, is_certain)| {
        any |= is_certain;
        inner.is_empty() || inner.contains('=')
    }) && any
}

/// HTML as Markdown. Links are relative to the record's own address.
fn to_markdown(reading: &Reading, text: &str) -> Result<html::Markdown, RecordError> {
    let address = reading.front.extra.get("url").and_then(Value::as_str);
    let base = address.and_then(|address| url::Url::parse(address).ok());
    let marked = with_paragraphs(text);
    html::to_markdown(marked.as_deref().unwrap_or(text), base.as_ref()).map_err(|excess| {
        let message = format!("the HTML of a record cannot be read: {excess}");
        (Code::RecordUnreadable, message)
    })
}

/// Marks paragraphs in a text that has tags but separates them by line breaks alone, which HTML would join.
fn with_paragraphs(body: &str) -> Option<String> {
    let is_block =
        |(at, _): (usize, &str)| html_text::tag(&body[at..]).is_some_and(|(t, _)| t.block);
    if !body.contains('\n') || body.match_indices('<').any(is_block) {
        return None;
    }
    let lines = line_breaks::separate_paragraphs(body);
    let (parts, _) = paragraphs::find(lines.as_deref().unwrap_or(body), false);
    let text = lines.as_deref().unwrap_or(body);
    Some(parts.into_iter().fold(String::new(), |mut html, part| {
        html.push_str("<p>");
        html.push_str(&text[part]);
        html.push_str("</p>\n");
        html
    }))
}

/// Sets a body of plain text: debris removed, dateline read.
fn set_plain(reading: &mut Reading, body: &str) {
    let (debris, core) = find_debris(reading, body);
    let mut removed = String::new();
    for part in debris {
        removed.push_str(&body[part.clone()]);
        reading.front.removed.push(body[part].to_owned());
    }
    let core = body[core].trim();
    let body = line_breaks::separate_paragraphs(core).unwrap_or_else(|| core.to_owned());
    reading.set_dateline(&body);
    reading.body = Body::Prose(0..body.len());
    reading.account.decoded = Some(Decoded { body, removed });
}
