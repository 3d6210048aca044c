//! Links in bodies: to `.md` files, to ids, to paths of this site, to files that lie beside the article.
//!
//! A link is looked up under a few keys. The same keys, turned round, say who has to be made again
//! when what they name appears, moves or goes.

use percent_encoding::percent_decode_str;

use super::{ABOUT_PATH, Claims, Library};
use crate::diagnostics::{Code, Diagnostic};
use crate::model::page::Subject;
use crate::model::term::ArticleNo;

/// Something of this site that a link can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteLink {
    Article(ArticleNo),
    /// A hand-written page, by its file.
    Page(Box<str>),
    /// A file of `content/`, copied beside the page that shows it.
    File(Box<str>),
    /// A static file or another page, by its path below the site's root.
    Path(String),
}

/// What a link in a body names, and the `#fragment` that it ends in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    pub link: SiteLink,
    pub fragment: String,
}

impl Library {
    /// What a link written in `file` names; None where the site has no such thing.
    pub fn resolve(&self, file: &str, target: &str) -> Option<Resolved> {
        let (path, fragment) = cut_fragment(target);
        let link = keys(file, path).iter().find_map(|key| self.look_up(key))?;
        Some(Resolved {
            link,
            fragment: fragment.to_owned(),
        })
    }

    fn look_up(&self, key: &str) -> Option<SiteLink> {
        let (sort, name) = key.split_once(':')?;
        match sort {
            "file" => {
                if let Some(article) = self.by_file.get(name) {
                    return Some(SiteLink::Article(*article));
                }
                if self.pages.contains_key(name) {
                    return Some(SiteLink::Page(name.into()));
                }
                self.files
                    .contains_key(name)
                    .then(|| SiteLink::File(name.into()))
            }
            "id" => self
                .id_claims
                .get(name)
                .and_then(|claims| {
                    claims
                        .iter()
                        .copied()
                        .find(|a| self.shelved(*a).is_some_and(|s| &*s.id == name))
                })
                .map(SiteLink::Article),
            _ => self.at_path(name),
        }
    }

    fn at_path(&self, path: &str) -> Option<SiteLink> {
        if let Some(file) = self.page_paths.get(path) {
            return Some(SiteLink::Page(file.clone()));
        }
        let article = |claims: Option<&Claims>| {
            claims
                .and_then(|c| c.first().copied())
                .map(SiteLink::Article)
        };
        if self.statics.contains_key(path)
            || matches!(
                path,
                "index.html" | "archive.html" | "topics/index.html" | "authors/index.html"
            )
        {
            return Some(SiteLink::Path(path.to_owned()));
        }
        let about = || {
            let is_about = path == ABOUT_PATH && self.has_about();
            is_about.then(|| SiteLink::Path(path.to_owned()))
        };
        article(self.path_claims.get(path))
            .or_else(about)
            .or_else(|| article(self.alias_claims.get(path)))
            .or_else(|| {
                let topic = path.strip_prefix("topics/")?.strip_suffix(".html")?;
                self.topic_named(topic)
                    .map(|_| SiteLink::Path(path.to_owned()))
            })
    }

    /// Links that name nothing of this site, by file and line.
    pub fn unknown_links(&self) -> impl Iterator<Item = &Diagnostic> {
        self.unknown_links.values().flatten()
    }

    /// Looks again at the links of a file that has none, or some that something else may answer now.
    pub(super) fn check_links(&mut self, subject: &Subject) {
        let (file, own) = match subject {
            Subject::Article(article) => match self.shelved(*article) {
                Some(shelved) => (&shelved.entry.file, &shelved.entry.own),
                None => return,
            },
            Subject::Content(file) => match self.pages.get(file) {
                Some(page) => (&page.file, &page.own),
                None => return,
            },
            _ => return,
        };
        let unknown = own
            .links
            .iter()
            .filter(|link| self.resolve(file, &link.target).is_none());
        let found: Vec<Diagnostic> = unknown
            .map(|link| {
                let what = format!("the link `{}` names nothing in this site", link.target);
                let mut diagnostic =
                    Diagnostic::warning(Code::Unclassified, format!("content/{file}"), what)
                        .hint("name a `.md` file, an article's id, or a path that begins with `/`");
                diagnostic.line = link.line as usize;
                diagnostic
            })
            .collect();
        let file = file.clone();
        if found.is_empty() {
            self.unknown_links.remove(&file);
        } else {
            self.unknown_links.insert(file, found);
        }
    }

    /// Who must be made again when what these keys name changes.
    pub(super) fn linkers(&self, keys: impl IntoIterator<Item = String>) -> Vec<Subject> {
        keys.into_iter()
            .filter_map(|key| self.links_to.get(key.as_str()))
            .flatten()
            .cloned()
            .collect()
    }

    pub(super) fn add_links(
        &mut self,
        subject: &Subject,
        file: &str,
        targets: impl Iterator<Item = Box<str>>,
    ) {
        for target in targets {
            for key in keys(file, cut_fragment(&target).0) {
                self.links_to
                    .entry(key.into())
                    .or_default()
                    .insert(subject.clone());
            }
        }
    }

    pub(super) fn remove_links(
        &mut self,
        subject: &Subject,
        file: &str,
        targets: impl Iterator<Item = Box<str>>,
    ) {
        for target in targets {
            for key in keys(file, cut_fragment(&target).0) {
                if let Some(linkers) = self.links_to.get_mut(key.as_str()) {
                    linkers.remove(subject);
                    if linkers.is_empty() {
                        self.links_to.remove(key.as_str());
                    }
                }
            }
        }
    }
}

fn cut_fragment(target: &str) -> (&str, &str) {
    let path_end = target.find(['#', '?']).unwrap_or(target.len());
    let fragment = target.find('#').map_or("", |at| &target[at..]);
    (&target[..path_end], fragment)
}

/// The keys under which a link's path is looked up, the best first.
fn keys(file: &str, path: &str) -> Vec<String> {
    let path = percent_decode_str(path).decode_utf8_lossy();
    if let Some(absolute) = path.strip_prefix('/') {
        let Some(path) = join("", absolute) else {
            return Vec::new();
        };
        let mut keys = vec![format!("path:{path}")];
        if !path.ends_with(".html") {
            let folder = if path.is_empty() {
                "index.html".to_owned()
            } else {
                format!("{path}/index.html")
            };
            keys.push(format!("path:{folder}"));
            keys.push(format!("path:{path}.html"));
        }
        return keys;
    }
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut keys: Vec<String> = join(folder, &path)
        .map(|p| format!("file:{p}"))
        .into_iter()
        .collect();
    if !path.contains('/') {
        keys.push(format!("id:{}", path.strip_prefix("id:").unwrap_or(&path)));
    }
    keys
}

/// A relative path from a folder, without `.` and `..`; None where it leaves the root.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_root() {
        assert_eq!(join("a/b", "../c.md").as_deref(), Some("a/c.md"));
        assert_eq!(join("a", "../../etc/passwd"), None);
        assert_eq!(
            keys("articles/a.md", "/x/../../../etc"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn each_way_to_write_a_link_has_its_keys() {
        assert_eq!(
            keys("articles/a.md", "b.md"),
            ["file:articles/b.md", "id:b.md"]
        );
        assert_eq!(
            keys("articles/a.md", "603416"),
            ["file:articles/603416", "id:603416"]
        );
        assert_eq!(
            keys("a.md", "/2015/old/"),
            [
                "path:2015/old",
                "path:2015/old/index.html",
                "path:2015/old.html"
            ]
        );
        assert_eq!(keys("a.md", "my%20file.pdf")[0], "file:my file.pdf");
    }
}
