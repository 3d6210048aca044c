//! render and write, page by page: what is as it was is passed over, what differs is put beside the website.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::edition::Edition;
use super::pages::{Key, View};
use super::plan::Plan;
use super::survey::Survey;
use super::write::{Counts, Output};
use super::{Progress, fingerprint};
use crate::cache::{Cache, Made, PageRecord, Past};
use crate::diagnostics::{Diagnostic, Result};
use crate::model::Sum;
use crate::model::digest::digest;

/// Pages that a thread takes at once. Lists cost many times what articles do, and stand together in a plan: in larger
/// shares the last thread was alone with them for a sixth of a first build.
const SHARE: usize = 64;

/// What was printed.
#[derive(Debug)]
pub struct Printed {
    /// Paths of pages that went through their template, sorted.
    pub rendered: Vec<Box<str>>,
    pub counts: Counts,
}

/// A page that was looked at and is not as it was.
#[derive(Debug)]
pub struct Sheet {
    path: Box<str>,
    /// None where the page went away between planning and rendering.
    record: Option<PageRecord>,
    is_rendered: bool,
}

/// Renders the pages of a plan whose fingerprints differ, and puts those whose bytes differ into the output.
///
/// # Errors
/// Where a template asks for what it is not handed, or the disk is full.
pub fn print(
    view: &View<'_>,
    edition: &Edition,
    plan: &Plan,
    past: &Past,
    survey: &Survey,
    output: &Output,
    progress: Progress<'_>,
) -> Result<Vec<Sheet>> {
    let done = AtomicUsize::new(0);
    let sheet = |key: &Key| -> Result<Option<Sheet>> {
        let known = past
            .page(&key.path)
            .filter(|_| !survey.is_broken(&key.path));
        let sheet = sheet(view, edition, key, known, survey, output)?;
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, plan.keys.len());
        Ok(sheet)
    };
    let keys = plan.keys.par_iter().with_max_len(SHARE);
    let sheets: Vec<Option<Sheet>> = keys.map(sheet).collect::<Result<_>>()?;
    Ok(sheets.into_iter().flatten().collect())
}

fn sheet(
    view: &View<'_>,
    edition: &Edition,
    key: &Key,
    known: Option<PageRecord>,
    survey: &Survey,
    output: &Output,
) -> Result<Option<Sheet>> {
    let path = Box::<str>::from(key.path.as_str());
    let gone = Sheet {
        path: path.clone(),
        record: None,
        is_rendered: false,
    };
    let Some(page) = key.page(view) else {
        return Ok(Some(gone));
    };
    let renderer = &edition.inputs.renderer;
    let made_from = fingerprint::of(&page, view, renderer, edition.began);
    let owner = view.owner(&key.subject);
    if let Some(known) = &known
        && made_from.whole.is_some()
        && known.fingerprint == made_from.whole
    {
        let moved = (known.owner != owner).then(|| PageRecord {
            owner,
            ..known.clone()
        });
        return Ok(moved.map(|record| Sheet {
            path,
            record: Some(record),
            is_rendered: false,
        }));
    }
    let bytes = renderer.render(&page)?;
    let digest = digest(&bytes);
    let is_same = match known {
        Some(known) => known.digest == digest,
        None => survey.is_foreign(&key.path) && output.has(&key.path, &bytes),
    };
    if !is_same {
        output.put(&key.path, &bytes)?;
    }
    let record = PageRecord {
        owner,
        fingerprint: made_from.whole,
        digest,
        size: bytes.len() as u64,
        inputs: made_from.inputs,
    };
    Ok(Some(Sheet {
        path,
        record: Some(record),
        is_rendered: true,
    }))
}

/// Keeps what was made, for the next build.
///
/// # Errors
/// Where the cache cannot be written.
pub fn keep(
    edition: &Edition,
    plan: Plan,
    sheets: Vec<Sheet>,
    counts: Counts,
    past: &mut Past,
    cache: &Cache,
) -> Result<Printed> {
    let mut rendered: Vec<Box<str>> = Vec::new();
    rendered.extend(
        sheets
            .iter()
            .filter(|s| s.is_rendered)
            .map(|s| s.path.clone()),
    );
    rendered.sort_unstable();
    let library = &edition.library;
    let diagnostics = edition.diagnostics();
    let made = Made {
        inputs: edition.inputs.digest,
        sources: edition.contents.mark(),
        statics: super::intake::statics(&edition.inputs.theme.statics),
        content: edition.contents.sum(),
        raw: edition.raw,
        pages: Sum::default(),
        is_settled: false,
        began: edition.began,
        ended: cache.tick()?,
        articles: library.len() as u64,
        topics: library.topics().len() as u64,
        authors: library.authors().len() as u64,
        drafts: edition.contents.drafts() as u64,
        diagnostics: diagnostics.iter().map(Diagnostic::pack).collect(),
        is_tangled: plan.is_tangled,
        clashes: plan.clashes_with(past.made.as_ref()),
    };
    let gone = plan.gone.into_iter().map(|path| (path.into(), None));
    let records = sheets.into_iter().map(|sheet| (sheet.path, sheet.record));
    past.end(made, records.chain(gone).collect())?;
    Ok(Printed { rendered, counts })
}
