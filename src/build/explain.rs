//! Why a page was, or was not, rendered: what it is made from, against what it was made from the last time.

use serde::Serialize;

use super::fingerprint;
use super::pages::PageKey;
use super::render_pass::RenderSummary;
use super::snapshot::SiteSnapshot;
use crate::cache::{PageRecord, PreviousBuild};

/// What a page was made from before this build.
#[derive(Debug)]
pub struct Before {
    path: String,
    record: Option<PageRecord>,
    has_past: bool,
}

/// Why a page was, or was not, rendered.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// Below the site's root.
    pub path: String,
    /// None where no page has this path.
    pub kind: Option<&'static str>,
    pub is_rendered: bool,
    pub why: String,
    /// Everything that the page is made from.
    pub inputs: Vec<Input>,
}

/// One thing that a page is made from.
#[derive(Debug, Clone, Serialize)]
pub struct Input {
    pub name: String,
    /// As JSON.
    pub value: String,
    /// Whether it was another when the page was last looked at.
    pub differs: bool,
}

/// What is known of a page before it is built. `asked` is its address or its path, as a person has it from a browser.
pub fn before(previous: &PreviousBuild, asked: &str) -> Before {
    let path = asked.split_once("://").map_or(asked, |(_, rest)| {
        rest.split_once('/').map_or("", |(_, path)| path)
    });
    let path = path
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_start_matches('/');
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8_lossy()
        .into_owned();
    let path = if path.is_empty() || path.ends_with('/') {
        path + "index.html"
    } else {
        path
    };
    Before {
        record: previous.page(&path),
        has_past: previous.state.is_some(),
        path,
    }
}

/// Why the page was, or was not, rendered.
pub fn explain(snapshot: &SiteSnapshot, summary: &RenderSummary, before: Before) -> Explanation {
    let Before {
        path,
        record,
        has_past,
    } = before;
    let view = snapshot.view();
    let key = PageKey::at(&view, &path).next();
    let page = key.as_ref().and_then(|key| key.page(&view));
    let is_rendered = summary.is_rendered(&path);
    let (Some(key), Some(page)) = (key, page) else {
        let why = if record.is_some() {
            "it had a page, and has none any more"
        } else {
            "no page has this path"
        };
        return Explanation {
            path,
            kind: None,
            is_rendered,
            why: why.to_owned(),
            inputs: Vec::new(),
        };
    };
    let renderer = &snapshot.inputs.renderer;
    let now = fingerprint::of(&page, view.values, renderer, snapshot.began);
    let known = record.as_ref().map(|record| record.inputs.as_slice());
    let differs = |at: usize| known.is_some_and(|known| known.get(at) != now.inputs.get(at));
    let inputs: Vec<Input> = fingerprint::inputs(&page, view.values, renderer)
        .into_iter()
        .enumerate()
        .map(|(at, input)| Input {
            name: input.name,
            value: input.value,
            differs: differs(at),
        })
        .collect();
    let changed: Vec<&str> = inputs
        .iter()
        .filter(|i| i.differs)
        .map(|i| i.name.as_str())
        .collect();
    let why = match (&record, is_rendered) {
        (None, _) if !has_past => "nothing is known of an earlier build".to_owned(),
        (None, _) => "the page is new".to_owned(),
        (Some(_), false) => "nothing that it is made from differs from the last build".to_owned(),
        (Some(_), true) if !changed.is_empty() => format!(
            "{} {} from the last build",
            listed(&changed),
            match changed.len() {
                1 => "differs",
                _ => "differ",
            }
        ),
        (Some(record), true) if record.fingerprint.is_none() => {
            "its file changed just when the last build looked at it".to_owned()
        }
        (Some(_), true) => "the file in the website was not as the last build left it".to_owned(),
    };
    Explanation {
        path,
        kind: Some(key.kind().name()),
        is_rendered,
        why,
        inputs,
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        names => names.concat(),
    }
}
