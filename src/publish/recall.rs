//! What readers have at the targets, where this machine does not know it: after the cache was deleted, on a new machine.

use super::live::{self, Live};
use super::manifest::{Manifest, Root};
use super::publish_state::PublishState;
use super::session::{Observer, Session};
use super::{place, targets};
use crate::cache::{last_published, publishing_folder};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::site::Site;

/// Reads the addresses of the articles that each target has, where this machine has no record of them, so that `check`
/// compares with them. Returns a warning for each target that does not answer.
pub(crate) fn recall(site: &Site, observer: &dyn Observer) -> Vec<Diagnostic> {
    let names = site.settings.publish.keys();
    let unknown = names.filter(|name| last_published(&publishing_folder(site, name)).is_none());
    let warnings = unknown.filter_map(|name| recall_one(site, name, observer).err());
    let as_warning = |why: Diagnostic| {
        let what = format!(
            "it is not known which addresses readers have there: {}",
            why.what
        );
        Diagnostic::warning(Code::TargetUnavailable, why.path, what)
            .hint("`backfile publish` compares with them")
    };
    warnings
        .flat_map(|failure| failure.0)
        .map(as_warning)
        .collect()
}

fn recall_one(site: &Site, name: &str, observer: &dyn Observer) -> Result<()> {
    let Some(settings) = site.settings.publish.get(name) else {
        return Ok(());
    };
    place::check(site, &settings.to)?;
    let state = PublishState::open(site, name)?;
    let target = targets::open(settings, site.root(), &state.work_folder())?;
    let session = Session::new(&*target, &settings.to, observer);
    let live = Live::read(&session)?;
    match live.version {
        Some(_) => keep(&session, &state, &live.root),
        None => Ok(()),
    }
}

/// Records the addresses of a live manifest on this machine.
///
/// # Errors
/// Where the target does not answer, or they cannot be written.
pub(crate) fn keep(session: &Session<'_>, state: &PublishState, root: &Root) -> Result<()> {
    let files = live::diff(session, &Manifest::empty(), root)?.removed;
    let articles = files.iter().filter(|(_, file)| file.class.is_article());
    let addresses = articles.map(|(path, file)| (file.owner, path.as_str()));
    state.remember(&root.id(), addresses)
}
