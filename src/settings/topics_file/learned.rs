//! Adds rules to topics of a `topics.toml` that have none. Changes nothing else of the file.

use toml_edit::{DocumentMut, InlineTable, Item, value};

use super::write::tables;
use crate::settings::topic_definition::TopicDefinition;

/// The file with the words and the `min` of these topics; a topic that it lacks is added at its end. One that has words already
/// stays as it is.
///
/// # Errors
/// If the text is not TOML.
pub fn with_rules(text: &str, topics: &[TopicDefinition]) -> Result<String, toml_edit::TomlError> {
    let mut document: DocumentMut = text.strip_prefix('\u{feff}').unwrap_or(text).parse()?;
    let mut new = Vec::new();
    for topic in topics {
        match document
            .get_mut(&topic.id)
            .and_then(Item::as_table_like_mut)
        {
            Some(table) if table.contains_key("words") => {}
            Some(table) => {
                let words = topic
                    .words
                    .iter()
                    .map(|(word, weight)| (word.as_str(), i64::from(*weight)));
                table.insert("words", value(words.collect::<InlineTable>()));
                if let Some(min) = topic.min {
                    table.insert("min", value(i64::from(min)));
                }
            }
            None => new.push(topic.clone()),
        }
    }
    Ok(document.to_string() + &tables(&new))
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn rules_are_added_and_nothing_else_changes() {
        let topic = |id: &str| TopicDefinition {
            id: id.to_owned(),
            name: crate::model::slug::humanise(id),
            words: vec![("scrum".to_owned(), 9), ("try line".to_owned(), -2)],
            min: Some(12),
            ..TopicDefinition::default()
        };
        let before = "# mine\n[rugby] # the game\nname = 'Rugby union'\n\n[tennis]\nwords = { ace = 3 }\n# the end\n";
        let after = with_rules(before, &[topic("rugby"), topic("tennis"), topic("golf")]).unwrap();
        for kept in [
            "# mine\n[rugby] # the game\nname = 'Rugby union'\n",
            "[tennis]\nwords = { ace = 3 }\n# the end\n",
        ] {
            assert!(after.contains(kept), "{after}");
        }
        let found = read("topics.toml", &after).unwrap();
        let words: Vec<_> = found
            .iter()
            .map(|topic| (topic.id.as_str(), topic.words.len(), topic.min))
            .collect();
        assert_eq!(
            words,
            [
                ("rugby", 2, Some(12)),
                ("tennis", 1, None),
                ("golf", 2, Some(12))
            ]
        );
    }
}
