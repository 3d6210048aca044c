//! A site that is read and put in order: all that is needed to render any of its pages, and to follow its changes.

use std::collections::BTreeSet;

use super::content_index::{ContentIndex, Scope};
use super::inputs::Inputs;
use super::load::{self, Loaded};
use super::organize;
use super::pages::View;
use crate::cache::Cache;
use crate::diagnostics::{Diagnostic, Result};
use crate::model::page::Subject;
use crate::model::{Library, SetHash};
use crate::progress::UNSEEN;
use crate::site::Site;

/// A site as it was at one time.
pub struct SiteSnapshot {
    pub site: Site,
    pub inputs: Inputs,
    pub contents: ContentIndex,
    pub library: Library,
    /// What the last import said.
    pub imported: Vec<Diagnostic>,
    /// What `raw/` held, as its listing said.
    pub raw: SetHash,
    /// When reading it began, by the clock of the file system.
    pub began: i64,
    /// Whether a refresh ended in the middle, so that all has to be read again.
    is_torn: bool,
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
            contents,
            library,
            imported: imported.said(),
            raw,
            began,
            is_torn: false,
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
        View::new(&self.library, &self.site.settings, &self.inputs.theme)
    }

    /// What is wrong with the content; the rest of it is here.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = self.contents.problems().cloned().collect();
        found.extend(organize::diagnostics(&self.library));
        found
    }

    /// Takes in what changed. `site` is the site with its settings as they are now. None where so much changed that the
    /// edition has to be read anew.
    ///
    /// # Errors
    /// As [`SiteSnapshot::read`]; the edition is then as it was before, and what changed has to be told again.
    pub fn refresh(
        &mut self,
        site: Site,
        cache: &mut Cache,
        changed: &Changed,
    ) -> Result<Option<Touched>> {
        if self.is_torn || !self.contents.is_current() {
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
        self.is_torn = true;
        let mut looked =
            self.contents
                .look(&site, cache, &self.inputs.subjects, &changed.contents)?;
        if changed.raw || changed.inputs || looked.is_shelf_changed {
            let arrived = load::bring_in(
                &site,
                cache,
                &self.inputs.subjects,
                &mut self.contents,
                None,
                UNSEEN,
            )?;
            self.imported = arrived.imported.said();
            self.raw = arrived.raw;
            looked.add(arrived.looked);
        }
        let mut changes = looked.changes;
        let mut is_all = false;
        if let Some(new) = inputs {
            is_all = new.digest != self.inputs.digest;
            changes.extend(organize::statics(
                &self.inputs.theme.statics,
                &new.theme.statics,
            ));
            (self.inputs, self.site) = (new, site);
        }
        let touched = self.library.apply(changes);
        (self.began, self.is_torn) = (began, false);
        Ok(Some(if is_all {
            Touched::All
        } else {
            Touched::Some(touched)
        }))
    }
}
