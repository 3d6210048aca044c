//! Names of files within an archive: they identify records, and are never used as paths.

use crate::files;

/// The longest name, in bytes.
const LONGEST: usize = 400;

/// A name without the parts that lead out of a folder. `None` for what is not an article's file: hidden files, and
/// files that operating systems add.
pub(crate) fn name(written: &str) -> Option<String> {
    let written = written.replace('\\', "/");
    let parts = written.split('/').map(str::trim);
    let parts: Vec<&str> = parts.filter(|p| !matches!(*p, "" | "." | "..")).collect();
    let is_system = |part: &&str| files::is_passed_over(part.as_bytes());
    if parts.is_empty() || parts.iter().any(is_system) {
        return None;
    }
    let name: String = parts
        .join("/")
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    (name.len() <= LONGEST).then_some(name)
}

/// A name without the suffix of its compression.
pub(crate) fn without_packing(name: &str) -> &str {
    let packed = [".gz", ".bz2", ".zst"];
    let bare = packed.iter().find_map(|ending| name.strip_suffix(ending));
    bare.filter(|bare| !bare.is_empty() && !bare.ends_with('/'))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_folder() {
        for (written, expected) in [
            ("a/b.txt", Some("a/b.txt")),
            ("../../etc/passwd", Some("etc/passwd")),
            ("/root/a.txt", Some("root/a.txt")),
            ("a\\b.txt", Some("a/b.txt")),
            ("./a//b.txt", Some("a/b.txt")),
            (".git/config", None),
            ("__MACOSX/a.txt", None),
            ("..", None),
            ("", None),
            ("a\nb", Some("a\u{fffd}b")),
        ] {
            assert_eq!(name(written).as_deref(), expected, "{written}");
        }
        assert_eq!(name(&"a/".repeat(300)), None);
        assert_eq!(without_packing("a/b.txt.gz"), "a/b.txt");
        assert_eq!(without_packing(".gz"), ".gz");
    }
}
