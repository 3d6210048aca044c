//! A file of the website as it is sent: its headers, and its compressed forms.

use std::io::Write as _;

use crate::settings::{Compressed, Encoding, TargetSettings};

/// For a year, and never asked for again: the name changes with the bytes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Kept, and asked for each time whether it is still so.
const SHORT: &str = "public, max-age=60, must-revalidate";

/// An hour: pictures and style sheets that keep their names.
const HOUR: &str = "public, max-age=3600";

/// Files that are larger are not read into memory, and not compressed; in bytes.
pub const LARGE: u64 = 8 << 20;

/// What stands in the header `Content-Type`.
pub fn content_type(path: &str) -> String {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let kind = match ending {
        "md" => "text/markdown".to_owned(),
        "xml" => "application/xml".to_owned(),
        "webmanifest" => "application/manifest+json".to_owned(),
        _ => mime_guess::from_path(path)
            .first_or_octet_stream()
            .to_string(),
    };
    match is_text(&kind) && !kind.contains("charset") {
        true => format!("{kind}; charset=utf-8"),
        false => kind,
    }
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/")
        || kind.ends_with("+xml")
        || kind.ends_with("+json")
        || matches!(
            kind,
            "application/xml" | "application/json" | "application/javascript"
        )
}

/// What stands in the header `Cache-Control`.
pub fn cache_control(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match content_type(path).as_str() {
        _ if has_hash(name) => FOR_EVER,
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

/// Whether a name holds a digest, as `style.3f2a9c01.css` and `app-3f2a9c01d5.js` do: eight or more hex digits, digits
/// and letters both, between two dots or after a dash.
fn has_hash(name: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return false;
    };
    let part = stem.rsplit(['.', '-']).next().unwrap_or_default();
    let is_hex = part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let has = |test: fn(&u8) -> bool| part.as_bytes().iter().any(test);
    ending != "html"
        && part.len() < stem.len()
        && part.len() >= 8
        && is_hex
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
}

/// A form in which a file is sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// What comes after the file's own path.
    pub ending: &'static str,
    pub bytes: Vec<u8>,
    /// Of the header `Content-Encoding`; empty where there is none.
    pub encoding: &'static str,
}

/// The forms in which a file of these bytes is sent, its own first.
pub fn forms(path: &str, bytes: Vec<u8>, settings: &TargetSettings) -> Vec<Form> {
    let plain = |bytes| Form {
        ending: "",
        bytes,
        encoding: "",
    };
    if settings.compress.is_empty() || !is_text(content_type(path).split(';').next().unwrap_or(""))
    {
        return vec![plain(bytes)];
    }
    let packed = settings.compress.iter().map(|encoding| match encoding {
        Encoding::Gzip => (".gz", gzip(&bytes), "gzip"),
        Encoding::Brotli => (".br", brotli(&bytes), "br"),
    });
    let packed: Vec<_> = packed.collect();
    if settings.compressed == Compressed::Instead {
        let packed = packed.into_iter().next();
        return packed.map_or_else(Vec::new, |(_, bytes, encoding)| {
            vec![Form {
                ending: "",
                bytes,
                encoding,
            }]
        });
    }
    let mut forms = vec![plain(bytes)];
    // Beside, the server says how a file is packed.
    forms.extend(packed.into_iter().map(|(ending, bytes, _)| Form {
        ending,
        bytes,
        encoding: "",
    }));
    forms
}

/// The paths at which the forms of a file lie, beside its own, where files are stored as the manifest says.
pub fn beside(path: &str, stored: &str) -> Vec<String> {
    if !stored.ends_with("beside") || !is_text(content_type(path).split(';').next().unwrap_or("")) {
        return Vec::new();
    }
    let endings = stored.split(' ').filter_map(|word| match word {
        "gzip" => Some(".gz"),
        "brotli" => Some(".br"),
        _ => None,
    });
    endings.map(|ending| format!("{path}{ending}")).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    // The header of flate2 holds no time, so that the same bytes give the same.
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
            ("style.3f2a9c01.css", "text/css; charset=utf-8", FOR_EVER),
            ("a/picture.jpg", "image/jpeg", HOUR),
            ("a/picture-00a1b2c3d4.webp", "image/webp", FOR_EVER),
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
        let settings = TargetSettings {
            compress: vec![Encoding::Gzip, Encoding::Brotli],
            ..TargetSettings::default()
        };
        let text = "word ".repeat(1_000).into_bytes();
        let sent = forms("a.html", text.clone(), &settings);
        let endings: Vec<&str> = sent.iter().map(|form| form.ending).collect();
        assert_eq!(endings, ["", ".gz", ".br"]);
        assert!(sent[1].bytes.len() < 100 && sent[2].bytes.len() < 100);
        assert_eq!(
            beside("a.html", &settings.stored()),
            ["a.html.gz", "a.html.br"]
        );
        assert_eq!(forms("a.jpg", text.clone(), &settings).len(), 1);
        assert!(beside("a.jpg", &settings.stored()).is_empty());
        let instead = TargetSettings {
            compress: vec![Encoding::Gzip],
            compressed: Compressed::Instead,
            ..settings
        };
        let sent = forms("a.html", text.clone(), &instead);
        assert_eq!(
            (sent.len(), sent[0].ending, sent[0].encoding),
            (1, "", "gzip")
        );
        let mut read = Vec::new();
        let mut reader = flate2::read::GzDecoder::new(sent[0].bytes.as_slice());
        std::io::Read::read_to_end(&mut reader, &mut read).unwrap();
        assert_eq!(read, text);
    }
}
