//! What an import did, for people and for scripts.

use std::collections::BTreeSet;

use serde_json::json;

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
    /// Files of `content/` that were written or removed.
    pub files: BTreeSet<String>,
    /// Problems that remain until `raw/` or `content/` changes.
    pub diagnostics: Vec<Diagnostic>,
    /// Copies among what was written, which are reported by this import only.
    pub copies: Copies,
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

    /// Counts an article that was written.
    pub fn count(&mut self, reason: Reason) {
        let number = match reason {
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
            ("refused", self.refused),
        ];
        let parts = parts.iter().filter(|(_, number)| *number > 0);
        let parts: Vec<String> = parts.map(|(name, n)| format!("{n} {name}")).collect();
        (!parts.is_empty()).then(|| format!("imported raw articles: {}", parts.join(", ")))
    }

    /// This import and one that follows at once.
    pub fn and(self, later: Self) -> Self {
        Self {
            new: self.new + later.new,
            changed: self.changed + later.changed,
            moved: self.moved + later.moved,
            removed: self.removed + later.removed,
            again: self.again + later.again,
            copies: self.copies.and(later.copies),
            files: self.files.into_iter().chain(later.files).collect(),
            ..later
        }
    }

    /// All diagnostics.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        [&self.diagnostics[..], &self.copies.diagnostics].concat()
    }

    pub fn json(&self) -> serde_json::Value {
        json!({
            "new": self.new, "changed": self.changed, "moved": self.moved, "removed": self.removed,
            "again": self.again, "same": self.same, "refused": self.refused,
            "copies": self.copies.json(),
        })
    }
}
