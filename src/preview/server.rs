//! HTTP: paths in, pages out. Only for this computer, unless a person chose another address.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tower_http::services::ServeFile;

use super::live;
use super::preview_state::{Answer, PreviewState};
use crate::diagnostics::Diagnostic;
use crate::files;
use crate::text::addresses::encode_path;

/// The longest list of paths that a browser may watch, in bytes.
const LONGEST_LIST: usize = 8 * 1024 * 1024;

/// The routes of the preview. `is_open` if other computers may send requests.
pub(crate) fn router(state: Arc<PreviewState>, is_open: bool) -> Router {
    let router = Router::new()
        .route(live::EVENTS, get(events).post(keep_list))
        .fallback(get(page))
        .layer(DefaultBodyLimit::max(LONGEST_LIST))
        .with_state(state);
    match is_open {
        true => router,
        false => router.layer(middleware::from_fn(only_local)),
    }
}

/// Refuses requests by any host name but the local ones: another website could let its own name point to this computer
/// and read the preview (DNS rebinding).
async fn only_local(request: Request, next: Next) -> Response {
    if is_local(request.headers()) {
        return next.run(request).await;
    }
    let message =
        "the preview answers to 127.0.0.1 and localhost only; `--host` allows other hosts\n";
    (StatusCode::FORBIDDEN, message).into_response()
}

fn is_local(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

/// The event stream of a page.
async fn events(State(state): State<Arc<PreviewState>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let list = query
        .strip_prefix("list=")
        .map(|name| state.lists.get(name));
    let watched = live::watched(&list.unwrap_or(query));
    let (sender, receiver) = tokio::sync::mpsc::channel(4);
    tokio::spawn(live::send_updates(state, watched, sender));
    let stream =
        ReceiverStream::new(receiver).map(|json| Ok::<_, Infallible>(Event::default().data(json)));
    Sse::new(stream)
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// Keeps a list of paths that is too long for an address; answers the name under which [`events`] finds it.
async fn keep_list(State(state): State<Arc<PreviewState>>, list: String) -> String {
    state.lists.keep(list)
}

async fn page(State(state): State<Arc<PreviewState>>, request: Request) -> Response {
    let path = percent_decode_str(request.uri().path())
        .decode_utf8_lossy()
        .into_owned();
    let answer = tokio::task::spawn_blocking(move || state.answer(&path)).await;
    match answer {
        Ok(Answer::Page { path, bytes }) => page_of(StatusCode::OK, &path, bytes),
        Ok(Answer::File { path, file }) => file_of(&path, &file, request).await,
        Ok(Answer::Redirect(path)) => redirect(&path),
        Ok(Answer::NotFound { bytes }) => page_of(StatusCode::NOT_FOUND, "404.html", bytes),
        Ok(Answer::Failed(diagnostics)) => failed(&diagnostics),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn page_of(status: StatusCode, path: &str, bytes: Vec<u8>) -> Response {
    let bytes = if path.ends_with(".html") {
        live::inject(bytes)
    } else {
        bytes
    };
    let headers = [
        (header::CONTENT_TYPE, files::content_type(path)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (status, headers, bytes).into_response()
}

/// A file, or the requested range of it.
async fn file_of(path: &str, file: &Path, request: Request) -> Response {
    // Without conditional headers, which would let a browser use its cached copy.
    let mut asked = Request::new(Body::empty());
    *asked.method_mut() = request.method().clone();
    if let Some(range) = request.headers().get(header::RANGE) {
        asked.headers_mut().insert(header::RANGE, range.clone());
    }
    let mut response = match ServeFile::new(file).try_call(asked).await {
        Ok(response) => response.into_response(),
        Err(_) => return StatusCode::NOT_FOUND.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(media_type) = HeaderValue::from_str(&files::content_type(path)) {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    response
}

fn redirect(path: &str) -> Response {
    // Two slashes would begin the address of another host.
    let path = format!("/{}", path.trim_start_matches('/'));
    let path = encode_path(&path);
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, path)]).into_response()
}

/// An empty page whose script shows the diagnostics and waits for a page that can be rendered.
fn failed(diagnostics: &[Diagnostic]) -> Response {
    let mut response = page_of(
        StatusCode::INTERNAL_SERVER_ERROR,
        "failed.html",
        live::empty_page(),
    );
    let lines = diagnostics
        .iter()
        .map(|d| format!("{}: {} ", d.place(), d.message()));
    let is_allowed = |c: char| c.is_ascii() && !c.is_control();
    let message: String = lines.collect();
    let message = message.replace(|c| !is_allowed(c), " ");
    if let Ok(message) = HeaderValue::from_str(message.trim()) {
        response.headers_mut().insert("x-diagnostic", message);
    }
    response
}
