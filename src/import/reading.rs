//! What a layout read from one raw record, before the site gives it an identity.

use serde::{Deserialize, Serialize};

use crate::model::{Date, FrontMatter};

use super::account::Account;

/// One raw record as a layout read it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The record's own id within a file of many; None where the file is one record.
    pub record: Option<String>,
    /// The bytes of the decoded text that are this record; its digest is taken over them.
    pub span: std::ops::Range<usize>,
    /// All that was read or inferred. `slug` and `raw` stay empty; `id` is empty where the record has none;
    /// `inferred` names the fields that were inferred, `removed` holds the words set aside as page debris.
    pub front: FrontMatter,
    /// Markdown: text from strangers is escaped so that it reads as it was written.
    pub body: String,
    /// Where `front.date` could also be read with day and month exchanged: that other date.
    pub other_date: Option<Date>,
    /// What the record's own numeric dates say about the order of day and month in this archive.
    pub evidence: DayMonthEvidence,
    /// Where each word of the record went (law 3).
    pub account: Account,
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
