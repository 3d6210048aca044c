//! The index of dependents: which subjects have to be checked again when something changes.
//! Links are registered in it; neighbours, lists and the site's own pages are computed from the order of the Library.

use std::collections::BTreeSet;

use foldhash::HashMap;

use super::Library;
use super::dependency::Dependency;
use crate::model::period::Period;
use crate::model::subject::Subject;
use crate::model::term::{ArticleNo, ListId};

/// Registered dependents: subjects by what they depend on.
#[derive(Debug, Default)]
pub(super) struct Dependents(HashMap<Dependency, BTreeSet<Subject>>);

impl Dependents {
    pub(crate) fn register(&mut self, on: Dependency, subject: Subject) {
        self.0.entry(on).or_default().insert(subject);
    }

    pub(crate) fn unregister(&mut self, on: &Dependency, subject: &Subject) {
        if let Some(subjects) = self.0.get_mut(on) {
            subjects.remove(subject);
            if subjects.is_empty() {
                self.0.remove(on);
            }
        }
    }

    fn of(&self, on: &Dependency) -> impl Iterator<Item = &Subject> {
        self.0.get(on).into_iter().flatten()
    }
}

impl Library {
    /// Adds every subject whose pages may differ when `changed` changes, in the current state of the Library.
    pub fn add_dependents(&self, changed: &Dependency, to: &mut BTreeSet<Subject>) {
        self.add_linking(changed, to);
        match changed {
            Dependency::File(_) | Dependency::Id(_) | Dependency::Origin(_) => {}
            Dependency::Path(path) => {
                // Candidates for the path may get it now, or lose it.
                let candidates = self.path_candidates.get(path).into_iter().flatten();
                to.extend(candidates.map(|article| Subject::Article(*article)));
            }
            Dependency::Page(file) => to.extend([Subject::Content(file.clone()), Subject::Site]),
            Dependency::Static(path) => {
                to.insert(Subject::Static(path.clone()));
            }
            Dependency::Period(list, period) => {
                to.insert(Subject::List(*list, *period));
            }
            Dependency::Term(list) => {
                let periods = self.periods(*list).into_iter();
                to.extend(periods.map(|period| Subject::List(*list, period)));
            }
            Dependency::Article(article) => self.add_showing(*article, to),
        }
    }

    /// Adds the subjects whose pages show an article: itself, its neighbours, its lists, the overviews, and texts that link to it.
    fn add_showing(&self, article: ArticleNo, to: &mut BTreeSet<Subject>) {
        let Some(known) = self.known(article) else {
            return;
        };
        to.extend([Subject::Article(article), Subject::Site]);
        for name in [
            Dependency::File(known.entry.file.clone()),
            Dependency::Id(known.id.clone()),
            Dependency::Path(known.path.clone()),
        ] {
            self.add_linking(&name, to);
        }
        if self.is_listed(article) {
            let (before, after) = self.neighbours(article);
            to.extend(before.into_iter().chain(after).map(Subject::Article));
            for list in self.lists_of(article) {
                let periods = self.period_of(article).upwards();
                to.extend(periods.map(|period| Subject::List(list, period)));
                to.extend(
                    self.naming(list)
                        .map(|list| Subject::List(list, Period::All)),
                );
            }
        }
    }

    /// The lists whose first page names a list while it has articles: those of narrower topics and of the broader one.
    fn naming(&self, list: ListId) -> impl Iterator<Item = ListId> {
        let topic = match list {
            ListId::Topic(number) => Some(self.topic(number)),
            _ => None,
        };
        let related = topic
            .into_iter()
            .flat_map(|topic| topic.narrower.iter().copied().chain(topic.parent()));
        related.map(ListId::Topic)
    }

    /// Adds the subjects whose text has a link that may name `to`.
    fn add_linking(&self, to: &Dependency, subjects: &mut BTreeSet<Subject>) {
        for linking in self.dependents.of(to) {
            // Feeds contain whole bodies, with their links.
            if let Subject::Article(article) = linking {
                let lists = self.lists_of(*article).into_iter();
                subjects.extend(lists.map(|list| Subject::List(list, Period::All)));
            }
            subjects.insert(linking.clone());
        }
    }

    /// The subjects whose text has a link that may name `to`.
    pub fn linking(&self, to: &Dependency) -> impl Iterator<Item = &Subject> {
        self.dependents.of(to)
    }

    /// Whether any text has a link that may name `to`.
    pub fn is_linked(&self, to: &Dependency) -> bool {
        self.dependents.of(to).next().is_some()
    }

    pub(super) fn register_links(&mut self, subject: &Subject) {
        for on in self.link_dependencies(subject) {
            self.dependents.register(on, subject.clone());
        }
    }

    pub(super) fn unregister_links(&mut self, subject: &Subject) {
        for on in self.link_dependencies(subject) {
            self.dependents.unregister(&on, subject);
        }
    }

    fn link_dependencies(&self, subject: &Subject) -> Vec<Dependency> {
        let Some((file, details)) = self.text_of(subject) else {
            return Vec::new();
        };
        let links = details.links.iter();
        links
            .flat_map(|link| super::links::dependencies(file, &link.target))
            .collect()
    }
}
