//! A page as it is planned: its path, and what it is made from.

use tera::Value;

use super::View;
use crate::build::bodies::{Bodies, BodyReference};
use crate::diagnostics::Result;
use crate::model::digest::Digest;
use crate::model::subject::{StaticSource, Subject};

/// One page, ready to be rendered.
#[derive(Debug, Clone)]
pub struct Page {
    /// Below the website's root, with `/` between folders.
    pub path: String,
    pub content: PageContent,
}

/// What a page is made from.
#[derive(Debug, Clone)]
pub enum PageContent {
    /// A template, all that it sees, and the bodies that are rendered into it.
    Template {
        name: &'static str,
        /// Names and values, in a fixed order; `site` and `theme`, which every template sees too, are left out.
        context: Vec<(&'static str, Value)>,
        bodies: Vec<BodyReference>,
    },
    /// A file, byte for byte.
    Copy(StaticSource),
    /// Bytes that the page kind generates; `inputs_digest` is a digest of everything that they depend on.
    Generated {
        inputs_digest: Digest,
        generate: Generate,
    },
}

/// Generates the bytes of a page about a subject. Called only if the page must be rendered; may read bodies, and nothing else.
pub(crate) type Generate = fn(&View<'_>, &Subject, &Bodies) -> Result<Vec<u8>>;
