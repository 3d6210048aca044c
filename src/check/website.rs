//! The files of the website as the last build left them, found by their paths.

use std::path::PathBuf;

use foldhash::{HashMap, HashMapExt as _};
use rayon::prelude::*;

use super::links::Addresses;
use crate::cache::{BuildState, PreviousBuild};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::model::Class;
use crate::model::digest::{self, Digest};
use crate::site::Site;

/// The website.
pub struct Website<'a> {
    pub site: &'a Site,
    pub made: &'a BuildState,
    /// Sorted by path.
    pub files: Vec<File<'a>>,
    /// Numbers of files by the keys of their paths, and of the folders whose page they are.
    places: HashMap<u64, u32>,
    pub addresses: Addresses,
}

/// A file of the website.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Below the root, with `/` between folders.
    pub path: &'a str,
    /// Of its bytes.
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
    pub class: Class,
    /// A digest of the name of what the page is about.
    pub owner: u64,
}

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Html,
    Xml,
    /// Not at all.
    Other,
}

impl File<'_> {
    pub fn kind(&self) -> Kind {
        let ending = self.path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is = |other: &str| ending.eq_ignore_ascii_case(other);
        match () {
            () if is("html") || is("htm") => Kind::Html,
            () if is("xml") || is("atom") || is("rss") => Kind::Xml,
            () => Kind::Other,
        }
    }
}

/// What stands for a path.
pub fn key(path: &str) -> u64 {
    digest::short(path.as_bytes())
}

impl<'a> Website<'a> {
    /// Of what is known of the last build.
    ///
    /// # Errors
    /// Where none ended.
    pub fn of(site: &'a Site, past: &'a PreviousBuild) -> Result<Self> {
        let Some(made) = &past.state else {
            return Err(unfinished(site).into());
        };
        let mut files: Vec<File<'a>> = past
            .heads()
            .map(|(path, head)| File {
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
            places.insert(key(file.path), number as u32);
        }
        for (number, file) in files.iter().enumerate() {
            if let Some(folder) = file.path.strip_suffix("/index.html") {
                places.entry(key(folder)).or_insert(number as u32);
            }
        }
        Ok(Self {
            site,
            made,
            files,
            places,
            addresses: Addresses::of(site.settings.base_url.as_deref()),
        })
    }

    /// The number of the file that a path names; a folder names the page in it.
    pub fn at(&self, key: u64) -> Option<usize> {
        self.places.get(&key).map(|number| *number as usize)
    }

    /// Whether a file lies at this very path.
    pub fn has(&self, path: &str) -> bool {
        self.files
            .binary_search_by(|file| file.path.cmp(path))
            .is_ok()
    }

    /// Where a file lies on disk.
    pub fn place(&self, file: &File<'_>) -> PathBuf {
        self.site.out().join(file.path)
    }
}

/// What is said where there is no website to check.
pub fn unfinished(site: &Site) -> Diagnostic {
    Diagnostic::error(
        Code::Unclassified,
        site.shown(site.out()),
        "there is no finished website",
    )
    .hint("run `backfile build` first")
}
