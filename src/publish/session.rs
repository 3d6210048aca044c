//! A target while it is spoken to: every request is tried again where that may help, and refused with its address.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::targets::{Found, Listed, Refusal, Result as Answer, Sending, Target};
use crate::diagnostics::{Code, Diagnostic, Failure, Result};

/// How often something is tried.
const TRIES: u32 = 6;

/// The wait before the second try; each later one is up to twice as long.
const WAIT: Duration = Duration::from_millis(200);

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(10);

/// What a publisher tells while at work.
pub trait Tell: Sync {
    /// So many files of so many are sent or deleted.
    fn progress(&self, what: &str, done: usize, all: usize);
    /// Something that a person should know, and need not act upon.
    fn note(&self, words: &str);
}

/// Threads share it.
pub struct Session<'t> {
    pub target: &'t dyn Target,
    pub address: String,
    pub teller: &'t dyn Tell,
    retries: AtomicU64,
    stopped: Mutex<Option<Failure>>,
}

impl<'t> Session<'t> {
    pub fn new(target: &'t dyn Target, address: &str, teller: &'t dyn Tell) -> Self {
        Self {
            target,
            address: address.to_owned(),
            teller,
            retries: AtomicU64::new(0),
            stopped: Mutex::new(None),
        }
    }

    /// How often something had to be tried again.
    pub fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Lets nothing more be begun.
    pub fn stop(&self, why: Failure) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    /// Why nothing more may be begun; None where it may.
    pub fn stopped(&self) -> Option<Failure> {
        let stopped = self.stopped.lock();
        stopped.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn tell(&self, words: &str) {
        self.teller.note(words);
    }

    /// As [`Target::get`], tried again.
    ///
    /// # Errors
    /// Where the target does not answer.
    pub fn get(&self, path: &str) -> Result<Option<Found>> {
        self.again(|| self.target.get(path))
    }

    /// As [`Target::put_if`], tried again: where the answer to a try is lost, what is there tells whether it was taken.
    ///
    /// # Errors
    /// Where the target does not answer.
    pub fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        self.again(|| {
            let is_written = self.target.put_if(path, bytes, expected)?;
            let is_ours = || {
                let there = self.target.get(path)?;
                Ok(there.is_some_and(|there| there.bytes == bytes))
            };
            Ok(is_written || is_ours()?)
        })
    }

    /// As [`Target::put`], tried again.
    ///
    /// # Errors
    /// Where the target does not take it.
    pub fn put(&self, file: &Sending<'_>) -> Result<()> {
        self.again(|| self.target.put(file))
    }

    /// Whether the target takes many files at once.
    pub fn takes_many(&self) -> bool {
        self.target.put_all(&[]).is_some()
    }

    /// As [`Target::put_all`], tried again.
    ///
    /// # Errors
    /// Where the target does not take all.
    pub fn put_all(&self, files: &[Sending<'_>]) -> Result<()> {
        self.again(|| self.target.put_all(files).unwrap_or(Ok(())))
    }

    /// As [`Target::delete`], tried again.
    ///
    /// # Errors
    /// Where the target does not do it.
    pub fn delete(&self, paths: &[&str]) -> Result<()> {
        match paths {
            [] => Ok(()),
            paths => self.again(|| self.target.delete(paths)),
        }
    }

    /// As [`Target::list`], tried again.
    ///
    /// # Errors
    /// Where the target does not answer.
    pub fn list(&self, folder: &str) -> Result<Vec<Listed>> {
        self.again(|| self.target.list(folder))
    }

    /// As [`Target::copy`], tried again.
    ///
    /// # Errors
    /// Where the target does not do it.
    pub fn copy(&self, from: &str, to: &str) -> Result<()> {
        self.again(|| self.target.copy(from, to))
    }

    /// As [`Target::point`], tried again.
    ///
    /// # Errors
    /// Where the target does not do it.
    pub fn point(&self, version: &str) -> Result<()> {
        self.again(|| self.target.point(version))
    }

    /// An error of this target.
    pub fn failure(&self, what: &str, hint: &str) -> Failure {
        Diagnostic::error(Code::Unclassified, self.address.as_str(), what)
            .hint(hint)
            .into()
    }

    fn again<T>(&self, mut ask: impl FnMut() -> Answer<T>) -> Result<T> {
        let mut tries = 1;
        loop {
            match ask() {
                Ok(answer) => return Ok(answer),
                Err(Refusal {
                    is_passing: true, ..
                }) if tries < TRIES => {
                    self.retries.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(jittered(tries));
                    tries += 1;
                }
                Err(Refusal { words, is_passing }) => {
                    let diagnostic =
                        Diagnostic::error(Code::Unclassified, self.address.as_str(), words);
                    return Err(match is_passing {
                        true => diagnostic.hint("it was tried several times; what readers see is whole, and running it again goes on from here"),
                        false => diagnostic.hint("what readers see is whole; put it right and run it again"),
                    }
                    .into());
                }
            }
        }
    }
}

/// A wait of random length, that many who were refused together do not come back together.
fn jittered(tries: u32) -> Duration {
    let longest = (WAIT * 2_u32.saturating_pow(tries - 1)).min(LONGEST);
    longest.mul_f64(0.25 + 0.75 * super::local::random_share())
}
