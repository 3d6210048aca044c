//! Which top folder of `src/` may import which.

use std::collections::BTreeMap;

use super::imports::imports;
use super::source::sources;

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

#[test]
fn modules_import_only_what_stands_lower() {
    let heights: BTreeMap<&str, u8> = HEIGHTS.iter().copied().collect();
    let height = |name: &str| match heights.get(name) {
        Some(height) => *height,
        None => panic!("`{name}` has no height in the table"),
    };
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(from) = source.module.first() else {
            continue;
        };
        for import in imports(&source.code) {
            let [root, to, ..] = import.path.as_slice() else {
                continue;
            };
            if root != "crate" || to == "self" || to == from {
                continue;
            }
            if height(to) >= height(from) {
                wrong.push(format!("{}: {from} imports {to}", source.file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
