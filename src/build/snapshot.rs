//! A site that is loaded and organized: everything that is needed to render any of its pages, and to follow its changes.
//! Never knows where pages are written.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::changes::{Changed, Touched};
use super::content_index::ContentIndex;
use super::feed_bodies::FeedBodies;
use super::inputs::Inputs;
use super::link_index::LinkIndex;
use super::load::{self, LoadOptions, Loaded};
use super::organize::{self, Organized};
use super::pages::{Page, PageKey, PageValues, View};
use super::static_files;
use super::vanished;
use crate::cache::{BuildState, Cache};
use crate::diagnostics::{Diagnostic, Result};
use crate::model::{Change, Library, SetHash};
use crate::progress::NO_PROGRESS;
use crate::site::Site;

/// A site as it was at one time.
pub struct SiteSnapshot {
    pub site: Site,
    pub inputs: Inputs,
    contents: Mutex<ContentIndex>,
    pub library: Library,
    links: LinkIndex,
    /// Created again after each change, as they contain what pages show of other articles.
    values: PageValues,
    /// The diagnostics of the last import.
    pub imported: Vec<Diagnostic>,
    /// A hash of the names and stamps of all files of `raw/`.
    pub raw: SetHash,
    /// When reading it began, by the clock of the file system, in nanoseconds since 1970.
    pub began: i64,
    /// Whether changes were read and not applied, so that everything has to be read again.
    is_inconsistent: AtomicBool,
}

/// Changes that are read from disk and not applied yet.
pub struct PendingChanges {
    site: Site,
    inputs: Option<Inputs>,
    changes: Vec<Change>,
    /// The diagnostics of the import and the hash of `raw/`, if it was read.
    raw: Option<(Vec<Diagnostic>, SetHash)>,
    began: i64,
}

impl SiteSnapshot {
    /// Organizes a site that was loaded. `state` is that of the last build.
    pub fn organize(loaded: Loaded, state: Option<&BuildState>) -> (Self, Touched) {
        let Loaded {
            site,
            inputs,
            mut contents,
            known,
            scan,
            imported,
            raw,
            began,
            ..
        } = loaded;
        let (mut before, mut since) = contents.changes_since(known, scan.changes);
        let statics = &inputs.theme.statics;
        match state.filter(|state| state.inputs == inputs.digest) {
            Some(state) if before.is_some() => {
                let then =
                    static_files::as_last_built(&state.statics, state.began, statics, site.root());
                let all_then = static_files::changes(&BTreeMap::new(), &then);
                before.get_or_insert_default().extend(all_then);
                since.extend(static_files::changes(&then, statics));
            }
            _ => {
                let mut all = before.take().unwrap_or_default();
                all.extend(since);
                all.extend(static_files::changes(&BTreeMap::new(), statics));
                since = all;
            }
        }
        let values = PageValues::new(&site.settings, &inputs.theme);
        let rules = organize::rules(&site.settings, &inputs.topics.definitions);
        let Organized {
            library,
            links,
            touched,
        } = organize::organize(rules, before, since, &site.settings, &values);
        let snapshot = Self {
            site,
            inputs,
            contents: Mutex::new(contents),
            library,
            links,
            values,
            imported: imported.diagnostics(),
            raw,
            began,
            is_inconsistent: AtomicBool::new(false),
        };
        (snapshot, touched)
    }

    /// Reads a site without importing.
    ///
    /// # Errors
    /// If settings, topics, theme or a template are invalid, or a file cannot be read; never for an article.
    pub fn read(site: Site, cache: &mut Cache) -> Result<Self> {
        let began = cache.file_system_time()?;
        let inputs = Inputs::read(&site)?;
        let loaded = Loaded::without_import(site, inputs, cache, began)?;
        Ok(Self::organize(loaded, None).0)
    }

    /// Reads a site, after importing new raw records.
    ///
    /// # Errors
    /// As [`SiteSnapshot::read`].
    pub fn current(site: Site, cache: &mut Cache) -> Result<Self> {
        let began = cache.file_system_time()?;
        let inputs = Inputs::read(&site)?;
        let loaded = Loaded::of(
            site,
            inputs,
            cache,
            LoadOptions::default(),
            began,
            NO_PROGRESS,
        )?;
        Ok(Self::organize(loaded, None).0)
    }

