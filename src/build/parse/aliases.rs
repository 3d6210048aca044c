//! The older paths of an article or a page: which of them can be published. Never knows whether another page has the path.

use super::ShownFile;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::library::alias_path;

/// The older paths as they are published; one that cannot be published is reported.
pub(super) fn aliases(
    written: &[String],
    file: ShownFile<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Box<[Box<str>]> {
    let paths = written.iter().filter_map(|alias| {
        let path = alias_path(alias);
        if path.is_none() {
            let shortened: String = alias.chars().filter(|c| !c.is_control()).take(80).collect();
            let what = match alias {
                alias if alias.contains("://") || alias.trim().starts_with("//") => {
                    format!("the alias `{shortened}` is an address of another website")
                }
                alias if alias.contains('?') => {
                    format!("the alias `{shortened}` has a query, which no file has")
                }
                _ => format!("the alias `{shortened}` cannot be the path of a page"),
            };
            diagnostics.push(
                Diagnostic::problem(Code::AliasInvalid, file.path, what)
                    .at_byte(file.text, file.text.find(alias.as_str()).unwrap_or(0))
                    .hint("write an older path on this website, such as `/2015/old-name.html`"),
            );
        }
        path
    });
    paths.collect()
}
