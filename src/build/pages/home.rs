//! The home page: the newest articles, the largest topics, the years.

use std::cmp::Reverse;
use std::collections::HashSet;

use serde::Serialize;
use tera::Value;

use super::site_page::SitePage;
use super::template_context::{self, CountedLink, Frame};
use super::{View, about_archive, archive, feed};
use crate::model::period::Period;
use crate::model::term::{ArticleNo, ListId, Term, TermNo};

const NEWEST: usize = 13;
const SECTIONS: usize = 6;
const SECTION_CARDS: usize = 4;
const TOPICS: usize = 24;

#[derive(Serialize)]
struct HomeView {
    cards: Vec<Value>,
    sections: Vec<HomeSection>,
    topics: Vec<CountedLink>,
    years: Vec<CountedLink>,
    articles: usize,
    about: Option<&'static str>,
    first: Value,
    last: Value,
}

#[derive(Serialize)]
struct HomeSection {
    name: String,
    path: String,
    cards: Vec<Value>,
}

/// The page at the website's root.
pub(crate) static HOME: SitePage = SitePage {
    name: "home",
    path: "index.html",
    template: "home.html",
    is_in_sitemap: true,
    context,
    ..SitePage::BASE
};

fn context(view: &View<'_>, frame: Frame<'_>) -> Vec<(&'static str, Value)> {
    let articles = view.library.articles(ListId::Archive);
    let newest: Vec<_> = articles.iter().rev().take(NEWEST).copied().collect();
    let mut largest: Vec<(TermNo, &Term)> = view.library.topics();
    largest.sort_by_key(|(_, topic)| Reverse(topic.articles.len()));
    let stem = |number| template_context::list_stem(view, ListId::Topic(number));
    let path_of = |number| template_context::list_path(stem(number).as_deref(), Period::All);
    let sections = sections(view, &largest, &newest);
    let dated = |article: &&u32| {
        view.library
            .card(**article)
            .is_some_and(|c| c.date.is_some())
    };
    let date_of = |article: Option<&u32>| {
        article.map_or_else(Value::none, |a| template_context::date(view, *a))
    };
    let home = HomeView {
        cards: template_context::cards(view, &newest),
        sections,
        topics: largest
            .iter()
            .take(TOPICS)
            .map(|(no, topic)| CountedLink::of_term(topic, path_of(*no)))
            .collect(),
        years: archive::years(view),
        articles: articles.len(),
        about: about_archive::path(view),
        first: date_of(articles.iter().find(dated)),
        last: date_of(articles.iter().rev().find(dated)),
    };
    let description = view.settings.site["description"].as_str();
    let frame = Frame {
        title: &view.settings.title,
        description: description.unwrap_or_default(),
        feed: feed::path(view, ListId::Archive),
        ..frame
    };
    frame.context(view, &[("home", home)])
}

/// The largest topics with their newest articles that are not shown above on the page.
fn sections(view: &View<'_>, largest: &[(TermNo, &Term)], above: &[ArticleNo]) -> Vec<HomeSection> {
    let mut shown: HashSet<ArticleNo> = above.iter().copied().collect();
    let mut sections = Vec::new();
    for (number, topic) in largest {
        let fresh = topic.articles.iter().rev().filter(|a| !shown.contains(a));
        let articles: Vec<ArticleNo> = fresh.take(SECTION_CARDS).copied().collect();
        // A section of one or two titles would leave the page almost empty there.
        if articles.len() < SECTION_CARDS.min(3) {
            continue;
        }
        shown.extend(&articles);
        let stem = template_context::list_stem(view, ListId::Topic(*number));
        sections.push(HomeSection {
            name: topic.name().to_owned(),
            path: template_context::list_path(stem.as_deref(), Period::All),
            cards: template_context::cards(view, &articles),
        });
        if sections.len() == SECTIONS {
            break;
        }
    }
    sections
}
