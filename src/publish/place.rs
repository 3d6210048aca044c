//! Whether a website may be published to a place on this machine: not into the site itself, nor over a disk or a home folder.

use std::path::{Path, PathBuf};

use super::targets;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::site::{self, Site};

/// # Errors
/// Where the place is, contains or lies in a folder of the site's own, or is the top of a disk or of a home folder.
pub(crate) fn check(site: &Site, to: &str) -> Result<()> {
    let Some((place, is_archive)) = targets::local_path(to, site.root()) else {
        return Ok(());
    };
    let place = site::canonical(&place);
    let shown = |path: &Path| site.shown(path);
    let folders = site.folders().map(|folder| site::canonical(&folder));
    let own = folders
        .iter()
        .find(|own| place.starts_with(own) || (!is_archive && own.starts_with(&place)));
    let what = if let Some(own) = own.filter(|own| !own.starts_with(&place) || place == **own) {
        format!("`{}` is a folder of the site itself", shown(own))
    } else if own.is_some() || (!is_archive && site.root().starts_with(&place)) {
        "the place contains the site itself".to_owned()
    } else if !is_archive
        && (place.parent().is_none() || home().is_some_and(|home| home.starts_with(&place)))
    {
        "the place is the top of a disk, or holds a home folder".to_owned()
    } else {
        return Ok(());
    };
    Err(Diagnostic::error(Code::TargetAddressInvalid, to, what)
        .hint("name a folder for the website alone, outside the site")
        .into())
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().map(|home| site::canonical(&home))
}
