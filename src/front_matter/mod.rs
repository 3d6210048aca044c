//! Front matter on disk: YAML between `---` lines or TOML between `+++` lines, then Markdown.
//! Knows both spellings and how to write ours; never knows what the fields mean.

mod open;
mod plain;

use std::fmt::Write as _;

pub use open::{OpenFront, read_open};
use serde::Deserialize as _;

use crate::diagnostics::{Code, Diagnostic};
use crate::model::{Article, FrontMatter, RawReference};

/// How front matter is spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    Yaml,
    Toml,
}

/// A text cut in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    pub spelling: Spelling,
    /// Between the marks.
    pub front: &'a str,
    /// The byte where `front` starts.
    pub front_at: usize,
    /// After the closing mark's line and the blank lines that follow it.
    pub body: &'a str,
    /// The byte where `body` starts.
    pub body_at: usize,
}

/// Cuts a text at the marks of its front matter; None where it does not begin with an opening mark
/// that is closed further on.
pub fn split(text: &str) -> Option<Parts<'_>> {
    let start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let first = text[start..].lines().next()?;
    let (mark, spelling) = match first.trim_end() {
        "---" => ("---", Spelling::Yaml),
        "+++" => ("+++", Spelling::Toml),
        _ => return None,
    };
    let front_at = start + text[start..].find('\n')? + 1;
    let mut at = front_at;
    for line in text[front_at..].split_inclusive('\n') {
        if line.starts_with(mark) && line.trim_end() == mark {
            let after = at + line.len();
            let blank: usize = text[after..]
                .split_inclusive('\n')
                .take_while(|l| l.trim().is_empty())
                .map(str::len)
                .sum();
            let body_at = after + blank;
            return Some(Parts {
                spelling,
                front: &text[front_at..at],
                front_at,
                body: &text[body_at..],
                body_at,
            });
        }
        at += line.len();
    }
    None
}

/// Reads a whole Markdown file. `path` is only for diagnostics.
///
/// # Errors
/// A problem that points at the line and column where the front matter cannot be read,
/// or at the first line where there is none.
pub fn read(path: &str, text: &str) -> Result<Article, Diagnostic> {
    let Some(parts) = split(text) else {
        return Err(
            Diagnostic::problem(Code::Unclassified, path, "the file has no front matter")
                .at(text, 1, 1)
                .hint("begin it with a line `---`, then `title: …`, then a line `---`"),
        );
    };
    Ok(Article {
        front: read_front(path, text, &parts)?,
        body: parts.body.to_owned(),
    })
}

/// Reads the front matter alone, of a text already cut.
///
/// # Errors
/// As [`read`].
pub fn read_front(path: &str, text: &str, parts: &Parts<'_>) -> Result<FrontMatter, Diagnostic> {
    match parts.spelling {
        Spelling::Yaml => read_yaml(path, text, parts),
        Spelling::Toml => read_toml(path, text, parts),
    }
}

fn read_yaml(path: &str, text: &str, parts: &Parts<'_>) -> Result<FrontMatter, Diagnostic> {
    if let Some(front) = plain::read(parts.front) {
        return Ok(front);
    }
    serde_saphyr::from_str_with_options(parts.front, options())
        .map_err(|error| yaml_diagnostic(path, text, parts, &error))
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    }
}

fn yaml_diagnostic(
    path: &str,
    text: &str,
    parts: &Parts<'_>,
    error: &serde_saphyr::Error,
) -> Diagnostic {
    let what = format!("the front matter cannot be read: {}", yaml_words(error));
    let lines_before = text[..parts.front_at].lines().count();
    let (line, column) = error
        .location()
        .map_or((1, 1), |l| (l.line() as usize, l.column() as usize));
    Diagnostic::problem(Code::Unclassified, path, what)
        .at(text, lines_before + line.max(1), column.max(1))
        .hint("put values with special characters in quotes, and indent lists alike")
}

