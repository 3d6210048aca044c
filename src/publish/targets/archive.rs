//! One archive file with the complete website, for hosts that accept one: `.tar.zst`, `.tar.gz` or `.zip`. The same website
//! gives the same bytes.

use std::fs::File;
use std::io::{BufWriter, Error, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use super::{Body, ListedFile, RemoteFile, Result, Target, TargetError, UpdateMode, Upload};
use crate::diagnostics::io_words;

/// The extensions of archive files.
pub(crate) const EXTENSIONS: &[&str] = &[".tar.zst", ".tar.gz", ".zip"];

/// The zstd level: as fast as the disk, and a quarter smaller than gzip.
const LEVEL: i32 = 6;

pub(crate) struct Archive {
    path: PathBuf,
    open: Mutex<Option<OpenArchive>>,
}

/// A temporary archive that is being written.
enum OpenArchive {
    Zst(tar::Builder<zstd::Encoder<'static, BufWriter<NamedTempFile>>>),
    Gz(tar::Builder<flate2::write::GzEncoder<BufWriter<NamedTempFile>>>),
    Zip(Box<zip::ZipWriter<NamedTempFile>>),
}

impl Archive {
    pub(crate) fn open(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            open: Mutex::new(None),
        }
    }

    fn begin(&self) -> std::io::Result<OpenArchive> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let file = tempfile::Builder::new()
            .prefix(".backfile-")
            .tempfile_in(folder)?;
        let name = self.path.to_string_lossy();
        Ok(if name.ends_with(".zip") {
            OpenArchive::Zip(Box::new(zip::ZipWriter::new(file)))
        } else if name.ends_with(".gz") {
            let packer = flate2::Compression::new(7);
            let packer = flate2::write::GzEncoder::new(BufWriter::new(file), packer);
            OpenArchive::Gz(tar::Builder::new(packer))
        } else {
            let packer = zstd::Encoder::new(BufWriter::new(file), LEVEL)?;
            OpenArchive::Zst(tar::Builder::new(packer))
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<OpenArchive>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn target_error(&self, error: &Error) -> TargetError {
        let message = io_words(error);
        TargetError::permanent(format!("cannot write `{}`: {message}", self.path.display()))
    }
}

impl OpenArchive {
    fn add(&mut self, path: &str, size: u64, bytes: &mut dyn Read) -> std::io::Result<()> {
        match self {
            Self::Zst(tar) => add_to_tar(tar, path, size, bytes),
            Self::Gz(tar) => add_to_tar(tar, path, size, bytes),
            Self::Zip(zip) => {
                // A fixed time, 1980: the same website gives the same bytes.
                let options = zip::write::SimpleFileOptions::default()
                    .compression_method(zip::CompressionMethod::Deflated)
                    .last_modified_time(zip::DateTime::default())
                    .unix_permissions(0o644)
                    .large_file(size >= u64::from(u32::MAX));
                zip.start_file(path, options).map_err(Error::other)?;
                std::io::copy(bytes, &mut **zip).map(|_| ())
            }
        }
    }

    fn finish(self) -> std::io::Result<NamedTempFile> {
        match self {
            Self::Zst(tar) => into_file(tar.into_inner()?.finish()?),
            Self::Gz(tar) => into_file(tar.into_inner()?.finish()?),
            Self::Zip(zip) => zip.finish().map_err(Error::other),
        }
    }
}

fn add_to_tar<W: Write>(
    tar: &mut tar::Builder<W>,
    path: &str,
    size: u64,
    bytes: &mut dyn Read,
) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o644);
    tar.append_data(&mut header, path, bytes)
}

fn into_file(writer: BufWriter<NamedTempFile>) -> std::io::Result<NamedTempFile> {
    writer.into_inner().map_err(|error| error.into_error())
}

impl Target for Archive {
    fn get(&self, _: &str) -> Result<Option<RemoteFile>> {
        Ok(None)
    }

    /// Completes the archive: the bytes are those of the manifest, which an archive does not have.
    fn put_if(&self, _: &str, _: &[u8], _: Option<&str>) -> Result<bool> {
        let open = match self.lock().take() {
            Some(open) => open,
            None => self.begin().map_err(|e| self.target_error(&e))?,
        };
        let file = open.finish().map_err(|e| self.target_error(&e))?;
        make_readable(file.as_file()).map_err(|e| self.target_error(&e))?;
        file.persist(&self.path)
            .map_err(|e| self.target_error(&e.error))?;
        Ok(true)
    }

    fn put(&self, file: &Upload<'_>) -> Result<()> {
        let mut open = self.lock();
        let mut add = || -> std::io::Result<()> {
            if open.is_none() {
                *open = Some(self.begin()?);
            }
            let Some(open) = open.as_mut() else {
                return Ok(());
            };
            match file.body {
                Body::Bytes(bytes) => open.add(file.path, bytes.len() as u64, &mut &*bytes),
                Body::File(from, size) => open.add(file.path, size, &mut File::open(from)?),
            }
        };
        add().map_err(|e| self.target_error(&e))
    }

    fn delete(&self, _: &[&str]) -> Result<()> {
        Ok(())
    }

    fn list(&self, _: &str) -> Result<Vec<ListedFile>> {
        Ok(Vec::new())
    }

    fn mode(&self) -> UpdateMode {
        UpdateMode::Whole
    }
}

/// Temporary files are readable only by their owner; the archive is readable by all.
#[cfg(unix)]
fn make_readable(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &File) -> std::io::Result<()> {
    Ok(())
}
