//! scan: which files the site has. Sorts files by what they are for; never opens one.

use crate::diagnostics::Result;
use crate::site::Site;
use crate::sources::{Source, list};

/// The files of `content/`, each by its path below it, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanned {
    pub markdown: Vec<Source>,
    /// What is not Markdown: pictures and the like, published where a body shows them.
    pub files: Vec<Source>,
}

/// Lists `content/`; a folder that is not there is an empty one.
///
/// # Errors
/// Where a folder cannot be listed.
pub fn scan(site: &Site) -> Result<Scanned> {
    let mut scanned = Scanned::default();
    for source in list(&site.content())? {
        match is_markdown(&source.file) {
            true => scanned.markdown.push(source),
            false => scanned.files.push(source),
        }
    }
    Ok(scanned)
}

fn is_markdown(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown")
}
