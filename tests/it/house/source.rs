//! The files of `src/` as modules: their text, and their code without comments, strings and unit tests.

use std::path::{Path, PathBuf};

/// One file of `src/`.
pub(crate) struct SourceFile {
    /// Below `src/`.
    pub file: PathBuf,
    /// `["import", "layouts", "json"]`; empty for `lib.rs`.
    pub module: Vec<String>,
    pub text: String,
    /// The text with comments and the contents of strings and characters replaced by spaces: as long, with the same lines.
    pub code: String,
}

impl SourceFile {
    pub(crate) fn new(file: PathBuf, text: String) -> Self {
        Self {
            module: module_path(&file),
            code: without_comments_and_strings(&text),
            file,
            text,
        }
    }

    /// The code without what stands behind `#[cfg(test)]`.
    pub(crate) fn code_without_tests(&self) -> String {
        without_tests(&self.code)
    }
}

/// Every file of `src/`, in order of path.
pub(crate) fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter();
    files
        .map(|entry| entry.expect("listed").into_path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("read");
            SourceFile::new(path.strip_prefix(&root).expect("below").to_owned(), text)
        })
        .collect()
}

/// The files of `src/` that are part of the program: not those that a `#[cfg(test)] mod name;` includes.
pub(crate) fn program_sources() -> Vec<SourceFile> {
    let mut files = sources();
    let tests: Vec<Vec<String>> = files.iter().flat_map(test_modules).collect();
    files.retain(|file| !tests.contains(&file.module));
    files
}

fn module_path(file: &Path) -> Vec<String> {
    let path = file.with_extension("");
    let mut names: Vec<String> = path
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib")) {
        names.pop();
    }
    names
}

/// The modules in files of their own that a file declares behind `#[cfg(test)]`.
fn test_modules(file: &SourceFile) -> Vec<Vec<String>> {
    let declared = file.code.split(CFG_TEST).skip(1).filter_map(|after| {
        let name = after.trim_start().strip_prefix("mod ")?;
        let (name, _) = name.split_once(';')?;
        is_name(name).then(|| [file.module.as_slice(), &[name.to_owned()]].concat())
    });
    declared.collect()
}

const CFG_TEST: &str = "#[cfg(test)]";

pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_name_char)
}

pub(crate) fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The name that a text begins with; may be empty.
pub(crate) fn leading_name(text: &str) -> &str {
    &text[..text.find(|c| !is_name_char(c)).unwrap_or(text.len())]
}

/// Where each occurrence of a keyword in some code ends: not where it is part of a longer name.
pub(crate) fn keyword_ends<'c>(
    code: &'c str,
    keyword: &'c str,
) -> impl Iterator<Item = usize> + 'c {
    code.match_indices(keyword)
        .filter(move |(at, _)| {
            let before = code[..*at].chars().next_back();
            let after = code[at + keyword.len()..].chars().next();
            !before.is_some_and(is_name_char) && !after.is_some_and(is_name_char)
        })
        .map(move |(at, _)| at + keyword.len())
}

/// The length of the item that some code begins with: to its closing brace, or to its semicolon where it has no braces.
pub(crate) fn item_length(code: &str) -> usize {
    let (mut braces, mut brackets) = (0, 0);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => {}
        }
        if braces == 0 && (c == '}' || c == ';' && brackets == 0) {
            return at + c.len_utf8();
        }
    }
    code.len()
}

fn without_tests(code: &str) -> String {
    let (mut rest, mut kept) = (code, String::new());
    while let Some((before, after)) = rest.split_once(CFG_TEST) {
        kept.push_str(before);
        rest = &after[item_length(after)..];
    }
    kept + rest
}

/// Replaces every character of a comment, and all between the quotes of a string or character, by a space.
fn without_comments_and_strings(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let literal = literal_length(rest, code.chars().next_back());
        let length = literal.unwrap_or(c.len_utf8());
        let (this, after) = rest.split_at(length);
        match literal {
            Some(_) => code.extend(this.chars().map(|c| if c == '\n' { c } else { ' ' })),
            None => code.push_str(this),
        }
        rest = after;
    }
    code
}

/// The length of the comment, string or character that a text begins with; `None` if it begins with none of them.
fn literal_length(text: &str, before: Option<char>) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(text.find("*/").map_or(text.len(), |at| at + 2));
    }
    if text.starts_with('"') {
        return Some(quoted_length(text, '"'));
    }
    if text.starts_with('\'') {
        return character_length(text);
    }
    let is_raw = text.starts_with("r\"") || text.starts_with("r#");
    if is_raw && before.is_none_or(|c| c == 'b' || !is_name_char(c)) {
        return raw_string_length(text);
    }
    None
}

/// The length of a string or character in quotes, with backslashes before what is not meant as itself.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// The length of `'a'` or `'\n'`; `None` for a lifetime.
fn character_length(text: &str) -> Option<usize> {
    let mut chars = text.chars().skip(1);
    let is_character = match chars.next()? {
        '\\' => true,
        _ => chars.next() == Some('\''),
    };
    is_character.then(|| quoted_length(text, '\''))
}

fn raw_string_length(text: &str) -> Option<usize> {
    let hashes = text[1..].chars().take_while(|c| *c == '#').count();
    let opening = 1 + hashes + 1;
    if text.as_bytes().get(opening - 1) != Some(&b'"') {
        return None;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let length = text[opening..].find(&end);
    Some(length.map_or(text.len(), |at| opening + at + end.len()))
}

#[test]
fn comments_strings_and_characters_are_blank_and_lines_stay() {
    let text = "a // b {\nc \"d\\\" }\" e '{' '\\'' &'f g r#\"h \" }\"# b\"i\" /* j\n*/ k";
    let code = without_comments_and_strings(text);
    assert_eq!(
        code.split_whitespace().collect::<Vec<_>>().join(" "),
        "a c e &'f g b k"
    );
    assert_eq!(code.lines().count(), text.lines().count());
}

#[test]
fn tests_are_cut_to_their_closing_brace_or_semicolon() {
    let code = "a;\n#[cfg(test)]\nmod t {\n fn x() { y([0; 2]); }\n}\nb;\n#[cfg(test)]\nmod u;\nc;";
    let kept = without_tests(code);
    assert_eq!(kept.split_whitespace().collect::<String>(), "a;b;c;");
}

#[test]
fn a_file_of_tests_is_no_part_of_the_program() {
    let file = SourceFile::new(
        "topics/discover/mod.rs".into(),
        "mod x;\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\nmod inline {}\n".into(),
    );
    assert_eq!(file.module, ["topics", "discover"]);
    assert_eq!(test_modules(&file), [["topics", "discover", "tests"]]);
}

#[test]
fn a_keyword_is_a_whole_word() {
    let code = "fn a() { defn fn_x; } fn b()";
    let found: Vec<&str> = keyword_ends(code, "fn")
        .map(|at| leading_name(code[at..].trim_start()))
        .collect();
    assert_eq!(found, ["a", "b"]);
}
