//! A site that is read and put in order: all that is needed to render any of its pages, and to follow its changes.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::content_index::{ContentIndex, Scope};
use super::inputs::Inputs;
use super::load::{self, Loaded};
use super::organize;
use super::pages::{SharedValues, View};
use crate::cache::Cache;
use crate::diagnostics::{Diagnostic, Result};
use crate::model::page::Subject;
use crate::model::{Change, Library, SetHash};
use crate::progress::UNSEEN;
use crate::site::Site;

/// A site as it was at one time.
pub struct SiteSnapshot {
    pub site: Site,
    pub inputs: Inputs,
    contents: Mutex<ContentIndex>,
    pub library: Library,
    /// What the last import said.
    pub imported: Vec<Diagnostic>,
    /// What `raw/` held, as its listing said.
    pub raw: SetHash,
    /// When reading it began, by the clock of the file system.
    pub began: i64,
    /// Whether changes were read and not applied, so that all has to be read again.
    is_torn: AtomicBool,
    /// Made when the first page is rendered.
    values: OnceLock<SharedValues>,
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

/// Which pages may differ from before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    All,
    Some(BTreeSet<Subject>),
}

/// What changed on disk, as far as somebody saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub contents: Scope,
    pub raw: bool,
    /// Settings, topics, theme, templates or static files.
    pub inputs: bool,
}

impl Default for Changed {
    fn default() -> Self {
        Self {
            contents: Scope::Paths(BTreeSet::new()),
            raw: false,
            inputs: false,
        }
    }
}

impl Changed {
    /// Anything may have.
    pub fn all() -> Self {
        Self {
            contents: Scope::All,
            raw: true,
            inputs: true,
        }
    }

    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Both.
    pub fn add(&mut self, other: Self) {
        self.raw |= other.raw;
        self.inputs |= other.inputs;
        match (&mut self.contents, other.contents) {
            (Scope::Paths(files), Scope::Paths(more)) => files.extend(more),
            (contents, _) => *contents = Scope::All,
        }
    }
}

impl SiteSnapshot {
    pub(super) fn new(intake: Loaded, library: Library) -> Self {
        let Loaded {
            site,
            inputs,
            contents,
            imported,
            raw,
            began,
            ..
        } = intake;
        Self {
            site,
            inputs,
            contents: Mutex::new(contents),
            library,
            imported: imported.said(),
            raw,
            began,
            is_torn: AtomicBool::new(false),
            values: OnceLock::new(),
        }
    }

    /// Reads a site as it is, and imports nothing.
    ///
    /// # Errors
    /// Where settings, topics, theme or a template are wrong, or the machine refuses; never for an article.
    pub fn read(site: Site, cache: &mut Cache) -> Result<Self> {
        Ok(Loaded::without_import(site, cache)?.organize(None).0)
    }

    /// Reads a site, after importing what is new.
    ///
    /// # Errors
    /// As [`SiteSnapshot::read`].
    pub fn current(site: Site, cache: &mut Cache) -> Result<Self> {
        Ok(Loaded::of(site, cache, None, UNSEEN)?.organize(None).0)
    }

    /// All that pages are made from.
    pub fn view(&self) -> View<'_> {
        let (settings, theme) = (&self.site.settings, &self.inputs.theme);
        let make = || SharedValues::new(settings, theme);
        View::new(&self.library, settings, self.values.get_or_init(make))
    }

    /// The files of `content/`. Rendering does not use them, so that they can be read while pages are rendered.
    pub fn contents(&self) -> MutexGuard<'_, ContentIndex> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is wrong with the content; the rest of it is here.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = self.contents().problems().cloned().collect();
        found.extend(organize::diagnostics(&self.library));
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
        let began = cache.tick()?;
        let inputs = changed.inputs.then(|| Inputs::read(&site)).transpose()?;
        let is_same_order = inputs.as_ref().is_none_or(|new| {
            let rules = |site: &Site, inputs: &Inputs| {
                format!(
                    "{:?}",
                    organize::rules(&site.settings, &inputs.subjects.definitions)
                )
            };
            new.subjects.digest == self.inputs.subjects.digest
                && rules(&site, new) == rules(&self.site, &self.inputs)
        });
        if !is_same_order {
            return Ok(None);
        }
        self.is_torn.store(true, Ordering::Relaxed);
        let subjects = &self.inputs.subjects;
        let mut looked = contents.look(&site, cache, subjects, &changed.contents)?;
        let mut raw = None;
        if changed.raw || changed.inputs || looked.is_shelf_changed {
            let arrived = load::bring_in(&site, cache, subjects, &mut contents, None, UNSEEN)?;
            raw = Some((arrived.imported.said(), arrived.raw));
            looked.add(arrived.looked);
        }
        let mut changes = looked.changes;
        if let Some(new) = &inputs {
            let (before, now) = (&self.inputs.theme.statics, &new.theme.statics);
            changes.extend(organize::statics(before, now));
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
        let touched = self.library.apply(changes);
        self.began = began;
        self.values = OnceLock::new();
        *self.is_torn.get_mut() = false;
        match is_all {
            true => Touched::All,
            false => Touched::Some(touched),
        }
    }
}
