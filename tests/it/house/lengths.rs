//! How long a function and a file of `src/` may be.

use super::source::{item_length, keyword_ends, leading_name, sources};

/// Lines of a function, from its `fn` to its closing brace.
const LONGEST_FUNCTION: usize = 80;

/// Lines of a file, its unit tests included.
const LONGEST_FILE: usize = 500;

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
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    let sources = sources().into_iter();
    let long = sources.filter(|source| source.text.lines().count() > LONGEST_FILE);
    let long: Vec<_> = long.map(|source| source.file).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn a_function_ends_at_its_closing_brace() {
    let code = "fn a(x: [u8; 2]) -> u8 {\n if x { 1 }\n}\nfn declared(y: [u8; 3]);\nfn b() {}\nlet f: fn(u8);";
    let lines = |name: &str, lines| (name.to_owned(), lines);
    assert_eq!(functions(code), [lines("a", 3), lines("b", 1)]);
}
