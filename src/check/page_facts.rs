//! How a file of the website depends on others, in few bytes: the cache keeps this, so that the file is not read again.

use serde::{Deserialize, Serialize};

use super::keys::{anchor_key, id_key, outside_key, path_key};
use super::links::{Addresses, LinkTarget};
use super::website::{FileKind, WebsiteFile};
use super::{html, xml};
use crate::model::digest::{Digest, digest};

/// The anchors of a page with more than this are not kept: it is read again where a link names one.
const MAX_IDS: usize = 64;

/// What is known of a file that was read. Paths and anchors are kept as keys; the page is read again for their text where
/// a link leads nowhere.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageFacts {
    /// The digest of the bytes that were read.
    pub digest: Digest,
    /// How many links it has, and how many of them lead to other websites.
    pub links: u32,
    pub external: u32,
    /// The keys of files of the website that it links to.
    pub targets: Vec<u64>,
    /// Anchors in other files that it links to: the keys of path and anchor.
    pub anchors: Vec<(u64, u32)>,
    /// The keys of links that lead nowhere, whatever files the website has.
    pub always_broken: Vec<u64>,
    /// The keys of its own anchors, sorted; `None` where there are many.
    pub ids: Option<Vec<u32>>,
    /// Faults of the file itself, each with a hint.
    pub faults: Vec<(String, String)>,
}

/// The links, anchors and faults of a file.
pub(crate) struct ParsedPage {
    /// As they are written.
    pub links: Vec<String>,
    /// The path from which they are resolved.
    pub base: String,
    pub ids: Vec<u32>,
    pub faults: Vec<(String, String)>,
}

impl ParsedPage {
    pub(crate) fn read(file: &WebsiteFile<'_>, bytes: &[u8], addresses: &Addresses) -> Self {
        let mut page = Self {
            links: Vec::new(),
            base: file.path.to_owned(),
            ids: Vec::new(),
            faults: Vec::new(),
        };
        match file.kind() {
            FileKind::Html => {
                let html = html::read(bytes);
                (page.links, page.ids) = (html.links, html.ids);
                match html.base.map(|base| addresses.resolve(file.path, &base)) {
                    None => {}
                    Some(LinkTarget::Inside { path, .. }) => page.base = path,
                    // Its links are resolved from another website, except those that name a host.
                    Some(_) => page.links.retain(|link| link.contains("//")),
                }
            }
            FileKind::Xml => {
                let xml = xml::read(file, bytes, addresses);
                (page.links, page.faults) = (xml.links, xml.wrong);
            }
            FileKind::Other => {}
        }
        page
    }

    /// Every link, and where it leads.
    pub(crate) fn targets(
        &self,
        addresses: &Addresses,
    ) -> impl Iterator<Item = (&str, LinkTarget)> {
        let links = self.links.iter();
        links.map(move |link| (link.as_str(), addresses.resolve(&self.base, link)))
    }
}

impl PageFacts {
    pub(crate) fn of(file: &WebsiteFile<'_>, bytes: &[u8], addresses: &Addresses) -> Self {
        let page = ParsedPage::read(file, bytes, addresses);
        let mut facts = Self {
            digest: digest(bytes),
            ..Self::default()
        };
        let mut ids = page.ids.clone();
        ids.sort_unstable();
        ids.dedup();
        for (link, target) in page.targets(addresses) {
            facts.links += u32::from(target != LinkTarget::Other);
            match target {
                LinkTarget::Inside { path, fragment } => {
                    let (to, id) = (path_key(&path), id_key(fragment.as_bytes()));
                    let is_own = path == file.path;
                    match (is_own, is_implicit(&fragment)) {
                        (true, false) if ids.binary_search(&id).is_err() => {
                            facts.always_broken.push(anchor_key(to, id));
                        }
                        (false, false) => facts.anchors.push((to, id)),
                        _ => {}
                    }
                    if !is_own {
                        facts.targets.push(to);
                    }
                }
                LinkTarget::External(_) => facts.external += 1,
                LinkTarget::AboveRoot => facts.always_broken.push(outside_key(link)),
                LinkTarget::Other => {}
            }
        }
        for keys in [&mut facts.targets, &mut facts.always_broken] {
            keys.sort_unstable();
            keys.dedup();
        }
        facts.anchors.sort_unstable();
        facts.anchors.dedup();
        facts.ids = (ids.len() <= MAX_IDS).then_some(ids);
        facts.faults = page.faults;
        facts
    }
}

/// Whether every page has this anchor without naming it.
pub(crate) fn is_implicit(fragment: &str) -> bool {
    fragment.is_empty() || fragment.eq_ignore_ascii_case("top")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Class;

    #[test]
    fn page_facts_have_every_link_that_can_break() {
        let file = WebsiteFile {
            path: "a/b.html",
            digest: Digest::default(),
            size: 0,
            class: Class::Page,
            owner: 0,
        };
        let page = "<p id=x><a href='#x'>1</a><a href='#y'>2</a><a href='#top'>3</a><a href='../c.html#z'>4</a>\
            <a href='../c.html'>5</a><a href='../../d'>6</a><a href='https://e.org'>7</a><a href='mailto:f@g.org'>8</a>";
        let facts = PageFacts::of(&file, page.as_bytes(), &Addresses::default());
        assert_eq!((facts.links, facts.external), (7, 1));
        assert_eq!(facts.targets, [path_key("c.html")]);
        assert_eq!(facts.anchors, [(path_key("c.html"), id_key(b"z"))]);
        let mut astray = [
            anchor_key(path_key("a/b.html"), id_key(b"y")),
            outside_key("../../d"),
        ];
        astray.sort_unstable();
        assert_eq!(facts.always_broken, astray);
        assert_eq!(facts.ids, Some(vec![id_key(b"x")]));
    }
}
