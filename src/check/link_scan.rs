//! Reads the pages, feeds and sitemaps that changed since they were last read, and finds the broken ones among all their
//! links. Files are read on all threads; no text of a file is kept.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::broken_links::BrokenLinks;
use super::findings::Findings;
use super::html;
use super::keys::{anchor_key, path_key};
use super::output;
use super::page_facts::PageFacts;
use super::website::{FileKind, Website, WebsiteFile};
use crate::cache::{self, Cache};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::model::digest::digest;
use crate::progress::Progress;

/// Files that are read before their facts are written to the cache.
const CHUNK: usize = 4_096;

/// Larger files, in bytes, are not read: no page is so large.
const MAX_SIZE: u64 = 64 << 20;

/// The table of the cache that keeps page facts.
const TABLE: &str = "checked";

/// The result of a scan.
#[derive(Debug, Default)]
pub(crate) struct LinkScan {
    /// HTML pages.
    pub pages: usize,
    pub links: usize,
    /// Files that were opened.
    pub opened: usize,
    pub broken: BrokenLinks,
    /// Numbers of the pages that link to other websites.
    pub linking_out: Vec<u32>,
}

/// A link to an anchor of another page: the number of that page, the key of the anchor, the number of the linking page.
type AnchorLink = (u32, u32, u32);

/// The result of one file.
#[derive(Default)]
struct FileScan {
    links: usize,
    links_out: bool,
    is_opened: bool,
    /// Keys of its broken links.
    broken: Vec<u64>,
    /// Anchors in other pages that it links to: the number of the page, and the key of the anchor.
    anchors: Vec<(u32, u32)>,
    /// The keys of its own anchors; `None` where there are too many to keep.
    ids: Option<Vec<u32>>,
    diagnostics: Vec<Diagnostic>,
    /// The facts to add to the cache, encoded.
    new: Option<Vec<u8>>,
}

/// Scans all files.
///
/// # Errors
/// Where the cache cannot be written; never because of a file of the website.
pub(crate) fn scan(
    website: &Website<'_>,
    cache: &mut Cache,
    progress: Progress<'_>,
    findings: &mut Findings,
) -> Result<LinkScan> {
    // With another base URL, other links are the website's own.
    let base_url = website.site.settings.base_url.as_deref();
    let key = cache::key(&[b"check", base_url.unwrap_or_default().as_bytes()]);
    let (mut journal, table) = cache.table(TABLE, key);
    journal.compact(&table)?;
    let files = &website.files;
    let numbers: Vec<u32> = (0..files.len() as u32)
        .filter(|number| files[*number as usize].kind() != FileKind::Other)
        .collect();
    let mut scan = LinkScan::default();
    // Of the pages in `numbers`, for the links to their anchors.
    let mut ids: Vec<Option<Vec<u32>>> = Vec::with_capacity(numbers.len());
    let mut anchors: Vec<AnchorLink> = Vec::new();
    let done = AtomicUsize::new(0);
    for chunk in numbers.chunks(CHUNK) {
        let scan_number = |number: &u32| {
            let file = &files[*number as usize];
            let known = table.get(file.path).and_then(cache::decode::<PageFacts>);
            let known = known.filter(|known| known.digest == file.digest);
            let scanned = scan_file(website, file, known);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress("reading pages", done, numbers.len());
            scanned
        };
        let scanned: Vec<FileScan> = chunk.par_iter().map(scan_number).collect();
        let new = chunk.iter().zip(&scanned);
        let new =
            new.filter_map(|(number, one)| Some((files[*number as usize].path, one.new.as_ref()?)));
        journal.append(new)?;
        for (number, one) in chunk.iter().zip(scanned) {
            let is_page = files[*number as usize].kind() == FileKind::Html;
            ids.push(scan.add(*number, is_page, one, &mut anchors, findings));
        }
    }
    let removed = table
        .iter()
        .filter(|(path, value)| value.is_some() && !website.has(path));
    journal.append(removed.map(|(path, _)| (path, "")))?;
    resolve_anchors(website, &numbers, &ids, anchors, &mut scan);
    Ok(scan)
}

