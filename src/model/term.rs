//! Topics and authors: the terms of two taxonomies.
//! Knows names and articles of a term; never knows the rules by which topics are matched.

use std::collections::BTreeMap;

use super::slug::slug;

/// The number of a term within its taxonomy; valid as long as the Library exists, and never in the output.
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

/// A topic as `topics.toml` defines it, as far as readers see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DefinedTopic {
    pub id: String,
    pub name: String,
    pub kind: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// The broader topic.
    pub parent: Option<TermNo>,
    /// The topic that has its articles.
    pub merged_into: Option<TermNo>,
    /// Addresses of the same topic elsewhere.
    pub same_as: Vec<String>,
}

/// A topic or an author, and its articles.
#[derive(Debug, Clone, Default)]
pub struct Term {
    /// The slug in its path.
    pub id: Box<str>,
    /// The name in `topics.toml`; overrides the names in articles.
    fixed_name: Option<Box<str>>,
    /// The names in articles, and how many articles have each.
    names: BTreeMap<Box<str>, u32>,
    /// The kind of a topic, such as `place`.
    pub kind: Option<Box<str>>,
    /// What else `topics.toml` says of a topic.
    pub defined: Option<Box<DefinedTopic>>,
    /// The narrower topics.
    pub narrower: Vec<TermNo>,
    /// The topics that were merged into this one.
    pub merged: Vec<TermNo>,
    /// In the order of the Library, oldest first.
    pub articles: Vec<ArticleNo>,
}

/// The id of a term that articles name: the slug of the name, in which `C++` and `C#` are not `C`; a digest if there is none,
/// as for an emoji or a name that is reserved.
pub fn id_of(name: &str) -> String {
    let spelt = |sign: char| match sign {
        '+' => Some("plus"),
        '#' => Some("sharp"),
        _ => None,
    };
    let word = name.trim_end_matches(['+', '#']);
    let signs = name[word.len()..].chars().filter_map(spelt);
    let ends_in_letter = word.ends_with(char::is_alphanumeric);
    let id = match ends_in_letter && word.len() < name.len() {
        true => slug(&signs.fold(word.to_owned(), |all, sign| format!("{all} {sign}"))),
        false => slug(name),
    };
    id.unwrap_or_else(|| blake3::hash(name.as_bytes()).to_hex()[..12].to_owned())
}

impl Term {
    pub fn new(id: &str) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// A topic of `topics.toml`.
    pub fn defined(topic: &DefinedTopic) -> Self {
        Self {
            id: topic.id.as_str().into(),
            fixed_name: Some(topic.name.as_str().into()),
            kind: topic.kind.as_deref().map(Into::into),
            defined: Some(Box::new(topic.clone())),
            ..Self::default()
        }
    }

    /// The broader topic.
    pub fn parent(&self) -> Option<TermNo> {
        self.defined.as_ref()?.parent
    }

    /// The name for readers: the fixed name, else the most common one, else the id.
    pub fn name(&self) -> &str {
        let most_common = || {
            self.names
                .iter()
                .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))
                .map(|(name, _)| name)
        };
        self.fixed_name
            .as_ref()
            .or_else(most_common)
            .unwrap_or(&self.id)
    }

    /// Adds the name that an article has for the term.
    pub(super) fn add_name(&mut self, name: &str) {
        match self.names.get_mut(name) {
            Some(count) => *count += 1,
            None => {
                self.names.insert(name.into(), 1);
            }
        }
    }

    /// Removes the name that an article has for the term.
    pub(super) fn remove_name(&mut self, name: &str) {
        if let Some(count) = self.names.get_mut(name) {
            *count -= 1;
            if *count == 0 {
                self.names.remove(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_an_id_of_its_own() {
        for (name, id) in [
            ("C", "c"),
            ("C++", "c-plus-plus"),
            ("C#", "c-sharp"),
            ("A+B", "a-b"),
            ("#harbour", "harbour"),
            ("Port Alder", "port-alder"),
        ] {
            assert_eq!(id_of(name), id);
        }
        for name in ["🔥", "index", "con", "+", "!?"] {
            assert_eq!(id_of(name).len(), 12, "{name}");
        }
    }
}
