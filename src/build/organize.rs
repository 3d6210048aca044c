//! organize: everything that was parsed → one Library. Order, terms and paths are settled here.

use std::collections::BTreeSet;

use super::parse::Parsed;
use super::theme::Theme;
use crate::config::Settings;
use crate::diagnostics::Diagnostic;
use crate::model::Library;
use crate::model::library::{Change, Found, Rules};
use crate::model::page::Subject;
use crate::model::term::ListId;
use crate::topics::Definition;

/// The share of articles that should have a topic, in percent.
const COVERED: usize = 80;

/// An empty Library for a site.
pub fn library(settings: &Settings, topics: &[Definition]) -> Library {
    Library::new(Rules {
        zone: settings.zone,
        permalink: settings.permalink.clone(),
        topics: topics
            .iter()
            .map(|t| (t.id.clone(), t.name.clone(), t.kind.clone()))
            .collect(),
    })
}

/// Applies what was parsed, and the theme's static files. Gives the subjects that are touched.
pub fn apply(
    library: &mut Library,
    parsed: Parsed,
    theme: &Theme,
) -> (BTreeSet<Subject>, Vec<Diagnostic>) {
    let Parsed {
        mut changes,
        mut diagnostics,
        ..
    } = parsed;
    let statics = theme.statics.iter();
    changes.extend(statics.map(|(path, source)| Change {
        file: path.as_str().into(),
        now: Found::Static(source.clone()),
    }));
    let touched = library.apply(changes);
    diagnostics.extend(library.contests());
    diagnostics.extend(library.unknown_links());
    diagnostics.extend(coverage(library));
    (touched, diagnostics)
}

/// A warning where too few articles can be found by topic.
fn coverage(library: &Library) -> Option<Diagnostic> {
    let articles = library.articles(ListId::Archive);
    let with_topic = articles
        .iter()
        .filter(|a| library.card(**a).is_some_and(|c| !c.topics.is_empty()))
        .count();
    let too_few = with_topic * 100 < articles.len() * COVERED;
    too_few.then(|| {
        let share = with_topic * 100 / articles.len().max(1);
        let what = format!("{share} % of the articles have a topic; readers browse by topics");
        Diagnostic::warning("topics.toml", what)
            .hint("add topics or phrases there, or run `backfile topics discover`")
    })
}
