//! The preview: a server on loopback that renders what a browser requests, and follows every change to the site.
//! The same watch keeps `public/` current for `build --watch`.

mod last_good;
mod live;
mod preview_state;
mod rebuild;
mod server;
mod watch;
mod watch_lists;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

pub(crate) use preview_state::Status;
pub(crate) use rebuild::follow_with_builds;

use crate::diagnostics::{Code, Diagnostic, Result};
use preview_state::PreviewState;
use watch::Watch;

/// How many ports are tried if the first is taken.
const PORTS: u16 = 50;

/// The options of the preview.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub port: u16,
    /// The address to listen on instead of loopback. Everyone who reaches it can read the site.
    pub host: Option<IpAddr>,
    /// Scan the files every second instead of using the notifications of the system.
    pub poll: bool,
}

/// Receives the events of a preview.
pub(crate) trait Observer: Send + Sync + 'static {
    /// The server listens on this address.
    fn ready(&self, address: SocketAddr);
    /// A change was applied, or could not be.
    fn status(&self, status: &Status);
    /// Information that needs no action.
    fn note(&self, message: &str);
}

/// Serves a site until the process ends.
///
/// # Errors
/// If the folder cannot be watched, or no port is free. A site that cannot be read is served as its diagnostics.
pub(crate) fn serve(root: &Path, options: Options, observer: Arc<dyn Observer>) -> Result<()> {
    let failed = |e: std::io::Error| Diagnostic::io(root, "start the server", &e);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(failed)?;
    // Watched before it is read, so that no change is missed.
    let watch = Watch::start(root, options.poll, &|note| observer.note(note))?;
    let state = Arc::new(PreviewState::open(root, observer.clone()));
    runtime.block_on(async {
        let listener = listen(options).await?;
        let address = listener.local_addr().map_err(failed)?;
        let (followed, notified) = (state.clone(), observer.clone());
        std::thread::spawn(move || {
            let refresh = |changed: &_| followed.refresh(changed);
            watch::follow(watch, refresh, |outcome| {
                if followed.notify(outcome) {
                    notified.status(&followed.status());
                }
            });
        });
        observer.ready(address);
        observer.status(&state.status());
        let is_open = options.host.is_some();
        axum::serve(listener, server::router(state, is_open))
            .await
            .map_err(failed)?;
        Ok(())
    })
}

/// Listens on the requested port, or the next free one.
async fn listen(options: Options) -> Result<tokio::net::TcpListener> {
    let (host, port) = (
        options.host.unwrap_or(Ipv4Addr::LOCALHOST.into()),
        options.port,
    );
    let last = port.saturating_add(PORTS - 1);
    for candidate in port..=last {
        match tokio::net::TcpListener::bind((host, candidate)).await {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
            Err(error) => {
                let shown = std::path::PathBuf::from(format!("{host}:{candidate}"));
                return Err(Diagnostic::io(&shown, "listen on this address", &error).into());
            }
        }
    }
    let what = format!("the ports from {port} to {last} are taken");
    Err(Diagnostic::error(Code::PortTaken, "", what)
        .hint("choose another with `--port`")
        .into())
}
