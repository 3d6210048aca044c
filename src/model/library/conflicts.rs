//! Conflicts: articles whose id or path belongs to another.

use super::Library;
use crate::model::term::ArticleNo;

/// An article that did not get its id or its path, because another has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The article's file, below `content/`.
    pub file: Box<str>,
    pub wanted: Wanted,
}

/// The id or path that an article did not get, and its holder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// `holder` is the file of the article that has the id.
    Id { id: Box<str>, holder: Box<str> },
    /// `holder` is the file of the article that has the path; `None` if a page of another kind has it.
    Path {
        path: Box<str>,
        holder: Option<Box<str>>,
    },
    /// A redirect from an older path. `holder` is the file of the article that has the redirect or the page; `None` if a
    /// page of another kind has the path.
    Alias {
        path: Box<str>,
        holder: Option<Box<str>>,
    },
}

impl Library {
    /// All conflicts, by file.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let file =
            |article: ArticleNo| -> Box<str> { self.file(article).unwrap_or_default().into() };
        let mut found = Vec::new();
        for id in &self.contested_ids {
            let candidates = self.id_candidates.get(id);
            let Some((first, others)) = candidates.and_then(|all| all.split_first()) else {
                continue;
            };
            found.extend(others.iter().map(|other| Conflict {
                file: file(*other),
                wanted: Wanted::Id {
                    id: id.clone(),
                    holder: file(*first),
                },
            }));
        }
        for path in &self.contested_paths {
            let candidates = self
                .path_candidates
                .get(path)
                .map_or(&[][..], |all| all.as_slice());
            let holder = candidates.first().filter(|_| !self.is_taken(path));
            let others = &candidates[usize::from(holder.is_some())..];
            found.extend(others.iter().map(|other| Conflict {
                file: file(*other),
                wanted: Wanted::Path {
                    path: path.clone(),
                    holder: holder.map(|article| file(*article)),
                },
            }));
        }
        for alias in &self.contested_aliases {
            found.extend(self.alias_conflicts(alias));
        }
        found.sort_unstable();
        found
    }

    /// The articles whose redirect from an older path is not published.
    fn alias_conflicts(&self, alias: &str) -> Vec<Conflict> {
        let file =
            |article: ArticleNo| -> Box<str> { self.file(article).unwrap_or_default().into() };
        let holder = self.alias_holder(alias);
        let at_path = || {
            self.path_candidates
                .get(alias)
                .and_then(|all| all.first().copied())
        };
        let shown = holder.or_else(at_path).map(file);
        let candidates = self.alias_candidates.get(alias).into_iter().flatten();
        let others = candidates.filter(|article| Some(**article) != holder);
        let conflict = |article: &ArticleNo| Conflict {
            file: file(*article),
            wanted: Wanted::Alias {
                path: alias.into(),
                holder: shown.clone(),
            },
        };
        // An article's own path among its aliases does no harm.
        others
            .map(conflict)
            .filter(|c| Some(&c.file) != shown.as_ref())
            .collect()
    }

    /// Updates whether an older path is contested, after the candidates for it, or the pages at it, changed.
    pub(super) fn update_contested_alias(&mut self, path: &str) {
        let Some(candidates) = self.alias_candidates.get(path) else {
            self.contested_aliases.remove(path);
            return;
        };
        let is_contested = candidates.len() > 1
            || self.is_taken(path)
            || self.path_candidates.contains_key(path)
            || self.page_aliases.contains_key(path);
        match is_contested {
            true => _ = self.contested_aliases.insert(path.into()),
            false => _ = self.contested_aliases.remove(path),
        }
    }
}