/// The parser's message without its own place, which is counted from the front matter's first line.
fn yaml_words(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let first = text.lines().next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    let first = match (first.strip_prefix("line "), first.split_once(": ")) {
        (Some(_), Some((_, rest))) => rest,
        _ => first,
    };
    // What follows is where, which is said already, or speaks to programmers.
    let end = [" at line ", ", set "]
        .iter()
        .filter_map(|mark| first.find(mark))
        .min();
    first[..end.unwrap_or(first.len())].to_owned()
}

fn read_toml(path: &str, text: &str, parts: &Parts<'_>) -> Result<FrontMatter, Diagnostic> {
    let table = read_toml_table(path, text, parts)?;
    FrontMatter::deserialize(serde_json::Value::Object(table))
        .map_err(|e| toml_diagnostic(path, text, parts, None, &e.to_string()))
}

fn read_toml_table(
    path: &str,
    text: &str,
    parts: &Parts<'_>,
) -> Result<serde_json::Map<String, serde_json::Value>, Diagnostic> {
    let table: toml::Table = toml::from_str(parts.front)
        .map_err(|e| toml_diagnostic(path, text, parts, e.span(), e.message()))?;
    Ok(crate::model::json::json_map(table))
}

fn toml_diagnostic(
    path: &str,
    text: &str,
    parts: &Parts<'_>,
    span: Option<std::ops::Range<usize>>,
    what: &str,
) -> Diagnostic {
    Diagnostic::problem(
        Code::Unclassified,
        path,
        format!("the front matter cannot be read: {what}"),
    )
    .at_byte(text, parts.front_at + span.map_or(0, |s| s.start))
    .hint("values in TOML are quoted: `title = \"…\"`")
}

