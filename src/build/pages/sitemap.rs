//! The sitemap (sitemaps.org): an index, a file for each month of articles, and one for all other pages.
//! Without base_url there is none, as a sitemap contains full addresses.

use std::collections::BTreeSet;

use serde::Serialize;
use url::Url;

use super::site_page::SitePage;
use super::template_context::{self, Frame};
use super::{PageContent, PageKey, PageKind, View};
use crate::model::digest;
use crate::model::period::Period;
use crate::model::subject::Subject;
use crate::model::term::ListId;
use crate::model::{Class, Date};
use crate::text::addresses::encode_path;

/// The most addresses that the format allows in a file.
const MAX_ADDRESSES: usize = 50_000;

#[derive(Serialize)]
struct SitemapAddress {
    url: String,
    lastmod: Option<String>,
}

/// The list of the sitemap's files.
pub(crate) static INDEX: SitePage = SitePage {
    path: "sitemap.xml",
    template: "sitemap_index.xml",
    context: |view, frame| {
        let files = file_periods(view)
            .into_iter()
            .flat_map(|period| files_of(view, period));
        let addresses = std::iter::once(PAGES.path.to_owned())
            .chain(files)
            .filter_map(|file| address(view, &file));
        let addresses: Vec<SitemapAddress> = addresses.collect();
        frame.context(view, &[("addresses", addresses)])
    },
    ..SITEMAP
};

/// The file of all pages other than articles.
pub(crate) static PAGES: SitePage = SitePage {
    path: "sitemap/pages.xml",
    template: "sitemap.xml",
    context: |view, frame| frame.context(view, &[("addresses", pages(view))]),
    ..SITEMAP
};

const SITEMAP: SitePage = SitePage {
    name: "sitemap",
    exists: Some(|view| view.settings.base_url.is_some()),
    ..SitePage::BASE
};

pub(crate) struct SitemapFile;

impl PageKind for SitemapFile {
    fn name(&self) -> &'static str {
        "sitemap part"
    }

    fn class(&self) -> Class {
        Class::Entrance
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        match subject {
            Subject::List(ListId::Archive, Period::All) => Vec::new(),
            Subject::List(ListId::Archive, period) => files_of(view, *period),
            _ => Vec::new(),
        }
    }

    fn exists(&self, view: &View<'_>, subject: &Subject, _: &str) -> bool {
        let Subject::List(list, period) = *subject else {
            return false;
        };
        view.settings.base_url.is_some()
            && view.library.count(list, period) > 0
            && has_file(view, period)
    }

    fn subject(&self, _: &View<'_>, path: &str) -> Option<Subject> {
        let (name, _) = split(path.strip_prefix("sitemap/")?.strip_suffix(".xml")?);
        let period = Period::from_folder(&name.replace('-', "/"))?;
        Some(Subject::List(ListId::Archive, period))
    }

    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent> {
        let Subject::List(list, period) = *subject else {
            return None;
        };
        let inside = view.library.within(list, period);
        let parts = parts(view, period);
        let part = path
            .strip_suffix(".xml")
            .and_then(|name| split(name).1)
            .unwrap_or(0);
        // The file of a year contains only articles without a month; that of a month, all of the month, unless there are too many.
        let own = inside
            .into_iter()
            .filter(|a| belongs_to(view, period, view.library.period_of(*a)));
        let addresses = own.filter_map(|a| {
            let card = view
                .library
                .card(a)
                .filter(|card| part_of(card.id, parts) == part)?;
            let modified = view.library.details(a)?.modified;
            // The format requires a day, or a full time with an offset.
            let day = |date: Date| date.to_string().split('T').next().map(str::to_owned);
            Some(SitemapAddress {
                lastmod: modified.max(card.date).and_then(day),
                ..address(view, card.path)?
            })
        });
        let addresses: Vec<SitemapAddress> = addresses.collect();
        let frame = Frame {
            kind: self.name(),
            path,
            ..Frame::default()
        };
        Some(PageContent::Template {
            name: "sitemap.xml",
            context: frame.context(view, &[("addresses", addresses)]),
            bodies: Vec::new(),
        })
    }
}

/// The address of a page, with everything escaped that an address cannot hold.
fn address(view: &View<'_>, path: &str) -> Option<SitemapAddress> {
    let url = template_context::url(view, &encode_path(path))?;
    Some(SitemapAddress {
        url: Url::parse(&url).map_or(url, String::from),
        lastmod: None,
    })
}

