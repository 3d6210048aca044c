//! parse: a Markdown file → an [`ArticleEntry`] or a [`StandalonePage`]. Knows one file; never sees another.

mod aliases;
mod mentions;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use self::aliases::aliases;
use self::mentions::mentions;
use super::markdown;
use super::summary;
use crate::cache;
use crate::diagnostics::{Code, Diagnostic};
use crate::files::{self, Source};
use crate::front_matter;
use crate::import::existing;
use crate::import::repair::dates;
use crate::model::ImportState;
use crate::model::card::{ArticleDetails, BodyLink, Extra, StandalonePage};
use crate::model::digest::{Digest, digest};
use crate::model::front_matter_keys::KEYS;
use crate::model::lang;
use crate::model::library::FileState;
use crate::model::nearest::nearest;
use crate::model::origin::{self, Origin, Origins};
use crate::model::path::join;
use crate::model::slug::slug;
use crate::model::{Article, ArticleEntry, Date, FrontMatter, Stamp};
use crate::text::comments;
use crate::topics::Matcher;

/// The largest file of `content/` that is read, in bytes: a larger one is not an article but a mistake.
const MAX_BYTES: u64 = 5_000_000;

/// What a file of `content/` contains.
#[derive(Debug, Default, Serialize, Deserialize)]
pub enum FileContent {
    Article(Box<ArticleEntry>),
    Page(Box<StandalonePage>),
    /// It is not Markdown.
    Other(Stamp),
    /// Nothing that is published: a draft, or a file that cannot be read.
    #[default]
    Nothing,
}

/// A file of `content/` after parsing.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ParsedFile {
    pub content: FileContent,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether its owner held it back.
    pub is_draft: bool,
    /// Whether a person changed the article since it was imported.
    pub is_edited: bool,
    /// What import has to know of an article that is not published.
    unpublished: Option<Box<ImportState>>,
}

impl ParsedFile {
    fn problem(diagnostic: &Diagnostic) -> Self {
        Self {
            diagnostics: vec![diagnostic.clone()],
            ..Self::default()
        }
    }

    /// What import has to know of the file.
    pub fn import_state(&self) -> ImportState {
        match &self.content {
            FileContent::Article(entry) => ImportState {
                id: entry.id.clone(),
                slug: Some(entry.slug.clone()),
                aliases: entry.own.aliases.clone(),
                raw: entry.own.raw.clone(),
                is_edited: self.is_edited,
                shows: shown_names(&entry.own.links),
            },
            _ => self.unpublished.as_deref().cloned().unwrap_or_default(),
        }
    }

    /// The state of the file for the Library.
    pub fn file_state(self) -> FileState {
        match self.content {
            FileContent::Article(mut entry) => {
                // Only import compares sketches; without them a Library of a million articles needs less memory.
                if let Some(raw) = &mut entry.own.raw {
                    raw.sketch = None;
                }
                FileState::Article(entry)
            }
            FileContent::Page(page) => FileState::Page(page),
            FileContent::Other(stamp) => FileState::File(stamp),
            FileContent::Nothing => FileState::Removed,
        }
    }
}

/// Reads and parses a file, and returns the digest of its bytes. A file that cannot be read becomes a diagnostic.
pub(crate) fn parse(source: &Source, matcher: &Matcher) -> (Digest, ParsedFile) {
    if !is_markdown(&source.file) && source.path.ends_with(&source.file) {
        let digest = digest_of_stamp(&source.stamp);
        let content = FileContent::Other(source.stamp);
        return (
            digest,
            ParsedFile {
                content,
                ..ParsedFile::default()
            },
        );
    }
    let shown = format!("content/{}", source.file);
    if !source.path.ends_with(&source.file) {
        let what = "the file's name is not UTF-8";
        let diagnostic = Diagnostic::problem(Code::FileNameNotUtf8, shown, what).hint("rename it");
        return (Digest::default(), ParsedFile::problem(&diagnostic));
    }
    match read_text(source, &shown) {
        Ok(text) => (
            digest(text.as_bytes()),
            parse_text(&source.file, &shown, &text, matcher),
        ),
        Err(diagnostic) => (Digest::default(), ParsedFile::problem(&diagnostic)),
    }
}

