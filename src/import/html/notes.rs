//! Links within a text: to footnotes, which lead back, and to headings. Never writes Markdown.

use std::collections::{HashMap, HashSet};

use dom_query::{NodeId, NodeRef};
use url::Url;

use super::elements::begins_block;
use super::inline::collapse;
use crate::model::slug::slug;

/// The longest text of a link to a note, in characters: `[12]`.
const LONGEST_MARK: usize = 6;

/// How far above a link the element may be that is named as its place.
const NEAR: usize = 4;

/// At most this many links within a page are compared.
const MOST: usize = 2_000;

/// The footnotes of a text. A link is one only if its note leads back to it.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The links to notes, and the number of each note.
    pub references: HashMap<NodeId, usize>,
    /// The elements that are notes.
    pub notes: HashMap<NodeId, usize>,
    /// The links back.
    pub returns: HashSet<NodeId>,
    /// The links to headings, and the names of these in the website.
    pub headings: HashMap<NodeId, String>,
}

impl Notes {
    pub(super) fn of(root: &NodeRef<'_>, base: Option<&Url>) -> Self {
        let mut links: Vec<(NodeRef<'_>, String)> = Vec::new();
        let mut places: HashMap<String, NodeRef<'_>> = HashMap::new();
        for node in root.descendants_it().filter(NodeRef::is_element) {
            if node.has_name("a")
                && let Some(place) = place_in_page(&node, base)
                && links.len() < MOST
            {
                links.push((node, place));
            }
            let names = [node.attr("id"), node.attr("name")];
            for name in names.into_iter().flatten() {
                places.entry(name.to_string()).or_insert(node);
            }
        }
        let mut found = Self::default();
        if links.is_empty() {
            return found;
        }
        let inside = |node: &NodeRef<'_>, around: &NodeRef<'_>| {
            node.id == around.id
                || node
                    .ancestors_it(Some(12))
                    .any(|above| above.id == around.id)
        };
        for (link, place) in &links {
            let mark = link.text();
            let is_mark = mark.trim().chars().count() <= LONGEST_MARK;
            let Some(target) = places.get(place) else {
                continue;
            };
            if let Some(name) = heading_at(target).and_then(|heading| heading_name(root, &heading))
            {
                found.headings.insert(link.id, name);
                continue;
            }
            if !is_mark {
                continue;
            }
            let note = note_at(target);
            if found.returns.contains(&link.id) || inside(link, &note) {
                continue;
            }
            // The links back from this note to the place of the link.
            let near: Vec<NodeId> = std::iter::once(link.id)
                .chain(link.ancestors_it(Some(NEAR)).map(|above| above.id))
                .chain(link.descendants_it().take(NEAR).map(|below| below.id))
                .collect();
            let back = links.iter().filter(|(other, place)| {
                let is_back = places.get(place).is_some_and(|to| near.contains(&to.id));
                is_back && other.id != link.id && inside(other, &note)
            });
            let back: Vec<NodeId> = back.map(|(other, _)| other.id).collect();
            if back.is_empty() {
                continue;
            }
            let next = found.notes.len() + 1;
            let number = *found.notes.entry(note.id).or_insert(next);
            found.references.insert(link.id, number);
            found.returns.extend(back);
        }
        found
    }

    /// Whether an element holds nothing but links to notes.
    pub(super) fn are_all_of(&self, node: &NodeRef<'_>) -> bool {
        let mut children = node.children_it(false).peekable();
        !self.references.is_empty()
            && children.peek().is_some()
            && children.all(|child| match child.is_text() {
                true => !child.text().contains(char::is_alphanumeric),
                false => self.references.contains_key(&child.id),
            })
    }
}

/// The name of the place in its own page to which a link leads.
fn place_in_page(link: &NodeRef<'_>, base: Option<&Url>) -> Option<String> {
    let address = link.attr("href")?;
    let (page, place) = address.trim().split_once('#')?;
    let is_own = page.is_empty()
        || base.is_some_and(|base| {
            let mut own = base.clone();
            own.set_fragment(None);
            own.as_str() == page
        });
    (is_own && !place.is_empty()).then(|| place.to_owned())
}

fn is_heading(node: &NodeRef<'_>) -> bool {
    ["h2", "h3", "h4", "h5", "h6"]
        .iter()
        .any(|name| node.has_name(name))
}

/// The heading that a place is, is in, begins with, or precedes. That of the first level is the title, which bodies do not have.
fn heading_at<'t>(target: &NodeRef<'t>) -> Option<NodeRef<'t>> {
    let around = std::iter::once(*target).chain(target.ancestors_it(Some(2)));
    let first = target.descendants_it().find(NodeRef::is_element);
    let is_empty = target.text().trim().is_empty();
    let after = || std::iter::successors(target.next_sibling(), NodeRef::next_sibling);
    let next = after()
        .take(3)
        .filter(|_| is_empty)
        .find(NodeRef::is_element);
    let mut near = around.chain(first).chain(next);
    near.find(is_heading)
}

/// The name that a build gives to a heading. Of several equal ones, only the first has it.
fn heading_name(root: &NodeRef<'_>, heading: &NodeRef<'_>) -> Option<String> {
    let name = |node: &NodeRef<'_>| slug(&collapse(&node.text()));
    let own = name(heading).filter(|own| !matches!(own.as_str(), "main" | "top"))?;
    let first = root
        .descendants_it()
        .filter(is_heading)
        .find(|node| name(node).as_ref() == Some(&own));
    first
        .is_some_and(|first| first.id == heading.id)
        .then_some(own)
}

/// The block that a place is in, or that it is.
fn note_at<'t>(target: &NodeRef<'t>) -> NodeRef<'t> {
    let is_block = |node: &NodeRef<'_>| node.node_name().is_some_and(|name| begins_block(&name));
    if is_block(target) {
        return *target;
    }
    let block = target.ancestors_it(Some(NEAR)).find(is_block);
    block.unwrap_or(*target)
}
