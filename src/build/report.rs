//! What a build tells of itself.

use super::explain::Explanation;
use super::render_pass::RenderSummary;
use super::snapshot::SiteSnapshot;
use super::write::Counts;
use crate::cache::{BuildState, Cache, PreviousBuild};
use crate::diagnostics::Diagnostic;
use crate::import::Imported;

/// What a build did.
#[derive(Debug, Default)]
pub struct Report {
    pub imported: Imported,
    /// How many topics were proposed, where there was no `topics.toml`.
    pub proposed: Option<usize>,
    pub articles: usize,
    pub topics: usize,
    pub authors: usize,
    pub drafts: usize,
    /// Pages of the website, whether or not they were looked at.
    pub pages: usize,
    /// Files of `content/` that were opened.
    pub read: usize,
    /// Pages that went through their template.
    pub rendered: usize,
    pub output: Counts,
    pub diagnostics: Vec<Diagnostic>,
    pub explained: Option<Explanation>,
}

/// The report of a build that found everything as the last one left it.
pub fn nothing_to_do(state: &BuildState, imported: Imported, cache: &mut Cache) -> Report {
    let report = of_state(state, cache);
    Report {
        diagnostics: sorted([report.diagnostics, imported.diagnostics.clone()].concat()),
        imported,
        ..report
    }
}

/// The report of a build that looked at pages.
pub fn of(
    snapshot: &SiteSnapshot,
    previous: &PreviousBuild,
    summary: RenderSummary,
    cache: &mut Cache,
) -> Report {
    let report = previous
        .state
        .as_ref()
        .map(|state| of_state(state, cache))
        .unwrap_or_default();
    Report {
        rendered: summary.rendered(),
        output: summary.counts,
        diagnostics: sorted([report.diagnostics, snapshot.imported.clone()].concat()),
        ..report
    }
}

fn of_state(state: &BuildState, cache: &mut Cache) -> Report {
    Report {
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
        ..Report::default()
    }
}

fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort();
    diagnostics
}
