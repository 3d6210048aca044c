//! What changed: on disk, as far as it is known, and among the subjects of pages.

use std::collections::BTreeSet;

use crate::model::subject::Subject;

/// The files of `content/` that may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    All,
    /// Files and folders below `content/`, present or removed.
    Paths(BTreeSet<String>),
}

/// What changed on disk, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub contents: Scope,
    pub raw: bool,
    /// Settings, topics, theme, templates or static files.
    pub inputs: bool,
}

impl Default for Changed {
    fn default() -> Self {
        Self {
            contents: Scope::Paths(BTreeSet::new()),
            raw: false,
            inputs: false,
        }
    }
}

impl Changed {
    /// Everything may have changed.
    pub fn all() -> Self {
        Self {
            contents: Scope::All,
            raw: true,
            inputs: true,
        }
    }

    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Adds other changes to these.
    pub fn add(&mut self, other: Self) {
        self.raw |= other.raw;
        self.inputs |= other.inputs;
        match (&mut self.contents, other.contents) {
            (Scope::Paths(files), Scope::Paths(more)) => files.extend(more),
            (contents, _) => *contents = Scope::All,
        }
    }
}

/// The subjects whose pages may differ from before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    All,
    Some(BTreeSet<Subject>),
}
