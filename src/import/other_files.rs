//! What a file of `raw/` is that holds no record: decided by its name and its first bytes.

use std::io::Read as _;

use serde::{Deserialize, Serialize};

use crate::files::Source;
use crate::text::xml;

/// A file of `raw/` that holds no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OtherFile {
    /// An article may show it. The ending that its content has, which may not be that of its name.
    Shown(String),
    /// A part of a website or of a program: a style sheet, a script, a font, settings.
    Part,
}

/// What a file may be, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It may hold records.
    Record,
    /// It may hold records, and is passed over if no layout reads it.
    RecordOrPart,
    /// An article may show it.
    Shown,
    /// A part of a website that holds no text.
    Part,
}

/// Endings of files that articles show: pictures, sounds, films, documents.
const SHOWN: &[&str] = &[
    "png", "jpg", "jpeg", "jpe", "jfif", "gif", "webp", "avif", "bmp", "tif", "tiff", "ico",
    "heic", "heif", "jxl", "svg", "mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "mid",
    "mp4", "m4v", "webm", "mov", "ogv", "avi", "mkv", "pdf",
];

/// Endings of parts of websites.
const PARTS: &[&str] = &[
    "css", "js", "mjs", "cjs", "ts", "map", "scss", "sass", "less", "ttf", "otf", "woff", "woff2",
    "eot", "wasm",
];

/// Endings of files in which programs keep settings.
const SETTINGS: &[&str] = &[
    "yml",
    "yaml",
    "toml",
    "ini",
    "cfg",
    "conf",
    "lock",
    "properties",
    "gemspec",
    "webmanifest",
    "xsl",
    "xslt",
    "rb",
    "py",
    "sh",
    "php",
    "bat",
];

/// Endings, by content, of files that browsers show and that cannot run anything.
const HARMLESS: &[&str] = &[
    "png", "jpg", "gif", "webp", "avif", "bmp", "tif", "ico", "heif", "jxl", "mp3", "m4a", "aac",
    "ogg", "opus", "wav", "flac", "midi", "mp4", "m4v", "webm", "mov", "avi", "mkv", "pdf",
];

/// How many first bytes decide the kind.
const HEAD: usize = 512;

/// The longest SVG that is looked through, in bytes.
const LONGEST_SVG: u64 = 2_000_000;

/// The role of a file, by the ending of its name.
pub(crate) fn role(file: &str) -> Role {
    let name = file.rsplit('/').next().unwrap_or(file);
    let Some((_, ending)) = name.rsplit_once('.') else {
        return Role::Record;
    };
    let is_in = |endings: &[&str]| {
        endings
            .iter()
            .any(|known| known.eq_ignore_ascii_case(ending))
    };
    // Nearly every file, and looked at first.
    if is_in(&["txt", "html", "md", "json", "xml", "eml"]) {
        Role::Record
    } else if is_in(SHOWN) {
        Role::Shown
    } else if is_in(PARTS) {
        Role::Part
    } else if is_in(SETTINGS) {
        Role::RecordOrPart
    } else {
        Role::Record
    }
}

/// The kind of a file whose name says that articles may show it; `None` if its content says otherwise, or it cannot be read.
pub(crate) fn shown_file(source: &Source) -> Option<OtherFile> {
    let mut head = Vec::with_capacity(HEAD);
    let file = std::fs::File::open(&source.path).ok()?;
    file.take(HEAD as u64).read_to_end(&mut head).ok()?;
    if let Some(ending) = ending_of(&head) {
        let is_harmless = HARMLESS.contains(&ending);
        return Some(match is_harmless {
            true => OtherFile::Shown(ending.to_owned()),
            false => OtherFile::Part,
        });
    }
    let is_svg = source.file.to_ascii_lowercase().ends_with(".svg");
    if !is_svg || source.stamp.size > LONGEST_SVG {
        return None;
    }
    let text = std::fs::read_to_string(&source.path).ok()?;
    Some(match is_harmless_svg(&text) {
        true => OtherFile::Shown("svg".to_owned()),
        // A picture that could run a script is not published.
        false => OtherFile::Part,
    })
}

/// The usual ending of a file that begins with these bytes.
fn ending_of(head: &[u8]) -> Option<&'static str> {
    infer::get(head).map(|kind| match kind.extension() {
        "heic" => "heif",
        "mid" => "midi",
        other => other,
    })
}

/// Whether an SVG draws only: no script, no event, no other document and no address is in it.
fn is_harmless_svg(text: &str) -> bool {
    let is_svg = xml::root(text).is_some_and(|(name, _)| name == "svg" || name.ends_with(":svg"));
    let compact: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .flat_map(char::to_lowercase)
        .collect();
    let runs = [
        "script",
        "foreignobject",
        "<!entity",
        "<iframe",
        "<embed",
        "<object",
        "<animate",
        "<set",
        "<handler",
        "javascript:",
        "data:text",
        "data:image/svg",
        "@import",
        "&#",
    ];
    is_svg && !has_event(&text.to_lowercase()) && !runs.iter().any(|word| compact.contains(word))
}

/// Whether a text has what may be the attribute of an event: `onload =`. The text is in lower case.
fn has_event(text: &str) -> bool {
    text.match_indices("on").any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let begins = before.is_none_or(|c| !c.is_alphanumeric());
        let after = text[at..].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        begins && after.trim_start().starts_with('=')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_a_file_may_be() {
        for (file, expected) in [
            ("a/b.txt", Role::Record),
            ("a/b", Role::Record),
            ("a.b/c", Role::Record),
            ("IMG_1.JPG", Role::Shown),
            ("a.svg", Role::Shown),
            ("style.min.css", Role::Part),
            ("_config.yml", Role::RecordOrPart),
            ("a.docx", Role::Record),
        ] {
            assert_eq!(role(file), expected, "{file}");
        }
    }

    #[test]
    fn an_svg_that_could_run_something_is_not_shown() {
        let svg = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
        assert!(is_harmless_svg(&svg(
            "<path d='M0 0h1'/><text font-size='2'>On one day</text>"
        )));
        for inner in [
            "<script>alert(1)</script>",
            "<s:script/>",
            "<path onload='x()'/>",
            "<path\nonload = 'x()'/>",
            "<a href='java\nscript:x()'><path/></a>",
            "<a href='&#106;avascript:x()'/>",
            "<foreignObject><p/></foreignObject>",
            "<set attributeName='onload'/>",
        ] {
            assert!(!is_harmless_svg(&svg(inner)), "{inner}");
        }
        assert!(!is_harmless_svg("<html><body/></html>"));
    }
}
