//! Topics and authors: what articles are filed under.
//! Both are terms of a taxonomy; a Topic is a term that has phrases, which `topics/` knows.

use std::collections::BTreeMap;

/// The number of a term within its taxonomy; holds as long as the Library does and never reaches the output.
pub type TermNo = u32;

/// The number of an article within the Library; as [`TermNo`].
pub type ArticleNo = u32;

/// A list of articles that readers browse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ListId {
    /// Every article.
    Archive,
    Topic(TermNo),
    Author(TermNo),
}

/// A topic or an author, and the articles filed under it.
#[derive(Debug, Clone, Default)]
pub struct Term {
    /// The slug that stands in its path.
    pub id: Box<str>,
    /// A person's word in `topics.toml`; wins over the spellings in articles.
    fixed_name: Option<Box<str>>,
    /// How many articles spell the name in each way.
    spellings: BTreeMap<Box<str>, u32>,
    /// What sort of subject a topic is, such as `place`.
    pub kind: Option<Box<str>>,
    /// In the order of the Library, oldest first.
    pub articles: Vec<ArticleNo>,
}

impl Term {
    pub fn new(id: &str, fixed_name: Option<&str>, kind: Option<&str>) -> Self {
        Self {
            id: id.into(),
            fixed_name: fixed_name.map(Into::into),
            kind: kind.map(Into::into),
            ..Self::default()
        }
    }

    /// The name for readers: the one that a person fixed, else the commonest spelling, else the id.
    pub fn name(&self) -> &str {
        let commonest = || {
            self.spellings
                .iter()
                .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))
                .map(|(name, _)| name)
        };
        self.fixed_name
            .as_ref()
            .or_else(commonest)
            .unwrap_or(&self.id)
    }

    /// Counts one more article that spells the name so.
    pub(super) fn add_spelling(&mut self, name: &str) {
        match self.spellings.get_mut(name) {
            Some(count) => *count += 1,
            None => {
                self.spellings.insert(name.into(), 1);
            }
        }
    }

    /// Forgets one article that spelt the name so.
    pub(super) fn remove_spelling(&mut self, name: &str) {
        if let Some(count) = self.spellings.get_mut(name) {
            *count -= 1;
            if *count == 0 {
                self.spellings.remove(name);
            }
        }
    }
}
