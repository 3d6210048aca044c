//! What a layout read from one raw record, before the site gives it an identity.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::markdown;
use super::repair::paragraphs;
use crate::model::{Date, FrontMatter};

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
    /// Where the body's plain text stands in the record. It becomes Markdown only when the article is written: telling
    /// which records are new takes none, and it was a quarter of an import.
    pub prose: Option<Range<usize>>,
    /// Where `front.date` could also be read with day and month exchanged: that other date.
    pub other_date: Option<Date>,
    /// What the record's own numeric dates say about the order of day and month in this archive.
    pub evidence: DayMonthEvidence,
    /// Where each word of the record went (law 3).
    pub account: Account,
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
        let Some(prose) = self.prose.take() else {
            return;
        };
        let prose = &record[prose];
        let (parts, inferred) = paragraphs::find(prose);
        if inferred {
            self.infer("paragraphs");
        }
        self.body = markdown::paragraphs(parts.into_iter().map(|part| &prose[part]));
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
