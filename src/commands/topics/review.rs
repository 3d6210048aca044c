//! `backfile topics review`: the topics that a person should look at first.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::build::{SiteSnapshot, TopicSet};
use crate::cli::Global;
use crate::commands::report::{Done, count, open_cache};
use crate::diagnostics::Result;
use crate::model::Library;
use crate::model::term::{ListId, Term, TermNo};
use crate::settings::TopicDefinition;
use crate::site::Site;

/// In percent: a topic of a larger share of the articles distinguishes little, unless it is a subject.
const MANY: usize = 30;
/// A topic of fewer articles is hardly worth a page.
const FEW: usize = 2;
/// In percent: the share of the articles of the smaller topic that both have, from which two topics overlap.
const OVERLAP: usize = 90;
/// Topics of fewer articles overlap by chance.
const MIN_OVERLAPPING: usize = 5;

/// Something to look at.
struct Finding {
    topic: TermNo,
    problem: &'static str,
    with: Option<TermNo>,
    what: String,
}

pub(super) fn run(site: &Site, global: &Global) -> Result<Done> {
    let SiteSnapshot { library, .. } =
        SiteSnapshot::read(site.clone(), &mut open_cache(site, global)?)?;
    let definitions = TopicSet::read(site)?.definitions;
    let mut findings = sizes(&library, &definitions);
    findings.extend(fragments(&library, &definitions));
    findings.extend(overlaps(&library));
    let id = |number: TermNo| &library.topic(number).id;
    findings.sort_by_key(|finding| (id(finding.topic), finding.problem, finding.with));
    let mut lines: Vec<String> = findings
        .iter()
        .map(|finding| format!("{}: {}", id(finding.topic), finding.what))
        .collect();
    lines.push(match findings.len() {
        0 => "nothing to look at".to_owned(),
        number => format!("{} to look at in topics.toml", count(number, "thing")),
    });
    let as_json = |finding: &Finding| {
        json!({
            "id": id(finding.topic),
            "problem": finding.problem,
            "with": finding.with.map(id),
            "what": finding.what,
        })
    };
    let review: Vec<Value> = findings.iter().map(as_json).collect();
    Ok(Done {
        lines,
        json: json!({ "review": review })
            .as_object()
            .cloned()
            .unwrap_or_default(),
        diagnostics: Vec::new(),
        ..Done::default()
    })
}

/// Defined topics of very many articles, and of very few.
fn sizes(library: &Library, definitions: &[TopicDefinition]) -> Vec<Finding> {
    let all = library.articles(ListId::Archive).len();
    let numbered = (0..)
        .zip(definitions)
        .filter(|(_, topic)| !topic.hide && topic.merge_into.is_none());
    let findings = numbered.filter_map(|(number, definition)| {
        let articles = library.topic(number).articles.len();
        let is_subject = definition.kind.as_deref() == Some("subject");
        let (problem, what) = match articles {
            0 => ("empty", "no article has it".to_owned()),
            articles if articles < FEW => {
                ("few", format!("only {} has it", count(articles, "article")))
            }
            articles if 100 * articles > MANY * all && !is_subject => {
                let share = 100 * articles / all.max(1);
                (
                    "many",
                    format!("{share} % of the articles have it, so it distinguishes little"),
                )
            }
            _ => return None,
        };
        Some(Finding {
            topic: number,
            problem,
            with: None,
            what,
        })
    });
    findings.collect()
}

/// Topics of which a phrase is a single word of another topic's phrase: perhaps a surname, or a piece of a name.
fn fragments(library: &Library, definitions: &[TopicDefinition]) -> Vec<Finding> {
    let mut wholes: HashMap<&str, Vec<(TermNo, &str)>> = HashMap::new();
    for (number, definition) in (0..).zip(definitions) {
        for phrase in definition
            .phrases
            .iter()
            .filter(|phrase| phrase.contains(' '))
        {
            for word in phrase.split(' ') {
                wholes.entry(word).or_default().push((number, phrase));
            }
        }
    }
    let of_topic = |(number, definition): (TermNo, &TopicDefinition)| {
        let others = definition
            .phrases
            .iter()
            .flat_map(|phrase| wholes.get(phrase.as_str()).into_iter().flatten());
        let (other, whole) = others.copied().find(|(other, _)| *other != number)?;
        Some(Finding {
            topic: number,
            problem: "fragment",
            with: Some(other),
            what: format!(
                "is a part of `{whole}` of the topic `{}`",
                library.topic(other).id
            ),
        })
    };
    (0..).zip(definitions).filter_map(of_topic).collect()
}

/// Topics nearly all of whose articles have another topic too, which is neither broader nor narrower.
fn overlaps(library: &Library) -> Vec<Finding> {
    let mut both: HashMap<(TermNo, TermNo), usize> = HashMap::new();
    for article in library.articles(ListId::Archive) {
        let mut topics: Vec<TermNo> = library
            .topics_of(*article)
            .map(|(_, number, _)| number)
            .collect();
        topics.sort_unstable();
        for (at, one) in topics.iter().enumerate() {
            for other in &topics[at + 1..] {
                *both.entry((*one, *other)).or_default() += 1;
            }
        }
    }
    let size = |number: TermNo| library.topic(number).articles.len();
    let is_broader = |above: TermNo, of: TermNo| {
        std::iter::successors(Some(of), |at| library.topic(*at).parent()).any(|at| at == above)
    };
    let findings = both.into_iter().filter_map(|((one, other), common)| {
        let (smaller, larger) = match size(one) <= size(other) {
            true => (one, other),
            false => (other, one),
        };
        let is_one = size(smaller) >= MIN_OVERLAPPING
            && 100 * common >= OVERLAP * size(smaller)
            && !is_broader(one, other)
            && !is_broader(other, one);
        let larger_topic: &Term = library.topic(larger);
        is_one.then(|| Finding {
            topic: smaller,
            problem: "overlap",
            with: Some(larger),
            what: format!(
                "{common} of its {} have the topic `{}` too: `merge_into` or `parent` says how they relate",
                count(size(smaller), "article"),
                larger_topic.id
            ),
        })
    });
    findings.collect()
}
