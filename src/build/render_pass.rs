//! render and write, page by page: what is as it was is passed over, what differs is put beside the website.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::fingerprint;
use super::output_scan::OutputScan;
use super::pages::{Key, View};
use super::plan::Plan;
use super::shards::Packs;
use super::snapshot::SiteSnapshot;
use super::write::{Counts, Output};
use crate::cache::{BuildState, Cache, PageRecord, PreviousBuild};
use crate::diagnostics::Result;
use crate::model::SetHash;
use crate::model::digest::digest;
use crate::progress::Progress;

/// Pages that a thread takes at once. Lists cost many times what articles do, and stand together in a plan: in larger
/// shares the last thread was alone with them for a sixth of a first build.
const SHARE: usize = 64;

/// Where pages go, and what is there already.
#[derive(Clone, Copy)]
pub struct OutputContext<'a> {
    pub output: &'a Output,
    pub survey: &'a OutputScan,
    /// Pages that other machines rendered.
    pub packs: Option<&'a Packs>,
}

/// What was printed.
#[derive(Debug)]
pub struct RenderSummary {
    /// The pages that were looked at, sorted by path.
    keys: Vec<Key>,
    /// For each of them, whether it went through its template.
    is_rendered: Vec<bool>,
    pub counts: Counts,
}

impl RenderSummary {
    /// How many pages went through their templates.
    pub fn rendered(&self) -> usize {
        self.is_rendered.iter().filter(|is| **is).count()
    }

    /// Whether the page at a path went through its template.
    pub fn is_rendered(&self, path: &str) -> bool {
        let at = self
            .keys
            .binary_search_by(|key| key.path.as_str().cmp(path));
        at.is_ok_and(|at| self.is_rendered[at])
    }
}

/// Renders the pages of a plan whose fingerprints differ, puts those whose bytes differ into the output, and notes what
/// they are now. Says for each whether it was rendered.
///
/// # Errors
/// Where a template asks for what it is not handed, or the disk is full.
pub fn print(
    view: &View<'_>,
    edition: &SiteSnapshot,
    plan: &Plan,
    past: &PreviousBuild,
    plates: OutputContext<'_>,
    progress: Progress<'_>,
) -> Result<Vec<bool>> {
    let done = AtomicUsize::new(0);
    let sheet = |key: &Key| -> Result<bool> {
        let is_rendered = sheet(view, edition, key, past, plates)?;
        progress(
            "looking at pages",
            done.fetch_add(1, Ordering::Relaxed) + 1,
            plan.keys.len(),
        );
        Ok(is_rendered)
    };
    let keys = plan.keys.par_iter().with_max_len(SHARE);
    keys.map(sheet).collect()
}

fn sheet(
    view: &View<'_>,
    edition: &SiteSnapshot,
    key: &Key,
    past: &PreviousBuild,
    plates: OutputContext<'_>,
) -> Result<bool> {
    let OutputContext {
        output,
        survey,
        packs,
    } = plates;
    let known = past
        .page(&key.path)
        .filter(|_| !survey.is_broken(&key.path));
    let Some(page) = key.page(view) else {
        // It went away between planning and rendering.
        past.note(&key.path, None)?;
        return Ok(false);
    };
    let renderer = &edition.inputs.renderer;
    let made_from = fingerprint::of(&page, view, renderer, edition.began);
    let owner = view.owner(&key.subject);
    if let Some(known) = &known
        && made_from.whole.is_some()
        && known.fingerprint == made_from.whole
    {
        if known.owner != owner {
            let known = known.clone();
            past.note(&key.path, Some(PageRecord { owner, ..known }))?;
        }
        return Ok(false);
    }
    let printed = packs.and_then(|packs| packs.page(&key.path, made_from.whole));
    let is_rendered = printed.is_none();
    let bytes = match printed {
        Some(bytes) => bytes,
        None => renderer.render(&page)?,
    };
    let digest = digest(&bytes);
    let is_same = match known {
        Some(known) => known.digest == digest,
        None => survey.is_foreign(&key.path) && output.has(&key.path, &bytes),
    };
    if !is_same {
        output.put(&key.path, &bytes)?;
    }
    let record = PageRecord {
        owner,
        fingerprint: made_from.whole,
        digest,
        size: bytes.len() as u64,
        class: key.class(&page),
        inputs: made_from.inputs,
    };
    past.note(&key.path, Some(record))?;
    Ok(is_rendered)
}

/// Keeps what was made, for the next build.
///
/// # Errors
/// Where the cache cannot be written.
pub fn keep(
    edition: &SiteSnapshot,
    plan: Plan,
    is_rendered: Vec<bool>,
    counts: Counts,
    past: &mut PreviousBuild,
    cache: &Cache,
) -> Result<RenderSummary> {
    let library = &edition.library;
    let diagnostics = edition.diagnostics();
    let made = BuildState {
        inputs: edition.inputs.digest,
        sources: edition.contents().mark(),
        statics: super::load::statics(&edition.inputs.theme.statics),
        content: edition.contents().sum(),
        raw: edition.raw,
        pages: SetHash::default(),
        is_settled: false,
        began: edition.began,
        ended: cache.tick()?,
        articles: library.len() as u64,
        topics: library.topics().len() as u64,
        authors: library.authors().len() as u64,
        drafts: edition.contents().drafts() as u64,
        diagnostics: diagnostics.iter().cloned().collect(),
        is_tangled: plan.is_tangled,
        clashes: plan.clashes_with(past.made.as_ref()),
    };
    plan.gone
        .iter()
        .try_for_each(|path| past.note(path, None))?;
    past.end(made)?;
    Ok(RenderSummary {
        keys: plan.keys,
        is_rendered,
        counts,
    })
}
