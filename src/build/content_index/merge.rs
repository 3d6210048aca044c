//! Taking over the files that other machines read, in a build in parts.

use foldhash::{HashMap, HashMapExt as _};
use rayon::prelude::*;

use super::{CHUNK, ContentIndex, KnownFile, ParsedEntry, ScanResult};
use crate::build::parse::{self, FileContent};
use crate::build::read_file::ReadFile;
use crate::diagnostics::{Code, Diagnostic, Failure, Result};
use crate::files::Source;

impl ContentIndex {
    /// Stores files that other machines read, as if they had been read here. `listing` is what `content/` contains on this
    /// machine; without it, nothing is compared.
    ///
    /// # Errors
    /// If `content/` contains other files than those that were read.
    pub fn add_read_files(
        &mut self,
        files: Vec<ReadFile>,
        listing: Option<Vec<Source>>,
        scanned_at: i64,
    ) -> Result<ScanResult> {
        let is_listed = listing.is_some();
        let listing = listing.into_iter().flatten();
        let mut unread: HashMap<String, Source> = HashMap::new();
        unread.extend(listing.map(|source| (source.file.clone(), source)));
        let mut scan = ScanResult::default();
        let mut files = files.into_iter();
        loop {
            let chunk = files.by_ref().take(CHUNK);
            let chunk: Vec<_> = chunk
                .map(|file| (unread.remove(&*file.file), file))
                .collect();
            if chunk.is_empty() {
                break;
            }
            let is_persistent = self.is_persistent;
            let entries = chunk.into_par_iter().map(|(source, file)| {
                match is_listed && !source.as_ref().is_some_and(|source| file.is_of(source)) {
                    true => Err(differs(&file.file)),
                    false => Ok(entry(file, source, scanned_at, is_persistent)),
                }
            });
            let entries = entries.collect::<Result<Vec<_>>>()?;
            self.store(entries, &mut scan)?;
        }
        match unread.into_keys().min() {
            Some(file) => Err(differs(&file)),
            None => Ok(scan),
        }
    }
}

fn entry(
    file: ReadFile,
    source: Option<Source>,
    scanned_at: i64,
    is_persistent: bool,
) -> ParsedEntry {
    let stamp = source.map(|source| source.stamp).unwrap_or_default();
    let ReadFile {
        file,
        mut digest,
        mut parsed,
        ..
    } = file;
    if let FileContent::Other(other) = &mut parsed.content {
        (*other, digest) = (stamp, parse::digest_of_stamp(&stamp));
    }
    let known = KnownFile::new(stamp, scanned_at, digest, &parsed);
    ParsedEntry::new(file, known, parsed, is_persistent)
}

fn differs(file: &str) -> Failure {
    let what = "the file differs from the one that the parts of the build read";
    Diagnostic::error(Code::ContentDiffers, format!("content/{file}"), what)
        .hint("read the parts again, from `content/` as it is now")
        .into()
}
