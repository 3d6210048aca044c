//! What pages are about, and where static files come from.

use std::path::PathBuf;

use super::period::Period;
use super::term::{ArticleNo, ListId};
use crate::model::stamp::Stamp;

/// What pages are about. A change touches subjects; each page kind says which pages a subject has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The site as a whole: home page, overviews, sitemap index.
    Site,
    Article(ArticleNo),
    /// A list of articles and the stretch of time that it is cut to.
    List(ListId, Period),
    /// A hand-written page or a file of `content/`, by its source.
    Content(Box<str>),
    /// A static file, by its path below the site's root.
    Static(Box<str>),
}

/// Where a static file's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaticSource {
    File(PathBuf, Stamp),
    /// Below `content/`.
    Content(Box<str>, Stamp),
    /// Embedded in the program.
    Embedded(&'static [u8]),
}
