//! The overview of dates: every year with its months.

use serde::Serialize;

use super::template_context::{self, CountedLink, Frame};
use super::{PageKind, View, feed};
use crate::model::Class;
use crate::model::page::{PageContent, Subject};
use crate::model::period::Period;
use crate::model::term::ListId;

pub struct Archive;

#[derive(Serialize)]
struct ArchiveView {
    years: Vec<Year>,
    undated: Option<CountedLink>,
    articles: usize,
    about: Option<&'static str>,
}

#[derive(Serialize)]
struct Year {
    name: String,
    path: String,
    count: usize,
    months: Vec<CountedLink>,
}

impl PageKind for Archive {
    fn name(&self) -> &'static str {
        "archive"
    }

    fn class(&self) -> Class {
        Class::List
    }

    fn paths(&self, _: &View<'_>, subject: &Subject) -> Vec<String> {
        (*subject == Subject::Site)
            .then(|| "archive.html".to_owned())
            .into_iter()
            .collect()
    }

    fn subject(&self, _: &View<'_>, _: &str) -> Option<Subject> {
        Some(Subject::Site)
    }

    fn content(&self, view: &View<'_>, _: &Subject, path: &str) -> Option<PageContent> {
        let (years, undated): (Vec<_>, Vec<_>) = periods(view)
            .into_iter()
            .partition(|p| *p != Period::Undated);
        let archive = ArchiveView {
            years: years
                .into_iter()
                .map(|year| year_view(view, year))
                .collect(),
            undated: undated.into_iter().map(|p| counted(view, p)).next(),
            articles: view.library.articles(ListId::Archive).len(),
            about: super::about_archive::path(view),
        };
        let frame = Frame {
            kind: self.name(),
            path,
            title: "Dates",
            feed: feed::path(view, ListId::Archive),
            ..Frame::default()
        };
        let context = frame.context(view, &[("archive", archive)]);
        Some(PageContent::Template {
            name: "archive.html",
            context,
            bodies: Vec::new(),
        })
    }
}

/// The years that have articles, newest first.
pub fn years(view: &View<'_>) -> Vec<CountedLink> {
    periods(view)
        .into_iter()
        .filter(|p| *p != Period::Undated)
        .map(|year| counted(view, year))
        .collect()
}

/// Years, newest first, then what is undated.
fn periods(view: &View<'_>) -> Vec<Period> {
    view.library.view(ListId::Archive, Period::All).parts
}

fn counted(view: &View<'_>, period: Period) -> CountedLink {
    let count = view.library.count(ListId::Archive, period);
    let path = if count > 0 {
        template_context::list_path(None, period)
    } else {
        String::new()
    };
    CountedLink {
        name: period.short_title(),
        path,
        count,
        kind: String::new(),
    }
}

fn year_view(view: &View<'_>, period: Period) -> Year {
    let CountedLink {
        name, path, count, ..
    } = counted(view, period);
    let months = match period {
        Period::Year(year) => (1..=12)
            .map(|month| counted(view, Period::Month(year, month)))
            .collect(),
        _ => Vec::new(),
    };
    Year {
        name,
        path,
        count,
        months,
    }
}
