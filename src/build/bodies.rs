//! Bodies of articles and hand-written pages, read from `content/` when a page that shows them is rendered.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;

use super::markdown::{self, Link};
use crate::diagnostics::{Diagnostic, Result};
use crate::files;
use crate::front_matter;
use crate::model::Origin;
use crate::text::comments;

/// What most files of articles have at most, in bytes.
const USUAL_SIZE: usize = 16 * 1024;

/// A body that a page shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BodyReference {
    /// Below `content/`.
    pub file: Box<str>,
    /// The title that the page shows above it.
    pub title: Box<str>,
    /// Whether a feed shows it, in which HTML is a text.
    pub in_feed: bool,
    /// What each link in the body becomes on this page, in order.
    pub links: Vec<(Box<str>, Link)>,
    /// Where articles are now whose older addresses the body names, in order.
    pub addresses: Vec<(Origin, String)>,
    /// The host at which the body was published before.
    pub host: Box<str>,
}

/// Reads bodies, and renders them.
#[derive(Debug)]
pub struct Bodies {
    content: PathBuf,
    remote_images: bool,
}

impl Bodies {
    /// `content` is the folder of all files; `remote_images` says whether pages may load images from other hosts.
    pub fn new(content: PathBuf, remote_images: bool) -> Self {
        Self {
            content,
            remote_images,
        }
    }

    /// The path on disk of a file of `content/`.
    pub fn path(&self, file: &str) -> PathBuf {
        self.content.join(file)
    }

    /// The Markdown of a body, without its front matter and its comments.
    ///
    /// # Errors
    /// If the file was removed since it was scanned, or cannot be read.
    pub fn markdown(&self, file: &str) -> Result<String> {
        let path = self.path(file);
        let text = files::read(&path, USUAL_SIZE).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| std::io::ErrorKind::InvalidData.into())
        });
        let mut text = text.map_err(|e| Diagnostic::io(&path, "read the article", &e))?;
        let start = front_matter::split(&text).map_or(0, |parts| text.len() - parts.body.len());
        text.drain(..start);
        Ok(match comments::without(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(shown) => shown,
        })
    }

    /// The HTML of a body, as it is shown on one page.
    ///
    /// # Errors
    /// As [`Bodies::markdown`].
    pub fn html(&self, body: &BodyReference) -> Result<String> {
        let markdown = self.markdown(&body.file)?;
        let links = body.links.iter();
        let context = markdown::BodyContext {
            links: links
                .map(|(target, link)| (&**target, link))
                .collect::<HashMap<_, _>>(),
            remote_images: self.remote_images,
            title: &body.title,
            addresses: &body.addresses,
            host: &body.host,
        };
        Ok(markdown::html(&markdown, &context))
    }
}
