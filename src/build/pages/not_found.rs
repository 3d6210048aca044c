//! The page that hosts show where there is none. It is shown at any depth, so its links begin at the host's root.

use tera::Value;

use super::template_context::Frame;
use super::{PageKind, View};
use crate::model::Class;
use crate::model::page::{PageContent, Subject};

pub struct NotFound;

impl PageKind for NotFound {
    fn name(&self) -> &'static str {
        "404"
    }

    fn class(&self) -> Class {
        Class::Entrance
    }

    fn paths(&self, _: &View<'_>, subject: &Subject) -> Vec<String> {
        (*subject == Subject::Site)
            .then(|| "404.html".to_owned())
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
            title: "Page not found",
            ..Frame::default()
        };
        let mut context = frame.context::<()>(view, &[]);
        let base_path = view.settings.base_url.as_deref().and_then(|url| {
            let after_scheme = url.split_once("://")?.1;
            after_scheme
                .split_once('/')
                .map(|(_, path)| format!("/{path}/"))
        });
        let root = Value::from(base_path.unwrap_or_else(|| "/".to_owned()));
        for (_, value) in context.iter_mut().filter(|(name, _)| *name == "root") {
            *value = root.clone();
        }
        Some(PageContent::Template {
            name: "404.html",
            context,
            bodies: Vec::new(),
        })
    }
}
