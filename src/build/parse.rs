//! parse: a Markdown file → an [`Entry`] or a [`StandalonePage`]. One file at a time; never sees another.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::markdown;
use super::summary;
use crate::cache;
use crate::diagnostics::{Code, Diagnostic};
use crate::files::Source;
use crate::front_matter;
use crate::import::existing;
use crate::model::ImportState;
use crate::model::card::{ArticleDetails, BodyLink, Extra, Mention, StandalonePage};
use crate::model::digest::{Digest, digest};
use crate::model::front_matter_keys::KEYS;
use crate::model::library::{Found, alias_path};
use crate::model::slug::slug;
use crate::model::{Article, Entry, FrontMatter, Stamp};
use crate::topics::Matcher;

/// The largest file of `content/` that is read, in bytes: above it lies no article but an accident.
const MAX_BYTES: u64 = 5_000_000;

/// What a file of `content/` holds.
#[derive(Debug, Default, Serialize, Deserialize)]
pub enum Held {
    Article(Box<Entry>),
    Page(Box<StandalonePage>),
    /// Not Markdown.
    File(Stamp),
    /// Nothing that is published: a draft, or what cannot be read.
    #[default]
    Nothing,
}

/// What came of reading a file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    pub held: Held,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it says `draft: true`.
    pub is_draft: bool,
    /// Whether a person changed the article since it was imported.
    pub is_edited: bool,
    /// What import has to know of an article that is not published.
    unpublished: Option<Box<ImportState>>,
}

impl Outcome {
    fn problem(diagnostic: &Diagnostic) -> Self {
        Self {
            diagnostics: vec![diagnostic.clone()],
            ..Self::default()
        }
    }

    /// What import has to know of the file.
    pub fn import_state(&self) -> ImportState {
        match &self.held {
            Held::Article(entry) => ImportState {
                id: entry.id.clone(),
                slug: Some(entry.slug.clone()),
                aliases: entry.own.aliases.clone(),
                raw: entry.own.raw.clone(),
                is_edited: self.is_edited,
            },
            _ => self.unpublished.as_deref().cloned().unwrap_or_default(),
        }
    }

    /// What the Library is told.
    pub fn found(self) -> Found {
        match self.held {
            Held::Article(mut entry) => {
                // Only import compares sketches; a Library of a million articles does without.
                if let Some(raw) = &mut entry.own.raw {
                    raw.sketch = None;
                }
                Found::Article(entry)
            }
            Held::Page(page) => Found::Page(page),
            Held::File(stamp) => Found::File(stamp),
            Held::Nothing => Found::Removed,
        }
    }
}

/// Reads a file: the digest of its bytes, and what came of it. One that cannot be read becomes a diagnostic.
pub fn parse(source: &Source, matcher: &Matcher) -> (Digest, Outcome) {
    if !is_markdown(&source.file) && source.path.ends_with(&source.file) {
        let digest = digest_of_file(&source.stamp);
        let held = Held::File(source.stamp);
        return (
            digest,
            Outcome {
                held,
                ..Outcome::default()
            },
        );
    }
    let shown = format!("content/{}", source.file);
    if !source.path.ends_with(&source.file) {
        let what = "the file's name is not UTF-8";
        let diagnostic = Diagnostic::problem(Code::Unclassified, shown, what).hint("rename it");
        return (Digest::default(), Outcome::problem(&diagnostic));
    }
    match read_text(source, &shown) {
        Ok(text) => (
            digest(text.as_bytes()),
            parse_text(&source.file, &shown, &text, matcher),
        ),
        Err(diagnostic) => (Digest::default(), Outcome::problem(&diagnostic)),
    }
}

/// What stands for the bytes of a file that is no Markdown, which nobody reads before it is copied.
pub fn digest_of_file(stamp: &Stamp) -> Digest {
    digest(&cache::encode(stamp))
}

fn is_markdown(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown")
}

fn read_text(source: &Source, shown: &str) -> Result<String, Diagnostic> {
    if source.stamp.size > MAX_BYTES {
        return Err(Diagnostic::problem(
            Code::Unclassified,
            shown,
            format!(
                "the file has {} MB; the most is {} MB",
                source.stamp.size / 1_000_000,
                MAX_BYTES / 1_000_000
            ),
        )
        .hint("an article is a file of its own"));
    }
    let bytes = std::fs::read(&source.path).map_err(|e| Diagnostic::unreadable(shown, &e))?;
    String::from_utf8(bytes).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(e.as_bytes()).into_owned();
        Diagnostic::problem(Code::Unclassified, shown, "the file is not UTF-8 text")
            .at_byte(&text, valid)
            .hint("save it as UTF-8, or put it into `raw/`")
    })
}

