//! write: bytes → files below `public/`. Stages new files, and moves them into place when all of them are written.
//! Knows which folder belongs to Backfile; never knows what a file means.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::Staging;
use crate::files::{self, Source};
use crate::model::path::is_publishable_static;
use crate::model::set_hash::{self, SetHash};

/// The file that marks a folder as Backfile's own; never published.
const MARKER: &str = ".backfile-public";

/// What the marker says. A killed process of an older version may have left it empty.
const NOTE: &str =
    "Backfile writes this folder: the next build removes files that were put here by hand.\n";

/// The folder for new files until all of them are written.
const STAGING: &str = ".backfile-stage";

/// Whether a folder has files that a build did not write: all but what a killed process leaves of a marker.
fn has_other_files(root: &Path) -> std::io::Result<bool> {
    for entry in std::fs::read_dir(root)? {
        if !entry?.file_name().to_string_lossy().starts_with(MARKER) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A folder that contains a website and nothing else.
#[derive(Debug)]
pub(crate) struct Output {
    root: PathBuf,
    staging: Staging,
    written: AtomicUsize,
    bytes: AtomicUsize,
}

/// How many files of the website a build changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriteCounts {
    /// Files that are new or differ from before.
    pub written: usize,
    /// Their size in bytes.
    pub bytes: usize,
    /// Files that no longer belong to a page.
    pub removed: usize,
}

impl Output {
    /// Opens a folder as the output of a site, and creates it if it does not exist.
    ///
    /// # Errors
    /// If the folder contains files and no marker: then the files are not Backfile's.
    pub(crate) fn open(root: &Path) -> Result<Self> {
        let failed = |what| move |e: std::io::Error| Diagnostic::io(root, what, &e);
        std::fs::create_dir_all(root).map_err(failed("create the folder"))?;
        let marker = root.join(MARKER);
        let is_marked = std::fs::read(&marker).is_ok_and(|note| note == NOTE.as_bytes());
        if !is_marked {
            if !marker.exists() && has_other_files(root).map_err(failed("list the folder"))? {
                let what = "the folder contains files that Backfile did not write";
                return Err(Diagnostic::error(
                    Code::OutputNotOwned,
                    root.display().to_string(),
                    what,
                )
                .hint("name another folder with --out, or move these files to another folder")
                .into());
            }
            files::write_whole(&marker, NOTE.as_bytes())
                .map_err(failed("write into the folder"))?;
        }
        let staging =
            Staging::open(&root.join(STAGING)).map_err(failed("write into the folder"))?;
        Ok(Self {
            root: root.to_path_buf(),
            staging,
            written: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
        })
    }

    /// The files of the website. Hidden files do not belong to it.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub(crate) fn files(&self) -> Result<Vec<Source>> {
        files::list_website(&self.root)
    }

    /// A hash of the names and sizes of all files, and the latest time at which one changed, in nanoseconds since 1970.
    ///
    /// # Errors
    /// As [`Output::files`].
    pub(crate) fn set_hash(&self) -> Result<(SetHash, i64)> {
        files::website_hash(&self.root, |path, stamp| set_hash::page(path, stamp.size))
    }

    /// Whether the website has a file with exactly these bytes.
    pub(crate) fn has(&self, path: &str, bytes: &[u8]) -> bool {
        let path = self.root.join(path);
        let metadata = std::fs::symlink_metadata(&path);
        let same_size = metadata.is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64);
        same_size && std::fs::read(path).is_ok_and(|old| old == bytes)
    }

    /// The bytes of a file of the website; `None` if it cannot be read.
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.root.join(path)).ok()
    }

    /// Stages a file. Threads may share this.
    ///
    /// # Errors
    /// If the path cannot be published, the disk is full or the folder cannot be written.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if !is_publishable_static(path) {
            let what = "a page cannot be published at this path";
            return Err(Diagnostic::error(Code::PathInvalid, path, what)
                .hint("the website is unchanged")
                .into());
        }
        self.staging.put(Path::new(path), bytes).map_err(|e| {
            Diagnostic::io(&self.root.join(path), "write the page", &e)
                .hint("the website is unchanged")
        })?;
        self.written.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(())
    }

    /// Removes obsolete files, and moves staged files into the website.
    ///
    /// # Errors
    /// If a file cannot be moved or removed.
    pub(crate) fn finish(&self, obsolete: &BTreeSet<PathBuf>) -> Result<WriteCounts> {
        let mut removed = 0;
        for path in obsolete {
            match std::fs::remove_file(path) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(Diagnostic::io(path, "remove the obsolete file", &error).into());
                }
            }
            let above = path.ancestors().skip(1);
            for folder in above.take_while(|folder| *folder != self.root) {
                // Most folders are not empty; an attempt costs less than a check.
                if std::fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
        if self.written.load(Ordering::Relaxed) > 0 {
            let moved = self.staging.move_into(&self.root);
            moved.map_err(|e| Diagnostic::io(&self.root, "move the new pages into place", &e))?;
        }
        Ok(WriteCounts {
            written: self.written.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            removed,
        })
    }

    /// The file of a page.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}
