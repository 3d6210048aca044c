//! A staging folder for files that are moved to their destination together when all of them are written. A whole folder is
//! moved at once if the destination has none of that name. No reader sees half a file, and a full disk is noticed before
//! anything is moved.

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// A staging folder. Threads may share it. Files that are still in it when it is dropped are removed.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
}

impl Staging {
    /// Opens an empty staging folder; files that a killed process left in it are removed.
    ///
    /// # Errors
    /// If the folder cannot be emptied or created.
    pub fn open(folder: &Path) -> Result<Self> {
        remove_all(folder)?;
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_path_buf(),
        })
    }

    /// Writes a file into the staging folder; `path` is its path below the destination.
    ///
    /// # Errors
    /// If the disk is full or the folder cannot be written.
    pub fn put(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let staged = self.folder.join(path);
        match std::fs::write(&staged, bytes) {
            // The folder nearly always exists, so it is only created after a failed attempt.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                std::fs::create_dir_all(staged.parent().unwrap_or(&self.folder))?;
                std::fs::write(&staged, bytes)
            }
            done => done,
        }
    }

    /// Moves all files to their destination.
    ///
    /// # Errors
    /// If a file cannot be moved; those before it are moved already.
    pub fn move_into(&self, to: &Path) -> Result<()> {
        move_files(&self.folder, to)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = remove_all(&self.folder);
    }
}

fn move_files(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let is_folder = entry.file_type()?.is_dir();
        if is_folder && target.is_dir() {
            move_files(&path, &target)?;
            continue;
        }
        match std::fs::rename(&path, &target) {
            // The destination is on another disk: each file is copied beside its destination and then renamed.
            Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                if is_folder {
                    std::fs::create_dir(&target)?;
                    move_files(&path, &target)?;
                } else {
                    copy(&path, &target)?;
                }
            }
            done => done?,
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    let temporary = tempfile::NamedTempFile::new_in(folder)?;
    std::fs::copy(from, temporary.path())?;
    temporary.persist(to).map_err(|e| e.error)?;
    Ok(())
}

fn remove_all(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::new(
            error.kind(),
            format!("{} cannot be removed: {error}", folder.display()),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staged_files_are_moved_into_existing_folders() {
        let folder = tempfile::tempdir().unwrap();
        let file = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(file("to/a")).unwrap();
        std::fs::write(file("to/a/old"), "old").unwrap();
        std::fs::write(file("to/a/same"), "before").unwrap();
        let staging = Staging::open(&file("stage")).unwrap();
        for path in ["a/same", "a/new", "b/c/deep"] {
            staging.put(Path::new(path), b"now").unwrap();
        }
        staging.move_into(&file("to")).unwrap();
        drop(staging);
        let read = |path: &str| std::fs::read_to_string(file(path)).unwrap();
        assert_eq!(read("to/a/old"), "old");
        for path in ["to/a/same", "to/a/new", "to/b/c/deep"] {
            assert_eq!(read(path), "now", "{path}");
        }
        assert!(!file("stage").exists());
    }
}
