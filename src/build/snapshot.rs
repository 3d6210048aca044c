//! A site that is read and put in order: all that is needed to render any of its pages, and to follow its changes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::changes::{Changed, Touched};
use super::content_index::ContentIndex;
use super::inputs::Inputs;
use super::link_index::LinkIndex;
use super::load::{self, Loaded};
use super::organize::{self, Organized};
use super::pages::{Page, PageKey, PageValues, View};
use super::static_files;
use crate::cache::{BuildState, Cache};
use crate::diagnostics::{Diagnostic, Result};
use crate::model::{Change, Library, SetHash};
use crate::progress::UNSEEN;
use crate::site::Site;

/// A site as it was at one time.
pub struct SiteSnapshot {
    pub site: Site,
    pub inputs: Inputs,
    contents: Mutex<ContentIndex>,
    pub library: Library,
    links: LinkIndex,
    /// Made anew with each change: they hold what pages show of many articles.
    values: PageValues,
    /// What the last import said.
    pub imported: Vec<Diagnostic>,
    /// What `raw/` held, as its listing said.
    pub raw: SetHash,
    /// When reading it began, by the clock of the file system.
    pub began: i64,
    /// Whether changes were read and not applied, so that all has to be read again.
    is_torn: AtomicBool,
}

/// Changes that are read from disk and not applied yet.
pub struct PendingChanges {
    site: Site,
    inputs: Option<Inputs>,
    changes: Vec<Change>,
    /// What the last import said and what `raw/` holds, if it was looked at.
    raw: Option<(Vec<Diagnostic>, SetHash)>,
    began: i64,
}

impl SiteSnapshot {
    /// Puts a site that was read in order. `state` is what the output was last made from.
    pub fn organize(loaded: Loaded, state: Option<&BuildState>) -> (Self, Touched) {
        let Loaded {
            site,
            inputs,
            mut contents,
            before,
            looked,
            imported,
            raw,
            began,
            ..
        } = loaded;
        let (mut before, mut since) = contents.recall(before, looked.changes);
        let statics = &inputs.theme.statics;
        match state.filter(|state| state.inputs == inputs.digest) {
            Some(state) if before.is_some() => {
                let then = static_files::as_last_built(state, statics);
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
            is_torn: AtomicBool::new(false),
        };
        (snapshot, touched)
    }

    /// Reads a site as it is, and imports nothing.
    ///
    /// # Errors
    /// Where settings, topics, theme or a template are wrong, or the machine refuses; never for an article.
    pub fn read(site: Site, cache: &mut Cache) -> Result<Self> {
        let began = cache.file_system_time()?;
        let inputs = Inputs::read(&site)?;
        let loaded = Loaded::without_import(site, inputs, cache, began)?;
        Ok(Self::organize(loaded, None).0)
    }

    /// Reads a site, after importing what is new.
    ///
    /// # Errors
    /// As [`SiteSnapshot::read`].
    pub fn current(site: Site, cache: &mut Cache) -> Result<Self> {
        let began = cache.file_system_time()?;
        let inputs = Inputs::read(&site)?;
        let loaded = Loaded::of(site, inputs, cache, None, began, UNSEEN)?;
        Ok(Self::organize(loaded, None).0)
    }

    /// All that pages are made from.
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
    /// If a template asks for a value that it is not given, or a file was removed since it was scanned.
    pub fn render(&self, key: &PageKey, page: &Page) -> Result<Vec<u8>> {
        self.inputs.renderer.render(&self.view(), key, page)
    }

    /// The files of `content/`. Rendering does not use them, so that they can be read while pages are rendered.
    pub fn contents(&self) -> MutexGuard<'_, ContentIndex> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is wrong with the content; the rest of it is here.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = self.contents().problems().cloned().collect();
        found.extend(organize::diagnostics(&self.library, &self.links));
        found
    }

    /// Reads what changed and applies it. `site` has the present settings. `None` if so much changed that the snapshot
    /// has to be read anew.
    ///
    /// # Errors
    /// As [`SiteSnapshot::read`]; the snapshot is then as it was before, and the same changes have to be given again.
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
        if self.is_torn.load(Ordering::Relaxed) || !contents.is_current() {
            return Ok(None);
        }
        let began = cache.file_system_time()?;
        let inputs = changed.inputs.then(|| Inputs::read(&site)).transpose()?;
        if let Some(new) = &inputs
            && !self.has_same_order(&site, new)
        {
            return Ok(None);
        }
        self.is_torn.store(true, Ordering::Relaxed);
        let topics = &self.inputs.topics;
        let mut looked = contents.look(&site, cache, topics, &changed.contents)?;
        let mut raw = None;
        if changed.raw || changed.inputs || looked.is_import_affected {
            let arrived = load::bring_in(&site, cache, topics, &mut contents, None, UNSEEN)?;
            raw = Some((arrived.imported.diagnostics(), arrived.raw));
            looked.add(arrived.looked);
        }
        let mut changes = looked.changes;
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
        let touched = organize::take_in(library, links, changes, &site.settings, values);
        self.began = began;
        *self.is_torn.get_mut() = false;
        if is_all {
            self.links = LinkIndex::of(&self.view());
            return Touched::All;
        }
        Touched::Some(touched)
    }

    /// Whether the Library would be put in the same order with other inputs.
    fn has_same_order(&self, site: &Site, new: &Inputs) -> bool {
        let rules = |site: &Site, inputs: &Inputs| {
            organize::rules(&site.settings, &inputs.topics.definitions)
        };
        new.topics.digest == self.inputs.topics.digest
            && rules(site, new) == rules(&self.site, &self.inputs)
    }
}
