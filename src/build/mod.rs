//! The program's story: a folder of raw articles in, a website out.
//!
//! ```text
//! raw/ ─ import ─▶ content/ ─ scan ─▶ files ─ parse ─▶ entries ─ organize ─▶ Library
//!                                public/ ◀─ write ─ bytes ◀─ render ─ pages ◀─ plan ─┘
//! ```
//!
//! Each stage takes what the one before gives; only this file puts them together. What the last build knew makes every
//! stage short, and none of them different: a first build is one that finds nothing as it was before.

mod content_index;
mod explain;
mod fingerprint;
mod inputs;
mod load;
mod markdown;
mod organize;
mod output_scan;
mod pages;
mod parse;
mod plan;
mod render;
mod render_pass;
mod report;
pub mod shards;
mod snapshot;
mod summary;
mod theme;
mod up_to_date;
mod write;

pub use content_index::{ContentIndex, Scope};
pub use explain::Explanation;
pub use inputs::{Inputs, TopicSet};
pub use load::Loaded;
pub use pages::{Key, View};
pub use report::Report;
pub use snapshot::{Changed, SiteSnapshot, Touched};
pub use up_to_date::{State, state};
pub use write::Counts;

use crate::cache::{Cache, PreviousBuild};
use crate::diagnostics::Result;
use crate::progress::Progress;
use crate::site::Site;

/// What a person asked of a build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Read the whole output again, as after a power cut.
    pub verify: bool,
    /// The path of a page whose making is to be explained.
    pub explain: Option<String>,
}

/// Brings the website up to date with its sources, in proportion to what changed since the last time.
///
/// # Errors
/// Where settings, topics, theme or a template are wrong, or the machine refuses; never for an article. The website is
/// then as it was before.
pub fn build(
    site: Site,
    cache: &mut Cache,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Report> {
    let output = write::Output::open(site.out())?;
    if let Some((made, imported)) = up_to_date::since_last(&site, &output, cache, options)? {
        return Ok(report::nothing_to_do(&made, imported, cache));
    }
    let mut past = cache.past(&site);
    let intake = Loaded::of(
        site,
        cache,
        past.made.as_ref().map(|made| made.sources),
        progress,
    )?;
    let survey = output_scan::of(&output, &past, options.verify)?;
    let (imported, proposed, read) = (intake.imported.clone(), intake.proposed, intake.read());
    let (edition, touched) = intake.organize(past.made.as_ref());
    let before = options
        .explain
        .as_deref()
        .map(|path| explain::before(&past, path));
    let plates = render_pass::OutputContext {
        output: &output,
        survey: &survey,
        packs: None,
    };
    let printed = publish(&edition, &touched, plates, &mut past, cache, progress)?;
    let explained = before.map(|before| explain::explain(&edition, &printed, before));
    let report = Report {
        imported,
        proposed,
        read,
        explained,
        ..report::of(&edition, &past, printed, cache)
    };
    // Freeing a large Library takes a while, and a program that ends need not wait for it.
    rayon::spawn(move || drop((edition, past)));
    Ok(report)
}

/// Brings the website up to date with an edition that is kept in memory, of which `touched` is all that changed.
///
/// # Errors
/// As [`build`].
pub fn rebuild(
    edition: &SiteSnapshot,
    touched: &Touched,
    past: &mut PreviousBuild,
    cache: &mut Cache,
    progress: Progress<'_>,
) -> Result<Report> {
    past.refresh();
    let output = write::Output::open(edition.site.out())?;
    let survey = match &past.made {
        Some(_) => output_scan::OutputScan::default(),
        None => output_scan::of(&output, past, true)?,
    };
    let plates = render_pass::OutputContext {
        output: &output,
        survey: &survey,
        packs: None,
    };
    let printed = publish(edition, touched, plates, past, cache, progress)?;
    Ok(report::of(edition, past, printed, cache))
}

/// plan → render → write.
fn publish(
    edition: &SiteSnapshot,
    touched: &Touched,
    plates: render_pass::OutputContext<'_>,
    past: &mut PreviousBuild,
    cache: &Cache,
    progress: Progress<'_>,
) -> Result<render_pass::RenderSummary> {
    let view = edition.view();
    let render_pass::OutputContext { output, survey, .. } = plates;
    let plan = plan::plan(&view, touched, past, survey);
    past.start();
    let is_rendered = render_pass::print(&view, edition, &plan, past, plates, progress)?;
    past.begin()?;
    let gone = survey.gone(&plan, output);
    let counts = output.finish(&gone)?;
    render_pass::keep(edition, plan, is_rendered, counts, past, cache)
}
