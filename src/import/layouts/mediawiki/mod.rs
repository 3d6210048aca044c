//! Dumps of MediaWiki (XML export, 0.3 to 0.11): each page of a namespace of articles is a record, others are skipped.

mod apostrophes;
mod content;
mod dump;
mod lines;
mod runs;
mod scan;
mod sentence_templates;
mod templates;

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use self::dump::{Wiki, WikiPage};
use super::decoded_record::{self, add, id, remove, set_plain, settle};
use super::plain_record::set_date;
use super::{HINT_EXPORT, Layout, MOST_RECORDS, RawText};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::html;
use crate::import::reading::{Body, Reading};
use crate::import::repair::dates;
use crate::text::addresses::encode_path;
use crate::text::xml::{self, XmlError};

pub(crate) struct MediaWiki;

/// The end of a page. Within a text it would be escaped.
const PAGE_END: &str = "</page>";

/// Redirects to redirects that are followed.
const MOST_HOPS: usize = 8;

/// Namespaces without articles, by their numbers in MediaWiki and its common extensions: built-in ones, books, drafts,
/// courses, timed texts, modules, gadgets, threads.
const NOT_ARTICLES: &[i64] = &[
    2, 4, 6, 8, 10, 12, 14, 90, 92, 108, 118, 274, 420, 446, 486, 710, 828, 2300, 2302, 2600,
];

/// Beginnings of names of namespaces without articles that wikis define.
const NOT_ARTICLES_BY_NAME: &[&str] = &[
    "portal",
    "portail",
    "portál",
    "portaal",
    "портал",
    "comments",
    "opinions",
    "meinungen",
    "draft",
    "author",
    "autor",
    "auteur",
    "page",
    "seite",
    "index",
    "campaign",
    "project",
    "wiki",
    "help",
    "template",
    "module",
    "topic",
    "book",
];

/// Templates that say that a page is not public, and what each says.
const DRAFT_TEMPLATES: &[(&str, &str)] = &[
    ("draft", "draft"),
    ("draft article", "draft"),
    ("userspace draft", "draft"),
    ("afc submission", "draft"),
    ("unpublished", "unpublished"),
    ("private", "private"),
    ("hidden", "hidden"),
    ("entwurf", "draft"),
    ("brouillon", "draft"),
];

impl Layout for MediaWiki {
    fn name(&self) -> &'static str {
        "mediawiki"
    }

    fn title(&self) -> &'static str {
        "MediaWiki exports"
    }

    fn recognises(&self, raw: &RawText<'_>) -> bool {
        xml::root(beginning(raw)).is_some_and(|(name, _)| name == "mediawiki")
    }

    fn read(&self, raw: &RawText<'_>) -> Result<Vec<Reading>, Diagnostic> {
        let wiki = Wiki::read(beginning(raw));
        let mut readings = Vec::new();
        let mut titles: HashMap<String, usize> = HashMap::new();
        let mut redirects: Vec<(String, String, usize)> = Vec::new();
        let mut number = 0;
        let done = dump::pages(raw.text, |page| {
            number += 1;
            let reading = Reading {
                span: page.span.clone(),
                ..raw.reading()
            };
            let namespace = namespace_of(&page, &wiki);
            if let (Some(target), true) = (&page.redirect, is_of_articles(namespace, &wiki)) {
                redirects.push((page.title.clone(), target.clone(), readings.len()));
                readings.push(reading);
            } else if let Some(message) = not_an_article(&page, namespace, &wiki) {
                readings.push(raw.skipped(reading, message));
            } else {
                titles.insert(page.title.clone(), readings.len());
                readings.push(read_page(raw, reading, page, &wiki));
            }
            match number < MOST_RECORDS {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        });
        keep_redirects(raw, &mut readings, &titles, redirects);
        match done {
            Err(XmlError { at, reason }) => {
                let message = format!("it is not a complete dump: {reason}");
                readings.push(raw.broken_off(at, message, "pages", number == 0)?);
            }
            Ok(()) if number >= MOST_RECORDS => return Err(raw.too_many("pages")),
            Ok(()) if number == 0 && raw.head.is_empty() => {
                let problem = raw.problem(Code::FileWithoutRecords, "it contains no page");
                return Err(problem.hint(HINT_EXPORT));
            }
            Ok(()) => {}
        }
        decoded_record::unique(&mut readings);
        Ok(readings)
    }

    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        let last = memchr::memmem::rfind(raw.text.as_bytes(), PAGE_END.as_bytes())?;
        Some(last + PAGE_END.len())
    }
}

