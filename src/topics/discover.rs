//! Proposes topics from the archive itself: a start for a person to edit.
//! Knows what was seen in the articles it was given; never knows which topics a site already has.

use std::collections::BTreeMap;

use super::file::Definition;
use super::words::fold;
use crate::model::slug::slug;

/// What was seen in some articles.
#[derive(Default)]
pub struct Evidence {
    names: BTreeMap<String, BTreeMap<String, u32>>,
}

impl Evidence {
    pub fn add(&mut self, _title: &str, _body: &str, _place: Option<&str>, topics: &[String]) {
        for name in topics {
            *self
                .names
                .entry(fold(name))
                .or_default()
                .entry(name.clone())
                .or_default() += 1;
        }
    }

    pub fn merge(mut self, other: Evidence) -> Evidence {
        for (key, names) in other.names {
            let mine = self.names.entry(key).or_default();
            for (name, count) in names {
                *mine.entry(name).or_default() += count;
            }
        }
        self
    }
}

/// Topics that readers could browse by, sorted by id.
pub fn propose(evidence: &Evidence) -> Vec<Definition> {
    let mut definitions = BTreeMap::new();
    for names in evidence
        .names
        .values()
        .filter(|names| names.values().sum::<u32>() > 1)
    {
        let Some((name, _)) = names.iter().max_by_key(|(_, count)| **count) else {
            continue;
        };
        let Some(id) = slug(name) else { continue };
        let phrases = if name.contains(' ') {
            vec![name.clone()]
        } else {
            Vec::new()
        };
        definitions.insert(
            id.clone(),
            Definition {
                id,
                name: name.clone(),
                kind: None,
                phrases,
            },
        );
    }
    definitions.into_values().collect()
}
