//! The lease: one publisher at a time, and a record of what an interrupted one may have left.
//!
//! Before the first file is sent, a lease is written at the target, on condition that there is none. It names the run that
//! holds it, and every manifest of which files may be there, so that whoever finds it knows what to send again and what to
//! delete. Its holder raises the heartbeat in it while at work: where the heartbeat stops, the holder has ended, and the
//! next publisher takes the lease over. A holder that could not raise it in time stops by itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::publish_state::PublishState;
use super::session::Session;
use super::targets::RemoteFile;
use crate::diagnostics::{Code, Failure, Result};

/// The path of the lease at a target. Older programs look for this name.
pub(crate) const LEASE: &str = ".backfile/intent.json";

/// The time from one heartbeat to the next.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The time without a heartbeat after which the holder counts as ended.
const EXPIRY: Duration = Duration::from_secs(35);

/// How often a waiting publisher reads the lease.
const POLL: Duration = Duration::from_secs(2);

/// The contents of the lease at a target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct LeaseFile {
    /// Different for each run. Older programs also wrote the name of a site.
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
    /// Whether such a run was this machine's last, and published the same manifest.
    pub is_resumed: bool,
    /// Whether this run may have written anything at the target.
    has_written: AtomicBool,
}

impl<'s> Lease<'s> {
    /// Takes the lease for publishing `manifest`. Where there is one already: waits while its holder shows signs of life,
    /// unless it is that of this machine's last run, or `take_over` is set; and then takes it over.
    ///
    /// # Errors
    /// Where the target does not answer.
    pub(crate) fn acquire(
        session: &'s Session<'s>,
        state: &PublishState,
        manifest: &str,
        take_over: bool,
    ) -> Result<Self> {
        let last_run = state.last_run();
        let new = LeaseFile {
            run: state.begin_run()?,
            manifests: vec![manifest.to_owned()],
            heartbeat: 0,
        };
        loop {
            let Some(mut found) = session.get(LEASE)? else {
                match session.put_if(LEASE, &new.bytes(), None)? {
                    true => return Self::confirm(session, new, None, false),
                    false => continue,
                }
            };
            let mut before: LeaseFile = serde_json::from_slice(&found.bytes).unwrap_or_default();
            let is_own = last_run.as_ref() == Some(&before.run);
            if !is_own && !take_over {
                match wait_for_expiry(session, before)? {
                    Some(expired) => (before, found) = expired,
                    None => continue,
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
                return Self::confirm(session, next, Some(before), is_own);
            }
        }
    }

    /// Reads the lease again: it is this process's only if the target has exactly these bytes.
    fn confirm(
        session: &'s Session<'s>,
        lease: LeaseFile,
        before: Option<LeaseFile>,
        is_own: bool,
    ) -> Result<Self> {
        let version = version_of(session, &lease)?;
        let before = before.unwrap_or_default();
        let is_resumed = is_own && before.manifests.last() == lease.manifests.last();
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
            lease.session.note_heartbeat(Some(Instant::now()));
            let outcome = work(lease);
            drop(done);
            outcome
        });
        self.session.note_heartbeat(None);
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
        self.session.note_heartbeat(Some(Instant::now()));
        Ok(())
    }
}

/// Waits while the holder of a lease shows signs of life. Returns the lease of a holder that shows none any more; `None` if
/// it was released.
fn wait_for_expiry(
    session: &Session<'_>,
    before: LeaseFile,
) -> Result<Option<(LeaseFile, RemoteFile)>> {
    let seconds = EXPIRY.as_secs();
    session.observer.notice(&format!(
        "another publisher is at work there: waiting until it is done, or shows no sign of life for {seconds} seconds"
    ));
    let (mut last, mut since) = (before, Instant::now());
    loop {
        let Some(found) = session.get(LEASE)? else {
            return Ok(None);
        };
        match serde_json::from_slice::<LeaseFile>(&found.bytes) {
            Ok(now) if now != last => (last, since) = (now, Instant::now()),
            _ if since.elapsed() >= EXPIRY => return Ok(Some((last, found))),
            _ => {}
        }
        std::thread::sleep(POLL);
    }
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
