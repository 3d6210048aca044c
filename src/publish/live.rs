//! What a target keeps of what was published to it, below `.backfile/`: the manifest that is live, those of versions and of
//! interrupted runs, and their shards.

use std::collections::BTreeSet;

use super::lease::{LEASE, Lease};
use super::manifest::{self, Files, Manifest, ManifestDiff, Root};
use super::parallel::for_each;
use super::session::Session;
use super::targets::{Body, UpdateMode, Upload};
use crate::diagnostics::{Code, Result};

/// The folder of all that Backfile keeps at a target.
pub(crate) const FOLDER: &str = ".backfile";

/// The root of the live manifest.
pub(crate) const MANIFEST: &str = ".backfile/manifest.json";

/// The live state: what readers see, and what interrupted runs may have left.
#[derive(Debug)]
pub(crate) struct Live {
    pub root: Root,
    /// Identifies the bytes of the root, for a conditional write; None where nothing was published yet.
    pub version: Option<String>,
    /// The manifests of interrupted runs, as far as they are at the target.
    pub interrupted: Vec<Root>,
    /// Whether a run was interrupted, and may have left anything.
    pub has_leftovers: bool,
}

impl Live {
    /// Reads the live manifest's root.
    ///
    /// # Errors
    /// Where the target does not answer, or has a manifest that this program does not understand.
    pub(crate) fn read(session: &Session<'_>) -> Result<Self> {
        let (root, version) = match session.get(MANIFEST)? {
            None => (Root::empty(), None),
            Some(found) => {
                let root = Root::read(&found.bytes).ok_or_else(|| {
                    session.failure(
                        Code::ManifestUnreadable,
                        "the manifest there is damaged, or of a newer Backfile",
                        "update Backfile; or delete `.backfile/manifest.json` there, and publish with --adopt: all files are sent again",
                    )
                })?;
                (root, Some(found.version))
            }
        };
        Ok(Self {
            root,
            version,
            interrupted: Vec::new(),
            has_leftovers: false,
        })
    }

    /// Adds the manifests of the runs that were interrupted before this lease was taken.
    ///
    /// # Errors
    /// Where the target does not answer.
    pub(crate) fn with_interrupted(
        mut self,
        session: &Session<'_>,
        lease: &Lease<'_>,
    ) -> Result<Self> {
        let id = self.root.id();
        for left in lease.interrupted.iter().filter(|left| **left != id) {
            self.interrupted.extend(root(session, left)?);
        }
        self.has_leftovers = !lease.interrupted.is_empty();
        Ok(self)
    }

    /// Whether the target changed from one website to versions since, or back.
    pub(crate) fn is_moved(&self, mode: UpdateMode) -> bool {
        let has_versions = mode == UpdateMode::Versions;
        self.version.is_some() && self.root.versions.is_empty() == has_versions
    }
}

/// The path of a manifest's root by its id.
pub(crate) fn root_path(id: &str) -> String {
    format!("{FOLDER}/manifests/{id}.json")
}

fn shard_path(name: &str) -> String {
    format!("{FOLDER}/shards/{name}")
}

/// Reads the root of a manifest by its id. Returns `None` where it is not there.
///
/// # Errors
/// Where the target does not answer.
pub(crate) fn root(session: &Session<'_>, id: &str) -> Result<Option<Root>> {
    let found = session.get(&root_path(id))?;
    Ok(found.and_then(|found| Root::read(&found.bytes)))
}

/// Compares the website with a manifest at the target.
///
/// # Errors
/// Where the target does not answer, or a shard of the manifest is incomplete.
pub(crate) fn diff(session: &Session<'_>, new: &Manifest, root: &Root) -> Result<ManifestDiff> {
    new.diff(root, |name| shard(session, name))
}

fn shard(session: &Session<'_>, name: &str) -> Result<Files> {
    let found = session.get(&shard_path(name))?;
    let files = found.and_then(|found| manifest::read(&found.bytes, name));
    files.ok_or_else(|| {
        session.failure(
            Code::ManifestUnreadable,
            format!("the manifest there lacks its shard `{name}`"),
            "delete `.backfile/manifest.json` there, and publish with --adopt: all files are sent again",
        )
    })
}

