//! Whole versions of the website beside each other, one of which readers see. A version is made out of sight, of links to
//! what the one before has already and of what differs, and switched to at once; the one before can be switched back to.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::intent;
use super::local::Local;
use super::manifest::{File, Files, Manifest, Root, Version};
use super::outgoing::beside;
use super::published;
use super::run::{Before, Run};
use super::send::{Going, Sender, each};
use super::session::Session;
use super::{Options, Report};
use crate::diagnostics::Result;

/// The folder of all versions.
const FOLDER: &str = "versions";

/// Digits of a manifest's id in the name of its version.
const NAME: usize = 16;

/// Where a file of a version lies; of the website where there is no version.
pub fn place(version: Option<&Version>, path: &str) -> String {
    match version {
        Some(version) => format!("{FOLDER}/{}/{path}", version.name),
        None => path.to_owned(),
    }
}

/// The version that readers see.
pub fn current(root: &Root) -> Option<&Version> {
    let id = root.id();
    root.versions.iter().find(|version| version.manifest == id)
}

/// Makes a version of the website and switches to it.
///
/// # Errors
/// Where the target does not do it; readers then see what they saw before.
pub fn publish(run: &Run<'_>, before: &Before, sender: &Sender<'_>) -> Result<Report> {
    let session = run.session;
    let live = &before.live;
    let id = run.new.root.id();
    let version = Version {
        name: id[..NAME].to_owned(),
        manifest: id.clone(),
    };
    let is_there = !before.is_moved && live.root.versions.contains(&version);
    if !is_there || before.foreign.is_some() {
        make(run, before, sender, &version)?;
    }
    let mut root = run.new.root.clone();
    root.versions.clone_from(&live.root.versions);
    root.versions.retain(|kept| kept.manifest != id);
    root.versions.push(version.clone());
    // A withdrawn article's text is in all versions before this one.
    let keep = match before.difference.withdrawn.is_empty() {
        true => run.settings.versions.max(1),
        false => 1,
    };
    let over = root.versions.len().saturating_sub(keep);
    let dropped: Vec<Version> = root.versions.drain(..over).collect();
    let mut dropped_roots = Vec::new();
    for version in &dropped {
        dropped_roots.extend(published::root(session, &version.manifest)?);
    }
    published::commit(session, &root, live)?;
    session.point(&version.name)?;
    let mut deleted = 0;
    let mut names: BTreeSet<&str> = dropped
        .iter()
        .map(|version| version.name.as_str())
        .collect();
    // What runs that were cut off had begun.
    let cut_off: Vec<String> = before
        .tried
        .iter()
        .map(|root| root.id()[..NAME].to_owned())
        .collect();
    names.extend(cut_off.iter().map(String::as_str));
    let is_kept = |name: &str| root.versions.iter().any(|version| version.name == name);
    for name in names.into_iter().filter(|name| !is_kept(name)) {
        deleted += remove(run, name)?;
    }
    if before.is_moved {
        let nothing = Manifest::from_files(Files::default(), "");
        let old = published::against(session, &nothing, &live.root)?;
        let files = old.gone.keys().flat_map(|path| {
            let mut files = beside(path, &live.root.stored);
            files.push(path.clone());
            files
        });
        run.delete(&files.collect())?;
    }
    let mut roots = Vec::new();
    for version in &root.versions {
        roots.extend(published::root(session, &version.manifest)?);
    }
    run.tidy(
        before,
        &root,
        &roots.iter().collect::<Vec<_>>(),
        &dropped_roots,
    )?;
    Ok(Report {
        deleted,
        version: Some(version.name),
        ..Report::default()
    })
}

/// Puts all files of a version into its folder.
fn make(run: &Run<'_>, before: &Before, sender: &Sender<'_>, version: &Version) -> Result<()> {
    let session = run.session;
    let base = current(&before.live.root).filter(|_| !before.is_moved);
    let differing = before.difference.steps.iter().flatten();
    let differing: BTreeSet<&str> = differing.map(String::as_str).collect();
    let files: Vec<(&str, &File)> = run.new.files().collect();
    let done = AtomicUsize::new(0);
    each(session, &files, run.lanes(), |(path, file)| {
        let to = place(Some(version), path);
        match base {
            Some(base) if !differing.contains(path) => {
                session.copy(&place(Some(base), path), &to)?;
                for beside in beside(path, &run.settings.stored()) {
                    session.copy(&place(Some(base), &beside), &place(Some(version), &beside))?;
                }
            }
            _ => sender.send(Going {
                path,
                file,
                place: &to,
            })?,
        }
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        session
            .teller
            .progress("making a version", done, files.len());
        Ok(())
    })
}

/// Deletes all versions: there is one website now.
///
/// # Errors
/// Where the target does not do it.
pub fn forget(run: &Run<'_>, root: &Root) -> Result<()> {
    for version in &root.versions {
        remove(run, &version.name)?;
    }
    run.session.point("")
}

/// Deletes the files of a version; gives how many there were.
fn remove(run: &Run<'_>, name: &str) -> Result<usize> {
    let listed = run.session.list(&format!("{FOLDER}/{name}"))?;
    let files: BTreeSet<String> = listed.into_iter().map(|listed| listed.path).collect();
    run.delete(&files)?;
    Ok(files.len())
}

/// Lets readers see the version before the current one.
///
/// # Errors
/// Where there is none, or the target does not do it.
pub fn roll_back(session: &Session<'_>, local: &Local, options: &Options) -> Result<Report> {
    let live = published::live(session)?;
    let position = current(&live.root)
        .and_then(|current| live.root.versions.iter().position(|v| v == current));
    let earlier = position.and_then(|at| live.root.versions.get(at.checked_sub(1)?));
    let Some(version) = earlier.cloned() else {
        return Err(session.failure(
            "there is no version before the one that readers see",
            "versions are kept where the target's settings say `versions = 3`, or another number",
        ));
    };
    let Some(bare) = published::root(session, &version.manifest)? else {
        return Err(session.failure(
            &format!("the manifest of version `{}` is not there", version.name),
            "publish the website again",
        ));
    };
    let root = Root {
        versions: live.root.versions.clone(),
        ..bare
    };
    let report = Report {
        files: root.files,
        bytes: root.bytes,
        version: Some(version.name.clone()),
        ..Report::default()
    };
    if options.dry_run {
        return Ok(report);
    }
    let claim = intent::claim(
        session,
        &local.site()?,
        &version.manifest,
        options.take_over,
    )?;
    if claim.is_after_another() {
        return Err(session.failure(
            "a run was cut off here, and has to be finished first",
            "run `backfile publish`, and then this again",
        ));
    }
    published::commit(session, &root, &live)?;
    session.point(&version.name)?;
    claim.release()?;
    Ok(report)
}
