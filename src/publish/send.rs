//! Sends files of the website: read, verified, compressed and sent by a few threads.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::parallel::for_each;
use super::plan::{SiteFile, SiteFiles};
use super::publish_state::SentLog;
use super::representation::{LARGE, Representation, cache_control, representations};
use super::run::Run;
use super::targets::{Body, Upload};
use crate::diagnostics::{Code, Diagnostic, Failure, Result};
use crate::files::content_type;
use crate::model::digest::{Digest, digest};

/// Bytes that are read for files that are sent together.
const BATCH: usize = 32 << 20;

/// Sends files of the website.
pub(crate) struct Sender<'a> {
    run: &'a Run<'a>,
    log: &'a SentLog,
    /// How many files the run sends or copies, and how many of them are done.
    all: usize,
    done: AtomicUsize,
    /// Files that were sent, and the bytes in them.
    files: AtomicUsize,
    bytes: AtomicUsize,
}

/// A file of the website that was read, in the representations in which it is sent.
struct LoadedFile<'f> {
    file: SiteFile<'f>,
    source: PathBuf,
    /// None where the file is too large for memory.
    representations: Option<Vec<Representation>>,
}

impl<'a> Sender<'a> {
    /// `all` is the number of files of the whole run, for the progress bar.
    pub(crate) fn new(run: &'a Run<'a>, log: &'a SentLog, all: usize) -> Self {
        Self {
            run,
            log,
            all,
            done: AtomicUsize::new(0),
            files: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
        }
    }

    /// How many files were sent, and the bytes in them.
    pub(crate) fn sent(&self) -> (usize, usize) {
        let load = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        (load(&self.files), load(&self.bytes))
    }

    /// Copies files at the target: from, to.
    ///
    /// # Errors
    /// Where the target refuses.
    pub(crate) fn copy(&self, copies: &[(String, String)]) -> Result<()> {
        let session = self.run.session;
        for_each(session, copies, self.run.lanes(), |(from, to)| {
            session.copy(from, to)?;
            self.progress("copying", 1);
            Ok(())
        })
    }

    /// Sends groups of files, each when the one before is complete; files of one group in any order.
    ///
    /// # Errors
    /// Where a file is not as the build wrote it, or the target refuses.
    pub(crate) fn send(&self, groups: &[SiteFiles<'_>]) -> Result<()> {
        groups.iter().try_for_each(|group| self.send_group(group))
    }

    fn send_group(&self, files: &[SiteFile<'_>]) -> Result<()> {
        let session = self.run.session;
        if !session.takes_many() {
            return for_each(session, files, self.run.lanes(), |file| {
                if !self.is_sent(file) {
                    self.upload(&[self.load(file)?], |uploads| {
                        uploads.iter().try_for_each(|upload| session.put(upload))
                    })?;
                }
                self.progress("sending", 1);
                Ok(())
            });
        }
        let mut files = files.iter().peekable();
        while files.peek().is_some() {
            let (mut batch, mut bytes, mut count) = (Vec::new(), 0, 0);
            while bytes < BATCH
                && let Some(file) = files.next()
            {
                count += 1;
                if !self.is_sent(file) {
                    bytes += file.entry.size.min(LARGE) as usize;
                    batch.push(self.load(file)?);
                }
            }
            if !batch.is_empty() {
                self.upload(&batch, |uploads| session.put_all(uploads))?;
            }
            self.progress("sending", count);
        }
        Ok(())
    }

    /// Whether an interrupted run sent a file.
    fn is_sent(&self, file: &SiteFile<'_>) -> bool {
        self.log.has(file.path, &file.entry.digest)
    }

    fn progress(&self, what: &str, count: usize) {
        let done = self.done.fetch_add(count, Ordering::Relaxed) + count;
        self.run.session.observer.progress(what, done, self.all);
    }

    /// Uploads files in all their representations, and logs that they were sent.
    fn upload(
        &self,
        batch: &[LoadedFile<'_>],
        put: impl FnOnce(&[Upload<'_>]) -> Result<()>,
    ) -> Result<()> {
        let types: Vec<String> = batch.iter().map(|l| content_type(l.file.path)).collect();
        let mut parts = Vec::new();
        for (loaded, content_type) in batch.iter().zip(&types) {
            let cache_control = cache_control(loaded.file.path);
            let part = |suffix: &str, body, encoding| {
                let path = format!("{}{suffix}", loaded.file.destination);
                (path, body, encoding, content_type, cache_control)
            };
            match &loaded.representations {
                None => parts.push(part(
                    "",
                    Body::File(&loaded.source, loaded.file.entry.size),
                    "",
                )),
                Some(all) => parts.extend(
                    all.iter()
                        .map(|one| part(one.suffix, Body::Bytes(&one.bytes), one.encoding)),
                ),
            }
        }
        let uploads = parts.iter().map(|part| Upload {
            path: &part.0,
            body: part.1,
            encoding: part.2,
            content_type: part.3,
            cache_control: part.4,
        });
        let uploads: Vec<Upload<'_>> = uploads.collect();
        put(&uploads)?;
        let bytes = uploads.iter().map(|upload| match upload.body {
            Body::Bytes(bytes) => bytes.len(),
            Body::File(_, size) => size as usize,
        });
        self.bytes.fetch_add(bytes.sum(), Ordering::Relaxed);
        self.files.fetch_add(batch.len(), Ordering::Relaxed);
        batch.iter().try_for_each(|loaded| {
            let SiteFile { path, entry, .. } = &loaded.file;
            self.log.add(path, &entry.digest)
        })
    }

    fn load<'f>(&self, file: &SiteFile<'f>) -> Result<LoadedFile<'f>> {
        let source = self.run.out.join(file.path);
        let (digest, representations) = if file.entry.size > LARGE {
            (digest_of(&source)?, None)
        } else {
            let bytes =
                std::fs::read(&source).map_err(|e| Diagnostic::io(&source, "read the file", &e))?;
            let stored = &self.run.website.root.stored;
            (
                digest(&bytes),
                Some(representations(file.path, bytes, stored)),
            )
        };
        if digest != file.entry.digest {
            return Err(altered(&source));
        }
        Ok(LoadedFile {
            file: file.clone(),
            source,
            representations,
        })
    }
}

fn altered(path: &Path) -> Failure {
    Diagnostic::error(
        Code::OutputAltered,
        path.display().to_string(),
        "the file is not as the last build wrote it",
    )
    .hint("run `backfile build --verify`, and publish again")
    .into()
}

/// The digest of a file that is too large for memory.
fn digest_of(path: &Path) -> Result<Digest> {
    let failed = |e: std::io::Error| Diagnostic::io(path, "read the file", &e);
    let mut hasher = xxhash_rust::xxh3::Xxh3Default::new();
    let mut file = BufReader::with_capacity(1 << 20, std::fs::File::open(path).map_err(failed)?);
    loop {
        let chunk = file.fill_buf().map_err(failed)?;
        if chunk.is_empty() {
            break;
        }
        hasher.update(chunk);
        let length = chunk.len();
        file.consume(length);
    }
    Ok(hasher.digest128().to_le_bytes())
}
