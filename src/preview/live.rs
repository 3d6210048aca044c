//! Live reload: the script in every previewed page, and the messages that it receives. It replaces what changed in its
//! page, keeps the scroll position, and shows problems above the last good page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;
use tokio::sync::mpsc;

use super::preview_state::{PreviewState, Status};
use crate::build::Touched;
use crate::diagnostics::{Diagnostic, Severity, merged};
use crate::model::digest::{digest, hex};
use crate::model::subject::Subject;

/// The address of the event stream.
pub(crate) const EVENTS: &str = "/.backfile/events";

const SCRIPT: &str = include_str!("live.js");

/// What a browser receives.
#[derive(Debug, Default, PartialEq, Serialize)]
struct Message {
    /// Whether the site, or this page of it, cannot be rendered, so that an older one is shown.
    failed: bool,
    diagnostics: Vec<Diagnostic>,
    /// Paths and their digests, if they are not those that the browser knows.
    changed: BTreeMap<String, String>,
    /// Paths and their digests, if the browser knew no digest and the files did not change since it loaded them.
    known: BTreeMap<String, String>,
}

/// How far the file system's clock may be behind, in nanoseconds.
const CLOCK_LAG: i64 = 50_000_000;

/// Precedes a time, in nanoseconds since 1970: the page was sent then, and has loaded the path since.
const SINCE: char = '@';

/// Inserts the script at the end of a page. Published pages never have it.
pub(crate) fn inject(html: Vec<u8>) -> Vec<u8> {
    let digest = hex(&digest(&html));
    let since = crate::files::nanoseconds(SystemTime::now()) - CLOCK_LAG;
    let script = format!(
        "<script data-backfile>({SCRIPT})(\"{EVENTS}\",\"{digest}\",\"{SINCE}{since}\")</script>\n"
    );
    let end = html
        .windows(7)
        .rposition(|w| w.eq_ignore_ascii_case(b"</body>"))
        .unwrap_or(html.len());
    let mut out = html;
    out.splice(end..end, script.into_bytes());
    out
}

/// The page of a site that cannot be shown at all.
pub(crate) fn empty_page() -> Vec<u8> {
    b"<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Backfile</title><body></body></html>\n".to_vec()
}

/// A path that a browser shows.
#[derive(Clone)]
pub(crate) struct WatchedPath {
    path: String,
    /// The digest that the browser knows, or [`SINCE`] and the earliest time at which it loaded the path.
    seen: String,
    /// What its page was about at the last look. `None` if it was not a page, or could not be rendered.
    subject: Option<Subject>,
}