fn parse_text(file: &str, shown: &str, text: &str, matcher: &Matcher) -> Outcome {
    let is_article = file.starts_with("articles/");
    let article = match front_matter::read(shown, text) {
        Ok(article) => article,
        // A hand-written page needs no front matter where it begins with its title.
        Err(_) if !is_article && text.trim_start().starts_with("# ") => Article {
            body: text.to_owned(),
            ..Article::default()
        },
        Err(diagnostic) => {
            return Outcome {
                unpublished: existing::of_broken(text).map(Box::new),
                ..Outcome::problem(&diagnostic)
            };
        }
    };
    let raw = article.front.raw.as_ref();
    let is_edited = raw.is_some_and(|raw| !front_matter::is_sealed(text, &raw.written));
    if article.front.draft {
        return Outcome {
            is_draft: true,
            is_edited,
            unpublished: Some(Box::new(ImportState::of(article.front, is_edited))),
            ..Outcome::default()
        };
    }
    let body_line = text[..text.len() - article.body.len().min(text.len())]
        .bytes()
        .filter(|b| *b == b'\n')
        .count();
    let is_article = is_article || article.front.raw.is_some();
    let mut diagnostics = Vec::new();
    let held = match is_article {
        true => Held::Article(Box::new(entry(
            file,
            shown,
            article,
            body_line,
            matcher,
            &mut diagnostics,
        ))),
        false => Held::Page(Box::new(hand_page(
            file,
            shown,
            article,
            body_line,
            &mut diagnostics,
        ))),
    };
    Outcome {
        held,
        diagnostics: diagnostics.iter().cloned().collect(),
        is_edited,
        ..Outcome::default()
    }
}

fn entry(
    file: &str,
    shown: &str,
    article: Article,
    body_line: usize,
    matcher: &Matcher,
    diagnostics: &mut Vec<Diagnostic>,
) -> Entry {
    let Article { mut front, body } = article;
    if front.title.trim().is_empty() {
        diagnostics.push(
            Diagnostic::problem(Code::Unclassified, shown, "the article has no title")
                .hint("add a line `title: …` to its front matter"),
        );
        front.title = name_of(file).to_owned();
    }
    let id: Box<str> = match front.id.trim() {
        "" => blake3::hash(file.as_bytes()).to_hex()[..12].into(),
        id => id.into(),
    };
    let slug = front
        .slug
        .as_deref()
        .and_then(slug)
        .or_else(|| slug(&front.title))
        .or_else(|| slug(&id));
    let mentions = mentions(
        &front.title,
        &body,
        &front.topics,
        &front.not_topics,
        matcher,
    );
    let summary = front
        .summary
        .take()
        .filter(|s| !s.trim().is_empty())
        .unwrap_or_else(|| summary::of(&body));
    let keys = template_keys(&front);
    Entry {
        file: file.into(),
        slug: slug
            .unwrap_or_else(|| blake3::hash(id.as_bytes()).to_hex()[..12].to_owned())
            .into(),
        id,
        title: front.title.trim().into(),
        date: front.date,
        summary: summary.into(),
        place: text_of(front.place),
        source: text_of(front.source),
        authors: front.authors.iter().map(|a| a.trim().into()).collect(),
        topics: mentions,
        own: ArticleDetails {
            body: digest(body.as_bytes()),
            lang: text_of(front.lang),
            aliases: aliases(&front.aliases, shown, diagnostics),
            withdrawn: text_of(front.withdrawn).filter(|reason| !is_no(reason)),
            raw: front.raw.map(Box::new),
            keys,
            inferred: front.inferred.into(),
            extra: (!front.extra.is_empty()).then(|| Box::new(front.extra)),
            links: links(&body, body_line),
        },
    }
}

/// The keys of the front matter that only templates know, without those that are empty.
fn template_keys(front: &FrontMatter) -> Option<Box<Extra>> {
    let keys = KEYS.iter().filter(|key| !key.is_modelled);
    let values = keys.map(|key| (key.name.to_owned(), key.template_value(front)));
    let filled: Extra = values.filter(|(_, value)| !is_empty(value)).collect();
    (!filled.is_empty()).then(|| Box::new(filled))
}

