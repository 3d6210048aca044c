//! The static files of a site and its theme, compared with those of the last build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cache::BuildState;
use crate::model::Stamp;
use crate::model::library::{Change, FileState};
use crate::model::subject::StaticSource;

/// Static files by path below the website's root: the file that is copied, below the site's folder if it is there, so that
/// a site may be moved; `None` if it is embedded in the program.
pub(crate) type KnownStatics = Vec<(String, Option<(PathBuf, Stamp)>)>;

/// Static files as the cache keeps them.
pub(crate) fn known(statics: &BTreeMap<String, StaticSource>, site: &Path) -> KnownStatics {
    let known = statics.iter().map(|(path, source)| {
        let file = match source {
            StaticSource::File(file, stamp) => {
                let below = file.strip_prefix(site).unwrap_or(file);
                Some((below.to_path_buf(), *stamp))
            }
            _ => None,
        };
        (path.clone(), file)
    });
    known.collect()
}

/// Static files as they were when the output was last built. One that may have changed within the granularity of its
/// timestamp counts as unknown; embedded ones are part of the program, and so unchanged.
pub(crate) fn as_last_built(
    state: &BuildState,
    now: &BTreeMap<String, StaticSource>,
    site: &Path,
) -> BTreeMap<String, StaticSource> {
    let settled = state.statics.iter();
    let settled = settled.filter(|(_, file)| is_settled(file.as_ref(), state.began));
    let before = settled.map(|(path, file)| {
        let source = match (file, now.get(path)) {
            (Some((file, stamp)), _) => StaticSource::File(site.join(file), *stamp),
            (None, Some(same @ StaticSource::Embedded(_))) => same.clone(),
            (None, _) => StaticSource::Embedded(&[]),
        };
        (path.clone(), source)
    });
    before.collect()
}

/// Whether a file cannot have changed again since it was listed at `listed_at`, in nanoseconds since 1970.
pub(crate) fn is_settled(file: Option<&(PathBuf, Stamp)>, listed_at: i64) -> bool {
    file.is_none_or(|(_, stamp)| stamp.latest() < listed_at)
}

/// The changes for the Library: which static files are new, were removed or differ.
pub(crate) fn changes(
    before: &BTreeMap<String, StaticSource>,
    now: &BTreeMap<String, StaticSource>,
) -> Vec<Change> {
    let is_same = |a: &StaticSource, b: &StaticSource| match (a, b) {
        (StaticSource::Embedded(_), StaticSource::Embedded(_)) => true,
        (a, b) => a == b,
    };
    let removed = before.keys().filter(|path| !now.contains_key(*path));
    let removed = removed.map(|path| (path, FileState::StaticRemoved));
    let new = now.iter().filter(|(path, source)| {
        let before = before.get(*path);
        !before.is_some_and(|before| is_same(before, source))
    });
    let new = new.map(|(path, source)| (path, FileState::Static(source.clone())));
    let changes = removed.chain(new).map(|(path, now)| Change {
        file: path.as_str().into(),
        now,
    });
    changes.collect()
}
