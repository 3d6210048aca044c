//! `backfile docs`: the documentation, from the program itself.

use include_dir::{Dir, include_dir};
use serde_json::json;

use super::report::Done;
use crate::cli::Docs;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::model::nearest::nearest;

/// The pages of the documentation.
static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/docs");

const README: &str = include_str!("../../README.md");

/// The name of the page that is the README.
const START: &str = "readme";

pub fn run(args: &Docs) -> Result<Done> {
    let Some(written) = &args.page else {
        return Ok(list());
    };
    let name = written
        .trim_start_matches("docs/")
        .trim_end_matches(".md")
        .to_lowercase();
    let found = pages().find(|(page, _)| *page == name);
    let Some((page, text)) = found else {
        let names: Vec<String> = pages().map(|(page, _)| page).collect();
        let hint = match nearest(&name, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `backfile docs {near}`?"),
            None => format!("the pages are {}", names.join(", ")),
        };
        let what = format!("there is no page `{written}`");
        return Err(Diagnostic::error(Code::PageUnknown, "", what)
            .hint(hint)
            .into());
    };
    let json = json!({ "page": page, "text": text });
    Ok(Done {
        lines: text.lines().map(str::to_owned).collect(),
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics: Vec::new(),
        ..Done::default()
    })
}

fn list() -> Done {
    let pages: Vec<(String, &str)> = pages().collect();
    let title = |text: &'static str| {
        text.lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches(['#', ' '])
    };
    let line = |(page, text): &(String, &'static str)| format!("{page:<16}{}", title(text));
    let mut lines: Vec<String> = pages.iter().map(line).collect();
    lines.push("`backfile docs PAGE` prints one of them".to_owned());
    let names: Vec<&String> = pages.iter().map(|(page, _)| page).collect();
    let json = json!({ "pages": names });
    Done {
        lines,
        json: json.as_object().cloned().unwrap_or_default(),
        diagnostics: Vec::new(),
        ..Done::default()
    }
}

/// The pages by their names, the README first.
fn pages() -> impl Iterator<Item = (String, &'static str)> {
    let files = PAGES.files().filter_map(|file| {
        let path = file.path();
        let is_page = path.extension().is_some_and(|extension| extension == "md");
        let name = path.file_stem()?.to_str()?.to_owned();
        is_page.then_some((name, file.contents_utf8()?))
    });
    std::iter::once((START.to_owned(), README)).chain(files)
}
