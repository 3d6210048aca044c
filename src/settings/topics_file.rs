//! `topics.toml`: a table for each topic, with its id as the key.
//! Knows the format of definitions; never where they are used.

use std::ops::Range;

use serde::Serialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostics::{Code, Diagnostic};
use crate::model::slug::{humanise, is_slug};

/// In bytes. A longer text is a paragraph rather than a phrase; the limit also bounds the matcher's memory.
const LONGEST_PHRASE: usize = 200;

/// The comment at the top of a new file, for the person who will edit it.
const OPENING: &str = "\
# The topics that readers browse by. This file is yours: a build never changes it,
# and `backfile topics discover` only adds to it.
#
# [open-data]                        the topic's address; keep it, so that links keep working
# name = \"Open data\"                 what readers see; optional
# kind = \"place\"                     the kind of topic; optional
# phrases = [\"open data\", \"ODI\"]     an article that uses these belongs to the topic
#
# A phrase in lowercase matches in any case; one with a capital only as it is written here, or all in capitals.
# A topic without phrases has the articles that name it (`topics:` in their front matter).
";

/// A topic as a person defines it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TopicDefinition {
    /// The key in the file: a slug, unique.
    pub id: String,
    /// What readers see. By default the id as words.
    pub name: String,
    /// A slug: `place`, `person` or one of the site's own.
    pub kind: Option<String>,
    /// The phrases to find in titles and bodies; may be empty.
    pub phrases: Vec<String>,
}

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
    table
        .get_ref()
        .iter()
        .map(|(key, value)| reader.definition(key, value))
        .collect()
}

/// Writes definitions as a file that a person can edit: [`read`] gives the same ones back.
pub fn write(definitions: &[TopicDefinition]) -> String {
    OPENING.to_owned() + &tables(definitions)
}

/// The tables of definitions without the comment at the top, to append to a file.
pub fn tables(definitions: &[TopicDefinition]) -> String {
    let mut text = String::new();
    for definition in definitions {
        let is_bare = definition
            .id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let key = if is_bare {
            definition.id.clone()
        } else {
            quote(&definition.id)
        };
        text.push_str(&format!("\n[{key}]\n"));
        if definition.name != humanise(&definition.id) {
            text.push_str(&format!("name = {}\n", quote(&definition.name)));
        }
        if let Some(kind) = &definition.kind {
            text.push_str(&format!("kind = {}\n", quote(kind)));
        }
        let phrases: Vec<_> = definition
            .phrases
            .iter()
            .map(|phrase| quote(phrase))
            .collect();
        text.push_str(&format!("phrases = [{}]\n", phrases.join(", ")));
    }
    text
}

/// A text as a TOML string.
fn quote(text: &str) -> String {
    let mut quoted = String::new();
    // Every text can be written in TOML, and writing to a String does not fail.
    let written = text.serialize(toml::ser::ValueSerializer::new(&mut quoted));
    debug_assert!(written.is_ok());
    quoted
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn error(&self, span: Range<usize>, what: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::TopicInvalid, self.path, what).at_byte(self.text, span.start)
    }

    fn definition(
        &self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<TopicDefinition, Diagnostic> {
        let id = key.get_ref().to_string();
        let Some(table) = value.get_ref().as_table() else {
            return Err(self
                .error(key.span(), format!("`{id}` is outside of a topic"))
                .hint(
                    "begin a topic with its id in brackets, `[open-data]`, and put its keys below",
                ));
        };
        if !is_slug(&id) {
            return Err(self
                .error(key.span(), format!("`{id}` cannot be the id of a topic"))
                .hint(
                    "an id has lowercase letters, digits and single hyphens, as in `open-data`",
                ));
        }
        let mut definition = TopicDefinition {
            name: humanise(&id),
            id,
            kind: None,
            phrases: Vec::new(),
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => definition.name = self.text_of("name", value)?.to_owned(),
                "kind" => definition.kind = Some(self.kind(value)?),
                "phrases" => definition.phrases = self.phrases(value)?,
                other => {
                    return Err(self
                        .error(key.span(), format!("a topic has no key `{other}`"))
                        .hint("the keys of a topic are `name`, `kind` and `phrases`"));
                }
            }
        }
        Ok(definition)
    }

    fn text_of<'v>(
        &self,
        key: &str,
        value: &'v Spanned<DeValue<'_>>,
    ) -> Result<&'v str, Diagnostic> {
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Ok(text),
            Some(_) => Err(self
                .error(value.span(), format!("`{key}` has an empty text"))
                .hint("write words between the quotes, or remove the quotes")),
            None => Err(self
                .error(
                    value.span(),
                    format!(
                        "`{key}` must be a text, found {}",
                        value.get_ref().type_str()
                    ),
                )
                .hint("put it in quotes")),
        }
    }

    fn kind(&self, value: &Spanned<DeValue<'_>>) -> Result<String, Diagnostic> {
        let kind = self.text_of("kind", value)?;
        if is_slug(kind) {
            return Ok(kind.to_owned());
        }
        Err(self
            .error(
                value.span(),
                format!("`{kind}` cannot be the kind of a topic"),
            )
            .hint("a kind has lowercase letters, digits and single hyphens, as in `place`"))
    }

    fn phrases(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Diagnostic> {
        let Some(phrases) = value.get_ref().as_array() else {
            return Err(self
                .error(
                    value.span(),
                    format!(
                        "`phrases` must be a list, found {}",
                        value.get_ref().type_str()
                    ),
                )
                .hint("write `phrases = [\"open data\", \"ODI\"]`"));
        };
        phrases.iter().map(|phrase| self.phrase(phrase)).collect()
    }

    fn phrase(&self, value: &Spanned<DeValue<'_>>) -> Result<String, Diagnostic> {
        let phrase = self.text_of("phrases", value)?;
        if phrase.len() > LONGEST_PHRASE {
            return Err(self
                .error(
                    value.span(),
                    format!("a phrase is longer than {LONGEST_PHRASE} bytes"),
                )
                .hint("articles are searched for the exact words: a shorter phrase finds more"));
        }
        if !phrase.chars().any(char::is_alphanumeric) {
            return Err(self
                .error(
                    value.span(),
                    format!("the phrase `{phrase}` has neither a letter nor a digit"),
                )
                .hint("a phrase is words that articles use"));
        }
        Ok(phrase.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostics::Severity;
    use crate::model::slug::slug;

    fn definition(id: &str, name: &str, kind: Option<&str>, phrases: &[&str]) -> TopicDefinition {
        TopicDefinition {
            id: id.to_owned(),
            name: name.to_owned(),
            kind: kind.map(str::to_owned),
            phrases: phrases.iter().map(|p| (*p).to_owned()).collect(),
        }
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

    #[test]
    fn errors_have_the_place_of_the_mistake() {
        for (text, place, what) in [
            (
                "[a]\nphrase = []\n",
                "topics.toml:2:1",
                "a topic has no key `phrase`",
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
        ] {
            let diagnostic = read("topics.toml", text).unwrap_err();
            assert_eq!(
                (diagnostic.place().as_str(), diagnostic.what.as_str()),
                (place, what)
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
                .filter_map(|(id, (name, kind, phrases))| Some(TopicDefinition { id: slug(&id)?, name, kind, phrases }))
                .filter(|d| seen.insert(d.id.clone()))
                .filter(|d| d.phrases.iter().all(|p| p.chars().any(char::is_alphanumeric)))
                .collect();
            prop_assert_eq!(read("topics.toml", &write(&definitions)).unwrap(), definitions);
        }
    }
}
