//! Paths with `/` between folders, and the paths that every host and operating system accepts.

use std::path::Path;

/// A path with `/` between folders on every system.
pub fn slashed(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// The longest name of a folder or file, in bytes: file systems allow 255, and addresses grow when they are encoded.
const MAX_NAME: usize = 240;

/// The longest path, in bytes.
const MAX_PATH: usize = 1_000;

/// Whether a page can be published at a path: it is below the website's root, no part of it is hidden or too long, and none has
/// a control character.
pub fn is_publishable(path: &str) -> bool {
    has_good_names(path, |name| !name.starts_with('.'))
}

/// As [`is_publishable`], for a static file, of which a part may be hidden: its owner put it there.
pub fn is_publishable_static(path: &str) -> bool {
    has_good_names(path, |name| !matches!(name, "." | ".." | ".backfile"))
}

fn has_good_names(path: &str, is_allowed: impl Fn(&str) -> bool) -> bool {
    let is_name = |name: &str| !name.is_empty() && is_allowed(name) && name.len() <= MAX_NAME;
    let is_refused = |c: char| c.is_control() || matches!(c, '\\' | '\u{fffd}');
    path.len() <= MAX_PATH && path.split('/').all(is_name) && !path.contains(is_refused)
}

/// The folders of a path, the outermost first.
pub fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// A relative path from a folder, without `.` and `..`; `None` if it leaves the root.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publishable_path_is_below_the_root_and_not_hidden() {
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
        assert!(is_publishable_static(".well-known/security.txt"));
        assert!(!is_publishable_static("a/../b") && !is_publishable_static(".backfile/x"));
        assert_eq!(folders("a/b/c.html").collect::<Vec<_>>(), ["a", "a/b"]);
    }
}