/// The digest of a file that is not Markdown, whose bytes are not read before it is copied.
pub(crate) fn digest_of_stamp(stamp: &Stamp) -> Digest {
    digest(&cache::encode(stamp))
}

fn is_markdown(file: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown")
}

fn read_text(source: &Source, shown: &str) -> Result<String, Box<Diagnostic>> {
    if source.stamp.size > MAX_BYTES {
        let what = format!(
            "the file has {} MB; at most {} MB are read",
            source.stamp.size / 1_000_000,
            MAX_BYTES / 1_000_000
        );
        let diagnostic = Diagnostic::problem(Code::ContentTooLarge, shown, what)
            .hint("put each article into a file of its own");
        return Err(Box::new(diagnostic));
    }
    let bytes = files::read(&source.path, source.stamp.size as usize)
        .map_err(|e| Diagnostic::unreadable(shown, &e))?;
    String::from_utf8(bytes).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(e.as_bytes()).into_owned();
        let diagnostic =
            Diagnostic::problem(Code::ContentNotUtf8, shown, "the file is not UTF-8 text");
        let hint = "save it as UTF-8, or put it into `raw/`";
        Box::new(diagnostic.at_byte(&text, valid).hint(hint))
    })
}

fn parse_text(file: &str, shown: &str, text: &str, matcher: &Matcher) -> ParsedFile {
    let is_article = file.starts_with("articles/");
    let article = match front_matter::read(shown, text) {
        Ok(article) => article,
        // A hand-written page that begins with its title needs no front matter.
        Err(_) if !is_article && text.trim_start().starts_with("# ") => Article {
            body: text.to_owned(),
            ..Article::default()
        },
        Err(diagnostic) => {
            return ParsedFile {
                unpublished: existing::of_broken(text).map(Box::new),
                ..ParsedFile::problem(&diagnostic)
            };
        }
    };
    let raw = article.front.raw.as_ref();
    let is_edited = raw.is_some_and(|raw| !front_matter::is_sealed(text, &raw.written));
    let mut diagnostics = unclear_signs(&article, shown, text);
    if article.front.is_held_back(file) {
        return ParsedFile {
            is_draft: true,
            is_edited,
            unpublished: Some(Box::new(ImportState::of(article.front, is_edited))),
            diagnostics,
            ..ParsedFile::default()
        };
    }
    let body_line = text[..text.len() - article.body.len().min(text.len())]
        .bytes()
        .filter(|b| *b == b'\n')
        .count();
    let article = Article {
        body: comments::without(&article.body).into_owned(),
        ..article
    };
    let is_article = is_article || article.front.raw.is_some();
    if is_article && has_no_text(&article) {
        let what = "the article has no text, so it is not published";
        let problem = Diagnostic::problem(Code::TextMissing, shown, what);
        diagnostics
            .push(problem.hint("write a text below its front matter, or `draft: true` in it"));
        return ParsedFile {
            is_edited,
            unpublished: Some(Box::new(ImportState::of(article.front, is_edited))),
            diagnostics,
            ..ParsedFile::default()
        };
    }
    let source = ShownFile { path: shown, text };
    let content = match is_article {
        true => FileContent::Article(Box::new(entry(
            file,
            source,
            article,
            body_line,
            matcher,
            &mut diagnostics,
        ))),
        false => FileContent::Page(Box::new(standalone_page(
            file,
            source,
            article,
            body_line,
            &mut diagnostics,
        ))),
    };
    ParsedFile {
        content,
        diagnostics,
        is_edited,
        ..ParsedFile::default()
    }
}