/// Writes a whole Markdown file with YAML front matter, the known keys in the design's order.
///
/// Same in, same out: reading the result gives an equal article.
pub fn write(article: &Article) -> String {
    let front = &article.front;
    let mut out = String::with_capacity(article.body.len() + 512);
    out.push_str("---\n");
    key_text(&mut out, "id", &front.id);
    key_text(&mut out, "title", &front.title);
    if let Some(date) = front.date {
        let _ = writeln!(out, "date: {}", scalar(&date.to_string()));
    }
    key_option(&mut out, "slug", front.slug.as_deref());
    key_list(&mut out, "authors", &front.authors);
    key_option(&mut out, "place", front.place.as_deref());
    key_option(&mut out, "source", front.source.as_deref());
    key_option(&mut out, "lang", front.lang.as_deref());
    key_option(&mut out, "summary", front.summary.as_deref());
    key_list(&mut out, "topics", &front.topics);
    key_list(&mut out, "not_topics", &front.not_topics);
    key_list(&mut out, "aliases", &front.aliases);
    if front.draft {
        out.push_str("draft: true\n");
    }
    key_option(&mut out, "withdrawn", front.withdrawn.as_deref());
    for (key, value) in &front.extra {
        let _ = write!(out, "{}:", scalar(key));
        yaml_value(&mut out, value, 1);
    }
    if let Some(raw) = &front.raw {
        write_raw(&mut out, raw);
    }
    key_list(&mut out, "removed", &front.removed);
    key_list(&mut out, "repaired", &front.repaired);
    key_list(&mut out, "inferred", &front.inferred);
    out.push_str("---\n\n");
    out.push_str(&article.body);
    if !article.body.is_empty() && !article.body.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Keys of our own, which nobody else's value may stand under.
const OWN_KEYS: &[&str] = &[
    "id",
    "title",
    "date",
    "slug",
    "authors",
    "place",
    "source",
    "lang",
    "summary",
    "topics",
    "not_topics",
    "aliases",
    "draft",
    "withdrawn",
    "raw",
    "removed",
    "repaired",
    "inferred",
];

/// Other programs' keys that are named as ours get another name, as `date_text`, so that every value is kept.
pub fn with_free_keys(
    extra: serde_json::Map<String, serde_json::Value>,
) -> serde_json::Map<String, serde_json::Value> {
    let mut free = serde_json::Map::new();
    for (key, value) in extra {
        let mut name = match OWN_KEYS.contains(&key.as_str()) || key.is_empty() {
            true => format!("{key}_text"),
            false => key,
        };
        while free.contains_key(&name) {
            name.push_str("_text");
        }
        free.insert(name, value);
    }
    free
}

/// Whether a text that was written from an article gives that article when it is read.
pub fn reads_back(text: &str, article: &Article) -> bool {
    let Ok(read) = self::read("", text) else {
        return false;
    };
    let (a, b) = (&read.front, &article.front);
    let digest = |front: &FrontMatter| front.raw.as_ref().map(|raw| raw.blake3.clone());
    digest(a) == digest(b)
        && read.body.trim() == article.body.trim()
        && (a.id.trim(), a.title.trim(), a.date, &a.slug)
            == (b.id.trim(), b.title.trim(), b.date, &b.slug)
        && (a.topics.len(), a.removed.len(), a.extra.len())
            == (b.topics.len(), b.removed.len(), b.extra.len())
        && a.draft == b.draft
        && a.withdrawn.is_some() == b.withdrawn.is_some()
}

fn write_raw(out: &mut String, raw: &RawReference) {
    out.push_str("raw:\n");
    for (key, value) in [
        ("  path", &raw.path),
        ("  record", &raw.record),
        ("  blake3", &raw.blake3),
        ("  layout", &raw.layout),
    ] {
        key_text(out, key, value);
    }
    // Four numbers are a text to every reader of YAML.
    if let Some(words) = raw.words {
        let _ = writeln!(out, "  words: {words}");
    }
    if let Some(sketch) = &raw.sketch {
        let _ = writeln!(out, "  sketch: \"{sketch}\"");
    }
    key_text(out, WRITTEN, &raw.written);
}

/// The key, with its indent, that holds the file's own digest.
const WRITTEN: &str = "  written";

/// The text without the line of its own digest, which that digest is taken over.
pub fn without_written(text: &str) -> String {
    let is_written = |line: &str| {
        line.strip_prefix(WRITTEN)
            .is_some_and(|rest| rest.starts_with(':'))
    };
    let end = split(text).map_or(0, |parts| parts.body_at);
    let front: String = text[..end]
        .split_inclusive('\n')
        .filter(|line| !is_written(line))
        .collect();
    front + &text[end..]
}

/// Writes the file with `raw.written` set to the digest of all the rest.
pub fn write_sealed(mut article: Article) -> String {
    if let Some(raw) = &mut article.front.raw {
        raw.written.clear();
    }
    let bare = write(&article);
    if let Some(raw) = &mut article.front.raw {
        raw.written = blake3::hash(bare.as_bytes()).to_hex().to_string();
    }
    write(&article)
}

/// Replaces the lines of the `raw` block in front matter that a person may have edited; every other line stays.
pub fn replace_raw(front: &str, raw: &RawReference) -> String {
    let mut out = String::with_capacity(front.len() + 64);
    let mut inside = false;
    for line in front.split_inclusive('\n') {
        let is_head = line.trim_end() == "raw:";
        if inside && line.starts_with(' ') {
            continue;
        }
        inside = is_head;
        match is_head {
            true => write_raw(&mut out, raw),
            false => out.push_str(line),
        }
    }
    out
}

/// Whether the file is still as import wrote it.
pub fn is_sealed(text: &str, written: &str) -> bool {
    blake3::hash(without_written(text).as_bytes())
        .to_hex()
        .as_str()
        == written
}

fn key_text(out: &mut String, key: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(out, "{key}: {}", scalar(value));
    }
}

fn key_option(out: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = writeln!(out, "{key}: {}", scalar(value));
    }
}

fn key_list(out: &mut String, key: &str, values: &[String]) {
    if values.is_empty() {
        return;
    }
    let _ = writeln!(out, "{key}:");
    for value in values {
        let _ = writeln!(out, "  - {}", scalar(value));
    }
}