fn is_empty(value: &serde_json::Value) -> bool {
    value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

fn hand_page(
    file: &str,
    shown: &str,
    article: Article,
    body_line: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> StandalonePage {
    let Article { front, body } = article;
    // A page without front matter begins with its title, which its template shows.
    let (title, body) = match (front.title.trim(), body.trim_start().strip_prefix("# ")) {
        ("", Some(rest)) => (
            rest.lines().next().unwrap_or_default().trim().to_owned(),
            body,
        ),
        ("", None) => (name_of(file).to_owned(), body),
        (title, _) => (title.to_owned(), body),
    };
    StandalonePage {
        file: file.into(),
        title: title.into(),
        summary: front.summary.unwrap_or_else(|| summary::of(&body)).into(),
        own: ArticleDetails {
            body: digest(body.as_bytes()),
            lang: text_of(front.lang),
            aliases: aliases(&front.aliases, shown, diagnostics),
            extra: (!front.extra.is_empty()).then(|| Box::new(front.extra)),
            links: links(&body, body_line),
            ..ArticleDetails::default()
        },
    }
}

/// Older paths as they are published; one that cannot be is a problem.
fn aliases(written: &[String], shown: &str, diagnostics: &mut Vec<Diagnostic>) -> Box<[Box<str>]> {
    let paths = written.iter().filter_map(|alias| {
        let path = alias_path(alias);
        if path.is_none() {
            let shortened: String = alias.chars().filter(|c| !c.is_control()).take(80).collect();
            let what = format!("no page can lie at the alias `{shortened}`");
            diagnostics.push(
                Diagnostic::problem(Code::Unclassified, shown, what)
                    .hint("write an older path of the article, such as `/2015/old-name.html`"),
            );
        }
        path
    });
    paths.collect()
}

/// Whether `withdrawn` says that the article is not.
fn is_no(reason: &str) -> bool {
    matches!(reason.to_lowercase().as_str(), "false" | "no" | "off")
}

/// The topics of an article: those that its front matter names, then those that its text speaks of,
/// less those that a person took away.
fn mentions(
    title: &str,
    body: &str,
    named: &[String],
    not: &[String],
    matcher: &Matcher,
) -> Box<[Mention]> {
    let taken_away: HashSet<usize> = not
        .iter()
        .filter_map(|name| matcher.resolve(name))
        .collect();
    let unwanted: HashSet<String> = not.iter().filter_map(|name| slug(name)).collect();
    let (mut defined, mut named_so): (HashSet<usize>, HashSet<String>) = Default::default();
    let mut mentions: Vec<Mention> = Vec::new();
    for name in named.iter().map(|n| n.trim()).filter(|n| !n.is_empty()) {
        if let Some(number) = matcher.resolve(name) {
            if !taken_away.contains(&number) && defined.insert(number) {
                mentions.push(Mention::Defined(number as u32, None));
            }
        } else if let Some(id) = slug(name)
            && !unwanted.contains(&id)
            && named_so.insert(id)
        {
            mentions.push(Mention::Named(name.into()));
        }
    }
    for (number, strength) in matcher.topics(title, body) {
        if !taken_away.contains(&number) && defined.insert(number) {
            mentions.push(Mention::Defined(number as u32, Some(strength)));
        }
    }
    mentions.into()
}

fn links(body: &str, lines_before: usize) -> Box<[BodyLink]> {
    let mut links: Vec<BodyLink> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let (mut line, mut counted) = (lines_before + 1, 0);
    for (target, at) in markdown::site_links(body) {
        // Links come in the order of the text, but for the inner ones of nested pictures.
        let at = at.max(counted);
        line += body[counted..at].bytes().filter(|b| *b == b'\n').count();
        counted = at;
        if seen.insert(target.clone()) {
            links.push(BodyLink {
                target: target.into(),
                line: line as u32,
            });
        }
    }
    links.into()
}

fn name_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split('.').next().unwrap_or(name)
}

fn text_of(text: Option<String>) -> Option<Box<str>> {
    text.map(|t| t.trim().to_owned())
        .filter(|t| !t.is_empty())
        .map(Into::into)
}
