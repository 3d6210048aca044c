//! What a run copies, sends, commits and deletes: the difference, spelled out for a target with or without versions.
//! Knows paths at the target; never asks it for anything.

use std::collections::BTreeSet;

use super::difference::Difference;
use super::live::Live;
use super::manifest::{FileEntry, Root, Version};
use super::representation::compressed_copies;
use super::run::{self, Run};
use super::targets::UpdateMode;
use super::versions::{current, path_in};

/// A file of the website and its path at the target.
#[derive(Debug, Clone)]
pub(crate) struct SiteFile<'w> {
    pub path: &'w str,
    pub entry: &'w FileEntry,
    pub destination: String,
}

/// A group of files that are sent in any order.
pub(crate) type SiteFiles<'w> = Vec<SiteFile<'w>>;

/// The steps of a run, in order.
#[derive(Debug)]
pub(crate) struct Plan<'w> {
    /// Files that are copied from one version to the next: from, to.
    pub copies: Vec<(String, String)>,
    /// Files at new paths, and files that change; each group is sent when the one before is complete.
    pub new_paths: Vec<SiteFiles<'w>>,
    pub changed: Vec<SiteFiles<'w>>,
    /// The root that is committed.
    pub root: Root,
    /// The version that readers are switched to.
    pub version: Option<Version>,
    /// Files that are deleted, compressed copies among them; and how many they are without those.
    pub deletions: BTreeSet<String>,
    pub deleted: usize,
    /// Names of versions that are deleted.
    pub deleted_versions: BTreeSet<String>,
    /// Versions whose manifests are deleted.
    pub dropped: Vec<Version>,
}

impl<'w> Plan<'w> {
    pub(crate) fn of(run: &Run<'w>, live: &Live, difference: &Difference) -> Self {
        match run.mode() {
            UpdateMode::Versions => Self::version(run, live, difference),
            _ => Self::one_website(run, live, difference),
        }
    }

    /// How many files are copied and sent.
    pub(crate) fn count(&self) -> usize {
        let groups = self.new_paths.iter().chain(&self.changed);
        self.copies.len() + groups.map(Vec::len).sum::<usize>()
    }

    /// One website, whose files are replaced.
    fn one_website(run: &Run<'w>, live: &Live, difference: &Difference) -> Self {
        let website = run.website;
        let groups = |groups: &[Vec<String>]| -> Vec<SiteFiles<'w>> {
            let group = |paths: &Vec<String>| {
                let files = paths.iter().filter_map(|path| {
                    let (path, entry) = website.entry(path)?;
                    Some(SiteFile {
                        path,
                        entry,
                        destination: path.to_owned(),
                    })
                });
                files.collect()
            };
            groups.iter().map(group).collect()
        };
        let mut root = website.root.clone();
        let removed = split_removed(run, live, difference, &mut root);
        Self {
            copies: Vec::new(),
            new_paths: groups(&difference.new_paths),
            changed: groups(&difference.changed),
            deletions: with_copies(run, live, &removed),
            deleted: removed.len(),
            root,
            version: None,
            deleted_versions: live.root.versions.iter().map(|v| v.name.clone()).collect(),
            dropped: live.root.versions.clone(),
        }
    }

    /// A version in a folder of its own: files that did not change are copied from the one before.
    fn version(run: &Run<'w>, live: &Live, difference: &Difference) -> Self {
        let version = Version::of(&run.website.root.id());
        let mut root = run.website.root.clone();
        root.versions.clone_from(&live.root.versions);
        root.versions.retain(|kept| *kept != version);
        root.versions.push(version.clone());
        // Earlier versions have the text of a withdrawn article.
        let keep = match difference.withdrawn.is_empty() {
            true => run.settings.versions.max(1),
            false => 1,
        };
        let excess = root.versions.len().saturating_sub(keep);
        let dropped: Vec<Version> = root.versions.drain(..excess).collect();
        let interrupted = live.interrupted.iter().map(|root| Version::of(&root.id()));
        let mut deleted_versions: BTreeSet<String> = dropped
            .iter()
            .cloned()
            .chain(interrupted)
            .map(|v| v.name)
            .collect();
        for kept in &root.versions {
            deleted_versions.remove(&kept.name);
        }
        let removed: BTreeSet<String> = match difference.is_moved {
            true => difference.removed.keys().cloned().collect(),
            false => BTreeSet::new(),
        };
        let mut plan = Self {
            copies: Vec::new(),
            new_paths: Vec::new(),
            changed: Vec::new(),
            root,
            deletions: with_copies(run, live, &removed),
            deleted: removed.len(),
            deleted_versions,
            dropped,
            version: None,
        };
        let is_there = !difference.is_moved && live.root.versions.contains(&version);
        if !is_there || difference.foreign.is_some() {
            plan.fill(run, live, difference, &version);
        }
        plan.version = Some(version);
        plan
    }

    /// Plans the files of a version: each is copied from the live one, or sent.
    fn fill(&mut self, run: &Run<'w>, live: &Live, difference: &Difference, version: &Version) {
        let base = current(&live.root).filter(|_| !difference.is_moved);
        let differing: BTreeSet<&str> = difference.sent().collect();
        let mut sent = SiteFiles::new();
        for (path, entry) in run.website.files() {
            let Some(base) = base.filter(|_| !differing.contains(path)) else {
                sent.push(SiteFile {
                    path,
                    entry,
                    destination: path_in(Some(version), path),
                });
                continue;
            };
            let mut files = compressed_copies(path, &run.website.root.stored);
            files.push(path.to_owned());
            self.copies.extend(
                files
                    .iter()
                    .map(|file| (path_in(Some(base), file), path_in(Some(version), file))),
            );
        }
        self.new_paths.push(sent);
    }
}

/// The paths that are deleted now; those that are deleted later are added to `root`.
fn split_removed(
    run: &Run<'_>,
    live: &Live,
    difference: &Difference,
    root: &mut Root,
) -> BTreeSet<String> {
    let keeps = run.settings.delete_after_days > 0 && difference.withdrawn.is_empty();
    let is_unused = |path: &String| run.website.file(path).is_none();
    let waiting = live.root.waiting.iter();
    let (due, still): (Vec<_>, Vec<_>) = waiting
        .filter(|(path, _)| is_unused(path))
        .cloned()
        .partition(|(_, since)| !keeps || run.is_due(*since));
    let mut removed: BTreeSet<String> = due.into_iter().map(|(path, _)| path).collect();
    root.waiting = still;
    let newly = difference.removed.keys().cloned();
    match keeps {
        true => root.waiting.extend(newly.map(|path| (path, run::now()))),
        false => removed.extend(newly),
    }
    root.waiting.sort_unstable();
    root.waiting.dedup_by(|a, b| a.0 == b.0);
    removed
}

/// These paths and the compressed copies beside them, and the copies beside other files that are no longer wanted.
fn with_copies(run: &Run<'_>, live: &Live, removed: &BTreeSet<String>) -> BTreeSet<String> {
    let wanted = &run.website.root.stored;
    let mut files = removed.clone();
    for old in live.interrupted.iter().chain([&live.root]) {
        files.extend(
            removed
                .iter()
                .flat_map(|path| compressed_copies(path, &old.stored)),
        );
        if old.stored != *wanted {
            let unwanted = run.website.files().flat_map(|(path, _)| {
                let wanted = compressed_copies(path, wanted);
                let copies = compressed_copies(path, &old.stored).into_iter();
                copies.filter(move |copy| !wanted.contains(copy))
            });
            files.extend(unwanted.filter(|path| run.website.file(path).is_none()));
        }
    }
    files
}
