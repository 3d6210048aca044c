//! One run: from what is there to what was built.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::built;
use super::difference::{self, Difference};
use super::intent::{self, BEAT, Claim, INTENT};
use super::local::Local;
use super::manifest::{Against, Manifest, Root};
use super::outgoing::beside;
use super::published::{self, Live};
use super::send::{Going, Sender, each};
use super::session::Session;
use super::versions;
use super::{Options, Report, Would, verify};
use crate::check::broken_permalinks::{self, Lost};
use crate::diagnostics::{Diagnostic, Failure, Result};
use crate::settings::TargetSettings;
use crate::site::Site;

/// Files that are deleted with one request.
const TOGETHER: usize = 500;

/// So few files may always be deleted.
const FEW: usize = 10;

/// What a run works with.
pub struct Run<'a> {
    pub site: &'a Site,
    pub settings: &'a TargetSettings,
    pub session: &'a Session<'a>,
    pub local: &'a Local,
    pub new: &'a Manifest,
    pub options: &'a Options,
}

/// What stands there before the run.
pub struct Before {
    pub live: Live,
    /// The manifests of runs that were cut off, as far as they got.
    pub tried: Vec<Root>,
    /// Whether a run was cut off, and may have left anything.
    pub is_after_another: bool,
    pub difference: Difference,
    /// Files of the live website that are no longer the website's.
    pub gone_from_live: usize,
    /// Whether all is sent, for the target changed from one website to versions, or back.
    pub is_moved: bool,
    pub foreign: Option<usize>,
    /// Addresses of articles that readers would lose.
    pub lost: Vec<Diagnostic>,
}

