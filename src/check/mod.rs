//! Checks the website that the last build wrote, for readers, robots and hosts. Changes nothing but aliases, with `--fix`.
//!
//! ```text
//! the build's table ─▶ website ─ scan ─▶ page facts ─▶ broken links, feeds, sitemaps
//!                         ├────▶ names of files, limits of hosts
//! what was published ─────┴────▶ broken permalinks ─▶ aliases, with `--fix`
//! ```
//!
//! Page facts say how a file depends on others, and the cache keeps them: a second check reads what changed.

mod aliases;
mod broken_links;
pub(crate) mod broken_permalinks;
mod external;
mod file_names;
mod findings;
mod fix;
mod hosts;
mod html;
mod keys;
mod link_scan;
mod links;
pub(crate) mod output;
mod page_facts;
mod website;
mod xml;

use serde::Serialize;

pub(crate) use external::ExternalCheck;
pub(crate) use fix::AddedAlias;

use crate::build::{self, WebsiteState};
use crate::cache::{Cache, PreviousBuild};
use crate::diagnostics::{Diagnostic, Result};
use crate::progress::{NO_PROGRESS, Progress};
use crate::site::Site;
use broken_permalinks::BrokenPermalink;
use findings::Findings;
use website::Website;

/// The options of one check.
#[derive(Debug, Clone, Default)]
pub(crate) struct CheckOptions {
    /// Check links to other websites too.
    pub external: bool,
    /// Check all of them, however many.
    pub all: bool,
    /// Add lost addresses to the `aliases` of their articles.
    pub fix: bool,
    /// The host whose limits apply; those of the settings where it is `None`.
    pub host: Option<String>,
}

/// The results of one check.
#[derive(Debug, Default, Serialize)]
pub(crate) struct CheckReport {
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
    pub fixed: Vec<AddedAlias>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalCheck>,
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the website for publishing, without the network: the diagnostics of the last build are part of the result.
/// `host` is the host whose limits apply.
///
/// # Errors
/// Where there is no finished website, or the cache cannot be written.
pub(crate) fn website(
    site: &Site,
    build: &PreviousBuild,
    cache: &mut Cache,
    host: Option<&str>,
) -> Result<Vec<Diagnostic>> {
    let website = Website::of(site, build).ok_or_else(|| output::unfinished(site))?;
    let mut findings = Findings::default();
    check_offline(&website, cache, host, NO_PROGRESS, &mut findings)?;
    let broken = broken_permalinks::find(&website);
    findings.extend(broken.iter().map(BrokenPermalink::diagnostic));
    Ok(findings.into_diagnostics())
}

/// Checks the website.
///
/// # Errors
/// As [`website`]; and where an alias cannot be written to a file of `content/`.
pub(crate) fn run(
    site: &Site,
    cache: &mut Cache,
    options: &CheckOptions,
    progress: Progress<'_>,
) -> Result<CheckReport> {
    let build = cache.previous_build(site);
    let state = build::website_state(site, build.state.as_ref())?;
    let website = Website::of(site, &build).ok_or_else(|| output::unfinished(site))?;
    let mut findings = Findings::default();
    match state {
        WebsiteState::Unfinished => return Err(output::unfinished(site).into()),
        WebsiteState::Outdated => findings.push(output::behind(site)),
        WebsiteState::Modified => output::check(&website, &mut findings)?,
        WebsiteState::Current => {}
    }
    let (mut report, linking_out) = check_offline(
        &website,
        cache,
        options.host.as_deref(),
        progress,
        &mut findings,
    )?;
    let broken = broken_permalinks::find(&website);
    if options.fix {
        report.fixed = fix::fix(site, broken, &mut findings)?;
    } else {
        findings.extend(broken.iter().map(BrokenPermalink::diagnostic));
    }
    if options.external {
        let limit = (!options.all).then_some(external::LIMIT);
        let external = external::check(&website, &linking_out, limit, progress, &mut findings)?;
        report.external = Some(external);
    }
    findings.extend(std::mem::take(&mut cache.warnings));
    let (problems, warnings) = findings.counts();
    Ok(CheckReport {
        problems,
        warnings,
        diagnostics: findings.into_diagnostics(),
        ..report
    })
}

/// All checks that need no network. Also returns the numbers of the pages that link to other websites.
fn check_offline(
    website: &Website<'_>,
    cache: &mut Cache,
    host: Option<&str>,
    progress: Progress<'_>,
    findings: &mut Findings,
) -> Result<(CheckReport, Vec<u32>)> {
    hosts::check(website, host, findings);
    let of_build = website.made.diagnostics.iter().chain(&website.made.clashes);
    findings.extend(of_build.cloned());
    file_names::check(website, findings);
    let scan = link_scan::scan(website, cache, progress, findings)?;
    let report = CheckReport {
        pages: scan.pages,
        links: scan.links,
        files: website.files.len(),
        bytes: website.files.iter().map(|file| file.size).sum(),
        read: scan.opened,
        broken: scan.broken.count(),
        ..CheckReport::default()
    };
    scan.broken.report(website, findings);
    Ok((report, scan.linking_out))
}
