//! Writing an article as Markdown with YAML front matter. Knows how texts are quoted; never what the fields mean.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::model::front_matter_keys::{KEYS, KeyKind, KeySpec};
use crate::model::{Article, Date, FrontMatter, RawReference};

/// Writes a whole Markdown file with YAML front matter, the keys in the order of [`KEYS`]; those of other programs
/// precede those of import. Reading the result gives an equal article.
pub(crate) fn write(article: &Article) -> String {
    let front = &article.front;
    let mut out = String::with_capacity(article.body.len() + 512);
    out.push_str("---\n");
    for key in KEYS {
        match key.kind {
            KeyKind::Required(get, _) => write_text(&mut out, key.name, get(front)),
            KeyKind::Text(get, _) => {
                if let Some(text) = get(front) {
                    let _ = writeln!(out, "{}: {}", key.name, scalar(text));
                }
            }
            KeyKind::List(get, _) => write_list(&mut out, key.name, get(front)),
            KeyKind::Date => {
                if let Some(date) = front.date {
                    let _ = writeln!(out, "date: {}", scalar(&date.in_full()));
                }
            }
            KeyKind::DatePrecision => {
                if let Some(known) = front.date.and_then(Date::precision) {
                    let _ = writeln!(out, "{}: {known}", key.name);
                }
            }
            KeyKind::Draft if front.draft => out.push_str("draft: true\n"),
            KeyKind::Draft => {}
            KeyKind::Withdrawn => match front.withdrawn.as_deref() {
                Some("") => out.push_str("withdrawn: true\n"),
                Some(reason) => {
                    let _ = writeln!(out, "withdrawn: {}", scalar(reason));
                }
                None => {}
            },
            KeyKind::Raw => {
                write_extra(&mut out, &front.extra);
                if let Some(raw) = &front.raw {
                    write_raw(&mut out, raw);
                }
            }
        }
    }
    out.push_str("---\n\n");
    out.push_str(&article.body);
    if !article.body.is_empty() && !article.body.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Whether a text that was written from an article gives that article when it is read.
pub(crate) fn reads_back(text: &str, article: &Article) -> bool {
    let Ok(read) = super::read("", text) else {
        return false;
    };
    read.body.trim() == article.body.trim()
        && read.front.extra.len() == article.front.extra.len()
        && KEYS
            .iter()
            .all(|key| is_equal(key, &read.front, &article.front))
}

/// Whether a key has the same value in two articles, without blanks around required texts, and blank texts in lists.
fn is_equal(key: &KeySpec, a: &FrontMatter, b: &FrontMatter) -> bool {
    let is_blank = |text: &&String| text.trim().is_empty();
    match key.kind {
        KeyKind::Required(get, _) => get(a).trim() == get(b).trim(),
        KeyKind::Text(get, _) => {
            let text = |front| get(front).as_deref().unwrap_or_default();
            text(a) == text(b)
        }
        KeyKind::List(get, _) => {
            let texts = |front| get(front).iter().filter(|text| !is_blank(text));
            texts(a).eq(texts(b))
        }
        KeyKind::Date | KeyKind::DatePrecision => a.date == b.date,
        KeyKind::Draft => a.draft == b.draft,
        KeyKind::Withdrawn => a.withdrawn == b.withdrawn,
        KeyKind::Raw => {
            let digest = |raw: &Option<RawReference>| raw.as_ref().map(|raw| raw.blake3.clone());
            digest(&a.raw) == digest(&b.raw)
        }
    }
}

/// The block of `raw`. Its last key, [`WRITTEN`], is the digest of the rest of the file.
pub(super) fn write_raw(out: &mut String, raw: &RawReference) {
    out.push_str("raw:\n");
    for (key, value) in [
        ("  path", &raw.path),
        ("  record", &raw.record),
        ("  blake3", &raw.blake3),
        ("  layout", &raw.layout),
    ] {
        write_text(out, key, value);
    }
    // Every YAML reader takes four numbers in a row for a text.
    if let Some(words) = raw.words {
        let _ = writeln!(out, "  words: {words}");
    }
    if let Some(sketch) = &raw.sketch {
        let _ = writeln!(out, "  sketch: \"{sketch}\"");
    }
    write_text(out, WRITTEN, &raw.written);
}

/// The key, with its indent, that holds the file's own digest.
pub(super) const WRITTEN: &str = "  written";

fn write_text(out: &mut String, key: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(out, "{key}: {}", scalar(value));
    }
}

