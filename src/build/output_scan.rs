//! The files of the output folder, compared with the records of the last build.

use std::path::PathBuf;

use foldhash::HashSet;
use rayon::prelude::*;

use super::write::Output;
use crate::cache::{PageRecordHead, PreviousBuild};
use crate::diagnostics::Result;
use crate::model::digest::digest;

/// How the output differs from what the last build left.
#[derive(Debug, Default)]
pub(crate) struct OutputScan {
    /// Files that no known build wrote; sorted.
    foreign: Vec<(String, PathBuf)>,
    /// Pages that are missing, or whose bytes differ from those that were written; sorted.
    pub broken: Vec<String>,
    /// Pages that copy a file that may have changed again within the granularity of its timestamp; sorted.
    pub unsettled: Vec<String>,
}

impl OutputScan {
    /// Lists the output. With `verify`, or if the last build was interrupted, every file of it is read.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub(crate) fn of(
        output: &Output,
        previous: &PreviousBuild,
        verify: bool,
    ) -> Result<OutputScan> {
        let files = output.files()?;
        let ended = previous
            .state
            .as_ref()
            .filter(|_| !verify)
            .map_or(i64::MIN, |state| state.ended);
        let is_whole = |path: &str, page: &PageRecordHead, size: u64, modified: i64| {
            let is_old = size == page.size && modified <= ended;
            is_old
                || (size == page.size
                    && output
                        .read(path)
                        .is_some_and(|bytes| digest(&bytes) == page.digest))
        };
        let (known, foreign): (Vec<_>, Vec<_>) =
            files
                .into_par_iter()
                .partition_map(|source| match previous.head(&source.file) {
                    Some(page) => {
                        let is_whole = is_whole(
                            &source.file,
                            &page,
                            source.stamp.size,
                            source.stamp.modified,
                        );
                        rayon::iter::Either::Left((source.file, is_whole))
                    }
                    None => rayon::iter::Either::Right((source.file, source.path)),
                });
        let mut broken: Vec<String> = Vec::new();
        if known.len() < previous.count() {
            let existing: HashSet<&str> = known.iter().map(|(path, _)| path.as_str()).collect();
            let missing = previous
                .heads()
                .filter(|(path, _)| !existing.contains(path));
            broken = missing.map(|(path, _)| path.to_owned()).collect();
        }
        broken.extend(
            known
                .into_iter()
                .filter(|(_, is_whole)| !is_whole)
                .map(|(path, _)| path),
        );
        let unsettled = previous
            .heads()
            .filter(|(_, page)| page.fingerprint.is_none());
        let mut scan = OutputScan {
            foreign,
            broken,
            unsettled: unsettled.map(|(path, _)| path.to_owned()).collect(),
        };
        scan.foreign.sort_unstable();
        scan.broken.sort_unstable();
        scan.unsettled.sort_unstable();
        Ok(scan)
    }

    pub(crate) fn is_broken(&self, path: &str) -> bool {
        self.broken
            .binary_search_by(|broken| broken.as_str().cmp(path))
            .is_ok()
    }

    /// Whether there is a file at this path that no known build wrote.
    pub(crate) fn is_foreign(&self, path: &str) -> bool {
        self.foreign
            .binary_search_by(|(foreign, _)| foreign.as_str().cmp(path))
            .is_ok()
    }

    /// Files that no known build wrote: their paths below the website's root, and on disk.
    pub(crate) fn foreign(&self) -> impl Iterator<Item = &(String, PathBuf)> {
        self.foreign.iter()
    }
}
