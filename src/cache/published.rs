//! The addresses of articles that were last published from this machine, by target, with which `check` and `publish` compare.
//! One text file for each target, below `.backfile/publish/`: the manifest's id, then a line for each article.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use crate::diagnostics::{Diagnostic, Result};
use crate::files;
use crate::site::Site;

/// An address of an article that readers have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedAddress {
    /// Below the website's root.
    pub path: String,
    /// A digest of the article's name, as in [`crate::cache::PageRecord`].
    pub owner: u64,
}

/// The addresses that were last published from this machine, to any of the site's targets.
pub fn published_addresses(site: &Site) -> Vec<PublishedAddress> {
    let targets = site.settings.publish.keys();
    targets
        .flat_map(|target| read(&publishing_folder(site, target)))
        .collect()
}

/// The folder for the records of publishing to a target.
pub fn publishing_folder(site: &Site, target: &str) -> PathBuf {
    site.cache().join("publish").join(target)
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join("last")
}

/// The id of the manifest that this machine last published to the target of a folder. Returns `None` if it does not know.
pub fn last_published(folder: &Path) -> Option<String> {
    let file = File::open(file_in(folder)).ok()?;
    BufReader::new(file).lines().next()?.ok()
}

fn read(folder: &Path) -> Vec<PublishedAddress> {
    let text = std::fs::read_to_string(file_in(folder)).unwrap_or_default();
    let lines = text.lines().skip(1).filter_map(|line| {
        let (owner, path) = line.split_once(' ')?;
        Some(PublishedAddress {
            path: path.to_owned(),
            owner: u64::from_str_radix(owner, 16).ok()?,
        })
    });
    lines.collect()
}

/// Stores the addresses of the articles of a manifest: the digest of each article's name, and its path.
///
/// # Errors
/// If they cannot be written.
pub fn keep_published<'f>(
    folder: &Path,
    manifest: &str,
    articles: impl Iterator<Item = (u64, &'f str)>,
) -> Result<()> {
    if last_published(folder).is_some_and(|last| last == manifest) {
        return Ok(());
    }
    let path = file_in(folder);
    let mut text = format!("{manifest}\n");
    for (owner, path) in articles {
        text.push_str(&format!("{owner:016x} {path}\n"));
    }
    files::write_whole(&path, text.as_bytes())
        .map_err(|e| Diagnostic::io(&path, "write the file", &e).into())
}
