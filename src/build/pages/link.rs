//! Resolves links in bodies; the page kinds know which paths exist.

use super::{PageKey, View};
use crate::model::card::ArticleDetails;
use crate::model::library::{Dependency, InternalLink, dependencies};

/// The target of a link in the text of `file`; `None` if the site has no such target.
pub(crate) fn resolve(
    view: &View<'_>,
    file: &str,
    own: &ArticleDetails,
    target: &str,
) -> Option<InternalLink> {
    let names = dependencies(file, own, target);
    names.iter().find_map(|name| match name {
        Dependency::Path(path) => at_path(view, path),
        name => view.library.named(name),
    })
}

/// The target of a link to a path.
fn at_path(view: &View<'_>, path: &str) -> Option<InternalLink> {
    PageKey::at(view, path).next()?.link_target(view)
}