/// The beginning of the file, which applies to every chunk of it.
fn beginning<'a>(raw: &RawText<'a>) -> &'a str {
    match raw.head {
        "" => raw.text,
        head => head,
    }
}

/// The namespace of a page; old dumps have it in the title only.
fn namespace_of(page: &WikiPage, wiki: &Wiki) -> i64 {
    let by_title = || {
        let (prefix, _) = page.title.split_once(':')?;
        wiki.namespace(prefix)
    };
    match page.namespace {
        0 => by_title().unwrap_or(0),
        namespace => namespace,
    }
}

fn is_of_articles(namespace: i64, wiki: &Wiki) -> bool {
    if namespace == 0 {
        return true;
    }
    let name = wiki.name_of(namespace).unwrap_or_default().to_lowercase();
    let is_other = NOT_ARTICLES.contains(&namespace)
        || NOT_ARTICLES_BY_NAME
            .iter()
            .any(|known| name.starts_with(known));
    // Odd numbers are talk.
    namespace > 0 && namespace % 2 == 0 && !is_other
}

/// Why a page is not an article.
fn not_an_article(page: &WikiPage, namespace: i64, wiki: &Wiki) -> Option<&'static str> {
    let model = page.latest.model.as_str();
    if !is_of_articles(namespace, wiki) {
        Some("a page of a namespace without articles (talk, users, templates, …) is left out")
    } else if page.redirect.is_some() {
        Some("a redirect is left out")
    } else if !matches!(model, "" | "wikitext") {
        Some("a page that is not wikitext is left out")
    } else {
        None
    }
}

/// Adds the names of redirects to the pages that they lead to.
fn keep_redirects(
    raw: &RawText<'_>,
    readings: &mut Vec<Reading>,
    titles: &HashMap<String, usize>,
    redirects: Vec<(String, String, usize)>,
) {
    let normal = |target: &str| {
        let target = target.split('#').next().unwrap_or_default();
        target.replace('_', " ").trim().to_owned()
    };
    let pairs = redirects.iter();
    let leads: HashMap<&str, String> = pairs
        .map(|(from, to, _)| (from.as_str(), normal(to)))
        .collect();
    let mut kept = HashSet::new();
    for (from, to, at) in &redirects {
        let mut target = normal(to);
        for _ in 0..MOST_HOPS {
            match leads.get(target.as_str()) {
                Some(next) if !titles.contains_key(&target) => target.clone_from(next),
                _ => break,
            }
        }
        let found = titles.get(&target).copied();
        let is_article = |reading: &&mut Reading| reading.problem.is_none();
        if let Some(page) = found.and_then(|at| readings.get_mut(at)).filter(is_article) {
            let list = page.front.extra.entry("redirects");
            let list = list.or_insert_with(|| serde_json::Value::Array(Vec::new()));
            if let Some(list) = list.as_array_mut() {
                list.push(from.as_str().into());
            }
        }
        match (found, readings.get_mut(*at)) {
            (Some(_), _) => _ = kept.insert(*at),
            (None, Some(reading)) => {
                let message =
                    "a redirect is left out: its target is not in the same part of the dump";
                *reading = raw.skipped(std::mem::take(reading), message);
            }
            (None, None) => {}
        }
    }
    let mut rank = 0;
    readings.retain(|_| {
        rank += 1;
        !kept.contains(&(rank - 1))
    });
}

