//! One archive file with the complete website, for hosts that accept one: `.tar.zst`, `.tar.gz` or `.zip`. The same website
//! gives the same bytes.

use std::fs::File;
use std::io::{BufWriter, Error, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use super::{Body, ListedFile, RemoteFile, Result, Target, TargetError, UpdateMode, Upload};
use crate::diagnostics::io_words;

/// The extensions of archive files.
pub(crate) const EXTENSIONS: &[&str] = &[".tar.zst", ".tar.gz", ".zip"];

/// The zstd level: as fast as the disk, and a quarter smaller than gzip.
const LEVEL: i32 = 6;

/// The comment of every archive that Backfile writes.
const MARK: &str = "made by Backfile";

/// The number that begins a frame that zstd skips (RFC 8878, 3.1.2); it holds the mark.
const SKIPPED_FRAME: u32 = 0x184D_2A50;

/// The bytes at either end of an archive that may hold the mark.
const END: u64 = 128;

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
            let mut zip = zip::ZipWriter::new(file);
            zip.set_comment(MARK).map_err(Error::other)?;
            OpenArchive::Zip(Box::new(zip))
        } else if name.ends_with(".gz") {
            let packer = flate2::GzBuilder::new().comment(MARK);
            let packer = packer.write(BufWriter::new(file), flate2::Compression::new(7));
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
            Self::Zst(tar) => {
                let mut writer = tar.into_inner()?.finish()?;
                writer.write_all(&SKIPPED_FRAME.to_le_bytes())?;
                writer.write_all(&(MARK.len() as u32).to_le_bytes())?;
                writer.write_all(MARK.as_bytes())?;
                into_file(writer)
            }
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

/// Whether Backfile wrote a file: its mark is at the beginning or at the end.
fn is_marked(path: &Path) -> std::io::Result<bool> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut ends = Vec::new();
    (&mut file).take(END).read_to_end(&mut ends)?;
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    file.take(END).read_to_end(&mut ends)?;
    Ok(memchr::memmem::find(&ends, MARK.as_bytes()).is_some())
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

    /// The archive itself, if a file is there that Backfile did not write.
    fn list(&self, _: &str) -> Result<Vec<ListedFile>> {
        let Ok(metadata) = self.path.metadata() else {
            return Ok(Vec::new());
        };
        let is_ours = is_marked(&self.path).map_err(|e| self.target_error(&e))?;
        let name = self.path.file_name().unwrap_or_default();
        let file = ListedFile {
            path: name.to_string_lossy().into_owned(),
            size: metadata.len(),
            md5: None,
        };
        Ok((!is_ours).then_some(file).into_iter().collect())
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
