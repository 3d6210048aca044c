//! Proposes topics from a site's articles, for a person to edit. Reads `content/`; writes `topics.toml`.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::Matcher;
use super::discover::{Evidence, propose};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::{Source, list, write_whole};
use crate::front_matter;
use crate::model::Article;
use crate::settings::{TopicDefinition, topics_file as file};
use crate::site::Site;
use crate::text::comments;

/// Of an archive with more articles than this, a sample of so many is read: names that matter recur in it.
const SAMPLE: usize = 20_000;

/// Articles that are counted together before merging; fixed, so that the number of threads changes nothing.
const CHUNK: usize = 500;

/// Writes a `topics.toml` if there is none and there are articles, and returns the number of topics in it.
///
/// # Errors
/// If a folder cannot be listed or the file cannot be written.
pub(crate) fn propose_if_none(site: &Site) -> Result<Option<usize>> {
    if site.topics_file().exists() {
        return Ok(None);
    }
    let proposed = from_articles(site)?;
    if proposed.is_empty() {
        return Ok(None);
    }
    save(site, &with_added(site, "", &proposed)?)?;
    Ok(Some(proposed.len()))
}

/// Adds the proposed topics to `topics.toml`, without changing what is there, and returns them. What was proposed before and
/// is not there any more was removed by a person, and is not proposed again.
///
/// # Errors
/// As [`propose_if_none`], or if `topics.toml` is invalid.
pub(crate) fn add_proposed(site: &Site) -> Result<Vec<TopicDefinition>> {
    let known = super::load(site)?;
    let path = site.topics_file();
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Diagnostic::io(&path, "read the topics", &error).into()),
    };
    let mut taken = file::proposed_ids(&before);
    taken.extend(known.iter().map(|topic| topic.id.clone()));
    let matcher = Matcher::new(&known, site.settings.topics.threshold);
    let is_new = |topic: &TopicDefinition| {
        let names = topic.phrases.iter().chain([&topic.name]);
        !taken.contains(topic.id.as_str())
            && names
                .into_iter()
                .all(|name| matcher.resolve(name).is_none())
    };
    let is_new = |topic: &TopicDefinition| {
        is_new(topic) && !known.iter().any(|other| are_alike(topic, other))
    };
    let new: Vec<TopicDefinition> = from_articles(site)?.into_iter().filter(is_new).collect();
    let new = with_known_parents(new, &known);
    if !new.is_empty() {
        save(site, &with_added(site, &before, &new)?)?;
    }
    Ok(new)
}

/// Whether two subjects have largely the same words, by the cosine of their weights.
fn are_alike(one: &TopicDefinition, other: &TopicDefinition) -> bool {
    let weights: HashMap<&str, i64> = other
        .words
        .iter()
        .map(|(word, weight)| (word.as_str(), i64::from(*weight)))
        .collect();
    let square = |topic: &TopicDefinition| {
        topic
            .words
            .iter()
            .map(|(_, weight)| i64::from(*weight).pow(2))
            .sum::<i64>()
    };
    let common = one
        .words
        .iter()
        .filter_map(|(word, weight)| Some(weights.get(word.as_str())? * i64::from(*weight)));
    let common = common.sum::<i64>();
    // Both sides squared, without rounding.
    common > 0
        && 4 * i128::from(common).pow(2) > i128::from(square(one)) * i128::from(square(other))
}

/// Without parents that nothing new belongs to, and without the names of parents that are not there.
fn with_known_parents(
    mut new: Vec<TopicDefinition>,
    known: &[TopicDefinition],
) -> Vec<TopicDefinition> {
    let ids: HashSet<String> = new
        .iter()
        .chain(known)
        .map(|topic| topic.id.clone())
        .collect();
    for topic in &mut new {
        topic.parent = topic.parent.take().filter(|parent| ids.contains(parent));
    }
    let parents: HashSet<String> = new
        .iter()
        .filter_map(|topic| topic.parent.clone())
        .collect();
    let is_bare = |topic: &TopicDefinition| {
        topic.kind.as_deref() == Some("subject") && topic.words.is_empty()
    };
    new.retain(|topic| !is_bare(topic) || parents.contains(&topic.id));
    new
}

/// The text of `topics.toml` with more topics at its end.
fn with_added(site: &Site, before: &str, new: &[TopicDefinition]) -> Result<String> {
    file::add(before, new).map_err(|error| {
        let path = site.topics_file();
        let what = format!("cannot add to `{}`: {}", path.display(), error.message());
        Diagnostic::error(Code::TopicsUnreadable, super::TOPICS, what)
            .at_byte(before, error.span().unwrap_or_default().start)
            .hint("repair the file, then run the command again")
            .into()
    })
}

/// Checks that no topics would be proposed to a site that has no `topics.toml`.
///
/// # Errors
/// If some would be; and if `content/` cannot be listed.
pub(crate) fn expect_no_proposal(site: &Site) -> Result<()> {
    let number = from_articles(site)?.len();
    if number == 0 {
        return Ok(());
    }
    let what = format!("there is no `topics.toml` (topics that would be proposed: {number})");
    Err(Diagnostic::error(Code::ImportFrozen, "topics.toml", what)
        .hint("run `backfile topics discover`, and commit the file")
        .into())
}

fn save(site: &Site, text: &str) -> Result<()> {
    let path = site.topics_file();
    write_whole(&path, text.as_bytes())
        .map_err(|e| Diagnostic::io(&path, "write the topics", &e).into())
}

fn from_articles(site: &Site) -> Result<Vec<TopicDefinition>> {
    let sources = sample(site)?;
    let chunks: Vec<Evidence> = sources.par_chunks(CHUNK).map(evidence_of).collect();
    let evidence = chunks
        .into_iter()
        .fold(Evidence::default(), Evidence::merge);
    Ok(propose(&evidence))
}

/// The files that are read: all, or the same sample on every machine.
pub(super) fn sample(site: &Site) -> Result<Vec<Source>> {
    let mut sources: Vec<Source> = list(&site.content())?
        .into_iter()
        .filter(|s| s.file.ends_with(".md"))
        .collect();
    if sources.len() > SAMPLE {
        // Ordered by the digest of the name: spread over the archive, and the same articles on every machine.
        sources.sort_by_cached_key(|source| *blake3::hash(source.file.as_bytes()).as_bytes());
        sources.truncate(SAMPLE);
    }
    Ok(sources)
}

/// The article of a file, without comments, if it is one and published. The build reports files that cannot be read.
pub(super) fn published(source: &Source) -> Option<Article> {
    let text = std::fs::read_to_string(&source.path).ok()?;
    let article = front_matter::read(&source.file, &text).ok()?;
    let front = &article.front;
    let is_article = source.file.starts_with("articles/") || front.raw.is_some();
    let is_published = is_article && !front.is_held_back(&source.file) && front.withdrawn.is_none();
    is_published.then(|| Article {
        body: comments::without(&article.body).into_owned(),
        ..article
    })
}

fn evidence_of(sources: &[Source]) -> Evidence {
    let mut evidence = Evidence::default();
    for Article { front, body } in sources.iter().filter_map(published) {
        evidence.add(&front.title, &body, front.place.as_deref(), &front.topics);
    }
    evidence
}
