//! The stages of a build: from a folder of raw articles to a website.
//!
//! ```text
//! raw/ ─ import ─▶ content/ ─ scan ─▶ files ─ parse ─▶ entries ─ organize ─▶ Library
//!                                public/ ◀─ write ─ bytes ◀─ render ─ pages ◀─ plan ─┘
//! ```
//!
//! Each stage takes the result of the one before; only this file composes them. The records of the last build make the
//! stages shorter, not different: a first build is one in which everything has changed.

mod bodies;
mod changes;
mod content_index;
mod explain;
mod feed_bodies;
mod fingerprint;
mod inputs;
mod link_index;
mod load;
mod markdown;
mod organize;
mod output_scan;
mod pages;
mod parse;
mod plan;
mod read_file;
mod render;
mod render_pass;
mod report;
pub mod shards;
mod snapshot;
mod static_files;
mod summary;
mod template_functions;
mod theme;
mod up_to_date;
mod value_digest;
pub(crate) mod vanished;
mod write;

pub use changes::{Changed, Scope, Touched};
pub use content_index::ContentIndex;
pub use explain::Explanation;
pub use inputs::{Inputs, TopicSet};
pub(crate) use pages::{NOT_FOUND_PATH, PageContent, PageKey, View};
pub use report::BuildReport;
pub use snapshot::SiteSnapshot;
pub use up_to_date::{WebsiteState, website_state};
pub use write::WriteCounts;

use self::load::{LoadOptions, Loaded};
use self::output_scan::OutputScan;
use self::render_pass::{OutputContext, RenderSummary};
use self::write::Output;
use crate::cache::{Cache, PreviousBuild};
use crate::diagnostics::Result;
use crate::progress::Progress;
use crate::site::Site;

/// The options of a build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Read the whole output again, for example after a power failure.
    pub verify: bool,
    /// The path or URL of a page: the report explains why it was, or was not, rendered.
    pub explain: Option<String>,
    /// Import nothing and propose nothing; it is an error if there is anything to import or to propose.
    pub frozen: bool,
}

/// Brings the website up to date with its sources, in proportion to what changed since the last build.
///
/// # Errors
/// If settings, topics, theme or a template are invalid, or a file cannot be read or written; never for an article. The
/// website is then unchanged.
pub fn build(
    site: Site,
    cache: &mut Cache,
    options: &Options,
    progress: Progress<'_>,
) -> Result<BuildReport> {
    let output = Output::open(site.out())?;
    let began = cache.file_system_time()?;
    let inputs = Inputs::read(&site)?;
    if let Some((state, imported)) =
        up_to_date::since_last(&site, &inputs, &output, cache, options)?
    {
        return Ok(report::unchanged(&state, imported, cache));
    }
    let mut previous = cache.previous_build(&site);
    let position = previous.state.as_ref().map(|state| state.sources);
    let load = LoadOptions {
        position,
        frozen: options.frozen,
    };
    let loaded = Loaded::of(site, inputs, cache, load, began, progress)?;
    let scan = OutputScan::of(&output, &previous, options.verify)?;
    let (imported, proposed, read) = (loaded.imported.clone(), loaded.proposed, loaded.read());
    let (snapshot, touched) = SiteSnapshot::organize(loaded, previous.state.as_ref());
    let page = options.explain.as_deref();
    let before = page.map(|page| explain::previous_page(&previous, page));
    let target = OutputContext {
        output: &output,
        scan: &scan,
        elsewhere: None,
    };
    let summary = render_and_write(&snapshot, &touched, target, &mut previous, cache, progress)?;
    let explained = before.map(|before| explain::explain(&snapshot, &summary, before));
    let report = BuildReport {
        imported,
        proposed,
        read,
        explained,
        ..report::of(&snapshot, &previous, summary, cache)
    };
    // Freeing a large Library takes a while, and a process that is about to end need not wait for it.
    rayon::spawn(move || drop((snapshot, previous)));
    Ok(report)
}

/// Brings the website up to date with a snapshot in memory. `touched` are all subjects that changed since the last build.
///
/// # Errors
/// As [`build`].
pub fn rebuild(
    snapshot: &SiteSnapshot,
    touched: &Touched,
    previous: &mut PreviousBuild,
    cache: &mut Cache,
    progress: Progress<'_>,
) -> Result<BuildReport> {
    previous.refresh();
    let output = Output::open(snapshot.site.out())?;
    let scan = match &previous.state {
        Some(_) => OutputScan::default(),
        None => OutputScan::of(&output, previous, true)?,
    };
    let target = OutputContext {
        output: &output,
        scan: &scan,
        elsewhere: None,
    };
    let summary = render_and_write(snapshot, touched, target, previous, cache, progress)?;
    Ok(report::of(snapshot, previous, summary, cache))
}

/// plan → render → write.
fn render_and_write(
    snapshot: &SiteSnapshot,
    touched: &Touched,
    target: OutputContext<'_>,
    previous: &mut PreviousBuild,
    cache: &Cache,
    progress: Progress<'_>,
) -> Result<RenderSummary> {
    let OutputContext { output, scan, .. } = target;
    let plan = plan::plan(&snapshot.view(), touched, previous, scan);
    previous.start_recording();
    let is_rendered = render_pass::render_changed(snapshot, &plan, previous, target, progress)?;
    previous.set_unfinished()?;
    let counts = output.finish(&plan.obsolete_files(scan, output))?;
    render_pass::record(snapshot, plan, is_rendered, counts, previous, cache)
}
