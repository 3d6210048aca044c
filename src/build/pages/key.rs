//! The key of a page: one kind, one subject, one path.

use super::{KINDS, Page, PageKind, View};
use crate::model::Class;
use crate::model::library::InternalLink;
use crate::model::subject::Subject;

/// The key of a page: the index of its kind in [`KINDS`], its subject, and its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageKey {
    kind: usize,
    pub subject: Subject,
    /// Below the website's root.
    pub path: String,
}

impl PageKey {
    /// Every page that a subject has.
    pub fn of(view: &View<'_>, subject: &Subject) -> Vec<Self> {
        let keys = Self::possible(view, subject);
        keys.filter(|key| key.exists(view)).collect()
    }

    /// Every page that a subject has or may have at another time.
    pub fn possible(view: &View<'_>, subject: &Subject) -> impl Iterator<Item = Self> {
        KINDS.iter().enumerate().flat_map(move |(kind, k)| {
            let paths = k.paths(view, subject).into_iter();
            paths.map(move |path| Self {
                kind,
                subject: subject.clone(),
                path,
            })
        })
    }

    /// Every page with this path; the first is published, and hides the others.
    pub fn at(view: &View<'_>, path: &str) -> impl Iterator<Item = Self> {
        KINDS.iter().enumerate().filter_map(move |(kind, k)| {
            let subject = k.subject(view, path)?;
            let wants = k.has_path(view, &subject, path);
            let key = Self {
                kind,
                subject,
                path: path.to_owned(),
            };
            (wants && key.exists(view)).then_some(key)
        })
    }

    pub fn kind(&self) -> &'static dyn PageKind {
        KINDS[self.kind]
    }

    /// Whether the page is of this kind, which is one of [`KINDS`].
    pub fn is_of(&self, kind: &dyn PageKind) -> bool {
        std::ptr::addr_eq(self.kind(), kind)
    }

    fn exists(&self, view: &View<'_>) -> bool {
        self.kind().exists(view, &self.subject, &self.path)
    }

    /// The target of a link to the page; `None` if links in bodies cannot name it.
    pub fn link_target(&self, view: &View<'_>) -> Option<InternalLink> {
        self.kind().link_target(view, &self.subject, &self.path)
    }

    /// The class of the page, for publishing.
    pub fn class(&self, page: &Page) -> Class {
        self.kind().class_of(page)
    }

    /// The page, ready to be rendered; `None` if it was removed meanwhile.
    pub fn page(&self, view: &View<'_>) -> Option<Page> {
        let content = self.kind().content(view, &self.subject, &self.path)?;
        Some(Page {
            path: self.path.clone(),
            content,
        })
    }
}
