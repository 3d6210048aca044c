//! Redirects: the pages at the older paths of an article or a page, and of topics that were merged into another.

use serde::Serialize;

use super::template_context::{self, Frame};
use super::{PageContent, PageKind, View};
use crate::model::Class;
use crate::model::library::InternalLink;
use crate::model::period::Period;
use crate::model::subject::Subject;
use crate::model::term::{ListId, TermNo};

pub(crate) struct RedirectPage;

#[derive(Serialize)]
struct RedirectTarget<'a> {
    title: &'a str,
    path: String,
    url: Option<String>,
}

impl PageKind for RedirectPage {
    fn name(&self) -> &'static str {
        "redirect"
    }

    fn class(&self) -> Class {
        Class::Redirect
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        match subject {
            Subject::Article(article) => view.library.aliases_of(*article),
            Subject::Content(file) => view
                .library
                .page(file)
                .map(|p| p.own.aliases.iter().map(|a| a.to_string()).collect())
                .unwrap_or_default(),
            Subject::List(ListId::Topic(number), Period::All) => {
                let merged = view.library.topic(*number).merged.iter();
                let paths = merged.map(|merged| first_page(view, *merged));
                paths.collect()
            }
            _ => Vec::new(),
        }
    }

    fn exists(&self, view: &View<'_>, subject: &Subject, _: &str) -> bool {
        match subject {
            Subject::List(list, period) => view.library.has_page(*list, *period),
            _ => true,
        }
    }

    fn subject(&self, view: &View<'_>, path: &str) -> Option<Subject> {
        let article = || view.library.alias_holder(path).map(Subject::Article);
        let page = || view.library.page_with_alias(path);
        let page = || page().map(|page| Subject::Content(page.file.clone()));
        let topic = || {
            let id = path.strip_prefix("topics/")?.strip_suffix(".html")?;
            let topic = view.library.topic_merged(id)?;
            Some(Subject::List(ListId::Topic(topic), Period::All))
        };
        article().or_else(page).or_else(topic)
    }

    /// A link to an older path leads directly to the page to which it would be redirected.
    fn link_target(&self, view: &View<'_>, subject: &Subject, _: &str) -> Option<InternalLink> {
        match subject {
            Subject::Article(article) => Some(InternalLink::Article(*article)),
            Subject::Content(file) => Some(InternalLink::Page(file.clone())),
            Subject::List(ListId::Topic(number), _) => {
                Some(InternalLink::Path(first_page(view, *number).into()))
            }
            _ => None,
        }
    }

    fn yields_to_folders(&self) -> bool {
        true
    }

    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent> {
        let (title, to) = match subject {
            Subject::Article(article) => view
                .library
                .card(*article)
                .map(|c| (c.title, c.path.to_owned()))?,
            Subject::Content(file) => view.library.page(file).map(|p| (&*p.title, p.path()))?,
            Subject::List(ListId::Topic(number), _) => (
                view.library.topic(*number).name(),
                first_page(view, *number),
            ),
            _ => return None,
        };
        let target = RedirectTarget {
            title,
            url: template_context::url(view, &to),
            path: to,
        };
        let frame = Frame {
            kind: self.name(),
            path,
            title,
            ..Frame::default()
        };
        let context = frame.context(view, &[("target", target)]);
        Some(PageContent::Template {
            name: "redirect.html",
            context,
            bodies: Vec::new(),
        })
    }
}

/// The path of the first page of a topic.
fn first_page(view: &View<'_>, topic: TermNo) -> String {
    let stem = template_context::list_stem(view, ListId::Topic(topic));
    template_context::list_path(stem.as_deref(), Period::All)
}
