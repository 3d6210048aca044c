//! `backfile serve`

use std::net::SocketAddr;
use std::path::PathBuf;

use super::report::{Done, count, print, show};
use crate::cli::{Global, Serve};
use crate::diagnostics::Result;
use crate::preview;
use crate::site::Site;

pub fn run(args: &Serve, global: &Global) -> Result<Done> {
    let root: PathBuf = global.site.clone();
    // A broken setting is shown in the browser; a folder that is no site is not served.
    if !root.join(crate::site::SETTINGS).exists() {
        Site::open(&root, None)?;
    }
    let (quiet, json, asked) = (global.quiet, global.json, args.port);
    let verbose = global.verbose;
    let ready = move |address: SocketAddr| {
        if json {
            println!(
                "{}",
                serde_json::json!({ "url": format!("http://{address}/") })
            );
        } else if !quiet {
            if address.port() != asked {
                print(&format!("port {asked} is taken\n"));
            }
            print(&format!("serving http://{address}/ (Ctrl-C ends it)\n"));
        }
    };
    preview::serve(&root, args.port, ready, move |news| {
        let global = Global {
            site: PathBuf::new(),
            json,
            quiet,
            verbose,
        };
        if json {
            return;
        }
        show(&news.diagnostics, &global);
        if !quiet {
            let state = if news.failed {
                "broken, showing the last good edition of"
            } else {
                "read"
            };
            print(&format!("{state} {}\n", count(news.articles, "article")));
        }
    })?;
    Ok(Done::default())
}
