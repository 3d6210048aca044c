//! The static files of a site and its theme, compared with those of the last build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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

/// Static files as they were when the output was last built, with a listing of `listed_at`. One that may have changed within the
/// granularity of its timestamp has none, so that it differs if it is still there and is noticed if it is not; embedded ones are
/// part of the program, and so unchanged.
pub(crate) fn as_last_built(
    known: &KnownStatics,
    listed_at: i64,
    now: &BTreeMap<String, StaticSource>,
    site: &Path,
) -> BTreeMap<String, StaticSource> {
    let before = known.iter().map(|(path, of)| {
        let source = match (of, now.get(path)) {
            (Some((file, stamp)), _) => {
                let stamp = match is_settled(of.as_ref(), listed_at) {
                    true => *stamp,
                    false => Stamp::default(),
                };
                StaticSource::File(site.join(file), stamp)
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_just_written_and_is_gone_was_removed() {
        let stamp = Stamp {
            modified: 10,
            ..Stamp::default()
        };
        let known = vec![(
            "a.css".to_owned(),
            Some((PathBuf::from("static/a.css"), stamp)),
        )];
        let site = Path::new("/site");
        let now = BTreeMap::from([(
            "a.css".to_owned(),
            StaticSource::File(site.join("static/a.css"), stamp),
        )]);
        for (listed_at, is_changed) in [(stamp.latest(), 1), (stamp.latest() + 1, 0)] {
            let before = as_last_built(&known, listed_at, &BTreeMap::new(), site);
            let removed = changes(&before, &BTreeMap::new());
            assert!(matches!(
                removed[..],
                [Change {
                    now: FileState::StaticRemoved,
                    ..
                }]
            ));
            let before = as_last_built(&known, listed_at, &now, site);
            assert_eq!(changes(&before, &now).len(), is_changed);
        }
    }
}
