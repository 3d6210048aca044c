//! Links to other websites: asks each host once for each address, slowly, and believes only a plain no.

mod network;

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt as _;
use rayon::prelude::*;
use serde::Serialize;
use url::Url;

use super::findings::Findings;
use super::links::Target;
use super::page_facts::ContentIndex;
use super::website::Website;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::progress::Progress;
use network::{Answer, Network};

/// So many addresses are asked where nobody asked for all.
const MOST: usize = 2_000;

/// So many hosts are asked at once.
const HOSTS: usize = 4;

/// Pages that are read before their links are taken in.
const CHUNK: usize = 1_024;

const MEND: &str = "mend the link in its Markdown, or in the template";

const COPY: &str = "a copy of it may be at https://web.archive.org";

/// What came of asking.
#[derive(Debug, Default, Serialize)]
pub struct Asked {
    /// Different addresses, and the hosts that have them.
    pub links: usize,
    pub hosts: usize,
    /// Addresses that are gone.
    pub gone: usize,
    /// Addresses of which nobody can tell: the host did not answer, or would not.
    pub unsure: usize,
}

/// Asks other hosts for what the pages of these numbers link to.
///
/// # Errors
/// Where the network of this machine cannot be used at all.
pub fn ask(
    website: &Website<'_>,
    pages: &[u32],
    all: bool,
    progress: Progress<'_>,
    findings: &mut Findings,
) -> Result<Asked> {
    let (links, is_cut) = gather(website, pages, if all { usize::MAX } else { MOST });
    if is_cut {
        let what = format!("only the first {MOST} addresses on other websites were asked for");
        findings.push(
            Diagnostic::warning(Code::Unclassified, "", what).hint("-v asks for all of them"),
        );
    }
    let mut hosts: BTreeMap<String, Vec<(Url, u32)>> = BTreeMap::new();
    let mut asked = Asked {
        links: links.len(),
        ..Asked::default()
    };
    for (link, page) in links {
        match Url::parse(&link) {
            Ok(url) if url.has_host() => {
                let host = url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
                hosts.entry(host).or_default().push((url, page));
            }
            _ => {
                asked.gone += 1;
                findings.push(told(website, page, &link, "is no address").hint(MEND));
            }
        }
    }
    asked.hosts = hosts.len();
    let network = Network::open(network::is_near(
        website.addresses.host().unwrap_or_default(),
    ))?;
    let done = AtomicUsize::new(0);
    let tell = || {
        progress(
            "asking for links",
            done.fetch_add(1, Ordering::Relaxed) + 1,
            asked.links,
        )
    };
    let answers: Vec<Vec<(Url, u32, Answer)>> = network.run(async {
        let hosts = futures_util::stream::iter(hosts.into_values());
        let answers = hosts.map(|links| network.ask_host(links, &tell));
        answers.buffer_unordered(HOSTS).collect().await
    });
    let mut answers: Vec<(Url, u32, Answer)> = answers.into_iter().flatten().collect();
    // Where not one host answered, it is this machine that knows none.
    let is_heard =
        |(_, _, answer): &(Url, u32, Answer)| matches!(answer, Answer::There | Answer::Gone(_));
    if !answers.is_empty() && !answers.iter().any(is_heard) {
        let what = "no other website answered";
        findings.push(
            Diagnostic::warning(Code::Unclassified, "", what).hint("is this machine connected?"),
        );
        answers
            .iter_mut()
            .for_each(|(_, _, answer)| *answer = Answer::Unsure);
    }
    for (url, page, answer) in answers {
        let why = match answer {
            Answer::There => continue,
            Answer::Unsure => {
                asked.unsure += 1;
                continue;
            }
            Answer::Gone(status) => format!("is gone: its host answers {status}"),
            Answer::NoHost => "is gone: no host has that name".to_owned(),
        };
        asked.gone += 1;
        findings.push(told(website, page, url.as_str(), &why).hint(COPY));
    }
    Ok(asked)
}

fn told(website: &Website<'_>, page: u32, link: &str, why: &str) -> Diagnostic {
    let path = website.files[page as usize].path;
    let link: String = link.chars().filter(|c| !c.is_control()).take(300).collect();
    Diagnostic::warning(
        Code::Unclassified,
        path,
        format!("it links to `{link}`, which {why}"),
    )
}

/// The addresses on other websites, each with the first page that names it, in the order of the pages; and whether
/// there are more than so many.
fn gather(website: &Website<'_>, pages: &[u32], most: usize) -> (Vec<(String, u32)>, bool) {
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for chunk in pages.chunks(CHUNK) {
        let of_chunk: Vec<(u32, Vec<String>)> = chunk
            .par_iter()
            .map(|page| (*page, outside(website, *page)))
            .collect();
        for (page, links) in of_chunk {
            for link in links {
                if known.insert(link.clone()) {
                    found.push((link, page));
                }
            }
        }
        if found.len() > most {
            found.truncate(most);
            return (found, true);
        }
    }
    (found, false)
}

fn outside(website: &Website<'_>, page: u32) -> Vec<String> {
    let file = &website.files[page as usize];
    let bytes = std::fs::read(website.place(file)).unwrap_or_default();
    let contents = ContentIndex::read(file, &bytes, &website.addresses);
    let targets = contents.targets(&website.addresses);
    let outside = targets.filter_map(|(_, target)| match target {
        Target::Outside(address) => Some(address),
        _ => None,
    });
    outside.collect()
}
