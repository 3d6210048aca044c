//! Static files of the site and its theme, byte for byte.

use super::{PageContent, PageKind, View};
use crate::model::Class;
use crate::model::subject::Subject;

pub(crate) struct StaticFile;

impl PageKind for StaticFile {
    fn name(&self) -> &'static str {
        "static"
    }

    fn class(&self) -> Class {
        Class::Asset
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        let Subject::Static(path) = subject else {
            return Vec::new();
        };
        view.library
            .static_source(path)
            .map(|_| path.to_string())
            .into_iter()
            .collect()
    }

    fn subject(&self, _: &View<'_>, path: &str) -> Option<Subject> {
        Some(Subject::Static(path.into()))
    }

    fn content(&self, view: &View<'_>, _: &Subject, path: &str) -> Option<PageContent> {
        view.library
            .static_source(path)
            .cloned()
            .map(PageContent::Copy)
    }
}
