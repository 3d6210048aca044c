//! What the file system says of a file without opening it.

use serde::{Deserialize, Serialize};

/// Two equal stamps of a file mean one content, unless it was written within the tick of the clock in which it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// When the content was written, in nanoseconds since 1970.
    pub modified: i64,
    /// When the content or the name changed, as far as the system tells: a file that was moved here keeps `modified`.
    pub changed: i64,
}

impl Stamp {
    /// When anything about the file last changed.
    pub fn latest(&self) -> i64 {
        self.modified.max(self.changed)
    }
}
