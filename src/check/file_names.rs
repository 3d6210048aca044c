//! Names of files that some system does not allow, or cannot tell from those of another file.

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::findings::Findings;
use super::keys::path_key;
use super::website::Website;
use crate::diagnostics::{Code, Diagnostic};

/// Checks the name of every file.
pub(crate) fn check(website: &Website<'_>, findings: &mut Findings) {
    let files = website.files.par_iter().enumerate();
    let mut folded: Vec<(u64, u32)> = files
        .map(|(number, file)| (path_key(&fold(file.path)), number as u32))
        .collect();
    folded.par_sort_unstable();
    for same in folded.chunk_by(|a, b| a.0 == b.0) {
        let mut paths = same
            .iter()
            .map(|(_, number)| website.files[*number as usize].path);
        let first = paths.next().unwrap_or_default();
        let colliding = paths.filter(|path| fold(path) == fold(first));
        findings.extend(colliding.map(|path| collision(first, path)));
    }
    let files = website.files.par_iter();
    let refused: Vec<(&str, String)> = files
        .filter_map(|file| Some((file.path, windows_refusal(file.path)?)))
        .collect();
    findings.extend(refused.into_iter().map(|(path, why)| {
        let what = format!("Windows does not allow this file name: {why}");
        Diagnostic::warning(Code::FileNameNotPortable, path, what)
            .hint("rename it if the website will be stored on such a disk")
    }));
}

/// A path as a system sees it that ignores case and Unicode normalization.
fn fold(path: &str) -> String {
    match path.is_ascii() {
        true => path.to_ascii_lowercase(),
        false => path.nfc().flat_map(char::to_lowercase).nfc().collect(),
    }
}

/// The diagnostic for two files of which such a system shows one.
fn collision(first: &str, second: &str) -> Diagnostic {
    let is_case = !first.nfc().eq(second.nfc());
    let (how, systems) = match is_case {
        true => ("upper and lower case", "Windows and macOS"),
        false => (
            "how accented characters are encoded",
            "macOS and many servers",
        ),
    };
    Diagnostic::problem(
        Code::FileNamesCollide,
        second,
        format!("its name differs from `{first}` only in {how}"),
    )
    .hint(format!(
        "rename one of them: on {systems} one hides the other"
    ))
}

/// Why Windows does not allow a path. Returns `None` if it does.
fn windows_refusal(path: &str) -> Option<String> {
    path.split('/').find_map(|name| {
        let stem = name.split('.').next().unwrap_or_default();
        if let Some(odd) = name.chars().find(|c| "<>:\"|?*\\".contains(*c)) {
            Some(format!("it contains `{odd}`"))
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
            Some(format!("`{stem}` is a device"))
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
    fn names_that_windows_does_not_allow_are_recognised() {
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
            assert!(windows_refusal(path).is_some(), "{path}");
        }
        for path in [
            "console.html",
            "2021/07/con-artist.html",
            "com10.html",
            "nul-x",
            "a b.html",
            "größe.html",
        ] {
            assert_eq!(windows_refusal(path), None, "{path}");
        }
    }

    #[test]
    fn case_and_normalization_collide() {
        assert_eq!(fold("A/É.html"), fold("a/e\u{301}.html"));
        assert!(collision("A.html", "a.html").what.contains("case"));
        assert!(
            collision("é.html", "e\u{301}.html")
                .what
                .contains("encoded")
        );
    }
}
