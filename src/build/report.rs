//! The report of a build: what was read, rendered, written and removed, and every diagnostic.

use super::explain::Explanation;
use super::render_pass::RenderSummary;
use super::snapshot::SiteSnapshot;
use super::write::WriteCounts;
use crate::cache::{BuildState, Cache, PreviousBuild};
use crate::diagnostics::Diagnostic;
use crate::import::Imported;

/// What a build did.
#[derive(Debug, Default)]
pub struct BuildReport {
    pub imported: Imported,
    /// How many topics were proposed; `None` if there was a `topics.toml`.
    pub proposed: Option<usize>,
    pub articles: usize,
    pub topics: usize,
    pub authors: usize,
    pub drafts: usize,
    /// Pages of the website.
    pub pages: usize,
    /// Files of `content/` that were opened.
    pub read: usize,
    /// Pages that were rendered.
    pub rendered: usize,
    pub output: WriteCounts,
    pub diagnostics: Vec<Diagnostic>,
    pub explained: Option<Explanation>,
}

/// The report of a build in which nothing changed since the last one.
pub(crate) fn unchanged(state: &BuildState, imported: Imported, cache: &mut Cache) -> BuildReport {
    let report = of_state(state, cache);
    BuildReport {
        diagnostics: sorted([report.diagnostics, imported.diagnostics.clone()].concat()),
        imported,
        ..report
    }
}

/// The report of a build with a plan.
pub(crate) fn of(
    snapshot: &SiteSnapshot,
    previous: &PreviousBuild,
    summary: RenderSummary,
    cache: &mut Cache,
) -> BuildReport {
    let report = previous
        .state
        .as_ref()
        .map(|state| of_state(state, cache))
        .unwrap_or_default();
    BuildReport {
        rendered: summary.rendered(),
        output: summary.counts,
        diagnostics: sorted([report.diagnostics, snapshot.imported.clone()].concat()),
        ..report
    }
}

fn of_state(state: &BuildState, cache: &mut Cache) -> BuildReport {
    BuildReport {
        articles: state.articles as usize,
        topics: state.topics as usize,
        authors: state.authors as usize,
        drafts: state.drafts as usize,
        pages: state.pages.count() as usize,
        diagnostics: [
            std::mem::take(&mut cache.warnings),
            state.diagnostics.clone(),
            state.clashes.clone(),
        ]
        .concat(),
        ..BuildReport::default()
    }
}

fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort();
    diagnostics
}