impl Run<'_> {
    /// Does it.
    ///
    /// # Errors
    /// See [`super::publish`].
    pub fn publish(&self) -> Result<Report> {
        let session = self.session;
        if session.target.is_whole() {
            return self.whole();
        }
        let to = self.new.root.id();
        if self.options.dry_run {
            let before = self.before(published::live(session)?, Vec::new(), false)?;
            let too_many = self.guard(&before).err();
            let too_many = too_many.map_or_else(Vec::new, |failure| failure.0);
            let diagnostics = [before.lost.clone(), too_many].concat();
            return Ok(self.would(before, diagnostics));
        }
        if session.target.is_atomic() {
            let before = self.before(published::live(session)?, Vec::new(), false)?;
            self.guard(&before)?;
            return self.replace(before, None);
        }
        let claim = intent::claim(session, &self.local.site()?, &to, self.options.take_over)?;
        let (done, ended) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let claim = &claim;
            scope.spawn(move || {
                while ended.recv_timeout(BEAT) == Err(mpsc::RecvTimeoutError::Timeout) {
                    if let Err(failure) = claim.beat() {
                        return session.stop(failure);
                    }
                }
            });
            let outcome = self.claimed(claim);
            drop(done);
            outcome
        })
        .and_then(|report| claim.release().map(|()| report))
    }

    /// Whether readers see all of it already, nothing is left to do, and nobody wants it looked at.
    ///
    /// # Errors
    /// Where the target does not answer.
    pub fn is_done(&self) -> Result<bool> {
        if self.options.verify || self.options.dry_run || self.session.target.is_whole() {
            return Ok(false);
        }
        let live = published::live(self.session)?;
        let is_moved = live.is_moved(self.session.target.has_versions());
        let is_due = live
            .root
            .waiting
            .iter()
            .any(|(_, since)| self.is_due(*since));
        let is_done = live.version.is_some()
            && live.root.id() == self.new.root.id()
            && !is_moved
            && !is_due
            && (self.session.target.is_atomic() || self.session.get(INTENT)?.is_none());
        if is_done {
            self.session.target.sweep();
        }
        Ok(is_done)
    }

    fn claimed(&self, claim: &Claim<'_>) -> Result<Report> {
        let live = published::live(self.session)?;
        let id = live.root.id();
        if live.version.is_some() {
            // Once others are named by their ids, this one must be known by its own.
            published::keep_root(self.session, &live.root)?;
            claim.name(&id)?;
        }
        let mut tried = Vec::new();
        for left in claim.left.iter().filter(|left| **left != id) {
            tried.extend(published::root(self.session, left)?);
        }
        let before = self.before(live, tried, claim.is_after_another());
        let before = before.and_then(|before| self.guard(&before).map(|()| before));
        if before.is_err() && claim.left.is_empty() {
            // Nothing was sent: others need not wait for this one.
            self.session
                .delete(&[&published::root_place(&id), INTENT])?;
        }
        let before = before?;
        self.replace(before, Some(claim))
    }

    /// What stands there, and what has to be done.
    fn before(&self, live: Live, tried: Vec<Root>, is_after_another: bool) -> Result<Before> {
        let session = self.session;
        let has_versions = session.target.has_versions();
        let is_moved = live.is_moved(has_versions);
        let against = match is_moved {
            true => self
                .new
                .against(&Root::empty(), |_| Err(Failure(Vec::new())))?,
            false => published::against(session, self.new, &live.root)?,
        };
        let lost = self.lost(&against);
        let gone_from_live = against.gone.len();
        // A version is made in a folder of its own, where nobody was before.
        let others = tried.iter().filter(|_| !has_versions);
        let others = others.map(|root| published::against(session, self.new, root));
        let others: Vec<Against> = others.collect::<Result<_>>()?;
        let mut broken = BTreeSet::new();
        let mut foreign = None;
        if self.options.verify && live.version.is_some() && !is_moved {
            let found = verify::look(self, &live, &against)?;
            broken = found.broken;
            foreign = Some(found.foreign);
        }
        let before = Before {
            difference: difference::between(self.new, against, others, &broken),
            live,
            tried,
            is_after_another,
            gone_from_live,
            is_moved,
            foreign,
            lost: Vec::new(),
        };
        match lost.is_empty() || self.options.dry_run || self.allows_problems() {
            true => Ok(Before { lost, ..before }),
            false => {
                let why = built::stopped("addresses of articles would be lost");
                Err(Failure([lost, vec![why]].concat()))
            }
        }
    }

    fn allows_problems(&self) -> bool {
        self.options.allow_problems || self.settings.allow_problems
    }

    /// The addresses of articles that readers have and would lose.
    fn lost(&self, against: &Against) -> Vec<Diagnostic> {
        let gone = against.gone.iter();
        let gone = gone.filter(|(_, file)| file.class.is_article());
        let gone = gone.map(|(path, file)| (path.clone(), file.owner));
        let files = self.new.files();
        let lost = broken_permalinks::among(
            gone,
            files.map(|(path, file)| (file.class, file.owner, path)),
        );
        lost.iter().map(Lost::diagnostic).collect()
    }

    /// Refuses where too much would be deleted.
    fn guard(&self, before: &Before) -> Result<()> {
        let (gone, files) = (before.gone_from_live, before.live.root.files);
        let percent = self.settings.delete_at_most_percent;
        if self.options.force || gone <= FEW || gone as u64 * 100 <= files * percent {
            return Ok(());
        }
        Err(self.session.failure(
            &format!(
                "{gone} of {files} files there would be deleted, more than {percent} % of them"
            ),
            "if that is right, run it again with --force",
        ))
    }

    /// Makes the target what the website is. Without a claim the target does it all at once.
    fn replace(&self, before: Before, claim: Option<&Claim<'_>>) -> Result<Report> {
        let session = self.session;
        let is_resumed = claim.is_some_and(|claim| claim.is_resumed) && before.foreign.is_none();
        let sent = self.local.sent(&self.new.root.id(), is_resumed)?;
        let sender = Sender {
            session,
            settings: self.settings,
            out: self.site.out(),
            sent: &sent,
            bytes: AtomicUsize::new(0),
            files: AtomicUsize::new(0),
        };
        let known: Vec<&Root> = match claim {
            Some(_) if before.is_moved => Vec::new(),
            _ => vec![&before.live.root],
        };
        published::keep(session, self.new, &known)?;
        let report = match session.target.has_versions() {
            true => versions::publish(self, &before, &sender)?,
            false => self.in_place(&before, &sender)?,
        };
        Ok(Report {
            sent: sender.files.into_inner(),
            sent_bytes: sender.bytes.into_inner(),
            foreign: before.foreign,
            ..report
        })
    }

    /// One website, whose files are replaced one by one.
    fn in_place(&self, before: &Before, sender: &Sender<'_>) -> Result<Report> {
        let session = self.session;
        let Before {
            live,
            tried,
            difference,
            ..
        } = before;
        let all = difference.count();
        let done = AtomicUsize::new(0);
        for step in &difference.steps {
            let step = step.iter().filter_map(|path| {
                let file = self.new.file(path)?;
                let place = path.as_str();
                Some(Going { path, file, place })
            });
            let step: Vec<Going<'_>> = step.collect();
            sender.send_all(&step, self.lanes(), &|count| {
                let done = done.fetch_add(count, Ordering::Relaxed) + count;
                session.teller.progress("sending", done, all);
            })?;
        }
        // What has to go at once, and what may stay a while.
        let keeps = self.settings.delete_after_days > 0 && difference.withdrawn.is_empty();
        let now = now();
        let is_new = |path: &String| self.new.file(path).is_some();
        let waiting = live.root.waiting.iter().filter(|(path, _)| !is_new(path));
        let (due, still): (Vec<_>, Vec<_>) = waiting
            .cloned()
            .partition(|(_, since)| !keeps || self.is_due(*since));
        let mut gone: Vec<String> = due.into_iter().map(|(path, _)| path).collect();
        let mut root = self.new.root.clone();
        root.waiting = still;
        match keeps {
            true => root
                .waiting
                .extend(difference.gone.keys().map(|path| (path.clone(), now))),
            false => gone.extend(difference.gone.keys().cloned()),
        }
        root.waiting.sort_unstable();
        root.waiting.dedup_by(|a, b| a.0 == b.0);
        let mut files: BTreeSet<String> = gone.iter().cloned().collect();
        for old in tried.iter().chain([&live.root]) {
            // Compressed files beside those that go, or that are no longer wanted.
            files.extend(gone.iter().flat_map(|path| beside(path, &old.stored)));
            if old.stored != root.stored {
                let wanted = |path: &str| beside(path, &root.stored);
                let over = self.new.files().flat_map(|(path, _)| {
                    let wanted = wanted(path);
                    beside(path, &old.stored)
                        .into_iter()
                        .filter(move |p| !wanted.contains(p))
                });
                files.extend(over.filter(|path| self.new.file(path).is_none()));
            }
        }
        if session.target.is_atomic() {
            self.delete(&files)?;
            self.tidy(before, &root, &[], &[])?;
            published::commit(session, &root, live)?;
        } else {
            published::commit(session, &root, live)?;
            self.delete(&files)?;
            if before.is_moved {
                versions::forget(self, &live.root)?;
            }
            self.tidy(before, &root, &[], &[])?;
        }
        Ok(Report {
            deleted: gone.len(),
            waiting: root.waiting.len(),
            ..Report::default()
        })
    }

    /// Deletes files at the target.
    ///
    /// # Errors
    /// Where it does not do it; nothing is deleted after that.
    pub fn delete(&self, files: &BTreeSet<String>) -> Result<()> {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let parts: Vec<&[&str]> = files.chunks(TOGETHER).collect();
        let done = AtomicUsize::new(0);
        each(self.session, &parts, self.lanes(), |part| {
            self.session.delete(part)?;
            let done = done.fetch_add(part.len(), Ordering::Relaxed) + part.len();
            self.session.teller.progress("deleting", done, files.len());
            Ok(())
        })
    }

    /// Deletes what is left of manifests that hold no longer.
    ///
    /// # Errors
    /// Where the target does not do it.
    pub fn tidy(
        &self,
        before: &Before,
        root: &Root,
        versions: &[&Root],
        dropped: &[Root],
    ) -> Result<()> {
        let mut had: Vec<&Root> = before.tried.iter().chain(dropped).collect();
        had.push(&before.live.root);
        published::tidy(
            self.session,
            &[root],
            versions,
            &had,
            before.is_after_another,
        )
    }

    pub fn lanes(&self) -> usize {
        let lanes = self.settings.lanes;
        lanes
            .unwrap_or_else(|| self.session.target.lanes())
            .clamp(1, 64)
    }

    fn is_due(&self, since: u64) -> bool {
        now().saturating_sub(since) >= self.settings.delete_after_days * 24 * 3600
    }

    /// A target that takes the whole website each time.
    fn whole(&self) -> Result<Report> {
        let mut files: Vec<(&str, &super::manifest::File)> = self.new.files().collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        if self.options.dry_run {
            let send = files.iter().map(|(path, _)| (*path).to_owned()).collect();
            return Ok(Report {
                would: Some(Would {
                    send,
                    delete: Vec::new(),
                }),
                ..Report::default()
            });
        }
        let sent = self.local.sent(&self.new.root.id(), false)?;
        let sender = Sender {
            session: self.session,
            settings: self.settings,
            out: self.site.out(),
            sent: &sent,
            bytes: AtomicUsize::new(0),
            files: AtomicUsize::new(0),
        };
        for (done, (path, file)) in files.iter().enumerate() {
            let place = path;
            sender.send(Going { path, file, place })?;
            self.session
                .teller
                .progress("packing", done + 1, files.len());
        }
        self.session.put_if(published::MANIFEST, b"", None)?;
        Ok(Report {
            sent: sender.files.into_inner(),
            sent_bytes: sender.bytes.into_inner(),
            ..Report::default()
        })
    }

    fn would(&self, before: Before, diagnostics: Vec<Diagnostic>) -> Report {
        let Difference { steps, gone, .. } = before.difference;
        let send: Vec<String> = steps.into_iter().flatten().collect();
        let bytes = send.iter().filter_map(|path| self.new.file(path));
        Report {
            sent: send.len(),
            sent_bytes: bytes.map(|file| file.size as usize).sum(),
            deleted: gone.len(),
            foreign: before.foreign,
            would: Some(Would {
                send,
                delete: gone.into_keys().collect(),
            }),
            diagnostics,
            ..Report::default()
        }
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
