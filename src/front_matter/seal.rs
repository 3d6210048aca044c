//! The seal of an imported article: the digest of its file as import wrote it, by which an edit by a person is recognised.

use super::split;
use super::write::{WRITTEN, write, write_raw};
use crate::model::{Article, RawReference};

/// Writes the file with `raw.written` set to the digest of the rest.
pub(crate) fn write_sealed(mut article: Article) -> String {
    if let Some(raw) = &mut article.front.raw {
        raw.written.clear();
    }
    let bare = write(&article);
    if let Some(raw) = &mut article.front.raw {
        raw.written = blake3::hash(bare.as_bytes()).to_hex().to_string();
    }
    write(&article)
}

/// Whether the file is still as import wrote it. `written` is its `raw.written`.
pub(crate) fn is_sealed(text: &str, written: &str) -> bool {
    blake3::hash(without_written(text).as_bytes())
        .to_hex()
        .as_str()
        == written
}

/// The text without the line of its own digest: the input of that digest.
pub(crate) fn without_written(text: &str) -> String {
    let is_written = |line: &str| {
        line.strip_prefix(WRITTEN)
            .is_some_and(|rest| rest.starts_with(':'))
    };
    let end = split(text).map_or(0, |parts| parts.body_at);
    let front: String = text[..end]
        .split_inclusive('\n')
        .filter(|line| !is_written(line))
        .collect();
    front + &text[end..]
}

/// Replaces the `raw` block of front matter that a person may have edited; every other line is kept.
pub(crate) fn replace_raw(front: &str, raw: &RawReference) -> String {
    let mut out = String::with_capacity(front.len() + 64);
    let mut inside = false;
    for line in front.split_inclusive('\n') {
        let is_head = line.trim_end() == "raw:";
        if inside && line.starts_with(' ') {
            continue;
        }
        inside = is_head;
        match is_head {
            true => write_raw(&mut out, raw),
            false => out.push_str(line),
        }
    }
    out
}

/// A text without the `raw` block of its front matter, for people to compare.
pub(crate) fn without_raw(text: &str) -> String {
    let end = split(text).map_or(0, |parts| parts.body_at);
    let mut inside = false;
    let front: String = text[..end]
        .split_inclusive('\n')
        .filter(|line| {
            inside = line.trim_end() == "raw:" || inside && line.starts_with(' ');
            !inside
        })
        .collect();
    front + &text[end..]
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use crate::model::FrontMatter;

    #[test]
    fn the_seal_breaks_when_the_file_is_edited() {
        let front = FrontMatter {
            title: "One".into(),
            raw: Some(RawReference {
                path: "a.txt".into(),
                ..RawReference::default()
            }),
            ..FrontMatter::default()
        };
        let body = "Text.\n".to_owned();
        let text = write_sealed(Article { front, body });
        let written = read("a.md", &text).unwrap().front.raw.unwrap().written;
        assert!(is_sealed(&text, &written));
        assert!(!is_sealed(&text.replace("Text.", "Text!"), &written));
    }
}
