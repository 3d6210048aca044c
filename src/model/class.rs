//! The classes of pages, by which they are published.

use serde::{Deserialize, Serialize};

/// The class of a page, in the order of publishing: pages to which others link, and files that they load, come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A static file, or a file beside an article.
    Asset,
    Article,
    /// An article that was withdrawn: publishing must remove its text everywhere.
    Withdrawn,
    Redirect,
    /// A page that a person wrote by hand.
    Page,
    /// A list of articles, or an overview of lists.
    List,
    Feed,
    /// The home page, the page for unknown paths, the sitemap: the first pages that visitors and robots request.
    Entrance,
}

impl Class {
    /// Whether readers cite the page's address: that of an article, or of a redirect.
    pub fn is_article(self) -> bool {
        matches!(self, Self::Article | Self::Withdrawn | Self::Redirect)
    }
}
