//! One process at a time: who holds a site, and waiting for it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::diagnostics::{Diagnostic, Result};
use crate::files;

/// A site that is this process's alone until it is dropped.
#[derive(Debug)]
pub struct Lock {
    /// Held for its lock.
    _file: File,
    /// The command that holds it.
    user: String,
}

impl Lock {
    /// Takes a site; where another process has it, says which to `waiting` and waits.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn take(folder: &Path, user: &str, waiting: &dyn Fn(&str)) -> Result<Self> {
        let failed = |e: std::io::Error| Diagnostic::io(folder, "use the cache", &e);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("lock"))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = std::fs::read_to_string(holder(folder)).unwrap_or_default();
                let holder = if holder.is_empty() {
                    "another process"
                } else {
                    holder.trim()
                };
                waiting(&format!(
                    "waiting for {holder}, which is at work on this site"
                ));
                file.lock().map_err(failed)?;
            }
            Err(TryLockError::Error(error)) => return Err(failed(error).into()),
        }
        Ok(Self {
            _file: file,
            user: user.to_owned(),
        })
    }

    /// Says who holds the site, and gives the time of the file system's own clock, in nanoseconds since 1970: what is
    /// written from now on has this time or a later one.
    ///
    /// # Errors
    /// As [`Lock::take`].
    pub fn file_system_time(&self, folder: &Path) -> Result<i64> {
        let path = holder(folder);
        let words = format!(
            "`backfile {}` (process {})\n",
            self.user,
            std::process::id()
        );
        let written = std::fs::write(&path, words).and_then(|()| std::fs::metadata(&path));
        let metadata = written.map_err(|e| Diagnostic::io(&path, "use the cache", &e))?;
        Ok(files::stamp(&metadata).modified)
    }
}

/// Beside the lock, for on some systems nobody else may read a locked file.
fn holder(folder: &Path) -> std::path::PathBuf {
    folder.join("holder")
}
