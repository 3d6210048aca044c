//! Why a page was, or was not, rendered: its inputs, compared with those of the last build.
//! Reads fingerprints; never decides what is rendered.

use serde::Serialize;

use super::fingerprint;
use super::pages::PageKey;
use super::render_pass::RenderSummary;
use super::snapshot::SiteSnapshot;
use crate::cache::{PageRecord, PreviousBuild};

/// What was known of a page before this build.
#[derive(Debug)]
pub(crate) struct PreviousPage {
    path: String,
    record: Option<PageRecord>,
    /// Whether anything is known of an earlier build.
    has_previous_build: bool,
}

/// Why a page was, or was not, rendered.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// Below the website's root.
    pub path: String,
    /// `None` if no page has this path.
    pub kind: Option<&'static str>,
    pub is_rendered: bool,
    pub why: String,
    /// Everything that the page depends on.
    pub inputs: Vec<ExplainedInput>,
}

/// One input of a page.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedInput {
    pub name: String,
    /// As JSON.
    pub value: String,
    /// Whether the value differs from that of the last build.
    pub differs: bool,
}

/// What is known of a page before it is built. `address` is its URL, as a browser shows it, or its path.
pub(crate) fn previous_page(previous: &PreviousBuild, address: &str) -> PreviousPage {
    let path = address.split_once("://").map_or(address, |(_, rest)| {
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
    PreviousPage {
        record: previous.page(&path),
        has_previous_build: previous.state.is_some(),
        path,
    }
}

/// Why the page was, or was not, rendered.
pub(crate) fn explain(
    snapshot: &SiteSnapshot,
    summary: &RenderSummary,
    previous: PreviousPage,
) -> Explanation {
    let view = snapshot.view();
    let key = PageKey::at(&view, &previous.path).next();
    let page = key.as_ref().and_then(|key| key.page(&view));
    let is_rendered = summary.is_rendered(&previous.path);
    let (Some(key), Some(page)) = (key, page) else {
        let why = match previous.record {
            Some(_) => "there was a page at this path, and it was removed",
            None => "no page has this path",
        };
        return Explanation {
            path: previous.path,
            kind: None,
            is_rendered,
            why: why.to_owned(),
            inputs: Vec::new(),
        };
    };
    let renderer = &snapshot.inputs.renderer;
    let now = fingerprint::of(&page, view.values, renderer, snapshot.began);
    let before = previous.record.as_ref().map(|record| &record.inputs);
    let differs = |at: usize| before.is_some_and(|before| before.get(at) != now.inputs.get(at));
    let inputs = fingerprint::inputs(&page, view.values, renderer);
    let inputs = inputs.into_iter().enumerate();
    let inputs: Vec<ExplainedInput> = inputs
        .map(|(at, input)| ExplainedInput {
            name: input.name,
            value: input.value,
            differs: differs(at),
        })
        .collect();
    Explanation {
        why: reason(&previous, &inputs, is_rendered),
        path: previous.path,
        kind: Some(key.kind().name()),
        is_rendered,
        inputs,
    }
}

fn reason(previous: &PreviousPage, inputs: &[ExplainedInput], is_rendered: bool) -> String {
    let differing = inputs.iter().filter(|input| input.differs);
    let differing: Vec<&str> = differing.map(|input| input.name.as_str()).collect();
    let why = match (&previous.record, is_rendered, differing.as_slice()) {
        (None, ..) if !previous.has_previous_build => "nothing is known of an earlier build",
        (None, ..) => "the page is new",
        (Some(_), false, _) => "none of its inputs differs from the last build",
        (Some(_), true, [one]) => return format!("{one} differs from the last build"),
        (Some(_), true, [all @ .., last]) => {
            let all = all.join(", ");
            return format!("{all} and {last} differ from the last build");
        }
        (Some(record), true, []) if record.fingerprint.is_none() => {
            "its file was being changed while the last build read it"
        }
        (Some(_), true, []) => "the file in the website is not as the last build left it",
    };
    why.to_owned()
}
