//! Markdown with YAML or TOML front matter, as other programs write it. The body stays as it is.

use super::{Layout, RawText};
use crate::diagnostics::Diagnostic;
use crate::front_matter::{self, OpenFront, Spelling};
use crate::import::provenance::Disposition;
use crate::import::reading::{Body, Reading};
use crate::import::repair::{byline, dates};

pub struct Markdown;

impl Layout for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    /// Front matter with a key in it, or a text that begins with a heading of level 1.
    fn recognises(&self, raw: &RawText<'_>) -> bool {
        match front_matter::split(raw.text) {
            Some(parts) => parts
                .front
                .lines()
                .any(|line| has_key(line, parts.spelling)),
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
        if let Some(parts) = front_matter::split(raw.text) {
            let open = front_matter::read_open(&format!("raw/{}", raw.path), raw.text, &parts)?;
            body_at = parts.body_at;
            let front_end = parts.front_at + parts.front.len();
            reading.account.note(0..parts.front_at, Disposition::Label);
            reading
                .account
                .note(parts.front_at..front_end, Disposition::Field);
            reading.account.note(front_end..body_at, Disposition::Label);
            map(&mut reading, open);
        }
        let body = &raw.text[body_at..];
        reading
            .account
            .note(body_at..raw.text.len(), Disposition::Body);
        reading.body = Body::Markdown(body.to_owned());
        if reading.front.title.is_empty() {
            let heading = body
                .trim_start()
                .lines()
                .next()
                .and_then(|line| line.strip_prefix("# "));
            let name = raw.path.rsplit('/').next().unwrap_or(raw.path);
            reading.front.title = match heading {
                Some(heading) => heading.trim().trim_end_matches('#').trim_end().to_owned(),
                None => {
                    let name = name.split('.').next().unwrap_or(name);
                    crate::model::slug::humanise(dates::without_date(name))
                }
            };
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

fn has_key(line: &str, spelling: Spelling) -> bool {
    let sign = if spelling == Spelling::Yaml { ':' } else { '=' };
    let Some((key, _)) = line.split_once(sign) else {
        return false;
    };
    let key = key.trim().trim_matches(['"', '\'']);
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Puts the keys of other programs into our fields. Where two keys name one field, the first in the order below has
/// it and the other stays in `extra`.
fn map(reading: &mut Reading, mut open: OpenFront) {
    open.spread("taxonomies");
    let mut text = |keys: &[&str]| keys.iter().find_map(|key| open.take_text(key));
    let front = &mut reading.front;
    front.id = text(&["id", "guid"]).unwrap_or_default();
    front.title = text(&["title", "headline"]).unwrap_or_default();
    front.place = text(&["place", "location"]);
    front.source = text(&["source", "publication"]);
    front.lang = text(&["lang", "language", "locale"]);
    front.summary = text(&["summary", "description", "excerpt"]);
    front.withdrawn = text(&["withdrawn"]);
    front.slug = text(&["slug"]);
    let date = ["date", "published", "pubDate", "pubdate", "created"]
        .iter()
        .find_map(|key| {
            let read = open.text(key).and_then(dates::read)?;
            open.take_text(key);
            Some(read)
        });
    if let Some(date) = date {
        super::text::set_date(reading, date);
    }
    let front = &mut reading.front;
    let mut list = |keys: &[&str]| {
        keys.iter()
            .flat_map(|key| open.take_list(key))
            .collect::<Vec<String>>()
    };
    front.authors = list(&["authors", "author", "byline"])
        .iter()
        .flat_map(|name| byline::names(name))
        .collect();
    front.topics = split_commas(list(&[
        "topics",
        "topic",
        "tags",
        "tag",
        "categories",
        "category",
        "keywords",
    ]));
    front.not_topics = list(&["not_topics"]);
    front.aliases = list(&["aliases", "alias", "redirect_from"]);
    front.removed = list(&["removed"]);
    front.inferred = list(&["inferred"]);
    front.draft = open.take_truth("draft") == Some(true) || open.truth("published") == Some(false);
    let mut seen = std::collections::HashSet::new();
    front.topics.retain(|topic| seen.insert(topic.clone()));
    front.extra = open.rest();
}

/// `a, b` in one text is two topics.
fn split_commas(names: Vec<String>) -> Vec<String> {
    let parts = names.iter().flat_map(|name| name.split(',')).map(str::trim);
    parts
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
