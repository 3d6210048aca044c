//! Words that no type, module or function is named after, and nouns that name one type.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{keyword_ends, leading_name, sources};

/// Metaphors of printing and housekeeping, each of which has a term that an engineer searches for.
const METAPHORS: &[&str] = &[
    "claim", "claims", "claimed", "contest", "contests", "edition", "intake", "piece", "pieces",
    "plate", "plates", "press", "printed", "round", "sheet", "shelf", "shelves", "shelved",
    "sketch", "spool", "survey", "tally", "tick",
];

/// Two words that only together are a metaphor.
const METAPHORS_OF_TWO: &[&str] = &["hand_page", "hand_over"];

/// Names of modules that say nothing of what is inside.
const VAGUE_MODULES: &[&str] = &["utils", "helpers", "common", "misc"];

/// Nouns that name at most one type each.
const ONE_TYPE: &[&str] = &[
    "Entry", "Field", "Found", "Kept", "Part", "Problems", "Read", "Record", "Report", "Said",
    "Settings", "Shelf", "Site", "Subject", "Told", "View", "Walk",
];

/// A name that some code gives to something.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    keyword: &'static str,
    name: String,
}

fn named(code: &str) -> Vec<Named> {
    let keywords = ["struct", "enum", "trait", "type", "union", "mod", "fn"];
    let names = keywords.into_iter().flat_map(|keyword| {
        let names = keyword_ends(code, keyword).map(|at| leading_name(code[at..].trim_start()));
        names.map(move |name| Named {
            keyword,
            name: name.to_owned(),
        })
    });
    names.filter(|named| !named.name.is_empty()).collect()
}

/// `OnShelf`, `on_shelf` and `ON_SHELF` as `on_shelf`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut is_in_capitals = true;
    for c in name.chars() {
        if c.is_uppercase() && !is_in_capitals {
            snake.push('_');
        }
        is_in_capitals = c.is_uppercase() || c == '_';
        snake.extend(c.to_lowercase());
    }
    snake
}

fn is_metaphor(name: &str) -> bool {
    let snake = snake_case(name).replace("word_press", "wordpress");
    let has_word = snake.split('_').any(|word| METAPHORS.contains(&word));
    has_word || METAPHORS_OF_TWO.iter().any(|two| snake.contains(two))
}

/// Everything that `src/` names, in no order.
fn all_named() -> Vec<Named> {
    sources()
        .iter()
        .flat_map(|source| named(&source.code))
        .collect()
}

#[test]
fn no_name_is_a_metaphor() {
    let names = all_named().into_iter().map(|named| named.name);
    let found: BTreeSet<String> = names.filter(|name| is_metaphor(name)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_module_is_named_vaguely() {
    let modules = all_named()
        .into_iter()
        .filter(|named| named.keyword == "mod");
    let found: Vec<String> = modules
        .map(|named| named.name)
        .filter(|name| VAGUE_MODULES.contains(&name.as_str()))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn one_noun_is_one_type() {
    let mut types: BTreeMap<String, usize> = BTreeMap::new();
    for named in all_named() {
        let is_type = !matches!(named.keyword, "fn" | "mod");
        if is_type && ONE_TYPE.contains(&named.name.as_str()) {
            *types.entry(named.name).or_default() += 1;
        }
    }
    let several = types.into_iter().filter(|(_, number)| *number > 1);
    let found: Vec<String> = several.map(|(name, _)| name).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_metaphor_is_a_whole_word_of_a_name() {
    for name in ["OnShelf", "on_shelf", "SHELF", "hand_pages"] {
        assert!(is_metaphor(name), "{name}");
    }
    for name in [
        "WordPress",
        "compressed",
        "Template",
        "ground",
        "handle",
        "printable",
    ] {
        assert!(!is_metaphor(name), "{name}");
    }
    assert_eq!(snake_case("HtmlPageOf2"), "html_page_of2");
}

#[test]
fn every_kind_of_name_is_found() {
    let code =
        "pub struct A<T>; enum B {} type C = u8; mod d {} impl A { fn e() {} } let f: fn(u8) = g;";
    let found: Vec<String> = named(code).into_iter().map(|named| named.name).collect();
    assert_eq!(found, ["A", "B", "C", "d", "e"]);
}
