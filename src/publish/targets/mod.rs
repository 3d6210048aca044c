//! The kinds of targets, one file each. A new kind is a new file and a line in [`open`].

mod archive;
#[cfg(feature = "buckets")]
mod bucket;
mod folder;
mod git;
#[cfg(feature = "ssh")]
mod rsync;
#[cfg(feature = "ssh")]
mod sftp;
#[cfg(feature = "ssh")]
mod ssh;

use std::path::{Path, PathBuf};

use md5::{Digest as _, Md5};

use crate::diagnostics::{Code, Diagnostic, Result as Outcome};
use crate::object_store;
use crate::settings::TargetSettings;

/// A file that is written to a target.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(
    not(feature = "buckets"),
    allow(dead_code, reason = "only buckets keep headers")
)]
pub(crate) struct Upload<'a> {
    /// Below the target's root.
    pub path: &'a str,
    pub body: Body<'a>,
    /// The `Content-Type` header, with the charset where it is text.
    pub content_type: &'a str,
    /// The `Cache-Control` header.
    pub cache_control: &'a str,
    /// The `Content-Encoding` header; empty where there is none.
    pub encoding: &'a str,
}

/// The bytes of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Body<'a> {
    Bytes(&'a [u8]),
    /// A file on this machine that is too large for memory, and its size in bytes.
    File(&'a Path, u64),
}

/// A small file at a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemoteFile {
    pub bytes: Vec<u8>,
    /// Differs when the file was changed; for a conditional write.
    pub version: String,
}

/// A file in the listing of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListedFile {
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// The MD5 of its bytes in hex, where the target gives it.
    pub md5: Option<String>,
}

/// Why a target refuses a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetError {
    /// On one line, without secrets.
    pub message: String,
    /// Whether repeating the request may help.
    pub is_transient: bool,
}

impl TargetError {
    #[cfg_attr(
        not(feature = "ssh"),
        allow(dead_code, reason = "only networks fail for a moment")
    )]
    pub(crate) fn transient(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_transient: true,
        }
    }

    pub(crate) fn permanent(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_transient: false,
        }
    }
}

/// How readers come to see a new website at a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UpdateMode {
    /// Files are replaced one by one.
    InPlace,
    /// Files are written to the folder of a new version, to which readers are switched at once.
    Versions,
    /// All writes and deletions take effect at once, when [`Target::put_if`] writes the manifest.
    Atomic,
    /// The target always takes the complete website, and keeps nothing of the one before.
    Whole,
}

impl UpdateMode {
    /// The mode of a target that keeps this many versions.
    pub(crate) fn of_versions(versions: usize) -> Self {
        match versions {
            0 => Self::InPlace,
            _ => Self::Versions,
        }
    }

    /// Whether a run can be interrupted when the target has some of its files, so that others must wait for it.
    pub(crate) fn needs_lease(self) -> bool {
        matches!(self, Self::InPlace | Self::Versions)
    }
}

pub(crate) type Result<T> = std::result::Result<T, TargetError>;

/// A place that a website is published to. Threads share it. Paths are below its root, with `/` between folders.
pub(crate) trait Target: Sync {
    /// Reads a small file. Returns `None` if there is none.
    ///
    /// # Errors
    /// Where the target does not answer.
    fn get(&self, path: &str) -> Result<Option<RemoteFile>>;

    /// Writes a small file if its version is `expected`, or if there is none where that is `None`. Returns whether it was written.
    ///
    /// # Errors
    /// Where the target does not answer or refuses; the file may have been written nevertheless.
    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool>;