/// How many files a period has: more than one where even a day, or what is undated, has too many articles.
fn parts(view: &View<'_>, period: Period) -> usize {
    let is_divided = matches!(period, Period::Day(..) | Period::Undated);
    let articles = view.library.count(ListId::Archive, period);
    match is_divided && articles > MAX_ADDRESSES {
        // Half full, so that hashes cannot overfill one; a power of two, so that the number seldom changes.
        true => articles.div_ceil(MAX_ADDRESSES / 2).next_power_of_two(),
        false => 1,
    }
}

/// The file of its period in which an article is: it depends on the article alone, so that others do not move.
fn part_of(id: &str, parts: usize) -> usize {
    (digest::short(id.as_bytes()) as usize) & (parts - 1)
}

/// The name of a file without the number of its part, and the number: `undated-p3`.
fn split(name: &str) -> (&str, Option<usize>) {
    let numbered = name.rsplit_once("-p");
    let number = numbered.and_then(|(name, number)| Some((name, number.parse().ok()?)));
    number.map_or((name, None), |(name, number)| (name, Some(number)))
}

/// The paths of the files of a period.
fn files_of(view: &View<'_>, period: Period) -> Vec<String> {
    let name = period.folder().replace('/', "-");
    match parts(view, period) {
        1 => vec![format!("sitemap/{name}.xml")],
        parts => (0..parts)
            .map(|part| format!("sitemap/{name}-p{part}.xml"))
            .collect(),
    }
}

/// The periods that have a file, in order.
fn file_periods(view: &View<'_>) -> BTreeSet<Period> {
    let parts = |period| view.library.parts(ListId::Archive, period);
    let mut files = BTreeSet::new();
    for year in parts(Period::All) {
        for month in parts(year) {
            if view.library.count(ListId::Archive, month) > MAX_ADDRESSES {
                files.extend(parts(month));
            }
            files.insert(month);
        }
        files.insert(year);
    }
    files.retain(|period| has_file(view, *period));
    files
}

/// Whether a period has a file: months have one, years and undated articles for those without a month, and days if their month
/// is too long.
fn has_file(view: &View<'_>, period: Period) -> bool {
    let long = |p: Period| view.library.count(ListId::Archive, p) > MAX_ADDRESSES;
    match period {
        Period::All => false,
        Period::Undated | Period::Month(..) => true,
        Period::Year(_) => view.library.has_own(ListId::Archive, period),
        Period::Day(..) => period.parent().is_some_and(long),
    }
}

fn belongs_to(view: &View<'_>, file: Period, article: Period) -> bool {
    match file {
        Period::Month(..) => article == file || !has_file(view, article),
        Period::Year(_) => article == file,
        _ => true,
    }
}

/// All pages other than articles: those of the site, hand-written ones, the first pages of topics and authors.
fn pages(view: &View<'_>) -> Vec<SitemapAddress> {
    let library = view.library;
    let topics = library
        .topics()
        .into_iter()
        .map(|(no, _)| ListId::Topic(no));
    let authors = library
        .authors()
        .into_iter()
        .map(|(no, _)| ListId::Author(no));
    let lists = topics.chain(authors);
    let hand_written = library
        .pages()
        .map(|page| Subject::Content(page.file.clone()));
    let subjects = std::iter::once(Subject::Site)
        .chain(hand_written)
        .chain(lists.map(|list| Subject::List(list, Period::All)));
    let pages = subjects.flat_map(|subject| PageKey::of(view, &subject));
    pages
        .filter(|key| key.kind().is_in_sitemap())
        .take(MAX_ADDRESSES)
        .filter_map(|key| address(view, &key.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_long_period_are_about_as_long() {
        let parts = 60_000_usize.div_ceil(MAX_ADDRESSES / 2).next_power_of_two();
        let mut lengths = vec![0; parts];
        for id in 0..60_000 {
            lengths[part_of(&format!("a{id}"), parts)] += 1;
        }
        assert_eq!(parts, 4);
        assert!(
            lengths
                .iter()
                .all(|length| (12_000..18_000).contains(length)),
            "{lengths:?}"
        );
        assert_eq!(part_of("a", 1), 0);
    }

    #[test]
    fn a_part_is_named_after_its_period() {
        assert_eq!(split("undated-p3"), ("undated", Some(3)));
        assert_eq!(split("2021-07-13-p0"), ("2021-07-13", Some(0)));
        assert_eq!(split("2021-07"), ("2021-07", None));
    }
}
