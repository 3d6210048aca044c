//! Whether anything happened since the last build, told from listings alone: no file is opened and no table read.

use super::inputs::Inputs;
use super::write::Output;
use super::{Options, load, static_files};
use crate::cache::{BuildState, Cache};
use crate::diagnostics::Result;
use crate::files;
use crate::import::Imported;
use crate::model::set_hash::{self, SetHash};
use crate::site::Site;

/// What the last build left and its import said, where sources and output are as they were then. None where they are
/// not, or where only a closer look can tell.
///
/// # Errors
/// Where settings, topics, theme or a template are wrong, or a folder cannot be listed.
pub fn since_last(
    site: &Site,
    inputs: &Inputs,
    output: &Output,
    cache: &Cache,
    options: &Options,
) -> Result<Option<(BuildState, Imported)>> {
    let is_asked = options.verify || options.explain.is_some() || !site.topics_file().exists();
    let Some(made) = cache
        .build_state(site)
        .filter(|made| !is_asked && made.is_settled)
    else {
        return Ok(None);
    };
    // What changed within the tick of the clock in which it was read may have changed again.
    let statics = made.statics.iter();
    let are_settled = statics.map(|(_, file)| static_files::is_settled(file.as_ref(), made.began));
    if inputs.digest != made.inputs
        || static_files::known(&inputs.theme.statics) != made.statics
        || !are_settled.min().unwrap_or(true)
    {
        return Ok(None);
    }
    let Listed {
        content,
        raw,
        pages,
    } = list(site, output)?;
    let is_as = |(now, latest), then, tick| now == then && latest < tick;
    let is_unchanged = is_as(content, made.content, made.began)
        && is_as(raw, made.raw, made.began)
        && is_as(pages, made.pages, made.ended + 1);
    Ok(is_unchanged
        .then(|| load::as_last_imported(cache))
        .flatten()
        .map(|imported| (made, imported)))
}

/// How a website stands to what it was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is what a build would make now.
    Current,
    /// It is what the last build made, and sources changed since.
    Behind,
    /// Somebody changed it since the last build.
    Changed,
    /// No build ended there.
    Unfinished,
}

/// How the website stands, from listings alone; `made` is what its last build left.
///
/// # Errors
/// Where settings, topics, theme or a template are wrong, or a folder cannot be listed.
pub fn state(site: &Site, made: Option<&BuildState>) -> Result<State> {
    let Some(made) = made.filter(|_| site.out().is_dir()) else {
        return Ok(State::Unfinished);
    };
    let output = Output::open(site.out())?;
    let Listed {
        content,
        raw,
        pages: (pages, latest),
    } = list(site, &output)?;
    if pages != made.pages || latest > made.ended {
        return Ok(State::Changed);
    }
    let inputs = Inputs::read(site)?;
    let is_current = inputs.digest == made.inputs
        && static_files::known(&inputs.theme.statics) == made.statics
        && content.0 == made.content
        && raw.0 == made.raw;
    Ok(if is_current {
        State::Current
    } else {
        State::Behind
    })
}

/// What the folders hold, and the latest time of any file in each.
struct Listed {
    content: (SetHash, i64),
    raw: (SetHash, i64),
    pages: (SetHash, i64),
}

fn list(site: &Site, output: &Output) -> Result<Listed> {
    let ((content, raw), pages) = rayon::join(
        || {
            let content = files::set_hash(&site.content(), set_hash::file);
            (content, files::set_hash(&site.raw(), set_hash::file))
        },
        || output.sum(),
    );
    Ok(Listed {
        content: content?,
        raw: raw?,
        pages: pages?,
    })
}
