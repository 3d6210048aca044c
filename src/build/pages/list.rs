//! A page of a list: the articles of a topic or an author, or those of the archive in a year, a month or on a day.

use serde::Serialize;
use tera::Value;

use super::template_context::{self, Frame, LinkView};
use super::{PageContent, PageKind, View, feed};
use crate::build::markdown::{self, BodyContext};
use crate::model::Class;
use crate::model::period::Period;
use crate::model::subject::Subject;
use crate::model::term::{ListId, TermNo};

pub(crate) struct ListPage;

#[derive(Serialize)]
struct ListPageView<'a> {
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
    #[serde(flatten)]
    about: AboutTopic<'a>,
}

/// What the first page of a topic says of it.
#[derive(Serialize, Default)]
struct AboutTopic<'a> {
    /// HTML.
    description: String,
    broader: Vec<LinkView>,
    narrower: Vec<LinkView>,
    same_as: &'a [String],
}

#[derive(Serialize)]
struct PeriodView {
    title: String,
    level: &'static str,
}

impl PageKind for ListPage {
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
            Subject::List(list, period) => {
                let stem = template_context::list_stem(view, *list);
                vec![template_context::list_path(stem.as_deref(), *period)]
            }
            _ => Vec::new(),
        }
    }

    fn exists(&self, view: &View<'_>, subject: &Subject, _: &str) -> bool {
        match subject {
            Subject::List(list, period) => view.library.has_page(*list, *period),
            _ => false,
        }
    }

    fn is_in_sitemap(&self) -> bool {
        true
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
        let stem = template_context::list_stem(view, list);
        let list_view = list_view(view, list, period, stem.as_deref());
        let title = match (list, period) {
            (_, Period::All) => list_view.name.to_owned(),
            (ListId::Archive, _) => period.title(),
            _ => format!("{}, {}", list_view.name, period.title()),
        };
        let frame = Frame {
            kind: self.name(),
            path,
            title: &title,
            feed: feed::path(view, list),
            ..Frame::default()
        };
        Some(PageContent::Template {
            name: "list.html",
            context: frame.context(view, &[("list", list_view)]),
            bodies: Vec::new(),
        })
    }
}

fn list_view<'a>(
    view: &View<'a>,
    list: ListId,
    period: Period,
    stem: Option<&str>,
) -> ListPageView<'a> {
    let shown = view.library.view(list, period);
    let (of, name, kind) = match list {
        ListId::Archive => ("archive", "Archive", ""),
        ListId::Topic(number) => {
            let topic = view.library.topic(number);
            let kind = topic.kind.as_deref().unwrap_or_default();
            ("topic", topic.name(), kind)
        }
        ListId::Author(number) => ("author", view.library.author(number).name(), ""),
    };
    let link = |name: String, period: Period| LinkView {
        name,
        path: template_context::list_path(stem, period),
    };
    let above = |period: Period| match period {
        Period::All => link(name.to_owned(), period),
        _ => link(period.short_title(), period),
    };
    let mut trail: Vec<LinkView> = period.upwards().skip(1).map(above).collect();
    trail.reverse();
    let level = |period: &Period| match period {
        Period::Undated => "",
        period => period.level(),
    };
    let parts = shown.parts.iter();
    ListPageView {
        of,
        name,
        path: template_context::list_path(stem, Period::All),
        kind,
        period: (period != Period::All).then(|| PeriodView {
            title: period.title(),
            level: period.level(),
        }),
        trail,
        cards: template_context::cards(view, &shown.articles),
        newest: shown.newest,
        part_level: shown.parts.first().map_or("", level),
        parts: parts.map(|p| link(p.short_title(), *p)).collect(),
        about: match (list, period) {
            (ListId::Topic(number), Period::All) => about_topic(view, number),
            _ => AboutTopic::default(),
        },
    }
}

/// Links in a description that point into this site are texts: the page would have to change when their targets do.
fn about_topic<'a>(view: &View<'a>, number: TermNo) -> AboutTopic<'a> {
    let topic = view.library.topic(number);
    let defined = topic.defined.as_deref();
    let link = |number: TermNo| {
        let list = ListId::Topic(number);
        let stem = template_context::list_stem(view, list);
        let is_shown = view.library.has_page(list, Period::All);
        is_shown.then(|| LinkView {
            name: view.library.topic(number).name().to_owned(),
            path: template_context::list_path(stem.as_deref(), Period::All),
        })
    };
    let context = BodyContext {
        remote_images: view.settings.remote_images,
        title: topic.name(),
        ..BodyContext::default()
    };
    let mut narrower: Vec<LinkView> = topic
        .narrower
        .iter()
        .filter_map(|number| link(*number))
        .collect();
    narrower.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
    let text = defined.and_then(|defined| defined.description.as_deref());
    AboutTopic {
        description: text
            .map(|text| markdown::html(text, &context))
            .unwrap_or_default(),
        broader: topic.parent().and_then(link).into_iter().collect(),
        narrower,
        same_as: defined.map_or(&[], |defined| &defined.same_as),
    }
}
