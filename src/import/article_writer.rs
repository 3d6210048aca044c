//! Writes articles to `content/`: all of them at once, or none. Also removes them.
//! Knows files and folders; never knows what an article says.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostics::{Diagnostic, Result};
use crate::files::Staging;
use crate::progress::Progress;
use crate::site::Site;

/// How many articles are written between two reports of progress: a terminal is no faster.
const REPORTED_EACH: usize = 256;

/// Stages articles in the cache folder, where an import that is killed leaves nothing that looks like an article.
pub(crate) struct ArticleWriter<'a> {
    pub site: &'a Site,
    staging: Staging,
    progress: Progress<'a>,
    done: AtomicUsize,
    total: AtomicUsize,
}

impl<'a> ArticleWriter<'a> {
    /// # Errors
    /// Where the folders cannot be created.
    pub(crate) fn open(site: &'a Site, progress: Progress<'a>) -> Result<Self> {
        let folder = site.cache().join("articles");
        let staging = std::fs::create_dir_all(site.content()).and_then(|()| Staging::open(&folder));
        let staging = staging.map_err(|e| Diagnostic::io(&folder, "write the cache", &e))?;
        Ok(Self {
            site,
            staging,
            progress,
            done: AtomicUsize::new(0),
            total: AtomicUsize::new(0),
        })
    }

    /// Sets how many articles will be written, for the reports of progress.
    pub(crate) fn expect(&self, articles: usize) {
        self.total.store(articles, Ordering::Relaxed);
    }

    /// Stages an article.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn stage(&self, path: &Path, text: &str) -> Result<()> {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(REPORTED_EACH) {
            let total = self.total.load(Ordering::Relaxed);
            (self.progress)("writing articles", done, total);
        }
        let below = path.strip_prefix(self.site.content()).unwrap_or(path);
        let staged = self.staging.put(below, text.as_bytes());
        staged.map_err(|e| Diagnostic::io(path, "write the article", &e).into())
    }

    /// Stages a file that articles show; `to` is its path below `content/`.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn stage_file(&self, to: &Path, bytes: &[u8]) -> Result<()> {
        let staged = self.staging.put(to, bytes);
        staged.map_err(|e| Diagnostic::io(to, "write the file", &e).into())
    }

    /// Moves all staged articles to `content/`.
    ///
    /// # Errors
    /// Where one cannot be moved.
    pub(crate) fn commit(&self) -> Result<()> {
        let content = self.site.content();
        let moved = self.staging.move_into(&content);
        moved.map_err(|e| Diagnostic::io(&content, "move the articles to their place", &e).into())
    }
}

/// Removes the article of a vanished record, and the folders that become empty.
///
/// # Errors
/// Where the file cannot be removed.
pub(crate) fn remove(site: &Site, path: &Path) -> Result<()> {
    std::fs::remove_file(path)
        .map_err(|e| Diagnostic::io(path, "remove the article of a vanished record", &e))?;
    let folders = path.ancestors().skip(1);
    for folder in folders.take_while(|folder| *folder != site.content()) {
        if std::fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
