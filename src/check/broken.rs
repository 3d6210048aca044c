//! Links that lead nowhere. A link that stands on many pages is told once, with its first page; what it says is read again
//! from that page, for only its key was kept.

use foldhash::HashMap;
use rayon::prelude::*;

use super::findings::Findings;
use super::links::Target;
use super::page_facts::{ContentIndex, anchor_key, astray_key, id_key, is_always_there};
use super::website::{File, Website, key};
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Class;

/// So many different links are told apart; more are counted.
const MOST: usize = 100_000;

/// Of one page so many are told.
const OF_A_PAGE: usize = 5;

/// On so many pages at most are links read again.
const PAGES: usize = 1_000;

/// Links that lead nowhere, by key.
#[derive(Debug, Default)]
pub struct Broken {
    groups: HashMap<u64, Group>,
    more: usize,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    /// The number of the first page that has it.
    first: u32,
    pages: usize,
}

impl Broken {
    /// Takes in a link of a page, by their numbers.
    pub fn add(&mut self, key: u64, page: u32) {
        if let Some(group) = self.groups.get_mut(&key) {
            group.first = group.first.min(page);
            group.pages += 1;
        } else if self.groups.len() < MOST {
            self.groups.insert(
                key,
                Group {
                    first: page,
                    pages: 1,
                },
            );
        } else {
            self.more += 1;
        }
    }

    /// How many different links lead nowhere.
    pub fn count(&self) -> usize {
        self.groups.len() + self.more
    }

    /// Tells of them.
    pub fn tell(self, website: &Website<'_>, findings: &mut Findings) {
        let mut all: Vec<(u32, u64, usize)> = self
            .groups
            .into_iter()
            .map(|(key, group)| (group.first, key, group.pages))
            .collect();
        all.par_sort_unstable();
        let pages: Vec<&[(u32, u64, usize)]> = all.chunk_by(|a, b| a.0 == b.0).collect();
        let (told, untold) = pages.split_at(pages.len().min(PAGES));
        let told: Vec<Vec<(Diagnostic, usize)>> = told
            .par_iter()
            .map(|links| of_page(website, links))
            .collect();
        for (diagnostic, number) in told.into_iter().flatten() {
            findings.push_many(diagnostic, number);
        }
        let untold = untold.iter().map(|links| links.len()).sum::<usize>() + self.more;
        if untold > 0 {
            let what = format!("{untold} more links on other pages lead nowhere");
            findings.push_many(Diagnostic::problem(Code::Unclassified, "", what), untold);
        }
    }
}

/// What is told of the links of one page, in the order of the page, and of how many links each.
fn of_page(website: &Website<'_>, links: &[(u32, u64, usize)]) -> Vec<(Diagnostic, usize)> {
    let file = &website.files[links[0].0 as usize];
    let Ok(bytes) = std::fs::read(website.place(file)) else {
        return Vec::new();
    };
    let contents = ContentIndex::read(file, &bytes, &website.addresses);
    let mut told = Vec::new();
    let mut seen = Vec::new();
    for (link, target) in contents.targets(&website.addresses) {
        for (key, what) in complaints(website, link, &target) {
            let Ok(at) = links.binary_search_by_key(&key, |(_, key, _)| *key) else {
                continue;
            };
            if !seen.contains(&key) && told.len() < OF_A_PAGE {
                seen.push(key);
                told.push((diagnostic(file, &what, links[at].2), 1));
            }
        }
    }
    let more = links.len() - told.len();
    if more > 0 {
        let what = format!("{more} more of its links lead nowhere");
        told.push((
            Diagnostic::problem(Code::Unclassified, file.path, what).hint(hint(file)),
            more,
        ));
    }
    told
}

/// What can be wrong with a link, by the keys under which it is known.
fn complaints(website: &Website<'_>, link: &str, target: &Target) -> Vec<(u64, String)> {
    match target {
        Target::Inside { path, fragment } => {
            let to = key(path);
            let mut found = vec![(
                to,
                format!("it links to `{}`, which is not there", short(path)),
            )];
            // An anchor is known by the page that has it, also where the link names a folder.
            let page = website.at(to).map(|number| website.files[number].path);
            if let Some(page) = page.filter(|_| !is_always_there(fragment)) {
                let (shown, anchor) = (short(page), short(fragment));
                let what =
                    format!("it links to `{shown}#{anchor}`, and that page has no such anchor");
                found.push((anchor_key(key(page), id_key(fragment.as_bytes())), what));
            }
            found
        }
        Target::Astray => {
            let what = format!("its link `{}` leads out of the website", short(link));
            vec![(astray_key(link), what)]
        }
        Target::Outside(_) | Target::Other => Vec::new(),
    }
}

fn diagnostic(file: &File<'_>, what: &str, pages: usize) -> Diagnostic {
    let others = match pages - 1 {
        0 => String::new(),
        1 => "; another page does so too".to_owned(),
        others => format!("; {others} other pages do so too"),
    };
    Diagnostic::problem(Code::Unclassified, file.path, format!("{what}{others}")).hint(hint(file))
}

fn hint(file: &File<'_>) -> &'static str {
    match file.class {
        Class::Asset => "mend it where the file comes from, `static/` or the theme's",
        Class::Article | Class::Withdrawn | Class::Page | Class::Redirect => {
            "mend the link in its Markdown, or in the template"
        }
        Class::List | Class::Feed | Class::Entrance => {
            "mend it in the template, or in `menu` in backfile.toml"
        }
    }
}

/// What is shown of a stranger's text.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
