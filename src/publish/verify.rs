//! Compares what is really at a target with what its manifest says.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use super::live::{FOLDER, Live};
use super::manifest::{FileEntry, ManifestDiff};
use super::parallel::for_each;
use super::representation::{LARGE, Representation, compressed_copies, representations};
use super::run::Run;
use super::targets::{ListedFile, hex_md5};
use super::versions;
use crate::diagnostics::Result;

/// How a target differs from its manifest.
#[derive(Debug, Default)]
pub(crate) struct Verification {
    /// Files of the website that are missing there, or have other bytes.
    pub damaged: BTreeSet<String>,
    /// How many files there are not the website's.
    pub foreign: usize,
}

/// Lists a target and compares it file by file: sizes, and digests where the target gives them; other files are read.
/// `diff` is how the website differs from the live manifest.
///
/// # Errors
/// Where the target does not answer.
pub(crate) fn verify(run: &Run<'_>, live: &Live, diff: &ManifestDiff) -> Result<Verification> {
    let version = versions::current(&live.root);
    let folder = versions::path_in(version, "");
    let listed = run.session.list(folder.trim_end_matches('/'))?;
    let listed: HashMap<String, ListedFile> = listed
        .into_iter()
        .filter_map(|file| Some((file.path.strip_prefix(&folder)?.to_owned(), file)))
        .collect();
    let same = run.website.files();
    let same = same.filter(|(path, _)| !diff.changed.contains_key(*path));
    let same: Vec<(&str, &FileEntry)> = same.collect();
    let damaged = Mutex::new(BTreeSet::new());
    for_each(run.session, &same, run.lanes(), |(path, file)| {
        if !is_intact(run, path, file, &folder, &listed)? {
            let mut damaged = damaged.lock().unwrap_or_else(PoisonError::into_inner);
            damaged.insert((*path).to_owned());
        }
        Ok(())
    })?;
    let ours = known_paths(run, live, diff);
    let is_foreign = |path: &&String| {
        let is_state = path
            .strip_prefix(FOLDER)
            .is_some_and(|rest| rest.starts_with('/'));
        !is_state && !ours.contains(*path)
    };
    Ok(Verification {
        damaged: damaged.into_inner().unwrap_or_else(PoisonError::into_inner),
        foreign: listed.keys().filter(is_foreign).count(),
    })
}

/// Every path at which the website or the live manifest has a file.
fn known_paths(run: &Run<'_>, live: &Live, diff: &ManifestDiff) -> BTreeSet<String> {
    let website = run.website.files().map(|(path, _)| path);
    let waiting = live.root.waiting.iter().map(|(path, _)| path.as_str());
    let removed = diff.removed.keys().map(String::as_str);
    let mut known = BTreeSet::new();
    for path in website.chain(waiting).chain(removed) {
        known.extend(compressed_copies(path, &live.root.stored));
        known.insert(path.to_owned());
    }
    known
}

/// Whether the target has a file in every representation, byte for byte.
fn is_intact(
    run: &Run<'_>,
    path: &str,
    file: &FileEntry,
    folder: &str,
    listed: &HashMap<String, ListedFile>,
) -> Result<bool> {
    let Some(there) = listed.get(path) else {
        return Ok(false);
    };
    if file.size > LARGE {
        // Too large to read back: only its size is compared.
        return Ok(there.size == file.size);
    }
    let Ok(bytes) = std::fs::read(run.out.join(path)) else {
        return Ok(false);
    };
    let stored = &run.website.root.stored;
    for Representation { suffix, bytes, .. } in representations(path, bytes, stored) {
        let path = format!("{path}{suffix}");
        let Some(there) = listed
            .get(&path)
            .filter(|there| there.size == bytes.len() as u64)
        else {
            return Ok(false);
        };
        let has_digest = there
            .md5
            .as_ref()
            .is_some_and(|md5| *md5 == hex_md5(&bytes));
        if !has_digest {
            let found = run.session.get(&format!("{folder}{path}"))?;
            if found.is_none_or(|found| found.bytes != bytes) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
