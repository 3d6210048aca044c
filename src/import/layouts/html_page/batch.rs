//! What a page shares with others of its site, and what follows for its fields: titles without the name of the site, topics that
//! say something. Never knows another page.

use dom_query::Document;
use url::Url;

use super::named_parts;
use super::units::{Units, folded};
use crate::import::reading::Reading;
use crate::import::recurrence::{PageTraits, SiteRecurrence, hash32, hash64};

/// What separates a title and the name of its site.
const SEPARATORS: &[&str] = &[
    " - ", " | ", " – ", " — ", " · ", " » ", " › ", " :: ", " • ", " « ", " ‹ ",
];

/// At most this many parts at the end of a title are compared.
const MOST_ENDINGS: usize = 3;

/// Of the pages of a site, in percent: how many have a title with the site's name, and how many a topic that says nothing.
const ENDING: u32 = 30;
const TOPIC: u32 = 90;

/// The address that a page states, or from which it was fetched.
pub(super) fn address(reading: &Reading) -> Option<Url> {
    let url = reading.front.extra.get("url")?.as_str()?;
    Url::parse(url).ok()
}

/// The host of an address without what distinguishes forms of one page.
pub(super) fn host(address: &Url) -> Option<String> {
    let host = address.host_str()?;
    let forms = ["www.", "m.", "amp.", "mobile."];
    let own = forms.iter().find_map(|form| host.strip_prefix(form));
    Some(
        own.filter(|own| own.contains('.'))
            .unwrap_or(host)
            .to_owned(),
    )
}

/// The traits of a page, whose named parts this removes. `path` is that of the page: pages that name no host are compared within
/// their folder.
pub(super) fn traits(document: &Document, reading: &Reading, path: &str) -> PageTraits {
    let host = address(reading).as_ref().and_then(host);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let site = host.clone().unwrap_or_else(|| format!("/{folder}"));
    named_parts::remove(document);
    let mut hashes = Units::of(&document.root(), host.as_deref()).hashes();
    let front = &reading.front;
    hashes.extend(endings(&front.title).map(|(_, ending)| ending_hash(ending)));
    hashes.extend(reading.site_name.as_deref().map(ending_hash));
    hashes.extend(beginning(&front.title).map(|(first, _)| ending_hash(first)));
    hashes.extend(front.topics.iter().map(|topic| topic_hash(topic)));
    hashes.sort_unstable();
    hashes.dedup();
    PageTraits {
        site: hash64(site.bytes()),
        title: hash32(front.title.bytes()),
        hashes,
    }
}

/// Removes from the fields what recurs on the pages of the site.
pub fn settle(reading: &mut Reading, site: &SiteRecurrence) {
    let (title, name) = without_site_name(&reading.front.title, site);
    let recurs = |name: &String| site.is_on(ending_hash(name), ENDING);
    let name = name.or_else(|| reading.site_name.take().filter(recurs));
    if let Some(name) = name
        && reading.front.source.is_none()
    {
        reading.front.source = Some(name);
        reading.infer("source");
    }
    reading.front.title = title;
    let says_something = |topic: &String| !site.is_on(topic_hash(topic), TOPIC);
    reading.front.topics.retain(says_something);
}

/// A title without the parts at its ends that recur on the site, and the outermost of them, which is the site's name.
pub fn without_site_name(title: &str, site: &SiteRecurrence) -> (String, Option<String>) {
    let mut left = title.trim();
    let mut name = None;
    for _ in 0..MOST_ENDINGS {
        let ending = endings(left).next();
        let Some((before, ending)) = ending.filter(|(_, e)| site.is_on(ending_hash(e), ENDING))
        else {
            break;
        };
        name.get_or_insert(ending);
        left = before;
    }
    if let Some((first, after)) = beginning(left)
        && site.is_on(ending_hash(first), ENDING)
    {
        name.get_or_insert(first);
        left = after;
    }
    (left.to_owned(), name.map(str::to_owned))
}

/// The last part of a title that has several.
pub(super) fn last_part(title: &str) -> Option<&str> {
    endings(title).next().map(|(_, ending)| ending)
}

/// The last parts of a title, each with what precedes it.
fn endings(title: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = title.trim();
    let parts = std::iter::from_fn(move || {
        let at = SEPARATORS
            .iter()
            .filter_map(|s| Some((rest.rfind(s)?, s.len())));
        let (at, length) = at.max()?;
        let found = (rest[..at].trim(), rest[at + length..].trim());
        rest = found.0;
        Some(found)
    });
    let is_whole = |(before, ending): &(&str, &str)| !before.is_empty() && !ending.is_empty();
    parts.take(MOST_ENDINGS).take_while(is_whole)
}

/// The first part of a title, and what follows it.
fn beginning(title: &str) -> Option<(&str, &str)> {
    let at = SEPARATORS
        .iter()
        .filter_map(|s| Some((title.find(s)?, s.len())));
    let (at, length) = at.min()?;
    let (first, after) = (title[..at].trim(), title[at + length..].trim());
    (!first.is_empty() && !after.is_empty()).then_some((first, after))
}

fn ending_hash(ending: &str) -> u32 {
    let words: Vec<&str> = ending.split_whitespace().collect();
    hash32(folded(&words, false).bytes().chain(*b"title"))
}

fn topic_hash(topic: &str) -> u32 {
    hash32(topic.to_lowercase().bytes().chain(*b"topic"))
}
