//! The files of the website as the last build wrote them, by their paths.

use std::path::PathBuf;

use foldhash::{HashMap, HashMapExt as _};
use rayon::prelude::*;

use super::keys::path_key;
use super::links::Addresses;
use crate::cache::{BuildState, PreviousBuild};
use crate::model::Class;
use crate::model::digest::Digest;
use crate::site::Site;

/// The website that is checked.
pub(crate) struct Website<'a> {
    pub site: &'a Site,
    pub made: &'a BuildState,
    /// Sorted by path.
    pub files: Vec<WebsiteFile<'a>>,
    /// Numbers of files by the keys of their paths; an `index.html` also by that of its folder.
    places: HashMap<u64, u32>,
    pub addresses: Addresses,
}

/// A file of the website.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WebsiteFile<'a> {
    /// Below the root, with `/` between folders.
    pub path: &'a str,
    /// The digest of its bytes.
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
    pub class: Class,
    /// A digest of the name of the page's subject.
    pub owner: u64,
}

/// How a file is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Html,
    Xml,
    /// It is not parsed.
    Other,
}

impl WebsiteFile<'_> {
    pub(crate) fn kind(&self) -> FileKind {
        let extension = self
            .path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension);
        let is = |other: &str| extension.eq_ignore_ascii_case(other);
        match () {
            () if is("html") || is("htm") => FileKind::Html,
            () if is("xml") || is("atom") || is("rss") => FileKind::Xml,
            () => FileKind::Other,
        }
    }
}

impl<'a> Website<'a> {
    /// The website of the last build. Returns `None` if no build is finished.
    pub(crate) fn of(site: &'a Site, build: &'a PreviousBuild) -> Option<Self> {
        let made = build.state.as_ref()?;
        let mut files: Vec<WebsiteFile<'a>> = build
            .heads()
            .map(|(path, head)| WebsiteFile {
                path,
                digest: head.digest,
                size: head.size,
                class: head.class,
                owner: head.owner,
            })
            .collect();
        files.par_sort_unstable_by_key(|file| file.path);
        let mut places = HashMap::with_capacity(files.len());
        for (number, file) in files.iter().enumerate() {
            places.insert(path_key(file.path), number as u32);
        }
        for (number, file) in files.iter().enumerate() {
            if let Some(folder) = file.path.strip_suffix("/index.html") {
                places.entry(path_key(folder)).or_insert(number as u32);
            }
        }
        Some(Self {
            site,
            made,
            files,
            places,
            addresses: Addresses::of(site.settings.base_url.as_deref()),
        })
    }

    /// The number of the file at the path of a key; a folder stands for the page in it.
    pub(crate) fn at(&self, key: u64) -> Option<usize> {
        self.places.get(&key).map(|number| *number as usize)
    }

    /// Whether there is a file at exactly this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files
            .binary_search_by(|file| file.path.cmp(path))
            .is_ok()
    }

    /// The path of a file on disk.
    pub(crate) fn disk_path(&self, file: &WebsiteFile<'_>) -> PathBuf {
        self.site.out().join(file.path)
    }
}
