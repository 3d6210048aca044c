//! load: imports new raw records, then scans and parses the files of `content/`. Knows what changed since the last build;
//! never knows how articles relate to each other.

use serde::{Deserialize, Serialize};

use super::changes::Scope;
use super::content_index::{ContentIndex, KnownEntries, ScanResult};
use super::inputs::{Inputs, TopicSet};
use super::read_file::ReadFile;
use super::vanished::{self, Vanished};
use crate::cache::{self, Cache, LogPosition};
use crate::diagnostics::{Diagnostic, Result};
use crate::files::{self, Source};
use crate::import::existing::ImportedIndex;
use crate::import::records::RawTable;
use crate::import::{self, Imported, Options};
use crate::model::{SetHash, set_hash};
use crate::progress::Progress;
use crate::site::Site;
use crate::topics;

/// A site whose files are read, before it is organized.
pub struct Loaded {
    pub site: Site,
    pub inputs: Inputs,
    pub contents: ContentIndex,
    pub known: KnownEntries,
    pub scan: ScanResult,
    pub imported: Imported,
    /// A hash of the names and stamps of all files of `raw/`.
    pub raw: SetHash,
    /// How many topics were proposed; `None` if there was a `topics.toml`.
    pub proposed: Option<usize>,
    /// When reading began, by the clock of the file system, in nanoseconds since 1970.
    pub began: i64,
}

/// What the last import read, and its result.
#[derive(Serialize, Deserialize)]
struct LastImport {
    settings: Vec<u8>,
    raw: LogPosition,
    content: LogPosition,
    same: usize,
    refused: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Reads a site, after importing new raw records. `began` is when `inputs` were read.
    ///
    /// # Errors
    /// If topics are invalid, or a file cannot be read or written; never for an article.
    pub(crate) fn of(
        site: Site,
        mut inputs: Inputs,
        cache: &mut Cache,
        options: LoadOptions,
        began: i64,
        progress: Progress<'_>,
    ) -> Result<Self> {
        let LoadOptions { position, frozen } = options;
        let mut first = Imported::default();
        let mut proposed = None;
        if !site.topics_file().exists() {
            (first, proposed) = propose(&site, &inputs.topics, cache, frozen, progress)?;
            inputs = inputs.with_topics_of(&site)?;
        }
        let (mut loaded, opened_at) = Self::scan(site, inputs, cache, position, began)?;
        let vanished = vanished::settle(
            &mut loaded.contents,
            &mut loaded.scan,
            &loaded.site,
            cache,
            &loaded.inputs.topics,
        )?;
        let unchanged_at = (!loaded.scan.is_import_affected).then_some(opened_at);
        let Self {
            site,
            inputs,
            contents,
            ..
        } = &mut loaded;
        let result = import_new(
            site,
            cache,
            &inputs.topics,
            contents,
            ImportScope {
                unchanged_at,
                vanished,
                frozen,
            },
            progress,
        )?;
        loaded.scan.add(result.scan);
        Ok(Self {
            imported: first.and(result.imported),
            raw: result.raw,
            proposed,
            ..loaded
        })
    }

    /// Reads a site without importing.
    ///
    /// # Errors
    /// As [`Loaded::of`].
    pub fn without_import(
        site: Site,
        inputs: Inputs,
        cache: &mut Cache,
        began: i64,
    ) -> Result<Self> {
        Ok(Self::scan(site, inputs, cache, None, began)?.0)
    }

    /// Scans `content/`, and returns the position of the table of sources before the scan.
    fn scan(
        site: Site,
        inputs: Inputs,
        cache: &mut Cache,
        position: Option<LogPosition>,
        began: i64,
    ) -> Result<(Self, LogPosition)> {
        let folder = site.content();
        let (sources, (mut contents, known)) = rayon::join(
            || files::list(&folder),
            || ContentIndex::open(cache, &inputs.topics, position),
        );
        let opened_at = contents.position();
        let scan = contents.scan_listing(sources?, began, &inputs.topics)?;
        let loaded = Self {
            site,
            inputs,
            contents,
            known,
            scan,
            imported: Imported::default(),
            raw: SetHash::default(),
            proposed: None,
            began,
        };
        Ok((loaded, opened_at))
    }

    /// A site whose articles were read by the parts of a build. `listing` is what `content/` contains on this machine, if it is
    /// to be compared.
    ///
    /// # Errors
    /// If `content/` contains other files than the parts read, or the cache cannot be written.
    pub fn from_shards(
        site: Site,
        cache: &Cache,
        inputs: Inputs,
        mut contents: ContentIndex,
        files: Vec<ReadFile>,
        listing: Option<Vec<Source>>,
    ) -> Result<Self> {
        let began = cache.file_system_time()?;
        let is_listed = listing.is_some();
        let scan = contents.add_read_files(files, listing, began)?;
        let raw = match is_listed {
            true => files::set_hash(&site.raw(), set_hash::file)?.0,
            false => SetHash::default(),
        };
        Ok(Self {
            site,
            inputs,
            contents,
            known: KnownEntries::default(),
            scan,
            imported: Imported::default(),
            raw,
            proposed: None,
            began,
        })
    }

