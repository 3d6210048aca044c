//! Files of `content/` that a body shows or links to, copied beside its page.

use super::template_context;
use super::{PageContent, PageKind, View};
use crate::files::IMPORTED_FILES;
use crate::model::Class;
use crate::model::library::{Dependency, InternalLink, dependencies};
use crate::model::subject::{StaticSource, Subject};

pub(crate) struct Attachment;

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
            .find(|article| file_at(view, article, path).is_some());
        article.or_else(|| {
            let imported = format!("articles/{path}");
            let file = match imported.starts_with(IMPORTED_FILES) {
                true => imported.as_str(),
                false => path,
            };
            let file = Dependency::File(file.into());
            let linking = view.library.linking(&file);
            let shows = |subject: &&Subject| file_at(view, subject, path).is_some();
            linking.filter(shows).min().cloned()
        })
    }

    fn has_path(&self, view: &View<'_>, subject: &Subject, path: &str) -> bool {
        file_at(view, subject, path).is_some()
    }

    /// Bodies link to these files by their names in `content/`, not by their paths in the website.
    fn link_target(&self, _: &View<'_>, _: &Subject, _: &str) -> Option<InternalLink> {
        None
    }

    fn yields_to_folders(&self) -> bool {
        true
    }

    fn may_be_shared(&self) -> bool {
        true
    }

    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent> {
        let file = file_at(view, subject, path)?;
        let stamp = view.library.file_stamp(&file)?;
        Some(PageContent::Copy(StaticSource::Content(file, stamp)))
    }
}

/// Each file that the subject's body names: its path in the website, and its path below `content/`.
fn attached(view: &View<'_>, subject: &Subject) -> Vec<(String, Box<str>)> {
    let text = view.library.text_of(subject);
    let Some((shown_by, details)) = text.filter(|(_, details)| details.withdrawn.is_none()) else {
        return Vec::new();
    };
    let file = |target: &str| file_of(view, shown_by, target);
    let files = details.links.iter().filter_map(|link| file(&link.target));
    files
        .filter_map(|file| {
            Some((
                template_context::attachment_path(view, shown_by, &file)?,
                file,
            ))
        })
        .collect()
}

/// The file of `content/` that a link names.
fn file_of(view: &View<'_>, shown_by: &str, target: &str) -> Option<Box<str>> {
    let names = dependencies(shown_by, target);
    match names.iter().find_map(|name| view.library.named(name))? {
        InternalLink::File(file) => Some(file),
        _ => None,
    }
}

/// The file that a subject's body names, and that lies at a path of the website. Only links with its name are looked at: a page may
/// have thousands of pictures, and each of them is asked for.
fn file_at(view: &View<'_>, subject: &Subject, path: &str) -> Option<Box<str>> {
    let (shown_by, details) = view.library.text_of(subject)?;
    if details.withdrawn.is_some() {
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let may_name = |target: &str| target.ends_with(name) || target.contains('%');
    let links = details.links.iter().filter(|link| may_name(&link.target));
    let mut files = links.filter_map(|link| file_of(view, shown_by, &link.target));
    files.find(|file| {
        template_context::attachment_path(view, shown_by, file).is_some_and(|at| at == path)
    })
}
