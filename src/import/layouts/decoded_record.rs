//! Fills the reading of a record whose text the format escapes (XML, JSON, mail, wikitext): its body, date, id and names.
//! Knows no format.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use url::Url;

use super::plain_record::{first_words, set_date};
use super::{RawText, html_text};
use crate::diagnostics::Code;
use crate::import::html;
use crate::import::provenance::{Decoded, Disposition};
use crate::import::reading::{Body, Reading};
use crate::import::repair::dates;

/// A longer id does not identify a record, in bytes.
const LONGEST_ID: usize = 500;

/// What a file declares of all its records.
#[derive(Debug, Clone, Default)]
pub(crate) struct Publisher {
    pub title: Option<String>,
    pub lang: Option<String>,
    /// The address to which links are relative.
    pub base: Option<String>,
}

/// The hint about a record that gives no article.
pub(crate) const HINT_RECORD: &str = "the record is left out; the others of the file are read";

/// The bytes of the file that contain a record's body, and why the body cannot be read if so.
pub(crate) type BodyOutcome = (Option<Range<usize>>, Option<String>);

/// Sets a body of HTML. `base` is the address of the record.
///
/// # Errors
/// The reason why the HTML cannot be read.
pub(crate) fn set_html(
    reading: &mut Reading,
    html: &str,
    base: Option<&str>,
) -> Result<(), String> {
    let base = base.and_then(|base| Url::parse(base).ok());
    let made = html::to_markdown(html, base.as_ref())
        .map_err(|excess| format!("its HTML cannot be read: {excess}"))?;
    set_words(reading, made.words);
    reading.body = Body::Markdown(made.text);
    Ok(())
}

/// Sets a body of plain text.
pub(crate) fn set_plain(reading: &mut Reading, text: &str) {
    set_words(reading, text.to_owned());
    reading.body = Body::Prose(0..text.len());
}

/// Sets a body that may be plain text, or HTML escaped once or twice.
///
/// # Errors
/// As [`set_html`].
pub(crate) fn set_either(
    reading: &mut Reading,
    text: &str,
    base: Option<&str>,
) -> Result<(), String> {
    match html_text::escaped_twice(text) {
        Some(once) => set_html(reading, &once, base),
        None if html_text::is_html(text) => set_html(reading, text, base),
        None => {
            set_plain(reading, &html_text::resolve(text));
            Ok(())
        }
    }
}

fn set_words(reading: &mut Reading, words: String) {
    reading.set_dateline(words.trim());
    reading.account.decoded.get_or_insert_default().body = words;
}

/// Sets the summary, unless it equals the body; a second one is kept in `extra`.
pub(crate) fn summary(reading: &mut Reading, text: String) {
    let body = reading.account.decoded.as_ref().map_or("", |d| &d.body);
    if text.is_empty() || html::non_whitespace(&text).eq(html::non_whitespace(body)) {
        return;
    }
    match reading.front.summary {
        None => reading.front.summary = Some(text),
        Some(_) => reading.keep("summary", text),
    }
}

/// Records words that are removed as page debris.
pub(crate) fn remove(reading: &mut Reading, words: String) {
    let decoded: &mut Decoded = reading.account.decoded.get_or_insert_default();
    decoded.removed.push_str(&words);
    decoded.removed.push(' ');
    reading.front.removed.push(words);
}

/// Sets the date unless there is one; a text that is not a date is kept in `extra`.
pub(crate) fn date(reading: &mut Reading, text: &str) {
    match dates::read(text) {
        _ if text.is_empty() => {}
        Some(date) if reading.front.date.is_none() => set_date(reading, date),
        Some(_) => {}
        None => reading.keep("date_text", text),
    }
}

/// Sets the id if it can identify a record, else keeps it in `extra`.
pub(crate) fn id(reading: &mut Reading, id: &str) {
    let fits = !id.is_empty() && id.len() <= LONGEST_ID && !id.contains(char::is_control);
    if fits && reading.front.id.is_empty() {
        reading.front.id = id.to_owned();
        reading.record = Some(id.to_owned());
    } else if !id.is_empty() && id != reading.front.id {
        reading.keep("id", id);
    }
}

/// Adds names that the list does not contain yet.
pub(crate) fn add(list: &mut Vec<String>, names: impl IntoIterator<Item = String>) {
    let mut seen: HashSet<String> = list.iter().cloned().collect();
    let new = |name: &String| !name.is_empty() && seen.insert(name.clone());
    list.extend(names.into_iter().filter(new));
}

/// Infers a missing title, and sets the problem of a record without text, or with a body that cannot be read.
pub(crate) fn settle(raw: &RawText<'_>, reading: &mut Reading, (body, failed): BodyOutcome) {
    let span = reading.span.clone();
    let words = reading.account.decoded.as_ref().map_or("", |d| &d.body);
    let has_title = !reading.front.title.is_empty();
    let failure = match failed {
        Some(reason) => Some((Code::RecordUnreadable, reason)),
        None if !words.trim().is_empty() => None,
        None => Some((Code::RecordWithoutText, without_text(has_title))),
    };
    if let Some((code, message)) = failure {
        reading.problem = Some(raw.problem(code, message).hint(HINT_RECORD));
    } else if !has_title {
        reading.front.title = first_words(words);
        reading.infer("title");
    }
    reading.account.decoded.get_or_insert_default();
    let body = body.unwrap_or(span.end..span.end);
    let below = |byte: usize| byte - span.start;
    for (range, disposition) in [
        (0..below(body.start), Disposition::Field),
        (below(body.start)..below(body.end), Disposition::Body),
        (below(body.end)..below(span.end), Disposition::Field),
    ] {
        reading.account.note(range, disposition);
    }
}

/// The message about a record without text.
pub(crate) fn without_text(has_title: bool) -> String {
    match has_title {
        true => "a record has a title, but no text".to_owned(),
        false => "a record has neither a title nor a text".to_owned(),
    }
}

/// Identifies records by their own ids if no other record of the file has the same.
pub(crate) fn unique(readings: &mut [Reading]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for record in readings.iter().filter_map(|r| r.record.as_ref()) {
        *counts.entry(record.clone()).or_default() += 1;
    }
    for reading in readings {
        if reading.record.as_ref().is_some_and(|r| counts[r] > 1) {
            reading.record = None;
        }
    }
}
