//! The body of a record → Markdown: the body of a page is found, text is repaired, paragraphs are restored.
//! Knows how the account records a repair; never where a record came from.

use std::ops::Range;

use super::layouts::html_page;
use super::markdown;
use super::provenance::{self, Repaired};
use super::reading::{Body, Reading};
use super::repair::archive_words::ArchiveWords;
use super::repair::edits::{self, Changes, Edit, EditKind};
use super::repair::{mojibake, paragraphs, text_repairs};

/// Converts the body to Markdown. `record` is the record's text.
pub fn convert(reading: &mut Reading, record: &str) {
    convert_with(reading, record, &ArchiveWords::default());
}

/// As [`convert`], with the words of the archive, which decide what hyphens at the ends of lines mean.
pub fn convert_with(reading: &mut Reading, record: &str, words: &ArchiveWords) {
    let made = match std::mem::take(&mut reading.body) {
        Body::Prose(of) => prose(reading, record, of, words),
        Body::Markdown(made) => without_mojibake(reading, record, made),
        Body::Page => {
            let made = html_page::body(reading, record);
            without_mojibake(reading, record, made)
        }
    };
    edits::shorten(&mut reading.front.repaired);
    reading.body = Body::Markdown(made);
}

/// Plain text is repaired and separated into paragraphs, and its markup is escaped.
fn prose(reading: &mut Reading, record: &str, of: Range<usize>, words: &ArchiveWords) -> String {
    // The text under an escape is in the account alone.
    let decoded = reading.account.decoded.take();
    let written = &decoded.as_ref().map_or(record, |d| d.body.as_str())[of.clone()];
    let lang = reading.front.lang.as_deref();
    let (repaired, changes) = text_repairs::repair(written, &reading.repairs, lang, words);
    let is_curly = changes.made(EditKind::QuotationMark);
    note(reading, of, written, changes);
    if is_curly {
        text_repairs::repair_titles(&mut reading.front);
    }
    let restored = paragraphs::restore(&repaired, reading.repairs);
    for what in restored.inferred() {
        reading.infer(what);
    }
    let made = restored.markdown(&repaired);
    reading.account.decoded = decoded;
    made
}

/// Repairs mojibake in Markdown. Left unchanged where markup separates the garbled characters.
fn without_mojibake(reading: &mut Reading, record: &str, body: String) -> String {
    let edits = match reading.repairs.mojibake {
        true => mojibake::repair(&body),
        false => Vec::new(),
    };
    if edits.is_empty() {
        return body;
    }
    let decoded = reading.account.decoded.take();
    let source = match &decoded {
        Some(decoded) => Some((0..decoded.body.len(), decoded.body.as_str())),
        None => reading.account.body().and_then(|at| {
            let text = record.get(at.clone())?;
            Some((at, text))
        }),
    };
    let made = edits::apply(&body, &edits).into_owned();
    let mut is_accounted = false;
    if let Some((of, text)) = source {
        let plain = match reading.account.verbatim {
            true => made.clone(),
            false => markdown::plain(&made),
        };
        let stage = mojibake::repair(text);
        is_accounted = provenance::same(&edits::apply(text, &stage), &plain, "").is_ok();
        if is_accounted {
            let stages = vec![stage];
            note(reading, of, text, Changes { stages });
        }
    }
    reading.account.decoded = decoded;
    if is_accounted { made } else { body }
}

/// Notes the changes to the body's text, which is at `of` in the record or in the text that was decoded from it.
fn note(reading: &mut Reading, of: Range<usize>, text: &str, changes: Changes) {
    if changes.is_empty() {
        return;
    }
    changes.list(text, &mut reading.front.repaired);
    reading.front.removed.extend(changes.set_aside(text));
    let is_mojibake = |edit: &Edit| edit.kind == edits::EditKind::Mojibake;
    // A garbled dash or place name hid the dateline from the layout.
    if changes.stages.iter().flatten().any(is_mojibake)
        && let Ok(made) = changes.replay(text)
    {
        reading.set_dateline(made.trim());
    }
    reading.account.repaired = Some(Repaired { of, changes });
}
