//! The topics that readers browse by: defined in `topics.toml`, matched in texts, proposed from the archive itself.
//! Knows names and phrases; never which articles the site has, or how a topic's page looks.

pub(crate) mod discover;
mod learn;
pub(crate) mod matching;
mod phrases;
mod propose;
mod prose;

pub(crate) use learn::learn_rules;
pub(crate) use matching::{Cause, Explanation, Matcher};
pub(crate) use propose::{add_proposed, expect_no_proposal, propose_if_none};

use crate::diagnostics::{Diagnostic, Result};
use crate::settings::{TopicDefinition, topics_file};
use crate::site::{Site, TOPICS};

/// The topics that `topics.toml` defines; none if there is no such file.
///
/// # Errors
/// If the file cannot be read or is invalid.
pub(crate) fn load(site: &Site) -> Result<Vec<TopicDefinition>> {
    let path = site.topics_file();
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(topics_file::read(TOPICS, &text)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Diagnostic::io(&path, "read the topics", &error).into()),
    }
}
