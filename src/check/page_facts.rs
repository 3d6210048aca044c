//! What a file has to do with others, in few bytes: the cache keeps it, so that the file need not be read again.

use serde::{Deserialize, Serialize};

use super::links::{Addresses, Target};
use super::website::{File, Kind, key};
use super::{html, xml};
use crate::model::digest::{self, Digest};

/// So many anchors of a page are kept; a page with more is read again where a link names one.
const FEW: usize = 64;

/// What is known of a file that was read. Paths and anchors are kept as keys: what a key stands for is read again from the
/// page, in the rare case that it leads nowhere.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Of the bytes that were read.
    pub digest: Digest,
    /// How many links it has, and how many of them lead to other websites.
    pub links: u32,
    pub outside: u32,
    /// Files of the website that it links to.
    pub targets: Vec<u64>,
    /// Anchors in other files that it links to.
    pub anchors: Vec<(u64, u32)>,
    /// Links that lead nowhere, whatever else the website holds.
    pub astray: Vec<u64>,
    /// Its own anchors, sorted; None where there are many.
    pub ids: Option<Vec<u32>>,
    /// What is wrong with it in itself, and what to do.
    pub wrong: Vec<(String, String)>,
}

/// A file, read.
pub struct ContentIndex {
    /// As they are written.
    pub links: Vec<String>,
    /// The path that they begin from.
    pub from: String,
    pub ids: Vec<u32>,
    pub wrong: Vec<(String, String)>,
}

impl ContentIndex {
    pub fn read(file: &File<'_>, bytes: &[u8], addresses: &Addresses) -> Self {
        let from = file.path.to_owned();
        match file.kind() {
            Kind::Html => {
                let html::Html {
                    mut links,
                    base,
                    ids,
                } = html::read(bytes);
                let from = match base.map(|base| addresses.resolve(file.path, &base)) {
                    None => from,
                    Some(Target::Inside { path, .. }) => path,
                    Some(_) => {
                        // Its links begin on another website; those that say where they lead do so still.
                        links.retain(|link| link.contains("//"));
                        from
                    }
                };
                Self {
                    links,
                    from,
                    ids,
                    wrong: Vec::new(),
                }
            }
            Kind::Xml => {
                let xml::Xml { links, wrong } = xml::read(file, bytes, addresses);
                Self {
                    links,
                    from,
                    ids: Vec::new(),
                    wrong,
                }
            }
            Kind::Other => Self {
                links: Vec::new(),
                from,
                ids: Vec::new(),
                wrong: Vec::new(),
            },
        }
    }

    /// Every link with where it leads.
    pub fn targets(&self, addresses: &Addresses) -> impl Iterator<Item = (&str, Target)> {
        let links = self.links.iter();
        links.map(move |link| (link.as_str(), addresses.resolve(&self.from, link)))
    }
}

impl Record {
    pub fn of(file: &File<'_>, bytes: &[u8], addresses: &Addresses) -> Self {
        let contents = ContentIndex::read(file, bytes, addresses);
        let mut record = Self {
            digest: digest::digest(bytes),
            ..Self::default()
        };
        let mut ids = contents.ids.clone();
        ids.sort_unstable();
        ids.dedup();
        for (link, target) in contents.targets(addresses) {
            record.links += u32::from(target != Target::Other);
            match target {
                Target::Inside { path, fragment } => {
                    let (to, id) = (key(&path), id_key(fragment.as_bytes()));
                    let is_own = path == file.path;
                    match (is_own, is_always_there(&fragment)) {
                        (true, false) if ids.binary_search(&id).is_err() => {
                            record.astray.push(anchor_key(to, id));
                        }
                        (false, false) => record.anchors.push((to, id)),
                        _ => {}
                    }
                    if !is_own {
                        record.targets.push(to);
                    }
                }
                Target::Outside(_) => record.outside += 1,
                Target::Astray => record.astray.push(astray_key(link)),
                Target::Other => {}
            }
        }
        for keys in [&mut record.targets, &mut record.astray] {
            keys.sort_unstable();
            keys.dedup();
        }
        record.anchors.sort_unstable();
        record.anchors.dedup();
        record.ids = (ids.len() <= FEW).then_some(ids);
        record.wrong = contents.wrong;
        record
    }
}

/// Whether a page has an anchor without naming it.
pub fn is_always_there(fragment: &str) -> bool {
    fragment.is_empty() || fragment.eq_ignore_ascii_case("top")
}

/// What stands for an anchor of a page.
pub fn id_key(id: &[u8]) -> u32 {
    digest::short(id) as u32
}

/// What stands for an anchor among all files, from the keys of its path and of its own name.
pub fn anchor_key(path: u64, id: u32) -> u64 {
    path ^ (u64::from(id) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// What stands for a link that leads out of the website.
pub fn astray_key(link: &str) -> u64 {
    !digest::short(link.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Class;

    #[test]
    fn a_record_holds_what_may_become_wrong() {
        let file = File {
            path: "a/b.html",
            digest: Digest::default(),
            size: 0,
            class: Class::Page,
            owner: 0,
        };
        let page = "<p id=x><a href='#x'>1</a><a href='#y'>2</a><a href='#top'>3</a><a href='../c.html#z'>4</a>\
            <a href='../c.html'>5</a><a href='../../d'>6</a><a href='https://e.org'>7</a><a href='mailto:f@g.org'>8</a>";
        let record = Record::of(&file, page.as_bytes(), &Addresses::default());
        assert_eq!((record.links, record.outside), (7, 1));
        assert_eq!(record.targets, [key("c.html")]);
        assert_eq!(record.anchors, [(key("c.html"), id_key(b"z"))]);
        let mut astray = [
            anchor_key(key("a/b.html"), id_key(b"y")),
            astray_key("../../d"),
        ];
        astray.sort_unstable();
        assert_eq!(record.astray, astray);
        assert_eq!(record.ids, Some(vec![id_key(b"x")]));
    }
}
