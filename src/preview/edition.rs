//! What is shown: the last good edition of the site, and what is wrong with the present one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use serde::Serialize;
use tokio::sync::watch;

use crate::build::{self, Edition, Key, View};
use crate::diagnostics::{Diagnostic, Failure, Result};
use crate::site::Site;
use crate::{import, topics};

/// The site as it is shown, shared by the server and the watcher.
pub struct Shown {
    root: PathBuf,
    good: RwLock<Option<Arc<Good>>>,
    news: watch::Sender<News>,
}

/// A site that could be read.
struct Good {
    site: Site,
    edition: Edition,
    keys: HashMap<String, Key>,
}

/// What browsers are told after each rebuild.
#[derive(Debug, Clone, Serialize)]
pub struct News {
    /// Differs from rebuild to rebuild and from one run of the server to the next.
    pub version: String,
    /// Whether the site could not be read, so that an older edition is shown.
    pub failed: bool,
    pub diagnostics: Vec<Diagnostic>,
    /// Articles in the edition that is shown.
    pub articles: usize,
}

/// The answer to a request.
pub enum Answer {
    Page { path: String, bytes: Vec<u8> },
    NotFound { bytes: Vec<u8> },
    Broken(Vec<Diagnostic>),
}

impl Shown {
    /// Reads a site for the first time; a broken one is shown as its diagnostics.
    ///
    /// # Errors
    /// Where the folder is no site at all.
    pub fn open(root: &Path) -> Result<Self> {
        if !root.is_dir() {
            return Err(
                Diagnostic::error(root.display().to_string(), "there is no such folder").into(),
            );
        }
        let news = News {
            version: String::new(),
            failed: true,
            diagnostics: Vec::new(),
            articles: 0,
        };
        let shown = Self {
            root: root.to_path_buf(),
            good: RwLock::new(None),
            news: watch::Sender::new(news),
        };
        shown.refresh(0);
        Ok(shown)
    }

    pub fn news(&self) -> News {
        self.news.borrow().clone()
    }

    /// Tells of every rebuild from now on.
    pub fn subscribe(&self) -> watch::Receiver<News> {
        self.news.subscribe()
    }

    /// Reads the site again. Where that fails, the last good edition stays.
    pub fn refresh(&self, round: u64) {
        // The process and the round, so that a page of an earlier run knows that it is old.
        let version = format!("{}-{round}", std::process::id());
        let (failed, diagnostics) = match Good::read(&self.root) {
            Ok((good, diagnostics)) => {
                if let Ok(mut shown) = self.good.write() {
                    *shown = Some(Arc::new(good));
                }
                (false, diagnostics)
            }
            Err(Failure(diagnostics)) => (true, diagnostics),
        };
        let articles = self.good().map_or(0, |good| good.edition.library.len());
        self.news.send_replace(News {
            version,
            failed,
            diagnostics,
            articles,
        });
    }

    fn good(&self) -> Option<Arc<Good>> {
        self.good.read().ok()?.clone()
    }

    /// Renders what a path names.
    pub fn answer(&self, path: &str) -> Answer {
        let Some(good) = self.good() else {
            return Answer::Broken(self.news().diagnostics);
        };
        let path = path.trim_start_matches('/');
        let folder = path.is_empty() || path.ends_with('/');
        let candidates = match folder {
            true => vec![format!("{path}index.html")],
            false => vec![
                path.to_owned(),
                format!("{path}/index.html"),
                format!("{path}.html"),
            ],
        };
        let found = candidates.into_iter().find_map(|path| good.keys.get(&path));
        match found {
            Some(key) => match good.render(key) {
                Ok(bytes) => Answer::Page {
                    path: key.path.clone(),
                    bytes,
                },
                Err(Failure(diagnostics)) => Answer::Broken(diagnostics),
            },
            None => {
                let page = good
                    .keys
                    .get("404.html")
                    .and_then(|key| good.render(key).ok());
                Answer::NotFound {
                    bytes: page.unwrap_or_default(),
                }
            }
        }
    }
}

impl Good {
    fn read(root: &Path) -> Result<(Self, Vec<Diagnostic>)> {
        let mut site = Site::open(root, None)?;
        // Here the site lies at the root of its host, wherever it will be published.
        site.settings.base_url = None;
        let imported = import::import(&site, &import::Options::default())?;
        topics::propose_if_none(&site)?;
        let edition = build::read(&site)?;
        let view = View::new(&edition.library, &site.settings, &edition.theme);
        let (keys, clashes) = build::plan(&view, &edition.touched);
        let keys = keys
            .into_iter()
            .map(|key| (key.path.clone(), key))
            .collect();
        let diagnostics = [imported.diagnostics, edition.diagnostics.clone(), clashes].concat();
        Ok((
            Self {
                site,
                edition,
                keys,
            },
            diagnostics,
        ))
    }

    fn render(&self, key: &Key) -> Result<Vec<u8>> {
        let view = View::new(
            &self.edition.library,
            &self.site.settings,
            &self.edition.theme,
        );
        let page = key
            .page(&view)
            .ok_or_else(|| Diagnostic::error(key.path.clone(), "the page is gone"))?;
        self.edition.renderer.render(&page)
    }
}
