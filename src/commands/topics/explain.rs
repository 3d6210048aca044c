//! `backfile topics explain`: the words of an article that caused each of its topics.

use serde_json::{Value, json};

use crate::build::{SiteSnapshot, TopicSet};
use crate::cli::Global;
use crate::commands::report::{Done, count, open_cache};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::front_matter;
use crate::model::Library;
use crate::model::term::{ArticleNo, ListId, TermNo};
use crate::site::Site;
use crate::text::comments;
use crate::topics::{Cause, Explanation};

/// The most causes of a topic that are printed; `--json` has all.
const MAX_CAUSES: usize = 12;

pub(super) fn run(site: &Site, asked: &str, global: &Global) -> Result<Done> {
    let SiteSnapshot { library, .. } =
        SiteSnapshot::read(site.clone(), &mut open_cache(site, global)?)?;
    let Some(article) = find(&library, asked) else {
        return Err(
            Diagnostic::error(Code::ArticleUnknown, asked, "there is no such article")
                .hint("give its id, its file in `content/`, or its path on the website")
                .into(),
        );
    };
    let explanations = explanations(site, library.file(article).unwrap_or_default())?;
    let card = library.card(article);
    let mut lines = vec![card.map_or_else(String::new, |c| c.title.to_owned())];
    let mut explained = Vec::new();
    for (name, number, strength) in library.topics_of(article) {
        let why = explanations
            .iter()
            .find(|e| e.definition == number as usize);
        lines.push(format!(
            "  {name}: {}",
            reason(&library, why, strength.is_none())
        ));
        let causes = why.map_or(&[][..], |why| &why.causes);
        lines.extend(
            causes
                .iter()
                .take(MAX_CAUSES)
                .map(|cause| format!("      {}", in_words(cause))),
        );
        if causes.len() > MAX_CAUSES {
            lines.push(format!(
                "      and {} more",
                count(causes.len() - MAX_CAUSES, "word")
            ));
        }
        explained.push(as_json(&library, number, name, why, strength.is_none()));
    }
    if explained.is_empty() {
        lines.push(format!(
            "  no topic reaches strength {}",
            site.settings.topics.threshold
        ));
    }
    let json = json!({ "id": card.map(|c| c.id), "topics": explained });
    Ok(Done {
        lines,
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics: Vec::new(),
        ..Done::default()
    })
}

/// Why the text of a file has its topics.
fn explanations(site: &Site, file: &str) -> Result<Vec<Explanation>> {
    let path = site.content().join(file);
    let text = std::fs::read_to_string(&path)
        .map_err(|e| Diagnostic::io(&path, "read the article", &e))?;
    let article = front_matter::read(file, &text)?;
    let body = comments::without(&article.body);
    Ok(TopicSet::read(site)?
        .matcher
        .explain(&article.front.title, &body))
}

fn reason(library: &Library, why: Option<&Explanation>, is_named: bool) -> String {
    let mut reasons = Vec::new();
    if is_named {
        reasons.push("named in its front matter".to_owned());
    }
    if let Some(why) = why {
        if !why.causes.is_empty() {
            reasons.push(format!(
                "strength {} of {} in its text",
                why.strength, why.min
            ));
        }
        let names = why
            .from
            .iter()
            .map(|number| library.topic(*number as TermNo).name());
        let names: Vec<_> = names.collect();
        if !names.is_empty() {
            reasons.push(format!("has every article of {}", names.join(", ")));
        }
    }
    if reasons.is_empty() {
        reasons.push("has every article of a topic that its front matter names".to_owned());
    }
    reasons.join("; ")
}

/// `scrum +9: 1 in the title, 2 in the text`
fn in_words(cause: &Cause) -> String {
    let parts = [
        (cause.counts.title, "title"),
        (cause.counts.lead, "first paragraph"),
        (cause.counts.elsewhere, "text"),
    ];
    let parts = parts.iter().filter(|(times, _)| *times > 0);
    let parts: Vec<_> = parts
        .map(|(times, part)| format!("{times} in the {part}"))
        .collect();
    let added = cause
        .weight
        .map_or_else(String::new, |weight| format!(" {weight:+}"));
    format!("{}{added}: {}", cause.text, parts.join(", "))
}

fn as_json(
    library: &Library,
    number: TermNo,
    name: &str,
    why: Option<&Explanation>,
    is_named: bool,
) -> Value {
    let cause = |cause: &Cause| {
        json!({
            "text": cause.text,
            "title": cause.counts.title,
            "lead": cause.counts.lead,
            "elsewhere": cause.counts.elsewhere,
            "adds": cause.weight,
        })
    };
    let causes: Vec<Value> = why
        .map_or(&[][..], |why| &why.causes)
        .iter()
        .map(cause)
        .collect();
    let from = why.map_or(&[][..], |why| &why.from).iter();
    let from: Vec<&str> = from
        .map(|number| &*library.topic(*number as TermNo).id)
        .collect();
    let topic = library.topic(number);
    let strength = why
        .filter(|why| !why.causes.is_empty())
        .map(|why| why.strength);
    json!({
        "id": topic.id,
        "name": name,
        "kind": topic.kind,
        "named": is_named,
        "strength": strength,
        "min": why.map(|why| why.min),
        "causes": causes,
        "from": from,
    })
}

fn find(library: &Library, asked: &str) -> Option<ArticleNo> {
    let file = asked
        .trim_start_matches("./")
        .trim_start_matches("content/");
    let named = |article: &&ArticleNo| {
        library
            .card(**article)
            .is_some_and(|card| card.id == asked || card.path == asked)
    };
    library.article_in(file).or_else(|| {
        library
            .articles(ListId::Archive)
            .iter()
            .find(named)
            .copied()
    })
}
