//! `[topics]`: how topics are matched with articles.

use serde::{Deserialize, Serialize};

/// `[topics]`
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TopicSettings {
    /// The strength from which an article belongs to a topic.
    pub threshold: u32,
}

impl Default for TopicSettings {
    fn default() -> Self {
        Self { threshold: 3 }
    }
}
