//! The state of the preview: the last good snapshot of the site, and what is wrong with the present one.
//! Knows how a path is answered; never knows HTTP.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use tokio::sync::watch;

use super::Observer;
use super::last_good::LastGoodPages;
use super::watch_lists::WatchLists;
use crate::build::{Changed, NOT_FOUND_PATH, PageContent, PageKey, SiteSnapshot, Touched, View};
use crate::cache::{self, Cache};
use crate::diagnostics::{Diagnostic, Failure, Result};
use crate::files;
use crate::model::digest::{digest, hex};
use crate::model::subject::{StaticSource, Subject};
use crate::site::Site;

/// The site as the preview shows it, shared by the server and the watcher.
pub(crate) struct PreviewState {
    root: PathBuf,
    observer: Arc<dyn Observer>,
    snapshot: RwLock<Option<SiteSnapshot>>,
    status: watch::Sender<Status>,
    pub lists: WatchLists,
    last_good: LastGoodPages,
}

/// The state of the site after a change.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    /// Whether the site could not be read, so that an older snapshot is shown.
    pub failed: bool,
    pub diagnostics: Vec<Diagnostic>,
    /// The number of articles in the snapshot.
    pub articles: usize,
    /// Counts the changes in which any page may have become another.
    pub(super) revision: u64,
    /// The pages that may differ between this revision and the one before.
    pub(super) touched: Arc<Touched>,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            failed: false,
            diagnostics: Vec::new(),
            articles: 0,
            revision: 0,
            touched: Arc::new(Touched::All),
        }
    }
}

/// The answer to a request.
pub(crate) enum Answer {
    Page {
        path: String,
        bytes: Vec<u8>,
    },
    /// A file that is sent unchanged.
    File {
        path: String,
        file: PathBuf,
    },
    /// To the path of a folder, from which the page's relative links are right.
    Redirect(String),
    NotFound {
        bytes: Vec<u8>,
    },
    Failed(Vec<Diagnostic>),
}

/// What a path names.
enum Target {
    Page(PageKey),
    Redirect(String),
    Nothing,
}

/// A change that was applied.
pub(crate) struct Refreshed {
    touched: Touched,
    diagnostics: Vec<Diagnostic>,
}

impl PreviewState {
    /// Reads a site for the first time; if that fails, its diagnostics are shown.
    pub(crate) fn open(root: &Path, observer: Arc<dyn Observer>) -> Self {
        let state = Self {
            root: root.to_path_buf(),
            observer,
            snapshot: RwLock::new(None),
            status: watch::Sender::new(Status::default()),
            lists: WatchLists::default(),
            last_good: LastGoodPages::default(),
        };
        let outcome = state.refresh(&Changed::all());
        state.notify(outcome);
        state
    }

    pub(crate) fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// Receives every status from now on.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Reads and applies a change; if that fails, the last good snapshot is kept. Requests are answered while files are
    /// read.
    ///
    /// # Errors
    /// If settings, topics, theme or a template are wrong, or the machine refuses.
    pub(crate) fn refresh(&self, changed: &Changed) -> Result<Refreshed> {
        let mut site = Site::open(&self.root, None)?;
        // The preview serves the site at the root of its host, wherever it will be published.
        site.settings.base_url = None;
        let mut cache = Cache::open(&site, "serve", &|note| self.observer.note(note))?;
        let pending = match self.snapshot().as_ref() {
            Some(snapshot) => snapshot.read_changes(site.clone(), &mut cache, changed)?,
            None => None,
        };
        let applied = pending.and_then(|pending| {
            let mut snapshot = self
                .snapshot
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            let snapshot = snapshot.as_mut()?;
            let touched = snapshot.apply(pending);
            self.last_good.set_broken(snapshot.contents().problems());
            Some(touched)
        });
        let touched = match applied {
            Some(touched) => touched,
            None => {
                let new = SiteSnapshot::current(site, &mut cache)?;
                let mut snapshot = self
                    .snapshot
                    .write()
                    .unwrap_or_else(PoisonError::into_inner);
                self.last_good.set_broken(new.contents().problems());
                *snapshot = Some(new);
                Touched::All
            }
        };
        let diagnostics = self.snapshot().as_ref().map(|snapshot| {
            let mut found = snapshot.diagnostics();
            found.extend(snapshot.imported.clone());
            found.extend(std::mem::take(&mut cache.warnings));
            found.sort();
            found
        });
        Ok(Refreshed {
            touched,
            diagnostics: diagnostics.unwrap_or_default(),
        })
    }

