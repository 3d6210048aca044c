//! Metadata of a page → fields of an article: which statement wins, and which are kept beside it.
//! Knows what publishing systems write; never the body.

use serde_json::Value;
use url::Url;

use super::json_ld::Object;
use super::metadata::Metadata;
use super::names;
use crate::import::html::{Block, Container, shown_text};
use crate::import::layouts::plain_record::set_date;
use crate::import::reading::Reading;
use crate::import::repair::dates::{self, ReadDate};
use crate::import::repair::language;
use crate::model::Date;
use crate::model::publicity::{Publicity, SignReader};

/// Names of `<meta>` that contain the date of publication, the most exact first.
const DATES: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "dcterms.created",
    "dc.date",
    "dc.date.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "originalpublicationdate",
    "date",
    "article_date_original",
    "created",
    "release_date",
];

const MODIFIED: &[&str] = &["article:modified_time", "og:updated_time", "last-modified"];

const AUTHORS: &[&str] = &[
    "author",
    "article:author",
    "article:author_name",
    "byl",
    "byline",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "authors",
];

/// Longer lists of keywords are written for search engines, and are cut.
const MOST_TOPICS: usize = 30;

/// The date is in one of this many lines after the title, each of at most so many bytes.
const LINES_NEAR: usize = 15;
const LONGEST_DATE_LINE: usize = 80;

/// What a page states, in the order in which its statements are trusted.
struct Statements<'p> {
    page: &'p Metadata,
    /// The JSON-LD object of the article.
    article: Option<&'p Object>,
    og_title: String,
}

impl<'p> Statements<'p> {
    fn of(page: &'p Metadata) -> Self {
        let og_title = page.meta(&["og:title", "twitter:title", "dc.title", "citation_title"]);
        let mut statements = Self {
            page,
            article: None,
            og_title: og_title.map(shown_text).unwrap_or_default(),
        };
        statements.article = page
            .json_ld
            .article(|headline| statements.is_shown(headline));
        statements
    }

    /// Whether the page shows a headline as a heading or a title.
    fn is_shown(&self, headline: &str) -> bool {
        let headings = self.page.headings.iter();
        let mut titles = headings.chain([&self.og_title, &self.page.title]);
        titles.any(|title| begins_alike(title, headline))
    }

    /// The texts of a key of the JSON-LD article.
    fn texts(&self, key: &str) -> Vec<String> {
        let article = self.article.map(|a| self.page.json_ld.texts(a, key));
        article.unwrap_or_default()
    }

    fn text(&self, key: &str) -> Option<String> {
        self.texts(key).into_iter().next()
    }

    /// The content of the first of these `<meta>` names.
    fn meta(&self, names: &[&str]) -> Option<String> {
        self.page.meta(names).map(shown_text)
    }

    /// The contents of all `<meta>` with a name.
    fn metas(&self, name: &str) -> Vec<String> {
        self.page.metas(name).map(shown_text).collect()
    }

    /// The first value of a microdata property.
    fn item(&self, name: &str) -> Option<String> {
        self.page.items(name).next().map(str::to_owned)
    }

    fn title(&self, source: Option<&str>) -> String {
        let headings = &self.page.headings;
        let is_all_there_is = self.og_title.is_empty() && headings.is_empty();
        let is_in_title = |heading: &&String| self.page.title.contains(*heading);
        let is_told = |headline: &String| self.is_shown(headline) || is_all_there_is;
        self.text("headline")
            .filter(is_told)
            .or_else(|| non_empty(&self.og_title))
            .or_else(|| self.text("name").filter(is_told))
            .or_else(|| self.item("headline"))
            .or_else(|| headings.iter().find(is_in_title).cloned())
            .or_else(|| headings.first().cloned())
            .or_else(|| non_empty(&self.page.title))
            .map(|title| uncut(title, headings))
            .map(|title| without_site(title, source, headings))
            .unwrap_or_default()
    }

    fn source(&self) -> Option<String> {
        self.text("publisher")
            .or_else(|| self.meta(&["og:site_name", "application-name"]))
            .or_else(|| self.item("publisher"))
    }

    fn lang(&self) -> Option<String> {
        let names = ["og:locale", "content-language", "language"];
        let stated = [
            self.page.lang.clone(),
            self.text("inLanguage"),
            self.page.meta(&names).map(str::to_owned),
        ];
        stated.iter().flatten().find_map(|lang| language::tag(lang))
    }

    fn address(&self) -> Option<Url> {
        let stated = [
            self.page.canonical.clone(),
            self.page.meta(&["og:url"]).map(str::to_owned),
            self.text("url"),
            self.text("mainEntityOfPage"),
        ];
        let mut urls = stated.iter().flatten().filter_map(|a| Url::parse(a).ok());
        urls.find(|url| matches!(url.scheme(), "http" | "https"))
    }

