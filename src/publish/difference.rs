//! What has to be sent and deleted, and in which order.
//!
//! Readers may come at any moment, and a run may end at any moment. So files at new paths go first, for nothing that readers
//! see leads to them yet; then those that change, which lead to nothing that is not there by now; and deletions last, when
//! nothing leads to them any more. Within each step, what others load and link to goes before what leads to it.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{Against, File, Files, Manifest};
use crate::model::Class;

/// What stands between a target and the website.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Files to send, in steps; a step begins when all of the one before is there.
    pub steps: Vec<Vec<String>>,
    /// Files that are no longer the website's.
    pub gone: Files,
    /// Articles that are withdrawn now and were not before.
    pub withdrawn: Vec<String>,
}

/// When a path is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// Nothing is there.
    New,
    /// A run that was cut off may have put it there.
    Perhaps,
    /// Readers see another.
    Changed,
}

impl Difference {
    /// How many files are sent.
    pub fn count(&self) -> usize {
        self.steps.iter().map(Vec::len).sum()
    }
}

/// `live` is what the target's manifest has otherwise; `tried`, what manifests have of which some files may be there;
/// `broken`, paths whose files are not what the manifest says.
pub fn between(
    new: &Manifest,
    live: Against,
    tried: Vec<Against>,
    broken: &BTreeSet<String>,
) -> Difference {
    let mut turns: BTreeMap<String, Turn> = BTreeMap::new();
    let mut gone = live.gone;
    let is_withdrawn = |path: &str, before: Option<&File>| {
        let is_now = new
            .file(path)
            .is_some_and(|file| file.class == Class::Withdrawn);
        is_now && before.is_some_and(|before| before.class != Class::Withdrawn)
    };
    let mut withdrawn = Vec::new();
    for (path, before) in live.differ {
        if is_withdrawn(&path, before.as_ref()) {
            withdrawn.push(path.clone());
        }
        let turn = if before.is_some() {
            Turn::Changed
        } else {
            Turn::New
        };
        turns.insert(path, turn);
    }
    for Against { differ, gone: more } in tried {
        for (path, before) in differ {
            if is_withdrawn(&path, before.as_ref()) && !withdrawn.contains(&path) {
                withdrawn.push(path.clone());
            }
            // What is not among the differences from the live website is there.
            let turn = turns.entry(path).or_insert(Turn::Changed);
            if *turn == Turn::New && before.is_some() {
                *turn = Turn::Perhaps;
            }
        }
        gone.extend(more);
    }
    for path in broken.iter().filter(|path| new.file(path).is_some()) {
        turns.entry(path.clone()).or_insert(Turn::Changed);
    }
    gone.retain(|path, _| new.file(path).is_none());
    let mut steps: BTreeMap<(Turn, Class), Vec<String>> = BTreeMap::new();
    for (path, turn) in turns {
        if let Some(file) = new.file(&path) {
            steps.entry((turn, file.class)).or_default().push(path);
        }
    }
    Difference {
        steps: steps.into_values().collect(),
        gone,
        withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::digest::digest;

    fn website(files: &[(&str, &str, Class)]) -> Manifest {
        let files = files.iter().map(|(path, text, class)| {
            let file = File {
                digest: digest(text.as_bytes()),
                size: text.len() as u64,
                class: *class,
                owner: 0,
            };
            ((*path).to_owned(), file)
        });
        Manifest::from_files(files.collect(), "")
    }

    fn against(new: &Manifest, old: &Manifest) -> Against {
        let shards: BTreeMap<String, Vec<u8>> =
            old.shards().map(|(n, b)| (n.to_owned(), b)).collect();
        let shard = |name: &str| super::super::manifest::read(&shards[name], name).ok_or(());
        new.against(&old.root, shard).unwrap()
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
        let difference = between(&new, against(&new, &old), Vec::new(), &BTreeSet::new());
        let steps: Vec<Vec<&str>> = difference
            .steps
            .iter()
            .map(|step| step.iter().map(String::as_str).collect())
            .collect();
        assert_eq!(
            steps,
            [
                vec!["x.css"],
                vec!["b.html"],
                vec!["topic.html"],
                vec!["a.html"],
                vec!["list.html"],
                vec!["index.html"]
            ]
        );
        assert_eq!(difference.gone.keys().collect::<Vec<_>>(), ["old.html"]);
    }

    #[test]
    fn what_a_run_that_was_cut_off_may_have_left_is_sent_again_or_goes() {
        use Class::Article;
        let live = website(&[("a.html", "1", Article), ("b.html", "1", Article)]);
        let tried = website(&[
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
        let tries = vec![against(&new, &tried)];
        let difference = between(&new, against(&new, &live), tries, &BTreeSet::new());
        assert_eq!(difference.steps, [["e.html"], ["c.html"], ["a.html"]]);
        assert_eq!(difference.gone.keys().collect::<Vec<_>>(), ["d.html"]);
    }

    #[test]
    fn a_withdrawn_article_is_noticed_and_what_is_broken_is_sent() {
        let live = website(&[
            ("a.html", "1", Class::Article),
            ("b.html", "1", Class::Article),
        ]);
        let new = website(&[
            ("a.html", "2", Class::Withdrawn),
            ("b.html", "1", Class::Article),
        ]);
        let broken = BTreeSet::from(["b.html".to_owned(), "foreign.html".to_owned()]);
        let difference = between(&new, against(&new, &live), Vec::new(), &broken);
        assert_eq!(difference.withdrawn, ["a.html"]);
        assert_eq!(difference.steps, [["b.html"], ["a.html"]]);
        assert!(difference.gone.is_empty());
    }
}
