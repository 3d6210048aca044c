//! Names of files that some system cannot hold, or takes for those of another file.

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::findings::Findings;
use super::website::{Website, key};
use crate::diagnostics::{Code, Diagnostic};

/// Looks at the name of every file.
pub fn look(website: &Website<'_>, findings: &mut Findings) {
    let mut folded: Vec<(u64, u32)> = website
        .files
        .par_iter()
        .enumerate()
        .map(|(number, file)| (key(&fold(file.path)), number as u32))
        .collect();
    folded.par_sort_unstable();
    for same in folded
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() > 1)
    {
        let mut paths = same
            .iter()
            .map(|(_, number)| website.files[*number as usize].path);
        let first = paths.next().unwrap_or_default();
        findings.extend(
            paths
                .filter(|path| fold(path) == fold(first))
                .map(|path| twins(first, path)),
        );
    }
    let odd = website
        .files
        .par_iter()
        .filter_map(|file| Some((file.path, oddity(file.path)?)));
    let odd: Vec<(&str, String)> = odd.collect();
    findings.extend(odd.into_iter().map(|(path, why)| {
        let what = format!("Windows has no files of this name: {why}");
        Diagnostic::warning(Code::Unclassified, path, what)
            .hint("rename it, if the website is to lie on such a disk")
    }));
}

/// A path as systems see it that tell no capitals apart, and no two ways to write an accent.
fn fold(path: &str) -> String {
    match path.is_ascii() {
        true => path.to_ascii_lowercase(),
        false => path.nfc().flat_map(char::to_lowercase).nfc().collect(),
    }
}

/// Two files of which such a system shows one.
fn twins(first: &str, second: &str) -> Diagnostic {
    let is_case = !first.nfc().eq(second.nfc());
    let (how, systems) = match is_case {
        true => ("capitals", "Windows and macOS"),
        false => ("how its letters are composed", "macOS and many servers"),
    };
    Diagnostic::problem(
        Code::Unclassified,
        second,
        format!("it differs from `{first}` in {how} only"),
    )
    .hint(format!(
        "rename one of them: on {systems} one hides the other"
    ))
}

/// Why Windows cannot hold a path; None where it can.
fn oddity(path: &str) -> Option<String> {
    path.split('/').find_map(|name| {
        let stem = name.split('.').next().unwrap_or_default();
        if let Some(odd) = name.chars().find(|c| "<>:\"|?*\\".contains(*c)) {
            Some(format!("`{odd}` is in it"))
        } else if name.ends_with(['.', ' ']) {
            Some(format!(
                "`{name}` ends in a {}",
                if name.ends_with('.') {
                    "full stop"
                } else {
                    "space"
                }
            ))
        } else if is_device(stem) {
            Some(format!("`{stem}` is a device there"))
        } else {
            None
        }
    })
}

fn is_device(stem: &str) -> bool {
    let stem = stem.trim_end().to_ascii_lowercase();
    let numbered = stem
        .strip_prefix("com")
        .or_else(|| stem.strip_prefix("lpt"));
    let is_number =
        |rest: &str| matches!(rest, "¹" | "²" | "³") || matches!(rest.as_bytes(), [b'0'..=b'9']);
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered.is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_cannot_hold_are_known() {
        for path in [
            "con.html",
            "a/Nul/b.html",
            "COM1",
            "x/lpt².txt",
            "a:b.html",
            "a?.html",
            "a./b.html",
            "a ",
        ] {
            assert!(oddity(path).is_some(), "{path}");
        }
        for path in [
            "console.html",
            "2021/07/con-artist.html",
            "com10.html",
            "nul-x",
            "a b.html",
            "größe.html",
        ] {
            assert_eq!(oddity(path), None, "{path}");
        }
    }

    #[test]
    fn capitals_and_accents_are_told_apart() {
        assert_eq!(fold("A/É.html"), fold("a/e\u{301}.html"));
        assert!(twins("A.html", "a.html").what.contains("capitals"));
        assert!(twins("é.html", "e\u{301}.html").what.contains("composed"));
    }
}
