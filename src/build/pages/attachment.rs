//! Files of `content/` that a body shows or links to, copied to its page.

use super::template_context;
use super::{PageKind, View};
use crate::model::Class;
use crate::model::card::ArticleDetails;
use crate::model::library::SiteLink;
use crate::model::page::{PageContent, StaticSource, Subject};

pub struct Attachment;

impl PageKind for Attachment {
    fn name(&self) -> &'static str {
        "attachment"
    }

    fn class(&self) -> Class {
        Class::Asset
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        let mut paths: Vec<String> = attached(view, subject)
            .into_iter()
            .map(|(path, _)| path)
            .collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }

    fn subject(&self, view: &View<'_>, path: &str) -> Option<Subject> {
        let ends = path.match_indices('/').map(|(at, _)| at);
        let article = ends
            .filter_map(|end| view.library.article_at(&format!("{}.html", &path[..end])))
            .map(Subject::Article)
            .find(|article| attached(view, article).iter().any(|(p, _)| p == path));
        article.or_else(|| {
            let linkers = view.library.linkers_of_file(path);
            let is_page = |subject: &Subject| matches!(subject, Subject::Content(_));
            linkers.into_iter().filter(is_page).min()
        })
    }

    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent> {
        let (_, file) = attached(view, subject)
            .into_iter()
            .find(|(p, _)| p == path)?;
        let stamp = view.library.file_stamp(&file)?;
        Some(PageContent::Copy(StaticSource::Content(file, stamp)))
    }
}

/// Each file that the subject's body names: where it is published, and where it lies below `content/`.
fn attached(view: &View<'_>, subject: &Subject) -> Vec<(String, Box<str>)> {
    let Some((shown_by, own)) = body_of(view, subject).filter(|(_, own)| own.withdrawn.is_none())
    else {
        return Vec::new();
    };
    let files = own.links.iter().filter_map(|link| {
        match view.library.resolve(shown_by, &link.target)?.link {
            SiteLink::File(file) => Some((
                template_context::attachment_path(view, shown_by, &file)?,
                file,
            )),
            _ => None,
        }
    });
    files.collect()
}

fn body_of<'a>(view: &View<'a>, subject: &Subject) -> Option<(&'a str, &'a ArticleDetails)> {
    match subject {
        Subject::Article(article) => Some((
            view.library.file(*article)?,
            view.library.own_page(*article)?,
        )),
        Subject::Content(file) => view.library.page(file).map(|page| (&*page.file, &page.own)),
        _ => None,
    }
}
