//! The links and images of a body: which targets they have, and what each becomes on a page. Never knows for which page.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag, TagEnd};

use crate::model::Origin;
use crate::model::library::fragment;
use crate::model::origin;
use crate::text::markdown::OPTIONS;

/// The targets of links and images, with the byte at which each begins.
pub(crate) fn link_targets(body: &str) -> Vec<(String, usize)> {
    // Most articles have no link: a search for brackets is cheaper than parsing.
    if !body.contains("](") && !body.contains("]:") {
        return Vec::new();
    }
    let links = Parser::new_ext(body, OPTIONS)
        .into_offset_iter()
        .filter_map(|(event, range)| match event {
            Event::Start(
                Tag::Link {
                    dest_url,
                    link_type,
                    ..
                }
                | Tag::Image {
                    dest_url,
                    link_type,
                    ..
                },
            ) if link_type != LinkType::Email => Some((dest_url.into_string(), range.start)),
            _ => None,
        });
    links.collect()
}

/// Whether a target points into this site: it has no scheme except our own `id:`, no host, and more than a fragment.
pub(crate) fn is_site_link(target: &str) -> bool {
    let own = target.strip_prefix("id:").is_some();
    own || !(target.is_empty()
        || target.starts_with(['#', '?'])
        || target.starts_with("//")
        || scheme(target).is_some())
}

pub(super) fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    // `java\nscript:` hides its scheme with control characters or blanks; no path of this site has one before a colon.
    let hidden = scheme.contains(|c: char| c.is_control() || c.is_whitespace());
    (is_scheme || hidden).then_some(scheme)
}

/// What a link in a body becomes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Link {
    /// A link to this address.
    To(String),
    /// No link, as the target is unknown: only its text is kept.
    Unknown,
}

/// What the HTML of a body depends on beside its Markdown.
#[derive(Default)]
pub(crate) struct BodyContext<'a> {
    /// What each site link becomes.
    pub links: HashMap<&'a str, &'a Link>,
    pub remote_images: bool,
    /// Where articles are now that were published at other addresses before, sorted.
    pub addresses: &'a [(Origin, String)],
    /// The host at which the text was published before.
    pub host: &'a str,
    /// The page's title: a first heading that repeats it is left out.
    pub title: &'a str,
}

impl BodyContext<'_> {
    /// Where the page at an older address is now, with the fragment of the link.
    fn address(&self, link: &str) -> Option<String> {
        if self.addresses.is_empty() {
            return None;
        }
        let now = origin::named(self.host, None, link)
            .into_iter()
            .find_map(|named| {
                let at = self
                    .addresses
                    .binary_search_by_key(&named, |(origin, _)| *origin);
                at.ok().map(|at| &self.addresses[at].1)
            })?;
        Some(format!("{now}{}", fragment(link)))
    }
}

/// A link or image that has begun.
pub(super) struct OpenLink {
    pub end: Option<TagEnd>,
    /// What is shown if it has no text.
    pub name: Option<String>,
    /// The number of events before its text.
    pub from: usize,
}

/// The name of the file that a link or image names, else its host.
pub(super) fn name_of(tag: &Tag<'_>) -> Option<String> {
    let (Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = tag else {
        return None;
    };
    let end = dest_url.find(['#', '?']).unwrap_or(dest_url.len());
    let mut parts = dest_url[..end].rsplit('/').filter(|part| !part.is_empty());
    let name = percent_decode_str(parts.next()?).decode_utf8_lossy();
    (!name.is_empty()).then(|| name.into_owned())
}

/// The start event of a link or image, and its end tag; `None` if only its text is kept. `within` says whether it is in a link.
pub(super) fn link<'a>(
    tag: Tag<'a>,
    context: &BodyContext<'_>,
    within: bool,
) -> (Option<Event<'a>>, Option<TagEnd>) {
    let (link_type, dest, title, id, is_image) = match tag {
        Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        } => (link_type, dest_url, title, id, false),
        Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        } => (link_type, dest_url, title, id, true),
        other => return (Some(Event::Start(other)), None),
    };
    let as_link = |dest_url: CowStr<'a>| {
        let tag = Tag::Link {
            link_type,
            dest_url,
            title: title.clone(),
            id: id.clone(),
        };
        (Some(Event::Start(tag)), Some(TagEnd::Link))
    };
    let as_image = |dest_url: CowStr<'a>| {
        let tag = Tag::Image {
            link_type,
            dest_url,
            title: title.clone(),
            id: id.clone(),
        };
        (Some(Event::Start(tag)), Some(TagEnd::Image))
    };
    let is_address = link_type == LinkType::Email;
    if !is_address && is_site_link(&dest) {
        return match context.links.get(&*dest) {
            Some(Link::To(href)) if is_image => as_image(href.clone().into()),
            Some(Link::To(href)) => as_link(href.clone().into()),
            _ => (None, None),
        };
    }
    if !is_image && let Some(now) = context.address(&dest) {
        return as_link(now.into());
    }
    let allowed = scheme(&dest).is_none_or(|s| {
        ["http", "https", "mailto"]
            .iter()
            .any(|a| s.eq_ignore_ascii_case(a))
    });
    match (allowed || is_address, is_image) {
        (false, _) => (None, None),
        // HTML has no link within a link.
        (true, true) if within && !context.remote_images => (None, None),
        (true, true) if context.remote_images => as_image(dest),
        (true, _) => as_link(dest),
    }
}
