//! A build in parts, for archives that are too large for one machine, in four steps that any scheduler can run:
//!
//! ```text
//! --shard I/N ─ part of content/ ─▶ cards-I-of-N ─┐
//!                                    --merge ─────┴▶ cards ─┐
//! --shard I/N --render ─ the part's articles ─▶ pages-I-of-N ─┐
//!                                    --finish ────────────────┴▶ public/
//! ```
//!
//! Each step reads the files that earlier steps wrote into a shared folder or object store, and writes the same bytes on
//! every machine and in every run. A page that a part rendered has its fingerprint beside it, so the last step is an
//! ordinary build: it uses such a page if it computes the same fingerprint, and renders all others.

mod exchange;
mod read_files;
mod rendered_pages;

use crate::model::BuildPart;
pub use exchange::Exchange;
pub use rendered_pages::RenderedPages;

use rayon::prelude::*;

use super::content_index::ContentIndex;
use super::feed_bodies::FeedBodies;
use super::load::Loaded;
use super::output_scan::OutputScan;
use super::pages::PageKey;
use super::read_file::ReadFile;
use super::render_pass::OutputContext;
use super::snapshot::SiteSnapshot;
use super::{BuildReport, Inputs, fingerprint, plan, report, write};
use crate::cache::Cache;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::{self, Source};
use crate::model::subject::Subject;
use crate::progress::Progress;
use crate::site::{Site, TOPICS};

/// What a step of the build did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepSummary {
    /// Files of `content/` that were read.
    pub files: usize,
    /// Pages that were rendered.
    pub pages: usize,
}

/// Files that a thread takes at once.
const BATCH: usize = 64;

/// Reads the articles of one part.
///
/// # Errors
/// If settings, topics or theme are invalid, or a file cannot be read or written; never for an article.
pub fn read(site: &Site, part: BuildPart, exchange: &Exchange) -> Result<StepSummary> {
    require_topics(site)?;
    let inputs = Inputs::read(site)?;
    let all = files::list(&site.content())?;
    let own: Vec<&Source> = all.iter().filter(|s| part.contains(&s.file)).collect();
    let matcher = &inputs.topics.matcher;
    let read = own.par_iter().with_max_len(BATCH);
    let read: Vec<ReadFile> = read.map(|source| ReadFile::read(source, matcher)).collect();
    read_files::put(
        exchange,
        &read_files::name(part),
        &inputs.digest,
        part,
        read,
    )?;
    Ok(StepSummary {
        files: own.len(),
        pages: 0,
    })
}

/// Merges what all parts read.
///
/// # Errors
/// If a part is missing, or was read with other settings.
pub fn merge(site: &Site, exchange: &Exchange) -> Result<StepSummary> {
    let inputs = Inputs::read(site)?;
    let parts = exchange.parts("cards")?;
    let read = parts
        .into_iter()
        .map(|part| read_files::get(exchange, &read_files::name(part), &inputs.digest));
    let mut all: Vec<ReadFile> = read
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    all.sort_unstable_by(|a, b| a.file.cmp(&b.file));
    let files = all.len();
    read_files::put(
        exchange,
        read_files::ALL,
        &inputs.digest,
        BuildPart::WHOLE,
        all,
    )?;
    Ok(StepSummary { files, pages: 0 })
}

/// Renders the articles of one part.
///
/// # Errors
/// If the parts are not merged, or a template uses a value that is not in its context.
pub fn render(
    site: Site,
    part: BuildPart,
    exchange: &Exchange,
    progress: Progress<'_>,
) -> Result<StepSummary> {
    let folder =
        tempfile::tempdir().map_err(|e| Diagnostic::io(site.root(), "create a folder", &e))?;
    let mut cache = Cache::in_folder(folder.path())?;
    let inputs = Inputs::read(&site)?;
    let read = read_files::get(exchange, read_files::ALL, &inputs.digest)?;
    let files = read.iter().filter(|file| part.contains(&file.file)).count();
    let contents = ContentIndex::in_memory(&mut cache);
    let loaded = Loaded::from_shards(site, &cache, inputs, contents, read, None)?;
    let (snapshot, _) = SiteSnapshot::organize(loaded, None);
    let view = snapshot.view();
    let is_own = |key: &&PageKey| match key.subject {
        Subject::Article(article) if key.kind().is_of_one_article() => {
            let file = view.library.file(article);
            file.is_some_and(|file| part.contains(file))
        }
        _ => false,
    };
    let plan = plan::every_page(&view);
    let own: Vec<&PageKey> = plan.keys.iter().filter(is_own).collect();
    let done = std::sync::atomic::AtomicUsize::new(0);
    let feed_bodies = FeedBodies::default();
    let pages = rendered_pages::put(exchange, part, &snapshot.inputs.digest, &own, |key| {
        let Some(page) = key.page(&view) else {
            return Ok(None);
        };
        let renderer = &snapshot.inputs.renderer;
        let fingerprint = fingerprint::of(&page, view.values, renderer, snapshot.began).whole;
        let bytes = renderer.render(&view, key, &page, &feed_bodies)?;
        progress(
            "rendering the part",
            done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1,
            own.len(),
        );
        Ok(fingerprint.map(|fingerprint| (fingerprint, bytes)))
    })?;
    Ok(StepSummary { files, pages })
}

/// Writes the website: the pages that the parts rendered, and all others, which it renders itself.
///
/// # Errors
/// As [`super::build`]; also if `content/` contains other files than the parts read.
pub fn finish(
    site: Site,
    cache: &mut Cache,
    exchange: &Exchange,
    progress: Progress<'_>,
) -> Result<BuildReport> {
    let inputs = Inputs::read(&site)?;
    let read = read_files::get(exchange, read_files::ALL, &inputs.digest)?;
    let pages = RenderedPages::open(exchange, &inputs.digest)?;
    let output = write::Output::open(site.out())?;
    let mut previous = cache.previous_build(&site);
    cache.remove("content");
    let (contents, _) = ContentIndex::open(cache, &inputs.topics, None);
    let listing = files::list(&site.content())?;
    let loaded = Loaded::from_shards(site, cache, inputs, contents, read, Some(listing))?;
    let scan = OutputScan::of(&output, &previous, false)?;
    let (snapshot, touched) = SiteSnapshot::organize(loaded, None);
    let target = OutputContext {
        output: &output,
        scan: &scan,
        elsewhere: Some(&pages),
    };
    let summary =
        super::render_and_write(&snapshot, &touched, target, &mut previous, cache, progress)?;
    Ok(report::of(&snapshot, &previous, summary, cache))
}

/// Topics are proposed from all articles together, and a part has only its own.
fn require_topics(site: &Site) -> Result<()> {
    if site.topics_file().exists() {
        return Ok(());
    }
    let what = "there is no `topics.toml`, and it cannot be proposed from a part of the articles";
    Err(Diagnostic::error(Code::TopicsMissing, TOPICS, what)
        .hint(
            "run `backfile topics discover` once, or create an empty file, before the parts are read",
        )
        .into())
}
