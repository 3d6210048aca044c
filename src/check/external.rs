//! Checks links to other websites: requests each address once and slowly, and reports only definite answers.

mod network;

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt as _;
use rayon::prelude::*;
use serde::Serialize;
use url::Url;

use super::findings::Findings;
use super::links::LinkTarget;
use super::page_facts::ParsedPage;
use super::website::Website;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::progress::Progress;
use crate::text::characters::shown;
use network::{LinkStatus, Network};

/// The number of addresses that are checked where not all are asked for.
pub(crate) const LIMIT: usize = 2_000;

/// The number of hosts that are asked at once.
const HOSTS: usize = 4;

/// Pages that are read before their links are collected.
const CHUNK: usize = 1_024;

const FIX: &str = "fix the link in its Markdown, or in the template";

const COPY: &str = "a copy of it may be at https://web.archive.org";

/// The results of checking links to other websites.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ExternalCheck {
    /// Different addresses, and the hosts that have them.
    pub links: usize,
    pub hosts: usize,
    /// Addresses that no longer exist.
    pub gone: usize,
    /// Addresses whose host did not answer, or refused to.
    pub unsure: usize,
}

/// Addresses by their hosts, each with the number of the first page that links to it.
type LinksByHost = BTreeMap<String, Vec<(Url, u32)>>;

/// Checks what the pages of these numbers link to: the first `limit` addresses, or all.
///
/// # Errors
/// Where this machine cannot use the network at all.
pub(crate) fn check(
    website: &Website<'_>,
    pages: &[u32],
    limit: Option<usize>,
    progress: Progress<'_>,
    findings: &mut Findings,
) -> Result<ExternalCheck> {
    let (links, has_more) = collect(website, pages, limit.unwrap_or(usize::MAX));
    if has_more {
        let what = format!("only the first {LIMIT} addresses on other websites were checked");
        let diagnostic = Diagnostic::warning(Code::ExternalLinksUnchecked, "", what);
        findings.push(diagnostic.hint("-v checks all of them"));
    }
    let mut result = ExternalCheck {
        links: links.len(),
        ..ExternalCheck::default()
    };
    let mut hosts = LinksByHost::new();
    for (link, page) in links {
        match Url::parse(&link) {
            Ok(url) if url.has_host() => {
                let host = url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
                hosts.entry(host).or_default().push((url, page));
            }
            _ => {
                result.gone += 1;
                findings.push(gone(website, page, &link, "is not a valid address").hint(FIX));
            }
        }
    }
    result.hosts = hosts.len();
    for (url, page, status) in ask(website, hosts, result.links, progress, findings)? {
        let why = match status {
            LinkStatus::Found => continue,
            LinkStatus::Unsure => {
                result.unsure += 1;
                continue;
            }
            LinkStatus::Gone(status) => format!("no longer exists: its host answers {status}"),
            LinkStatus::NoHost => "no longer exists: no host has that name".to_owned(),
        };
        result.gone += 1;
        findings.push(gone(website, page, url.as_str(), &why).hint(COPY));
    }
    Ok(result)
}

/// Asks the hosts for all addresses.
fn ask(
    website: &Website<'_>,
    hosts: LinksByHost,
    all: usize,
    progress: Progress<'_>,
    findings: &mut Findings,
) -> Result<Vec<(Url, u32, LinkStatus)>> {
    let own_host = website.addresses.host().unwrap_or_default();
    let network = Network::open(network::is_local(own_host))?;
    let done = AtomicUsize::new(0);
    let on_answer = || {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        progress("asking for links", done, all);
    };
    let answers: Vec<Vec<(Url, u32, LinkStatus)>> = network.run(async {
        let hosts = futures_util::stream::iter(hosts.into_values());
        let answers = hosts.map(|links| network.ask_host(links, &on_answer));
        answers.buffer_unordered(HOSTS).collect().await
    });
    let mut answers: Vec<(Url, u32, LinkStatus)> = answers.into_iter().flatten().collect();
    // Where no host answered at all, the fault is this machine's, which then also knows no host's name.
    let is_definite = |(_, _, status): &(Url, u32, LinkStatus)| {
        matches!(status, LinkStatus::Found | LinkStatus::Gone(_))
    };
    if !answers.is_empty() && !answers.iter().any(is_definite) {
        let what = "no other website answered";
        let diagnostic = Diagnostic::warning(Code::ExternalLinksUnchecked, "", what);
        findings.push(diagnostic.hint("is this machine connected?"));
        for (_, _, status) in &mut answers {
            *status = LinkStatus::Unsure;
        }
    }
    Ok(answers)
}

fn gone(website: &Website<'_>, page: u32, link: &str, why: &str) -> Diagnostic {
    let path = website.files[page as usize].path;
    let link = shown(link);
    Diagnostic::warning(
        Code::ExternalLinkGone,
        path,
        format!("it links to `{link}`, which {why}"),
    )
}

/// The addresses on other websites, each with the number of the first page that links to it, in the order of the pages; and
/// whether there are more than `limit`.
fn collect(website: &Website<'_>, pages: &[u32], limit: usize) -> (Vec<(String, u32)>, bool) {
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for chunk in pages.chunks(CHUNK) {
        let of_chunk: Vec<(u32, Vec<String>)> = chunk
            .par_iter()
            .map(|page| (*page, external_links(website, *page)))
            .collect();
        for (page, links) in of_chunk {
            for link in links {
                if known.insert(link.clone()) {
                    found.push((link, page));
                }
            }
        }
        if found.len() > limit {
            found.truncate(limit);
            return (found, true);
        }
    }
    (found, false)
}

fn external_links(website: &Website<'_>, page: u32) -> Vec<String> {
    let file = &website.files[page as usize];
    let bytes = std::fs::read(website.disk_path(file)).unwrap_or_default();
    let parsed = ParsedPage::read(file, &bytes, &website.addresses);
    let targets = parsed.targets(&website.addresses);
    let external = targets.filter_map(|(_, target)| match target {
        LinkTarget::External(address) => Some(address),
        _ => None,
    });
    external.collect()
}
