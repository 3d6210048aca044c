//! Links in bodies: to `.md` files, to ids, to paths of this site, to files beside the article.
//!
//! Each link has a few names by which it is resolved. The index of dependents uses the same names, so that a text is
//! checked again when something with such a name is added, moved or removed.

use percent_encoding::percent_decode_str;

use super::Library;
use super::dependency::Dependency;
use crate::model::card::ArticleDetails;
use crate::model::origin::{self, Origin};
use crate::model::path::join;
use crate::model::subject::Subject;
use crate::model::term::ArticleNo;

/// Something of this site that a link can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InternalLink {
    Article(ArticleNo),
    /// A hand-written page, by its file.
    Page(Box<str>),
    /// A file of `content/`, copied beside the page that shows it.
    File(Box<str>),
    /// Any other page, by its path below the site's root.
    Path(Box<str>),
}

impl Library {
    /// The target of a file name or an id; `None` for paths, which only the page kinds know.
    pub fn named(&self, name: &Dependency) -> Option<InternalLink> {
        match name {
            Dependency::File(file) => {
                let article = self.by_file.get(file).copied().map(InternalLink::Article);
                let page = || {
                    self.pages
                        .contains_key(file)
                        .then(|| InternalLink::Page(file.clone()))
                };
                let other = || {
                    self.files
                        .contains_key(file)
                        .then(|| InternalLink::File(file.clone()))
                };
                article.or_else(page).or_else(other)
            }
            Dependency::Id(id) => {
                let candidates = self.id_candidates.get(id)?.iter().copied();
                let mut holders =
                    candidates.filter(|a| self.known(*a).is_some_and(|known| known.id == *id));
                holders.next().map(InternalLink::Article)
            }
            Dependency::Origin(origin) => self.holder(*origin).map(InternalLink::Article),
            _ => None,
        }
    }

    /// The file of a subject's text, and the details of that text; `None` if the subject has no text.
    pub fn text_of(&self, subject: &Subject) -> Option<(&str, &ArticleDetails)> {
        match subject {
            Subject::Article(article) => {
                let known = self.known(*article)?;
                Some((&known.entry.file, &known.entry.own))
            }
            Subject::Content(file) => self.pages.get(file).map(|page| (&*page.file, &page.own)),
            _ => None,
        }
    }
}

/// The `#fragment` at the end of a link; empty if there is none.
pub fn fragment(target: &str) -> &str {
    target.find('#').map_or("", |at| &target[at..])
}

/// The places from which articles came that a link in a text may name. They are asked last: most links name something of this website.
pub fn origins(own: &ArticleDetails, target: &str) -> Vec<Origin> {
    let raw = own.raw.as_ref().and_then(|raw| raw.file());
    let host = own.origins.as_ref().map_or("", |origins| &origins.host);
    origin::named(host, raw.as_deref(), target)
}

/// The names by which a link in `file` is resolved, in order of preference, before its [`origins`].
pub fn dependencies(file: &str, target: &str) -> Vec<Dependency> {
    let end = target.find(['#', '?']).unwrap_or(target.len());
    let path = percent_decode_str(&target[..end]).decode_utf8_lossy();
    match path.strip_prefix('/') {
        Some(absolute) => join("", absolute).map_or_else(Vec::new, |path| paths(&path)),
        None => relative(file, &path),
    }
}

/// A page may be named without its extension, or by its folder.
fn paths(path: &str) -> Vec<Dependency> {
    let mut names = vec![path.to_owned()];
    if path.is_empty() {
        names.push("index.html".to_owned());
    } else if !path.ends_with(".html") {
        names.extend([format!("{path}/index.html"), format!("{path}.html")]);
    }
    names
        .into_iter()
        .map(|name| Dependency::Path(name.into()))
        .collect()
}

fn relative(file: &str, path: &str) -> Vec<Dependency> {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = join(folder, path).map(|path| Dependency::File(path.into()));
    let id = path.strip_prefix("id:").unwrap_or(path);
    let id = (!path.contains('/')).then(|| Dependency::Id(id.into()));
    beside.into_iter().chain(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> Dependency {
        Dependency::File(name.into())
    }

    fn path(name: &str) -> Dependency {
        Dependency::Path(name.into())
    }

    #[test]
    fn a_path_never_leaves_the_root() {
        assert_eq!(join("a/b", "../c.md").as_deref(), Some("a/c.md"));
        assert_eq!(join("a", "../../etc/passwd"), None);
        assert_eq!(dependencies("articles/a.md", "/x/../../../etc"), []);
    }

    #[test]
    fn each_form_of_a_link_has_its_names() {
        let id = |name: &str| Dependency::Id(name.into());
        assert_eq!(
            dependencies("articles/a.md", "b.md#top"),
            [file("articles/b.md"), id("b.md")]
        );
        assert_eq!(
            dependencies("articles/a.md", "603416"),
            [file("articles/603416"), id("603416")]
        );
        assert_eq!(
            dependencies("a.md", "/2015/old/"),
            [
                path("2015/old"),
                path("2015/old/index.html"),
                path("2015/old.html")
            ]
        );
        assert_eq!(dependencies("a.md", "/"), [path(""), path("index.html")]);
        assert_eq!(
            dependencies("a.md", "my%20file.pdf")[0],
            file("my file.pdf")
        );
    }
}