/// Writes the root of a manifest under its id.
///
/// # Errors
/// Where the target does not take it.
pub(crate) fn write_root(session: &Session<'_>, root: &Root) -> Result<()> {
    let bare = Root {
        waiting: Vec::new(),
        versions: Vec::new(),
        ..root.clone()
    };
    put(session, &root_path(&root.id()), &bare.bytes())
}

/// Writes a manifest under its id: the shards that `known` does not have, and then its root.
///
/// # Errors
/// Where the target does not take it.
pub(crate) fn write_manifest(
    session: &Session<'_>,
    new: &Manifest,
    known: Option<&Root>,
) -> Result<()> {
    let known: BTreeSet<&str> = shards_of(known.into_iter());
    let missing: Vec<_> = new
        .shards()
        .filter(|(name, _)| !known.contains(name))
        .collect();
    for_each(
        session,
        &missing,
        session.target.lanes(),
        |(name, bytes)| put(session, &shard_path(name), bytes),
    )?;
    write_root(session, &new.root)
}

/// Writes the root that is live from now on.
///
/// # Errors
/// Where another publisher wrote one meanwhile, or the target does not take it.
pub(crate) fn commit(session: &Session<'_>, root: &Root, live: &Live) -> Result<()> {
    if let Some(failure) = session.stopped() {
        return Err(failure);
    }
    match session.put_if(MANIFEST, &root.bytes(), live.version.as_deref())? {
        true => Ok(()),
        false => Err(session.failure(
            Code::TargetBusy,
            "another publisher published there meanwhile",
            "run it again: it starts from what is there now",
        )),
    }
}

/// Deletes the manifests and shards that are no longer needed: those of `obsolete` and of `committed`, the live root, whose
/// shards stay. Those of `versions` stay too. With `all` it lists what is there, for an interrupted run may have left more.
///
/// # Errors
/// Where the target does not delete them.
pub(crate) fn tidy(
    session: &Session<'_>,
    committed: &Root,
    versions: &[Root],
    obsolete: &[Root],
    all: bool,
) -> Result<()> {
    let mut needed: BTreeSet<String> = [MANIFEST.to_owned(), LEASE.to_owned()].into();
    needed.extend(
        shards_of(versions.iter().chain([committed]))
            .into_iter()
            .map(shard_path),
    );
    needed.extend(versions.iter().map(|root| root_path(&root.id())));
    let present: Vec<String> = if all {
        let listed = session.list(FOLDER)?.into_iter().map(|listed| listed.path);
        let folders = ["manifests", "shards", "parts"].map(|name| format!("{FOLDER}/{name}/"));
        listed
            .filter(|path| folders.iter().any(|folder| path.starts_with(folder)))
            .collect()
    } else {
        let shards = shards_of(obsolete.iter()).into_iter().map(shard_path);
        let roots = obsolete.iter().chain([committed]);
        shards
            .chain(roots.map(|root| root_path(&root.id())))
            .collect()
    };
    let unneeded = present.iter().map(String::as_str);
    let unneeded = unneeded.filter(|path| !needed.contains(*path));
    // A root is deleted before its shards: where one is, all of its shards must be.
    let (roots, others): (Vec<&str>, Vec<&str>) =
        unneeded.partition(|path| path.starts_with(".backfile/manifests/"));
    session.delete(&roots)?;
    session.delete(&others)
}

fn shards_of<'r>(roots: impl Iterator<Item = &'r Root>) -> BTreeSet<&'r str> {
    let names = roots.flat_map(|root| root.shards.iter().map(String::as_str));
    names.filter(|name| !name.is_empty()).collect()
}

fn put(session: &Session<'_>, path: &str, bytes: &[u8]) -> Result<()> {
    session.put(&Upload {
        path,
        body: Body::Bytes(bytes),
        content_type: "text/plain; charset=utf-8",
        cache_control: "no-store",
        encoding: "",
    })
}
