//! Watches which parts of a site change on disk. Knows paths; never opens a file of the site.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{EventKind, RecursiveMode, Watcher};

use crate::build::{Changed, Scope};
use crate::diagnostics::{Diagnostic, Failure, Result};
use crate::model::path::slashed;
use crate::site::{SETTINGS, Site, TOPICS};

/// The wait before a failed change is tried again: an editor may empty a file before it writes.
const RETRY_AFTER: Duration = Duration::from_millis(10);

/// When a new folder is scanned again: there are no events for files that are created before the folder is watched.
const NEW_FOLDER_SCANS: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(500)];

/// The longest that a build waits for further changes, if changes came during each of the builds before it.
const MAX_PAUSE: Duration = Duration::from_millis(200);

/// The time between two scans of a site for which the system gives no events.
const POLL: Duration = Duration::from_secs(1);

/// The kind of a watched folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FolderKind {
    /// Settings and topics, and the folders themselves.
    Root,
    Raw,
    Content,
    /// Templates, themes, static files.
    Inputs,
}

/// The site's folders; each is watched recursively.
const FOLDERS: &[(&str, FolderKind)] = &[
    ("raw", FolderKind::Raw),
    ("content", FolderKind::Content),
    ("templates", FolderKind::Inputs),
    ("themes", FolderKind::Inputs),
    ("static", FolderKind::Inputs),
];

/// An event of the system.
enum WatchEvent {
    Paths(Vec<PathBuf>),
    /// Events were lost.
    Lost,
}

/// A watched site.
pub(crate) struct Watch {
    root: PathBuf,
    /// `None` if the files are polled.
    watcher: Option<notify::RecommendedWatcher>,
    receiver: Receiver<WatchEvent>,
    /// The watched folders, by the paths that events have.
    bases: Vec<(PathBuf, FolderKind)>,
    /// Changes that are reported again, and when.
    later: Vec<(Instant, Changed)>,
}

impl Watch {
    /// Watches a site. If the system cannot, `note` receives a message and the files are polled.
    ///
    /// # Errors
    /// If the folder does not exist.
    pub(crate) fn start(root: &Path, poll: bool, note: &dyn Fn(&str)) -> Result<Self> {
        let root = root
            .canonicalize()
            .map_err(|e| Diagnostic::io(root, "watch the folder", &e))?;
        let (sender, receiver) = channel();
        let mut watch = Self {
            root,
            watcher: None,
            receiver,
            bases: Vec::new(),
            later: Vec::new(),
        };
        if !poll {
            let started = watcher(sender).and_then(|watcher| {
                watch.watcher = Some(watcher);
                watch.cover()
            });
            if let Err(error) = started {
                watch.watcher = None;
                note(&format!(
                    "the system cannot watch this site ({error}); its files are scanned every second\n\
                     on Linux, raising fs.inotify.max_user_watches helps"
                ));
            }
        }
        Ok(watch)
    }

    /// Watches every existing folder that is not watched yet.
    fn cover(&mut self) -> notify::Result<()> {
        let Some(watcher) = &mut self.watcher else {
            return Ok(());
        };
        let mut wanted = vec![(self.root.clone(), FolderKind::Root)];
        let folders = FOLDERS
            .iter()
            .map(|(name, kind)| (self.root.join(name), *kind));
        wanted.extend(folders);
        // A theme may be a link to another place.
        let linked = Site::open(&self.root, None).map(|site| (site.theme(), FolderKind::Inputs));
        wanted.extend(linked.into_iter().filter(|(theme, _)| theme.is_symlink()));
        let mut bases = Vec::new();
        for (folder, kind) in wanted {
            let Ok(base) = folder.canonicalize() else {
                continue;
            };
            if !self.bases.iter().any(|(known, _)| *known == base) {
                match kind {
                    FolderKind::Root => watcher.watch(&base, RecursiveMode::NonRecursive)?,
                    _ => watch_all(watcher, &base)?,
                }
            }
            bases.push((base, kind));
        }
        // Of nested folders the inner one decides.
        bases.sort_by_key(|(base, _)| std::cmp::Reverse(base.components().count()));
        self.bases = bases;
        Ok(())
    }

    /// Waits for a change, and returns it with all that came with it; `None` if there can be no further events.
    pub(crate) fn next(&mut self) -> Option<Changed> {
        loop {
            let due = self.later.iter().map(|(due, _)| *due).min();
            let wait = match (&self.watcher, due) {
                (None, _) => Some(POLL),
                (Some(_), due) => due.map(|due| due.saturating_duration_since(Instant::now())),
            };
            let event = match wait {
                Some(wait) => self.receiver.recv_timeout(wait),
                None => self
                    .receiver
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
            };
            let mut changed = match event {
                Ok(event) => self.classify(event),
                Err(RecvTimeoutError::Timeout) => Changed::default(),
                Err(RecvTimeoutError::Disconnected) if self.watcher.is_some() => return None,
                Err(RecvTimeoutError::Disconnected) => {
                    std::thread::sleep(POLL);
                    Changed::default()
                }
            };
            if self.watcher.is_none() {
                changed = Changed::all();
            }
            changed.add(self.waiting());
            if !changed.is_nothing() {
                return Some(changed);
            }
        }
    }

