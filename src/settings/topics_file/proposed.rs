//! Adds proposed topics to a `topics.toml`, and remembers in it what was proposed, so that a topic that a person removes
//! is not proposed again. Changes nothing else of the file.

use std::collections::BTreeSet;

use toml_edit::{Array, DocumentMut, Item, Table};

use super::write::{tables, write};
use crate::settings::topic_definition::TopicDefinition;

/// The table of what was proposed. No topic can have this id.
pub(super) const TABLE: &str = "_proposed";
const IDS: &str = "ids";
const COMMENT: &str = "\n# What `backfile topics discover` has proposed so far: a topic that you remove above is not proposed again.\n";
/// In characters, about how long a line of ids is.
const LINE: usize = 100;

/// The ids that were proposed so far, as far as the file says; none if it is not TOML.
pub fn proposed_ids(text: &str) -> BTreeSet<String> {
    let document: Option<DocumentMut> = text.parse().ok();
    let ids = document
        .as_ref()
        .and_then(|d| d.get(TABLE)?.get(IDS)?.as_array());
    let ids = ids.into_iter().flatten().filter_map(|id| id.as_str());
    ids.map(str::to_owned).collect()
}

/// The file with more topics at its end, which are remembered as proposed. What is there stays as it is.
///
/// # Errors
/// If the text is not TOML.
pub fn add(text: &str, new: &[TopicDefinition]) -> Result<String, toml_edit::TomlError> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let _: DocumentMut = bare.parse()?;
    let mut ids = proposed_ids(bare);
    ids.extend(new.iter().map(|topic| topic.id.clone()));
    if bare.trim().is_empty() {
        return Ok(write(new) + &block(&ids));
    }
    let gap = if bare.ends_with("\n\n") || bare.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let added = tables(new);
    let mut document: DocumentMut = format!("{bare}{gap}{added}").parse()?;
    match document.get_mut(TABLE).and_then(Item::as_table_mut) {
        Some(table) => {
            set(table, &ids);
            Ok(document.to_string())
        }
        None => Ok(document.to_string() + &block(&ids)),
    }
}

fn set(table: &mut Table, ids: &BTreeSet<String>) {
    table[IDS] = Item::Value(array(ids).into());
}

fn block(ids: &BTreeSet<String>) -> String {
    let mut table = Table::new();
    set(&mut table, ids);
    format!("{COMMENT}[{TABLE}]\n{table}")
}

/// The ids as a list with several in a line.
fn array(ids: &BTreeSet<String>) -> Array {
    let mut array = Array::new();
    let mut length = LINE;
    for id in ids {
        array.push(id.as_str());
        let begins_line = length + id.len() + 4 > LINE;
        length = if begins_line { 4 } else { length } + id.len() + 4;
        if let Some(value) = array.iter_mut().last() {
            value
                .decor_mut()
                .set_prefix(if begins_line { "\n    " } else { " " });
        }
    }
    array.set_trailing_comma(true);
    array.set_trailing("\n");
    array
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn topic(id: &str) -> TopicDefinition {
        TopicDefinition {
            name: crate::model::slug::humanise(id),
            id: id.to_owned(),
            ..TopicDefinition::default()
        }
    }

    #[test]
    fn what_a_person_wrote_stays_and_what_was_proposed_is_remembered() {
        let before = "# mine\n[canal]   # the best\nname = 'Canals'\n\n# the end";
        let once = add(before, &[topic("oslo"), topic("bergen")]).unwrap();
        assert!(once.starts_with(before), "{once}");
        assert_eq!(
            proposed_ids(&once).into_iter().collect::<Vec<_>>(),
            ["bergen", "oslo"]
        );
        let removed = once.replace("\n[oslo]\nphrases = []\n", "");
        assert_ne!(removed, once);
        let twice = add(&removed, &[topic("narvik")]).unwrap();
        assert!(twice.starts_with(before), "{twice}");
        assert_eq!(
            proposed_ids(&twice).into_iter().collect::<Vec<_>>(),
            ["bergen", "narvik", "oslo"]
        );
        let ids: Vec<_> = read("topics.toml", &twice)
            .unwrap()
            .into_iter()
            .map(|topic| topic.id)
            .collect();
        assert_eq!(ids, ["canal", "bergen", "narvik"]);
        assert_eq!(twice.matches("_proposed").count(), 1);
    }

    #[test]
    fn many_ids_are_lines_of_readable_length() {
        let topics: Vec<_> = (0..200).map(|n| topic(&format!("topic-{n}"))).collect();
        let text = add("", &topics).unwrap();
        assert!(
            text.lines().all(|line| line.chars().count() <= 120),
            "{text}"
        );
        assert_eq!(proposed_ids(&text).len(), 200);
        assert_eq!(read("topics.toml", &text).unwrap().len(), 200);
    }
}
