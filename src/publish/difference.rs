//! Which files have to be sent and deleted, and in which order.
//!
//! Readers may come at any moment, and a run may end at any moment. So files at new paths go first, for nothing that readers
//! see leads to them yet; then those that change, which lead to nothing that is not there by now; and deletions last, when
//! nothing leads to them any more. Within each step, what others load and link to goes before what leads to it.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{FileEntry, Files, Manifest, ManifestDiff};
use crate::model::Class;

/// How the website differs from what is at the target.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Paths of files that readers do not have yet, in groups; a group is sent when the one before is complete.
    pub new_paths: Vec<Vec<String>>,
    /// Paths of files of which readers have others, likewise.
    pub changed: Vec<Vec<String>>,
    /// Files that are no longer part of the website.
    pub removed: Files,
    /// How many of them readers have.
    pub removed_from_live: usize,
    /// Paths of articles that are withdrawn now and were not before.
    pub withdrawn: Vec<String>,
    /// Paths of articles that readers would lose.
    pub lost: Vec<(String, u64)>,
    /// Whether the target changes from one website to versions, or back, so that all files are sent.
    pub is_moved: bool,
    /// How many files there are not the website's, where the target was listed.
    pub foreign: Option<usize>,
}

/// What may be at a path before it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Before {
    Nothing,
    /// A file of an interrupted run, which nothing leads to.
    MaybeUnfinished,
    /// Another file, which readers see.
    Another,
}

impl Difference {
    /// Compares a website with the live one, `live`, with those of which an interrupted run sent some files, and with
    /// the paths that are known to be `damaged` at the target.
    pub(crate) fn between(
        new: &Manifest,
        live: ManifestDiff,
        interrupted: Vec<ManifestDiff>,
        damaged: &BTreeSet<String>,
    ) -> Self {
        let lost = live.removed.iter();
        let lost = lost.filter(|(_, file)| file.class.is_article());
        let lost = lost
            .map(|(path, file)| (path.clone(), file.owner))
            .collect();
        let removed_from_live = live.removed.len();
        let mut before: BTreeMap<String, Before> = BTreeMap::new();
        let mut removed = live.removed;
        let mut withdrawn = BTreeSet::new();
        let mut note_withdrawn = |path: &str, before: Option<&FileEntry>| {
            let is_withdrawn = |file: &FileEntry| file.class == Class::Withdrawn;
            if new.file(path).is_some_and(is_withdrawn) && !before.is_none_or(is_withdrawn) {
                withdrawn.insert(path.to_owned());
            }
        };
        for (path, file) in live.changed {
            note_withdrawn(&path, file.as_ref());
            let was = file.map_or(Before::Nothing, |_| Before::Another);
            before.insert(path, was);
        }
        for ManifestDiff {
            changed,
            removed: more,
        } in interrupted
        {
            for (path, file) in changed {
                note_withdrawn(&path, file.as_ref());
                // What does not differ from the live website is there.
                let was = before.entry(path).or_insert(Before::Another);
                if *was == Before::Nothing && file.is_some() {
                    *was = Before::MaybeUnfinished;
                }
            }
            removed.extend(more);
        }
        for path in damaged.iter().filter(|path| new.file(path).is_some()) {
            before.entry(path.clone()).or_insert(Before::Another);
        }
        removed.retain(|path, _| new.file(path).is_none());
        let (changed, new_paths) = before
            .into_iter()
            .partition(|(_, was)| *was == Before::Another);
        Self {
            new_paths: grouped(new, new_paths),
            changed: grouped(new, changed),
            removed,
            removed_from_live,
            withdrawn: withdrawn.into_iter().collect(),
            lost,
            ..Self::default()
        }
    }

    /// For a target that takes the complete website each time: all files, in the order of their paths.
    pub(crate) fn complete(new: &Manifest) -> Self {
        let mut paths: Vec<String> = new.files().map(|(path, _)| path.to_owned()).collect();
        paths.sort_unstable();
        Self {
            new_paths: vec![paths],
            ..Self::default()
        }
    }

    /// The paths of the files that are sent, in order.
    pub(crate) fn sent(&self) -> impl Iterator<Item = &str> {
        let groups = self.new_paths.iter().chain(&self.changed);
        groups.flatten().map(String::as_str)
    }
}