    /// The dates of publication, the most trusted first.
    fn dates(&self) -> Vec<StatedDate> {
        let page = self.page;
        let metas = DATES.iter().flat_map(|name| page.metas(name));
        let unlisted = page.meta.iter().filter(|(name, _)| names_publication(name));
        let others = metas
            .chain(page.items("datePublished"))
            .chain(unlisted.map(|(_, content)| content.as_str()))
            .map(str::to_owned);
        let mut texts = [self.texts("datePublished"), self.texts("dateCreated")].concat();
        texts.extend(others);
        // A page may show other times before its own: these count only if there are no others.
        let stated = texts.into_iter().map(|text| (text, true));
        let shown = page.times.iter().map(|text| (text.clone(), false));
        let read = |(text, is_certain): (String, bool)| {
            let read = dates::read(&text).filter(|read| is_plausible(read.date))?;
            Some(StatedDate {
                text,
                read,
                is_certain,
            })
        };
        stated.chain(shown).filter_map(read).collect()
    }
}

struct StatedDate {
    text: String,
    read: ReadDate,
    is_certain: bool,
}

/// Sets all fields except those of the body.
pub(crate) fn set(reading: &mut Reading, page: &Metadata) {
    let stated = Statements::of(page);
    let source = stated.source();
    let address = stated.address();
    let front = &mut reading.front;
    front.title = stated.title(source.as_deref());
    front.authors = authors(&stated, source.as_deref());
    front.authors.retain(|name| Some(name) != source.as_ref());
    front.source = source;
    front.place = ["contentLocation", "locationCreated", "dateline"]
        .iter()
        .find_map(|key| stated.text(key));
    front.lang = stated.lang();
    let summaries = ["og:description", "description", "twitter:description"];
    front.summary = stated
        .text("description")
        .or_else(|| stated.meta(&summaries))
        .filter(|summary| !summary.is_empty());
    front.topics = topics(&stated, front.source.as_deref());
    if let Some(url) = &address {
        front.extra.insert("url".to_owned(), url.as_str().into());
    }
    set_dates(reading, &stated.dates(), address.as_ref());
    let modified = stated
        .text("dateModified")
        .or_else(|| page.meta(MODIFIED).map(str::to_owned));
    if let Some(modified) = modified {
        let extra = &mut reading.front.extra;
        extra.insert("modified".to_owned(), modified.into());
    }
    keep_signs(reading, &stated);
}

/// Keeps what says that a page may not be public: `<meta name="draft">`, microdata, and keys of the JSON-LD article.
fn keep_signs(reading: &mut Reading, stated: &Statements<'_>) {
    let page = stated.page.meta.iter().chain(&stated.page.items);
    let page = page.map(|(key, value)| (key.as_str(), Value::from(value.as_str())));
    let article = stated.article.into_iter().flatten();
    let article = article.map(|(key, value)| (key.as_str(), value.clone()));
    for (key, value) in page.chain(article) {
        let says = SignReader::default().read(key, &value);
        if says.is_some_and(|says| says != Publicity::Public) {
            reading.keep(key.replace([':', '-', '.'], "_"), value);
        }
    }
}

/// Sets the date of publication: the first that is stated, or a later one that gives the same day more exactly.
/// Statements of other days are kept as `other_dates`.
fn set_dates(reading: &mut Reading, dates: &[StatedDate], address: Option<&Url>) {
    let Some(first) = dates.first() else {
        reading.front.date = address.and_then(|url| dates::in_address(url.as_str()));
        if reading.front.date.is_some() {
            reading.infer("date");
        }
        return;
    };
    if !first.is_certain {
        reading.infer("date");
    }
    let date = most_exact(first.read.date, dates);
    let is_far = |other: Date| {
        let seconds = other.instant(chrono_tz::UTC) - date.instant(chrono_tz::UTC);
        seconds.abs() > 36 * 3_600
    };
    let mut others: Vec<&str> = Vec::new();
    for other in dates.iter().filter(|d| d.is_certain && is_far(d.read.date)) {
        if !others.contains(&other.text.as_str()) {
            others.push(&other.text);
        }
    }
    set_date(reading, ReadDate { date, ..first.read });
    if !others.is_empty() {
        let extra = &mut reading.front.extra;
        extra.insert("other_dates".to_owned(), others.into());
    }
}

/// The first of the dates on the same day that has a time, and an offset if one of them gives it for that time.
fn most_exact(date: Date, dates: &[StatedDate]) -> Date {
    let same_day = || {
        let dates = dates.iter().map(|stated| stated.read.date);
        dates.filter(|other| day(*other) == day(date))
    };
    let Some(timed) = same_day().find(|other| other.time().is_some()) else {
        return date;
    };
    match has_offset(timed) {
        true => timed,
        false => same_day()
            .find(|other| has_offset(*other) && other.time() == timed.time())
            .unwrap_or(timed),
    }
}