fn write_list(out: &mut String, key: &str, values: &[String]) {
    if values.is_empty() {
        return;
    }
    let _ = writeln!(out, "{key}:");
    for value in values {
        let _ = writeln!(out, "  - {}", scalar(value));
    }
}

fn write_extra(out: &mut String, extra: &Map<String, Value>) {
    for (key, value) in extra {
        let _ = write!(out, "{}:", scalar(key));
        write_value(out, value, 1);
    }
}

fn write_value(out: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Null => out.push_str(" null\n"),
        Value::Bool(truth) => {
            let _ = writeln!(out, " {truth}");
        }
        Value::Number(number) => {
            let _ = writeln!(out, " {number}");
        }
        Value::String(text) => {
            let _ = writeln!(out, " {}", scalar(text));
        }
        Value::Array(items) if items.is_empty() => out.push_str(" []\n"),
        Value::Object(map) if map.is_empty() => out.push_str(" {}\n"),
        Value::Array(items) => {
            out.push('\n');
            for item in items {
                let _ = write!(out, "{indent}-");
                write_value(out, item, depth + 1);
            }
        }
        Value::Object(map) => {
            out.push('\n');
            for (key, value) in map {
                let _ = write!(out, "{indent}{}:", scalar(key));
                write_value(out, value, depth + 1);
            }
        }
    }
}

/// A YAML scalar that every parser reads as this text: plain if it cannot be read as anything else, else double-quoted.
/// ISO dates stay plain: our own reader types them.
fn scalar(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        text.into()
    } else {
        quoted(text).into()
    }
}

/// Whether the text needs no quotes: words with spaces and simple punctuation between them, and ISO dates.
fn is_plain(text: &str) -> bool {
    if text.parse::<Date>().is_ok() && text.len() > 4 && !text.contains(' ') {
        return true;
    }
    let safe_start = text.chars().next().is_some_and(char::is_alphabetic);
    let safe_end = text
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ')' | '!' | '?'));
    let inner = |c: char| {
        c.is_alphanumeric()
            || matches!(
                c,
                ' ' | '-' | '_' | '.' | ',' | '/' | '(' | ')' | '\'' | '’' | '!' | '?' | ';'
            )
    };
    let reserved = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf",
    ];
    safe_start
        && safe_end
        && text.chars().all(inner)
        && !reserved.contains(&text.to_lowercase().as_str())
        && text.len() > 1
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // Characters that YAML requires to be escaped, and those that terminals and editors do not show.
            c if c.is_control()
                || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}') =>
            {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::read;
    use super::*;

    proptest! {
        #[test]
        fn what_is_written_reads_back_equal(title in "\\PC*|[a-z:#\"'{}\\[\\]&*!|>%@`\\\\ \\n\\t]*", topic in "\\PC+", key in "[a-z]{3,9}x") {
            let front = FrontMatter { id: "7".into(), title: title.clone(), ..FrontMatter::default() };
            let mut given = Article { front, body: "A body.\n".into() };
            given.front.topics = vec![format!("t{topic}")];
            given.front.extra.insert(key, serde_json::json!({"a b": [title.clone(), null, 1, true, {"k": []}]}));
            let text = write(&given);
            prop_assert_eq!(read("a.md", &text).expect(&text), given);
        }
    }
}
