//! What an import did, for people and for scripts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::attachments::Bringer;
use super::copies::Copies;
use super::job::Reason;
use super::records::RawRecords;
use crate::diagnostics::Diagnostic;

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    pub new: usize,
    pub changed: usize,
    pub moved: usize,
    pub removed: usize,
    /// Imported again although nothing changed, because a person asked for it.
    pub again: usize,
    /// Records whose articles were not changed.
    pub same: usize,
    /// Raw files, or records of them, that gave no article.
    pub refused: usize,
    /// Articles of `content/` that were written or removed.
    pub files: BTreeSet<String>,
    /// Files of `content/` that were written because articles show them.
    pub copied: BTreeSet<String>,
    /// Problems that remain until `raw/` or `content/` changes.
    pub diagnostics: Vec<Diagnostic>,
    /// Copies among what was written, which are reported by this import only.
    pub copies: Copies,
    /// What only this import reports.
    pub events: Vec<Diagnostic>,
    /// What became of edited articles whose records changed, as a person asked; one line each.
    pub settled: Vec<String>,
    /// Articles that came back, so that what was imported in their place was removed.
    pub returned: usize,
    /// Texts that were set aside because they recur on the pages of a site.
    pub recurring_texts: usize,
    /// New articles that their owner holds back.
    pub held_back: usize,
    /// Files that articles show, and that were brought along.
    pub brought: usize,
    /// Pictures, style sheets and other files that are new, and that no article shows.
    pub passed_over: usize,
    /// Articles that were imported because those of their records vanished: the file of each, and the one that vanished.
    pub replacements: BTreeMap<String, String>,
}

impl Imported {
    /// An import that writes nothing.
    pub fn of(records: &RawRecords) -> Self {
        Self {
            same: records.records.len(),
            refused: records.refused(),
            diagnostics: records.diagnostics.clone(),
            ..Self::default()
        }
    }

    /// Counts the files that were brought along, and those of the new ones that were not. `shown` are the names of files that articles
    /// show which were there before.
    pub(crate) fn add_brought(
        &mut self,
        bringer: Bringer<'_>,
        fresh: &[String],
        shown: &BTreeSet<String>,
    ) {
        let unread = bringer.unread_documents(shown);
        self.refused += unread.len();
        self.diagnostics.extend(unread);
        let (brought, written, problems) = bringer.finish();
        self.copied.extend(written);
        let is_shown = |file: &&String| brought.binary_search(file).is_ok();
        self.passed_over += fresh.iter().filter(|file| !is_shown(file)).count();
        self.brought += brought.len();
        self.diagnostics.extend(problems);
    }

    /// Counts an article that was written.
    pub fn count(&mut self, reason: Reason) {
        let number = match reason {
            Reason::Conflict => return,
            Reason::New => &mut self.new,
            Reason::Changed => &mut self.changed,
            Reason::Moved => &mut self.moved,
            Reason::Again => &mut self.again,
        };
        *number += 1;
    }

    /// One line for people; `None` where nothing changed.
    pub fn line(&self) -> Option<String> {
        let parts = [
            ("new", self.new),
            ("changed", self.changed),
            ("moved", self.moved),
            ("removed", self.removed),
            ("read again", self.again),
            ("came back", self.returned),
            ("refused", self.refused),
        ];
        let parts = parts.iter().filter(|(_, number)| *number > 0);
        let parts: Vec<String> = parts.map(|(name, n)| format!("{n} {name}")).collect();
        let held_back = match self.held_back {
            0 => String::new(),
            number => format!(" ({number} held back, as their records say)"),
        };
        let set_aside = match self.recurring_texts {
            0 => String::new(),
            number => format!("; texts set aside that recur on the pages of a site: {number}"),
        };
        let files = match (self.brought, self.passed_over) {
            (0, 0) => String::new(),
            (brought, 0) => format!("; files that came along: {brought}"),
            (0, others) => {
                format!("; other files, passed over because no article shows them: {others}")
            }
            (brought, others) => format!(
                "; files that came along: {brought}; other files, passed over because no article shows them: {others}"
            ),
        };
        let line = || {
            let parts = parts.join(", ");
            format!("imported raw articles: {parts}{held_back}{files}{set_aside}")
        };
        (!parts.is_empty()).then(line)
    }

    /// This import and one that follows at once.
    pub fn and(self, later: Self) -> Self {
        Self {
            new: self.new + later.new,
            changed: self.changed + later.changed,
            moved: self.moved + later.moved,
            removed: self.removed + later.removed,
            again: self.again + later.again,
            returned: self.returned + later.returned,
            held_back: self.held_back + later.held_back,
            brought: self.brought + later.brought,
            passed_over: self.passed_over + later.passed_over,
            recurring_texts: self.recurring_texts + later.recurring_texts,
            events: [self.events, later.events].concat(),
            settled: [self.settled, later.settled].concat(),
            replacements: self
                .replacements
                .into_iter()
                .chain(later.replacements)
                .collect(),
            copies: self.copies.and(later.copies),
            files: self.files.into_iter().chain(later.files).collect(),
            copied: self.copied.into_iter().chain(later.copied).collect(),
            ..later
        }
    }

    /// All diagnostics.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        [
            &self.diagnostics[..],
            &self.copies.diagnostics,
            &self.events,
        ]
        .concat()
    }

    pub fn json(&self) -> serde_json::Value {
        json!({
            "new": self.new, "changed": self.changed, "moved": self.moved, "removed": self.removed,
            "again": self.again, "same": self.same, "refused": self.refused,
            "returned": self.returned, "held_back": self.held_back, "recurring_texts": self.recurring_texts,
            "files": self.brought, "passed_over": self.passed_over, "settled": self.settled,
            "copies": self.copies.json(),
        })
    }
}