    /// How many files of `content/` were read.
    pub fn read(&self) -> usize {
        self.scan.read
    }
}

/// For a site without topics: imports, and proposes topics from the articles. `none` is the empty set of topics.
fn propose(
    site: &Site,
    none: &TopicSet,
    cache: &mut Cache,
    frozen: bool,
    progress: Progress<'_>,
) -> Result<(Imported, Option<usize>)> {
    let (mut contents, _) = ContentIndex::open(cache, none, None);
    let mut scan = contents.scan(site, cache, none, &Scope::All)?;
    let vanished = vanished::settle(&mut contents, &mut scan, site, cache, none)?;
    let scope = ImportScope {
        vanished,
        frozen,
        ..ImportScope::default()
    };
    let result = import_new(site, cache, none, &mut contents, scope, progress)?;
    if frozen {
        topics::expect_no_proposal(site)?;
        return Ok((result.imported, None));
    }
    Ok((result.imported, topics::propose_if_none(site)?))
}

/// How a site is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LoadOptions {
    /// The position of the table of sources when the output was last built.
    pub position: Option<LogPosition>,
    /// Whether it is an error if there is anything to import or to propose.
    pub frozen: bool,
}

/// What an import has to look at, and what it may do.
#[derive(Debug, Default)]
pub(super) struct ImportScope {
    /// An earlier position of the table of sources, if nothing that import depends on has changed since.
    pub unchanged_at: Option<LogPosition>,
    /// The articles that are gone.
    pub vanished: Vanished,
    /// As in [`LoadOptions`].
    pub frozen: bool,
}

/// The result of an import.
pub(super) struct ImportResult {
    pub imported: Imported,
    /// The files of `content/` that it wrote, after parsing.
    pub scan: ScanResult,
    /// A hash of the names and stamps of all files of `raw/`.
    pub raw: SetHash,
}

/// Imports new records of `raw/` and reads the files that this wrote.
pub(super) fn import_new(
    site: &Site,
    cache: &mut Cache,
    topics: &TopicSet,
    contents: &mut ContentIndex,
    scope: ImportScope,
    progress: Progress<'_>,
) -> Result<ImportResult> {
    let ImportScope {
        unchanged_at,
        vanished,
        frozen,
    } = scope;
    let raw = RawTable::open(site, cache, progress)?;
    let settings = cache::encode(&site.settings.import);
    let last = LastImport::load(cache).filter(|last| {
        let is_same_content =
            last.content == contents.position() || unchanged_at == Some(last.content);
        is_same_content && last.settings == settings && last.raw == raw.position()
    });
    let imported = match last {
        Some(last) => last.into_imported(),
        None => {
            let existing = match raw.is_empty() {
                true => ImportedIndex {
                    without_records: contents.imported_articles(),
                    ..ImportedIndex::default()
                },
                false => vanished::index(contents, site, cache, topics, vanished),
            };
            let options = Options {
                frozen,
                ..Options::default()
            };
            let imported = import::import(site, &raw, existing, &options, progress)?;
            vanished::keep(site, cache, &imported)?;
            imported
        }
    };
    let mut scan = ScanResult::default();
    if !imported.files.is_empty() {
        let written = imported.files.union(&imported.copied);
        let scope = Scope::Paths(written.cloned().collect());
        scan = contents.scan(site, cache, topics, &scope)?;
    }
    let last = LastImport {
        settings,
        raw: raw.position(),
        content: contents.position(),
        same: imported.same + imported.files.len(),
        refused: imported.refused,
        diagnostics: imported.diagnostics.to_vec(),
    };
    cache.save(LAST_IMPORT, &last)?;
    Ok(ImportResult {
        imported,
        scan,
        raw: raw.set_hash(),
    })
}

/// The name in the cache under which [`LastImport`] is stored.
const LAST_IMPORT: &str = "imported";

impl LastImport {
    fn load(cache: &Cache) -> Option<Self> {
        cache.load(LAST_IMPORT)
    }

    /// The result of an import that finds everything unchanged since this one.
    fn into_imported(self) -> Imported {
        Imported {
            same: self.same,
            refused: self.refused,
            diagnostics: self.diagnostics,
            ..Imported::default()
        }
    }
}

/// The result of the last import, to be used if nothing in `raw/` changed since; `None` if it is not in the cache.
pub(super) fn last_import(cache: &Cache) -> Option<Imported> {
    LastImport::load(cache).map(LastImport::into_imported)
}
