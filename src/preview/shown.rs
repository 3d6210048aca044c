//! What is shown: the last good snapshot of the site, and what is wrong with the present one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use tokio::sync::watch;

use super::Tell;
use crate::build::{Changed, NOT_FOUND_PATH, PageContent, PageKey, SiteSnapshot, Touched};
use crate::cache::Cache;
use crate::diagnostics::{Diagnostic, Failure, Result};
use crate::files;
use crate::model::digest::{digest, hex};
use crate::model::subject::StaticSource;
use crate::site::Site;

/// The site as it is shown, shared by the server and the watcher.
pub struct Shown {
    root: PathBuf,
    tell: Arc<dyn Tell>,
    good: RwLock<Option<SiteSnapshot>>,
    news: watch::Sender<News>,
}

/// How the site stands after a change.
#[derive(Debug, Clone, Default)]
pub struct News {
    /// Whether the site could not be read, so that an older snapshot is shown.
    pub failed: bool,
    pub diagnostics: Vec<Diagnostic>,
    /// Articles in the snapshot that is shown.
    pub articles: usize,
}

/// The answer to a request.
pub enum Answer {
    Page {
        path: String,
        bytes: Vec<u8>,
    },
    /// A file that is sent as it is.
    File {
        path: String,
        file: PathBuf,
    },
    /// Another path, in a folder of which the answer's relative links are right.
    Elsewhere(String),
    NotFound {
        bytes: Vec<u8>,
    },
    Broken(Vec<Diagnostic>),
}

impl Shown {
    /// Reads a site for the first time; a broken one is shown as its diagnostics.
    ///
    /// # Errors
    /// Where the folder is no site at all.
    pub fn open(root: &Path, tell: Arc<dyn Tell>) -> Result<Self> {
        let shown = Self {
            root: root.to_path_buf(),
            tell,
            good: RwLock::new(None),
            news: watch::Sender::new(News::default()),
        };
        let outcome = shown.refresh(&Changed::all());
        shown.publish(outcome);
        Ok(shown)
    }

    pub fn news(&self) -> News {
        self.news.borrow().clone()
    }

    /// Tells of every change from now on.
    pub fn subscribe(&self) -> watch::Receiver<News> {
        self.news.subscribe()
    }

    /// Takes a change in, and gives what is wrong with the content; where that fails, the last good snapshot stays.
    ///
    /// # Errors
    /// Where settings, topics, theme or a template are wrong, or the machine refuses.
    pub fn refresh(&self, changed: &Changed) -> Result<Refreshed> {
        let mut site = Site::open(&self.root, None)?;
        // Here the site lies at the root of its host, wherever it will be published.
        site.settings.base_url = None;
        let mut cache = Cache::open(&site, "serve", &|words| self.tell.note(words))?;
        let touched = {
            let mut good = self.good.write().unwrap_or_else(PoisonError::into_inner);
            match good.as_mut() {
                Some(snapshot) => snapshot.refresh(site.clone(), &mut cache, changed)?,
                None => None,
            }
        };
        if touched.is_none() {
            // Read beside the one that is shown, which goes on answering.
            let snapshot = SiteSnapshot::current(site, &mut cache)?;
            *self.good.write().unwrap_or_else(PoisonError::into_inner) = Some(snapshot);
        }
        let diagnostics = self.good().as_ref().map(|snapshot| {
            let mut found = snapshot.diagnostics();
            found.extend(snapshot.imported.clone());
            found.extend(std::mem::take(&mut cache.warnings));
            found.sort();
            found
        });
        Ok(Refreshed {
            is_changed: !matches!(touched, Some(Touched::Some(subjects)) if subjects.is_empty()),
            diagnostics: diagnostics.unwrap_or_default(),
        })
    }

    /// Tells of a change; false where there is nothing to tell.
    pub fn publish(&self, outcome: Result<Refreshed>) -> bool {
        let articles = self
            .good()
            .as_ref()
            .map_or(0, |snapshot| snapshot.library.len());
        let (is_changed, news) = match outcome {
            Ok(Refreshed {
                is_changed,
                diagnostics,
            }) => (
                is_changed,
                News {
                    failed: false,
                    diagnostics,
                    articles,
                },
            ),
            Err(Failure(diagnostics)) => (
                false,
                News {
                    failed: true,
                    diagnostics,
                    articles,
                },
            ),
        };
        self.news.send_if_modified(|old| {
            let is_news =
                is_changed || (old.failed, &old.diagnostics) != (news.failed, &news.diagnostics);
            if is_news {
                *old = news;
            }
            is_news
        })
    }

    fn good(&self) -> RwLockReadGuard<'_, Option<SiteSnapshot>> {
        self.good.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renders what a path names.
    pub fn answer(&self, path: &str) -> Answer {
        let good = self.good();
        let Some(snapshot) = good.as_ref() else {
            return Answer::Broken(self.news().diagnostics);
        };
        let path = path.trim_start_matches('/');
        let is_folder = path.is_empty() || path.ends_with('/');
        let view = snapshot.view();
        let at = |path: String| PageKey::at(&view, &path).next();
        let found = match is_folder {
            true => at(format!("{path}index.html")),
            false => at(path.to_owned()).or_else(|| at(format!("{path}.html"))),
        };
        let Some(key) = found else {
            if !is_folder && at(format!("{path}/index.html")).is_some() {
                return Answer::Elsewhere(format!("/{path}/"));
            }
            let bytes = at(NOT_FOUND_PATH.to_owned()).and_then(|key| {
                let page = key.page(&view)?;
                snapshot.render(&key, &page).ok()
            });
            return Answer::NotFound {
                bytes: bytes.unwrap_or_default(),
            };
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
                Ok(bytes) => Answer::Page { path, bytes },
                Err(Failure(diagnostics)) => Answer::Broken(diagnostics),
            },
        }
    }

    /// Whether a path names a file that changed after a time, in nanoseconds since 1970.
    pub fn is_newer(&self, path: &str, since: i64) -> bool {
        let Answer::File { file, .. } = self.answer(path) else {
            return false;
        };
        std::fs::metadata(&file).is_ok_and(|metadata| files::stamp(&metadata).latest() > since)
    }

    /// A digest of what a path answers with, to tell whether a browser shows it still.
    ///
    /// # Errors
    /// Where its template cannot be rendered.
    pub fn digest(&self, path: &str) -> std::result::Result<String, Vec<Diagnostic>> {
        match self.answer(path) {
            Answer::Page { bytes, .. } | Answer::NotFound { bytes } => Ok(hex(&digest(&bytes))),
            Answer::File { file, .. } => {
                let stamp = std::fs::metadata(&file).map(|metadata| files::stamp(&metadata));
                Ok(hex(&digest(format!("{stamp:?}").as_bytes())))
            }
            Answer::Elsewhere(path) => Ok(hex(&digest(path.as_bytes()))),
            Answer::Broken(diagnostics) => Err(diagnostics),
        }
    }
}

/// A change that was taken in.
pub struct Refreshed {
    /// Whether any page may differ.
    is_changed: bool,
    diagnostics: Vec<Diagnostic>,
}
