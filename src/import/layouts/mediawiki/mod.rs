//! Dumps of MediaWiki (XML export, 0.3 to 0.11): each page of a namespace of articles is a record. Talk, users, templates
//! and the like are none.

mod content;
mod dump;
mod lines;
mod runs;
mod scan;
mod templates;

use std::collections::{HashMap, HashSet};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::entries::{self, add, id, remove, set_plain, settle};
use super::text::set_date;
use super::{Layout, RawText, xml};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::html;
use crate::import::reading::{Body, Reading};
use crate::import::repair::dates;
use dump::{Broken, Page, Wiki};

pub struct MediaWiki;

/// More pages in one file, or in one piece of it, are no articles.
const MOST_PAGES: usize = 200_000;

/// A page's end in a dump. Within a text it would be escaped.
const PAGE_END: &str = "</page>";

/// Redirects that lead to redirects are followed so far.
const MOST_HOPS: usize = 8;

/// Namespaces that hold no articles, by the numbers that MediaWiki and its common extensions give them: those of its
/// own, books, drafts, courses, time texts, modules, gadgets, threads.
const NOT_ARTICLES: &[i64] = &[
    2, 4, 6, 8, 10, 12, 14, 90, 92, 108, 118, 274, 420, 446, 486, 710, 828, 2300, 2302, 2600,
];

/// Beginnings of names of such namespaces that a wiki made itself.
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

/// Letters of a title that would end or change an address.
const IN_ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

impl Layout for MediaWiki {
    fn name(&self) -> &'static str {
        "mediawiki"
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
            } else if let Some(what) = not_an_article(&page, namespace, &wiki) {
                readings.push(left_out(raw.path, reading, what));
            } else {
                titles.insert(page.title.clone(), readings.len());
                readings.push(read_page(raw, reading, page, &wiki));
            }
            number < MOST_PAGES
        });
        keep_redirects(raw.path, &mut readings, &titles, redirects);
        let problem = |at, what: String| {
            let problem =
                Diagnostic::problem(Code::Unclassified, format!("raw/{}", raw.path), what);
            let problem = problem.at_byte(raw.text, at);
            problem.hint("export it again, or put it in `ignore` under `[import]`")
        };
        match done {
            Err(Broken { at, why }) => {
                let what = format!("it is not a whole dump: {why}");
                if number == 0 {
                    return Err(problem(at, what));
                }
                readings.push(Reading {
                    problem: Some(problem(at, what + "; the pages before that are read")),
                    ..raw.reading()
                });
            }
            Ok(()) if number >= MOST_PAGES => {
                let what = format!("it has more than {MOST_PAGES} pages");
                return Err(problem(0, what));
            }
            Ok(()) if number == 0 && raw.head.is_empty() => {
                return Err(problem(0, "there is no page in it".to_owned()));
            }
            Ok(()) => {}
        }
        entries::unique(&mut readings);
        Ok(readings)
    }

    fn cut(&self, raw: &RawText<'_>) -> Option<usize> {
        let last = memchr::memmem::rfind(raw.text.as_bytes(), PAGE_END.as_bytes())?;
        Some(last + PAGE_END.len())
    }
}

/// The beginning of the file: what stands there holds for every piece of it.
fn beginning<'a>(raw: &RawText<'a>) -> &'a str {
    match raw.head {
        "" => raw.text,
        head => head,
    }
}

/// As the page says; dumps of old do not say, but in the title.
fn namespace_of(page: &Page, wiki: &Wiki) -> i64 {
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
    // Odd ones are for talk.
    namespace > 0 && namespace % 2 == 0 && !is_other
}

/// Why a page is no article.
fn not_an_article(page: &Page, namespace: i64, wiki: &Wiki) -> Option<&'static str> {
    let model = page.latest.model.as_str();
    if !is_of_articles(namespace, wiki) {
        Some("a page of talk, a user, a template or the like is left out")
    } else if page.redirect.is_some() {
        Some("a redirect is left out")
    } else if !matches!(model, "" | "wikitext") {
        Some("a page that is no wikitext is left out")
    } else {
        None
    }
}

fn left_out(path: &str, reading: Reading, what: &str) -> Reading {
    let warning = Diagnostic::warning(Code::Unclassified, format!("raw/{path}"), what);
    Reading {
        problem: Some(warning.hint("it stays in the raw file")),
        ..reading
    }
}

/// A redirect is an older or another name of the page that it leads to.
fn keep_redirects(
    path: &str,
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
                let what = "a redirect is left out: the page that it leads to is not beside it";
                *reading = left_out(path, std::mem::take(reading), what);
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

fn read_page(raw: &RawText<'_>, mut reading: Reading, page: Page, wiki: &Wiki) -> Reading {
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
        let name = utf8_percent_encode(&name, IN_ADDRESS);
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
    set_body(&mut reading, &content);
    settle(&mut reading, raw.path, page.latest.text, None);
    reading
}

/// The day that the page names; else that of its first version, where that is in the dump. A day of change is none.
fn set_dates(reading: &mut Reading, page: &Page, content: &content::Content, wiki: &Wiki) {
    let is_whole = !page.first.has_parent && (wiki.names_parents || page.versions > 1);
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

/// Where the Markdown does not say every word in its order, the body is plain text.
fn set_body(reading: &mut Reading, content: &content::Content) {
    set_plain(reading, &content.words);
    if let Ok(made) = html::to_markdown(&content.html, None)
        && html::non_whitespace(&made.words).eq(html::non_whitespace(&content.words))
    {
        reading.body = Body::Markdown(made.text);
    }
}
