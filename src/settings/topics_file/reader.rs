//! Reads one topic: its keys and their values, each with its place for diagnostics.
//! Knows one table; never whether another topic exists.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use crate::diagnostics::{Code, Diagnostic};
use crate::model::nearest::nearest;
use crate::model::slug::{humanise, is_slug};
use crate::settings::topic_definition::{TextPart, TopicDefinition};

/// In bytes. A longer text is a paragraph rather than a phrase; the limit also bounds the matcher's memory.
const LONGEST_PHRASE: usize = 200;
/// The most words of one topic.
const MOST_WORDS: usize = 2_000;
/// The largest weight of a word, and the smallest below zero.
const LARGEST_WEIGHT: i32 = 1_000;
/// The largest `min` and `near`.
const LARGEST_NUMBER: u32 = 10_000;

/// The keys of a topic.
const KEYS: &[&str] = &[
    "name",
    "kind",
    "phrases",
    "words",
    "min",
    "any",
    "all",
    "not",
    "in",
    "near",
    "parent",
    "description",
    "hide",
    "merge_into",
    "same_as",
];

type Value<'v> = Spanned<DeValue<'v>>;
type Key<'k> = Spanned<Cow<'k, str>>;

/// A file whose topics are read.
pub(super) struct Reader<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

impl Reader<'_> {
    pub(super) fn error(&self, span: Range<usize>, what: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::TopicInvalid, self.path, what).at_byte(self.text, span.start)
    }

    /// Reads a topic.
    pub(super) fn definition(
        &self,
        key: &Key<'_>,
        value: &Value<'_>,
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
            ..TopicDefinition::default()
        };
        for (key, value) in table {
            self.set(&mut definition, key, value)?;
        }
        if definition.near.is_some() && definition.any.is_empty() {
            return Err(self
                .error(key.span(), "`near` needs the phrases of `any`")
                .hint("write `any = [\"…\"]`: a phrase counts only near one of these"));
        }
        Ok(definition)
    }

    fn set(
        &self,
        topic: &mut TopicDefinition,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Result<(), Diagnostic> {
        match key.get_ref().as_ref() {
            "name" => topic.name = self.text_of("name", value)?.to_owned(),
            "kind" => topic.kind = Some(self.slug_of("kind", "place", value)?),
            "phrases" => topic.phrases = self.phrases("phrases", value)?,
            "words" => topic.words = self.words(value)?,
            "min" => topic.min = Some(self.number("min", value)?),
            "any" => topic.any = self.phrases("any", value)?,
            "all" => topic.all = self.phrases("all", value)?,
            "not" => topic.not = self.phrases("not", value)?,
            "in" => topic.parts = self.parts(value)?,
            "near" => topic.near = Some(self.number("near", value)?),
            "parent" => topic.parent = Some(self.slug_of("parent", "sport", value)?),
            "description" => {
                topic.description = Some(self.text_of("description", value)?.to_owned());
            }
            "hide" => topic.hide = self.boolean("hide", value)?,
            "merge_into" => topic.merge_into = Some(self.slug_of("merge_into", "sport", value)?),
            "same_as" => topic.same_as = self.addresses(value)?,
            other => {
                let near = nearest(other, KEYS.iter().copied());
                let hint = match near {
                    Some(near) => format!("write `{near}`"),
                    None => format!("the keys of a topic are `{}`", KEYS.join("`, `")),
                };
                return Err(self
                    .error(key.span(), format!("a topic has no key `{other}`"))
                    .hint(hint));
            }
        }
        Ok(())
    }

    fn text_of<'v>(&self, key: &str, value: &'v Value<'_>) -> Result<&'v str, Diagnostic> {
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Ok(text),
            Some(_) => Err(self
                .error(value.span(), format!("`{key}` has an empty text"))
                .hint("write words between the quotes, or remove the quotes")),
            None => Err(self
                .wrong_type(key, "a text", value)
                .hint("put it in quotes")),
        }
    }

    fn wrong_type(&self, key: &str, wanted: &str, value: &Value<'_>) -> Diagnostic {
        let found = value.get_ref().type_str();
        self.error(
            value.span(),
            format!("`{key}` must be {wanted}, found {found}"),
        )
    }

    /// A text that is a slug: a kind, or the id of another topic.
    fn slug_of(&self, key: &str, example: &str, value: &Value<'_>) -> Result<String, Diagnostic> {
        let text = self.text_of(key, value)?;
        if is_slug(text) {
            return Ok(text.to_owned());
        }
        let (what, noun) = match key {
            "kind" => ("the kind of a topic", "a kind"),
            _ => ("the id of a topic", "an id"),
        };
        Err(self
            .error(value.span(), format!("`{text}` cannot be {what}"))
            .hint(format!(
                "{noun} has lowercase letters, digits and single hyphens, as in `{example}`"
            )))
    }

    fn boolean(&self, key: &str, value: &Value<'_>) -> Result<bool, Diagnostic> {
        value.get_ref().as_bool().ok_or_else(|| {
            self.wrong_type(key, "true or false", value)
                .hint(format!("write `{key} = true`, or remove the line"))
        })
    }

    /// A number from 1 to [`LARGEST_NUMBER`].
    fn number(&self, key: &str, value: &Value<'_>) -> Result<u32, Diagnostic> {
        let number = self.integer(key, value)?;
        let number = u32::try_from(number).ok();
        number
            .filter(|number| (1..=LARGEST_NUMBER).contains(number))
            .ok_or_else(|| {
                self.error(
                    value.span(),
                    format!("`{key}` must be a number from 1 to {LARGEST_NUMBER}"),
                )
                .hint(format!("write `{key} = 10`"))
            })
    }

    fn integer(&self, key: &str, value: &Value<'_>) -> Result<i64, Diagnostic> {
        let Some(integer) = value.get_ref().as_integer() else {
            return Err(self
                .wrong_type(key, "a whole number", value)
                .hint("write digits, without quotes and without a decimal point"));
        };
        // Larger than every limit.
        Ok(i64::from_str_radix(integer.as_str(), integer.radix()).unwrap_or(i64::MAX))
    }

    /// The texts of a list, with their spans.
    fn list<'v, 'd>(
        &self,
        key: &str,
        example: &str,
        value: &'v Value<'d>,
    ) -> Result<impl Iterator<Item = &'v Value<'d>> + use<'v, 'd>, Diagnostic> {
        value
            .get_ref()
            .as_array()
            .map(|list| list.iter())
            .ok_or_else(|| {
                self.wrong_type(key, "a list", value)
                    .hint(format!("write `{key} = [{example}]`"))
            })
    }

    fn phrases(&self, key: &str, value: &Value<'_>) -> Result<Vec<String>, Diagnostic> {
        self.list(key, "\"open data\", \"ODI\"", value)?
            .map(|phrase| self.phrase(key, phrase))
            .collect()
    }

    fn phrase(&self, key: &str, value: &Value<'_>) -> Result<String, Diagnostic> {
        let phrase = self.text_of(key, value)?;
        self.check_phrase(phrase, value.span())?;
        Ok(phrase.to_owned())
    }

    fn check_phrase(&self, phrase: &str, span: Range<usize>) -> Result<(), Diagnostic> {
        if phrase.len() > LONGEST_PHRASE {
            return Err(self
                .error(
                    span,
                    format!("a phrase is longer than {LONGEST_PHRASE} bytes"),
                )
                .hint("articles are searched for the exact words: a shorter phrase finds more"));
        }
        if !phrase.chars().any(char::is_alphanumeric) {
            return Err(self
                .error(
                    span,
                    format!("the phrase `{phrase}` has neither a letter nor a digit"),
                )
                .hint("a phrase is words that articles use"));
        }
        Ok(())
    }

    fn words(&self, value: &Value<'_>) -> Result<Vec<(String, i32)>, Diagnostic> {
        let Some(table) = value.get_ref().as_table() else {
            return Err(self
                .wrong_type("words", "a table", value)
                .hint("write `words = { rugby = 9, \"try line\" = 6 }`"));
        };
        if table.len() > MOST_WORDS {
            return Err(self
                .error(
                    value.span(),
                    format!("`words` has more than {MOST_WORDS} words"),
                )
                .hint("keep those with the largest numbers"));
        }
        let word = |(key, weight): (&Key<'_>, &Value<'_>)| {
            let word = key.get_ref().to_string();
            self.check_phrase(&word, key.span())?;
            let number = self.integer(&word, weight)?;
            let number = i32::try_from(number).ok();
            let number = number.filter(|n| *n != 0 && n.abs() <= LARGEST_WEIGHT);
            let number = number.ok_or_else(|| {
                self.error(
                    weight.span(),
                    format!("`{word}` must be a number from 1 to {LARGEST_WEIGHT}, or below zero"),
                )
                .hint("the number is what the word adds to the strength of an article")
            })?;
            Ok((word, number))
        };
        table.iter().map(word).collect()
    }

    fn parts(&self, value: &Value<'_>) -> Result<Vec<TextPart>, Diagnostic> {
        let part = |value: &Value<'_>| {
            let written = self.text_of("in", value)?;
            let part = TextPart::ALL
                .into_iter()
                .find(|part| part.name() == written);
            part.ok_or_else(|| {
                self.error(
                    value.span(),
                    format!("`{written}` is not a part of an article"),
                )
                .hint("the parts are `title`, `lead` (the first paragraph) and `body` (all below the title)")
            })
        };
        if value.get_ref().is_str() {
            return Ok(vec![part(value)?]);
        }
        let mut parts: Vec<TextPart> = self
            .list("in", "\"title\", \"lead\"", value)?
            .map(part)
            .collect::<Result<_, _>>()?;
        parts.sort_unstable();
        parts.dedup();
        Ok(parts)
    }

    fn addresses(&self, value: &Value<'_>) -> Result<Vec<String>, Diagnostic> {
        let address = |value: &Value<'_>| {
            let text = self.text_of("same_as", value)?;
            let is_one = ["https://", "http://"]
                .iter()
                .any(|scheme| text.starts_with(scheme))
                && !text.contains(|c: char| c.is_whitespace() || c.is_control());
            match is_one {
                true => Ok(text.to_owned()),
                false => Err(self
                    .error(value.span(), format!("`{text}` is not an address"))
                    .hint("write one such as `https://www.wikidata.org/entity/Q5373`")),
            }
        };
        if value.get_ref().is_str() {
            return Ok(vec![address(value)?]);
        }
        self.list(
            "same_as",
            "\"https://www.wikidata.org/entity/Q5373\"",
            value,
        )?
        .map(address)
        .collect()
    }
}
