//! Markdown with YAML or TOML front matter, as other programs write it. The body is kept as written.

use super::listed::listed_names;
use super::{Layout, RawText, labels};
use crate::diagnostics::Diagnostic;
use crate::front_matter::{self, Format, SplitText, UntypedFrontMatter};
use crate::import::provenance::Disposition;
use crate::import::reading::{Body, Reading};
use crate::import::repair::{byline, dates, language};
use crate::model::front_matter_keys::{KEYS, KeyKind, KeySpec};
use crate::model::slug::humanise;

pub(crate) struct Markdown;

/// Lines at the beginning of a body that may say that it is not public.
const LINES_OF_SIGNS: usize = 8;

impl Layout for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn title(&self) -> &'static str {
        "Markdown"
    }

    /// Front matter with a key in it or empty, a text that begins with a heading of level 1, or a file that is named as Markdown is
    /// and begins with a rule.
    fn recognises(&self, raw: &RawText<'_>) -> bool {
        match front_matter_of(raw.text) {
            Some(parts) => !parts.front.trim().is_empty() || !parts.body.trim().is_empty(),
            None if is_markdown(raw.path) && begins_with_rule(raw.text) => raw
                .text
                .lines()
                .any(|line| line.contains(char::is_alphabetic)),
            None => {
                let mut lines = raw.text.trim_start().lines();
                lines.next().is_some_and(|line| line.starts_with("# "))
                    && lines.any(|line| !line.trim().is_empty())
            }
        }
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let mut reading = Reading {
            span: 0..raw.text.len(),
            ..raw.reading()
        };
        reading.account.verbatim = true;
        let mut body_at = 0;
        let above = comments_above(raw.text);
        if let Some(parts) = front_matter_of(raw.text) {
            let untyped =
                front_matter::read_untyped(&format!("raw/{}", raw.path), raw.text, &parts)?;
            body_at = parts.body_at;
            let front_end = parts.front_at + parts.front.len();
            reading.account.note(0..above, Disposition::Body);
            reading
                .account
                .note(above..parts.front_at, Disposition::Label);
            reading
                .account
                .note(parts.front_at..front_end, Disposition::Field);
            reading.account.note(front_end..body_at, Disposition::Label);
            set_fields(&mut reading, untyped);
        }
        let body = &raw.text[body_at..];
        // `status:: draft`, as notes have it, stays in the text.
        for (key, value) in body.lines().take(LINES_OF_SIGNS).filter_map(labels::sign) {
            reading.keep(key, value);
        }
        reading
            .account
            .note(body_at..raw.text.len(), Disposition::Body);
        // Comments above the front matter stay above the text.
        reading.body = Body::Markdown(match (body_at, raw.text[..above].trim()) {
            (0, _) | (_, "") => body.to_owned(),
            (_, comments) => format!("{comments}\n\n{body}"),
        });
        let front = &reading.front;
        if body.trim().is_empty() && front.summary.is_none() && reading.withdrawal().is_none() {
            let message = "the file has front matter, but no text, and is left out";
            return Ok(vec![raw.skipped(reading, message)]);
        }
        if reading.front.title.is_empty() {
            reading.front.title = heading(body).unwrap_or_else(|| title_from(raw.path));
            reading.infer("title");
        }
        if reading.front.date.is_none() {
            reading.front.date = dates::in_path(raw.path);
            if reading.front.date.is_some() {
                reading.infer("date");
            }
        }
        Ok(vec![reading])
    }
}

/// The heading of level 1 that a body begins with.
fn heading(body: &str) -> Option<String> {
    let first = body.trim_start().lines().next()?;
    let heading = first.strip_prefix("# ")?.trim().trim_end_matches('#');
    Some(heading.trim_end().to_owned())
}

fn title_from(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.split('.').next().unwrap_or(name);
    humanise(dates::without_date(name))
}

/// Whether a line of front matter is a key with a value.
fn has_key(line: &str, format: Format) -> bool {
    let sign = if format == Format::Yaml { ':' } else { '=' };
    let Some((key, _)) = line.split_once(sign) else {
        return false;
    };
    let key = key.trim().trim_matches(['"', '\'']);
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Maps the keys of other programs to our fields. Of several keys for one field, the first of [`KeySpec::names`] that
/// has a value is used, and the others are kept in `extra`; lists are joined.
fn set_fields(reading: &mut Reading, mut untyped: UntypedFrontMatter) {
    untyped.flatten("taxonomies");
    let front = &mut reading.front;
    let (mut found_date, mut precision) = (None, None);
    for key in KEYS {
        match key.kind {
            KeyKind::Required(_, field) => {
                *field(front) = first_text(&mut untyped, key).unwrap_or_default();
            }
            KeyKind::Text(_, field) => *field(front) = first_text(&mut untyped, key),
            KeyKind::List(_, field) => {
                let texts = key.names().flat_map(|name| untyped.take_list(name));
                *field(front) = texts.collect();
            }
            KeyKind::Date => {
                found_date = key.names().find_map(|name| {
                    let date = untyped.text(name).and_then(dates::read)?;
                    untyped.take_text(name);
                    Some(date)
                });
            }
            KeyKind::DatePrecision => precision = first_text(&mut untyped, key),
            // `HeldBack` reads them, for every layout.
            KeyKind::Draft | KeyKind::Withdrawn | KeyKind::Raw => {}
        }
    }
    let names = front.authors.iter().flat_map(|name| byline::names(name));
    front.authors = names.collect();
    if let Some(tag) = front.lang.as_deref().and_then(language::tag) {
        front.lang = Some(tag);
    }
    let topics = std::mem::take(&mut front.topics);
    front.topics = topics
        .iter()
        .flat_map(|topics| listed_names(topics))
        .map(str::to_owned)
        .collect();
    let mut seen = std::collections::HashSet::new();
    front.topics.retain(|topic| seen.insert(topic.clone()));
    front.extra = untyped.rest();
    if let Some(mut date) = found_date {
        date.date = date
            .date
            .with_precision(precision.as_deref().unwrap_or_default());
        super::plain_record::set_date(reading, date);
    }
}

fn first_text(untyped: &mut UntypedFrontMatter, key: &KeySpec) -> Option<String> {
    key.names().find_map(|name| untyped.take_text(name))
}

/// Whether a file is named as Markdown is.
fn is_markdown(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["md", "markdown", "mdown"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

fn begins_with_rule(text: &str) -> bool {
    text.lines()
        .next()
        .is_some_and(|line| line.trim_end() == "---")
}

/// The front matter of a text, if it has keys or is empty: a text may begin with a rule, too.
fn front_matter_of(text: &str) -> Option<SplitText<'_>> {
    let above = comments_above(text);
    let mut parts = front_matter::split(&text[above..])?;
    parts.front_at += above;
    parts.body_at += above;
    let mut lines = parts.front.lines();
    let is_one = parts.front.trim().is_empty() || lines.any(|line| has_key(line, parts.format));
    is_one.then_some(parts)
}

/// The bytes of the comments that a text begins with.
fn comments_above(text: &str) -> usize {
    let mut rest = text.trim_start_matches('\u{feff}');
    while let Some(inner) = rest.trim_start().strip_prefix("<!--") {
        match inner.find("-->") {
            Some(end) => rest = &inner[end + "-->".len()..],
            None => break,
        }
    }
    match rest.len() == text.trim_start_matches('\u{feff}').len() {
        true => 0,
        false => text.len() - rest.len(),
    }
}
