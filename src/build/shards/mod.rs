//! A build in parts, for archives previous one machine, in four steps that any scheduler can run:
//!
//! ```text
//! --shard I/N ─ part of content/ ─▶ cards-I-of-N ─┐
//!                                    --merge ─────┴▶ cards ─┐
//! --shard I/N --render ─ the part's articles ─▶ pages-I-of-N ─┐
//!                                    --finish ────────────────┴▶ public/
//! ```
//!
//! Each step reads what the ones before left at the meeting place, and gives the same bytes wherever and however often
//! it runs. A page that a part rendered carries its fingerprint, so that the last step can be an ordinary build: it
//! takes such a page where the fingerprint is the one that it finds itself, and renders everything else.

mod cards;
mod pack;
mod place;

use crate::model::Part;
pub use pack::Packs;
pub use place::Place;

use rayon::prelude::*;

use super::content_index::ContentIndex;
use super::load::Loaded;
use super::output_scan::OutputScan;
use super::pages::PageKey;
use super::read_file::ReadFile;
use super::render_pass::OutputContext;
use super::snapshot::SiteSnapshot;
use super::{Inputs, Report, fingerprint, plan, report, write};
use crate::cache::Cache;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::{self, Source};
use crate::model::subject::Subject;
use crate::progress::Progress;
use crate::site::Site;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub files: usize,
    /// Pages that were rendered.
    pub pages: usize,
}

/// Files that a thread takes at once.
const SHARE: usize = 64;

/// Reads a part of the articles.
///
/// # Errors
/// Where settings, topics or theme are wrong, or the machine refuses; never for an article.
pub fn read(site: &Site, part: Part, place: &Place) -> Result<Step> {
    must_have_topics(site)?;
    let inputs = Inputs::read(site)?;
    let all = files::list(&site.content())?;
    let own: Vec<&Source> = all.iter().filter(|s| part.holds(&s.file)).collect();
    let matcher = &inputs.topics.matcher;
    let read = own.par_iter().with_max_len(SHARE);
    let read: Vec<ReadFile> = read.map(|source| ReadFile::read(source, matcher)).collect();
    cards::put(place, &cards::name(part), &inputs.digest, part, read)?;
    Ok(Step {
        files: own.len(),
        pages: 0,
    })
}

/// Puts together what all parts read.
///
/// # Errors
/// Where a part is missing, or read with other settings.
pub fn merge(site: &Site, place: &Place) -> Result<Step> {
    let inputs = Inputs::read(site)?;
    let parts = place.parts("cards")?;
    let read = parts
        .into_iter()
        .map(|part| cards::get(place, &cards::name(part), &inputs.digest));
    let mut all: Vec<ReadFile> = read
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    all.sort_unstable_by(|a, b| a.file.cmp(&b.file));
    let files = all.len();
    cards::put(place, cards::ALL, &inputs.digest, Part::WHOLE, all)?;
    Ok(Step { files, pages: 0 })
}

/// Renders the articles of a part.
///
/// # Errors
/// Where nothing is merged, or a template asks for what it is not handed.
pub fn render(site: Site, part: Part, place: &Place, progress: Progress<'_>) -> Result<Step> {
    let folder =
        tempfile::tempdir().map_err(|e| Diagnostic::io(site.root(), "make a folder", &e))?;
    let mut cache = Cache::apart(folder.path())?;
    let inputs = Inputs::read(&site)?;
    let cards = cards::get(place, cards::ALL, &inputs.digest)?;
    let files = cards.iter().filter(|read| part.holds(&read.file)).count();
    let contents = ContentIndex::forgetful(&mut cache);
    let loaded = Loaded::of_cards(site, &cache, inputs, contents, cards, None)?;
    let (snapshot, _) = SiteSnapshot::organize(loaded, None);
    let view = snapshot.view();
    let is_own = |key: &&PageKey| match key.subject {
        Subject::Article(article) if key.kind().is_of_one_article() => {
            let file = view.library.file(article);
            file.is_some_and(|file| part.holds(file))
        }
        _ => false,
    };
    let plan = plan::every_page(&view);
    let own: Vec<&PageKey> = plan.keys.iter().filter(is_own).collect();
    let done = std::sync::atomic::AtomicUsize::new(0);
    let pages = pack::put(place, part, &snapshot.inputs.digest, &own, |key| {
        let Some(page) = key.page(&view) else {
            return Ok(None);
        };
        let renderer = &snapshot.inputs.renderer;
        let made_from = fingerprint::of(&page, view.values, renderer, snapshot.began).whole;
        let bytes = renderer.render(&view, key, &page)?;
        progress(
            "rendering the part",
            done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1,
            own.len(),
        );
        Ok(made_from.map(|fingerprint| (fingerprint, bytes)))
    })?;
    Ok(Step { files, pages })
}

/// Makes the website: of the pages that the parts rendered, and of those that span them.
///
/// # Errors
/// As [`super::build`]; also where `content/` holds other files than the parts read.
pub fn finish(
    site: Site,
    cache: &mut Cache,
    place: &Place,
    progress: Progress<'_>,
) -> Result<Report> {
    let inputs = Inputs::read(&site)?;
    let cards = cards::get(place, cards::ALL, &inputs.digest)?;
    let packs = Packs::open(place, &inputs.digest)?;
    let output = write::Output::open(site.out())?;
    let mut previous = cache.previous_build(&site);
    cache.forget("content");
    let (contents, _) = ContentIndex::open(cache, &inputs.topics, None);
    let listed = files::list(&site.content())?;
    let loaded = Loaded::of_cards(site, cache, inputs, contents, cards, Some(listed))?;
    let scan = OutputScan::of(&output, &previous, false)?;
    let (snapshot, touched) = SiteSnapshot::organize(loaded, None);
    let target = OutputContext {
        output: &output,
        scan: &scan,
        elsewhere: Some(&packs),
    };
    let summary =
        super::render_and_write(&snapshot, &touched, target, &mut previous, cache, progress)?;
    Ok(report::of(&snapshot, &previous, summary, cache))
}

/// Topics are proposed from all articles together, and a part has but its own.
fn must_have_topics(site: &Site) -> Result<()> {
    if site.topics_file().exists() {
        return Ok(());
    }
    let what = "there is no `topics.toml`, and a part of the articles cannot propose one";
    Err(Diagnostic::error(Code::Unclassified, "topics.toml", what)
        .hint(
            "run `backfile topics discover` once, or make an empty file, before the parts are read",
        )
        .into())
}
