//! What came in since the last time: settings, topics and theme; raw records, imported; files of `content/`, parsed.

use serde::{Deserialize, Serialize};

use super::changes::Scope;
use super::content_index::{Before, ContentIndex, Looked};
use super::inputs::{Inputs, TopicSet};
use super::read_file::ReadFile;
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

/// A site that is read, and not yet put in order.
pub struct Loaded {
    pub site: Site,
    pub inputs: Inputs,
    pub contents: ContentIndex,
    pub before: Before,
    pub looked: Looked,
    pub imported: Imported,
    /// What `raw/` holds, as its listing says.
    pub raw: SetHash,
    /// How many topics were proposed, where there was no `topics.toml`.
    pub proposed: Option<usize>,
    /// When reading began, by the clock of the file system.
    pub began: i64,
}

/// What the last import saw and said.
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
    /// Reads a site, after importing what is new. `position` says how far the table of sources had grown when the output
    /// was last made, and `began` is when `inputs` were read.
    ///
    /// # Errors
    /// If topics are wrong, or the machine refuses; never for an article.
    pub fn of(
        site: Site,
        mut inputs: Inputs,
        cache: &mut Cache,
        position: Option<LogPosition>,
        began: i64,
        progress: Progress<'_>,
    ) -> Result<Self> {
        let mut first = Imported::default();
        let mut proposed = None;
        if !site.topics_file().exists() {
            (first, proposed) = propose(&site, &inputs.topics, cache, progress)?;
            inputs = inputs.with_topics_of(&site)?;
        }
        let (mut loaded, opened_at) = Self::look(site, inputs, cache, position, began)?;
        let known_at = (!loaded.looked.is_import_affected).then_some(opened_at);
        let Self {
            site,
            inputs,
            contents,
            ..
        } = &mut loaded;
        let arrived = bring_in(site, cache, &inputs.topics, contents, known_at, progress)?;
        loaded.looked.add(arrived.looked);
        Ok(Self {
            imported: first.and(arrived.imported),
            raw: arrived.raw,
            proposed,
            ..loaded
        })
    }

    /// Reads a site as it is.
    ///
    /// # Errors
    /// As [`Loaded::of`].
    pub fn without_import(
        site: Site,
        inputs: Inputs,
        cache: &mut Cache,
        began: i64,
    ) -> Result<Self> {
        Ok(Self::look(site, inputs, cache, None, began)?.0)
    }

    /// Reads `content/`, and gives how far the table of sources had grown before.
    fn look(
        site: Site,
        inputs: Inputs,
        cache: &mut Cache,
        position: Option<LogPosition>,
        began: i64,
    ) -> Result<(Self, LogPosition)> {
        let folder = site.content();
        let (sources, (mut contents, before)) = rayon::join(
            || files::list(&folder),
            || ContentIndex::open(cache, &inputs.topics, position),
        );
        let opened_at = contents.position();
        let looked = contents.look_at_all(sources?, began, &inputs.topics)?;
        let loaded = Self {
            site,
            inputs,
            contents,
            before,
            looked,
            imported: Imported::default(),
            raw: SetHash::default(),
            proposed: None,
            began,
        };
        Ok((loaded, opened_at))
    }

    /// A site of which others read the articles. `listed` is what `content/` holds here, where that matters.
    ///
    /// # Errors
    /// Where `content/` holds other files than they read, or the cache cannot be written.
    pub fn of_cards(
        site: Site,
        cache: &Cache,
        inputs: Inputs,
        mut contents: ContentIndex,
        cards: Vec<ReadFile>,
        listed: Option<Vec<Source>>,
    ) -> Result<Self> {
        let began = cache.file_system_time()?;
        let is_listed = listed.is_some();
        let looked = contents.take_over(cards, listed, began)?;
        let raw = match is_listed {
            true => files::set_hash(&site.raw(), set_hash::file)?.0,
            false => SetHash::default(),
        };
        Ok(Self {
            site,
            inputs,
            contents,
            before: Before::default(),
            looked,
            imported: Imported::default(),
            raw,
            proposed: None,
            began,
        })
    }

    /// Files of `content/` that were read.
    pub fn read(&self) -> usize {
        self.looked.read
    }
}

/// The first time: imports, and proposes topics from what there is. `none` are the topics of a site without any.
fn propose(
    site: &Site,
    none: &TopicSet,
    cache: &mut Cache,
    progress: Progress<'_>,
) -> Result<(Imported, Option<usize>)> {
    let mut contents = ContentIndex::forgetful(cache);
    contents.look(site, cache, none, &Scope::All)?;
    let arrived = bring_in(site, cache, none, &mut contents, None, progress)?;
    Ok((arrived.imported, topics::propose_if_none(site)?))
}

/// What came in from `raw/`.
pub(super) struct Arrived {
    pub imported: Imported,
    /// The files of `content/` that it wrote.
    pub looked: Looked,
    /// What `raw/` holds, as its listing says.
    pub raw: SetHash,
}

/// Imports what is new in `raw/` and reads what that wrote. `known_at` is how far the table of sources had grown
/// before, where nothing that import has to know has changed since.
pub(super) fn bring_in(
    site: &Site,
    cache: &mut Cache,
    topics: &TopicSet,
    contents: &mut ContentIndex,
    known_at: Option<LogPosition>,
    progress: Progress<'_>,
) -> Result<Arrived> {
    let raw = RawTable::open(site, cache, progress)?;
    let settings = cache::encode(&site.settings.import);
    let last = LastImport::recall(cache).filter(|last| {
        let is_same_content = last.content == contents.position() || known_at == Some(last.content);
        is_same_content && last.settings == settings && last.raw == raw.position()
    });
    let imported = match last {
        Some(last) => last.again(),
        None => {
            let existing = match raw.is_empty() {
                true => ImportedIndex::default(),
                false => contents.shelf(site, cache, topics),
            };
            import::import(site, &raw, existing, &Options::default(), progress)?
        }
    };
    let mut looked = Looked::default();
    if !imported.files.is_empty() {
        let scope = Scope::Paths(imported.files.clone());
        looked = contents.look(site, cache, topics, &scope)?;
    }
    let last = LastImport {
        settings,
        raw: raw.position(),
        content: contents.position(),
        same: imported.same + imported.files.len(),
        refused: imported.refused,
        diagnostics: imported.diagnostics.iter().cloned().collect(),
    };
    cache.keep(LAST_IMPORT, &last)?;
    Ok(Arrived {
        imported,
        looked,
        raw: raw.set_hash(),
    })
}

/// Where [`LastImport`] is kept.
const LAST_IMPORT: &str = "imported";

impl LastImport {
    fn recall(cache: &Cache) -> Option<Self> {
        cache.recall(LAST_IMPORT)
    }

    /// What an import says that finds everything as this one left it.
    fn again(self) -> Imported {
        Imported {
            same: self.same,
            refused: self.refused,
            diagnostics: self.diagnostics.into_iter().collect(),
            ..Imported::default()
        }
    }
}

/// What the last import said, where nothing in `raw/` changed since; None where nothing is known of it.
pub(super) fn as_last_imported(cache: &Cache) -> Option<Imported> {
    LastImport::recall(cache).map(LastImport::again)
}
