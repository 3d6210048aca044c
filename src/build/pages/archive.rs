//! The overview of dates: every year, with its months.

use serde::Serialize;
use tera::Value;

use super::site_page::SitePage;
use super::template_context::{self, CountedLink, Frame};
use super::{View, about_archive, feed};
use crate::model::Class;
use crate::model::period::Period;
use crate::model::term::ListId;

#[derive(Serialize)]
struct ArchiveView {
    years: Vec<ArchiveYear>,
    undated: Option<CountedLink>,
    articles: usize,
    about: Option<&'static str>,
}

#[derive(Serialize)]
struct ArchiveYear {
    name: String,
    path: String,
    count: usize,
    months: Vec<CountedLink>,
}

/// The overview of dates.
pub(crate) static ARCHIVE: SitePage = SitePage {
    name: "archive",
    class: Class::List,
    path: "archive.html",
    template: "archive.html",
    title: "Dates",
    is_in_menu: true,
    is_in_sitemap: true,
    context,
    ..SitePage::BASE
};

fn context(view: &View<'_>, frame: Frame<'_>) -> Vec<(&'static str, Value)> {
    let (years, undated): (Vec<_>, Vec<_>) = periods(view)
        .into_iter()
        .partition(|p| *p != Period::Undated);
    let years = years.into_iter().map(|year| year_view(view, year));
    let archive = ArchiveView {
        years: years.collect(),
        undated: undated.into_iter().map(|p| counted(view, p)).next(),
        articles: view.library.articles(ListId::Archive).len(),
        about: about_archive::path(view),
    };
    let frame = Frame {
        feed: feed::path(view, ListId::Archive),
        ..frame
    };
    frame.context(view, &[("archive", archive)])
}

/// The years that have articles, newest first.
pub(crate) fn years(view: &View<'_>) -> Vec<CountedLink> {
    periods(view)
        .into_iter()
        .filter(|p| *p != Period::Undated)
        .map(|year| counted(view, year))
        .collect()
}

/// Years, newest first, then undated articles.
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

fn year_view(view: &View<'_>, period: Period) -> ArchiveYear {
    let CountedLink {
        name, path, count, ..
    } = counted(view, period);
    let months = match period {
        Period::Year(year) => (1..=12)
            .map(|month| counted(view, Period::Month(year, month)))
            .collect(),
        _ => Vec::new(),
    };
    ArchiveYear {
        name,
        path,
        count,
        months,
    }
}
