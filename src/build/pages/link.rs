//! What a link in a body names: the page kinds answer which paths exist.

use super::{PageKey, View};
use crate::model::library::{Dependency, LinkTarget, dependencies};

/// What a link that is written in `file` names; `None` if the site has no such thing.
pub fn resolve(view: &View<'_>, file: &str, target: &str) -> Option<LinkTarget> {
    let names = dependencies(file, target);
    names.iter().find_map(|name| match name {
        Dependency::Path(path) => at_path(view, path),
        name => view.library.named(name),
    })
}

/// What a link to a path leads to.
fn at_path(view: &View<'_>, path: &str) -> Option<LinkTarget> {
    PageKey::at(view, path).next()?.link_target(view)
}
