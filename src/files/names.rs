//! Names of files that are no part of an archive: hidden ones, and what editors and systems leave beside a file.

/// The folder of `content/` for files that import brings along, with `/` at its end.
pub const IMPORTED_FILES: &str = "articles/files/";

/// Endings of backup, swap and half-written files.
const ENDINGS: &[&str] = &[
    "~",
    ".bak",
    ".swp",
    ".swo",
    ".swx",
    ".tmp",
    ".orig",
    ".rej",
    "___jb_tmp___",
    "___jb_old___",
    ".crdownload",
    ".part",
];

/// Files that systems add to folders.
const OF_SYSTEMS: &[&str] = &[
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "icon\r",
    "__macosx",
];

/// Hidden names that web servers and hosts read.
const READ_BY_HOSTS: &[&str] = &[
    ".well-known",
    ".htaccess",
    ".nojekyll",
    ".domains",
    ".nowebp",
];

/// Whether a file or folder of this name is passed over.
pub fn is_passed_over(name: &[u8]) -> bool {
    // Nearly all names.
    let last = name.last().copied().unwrap_or_default();
    let first = name.first().copied().unwrap_or_default();
    if matches!(first, b'.' | b'#') || name.starts_with(b"~$") {
        return first != b'#' || last == b'#';
    }
    let ends_like_text =
        name.ends_with(b".md") || name.ends_with(b".txt") || name.ends_with(b".html");
    if ends_like_text {
        return false;
    }
    let name = String::from_utf8_lossy(name).to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending)) || OF_SYSTEMS.contains(&&*name)
}

/// Whether a hidden file or folder of a website is read by servers or hosts.
pub fn is_read_by_hosts(name: &str) -> bool {
    READ_BY_HOSTS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_and_systems_leave_is_passed_over() {
        for name in [
            ".a.md.swp",
            "a.md~",
            "#a.md#",
            "~$a.docx",
            "a.md.bak",
            "Thumbs.db",
            "desktop.ini",
            ".hidden",
            "a.txt.tmp",
            "a.md___jb_tmp___",
        ] {
            assert!(is_passed_over(name.as_bytes()), "{name}");
        }
        for name in [
            "a.md",
            "#1 of 3.md",
            "a.html",
            "part.txt",
            "bak",
            "a~b.md",
            "tmp",
        ] {
            assert!(!is_passed_over(name.as_bytes()), "{name}");
        }
    }
}
