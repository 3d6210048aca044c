//! What a site is made with beside its content: settings, topics, theme and templates.

use super::render::Renderer;
use super::theme::{self, Theme};
use crate::cache;
use crate::diagnostics::Result;
use crate::settings::TopicDefinition;
use crate::site::Site;
use crate::topics::{self, Matcher};

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
        let definitions = topics::load(site)?;
        let threshold = site.settings.topics.threshold;
        let said = format!("{definitions:?}");
        Ok(Self {
            matcher: Matcher::new(&definitions, threshold),
            digest: cache::key(&[said.as_bytes(), &threshold.to_le_bytes()]),
            definitions,
        })
    }
}

/// All that every page may depend on.
#[derive(Debug)]
pub struct Inputs {
    pub theme: Theme,
    pub renderer: Renderer,
    pub subjects: TopicSet,
    /// Of all of it, static files excepted.
    pub digest: [u8; 32],
}

impl Inputs {
    /// Reads them.
    ///
    /// # Errors
    /// Where any of them is wrong, or the machine refuses.
    pub fn read(site: &Site) -> Result<Self> {
        let theme = theme::load(site)?;
        let renderer = Renderer::new(&theme, site.content(), site.settings.remote_images)?;
        let subjects = TopicSet::read(site)?;
        let templates = theme.templates.iter();
        let templates: String = templates
            .map(|(name, template)| format!("{name}\0{}\0", template.text))
            .collect();
        let values = serde_json::to_string(&theme.values).unwrap_or_default();
        let settings = format!("{:?}", site.settings);
        let digest = cache::key(&[
            &subjects.digest,
            templates.as_bytes(),
            values.as_bytes(),
            settings.as_bytes(),
        ]);
        Ok(Self {
            theme,
            renderer,
            subjects,
            digest,
        })
    }
}
