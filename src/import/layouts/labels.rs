//! A line that begins with a label, as in label blocks. Knows no field by name.

use serde_json::Value;

use super::fields::{Field, FieldNames};
use crate::model::publicity::{Publicity, SignReader};

/// The longest label, in bytes.
const MOST_BYTES: usize = 40;

/// A line that begins with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label<'a> {
    pub text: &'a str,
    /// `None` if the label is unknown.
    pub field: Option<Field>,
    /// The rest of the line, trimmed; may be empty.
    pub value: &'a str,
}

/// Reads a line as a label, a colon (perhaps after a space) and perhaps a value.
pub(crate) fn read<'a>(line: &'a str, fields: &FieldNames) -> Option<Label<'a>> {
    let colon = line
        .char_indices()
        .take(MOST_BYTES)
        .find(|(_, c)| *c == ':')?
        .0;
    let (text, value) = (line[..colon].trim(), line[colon + 1..].trim());
    let wordlike = text
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '_' | '.'));
    // `https:` is not a label.
    if text.is_empty()
        || !wordlike
        || text.split_whitespace().count() > 3
        || value.starts_with("//")
    {
        return None;
    }
    Some(Label {
        text,
        field: fields.field_of_label(text, value),
        value,
    })
}

/// A line that says that the text is not public: `Status: draft`. As a key and a value.
pub(crate) fn sign(line: &str) -> Option<(String, String)> {
    let label = read(line, &FieldNames::NONE)?;
    // `draft:: true` is a field of notes.
    let value = label.value.trim_start_matches(':').trim();
    let says = SignReader::default().read(label.text, &Value::from(value))?;
    let key = label.text.to_lowercase().replace([' ', '-', '.'], "_");
    (says == Publicity::HeldBack).then(|| (key, value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_in_labels_are_accepted() {
        for label in ["Author", "Auther :", "AUTHOR", "Authr", "Auhtor", "Authors"] {
            let line = format!("{} : Jane", label.trim_end_matches(" :"));
            assert_eq!(
                read(&line, &FieldNames::NONE).unwrap().field,
                Some(Field::Authors),
                "{label}"
            );
        }
        assert_eq!(
            read("Titlle: x", &FieldNames::NONE).unwrap().field,
            Some(Field::Title)
        );
        assert_eq!(
            read("Autor: x", &FieldNames::NONE).unwrap().field,
            Some(Field::Authors)
        );
    }

    #[test]
    fn prose_is_not_a_label() {
        for line in [
            "https://example.org",
            "He said: no",
            "At 11:47 it rained",
            "A b c d: e",
            "",
        ] {
            assert!(
                read(line, &FieldNames::NONE).is_none_or(|l| l.field.is_none()),
                "{line}"
            );
        }
        assert_eq!(read("Bye: Jane", &FieldNames::NONE).unwrap().field, None);
    }
}
