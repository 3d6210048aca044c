//! The manifest of a website: a sorted list of its files, cut into shards, so that a small change is a small difference.
//!
//! A shard is a text file, one line for each file; the root names every shard by its digest. The manifests of two
//! websites that differ in few files have most shards in common, and only the others are read or sent.

use std::collections::BTreeMap;

use foldhash::HashMap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cache::PreviousBuild;
use crate::model::Class;
use crate::model::digest::{self, Digest, digest, hex};
use crate::model::path::is_publishable_static;
use crate::settings::Stored;

/// The format of the root and of shards at a target.
const FORMAT: u32 = 1;

/// The average number of files in a shard, at most: few enough to read for a small change, enough to name few shards.
const SHARD_FILES: usize = 256;

/// The largest number of shards.
const MAX_SHARDS: usize = 4_096;

/// How many digits of its manifest's id name a version.
const VERSION_NAME: usize = 16;

/// A file of the website.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileEntry {
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
    pub class: Class,
    /// A digest of the name of the page's subject.
    pub owner: u64,
}

/// Files by their paths.
pub(crate) type Files = BTreeMap<String, FileEntry>;

/// The top of a manifest: what a target keeps as `.backfile/manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Root {
    pub format: u32,
    pub files: u64,
    pub bytes: u64,
    #[serde(default, skip_serializing_if = "Stored::is_plain")]
    pub stored: Stored,
    /// The digests of the shards, in hex; empty where a shard has no files.
    pub shards: Vec<String>,
    /// Files that are no longer part of the website and will be deleted later, with the time since when, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<(String, u64)>,
    /// The versions that are kept, the newest last; empty where the target has no versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
}

/// A version of the website that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Version {
    /// The name of its folder.
    pub name: String,
    /// The id of its manifest.
    pub manifest: String,
}

impl Version {
    /// The version that is made of a manifest.
    pub(crate) fn of(manifest: &str) -> Self {
        Self {
            name: manifest.chars().take(VERSION_NAME).collect(),
            manifest: manifest.to_owned(),
        }
    }
}

impl Root {
    /// The root of a website without files.
    pub(crate) fn empty() -> Self {
        Self {
            format: FORMAT,
            files: 0,
            bytes: 0,
            stored: Stored::Plain,
            shards: vec![String::new()],
            waiting: Vec::new(),
            versions: Vec::new(),
        }
    }

    /// Reads a root. Returns `None` if this program does not understand it.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let root: Self = serde_json::from_slice(bytes).ok()?;
        let is_ours = root.format == FORMAT && root.shards.len().is_power_of_two();
        // Others may be able to write at the target: what is named here is fetched and deleted.
        let is_name = |name: &String| name.bytes().all(|b| b.is_ascii_hexdigit());
        let are_names = root.shards.iter().all(is_name)
            && root
                .versions
                .iter()
                .all(|v| is_name(&v.name) && is_name(&v.manifest))
            && root
                .waiting
                .iter()
                .all(|(path, _)| is_publishable_static(path));
        (is_ours && are_names && root.shards.len() <= MAX_SHARDS).then_some(root)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        // A struct of texts and numbers is always JSON.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Identifies the website: equal ids mean the same files, stored in the same way.
    pub(crate) fn id(&self) -> String {
        let mut all = format!("{}\n{}\n", self.stored, self.shards.len());
        for shard in &self.shards {
            all.push_str(shard);
            all.push('\n');
        }
        hex(&digest(all.as_bytes()))
    }
}

/// The manifest of the website that is published.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub root: Root,
    shards: Vec<Files>,
}

impl Manifest {
    /// The website as the last build wrote it.
    pub(crate) fn of(past: &PreviousBuild, stored: Stored) -> Self {
        let mut shards = vec![Files::new(); shards_for(past.count())];
        let files: Vec<(&str, FileEntry)> = past
            .heads()
            .map(|(path, head)| {
                let file = FileEntry {
                    digest: head.digest,
                    size: head.size,
                    class: head.class,
                    owner: head.owner,
                };
                (path, file)
            })
            .collect();
        let mut by_shard: Vec<Vec<(&str, FileEntry)>> = vec![Vec::new(); shards.len()];
        for (path, file) in files {
            by_shard[shard_of(path, shards.len())].push((path, file));
        }
        shards
            .par_iter_mut()
            .zip(by_shard)
            .for_each(|(shard, mut files)| {
                files.sort_unstable_by_key(|file| file.0);
                *shard = files.into_iter().map(|(p, f)| (p.to_owned(), f)).collect();
            });
        Self::from_shards(shards, stored)
    }

