//! Whether anything changed since the last build, from listings alone: no file is opened and no table is read.

use super::inputs::Inputs;
use super::write::Output;
use super::{Options, load, static_files};
use crate::cache::{BuildState, Cache};
use crate::diagnostics::Result;
use crate::files;
use crate::import::Imported;
use crate::model::set_hash::{self, SetHash};
use crate::site::Site;

/// The state that the last build recorded and the result of its import, if sources and output are unchanged since. `None` if
/// they changed, or if listings are not enough to know.
///
/// # Errors
/// If settings, topics, theme or a template are invalid, or a folder cannot be listed.
pub(crate) fn since_last(
    site: &Site,
    inputs: &Inputs,
    output: &Output,
    cache: &Cache,
    options: &Options,
) -> Result<Option<(BuildState, Imported)>> {
    let needs_build = options.verify || options.explain.is_some() || !site.topics_file().exists();
    let Some(last) = cache
        .build_state(site)
        .filter(|last| !needs_build && last.is_settled)
    else {
        return Ok(None);
    };
    // A file that changed within the granularity of its timestamp after it was read may have changed again.
    let statics = last.statics.iter();
    let are_settled = statics.map(|(_, file)| static_files::is_settled(file.as_ref(), last.began));
    if inputs.digest != last.inputs
        || static_files::known(&inputs.theme.statics, site.root()) != last.statics
        || !are_settled.min().unwrap_or(true)
    {
        return Ok(None);
    }
    let FolderStates {
        content,
        raw,
        pages,
    } = list(site, output)?;
    let is_same = |(now, latest), then, end| now == then && latest < end;
    let is_unchanged = is_same(content, last.content, last.began)
        && is_same(raw, last.raw, last.began)
        && is_same(pages, last.pages, last.ended + 1);
    Ok(is_unchanged
        .then(|| load::last_import(cache))
        .flatten()
        .map(|imported| (last, imported)))
}

/// Whether a website is up to date with its sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebsiteState {
    /// It is up to date.
    Current,
    /// It is as the last build left it, and sources changed since.
    Outdated,
    /// It was modified since the last build.
    Modified,
    /// No build into this folder was completed.
    Unfinished,
}

/// Whether the website is up to date, from listings alone. `last` is the state that its last build recorded.
///
/// # Errors
/// If settings, topics, theme or a template are invalid, or a folder cannot be listed.
pub fn website_state(site: &Site, last: Option<&BuildState>) -> Result<WebsiteState> {
    let Some(last) = last.filter(|_| site.out().is_dir()) else {
        return Ok(WebsiteState::Unfinished);
    };
    let output = Output::open(site.out())?;
    let FolderStates {
        content,
        raw,
        pages: (pages, latest),
    } = list(site, &output)?;
    if pages != last.pages || latest > last.ended {
        return Ok(WebsiteState::Modified);
    }
    let inputs = Inputs::read(site)?;
    let is_current = inputs.digest == last.inputs
        && static_files::known(&inputs.theme.statics, site.root()) == last.statics
        && content.0 == last.content
        && raw.0 == last.raw;
    Ok(if is_current {
        WebsiteState::Current
    } else {
        WebsiteState::Outdated
    })
}

/// A hash of each folder, and the latest time at which a file in it changed.
struct FolderStates {
    content: (SetHash, i64),
    raw: (SetHash, i64),
    pages: (SetHash, i64),
}

fn list(site: &Site, output: &Output) -> Result<FolderStates> {
    let ((content, raw), pages) = rayon::join(
        || {
            let content = files::set_hash(&site.content(), set_hash::file);
            (content, files::set_hash(&site.raw(), set_hash::file))
        },
        || output.set_hash(),
    );
    Ok(FolderStates {
        content: content?,
        raw: raw?,
        pages: pages?,
    })
}
