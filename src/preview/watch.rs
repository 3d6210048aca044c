//! Watching: every change of the site's files leads to a rebuild, and many changes at once to few.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher};

use super::edition::{News, Shown};
use crate::diagnostics::{Diagnostic, Result};
use crate::site::{SETTINGS, TOPICS};

/// What is watched with everything below it.
const FOLDERS: &[&str] = &["raw", "content", "templates", "themes", "static"];

/// An editor that empties a file before it writes leaves it broken for a moment.
const SECOND_LOOK: Duration = Duration::from_millis(10);

/// Follows the site's files on a thread of its own.
///
/// # Errors
/// Where the system gives no watch on the site's folder.
pub fn follow(root: &Path, shown: Arc<Shown>, news: impl Fn(&News) + Send + 'static) -> Result<()> {
    let (sender, receiver) = channel();
    let watched = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    let failed = |e: notify::Error| {
        Diagnostic::error(
            root.display().to_string(),
            format!("cannot be watched: {e}"),
        )
        .hint("on Linux, raise fs.inotify.max_user_watches")
    };
    let base = watched.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let concerns = match event {
            Ok(event) => {
                !matches!(event.kind, EventKind::Access(_))
                    && (event.need_rescan() || event.paths.iter().any(|p| is_source(&base, p)))
            }
            // An error may hide an event.
            Err(_) => true,
        };
        if concerns {
            // The receiver only goes away with the process.
            let _ = sender.send(());
        }
    })
    .map_err(failed)?;
    watcher
        .watch(&watched, RecursiveMode::NonRecursive)
        .map_err(failed)?;
    watch_folders(&mut watcher, &watched);
    std::thread::spawn(move || {
        let mut round = 0;
        while next(&receiver) {
            // A folder that is new since then is watched from now on.
            watch_folders(&mut watcher, &watched);
            round += 1;
            shown.refresh(round);
            if shown.news().failed {
                std::thread::sleep(SECOND_LOOK);
                round += 1;
                shown.refresh(round);
            }
            news(&shown.news());
        }
    });
    Ok(())
}

fn watch_folders(watcher: &mut notify::RecommendedWatcher, root: &Path) {
    for folder in FOLDERS
        .iter()
        .map(|name| root.join(name))
        .filter(|folder| folder.is_dir())
    {
        // Where a folder cannot be watched, its changes show at the next of another.
        let _ = watcher.watch(&folder, RecursiveMode::Recursive);
    }
}

/// Waits for a change and takes in all that came with it; false once nobody sends any more.
fn next(receiver: &Receiver<()>) -> bool {
    if receiver.recv().is_err() {
        return false;
    }
    while receiver.try_recv().is_ok() {}
    true
}

/// Whether a change of this path can change the site; not the website itself, nor what editors leave lying about.
fn is_source(root: &Path, path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(root) else {
        return true;
    };
    let mut parts = inside
        .components()
        .map(|part| part.as_os_str().to_string_lossy());
    let hidden = inside
        .components()
        .any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
    let first = parts.next().unwrap_or_default();
    !hidden && (FOLDERS.contains(&&*first) || first == SETTINGS || first == TOPICS)
}
