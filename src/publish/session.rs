//! The requests of one run to its target: each is repeated where that may help, and fails with the target's address.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::random;
use super::targets::{ListedFile, RemoteFile, Result as TargetResult, Target, TargetError, Upload};
use crate::diagnostics::{Code, Diagnostic, Failure, Result};

/// How often a request is made.
const TRIES: u32 = 6;

/// The longest wait before the second try; that before each later one is twice as long.
const WAIT: Duration = Duration::from_millis(200);

/// The longest wait before any try.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The time without a heartbeat after which the holder of a lease sends nothing more: less than that after which another
/// takes over.
const SILENCE: Duration = Duration::from_secs(25);

/// Is notified while a run is at work.
pub(crate) trait Observer: Sync {
    /// `done` files of `all` are sent or deleted.
    fn progress(&self, what: &str, done: usize, all: usize);
    /// A message that needs no action.
    fn notice(&self, message: &str);
}

/// Threads share it.
pub(crate) struct Session<'t> {
    pub target: &'t dyn Target,
    pub address: String,
    pub observer: &'t dyn Observer,
    retries: AtomicU64,
    stopped: Mutex<Option<Failure>>,
    /// When this run last raised the heartbeat of its lease; `None` if it holds none.
    heartbeat: Mutex<Option<Instant>>,
}

impl<'t> Session<'t> {
    pub(crate) fn new(target: &'t dyn Target, address: &str, observer: &'t dyn Observer) -> Self {
        Self {
            target,
            address: address.to_owned(),
            observer,
            retries: AtomicU64::new(0),
            stopped: Mutex::new(None),
            heartbeat: Mutex::new(None),
        }
    }

    /// How many requests were repeated.
    pub(crate) fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Makes [`Session::stopped`] return this failure: nothing more is started.
    pub(crate) fn stop(&self, why: Failure) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    /// Notes when the heartbeat of the lease was raised.
    pub(crate) fn note_heartbeat(&self, at: Option<Instant>) {
        *self
            .heartbeat
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Why nothing more may be started; `None` where it may. A process that was suspended has no heartbeat, and another
    /// publisher may have taken over meanwhile.
    pub(crate) fn stopped(&self) -> Option<Failure> {
        let heartbeat = *self
            .heartbeat
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if heartbeat.is_some_and(|at| at.elapsed() > SILENCE) {
            return Some(self.failure(
                Code::TargetBusy,
                "this publisher could not show that it is at work, and another may have taken over",
                "run it again: it continues",
            ));
        }
        let stopped = self.stopped.lock();
        stopped.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// As [`Target::get`], repeated where that may help.
    ///
    /// # Errors
    /// Where the target does not answer.
    pub(crate) fn get(&self, path: &str) -> Result<Option<RemoteFile>> {
        self.repeat(|| self.target.get(path))
    }

    /// As [`Target::put_if`], repeated: where the answer to a request is lost, the file that is there shows whether it was carried out.
    ///
    /// # Errors
    /// Where the target does not answer.
    pub(crate) fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        self.repeat(|| {
            let is_written = self.target.put_if(path, bytes, expected)?;
            let is_ours = || {
                let there = self.target.get(path)?;
                Ok(there.is_some_and(|there| there.bytes == bytes))
            };
            Ok(is_written || is_ours()?)
        })
    }

    /// As [`Target::put`], repeated where that may help.
    ///
    /// # Errors
    /// Where the target refuses.
    pub(crate) fn put(&self, file: &Upload<'_>) -> Result<()> {
        self.repeat(|| self.target.put(file))
    }

    /// Whether the target takes many files at once.
    pub(crate) fn takes_many(&self) -> bool {
        self.target.put_all(&[]).is_some()
    }

    /// As [`Target::put_all`], repeated where that may help.
    ///
    /// # Errors
    /// Where the target refuses any of them.
    pub(crate) fn put_all(&self, files: &[Upload<'_>]) -> Result<()> {
        self.repeat(|| self.target.put_all(files).unwrap_or(Ok(())))
    }

    /// As [`Target::delete`], repeated where that may help.
    ///
    /// # Errors
    /// Where the target refuses.
    pub(crate) fn delete(&self, paths: &[&str]) -> Result<()> {
        match paths {
            [] => Ok(()),
            paths => self.repeat(|| self.target.delete(paths)),
        }
    }

    /// As [`Target::list`], repeated where that may help.
    ///
    /// # Errors
    /// Where the target does not answer.
    pub(crate) fn list(&self, folder: &str) -> Result<Vec<ListedFile>> {
        self.repeat(|| self.target.list(folder))
    }

    /// As [`Target::copy`], repeated where that may help.
    ///
    /// # Errors
    /// Where the target refuses.
    pub(crate) fn copy(&self, from: &str, to: &str) -> Result<()> {
        self.repeat(|| self.target.copy(from, to))
    }

    /// As [`Target::switch_to`], repeated where that may help.
    ///
    /// # Errors
    /// Where the target refuses.
    pub(crate) fn switch_to(&self, version: &str) -> Result<()> {
        self.repeat(|| self.target.switch_to(version))
    }

    /// An error that names this target.
    pub(crate) fn failure(&self, code: Code, what: impl Into<String>, hint: &str) -> Failure {
        Diagnostic::error(code, self.address.as_str(), what)
            .hint(hint)
            .into()
    }

    fn repeat<T>(&self, mut request: impl FnMut() -> TargetResult<T>) -> Result<T> {
        let mut tries = 1;
        loop {
            match request() {
                Ok(answer) => return Ok(answer),
                Err(TargetError { is_transient, .. }) if is_transient && tries < TRIES => {
                    self.retries.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(jittered(tries));
                    tries += 1;
                }
                Err(TargetError {
                    message,
                    is_transient: true,
                }) => {
                    return Err(self.failure(Code::TargetUnavailable, message, "it was tried several times; readers see a complete website, and running it again continues from here"));
                }
                Err(TargetError { message, .. }) => {
                    return Err(self.failure(
                        Code::TargetRefused,
                        message,
                        "readers see a complete website; fix this and run it again",
                    ));
                }
            }
        }
    }
}

/// A wait of random length, so that requests that failed together are not repeated together.
fn jittered(tries: u32) -> Duration {
    let longest = (WAIT * 2_u32.saturating_pow(tries - 1)).min(LONGEST_WAIT);
    longest.mul_f64(0.25 + 0.75 * random::share())
}
