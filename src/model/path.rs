//! How paths are written: with `/` between folders, and what a file of any host and any system may be called.

use std::path::Path;

/// A path with `/` between folders on every system.
pub fn slashed(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// The longest name of a folder or file, in bytes: systems stop at 255, and addresses grow when they are encoded.
const LONGEST_NAME: usize = 240;

/// The longest path, in bytes.
const LONGEST_PATH: usize = 1_000;

/// Whether a page may lie at a path below the site's root: it stays there, no part of it is hidden or too long, and none
/// holds a control character.
pub fn is_publishable(path: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && !name.starts_with('.') && name.len() <= LONGEST_NAME;
    let is_odd = |c: char| c.is_control() || matches!(c, '\\' | '\u{fffd}');
    path.len() <= LONGEST_PATH && path.split('/').all(is_name) && !path.contains(is_odd)
}

/// The folders that a path lies in, the outermost first.
pub fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_root_and_is_seen() {
        for good in ["a.html", "2021/07/13/größe.html", "v1.2/x"] {
            assert!(is_publishable(good), "{good}");
        }
        let long = "x".repeat(241);
        let deep = "x/".repeat(600) + "x";
        for bad in [
            "",
            "/a",
            "a//b",
            "../a",
            "a/../b",
            ".htaccess",
            "a/.b/c",
            "a\0",
            "a\\b",
            &long,
            &deep,
        ] {
            assert!(!is_publishable(bad), "{bad}");
        }
        assert_eq!(folders("a/b/c.html").collect::<Vec<_>>(), ["a", "a/b"]);
    }
}
