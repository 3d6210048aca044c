//! Which links in bodies are unknown, and which must be resolved again when a page appears or is removed.
//! Knows links by file; never knows how a link is shown.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashSet, HashSetExt as _};

use super::pages::{PageKey, View, resolve};
use crate::diagnostics::{Code, Diagnostic};
use crate::model::library::{Dependency, dependencies};
use crate::model::subject::Subject;

/// Whether the page at a path is generated from other articles, and so has no file of its own.
fn is_derived(view: &View<'_>, path: &str) -> bool {
    let holder = PageKey::at(view, path).next();
    holder.is_some_and(|key| matches!(key.subject, Subject::Site | Subject::List(..)))
}

/// The links in all bodies.
#[derive(Debug, Default)]
pub(crate) struct LinkIndex {
    /// Unknown links, by the file that contains them: the target, and its line.
    unknown: BTreeMap<Box<str>, Vec<(Box<str>, u32)>>,
    /// Paths that links name and that have a page now, of pages without a file of their own: topics, dates, feeds.
    present: HashSet<Box<str>>,
}

impl LinkIndex {
    /// Resolves every link of the site.
    pub(crate) fn of(view: &View<'_>) -> Self {
        let mut index = Self {
            unknown: BTreeMap::new(),
            present: HashSet::new(),
        };
        for subject in view.library.subjects_with_text() {
            index.check(view, &subject);
        }
        index
    }

    /// Resolves the links of `touched` again, and adds to it every subject with a link to a page that appeared or was
    /// removed.
    pub(crate) fn update(&mut self, view: &View<'_>, touched: &mut BTreeSet<Subject>) {
        let mut linking = BTreeSet::new();
        for subject in touched.iter() {
            if matches!(subject, Subject::Site | Subject::List(..)) {
                self.compare(view, subject, &mut linking);
            }
        }
        touched.append(&mut linking);
        for file in view.library.removed_files() {
            self.unknown.remove(file);
        }
        for subject in touched.iter() {
            match subject {
                Subject::Content(file) if view.library.page(file).is_none() => {
                    self.unknown.remove(file);
                }
                subject => self.check(view, subject),
            }
        }
    }

    /// Adds to `linking` the subjects with a link to a page about `subject` that appeared or was removed.
    fn compare(&mut self, view: &View<'_>, subject: &Subject, linking: &mut BTreeSet<Subject>) {
        for key in PageKey::possible(view, subject) {
            let path: Box<str> = key.path.into();
            let dependency = Dependency::Path(path.clone());
            if !view.library.is_linked(&dependency) {
                continue;
            }
            let is_present = is_derived(view, &path);
            if is_present != self.present.contains(&path) {
                view.library.add_dependents(&dependency, linking);
            }
            self.set_present(path, is_present);
        }
    }

    /// Resolves the links of one text.
    fn check(&mut self, view: &View<'_>, subject: &Subject) {
        let Some((file, details)) = view.library.text_of(subject) else {
            return;
        };
        let mut unknown = Vec::new();
        for link in &details.links {
            for name in dependencies(file, &link.target) {
                if let Dependency::Path(path) = name {
                    let is_present = is_derived(view, &path);
                    self.set_present(path, is_present);
                }
            }
            if resolve(view, file, details, &link.target).is_none() {
                unknown.push((link.target.clone(), link.line));
            }
        }
        match unknown.is_empty() {
            true => self.unknown.remove(file),
            false => self.unknown.insert(file.into(), unknown),
        };
    }

    fn set_present(&mut self, path: Box<str>, is_present: bool) {
        match is_present {
            true => self.present.insert(path),
            false => self.present.remove(&path),
        };
    }

    /// A warning for each unknown link, by file and line.
    pub(crate) fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        let files = self.unknown.iter();
        files.flat_map(|(file, links)| {
            links.iter().map(move |(target, line)| {
                let what = format!("the link `{target}` names nothing in this site");
                let hint = "name a `.md` file, an article's id, or a path that begins with `/`";
                let path = format!("content/{file}");
                let mut found = Diagnostic::warning(Code::LinkUnknown, path, what).hint(hint);
                found.line = *line as usize;
                found
            })
        })
    }
}
