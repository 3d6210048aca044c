//! A folder in which files wait until all of them are there, and are then moved to their place together: whole folders at
//! once where the place has none of that name. Nobody meets half a file, and a full disk is noticed before anything moved.

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// Where files wait. Threads may share this; what still waits when it is dropped goes away.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
}

impl Staging {
    /// An empty stage; what a killed process left in it is cleared away.
    ///
    /// # Errors
    /// Where the folder cannot be emptied or made.
    pub fn open(folder: &Path) -> Result<Self> {
        remove_all(folder)?;
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_path_buf(),
        })
    }

    /// Lets a file wait; `path` is where it will lie below its place.
    ///
    /// # Errors
    /// Where the disk is full or the folder cannot be written.
    pub fn put(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let staged = self.folder.join(path);
        match std::fs::write(&staged, bytes) {
            // Nearly always the folder is there: it is made when that turns out not to be so.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                std::fs::create_dir_all(staged.parent().unwrap_or(&self.folder))?;
                std::fs::write(&staged, bytes)
            }
            done => done,
        }
    }

    /// Moves all that waits below a folder.
    ///
    /// # Errors
    /// Where a file cannot be moved: those before it are in their place.
    pub fn switch_in(&self, to: &Path) -> Result<()> {
        move_into(&self.folder, to)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = remove_all(&self.folder);
    }
}

fn move_into(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let is_folder = entry.file_type()?.is_dir();
        if is_folder && target.is_dir() {
            move_into(&path, &target)?;
            continue;
        }
        match std::fs::rename(&path, &target) {
            // The place is on another disk: each file is written anew beside its place.
            Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                if is_folder {
                    std::fs::create_dir(&target)?;
                    move_into(&path, &target)?;
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
    let beside = tempfile::NamedTempFile::new_in(folder)?;
    std::fs::copy(from, beside.path())?;
    beside.persist(to).map_err(|e| e.error)?;
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
    fn what_waits_is_moved_into_what_is_there() {
        let place = tempfile::tempdir().unwrap();
        let file = |path: &str| place.path().join(path);
        std::fs::create_dir_all(file("to/a")).unwrap();
        std::fs::write(file("to/a/old"), "old").unwrap();
        std::fs::write(file("to/a/same"), "before").unwrap();
        let stage = Staging::open(&file("stage")).unwrap();
        for path in ["a/same", "a/new", "b/c/deep"] {
            stage.put(Path::new(path), b"now").unwrap();
        }
        stage.switch_in(&file("to")).unwrap();
        drop(stage);
        let read = |path: &str| std::fs::read_to_string(file(path)).unwrap();
        assert_eq!(read("to/a/old"), "old");
        for path in ["to/a/same", "to/a/new", "to/b/c/deep"] {
            assert_eq!(read(path), "now", "{path}");
        }
        assert!(!file("stage").exists());
    }
}
