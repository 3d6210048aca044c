//! The protocol of one run: its steps in the order in which they take place, the same for every kind of target.
//!
//! A run may end at any instant: readers then see pages whose links work, and the next run continues.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::difference::Difference;
use super::lease::{LEASE, Lease};
use super::live::{self, Live};
use super::manifest::{Manifest, Root};
use super::parallel::for_each;
use super::plan::Plan;
use super::preflight::{self, Preflight};
use super::publish_state::PublishState;
use super::run::Run;
use super::send::Sender;
use super::session::Session;
use super::targets::UpdateMode;
use super::verify::verify;
use super::{PlannedChanges, PublishOptions, PublishReport, guest, recall, versions};
use crate::cache::Cache;
use crate::check::broken_permalinks::{self, BrokenPermalink};
use crate::diagnostics::{Code, Diagnostic, Failure, Result};
use crate::settings::TargetSettings;
use crate::site::Site;

/// Files that are deleted with one request.
const BATCH: usize = 500;

/// This many files may be deleted whatever their share.
const ALWAYS_DELETED: usize = 10;

/// Brings a target up to date with the website.
///
/// # Errors
/// See [`super::publish`].
pub(crate) fn publish(
    site: &Site,
    cache: &mut Cache,
    settings: &TargetSettings,
    options: &PublishOptions,
    session: &Session<'_>,
    state: &PublishState,
) -> Result<PublishReport> {
    let preflight = Preflight::open(site, cache, settings)?;
    let run = Run {
        out: site.out(),
        settings,
        options,
        session,
        state,
        website: &preflight.manifest,
    };
    let mut report = PublishReport {
        planned: options.dry_run.then(PlannedChanges::default),
        ..PublishReport::default()
    };
    let mut diagnostics = preflight.diagnostics.clone();
    if !is_up_to_date(&run)? {
        diagnostics.extend(preflight.examine(site, cache, settings, options)?);
        report = with_lease(&run, |lease| update(&run, lease))?;
    }
    if !options.dry_run {
        state.finish(run.website)?;
    }
    // The preflight may have reported the same broken permalinks.
    report.diagnostics.retain(|d| !diagnostics.contains(d));
    diagnostics.append(&mut report.diagnostics);
    Ok(PublishReport {
        files: run.website.root.files,
        bytes: run.website.root.bytes,
        diagnostics,
        ..report
    })
}

/// The steps under the lease.
fn update(run: &Run<'_>, lease: Option<&Lease<'_>>) -> Result<PublishReport> {
    let live = live_state(run, lease)?;
    let mut objections = Vec::new();
    if let Some(objection) = guest::objection(run, &live)? {
        match run.options.dry_run {
            true => objections.push(objection),
            false => return Err(objection.into()),
        }
    }
    let difference = difference(run, &live)?;
    objections.extend(guard(run, &live, &difference)?);
    if run.options.dry_run {
        return Ok(dry_run(run, difference, objections));
    }
    let plan = Plan::of(run, &live, &difference);
    let is_resumed = lease.is_some_and(|lease| lease.is_resumed) && difference.foreign.is_none();
    let log = run.state.sent_log(&run.website.root.id(), is_resumed)?;
    let sender = Sender::new(run, &log, plan.count());
    begin(run, lease, &live, &difference)?;
    sender.copy(&plan.copies)?;
    sender.send(&plan.new_paths)?;
    sender.send(&plan.changed)?;
    let commit = || commit(run, &live, &plan);
    let delete = || delete(run, &plan).and_then(|count| tidy(run, &live, &plan).map(|()| count));
    let deleted = match run.mode() {
        // Readers see all of it at the commit, the deletions too.
        UpdateMode::Atomic => delete().and_then(|count| commit().map(|()| count))?,
        _ => commit().and_then(|()| delete())?,
    };
    let (sent, sent_bytes) = sender.sent();
    Ok(PublishReport {
        sent,
        sent_bytes,
        deleted,
        waiting: plan.root.waiting.len(),
        version: plan.version.map(|version| version.name),
        foreign: difference.foreign,
        ..PublishReport::default()
    })
}

