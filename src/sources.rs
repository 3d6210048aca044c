//! Files below a folder, as a scan sees them. Lists; never opens a file.

use std::path::{Path, PathBuf};

use crate::diagnostics::{Diagnostic, Result};
use crate::site::slashed;

/// A file as the scan saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Below the folder that was listed, with `/` between folders.
    pub file: String,
    pub path: PathBuf,
    /// In bytes.
    pub size: u64,
}

/// The regular files below a folder, sorted by path; none where it is not there. Hidden files are left out,
/// and links are not followed: what they name is not the archive's.
///
/// # Errors
/// Where a folder cannot be listed.
pub fn list(folder: &Path) -> Result<Vec<Source>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let failed = |e: walkdir::Error| {
        Diagnostic::error(
            folder.display().to_string(),
            format!("cannot be listed: {e}"),
        )
    };
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_entry(visible)
    {
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
