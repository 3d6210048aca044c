//! What a layout read from one raw record, before the site gives it an identity.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::layouts;
use super::provenance::Provenance;
use super::repair::{letters, paragraphs};
use crate::diagnostics::Diagnostic;
use crate::model::{Date, FrontMatter};
use crate::settings::Repairs;

/// One raw record as a layout read it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The record's own id within a file of many; None where the file is one record.
    pub record: Option<String>,
    /// The bytes of the decoded text that are this record; its digest is taken over them.
    pub span: Range<usize>,
    /// All that was read or inferred. `slug` and `raw` stay empty; `id` is empty where the record has none;
    /// `inferred` names the fields that were inferred, `removed` holds the words set aside as page debris.
    pub front: FrontMatter,
    /// Markdown: text from strangers is escaped so that it reads as it was written. Empty until
    /// [`Reading::make_body`] where `prose` says so.
    pub body: String,
    /// Where the body's plain text stands in the record, or in what the account decoded of it. It becomes Markdown only when the article is written: telling
    /// which records are new takes none, and it was a quarter of an import.
    pub prose: Option<Range<usize>>,
    /// Whether the record is a page of HTML, in which the body is still to be found.
    pub is_page: bool,
    /// Where `front.date` could also be read with day and month exchanged: that other date.
    pub other_date: Option<Date>,
    /// What the record's own numeric dates say about the order of day and month in this archive.
    pub evidence: DayMonthEvidence,
    /// Where each word of the record went (law 3).
    pub account: Provenance,
    /// The repairs that are made.
    pub repairs: Repairs,
    /// Why the record gives no article, where the other records of its file do.
    pub problem: Option<Diagnostic>,
}

impl Reading {
    /// Adds a name to the fields that were inferred.
    pub fn infer(&mut self, field: &str) {
        if !self.front.inferred.iter().any(|name| name == field) {
            self.front.inferred.push(field.to_owned());
        }
    }

    /// Makes Markdown of the body where it is plain text: paragraphs found, markup escaped. `record` is the record's text.
    pub fn make_body(&mut self, record: &str) {
        if std::mem::take(&mut self.is_page) {
            layouts::html_page::set_body(self, record);
            return letters::repair_made(self, record);
        }
        let Some(of) = self.prose.take() else {
            return letters::repair_made(self, record);
        };
        // What an escape hid stands in the account alone.
        let decoded = self.account.decoded.take();
        let written = &decoded.as_ref().map_or(record, |d| d.body.as_str())[of.clone()];
        let (prose, changes) = letters::repair(written, &self.repairs, self.front.lang.as_deref());
        letters::note(self, of, written, changes);
        let restored = paragraphs::restore(&prose, self.repairs);
        self.body = restored.markdown(&prose);
        for what in restored.inferred() {
            self.infer(what);
        }
        self.account.decoded = decoded;
    }
}

/// Counts of numeric dates that can only be read one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayMonthEvidence {
    /// Such as `07/13/2021`.
    pub month_first: usize,
    /// Such as `13/07/2021`.
    pub day_first: usize,
}

impl std::ops::AddAssign for DayMonthEvidence {
    fn add_assign(&mut self, other: Self) {
        self.month_first += other.month_first;
        self.day_first += other.day_first;
    }
}
