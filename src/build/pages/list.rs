//! A page of a list: a topic's or an author's articles, or the archive's of a year, a month or a day.

use serde::Serialize;
use tera::Value;

use super::template_context::{self, Frame, LinkView};
use super::{PageKind, View, feed};
use crate::model::Class;
use crate::model::page::{PageContent, Subject};
use crate::model::period::Period;
use crate::model::term::ListId;

pub struct List;

#[derive(Serialize)]
struct ListPage<'a> {
    of: &'static str,
    name: &'a str,
    path: String,
    kind: &'a str,
    period: Option<PeriodView>,
    trail: Vec<LinkView>,
    cards: Vec<Value>,
    newest: bool,
    parts: Vec<LinkView>,
    part_level: &'static str,
}

#[derive(Serialize)]
struct PeriodView {
    title: String,
    level: &'static str,
}

impl PageKind for List {
    fn name(&self) -> &'static str {
        "list"
    }

    fn class(&self) -> Class {
        Class::List
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        match subject {
            // The archive's own first page is the overview of dates.
            Subject::List(ListId::Archive, Period::All) => Vec::new(),
            Subject::List(list, period) if view.library.has_page(*list, *period) => {
                vec![template_context::list_path(
                    template_context::list_stem(view, *list).as_deref(),
                    *period,
                )]
            }
            _ => Vec::new(),
        }
    }

    fn subject(&self, view: &View<'_>, path: &str) -> Option<Subject> {
        if let Some(folder) = path.strip_suffix("/index.html")
            && let Some(period) = Period::from_folder(folder)
        {
            return Some(Subject::List(ListId::Archive, period));
        }
        let (list, rest) = template_context::list_of(view, path.strip_suffix(".html")?)?;
        let period = match rest {
            "" => Period::All,
            folder => Period::from_folder(folder)?,
        };
        Some(Subject::List(list, period))
    }

    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent> {
        let Subject::List(list, period) = *subject else {
            return None;
        };
        let shown = view.library.view(list, period);
        let stem = template_context::list_stem(view, list);
        let (of, name, kind) = match list {
            ListId::Archive => ("archive", "Archive", ""),
            ListId::Topic(number) => {
                let topic = view.library.topic(number);
                (
                    "topic",
                    topic.name(),
                    topic.kind.as_deref().unwrap_or_default(),
                )
            }
            ListId::Author(number) => ("author", view.library.author(number).name(), ""),
        };
        let link = |name: String, period: Period| LinkView {
            name,
            path: template_context::list_path(stem.as_deref(), period),
        };
        let mut trail: Vec<LinkView> = period
            .upwards()
            .skip(1)
            .map(|p| {
                link(
                    if p == Period::All {
                        name.to_owned()
                    } else {
                        p.short_title()
                    },
                    p,
                )
            })
            .collect();
        trail.reverse();
        let level = |p: &Period| if *p == Period::Undated { "" } else { p.level() };
        let page = ListPage {
            of,
            name,
            path: template_context::list_path(stem.as_deref(), Period::All),
            kind,
            period: (period != Period::All).then(|| PeriodView {
                title: period.title(),
                level: period.level(),
            }),
            trail,
            cards: template_context::cards(view, &shown.articles),
            newest: shown.newest,
            part_level: shown.parts.first().map_or("", level),
            parts: shown
                .parts
                .iter()
                .map(|p| link(p.short_title(), *p))
                .collect(),
        };
        let title = match (list, period) {
            (_, Period::All) => name.to_owned(),
            (ListId::Archive, _) => period.title(),
            _ => format!("{name}, {}", period.title()),
        };
        let feed = feed::path(view, list);
        let frame = Frame {
            kind: self.name(),
            path,
            title: &title,
            feed,
            ..Frame::default()
        };
        Some(PageContent::Template {
            name: "list.html",
            context: frame.context(view, &[("list", page)]),
            bodies: Vec::new(),
        })
    }
}
