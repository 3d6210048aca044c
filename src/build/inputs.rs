//! What a site is made with beside its content: settings, topics, theme and templates.

use super::render::Renderer;
use super::theme::{self, Theme};
use crate::cache;
use crate::diagnostics::Result;
use crate::settings::TopicDefinition;
use crate::site::Site;
use crate::topics::{Matcher, load as load_topics};

/// The topics that a person defined, ready to be found in articles: all that reading an article depends on beside its file.
#[derive(Debug)]
pub struct TopicSet {
    pub definitions: Vec<TopicDefinition>,
    pub matcher: Matcher,
    pub digest: [u8; 32],
}

impl TopicSet {
    /// Reads them.
    ///
    /// # Errors
    /// Where `topics.toml` is wrong or cannot be read.
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

/// All that every page may depend on.
#[derive(Debug)]
pub struct Inputs {
    pub theme: Theme,
    pub renderer: Renderer,
    pub topics: TopicSet,
    /// Of all of it, static files excepted.
    pub digest: [u8; 32],
}

impl Inputs {
    /// Reads them.
    ///
    /// # Errors
    /// If any of them is wrong, or the machine refuses.
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

    /// The same with the topics as they are now.
    ///
    /// # Errors
    /// If they are wrong or cannot be read.
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
