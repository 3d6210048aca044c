//! What a page is to those who publish it.

use serde::{Deserialize, Serialize};

/// The classes, in the order in which they are sent: what others link to or load comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A static file, or a file beside an article.
    Asset,
    Article,
    /// An article that was withdrawn: its text must be nowhere any more.
    Withdrawn,
    Redirect,
    /// A page that a person wrote by hand.
    Page,
    /// A list of articles, or an overview of lists.
    List,
    Feed,
    /// The home page, the page for what is not found, the sitemap: what strangers and robots meet first.
    Entrance,
}

impl Class {
    /// Whether its address is one that readers cite: an article's, or one that leads to it.
    pub fn is_article(self) -> bool {
        matches!(self, Self::Article | Self::Withdrawn | Self::Redirect)
    }
}
