//! Links that lead nowhere. A link of many pages is reported once, with the first of them; its text is read again from that
//! page, for only its key is kept.

use foldhash::HashMap;
use rayon::prelude::*;

use super::findings::Findings;
use super::keys::{anchor_key, id_key, outside_key, path_key};
use super::links::LinkTarget;
use super::page_facts::{ParsedPage, is_implicit};
use super::website::{Website, WebsiteFile};
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Class;
use crate::text::characters::shown;

/// At most this many different links are distinguished; more are counted.
const MAX_LINKS: usize = 100_000;

/// At most this many links of one page are reported one by one.
const MAX_OF_A_PAGE: usize = 5;

/// The links of at most this many pages are read again.
const MAX_PAGES: usize = 1_000;

/// Links that lead nowhere, by their keys.
#[derive(Debug, Default)]
pub(crate) struct BrokenLinks {
    links: HashMap<u64, LinkUses>,
    /// Uses of links over the limit.
    more: usize,
}

/// Where a link is used.
#[derive(Debug, Clone, Copy)]
struct LinkUses {
    /// The number of the first page that has it.
    first: u32,
    pages: usize,
}

/// The number of a link's first page, the link's key, and the number of pages that have it.
type BrokenLink = (u32, u64, usize);

impl BrokenLinks {
    /// Adds a link by its key, and the number of its page.
    pub(crate) fn add(&mut self, key: u64, page: u32) {
        if let Some(uses) = self.links.get_mut(&key) {
            uses.first = uses.first.min(page);
            uses.pages += 1;
        } else if self.links.len() < MAX_LINKS {
            self.links.insert(
                key,
                LinkUses {
                    first: page,
                    pages: 1,
                },
            );
        } else {
            self.more += 1;
        }
    }

    /// How many different links lead nowhere.
    pub(crate) fn count(&self) -> usize {
        self.links.len() + self.more
    }

    /// Adds a diagnostic for each.
    pub(crate) fn report(self, website: &Website<'_>, findings: &mut Findings) {
        let links = self.links.into_iter();
        let mut all: Vec<BrokenLink> = links
            .map(|(key, uses)| (uses.first, key, uses.pages))
            .collect();
        all.par_sort_unstable();
        let pages: Vec<&[BrokenLink]> = all.chunk_by(|a, b| a.0 == b.0).collect();
        let (shown, omitted) = pages.split_at(pages.len().min(MAX_PAGES));
        let shown: Vec<Vec<(Diagnostic, usize)>> = shown
            .par_iter()
            .map(|links| of_page(website, links))
            .collect();
        for (diagnostic, faults) in shown.into_iter().flatten() {
            findings.push_many(diagnostic, faults);
        }
        let omitted = omitted.iter().map(|links| links.len()).sum::<usize>() + self.more;
        if omitted > 0 {
            let what = format!("{omitted} more links on other pages lead nowhere");
            findings.push_many(Diagnostic::problem(Code::LinkBroken, "", what), omitted);
        }
    }
}

/// The diagnostics for the broken links of one page, in the order of the page, and the number of links of each.
fn of_page(website: &Website<'_>, links: &[BrokenLink]) -> Vec<(Diagnostic, usize)> {
    let file = &website.files[links[0].0 as usize];
    let Ok(bytes) = std::fs::read(website.disk_path(file)) else {
        return Vec::new();
    };
    let page = ParsedPage::read(file, &bytes, &website.addresses);
    let mut diagnostics = Vec::new();
    let mut seen = Vec::new();
    for (link, target) in page.targets(&website.addresses) {
        for (key, what) in possible_faults(website, link, &target) {
            let Ok(at) = links.binary_search_by_key(&key, |(_, key, _)| *key) else {
                continue;
            };
            if !seen.contains(&key) && diagnostics.len() < MAX_OF_A_PAGE {
                seen.push(key);
                diagnostics.push((diagnostic(file, &what, links[at].2), 1));
            }
        }
    }
    let more = links.len() - diagnostics.len();
    if more > 0 {
        let what = format!("{more} more of its links lead nowhere");
        let diagnostic = Diagnostic::problem(Code::LinkBroken, file.path, what);
        diagnostics.push((diagnostic.hint(hint(file)), more));
    }
    diagnostics
}

/// The ways in which a link can be broken: the key of each, and the message.
fn possible_faults(website: &Website<'_>, link: &str, target: &LinkTarget) -> Vec<(u64, String)> {
    match target {
        LinkTarget::Inside { path, fragment } => {
            let to = path_key(path);
            let missing = format!("it links to `{}`, which does not exist", shown(path));
            let mut faults = vec![(to, missing)];
            // The key of an anchor is made from the path of the page, also where the link names a folder.
            let page = website.at(to).map(|number| website.files[number].path);
            if let Some(page) = page.filter(|_| !is_implicit(fragment)) {
                let (shown, anchor) = (shown(page), shown(fragment));
                let what =
                    format!("it links to `{shown}#{anchor}`, and that page has no such anchor");
                let key = anchor_key(path_key(page), id_key(fragment.as_bytes()));
                faults.push((key, what));
            }
            faults
        }
        LinkTarget::AboveRoot => {
            let what = format!("its link `{}` leads out of the website", shown(link));
            vec![(outside_key(link), what)]
        }
        LinkTarget::External(_) | LinkTarget::Other => Vec::new(),
    }
}

fn diagnostic(file: &WebsiteFile<'_>, what: &str, pages: usize) -> Diagnostic {
    let others = match pages - 1 {
        0 => String::new(),
        1 => "; so does another page".to_owned(),
        others => format!("; so do {others} other pages"),
    };
    Diagnostic::problem(Code::LinkBroken, file.path, format!("{what}{others}")).hint(hint(file))
}

fn hint(file: &WebsiteFile<'_>) -> &'static str {
    match file.class {
        Class::Asset => "fix it in the source of this file, in `static/` or in the theme",
        Class::Article | Class::Withdrawn | Class::Page | Class::Redirect => {
            "fix the link in the Markdown, or in the template"
        }
        Class::List | Class::Feed | Class::Entrance => {
            "fix it in the template, or in `menu` in backfile.toml"
        }
    }
}
