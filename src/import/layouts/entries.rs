//! What layouts share that hold many records under another format's escapes: bodies, dates, ids, and what is no article.

use std::collections::HashMap;

use url::Url;

use super::inline;
use super::text::{first_words, set_date};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::html;
use crate::import::provenance::{Decoded, Disposition};
use crate::import::reading::{Body, Reading};
use crate::import::repair::dates;

/// A longer id is a text, and no name for a record.
const LONGEST_ID: usize = 500;

/// What stands above the records of a file: who publishes them, and in which language.
#[derive(Debug, Clone, Default)]
pub struct Publisher {
    pub title: Option<String>,
    pub lang: Option<String>,
}

/// Makes a body of HTML. `base` is the address of the record.
///
/// # Errors
/// Why the HTML is not read, in words for a person.
pub fn set_html(reading: &mut Reading, html: &str, base: Option<&str>) -> Result<(), String> {
    let base = base.and_then(|base| Url::parse(base).ok());
    let made = html::to_markdown(html, base.as_ref())
        .map_err(|excess| format!("its HTML is not read: {excess}"))?;
    set_words(reading, made.words);
    reading.body = Body::Markdown(made.text);
    Ok(())
}

/// Sets a body of plain text.
pub fn set_plain(reading: &mut Reading, text: &str) {
    set_words(reading, text.to_owned());
    reading.body = Body::Prose(0..text.len());
}

/// Makes a body of a text that may be HTML, escaped once or twice, or plain.
///
/// # Errors
/// As [`set_html`].
pub fn set_either(reading: &mut Reading, text: &str, base: Option<&str>) -> Result<(), String> {
    match inline::escaped_twice(text) {
        Some(once) => set_html(reading, &once, base),
        None if inline::is_html(text) => set_html(reading, text, base),
        None => {
            set_plain(reading, &inline::resolve(text));
            Ok(())
        }
    }
}

fn set_words(reading: &mut Reading, words: String) {
    reading.set_dateline(words.trim());
    reading.account.decoded.get_or_insert_default().body = words;
}

/// Takes a summary; one that says the same as the body is no other text, and a second one is kept.
pub fn summary(reading: &mut Reading, text: String) {
    let body = reading.account.decoded.as_ref().map_or("", |d| &d.body);
    if text.is_empty() || html::non_whitespace(&text).eq(html::non_whitespace(body)) {
        return;
    }
    match reading.front.summary {
        None => reading.front.summary = Some(text),
        Some(_) => reading.keep("summary", text),
    }
}

/// Sets words aside that are page debris.
pub fn remove(reading: &mut Reading, words: String) {
    let decoded: &mut Decoded = reading.account.decoded.get_or_insert_default();
    decoded.removed.push_str(&words);
    decoded.removed.push(' ');
    reading.front.removed.push(words);
}

/// Takes a date where there is none yet; what is no date is kept.
pub fn date(reading: &mut Reading, text: &str) {
    match dates::read(text) {
        _ if text.is_empty() => {}
        Some(date) if reading.front.date.is_none() => set_date(reading, date),
        Some(_) => {}
        None => reading.keep("date_text", text),
    }
}

/// Takes an id where it can name a record, else keeps it under a key of its own.
pub fn id(reading: &mut Reading, id: &str) {
    let fits = !id.is_empty() && id.len() <= LONGEST_ID && !id.contains(char::is_control);
    if fits && reading.front.id.is_empty() {
        reading.front.id = id.to_owned();
        reading.record = Some(id.to_owned());
    } else if !id.is_empty() && id != reading.front.id {
        reading.keep("id", id);
    }
}

/// Adds names that are not there yet.
pub fn add(list: &mut Vec<String>, names: impl IntoIterator<Item = String>) {
    let mut seen: std::collections::HashSet<String> = list.iter().cloned().collect();
    let new = |name: &String| !name.is_empty() && seen.insert(name.clone());
    list.extend(names.into_iter().filter(new));
}

/// Gives a record its title where it has none, and says why it is no article where it has no text either.
/// `body` is where the text stands in the file.
pub fn settle(
    reading: &mut Reading,
    path: &str,
    body: Option<std::ops::Range<usize>>,
    failed: Option<String>,
) {
    let at = reading.span.clone();
    let problem = |what: String| {
        let problem = Diagnostic::problem(Code::Unclassified, format!("raw/{path}"), what);
        Some(problem.hint("the record is left out; the others of the file are read"))
    };
    let words = reading.account.decoded.as_ref().map_or("", |d| &d.body);
    if let Some(what) = failed {
        reading.problem = problem(what);
    } else if words.trim().is_empty() {
        reading.problem = match reading.front.title.is_empty() {
            true => problem("a record has neither a title nor a text".to_owned()),
            false => problem("a record has a title, but no text and no summary".to_owned()),
        };
    } else if reading.front.title.is_empty() {
        reading.front.title = first_words(words);
        reading.infer("title");
    }
    reading.account.decoded.get_or_insert_default();
    let body = body.unwrap_or(at.end..at.end);
    let below = |byte: usize| byte - at.start;
    reading
        .account
        .note(0..below(body.start), Disposition::Field);
    reading
        .account
        .note(below(body.start)..below(body.end), Disposition::Body);
    reading
        .account
        .note(below(body.end)..below(at.end), Disposition::Field);
}

/// Records are known by their own ids where no other record of the file has the same.
pub fn unique(readings: &mut [Reading]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for record in readings.iter().filter_map(|r| r.record.as_ref()) {
        *seen.entry(record.clone()).or_default() += 1;
    }
    for reading in readings {
        if reading.record.as_ref().is_some_and(|r| seen[r] > 1) {
            reading.record = None;
        }
    }
}
