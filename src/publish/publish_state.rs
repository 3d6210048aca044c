//! What this machine keeps of publishing to one target, below `.backfile/publish/`: the name of the last run,
//! and what an interrupted run sent. All of it may be deleted; then more is sent again.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::manifest::Manifest;
use super::random;
use crate::cache::{keep_published, last_published, publishing_folder};
use crate::diagnostics::{Diagnostic, Result};
use crate::files::write_whole;
use crate::model::digest::{Digest, hex};
use crate::site::Site;

/// The file with the name of the last run.
const RUN: &str = "run";

/// The folder that is kept for one target.
pub(crate) struct PublishState {
    folder: PathBuf,
}

impl PublishState {
    /// Opens the state of the target with this name.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub(crate) fn open(site: &Site, target: &str) -> Result<Self> {
        let folder = publishing_folder(site, target);
        std::fs::create_dir_all(&folder)
            .map_err(|e| Diagnostic::io(&folder, "make the folder", &e))?;
        Ok(Self { folder })
    }

    /// A folder for the target's own use.
    pub(crate) fn work_folder(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// The name in the lease of the last run from this folder, which has ended: one process at a time publishes from it.
    /// `None` in a copy of the folder, whose run may be at work elsewhere.
    pub(crate) fn last_run(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.folder.join(RUN)).ok()?;
        let (run, place) = text.split_once('\n')?;
        (place == self.place()).then(|| run.to_owned())
    }

    /// Makes a name for a new run, and records it.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn begin_run(&self) -> Result<String> {
        let path = self.folder.join(RUN);
        let run = random::name();
        let text = format!("{run}\n{}", self.place());
        write_whole(&path, text.as_bytes())
            .map_err(|e| Diagnostic::io(&path, "write the file", &e))?;
        Ok(run)
    }

    /// What tells this folder from a copy of it.
    fn place(&self) -> String {
        let path = self
            .folder
            .canonicalize()
            .unwrap_or_else(|_| self.folder.clone());
        format!("{} {}", path.display(), number(&path))
    }

    /// Whether the target may have exactly this manifest: this machine published it last, or does not know.
    pub(crate) fn may_be_live(&self, manifest: &str) -> bool {
        last_published(&self.folder).is_none_or(|last| last == manifest)
    }

    /// The log of the files that this machine sent of a manifest. Without `is_resumed` it starts empty.
    ///
    /// # Errors
    /// Where the log cannot be written.
    pub(crate) fn sent_log(&self, manifest: &str, is_resumed: bool) -> Result<SentLog> {
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
            // The last line may be incomplete; this ends it.
            false => writeln!(file).map_err(failed)?,
        }
        Ok(SentLog {
            before,
            file: Mutex::new(file),
            path,
        })
    }

    /// Records that the target has all of a website. The paths of its articles are kept for `check`.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub(crate) fn finish(&self, manifest: &Manifest) -> Result<()> {
        let _ = std::fs::remove_file(self.folder.join("sent"));
        let files = manifest.files();
        let articles = files.filter(|(_, file)| file.class.is_article());
        self.remember(
            &manifest.root.id(),
            articles.map(|(path, file)| (file.owner, path)),
        )
    }

    /// Keeps the addresses of the articles of a manifest for `check`.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub(crate) fn remember<'p>(
        &self,
        manifest: &str,
        addresses: impl Iterator<Item = (u64, &'p str)>,
    ) -> Result<()> {
        keep_published(&self.folder, manifest, addresses)
    }
}

/// The number of a folder on its disk.
#[cfg(unix)]
fn number(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(folder).map_or(0, |metadata| metadata.ino())
}

#[cfg(not(unix))]
fn number(_: &Path) -> u64 {
    0
}

/// The files that were sent of one manifest. Threads share it.
pub(crate) struct SentLog {
    before: HashSet<String>,
    file: Mutex<File>,
    path: PathBuf,
}

impl SentLog {
    /// Whether an earlier run sent this file.
    pub(crate) fn has(&self, path: &str, digest: &Digest) -> bool {
        !self.before.is_empty() && self.before.contains(&line(path, digest))
    }

    /// Adds a file that was sent.
    ///
    /// # Errors
    /// Where the log cannot be written.
    pub(crate) fn add(&self, path: &str, digest: &Digest) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let line = line(path, digest) + "\n";
        file.write_all(line.as_bytes())
            .map_err(|e| Diagnostic::io(&self.path, "write the file", &e).into())
    }
}

fn line(path: &str, digest: &Digest) -> String {
    format!("{} {path}", hex(digest))
}
