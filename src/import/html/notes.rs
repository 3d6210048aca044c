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

/// At most this many links within a page, and links back to one place, are compared.
const MOST: usize = 2_000;
const MOST_BACK: usize = 20;

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
        let headings = heading_names(root);
        // The links to each place.
        let mut to: HashMap<NodeId, Vec<usize>> = HashMap::new();
        for (at, (_, place)) in links.iter().enumerate() {
            if let Some(target) = places.get(place) {
                to.entry(target.id).or_default().push(at);
            }
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
            let heading = heading_at(target);
            if let Some(name) = heading.and_then(|heading| headings.get(&heading.id).cloned()) {
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
            let near = std::iter::once(link.id)
                .chain(link.ancestors_it(Some(NEAR)).map(|above| above.id))
                .chain(link.descendants_it().take(NEAR).map(|below| below.id));
            let back = near.filter_map(|id| to.get(&id)).flatten().take(MOST_BACK);
            let back = back.map(|at| links[*at].0);
            let is_back = |other: &NodeRef<'_>| other.id != link.id && inside(other, &note);
            let back: Vec<NodeId> = back.filter(is_back).map(|other| other.id).collect();
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
    let mut below = target.descendants_it().take(NEAR);
    let is_empty = below.all(|node| !node.is_text() || node.text().trim().is_empty());
    let after = || std::iter::successors(target.next_sibling(), NodeRef::next_sibling);
    let next = after()
        .take(3)
        .filter(|_| is_empty)
        .find(NodeRef::is_element);
    let mut near = around.chain(first).chain(next);
    near.find(is_heading)
}

/// The names that a build gives to headings. Of several equal ones, only the first has it.
fn heading_names(root: &NodeRef<'_>) -> HashMap<NodeId, String> {
    let mut names: HashMap<NodeId, String> = HashMap::new();
    let mut taken: HashSet<String> = HashSet::from(["main".to_owned(), "top".to_owned()]);
    for heading in root.descendants_it().filter(is_heading) {
        let name = slug(&collapse(&heading.text()));
        if let Some(name) = name.filter(|name| taken.insert(name.clone())) {
            names.insert(heading.id, name);
        }
    }
    names
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
