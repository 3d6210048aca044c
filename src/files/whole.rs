//! Writing a file so that it appears whole or not at all, whenever the process ends.

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

/// Writes a file beside its place, and moves it there. A link is followed, and the file there keeps its permissions.
///
/// # Errors
/// If the disk is full, or the folder cannot be written; the file is then as it was.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let place = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let new = beside(&place)?;
    let written = std::fs::write(&new, bytes).and_then(|()| {
        if let Ok(before) = std::fs::metadata(&place) {
            std::fs::set_permissions(&new, before.permissions())?;
        }
        std::fs::rename(&new, &place)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    written
}

/// Writes a file that does not exist yet.
///
/// # Errors
/// As [`write_whole`]; and [`ErrorKind::AlreadyExists`] if it exists.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    write_whole(path, bytes)
}

/// The path at which a file is written first: the same at each try, so that killed processes leave one at most.
fn beside(place: &Path) -> Result<PathBuf> {
    let name = place
        .file_name()
        .ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
    let name = name.to_string_lossy();
    Ok(place.with_file_name(format!(".{}.new", name.trim_start_matches('.'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_through_a_link_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        write_new(&file("a.toml"), b"one").unwrap();
        assert_eq!(
            write_new(&file("a.toml"), b"two").unwrap_err().kind(),
            ErrorKind::AlreadyExists
        );
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(file("a.toml"), file("b.toml")).unwrap();
            write_whole(&file("b.toml"), b"three").unwrap();
            assert!(file("b.toml").symlink_metadata().unwrap().is_symlink());
            assert_eq!(std::fs::read(file("a.toml")).unwrap(), b"three");
            std::fs::remove_file(file("b.toml")).unwrap();
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
