//! The overviews of topics and of authors, from A to Z.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::template_context::{self, CountedLink, Frame};
use super::{PageKind, View};
use crate::model::Class;
use crate::model::page::{PageContent, Subject};
use crate::model::period::Period;
use crate::model::term::ListId;

/// An overview of one taxonomy.
pub struct Terms {
    name: &'static str,
    title: &'static str,
    path: &'static str,
    links: fn(&View<'_>) -> Vec<CountedLink>,
}

pub static TOPICS: Terms = Terms {
    name: "topics",
    title: "Topics",
    path: "topics/index.html",
    links: |view| {
        let link = |no| {
            template_context::list_path(
                template_context::list_stem(view, ListId::Topic(no)).as_deref(),
                Period::All,
            )
        };
        view.library
            .topics()
            .into_iter()
            .map(|(no, term)| CountedLink::of_term(term, link(no)))
            .collect()
    },
};

pub static AUTHORS: Terms = Terms {
    name: "authors",
    title: "Authors",
    path: "authors/index.html",
    links: |view| {
        let link = |no| {
            template_context::list_path(
                template_context::list_stem(view, ListId::Author(no)).as_deref(),
                Period::All,
            )
        };
        view.library
            .authors()
            .into_iter()
            .map(|(no, term)| CountedLink::of_term(term, link(no)))
            .collect()
    },
};

#[derive(Serialize)]
struct TermsView {
    of: &'static str,
    letters: Vec<Letter>,
    count: usize,
}

#[derive(Serialize)]
struct Letter {
    letter: String,
    terms: Vec<CountedLink>,
}

impl PageKind for Terms {
    fn name(&self) -> &'static str {
        self.name
    }

    fn class(&self) -> Class {
        Class::List
    }

    fn paths(&self, _: &View<'_>, subject: &Subject) -> Vec<String> {
        (*subject == Subject::Site)
            .then(|| self.path.to_owned())
            .into_iter()
            .collect()
    }

    fn subject(&self, _: &View<'_>, _: &str) -> Option<Subject> {
        Some(Subject::Site)
    }

    fn content(&self, view: &View<'_>, _: &Subject, path: &str) -> Option<PageContent> {
        let mut links = (self.links)(view);
        links.sort_by_cached_key(|link| (sort_key(&link.name), link.path.clone()));
        let count = links.len();
        let mut letters: Vec<Letter> = Vec::new();
        for link in links {
            let letter = letter_of(&link.name);
            match letters.last_mut().filter(|last| last.letter == letter) {
                Some(last) => last.terms.push(link),
                None => letters.push(Letter {
                    letter,
                    terms: vec![link],
                }),
            }
        }
        let terms = TermsView {
            of: self.name,
            letters,
            count,
        };
        let frame = Frame {
            kind: self.name,
            path,
            title: self.title,
            ..Frame::default()
        };
        Some(PageContent::Template {
            name: "terms.html",
            context: frame.context(view, &[("terms", terms)]),
            bodies: Vec::new(),
        })
    }
}

/// How a name is put in order: without marks, in lower case, digits and signs before letters.
fn sort_key(name: &str) -> String {
    name.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .skip_while(|c| !c.is_alphanumeric())
        .collect()
}

/// The letter that a name stands under; `#` for digits and signs.
fn letter_of(name: &str) -> String {
    match sort_key(name).chars().next() {
        Some(first) if first.is_alphabetic() => first.to_uppercase().collect(),
        _ => "#".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_under_their_bare_letter() {
        for (name, letter) in [
            ("Élan", "E"),
            ("“Quoted”", "Q"),
            ("18F", "#"),
            ("москва", "М"),
            ("日本", "日"),
        ] {
            assert_eq!(letter_of(name), letter);
        }
    }
}
