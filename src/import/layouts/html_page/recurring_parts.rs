//! Removes from a page what recurs on the pages of its site: boxes, lines at the edges, lists of links under a recurring heading.
//! Knows what was learnt from the batch; never what a text says.

use dom_query::{Document, NodeId};

use super::units::{Unit, UnitKind, Units};
use crate::import::recurrence::SiteRecurrence;

/// Of all pages of a site, in percent: how many must have a text before it is removed.
const BOX: u32 = 10;
const LINE: u32 = 30;
/// A paragraph amid the text.
const PROSE: u32 = 50;
/// Paragraphs are not learnt from fewer pages: they may be versions of one article.
const FEWEST_FOR_PROSE: u32 = 10;

/// A page of which fewer words would be left is left as it is.
const FEWEST_WORDS: usize = 8;

/// Removes what recurs, and returns how many texts that are.
pub(super) fn remove(document: &Document, site: &SiteRecurrence, host: Option<&str>) -> usize {
    let found = Units::of(&document.root(), host);
    let mut parts = Parts {
        removed: vec![false; found.units.len()],
        nodes: Vec::new(),
        site,
        found: &found,
    };
    parts.boxes();
    parts.lines();
    parts.links_under_headings();
    parts.headings();
    let left = found.units.iter().zip(&parts.removed);
    let left = left.filter(|(unit, removed)| !**removed && !unit.is_link());
    if left.map(|(unit, _)| unit.words).sum::<usize>() < FEWEST_WORDS {
        return 0;
    }
    for node in &parts.nodes {
        if let Some(node) = document.tree.get(node) {
            node.remove_from_parent();
        }
    }
    parts.removed.iter().filter(|removed| **removed).count()
}

struct Parts<'a> {
    site: &'a SiteRecurrence,
    found: &'a Units,
    /// For each text, whether it is removed.
    removed: Vec<bool>,
    nodes: Vec<NodeId>,
}

impl Parts<'_> {
    fn is_on(&self, unit: &Unit, percent: u32) -> bool {
        self.site.is_on(unit.hash, percent)
    }

    fn remove_unit(&mut self, at: usize) {
        if let Some(node) = self.found.units[at].node {
            self.removed[at] = true;
            self.nodes.push(node);
        }
    }

    /// Boxes that stand word for word on other pages, and lists of links under a recurring heading in a box of their own.
    fn boxes(&mut self) {
        for one in &self.found.boxes {
            let units = &self.found.units[one.units.clone()];
            let is_same = self.site.is_on(one.hash, BOX);
            let is_list_of_links = units.len() > 1
                && units[1..].iter().all(Unit::is_site_link)
                && !units[0].is_prose()
                && self.is_on(&units[0], LINE);
            if is_same || is_list_of_links {
                self.removed[one.units.clone()].fill(true);
                self.nodes.push(one.node);
            }
        }
    }

    /// Where the text of this page alone begins and ends.
    fn edges(&self) -> (usize, usize) {
        let is_own =
            |(unit, removed): (&Unit, &bool)| !removed && unit.is_prose() && !self.is_on(unit, 0);
        let mut own = self.found.units.iter().zip(&self.removed).map(is_own);
        let first = own.position(|own| own).unwrap_or(self.removed.len());
        let own = self.found.units.iter().zip(&self.removed).map(is_own);
        let last = own.collect::<Vec<_>>().iter().rposition(|own| *own);
        (first, last.unwrap_or(0))
    }

    fn lines(&mut self) {
        let (first, last) = self.edges();
        for at in 0..self.removed.len() {
            let unit = &self.found.units[at];
            if self.removed[at] || unit.kind != UnitKind::Text {
                continue;
            }
            let is_at_edge = at < first || at > last;
            let is_removed = match is_at_edge {
                true => {
                    self.is_on(unit, LINE)
                        || unit.numbered.is_some_and(|n| self.site.is_on(n, LINE))
                }
                // Speakers of an interview, applause: short lines amid the text may recur and be the text.
                false if unit.words < 4 => false,
                false if unit.is_prose() => {
                    self.site.pages >= FEWEST_FOR_PROSE && self.is_on(unit, PROSE)
                }
                false => self.is_on(unit, LINE),
            };
            if is_removed {
                self.remove_unit(at);
            }
        }
    }

    /// A recurring short line with nothing but links below it, which may differ from page to page.
    fn links_under_headings(&mut self) {
        let units = &self.found.units;
        for at in 0..units.len() {
            let unit = &units[at];
            if unit.words > 8 || unit.kind == UnitKind::Item || !self.is_on(unit, LINE) {
                continue;
            }
            let links = units[at + 1..].iter().zip(&self.removed[at + 1..]);
            let links = links
                .take_while(|(unit, removed)| **removed || unit.is_site_link())
                .count();
            let own = (at + 1..=at + links).filter(|next| !self.removed[*next]);
            let own: Vec<usize> = own.collect();
            if !own.is_empty() {
                self.remove_unit(at);
                for next in own {
                    self.remove_unit(next);
                }
            }
        }
    }

    /// Recurring headings of which nothing is left. One with a text of this page below it, such as a recipe's *Method*, stays.
    fn headings(&mut self) {
        for at in (0..self.removed.len()).rev() {
            let unit = &self.found.units[at];
            let UnitKind::Heading(level) = unit.kind else {
                continue;
            };
            if self.removed[at] || !self.is_on(unit, LINE) {
                continue;
            }
            let below = self.found.units[at + 1..]
                .iter()
                .zip(&self.removed[at + 1..]);
            let mut below = below.take_while(|(unit, removed)| {
                let ends = matches!(unit.kind, UnitKind::Heading(other) if other <= level);
                **removed || !ends
            });
            if below.all(|(_, removed)| *removed) {
                self.remove_unit(at);
            }
        }
    }
}