impl LinkScan {
    /// Adds the result of a file with this number; returns the keys of its anchors.
    fn add(
        &mut self,
        number: u32,
        is_page: bool,
        file: FileScan,
        anchors: &mut Vec<AnchorLink>,
        findings: &mut Findings,
    ) -> Option<Vec<u32>> {
        self.pages += usize::from(is_page);
        self.links += file.links;
        self.opened += usize::from(file.is_opened);
        self.linking_out.extend(file.links_out.then_some(number));
        for key in file.broken {
            self.broken.add(key, number);
        }
        anchors.extend(file.anchors.into_iter().map(|(to, id)| (to, id, number)));
        findings.extend(file.diagnostics);
        file.ids
    }
}

/// Scans a file, which is read where its facts are not known.
fn scan_file(website: &Website<'_>, file: &WebsiteFile<'_>, known: Option<PageFacts>) -> FileScan {
    let mut scan = FileScan::default();
    if file.size > MAX_SIZE {
        let what = "the file is too large to be checked";
        scan.diagnostics.push(
            Diagnostic::warning(Code::FileTooLarge, file.path, what).hint("split it into several"),
        );
        return scan;
    }
    let Some(facts) = known.or_else(|| read_facts(website, file, &mut scan)) else {
        scan.ids = Some(Vec::new());
        return scan;
    };
    scan.links = facts.links as usize;
    scan.links_out = facts.external > 0;
    let missing = facts.targets.iter();
    let missing = missing.filter(|key| website.at(**key).is_none());
    scan.broken.extend(missing.chain(&facts.always_broken));
    scan.anchors
        .extend(facts.anchors.iter().filter_map(|(to, id)| {
            let to = website
                .at(*to)
                .filter(|to| website.files[*to].kind() == FileKind::Html)?;
            Some((to as u32, *id))
        }));
    scan.ids = facts.ids;
    let faults = facts.faults.into_iter();
    scan.diagnostics.extend(
        faults
            .map(|(what, hint)| Diagnostic::problem(Code::XmlInvalid, file.path, what).hint(hint)),
    );
    scan
}

/// Reads the facts of a file. Returns `None` if it cannot be read.
fn read_facts(
    website: &Website<'_>,
    file: &WebsiteFile<'_>,
    scan: &mut FileScan,
) -> Option<PageFacts> {
    match std::fs::read(website.disk_path(file)) {
        Err(error) => {
            // A missing file is reported by its listing.
            if error.kind() != ErrorKind::NotFound {
                scan.diagnostics
                    .push(Diagnostic::unreadable(file.path, &error));
            }
            None
        }
        Ok(bytes) => {
            scan.is_opened = true;
            if digest(&bytes) != file.digest && bytes.len() as u64 == file.size {
                scan.diagnostics.push(output::altered_bytes(file.path));
            }
            let facts = PageFacts::of(file, &bytes, &website.addresses);
            scan.new = Some(cache::encode(&facts));
            Some(facts)
        }
    }
}

/// Finds the broken ones among the links to anchors in other pages.
fn resolve_anchors(
    website: &Website<'_>,
    numbers: &[u32],
    ids: &[Option<Vec<u32>>],
    mut anchors: Vec<AnchorLink>,
    scan: &mut LinkScan,
) {
    anchors.par_sort_unstable();
    let pages: Vec<&[AnchorLink]> = anchors.chunk_by(|a, b| a.0 == b.0).collect();
    let broken_of_page = |links: &&[AnchorLink]| {
        let to = links[0].0;
        let file = &website.files[to as usize];
        if file.size > MAX_SIZE {
            return (Vec::new(), false);
        }
        let known = numbers
            .binary_search(&to)
            .ok()
            .and_then(|at| ids[at].as_deref());
        let all = known.is_none().then(|| all_ids(website, file));
        let there = known.or(all.as_deref()).unwrap_or_default();
        let broken = links
            .iter()
            .filter(|(_, id, _)| there.binary_search(id).is_err());
        let broken = broken.map(|(_, id, from)| (anchor_key(path_key(file.path), *id), *from));
        (broken.collect::<Vec<_>>(), all.is_some())
    };
    let found: Vec<_> = pages.par_iter().map(broken_of_page).collect();
    for (broken, is_opened) in found {
        scan.opened += usize::from(is_opened);
        for (key, from) in broken {
            scan.broken.add(key, from);
        }
    }
}

/// The keys of the anchors of a page that has too many to keep.
fn all_ids(website: &Website<'_>, file: &WebsiteFile<'_>) -> Vec<u32> {
    let bytes = std::fs::read(website.disk_path(file)).unwrap_or_default();
    let mut ids = html::read(&bytes).ids;
    ids.sort_unstable();
    ids
}
