//! Where articles stand in `content/`: put there all at once, and taken away.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostics::{Diagnostic, Result};
use crate::files::Staging;
use crate::progress::Progress;
use crate::site::Site;

/// Where articles are written: they wait beside the cache, where nobody takes one of a killed import for an article.
pub struct ArticleWriter<'a> {
    pub site: &'a Site,
    stage: Staging,
    progress: Progress<'a>,
    done: AtomicUsize,
    all: AtomicUsize,
}

impl<'a> ArticleWriter<'a> {
    pub fn open(site: &'a Site, progress: Progress<'a>) -> Result<Self> {
        let folder = site.cache().join("articles");
        let stage = std::fs::create_dir_all(site.content()).and_then(|()| Staging::open(&folder));
        let stage = stage.map_err(|e| Diagnostic::io(&folder, "write the cache", &e))?;
        Ok(Self {
            site,
            stage,
            progress,
            done: AtomicUsize::new(0),
            all: AtomicUsize::new(0),
        })
    }

    /// So many articles are going to be written.
    pub fn expect(&self, articles: usize) {
        self.all.store(articles, Ordering::Relaxed);
    }

    /// Lets an article wait for its place.
    pub fn put(&self, path: &Path, text: &str) -> Result<()> {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        // A terminal is no faster than this.
        if done.is_multiple_of(256) {
            (self.progress)("writing articles", done, self.all.load(Ordering::Relaxed));
        }
        let below = path.strip_prefix(self.site.content()).unwrap_or(path);
        let put = self.stage.put(below, text.as_bytes());
        put.map_err(|e| Diagnostic::io(path, "write the article", &e).into())
    }

    /// Moves all that waits to its place.
    pub fn fill(&self) -> Result<()> {
        let content = self.site.content();
        let moved = self.stage.switch_in(&content);
        moved.map_err(|e| Diagnostic::io(&content, "move the articles to their place", &e).into())
    }
}

/// Removes the article of a vanished record.
pub fn remove(site: &Site, path: &Path) -> Result<()> {
    std::fs::remove_file(path)
        .map_err(|e| Diagnostic::io(path, "remove the article of a vanished record", &e))?;
    // A folder that is empty now goes too, but never `content/` itself.
    for folder in path
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != site.content())
    {
        if std::fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
