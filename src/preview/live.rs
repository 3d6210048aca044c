//! Live reload: the script that a previewed page carries, and what it is told. It swaps what changed on the page that
//! it stands on, keeps the scroll position, and lays what is wrong over the last good page.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;
use tokio::sync::mpsc;

use super::shown::{News, Shown};
use crate::diagnostics::{Diagnostic, Severity};
use crate::model::digest::{digest, hex};

/// Where the script listens.
pub const EVENTS: &str = "/.backfile/events";

const SCRIPT: &str = include_str!("live.js");

/// What a browser is told.
#[derive(Debug, Default, PartialEq, Serialize)]
struct Message {
    /// Whether the site, or this page of it, cannot be made, so that an older one is shown.
    failed: bool,
    diagnostics: Vec<Diagnostic>,
    /// Paths whose digest is another than the browser knows.
    changed: BTreeMap<String, String>,
    /// Paths of which the browser knew none, and that are as they were when it loaded them.
    known: BTreeMap<String, String>,
}

/// The file system's clock may be this far behind, in nanoseconds.
const BEHIND: i64 = 50_000_000;

/// What a page says of a part of it that it has loaded since it was sent: a time, in nanoseconds since 1970.
const SINCE: char = '@';

/// Puts the script before the end of a page. The published page never has it.
pub fn inject(html: Vec<u8>) -> Vec<u8> {
    let digest = hex(&digest(&html));
    let since = crate::files::nanoseconds(SystemTime::now()) - BEHIND;
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

/// A page for a site that cannot be shown at all.
pub fn broken() -> Vec<u8> {
    b"<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Backfile</title><body></body></html>\n".to_vec()
}

/// What a browser shows: paths, each with the digest that it knows, or when it was loaded at the earliest.
pub fn watched(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = percent_encoding::percent_decode_str(text);
        text.decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter_map(|pair| pair.strip_prefix("p="));
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .map(|(path, digest)| (decoded(&decoded(path)), decoded(digest)))
        .collect()
}

/// Tells a browser of what concerns it, for as long as it listens: once at the beginning, then where a path that it
/// shows has another digest, or something else is wrong than before.
pub async fn tell(shown: Arc<Shown>, mut watched: Vec<(String, String)>, to: mpsc::Sender<String>) {
    let mut news = shown.subscribe();
    let mut last: Option<Message> = None;
    loop {
        let now = news.borrow_and_update().clone();
        let (source, paths) = (shown.clone(), watched.clone());
        let looked = tokio::task::spawn_blocking(move || message(&source, &now, paths)).await;
        let Ok((message, paths)) = looked else { return };
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
            changed = news.changed() => if changed.is_err() { return },
            () = to.closed() => return,
        }
    }
}

fn message(
    shown: &Shown,
    news: &News,
    mut watched: Vec<(String, String)>,
) -> (Message, Vec<(String, String)>) {
    let is_heavy = |d: &&Diagnostic| news.failed || d.severity >= Severity::Problem;
    let mut message = Message {
        failed: news.failed,
        diagnostics: news
            .diagnostics
            .iter()
            .filter(is_heavy)
            .take(MOST)
            .cloned()
            .collect(),
        ..Message::default()
    };
    for (path, seen) in &mut watched {
        match shown.digest(path) {
            Ok(digest) if digest == *seen => {}
            Ok(digest) => {
                let since = seen
                    .strip_prefix(SINCE)
                    .map(|since| since.parse().unwrap_or(0));
                let list = match since {
                    Some(since) if !shown.is_newer(path, since) => &mut message.known,
                    _ => &mut message.changed,
                };
                list.insert(path.clone(), digest.clone());
                *seen = digest;
            }
            Err(diagnostics) => {
                message.failed = true;
                message.diagnostics = diagnostics;
            }
        }
    }
    (message, watched)
}

/// How many diagnostics a browser is told of.
const MOST: usize = 20;
