//! How many words of a record went where.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The words of a record: each is in exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WordCounts {
    pub label: u32,
    pub field: u32,
    pub body: u32,
    /// Set aside as page debris.
    pub removed: u32,
}

/// `12 31 412 2`, in the order of the fields.
impl fmt::Display for WordCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            label,
            field,
            body,
            removed,
        } = self;
        write!(f, "{label} {field} {body} {removed}")
    }
}

impl FromStr for WordCounts {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = text.split(' ').map(str::parse);
        let mut next = || numbers.next().and_then(Result::ok).ok_or(());
        let counts = Self {
            label: next()?,
            field: next()?,
            body: next()?,
            removed: next()?,
        };
        match numbers.next() {
            None => Ok(counts),
            Some(_) => Err(()),
        }
    }
}

/// The words of many records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct WordTotals {
    pub label: u64,
    pub field: u64,
    pub body: u64,
    pub removed: u64,
}

impl WordTotals {
    pub fn sum(&self) -> u64 {
        let Self {
            label,
            field,
            body,
            removed,
        } = self;
        label + field + body + removed
    }

    pub fn add(&mut self, other: Self) {
        self.label += other.label;
        self.field += other.field;
        self.body += other.body;
        self.removed += other.removed;
    }

    /// Takes out what was added.
    pub fn remove(&mut self, other: Self) {
        self.label -= other.label;
        self.field -= other.field;
        self.body -= other.body;
        self.removed -= other.removed;
    }
}

impl From<WordCounts> for WordTotals {
    fn from(counts: WordCounts) -> Self {
        Self {
            label: counts.label.into(),
            field: counts.field.into(),
            body: counts.body.into(),
            removed: counts.removed.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_anything_else_does_not() {
        let counts: WordCounts = "12 31 412 2".parse().expect("four numbers");
        assert_eq!(counts.to_string(), "12 31 412 2");
        assert_eq!(WordTotals::from(counts).sum(), 457);
        for wrong in [
            "",
            "1 2 3",
            "1 2 3 4 5",
            "1 2 3 x",
            "1 2 3 4294967296",
            "1  2 3 4",
            "-1 2 3 4",
        ] {
            assert_eq!(wrong.parse::<WordCounts>(), Err(()), "{wrong}");
        }
    }
}
