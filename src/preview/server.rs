//! HTTP: paths in, pages out. Only for this computer.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::WatchStream;

use super::edition::{Answer, News, Shown};
use super::live;

pub fn router(shown: Arc<Shown>) -> Router {
    Router::new()
        .route(live::EVENTS, get(events))
        .fallback(get(page))
        .with_state(shown)
}

/// The news, now and after each rebuild.
async fn events(State(shown): State<Arc<Shown>>, headers: HeaderMap) -> Response {
    if !is_local(&headers) {
        return refused();
    }
    let stream = WatchStream::new(shown.subscribe()).map(|news| {
        let json = serde_json::to_string(&news).unwrap_or_default();
        Ok::<_, Infallible>(Event::default().data(json))
    });
    Sse::new(stream)
        .keep_alive(KeepAlive::default())
        .into_response()
}

async fn page(State(shown): State<Arc<Shown>>, request: Request) -> Response {
    if !is_local(request.headers()) {
        return refused();
    }
    let path = percent_decode_str(request.uri().path())
        .decode_utf8_lossy()
        .into_owned();
    let news = shown.news();
    match tokio::task::spawn_blocking(move || shown.answer(&path)).await {
        Ok(Answer::Page { path, bytes }) => respond(StatusCode::OK, &path, bytes, &news),
        Ok(Answer::NotFound { bytes }) => respond(StatusCode::NOT_FOUND, "404.html", bytes, &news),
        Ok(Answer::Broken(diagnostics)) => {
            let news = News {
                failed: true,
                diagnostics,
                ..news
            };
            respond(
                StatusCode::INTERNAL_SERVER_ERROR,
                "broken.html",
                live::broken(),
                &news,
            )
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn respond(status: StatusCode, path: &str, bytes: Vec<u8>, news: &News) -> Response {
    let bytes = if path.ends_with(".html") {
        live::inject(bytes, news)
    } else {
        bytes
    };
    let headers = [
        (header::CONTENT_TYPE, content_type(path)),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, bytes).into_response()
}

/// A page on another site must not read the preview by a name that it lets point here (DNS rebinding).
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

fn refused() -> Response {
    (
        StatusCode::FORBIDDEN,
        "the preview answers to 127.0.0.1 and localhost only\n",
    )
        .into_response()
}

/// The media type of a file by its ending.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        _ => "application/octet-stream",
    }
}