    /// A website without files.
    pub(crate) fn empty() -> Self {
        Self::from_files(Files::new(), Stored::Plain)
    }

    /// A website of these files.
    pub(crate) fn from_files(files: Files, stored: Stored) -> Self {
        let mut shards = vec![Files::new(); shards_for(files.len())];
        let number = shards.len();
        for (path, file) in files {
            shards[shard_of(&path, number)].insert(path, file);
        }
        Self::from_shards(shards, stored)
    }

    fn from_shards(shards: Vec<Files>, stored: Stored) -> Self {
        let digests = shards.par_iter().map(|shard| name_of(&write(shard)));
        let root = Root {
            files: shards.iter().map(|shard| shard.len() as u64).sum(),
            bytes: shards.iter().flat_map(|s| s.values().map(|f| f.size)).sum(),
            stored,
            shards: digests.collect(),
            ..Root::empty()
        };
        Self { root, shards }
    }

    /// Every file, in no particular order.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &FileEntry)> {
        let shards = self.shards.iter();
        shards.flat_map(|shard| shard.iter().map(|(path, file)| (path.as_str(), file)))
    }

    pub(crate) fn file(&self, path: &str) -> Option<&FileEntry> {
        self.entry(path).map(|(_, file)| file)
    }

    /// As [`Manifest::file`], with the manifest's own copy of the path.
    pub(crate) fn entry(&self, path: &str) -> Option<(&str, &FileEntry)> {
        let shard = &self.shards[shard_of(path, self.shards.len())];
        let (path, file) = shard.get_key_value(path)?;
        Some((path, file))
    }

    /// Each shard that has files: its name and its bytes.
    pub(crate) fn shards(&self) -> impl Iterator<Item = (&str, Vec<u8>)> {
        let named = self.root.shards.iter().zip(&self.shards);
        let named = named.filter(|(name, _)| !name.is_empty());
        named.map(|(name, shard)| (name.as_str(), write(shard)))
    }

    /// Compares the website with another, whose manifest has the root `known`. `shard` fetches a shard of that by its name.
    ///
    /// # Errors
    /// Those of `shard`.
    pub(crate) fn diff<E>(
        &self,
        known: &Root,
        mut shard: impl FnMut(&str) -> Result<Files, E>,
    ) -> Result<ManifestDiff, E> {
        let mut diff = ManifestDiff::default();
        let has_same_shards = known.shards.len() == self.shards.len();
        let is_stored_alike = known.stored == self.root.stored;
        let mut theirs = HashMap::default();
        for (number, name) in known.shards.iter().enumerate() {
            let is_same = has_same_shards && self.root.shards[number] == *name;
            if is_same && is_stored_alike {
                continue;
            }
            if !name.is_empty() {
                theirs.extend(shard(name)?);
            }
        }
        for (number, files) in self.shards.iter().enumerate() {
            let is_same = has_same_shards && self.root.shards[number] == known.shards[number];
            if is_same && is_stored_alike {
                continue;
            }
            for (path, file) in files {
                let their = theirs.remove(path);
                let is_equal = their.as_ref().is_some_and(|their| {
                    // A page of another class, such as a withdrawn one, is sent for its headers.
                    their.digest == file.digest && their.class == file.class
                });
                if !(is_equal && is_stored_alike) {
                    diff.changed.insert(path.clone(), their);
                }
            }
        }
        diff.removed = theirs.into_iter().collect();
        Ok(diff)
    }
}

/// How a website differs from another.
#[derive(Debug, Default)]
pub(crate) struct ManifestDiff {
    /// Paths whose files differ, with the file that the other has there.
    pub changed: BTreeMap<String, Option<FileEntry>>,
    /// Files that only the other has.
    pub removed: Files,
}

fn shards_for(files: usize) -> usize {
    files
        .div_ceil(SHARD_FILES)
        .next_power_of_two()
        .min(MAX_SHARDS)
}

fn shard_of(path: &str, shards: usize) -> usize {
    digest::short(path.as_bytes()) as usize & (shards - 1)
}

/// The name of a shard by its bytes.
fn name_of(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    hex(&digest(bytes))
}

/// A shard as it is stored at a target: path, digest, size, class and owner, between tabs.
fn write(files: &Files) -> Vec<u8> {
    use std::io::Write as _;
    let mut out = Vec::with_capacity(files.len() * 128);
    for (path, file) in files {
        let digest = hex(&file.digest);
        let class = class_name(file.class);
        // Writing into memory does not fail.
        let _ = writeln!(
            out,
            "{path}\t{digest}\t{}\t{class}\t{:016x}",
            file.size, file.owner
        );
    }
    out
}

