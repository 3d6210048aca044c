//! write: bytes → files below `public/`. Writes only what differs, and switches the new in when all of it is there.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostics::{Diagnostic, Result};
use crate::site::slashed;

/// The file that says that a folder is Backfile's own; never published.
const MARK: &str = ".backfile-public";

/// Where new files wait until all of them are written.
const STAGE: &str = ".backfile-stage";

/// A folder that holds a website and nothing else.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    stage: PathBuf,
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
                return Err(Diagnostic::error(root.display().to_string(), what)
                    .hint("name another folder with --out, or move what is in it away")
                    .into());
            }
            let words = "This folder is made by Backfile: what is put here by hand is removed by the next build.\n";
            std::fs::write(&mark, words).map_err(failed("write into the folder"))?;
        }
        let stage = root.join(STAGE);
        remove_all(&stage)?;
        std::fs::create_dir(&stage).map_err(failed("write into the folder"))?;
        Ok(Self {
            root: root.to_path_buf(),
            stage,
            written: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
        })
    }

    /// Puts a file beside the website, unless the website has it already, byte for byte. Threads may share this.
    ///
    /// # Errors
    /// Where the disk is full or the folder cannot be written.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if is_same(&self.root.join(path), bytes) {
            return Ok(());
        }
        let staged = self.stage.join(path);
        let write = || match std::fs::write(&staged, bytes) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                std::fs::create_dir_all(staged.parent().unwrap_or(&self.stage))?;
                std::fs::write(&staged, bytes)
            }
            done => done,
        };
        write().map_err(|e| {
            Diagnostic::io(&self.root.join(path), "write the page", &e)
                .hint("the website is as it was before")
        })?;
        self.written.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(())
    }

    /// Switches what was put into the website, and removes what no page claims.
    ///
    /// # Errors
    /// Where a file cannot be moved or removed.
    pub fn finish(&self, claimed: &HashSet<&str>) -> Result<Counts> {
        let removed = self.sweep(&self.root, claimed)?;
        if self.written.load(Ordering::Relaxed) > 0 {
            switch_in(&self.stage, &self.root)?;
        }
        Ok(Counts {
            written: self.written.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            removed,
        })
    }

    /// Removes unclaimed files below a folder of the website, and folders that are empty then.
    fn sweep(&self, folder: &Path, claimed: &HashSet<&str>) -> Result<usize> {
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            move |e: std::io::Error| Diagnostic::io(&path, "remove what no page claims", &e)
        };
        let mut removed = 0;
        for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
            let entry = entry.map_err(failed(folder))?;
            let path = entry.path();
            if path == self.stage || path == self.root.join(MARK) {
                continue;
            }
            let shown = slashed(path.strip_prefix(&self.root).unwrap_or(&path));
            if entry.file_type().map_err(failed(&path))?.is_dir() {
                // A page may now lie where a folder was; then nothing in the folder is claimed.
                removed += self.sweep(&path, claimed)?;
                // Not empty is the common answer, and cheaper to be told than to ask for.
                let _ = std::fs::remove_dir(&path);
            } else if !claimed.contains(shown.as_str()) {
                std::fs::remove_file(&path).map_err(failed(&path))?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// Whatever ends a build, nothing is left waiting beside the website.
impl Drop for Output {
    fn drop(&mut self) {
        let _ = remove_all(&self.stage);
    }
}

fn is_same(path: &Path, bytes: &[u8]) -> bool {
    let same_size =
        std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64);
    same_size && std::fs::read(path).is_ok_and(|old| old == bytes)
}

/// Moves everything from one folder into another: whole folders where the other has none of that name.
fn switch_in(from: &Path, to: &Path) -> Result<()> {
    let failed = |e: std::io::Error| Diagnostic::io(to, "switch the new pages in", &e);
    for entry in std::fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(failed)?.is_dir() && target.is_dir() {
            switch_in(&path, &target)?;
        } else {
            std::fs::rename(&path, &target).map_err(failed)?;
        }
    }
    Ok(())
}

fn remove_all(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Diagnostic::io(folder, "remove the folder", &error).into())
        }
        _ => Ok(()),
    }
}
