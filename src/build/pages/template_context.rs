//! The values of templates, as `docs/themes.md` lists them, made from the Library.

use serde::Serialize;
use tera::Value;

use super::{View, link};
use crate::build::bodies::BodyReference;
use crate::build::markdown::Link;
use crate::files::IMPORTED_FILES;
use crate::model::card::ArticleDetails;
use crate::model::library::{self, Dependency, InternalLink};
use crate::model::period::Period;
use crate::model::term::{ArticleNo, ListId, Term};
use crate::model::{Date, Origin, digits};
use crate::text::addresses::encode_path;

/// The relative path from a page to the website's root.
pub(crate) fn root(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

/// The part that every context has: `root` and `page`.
#[derive(Debug, Default)]
pub(crate) struct Frame<'a> {
    pub kind: &'a str,
    pub path: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    /// A BCP 47 tag; if empty, the site's.
    pub lang: &'a str,
    /// The path of this page's feed.
    pub feed: Option<String>,
}

impl Frame<'_> {
    /// The context, with the page's own values.
    pub(crate) fn context<T: Serialize>(
        self,
        view: &View<'_>,
        own: &[(&'static str, T)],
    ) -> Vec<(&'static str, Value)> {
        #[derive(Serialize)]
        struct PageView<'a> {
            kind: &'a str,
            path: &'a str,
            title: &'a str,
            description: &'a str,
            url: Option<String>,
            lang: &'a str,
            dir: &'static str,
            feed: Option<String>,
        }
        let lang = if self.lang.is_empty() {
            &view.settings.language
        } else {
            self.lang
        };
        let page = PageView {
            kind: self.kind,
            path: self.path,
            title: self.title,
            description: self.description,
            url: url(view, self.path),
            lang,
            dir: direction(lang),
            feed: self.feed,
        };
        let mut context = vec![
            ("root", Value::from(root(self.path))),
            ("page", Value::from_serializable(&page)),
        ];
        context.extend(
            own.iter()
                .map(|(name, value)| (*name, Value::from_serializable(value))),
        );
        context
    }
}

/// A page's URL; `None` without base_url. The home page's is that of its folder.
pub(crate) fn url(view: &View<'_>, path: &str) -> Option<String> {
    let base = view.settings.base_url.as_deref()?;
    let path = if path == "index.html" { "" } else { path };
    Some(format!("{base}/{path}"))
}

/// The writing direction of a language.
pub(crate) fn direction(lang: &str) -> &'static str {
    let primary = lang.split('-').next().unwrap_or(lang).to_ascii_lowercase();
    let rtl = [
        "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "ps", "sd", "syr", "ug", "ur", "yi",
    ];
    if rtl.contains(&primary.as_str()) {
        "rtl"
    } else {
        "ltr"
    }
}

#[derive(Debug, Serialize)]
struct DateView {
    iso: String,
    text: String,
    time: String,
    year: i32,
    path: String,
}

/// An article's date, and the page of its day, month or year; none if it has no date.
pub(crate) fn date(view: &View<'_>, article: ArticleNo) -> Value {
    let make = || {
        let date = view.library.card(article).and_then(|card| card.date);
        Value::from_serializable(&date.map(|date| date_view(view, date)))
    };
    view.values.dates.get(article, make)
}

fn date_view(view: &View<'_>, date: Date) -> DateView {
    let period = view.library.dated_page(Some(date));
    DateView {
        iso: date.to_string(),
        text: Period::of(Some(date)).title(),
        time: date.time().map(clock).unwrap_or_default(),
        year: date.year(),
        path: list_path(None, period),
    }
}

/// A time of day, as `11:47`.
fn clock((hours, minutes): (u32, u32)) -> String {
    let mut time = String::with_capacity(5);
    digits::push(&mut time, hours, 2);
    time.push(':');
    digits::push(&mut time, minutes, 2);
    time
}

#[derive(Debug, Serialize)]
pub(crate) struct CardView<'a> {
    id: &'a str,
    title: &'a str,
    path: &'a str,
    date: Value,
    summary: &'a str,
    place: &'a str,
    source: &'a str,
    authors: Vec<&'a str>,
}

/// A card for feeds.
pub(crate) fn card_view<'a>(view: &View<'a>, article: ArticleNo) -> Option<CardView<'a>> {
    let card = view.library.card(article)?;
    Some(CardView {
        id: card.id,
        title: card.title,
        path: card.path,
        date: date(view, article),
        summary: card.summary,
        place: card.place.unwrap_or_default(),
        source: card.source.unwrap_or_default(),
        authors: view
            .library
            .authors_of(article)
            .map(|(name, _)| name)
            .collect(),
    })
}

/// Cards for lists.
pub(crate) fn cards(view: &View<'_>, articles: &[ArticleNo]) -> Vec<Value> {
    let cards = articles.iter().filter_map(|a| card_view(view, *a));
    cards.map(|card| Value::from_serializable(&card)).collect()
}

