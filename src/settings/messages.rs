//! What is wrong with a settings file, in the words of a person: the TOML library speaks of Rust's types.

use crate::model::nearest::nearest;

/// What was found and what was expected, and what to do about it.
pub(super) struct Mistake {
    pub what: String,
    pub hint: Option<String>,
}

/// What the library's words mean. An unknown message stays as it is.
pub(super) fn mistake(message: &str) -> Mistake {
    let message = message
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    unknown_key(message)
        .or_else(|| wrong_type(message))
        .or_else(|| unknown_value(message))
        .or_else(|| missing_key(message))
        .unwrap_or_else(|| Mistake {
            what: message.to_owned(),
            hint: None,
        })
}

/// The parts of a message that are in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// unknown field `x`, expected one of `a`, `b`
fn unknown_key(message: &str) -> Option<Mistake> {
    let names = quoted(message.strip_prefix("unknown field ")?);
    let (written, known) = names.split_first()?;
    let hint = nearest(written, known.iter().copied());
    let hint = hint.map(|name| format!("did you mean `{name}`?"));
    Some(Mistake {
        what: format!("there is no key `{written}` here"),
        hint: hint.or_else(|| Some(format!("the keys here are {}", listed(known)))),
    })
}

/// unknown variant `x`, expected `a` or `b`
fn unknown_value(message: &str) -> Option<Mistake> {
    let names = quoted(message.strip_prefix("unknown variant ")?);
    let (written, known) = names.split_first()?;
    let hint = nearest(written, known.iter().copied());
    Some(Mistake {
        what: format!("`{written}` is not one of {}", listed(known)),
        hint: hint.map(|name| format!("did you mean `{name}`?")),
    })
}

/// missing field `x`
fn missing_key(message: &str) -> Option<Mistake> {
    let names = quoted(message.strip_prefix("missing field ")?);
    let name = names.first()?;
    Some(Mistake {
        what: format!("the key `{name}` is missing here"),
        hint: None,
    })
}

/// invalid type: integer `3`, expected a string
fn wrong_type(message: &str) -> Option<Mistake> {
    let rest = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    let expected = expected_words(expected);
    Some(Mistake {
        what: format!("this is {}, and {expected} is expected", found_words(found)),
        hint: example(expected).map(str::to_owned),
    })
}

fn found_words(found: &str) -> &'static str {
    let kind = found.split([' ', '`']).next().unwrap_or_default();
    match kind {
        "integer" | "floating" | "float" => "a number",
        "string" | "str" => "a text",
        "boolean" => "`true` or `false`",
        "sequence" => "a list",
        "map" | "table" => "a table",
        "datetime" => "a date",
        _ => "something else",
    }
}

fn expected_words(expected: &str) -> &'static str {
    match expected {
        "a string" | "a borrowed string" | "string" => "a text in quotes",
        "a boolean" => "`true` or `false`",
        "a sequence" => "a list",
        "struct MenuItem" => "an entry of a menu",
        _ if expected.starts_with('u') || expected.starts_with('i') || expected == "usize" => {
            "a whole number that is not negative"
        }
        _ if expected.starts_with("struct ") || expected == "a map" || expected == "a table" => {
            "a table"
        }
        _ if expected.contains("Names") => "a name, or a list of names",
        _ => "another kind of value",
    }
}

/// How the expected value is written.
fn example(expected: &str) -> Option<&'static str> {
    Some(match expected {
        "a text in quotes" => "write it as \"…\"",
        "a list" => "write it as [\"…\", \"…\"]",
        "an entry of a menu" => "write it as { name = \"About\", path = \"about.html\" }",
        "a table" => "write it as a table, below its name in brackets: [name]",
        _ => return None,
    })
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_speak_to_people() {
        for (message, what, hint) in [
            (
                "unknown field `titel`, expected one of `title`, `language`",
                "there is no key `titel` here",
                Some("did you mean `title`?"),
            ),
            (
                "invalid type: integer `3`, expected a string",
                "this is a number, and a text in quotes is expected",
                Some("write it as \"…\""),
            ),
            (
                "invalid type: string \"a, b\", expected a sequence",
                "this is a text, and a list is expected",
                Some("write it as [\"…\", \"…\"]"),
            ),
            (
                "invalid value: integer `-1`, expected u64",
                "this is a number, and a whole number that is not negative is expected",
                None,
            ),
            (
                "unknown variant `gzpi`, expected `gzip` or `brotli`",
                "`gzpi` is not one of `gzip`, `brotli`",
                Some("did you mean `gzip`?"),
            ),
            (
                "missing field `path`",
                "the key `path` is missing here",
                None,
            ),
            ("expected newline", "expected newline", None),
        ] {
            let found = mistake(message);
            assert_eq!(
                (found.what.as_str(), found.hint.as_deref()),
                (what, hint),
                "{message}"
            );
        }
    }
}
