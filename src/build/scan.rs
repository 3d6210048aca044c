//! scan: which files the site has. Lists folders; never opens a file.

use std::path::{Path, PathBuf};

use crate::diagnostics::{Diagnostic, Result};
use crate::site::{Site, slashed};

/// The files of `content/`, each by its path below it, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanned {
    pub markdown: Vec<Source>,
    /// What is not Markdown: pictures and the like, published where a body shows them.
    pub files: Vec<Source>,
}

/// A file as the scan saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Below `content/`, with `/` between folders.
    pub file: String,
    pub path: PathBuf,
    /// In bytes.
    pub size: u64,
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

/// The regular files below a folder, sorted by path. Hidden files are left out, and links are not followed:
/// what they name is not the archive's.
pub fn list(folder: &Path) -> Result<Vec<Source>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let visible = |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_entry(visible) {
        let failed = |e: walkdir::Error| Diagnostic::error(folder.display().to_string(), format!("cannot be listed: {e}"));
        let entry = entry.map_err(failed)?;
        if !entry.file_type().is_file() {
            continue;
        }
        let size = entry.metadata().map_err(failed)?.len();
        let path = entry.into_path();
        let file = slashed(path.strip_prefix(folder).unwrap_or(&path));
        found.push(Source { file, path, size });
    }
    found.sort_unstable_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

fn is_markdown(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown")
}
