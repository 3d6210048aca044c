//! Reads the pages, feeds and sitemaps of the website that differ from when they were last read, and finds out which of all
//! their links lead nowhere. Files are read on all threads; nothing of a file's text is kept.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::broken::Broken;
use super::findings::Findings;
use super::page_facts::{Record, anchor_key};
use super::website::{File, Kind, Website};
use crate::cache::{self, Cache};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::model::digest::digest;
use crate::progress::Progress;

/// Files that are read before what came of them is kept.
const CHUNK: usize = 4_096;

/// Larger files, in bytes, are no pages but accidents, and are not read.
const LARGEST: u64 = 64 << 20;

/// Where records are kept.
const TABLE: &str = "checked";

/// What came of reading.
#[derive(Debug, Default)]
pub struct Read {
    /// HTML pages.
    pub pages: usize,
    pub links: usize,
    /// Files that were opened.
    pub opened: usize,
    pub broken: Broken,
    /// Numbers of the pages that link to other websites.
    pub outward: Vec<u32>,
}

/// What is told of one file.
#[derive(Default)]
struct Seen {
    links: usize,
    outside: bool,
    is_opened: bool,
    /// Keys of its links that lead nowhere.
    broken: Vec<u64>,
    /// Anchors in other pages: the number of the page, and the anchor.
    anchors: Vec<(u32, u32)>,
    /// None where it has many.
    ids: Option<Vec<u32>>,
    wrong: Vec<Diagnostic>,
    /// What the cache is to keep.
    new: Option<Vec<u8>>,
}

/// Reads what is new or differs.
///
/// # Errors
/// Where the cache cannot be written; never for a file of the website.
pub fn all(
    website: &Website<'_>,
    cache: &mut Cache,
    progress: Progress<'_>,
    findings: &mut Findings,
) -> Result<Read> {
    // Where the website has another address, other links are its own.
    let base_url = website.site.settings.base_url.as_deref();
    let key = cache::key(&[b"check", base_url.unwrap_or_default().as_bytes()]);
    let (mut journal, table) = cache.table(TABLE, key);
    journal.tidy(&table)?;
    let files = &website.files;
    let numbers: Vec<u32> = (0..files.len() as u32)
        .filter(|number| files[*number as usize].kind() != Kind::Other)
        .collect();
    let mut read = Read::default();
    // Of the pages in `numbers`, for the links to their anchors.
    let mut ids: Vec<Option<Vec<u32>>> = Vec::with_capacity(numbers.len());
    let mut anchors: Vec<(u32, u32, u32)> = Vec::new();
    let done = AtomicUsize::new(0);
    for chunk in numbers.chunks(CHUNK) {
        let see = |number: &u32| {
            let file = &files[*number as usize];
            let known = table.get(file.path).and_then(cache::decode::<Record>);
            let seen = see(
                website,
                file,
                known.filter(|known| known.digest == file.digest),
            );
            progress(
                "reading pages",
                done.fetch_add(1, Ordering::Relaxed) + 1,
                numbers.len(),
            );
            seen
        };
        let seen: Vec<Seen> = chunk.par_iter().map(see).collect();
        let new = chunk.iter().zip(&seen);
        let new = new
            .filter_map(|(number, seen)| Some((files[*number as usize].path, seen.new.as_ref()?)));
        journal.append(new)?;
        for (number, seen) in chunk.iter().zip(seen) {
            read.pages += usize::from(files[*number as usize].kind() == Kind::Html);
            read.links += seen.links;
            read.opened += usize::from(seen.is_opened);
            read.outward.extend(seen.outside.then_some(*number));
            seen.broken
                .into_iter()
                .for_each(|key| read.broken.add(key, *number));
            anchors.extend(seen.anchors.into_iter().map(|(to, id)| (to, id, *number)));
            ids.push(seen.ids);
            findings.extend(seen.wrong);
        }
    }
    let gone = table
        .iter()
        .filter(|(path, value)| value.is_some() && !website.has(path));
    journal.append(gone.map(|(path, _)| (path, "")))?;
    follow(website, &numbers, &ids, anchors, &mut read);
    Ok(read)
}

