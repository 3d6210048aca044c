//! The kinds of pages, one file for each. A kind knows which pages a subject has, and what each is made from.
//! A new kind is a new file and a line in [`KINDS`]; nothing else in the program knows which paths exist.

mod about_archive;
mod archive;
mod article;
mod attachment;
#[cfg(test)]
mod example;
mod feed;
mod home;
mod key;
mod link;
mod list;
mod not_found;
mod page;
mod redirect;
mod robots;
mod site_page;
mod sitemap;
mod standalone;
mod static_file;
mod template_context;
mod terms;
mod value_cache;
mod view;

pub(crate) use key::PageKey;
pub(crate) use link::resolve;
pub(crate) use not_found::NOT_FOUND_PATH;
pub(crate) use page::{Page, PageContent};
pub(crate) use view::{PageValues, SharedValue, View};

use crate::model::Class;
use crate::model::library::InternalLink;
use crate::model::subject::Subject;

/// A kind of page.
pub trait PageKind: Sync {
    /// The name in `page.kind` of templates.
    fn name(&self) -> &'static str;

    /// The class of its pages, for publishing.
    fn class(&self) -> Class;

    /// The paths of pages of this kind about a subject, including those that do not exist now.
    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String>;

    /// Whether a path is among those.
    fn has_path(&self, view: &View<'_>, subject: &Subject, path: &str) -> bool {
        self.paths(view, subject).iter().any(|known| known == path)
    }

    /// Whether the page at one of those paths exists.
    fn exists(&self, view: &View<'_>, subject: &Subject, path: &str) -> bool {
        let _ = (view, subject, path);
        true
    }

    /// The subject of a page of this kind at a path: the inverse of `paths`. It may return a subject that has no page there.
    fn subject(&self, view: &View<'_>, path: &str) -> Option<Subject>;

    /// What one of those pages is made from; `None` if it was removed meanwhile.
    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent>;

    /// The target of a link to the page; `None` if links in bodies cannot name it.
    fn link_target(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<InternalLink> {
        let _ = (view, subject);
        Some(InternalLink::Path(path.into()))
    }

    /// The class of one page, if not all pages of the kind have the same.
    fn class_of(&self, page: &Page) -> Class {
        let _ = page;
        self.class()
    }

    /// A path that always has a page of this kind, which no article may displace.
    fn reserved_path(&self) -> Option<&'static str> {
        None
    }

    /// The name and path of its page in the menu of a site that configures none.
    fn menu_entry(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// Whether the sitemap's file of pages other than articles contains pages of this kind.
    fn is_in_sitemap(&self) -> bool {
        false
    }

    /// Whether its pages show the text of one article, so that parts of a build on many machines render them.
    fn is_of_one_article(&self) -> bool {
        false
    }

    /// Whether its pages lose their path if others need a folder of that name; else they keep it.
    fn yields_to_folders(&self) -> bool {
        false
    }

    /// Whether several subjects may have the same page without a warning: an image that two pages show is one file.
    fn may_be_shared(&self) -> bool {
        false
    }
}

/// Every kind. If two have pages at one path, the earlier has precedence.
pub(crate) static KINDS: &[&dyn PageKind] = &[
    &home::HOME,
    &terms::TOPICS,
    &archive::ARCHIVE,
    &terms::AUTHORS,
    &not_found::NOT_FOUND,
    &robots::ROBOTS,
    &sitemap::INDEX,
    &sitemap::PAGES,
    &standalone::HandWrittenPage,
    &static_file::StaticFile,
    &article::ArticlePage,
    &about_archive::ABOUT_ARCHIVE,
    &list::ListPage,
    &feed::FeedPage,
    &sitemap::SitemapFile,
    &attachment::Attachment,
    &redirect::RedirectPage,
];

/// Paths that always have a page, which no article may displace.
pub(crate) fn reserved_paths() -> impl Iterator<Item = &'static str> {
    KINDS.iter().filter_map(|kind| kind.reserved_path())
}
