//! Watching: which parts of a site changed on disk. Sees paths; never opens a file of the site.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{EventKind, RecursiveMode, Watcher};

use crate::build::{Changed, Scope};
use crate::diagnostics::{Diagnostic, Failure, Result};
use crate::model::path::slashed;
use crate::site::{SETTINGS, Site, TOPICS};

/// An editor that empties a file before it writes leaves it broken for a moment.
const SECOND_LOOK: Duration = Duration::from_millis(10);

/// What is put into a new folder before the system watches it is told by nobody: the folder is looked at again.
const LOOKS_INTO_NEW_FOLDERS: [Duration; 2] =
    [Duration::from_millis(50), Duration::from_millis(500)];

/// The longest that a build waits for what else changes, where changes came during each of the builds before it.
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// How long it is between two looks at a site whose disk tells of no changes.
const POLL: Duration = Duration::from_secs(1);

/// What a watched folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Settings and topics, and the folders themselves.
    Root,
    Raw,
    Content,
    /// Templates, themes, static files.
    Inputs,
}

/// The site's folders; each is watched with all that is below it.
const FOLDERS: &[(&str, Part)] = &[
    ("raw", Part::Raw),
    ("content", Part::Content),
    ("templates", Part::Inputs),
    ("themes", Part::Inputs),
    ("static", Part::Inputs),
];

/// What the system told.
enum Seen {
    Paths(Vec<PathBuf>),
    /// Some events were lost.
    Lost,
}

/// A site that is watched.
pub struct Watch {
    root: PathBuf,
    /// None where the files are looked at again and again.
    watcher: Option<notify::RecommendedWatcher>,
    receiver: Receiver<Seen>,
    /// Folders as the system names them in events.
    bases: Vec<(PathBuf, Part)>,
    /// What is to be looked at once more, and when.
    later: Vec<(Instant, Changed)>,
}

