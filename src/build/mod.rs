//! The program's story: a folder of raw articles in, a website out.
//!
//! ```text
//! raw/ ─ import ─▶ content/ ─ scan ─▶ files ─ parse ─▶ entries ─ organize ─▶ Library
//!                                public/ ◀─ write ─ bytes ◀─ render ─ pages ◀─ plan ─┘
//! ```
//!
//! Each stage takes what the one before gives; only this file puts them together.

mod markdown;
mod organize;
mod pages;
mod parse;
mod plan;
mod render;
mod scan;
mod summary;
mod theme;
mod write;

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

pub use pages::{Key, View};
pub use plan::plan;
pub use render::Renderer;
pub use theme::Theme;
pub use write::Counts;

use crate::diagnostics::{Diagnostic, Result};
use crate::model::Library;
use crate::model::page::Subject;
use crate::site::Site;
use crate::topics::{self, Matcher};

/// A site that is read and put in order: all that is needed to render any of its pages.
pub struct Edition {
    pub library: Library,
    pub theme: Theme,
    pub renderer: Renderer,
    /// What is wrong with the content; the rest of it is here.
    pub diagnostics: Vec<Diagnostic>,
    /// Every subject that was touched by reading it.
    pub touched: BTreeSet<Subject>,
    /// Files of `content/` that were read.
    pub read: usize,
    pub drafts: usize,
}

/// What a build did.
#[derive(Debug)]
pub struct Report {
    pub articles: usize,
    pub topics: usize,
    pub authors: usize,
    pub drafts: usize,
    pub read: usize,
    pub rendered: usize,
    pub output: Counts,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a site: scan → parse → organize.
///
/// # Errors
/// Where settings, topics, theme or a template are wrong, or the machine refuses; never for an article.
pub fn read(site: &Site) -> Result<Edition> {
    let theme = theme::load(site)?;
    let renderer = Renderer::new(&theme, site.content(), site.settings.remote_images)?;
    let definitions = topics::load(site)?;
    let matcher = Matcher::new(&definitions, site.settings.topics.threshold);
    let scanned = scan::scan(site)?;
    let parsed = parse::parse(&scanned, &matcher);
    let (read, drafts) = (scanned.markdown.len(), parsed.drafts);
    let mut library = organize::library(&site.settings, &definitions);
    let (touched, diagnostics) = organize::apply(&mut library, parsed, &theme);
    Ok(Edition {
        library,
        theme,
        renderer,
        diagnostics,
        touched,
        read,
        drafts,
    })
}

/// Makes the website: plan → render → write.
///
/// # Errors
/// As [`read`]; the website is then as it was before.
pub fn publish_to_folder(
    site: &Site,
    edition: Edition,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Report> {
    let Edition {
        library,
        theme,
        renderer,
        mut diagnostics,
        touched,
        read,
        drafts,
    } = edition;
    let view = View::new(&library, &site.settings, &theme);
    let (keys, clashes) = plan::plan(&view, &touched);
    diagnostics.extend(clashes);
    let output = write::Output::open(site.out())?;
    let done = AtomicUsize::new(0);
    keys.par_iter().try_for_each(|key| -> Result<()> {
        if let Some(page) = key.page(&view) {
            output.put(&key.path, &renderer.render(&page)?)?;
        }
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, keys.len());
        Ok(())
    })?;
    let claimed: HashSet<&str> = keys.iter().map(|key| key.path.as_str()).collect();
    let output = output.finish(&claimed)?;
    let (topics, authors) = (library.topics().len(), library.authors().len());
    diagnostics.sort();
    Ok(Report {
        articles: library.len(),
        topics,
        authors,
        drafts,
        read,
        rendered: keys.len(),
        output,
        diagnostics,
    })
}
