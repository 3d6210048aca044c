//! Files below a folder, as a scan sees them. Lists; never opens a file.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostics::{Diagnostic, Result};
use crate::model::path::slashed;
use crate::model::{SetHash, Stamp};

use super::stamp::stamp;

/// A file as the scan saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Below the folder that was listed, with `/` between folders.
    pub file: String,
    pub path: PathBuf,
    pub stamp: Stamp,
}

/// What lies below a folder, sorted by path.
#[derive(Debug, Default)]
pub struct Listing {
    pub files: Vec<Source>,
    /// What is neither a file nor a folder.
    pub others: Vec<Other>,
}

/// What is neither a file nor a folder. Neither is opened: what a link names is not the archive's, and a pipe may never end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Other {
    /// Below the folder that was listed, with `/` between folders.
    pub file: String,
    /// Else it is a device, a pipe or a socket.
    pub is_link: bool,
}

/// The regular files below a folder, sorted by path; none where it is not there. Hidden files are left out,
/// and links are not followed.
///
/// # Errors
/// Where a folder cannot be listed.
pub fn list(folder: &Path) -> Result<Vec<Source>> {
    Ok(list_all(folder)?.files)
}

/// The same, and what is no file.
///
/// # Errors
/// As [`list`].
pub fn list_all(folder: &Path) -> Result<Listing> {
    if !folder.is_dir() {
        return Ok(Listing::default());
    }
    let mut found = listing(folder, "")?;
    found.files.par_sort_unstable_by(|a, b| a.file.cmp(&b.file));
    found.others.sort_unstable();
    Ok(found)
}

/// The regular files below a folder of the folder that is listed, in no order.
///
/// # Errors
/// As [`list`].
pub fn list_below(folder: &Path, inside: &str) -> Result<Vec<Source>> {
    Ok(listing(folder, inside)?.files)
}

fn listing(folder: &Path, inside: &str) -> Result<Listing> {
    let take = |found: &mut Listing, file: String, entry: &DirEntry, kind: Kind| {
        let path = entry.path();
        match kind {
            Kind::File(stamp) => found.files.push(Source { file, path, stamp }),
            Kind::Other { is_link } => found.others.push(Other { file, is_link }),
        }
    };
    fold(folder, inside, &take, &|all, inner| {
        all.files.extend(inner.files);
        all.others.extend(inner.others);
    })
}

/// What an entry of a folder is that is no folder.
enum Kind {
    File(Stamp),
    Other { is_link: bool },
}

/// What a listing says as a whole, and the latest time of any file in it.
///
/// # Errors
/// As [`list`].
pub fn set_hash(
    folder: &Path,
    entry: impl Fn(&str, &Stamp) -> u128 + Sync,
) -> Result<(SetHash, i64)> {
    let take = |(sum, latest): &mut (SetHash, i64), file: String, _: &DirEntry, kind: Kind| {
        if let Kind::File(stamp) = kind {
            sum.add(entry(&file, &stamp));
            *latest = stamp.latest().max(*latest);
        }
    };
    fold(folder, "", &take, &|all, (sum, latest)| {
        all.0.join(sum);
        all.1 = latest.max(all.1);
    })
}

/// Hands all below a folder that is no folder itself to `take`, folder by folder on all threads, and joins what came of them.
fn fold<T: Default + Send>(
    folder: &Path,
    inside: &str,
    take: &(impl Fn(&mut T, String, &DirEntry, Kind) + Sync),
    join: &(impl Fn(&mut T, T) + Sync),
) -> Result<T> {
    let failed = |e: std::io::Error| Diagnostic::io(folder, "list the folder", &e);
    let mut all = T::default();
    let entries = match std::fs::read_dir(folder) {
        // It went away since it was seen.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(all),
        entries => entries.map_err(failed)?,
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let file = format!("{inside}{}", name.to_string_lossy());
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            folders.push((entry.path(), file + "/"));
        } else if !kind.is_file() {
            let is_link = kind.is_symlink();
            take(&mut all, file, &entry, Kind::Other { is_link });
        } else if let Ok(metadata) = entry.metadata() {
            take(&mut all, file, &entry, Kind::File(stamp(&metadata)));
        }
    }
    let inner: Vec<T> = folders
        .par_iter()
        .map(|(path, file)| fold(path, file, take, join))
        .collect::<Result<_>>()?;
    inner.into_iter().for_each(|inner| join(&mut all, inner));
    Ok(all)
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
