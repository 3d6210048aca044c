//! Many files at once: read, checked, compressed and sent by a few threads.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::local::Sent;
use super::manifest::File;
use super::outgoing::{Form, LARGE, cache_control, content_type, forms};
use super::session::Session;
use super::targets::{Body, Sending};
use crate::diagnostics::{Code, Diagnostic, Failure, Result};
use crate::model::digest::{Digest, digest};
use crate::settings::TargetSettings;

/// Does something with each of many, a few at a time. After the first error no other is begun.
///
/// # Errors
/// The first of `act`, or what stopped the session.
pub fn each<T: Sync>(
    session: &Session<'_>,
    items: &[T],
    lanes: usize,
    act: impl Fn(&T) -> Result<()> + Sync,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Some(failure) = session.stopped() {
                return Err(failure);
            }
            if let Err(failure) = act(item) {
                next.store(items.len(), Ordering::Relaxed);
                return Err(failure);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..lanes.clamp(1, items.len().max(1)))
            .map(|_| scope.spawn(work))
            .collect();
        let outcomes = lanes.into_iter().map(|lane| lane.join());
        let outcomes: Vec<Result<()>> = outcomes
            .map(|outcome| outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect();
        outcomes.into_iter().collect()
    })
}

/// Bytes that are read for files that are sent together.
const TOGETHER: usize = 32 << 20;

/// Sends files of the website.
pub struct Sender<'a> {
    pub session: &'a Session<'a>,
    pub settings: &'a TargetSettings,
    /// The folder of the website on this machine.
    pub out: &'a Path,
    pub sent: &'a Sent,
    pub bytes: AtomicUsize,
    pub files: AtomicUsize,
}

/// A file of the website that was read, in the forms in which it is sent.
struct Read<'f> {
    path: &'f str,
    file: &'f File,
    place: &'f str,
    from: PathBuf,
    /// None where the file is too large for memory.
    forms: Option<Vec<Form>>,
}

/// A file of the website, and where it goes.
#[derive(Clone, Copy)]
pub struct Going<'f> {
    pub path: &'f str,
    pub file: &'f File,
    pub place: &'f str,
}

impl Sender<'_> {
    /// Sends a file of the website, unless a run before this one did.
    ///
    /// # Errors
    /// Where the file is not what the build wrote, or the target does not take it.
    pub fn send(&self, going: Going<'_>) -> Result<()> {
        if self.sent.has(going.path, &going.file.digest) {
            return Ok(());
        }
        let read = self.read(going)?;
        self.hand_over(&[read], |forms| {
            forms.iter().try_for_each(|form| self.session.put(form))
        })
    }

    /// Sends many files of the website, in any order.
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub fn send_all(
        &self,
        files: &[Going<'_>],
        lanes: usize,
        told: &(dyn Fn(usize) + Sync),
    ) -> Result<()> {
        if !self.session.takes_many() {
            return each(self.session, files, lanes, |going| {
                self.send(*going)?;
                told(1);
                Ok(())
            });
        }
        let mut files = files.iter().peekable();
        while files.peek().is_some() {
            let (mut batch, mut bytes, mut count) = (Vec::new(), 0, 0);
            while bytes < TOGETHER
                && let Some(going) = files.next()
            {
                count += 1;
                if !self.sent.has(going.path, &going.file.digest) {
                    bytes += going.file.size.min(LARGE) as usize;
                    batch.push(self.read(*going)?);
                }
            }
            if !batch.is_empty() {
                self.hand_over(&batch, |forms| self.session.put_all(forms))?;
            }
            told(count);
        }
        Ok(())
    }

    /// Hands files over in all their forms, and notes that they were sent.
    fn hand_over(
        &self,
        batch: &[Read<'_>],
        put: impl FnOnce(&[Sending<'_>]) -> Result<()>,
    ) -> Result<()> {
        let types: Vec<String> = batch.iter().map(|read| content_type(read.path)).collect();
        let mut forms: Vec<(String, Sending<'_>)> = Vec::new();
        for (read, content_type) in batch.iter().zip(&types) {
            let sending = |body, encoding| Sending {
                path: read.place,
                body,
                content_type,
                cache_control: cache_control(read.path),
                encoding,
            };
            match &read.forms {
                None => forms.push((
                    read.place.to_owned(),
                    sending(Body::File(&read.from, read.file.size), ""),
                )),
                Some(all) => forms.extend(all.iter().map(|form| {
                    let place = format!("{}{}", read.place, form.ending);
                    (place, sending(Body::Bytes(&form.bytes), form.encoding))
                })),
            }
        }
        let placed = forms
            .iter()
            .map(|(path, sending)| Sending { path, ..*sending });
        let placed: Vec<Sending<'_>> = placed.collect();
        put(&placed)?;
        let bytes = placed.iter().map(|sending| match sending.body {
            Body::Bytes(bytes) => bytes.len(),
            Body::File(_, size) => size as usize,
        });
        self.bytes.fetch_add(bytes.sum(), Ordering::Relaxed);
        self.files.fetch_add(batch.len(), Ordering::Relaxed);
        batch
            .iter()
            .try_for_each(|read| self.sent.note(read.path, &read.file.digest))
    }

    fn read<'f>(&self, Going { path, file, place }: Going<'f>) -> Result<Read<'f>> {
        let from = self.out.join(path);
        let (digest, forms) = if file.size > LARGE {
            (digest_of(&from)?, None)
        } else {
            let bytes =
                std::fs::read(&from).map_err(|e| Diagnostic::io(&from, "read the file", &e))?;
            (digest(&bytes), Some(forms(path, bytes, self.settings)))
        };
        if digest != file.digest {
            return Err(is_another(&from));
        }
        Ok(Read {
            path,
            file,
            place,
            from,
            forms,
        })
    }
}

fn is_another(path: &Path) -> Failure {
    Diagnostic::error(
        Code::Unclassified,
        path.display().to_string(),
        "the file is not what the last build wrote",
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
        let piece = file.fill_buf().map_err(failed)?;
        if piece.is_empty() {
            break;
        }
        hasher.update(piece);
        let length = piece.len();
        file.consume(length);
    }
    Ok(hasher.digest128().to_le_bytes())
}