fn yaml_value(out: &mut String, value: &serde_json::Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        serde_json::Value::Null => out.push_str(" null\n"),
        serde_json::Value::Bool(truth) => {
            let _ = writeln!(out, " {truth}");
        }
        serde_json::Value::Number(number) => {
            let _ = writeln!(out, " {number}");
        }
        serde_json::Value::String(text) => {
            let _ = writeln!(out, " {}", scalar(text));
        }
        serde_json::Value::Array(items) if items.is_empty() => out.push_str(" []\n"),
        serde_json::Value::Object(map) if map.is_empty() => out.push_str(" {}\n"),
        serde_json::Value::Array(items) => {
            out.push('\n');
            for item in items {
                let _ = write!(out, "{indent}-");
                yaml_value(out, item, depth + 1);
            }
        }
        serde_json::Value::Object(map) => {
            out.push('\n');
            for (key, value) in map {
                let _ = write!(out, "{indent}{}:", scalar(key));
                yaml_value(out, value, depth + 1);
            }
        }
    }
}

/// A YAML scalar that every parser reads as this text: plain where nothing else is possible, else double-quoted.
///
/// Dates of the design's form stay plain as the design shows them; our own reader types them as text.
fn scalar(text: &str) -> std::borrow::Cow<'_, str> {
    if is_plain(text) {
        text.into()
    } else {
        quoted(text).into()
    }
}

/// Words of letters with spaces, hyphens and the like between them, and ISO dates.
fn is_plain(text: &str) -> bool {
    if text.parse::<crate::model::Date>().is_ok() && text.len() > 4 && !text.contains(' ') {
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
    // A number in disguise (`e5`, `Infinity`) begins with a letter too; quoting those costs nothing.
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
            // What YAML does not allow to stand unescaped, and what a terminal or editor would hide.
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

    use super::*;

    fn article(title: &str, body: &str) -> Article {
        let front = FrontMatter {
            id: "7".into(),
            title: title.into(),
            ..FrontMatter::default()
        };
        Article {
            front,
            body: body.into(),
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_equal(title in "\\PC*|[a-z:#\"'{}\\[\\]&*!|>%@`\\\\ \\n\\t]*", topic in "\\PC+", key in "[a-z]{3,9}x") {
            let mut given = article(&title, "A body.\n");
            given.front.topics = vec![format!("t{topic}")];
            given.front.extra.insert(key, serde_json::json!({"a b": [title.clone(), null, 1, true, {"k": []}]}));
            let text = write(&given);
            prop_assert_eq!(read("a.md", &text).expect(&text), given);
        }
    }

    #[test]
    fn a_seal_holds_until_a_person_edits() {
        let mut given = article("One", "Text.\n");
        given.front.raw = Some(RawReference {
            path: "a.txt".into(),
            ..RawReference::default()
        });
        let text = write_sealed(given);
        let written = read("a.md", &text).unwrap().front.raw.unwrap().written;
        assert!(is_sealed(&text, &written));
        assert!(!is_sealed(&text.replace("Text.", "Text!"), &written));
    }

    #[test]
    fn known_keys_keep_their_text_whatever_yaml_would_make_of_it() {
        let text = "---\nid: 012\ntitle: no\nauthors: [1.10]\ntopics: [on, 2014]\ndate: 2021-07-13\n---\nBody";
        let front = read("a.md", text).unwrap().front;
        assert_eq!((front.id.as_str(), front.title.as_str()), ("012", "no"));
        assert_eq!(front.authors, ["1.10"]);
        assert_eq!(front.topics, ["on", "2014"]);
    }

    #[test]
    fn toml_front_matter_reads_alike() {
        let text = "+++\ntitle = \"One\"\ndate = 2021-07-13\nextra_key = [1, 2]\n+++\n\nBody";
        let article = read("a.md", text).unwrap();
        assert_eq!(article.front.date.unwrap().to_string(), "2021-07-13");
        assert_eq!(article.front.extra["extra_key"], serde_json::json!([1, 2]));
        assert_eq!(article.body, "Body");
    }

    #[test]
    fn an_error_points_at_its_line() {
        let diagnostic = read("a.md", "---\ntitle: One\ndate: soon\n---\n").unwrap_err();
        assert_eq!(diagnostic.line, 3);
        assert!(
            diagnostic.what.contains("`soon` is not a date"),
            "{}",
            diagnostic.what
        );
    }
}
