//! A topic as a person defines it: its names, and the rule by which articles belong to it.
//! Plain data; never knows how a rule is matched.

use serde::Serialize;

/// A topic of `topics.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TopicDefinition {
    /// The key in the file: a slug, unique.
    pub id: String,
    /// What readers see. By default the id as words.
    pub name: String,
    /// A slug: `subject`, `place`, `person` or one of the site's own.
    pub kind: Option<String>,
    /// The phrases to find in titles and bodies; may be empty.
    pub phrases: Vec<String>,
    /// Words and phrases, and what each adds to the strength of an article that uses it, in the order of the file.
    pub words: Vec<(String, i32)>,
    /// The strength from which an article belongs; by default that of the settings.
    pub min: Option<u32>,
    /// An article belongs only if it has one of these phrases.
    pub any: Vec<String>,
    /// An article belongs only if it has each of these phrases.
    pub all: Vec<String>,
    /// An article belongs only if it has none of these phrases.
    pub not: Vec<String>,
    /// The parts of an article in which phrases and words count (`in`); empty for all of it.
    pub parts: Vec<TextPart>,
    /// A phrase counts only if one of `any` stands at most so many words away.
    pub near: Option<u32>,
    /// The id of the broader topic that has every article of this one.
    pub parent: Option<String>,
    /// Markdown for the topic's page.
    pub description: Option<String>,
    /// Whether readers never see it.
    pub hide: bool,
    /// The id of the topic that has its articles, and to which its address leads.
    pub merge_into: Option<String>,
    /// Addresses of the same topic elsewhere, such as Wikidata.
    pub same_as: Vec<String>,
}

/// A part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum TextPart {
    Title,
    /// The first paragraph.
    Lead,
    /// Everything below the title, the lead too.
    Body,
}

impl TextPart {
    pub const ALL: [Self; 3] = [Self::Title, Self::Lead, Self::Body];

    /// As `topics.toml` writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Lead => "lead",
            Self::Body => "body",
        }
    }
}

impl TopicDefinition {
    /// Whether it is matched by weighted words.
    pub fn is_subject(&self) -> bool {
        !self.words.is_empty()
    }
}
