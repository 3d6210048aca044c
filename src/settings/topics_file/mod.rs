//! `topics.toml`: a table for each topic, with its id as the key.
//! Knows the format of definitions; never where they are used.

mod learned;
mod proposed;
mod reader;
mod references;
mod write;

use toml::de::DeTable;

pub use learned::with_rules;
pub use proposed::{add, proposed_ids};
pub use write::{tables, write};

use self::reader::Reader;
use super::topic_definition::TopicDefinition;
use crate::diagnostics::{Code, Diagnostic};

/// Reads a whole `topics.toml`, keeping its order. `path` is only for diagnostics.
///
/// # Errors
/// The first error, with its line and column and a hint.
pub fn read(path: &str, text: &str) -> Result<Vec<TopicDefinition>, Diagnostic> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let reader = Reader { path, text };
    let table = DeTable::parse(text).map_err(|e| {
        let what = format!("the topics cannot be read: {}", e.message());
        Diagnostic::error(Code::TopicsUnreadable, path, what)
            .at_byte(text, e.span().unwrap_or_default().start)
            .hint("each topic begins with its id in brackets, `[open-data]`; names and phrases are in quotes")
    })?;
    let tables: Vec<_> = table
        .get_ref()
        .iter()
        .filter(|(key, _)| key.get_ref() != proposed::TABLE)
        .collect();
    let definitions = tables
        .iter()
        .map(|(key, value)| reader.definition(key, value))
        .collect::<Result<Vec<_>, _>>()?;
    references::check(&reader, &definitions, |index, key| {
        let (id, table) = tables[index];
        let value = table.get_ref().get(key);
        value.map_or(id.span().start, |value| value.span().start)
    })?;
    Ok(definitions)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostics::Severity;
    use crate::model::slug::slug;
    use crate::settings::topic_definition::TextPart;

    fn definition(id: &str, name: &str, kind: Option<&str>, phrases: &[&str]) -> TopicDefinition {
        TopicDefinition {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: kind.map(str::to_owned),
            phrases: phrases.iter().map(|p| (*p).to_owned()).collect(),
            ..TopicDefinition::default()
        }
    }

    /// A topic that has every key.
    fn whole(id: &str) -> TopicDefinition {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        TopicDefinition {
            words: vec![("scrum".to_owned(), 9), ("try line".to_owned(), -6)],
            min: Some(12),
            any: texts(&["rugby"]),
            all: texts(&["league"]),
            not: texts(&["school"]),
            parts: vec![TextPart::Title, TextPart::Lead],
            near: Some(20),
            description: Some("Of *rugby*.\n\nAnd more.".to_owned()),
            same_as: texts(&["https://www.wikidata.org/entity/Q5378"]),
            ..definition(id, "The game", Some("subject"), &["Six Nations"])
        }
    }

    #[test]
    fn every_key_is_read_and_written() {
        let text = "[sport]\n[hidden]\nhide = true\nmerge_into = 'sport'\n[game]\nname = 'The game'\nkind = 'subject'\nparent = 'sport'\n\
            phrases = ['Six Nations']\nwords = { scrum = 9, 'try line' = -6 }\nmin = 12\nany = ['rugby']\nall = ['league']\n\
            not = ['school']\nin = ['lead', 'title']\nnear = 20\ndescription = \"Of *rugby*.\\n\\nAnd more.\"\n\
            same_as = 'https://www.wikidata.org/entity/Q5378'\n";
        let game = TopicDefinition {
            parent: Some("sport".to_owned()),
            ..whole("game")
        };
        let hidden = TopicDefinition {
            hide: true,
            merge_into: Some("sport".to_owned()),
            ..definition("hidden", "Hidden", None, &[])
        };
        let all = [definition("sport", "Sport", None, &[]), hidden, game];
        assert_eq!(read("topics.toml", text).unwrap(), all);
        assert_eq!(read("topics.toml", &write(&all)).unwrap(), all);
        assert_eq!(
            read("topics.toml", "[a]\nin = 'body'").unwrap()[0].parts,
            [TextPart::Body]
        );
    }

    #[test]
    fn what_was_proposed_is_no_topic() {
        let text = "[a]\n[_proposed]\nids = ['b', 'c']\n[d]\n";
        let found = read("topics.toml", text).unwrap();
        assert_eq!(
            found
                .iter()
                .map(|topic| topic.id.as_str())
                .collect::<Vec<_>>(),
            ["a", "d"]
        );
    }

    #[test]
    fn a_file_is_read_in_its_order() {
        let text = "[tide-tables]\n\n[\"łódź\"]\nname = \"Łódź\"\nkind = \"place\"\nphrases = [\"Łódź\", \"Lodz\"]\n";
        assert_eq!(
            read("topics.toml", text).unwrap(),
            [
                definition("tide-tables", "Tide tables", None, &[]),
                definition("łódź", "Łódź", Some("place"), &["Łódź", "Lodz"]),
            ]
        );
    }

    /// A file, and the place and the message of its error.
    const MISTAKES: &[(&str, &str, &str)] = &[
        (
            "[a]\nphrase = []\n",
            "topics.toml:2:1",
            "a topic has no key `phrase`",
        ),
        (
            "[a]\nwords = ['x']",
            "topics.toml:2:9",
            "`words` must be a table, found array",
        ),
        (
            "[a]\nwords = { x = 'y' }",
            "topics.toml:2:15",
            "`x` must be a whole number, found string",
        ),
        (
            "[a]\nwords = { x = 0 }",
            "topics.toml:2:15",
            "`x` must be a number from 1 to 1000, or below zero",
        ),
        (
            "[a]\nwords = { x = 99999999999999999999 }",
            "topics.toml:2:15",
            "`x` must be a number from 1 to 1000, or below zero",
        ),
        (
            "[a]\nwords = { '…' = 1 }",
            "topics.toml:2:11",
            "the phrase `…` has neither a letter nor a digit",
        ),
        (
            "[a]\nmin = 0",
            "topics.toml:2:7",
            "`min` must be a number from 1 to 10000",
        ),
        (
            "[a]\nin = 'foot'",
            "topics.toml:2:6",
            "`foot` is not a part of an article",
        ),
        (
            "[a]\nhide = 1",
            "topics.toml:2:8",
            "`hide` must be true or false, found integer",
        ),
        (
            "[a]\nsame_as = 'Q5'",
            "topics.toml:2:11",
            "`Q5` is not an address",
        ),
        (
            "[a]\nnear = 5",
            "topics.toml:1:2",
            "`near` needs the phrases of `any`",
        ),
        (
            "[ab]\n[c]\nparent = 'ba'",
            "topics.toml:3:10",
            "there is no topic `ba`",
        ),
        (
            "[a]\nmerge_into = 'c'\n[b]\nmerge_into = 'a'\n[c]\nmerge_into = 'b'\n",
            "topics.toml:4:14",
            "`merge_into` leads from `a` back to `a`",
        ),
        (
            "[a]\nparent = 'a'",
            "topics.toml:2:10",
            "`parent` leads from `a` back to `a`",
        ),
        (
            "[Oslo]\n",
            "topics.toml:1:2",
            "`Oslo` cannot be the id of a topic",
        ),
        (
            "name = 'x'\n",
            "topics.toml:1:1",
            "`name` is outside of a topic",
        ),
        (
            "[a]\nname = 3\n",
            "topics.toml:2:8",
            "`name` must be a text, found integer",
        ),
        (
            "[a]\nkind = 'A place'\n",
            "topics.toml:2:8",
            "`A place` cannot be the kind of a topic",
        ),
        (
            "[a]\nphrases = 'x'\n",
            "topics.toml:2:11",
            "`phrases` must be a list, found string",
        ),
        (
            "[a]\nphrases = ['x', ' ']\n",
            "topics.toml:2:17",
            "`phrases` has an empty text",
        ),
        (
            "[a]\nphrases = ['—']\n",
            "topics.toml:2:12",
            "the phrase `—` has neither a letter nor a digit",
        ),
    ];

    #[test]
    fn errors_have_the_place_of_the_mistake() {
        for (text, place, what) in MISTAKES {
            let diagnostic = read("topics.toml", text).unwrap_err();
            assert_eq!(
                (diagnostic.place().as_str(), diagnostic.what.as_str()),
                (*place, *what)
            );
            assert_eq!(diagnostic.severity, Severity::Error);
            assert!(diagnostic.hint.is_some());
        }
    }

    #[test]
    fn broken_and_duplicate_tables_are_errors() {
        for text in [
            "[a]\n[a]\n",
            "[a\n",
            "[a]\nname = \"",
            "a.b = 1\n",
            &"[a.".repeat(9_000),
            &"[a]\nphrases = ".repeat(3),
        ] {
            assert_eq!(
                read("topics.toml", text).unwrap_err().severity,
                Severity::Error,
                "{text}"
            );
        }
        let deep = format!("[a]\nphrases = {}", "[".repeat(50_000));
        assert!(read("topics.toml", &deep).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_written_reads_back(
            rows in prop::collection::btree_map(
                "\\PC{1,30}",
                ("\\PC{0,20}[a-z]", prop::option::of("[a-z]{1,8}"), prop::collection::vec("\\PC{0,20}[a-zé\"\\\\]", 0..4)),
                0..6,
            )
        ) {
            let mut seen = std::collections::BTreeSet::new();
            let definitions: Vec<_> = rows
                .into_iter()
                .filter_map(|(id, (name, kind, phrases))| Some(TopicDefinition { id: slug(&id)?, name, kind, phrases, ..TopicDefinition::default() }))
                .filter(|d| seen.insert(d.id.clone()))
                .filter(|d| d.phrases.iter().all(|p| p.chars().any(char::is_alphanumeric)))
                .collect();
            prop_assert_eq!(read("topics.toml", &write(&definitions)).unwrap(), definitions);
        }
    }
}
