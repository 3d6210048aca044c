//! How long a function and a file of `src/` may be.

use super::expect_exceptions;
use super::source::{item_length, keyword_ends, leading_name, sources};

/// Lines of a function, from its `fn` to its closing brace.
const LONGEST_FUNCTION: usize = 80;

/// Lines of a file, its unit tests included.
const LONGEST_FILE: usize = 500;

/// Files that are longer. This table ends empty.
const LONG_FILES: &[&str] = &[
    "import/layouts/json.rs",
    "import/layouts/mail/plain.rs",
    "import/layouts/table.rs",
];

/// Functions that are longer: the file and the name. This table ends empty.
const LONG_FUNCTIONS: &[(&str, &str)] = &[
    ("front_matter/plain.rs", "value"),
    ("import/chunks/cut.rs", "pieces"),
    ("import/layouts/feed.rs", "read_fields"),
    ("import/layouts/mediawiki/runs.rs", "words"),
    ("import/layouts/mediawiki/scan.rs", "scan"),
    ("import/layouts/record/mod.rs", "read"),
    ("import/mod.rs", "import"),
    ("topics/discover/subjects.rs", "gather"),
];

/// The name and the number of lines of every function with a body.
fn functions(code: &str) -> Vec<(String, usize)> {
    let found = keyword_ends(code, "fn").filter_map(|at| {
        let name = leading_name(code[at..].trim_start());
        let item = &code[at..at + item_length(&code[at..])];
        let is_function = !name.is_empty() && item.ends_with('}');
        is_function.then(|| (name.to_owned(), item.lines().count()))
    });
    found.collect()
}

#[test]
fn no_function_is_longer_than_eighty_lines() {
    let mut long = Vec::new();
    for source in sources() {
        let file = source.file.display().to_string();
        let functions = functions(&source.code).into_iter();
        long.extend(
            functions
                .filter(|(_, lines)| *lines > LONGEST_FUNCTION)
                .map(|(name, _)| (file.clone(), name)),
        );
    }
    let known = LONG_FUNCTIONS.iter();
    expect_exceptions(
        long.into_iter().collect(),
        known.map(|(f, n)| (f.to_string(), n.to_string())).collect(),
    );
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    let sources = sources().into_iter();
    let long = sources.filter(|source| source.text.lines().count() > LONGEST_FILE);
    expect_exceptions(
        long.map(|source| source.file.display().to_string())
            .collect(),
        LONG_FILES.iter().map(|file| file.to_string()).collect(),
    );
}

#[test]
fn a_function_ends_at_its_closing_brace() {
    let code = "fn a(x: [u8; 2]) -> u8 {\n if x { 1 }\n}\nfn declared(y: [u8; 3]);\nfn b() {}\nlet f: fn(u8);";
    let lines = |name: &str, lines| (name.to_owned(), lines);
    assert_eq!(functions(code), [lines("a", 3), lines("b", 1)]);
}