/// Reads a shard. Returns `None` if it is not complete.
pub(crate) fn read(bytes: &[u8], name: &str) -> Option<Files> {
    if name_of(bytes) != name {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let line = |line: &str| {
        let mut fields = line.split('\t');
        let path = fields
            .next()
            .filter(|path| is_publishable_static(path))?
            .to_owned();
        let file = FileEntry {
            digest: u128::from_str_radix(fields.next()?, 16).ok()?.to_be_bytes(),
            size: fields.next()?.parse().ok()?,
            class: class_named(fields.next()?)?,
            owner: u64::from_str_radix(fields.next()?, 16).ok()?,
        };
        Some((path, file))
    };
    text.lines().map(line).collect()
}

const CLASSES: [(Class, &str); 8] = [
    (Class::Asset, "asset"),
    (Class::Article, "article"),
    (Class::Withdrawn, "withdrawn"),
    (Class::Redirect, "redirect"),
    (Class::Page, "page"),
    (Class::List, "list"),
    (Class::Feed, "feed"),
    (Class::Entrance, "entrance"),
];

fn class_name(class: Class) -> &'static str {
    let named = CLASSES.iter().find(|(named, _)| *named == class);
    named.map_or("page", |(_, name)| name)
}

fn class_named(name: &str) -> Option<Class> {
    let named = CLASSES.iter().find(|(_, named)| *named == name)?;
    Some(named.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Encoding;

    fn file(of: &str) -> FileEntry {
        FileEntry {
            digest: digest(of.as_bytes()),
            size: of.len() as u64,
            class: Class::Article,
            owner: 7,
        }
    }

    fn website(number: usize) -> Files {
        let path = |n: usize| format!("2021/{n}.html");
        (0..number).map(|n| (path(n), file(&path(n)))).collect()
    }

    fn differences(new: &Manifest, old: &Manifest) -> (ManifestDiff, usize) {
        let shards: BTreeMap<String, Vec<u8>> =
            old.shards().map(|(n, b)| (n.to_owned(), b)).collect();
        let mut fetched = 0;
        let diff = new.diff(&old.root, |name| {
            fetched += 1;
            read(&shards[name], name).ok_or(())
        });
        (diff.unwrap(), fetched)
    }

    #[test]
    fn one_edit_among_many_reads_one_shard() {
        let old = Manifest::from_files(website(10_000), Stored::Plain);
        let mut files = website(10_000);
        files.insert("2021/77.html".to_owned(), file("edited"));
        let new = Manifest::from_files(files, Stored::Plain);
        let (diff, fetched) = differences(&new, &old);
        assert_eq!(diff.changed.keys().collect::<Vec<_>>(), ["2021/77.html"]);
        assert!(diff.removed.is_empty());
        assert_eq!((fetched, old.root.shards.len()), (1, 64));
        assert_ne!(new.root.id(), old.root.id());
    }

    #[test]
    fn websites_with_different_numbers_of_shards_are_compared_file_by_file() {
        let old = Manifest::from_files(website(1_000), Stored::Plain);
        let new = Manifest::from_files(website(300), Stored::Plain);
        let (diff, _) = differences(&new, &old);
        assert!(diff.changed.is_empty());
        assert_eq!(diff.removed.len(), 700);
        let (diff, _) = differences(&old, &new);
        assert_eq!((diff.changed.len(), diff.removed.len()), (700, 0));
        let stored = Manifest::from_files(website(300), Stored::Instead(Encoding::Gzip));
        let (diff, _) = differences(&stored, &new);
        assert_eq!(diff.changed.len(), 300);
    }

    #[test]
    fn an_incomplete_shard_is_not_read() {
        let manifest = Manifest::from_files(website(3), Stored::Plain);
        let (name, bytes) = manifest.shards().next().unwrap();
        assert_eq!(read(&bytes, name).unwrap(), website(3));
        assert!(read(&bytes[..bytes.len() - 1], name).is_none());
        let root = Root::read(&manifest.root.bytes()).unwrap();
        assert_eq!(root, manifest.root);
        assert!(Root::read(b"{}").is_none());
        let bad = manifest.root.bytes();
        let bad = String::from_utf8(bad).unwrap().replace(name, "../../x");
        assert!(Root::read(bad.as_bytes()).is_none());
        let bad = b"../x\t00\t1\tpage\t00\n";
        assert!(read(bad, &name_of(bad)).is_none());
    }
}