/// The paths of an event stream's query.
pub(crate) fn watched(query: &str) -> Vec<WatchedPath> {
    let decoded = |text: &str| {
        let text = percent_encoding::percent_decode_str(text);
        text.decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter_map(|pair| pair.strip_prefix("p="));
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let watched = pairs.map(|(path, digest)| WatchedPath {
        path: decoded(&decoded(path)),
        seen: decoded(digest),
        subject: None,
    });
    watched.collect()
}

/// Sends a browser what concerns the paths that it shows, until it disconnects: once at the beginning, then whenever one
/// of them has another digest, or the diagnostics differ.
pub(crate) async fn send_updates(
    state: Arc<PreviewState>,
    mut watched: Vec<WatchedPath>,
    to: mpsc::Sender<String>,
) {
    let mut statuses = state.subscribe();
    let mut last: Option<Message> = None;
    let mut revision = None;
    loop {
        let status = statuses.borrow_and_update().clone();
        let touched = touched_since(revision, &status);
        revision = Some(status.revision);
        let (state, paths) = (state.clone(), watched);
        let look = move || message(&state, &status, &touched, paths);
        let Ok((message, paths)) = tokio::task::spawn_blocking(look).await else {
            return;
        };
        watched = paths;
        let is_news = last.as_ref().is_none_or(|last| {
            !message.changed.is_empty()
                || (last.failed, &last.diagnostics) != (message.failed, &message.diagnostics)
        });
        if is_news {
            let json = serde_json::to_string(&message).unwrap_or_default();
            if to.send(json).await.is_err() {
                return;
            }
            last = Some(message);
        }
        tokio::select! {
            changed = statuses.changed() => if changed.is_err() { return },
            () = to.closed() => return,
        }
    }
}

/// The pages that may differ since a revision. Statuses that come quickly one after another may be missed.
fn touched_since(revision: Option<u64>, status: &Status) -> Arc<Touched> {
    match revision {
        Some(revision) if revision == status.revision => Arc::new(Touched::Some(BTreeSet::new())),
        Some(revision) if revision + 1 == status.revision => status.touched.clone(),
        _ => Arc::new(Touched::All),
    }
}

impl WatchedPath {
    /// Whether its answer may differ from that of the last look. `now` is what its page is about now.
    fn may_differ(&self, now: Option<&Subject>, touched: &Touched) -> bool {
        match (now, touched) {
            (Some(now), Touched::Some(touched)) => {
                self.subject.as_ref() != Some(now) || touched.contains(now)
            }
            _ => true,
        }
    }
}

fn message(
    state: &PreviewState,
    status: &Status,
    touched: &Touched,
    mut watched: Vec<WatchedPath>,
) -> (Message, Vec<WatchedPath>) {
    let is_shown = |d: &&Diagnostic| status.failed || d.severity >= Severity::Problem;
    let diagnostics: Vec<Diagnostic> = status
        .diagnostics
        .iter()
        .filter(is_shown)
        .cloned()
        .collect();
    let mut message = Message {
        failed: status.failed,
        diagnostics: merged(&diagnostics)
            .into_iter()
            .take(MAX_DIAGNOSTICS)
            .collect(),
        ..Message::default()
    };
    for shown in &mut watched {
        let subject = state.subject(&shown.path);
        if !shown.may_differ(subject.as_ref(), touched) {
            continue;
        }
        shown.subject = subject;
        match state.digest(&shown.path) {
            Ok(digest) if digest == shown.seen => {}
            Ok(digest) => {
                let since = shown.seen.strip_prefix(SINCE);
                let since = since.map(|since| since.parse().unwrap_or(0));
                let list = match since {
                    Some(since) if !state.is_newer(&shown.path, since) => &mut message.known,
                    _ => &mut message.changed,
                };
                list.insert(shown.path.clone(), digest.clone());
                shown.seen = digest;
            }
            Err(diagnostics) => {
                shown.subject = None;
                message.failed = true;
                message.diagnostics = diagnostics;
            }
        }
    }
    (message, watched)
}

/// The most diagnostics that a browser is sent.
const MAX_DIAGNOSTICS: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn status(revision: u64, touched: &[Subject]) -> Status {
        Status {
            revision,
            touched: Arc::new(Touched::Some(touched.iter().cloned().collect())),
            ..Status::default()
        }
    }

    #[test]
    fn only_touched_pages_are_looked_at() {
        let page = |name: &str| Subject::Content(name.into());
        let watched = WatchedPath {
            path: "/a.html".to_owned(),
            seen: String::new(),
            subject: Some(page("a.md")),
        };
        let next = touched_since(Some(1), &status(2, &[page("b.md")]));
        assert!(!watched.may_differ(Some(&page("a.md")), &next));
        // Another page has the path now, or none.
        assert!(watched.may_differ(Some(&page("c.md")), &next));
        assert!(watched.may_differ(None, &next));
        let own = touched_since(Some(1), &status(2, &[page("a.md")]));
        assert!(watched.may_differ(Some(&page("a.md")), &own));
    }

    #[test]
    fn a_missed_revision_touches_everything() {
        for revision in [None, Some(0)] {
            assert_eq!(*touched_since(revision, &status(2, &[])), Touched::All);
        }
        let same = touched_since(Some(2), &status(2, &[Subject::Site]));
        assert_eq!(*same, Touched::Some(BTreeSet::new()));
    }
}
