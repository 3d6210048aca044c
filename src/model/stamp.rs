//! What the file system knows of a file without opening it.

use serde::{Deserialize, Serialize};

/// Equal stamps of a file mean equal content, unless the file was written within the granularity of its timestamp after it was
/// read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// In bytes.
    pub size: u64,
    /// When the content was written, in nanoseconds since 1970.
    pub modified: i64,
    /// When the content or the name changed, 0 on systems that do not record it: a moved file keeps `modified`.
    pub changed: i64,
}

impl Stamp {
    /// When anything about the file last changed.
    pub fn latest(&self) -> i64 {
        self.modified.max(self.changed)
    }
}