fn read_page(raw: &RawText<'_>, mut reading: Reading, page: WikiPage, wiki: &Wiki) -> Reading {
    id(&mut reading, &page.id);
    let namespace = namespace_of(&page, wiki);
    let title = match (namespace, page.title.split_once(':')) {
        (0, _) | (_, None) => page.title.as_str(),
        (_, Some((name, title))) => {
            reading.keep("namespace", name);
            title.trim()
        }
    };
    reading.front.title = title.to_owned();
    reading.set_language(&wiki.lang);
    reading.front.source = Some(wiki.name.clone()).filter(|name| !name.is_empty());
    if wiki.base.starts_with("http") {
        let name = page.title.replace(' ', "_");
        let name = encode_path(&name);
        reading.keep("url", format!("{}{name}", wiki.base));
    }
    let written = page.latest.text.clone();
    let text = written.and_then(|at| raw.text.get(at)).unwrap_or_default();
    let mut content = content::read(&dump::decode(text), wiki);
    set_dates(&mut reading, &page, &content, wiki);
    reading.front.place = content.place.take();
    add(
        &mut reading.front.topics,
        std::mem::take(&mut content.categories),
    );
    for words in std::mem::take(&mut content.removed) {
        remove(&mut reading, words);
    }
    for (key, list) in [
        ("contributors", &page.contributors),
        ("translations", &content.translations),
    ] {
        if !list.is_empty() {
            reading.keep(key, list.clone());
        }
    }
    if !page.latest.comment.is_empty() {
        reading.keep("edit_summary", page.latest.comment.as_str());
    }
    let signs = page
        .signs
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    for (key, value) in signs.chain(draft_template(text).map(|name| ("status", name))) {
        reading.keep(key, value);
    }
    set_body(&mut reading, &content);
    settle(raw, &mut reading, (page.latest.text, None));
    reading
}

/// The template by which a page says that it is a draft, or not for everybody.
fn draft_template(text: &str) -> Option<&'static str> {
    let mut templates = text.match_indices("{{").map(|(at, _)| &text[at + 2..]);
    templates.find_map(|template| {
        // No name holds a brace, so a text of braces alone is read once.
        let end = template.find(['|', '{', '}', '\n']);
        let name = &template[..end.unwrap_or(template.len())];
        let name = name.trim().replace('_', " ").to_lowercase();
        let is_known = |(known, _): &&(&str, &str)| *known == name;
        DRAFT_TEMPLATES.iter().find(is_known).map(|(_, says)| *says)
    })
}

/// Sets the date in the text, else that of the first revision if the dump has it. The date of a change is not one.
fn set_dates(reading: &mut Reading, page: &WikiPage, content: &content::WikiContent, wiki: &Wiki) {
    let is_whole = !page.first.has_parent && (wiki.names_parents || page.revisions > 1);
    if let Some(date) = content.date {
        set_date(reading, date);
    } else if let Some(first) = dates::read(&page.first.timestamp).filter(|_| is_whole) {
        set_date(reading, first);
        reading.infer("date");
    }
    if let Some(text) = &content.date_text {
        reading.keep("date_text", text.as_str());
    }
    let is_first = is_whole && page.latest.timestamp == page.first.timestamp;
    if dates::read(&page.latest.timestamp).is_some() && !is_first {
        reading.keep("modified", page.latest.timestamp.as_str());
    }
}

/// Sets the body as Markdown if that has every word in its order, else as plain text.
fn set_body(reading: &mut Reading, content: &content::WikiContent) {
    set_plain(reading, &content.words);
    if let Ok(made) = html::to_markdown(&content.html, None)
        && html::non_whitespace(&made.words).eq(html::non_whitespace(&content.words))
    {
        reading.body = Body::Markdown(made.text);
    }
}