    /// The changes that have come meanwhile.
    fn waiting(&mut self) -> Changed {
        let mut changed = Changed::default();
        while let Ok(event) = self.receiver.try_recv() {
            changed.add(self.classify(event));
        }
        let now = Instant::now();
        let (due, later) = std::mem::take(&mut self.later)
            .into_iter()
            .partition(|(at, _)| *at <= now);
        self.later = later;
        let due: Vec<(Instant, Changed)> = due;
        due.into_iter().for_each(|(_, more)| changed.add(more));
        changed
    }

    fn classify(&mut self, event: WatchEvent) -> Changed {
        let paths = match event {
            WatchEvent::Paths(paths) => paths,
            WatchEvent::Lost => {
                self.bases.clear();
                let _ = self.cover();
                return Changed::all();
            }
        };
        let mut changed = Changed::default();
        for path in paths {
            let one = self.classify_path(&path);
            if !one.is_nothing() && path.is_dir() {
                // A new folder may have folders in it. If it was removed again, there is another event.
                let _ = self
                    .watcher
                    .as_mut()
                    .map(|watcher| watch_all(watcher, &path));
                let now = Instant::now();
                self.later
                    .extend(NEW_FOLDER_SCANS.map(|after| (now + after, one.clone())));
            }
            changed.add(one);
        }
        changed
    }

    /// The change that a path means; none if it is not part of the site, or hidden, as temporary files of editors are.
    fn classify_path(&mut self, path: &Path) -> Changed {
        let mut changed = Changed::default();
        let inside = |(base, kind): &(PathBuf, FolderKind)| {
            Some((path.strip_prefix(base).ok()?.to_path_buf(), *kind))
        };
        let Some((inside, kind)) = self.bases.iter().find_map(inside) else {
            return changed;
        };
        let mut parts = inside
            .components()
            .map(|part| part.as_os_str().to_string_lossy());
        if parts.any(|part| part.starts_with('.')) {
            return changed;
        }
        let name = slashed(&inside);
        match kind {
            FolderKind::Raw => changed.raw = true,
            FolderKind::Inputs => changed.inputs = true,
            FolderKind::Content if name.is_empty() => changed.contents = Scope::All,
            FolderKind::Content => changed.contents = Scope::Paths(BTreeSet::from([name])),
            FolderKind::Root if name == SETTINGS || name == TOPICS => changed.inputs = true,
            FolderKind::Root => match FOLDERS.iter().find(|(folder, _)| *folder == name) {
                Some((_, FolderKind::Raw)) => changed.raw = true,
                Some((_, FolderKind::Content)) => changed.contents = Scope::All,
                Some(_) => changed.inputs = true,
                None => {}
            },
        }
        // Folders of the site that were created, removed or replaced, and links to others, are watched anew.
        if !changed.is_nothing() && (kind == FolderKind::Root || path.is_symlink()) {
            let replaced = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
            self.bases.retain(|(base, _)| !base.starts_with(&replaced));
            let _ = self.cover();
        }
        changed
    }
}

fn watcher(sender: Sender<WatchEvent>) -> notify::Result<notify::RecommendedWatcher> {
    notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let seen = match event {
            Ok(event) if event.need_rescan() => WatchEvent::Lost,
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
            Ok(event) => WatchEvent::Paths(event.paths),
            // An error may hide an event.
            Err(_) => WatchEvent::Lost,
        };
        // The receiver exists until the process ends.
        let _ = sender.send(seen);
    })
}

/// Watches a folder recursively.
#[cfg(not(target_os = "linux"))]
fn watch_all(watcher: &mut notify::RecommendedWatcher, folder: &Path) -> notify::Result<()> {
    watcher.watch(folder, RecursiveMode::Recursive)
}

/// Watches a folder recursively. Each folder is watched by itself: the library would stat every file to find them,
/// which takes seconds for a million files, while a listing distinguishes folders from files.
#[cfg(target_os = "linux")]
fn watch_all(watcher: &mut notify::RecommendedWatcher, folder: &Path) -> notify::Result<()> {
    let folders = walkdir::WalkDir::new(folder).into_iter();
    let shown = folders.filter_entry(|entry| {
        entry.file_type().is_dir() && (entry.depth() == 0 || !is_hidden(entry.file_name()))
    });
    for folder in shown.flatten() {
        match watcher.watch(folder.path(), RecursiveMode::NonRecursive) {
            Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
            watched => watched?,
        }
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Calls `apply` for every change: on the first event, and again with what comes meanwhile. A change that fails is applied
/// again with the next one. `done` receives the outcomes.
pub(crate) fn follow<T>(
    mut watch: Watch,
    mut apply: impl FnMut(&Changed) -> Result<T>,
    mut done: impl FnMut(std::result::Result<T, Failure>),
) {
    let mut pending = Changed::default();
    let mut pause = Duration::ZERO;
    while let Some(changed) = watch.next() {
        pending.add(changed);
        // While changes keep coming, each build waits longer for more of them.
        std::thread::sleep(pause);
        pending.add(watch.waiting());
        let mut outcome = apply(&pending);
        if outcome.is_err() {
            std::thread::sleep(RETRY_AFTER);
            pending.add(watch.waiting());
            outcome = apply(&pending);
        }
        if outcome.is_ok() {
            pending = Changed::default();
        }
        done(outcome);
        let more = watch.waiting();
        pause = match more.is_nothing() {
            true => Duration::ZERO,
            false => (2 * pause).clamp(RETRY_AFTER, MAX_PAUSE),
        };
        if !more.is_nothing() {
            watch.later.push((Instant::now(), more));
        }
    }
}
