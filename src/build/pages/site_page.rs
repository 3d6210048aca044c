//! A page that a site has once, at a fixed path: home, overviews, robots.txt, the page for unknown paths.

use tera::Value;

use super::template_context::Frame;
use super::{PageContent, PageKind, View};
use crate::model::Class;
use crate::model::subject::Subject;

/// One page at a fixed path. Each is a constant in a file of its own.
pub(crate) struct SitePage {
    /// The name in `page.kind` of templates.
    pub name: &'static str,
    pub class: Class,
    pub path: &'static str,
    pub template: &'static str,
    pub title: &'static str,
    /// Whether it is in the menu of a site that configures none, under its title.
    pub is_in_menu: bool,
    pub is_in_sitemap: bool,
    /// Whether the page exists. `None` for a page that always exists: its path is reserved.
    pub exists: Option<fn(&View<'_>) -> bool>,
    /// Adds the page's own values to the frame that every page has.
    pub context: fn(&View<'_>, Frame<'_>) -> Vec<(&'static str, Value)>,
}

impl SitePage {
    /// A page that always exists, and is in neither the menu nor the sitemap.
    pub(crate) const BASE: Self = Self {
        name: "",
        class: Class::Entrance,
        path: "",
        template: "",
        title: "",
        is_in_menu: false,
        is_in_sitemap: false,
        exists: None,
        context: |_, _| Vec::new(),
    };
}

impl PageKind for SitePage {
    fn name(&self) -> &'static str {
        self.name
    }

    fn class(&self) -> Class {
        self.class
    }

    fn paths(&self, _: &View<'_>, subject: &Subject) -> Vec<String> {
        match subject {
            Subject::Site => vec![self.path.to_owned()],
            _ => Vec::new(),
        }
    }

    fn exists(&self, view: &View<'_>, _: &Subject, _: &str) -> bool {
        self.exists.is_none_or(|exists| exists(view))
    }

    fn subject(&self, _: &View<'_>, path: &str) -> Option<Subject> {
        (path == self.path).then_some(Subject::Site)
    }

    fn content(&self, view: &View<'_>, _: &Subject, path: &str) -> Option<PageContent> {
        let frame = Frame {
            kind: self.name,
            path,
            title: self.title,
            ..Frame::default()
        };
        Some(PageContent::Template {
            name: self.template,
            context: (self.context)(view, frame),
            bodies: Vec::new(),
        })
    }

    fn reserved_path(&self) -> Option<&'static str> {
        self.exists.is_none().then_some(self.path)
    }

    fn menu_entry(&self) -> Option<(&'static str, &'static str)> {
        self.is_in_menu.then_some((self.title, self.path))
    }

    fn is_in_sitemap(&self) -> bool {
        self.is_in_sitemap
    }
}
