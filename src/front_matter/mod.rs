//! Front matter on disk: YAML between `---` lines or TOML between `+++` lines, then Markdown.
//! Knows both formats and how articles are written; never what the fields mean.

mod seal;
mod untyped;
mod write;

pub(crate) use seal::{is_sealed, replace_raw, without_raw, without_written, write_sealed};
use serde::Deserialize as _;
pub(crate) use untyped::{UntypedFrontMatter, read_untyped};
pub(crate) use write::reads_back;

use crate::diagnostics::{Code, Diagnostic};
use crate::model::{Article, FrontMatter};

/// The format of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Yaml,
    Toml,
}

/// A text split into front matter and body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SplitText<'a> {
    pub format: Format,
    /// The lines between the delimiters.
    pub front: &'a str,
    /// The byte where `front` starts.
    pub front_at: usize,
    /// What follows the closing delimiter and the blank lines after it.
    pub body: &'a str,
    /// The byte where `body` starts.
    pub body_at: usize,
}

/// Splits a text at the delimiters of its front matter; `None` if it does not begin with a delimiter line
/// that has a closing one.
pub(crate) fn split(text: &str) -> Option<SplitText<'_>> {
    let bare = text.trim_start_matches('\u{feff}');
    let blank: usize = bare
        .split_inclusive('\n')
        .take_while(|line| line.trim().is_empty())
        .map(str::len)
        .sum();
    let start = text.len() - bare.len() + blank;
    let first = text[start..].lines().next()?;
    let (delimiter, format) = match first.trim_end() {
        "---" => ("---", Format::Yaml),
        "+++" => ("+++", Format::Toml),
        _ => return None,
    };
    let front_at = start + text[start..].find('\n')? + 1;
    let mut at = front_at;
    for line in text[front_at..].split_inclusive('\n') {
        let is_end = line.trim_end() == delimiter;
        // YAML ends a document with three dots, which pandoc takes for the end too.
        if is_end || format == Format::Yaml && line.trim_end() == "..." {
            let after = at + line.len();
            let blank: usize = text[after..]
                .split_inclusive('\n')
                .take_while(|l| l.trim().is_empty())
                .map(str::len)
                .sum();
            let body_at = after + blank;
            return Some(SplitText {
                format,
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
/// or at the first line if there is none.
pub(crate) fn read(path: &str, text: &str) -> Result<Article, Diagnostic> {
    let Some(parts) = split(text) else {
        return Err(Diagnostic::problem(
            Code::FrontMatterMissing,
            path,
            "the file has no front matter",
        )
        .at(text, 1, 1)
        .hint("begin it with a line `---`, then `title: …`, then a line `---`"));
    };
    Ok(Article {
        front: read_front(path, text, &parts)?,
        body: parts.body.to_owned(),
    })
}

/// Reads the front matter of a text that is already split.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_front(
    path: &str,
    text: &str,
    parts: &SplitText<'_>,
) -> Result<FrontMatter, Diagnostic> {
    match parts.format {
        Format::Yaml => read_yaml(path, text, parts),
        Format::Toml => read_toml(path, text, parts),
    }
}

fn read_yaml(path: &str, text: &str, parts: &SplitText<'_>) -> Result<FrontMatter, Diagnostic> {
    serde_saphyr::from_str_with_options(parts.front, options())
        .map_err(|error| yaml_diagnostic(path, text, parts, &error))
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        leading_zero_numbers_as_strings: true,
        strict_booleans: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    }
}

fn yaml_diagnostic(
    path: &str,
    text: &str,
    parts: &SplitText<'_>,
    error: &serde_saphyr::Error,
) -> Diagnostic {
    let what = format!("the front matter cannot be read: {}", yaml_message(error));
    let lines_before = text[..parts.front_at].lines().count();
    let (line, column) = error
        .location()
        .map_or((1, 1), |l| (l.line() as usize, l.column() as usize));
    Diagnostic::problem(Code::FrontMatterInvalid, path, what)
        .at(text, lines_before + line.max(1), column.max(1))
        .hint("put values with special characters in quotes, and indent lists alike")
}

/// The parser's message without its position, which counts from the first line of the front matter.
fn yaml_message(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let first = text.lines().next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    let first = match (first.strip_prefix("line "), first.split_once(": ")) {
        (Some(_), Some((_, rest))) => rest,
        _ => first,
    };
    // The rest repeats the place or is advice for programmers.
    let end = [" at line ", ", set "]
        .iter()
        .filter_map(|mark| first.find(mark))
        .min();
    first[..end.unwrap_or(first.len())].to_owned()
}

fn read_toml(path: &str, text: &str, parts: &SplitText<'_>) -> Result<FrontMatter, Diagnostic> {
    let table = read_toml_table(path, text, parts)?;
    FrontMatter::deserialize(serde_json::Value::Object(table))
        .map_err(|e| toml_diagnostic(path, text, parts, None, &e.to_string()))
}

fn read_toml_table(
    path: &str,
    text: &str,
    parts: &SplitText<'_>,
) -> Result<serde_json::Map<String, serde_json::Value>, Diagnostic> {
    let table: toml::Table = toml::from_str(parts.front)
        .map_err(|e| toml_diagnostic(path, text, parts, e.span(), e.message()))?;
    Ok(crate::model::json::json_map(table))
}

fn toml_diagnostic(
    path: &str,
    text: &str,
    parts: &SplitText<'_>,
    span: Option<std::ops::Range<usize>>,
    what: &str,
) -> Diagnostic {
    Diagnostic::problem(
        Code::FrontMatterInvalid,
        path,
        format!("the front matter cannot be read: {what}"),
    )
    .at_byte(text, parts.front_at + span.map_or(0, |s| s.start))
    .hint("values in TOML are quoted: `title = \"…\"`")
}

#[cfg(test)]
mod tests {
    use super::*;

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
