//! What a target keeps of what was published to it, below `.backfile/`: the manifest that holds, those of versions and of
//! runs that are under way, and their shards.

use std::collections::BTreeSet;

use super::intent::INTENT;
use super::manifest::{self, Against, Files, Manifest, Root};
use super::send::each;
use super::session::Session;
use super::targets::{Body, Sending};
use crate::diagnostics::Result;

/// The folder of all that Backfile keeps at a target.
pub const FOLDER: &str = ".backfile";

/// The root of the manifest that holds.
pub const MANIFEST: &str = ".backfile/manifest.json";

/// What readers see.
#[derive(Debug)]
pub struct Live {
    pub root: Root,
    /// What says whether somebody changed it since; none where nothing was published yet.
    pub version: Option<String>,
}

impl Live {
    /// Whether the target changed from one website to versions since, or back.
    pub fn is_moved(&self, has_versions: bool) -> bool {
        self.version.is_some() && self.root.versions.is_empty() == has_versions
    }
}

/// Where the root of a manifest lies by its id.
pub fn root_place(id: &str) -> String {
    format!("{FOLDER}/manifests/{id}.json")
}

fn shard_place(name: &str) -> String {
    format!("{FOLDER}/shards/{name}")
}

/// The manifest that holds.
///
/// # Errors
/// Where the target does not answer, or holds one that this program does not understand.
pub fn live(session: &Session<'_>) -> Result<Live> {
    let Some(found) = session.get(MANIFEST)? else {
        return Ok(Live {
            root: Root::empty(),
            version: None,
        });
    };
    let root = Root::read(&found.bytes).ok_or_else(|| {
        session.failure(
            "the manifest there is broken, or of a newer Backfile",
            "update Backfile; or delete `.backfile/manifest.json` there, and all is sent again",
        )
    })?;
    Ok(Live {
        root,
        version: Some(found.version),
    })
}

/// A manifest by its id; None where it is not there.
///
/// # Errors
/// Where the target does not answer.
pub fn root(session: &Session<'_>, id: &str) -> Result<Option<Root>> {
    let found = session.get(&root_place(id))?;
    Ok(found.and_then(|found| Root::read(&found.bytes)))
}

/// What a manifest at the target has otherwise than the website.
///
/// # Errors
/// Where the target does not answer, or a shard of the manifest is not whole.
pub fn against(session: &Session<'_>, new: &Manifest, root: &Root) -> Result<Against> {
    new.against(root, |name| shard(session, name))
}

fn shard(session: &Session<'_>, name: &str) -> Result<Files> {
    let found = session.get(&shard_place(name))?;
    let files = found.and_then(|found| manifest::read(&found.bytes, name));
    files.ok_or_else(|| {
        session.failure(
            &format!("the manifest there lacks its part `{name}`"),
            "delete `.backfile/manifest.json` there, and all is sent again",
        )
    })
}

/// Keeps the root of a manifest by its id.
///
/// # Errors
/// Where the target does not take it.
pub fn keep_root(session: &Session<'_>, root: &Root) -> Result<()> {
    let bare = Root {
        waiting: Vec::new(),
        versions: Vec::new(),
        ..root.clone()
    };
    put(session, &root_place(&root.id()), &bare.bytes())
}

/// Keeps a manifest by its id: the shards that `known` does not have, and then its root.
///
/// # Errors
/// Where the target does not take it.
pub fn keep(session: &Session<'_>, new: &Manifest, known: &[&Root]) -> Result<()> {
    let known: BTreeSet<&str> = shards_of(known.iter().copied());
    let missing: Vec<_> = new
        .shards()
        .filter(|(name, _)| !known.contains(name))
        .collect();
    each(
        session,
        &missing,
        session.target.lanes(),
        |(name, bytes)| put(session, &shard_place(name), bytes),
    )?;
    keep_root(session, &new.root)
}

/// Writes the root that holds from now on.
///
/// # Errors
/// Where somebody else published meanwhile, or the target does not take it.
pub fn commit(session: &Session<'_>, root: &Root, live: &Live) -> Result<()> {
    match session.put_if(MANIFEST, &root.bytes(), live.version.as_deref())? {
        true => Ok(()),
        false => Err(session.failure(
            "somebody else published there meanwhile",
            "run it again: it begins from what is there now",
        )),
    }
}

/// Deletes what `before` had below `.backfile/` and the roots that are `kept` do not need. With `all` it lists what is
/// there, for a run that was cut off may have left more.
///
/// # Errors
/// Where the target does not do it.
pub fn tidy(
    session: &Session<'_>,
    kept: &[&Root],
    versions: &[&Root],
    before: &[&Root],
    all: bool,
) -> Result<()> {
    let mut needed: BTreeSet<String> = [MANIFEST.to_owned(), INTENT.to_owned()].into();
    needed.extend(
        shards_of(kept.iter().chain(versions).copied())
            .into_iter()
            .map(shard_place),
    );
    needed.extend(versions.iter().map(|root| root_place(&root.id())));
    let had: Vec<String> = match all {
        true => {
            let listed = session.list(FOLDER)?.into_iter().map(|listed| listed.path);
            let ours = |path: &String| {
                path.starts_with(".backfile/manifests/")
                    || path.starts_with(".backfile/shards/")
                    || path.starts_with(".backfile/parts/")
            };
            listed.filter(ours).collect()
        }
        false => {
            let shards = shards_of(before.iter().copied())
                .into_iter()
                .map(shard_place);
            let roots = before.iter().chain(kept).map(|root| root_place(&root.id()));
            shards.chain(roots).collect()
        }
    };
    let over = had.iter().map(String::as_str);
    let over = over.filter(|path| !needed.contains(*path));
    // A root goes before its shards: where one is, all of its shards must be.
    let (roots, others): (Vec<&str>, Vec<&str>) =
        over.partition(|path| path.starts_with(".backfile/manifests/"));
    session.delete(&roots)?;
    session.delete(&others)
}

fn shards_of<'r>(roots: impl Iterator<Item = &'r Root>) -> BTreeSet<&'r str> {
    let names = roots.flat_map(|root| root.shards.iter().map(String::as_str));
    names.filter(|name| !name.is_empty()).collect()
}

fn put(session: &Session<'_>, place: &str, bytes: &[u8]) -> Result<()> {
    session.put(&Sending {
        path: place,
        body: Body::Bytes(bytes),
        content_type: "text/plain; charset=utf-8",
        cache_control: "no-store",
        encoding: "",
    })
}
