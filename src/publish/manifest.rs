//! What a website holds: a sorted list of files, cut into shards, so that a small change is a small difference.
//!
//! A shard is a text file, a line a file; the root names every shard by its digest. Two manifests of websites that differ
//! in few files have most shards in common, and only the others are read or sent.

use std::collections::BTreeMap;

use foldhash::HashMap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cache::PreviousBuild;
use crate::model::Class;
use crate::model::digest::{self, Digest, digest, hex};
use crate::model::path::is_publishable;

/// Of the root and of shards, as they lie at a target.
const FORMAT: u32 = 1;

/// Files in a shard, at most and on average: few enough to read for a small change, and enough to name few shards.
const SHARD: usize = 256;

/// The most shards.
const MOST: usize = 4_096;

/// A file of the website.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
    pub class: Class,
    /// A digest of the name of what the page is about.
    pub owner: u64,
}

/// Files by their paths.
pub type Files = BTreeMap<String, File>;

/// The top of a manifest: what a target keeps as `.backfile/manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    pub format: u32,
    pub files: u64,
    pub bytes: u64,
    /// How files are stored where it is not as they are, `gzip instead`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stored: String,
    /// The digests of the shards, in hex; empty where a shard holds nothing.
    pub shards: Vec<String>,
    /// Files that are no longer the website's and wait to be deleted, with the time since when, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<(String, u64)>,
    /// The versions that are kept, the newest last; empty where there is one website and no versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
}

/// A version of the website that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The name of its folder.
    pub name: String,
    /// The id of its manifest.
    pub manifest: String,
}

impl Root {
    /// That of a website that holds nothing.
    pub fn empty() -> Self {
        Self {
            format: FORMAT,
            files: 0,
            bytes: 0,
            stored: String::new(),
            shards: vec![String::new()],
            waiting: Vec::new(),
            versions: Vec::new(),
        }
    }

    /// Reads a root; None where it is none that this program understands.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let root: Self = serde_json::from_slice(bytes).ok()?;
        let is_ours = root.format == FORMAT && root.shards.len().is_power_of_two();
        // Whoever can write there may have: what is named here is fetched and deleted.
        let is_name = |name: &String| name.bytes().all(|b| b.is_ascii_hexdigit());
        let are_names = root.shards.iter().all(is_name)
            && root
                .versions
                .iter()
                .all(|v| is_name(&v.name) && is_name(&v.manifest))
            && root.waiting.iter().all(|(path, _)| is_publishable(path));
        (is_ours && are_names && root.shards.len() <= MOST).then_some(root)
    }

    pub fn bytes(&self) -> Vec<u8> {
        // A struct of texts and numbers is always JSON.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// A name for what it holds: two equal ids mean the same files, stored in the same way.
    pub fn id(&self) -> String {
        let mut all = format!("{}\n{}\n", self.stored, self.shards.len());
        for shard in &self.shards {
            all.push_str(shard);
            all.push('\n');
        }
        hex(&digest(all.as_bytes()))
    }
}

/// What is to be published.
#[derive(Debug)]
pub struct Manifest {
    pub root: Root,
    shards: Vec<Files>,
}

impl Manifest {
    /// The website as the last build wrote it.
    pub fn of(past: &PreviousBuild, stored: &str) -> Self {
        let mut shards = vec![Files::new(); shards_for(past.count())];
        let files: Vec<(&str, File)> = past
            .heads()
            .map(|(path, head)| {
                let file = File {
                    digest: head.digest,
                    size: head.size,
                    class: head.class,
                    owner: head.owner,
                };
                (path, file)
            })
            .collect();
        let mut by_shard: Vec<Vec<(&str, File)>> = vec![Vec::new(); shards.len()];
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

    /// A website of these files.
    pub fn from_files(files: Files, stored: &str) -> Self {
        let mut shards = vec![Files::new(); shards_for(files.len())];
        let number = shards.len();
        for (path, file) in files {
            shards[shard_of(&path, number)].insert(path, file);
        }
        Self::from_shards(shards, stored)
    }

    fn from_shards(shards: Vec<Files>, stored: &str) -> Self {
        let digests = shards.par_iter().map(|shard| name_of(&write(shard)));
        let root = Root {
            files: shards.iter().map(|shard| shard.len() as u64).sum(),
            bytes: shards.iter().flat_map(|s| s.values().map(|f| f.size)).sum(),
            stored: stored.to_owned(),
            shards: digests.collect(),
            ..Root::empty()
        };
        Self { root, shards }
    }

    /// Every file, in no order of its own.
    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        let shards = self.shards.iter();
        shards.flat_map(|shard| shard.iter().map(|(path, file)| (path.as_str(), file)))
    }

    pub fn file(&self, path: &str) -> Option<&File> {
        self.shards[shard_of(path, self.shards.len())].get(path)
    }

    /// Each shard that holds anything: its name and its bytes.
    pub fn shards(&self) -> impl Iterator<Item = (&str, Vec<u8>)> {
        let named = self.root.shards.iter().zip(&self.shards);
        let named = named.filter(|(name, _)| !name.is_empty());
        named.map(|(name, shard)| (name.as_str(), write(shard)))
    }

