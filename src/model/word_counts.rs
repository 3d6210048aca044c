//! How many words of a record, or of many records, import put into labels, fields, the body, or removed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The words of one record or of many: each word is in exactly one of these counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WordCounts {
    pub label: u64,
    pub field: u64,
    pub body: u64,
    /// Removed as page debris.
    pub removed: u64,
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

impl WordCounts {
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

    /// Undoes [`WordCounts::add`].
    pub fn remove(&mut self, other: Self) {
        self.label -= other.label;
        self.field -= other.field;
        self.body -= other.body;
        self.removed -= other.removed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_counts_are_read_back_and_other_text_is_refused() {
        let counts: WordCounts = "12 31 412 2".parse().expect("four numbers");
        assert_eq!(counts.to_string(), "12 31 412 2");
        assert_eq!(counts.sum(), 457);
        for wrong in [
            "",
            "1 2 3",
            "1 2 3 4 5",
            "1 2 3 x",
            "1 2 3 18446744073709551616",
            "1  2 3 4",
            "-1 2 3 4",
        ] {
            assert_eq!(wrong.parse::<WordCounts>(), Err(()), "{wrong}");
        }
    }
}
