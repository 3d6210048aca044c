//! Statements of a page → fields of an article: which statement wins, and what becomes of the others.

use url::Url;

use super::metadata::{Metadata, decoded};
use crate::import::html::Block;
use crate::import::layouts::text::set_date;
use crate::import::reading::Reading;
use crate::import::repair::dates::{self, ReadDate};
use crate::import::repair::{byline, language};
use crate::model::Date;

/// Names of `<meta>` that hold the day of publication, the most exact first.
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

/// A list of keywords that is longer than this is written for search engines.
const MOST_TOPICS: usize = 30;

/// How many lines after the title may hold its date, and how long such a line is, in bytes.
const LINES_NEAR: usize = 15;
const LONGEST_DATE_LINE: usize = 80;

/// Sets all fields but the body's.
pub fn set(reading: &mut Reading, page: &Metadata) {
    let heading = page.headings.first().cloned().unwrap_or_default();
    let og_title = page.meta(&["og:title", "twitter:title", "dc.title", "citation_title"]);
    let og_title = og_title.map(decoded).unwrap_or_default();
    let is_shown = |headline: &str| {
        let mut titles = page.headings.iter().chain([&og_title, &page.title]);
        titles.any(|title| begins_alike(title, headline))
    };
    let json = &page.json_ld;
    let article = json.article(is_shown);
    let texts = |key: &str| article.map(|a| json.texts(a, key)).unwrap_or_default();
    let text = |key: &str| texts(key).into_iter().next();

    let source = text("publisher")
        .or_else(|| {
            page.meta(&["og:site_name", "application-name"])
                .map(decoded)
        })
        .or_else(|| page.items("publisher").next().map(str::to_owned));
    let front = &mut reading.front;
    front.title = text("headline")
        .or_else(|| text("name"))
        .filter(|headline| is_shown(headline) || og_title.is_empty() && heading.is_empty())
        .or_else(|| some(og_title.clone()))
        .or_else(|| page.items("headline").next().map(str::to_owned))
        .or_else(|| {
            page.headings
                .iter()
                .find(|h| page.title.contains(*h))
                .cloned()
        })
        .or_else(|| some(heading.clone()))
        .or_else(|| some(page.title.clone()))
        .map(|title| whole(title, &page.headings))
        .map(|title| without_site(title, source.as_deref(), &page.headings))
        .unwrap_or_default();

    front.authors = authors(page, texts("author"), texts("creator"));
    front.authors.retain(|name| Some(name) != source.as_ref());
    front.source = source;
    front.place = text("contentLocation")
        .or_else(|| text("locationCreated"))
        .or_else(|| text("dateline"));
    front.lang = [page.lang.clone(), text("inLanguage")]
        .into_iter()
        .flatten()
        .chain(
            page.meta(&["og:locale", "content-language", "language"])
                .map(str::to_owned),
        )
        .find_map(|lang| language::tag(&lang));
    front.summary = text("description")
        .or_else(|| {
            page.meta(&["og:description", "description", "twitter:description"])
                .map(decoded)
        })
        .filter(|summary| !summary.is_empty());
    front.topics = topics(page, texts("keywords"), texts("articleSection"));

    let address = [
        page.canonical.clone(),
        page.meta(&["og:url"]).map(str::to_owned),
        text("url"),
        text("mainEntityOfPage"),
    ];
    let addresses = address
        .into_iter()
        .flatten()
        .filter_map(|a| Url::parse(&a).ok());
    let mut addresses = addresses.filter(|url| matches!(url.scheme(), "http" | "https"));
    let address = addresses.next();
    if let Some(url) = &address {
        front.extra.insert("url".to_owned(), url.as_str().into());
    }
    let stated = [texts("datePublished"), texts("dateCreated")].concat();
    set_dates(reading, page, stated, address.as_ref());
    let modified = text("dateModified").or_else(|| page.meta(MODIFIED).map(str::to_owned));
    if let Some(modified) = modified {
        reading
            .front
            .extra
            .insert("modified".to_owned(), modified.into());
    }
}

/// The day of publication: the first statement that is a date, or a later one that says the same day more exactly.
/// Statements of other days are noted in `other_dates`.
fn set_dates(
    reading: &mut Reading,
    page: &Metadata,
    mut stated: Vec<String>,
    address: Option<&Url>,
) {
    stated.extend(
        DATES
            .iter()
            .flat_map(|name| page.metas(name))
            .map(str::to_owned),
    );
    stated.extend(page.items("datePublished").map(str::to_owned));
    let others = page.meta.iter().filter(|(name, _)| says_date(name));
    stated.extend(others.map(|(_, content)| content.clone()));
    let certain = stated.len();
    // A page may show other times before its own: these count only where nothing else does.
    stated.extend(page.times.iter().cloned());
    let read = |text: &String| dates::read(text).filter(|read| is_plausible(read.date));
    let dates: Vec<(usize, ReadDate)> = stated
        .iter()
        .enumerate()
        .filter_map(|(rank, text)| Some((rank, read(text)?)))
        .collect();
    let Some((first_rank, first)) = dates.first() else {
        reading.front.date = address.and_then(|url| dates::in_path(&(url.path().to_owned() + "/")));
        if reading.front.date.is_some() {
            reading.infer("date");
        }
        return;
    };
    if *first_rank >= certain {
        reading.infer("date");
    }
    let same_day = |date: Date| (date.year(), date.month(), date.day()) == day(first.date);
    let exact = dates
        .iter()
        .map(|(_, read)| read)
        .filter(|read| same_day(read.date));
    let best = exact.max_by_key(|read| {
        // The first of those that are equally exact: a later one must say more.
        let rank = dates
            .iter()
            .position(|(_, r)| std::ptr::eq(r, *read))
            .unwrap_or(0);
        (read.date.time().is_some(), std::cmp::Reverse(rank))
    });
    let best = best.unwrap_or(first).date;
    // The same time with its offset says more.
    let same_time = |date: &Date| same_day(*date) && date.time() == best.time();
    let with_offset = |date: &Date| has_offset(*date) && same_time(date);
    let best = match best.time().is_some() && !has_offset(best) {
        true => dates
            .iter()
            .map(|(_, read)| read.date)
            .find(with_offset)
            .unwrap_or(best),
        false => best,
    };
    let days: Vec<Date> = dates
        .iter()
        .filter(|(rank, _)| *rank < certain)
        .map(|(_, r)| r.date)
        .collect();
    let mut others: Vec<String> = Vec::new();
    for (other, (rank, _)) in days.iter().zip(&dates) {
        let far = (other.instant(chrono_tz::UTC) - best.instant(chrono_tz::UTC)).abs() > 36 * 3_600;
        if far && !others.contains(&stated[*rank]) {
            others.push(stated[*rank].clone());
        }
    }
    let chosen = ReadDate {
        date: best,
        ..*first
    };
    set_date(reading, chosen);
    if !others.is_empty() {
        reading
            .front
            .extra
            .insert("other_dates".to_owned(), others.into());
    }
}

