//! The preview: a server on loopback that renders what a browser asks for, and follows every change as it is saved.

mod edition;
mod live;
mod server;
mod watch;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Result};

/// How many ports are tried where the first is taken.
const PORTS: u16 = 50;

/// Serves a site until the process ends. `ready` is told the address once it answers, `news` of each rebuild.
///
/// # Errors
/// Where the folder is no site, or no port is free. A site that is broken now is served as a diagnostic.
pub fn serve(
    root: &Path,
    port: u16,
    ready: impl FnOnce(SocketAddr),
    news: impl Fn(&edition::News) + Send + Sync + 'static,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Diagnostic::io(root, "start the server", &e))?;
    let shown = Arc::new(edition::Shown::open(root)?);
    news(&shown.news());
    runtime.block_on(async {
        let listener = listen(port).await?;
        let address = listener
            .local_addr()
            .map_err(|e| Diagnostic::io(root, "start the server", &e))?;
        watch::follow(root, shown.clone(), news)?;
        ready(address);
        let failed = |e: std::io::Error| Diagnostic::io(root, "serve", &e);
        axum::serve(listener, server::router(shown))
            .await
            .map_err(failed)?;
        Ok(())
    })
}

/// The asked port on loopback, or the next free one.
async fn listen(port: u16) -> Result<tokio::net::TcpListener> {
    for candidate in port..port.saturating_add(PORTS) {
        if let Ok(listener) = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)).await
        {
            return Ok(listener);
        }
    }
    let what = format!(
        "the ports from {port} to {} are taken",
        port.saturating_add(PORTS - 1)
    );
    Err(Diagnostic::error("", what)
        .hint("name another with --port")
        .into())
}
