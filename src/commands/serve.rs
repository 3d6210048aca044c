//! `backfile serve`

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::json;

use super::report::{Done, count, print, show};
use crate::cli::{Global, Serve};
use crate::diagnostics::{Diagnostic, Result};
use crate::preview::{self, Observer, Options, Status};
use crate::site::Site;

pub fn run(args: &Serve, global: &Global) -> Result<Done> {
    // An invalid setting is shown in the browser; a folder that is not a site is not served.
    if !global.site.join(crate::site::SETTINGS).exists() {
        Site::open(&global.site, None)?;
    }
    let options = Options {
        port: args.port,
        host: args.host,
        poll: args.poll,
    };
    let terminal = Terminal {
        port: args.port,
        global: global.clone(),
    };
    preview::serve(&global.site, options, Arc::new(terminal))?;
    Ok(Done::default())
}

/// Reports the events of the preview on a terminal, or as one JSON object a line.
struct Terminal {
    /// The requested port.
    port: u16,
    global: Global,
}

impl Observer for Terminal {
    fn ready(&self, address: SocketAddr) {
        if self.global.json {
            return print(&format!(
                "{}\n",
                json!({ "url": format!("http://{address}/") })
            ));
        }
        if self.global.quiet && address.port() == self.port {
            return;
        }
        if address.port() != self.port {
            print(&format!("port {} is taken\n", self.port));
        }
        print(&format!("serving http://{address}/ (Ctrl-C ends it)\n"));
    }

    fn status(&self, status: &Status) {
        let Status {
            failed,
            diagnostics,
            articles,
            ..
        } = status;
        if self.global.json {
            let diagnostics: Vec<_> = diagnostics.iter().map(Diagnostic::json).collect();
            let object =
                json!({ "failed": failed, "articles": articles, "diagnostics": diagnostics });
            return print(&format!("{object}\n"));
        }
        show(diagnostics, &self.global);
        if !self.global.quiet {
            let state = match failed {
                true => "failed, still showing the last good state of",
                false => "read",
            };
            print(&format!("{state} {}\n", count(*articles, "article")));
        }
    }

    fn note(&self, message: &str) {
        if !self.global.quiet {
            eprintln!("{message}");
        }
    }
}
