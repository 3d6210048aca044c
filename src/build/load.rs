//! What came in since the last time: settings, topics and theme; raw records, imported; files of `content/`, parsed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::content_index::{Before, ContentIndex, Looked, Scope};
use super::inputs::{Inputs, TopicSet};
use super::organize;
use super::shards::ReadFile;
use super::snapshot::{SiteSnapshot, Touched};
use crate::cache::{BuildState, Cache, LogPosition};
use crate::diagnostics::{Diagnostic, Result};
use crate::files::{self, Source};
use crate::import::records::RawTable;
use crate::import::{self, Imported, Options};
use crate::model::page::StaticSource;
use crate::model::{SetHash, Stamp, set_hash};
use crate::progress::Progress;
use crate::site::Site;
use crate::topics;

/// Static files by path below the site's root: the file that is copied, none where it is embedded.
pub(super) type Statics = Vec<(String, Option<(PathBuf, Stamp)>)>;

/// A site that is read, and not yet put in order.
pub struct Loaded {
    pub site: Site,
    pub inputs: Inputs,
    pub contents: ContentIndex,
    before: Before,
    looked: Looked,
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
    settings: String,
    raw: LogPosition,
    content: LogPosition,
    same: usize,
    refused: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Reads a site. `mark` says how far what is known of its sources had grown when the output was last made.
    ///
    /// # Errors
    /// Where settings, topics, theme or a template are wrong, or the machine refuses; never for an article.
    pub fn of(
        site: Site,
        cache: &mut Cache,
        mark: Option<LogPosition>,
        progress: Progress<'_>,
    ) -> Result<Self> {
        let (first, proposed) = match site.topics_file().exists() {
            true => (Imported::default(), None),
            false => propose(&site, cache, progress)?,
        };
        let (mut intake, opened_at) = Self::look(site, cache, mark)?;
        let known_at = (!intake.looked.is_shelf_changed).then_some(opened_at);
        let Self {
            site,
            inputs,
            contents,
            ..
        } = &mut intake;
        let arrived = bring_in(site, cache, &inputs.subjects, contents, known_at, progress)?;
        intake.looked.add(arrived.looked);
        Ok(Self {
            imported: first.and(arrived.imported),
            raw: arrived.raw,
            proposed,
            ..intake
        })
    }

    /// Reads a site as it is.
    ///
    /// # Errors
    /// As [`Loaded::of`].
    pub fn without_import(site: Site, cache: &mut Cache) -> Result<Self> {
        Ok(Self::look(site, cache, None)?.0)
    }

    /// Reads settings, topics, theme and `content/`, and gives how far the table of sources had grown before.
    fn look(
        site: Site,
        cache: &mut Cache,
        mark: Option<LogPosition>,
    ) -> Result<(Self, LogPosition)> {
        let began = cache.tick()?;
        let inputs = Inputs::read(&site)?;
        let folder = site.content();
        let (sources, (mut contents, before)) = rayon::join(
            || files::list(&folder),
            || ContentIndex::open(cache, &inputs.subjects, mark),
        );
        let opened_at = contents.mark();
        let looked = contents.look_at_all(sources?, began, &inputs.subjects)?;
        let intake = Self {
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
        Ok((intake, opened_at))
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
        let began = cache.tick()?;
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

    /// Puts the site in order: organize. `made` is what the output was last made from.
    pub fn organize(mut self, made: Option<&BuildState>) -> (SiteSnapshot, Touched) {
        let before = std::mem::take(&mut self.before);
        let looked = std::mem::take(&mut self.looked.changes);
        let (then, mut since) = self.contents.recall(before, looked);
        let mut library = organize::library(&self.site.settings, &self.inputs.subjects.definitions);
        let now = &self.inputs.theme.statics;
        let made = made.filter(|made| made.inputs == self.inputs.digest);
        let touched = match (then, made) {
            (Some(mut then), Some(made)) => {
                let before = statics_before(made, now);
                then.extend(organize::statics(&BTreeMap::new(), &before));
                library.fill(then);
                since.extend(organize::statics(&before, now));
                Touched::Some(library.apply(since))
            }
            (then, _) => {
                let mut all = then.unwrap_or_default();
                all.extend(since);
                all.extend(organize::statics(&BTreeMap::new(), now));
                library.fill(all);
                Touched::All
            }
        };
        (SiteSnapshot::new(self, library), touched)
    }
}

/// The first time: imports, and proposes topics from what there is.
fn propose(
    site: &Site,
    cache: &mut Cache,
    progress: Progress<'_>,
) -> Result<(Imported, Option<usize>)> {
    // The theme and the templates are read now, so that nothing is written where they are wrong.
    let subjects = Inputs::read(site)?.subjects;
    let mut contents = ContentIndex::forgetful(cache);
    contents.look(site, cache, &subjects, &Scope::All)?;
    let arrived = bring_in(site, cache, &subjects, &mut contents, None, progress)?;
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
    subjects: &TopicSet,
    contents: &mut ContentIndex,
    known_at: Option<LogPosition>,
    progress: Progress<'_>,
) -> Result<Arrived> {
    let raw = RawTable::open(site, cache, progress)?;
    let settings = format!("{:?}", site.settings.import);
    let last = LastImport::recall(cache).filter(|last| {
        let is_same_content = last.content == contents.mark() || known_at == Some(last.content);
        is_same_content && last.settings == settings && last.raw == raw.mark()
    });
    let imported = match last {
        Some(last) => last.again(),
        None => {
            let shelf = || contents.shelf(site, cache, subjects);
            import::import(site, &raw, shelf, &Options::default(), progress)?
        }
    };
    let mut looked = Looked::default();
    if !imported.files.is_empty() {
        let scope = Scope::Paths(imported.files.clone());
        looked = contents.look(site, cache, subjects, &scope)?;
    }
    let last = LastImport {
        settings,
        raw: raw.mark(),
        content: contents.mark(),
        same: imported.same + imported.files.len(),
        refused: imported.refused,
        diagnostics: imported.diagnostics.iter().cloned().collect(),
    };
    cache.keep(LAST_IMPORT, &last)?;
    Ok(Arrived {
        imported,
        looked,
        raw: raw.sum(),
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

/// Static files as the cache keeps them.
pub(super) fn statics(statics: &BTreeMap<String, StaticSource>) -> Statics {
    let kept = statics.iter().map(|(path, source)| {
        let file = match source {
            StaticSource::File(file, stamp) => Some((file.clone(), *stamp)),
            _ => None,
        };
        (path.clone(), file)
    });
    kept.collect()
}

/// Static files as they were when the output was last made. One that may have changed within the tick in which it
/// was seen is as if it had not been seen; embedded ones are the program's, and so the same.
fn statics_before(
    made: &BuildState,
    now: &BTreeMap<String, StaticSource>,
) -> BTreeMap<String, StaticSource> {
    let before = made
        .statics
        .iter()
        .filter(|(_, file)| is_settled(file.as_ref(), made.began));
    let before = before.map(|(path, file)| {
        let source = match (file, now.get(path)) {
            (Some((file, stamp)), _) => StaticSource::File(file.clone(), *stamp),
            (None, Some(same @ StaticSource::Embedded(_))) => same.clone(),
            (None, _) => StaticSource::Embedded(&[]),
        };
        (path.clone(), source)
    });
    before.collect()
}

pub(super) fn is_settled(file: Option<&(PathBuf, Stamp)>, tick: i64) -> bool {
    file.is_none_or(|(_, stamp)| stamp.latest() < tick)
}
