//! Complete versions of the website beside each other, one of which readers see. Readers are switched to a new version at
//! once, and back to the one before.

use super::lease::Lease;
use super::live::{self, Live};
use super::manifest::{Root, Version};
use super::publish_state::PublishState;
use super::session::Session;
use super::{PublishOptions, PublishReport};
use crate::diagnostics::{Code, Result};

/// The folder of all versions.
const FOLDER: &str = "versions";

/// The path of a file of a version; of the website where there is no version.
pub(crate) fn path_in(version: Option<&Version>, path: &str) -> String {
    match version {
        Some(version) => format!("{}/{path}", folder(&version.name)),
        None => path.to_owned(),
    }
}

/// The folder of the version with this name.
pub(crate) fn folder(name: &str) -> String {
    format!("{FOLDER}/{name}")
}

/// The version that readers see.
pub(crate) fn current(root: &Root) -> Option<&Version> {
    let id = root.id();
    root.versions.iter().find(|version| version.manifest == id)
}

/// Switches readers back to the version before the current one.
///
/// # Errors
/// Where there is none, or the target refuses.
pub(crate) fn roll_back(
    session: &Session<'_>,
    state: &PublishState,
    options: &PublishOptions,
) -> Result<PublishReport> {
    let live = Live::read(session)?;
    let position = current(&live.root)
        .and_then(|current| live.root.versions.iter().position(|v| v == current));
    let earlier = position.and_then(|at| live.root.versions.get(at.checked_sub(1)?));
    let Some(version) = earlier.cloned() else {
        return Err(session.failure(
            Code::VersionMissing,
            "there is no version before the one that readers see",
            "versions are kept where the target's settings have `versions = 3`, or another number",
        ));
    };
    let Some(bare) = live::root(session, &version.manifest)? else {
        return Err(session.failure(
            Code::VersionMissing,
            format!("the manifest of version `{}` is missing", version.name),
            "publish the website again",
        ));
    };
    let root = Root {
        versions: live.root.versions.clone(),
        ..bare
    };
    let report = PublishReport {
        files: root.files,
        bytes: root.bytes,
        version: Some(version.name.clone()),
        ..PublishReport::default()
    };
    if options.dry_run {
        return Ok(report);
    }
    let lease = Lease::acquire(session, state, &version.manifest, options.take_over)?;
    lease.hold(|lease| {
        if !lease.interrupted.is_empty() {
            return Err(session.failure(
                Code::TargetBusy,
                "a run was interrupted here, and has to be completed first",
                "run `backfile publish`, and then this again",
            ));
        }
        lease.begin_writing();
        live::commit(session, &root, &live)?;
        session.switch_to(&version.name)
    })?;
    Ok(report)
}
