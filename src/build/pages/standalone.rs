//! A hand-written page: a Markdown file of `content/` that is not an article.

use tera::Value;

use super::template_context::{self, Frame};
use super::{PageContent, PageKind, View};
use crate::model::Class;
use crate::model::digest::hex;
use crate::model::library::InternalLink;
use crate::model::subject::Subject;

pub(crate) struct HandWrittenPage;

impl PageKind for HandWrittenPage {
    fn name(&self) -> &'static str {
        "page"
    }

    fn class(&self) -> Class {
        Class::Page
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        let Subject::Content(file) = subject else {
            return Vec::new();
        };
        view.library
            .page(file)
            .map(|page| page.path())
            .into_iter()
            .collect()
    }

    fn subject(&self, view: &View<'_>, path: &str) -> Option<Subject> {
        let page = view.library.page_at(path)?;
        Some(Subject::Content(page.file.clone()))
    }

    fn link_target(&self, _: &View<'_>, subject: &Subject, _: &str) -> Option<InternalLink> {
        match subject {
            Subject::Content(file) => Some(InternalLink::Page(file.clone())),
            _ => None,
        }
    }

    fn is_in_sitemap(&self) -> bool {
        true
    }

    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent> {
        let Subject::Content(file) = subject else {
            return None;
        };
        let page = view.library.page(file)?;
        let frame = Frame {
            kind: self.name(),
            path,
            title: &page.title,
            description: &page.summary,
            lang: page.own.lang.as_deref().unwrap_or_default(),
            feed: None,
        };
        let mut context = frame.context(view, &[("extra", page.own.extra.as_deref())]);
        context.push(("body_digest", Value::from(hex(&page.own.body))));
        let body =
            template_context::body_reference(view, file, &page.title, &page.own, path, false);
        Some(PageContent::Template {
            name: "page.html",
            context,
            bodies: vec![body],
        })
    }
}
