//! The kinds of pages, one file a kind. A kind says which pages a subject has, and what each is made from.
//! A new kind is a new file and a line in [`KINDS`].

mod about_archive;
mod archive;
mod article;
mod attachment;
mod feed;
mod home;
mod list;
mod not_found;
mod redirect;
mod robots;
mod shared;
mod sitemap;
mod standalone;
mod static_file;
mod template_context;
mod terms;

use shared::Shared;
use tera::Value;

use super::fingerprint;
use crate::model::digest::{self, Digest};
use crate::model::page::{Page, PageContent, Subject};
use crate::model::term::{ArticleNo, ListId};
use crate::model::{Class, Library};
use crate::settings::Settings;

/// A kind of page.
pub trait PageKind: Sync {
    /// The name that `page.kind` has in templates.
    fn name(&self) -> &'static str;

    /// What its pages are to those who publish them.
    fn class(&self) -> Class;

    /// The paths of this kind's pages about a subject.
    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String>;

    /// What a page of this kind at a path would be about: the other way round from `paths`, and free to say too much.
    fn subject(&self, view: &View<'_>, path: &str) -> Option<Subject>;

    /// What one of those pages is made from; None where it is gone meanwhile.
    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent>;
}

/// Every kind. Where two want one path, the earlier has it.
pub static KINDS: &[&dyn PageKind] = &[
    &home::Home,
    &archive::Archive,
    &terms::TOPICS,
    &terms::AUTHORS,
    &not_found::NotFound,
    &robots::Robots,
    &sitemap::Index,
    &standalone::Standalone,
    &static_file::Static,
    &article::ArticlePage,
    &about_archive::AboutArchive,
    &list::List,
    &feed::Feed,
    &sitemap::Part,
    &attachment::Attachment,
    &redirect::Redirect,
];

/// All that pages are made from.
pub struct View<'a> {
    pub library: &'a Library,
    pub settings: &'a Settings,
    values: &'a SharedValues,
}

/// The values that many pages show, made once for all of them. They hold until settings, theme or Library change.
pub struct SharedValues {
    /// `[site]` and the theme's values.
    site: Value,
    theme: Value,
    /// Of `site` and `theme`: fingerprints hold these rather than the values.
    digests: [Digest; 2],
    dates: Shared<ArticleNo>,
    links: Shared<(ListId, Box<str>)>,
}

impl SharedValues {
    pub fn new(settings: &Settings, theme: &super::theme::Theme) -> Self {
        let site = Value::from_serializable(&settings.site);
        let theme = Value::from_serializable(&theme.values);
        Self {
            digests: [
                fingerprint::of_shared(&site),
                fingerprint::of_shared(&theme),
            ],
            site,
            theme,
            dates: Shared::new(),
            links: Shared::new(),
        }
    }
}

impl<'a> View<'a> {
    pub fn new(library: &'a Library, settings: &'a Settings, values: &'a SharedValues) -> Self {
        Self {
            library,
            settings,
            values,
        }
    }

    /// The digest of what every context has by this name.
    pub fn digest_of(&self, name: &str) -> Digest {
        self.values.digests[usize::from(name == "theme")]
    }

    /// A digest of what a subject is called: the owner of its pages.
    pub fn owner(&self, subject: &Subject) -> u64 {
        digest::short(self.library.name_of(subject).as_bytes())
    }
}

/// Which page: the number of its kind, what it is about, and its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    kind: usize,
    pub subject: Subject,
    pub path: String,
}

impl Key {
    /// Every page that a subject has.
    pub fn of(view: &View<'_>, subject: &Subject) -> Vec<Self> {
        let of_kind = |(kind, k): (usize, &&dyn PageKind)| {
            let paths = k.paths(view, subject);
            paths.into_iter().map(move |path| Self {
                kind,
                subject: subject.clone(),
                path,
            })
        };
        KINDS.iter().enumerate().flat_map(of_kind).collect()
    }

    /// Every page that wants a path, the one that has it first.
    pub fn at(view: &View<'_>, path: &str) -> impl Iterator<Item = Self> {
        KINDS.iter().enumerate().filter_map(move |(kind, k)| {
            let subject = k.subject(view, path)?;
            let wants = k.paths(view, &subject).iter().any(|p| p == path);
            wants.then(|| Self {
                kind,
                subject,
                path: path.to_owned(),
            })
        })
    }

    pub fn kind(&self) -> &'static str {
        KINDS[self.kind].name()
    }

    /// What a page is to those who publish it.
    pub fn class(&self, page: &Page) -> Class {
        match &page.content {
            PageContent::Template { name, .. } if *name == article::WITHDRAWN => Class::Withdrawn,
            _ => KINDS[self.kind].class(),
        }
    }

    /// The page, ready to be rendered; None where it is gone meanwhile.
    pub fn page(&self, view: &View<'_>) -> Option<Page> {
        let content = KINDS[self.kind].content(view, &self.subject, &self.path)?;
        Some(Page {
            path: self.path.clone(),
            content,
        })
    }
}