    /// The paths whose files are not as a website of root `known` has them, with what that one has; and the files that
    /// it has and this has not. `shard` fetches a shard of it by its name.
    ///
    /// # Errors
    /// Those of `shard`.
    pub fn against<E>(
        &self,
        known: &Root,
        mut shard: impl FnMut(&str) -> Result<Files, E>,
    ) -> Result<Against, E> {
        let mut against = Against::default();
        let is_same_cut = known.shards.len() == self.shards.len();
        let is_stored_alike = known.stored == self.root.stored;
        let mut theirs = HashMap::default();
        for (number, name) in known.shards.iter().enumerate() {
            let is_same = is_same_cut && self.root.shards[number] == *name;
            if is_same && is_stored_alike {
                continue;
            }
            if !name.is_empty() {
                theirs.extend(shard(name)?);
            }
        }
        for (number, files) in self.shards.iter().enumerate() {
            let is_same = is_same_cut && self.root.shards[number] == known.shards[number];
            if is_same && is_stored_alike {
                continue;
            }
            for (path, file) in files {
                let their = theirs.remove(path);
                let is_equal = their.as_ref().is_some_and(|their| {
                    // A page that was withdrawn, or is of another class, is sent for its headers.
                    their.digest == file.digest && their.class == file.class
                });
                if !(is_equal && is_stored_alike) {
                    against.differ.insert(path.clone(), their);
                }
            }
        }
        against.gone = theirs.into_iter().collect();
        Ok(against)
    }
}

/// What another website has otherwise.
#[derive(Debug, Default)]
pub struct Against {
    /// Paths whose files differ, with what the other has there.
    pub differ: BTreeMap<String, Option<File>>,
    /// What only the other has.
    pub gone: Files,
}

fn shards_for(files: usize) -> usize {
    files.div_ceil(SHARD).next_power_of_two().min(MOST)
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

/// A shard as it lies at a target: path, digest, size, class and owner, between tabs.
fn write(files: &Files) -> Vec<u8> {
    use std::io::Write as _;
    let mut out = Vec::with_capacity(files.len() * 128);
    for (path, file) in files {
        let digest = hex(&file.digest);
        let class = class_word(file.class);
        // Writing into memory does not fail.
        let _ = writeln!(
            out,
            "{path}\t{digest}\t{}\t{class}\t{:016x}",
            file.size, file.owner
        );
    }
    out
}

/// Reads a shard; None where it is not whole.
pub fn read(bytes: &[u8], name: &str) -> Option<Files> {
    if name_of(bytes) != name {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let line = |line: &str| {
        let mut fields = line.split('\t');
        let path = fields
            .next()
            .filter(|path| is_publishable(path))?
            .to_owned();
        let file = File {
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

fn class_word(class: Class) -> &'static str {
    let named = CLASSES.iter().find(|(named, _)| *named == class);
    named.map_or("page", |(_, word)| word)
}

fn class_named(word: &str) -> Option<Class> {
    let named = CLASSES.iter().find(|(_, named)| *named == word)?;
    Some(named.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(of: &str) -> File {
        File {
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

    fn differences(new: &Manifest, old: &Manifest) -> (Against, usize) {
        let shards: BTreeMap<String, Vec<u8>> =
            old.shards().map(|(n, b)| (n.to_owned(), b)).collect();
        let mut fetched = 0;
        let against = new.against(&old.root, |name| {
            fetched += 1;
            read(&shards[name], name).ok_or(())
        });
        (against.unwrap(), fetched)
    }

    #[test]
    fn one_edit_among_many_reads_one_shard() {
        let old = Manifest::from_files(website(10_000), "");
        let mut files = website(10_000);
        files.insert("2021/77.html".to_owned(), file("edited"));
        let new = Manifest::from_files(files, "");
        let (against, fetched) = differences(&new, &old);
        assert_eq!(against.differ.keys().collect::<Vec<_>>(), ["2021/77.html"]);
        assert!(against.gone.is_empty());
        assert_eq!((fetched, old.root.shards.len()), (1, 64));
        assert_ne!(new.root.id(), old.root.id());
    }

    #[test]
    fn websites_of_other_sizes_are_compared_file_by_file() {
        let old = Manifest::from_files(website(1_000), "");
        let new = Manifest::from_files(website(300), "");
        let (against, _) = differences(&new, &old);
        assert!(against.differ.is_empty());
        assert_eq!(against.gone.len(), 700);
        let (against, _) = differences(&old, &new);
        assert_eq!((against.differ.len(), against.gone.len()), (700, 0));
        let stored = Manifest::from_files(website(300), "gzip instead");
        let (against, _) = differences(&stored, &new);
        assert_eq!(against.differ.len(), 300);
    }

    #[test]
    fn a_shard_that_is_not_whole_is_none() {
        let manifest = Manifest::from_files(website(3), "");
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