/// The names of files that links name and that are no text, in lower case and without a digest of their content.
fn shown_names(links: &[BodyLink]) -> Box<[Box<str>]> {
    let targets = links.iter().map(|link| &*link.target);
    let others = targets.filter(|target| !target.ends_with(".md") && !target.ends_with(".html"));
    others
        .map(|target| ImportState::file_name(target).into())
        .collect()
}

/// Whether an article says nothing but its title.
fn has_no_text(article: &Article) -> bool {
    let front = &article.front;
    article.body.trim().is_empty() && front.summary.is_none() && front.withdrawn.is_none()
}

/// Warnings about what may say that a text is not public, and is not understood.
fn unclear_signs(article: &Article, shown: &str, text: &str) -> Vec<Diagnostic> {
    let warning = |what: String| Diagnostic::warning(Code::PublicityUnclear, shown, what);
    let signs = article.front.signs().unclear.into_iter().map(|sign| {
        let key = sign.split(':').next().unwrap_or_default();
        let line = text
            .lines()
            .position(|line| line.trim_start().starts_with(key));
        warning(format!(
            "`{sign}` may say that the text is not public, so it is held back"
        ))
        .at(text, line.map_or(1, |line| line + 1), 1)
        .hint("remove the key, or write `draft: true`, if it is not public")
    });
    let comment = comments::unclosed(&article.body).map(|at| {
        warning("a comment begins here and is not closed; what follows is held back".to_owned())
            .at_byte(text, text.len() - article.body.len() + at)
            .hint("close it with `%%`, or write `\\%%` for two signs of percent")
    });
    signs.chain(comment).collect()
}

fn entry(
    file: &str,
    source: ShownFile<'_>,
    article: Article,
    body_line: usize,
    matcher: &Matcher,
    diagnostics: &mut Vec<Diagnostic>,
) -> ArticleEntry {
    let Article { mut front, body } = article;
    if front.title.trim().is_empty() {
        diagnostics.push(
            Diagnostic::problem(Code::TitleMissing, source.path, "the article has no title").hint(
                match nearest("title", front.extra.keys().map(String::as_str)) {
                    Some(near) => format!("it has a key `{near}`: write `title`"),
                    None => "add a line `title: …` to its front matter".to_owned(),
                },
            ),
        );
        front.title = name_of(file).to_owned();
    }
    let id: Box<str> = match front.id.trim() {
        "" => blake3::hash(file.as_bytes()).to_hex()[..12].into(),
        id => id.into(),
    };
    let slug = slug_of(&front, &id);
    let topics = mentions(
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
    let details = details(file, &mut front, &body, body_line, source, diagnostics);
    ArticleEntry {
        file: file.into(),
        slug,
        id,
        title: front.title.trim().into(),
        date: front.date,
        summary: summary.into(),
        place: text_of(front.place),
        source: text_of(front.source),
        authors: front.authors.iter().map(|a| a.trim().into()).collect(),
        topics,
        own: ArticleDetails {
            withdrawn: front.withdrawn.map(Into::into),
            raw: front.raw.map(Box::new),
            keys,
            inferred: front.inferred.into(),
            ..details
        },
    }
}

/// The slug of the front matter, else the title's, else the id's, else a digest of the id.
fn slug_of(front: &FrontMatter, id: &str) -> Box<str> {
    let own = front.slug.as_deref().and_then(slug);
    own.or_else(|| slug(&front.title))
        .or_else(|| slug(id))
        .unwrap_or_else(|| blake3::hash(id.as_bytes()).to_hex()[..12].to_owned())
        .into()
}

/// A file as diagnostics show it.
#[derive(Debug, Clone, Copy)]
struct ShownFile<'a> {
    /// Below the site's folder.
    path: &'a str,
    text: &'a str,
}

