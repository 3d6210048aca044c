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
pub fn nothing_to_do(made: &BuildState, imported: Imported, cache: &mut Cache) -> Report {
    let report = of_made(made, cache);
    Report {
        diagnostics: sorted([report.diagnostics, imported.diagnostics.clone()].concat()),
        imported,
        ..report
    }
}

/// The report of a build that looked at pages.
pub fn of(
    edition: &SiteSnapshot,
    past: &PreviousBuild,
    printed: RenderSummary,
    cache: &mut Cache,
) -> Report {
    let report = past
        .made
        .as_ref()
        .map(|made| of_made(made, cache))
        .unwrap_or_default();
    Report {
        rendered: printed.rendered(),
        output: printed.counts,
        diagnostics: sorted([report.diagnostics, edition.imported.clone()].concat()),
        ..report
    }
}

fn of_made(made: &BuildState, cache: &mut Cache) -> Report {
    let unpacked = |packed: &Vec<Diagnostic>| packed.iter().cloned().collect::<Vec<_>>();
    Report {
        articles: made.articles as usize,
        topics: made.topics as usize,
        authors: made.authors as usize,
        drafts: made.drafts as usize,
        pages: made.pages.count() as usize,
        diagnostics: [
            std::mem::take(&mut cache.warnings),
            unpacked(&made.diagnostics),
            unpacked(&made.clashes),
        ]
        .concat(),
        ..Report::default()
    }
}

fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort();
    diagnostics
}
