//! The subjects of pages, and the sources of static files.

use std::path::PathBuf;

use super::period::Period;
use super::term::{ArticleNo, ListId};
use crate::model::stamp::Stamp;

/// What a page is about. Changes touch subjects; each page kind knows which pages a subject has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The site as a whole: home page, overviews, sitemap index.
    Site,
    Article(ArticleNo),
    /// A list of articles within a period.
    List(ListId, Period),
    /// A hand-written page or a file of `content/`, by its source.
    Content(Box<str>),
    /// A static file, by its path below the site's root.
    Static(Box<str>),
}

/// Where the bytes of a static file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaticSource {
    File(PathBuf, Stamp),
    /// Below `content/`.
    Content(Box<str>, Stamp),
    /// Embedded in the program.
    Embedded(&'static [u8]),
}
