//! robots.txt (RFC 9309).

use super::template_context::{self, Frame};
use super::{PageKind, View};
use crate::model::Class;
use crate::model::page::{PageContent, Subject};

pub struct Robots;

impl PageKind for Robots {
    fn name(&self) -> &'static str {
        "robots"
    }

    fn class(&self) -> Class {
        Class::Entrance
    }

    fn paths(&self, _: &View<'_>, subject: &Subject) -> Vec<String> {
        (*subject == Subject::Site)
            .then(|| "robots.txt".to_owned())
            .into_iter()
            .collect()
    }

    fn subject(&self, _: &View<'_>, _: &str) -> Option<Subject> {
        Some(Subject::Site)
    }

    fn content(&self, view: &View<'_>, _: &Subject, path: &str) -> Option<PageContent> {
        let frame = Frame {
            kind: self.name(),
            path,
            ..Frame::default()
        };
        let context = frame.context(
            view,
            &[("sitemap", template_context::url(view, "sitemap.xml"))],
        );
        Some(PageContent::Template {
            name: "robots.txt",
            context,
            bodies: Vec::new(),
        })
    }
}
