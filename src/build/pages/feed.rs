//! Atom feeds (RFC 4287) of the site and of each topic: the newest articles with their text.

use serde::Serialize;
use tera::Value;

use super::template_context::{self, CardView, Frame};
use super::{PageContent, PageKind, View};
use crate::build::bodies::BodyReference;
use crate::model::digest::hex;
use crate::model::period::Period;
use crate::model::subject::Subject;
use crate::model::term::{ArticleNo, ListId};
use crate::model::{Class, Date};

/// How many articles a feed contains.
const ENTRIES: usize = 20;

pub(crate) struct FeedPage;

#[derive(Serialize)]
struct FeedView<'a> {
    id: String,
    title: String,
    /// RFC 3339; the newest article's date, as output does not depend on the current time.
    updated: String,
    /// The page to which the feed belongs.
    page: String,
    entries: Vec<FeedEntry<'a>>,
}

#[derive(Serialize)]
struct FeedEntry<'a> {
    #[serde(flatten)]
    card: CardView<'a>,
    urn: String,
    url: String,
    published: Option<String>,
    updated: String,
    topics: Vec<&'a str>,
    body_digest: String,
}

/// Atom requires a time for every entry; undated ones get this one.
const UNDATED: &str = "1970-01-01T00:00:00+00:00";

/// The path of a list's feed; `None` if it has none.
pub(crate) fn path(view: &View<'_>, list: ListId) -> Option<String> {
    match list {
        ListId::Archive => Some("feed.xml".to_owned()),
        ListId::Topic(_) => {
            template_context::list_stem(view, list).map(|stem| format!("{stem}.xml"))
        }
        ListId::Author(_) => None,
    }
}

impl PageKind for FeedPage {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn class(&self) -> Class {
        Class::Feed
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        match subject {
            Subject::List(list, Period::All) => path(view, *list).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn exists(&self, view: &View<'_>, subject: &Subject, _: &str) -> bool {
        match subject {
            Subject::List(list, _) => view.library.has_page(*list, Period::All),
            _ => false,
        }
    }

    fn subject(&self, view: &View<'_>, path: &str) -> Option<Subject> {
        let list = match path.strip_suffix(".xml")? {
            "feed" => ListId::Archive,
            stem => template_context::list_of(view, stem)?.0,
        };
        Some(Subject::List(list, Period::All))
    }

    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent> {
        let Subject::List(list, _) = *subject else {
            return None;
        };
        let articles = view.library.articles(list).iter().rev();
        let newest: Vec<ArticleNo> = articles.take(ENTRIES).copied().collect();
        let entries = newest.iter().map(|article| entry(view, *article, path));
        let entries = entries.collect::<Option<Vec<_>>>()?;
        let bodies = newest.iter().map(|article| body(view, *article, path));
        let bodies = bodies.collect::<Option<Vec<_>>>()?;
        let (name, page) = named(view, list);
        let feed = FeedView {
            id: urn(view, &format!("feed {path}")),
            title: name.clone(),
            updated: newest_update(view, &newest),
            page: address(view, &page, path),
            entries,
        };
        let frame = Frame {
            kind: self.name(),
            path,
            title: &name,
            ..Frame::default()
        };
        let mut context = frame.context(view, &[("feed", feed)]);
        context.push((
            "generator",
            Value::from(concat!("Backfile ", env!("CARGO_PKG_VERSION"))),
        ));
        Some(PageContent::Template {
            name: "feed.xml",
            context,
            bodies,
        })
    }
}

fn entry<'a>(view: &View<'a>, article: ArticleNo, feed: &str) -> Option<FeedEntry<'a>> {
    let (card, details) = (view.library.card(article)?, view.library.details(article)?);
    let published = card.date.map(|d| d.rfc3339(view.library.zone()));
    let updated = updated(view, article).map(|date| date.rfc3339(view.library.zone()));
    let topics = view.library.topics_of(article);
    Some(FeedEntry {
        urn: urn(view, card.id),
        url: address(view, card.path, feed),
        updated: updated.unwrap_or_else(|| UNDATED.to_owned()),
        published,
        topics: topics.map(|(name, ..)| name).collect(),
        body_digest: hex(&details.body),
        card: template_context::card_view(view, article)?,
    })
}

/// When an article was last changed: the date of publication, or a later one of a change.
fn updated(view: &View<'_>, article: ArticleNo) -> Option<Date> {
    let published = view.library.card(article)?.date;
    let modified = view.library.details(article)?.modified;
    let dates = [published, modified].into_iter().flatten();
    dates.max_by_key(|date| date.instant(view.library.zone()))
}

fn newest_update(view: &View<'_>, articles: &[ArticleNo]) -> String {
    let zone = view.library.zone();
    let dates = articles
        .iter()
        .filter_map(|article| updated(view, *article));
    let newest = dates.max_by_key(|date| date.instant(zone));
    newest.map_or_else(|| UNDATED.to_owned(), |date| date.rfc3339(zone))
}

fn body(view: &View<'_>, article: ArticleNo, feed: &str) -> Option<BodyReference> {
    let (card, details) = (view.library.card(article)?, view.library.details(article)?);
    let file = view.library.file(article)?;
    let title = card.title;
    Some(template_context::body_reference(
        view, file, title, details, feed, true,
    ))
}

/// The title of a feed, and the path of its page.
fn named(view: &View<'_>, list: ListId) -> (String, String) {
    let site = &view.settings.title;
    match list {
        ListId::Topic(number) => {
            let stem = template_context::list_stem(view, list);
            (
                format!("{site}: {}", view.library.topic(number).name()),
                template_context::list_path(stem.as_deref(), Period::All),
            )
        }
        _ => (site.clone(), "index.html".to_owned()),
    }
}

/// The address of a page; without base_url its path relative to the feed.
fn address(view: &View<'_>, page: &str, feed: &str) -> String {
    let url = template_context::url(view, page);
    url.unwrap_or_else(|| template_context::root(feed) + page)
}

/// A permanent name, which changes with no address (RFC 4287, 4.2.6): a UUID of version 8 (RFC 9562) from a digest of the
/// site's own name and `name`.
fn urn(view: &View<'_>, name: &str) -> String {
    let name = format!("{}\0{name}", view.settings.id);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(name.as_bytes()).as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex(&bytes);
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}
