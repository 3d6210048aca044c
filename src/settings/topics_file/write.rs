//! Writes definitions as tables that a person can edit. Knows the format; never what is in the file already.

use serde::Serialize as _;

use crate::model::slug::humanise;
use crate::settings::topic_definition::{TextPart, TopicDefinition};

/// The comment at the top of a new file, for the person who will edit it.
const OPENING: &str = "\
# The topics that readers browse by. This file is yours: a build never changes it,
# and `backfile topics discover` only adds to it.
#
# [open-data]                        the topic's address; keep it, so that links keep working
# name = \"Open data\"                 what readers see; optional
# kind = \"place\"                     the kind of topic; optional
# phrases = [\"open data\", \"ODI\"]     an article that uses these belongs to the topic
# words = { rugby = 9, scrum = 6 }   so does one whose words reach `min` together
# parent = \"sport\"                   the broader topic
#
# A phrase in lowercase matches in any case; one with a capital only as it is written here, or all in capitals.
# A topic without phrases and words has the articles that name it (`topics:` in their front matter).
# `backfile topics explain ARTICLE` shows why an article has its topics; `backfile docs topics` lists every key.
";

/// Writes definitions as a file that a person can edit: [`super::read`] gives the same ones back.
pub fn write(definitions: &[TopicDefinition]) -> String {
    OPENING.to_owned() + &tables(definitions)
}

/// The tables of definitions without the comment at the top, to append to a file.
pub fn tables(definitions: &[TopicDefinition]) -> String {
    definitions.iter().map(table).collect()
}

fn table(definition: &TopicDefinition) -> String {
    let mut text = format!("\n[{}]\n", key(&definition.id));
    let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    if definition.name != humanise(&definition.id) {
        line("name", quote(&definition.name));
    }
    let texts = [
        ("kind", &definition.kind),
        ("parent", &definition.parent),
        ("description", &definition.description),
        ("merge_into", &definition.merge_into),
    ];
    for (key, value) in texts {
        if let Some(value) = value {
            line(key, quote(value));
        }
    }
    if definition.hide {
        line("hide", "true".to_owned());
    }
    let is_bare = definition.words.is_empty();
    let lists = [
        ("phrases", &definition.phrases, is_bare),
        ("any", &definition.any, false),
        ("all", &definition.all, false),
        ("not", &definition.not, false),
        ("same_as", &definition.same_as, false),
    ];
    for (key, values, is_always) in lists {
        if is_always || !values.is_empty() {
            line(key, list(values.iter().map(String::as_str)));
        }
    }
    if !definition.parts.is_empty() {
        line(
            "in",
            list(definition.parts.iter().map(|part| TextPart::name(*part))),
        );
    }
    if !is_bare {
        let words = definition.words.iter();
        let words: Vec<_> = words
            .map(|(word, weight)| format!("{} = {weight}", key(word)))
            .collect();
        line("words", format!("{{ {} }}", words.join(", ")));
    }
    for (key, number) in [("min", definition.min), ("near", definition.near)] {
        if let Some(number) = number {
            line(key, number.to_string());
        }
    }
    text
}

/// A text as a key: bare where TOML allows it.
fn key(text: &str) -> String {
    toml_edit::Key::new(text).to_string()
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", texts.map(quote).collect::<Vec<_>>().join(", "))
}

/// A text as a TOML string.
fn quote(text: &str) -> String {
    let mut quoted = String::new();
    // Every text can be written in TOML, and writing to a String does not fail.
    let written = text.serialize(toml::ser::ValueSerializer::new(&mut quoted));
    debug_assert!(written.is_ok());
    quoted
}