/// The date that the page shows near its title: a short line that ends with one.
pub fn shown_date(blocks: &[Block], title: &str) -> Option<Date> {
    let texts: Vec<&String> = blocks.iter().flat_map(|block| &block.texts).collect();
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

/// Whether the instant is known without a time zone.
fn has_offset(date: Date) -> bool {
    date.instant(chrono_tz::UTC) == date.instant(chrono_tz::Asia::Tokyo)
}

fn day(date: Date) -> (i32, Option<u32>, Option<u32>) {
    (date.year(), date.month(), date.day())
}

/// Whether a name that no list holds is that of a day of publication.
fn says_date(name: &str) -> bool {
    let is_other = [
        "modif", "updat", "expir", "revis", "crawl", "last", "valid", "access",
    ];
    let is_date = name.contains("date") || name.contains("publish") || name.contains("posted");
    is_date && !DATES.contains(&name) && !is_other.iter().any(|part| name.contains(part))
}

/// Systems write the beginning of their own time where they know none.
fn is_plausible(date: Date) -> bool {
    date.year() >= 1400 && day(date) != (1970, Some(1), Some(1))
}

fn authors(page: &Metadata, stated: Vec<String>, creators: Vec<String>) -> Vec<String> {
    let metas = AUTHORS
        .iter()
        .map(|name| page.metas(name).map(decoded).collect());
    let items = page.items("author").map(str::to_owned).collect();
    let all = [stated, creators]
        .into_iter()
        .chain(metas)
        .chain([items, page.authors.clone()]);
    for group in all {
        let mut names: Vec<String> = Vec::new();
        for name in group.iter().flat_map(|name| byline::names(name)) {
            let is_account = ["admin", "administrator"].contains(&name.to_lowercase().as_str());
            let is_name =
                !is_account && name.len() <= 100 && !name.contains("://") && !name.starts_with('@');
            if is_name
                && !names
                    .iter()
                    .any(|known| known.to_lowercase() == name.to_lowercase())
            {
                names.push(name);
            }
        }
        if !names.is_empty() {
            return names;
        }
    }
    Vec::new()
}

/// Keywords and sections; the keywords for search engines only where there are no others.
fn topics(page: &Metadata, keywords: Vec<String>, sections: Vec<String>) -> Vec<String> {
    let metas = |name| page.metas(name).map(decoded).collect::<Vec<_>>();
    let mut tags = [keywords, metas("article:tag")].concat();
    if tags.is_empty() {
        tags = [metas("news_keywords"), metas("keywords")]
            .into_iter()
            .find(|t| !t.is_empty())
            .unwrap_or_default();
    }
    let sections = [sections, metas("article:section")].concat();
    let mut topics: Vec<String> = Vec::new();
    for name in [sections, tags].iter().flat_map(|group| parted(group)) {
        let known = |topic: &String| topic.to_lowercase() == name.to_lowercase();
        let is_name = name.chars().any(char::is_alphabetic)
            && name.len() <= 80
            && !name.contains("://")
            && !name.starts_with('@');
        if is_name && !topics.iter().any(known) {
            topics.push(name.to_owned());
        }
    }
    topics.truncate(MOST_TOPICS);
    topics
}

/// One text may list several names; a list of texts has each by itself, and their commas are their own.
fn parted(group: &[String]) -> Vec<&str> {
    match group {
        [one] => one.split([',', ';', '|']).map(str::trim).collect(),
        more => more.iter().map(|name| name.trim()).collect(),
    }
}

/// Some formats cut headlines; the heading that goes on is the whole of it.
fn whole(title: String, headings: &[String]) -> String {
    let cut = title.trim_end_matches(['…', '.', ' ']);
    let goes_on = |heading: &&String| {
        let title_is_cut = cut.len() < title.len() || title.chars().count() >= 100;
        heading.len() > title.len() && title_is_cut && heading.starts_with(cut) && cut.len() > 20
    };
    headings.iter().find(goes_on).cloned().unwrap_or(title)
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

/// Whether two titles have the same first letters; whichever is cut.
fn begins_alike(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        let lower = text.chars().filter(|c| c.is_alphanumeric());
        lower.flat_map(char::to_lowercase).take(40).collect()
    };
    let (a, b) = (letters(a), letters(b));
    let length = a.len().min(b.len());
    length >= 8 && a[..length] == b[..length] || a == b && !a.is_empty()
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