/// A link to a list's first page, with the name that an article has for it.
pub(crate) fn list_link(view: &View<'_>, list: ListId, name: &str) -> Value {
    view.values.links.get((list, name.into()), || {
        Value::from_serializable(&LinkView {
            name: name.to_owned(),
            path: list_path(list_stem(view, list).as_deref(), Period::All),
        })
    })
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct LinkView {
    pub name: String,
    pub path: String,
}

/// A link to a list, with its number of articles; only for the home page and overviews.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CountedLink {
    pub name: String,
    pub path: String,
    pub count: usize,
    pub kind: String,
}

impl CountedLink {
    pub(crate) fn of_term(term: &Term, path: String) -> Self {
        Self {
            name: term.name().to_owned(),
            path,
            count: term.articles.len(),
            kind: term.kind.as_deref().unwrap_or_default().to_owned(),
        }
    }
}

/// The path of a list's first page without its extension, such as `topics/harbour`; `None` for the archive.
pub(crate) fn list_stem(view: &View<'_>, list: ListId) -> Option<String> {
    match list {
        ListId::Archive => None,
        ListId::Topic(number) => Some(format!("topics/{}", view.library.topic(number).id)),
        ListId::Author(number) => Some(format!("authors/{}", view.library.author(number).id)),
    }
}

/// The list whose first page has a stem that is a prefix of `path`, and the rest of the path: the folder of a period.
pub(crate) fn list_of<'p>(view: &View<'_>, path: &'p str) -> Option<(ListId, &'p str)> {
    let (taxonomy, rest) = path.split_once('/')?;
    let (id, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let list = match taxonomy {
        "topics" => ListId::Topic(view.library.topic_named(id)?),
        "authors" => ListId::Author(view.library.author_named(id)?),
        _ => return None,
    };
    Some((list, rest))
}

/// The path of a page of a list.
pub(crate) fn list_path(stem: Option<&str>, period: Period) -> String {
    let mut path = String::with_capacity(stem.map_or(0, str::len) + 24);
    match (stem, period) {
        (None, Period::All) => path.push_str("archive"),
        (None, period) => {
            period.push_folder(&mut path);
            path.push_str("/index");
        }
        (Some(stem), Period::All) => path.push_str(stem),
        (Some(stem), period) => {
            path.push_str(stem);
            path.push('/');
            period.push_folder(&mut path);
        }
    }
    path.push_str(".html");
    path
}

/// A body, with the target of each of its links on the page at `path`. In a feed, links are full URLs.
pub(crate) fn body_reference(
    view: &View<'_>,
    file: &str,
    title: &str,
    own: &ArticleDetails,
    path: &str,
    in_feed: bool,
) -> BodyReference {
    let prefix = match view.settings.base_url.as_deref() {
        Some(base) if in_feed => format!("{base}/"),
        _ => root(path),
    };
    let links = own.links.iter().map(|link| {
        let to = link_path(view, file, own, &link.target)
            .map_or(Link::Unknown, |to| Link::To(format!("{prefix}{to}")));
        (link.target.clone(), to)
    });
    BodyReference {
        file: file.into(),
        title: title.into(),
        in_feed,
        links: links.collect(),
        addresses: addresses(view, own, &prefix),
        host: own
            .origins
            .as_ref()
            .map_or_else(Box::default, |origins| origins.host.clone()),
    }
}

/// The pages at which articles are now that were published at addresses which a text names.
fn addresses(view: &View<'_>, own: &ArticleDetails, prefix: &str) -> Vec<(Origin, String)> {
    let linked = own.origins.iter().flat_map(|origins| origins.linked.iter());
    let addresses = linked.filter(|origin| !origin.is_raw());
    let led = addresses.filter_map(|origin| {
        let InternalLink::Article(article) = view.library.named(&Dependency::Origin(*origin))?
        else {
            return None;
        };
        let path = view.library.card(article)?.path;
        Some((*origin, format!("{prefix}{path}")))
    });
    led.collect()
}

/// The path of a link's target below the website's root.
fn link_path(view: &View<'_>, file: &str, own: &ArticleDetails, target: &str) -> Option<String> {
    let path = match link::resolve(view, file, own, target)? {
        InternalLink::Article(article) => view.library.card(article)?.path.to_owned(),
        InternalLink::Page(page) => view.library.page(&page)?.path(),
        InternalLink::File(named) => encode_path(&attachment_path(view, file, &named)?),
        InternalLink::Path(path) => encode_path(&path),
    };
    Some(path + library::fragment(target))
}

/// The path at which a file of `content/` is published for the Markdown file that shows it: for an article, in a folder of its name,
/// so that images of two articles never have the same path.
pub(crate) fn attachment_path(view: &View<'_>, shown_by: &str, file: &str) -> Option<String> {
    let Some(article) = view.library.article_in(shown_by) else {
        return Some(file.to_owned());
    };
    // Files that import brought along are named by their contents, and are published once for all articles.
    if file.starts_with(IMPORTED_FILES) {
        return file.strip_prefix("articles/").map(str::to_owned);
    }
    let folder = shown_by.rsplit_once('/').map_or("", |(folder, _)| folder);
    let inner = file
        .strip_prefix(folder)
        .map_or(file, |f| f.trim_start_matches('/'));
    let stem = view.library.card(article)?.path.strip_suffix(".html")?;
    Some(format!("{stem}/{inner}"))
}
