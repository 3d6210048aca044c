//! write: bytes → files below `public/`. Writes only what differs, and switches the new in when all of it is there.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::Staging;
use crate::files::{self, Source};
use crate::model::path::is_publishable;
use crate::model::set_hash::{self, SetHash};

/// The file that says that a folder is Backfile's own; never published.
const MARK: &str = ".backfile-public";

/// Where new files wait until all of them are written.
const STAGE: &str = ".backfile-stage";

/// A folder that holds a website and nothing else.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    stage: Staging,
    written: AtomicUsize,
    bytes: AtomicUsize,
}

/// What a build did to the website.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Files that are new or differ from before.
    pub written: usize,
    /// The bytes in them.
    pub bytes: usize,
    /// Files that no page claims any more.
    pub removed: usize,
}

impl Output {
    /// Takes a folder as the place of the website; makes it where it is not there.
    ///
    /// # Errors
    /// Where the folder has files in it and no mark: they are somebody's.
    pub fn open(root: &Path) -> Result<Self> {
        let failed = |what| move |e: std::io::Error| Diagnostic::io(root, what, &e);
        std::fs::create_dir_all(root).map_err(failed("make the folder"))?;
        let mark = root.join(MARK);
        if !mark.exists() {
            let mut inside = std::fs::read_dir(root).map_err(failed("list the folder"))?;
            if inside.next().is_some() {
                let what = "the folder has files in it that Backfile did not make";
                return Err(Diagnostic::error(
                    Code::Unclassified,
                    root.display().to_string(),
                    what,
                )
                .hint("name another folder with --out, or move what is in it away")
                .into());
            }
            let words = "This folder is made by Backfile: what is put here by hand is removed by the next build.\n";
            std::fs::write(&mark, words).map_err(failed("write into the folder"))?;
        }
        let stage = Staging::open(&root.join(STAGE)).map_err(failed("write into the folder"))?;
        Ok(Self {
            root: root.to_path_buf(),
            stage,
            written: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
        })
    }

    /// The files of the website as they are now; hidden ones are not the website's.
    ///
    /// # Errors
    /// Where the folder cannot be listed.
    pub fn files(&self) -> Result<Vec<Source>> {
        files::list(&self.root)
    }

    /// What the website holds, as its listing says, and when the latest of it changed.
    ///
    /// # Errors
    /// As [`Output::files`].
    pub fn sum(&self) -> Result<(SetHash, i64)> {
        files::set_hash(&self.root, |path, stamp| set_hash::page(path, stamp.size))
    }

    /// Whether the website has a file already, byte for byte.
    pub fn has(&self, path: &str, bytes: &[u8]) -> bool {
        let path = self.root.join(path);
        let metadata = std::fs::symlink_metadata(&path);
        let same_size = metadata.is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64);
        same_size && std::fs::read(path).is_ok_and(|old| old == bytes)
    }

    /// The bytes of a file of the website; None where it is not there.
    pub fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.root.join(path)).ok()
    }

    /// Puts a file beside the website. Threads may share this.
    ///
    /// # Errors
    /// Where the disk is full or the folder cannot be written.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if !is_publishable(path) {
            let what = "no page can lie at this path";
            return Err(Diagnostic::error(Code::Unclassified, path, what)
                .hint("the website is as it was before")
                .into());
        }
        self.stage.put(Path::new(path), bytes).map_err(|e| {
            Diagnostic::io(&self.root.join(path), "write the page", &e)
                .hint("the website is as it was before")
        })?;
        self.written.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(())
    }

    /// Removes files, and switches what was put into the website.
    ///
    /// # Errors
    /// Where a file cannot be moved or removed.
    pub fn finish(&self, gone: &BTreeSet<PathBuf>) -> Result<Counts> {
        let mut removed = 0;
        for path in gone {
            match std::fs::remove_file(path) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(Diagnostic::io(path, "remove what no page claims", &error).into());
                }
            }
            let above = path.ancestors().skip(1);
            for folder in above.take_while(|folder| *folder != self.root) {
                // Not empty is the common answer, and cheaper to be told than to ask for.
                if std::fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
        if self.written.load(Ordering::Relaxed) > 0 {
            let switched = self.stage.switch_in(&self.root);
            switched.map_err(|e| Diagnostic::io(&self.root, "switch the new pages in", &e))?;
        }
        Ok(Counts {
            written: self.written.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            removed,
        })
    }

    /// Where a page lies.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}