    /// Notifies the subscribers of the outcome of a change; returns false if nothing differs.
    pub(crate) fn notify(&self, outcome: Result<Refreshed>) -> bool {
        let articles = self.snapshot().as_ref().map_or(0, |s| s.library.len());
        let (failed, diagnostics, touched) = match outcome {
            Ok(Refreshed {
                touched,
                diagnostics,
            }) => (false, diagnostics, Some(touched)),
            Err(Failure(diagnostics)) => (true, diagnostics, None),
        };
        let is_any = |touched: &Touched| !matches!(touched, Touched::Some(s) if s.is_empty());
        let touched = touched.filter(is_any);
        self.status.send_if_modified(|status| {
            let is_news =
                touched.is_some() || (status.failed, &status.diagnostics) != (failed, &diagnostics);
            if let Some(touched) = touched {
                status.revision += 1;
                status.touched = Arc::new(touched);
            }
            (status.failed, status.diagnostics, status.articles) = (failed, diagnostics, articles);
            is_news
        })
    }

    fn snapshot(&self) -> RwLockReadGuard<'_, Option<SiteSnapshot>> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renders the page at a path.
    pub(crate) fn answer(&self, path: &str) -> Answer {
        let snapshot = self.snapshot();
        let Some(snapshot) = snapshot.as_ref() else {
            return Answer::Failed(self.status().diagnostics);
        };
        let view = snapshot.view();
        let key = match target(&view, path) {
            Target::Page(key) => key,
            Target::Redirect(path) => return Answer::Redirect(path),
            Target::Nothing => {
                if let Some(bytes) = self.last_good.of_broken(path) {
                    let path = path.trim_start_matches('/').to_owned();
                    return Answer::Page { path, bytes };
                }
                let bytes = page_at(&view, NOT_FOUND_PATH).and_then(|key| {
                    let page = key.page(&view)?;
                    snapshot.render(&key, &page).ok()
                });
                return Answer::NotFound {
                    bytes: bytes.unwrap_or_default(),
                };
            }
        };
        let Some(page) = key.page(&view) else {
            return Answer::NotFound { bytes: Vec::new() };
        };
        let path = key.path.clone();
        match &page.content {
            PageContent::Copy(StaticSource::File(file, _)) => Answer::File {
                path,
                file: file.clone(),
            },
            PageContent::Copy(StaticSource::Content(file, _)) => {
                let file = snapshot.site.content().join(&**file);
                Answer::File { path, file }
            }
            _ => match snapshot.render(&key, &page) {
                Ok(bytes) => {
                    let file = view.library.text_of(&key.subject).map(|(file, _)| file);
                    self.last_good.keep(&path, file, &bytes);
                    Answer::Page { path, bytes }
                }
                Err(Failure(diagnostics)) => Answer::Failed(diagnostics),
            },
        }
    }

    /// What the page at a path is about; `None` if it is not a page.
    pub(crate) fn subject(&self, path: &str) -> Option<Subject> {
        match target(&self.snapshot().as_ref()?.view(), path) {
            Target::Page(key) => Some(key.subject),
            Target::Redirect(_) | Target::Nothing => None,
        }
    }

    /// Whether a path is that of a file that changed after a time, in nanoseconds since 1970.
    pub(crate) fn is_newer(&self, path: &str, since: i64) -> bool {
        let Answer::File { file, .. } = self.answer(path) else {
            return false;
        };
        std::fs::metadata(&file).is_ok_and(|metadata| files::stamp(&metadata).latest() > since)
    }

    /// A digest of the answer to a path, by which a browser knows whether it shows the present one.
    ///
    /// # Errors
    /// If its template cannot be rendered.
    pub(crate) fn digest(&self, path: &str) -> std::result::Result<String, Vec<Diagnostic>> {
        match self.answer(path) {
            Answer::Page { bytes, .. } | Answer::NotFound { bytes } => Ok(hex(&digest(&bytes))),
            Answer::File { file, .. } => {
                let stamp = std::fs::metadata(&file).map(|metadata| files::stamp(&metadata));
                Ok(hex(&digest(&cache::encode(&stamp.ok()))))
            }
            Answer::Redirect(path) => Ok(hex(&digest(path.as_bytes()))),
            Answer::Failed(diagnostics) => Err(diagnostics),
        }
    }
}

fn page_at(view: &View<'_>, path: &str) -> Option<PageKey> {
    PageKey::at(view, path).next()
}

/// The page at a path, which may leave out `index.html`, `.html` or the `/` after a folder.
fn target(view: &View<'_>, path: &str) -> Target {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') {
        let key = page_at(view, &format!("{path}index.html"));
        return key.map_or(Target::Nothing, Target::Page);
    }
    match page_at(view, path).or_else(|| page_at(view, &format!("{path}.html"))) {
        Some(key) => Target::Page(key),
        None if page_at(view, &format!("{path}/index.html")).is_some() => {
            Target::Redirect(format!("/{path}/"))
        }
        None => Target::Nothing,
    }
}
