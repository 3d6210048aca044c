//! The sitemap (sitemaps.org): an index, a file for each month of articles, and one for all other pages.
//! Without base_url there is none, as a sitemap contains full addresses.

use std::collections::BTreeSet;

use serde::Serialize;

use super::site_page::SitePage;
use super::template_context::{self, Frame};
use super::{PageContent, PageKey, PageKind, View};
use crate::model::period::Period;
use crate::model::subject::Subject;
use crate::model::term::ListId;
use crate::model::{Class, Date};

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
        let files = file_periods(view).into_iter().map(file_of);
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

    fn paths(&self, _: &View<'_>, subject: &Subject) -> Vec<String> {
        match subject {
            Subject::List(ListId::Archive, Period::All) => Vec::new(),
            Subject::List(ListId::Archive, period) => vec![file_of(*period)],
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
        let name = path.strip_prefix("sitemap/")?.strip_suffix(".xml")?;
        let period = Period::from_folder(&name.replace('-', "/"))?;
        Some(Subject::List(ListId::Archive, period))
    }

    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent> {
        let Subject::List(list, period) = *subject else {
            return None;
        };
        let inside = view.library.within(list, period);
        // The file of a year contains only articles without a month; that of a month, all of the month, unless there are too many.
        let own = inside
            .into_iter()
            .filter(|a| belongs_to(view, period, view.library.period_of(*a)));
        let addresses = own.take(MAX_ADDRESSES).filter_map(|a| {
            let card = view.library.card(a)?;
            // The format requires a day, or a full time with an offset.
            let day = |date: Date| date.to_string().split('T').next().map(str::to_owned);
            Some(SitemapAddress {
                lastmod: card.date.and_then(day),
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

fn address(view: &View<'_>, path: &str) -> Option<SitemapAddress> {
    Some(SitemapAddress {
        url: template_context::url(view, path)?,
        lastmod: None,
    })
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

fn file_of(period: Period) -> String {
    format!("sitemap/{}.xml", period.folder().replace('/', "-"))
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
