//! The page about the origin of an archive: the sources of its articles, which fields were read or inferred, and how the words
//! of the records were used. It exists if anything was imported.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;
use tera::Value;

use super::site_page::SitePage;
use super::template_context::{self, Frame};
use super::{PageKey, View};
use crate::import::layouts::title_of;
use crate::model::Class;
use crate::model::digits::grouped;
use crate::model::import_stats::{CountedField, FieldCounts};
use crate::model::term::{ArticleNo, ListId};

#[derive(Serialize)]
struct AboutView {
    /// The number of imported articles.
    articles: String,
    /// The number of all articles; empty if all were imported.
    of: String,
    first: Value,
    last: Value,
    kinds: Vec<Share>,
    fields: Vec<FieldView>,
    words: Option<WordsView>,
}

/// A share: its number with grouped digits, and its percentage, such as `83.2`.
#[derive(Serialize)]
struct Share {
    name: String,
    count: String,
    percent: String,
}

#[derive(Serialize)]
struct FieldView {
    name: &'static str,
    read: Share,
    inferred: Share,
    unknown: Share,
}

#[derive(Serialize)]
struct WordsView {
    all: String,
    parts: Vec<Share>,
    set_aside: Share,
    /// Articles whose words were not counted; empty if there are none.
    uncounted: String,
}

/// The page about the import.
pub(crate) static ABOUT_ARCHIVE: SitePage = SitePage {
    name: "about",
    class: Class::List,
    path: "about-this-archive.html",
    template: "about_archive.html",
    title: "About this archive",
    is_in_sitemap: true,
    exists: Some(|view| view.library.import_stats().articles > 0),
    context: |view, frame| {
        let frame = Frame {
            description: "What the articles were made from, what was read of each, and what was inferred.",
            ..frame
        };
        frame.context(view, &[("about", about(view))])
    },
    ..SitePage::BASE
};

/// The path of the page; `None` if there is no such page, or another page has its path.
pub(crate) fn path(view: &View<'_>) -> Option<&'static str> {
    let holder = PageKey::at(view, ABOUT_ARCHIVE.path).next()?;
    holder.is_of(&ABOUT_ARCHIVE).then_some(ABOUT_ARCHIVE.path)
}

fn about(view: &View<'_>) -> AboutView {
    let stats = view.library.import_stats();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (layout, articles) in &stats.layouts {
        *kinds.entry(title_of(layout)).or_default() += articles;
    }
    let mut kinds: Vec<(&str, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, articles)| Reverse(*articles));
    let kinds = kinds
        .into_iter()
        .map(|(name, articles)| share(name.to_owned(), articles as u64, stats.articles as u64));
    let fields = FIELDS.into_iter().map(|(name, field)| {
        let FieldCounts {
            found,
            inferred,
            ambiguous,
            missing,
        } = stats.field(field);
        let of =
            |name: &str, count: usize| share(name.to_owned(), count as u64, stats.articles as u64);
        FieldView {
            name,
            read: of("read", found),
            inferred: of("inferred", inferred + ambiguous),
            unknown: of("not known", missing),
        }
    });
    let articles = view.library.articles(ListId::Archive);
    let is_dated = |article: &&ArticleNo| {
        let raw = view
            .library
            .details(**article)
            .is_some_and(|own| own.raw.is_some());
        raw && view
            .library
            .card(**article)
            .is_some_and(|card| card.date.is_some())
    };
    let date = |article: Option<&ArticleNo>| {
        article.map_or_else(Value::none, |article| {
            template_context::date(view, *article)
        })
    };
    AboutView {
        articles: grouped(stats.articles as u64),
        of: match articles.len() {
            all if all > stats.articles => grouped(all as u64),
            _ => String::new(),
        },
        first: date(articles.iter().find(is_dated)),
        last: date(articles.iter().rev().find(is_dated)),
        kinds: kinds.collect(),
        fields: fields.collect(),
        words: words(view),
    }
}

/// `None` if no article's words were counted.
fn words(view: &View<'_>) -> Option<WordsView> {
    let stats = view.library.import_stats();
    let (words, all) = (&stats.words, stats.words.sum());
    let part = |name: &str, count: u64| share(name.to_owned(), count, all);
    (all > 0).then(|| WordsView {
        all: grouped(all),
        parts: vec![
            part("Text", words.body),
            part("Titles, dates and other fields", words.field),
            part("Labels and marks", words.label),
            part("Set aside", words.removed),
        ],
        set_aside: part("Set aside", words.removed),
        uncounted: match stats.uncounted {
            0 => String::new(),
            uncounted => grouped(uncounted as u64),
        },
    })
}

fn share(name: String, count: u64, of: u64) -> Share {
    // To the nearest tenth of a percent.
    let tenths = (u128::from(count) * 1_000 + u128::from(of) / 2) / u128::from(of.max(1));
    Share {
        name,
        count: grouped(count),
        percent: format!("{}.{}", tenths / 10, tenths % 10),
    }
}

/// The fields on the page, without the language: an article names it only if it differs from the site's.
const FIELDS: [(&str, CountedField); 7] = [
    ("Title", CountedField::Title),
    ("Date", CountedField::Date),
    ("Authors", CountedField::Authors),
    ("Topics", CountedField::Topics),
    ("Place", CountedField::Place),
    ("Source", CountedField::Source),
    ("Paragraphs", CountedField::Paragraphs),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded() {
        let percent = |count, of| share(String::new(), count, of).percent;
        assert_eq!(
            [percent(1, 3), percent(0, 0), percent(7, 7)],
            ["33.3", "0.0", "100.0"]
        );
    }
}
