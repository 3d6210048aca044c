//! What this machine keeps of its publishing, below `.backfile/publish/`: a name for the site, and what was sent by a run
//! that was cut off. All of it may be deleted; then more is sent again.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::manifest::Manifest;
use crate::cache::{keep_published, publishing_folder};
use crate::diagnostics::{Diagnostic, Result};
use crate::model::digest::{Digest, hex};
use crate::site::Site;

/// What is kept of one target.
pub struct Local {
    folder: PathBuf,
}

impl Local {
    /// `name` is the target's.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub fn open(site: &Site, name: &str) -> Result<Self> {
        let folder = publishing_folder(site, name);
        std::fs::create_dir_all(&folder)
            .map_err(|e| Diagnostic::io(&folder, "make the folder", &e))?;
        Ok(Self { folder })
    }

    /// A folder for the target's own use.
    pub fn work(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// The site's name for itself on this machine.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub fn site(&self) -> Result<String> {
        let path = self.folder.join("site");
        if let Ok(name) = std::fs::read_to_string(&path)
            && !name.is_empty()
        {
            return Ok(name);
        }
        let name = random_name();
        std::fs::write(&path, &name).map_err(|e| Diagnostic::io(&path, "write the file", &e))?;
        Ok(name)
    }

    /// What was sent of a manifest by this machine. Where `is_resumed` is not set it begins anew.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub fn sent(&self, manifest: &str, is_resumed: bool) -> Result<Sent> {
        let path = self.folder.join("sent");
        let failed = |e: std::io::Error| Diagnostic::io(&path, "write the file", &e);
        let mut before = HashSet::new();
        if is_resumed && let Ok(file) = File::open(&path) {
            let mut lines = BufReader::new(file)
                .split(b'\n')
                .map_while(std::result::Result::ok);
            if lines
                .next()
                .is_some_and(|first| first == manifest.as_bytes())
            {
                before.extend(lines.filter_map(|line| String::from_utf8(line).ok()));
            }
        }
        let mut file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(before.is_empty())
            .append(!before.is_empty())
            .open(&path)
            .map_err(failed)?;
        match before.is_empty() {
            true => writeln!(file, "{manifest}").map_err(failed)?,
            // A line that was cut off ends here.
            false => writeln!(file).map_err(failed)?,
        }
        Ok(Sent {
            before,
            file: Mutex::new(file),
            path,
        })
    }

    /// Says that all of a website is in place. Its articles' addresses are kept, for `check`.
    ///
    /// # Errors
    /// Where they cannot be kept.
    pub fn done(&self, manifest: &Manifest) -> Result<()> {
        let _ = std::fs::remove_file(self.folder.join("sent"));
        let files = manifest.files();
        let articles = files.filter(|(_, file)| file.class.is_article());
        let addresses = articles.map(|(path, file)| (file.owner, path));
        keep_published(&self.folder, &manifest.root.id(), addresses)
    }
}

/// What was sent of one manifest. Threads share it.
pub struct Sent {
    before: HashSet<String>,
    file: Mutex<File>,
    path: PathBuf,
}

impl Sent {
    /// Whether an earlier run sent this file.
    pub fn has(&self, path: &str, digest: &Digest) -> bool {
        !self.before.is_empty() && self.before.contains(&line(path, digest))
    }

    /// Notes that a file was sent.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub fn note(&self, path: &str, digest: &Digest) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let line = line(path, digest) + "\n";
        file.write_all(line.as_bytes())
            .map_err(|e| Diagnostic::io(&self.path, "write the file", &e).into())
    }
}

fn line(path: &str, digest: &Digest) -> String {
    format!("{} {path}", hex(digest))
}

/// A name that no other has. Names of runs are seen by machines only; the website holds none.
pub fn random_name() -> String {
    format!("{:016x}", random())
}

/// A number from 0 to 1.
pub fn random_share() -> f64 {
    (random() >> 11) as f64 / (1_u64 << 53) as f64
}

fn random() -> u64 {
    let now = std::time::SystemTime::now();
    RandomState::new().hash_one((now, std::process::id(), std::thread::current().id()))
}
