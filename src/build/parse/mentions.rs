//! The topics that an article mentions. Knows one article; never how many articles a topic has.

use std::collections::HashSet;

use crate::model::card::Mention;
use crate::model::term::id_of;
use crate::topics::Matcher;

/// The topics of an article: those that its front matter names, each followed by broader ones, then those that match
/// its text, without those in `not_topics`.
pub(super) fn mentions(
    title: &str,
    body: &str,
    named: &[String],
    not: &[String],
    matcher: &Matcher,
) -> Box<[Mention]> {
    let excluded: HashSet<usize> = not
        .iter()
        .filter_map(|name| matcher.resolve(name))
        .collect();
    let excluded_names: HashSet<String> = not.iter().map(|name| id_of(name)).collect();
    let (mut defined, mut undefined): (HashSet<usize>, HashSet<String>) = Default::default();
    let mut mentions: Vec<Mention> = Vec::new();
    for name in named.iter().map(|n| n.trim()).filter(|n| !n.is_empty()) {
        if let Some(number) = matcher.resolve(name) {
            for topic in matcher.with_ancestors(number, &excluded) {
                if defined.insert(topic) {
                    mentions.push(Mention::Defined(topic as u32, None));
                }
            }
            continue;
        }
        let id = id_of(name);
        if !excluded_names.contains(&id) && undefined.insert(id) {
            mentions.push(Mention::Named(name.into()));
        }
    }
    for (number, strength) in matcher.topics(title, body, &excluded) {
        if defined.insert(number) {
            mentions.push(Mention::Defined(number as u32, Some(strength)));
        }
    }
    mentions.into()
}
