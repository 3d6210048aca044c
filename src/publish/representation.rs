//! The representations in which a file of the website is sent: its headers, and its compressed bytes.

use std::io::Write as _;

use crate::files::{content_type, is_text};
use crate::settings::{Encoding, Stored};

/// Cached for a year without revalidation: the name changes with the bytes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Revalidated after a minute.
const SHORT: &str = "public, max-age=60, must-revalidate";

/// Cached for an hour: pictures and style sheets that keep their names.
const HOUR: &str = "public, max-age=3600";

/// Larger files, in bytes, are not read into memory and not compressed.
pub(crate) const LARGE: u64 = 8 << 20;

/// The `Cache-Control` header of a file with this path.
pub(crate) fn cache_control(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match content_type(path).as_str() {
        _ if has_hash(name) => IMMUTABLE,
        kind if kind.starts_with("text/html")
            || kind.contains("xml;")
            || kind.contains("json;")
            || kind.starts_with("text/plain") =>
        {
            SHORT
        }
        _ => HOUR,
    }
}

/// Whether a name contains a digest, as `style.3f2a9c01.css` and `app-3f2a9c01d5.js` do: eight or more hex digits, both
/// 0 to 9 and a to f, between two dots or after a hyphen.
fn has_hash(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return false;
    };
    let part = stem.rsplit(['.', '-']).next().unwrap_or_default();
    let is_hex = part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let has = |test: fn(&u8) -> bool| part.as_bytes().iter().any(test);
    extension != "html"
        && part.len() < stem.len()
        && part.len() >= 8
        && is_hex
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
}

/// Bytes that are sent for a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Representation {
    /// Is added to the file's own path.
    pub suffix: &'static str,
    pub bytes: Vec<u8>,
    /// The `Content-Encoding` header; empty where there is none.
    pub encoding: &'static str,
}

impl Encoding {
    fn suffix(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Brotli => ".br",
        }
    }

    /// The name in the `Content-Encoding` header.
    fn token(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }

    fn compress(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Gzip => gzip(bytes),
            Self::Brotli => brotli(bytes),
        }
    }
}

/// The representations in which a file of these bytes is sent, its own path first.
pub(crate) fn representations(path: &str, bytes: Vec<u8>, stored: &Stored) -> Vec<Representation> {
    let is_text = is_text(&content_type(path));
    if let Stored::Instead(encoding) = stored
        && is_text
    {
        return vec![Representation {
            suffix: "",
            bytes: encoding.compress(&bytes),
            encoding: encoding.token(),
        }];
    }
    // A server that looks for compressed copies adds their encoding itself.
    let copies = stored.copies().iter().filter(|_| is_text);
    let mut copies: Vec<Representation> = copies
        .map(|encoding| Representation {
            suffix: encoding.suffix(),
            bytes: encoding.compress(&bytes),
            encoding: "",
        })
        .collect();
    let own = Representation {
        suffix: "",
        bytes,
        encoding: "",
    };
    copies.insert(0, own);
    copies
}

/// The paths of the compressed copies beside a file.
pub(crate) fn compressed_copies(path: &str, stored: &Stored) -> Vec<String> {
    if stored.copies().is_empty() || !is_text(&content_type(path)) {
        return Vec::new();
    }
    let copies = stored.copies().iter();
    copies
        .map(|encoding| format!("{path}{}", encoding.suffix()))
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    // The header of flate2 contains no time: the same input gives the same bytes.
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(7));
    // Writing into memory does not fail.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut packer = brotli::CompressorWriter::new(&mut packed, 64 << 10, 9, 22);
    let _ = packer.write_all(bytes);
    drop(packer);
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_follow_the_name() {
        for (path, kind, cache) in [
            ("a/b.html", "text/html; charset=utf-8", SHORT),
            ("feed.xml", "application/xml; charset=utf-8", SHORT),
            ("x.json", "application/json; charset=utf-8", SHORT),
            ("style.css", "text/css; charset=utf-8", HOUR),
            ("style.3f2a9c01.css", "text/css; charset=utf-8", IMMUTABLE),
            ("a/picture.jpg", "image/jpeg", HOUR),
            ("a/picture-00a1b2c3d4.webp", "image/webp", IMMUTABLE),
            ("1923-20190412.jpg", "image/jpeg", HOUR),
            ("deadbeef.css", "text/css; charset=utf-8", HOUR),
            ("odd", "application/octet-stream", HOUR),
        ] {
            assert_eq!(
                (content_type(path).as_str(), cache_control(path)),
                (kind, cache),
                "{path}"
            );
        }
    }

    #[test]
    fn text_is_compressed_and_pictures_are_not() {
        let beside = Stored::Beside(vec![Encoding::Gzip, Encoding::Brotli]);
        let text = "word ".repeat(1_000).into_bytes();
        let sent = representations("a.html", text.clone(), &beside);
        let suffixes: Vec<&str> = sent.iter().map(|one| one.suffix).collect();
        assert_eq!(suffixes, ["", ".gz", ".br"]);
        assert!(sent[1].bytes.len() < 100 && sent[2].bytes.len() < 100);
        assert_eq!(
            compressed_copies("a.html", &beside),
            ["a.html.gz", "a.html.br"]
        );
        assert_eq!(representations("a.jpg", text.clone(), &beside).len(), 1);
        assert!(compressed_copies("a.jpg", &beside).is_empty());
        let instead = Stored::Instead(Encoding::Gzip);
        let sent = representations("a.html", text.clone(), &instead);
        assert_eq!(
            (sent.len(), sent[0].suffix, sent[0].encoding),
            (1, "", "gzip")
        );
        let mut read = Vec::new();
        let mut reader = flate2::read::GzDecoder::new(sent[0].bytes.as_slice());
        std::io::Read::read_to_end(&mut reader, &mut read).unwrap();
        assert_eq!(read, text);
    }
}
