//! What an import did, for people and for scripts.

use std::collections::BTreeSet;

use serde_json::json;

use super::copies::Copies;
use super::job::What;
use crate::diagnostics::Diagnostic;

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    pub new: usize,
    pub changed: usize,
    pub moved: usize,
    pub removed: usize,
    /// Read again though nothing changed, as asked.
    pub again: usize,
    /// Records whose articles stayed as they were.
    pub same: usize,
    /// Raw files that gave no article.
    pub refused: usize,
    /// Files of `content/` that were written or removed.
    pub files: BTreeSet<String>,
    /// What is wrong for as long as `raw/` and `content/` stay as they are.
    pub diagnostics: Vec<Diagnostic>,
    /// Copies among what was written, which are told of once.
    pub copies: Copies,
}

impl Imported {
    /// Counts an article that was written.
    pub fn count(&mut self, what: What) {
        let number = match what {
            What::New => &mut self.new,
            What::Changed => &mut self.changed,
            What::Moved => &mut self.moved,
            What::Again => &mut self.again,
        };
        *number += 1;
    }

    /// For people; None where nothing happened.
    pub fn line(&self) -> Option<String> {
        let parts = [
            ("new", self.new),
            ("changed", self.changed),
            ("moved", self.moved),
            ("removed", self.removed),
            ("read again", self.again),
            ("refused", self.refused),
        ];
        let said: Vec<String> = parts
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(word, n)| format!("{n} {word}"))
            .collect();
        (!said.is_empty()).then(|| format!("imported raw articles: {}", said.join(", ")))
    }

    /// This import and one right after it.
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

    /// All that there is to tell.
    pub fn said(&self) -> Vec<Diagnostic> {
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