/// Whether readers see all of the website already, and nothing is left to do or to verify. Not asked where this machine
/// knows that it published another website last.
fn is_up_to_date(run: &Run<'_>) -> Result<bool> {
    let (session, id) = (run.session, run.website.root.id());
    if run.options.verify || !run.state.may_be_live(&id) {
        return Ok(false);
    }
    let live = Live::read(session)?;
    let mut waiting = live.root.waiting.iter();
    let is_up_to_date = live.version.is_some()
        && live.root.id() == id
        && !live.is_moved(run.mode())
        && !waiting.any(|(_, since)| run.is_due(*since))
        && (!run.mode().needs_lease() || session.get(LEASE)?.is_none());
    if is_up_to_date && !run.options.dry_run {
        session.target.sweep(LEASE);
    }
    Ok(is_up_to_date)
}

/// Holds the lease during `work`, where files are sent one after another.
fn with_lease<T>(run: &Run<'_>, work: impl FnOnce(Option<&Lease<'_>>) -> Result<T>) -> Result<T> {
    if run.options.dry_run || !run.mode().needs_lease() {
        return work(None);
    }
    let id = run.website.root.id();
    let lease = Lease::acquire(run.session, run.state, &id, run.options.take_over)?;
    lease.hold(|lease| work(Some(lease)))
}

/// Reads what readers see, and what interrupted runs may have left.
fn live_state(run: &Run<'_>, lease: Option<&Lease<'_>>) -> Result<Live> {
    let live = Live::read(run.session)?;
    match lease {
        Some(lease) => live.with_interrupted(run.session, lease),
        None => Ok(live),
    }
}

/// Compares the website with what is at the target.
fn difference(run: &Run<'_>, live: &Live) -> Result<Difference> {
    let (session, website) = (run.session, run.website);
    if run.mode() == UpdateMode::Whole {
        return Ok(Difference::complete(website));
    }
    let is_moved = live.is_moved(run.mode());
    let nothing = Root::empty();
    let old = if is_moved { &nothing } else { &live.root };
    let diff = live::diff(session, website, old)?;
    // A version is made in a folder of its own, where no other run was.
    let interrupted = live.interrupted.iter();
    let interrupted = interrupted.filter(|_| run.mode() != UpdateMode::Versions);
    let interrupted: Vec<_> = interrupted
        .map(|root| live::diff(session, website, root))
        .collect::<Result<_>>()?;
    let verified = match run.options.verify && live.version.is_some() && !is_moved {
        true => Some(verify(run, live, &diff)?),
        false => None,
    };
    let foreign = verified.as_ref().map(|verified| verified.foreign);
    let damaged = verified.map_or_else(BTreeSet::new, |verified| verified.damaged);
    let mut difference = Difference::between(website, diff, interrupted, &damaged);
    if is_moved && run.mode() == UpdateMode::Versions {
        // The files of the one website that there was.
        difference.removed = live::diff(session, &Manifest::empty(), &live.root)?.removed;
    }
    Ok(Difference {
        is_moved,
        foreign,
        ..difference
    })
}

/// Refuses to lose addresses of articles or to delete too much. A dry run returns the refusals.
fn guard(run: &Run<'_>, live: &Live, difference: &Difference) -> Result<Vec<Diagnostic>> {
    let is_dry_run = run.options.dry_run;
    let files = run.website.files();
    let files = files.map(|(path, file)| (file.class, file.owner, path));
    let lost = broken_permalinks::among(difference.lost.iter().cloned(), files);
    let mut refusals: Vec<Diagnostic> = lost.iter().map(BrokenPermalink::diagnostic).collect();
    if !refusals.is_empty() {
        // `check --fix` adds them to the aliases of their articles.
        recall::keep(run.session, run.state, &live.root)?;
    }
    if !refusals.is_empty() && !run.allows_problems() {
        refusals.push(preflight::refused("addresses of articles would be lost"));
        if !is_dry_run {
            return Err(Failure(refusals));
        }
    }
    let (removed, files) = (difference.removed_from_live, live.root.files);
    let percent = run.settings.delete_at_most_percent;
    let is_allowed = run.options.force || removed <= ALWAYS_DELETED;
    if !is_allowed && removed as u64 * 100 > files * percent {
        let failure = run.session.failure(
            Code::DeletionLimit,
            format!(
                "{removed} of {files} files there would be deleted, more than {percent} % of them"
            ),
            "if that is right, run it again with --force",
        );
        if !is_dry_run {
            return Err(failure);
        }
        refusals.extend(failure.0);
    }
    Ok(refusals)
}

