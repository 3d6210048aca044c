//! What is really at a target, against what its manifest says.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use super::manifest::{Against, File};
use super::outgoing::{Form, LARGE, beside, forms};
use super::published::{FOLDER, Live};
use super::run::Run;
use super::send::each;
use super::targets::Listed;
use super::versions;
use crate::diagnostics::Result;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Files of the website that are missing there, or have other bytes.
    pub broken: BTreeSet<String>,
    /// How many files there are not the website's.
    pub foreign: usize,
}

/// Lists a target and compares, file by file: sizes, and digests where the target tells them; else it reads.
///
/// # Errors
/// Where the target does not answer.
pub fn look(run: &Run<'_>, live: &Live, against: &Against) -> Result<Found> {
    let version = versions::current(&live.root);
    let folder = version.map_or_else(String::new, |_| versions::place(version, ""));
    let listed = run.session.list(folder.trim_end_matches('/'))?;
    let listed: HashMap<String, Listed> = listed
        .into_iter()
        .filter_map(|file| Some((file.path.strip_prefix(&folder)?.to_owned(), file)))
        .collect();
    let same: Vec<(&str, &File)> = run
        .new
        .files()
        .filter(|(path, _)| !against.differ.contains_key(*path))
        .collect();
    let broken = Mutex::new(BTreeSet::new());
    each(run.session, &same, run.lanes(), |(path, file)| {
        if !is_whole(run, path, file, &folder, &listed)? {
            let broken = broken.lock();
            let mut broken = broken.unwrap_or_else(std::sync::PoisonError::into_inner);
            broken.insert((*path).to_owned());
        }
        Ok(())
    })?;
    let stored = &live.root.stored;
    let mut ours: BTreeSet<String> = BTreeSet::new();
    let waiting = live.root.waiting.iter().map(|(path, _)| path.as_str());
    let gone = against.gone.keys().map(String::as_str);
    for path in run
        .new
        .files()
        .map(|(path, _)| path)
        .chain(waiting)
        .chain(gone)
    {
        ours.extend(beside(path, stored));
        ours.insert(path.to_owned());
    }
    let is_foreign = |path: &&String| {
        let is_kept = path
            .strip_prefix(FOLDER)
            .is_some_and(|rest| rest.starts_with('/'));
        !is_kept && !ours.contains(*path)
    };
    Ok(Found {
        broken: broken
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner),
        foreign: listed.keys().filter(is_foreign).count(),
    })
}

/// Whether a file lies there in every form, byte for byte.
fn is_whole(
    run: &Run<'_>,
    path: &str,
    file: &File,
    folder: &str,
    listed: &HashMap<String, Listed>,
) -> Result<bool> {
    let Some(there) = listed.get(path) else {
        return Ok(false);
    };
    if file.size > LARGE {
        // Too large to read back: its size has to do.
        return Ok(there.size == file.size);
    }
    // What is to lie there is what would be sent.
    let Ok(bytes) = std::fs::read(run.site.out().join(path)) else {
        return Ok(false);
    };
    for Form { ending, bytes, .. } in forms(path, bytes, run.settings) {
        let path = format!("{path}{ending}");
        let Some(there) = listed
            .get(&path)
            .filter(|there| there.size == bytes.len() as u64)
        else {
            return Ok(false);
        };
        let says_so = there
            .md5
            .as_ref()
            .is_some_and(|md5| *md5 == super::targets::hex_md5(&bytes));
        if !says_so {
            let found = run.session.get(&format!("{folder}{path}"))?;
            if found.is_none_or(|found| found.bytes != bytes) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
