//! Copies files that articles show from `raw/` to `content/articles/files/`, each content once, however many articles show it.
//! Never overwrites a file, and never writes one whose content is there already.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Catalogue;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::{self, IMPORTED_FILES};
use crate::import::article_writer::ArticleWriter;
use crate::model::ImportState;
use crate::model::slug::slug;
use crate::site::Site;

/// The longest name of a file without its digest, in bytes.
const LONGEST_NAME: usize = 60;

/// A file that was brought along, by its path below `content/`, or why it was not.
type Brought = std::result::Result<String, Diagnostic>;

/// Brings files along while articles are written. Threads share it.
pub(crate) struct Bringer<'a> {
    site: &'a Site,
    pub catalogue: Catalogue,
    /// Files of one size, which may be the same; listed when the first file comes along.
    by_size: OnceLock<HashMap<u64, Vec<String>>>,
    brought: Mutex<BTreeMap<String, Arc<OnceLock<Option<Brought>>>>>,
    staged: Mutex<HashSet<String>>,
}

impl<'a> Bringer<'a> {
    pub(crate) fn new(site: &'a Site, catalogue: Catalogue) -> Self {
        Self {
            site,
            catalogue,
            by_size: OnceLock::new(),
            brought: Mutex::default(),
            staged: Mutex::default(),
        }
    }

    /// Brings a file of `raw/` along, and returns its path below `content/`; `None` if it is too large or unreadable.
    ///
    /// # Errors
    /// Where the machine refuses to write.
    pub(crate) fn bring(&self, writer: &ArticleWriter<'_>, file: &str) -> Result<Option<String>> {
        let mut brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        let known = Arc::clone(brought.entry(file.to_owned()).or_default());
        drop(brought);
        let mut failed = None;
        let brought = known.get_or_init(|| match self.copy(writer, file) {
            Ok(brought) => Some(brought),
            Err(failure) => {
                failed = Some(failure);
                None
            }
        });
        match failed {
            Some(failure) => Err(failure),
            None => Ok(brought.clone().and_then(std::result::Result::ok)),
        }
    }

    /// The files that were brought along, the files of `content/` that were written for them, and why others were not brought.
    pub(crate) fn finish(self) -> (Vec<String>, HashSet<String>, Vec<Diagnostic>) {
        let brought = self
            .brought
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let (mut files, mut problems) = (Vec::new(), Vec::new());
        for (file, brought) in brought {
            match brought.get() {
                Some(Some(Ok(_))) => files.push(file),
                Some(Some(Err(problem))) => problems.push(problem.clone()),
                _ => {}
            }
        }
        let written = self.staged.into_inner();
        (
            files,
            written.unwrap_or_else(PoisonError::into_inner),
            problems,
        )
    }

    fn files_by_size(&self) -> HashMap<u64, Vec<String>> {
        let mut by_size: HashMap<u64, Vec<String>> = HashMap::new();
        for file in self.catalogue.files() {
            if let Ok(metadata) = std::fs::metadata(self.site.raw().join(file)) {
                let peers = by_size.entry(metadata.len()).or_default();
                peers.push(file.to_owned());
            }
        }
        by_size
    }

    /// A problem for each document that no article shows: it may be an article itself, and cannot be read. `shown` are the names of
    /// files that articles show which were there before, as [`ImportState::file_name`] gives them.
    pub(crate) fn unread_documents(&self, shown: &BTreeSet<String>) -> Vec<Diagnostic> {
        let brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        let documents = self.catalogue.files().filter(|file| {
            self.catalogue.ending(file) == Some("pdf") && !brought.contains_key(*file)
        });
        let is_unread = |file: &&str| !shown.contains(&ImportState::file_name(file));
        let problem = |file: &str| {
            let what = "the file is a PDF, which is not read, and no article links to it";
            Diagnostic::problem(Code::FileNotText, format!("raw/{file}"), what)
                .hint("save its text as a `.txt` file, or put it in `ignore` under `[import]`")
        };
        documents.filter(is_unread).map(problem).collect()
    }

    fn copy(&self, writer: &ArticleWriter<'_>, file: &str) -> Result<Brought> {
        let path = self.site.raw().join(file);
        let most = self.site.settings.import.max_file_bytes;
        let size = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        if size > most {
            let what = format!("the file has {} MB, and is not shown", size / 1_000_000);
            let hint = format!(
                "at most {} MB are brought along: raise `max_file_bytes` under `[import]`",
                most / 1_000_000
            );
            let warning =
                Diagnostic::warning(Code::AttachmentTooLarge, format!("raw/{file}"), what);
            return Ok(Err(warning.hint(hint)));
        }
        let bytes = match files::read(&path, usize::try_from(size).unwrap_or_default()) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(Diagnostic::unreadable(format!("raw/{file}"), &error))),
        };
        let digest = &blake3::hash(&bytes).to_hex()[..12];
        let ending = self.catalogue.ending(file).unwrap_or("bin");
        if let Some(there) = self.there(digest, ending) {
            return Ok(Ok(there));
        }
        let name = self.name(file, &bytes);
        let to = format!("{}{name}-{digest}.{ending}", folder(digest));
        let is_new = self
            .staged
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(to.clone());
        if is_new {
            writer.stage_file(&PathBuf::from(&to), &bytes)?;
        }
        Ok(Ok(to))
    }

    /// The file of `content/` with this content, if an earlier import brought it along.
    fn there(&self, digest: &str, ending: &str) -> Option<String> {
        let folder = folder(digest);
        let end = format!("-{digest}.{ending}");
        let listed = std::fs::read_dir(self.site.content().join(&folder)).ok()?;
        let names = listed
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok());
        let first = names.filter(|name| name.ends_with(&end)).min()?;
        Some(format!("{folder}{first}"))
    }

    /// The name for a content: that of the first file which has it, so that no order of articles matters.
    fn name(&self, file: &str, bytes: &[u8]) -> String {
        let by_size = self.by_size.get_or_init(|| self.files_by_size());
        let peers = by_size.get(&(bytes.len() as u64)).map(Vec::as_slice);
        let is_same = |peer: &&String| {
            *peer == file
                || std::fs::read(self.site.raw().join(peer.as_str()))
                    .is_ok_and(|other| other == bytes)
        };
        let first = peers.unwrap_or_default().iter().find(is_same);
        let name = first.map_or(file, String::as_str);
        let name = name.rsplit('/').next().unwrap_or(name);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let name = slug(stem).unwrap_or_else(|| "file".to_owned());
        name.char_indices()
            .take_while(|(at, c)| at + c.len_utf8() <= LONGEST_NAME)
            .map(|(_, c)| c)
            .collect()
    }
}

/// The folder for a content, below `content/`: one of 256, as no folder should hold a million files.
fn folder(digest: &str) -> String {
    format!("{IMPORTED_FILES}{}/", &digest[..2])
}
