//! An article's page; if it is withdrawn, a short page with the reason.

use serde::Serialize;
use tera::Value;

use super::template_context::{self, Frame};
use super::{Page, PageContent, PageKind, View};
use crate::model::card::{ArticleDetails, Extra};
use crate::model::digest::hex;
use crate::model::front_matter_keys::{KEYS, KeySpec};
use crate::model::library::InternalLink;
use crate::model::subject::Subject;
use crate::model::term::{ArticleNo, ListId};
use crate::model::{Class, FrontMatter};

pub(crate) struct ArticlePage;

/// The template of a withdrawn article.
pub(crate) const WITHDRAWN: &str = "withdrawn.html";

#[derive(Serialize)]
struct ArticleView<'a> {
    id: &'a str,
    title: &'a str,
    path: &'a str,
    date: Value,
    summary: &'a str,
    place: &'a str,
    source: &'a str,
    lang: &'a str,
    dir: &'static str,
    authors: Vec<Value>,
    topics: Vec<Value>,
    previous: Option<Neighbour<'a>>,
    next: Option<Neighbour<'a>>,
    raw: Option<RawView<'a>>,
    inferred: &'a [String],
    #[serde(flatten)]
    keys: Extra,
    extra: Option<&'a Extra>,
}

#[derive(Serialize)]
struct Neighbour<'a> {
    name: &'a str,
    path: &'a str,
    date: Value,
}

#[derive(Serialize)]
struct RawView<'a> {
    path: &'a str,
    record: &'a str,
    blake3: &'a str,
    layout: &'a str,
}

#[derive(Serialize)]
struct WithdrawnView<'a> {
    id: &'a str,
    title: &'a str,
    path: &'a str,
    date: Value,
    reason: &'a str,
}

impl PageKind for ArticlePage {
    fn name(&self) -> &'static str {
        "article"
    }

    fn class(&self) -> Class {
        Class::Article
    }

    fn paths(&self, view: &View<'_>, subject: &Subject) -> Vec<String> {
        let Subject::Article(article) = subject else {
            return Vec::new();
        };
        view.library
            .card(*article)
            .map(|card| card.path.to_owned())
            .into_iter()
            .collect()
    }

    fn subject(&self, view: &View<'_>, path: &str) -> Option<Subject> {
        view.library.article_at(path).map(Subject::Article)
    }

    fn class_of(&self, page: &Page) -> Class {
        match &page.content {
            PageContent::Template { name, .. } if *name == WITHDRAWN => Class::Withdrawn,
            _ => self.class(),
        }
    }

    fn link_target(&self, _: &View<'_>, subject: &Subject, _: &str) -> Option<InternalLink> {
        match subject {
            Subject::Article(article) => Some(InternalLink::Article(*article)),
            _ => None,
        }
    }

    fn is_of_one_article(&self) -> bool {
        true
    }

    fn content(&self, view: &View<'_>, subject: &Subject, path: &str) -> Option<PageContent> {
        let Subject::Article(article) = *subject else {
            return None;
        };
        let (card, details) = (view.library.card(article)?, view.library.details(article)?);
        let frame = Frame {
            kind: self.name(),
            path,
            title: card.title,
            lang: details.lang.as_deref().unwrap_or(&view.settings.language),
            ..Frame::default()
        };
        if let Some(reason) = details.withdrawn.as_deref() {
            let shown = WithdrawnView {
                id: card.id,
                title: card.title,
                path,
                date: template_context::date(view, article),
                reason,
            };
            return Some(PageContent::Template {
                name: WITHDRAWN,
                context: frame.context(view, &[("article", shown)]),
                bodies: Vec::new(),
            });
        }
        let frame = Frame {
            description: card.summary,
            ..frame
        };
        let shown = article_view(view, article, frame.lang)?;
        let mut context = frame.context(view, &[("article", shown)]);
        context.push(("body_digest", Value::from(hex(&details.body))));
        let file = view.library.file(article)?;
        let body = template_context::body_reference(view, file, card.title, details, path, false);
        Some(PageContent::Template {
            name: "article.html",
            context,
            bodies: vec![body],
        })
    }
}

fn article_view<'a>(view: &View<'a>, article: ArticleNo, lang: &'a str) -> Option<ArticleView<'a>> {
    let library = view.library;
    let (card, details) = (library.card(article)?, library.details(article)?);
    let (previous, next) = library.neighbours(article);
    let link = |list, name: &str| template_context::list_link(view, list, name);
    let authors = library.authors_of(article);
    let topics = library.topics_of(article);
    Some(ArticleView {
        id: card.id,
        title: card.title,
        path: card.path,
        date: template_context::date(view, article),
        summary: card.summary,
        place: card.place.unwrap_or_default(),
        source: card.source.unwrap_or_default(),
        lang,
        dir: template_context::direction(lang),
        authors: authors
            .map(|(name, t)| link(ListId::Author(t), name))
            .collect(),
        topics: topics
            .map(|(name, t, _)| link(ListId::Topic(t), name))
            .collect(),
        previous: previous.and_then(|a| neighbour(view, a)),
        next: next.and_then(|a| neighbour(view, a)),
        raw: details.raw.as_deref().map(|raw| RawView {
            path: &raw.path,
            record: &raw.record,
            blake3: &raw.blake3,
            layout: &raw.layout,
        }),
        keys: template_keys(details),
        inferred: &details.inferred,
        extra: details.extra.as_deref(),
    })
}

/// The keys that only templates use, each with its value or an empty one.
fn template_keys(own: &ArticleDetails) -> Extra {
    let keys = KEYS.iter().filter(|key| !key.is_modelled);
    let value = |key: &KeySpec| own.keys.as_ref()?.get(key.name).cloned();
    let empty = FrontMatter::default();
    keys.map(|key| {
        let value = value(key).unwrap_or_else(|| key.template_value(&empty));
        (key.name.to_owned(), value)
    })
    .collect()
}

fn neighbour<'a>(view: &View<'a>, article: ArticleNo) -> Option<Neighbour<'a>> {
    let card = view.library.card(article)?;
    Some(Neighbour {
        name: card.title,
        path: card.path,
        date: template_context::date(view, article),
    })
}
