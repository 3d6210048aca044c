//! A folder on this machine, or on a disk that is mounted here. With versions, each is a folder of its own in which what
//! did not change is linked, and readers follow the link `current`.

use std::fs::File;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Body, Found, Listed, Refusal, Result, Sending, Target};
use crate::diagnostics::io_words;
use crate::model::path::slashed;
use crate::publish::intent::INTENT;
use crate::settings::TargetSettings;

/// Where files are written before they are moved into place; emptied by the next run that finds something there.
const PARTS: &str = ".backfile/parts";

pub struct Folder {
    root: PathBuf,
    has_versions: bool,
}

impl Folder {
    pub fn open(root: &Path, settings: &TargetSettings) -> Self {
        Self {
            root: root.to_path_buf(),
            has_versions: settings.versions > 0,
        }
    }

    /// Where a file is written before it is moved to its place.
    fn part(&self, path: &str) -> PathBuf {
        let name = format!("{:016x}", crate::model::digest::short(path.as_bytes()));
        self.root.join(PARTS).join(name)
    }

    /// Writes a file beside its place, under a name that the next try takes again.
    fn write(&self, path: &str, body: Body<'_>) -> Result<PathBuf> {
        let part = self.part(path);
        // A process that was killed may have left it linked to what readers see.
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
            return Err(refusal(&part, "write", &error));
        }
        Ok(part)
    }
}

impl Target for Folder {
    fn get(&self, path: &str) -> Result<Option<Found>> {
        let path = self.root.join(path);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(Found {
                version: blake3::hash(&bytes).to_hex().to_string(),
                bytes,
            })),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(refusal(&path, "read", &error)),
        }
    }

    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        let place = self.root.join(path);
        let parts = self.root.join(PARTS);
        // Two who put at once would write the same part, and between looking and moving nobody else may move.
        let lock = || File::open(&parts).and_then(|lock| lock.lock().map(|()| lock));
        let lock = std::fs::create_dir_all(&parts).and_then(|()| lock());
        let _lock = lock.map_err(|e| refusal(&parts, "lock", &e))?;
        let part = self.write(path, Body::Bytes(bytes))?;
        let moved = match expected {
            // A link is made only where nothing is; not every disk has links.
            None => with_folder(&place, || match std::fs::hard_link(&part, &place) {
                Err(error) if has_no_links(&error) && !place.exists() => {
                    std::fs::rename(&part, &place)
                }
                linked => linked,
            }),
            Some(expected) => {
                let found = self.get(path)?;
                match found.is_some_and(|found| found.version == expected) {
                    true => std::fs::rename(&part, &place),
                    false => Err(ErrorKind::AlreadyExists.into()),
                }
            }
        };
        let _ = std::fs::remove_file(&part);
        match moved {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(refusal(&place, "write", &error)),
        }
    }

    fn put(&self, file: &Sending<'_>) -> Result<()> {
        let place = self.root.join(file.path);
        let part = self.write(file.path, file.body)?;
        with_folder(&place, || std::fs::rename(&part, &place)).map_err(|e| {
            let _ = std::fs::remove_file(&part);
            refusal(&place, "write", &e)
        })
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        for path in paths {
            let place = self.root.join(path);
            match std::fs::remove_file(&place) {
                Ok(()) => {}
                Err(error) if is_absent(&error) => {}
                Err(error) => return Err(refusal(&place, "delete", &error)),
            }
            // The folders that held nothing else.
            let above = place.ancestors().skip(1);
            for folder in above.take_while(|folder| *folder != self.root) {
                if std::fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Vec<Listed>> {
        let top = self.root.join(folder);
        if !top.exists() {
            return Ok(Vec::new());
        }
        let listed = walkdir::WalkDir::new(&top).into_iter().filter_map(|entry| {
            let entry = match entry {
                Ok(entry) if entry.file_type().is_file() => entry,
                Ok(_) => return None,
                Err(error) => return Some(Err(refusal(&top, "list", &error.into()))),
            };
            let path = slashed(entry.path().strip_prefix(&self.root).ok()?);
            let size = entry.metadata().map_or(0, |metadata| metadata.len());
            Some(Ok(Listed {
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
        with_folder(&to, link).map_err(|e| refusal(&to, "link", &e))
    }

    fn point(&self, version: &str) -> Result<()> {
        let current = self.root.join("current");
        let next = self.root.join(".backfile/next");
        let _ = std::fs::remove_file(&next);
        let target = if version.is_empty() {
            return match std::fs::remove_file(&current) {
                Err(error) if !is_absent(&error) => Err(refusal(&current, "remove", &error)),
                _ => Ok(()),
            };
        } else {
            format!("versions/{version}")
        };
        link_to(&target, &next)
            .and_then(|()| std::fs::rename(&next, &current))
            .map_err(|e| refusal(&current, "switch", &e))
    }

    fn sweep(&self) {
        let _ = std::fs::remove_file(self.part(INTENT));
    }

    fn has_versions(&self) -> bool {
        self.has_versions
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

/// Does something with a path; where its folder is not there, makes it and does it again.
fn with_folder(path: &Path, act: impl Fn() -> std::io::Result<()>) -> std::io::Result<()> {
    match act() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            std::fs::create_dir_all(path.parent().unwrap_or(path))?;
            act()
        }
        done => done,
    }
}

/// Whether a link could not be made for the disk has none, or no more of them.
fn has_no_links(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unsupported | ErrorKind::PermissionDenied | ErrorKind::TooManyLinks
    )
}

fn is_absent(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn refusal(path: &Path, what: &str, error: &Error) -> Refusal {
    let words = io_words(error);
    Refusal::lasting(format!("cannot {what} `{}`: {words}", path.display()))
}
