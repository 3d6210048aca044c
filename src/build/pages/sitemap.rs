//! The sitemap (sitemaps.org): an index, a file for each month of articles, and one for the pages beside them.
//! Without base_url there is none: a sitemap is made of full addresses.

use std::collections::BTreeSet;

use serde::Serialize;

use super::template_context::{self, Frame};
use super::{PageKind, View};
use crate::model::Class;
use crate::model::page::{PageContent, Subject};
use crate::model::period::Period;
use crate::model::term::ListId;

/// The most addresses that the format allows in a file.
const MOST: usize = 50_000;

#[derive(Serialize)]
struct Address {
    url: String,
    lastmod: Option<String>,
}

pub struct Index;

impl PageKind for Index {
    fn name(&self) -> &'static str {
        "sitemap"
    }

    fn class(&self) -> Class {
        Class::Entrance
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        let there = *subject == Subject::Site && view.settings.base_url.is_some();
        if there {
            vec!["sitemap.xml".to_owned(), "sitemap/pages.xml".to_owned()]
        } else {
            Vec::new()
        }
    }

    fn subject(&self, _: &View<'_>, _: &str) -> Option<Subject> {
        Some(Subject::Site)
    }

    fn content(&self, view: &View<'_>, _: &Subject, path: &str) -> Option<PageContent> {
        if path == "sitemap/pages.xml" {
            return Some(template(
                view,
                self.name(),
                path,
                "sitemap.xml",
                &pages(view),
            ));
        }
        let files = files(view).into_iter().map(file_of);
        let addresses: Vec<Address> = std::iter::once("sitemap/pages.xml".to_owned())
            .chain(files)
            .filter_map(|file| {
                Some(Address {
                    url: template_context::url(view, &file)?,
                    lastmod: None,
                })
            })
            .collect();
        Some(template(
            view,
            self.name(),
            path,
            "sitemap_index.xml",
            &addresses,
        ))
    }
}

pub struct Part;

impl PageKind for Part {
    fn name(&self) -> &'static str {
        "sitemap part"
    }

    fn class(&self) -> Class {
        Class::Entrance
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        match subject {
            Subject::List(ListId::Archive, period) if view.settings.base_url.is_some() => {
                let inhabited = view.library.count(ListId::Archive, *period) > 0;
                if inhabited && is_cut_here(view, *period) {
                    vec![file_of(*period)]
                } else {
                    Vec::new()
                }
            }
            _ => Vec::new(),
        }
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
        // A year's own file holds only what has no month; a month's, all of the month, unless that is too much.
        let own = inside
            .into_iter()
            .filter(|a| is_own(view, period, view.library.period_of(*a)));
        let addresses: Vec<Address> = own
            .take(MOST)
            .filter_map(|a| {
                let card = view.library.card(a)?;
                Some(Address {
                    url: template_context::url(view, card.path)?,
                    lastmod: card.date.map(|d| d.to_string()),
                })
            })
            .map(|mut address| {
                // The format wants a day, or a full time with its offset.
                address.lastmod = address
                    .lastmod
                    .map(|d| d.split('T').next().unwrap_or_default().to_owned());
                address
            })
            .collect();
        Some(template(view, self.name(), path, "sitemap.xml", &addresses))
    }
}

/// The periods that have a file, in order.
fn files(view: &View<'_>) -> BTreeSet<Period> {
    let parts = |period| view.library.parts(ListId::Archive, period);
    let mut files = BTreeSet::new();
    for year in parts(Period::All) {
        for month in parts(year) {
            if view.library.count(ListId::Archive, month) > MOST {
                files.extend(parts(month));
            }
            files.insert(month);
        }
        files.insert(year);
    }
    files.retain(|period| is_cut_here(view, *period));
    files
}

/// Months have a file, and years and undated articles for what has no month; days where a month is too long.
fn is_cut_here(view: &View<'_>, period: Period) -> bool {
    let long = |p: Period| view.library.count(ListId::Archive, p) > MOST;
    match period {
        Period::All => false,
        Period::Undated | Period::Month(..) => true,
        Period::Year(_) => view.library.has_own(ListId::Archive, period),
        Period::Day(..) => period.parent().is_some_and(long),
    }
}

fn is_own(view: &View<'_>, file: Period, article: Period) -> bool {
    match file {
        Period::Month(..) => article == file || !is_cut_here(view, article),
        Period::Year(_) => article == file,
        _ => true,
    }
}

fn file_of(period: Period) -> String {
    format!("sitemap/{}.xml", period.folder().replace('/', "-"))
}

/// The pages that are no articles: home, overviews, hand-written pages, first pages of topics and authors.
fn pages(view: &View<'_>) -> Vec<Address> {
    let fixed = [
        "index.html",
        "archive.html",
        "topics/index.html",
        "authors/index.html",
    ]
    .map(str::to_owned);
    let first = |list: ListId| {
        template_context::list_path(
            template_context::list_stem(view, list).as_deref(),
            Period::All,
        )
    };
    let topics = view
        .library
        .topics()
        .into_iter()
        .map(|(no, _)| first(ListId::Topic(no)));
    let authors = view
        .library
        .authors()
        .into_iter()
        .map(|(no, _)| first(ListId::Author(no)));
    let hand = view.library.pages().map(|page| page.path());
    let about = super::about_archive::path(view).map(str::to_owned);
    fixed
        .into_iter()
        .chain(about)
        .chain(hand)
        .chain(topics)
        .chain(authors)
        .take(MOST)
        .filter_map(|path| {
            Some(Address {
                url: template_context::url(view, &path)?,
                lastmod: None,
            })
        })
        .collect()
}

fn template(
    view: &View<'_>,
    kind: &str,
    path: &str,
    name: &'static str,
    addresses: &[Address],
) -> PageContent {
    let frame = Frame {
        kind,
        path,
        ..Frame::default()
    };
    PageContent::Template {
        name,
        context: frame.context(view, &[("addresses", addresses)]),
        bodies: Vec::new(),
    }
}
