//! The house rules of `docs/architecture.md` that the source itself can be held to: who may import whom, how long files and
//! functions may be, and which words are not used in names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each module of `src/`, and the height it stands at. A module imports only what stands lower.
const HEIGHTS: &[(&str, u8)] = &[
    ("main", 10),
    ("commands", 9),
    ("cli", 8),
    ("publish", 7),
    ("preview", 6),
    ("check", 6),
    ("build", 5),
    ("import", 4),
    ("topics", 4),
    ("cache", 3),
    ("site", 2),
    ("front_matter", 2),
    ("files", 2),
    ("object_store", 2),
    ("text", 1),
    ("settings", 1),
    ("model", 0),
    ("diagnostics", 0),
    ("progress", 0),
];

/// Modules of one height that may import each other, and why.
const BESIDE: &[(&str, &str)] = &[
    // The Library reports conflicting ids, paths and unknown links as diagnostics.
    ("model", "diagnostics"),
];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let is_rust = |entry: &walkdir::DirEntry| entry.path().extension().is_some_and(|e| e == "rs");
    let files = walkdir::WalkDir::new(&root).sort_by_file_name();
    let files = files.into_iter().map(|entry| entry.expect("listed"));
    files
        .filter(is_rust)
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).expect("read");
            (
                entry.path().strip_prefix(&root).expect("below").to_owned(),
                text,
            )
        })
        .collect()
}

/// The module of `src/` that a file is part of.
fn module(file: &Path) -> String {
    let first = file.iter().next().expect("a name");
    first.to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The modules that a text names behind `crate::`, one by one or in braces.
fn imported(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let names = match rest.strip_prefix('{') {
            Some(list) => top_level(list),
            None => vec![rest],
        };
        for name in names {
            let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
            let name = name[..end.unwrap_or(name.len())].to_owned();
            if !name.is_empty() && name != "self" {
                found.insert(name);
            }
        }
    }
    found
}

/// The items of a list in braces, without what is in inner braces.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(list[start..at].trim());
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

#[test]
fn modules_import_only_what_stands_lower() {
    let heights: BTreeMap<&str, u8> = HEIGHTS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let from = module(&file);
        if from == "lib" {
            continue;
        }
        let height = heights.get(from.as_str());
        let height = *height.unwrap_or_else(|| panic!("`{from}` has no height in the table"));
        for to in imported(&text) {
            let Some(other) = heights.get(to.as_str()) else {
                panic!(
                    "{}: `crate::{to}` has no height in the table",
                    file.display()
                )
            };
            let is_beside = BESIDE.contains(&(from.as_str(), to.as_str()));
            if to != from && *other >= height && !is_beside {
                wrong.push(format!("{}: {from} imports {to}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_braced_import_counts_for_each_of_its_modules() {
    let text = "use crate::{build::{a, b}, model, self};\nlet x = crate::cache::open();";
    let found: Vec<_> = imported(text).into_iter().collect();
    assert_eq!(found, ["build", "cache", "model"]);
}