    /// Everything that pages are made from.
    pub fn view(&self) -> View<'_> {
        View {
            library: &self.library,
            settings: &self.site.settings,
            values: &self.values,
        }
    }

    /// The bytes of one of its pages.
    ///
    /// # Errors
    /// If a template uses a value that is not in its context, or a file was removed since it was scanned.
    pub fn render(&self, key: &PageKey, page: &Page) -> Result<Vec<u8>> {
        let (view, feed_bodies) = (self.view(), FeedBodies::default());
        self.inputs.renderer.render(&view, key, page, &feed_bodies)
    }

    /// The files of `content/`. Rendering does not use them, so that they can be read while pages are rendered.
    pub fn contents(&self) -> MutexGuard<'_, ContentIndex> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The problems of the content.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = self.contents().problems().cloned().collect();
        found.extend(organize::diagnostics(&self.library, &self.links));
        found
    }

    /// Reads changes and applies them. `site` has the current settings. `None` if so much changed that the snapshot has to be
    /// read again.
    ///
    /// # Errors
    /// As [`SiteSnapshot::read`]; the snapshot then has to be read again.
    pub fn refresh(
        &mut self,
        site: Site,
        cache: &mut Cache,
        changed: &Changed,
    ) -> Result<Option<Touched>> {
        let pending = self.read_changes(site, cache, changed)?;
        Ok(pending.map(|pending| self.apply(pending)))
    }

    /// Reads what changed, for [`SiteSnapshot::apply`]; until then the pages are the same as before. Otherwise as
    /// [`SiteSnapshot::refresh`].
    ///
    /// # Errors
    /// As [`SiteSnapshot::read`].
    pub fn read_changes(
        &self,
        site: Site,
        cache: &mut Cache,
        changed: &Changed,
    ) -> Result<Option<PendingChanges>> {
        let mut contents = self.contents();
        if self.is_inconsistent.load(Ordering::Relaxed) || !contents.is_current() {
            return Ok(None);
        }
        let began = cache.file_system_time()?;
        let inputs = changed.inputs.then(|| Inputs::read(&site)).transpose()?;
        if let Some(new) = &inputs
            && !self.has_same_rules(&site, new)
        {
            return Ok(None);
        }
        self.is_inconsistent.store(true, Ordering::Relaxed);
        let topics = &self.inputs.topics;
        let mut scan = contents.scan(&site, cache, topics, &changed.contents)?;
        let mut raw = None;
        if changed.raw || changed.inputs || scan.is_import_affected {
            let vanished = vanished::settle(&mut contents, &mut scan, &site, cache, topics)?;
            let scope = load::ImportScope {
                vanished,
                ..load::ImportScope::default()
            };
            let result = load::import_new(&site, cache, topics, &mut contents, scope, NO_PROGRESS)?;
            raw = Some((result.imported.diagnostics(), result.raw));
            scan.add(result.scan);
        }
        let mut changes = scan.changes;
        if let Some(new) = &inputs {
            let (before, now) = (&self.inputs.theme.statics, &new.theme.statics);
            changes.extend(static_files::changes(before, now));
        }
        Ok(Some(PendingChanges {
            site,
            inputs,
            changes,
            raw,
            began,
        }))
    }

    /// Applies changes, and returns which pages may differ.
    pub fn apply(&mut self, pending: PendingChanges) -> Touched {
        let PendingChanges {
            site,
            inputs,
            changes,
            raw,
            began,
        } = pending;
        let mut is_all = false;
        if let Some(new) = inputs {
            is_all = new.digest != self.inputs.digest;
            (self.inputs, self.site) = (new, site);
        }
        if let Some((imported, raw)) = raw {
            (self.imported, self.raw) = (imported, raw);
        }
        self.values = PageValues::new(&self.site.settings, &self.inputs.theme);
        let Self {
            library,
            links,
            site,
            values,
            ..
        } = self;
        let touched = organize::apply_changes(library, links, changes, &site.settings, values);
        self.began = began;
        *self.is_inconsistent.get_mut() = false;
        if is_all {
            self.links = LinkIndex::of(&self.view());
            return Touched::All;
        }
        Touched::Some(touched)
    }

    /// Whether the Library would be organized in the same way with other inputs.
    fn has_same_rules(&self, site: &Site, new: &Inputs) -> bool {
        let rules = |site: &Site, inputs: &Inputs| {
            organize::rules(&site.settings, &inputs.topics.definitions)
        };
        new.topics.digest == self.inputs.topics.digest
            && rules(site, new) == rules(&self.site, &self.inputs)
    }
}
