//! The inputs of a build beside the content: settings, topics, theme and templates.
//! Knows when any of them changed; never knows which pages use them.

use super::render::Renderer;
use super::theme::{self, Theme};
use crate::cache;
use crate::diagnostics::Result;
use crate::settings::TopicDefinition;
use crate::site::Site;
use crate::topics::{Matcher, load as load_topics};

/// The defined topics, ready to be matched with articles: everything that parsing an article depends on beside its file.
#[derive(Debug)]
pub struct TopicSet {
    pub definitions: Vec<TopicDefinition>,
    pub matcher: Matcher,
    pub digest: [u8; 32],
}

impl TopicSet {
    /// Reads `topics.toml`.
    ///
    /// # Errors
    /// If `topics.toml` is invalid or cannot be read.
    pub fn read(site: &Site) -> Result<Self> {
        let definitions = load_topics(site)?;
        let threshold = site.settings.topics.threshold;
        Ok(Self {
            matcher: Matcher::new(&definitions, threshold),
            digest: cache::key(&[&cache::encode(&definitions), &threshold.to_le_bytes()]),
            definitions,
        })
    }
}

/// Everything that any page may depend on, beside the content.
#[derive(Debug)]
pub struct Inputs {
    pub theme: Theme,
    pub renderer: Renderer,
    pub topics: TopicSet,
    /// A digest of all inputs except static files.
    pub digest: [u8; 32],
}

impl Inputs {
    /// Reads all inputs.
    ///
    /// # Errors
    /// If any of them is invalid or cannot be read.
    pub fn read(site: &Site) -> Result<Self> {
        let theme = theme::load(site)?;
        let renderer = Renderer::new(&theme, site.content(), site.settings.remote_images)?;
        let topics = TopicSet::read(site)?;
        Ok(Self {
            digest: digest(site, &theme, &topics),
            theme,
            renderer,
            topics,
        })
    }

    /// The same inputs with the current topics.
    ///
    /// # Errors
    /// If the topics are invalid or cannot be read.
    pub fn with_topics_of(self, site: &Site) -> Result<Self> {
        let topics = TopicSet::read(site)?;
        Ok(Self {
            digest: digest(site, &self.theme, &topics),
            topics,
            ..self
        })
    }
}

fn digest(site: &Site, theme: &Theme, topics: &TopicSet) -> [u8; 32] {
    let templates = theme.templates.iter();
    let templates: String = templates
        .map(|(name, template)| format!("{name}\0{}\0", template.text))
        .collect();
    let values = serde_json::to_vec(&theme.values).unwrap_or_default();
    let settings = serde_json::to_vec(&site.settings).unwrap_or_default();
    cache::key(&[&topics.digest, templates.as_bytes(), &values, &settings])
}
