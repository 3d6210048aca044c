//! The places that a website is published to, one file a kind. A new kind is a new file and a line in [`open`].

mod archive;
mod bucket;
mod folder;
mod git;
mod rsync;
mod sftp;
mod ssh;

use std::path::Path;

pub use bucket::hex_md5;

use crate::diagnostics::{Code, Diagnostic, Result as Outcome};
use crate::settings::TargetSettings;

/// A file on its way to a target.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// Where it will lie, below the target's root.
    pub path: &'a str,
    pub body: Body<'a>,
    /// With its charset where it is text.
    pub content_type: &'a str,
    /// Of the header `Cache-Control`.
    pub cache_control: &'a str,
    /// Of the header `Content-Encoding`; empty where it is stored as it is.
    pub encoding: &'a str,
}

/// The bytes of a file.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    Bytes(&'a [u8]),
    /// A file on this machine that is too large for memory, and its size in bytes.
    File(&'a Path, u64),
}

/// A small file of ours at a target, and what says whether somebody changed it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub bytes: Vec<u8>,
    pub version: String,
}

/// A file that lies at a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// The MD5 of its bytes in hex, where the target tells.
    pub md5: Option<String>,
}

/// What a target said no with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// On one line, without secrets.
    pub words: String,
    /// Whether asking again may help.
    pub is_passing: bool,
}

impl Refusal {
    pub fn passing(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            is_passing: true,
        }
    }

    pub fn lasting(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            is_passing: false,
        }
    }
}

pub type Result<T> = std::result::Result<T, Refusal>;

/// A place that a website is published to. Threads share it.
pub trait Target: Sync {
    /// A small file; None where there is none.
    ///
    /// # Errors
    /// Where the target does not answer.
    fn get(&self, path: &str) -> Result<Option<Found>>;

    /// Writes a small file if it still is what `expected` says, None for not there; whether it was.
    ///
    /// # Errors
    /// Where the target does not answer or take it; it may have been written nevertheless.
    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool>;

    /// Writes a file, whole or not at all.
    ///
    /// # Errors
    /// Where the target does not take it.
    fn put(&self, file: &Sending<'_>) -> Result<()>;

    /// Writes many files at once, each whole or not at all and in any order; None where the target takes them one by one
    /// with [`Target::put`]. No files at all ask which of the two it is.
    ///
    /// # Errors
    /// Where the target does not take all; some may be there.
    fn put_all(&self, _files: &[Sending<'_>]) -> Option<Result<()>> {
        None
    }

    /// Deletes files; those that are not there are no error.
    ///
    /// # Errors
    /// Where the target does not do it; some may be gone.
    fn delete(&self, paths: &[&str]) -> Result<()>;

    /// What lies below a folder; all of it where that is empty.
    ///
    /// # Errors
    /// Where the target does not answer.
    fn list(&self, folder: &str) -> Result<Vec<Listed>>;

    /// Copies a file at the target, or links it, without sending it.
    ///
    /// # Errors
    /// Where the target cannot, or there is no such file.
    fn copy(&self, _from: &str, _to: &str) -> Result<()> {
        Err(Refusal::lasting("this kind of target keeps no versions"))
    }

    /// Lets readers see a version, at once.
    ///
    /// # Errors
    /// As [`Target::copy`].
    fn point(&self, _version: &str) -> Result<()> {
        Err(Refusal::lasting("this kind of target keeps no versions"))
    }

    /// Clears away what a process left that was killed before its intent was there. Called only where there is no intent.
    fn sweep(&self) {}

    /// Whether it keeps versions, and can switch from one to another at once.
    fn has_versions(&self) -> bool {
        false
    }

    /// Whether all that is put and deleted is seen at once, when [`Target::put_if`] writes the manifest: there is nothing
    /// to be cut off between.
    fn is_atomic(&self) -> bool {
        false
    }

    /// Whether it always takes the whole website, and keeps nothing of the one before.
    fn is_whole(&self) -> bool {
        false
    }

    /// How many files it takes at once.
    fn lanes(&self) -> usize {
        8
    }
}

/// Opens a target by its address. `work` is a folder on this machine that stays between runs.
///
/// # Errors
/// Where the address cannot be understood; nothing is asked of the target yet.
pub fn open(settings: &TargetSettings, site: &Path, work: &Path) -> Outcome<Box<dyn Target>> {
    let to = settings.to.as_str();
    let scheme = to.split_once("://").map_or("", |(scheme, _)| scheme);
    Ok(match scheme {
        "s3" | "s3a" | "gs" | "az" | "azure" | "abfs" | "abfss" => {
            Box::new(bucket::BucketTarget::open(settings)?)
        }
        "sftp" => Box::new(sftp::Sftp::open(settings)?),
        "rsync" => Box::new(rsync::Rsync::open(settings)?),
        "git+ssh" | "git+https" | "git+http" | "git+file" => {
            Box::new(git::Git::open(settings, work)?)
        }
        "" | "file" => {
            let path = site.join(to.strip_prefix("file://").unwrap_or(to));
            match archive::ENDINGS.iter().any(|ending| to.ends_with(ending)) {
                true => Box::new(archive::Archive::open(&path)),
                false => Box::new(folder::Folder::open(&path, settings)),
            }
        }
        other => {
            return Err(Diagnostic::error(Code::Unclassified, to, format!("`{other}://` is no target that is known"))
                .hint("file://, s3://, gs://, az://, sftp://, rsync://, git+ssh://, git+https://, or a path that ends with .tar.zst or .zip")
                .into());
        }
    })
}
