//! render and write, page by page: pages whose fingerprint is unchanged are skipped, the others are rendered and staged.
//! Knows what to compare; never knows what a page contains.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::feed_bodies::FeedBodies;
use super::fingerprint;
use super::output_scan::OutputScan;
use super::pages::PageKey;
use super::plan::Plan;
use super::snapshot::SiteSnapshot;
use super::static_files;
use super::write::{Output, WriteCounts};
use crate::cache::{BuildState, Cache, PageRecord, PreviousBuild};
use crate::diagnostics::Result;
use crate::model::SetHash;
use crate::model::digest::{Digest, digest};
use crate::progress::Progress;

/// Pages that a thread takes at once. Lists take many times as long as articles, and are adjacent in a plan: with larger
/// batches the last thread worked alone for a sixth of a first build.
const BATCH: usize = 64;

/// Pages that other machines rendered.
pub(crate) trait RenderedElsewhere: Sync {
    /// The bytes of the page at a path, if they were rendered with this fingerprint.
    fn page(&self, path: &str, fingerprint: Option<Digest>) -> Option<Vec<u8>>;
}

/// Where pages are written, and what is there already.
#[derive(Clone, Copy)]
pub(crate) struct OutputContext<'a> {
    pub output: &'a Output,
    pub scan: &'a OutputScan,
    pub elsewhere: Option<&'a dyn RenderedElsewhere>,
}

/// Which pages were rendered, and what was written.
#[derive(Debug)]
pub(crate) struct RenderSummary {
    /// The pages of the plan, sorted by path.
    keys: Vec<PageKey>,
    /// For each of them, whether it was rendered.
    is_rendered: Vec<bool>,
    pub counts: WriteCounts,
}

impl RenderSummary {
    /// How many pages were rendered.
    pub(crate) fn rendered(&self) -> usize {
        self.is_rendered.iter().filter(|is| **is).count()
    }

    /// Whether the page at a path was rendered.
    pub(crate) fn is_rendered(&self, path: &str) -> bool {
        let at = self
            .keys
            .binary_search_by(|key| key.path.as_str().cmp(path));
        at.is_ok_and(|at| self.is_rendered[at])
    }
}

/// Renders the pages of a plan whose fingerprints differ, stages those whose bytes differ, and records the new state of each.
/// Returns for each page whether it was rendered.
///
/// # Errors
/// If a template uses a value that is not in its context, or a page cannot be written.
pub(crate) fn render_changed(
    snapshot: &SiteSnapshot,
    plan: &Plan,
    previous: &PreviousBuild,
    target: OutputContext<'_>,
    progress: Progress<'_>,
) -> Result<Vec<bool>> {
    let done = AtomicUsize::new(0);
    let feed_bodies = FeedBodies::default();
    let render = |key: &PageKey| -> Result<bool> {
        let is_rendered = render_page(snapshot, key, previous, target, &feed_bodies)?;
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        progress("checking pages", done, plan.keys.len());
        Ok(is_rendered)
    };
    let keys = plan.keys.par_iter().with_max_len(BATCH);
    keys.map(render).collect()
}

fn render_page(
    snapshot: &SiteSnapshot,
    key: &PageKey,
    previous: &PreviousBuild,
    target: OutputContext<'_>,
    feed_bodies: &FeedBodies,
) -> Result<bool> {
    let OutputContext {
        output,
        scan,
        elsewhere,
    } = target;
    let view = snapshot.view();
    let known = previous
        .page(&key.path)
        .filter(|_| !scan.is_broken(&key.path));
    let Some(page) = key.page(&view) else {
        // A file that it depends on was removed between planning and rendering.
        previous.record(&key.path, None)?;
        return Ok(false);
    };
    let renderer = &snapshot.inputs.renderer;
    let fingerprint = fingerprint::of(&page, view.values, renderer, snapshot.began);
    let owner = view.owner(&key.subject);
    if let Some(known) = &known
        && fingerprint.whole.is_some()
        && known.fingerprint == fingerprint.whole
    {
        if known.owner != owner {
            let known = known.clone();
            previous.record(&key.path, Some(PageRecord { owner, ..known }))?;
        }
        return Ok(false);
    }
    let rendered_elsewhere =
        elsewhere.and_then(|elsewhere| elsewhere.page(&key.path, fingerprint.whole));
    let is_rendered = rendered_elsewhere.is_none();
    let bytes = match rendered_elsewhere {
        Some(bytes) => bytes,
        None => renderer.render(&view, key, &page, feed_bodies)?,
    };
    let digest = digest(&bytes);
    let is_same = match known {
        Some(known) => known.digest == digest,
        None => scan.is_foreign(&key.path) && output.has(&key.path, &bytes),
    };
    if !is_same {
        output.put(&key.path, &bytes)?;
    }
    let record = PageRecord {
        owner,
        fingerprint: fingerprint.whole,
        digest,
        size: bytes.len() as u64,
        class: key.class(&page),
        inputs: fingerprint.inputs,
    };
    previous.record(&key.path, Some(record))?;
    Ok(is_rendered)
}

/// Records the result of the build for the next one.
///
/// # Errors
/// If the cache cannot be written.
pub(crate) fn record(
    snapshot: &SiteSnapshot,
    plan: Plan,
    is_rendered: Vec<bool>,
    counts: WriteCounts,
    previous: &mut PreviousBuild,
    cache: &Cache,
) -> Result<RenderSummary> {
    let library = &snapshot.library;
    let diagnostics = snapshot.diagnostics();
    let contents = snapshot.contents();
    let state = BuildState {
        inputs: snapshot.inputs.digest,
        sources: contents.position(),
        statics: static_files::known(&snapshot.inputs.theme.statics, snapshot.site.root()),
        content: contents.set_hash(),
        raw: snapshot.raw,
        pages: SetHash::default(),
        is_settled: false,
        began: snapshot.began,
        ended: cache.file_system_time()?,
        articles: library.len() as u64,
        topics: library.topics().len() as u64,
        authors: library.authors().len() as u64,
        drafts: contents.drafts() as u64,
        diagnostics,
        has_folder_conflict: plan.has_folder_conflict,
        clashes: plan.clashes_since(previous.state.as_ref()),
    };
    drop(contents);
    plan.removed
        .iter()
        .try_for_each(|path| previous.record(path, None))?;
    previous.commit(state)?;
    Ok(RenderSummary {
        keys: plan.keys,
        is_rendered,
        counts,
    })
}
