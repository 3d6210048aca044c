//! A record's text: HTML told from plain text, debris set aside, dateline read.

use serde_json::Value;

use crate::import::html;
use crate::import::layouts::inline;
use crate::import::provenance::Decoded;
use crate::import::reading::{Body, Reading};
use crate::import::repair::{debris, line_breaks, paragraphs};

/// Whether a text is HTML: what looks like tags has attributes or nothing in it, so that `x <b and c> d` stays. One that
/// opens, says nothing and is never closed is a writer's own.
pub fn is_html(body: &str) -> bool {
    let mut tags = body.match_indices('<').filter_map(|(at, _)| {
        let (tag, name) = inline::tag(&body[at..])?;
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

/// A body of HTML as Markdown. Its links start from the record's own address.
pub fn html_body(reading: &Reading, body: &str) -> Result<html::Markdown, &'static str> {
    let address = reading.front.extra.get("url").and_then(Value::as_str);
    let base = address.and_then(|address| url::Url::parse(address).ok());
    let parted = with_paragraphs(body);
    html::to_markdown(parted.as_deref().unwrap_or(body), base.as_ref())
        .map_err(|_| "the HTML of a record is nested too deeply, or has too many tags")
}

/// Text with some tags in it whose paragraphs are parted by line breaks alone, which HTML would join.
fn with_paragraphs(body: &str) -> Option<String> {
    let is_block = |(at, _): (usize, &str)| inline::tag(&body[at..]).is_some_and(|(t, _)| t.block);
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

/// Sets the body as it reads once escapes are resolved: debris set aside, dateline read.
pub fn set_body(reading: &mut Reading, body: String) {
    let found = match reading.repairs.debris {
        true => debris::find(&body),
        false => Vec::new(),
    };
    let (mut start, mut end) = (0, body.len());
    let mut removed = String::new();
    for part in &found {
        removed.push_str(&body[part.clone()]);
        reading.front.removed.push(body[part.clone()].to_owned());
        // Debris stands in an unbroken run at either end.
        if body[start..part.start].trim().is_empty() {
            start = part.end;
        } else {
            end = end.min(part.start);
        }
    }
    let core = body[start..end].trim();
    let body = line_breaks::separate_paragraphs(core).unwrap_or_else(|| core.to_owned());
    reading.set_dateline(&body);
    reading.body = Body::Prose(0..body.len());
    reading.account.decoded = Some(Decoded { body, removed });
}