impl Watch {
    /// Watches a site. Where the system gives no watch, says so to `note` and polls.
    ///
    /// # Errors
    /// Where the folder is not there.
    pub fn start(root: &Path, poll: bool, note: &dyn Fn(&str)) -> Result<Self> {
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
                    "the system cannot watch this site ({error}); its files are looked at every second\n\
                     on Linux, raising fs.inotify.max_user_watches helps"
                ));
            }
        }
        Ok(watch)
    }

    /// Watches every folder that is there and is not watched yet.
    fn cover(&mut self) -> notify::Result<()> {
        let Some(watcher) = &mut self.watcher else {
            return Ok(());
        };
        let mut wanted = vec![(self.root.clone(), Part::Root)];
        let folders = FOLDERS
            .iter()
            .map(|(name, part)| (self.root.join(name), *part));
        wanted.extend(folders);
        // A theme may be linked from elsewhere.
        let linked = Site::open(&self.root, None).map(|site| (site.theme(), Part::Inputs));
        wanted.extend(linked.into_iter().filter(|(theme, _)| theme.is_symlink()));
        let mut bases = Vec::new();
        for (folder, part) in wanted {
            let Ok(base) = folder.canonicalize() else {
                continue;
            };
            if !self.bases.iter().any(|(known, _)| *known == base) {
                match part {
                    Part::Root => watcher.watch(&base, RecursiveMode::NonRecursive)?,
                    _ => watch_all(watcher, &base)?,
                }
            }
            bases.push((base, part));
        }
        // Of folders within each other the inner one decides.
        bases.sort_by_key(|(base, _)| std::cmp::Reverse(base.components().count()));
        self.bases = bases;
        Ok(())
    }

    /// Waits for a change, and takes in all that came with it; None once nothing can come any more.
    pub fn next(&mut self) -> Option<Changed> {
        loop {
            let due = self.later.iter().map(|(due, _)| *due).min();
            let wait = match (&self.watcher, due) {
                (None, _) => Some(POLL),
                (Some(_), due) => due.map(|due| due.saturating_duration_since(Instant::now())),
            };
            let seen = match wait {
                Some(wait) => self.receiver.recv_timeout(wait),
                None => self
                    .receiver
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
            };
            let mut changed = match seen {
                Ok(seen) => self.classify(seen),
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

    /// What has come meanwhile.
    fn waiting(&mut self) -> Changed {
        let mut changed = Changed::default();
        while let Ok(seen) = self.receiver.try_recv() {
            changed.add(self.classify(seen));
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

    fn classify(&mut self, seen: Seen) -> Changed {
        let paths = match seen {
            Seen::Paths(paths) => paths,
            Seen::Lost => {
                self.bases.clear();
                let _ = self.cover();
                return Changed::all();
            }
        };
        let mut changed = Changed::default();
        for path in paths {
            let one = self.classify_path(&path);
            if !one.is_nothing() && path.is_dir() {
                // A folder that came with folders in it; where it went again, the next event says so.
                let _ = self
                    .watcher
                    .as_mut()
                    .map(|watcher| watch_all(watcher, &path));
                let now = Instant::now();
                self.later
                    .extend(LOOKS_INTO_NEW_FOLDERS.map(|after| (now + after, one.clone())));
            }
            changed.add(one);
        }
        changed
    }

    /// What a path stands for; nothing where it is not the site's, or is what editors leave lying about.
    fn classify_path(&mut self, path: &Path) -> Changed {
        let mut changed = Changed::default();
        let inside = |(base, part): &(PathBuf, Part)| {
            Some((path.strip_prefix(base).ok()?.to_path_buf(), *part))
        };
        let Some((inside, part)) = self.bases.iter().find_map(inside) else {
            return changed;
        };
        let mut parts = inside
            .components()
            .map(|part| part.as_os_str().to_string_lossy());
        if parts.any(|part| part.starts_with('.')) {
            return changed;
        }
        let name = slashed(&inside);
        match part {
            Part::Raw => changed.raw = true,
            Part::Inputs => changed.inputs = true,
            Part::Content if name.is_empty() => changed.contents = Scope::All,
            Part::Content => changed.contents = Scope::Paths(BTreeSet::from([name])),
            Part::Root if name == SETTINGS || name == TOPICS => changed.inputs = true,
            Part::Root => match FOLDERS.iter().find(|(folder, _)| *folder == name) {
                Some((_, Part::Raw)) => changed.raw = true,
                Some((_, Part::Content)) => changed.contents = Scope::All,
                Some(_) => changed.inputs = true,
                None => {}
            },
        }
        // Folders of the site that came, went or were replaced, and links to others, are watched as they are now.
        if !changed.is_nothing() && (part == Part::Root || path.is_symlink()) {
            let replaced = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
            self.bases.retain(|(base, _)| !base.starts_with(&replaced));
            let _ = self.cover();
        }
        changed
    }
}

fn watcher(sender: Sender<Seen>) -> notify::Result<notify::RecommendedWatcher> {
    notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let seen = match event {
            Ok(event) if event.need_rescan() => Seen::Lost,
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
            Ok(event) => Seen::Paths(event.paths),
            // An error may hide an event.
            Err(_) => Seen::Lost,
        };
        // The receiver only goes away with the process.
        let _ = sender.send(seen);
    })
}

/// Watches a folder with all that is below it.
#[cfg(not(target_os = "linux"))]
fn watch_all(watcher: &mut notify::RecommendedWatcher, folder: &Path) -> notify::Result<()> {
    watcher.watch(folder, RecursiveMode::Recursive)
}

/// Watches a folder with all that is below it. Each folder is watched by itself, for the library would ask the system
/// about every file to find them, which among a million takes seconds; a listing knows folders from files.
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

/// Takes in every change, as it comes: builds on the first event, and what comes meanwhile is the next change. What could
/// not be taken in is tried again with the next.
pub fn follow<T>(
    mut watch: Watch,
    mut take: impl FnMut(&Changed) -> Result<T>,
    mut told: impl FnMut(std::result::Result<T, Failure>),
) {
    let mut pending = Changed::default();
    let mut pause = Duration::ZERO;
    while let Some(changed) = watch.next() {
        pending.add(changed);
        // While changes keep coming, each build waits for more of them than the one before.
        std::thread::sleep(pause);
        pending.add(watch.waiting());
        let mut outcome = take(&pending);
        if outcome.is_err() {
            std::thread::sleep(SECOND_LOOK);
            pending.add(watch.waiting());
            outcome = take(&pending);
        }
        if outcome.is_ok() {
            pending = Changed::default();
        }
        told(outcome);
        let more = watch.waiting();
        pause = match more.is_nothing() {
            true => Duration::ZERO,
            false => (2 * pause).clamp(SECOND_LOOK, LONGEST_PAUSE),
        };
        if !more.is_nothing() {
            watch.later.push((Instant::now(), more));
        }
    }
}