/// Records at the target which manifests its files may be of, and writes the new one. None of it is live yet.
fn begin(
    run: &Run<'_>,
    lease: Option<&Lease<'_>>,
    live: &Live,
    difference: &Difference,
) -> Result<()> {
    let session = run.session;
    if let Some(lease) = lease {
        lease.begin_writing();
        if live.version.is_some() {
            // Once the lease names it by its id, its root must be found by that.
            live::write_root(session, &live.root)?;
            lease.add_manifest(&live.root.id())?;
        }
    }
    match run.mode() {
        UpdateMode::Whole => Ok(()),
        _ => {
            let known = (!difference.is_moved).then_some(&live.root);
            live::write_manifest(session, run.website, known)
        }
    }
}

/// Makes the new manifest the live one, and switches readers to its version.
fn commit(run: &Run<'_>, live: &Live, plan: &Plan<'_>) -> Result<()> {
    live::commit(run.session, &plan.root, live)?;
    match &plan.version {
        Some(version) => run.session.switch_to(&version.name),
        None => Ok(()),
    }
}

/// Deletes files and versions that nothing leads to any more; returns how many files of the website they were.
fn delete(run: &Run<'_>, plan: &Plan<'_>) -> Result<usize> {
    let mut files: Vec<String> = plan.deletions.iter().cloned().collect();
    let before = files.len();
    for version in &plan.deleted_versions {
        let listed = run.session.list(&versions::folder(version))?;
        files.extend(listed.into_iter().map(|listed| listed.path));
    }
    let paths: Vec<&str> = files.iter().map(String::as_str).collect();
    let batches: Vec<&[&str]> = paths.chunks(BATCH).collect();
    let done = AtomicUsize::new(0);
    for_each(run.session, &batches, run.lanes(), |batch| {
        run.session.delete(batch)?;
        let done = done.fetch_add(batch.len(), Ordering::Relaxed) + batch.len();
        run.session.observer.progress("deleting", done, paths.len());
        Ok(())
    })?;
    if plan.version.is_none() && !plan.deleted_versions.is_empty() {
        run.session.switch_to("")?;
    }
    Ok(plan.deleted + files.len() - before)
}

/// Deletes manifests and shards that are no longer needed.
fn tidy(run: &Run<'_>, live: &Live, plan: &Plan<'_>) -> Result<()> {
    let root = |version: &super::manifest::Version| live::root(run.session, &version.manifest);
    let mut obsolete = live.interrupted.clone();
    obsolete.push(live.root.clone());
    for version in &plan.dropped {
        obsolete.extend(root(version)?);
    }
    let mut kept = Vec::new();
    for version in &plan.root.versions {
        kept.extend(root(version)?);
    }
    live::tidy(
        run.session,
        &plan.root,
        &kept,
        &obsolete,
        live.has_leftovers,
    )
}

/// What a run would do.
fn dry_run(run: &Run<'_>, difference: Difference, diagnostics: Vec<Diagnostic>) -> PublishReport {
    let send: Vec<String> = difference.sent().map(str::to_owned).collect();
    let files = send.iter().filter_map(|path| run.website.file(path));
    PublishReport {
        sent: send.len(),
        sent_bytes: files.map(|file| file.size as usize).sum(),
        deleted: difference.removed.len(),
        foreign: difference.foreign,
        planned: Some(PlannedChanges {
            send,
            delete: difference.removed.into_keys().collect(),
        }),
        diagnostics,
        ..PublishReport::default()
    }
}
