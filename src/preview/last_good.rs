//! The last good pages of articles: a slip in a file does not take away the page that a person is looking at.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::diagnostics::Diagnostic;

/// More pages are not kept: nobody looks at more at once.
const MOST: usize = 32;

/// A page as it was last rendered.
struct LastGoodPage {
    path: String,
    /// The file that it shows, below the site's folder.
    file: String,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct State {
    pages: VecDeque<LastGoodPage>,
    /// The files that have a problem now.
    broken: BTreeSet<String>,
}

/// Pages as they were last rendered. Threads share it.
#[derive(Default)]
pub(crate) struct LastGoodPages(Mutex<State>);

impl LastGoodPages {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes which files have a problem, before anybody sees the pages of the new state.
    pub(crate) fn set_broken<'d>(&self, problems: impl Iterator<Item = &'d Diagnostic>) {
        self.lock().broken = problems.map(|problem| problem.path.clone()).collect();
    }

    /// Keeps the page of a file of `content/`.
    pub(crate) fn keep(&self, path: &str, file: Option<&str>, bytes: &[u8]) {
        let Some(file) = file else { return };
        let pages = &mut self.lock().pages;
        pages.retain(|page| page.path != path);
        pages.push_back(LastGoodPage {
            path: path.to_owned(),
            file: format!("content/{file}"),
            bytes: bytes.to_vec(),
        });
        if pages.len() > MOST {
            pages.pop_front();
        }
    }

    /// The last page at a path, if the file that it shows has a problem now.
    pub(crate) fn of_broken(&self, path: &str) -> Option<Vec<u8>> {
        let path = path.trim_start_matches('/');
        let state = self.lock();
        let page = state.pages.iter().find(|page| page.path == path)?;
        state
            .broken
            .contains(&page.file)
            .then(|| page.bytes.clone())
    }
}
