//! Files below a folder, as a scan sees them. Lists; never opens a file.

use std::fs::{DirEntry, Metadata};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;

use crate::diagnostics::{Diagnostic, Result};
use crate::model::Stamp;
use crate::site::slashed;

/// A file as the scan saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Below the folder that was listed, with `/` between folders.
    pub file: String,
    pub path: PathBuf,
    pub stamp: Stamp,
}

/// The stamp that a file's metadata give.
pub fn stamp(metadata: &Metadata) -> Stamp {
    Stamp {
        size: metadata.len(),
        modified: nanoseconds(metadata.modified().unwrap_or(UNIX_EPOCH)),
        changed: changed(metadata),
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    let since = |d: std::time::Duration| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX);
    time.duration_since(UNIX_EPOCH)
        .map_or_else(|before| -since(before.duration()), since)
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec()
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> i64 {
    0
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
    let mut found = list_below(folder, "")?;
    found.par_sort_unstable_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

/// The regular files below a folder of the folder that is listed, in no order.
///
/// # Errors
/// As [`list`].
pub fn list_below(folder: &Path, inside: &str) -> Result<Vec<Source>> {
    let failed = |e: std::io::Error| Diagnostic::io(folder, "list the folder", &e);
    let entries: Vec<DirEntry> = match std::fs::read_dir(folder) {
        // It went away since it was seen.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries
            .map_err(failed)?
            .collect::<std::io::Result<_>>()
            .map_err(failed)?,
    };
    let mut found = Vec::with_capacity(entries.len());
    let mut folders = Vec::new();
    for entry in entries {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let file = format!("{inside}{}", name.to_string_lossy());
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            folders.push((entry.path(), file + "/"));
        } else if kind.is_file()
            && let Ok(metadata) = entry.metadata()
        {
            found.push(Source {
                file,
                path: entry.path(),
                stamp: stamp(&metadata),
            });
        }
    }
    let inner: Vec<Vec<Source>> = folders
        .par_iter()
        .map(|(path, file)| list_below(path, file))
        .collect::<Result<_>>()?;
    found.extend(inner.into_iter().flatten());
    Ok(found)
}

/// The file at a path below a folder, as [`list`] would give it.
pub fn one(folder: &Path, path: &Path) -> Option<Source> {
    let inside = path.strip_prefix(folder).ok()?;
    let is_hidden =
        |part: std::path::Component<'_>| part.as_os_str().as_encoded_bytes().starts_with(b".");
    let metadata = path.symlink_metadata().ok()?;
    (metadata.is_file() && !inside.components().any(is_hidden)).then(|| Source {
        file: slashed(inside),
        path: path.to_path_buf(),
        stamp: stamp(&metadata),
    })
}
