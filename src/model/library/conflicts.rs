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
        found.sort_unstable();
        found
    }
}