/// The details that an article and a hand-written page have in common.
fn details(
    file: &str,
    front: &mut FrontMatter,
    body: &str,
    body_line: usize,
    source: ShownFile<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> ArticleDetails {
    let lang = front.lang.take().filter(|lang| !lang.trim().is_empty());
    let tag = lang.as_deref().and_then(lang::tag);
    if let Some(written) = lang.as_ref().filter(|_| tag.is_none()) {
        let what = format!("`{written}` is not the code of a language, and is ignored");
        diagnostics.push(
            Diagnostic::warning(Code::LanguageInvalid, source.path, what)
                .at_byte(source.text, source.text.find(written.as_str()).unwrap_or(0))
                .hint(lang::hint(written)),
        );
    }
    let mut links = links(body, body_line);
    let mut origins = Origins::of(front);
    origins.linked = linked(file, front, &origins.host, &links);
    links.retain(|link| markdown::is_site_link(&link.target));
    let extra = std::mem::take(&mut front.extra);
    ArticleDetails {
        body: digest(body.as_bytes()),
        lang: text_of(lang.filter(|_| tag.is_some())),
        modified: modified(&extra),
        aliases: aliases(&front.aliases, source, diagnostics),
        extra: (!extra.is_empty()).then(|| Box::new(extra)),
        links: links.into(),
        origins: (!origins.is_empty()).then(|| Box::new(origins)),
        ..ArticleDetails::default()
    }
}

/// When an article was changed, by the keys of import and of other programs.
fn modified(extra: &Extra) -> Option<Date> {
    let keys = [
        "modified",
        "updated",
        "lastmod",
        "last_modified",
        "date_modified",
        "dateModified",
    ];
    let texts = keys.iter().filter_map(|key| extra.get(*key)?.as_str());
    texts.filter_map(dates::read).map(|read| read.date).next()
}

/// The keys of the front matter that only templates use, without those that are empty.
fn template_keys(front: &FrontMatter) -> Option<Box<Extra>> {
    let keys = KEYS.iter().filter(|key| !key.is_modelled);
    let values = keys.map(|key| (key.name.to_owned(), key.template_value(front)));
    let filled: Extra = values.filter(|(_, value)| !is_empty(value)).collect();
    (!filled.is_empty()).then(|| Box::new(filled))
}

fn is_empty(value: &serde_json::Value) -> bool {
    value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

fn standalone_page(
    file: &str,
    source: ShownFile<'_>,
    article: Article,
    body_line: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> StandalonePage {
    let Article { mut front, body } = article;
    // A page without front matter begins with its title.
    let (title, body) = match (front.title.trim(), body.trim_start().strip_prefix("# ")) {
        ("", Some(rest)) => (
            rest.lines().next().unwrap_or_default().trim().to_owned(),
            body,
        ),
        ("", None) => (name_of(file).to_owned(), body),
        (title, _) => (title.to_owned(), body),
    };
    let details = details(file, &mut front, &body, body_line, source, diagnostics);
    StandalonePage {
        file: file.into(),
        title: title.into(),
        summary: front.summary.unwrap_or_else(|| summary::of(&body)).into(),
        own: details,
    }
}

/// The origins that links of a text name, sorted. Pictures that import brought along are known to be files of `content/`.
fn linked(file: &str, front: &FrontMatter, host: &str, links: &[BodyLink]) -> Box<[Origin]> {
    if links.is_empty() {
        return Box::default();
    }
    let raw = front.raw.as_ref().and_then(|raw| raw.file());
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_brought = |target: &str| {
        join(folder, target).is_some_and(|path| path.starts_with(files::IMPORTED_FILES))
    };
    let others = links.iter().filter(|link| !is_brought(&link.target));
    let named = others.flat_map(|link| origin::named(host, raw.as_deref(), &link.target));
    let mut named: Vec<Origin> = named.collect();
    named.sort_unstable();
    named.dedup();
    named.into()
}

fn links(body: &str, lines_before: usize) -> Vec<BodyLink> {
    let mut links: Vec<BodyLink> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let (mut line, mut counted) = (lines_before + 1, 0);
    for (target, at) in markdown::link_targets(body) {
        // Links are in the order of the text, except the inner ones of nested images.
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
    links
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
