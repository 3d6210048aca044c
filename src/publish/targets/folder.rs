//! A folder on this machine or on a mounted disk. Each version is a folder of its own, in which unchanged files are hard
//! links, and readers follow the symbolic link `current`.

use std::fs::File;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Body, ListedFile, RemoteFile, Result, Target, TargetError, UpdateMode, Upload};
use crate::diagnostics::io_words;
use crate::model::path::slashed;
use crate::settings::TargetSettings;

/// Where files are written before they are moved into destination; the next run deletes what is left there.
const PARTS: &str = ".backfile/parts";

pub(crate) struct Folder {
    root: PathBuf,
    mode: UpdateMode,
}

impl Folder {
    pub(crate) fn open(root: &Path, settings: &TargetSettings) -> Self {
        Self {
            root: root.to_path_buf(),
            mode: UpdateMode::of_versions(settings.versions),
        }
    }

    /// The path where a file is written first: the same at each try.
    fn part(&self, path: &str) -> PathBuf {
        let name = format!("{:016x}", crate::model::digest::short(path.as_bytes()));
        self.root.join(PARTS).join(name)
    }

    /// Writes a file to its temporary path, and returns that.
    fn write(&self, path: &str, body: Body<'_>) -> Result<PathBuf> {
        let part = self.part(path);
        // It may be a hard link, left by a killed process, to the file that readers see.
        let _ = std::fs::remove_file(&part);
        let write = || -> std::io::Result<()> {
            match body {
                Body::Bytes(bytes) => std::fs::write(&part, bytes),
                Body::File(from, _) => std::fs::copy(from, &part).map(|_| ()),
            }
        };
        let written = with_folder(&part, write);
        if let Err(error) = written {
            let _ = std::fs::remove_file(&part);
            return Err(target_error(&part, "write", &error));
        }
        Ok(part)
    }
}

impl Target for Folder {
    fn get(&self, path: &str) -> Result<Option<RemoteFile>> {
        let path = self.root.join(path);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(RemoteFile {
                version: blake3::hash(&bytes).to_hex().to_string(),
                bytes,
            })),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(target_error(&path, "read", &error)),
        }
    }

    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        let destination = self.root.join(path);
        let parts = self.root.join(PARTS);
        // Two publishers would write the same temporary file, and nobody else may replace the file between comparing and moving.
        let lock = || File::open(&parts).and_then(|lock| lock.lock().map(|()| lock));
        let lock = std::fs::create_dir_all(&parts).and_then(|()| lock());
        let _lock = lock.map_err(|e| target_error(&parts, "lock", &e))?;
        let part = self.write(path, Body::Bytes(bytes))?;
        let moved = match expected {
            // A hard link fails where the file exists; not every disk supports links.
            None => with_folder(&destination, || {
                match std::fs::hard_link(&part, &destination) {
                    Err(error) if has_no_links(&error) && !destination.exists() => {
                        std::fs::rename(&part, &destination)
                    }
                    linked => linked,
                }
            }),
            Some(expected) => {
                let found = self.get(path)?;
                match found.is_some_and(|found| found.version == expected) {
                    true => std::fs::rename(&part, &destination),
                    false => Err(ErrorKind::AlreadyExists.into()),
                }
            }
        };
        let _ = std::fs::remove_file(&part);
        match moved {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(target_error(&destination, "write", &error)),
        }
    }

    fn put(&self, file: &Upload<'_>) -> Result<()> {
        let destination = self.root.join(file.path);
        let part = self.write(file.path, file.body)?;
        with_folder(&destination, || std::fs::rename(&part, &destination)).map_err(|e| {
            let _ = std::fs::remove_file(&part);
            target_error(&destination, "write", &e)
        })
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        for path in paths {
            let destination = self.root.join(path);
            match std::fs::remove_file(&destination) {
                Ok(()) => {}
                Err(error) if is_absent(&error) => {}
                Err(error) => return Err(target_error(&destination, "delete", &error)),
            }
            // Folders that are empty now.
            let above = destination.ancestors().skip(1);
            for folder in above.take_while(|folder| *folder != self.root) {
                if std::fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Vec<ListedFile>> {
        let top = self.root.join(folder);
        if !top.exists() {
            return Ok(Vec::new());
        }
        let listed = walkdir::WalkDir::new(&top).into_iter().filter_map(|entry| {
            let entry = match entry {
                Ok(entry) if entry.file_type().is_file() => entry,
                Ok(_) => return None,
                Err(error) => return Some(Err(target_error(&top, "list", &error.into()))),
            };
            let path = slashed(entry.path().strip_prefix(&self.root).ok()?);
            let size = entry.metadata().map_or(0, |metadata| metadata.len());
            Some(Ok(ListedFile {
                path,
                size,
                md5: None,
            }))
        });
        listed.collect()
    }

    fn copy(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.root.join(from), self.root.join(to));
        let link = || match std::fs::hard_link(&from, &to) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) if has_no_links(&error) => std::fs::copy(&from, &to).map(|_| ()),
            linked => linked,
        };
        with_folder(&to, link).map_err(|e| target_error(&to, "link", &e))
    }

    fn switch_to(&self, version: &str) -> Result<()> {
        let current = self.root.join("current");
        let next = self.root.join(".backfile/next");
        let _ = std::fs::remove_file(&next);
        let target = if version.is_empty() {
            return match std::fs::remove_file(&current) {
                Err(error) if !is_absent(&error) => Err(target_error(&current, "remove", &error)),
                _ => Ok(()),
            };
        } else {
            format!("versions/{version}")
        };
        link_to(&target, &next)
            .and_then(|()| std::fs::rename(&next, &current))
            .map_err(|e| target_error(&current, "switch", &e))
    }

    fn sweep(&self, path: &str) {
        let _ = std::fs::remove_file(self.part(path));
    }

    fn mode(&self) -> UpdateMode {
        self.mode
    }

    fn lanes(&self) -> usize {
        4
    }
}

#[cfg(unix)]
fn link_to(target: &str, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn link_to(target: &str, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(target.replace('/', "\\"), link)
}

/// Calls `act` for a path; where its folder does not exist, makes it and calls `act` again.
fn with_folder(path: &Path, act: impl Fn() -> std::io::Result<()>) -> std::io::Result<()> {
    match act() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            std::fs::create_dir_all(path.parent().unwrap_or(path))?;
            act()
        }
        done => done,
    }
}

/// Whether a link failed because the disk does not support it, or not so many.
fn has_no_links(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unsupported | ErrorKind::PermissionDenied | ErrorKind::TooManyLinks
    )
}

fn is_absent(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn target_error(path: &Path, what: &str, error: &Error) -> TargetError {
    let message = io_words(error);
    TargetError::permanent(format!("cannot {what} `{}`: {message}", path.display()))
}
