//! organize: everything that was parsed → one Library. Order, terms and paths are settled here.

use std::collections::BTreeMap;

use crate::diagnostics::{Code, Diagnostic};
use crate::model::Library;
use crate::model::library::{Change, Found, Rules};
use crate::model::page::StaticSource;
use crate::model::term::ListId;
use crate::settings::{Settings, TopicDefinition};

/// The share of articles that should have a topic, in percent.
const COVERED: usize = 80;

/// How a site puts its articles in order.
pub fn rules(settings: &Settings, topics: &[TopicDefinition]) -> Rules {
    Rules {
        zone: settings.zone,
        permalink: settings.permalink.clone(),
        day_pages: settings.day_pages,
        topics: topics
            .iter()
            .map(|t| (t.id.clone(), t.name.clone(), t.kind.clone()))
            .collect(),
    }
}

/// An empty Library for a site.
pub fn library(settings: &Settings, topics: &[TopicDefinition]) -> Library {
    Library::new(rules(settings, topics))
}

/// What the Library is told of static files: which came, went or differ.
pub fn statics(
    before: &BTreeMap<String, StaticSource>,
    now: &BTreeMap<String, StaticSource>,
) -> Vec<Change> {
    let is_same = |a: &StaticSource, b: &StaticSource| match (a, b) {
        (StaticSource::Embedded(_), StaticSource::Embedded(_)) => true,
        (a, b) => a == b,
    };
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    let gone = gone.map(|path| (path, Found::StaticGone));
    let new = now.iter().filter(|(path, source)| {
        let before = before.get(*path);
        !before.is_some_and(|before| is_same(before, source))
    });
    let new = new.map(|(path, source)| (path, Found::Static(source.clone())));
    let changes = gone.chain(new).map(|(path, now)| Change {
        file: path.as_str().into(),
        now,
    });
    changes.collect()
}

/// What is wrong between articles: paths that two want, links that name nothing, too few topics.
pub fn diagnostics(library: &Library) -> Vec<Diagnostic> {
    let mut found = library.contests();
    found.extend(library.unknown_links().cloned());
    found.extend(coverage(library));
    found
}

/// A warning where too few articles can be found by topic.
fn coverage(library: &Library) -> Option<Diagnostic> {
    let articles = library.articles(ListId::Archive).len();
    let with_topic = library.with_topic();
    let too_few = with_topic * 100 < articles * COVERED;
    too_few.then(|| {
        let share = with_topic * 100 / articles.max(1);
        let what = format!("{share} % of the articles have a topic; readers browse by topics");
        Diagnostic::warning(Code::Unclassified, "topics.toml", what)
            .hint("add topics or phrases there, or run `backfile topics discover`")
    })
}
