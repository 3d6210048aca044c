//! `backfile topics`

mod explain;
mod review;

use serde_json::{Map, Value, json};

use super::report::{Done, count, open_cache};
use crate::build::SiteSnapshot;
use crate::cli::{Global, Topics, TopicsCommand};
use crate::diagnostics::Result;
use crate::model::term::{ListId, Term};
use crate::site::Site;
use crate::topics;

pub fn run(args: &Topics, global: &Global) -> Result<Done> {
    let site = Site::open(&global.site, None)?;
    match &args.command {
        None => list(&site, global),
        Some(TopicsCommand::Discover) => discover(&site),
        Some(TopicsCommand::Learn) => learn(&site),
        Some(TopicsCommand::Review) => review::run(&site, global),
        Some(TopicsCommand::Explain { article }) => explain::run(&site, article, global),
    }
}

fn list(site: &Site, global: &Global) -> Result<Done> {
    let snapshot = SiteSnapshot::read(site.clone(), &mut open_cache(site, global)?)?;
    let (library, diagnostics) = (&snapshot.library, snapshot.diagnostics());
    let mut topics = library.topics();
    topics.sort_by_key(|(_, topic)| std::cmp::Reverse(topic.articles.len()));
    let lines = topics
        .iter()
        .map(|(_, topic)| format!("{:>6}  {}", topic.articles.len(), topic.name()))
        .collect();
    let as_json = |topic: &Term| {
        json!({
            "id": topic.id,
            "name": topic.name(),
            "kind": topic.kind,
            "parent": topic.parent().map(|parent| &library.topic(parent).id),
            "articles": topic.articles.len(),
        })
    };
    let listed: Vec<Value> = topics.iter().map(|(_, topic)| as_json(topic)).collect();
    let articles: Map<String, Value> = library
        .articles(ListId::Archive)
        .iter()
        .filter_map(|article| {
            let ids: Vec<Value> = library
                .topics_of(*article)
                .map(|(_, no, _)| Value::from(&*library.topic(no).id))
                .collect();
            Some((library.card(*article)?.id.to_owned(), Value::from(ids)))
        })
        .collect();
    let json = json!({ "topics": listed, "articles": articles });
    Ok(Done {
        lines,
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics,
        ..Done::default()
    })
}

fn discover(site: &Site) -> Result<Done> {
    let new = topics::add_proposed(site)?;
    let mut lines: Vec<String> = new
        .iter()
        .map(|topic| format!("+ {}", topic.name))
        .collect();
    lines.push(match new.len() {
        0 => "nothing new to propose".to_owned(),
        number => format!("added {} to topics.toml", count(number, "topic")),
    });
    let json = json!({ "added": new.iter().map(|topic| &topic.id).collect::<Vec<_>>() });
    Ok(Done {
        lines,
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics: Vec::new(),
        ..Done::default()
    })
}

fn learn(site: &Site) -> Result<Done> {
    let learned = topics::learn_rules(site)?;
    let line =
        |(id, articles): &(String, usize)| format!("{id}: from {}", count(*articles, "article"));
    let mut lines: Vec<String> = learned.topics.iter().map(line).collect();
    lines.push(match learned.topics.len() {
        0 => "nothing to learn: no two topics without a rule are named by 10 articles each"
            .to_owned(),
        _ => format!(
            "agrees with {:.0} % of the labels (F1, cross-validated)",
            100.0 * learned.f1
        ),
    });
    let ids: Vec<&String> = learned.topics.iter().map(|(id, _)| id).collect();
    let json = json!({ "learned": ids, "f1": learned.f1 });
    Ok(Done {
        lines,
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics: Vec::new(),
        ..Done::default()
    })
}
