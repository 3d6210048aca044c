//! The overviews of topics and of authors, from A to Z.

use serde::Serialize;
use tera::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::View;
use super::site_page::SitePage;
use super::template_context::{self, CountedLink, Frame};
use crate::model::Class;
use crate::model::Term;
use crate::model::period::Period;
use crate::model::term::{ListId, TermNo};

/// The overview of topics.
pub(crate) static TOPICS: SitePage = SitePage {
    name: "topics",
    path: "topics/index.html",
    title: "Topics",
    context: |view, frame| context(view, frame, view.library.topics(), ListId::Topic),
    ..TERMS
};

/// The overview of authors.
pub(crate) static AUTHORS: SitePage = SitePage {
    name: "authors",
    path: "authors/index.html",
    title: "Authors",
    context: |view, frame| context(view, frame, view.library.authors(), ListId::Author),
    ..TERMS
};

/// The common part of both overviews.
const TERMS: SitePage = SitePage {
    class: Class::List,
    template: "terms.html",
    is_in_menu: true,
    is_in_sitemap: true,
    ..SitePage::BASE
};

#[derive(Serialize)]
struct TermsView<'a> {
    of: &'a str,
    letters: Vec<Letter>,
    count: usize,
}

#[derive(Serialize)]
struct Letter {
    letter: String,
    terms: Vec<CountedLink>,
}

fn context(
    view: &View<'_>,
    frame: Frame<'_>,
    terms: Vec<(TermNo, &Term)>,
    list: fn(TermNo) -> ListId,
) -> Vec<(&'static str, Value)> {
    let path = |number| {
        let stem = template_context::list_stem(view, list(number));
        template_context::list_path(stem.as_deref(), Period::All)
    };
    let terms = terms.into_iter();
    let mut links: Vec<CountedLink> = terms
        .map(|(number, term)| CountedLink::of_term(term, path(number)))
        .collect();
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
        of: frame.kind,
        letters,
        count,
    };
    frame.context(view, &[("terms", terms)])
}

/// The key by which names are sorted: without combining marks, in lower case, and from the first letter or digit.
fn sort_key(name: &str) -> String {
    name.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .skip_while(|c| !c.is_alphanumeric())
        .collect()
}

/// The letter under which a name is listed; `#` for digits and symbols.
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
    fn names_are_listed_under_their_base_letter() {
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
