//! What is published: one path, and what it is made from.

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

/// One page, ready to be rendered.
#[derive(Debug, Clone)]
pub struct Page {
    /// Below the site's root, with `/` between folders.
    pub path: String,
    pub content: PageContent,
}

/// What a page is made from.
#[derive(Debug, Clone)]
pub enum PageContent {
    /// A template, all that it sees, and the bodies that are rendered into it.
    Template {
        name: &'static str,
        /// Names and values, in a fixed order.
        context: Vec<(&'static str, tera::Value)>,
        bodies: Vec<BodyReference>,
    },
    /// A file, byte for byte.
    Copy(StaticSource),
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

/// A body that a page shows: read, and turned into HTML, only where the page must be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyReference {
    /// Below `content/`.
    pub file: Box<str>,
    /// The headline that stands above it.
    pub title: Box<str>,
    /// What each link in the body becomes on this page, in the order of the body.
    pub links: Vec<(Box<str>, Link)>,
}

/// What a link in a body becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    To(String),
    /// Nothing that the site has: its words stay, without a link.
    Nowhere,
}
