//! Labels of fields as archives write them, misspelt ones too.

pub use super::fields::{Field, FieldNames};

/// A body is everything that follows its label.
const KNOWN: &[(&str, Field)] = &[
    ("id", Field::Id),
    ("article id", Field::Id),
    ("record id", Field::Id),
    ("title", Field::Title),
    ("headline", Field::Title),
    ("date", Field::Date),
    ("published", Field::Date),
    ("publication date", Field::Date),
    ("posted", Field::Date),
    ("by", Field::Authors),
    ("byline", Field::Authors),
    ("author", Field::Authors),
    ("authors", Field::Authors),
    ("writer", Field::Authors),
    ("reporter", Field::Authors),
    ("source", Field::Source),
    ("agency", Field::Source),
    ("publisher", Field::Source),
    ("newspaper", Field::Source),
    ("url", Field::Url),
    ("link", Field::Url),
    ("tags", Field::Topics),
    ("topic", Field::Topics),
    ("topics", Field::Topics),
    ("keywords", Field::Topics),
    ("section", Field::Topics),
    ("category", Field::Topics),
    ("categories", Field::Topics),
    ("place", Field::Place),
    ("location", Field::Place),
    ("language", Field::Lang),
    ("summary", Field::Summary),
    ("abstract", Field::Summary),
    ("body", Field::Body),
    ("text", Field::Body),
    ("content", Field::Body),
];

/// The longest label, in bytes.
const MOST_BYTES: usize = 40;

/// A line that begins with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label<'a> {
    pub text: &'a str,
    /// None where no known label is near.
    pub field: Option<Field>,
    /// The rest of the line, trimmed; may be empty.
    pub value: &'a str,
}

/// Reads a line as a label, a colon (perhaps after a blank) and perhaps a value.
pub fn read<'a>(line: &'a str, fields: &FieldNames) -> Option<Label<'a>> {
    let colon = line
        .char_indices()
        .take(MOST_BYTES)
        .find(|(_, c)| *c == ':')?
        .0;
    let (text, value) = (line[..colon].trim(), line[colon + 1..].trim());
    let wordlike = text
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '_' | '.'));
    // `https:` is no label.
    if text.is_empty()
        || !wordlike
        || text.split_whitespace().count() > 3
        || value.starts_with("//")
    {
        return None;
    }
    Some(Label {
        text,
        field: fields.get(text).map(|(f, _)| f).or_else(|| field(text)),
        value,
    })
}

/// The field that a label names, allowing for a slip of the keyboard in longer ones; not in that of the body, for all
/// that follows would be taken by `Context:`.
fn field(label: &str) -> Option<Field> {
    let label = label.to_lowercase();
    let exact = KNOWN.iter().find(|(known, _)| *known == label);
    let near = || {
        KNOWN
            .iter()
            .filter(|(_, field)| *field != Field::Body)
            .find(|(known, _)| known.len() >= 4 && is_near(known, &label))
    };
    exact.or_else(near).map(|(_, field)| *field)
}

/// Whether two words differ by one letter that was changed, added, left out, or exchanged with its neighbour.
fn is_near(known: &str, written: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (known.chars().collect(), written.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let same_end = a[same_start..]
        .iter()
        .rev()
        .zip(b[same_start..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (left_a, left_b) = (
        &a[same_start..a.len() - same_end],
        &b[same_start..b.len() - same_end],
    );
    match (left_a, left_b) {
        ([] | [_], [] | [_]) => true,
        ([x, y], [v, w]) => x == w && y == v,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_keyboard_are_forgiven() {
        for label in ["Author", "Auther :", "AUTHOR", "Authr", "Auhtor", "Authors"] {
            let line = format!("{} : Jane", label.trim_end_matches(" :"));
            assert_eq!(
                read(&line, &FieldNames::NONE).unwrap().field,
                Some(Field::Authors),
                "{label}"
            );
        }
        assert_eq!(
            read("Titel: x", &FieldNames::NONE).unwrap().field,
            Some(Field::Title)
        );
    }

    #[test]
    fn prose_is_no_label() {
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
