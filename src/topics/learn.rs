//! Learns rules for topics that articles name in their front matter, so that other articles get them too.
//! Reads `content/`; writes `topics.toml`.

use std::collections::{BTreeMap, BTreeSet};

use super::discover::{Documents, learn};
use super::propose::{published, sample};
use super::{Matcher, prose};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::write_whole;
use crate::model::Article;
use crate::model::term::id_of;
use crate::settings::{TopicDefinition, topics_file as file};
use crate::site::{Site, TOPICS};

/// A topic that fewer articles name is not learned.
const MIN_ARTICLES: usize = 10;

/// What was learned and written.
pub(crate) struct LearnedTopics {
    /// (id, number of articles that it was learned from)
    pub topics: Vec<(String, usize)>,
    /// How well rules that were learned from four fifths of the articles agree with the other fifth (micro-averaged F1).
    pub f1: f32,
}

/// Articles with the ids of the topics that they name, and those topics: their articles and a name.
#[derive(Default)]
struct Labelled {
    articles: Vec<(Article, Vec<String>)>,
    topics: BTreeMap<String, (usize, String)>,
}

/// Learns rules for the topics that at least 10 articles name and that have no rule, and writes them to `topics.toml`.
///
/// # Errors
/// If `topics.toml` is invalid, or a file cannot be read or written.
pub(crate) fn learn_rules(site: &Site) -> Result<LearnedTopics> {
    let Labelled {
        articles,
        topics: mut names,
    } = labelled(site, &super::load(site)?)?;
    names.retain(|_, (articles, _)| *articles >= MIN_ARTICLES);
    if names.len() < 2 {
        return Ok(LearnedTopics {
            topics: Vec::new(),
            f1: 0.0,
        });
    }
    let numbers: BTreeMap<&str, usize> = names.keys().map(String::as_str).zip(0..).collect();
    let mut documents = Documents::default();
    for (article, ids) in &articles {
        let labels = ids
            .iter()
            .filter_map(|id| numbers.get(id.as_str()).copied());
        let labels: Vec<usize> = labels.collect();
        if !labels.is_empty() {
            documents.add(&article.front.title, &prose::of_markdown(&article.body));
            documents.label(labels);
        }
    }
    let learned = learn(&documents, numbers.len());
    let topics = names.iter().zip(learned.rules);
    let topics = topics.map(|((id, (_, name)), words)| TopicDefinition {
        id: id.clone(),
        name: name.clone(),
        words,
        min: Some(learned.min),
        ..TopicDefinition::default()
    });
    save(site, &topics.collect::<Vec<_>>())?;
    let topics = names.into_iter().map(|(id, (articles, _))| (id, articles));
    Ok(LearnedTopics {
        topics: topics.collect(),
        f1: learned.f1,
    })
}

/// The articles that name topics without a rule.
fn labelled(site: &Site, known: &[TopicDefinition]) -> Result<Labelled> {
    let matcher = Matcher::new(known, site.settings.topics.threshold);
    let id = |name: &str| match matcher.resolve(name) {
        Some(number) => known[number].id.clone(),
        None => id_of(name),
    };
    let ruled = known.iter().filter(|topic| has_rule(topic));
    let ruled: BTreeSet<&str> = ruled.map(|topic| topic.id.as_str()).collect();
    let mut labelled = Labelled::default();
    for article in sample(site)?.iter().filter_map(published) {
        let mut ids: Vec<String> = Vec::new();
        for name in article.front.topics.iter().map(|name| name.trim()) {
            let id = id(name);
            if !name.is_empty() && !ruled.contains(id.as_str()) && !ids.contains(&id) {
                let topic = labelled.topics.entry(id.clone());
                topic.or_insert((0, name.to_owned())).0 += 1;
                ids.push(id);
            }
        }
        if !ids.is_empty() {
            labelled.articles.push((article, ids));
        }
    }
    Ok(labelled)
}

/// Whether a person, or an earlier run, said how articles belong to a topic.
fn has_rule(topic: &TopicDefinition) -> bool {
    let lists = [&topic.phrases, &topic.any, &topic.all];
    topic.min.is_some()
        || topic.is_subject()
        || lists.iter().any(|list| !list.is_empty())
        || topic.hide
        || topic.merge_into.is_some()
}

fn save(site: &Site, topics: &[TopicDefinition]) -> Result<()> {
    let path = site.topics_file();
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Diagnostic::io(&path, "read the topics", &error).into()),
    };
    let text = file::with_rules(&before, topics).map_err(|error| {
        Diagnostic::error(
            Code::TopicsUnreadable,
            TOPICS,
            format!("cannot add rules: {}", error.message()),
        )
        .hint("repair the file, then run the command again")
    })?;
    write_whole(&path, text.as_bytes())
        .map_err(|e| Diagnostic::io(&path, "write the topics", &e).into())
}
