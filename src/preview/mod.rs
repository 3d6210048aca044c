//! The preview: a server on loopback that renders what a browser asks for, and follows every change as it is saved.
//! The same watch keeps `public/` current for `build --watch`.

mod live;
mod rebuild;
mod server;
mod shown;
mod watch;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

pub use rebuild::follow_with_builds;
pub use shown::News;

use crate::diagnostics::{Code, Diagnostic, Result};
use watch::Watch;

/// How many ports are tried where the first is taken.
const PORTS: u16 = 50;

/// What a person asked of the preview.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub port: u16,
    /// Another address than loopback, which whoever reaches it may read.
    pub host: Option<IpAddr>,
    /// Look at the files again and again, instead of being told by the system.
    pub poll: bool,
}

/// What the preview tells of itself.
pub trait Tell: Send + Sync + 'static {
    /// It answers at this address.
    fn ready(&self, address: SocketAddr);
    /// It has taken in a change, or could not.
    fn news(&self, news: &News);
    /// Something that a person should know, and need not act upon.
    fn note(&self, words: &str);
}

/// Serves a site until the process ends.
///
/// # Errors
/// Where the folder is no site, or no port is free. A site that is broken now is served as a diagnostic.
pub fn serve(root: &Path, options: Options, tell: Arc<dyn Tell>) -> Result<()> {
    let failed = |e: std::io::Error| Diagnostic::io(root, "start the server", &e);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(failed)?;
    // Watched before it is read, so that no change falls between.
    let watch = Watch::start(root, options.poll, &|words| tell.note(words))?;
    let shown = Arc::new(shown::Shown::open(root, tell.clone())?);
    runtime.block_on(async {
        let listener = listen(options).await?;
        let address = listener.local_addr().map_err(failed)?;
        let (follower, teller) = (shown.clone(), tell.clone());
        std::thread::spawn(move || {
            let refresh = |changed: &_| follower.refresh(changed);
            watch::follow(watch, refresh, |outcome| {
                if follower.publish(outcome) {
                    teller.news(&follower.news());
                }
            });
        });
        tell.ready(address);
        tell.news(&shown.news());
        let is_open = options.host.is_some();
        axum::serve(listener, server::router(shown, is_open))
            .await
            .map_err(failed)?;
        Ok(())
    })
}

/// The asked port, or the next free one.
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
                return Err(Diagnostic::io(&shown, "listen there", &error).into());
            }
        }
    }
    let what = format!("the ports from {port} to {last} are taken");
    Err(Diagnostic::error(Code::Unclassified, "", what)
        .hint("name another with --port")
        .into())
}
