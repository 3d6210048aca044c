//! Resolves links in bodies; the page kinds know which paths exist.

use super::{PageKey, View};
use crate::model::card::ArticleDetails;
use crate::model::library::{Dependency, InternalLink, dependencies, origins};

/// The target of a link in the text of `file`; `None` if the site has no such target.
pub(crate) fn resolve(
    view: &View<'_>,
    file: &str,
    own: &ArticleDetails,
    target: &str,
) -> Option<InternalLink> {
    let names = dependencies(file, target);
    let found = names.iter().find_map(|name| match name {
        Dependency::Path(path) => at_path(view, path),
        name => view.library.named(name),
    });
    found.or_else(|| {
        let mut origins = origins(own, target).into_iter();
        origins.find_map(|origin| view.library.named(&Dependency::Origin(origin)))
    })
}

/// The target of a link to a path.
fn at_path(view: &View<'_>, path: &str) -> Option<InternalLink> {
    PageKey::at(view, path).next()?.link_target(view)
}