    /// Writes a file, completely or not at all.
    ///
    /// # Errors
    /// Where the target does not take it.
    fn put(&self, file: &Upload<'_>) -> Result<()>;

    /// Writes many files at once, each completely or not at all, in any order. Returns `None` if the target takes files one
    /// by one with [`Target::put`], which an empty list asks.
    ///
    /// # Errors
    /// Where the target refuses any of them; some may be there.
    fn put_all(&self, _files: &[Upload<'_>]) -> Option<Result<()>> {
        None
    }

    /// Deletes files; missing ones are not an error.
    ///
    /// # Errors
    /// Where the target refuses; some may be deleted.
    fn delete(&self, paths: &[&str]) -> Result<()>;

    /// Lists all files below a folder; all files of the target where that is empty.
    ///
    /// # Errors
    /// Where the target does not answer.
    fn list(&self, folder: &str) -> Result<Vec<ListedFile>>;

    /// Copies or links a file within the target.
    ///
    /// # Errors
    /// Where the target has no versions, or there is no such file.
    fn copy(&self, _from: &str, _to: &str) -> Result<()> {
        Err(TargetError::permanent(
            "this kind of target keeps no versions",
        ))
    }

    /// Switches readers to a version at once; to none where the name is empty.
    ///
    /// # Errors
    /// As [`Target::copy`].
    fn switch_to(&self, _version: &str) -> Result<()> {
        Err(TargetError::permanent(
            "this kind of target keeps no versions",
        ))
    }

    /// Deletes what a process left that was killed while it wrote the file at `path`. Called only where that does not exist.
    fn sweep(&self, _path: &str) {}

    /// How readers come to see a new website.
    fn mode(&self) -> UpdateMode {
        UpdateMode::InPlace
    }

    /// How many files it takes at once.
    fn lanes(&self) -> usize {
        8
    }
}

/// The path of a target on this machine, and whether it is an archive file. `None` if it is elsewhere.
pub(crate) fn local_path(to: &str, site: &Path) -> Option<(PathBuf, bool)> {
    let path = match to.split_once("://") {
        None => to,
        Some(("file", path)) => path,
        Some(_) => return None,
    };
    let is_archive = archive::EXTENSIONS
        .iter()
        .any(|extension| to.ends_with(extension));
    Some((site.join(path), is_archive))
}

/// Opens a target by its address. `work` is a folder on this machine that stays between runs.
///
/// # Errors
/// Where the address is not valid. No request is made yet.
pub(crate) fn open(
    settings: &TargetSettings,
    site: &Path,
    work: &Path,
) -> Outcome<Box<dyn Target>> {
    let to = settings.to.as_str();
    let scheme = to.split_once("://").map_or("", |(scheme, _)| scheme);
    Ok(match scheme {
        #[cfg(feature = "buckets")]
        _ if object_store::is_address(to) => Box::new(bucket::BucketTarget::open(settings)?),
        #[cfg(not(feature = "buckets"))]
        _ if object_store::is_address(to) => return Err(left_out(to, "buckets")),
        #[cfg(feature = "ssh")]
        "sftp" => Box::new(sftp::Sftp::open(settings)?),
        #[cfg(feature = "ssh")]
        "rsync" => Box::new(rsync::Rsync::open(settings)?),
        #[cfg(not(feature = "ssh"))]
        "sftp" | "rsync" => return Err(left_out(to, "ssh")),
        "git+ssh" | "git+https" | "git+http" | "git+file" => {
            Box::new(git::Git::open(settings, work)?)
        }
        "" | "file" => match local_path(to, site) {
            Some((path, true)) => Box::new(archive::Archive::open(&path)),
            Some((path, false)) => Box::new(folder::Folder::open(&path, settings)),
            None => Box::new(folder::Folder::open(&site.join(to), settings)),
        },
        other => {
            return Err(Diagnostic::error(Code::TargetAddressInvalid, to, format!("`{other}://` is not a known kind of target"))
                .hint("file://, s3://, gs://, az://, sftp://, rsync://, git+ssh://, git+https://, or a path that ends with .tar.zst or .zip")
                .into());
        }
    })
}

/// A kind of target that the program was built without.
#[cfg(not(all(feature = "buckets", feature = "ssh")))]
fn left_out(to: &str, feature: &str) -> crate::diagnostics::Failure {
    let what = format!("this program was built without the feature `{feature}`");
    Diagnostic::error(Code::TargetAddressInvalid, to, what)
        .hint("install it without `--no-default-features`")
        .into()
}

/// The MD5 of bytes in hex.
pub(crate) fn hex_md5(bytes: &[u8]) -> String {
    let digest = Md5::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