/// Groups paths in the order in which they are sent.
fn grouped(new: &Manifest, paths: BTreeMap<String, Before>) -> Vec<Vec<String>> {
    let mut groups: BTreeMap<(Before, Class), Vec<String>> = BTreeMap::new();
    for (path, was) in paths {
        if let Some(file) = new.file(&path) {
            groups.entry((was, file.class)).or_default().push(path);
        }
    }
    groups.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::digest::digest;
    use crate::settings::Stored;

    fn website(files: &[(&str, &str, Class)]) -> Manifest {
        let files = files.iter().map(|(path, text, class)| {
            let file = FileEntry {
                digest: digest(text.as_bytes()),
                size: text.len() as u64,
                class: *class,
                owner: 0,
            };
            ((*path).to_owned(), file)
        });
        Manifest::from_files(files.collect(), Stored::Plain)
    }

    fn diff(new: &Manifest, old: &Manifest) -> ManifestDiff {
        let shards: BTreeMap<String, Vec<u8>> =
            old.shards().map(|(n, b)| (n.to_owned(), b)).collect();
        let shard = |name: &str| super::super::manifest::read(&shards[name], name).ok_or(());
        new.diff(&old.root, shard).unwrap()
    }

    #[test]
    fn new_paths_go_first_and_what_leads_to_others_goes_last() {
        use Class::{Article, Asset, Entrance, List};
        let old = website(&[
            ("a.html", "1", Article),
            ("list.html", "1", List),
            ("index.html", "1", Entrance),
            ("old.html", "1", Article),
            ("same.html", "1", Article),
        ]);
        let new = website(&[
            ("a.html", "2", Article),
            ("b.html", "1", Article),
            ("topic.html", "1", List),
            ("list.html", "2", List),
            ("index.html", "2", Entrance),
            ("same.html", "1", Article),
            ("x.css", "1", Asset),
        ]);
        let difference = Difference::between(&new, diff(&new, &old), Vec::new(), &BTreeSet::new());
        assert_eq!(
            difference.new_paths,
            [["x.css"], ["b.html"], ["topic.html"]]
        );
        assert_eq!(
            difference.changed,
            [["a.html"], ["list.html"], ["index.html"]]
        );
        assert_eq!(difference.removed.keys().collect::<Vec<_>>(), ["old.html"]);
    }

    #[test]
    fn files_of_an_interrupted_run_are_sent_again_or_removed() {
        use Class::Article;
        let live = website(&[("a.html", "1", Article), ("b.html", "1", Article)]);
        let interrupted = website(&[
            ("a.html", "2", Article),
            ("b.html", "1", Article),
            ("c.html", "1", Article),
            ("d.html", "1", Article),
        ]);
        let new = website(&[
            ("a.html", "1", Article),
            ("b.html", "1", Article),
            ("c.html", "2", Article),
            ("e.html", "1", Article),
        ]);
        let interrupted = vec![diff(&new, &interrupted)];
        let difference =
            Difference::between(&new, diff(&new, &live), interrupted, &BTreeSet::new());
        assert_eq!(difference.new_paths, [["e.html"], ["c.html"]]);
        assert_eq!(difference.changed, [["a.html"]]);
        assert_eq!(difference.removed.keys().collect::<Vec<_>>(), ["d.html"]);
    }

    #[test]
    fn a_withdrawn_article_is_noticed_and_a_damaged_file_is_sent() {
        let live = website(&[
            ("a.html", "1", Class::Article),
            ("b.html", "1", Class::Article),
        ]);
        let new = website(&[
            ("a.html", "2", Class::Withdrawn),
            ("b.html", "1", Class::Article),
        ]);
        let damaged = BTreeSet::from(["b.html".to_owned(), "foreign.html".to_owned()]);
        let difference = Difference::between(&new, diff(&new, &live), Vec::new(), &damaged);
        assert_eq!(difference.withdrawn, ["a.html"]);
        assert!(difference.new_paths.is_empty());
        assert_eq!(difference.changed, [["b.html"], ["a.html"]]);
        assert!(difference.removed.is_empty());
    }
}
