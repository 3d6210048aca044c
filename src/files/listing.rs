//! Lists the files below a folder; never opens a file.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostics::{Diagnostic, Result};
use crate::model::path::slashed;
use crate::model::{SetHash, Stamp};

use super::names;
use super::stamp::stamp;

/// A file as it was listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path below the listed folder, with `/` between folders.
    pub file: String,
    pub path: PathBuf,
    pub stamp: Stamp,
}

/// Everything below a folder, sorted by path.
#[derive(Debug, Default)]
pub struct Listing {
    pub files: Vec<Source>,
    /// Everything that is neither a regular file nor a folder.
    pub special_files: Vec<SpecialFile>,
}

/// A link, device, pipe or socket. None is opened: the target of a link is not part of the archive, and a pipe may never end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpecialFile {
    /// The path below the listed folder, with `/` between folders.
    pub file: String,
    /// Whether it is a symbolic link; otherwise it is a device, a pipe or a socket.
    pub is_link: bool,
}

/// The regular files below a folder, sorted by path; none if the folder does not exist. What is
/// [passed over](names::is_passed_over) is left out, and links are not followed.
///
/// # Errors
/// If a folder cannot be listed.
pub fn list(folder: &Path) -> Result<Vec<Source>> {
    Ok(list_all(folder)?.files)
}

/// The files of a website: all but hidden ones that no host reads.
///
/// # Errors
/// As [`list`].
pub fn list_website(folder: &Path) -> Result<Vec<Source>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = listing(folder, "", &is_of_website)?.files;
    files.par_sort_unstable_by(|a, b| a.file.cmp(&b.file));
    Ok(files)
}

/// Whether a file or folder of this name is looked at.
type IsListed = dyn Fn(&[u8]) -> bool + Sync;

fn is_of_archive(name: &[u8]) -> bool {
    !names::is_passed_over(name)
}

fn is_of_website(name: &[u8]) -> bool {
    !name.starts_with(b".") || std::str::from_utf8(name).is_ok_and(names::is_read_by_hosts)
}

/// As [`list`], with links and special files.
///
/// # Errors
/// As [`list`].
pub fn list_all(folder: &Path) -> Result<Listing> {
    if !folder.is_dir() {
        return Ok(Listing::default());
    }
    let mut found = listing(folder, "", &is_of_archive)?;
    found.files.par_sort_unstable_by(|a, b| a.file.cmp(&b.file));
    found.special_files.sort_unstable();
    Ok(found)
}

/// The regular files below a subfolder, in no order. `prefix` is the path of the subfolder below the listed folder, with `/` at
/// its end.
///
/// # Errors
/// As [`list`].
pub fn list_below(folder: &Path, prefix: &str) -> Result<Vec<Source>> {
    Ok(listing(folder, prefix, &is_of_archive)?.files)
}

fn listing(folder: &Path, prefix: &str, is_listed: &IsListed) -> Result<Listing> {
    let take = |found: &mut Listing, file: String, entry: &DirEntry, kind: EntryKind| {
        let path = entry.path();
        match kind {
            EntryKind::File(stamp) => found.files.push(Source { file, path, stamp }),
            EntryKind::Special { is_link } => {
                found.special_files.push(SpecialFile { file, is_link })
            }
        }
    };
    fold(folder, prefix, is_listed, &take, &|all, inner| {
        all.files.extend(inner.files);
        all.special_files.extend(inner.special_files);
    })
}

/// The kind of an entry of a folder that is not a folder itself.
enum EntryKind {
    File(Stamp),
    Special { is_link: bool },
}

/// A hash of all files below a folder, for which `entry` gives the hash of each, and the latest time at which one changed, in
/// nanoseconds since 1970.
///
/// # Errors
/// As [`list`].
pub fn set_hash(
    folder: &Path,
    entry: impl Fn(&str, &Stamp) -> u128 + Sync,
) -> Result<(SetHash, i64)> {
    hash(folder, &is_of_archive, entry)
}

/// As [`set_hash`], of a [website](list_website).
///
/// # Errors
/// As [`list`].
pub fn website_hash(
    folder: &Path,
    entry: impl Fn(&str, &Stamp) -> u128 + Sync,
) -> Result<(SetHash, i64)> {
    hash(folder, &is_of_website, entry)
}

fn hash(
    folder: &Path,
    is_listed: &IsListed,
    entry: impl Fn(&str, &Stamp) -> u128 + Sync,
) -> Result<(SetHash, i64)> {
    let take =
        |(hash, latest): &mut (SetHash, i64), file: String, _: &DirEntry, kind: EntryKind| {
            if let EntryKind::File(stamp) = kind {
                hash.add(entry(&file, &stamp));
                *latest = stamp.latest().max(*latest);
            }
        };
    fold(folder, "", is_listed, &take, &|all, (hash, latest)| {
        all.0.merge(hash);
        all.1 = latest.max(all.1);
    })
}

/// Calls `take` with every entry below a folder that is not a folder itself, with one accumulator for each folder and on all
/// threads, and combines the accumulators with `join`.
fn fold<T: Default + Send>(
    folder: &Path,
    prefix: &str,
    is_listed: &IsListed,
    take: &(impl Fn(&mut T, String, &DirEntry, EntryKind) + Sync),
    join: &(impl Fn(&mut T, T) + Sync),
) -> Result<T> {
    let failed = |e: std::io::Error| Diagnostic::io(folder, "list the folder", &e);
    let mut all = T::default();
    let entries = match std::fs::read_dir(folder) {
        // The folder was removed since it was listed.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(all),
        entries => entries.map_err(failed)?,
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        if !is_listed(name.as_encoded_bytes()) {
            continue;
        }
        let file = format!("{prefix}{}", name.to_string_lossy());
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            folders.push((entry.path(), file + "/"));
        } else if !kind.is_file() {
            let is_link = kind.is_symlink();
            take(&mut all, file, &entry, EntryKind::Special { is_link });
        } else if let Ok(metadata) = entry.metadata() {
            take(&mut all, file, &entry, EntryKind::File(stamp(&metadata)));
        }
    }
    let inner: Vec<T> = folders
        .par_iter()
        .map(|(path, file)| fold(path, file, is_listed, take, join))
        .collect::<Result<_>>()?;
    inner.into_iter().for_each(|inner| join(&mut all, inner));
    Ok(all)
}

/// The file at a path below a folder, as [`list`] returns it.
pub fn one(folder: &Path, path: &Path) -> Option<Source> {
    let inside = path.strip_prefix(folder).ok()?;
    let is_hidden =
        |part: std::path::Component<'_>| !is_of_archive(part.as_os_str().as_encoded_bytes());
    let metadata = path.symlink_metadata().ok()?;
    (metadata.is_file() && !inside.components().any(is_hidden)).then(|| Source {
        file: slashed(inside),
        path: path.to_path_buf(),
        stamp: stamp(&metadata),
    })
}
