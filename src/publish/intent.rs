//! One publisher at a time, and nothing forgotten where one was cut off.
//!
//! Before the first file is sent, an intent is written at the target, on condition that there is none. It names every
//! manifest of which files may be there, so that whoever finds it knows what to send again and what to clear away. Its
//! owner counts on in it while at work: where the count stands still, the owner is gone.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::session::Session;
use crate::diagnostics::{Code, Diagnostic, Result};

/// Where it lies at a target.
pub const INTENT: &str = ".backfile/intent.json";

/// How often its owner counts on.
pub const BEAT: Duration = Duration::from_secs(10);

/// How long the count must stand still until the owner counts as gone.
const STILL: Duration = Duration::from_secs(35);

/// How often somebody who waits looks.
const LOOK: Duration = Duration::from_secs(2);

/// What somebody is about to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The site's own name for itself on the machine that publishes it.
    pub site: String,
    /// Another for each run.
    pub run: String,
    /// The ids of all manifests of which files may be there; the last is the one that is being published.
    pub manifests: Vec<String>,
    /// Grows while its owner is at work.
    pub beat: u64,
}

/// An intent that is this process's own.
pub struct Claim<'s> {
    session: &'s Session<'s>,
    own: Mutex<(Intent, String)>,
    /// The manifests of runs before this one that were cut off.
    pub left: Vec<String>,
    /// Whether such a run was this site's own, on this machine, and published the same.
    pub is_resumed: bool,
}

/// Writes an intent to publish the manifest `to`. Where there is one already: resumes it if it is of this site and machine,
/// whose only process this is, or if it was to publish the same and its owner is gone; waits while its owner is at work.
///
/// # Errors
/// Where another's owner is gone and nobody said `take_over`, or the target does not answer.
pub fn claim<'s>(
    session: &'s Session<'s>,
    site: &str,
    to: &str,
    take_over: bool,
) -> Result<Claim<'s>> {
    let run = super::local::random_name();
    let fresh = Intent {
        site: site.to_owned(),
        run,
        manifests: vec![to.to_owned()],
        beat: 0,
    };
    loop {
        let Some(found) = session.get(INTENT)? else {
            match session.put_if(INTENT, &bytes(&fresh), None)? {
                true => return Claim::taken(session, fresh, None),
                false => continue,
            }
        };
        let before: Intent = serde_json::from_slice(&found.bytes).unwrap_or(Intent {
            site: String::new(),
            run: String::new(),
            manifests: Vec::new(),
            beat: 0,
        });
        let is_own = before.site == site;
        if !is_own && !take_over {
            let is_gone = wait(session, &before)?;
            let is_same = before.manifests.last().is_some_and(|last| last == to);
            if !is_gone {
                continue;
            }
            if !is_same {
                return Err(session.failure(
                    "another publisher was cut off here, or does not answer",
                    "see that it is not at work any more, and run this again with --take-over: what it left is put right",
                ));
            }
        }
        let mut manifests = before.manifests.clone();
        manifests.retain(|id| id != to);
        manifests.push(to.to_owned());
        let next = Intent {
            manifests,
            beat: before.beat + 1,
            ..fresh.clone()
        };
        if session.put_if(INTENT, &bytes(&next), Some(&found.version))? {
            return Claim::taken(session, next, Some((before, is_own)));
        }
    }
}

/// Waits while the owner of an intent is at work; whether it is gone and its intent is still there.
fn wait(session: &Session<'_>, before: &Intent) -> Result<bool> {
    session.tell("another publisher is at work there: waiting until it is done");
    let (mut last, mut since) = (before.clone(), Instant::now());
    while since.elapsed() < STILL {
        std::thread::sleep(LOOK);
        let Some(found) = session.get(INTENT)? else {
            return Ok(false);
        };
        match serde_json::from_slice::<Intent>(&found.bytes) {
            Ok(now) if now != last => (last, since) = (now, Instant::now()),
            _ => {}
        }
    }
    Ok(last.manifests == before.manifests)
}

impl<'s> Claim<'s> {
    fn taken(
        session: &'s Session<'s>,
        intent: Intent,
        before: Option<(Intent, bool)>,
    ) -> Result<Self> {
        let found = session
            .get(INTENT)?
            .filter(|found| found.bytes == bytes(&intent));
        let Some(found) = found else {
            return Err(lost(session));
        };
        let to = intent.manifests.last().cloned();
        let is_resumed = before
            .as_ref()
            .is_some_and(|(before, is_own)| *is_own && before.manifests.last() == to.as_ref());
        Ok(Self {
            session,
            own: Mutex::new((intent, found.version)),
            left: before
                .map(|(before, _)| before.manifests)
                .unwrap_or_default(),
            is_resumed,
        })
    }

    /// Whether somebody was cut off here before.
    pub fn is_after_another(&self) -> bool {
        !self.left.is_empty()
    }

    /// Names another manifest of which files are there.
    ///
    /// # Errors
    /// Where the intent is no longer this process's.
    pub fn name(&self, manifest: &str) -> Result<()> {
        self.change(|intent| {
            if !intent.manifests.iter().any(|id| id == manifest) {
                intent.manifests.insert(0, manifest.to_owned());
            }
        })
    }

    /// Says that this process is at work.
    ///
    /// # Errors
    /// As [`Claim::name`].
    pub fn beat(&self) -> Result<()> {
        self.change(|_| {})
    }

    fn change(&self, change: impl FnOnce(&mut Intent)) -> Result<()> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = own.0.clone();
        change(&mut next);
        next.beat += 1;
        if !self.session.put_if(INTENT, &bytes(&next), Some(&own.1))? {
            return Err(lost(self.session));
        }
        let found = self
            .session
            .get(INTENT)?
            .filter(|found| found.bytes == bytes(&next));
        let found = found.ok_or_else(|| lost(self.session))?;
        *own = (next, found.version);
        Ok(())
    }

    /// Takes the intent away: all is done.
    ///
    /// # Errors
    /// Where the target does not do it.
    pub fn release(self) -> Result<()> {
        self.session.delete(&[INTENT])
    }
}

fn lost(session: &Session<'_>) -> crate::diagnostics::Failure {
    Diagnostic::error(
        Code::Unclassified,
        session.address.as_str(),
        "another publisher took over, and this one stopped",
    )
    .hint("run it again when the other is done")
    .into()
}

fn bytes(intent: &Intent) -> Vec<u8> {
    // A struct of texts and numbers is always JSON.
    serde_json::to_vec(intent).unwrap_or_default()
}
