//! The lease: one publisher at a time, and a record of what an interrupted one may have left.
//!
//! Before the first file is sent, a lease is written at the target, on condition that there is none. It names every
//! manifest of which files may be there, so that whoever finds it knows what to send again and what to delete. Its
//! owner raises the heartbeat in it while at work: where the heartbeat stops, the owner has ended.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::random;
use super::session::Session;
use crate::diagnostics::{Code, Failure, Result};

/// The path of the lease at a target. Older programs look for this name.
pub(crate) const LEASE: &str = ".backfile/intent.json";

/// The time from one heartbeat to the next.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The time without a heartbeat after which the owner counts as ended.
const EXPIRY: Duration = Duration::from_secs(35);

/// How often a waiting publisher reads the lease.
const POLL: Duration = Duration::from_secs(2);

/// The contents of the lease at a target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct LeaseFile {
    /// The name of the site on the machine that publishes it.
    site: String,
    /// Different for each run.
    run: String,
    /// The ids of all manifests of which files may be at the target; the last is the one that is being published.
    manifests: Vec<String>,
    /// Grows while the owner is at work.
    #[serde(rename = "beat")]
    heartbeat: u64,
}

impl LeaseFile {
    fn bytes(&self) -> Vec<u8> {
        // A struct of texts and numbers is always JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// A lease that this process holds.
pub(crate) struct Lease<'s> {
    session: &'s Session<'s>,
    own: Mutex<(LeaseFile, String)>,
    /// The manifests of earlier runs that were interrupted.
    pub interrupted: Vec<String>,
    /// Whether such a run was this site's own, on this machine, and published the same manifest.
    pub is_resumed: bool,
    /// Whether this run may have written anything at the target.
    has_written: AtomicBool,
}

impl<'s> Lease<'s> {
    /// Takes the lease for publishing `manifest`. Where there is one already: takes it over if it is of this site and
    /// machine, whose only process this is, or if it was for the same manifest and its owner has ended; waits while its
    /// owner is at work.
    ///
    /// # Errors
    /// Where the owner of another lease has ended and `take_over` is not set, or the target does not answer.
    pub(crate) fn acquire(
        session: &'s Session<'s>,
        site: &str,
        manifest: &str,
        take_over: bool,
    ) -> Result<Self> {
        let new = LeaseFile {
            site: site.to_owned(),
            run: random::name(),
            manifests: vec![manifest.to_owned()],
            heartbeat: 0,
        };
        loop {
            let Some(found) = session.get(LEASE)? else {
                match session.put_if(LEASE, &new.bytes(), None)? {
                    true => return Self::confirm(session, new, None),
                    false => continue,
                }
            };
            let before: LeaseFile = serde_json::from_slice(&found.bytes).unwrap_or_default();
            if before.site != site && !take_over {
                if !wait_for_expiry(session, &before)? {
                    continue;
                }
                if before.manifests.last().is_none_or(|last| last != manifest) {
                    return Err(session.failure(
                        Code::TargetBusy,
                        "another publisher was interrupted here, or does not answer",
                        "make sure that it is no longer at work, and run this again with --take-over: it completes or deletes what the other left",
                    ));
                }
            }
            let mut manifests = before.manifests.clone();
            manifests.retain(|id| id != manifest);
            manifests.push(manifest.to_owned());
            let next = LeaseFile {
                manifests,
                heartbeat: before.heartbeat + 1,
                ..new.clone()
            };
            if session.put_if(LEASE, &next.bytes(), Some(&found.version))? {
                return Self::confirm(session, next, Some(before));
            }
        }
    }

    /// Reads the lease again: it is this process's only if the target has exactly these bytes.
    fn confirm(
        session: &'s Session<'s>,
        lease: LeaseFile,
        before: Option<LeaseFile>,
    ) -> Result<Self> {
        let version = version_of(session, &lease)?;
        let before = before.unwrap_or_default();
        let is_resumed =
            before.site == lease.site && before.manifests.last() == lease.manifests.last();
        Ok(Self {
            session,
            own: Mutex::new((lease, version)),
            interrupted: before.manifests,
            is_resumed,
            has_written: AtomicBool::new(false),
        })
    }

    /// Does `work` while another thread sends heartbeats, and releases the lease after success, or after a failure before
    /// anything was written. After any other failure the lease stays, for the next run.
    ///
    /// # Errors
    /// That of `work`, or where the lease cannot be deleted.
    pub(crate) fn hold<T>(self, work: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        let (done, ended) = mpsc::channel::<()>();
        let outcome = std::thread::scope(|scope| {
            let lease = &self;
            scope.spawn(move || {
                while ended.recv_timeout(HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
                    if let Err(failure) = lease.change(|_| {}) {
                        return lease.session.stop(failure);
                    }
                }
            });
            let outcome = work(lease);
            drop(done);
            outcome
        });
        let is_unused = self.interrupted.is_empty() && !self.has_written.load(Ordering::Relaxed);
        match outcome {
            Ok(value) => self.session.delete(&[LEASE]).map(|()| value),
            Err(failure) => {
                if is_unused && self.change(|_| {}).is_ok() {
                    // Others need not wait for this one; where this fails, they wait.
                    let _ = self.session.delete(&[LEASE]);
                }
                Err(failure)
            }
        }
    }

    /// Notes that from now on files of this run may be at the target.
    pub(crate) fn begin_writing(&self) {
        self.has_written.store(true, Ordering::Relaxed);
    }

    /// Names another manifest of which files are there.
    ///
    /// # Errors
    /// Where another publisher took the lease.
    pub(crate) fn add_manifest(&self, id: &str) -> Result<()> {
        self.change(|lease| {
            if !lease.manifests.iter().any(|known| known == id) {
                lease.manifests.insert(0, id.to_owned());
            }
        })
    }

    fn change(&self, change: impl FnOnce(&mut LeaseFile)) -> Result<()> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = own.0.clone();
        change(&mut next);
        next.heartbeat += 1;
        if !self.session.put_if(LEASE, &next.bytes(), Some(&own.1))? {
            return Err(lost(self.session));
        }
        let version = version_of(self.session, &next)?;
        *own = (next, version);
        Ok(())
    }
}

/// Waits while the owner of a lease is at work. Returns whether it has ended and its lease is still there.
fn wait_for_expiry(session: &Session<'_>, before: &LeaseFile) -> Result<bool> {
    session
        .observer
        .notice("another publisher is at work there: waiting until it is done");
    let (mut last, mut since) = (before.clone(), Instant::now());
    while since.elapsed() < EXPIRY {
        std::thread::sleep(POLL);
        let Some(found) = session.get(LEASE)? else {
            return Ok(false);
        };
        match serde_json::from_slice::<LeaseFile>(&found.bytes) {
            Ok(now) if now != last => (last, since) = (now, Instant::now()),
            _ => {}
        }
    }
    Ok(last.manifests == before.manifests)
}

/// What the target knows a lease by, if it is the one that is there.
fn version_of(session: &Session<'_>, lease: &LeaseFile) -> Result<String> {
    let found = session.get(LEASE)?;
    let own = found.filter(|found| found.bytes == lease.bytes());
    own.map(|own| own.version).ok_or_else(|| lost(session))
}

fn lost(session: &Session<'_>) -> Failure {
    session.failure(
        Code::TargetBusy,
        "another publisher took over, and this one stopped",
        "run it again when the other is done",
    )
}
