//! Stamps of files from the metadata of the file system.

use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Stamp;

/// The stamp of a file with this metadata.
pub fn stamp(metadata: &Metadata) -> Stamp {
    Stamp {
        size: metadata.len(),
        modified: nanoseconds(metadata.modified().unwrap_or(UNIX_EPOCH)),
        changed: changed(metadata),
    }
}

/// A time in nanoseconds since 1970, as in stamps.
pub fn nanoseconds(time: SystemTime) -> i64 {
    let since = |d: std::time::Duration| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX);
    time.duration_since(UNIX_EPOCH)
        .map_or_else(|before| -since(before.duration()), since)
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec()
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> i64 {
    0
}
