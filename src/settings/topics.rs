//! `[topics]`: how articles are matched.

use serde::{Deserialize, Serialize};

/// `[topics]`
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TopicSettings {
    /// How strongly an article must speak of a topic to belong to it.
    pub threshold: u32,
}

impl Default for TopicSettings {
    fn default() -> Self {
        Self { threshold: 3 }
    }
}
