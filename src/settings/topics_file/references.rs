//! Checks what topics say of each other: `parent` and `merge_into` name a topic, and lead in no circle.

use std::collections::HashMap;

use super::reader::Reader;
use crate::diagnostics::Diagnostic;
use crate::model::nearest::nearest;
use crate::settings::topic_definition::TopicDefinition;

type Reference = fn(&TopicDefinition) -> Option<&str>;

const REFERENCES: [(&str, Reference); 2] = [
    ("parent", |topic| topic.parent.as_deref()),
    ("merge_into", |topic| topic.merge_into.as_deref()),
];

/// Checks the references of all topics; `place` gives the byte at which a topic's key has its value.
///
/// # Errors
/// The first reference that names no topic, or that leads back to its own.
pub(super) fn check(
    reader: &Reader<'_>,
    definitions: &[TopicDefinition],
    place: impl Fn(usize, &str) -> usize,
) -> Result<(), Diagnostic> {
    let by_id: HashMap<&str, usize> = definitions
        .iter()
        .zip(0..)
        .map(|(d, i)| (d.id.as_str(), i))
        .collect();
    for (key, of) in REFERENCES {
        let mut is_checked = vec![false; definitions.len()];
        for start in 0..definitions.len() {
            let mut path = vec![start];
            let mut at = start;
            while let Some(id) = of(&definitions[at]).filter(|_| !is_checked[at]) {
                let error = |what: String| {
                    let byte = place(at, key);
                    reader.error(byte..byte, what)
                };
                let Some(next) = by_id.get(id).copied() else {
                    let hint = match nearest(id, by_id.keys().copied()) {
                        Some(near) => format!("write `{near}`"),
                        None => format!("add the topic: `[{id}]`"),
                    };
                    return Err(error(format!("there is no topic `{id}`")).hint(hint));
                };
                if path.contains(&next) {
                    let what = format!("`{key}` leads from `{id}` back to `{id}`");
                    return Err(
                        error(what).hint(format!("remove `{key}` from one of these topics"))
                    );
                }
                path.push(next);
                at = next;
            }
            for index in path {
                is_checked[index] = true;
            }
        }
    }
    Ok(())
}