/// The date that the page shows near its title: a short line that ends with a date.
pub(crate) fn shown_date(blocks: &[Block], title: &str) -> Option<Date> {
    // A quotation, such as that of a message, has a day of its own.
    let is_quoted = |block: &&Block| {
        let mut within = block.within.iter();
        within.any(|container| matches!(container, Container::Quote(_)))
    };
    let own = blocks.iter().filter(|block| !is_quoted(block));
    let texts: Vec<&String> = own.flat_map(|block| &block.texts).collect();
    let at = texts
        .iter()
        .rposition(|text| text.as_str() == title)
        .unwrap_or(0);
    let short = texts[at..]
        .iter()
        .take(LINES_NEAR)
        .filter(|text| text.len() <= LONGEST_DATE_LINE);
    short.copied().find_map(|text| {
        let words = text.match_indices(' ').map(|(at, _)| at + 1);
        let ends = std::iter::once(0).chain(words).map(|at| &text[at..]);
        let read = ends.filter_map(dates::read).map(|read| read.date);
        read.filter(|date| date.day().is_some())
            .find(|date| is_plausible(*date))
    })
}

/// Whether the date gives its offset, so that the time zone does not matter.
fn has_offset(date: Date) -> bool {
    date.instant(chrono_tz::UTC) == date.instant(chrono_tz::Asia::Tokyo)
}

fn day(date: Date) -> (i32, Option<u32>, Option<u32>) {
    (date.year(), date.month(), date.day())
}

/// Whether the name of a `<meta>`, not in the list, is that of a date of publication.
fn names_publication(name: &str) -> bool {
    let is_other = [
        "modif", "updat", "expir", "revis", "crawl", "last", "valid", "access",
    ];
    let is_date = name.contains("date") || name.contains("publish") || name.contains("posted");
    is_date && !DATES.contains(&name) && !is_other.iter().any(|part| name.contains(part))
}

/// Systems write 1 January 1970 if they do not know a date.
fn is_plausible(date: Date) -> bool {
    date.year() >= 1400 && day(date) != (1970, Some(1), Some(1))
}

/// The names of the first statement that names an author.
fn authors(stated: &Statements<'_>, source: Option<&str>) -> Vec<String> {
    let metas = AUTHORS.iter().map(|name| stated.metas(name));
    let items = stated.page.items("author").map(str::to_owned).collect();
    let statements = [stated.texts("author"), stated.texts("creator")]
        .into_iter()
        .chain(metas)
        .chain([items, stated.page.authors.clone()]);
    statements
        .map(|statement| names::authors(&statement, source))
        .find(|names| !names.is_empty())
        .unwrap_or_default()
}

/// Keywords and sections. Keywords for search engines are read only if there are no others.
fn topics(stated: &Statements<'_>, source: Option<&str>) -> Vec<String> {
    let mut tags = [stated.texts("keywords"), stated.metas("article:tag")].concat();
    if tags.is_empty() {
        tags = [stated.metas("news_keywords"), stated.metas("keywords")]
            .into_iter()
            .find(|tags| !tags.is_empty())
            .unwrap_or_default();
    }
    let sections = [
        stated.texts("articleSection"),
        stated.metas("article:section"),
    ]
    .concat();
    let mut topics = names::topics(&sections, source);
    for name in names::topics(&tags, source) {
        names::add(&mut topics, &name);
    }
    topics.truncate(MOST_TOPICS);
    topics
}

/// The heading that continues a title which its format cut, else the title.
fn uncut(title: String, headings: &[String]) -> String {
    let cut = title.trim_end_matches(['…', '.', ' ']);
    let continues = |heading: &&String| {
        let title_is_cut = cut.len() < title.len() || title.chars().count() >= 100;
        heading.len() > title.len() && title_is_cut && heading.starts_with(cut) && cut.len() > 20
    };
    headings.iter().find(continues).cloned().unwrap_or(title)
}

/// A title without the name of the site that follows or precedes it.
fn without_site(title: String, source: Option<&str>, headings: &[String]) -> String {
    let separators = [" - ", " | ", " – ", " — ", " · ", " » ", " :: ", " • "];
    for separator in separators {
        if let Some((before, after)) = title.rsplit_once(separator) {
            let is_site = source.is_some_and(|site| site.eq_ignore_ascii_case(after.trim()));
            if is_site || headings.iter().any(|heading| heading == before.trim()) {
                return before.trim().to_owned();
            }
        }
        if let Some((before, after)) = title.split_once(separator) {
            let is_site = source.is_some_and(|site| site.eq_ignore_ascii_case(before.trim()));
            if is_site || headings.iter().any(|heading| heading == after.trim()) {
                return after.trim().to_owned();
            }
        }
    }
    title
}

/// Whether two titles have the same first letters and digits; either may be cut.
fn begins_alike(a: &str, b: &str) -> bool {
    let beginning = |text: &str| -> Vec<char> {
        let lower = text.chars().filter(|c| c.is_alphanumeric());
        lower.flat_map(char::to_lowercase).take(40).collect()
    };
    let (a, b) = (beginning(a), beginning(b));
    let length = a.len().min(b.len());
    length >= 8 && a[..length] == b[..length] || a == b && !a.is_empty()
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