/// What is to be told of a file, which is read where it is not known.
fn see(website: &Website<'_>, file: &File<'_>, known: Option<Record>) -> Seen {
    let mut seen = Seen::default();
    if file.size > LARGEST {
        let what = "the file is too large to be checked";
        seen.wrong.push(
            Diagnostic::warning(Code::Unclassified, file.path, what).hint("cut it into several"),
        );
        return seen;
    }
    let record = match known {
        Some(record) => record,
        None => match std::fs::read(website.place(file)) {
            Err(error) => {
                seen.ids = Some(Vec::new());
                // That a file is missing shows in the listing.
                if error.kind() != ErrorKind::NotFound {
                    seen.wrong.push(Diagnostic::unreadable(file.path, &error));
                }
                return seen;
            }
            Ok(bytes) => {
                seen.is_opened = true;
                let is_altered = digest(&bytes) != file.digest;
                if is_altered && bytes.len() as u64 == file.size {
                    seen.wrong.push(altered(file));
                }
                let record = Record::of(file, &bytes, &website.addresses);
                seen.new = Some(cache::encode(&record));
                record
            }
        },
    };
    seen.links = record.links as usize;
    seen.outside = record.outside > 0;
    let nowhere = record
        .targets
        .iter()
        .filter(|key| website.at(**key).is_none());
    seen.broken.extend(nowhere.chain(&record.astray));
    let anchors = record.anchors.iter();
    seen.anchors.extend(anchors.filter_map(|(to, id)| {
        let to = website
            .at(*to)
            .filter(|to| website.files[*to].kind() == Kind::Html)?;
        Some((to as u32, *id))
    }));
    seen.ids = record.ids;
    let wrong = record.wrong.into_iter();
    seen.wrong.extend(
        wrong.map(|(what, hint)| {
            Diagnostic::problem(Code::Unclassified, file.path, what).hint(hint)
        }),
    );
    seen
}

/// Finds out which links to anchors in other pages lead nowhere.
fn follow(
    website: &Website<'_>,
    numbers: &[u32],
    ids: &[Option<Vec<u32>>],
    mut anchors: Vec<(u32, u32, u32)>,
    read: &mut Read,
) {
    anchors.par_sort_unstable();
    let pages: Vec<&[(u32, u32, u32)]> = anchors.chunk_by(|a, b| a.0 == b.0).collect();
    let missing = |links: &&[(u32, u32, u32)]| {
        let to = links[0].0;
        let file = &website.files[to as usize];
        if file.size > LARGEST {
            return (Vec::new(), false);
        }
        let known = numbers
            .binary_search(&to)
            .ok()
            .and_then(|at| ids[at].as_deref());
        let many = known.is_none().then(|| all_ids(website, file));
        let there = known.or(many.as_deref()).unwrap_or_default();
        let gone = links
            .iter()
            .filter(|(_, id, _)| there.binary_search(id).is_err());
        let gone =
            gone.map(|(_, id, from)| (anchor_key(super::website::key(file.path), *id), *from));
        (gone.collect::<Vec<_>>(), many.is_some())
    };
    let found: Vec<_> = pages.par_iter().map(missing).collect();
    for (gone, is_opened) in found {
        read.opened += usize::from(is_opened);
        gone.into_iter()
            .for_each(|(key, from)| read.broken.add(key, from));
    }
}

/// The anchors of a page that has too many to be kept.
fn all_ids(website: &Website<'_>, file: &File<'_>) -> Vec<u32> {
    let bytes = std::fs::read(website.place(file)).unwrap_or_default();
    let mut ids = super::html::read(&bytes).ids;
    ids.sort_unstable();
    ids
}

fn altered(file: &File<'_>) -> Diagnostic {
    Diagnostic::problem(
        Code::Unclassified,
        file.path,
        "the file is not as the build wrote it",
    )
    .hint(
        "`backfile build --verify` writes it again; what is put there by hand belongs in `static/`",
    )
}
