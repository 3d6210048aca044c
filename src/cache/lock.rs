//! A lock for one site, so that one process at a time works on it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::diagnostics::{Diagnostic, Result};
use crate::files;

/// The lock of a site, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    /// Kept open for its lock.
    _file: File,
    /// The command that holds the lock.
    user: String,
}

impl Lock {
    /// Takes the lock. If another process has it, calls `waiting` with a message that names it, and waits.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub(crate) fn take(folder: &Path, user: &str, waiting: &dyn Fn(&str)) -> Result<Self> {
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
                let holder = std::fs::read_to_string(holder_file(folder)).unwrap_or_default();
                let holder = if holder.is_empty() {
                    "another process"
                } else {
                    holder.trim()
                };
                waiting(&format!(
                    "waiting for {holder}, which is working on this site"
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

    /// Writes the name of the lock's holder, and returns the time of the file system's clock, in nanoseconds since 1970: files
    /// written from now on have this time or a later one.
    ///
    /// # Errors
    /// As [`Lock::take`].
    pub(crate) fn file_system_time(&self, folder: &Path) -> Result<i64> {
        let path = holder_file(folder);
        let name = format!(
            "`backfile {}` (process {})\n",
            self.user,
            std::process::id()
        );
        let written = std::fs::write(&path, name).and_then(|()| std::fs::metadata(&path));
        let metadata = written.map_err(|e| Diagnostic::io(&path, "use the cache", &e))?;
        Ok(files::stamp(&metadata).modified)
    }
}

/// A file beside the lock, as some systems allow no other process to read a locked file.
fn holder_file(folder: &Path) -> std::path::PathBuf {
    folder.join("holder")
}
