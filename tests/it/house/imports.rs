//! What a file imports: its `use` trees, and the paths that it writes out.

use super::source::{is_name, keyword_ends, leading_name};

/// A path that a file names, as it is written: `["super", "entry", "Entry"]`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub path: Vec<String>,
    /// The name under which others find it in this module, where it is a `pub use`.
    pub exported_as: Option<String>,
}

/// Every import of some code without comments.
pub(crate) fn imports(code: &str) -> Vec<Import> {
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut done = 0;
    for at in keyword_ends(code, "use").filter(|at| code[*at..].starts_with(' ')) {
        if at < done {
            continue;
        }
        let end = code[at..].find(';').map_or(code.len(), |end| at + end);
        let is_public = is_public(&code[..at - "use".len()]);
        for item in expand(&code[at..end]) {
            found.push(import(&item, is_public));
        }
        rest.push_str(&code[done..at]);
        done = end;
    }
    rest.push_str(&code[done..]);
    found.extend(written_paths(&rest).map(|path| Import {
        path,
        exported_as: None,
    }));
    found
}

/// Whether the code before a `use` ends in `pub` or `pub(…)`.
fn is_public(before: &str) -> bool {
    let before = before.trim_end();
    let word = match before.strip_suffix(')') {
        Some(open) => open.rsplit_once('(').map_or("", |(word, _)| word),
        None => before,
    };
    keyword_ends(word, "pub").last() == Some(word.len())
}

fn import(item: &str, is_public: bool) -> Import {
    let (path, alias) = match item.split_once(" as ") {
        Some((path, alias)) => (path, Some(alias.trim().to_owned())),
        None => (item, None),
    };
    let path: Vec<String> = path
        .split("::")
        .map(|name| name.trim().to_owned())
        .collect();
    let name = alias.or_else(|| path.last().cloned());
    Import {
        exported_as: name.filter(|_| is_public),
        path,
    }
}

/// `a::{b, c::{self, d}}` as `a::b`, `a::c::self` and `a::c::d`.
fn expand(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, list)) = tree.split_once('{') else {
        return vec![tree.to_owned()];
    };
    let list = list.trim_end().strip_suffix('}').unwrap_or(list);
    let items = top_level(list).into_iter().flat_map(expand);
    items.map(|item| format!("{prefix}{item}")).collect()
}

/// The items of a list, where commas in inner braces do not count.
fn top_level(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let is_separator = |c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    };
    let items = list.split(is_separator).map(str::trim);
    items.filter(|item| !item.is_empty()).collect()
}

/// The paths outside of `use` that begin with `crate`, `super` or `self`.
fn written_paths(code: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    let starts = ["crate", "super", "self"].into_iter();
    starts.flat_map(move |start| {
        let ends = keyword_ends(code, start)
            .filter(move |at| !code[..at - start.len()].ends_with(':'))
            .map(move |at| path_from(start, &code[at..]));
        ends.filter(|path| path.len() > 1)
    })
}

fn path_from(start: &str, mut rest: &str) -> Vec<String> {
    let mut path = vec![start.to_owned()];
    while let Some(after) = rest.strip_prefix("::") {
        let name = leading_name(after);
        if !is_name(name) {
            break;
        }
        path.push(name.to_owned());
        rest = &after[name.len()..];
    }
    path
}

fn shown(code: &str) -> Vec<String> {
    let shown = imports(code).into_iter().map(|import| {
        let name = import.exported_as.map(|name| format!(" as {name}"));
        import.path.join("::") + &name.unwrap_or_default()
    });
    shown.collect()
}

#[test]
fn an_import_in_braces_counts_for_each_of_its_paths() {
    assert_eq!(
        shown("use crate::{a::{b, c as d}, e, self};\npub(crate) use f::{g,\n h as i};pub use j;"),
        [
            "crate::a::b",
            "crate::a::c",
            "crate::e",
            "crate::self",
            "f::g as g",
            "f::h as i",
            "j as j"
        ]
    );
}

#[test]
fn a_path_in_the_code_is_an_import() {
    assert_eq!(
        shown(
            "use a::b; fn x(self) { crate::c::d::<T>(); super::super::e(); f::super_::g(); self.h() }"
        ),
        ["a::b", "crate::c::d", "super::super::e"]
    );
}
