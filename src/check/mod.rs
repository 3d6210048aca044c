//! The website as the last build left it, looked at as readers, robots and hosts will.
//!
//! ```text
//! the build's table ─▶ website ─ read ─▶ records ─▶ broken links, feeds, sitemaps
//!                         ├────▶ names of files, limits of hosts
//! what was published ─────┴────▶ lost addresses ─▶ aliases, where that is asked for
//! ```
//!
//! A record says of a file what it has to do with others, and the cache keeps it: a second check reads what changed.

mod aliases;
mod broken;
pub mod broken_permalinks;
mod changed;
mod external;
mod findings;
mod fix;
mod hosts;
mod html;
mod links;
mod page_facts;
mod paths;
mod read;
mod website;
mod xml;

use serde::Serialize;

pub use external::Asked;
pub use fix::Fixed;

use crate::build::{self, State};
use crate::cache::Cache;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::progress::{Progress, UNSEEN};
use crate::site::Site;
use broken_permalinks::Lost;
use findings::Findings;
use website::Website;

/// What a person asked of a check.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Ask other hosts too whether what pages link to is still there.
    pub external: bool,
    /// However many such links there are.
    pub all: bool,
    /// Add lost addresses to the `aliases` of their articles.
    pub fix: bool,
    /// The host whose limits hold; those of the settings where none is named.
    pub host: Option<String>,
}

/// What a check saw.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// HTML pages, and their links and those of feeds and sitemaps.
    pub pages: usize,
    pub links: usize,
    /// Files of the website, and their bytes.
    pub files: usize,
    pub bytes: u64,
    /// Files that were opened.
    pub read: usize,
    /// Different links that lead nowhere.
    pub broken: usize,
    pub problems: usize,
    pub warnings: usize,
    /// Addresses that were added to the `aliases` of their articles.
    pub fixed: Vec<Fixed>,
    /// What came of asking other hosts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<Asked>,
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// What is wrong with the website as the last build left it, as far as that is known without the network; and what that
/// build said. `host` names the host whose limits hold.
///
/// # Errors
/// Where no build ended, or the cache cannot be written.
pub fn website(site: &Site, cache: &mut Cache, host: Option<&str>) -> Result<Vec<Diagnostic>> {
    let past = cache.previous_build(site);
    let website = Website::of(site, &past)?;
    let mut findings = Findings::default();
    look(&website, cache, host, UNSEEN, &mut findings)?;
    findings.extend(
        broken_permalinks::find(&website)
            .iter()
            .map(Lost::diagnostic),
    );
    Ok(findings.into_diagnostics())
}

/// Checks the website.
///
/// # Errors
/// As [`website`]; and where a file of `content/` cannot be written that was to be mended.
pub fn run(
    site: &Site,
    cache: &mut Cache,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Report> {
    let state = build::state(site, cache)?;
    if state == State::Unfinished {
        return Err(website::unfinished(site).into());
    }
    let past = cache.previous_build(site);
    let website = Website::of(site, &past)?;
    let mut findings = Findings::default();
    match state {
        State::Behind => findings.push(behind(site)),
        State::Changed => changed::look(&website, &mut findings)?,
        State::Current | State::Unfinished => {}
    }
    let (mut report, outward) = look(
        &website,
        cache,
        options.host.as_deref(),
        progress,
        &mut findings,
    )?;
    let lost = broken_permalinks::find(&website);
    if options.fix {
        report.fixed = fix::fix(site, lost, &mut findings)?;
    } else {
        findings.extend(lost.iter().map(Lost::diagnostic));
    }
    if options.external {
        let asked = external::ask(&website, &outward, options.all, progress, &mut findings)?;
        report.external = Some(asked);
    }
    findings.extend(std::mem::take(&mut cache.warnings));
    let (problems, warnings) = findings.counts();
    Ok(Report {
        problems,
        warnings,
        diagnostics: findings.into_diagnostics(),
        ..report
    })
}

/// All that needs no network and changes nothing; gives also the pages that link to other websites.
fn look(
    website: &Website<'_>,
    cache: &mut Cache,
    host: Option<&str>,
    progress: Progress<'_>,
    findings: &mut Findings,
) -> Result<(Report, Vec<u32>)> {
    hosts::look(website, host, findings);
    let told = website.made.diagnostics.iter().chain(&website.made.clashes);
    findings.extend(told.cloned());
    paths::look(website, findings);
    let read = read::all(website, cache, progress, findings)?;
    let report = Report {
        pages: read.pages,
        links: read.links,
        files: website.files.len(),
        bytes: website.files.iter().map(|file| file.size).sum(),
        read: read.opened,
        broken: read.broken.count(),
        ..Report::default()
    };
    read.broken.tell(website, findings);
    Ok((report, read.outward))
}

fn behind(site: &Site) -> Diagnostic {
    let what = "the sources changed since the website was built";
    Diagnostic::warning(Code::Unclassified, site.shown(site.out()), what)
        .hint("`backfile build` brings it up to date")
}
