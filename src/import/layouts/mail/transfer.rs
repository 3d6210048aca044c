//! Transfer encodings and charsets of parts. Lenient: one wrong character must not cost a text.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;

/// Decodes base64; other characters are ignored.
pub(crate) fn base64(encoded: &[u8]) -> Vec<u8> {
    base64_decode(encoded).unwrap_or_else(|| {
        let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
        let kept: Vec<u8> = encoded.iter().copied().filter(is_base64).collect();
        base64_decode(&kept).unwrap_or_default()
    })
}

/// Decodes quoted-printable; an invalid escape is kept. (mail-parser rejects the whole part.)
pub(crate) fn quoted_printable(encoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(encoded.len());
    for line in encoded.split_inclusive(|b| *b == b'\n') {
        let bare = line.trim_ascii_end();
        // Spaces at the end of a line were added in transit.
        let (text, end) = match bare.strip_suffix(b"=") {
            Some(text) if line.ends_with(b"\n") || bare.len() == line.len() => (text, &b""[..]),
            _ if line.ends_with(b"\n") => (bare, &b"\n"[..]),
            _ => (line, &b""[..]),
        };
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            let escaped = (byte == b'=')
                .then(|| hex(text.get(at + 1..at + 3)?))
                .flatten();
            out.push(escaped.unwrap_or(byte));
            at += if escaped.is_some() { 3 } else { 1 };
        }
        out.extend_from_slice(end);
    }
    out
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Decodes bytes in the declared charset. Valid UTF-8 is UTF-8 whatever is declared, except for multi-byte charsets, whose
/// text may be valid UTF-8 by chance.
pub(crate) fn decode(bytes: &[u8], charset: Option<&str>) -> String {
    let declared = charset.map(str::trim).filter(|c| !c.is_empty());
    let encoding = declared.and_then(|c| Encoding::for_label(c.as_bytes()));
    match (encoding, std::str::from_utf8(bytes)) {
        (Some(encoding), Ok(text)) if encoding == UTF_8 || encoding.is_single_byte() => {
            text.to_owned()
        }
        (Some(encoding), _) if encoding != UTF_8 => {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        // Such as UTF-7, which encoding_rs does not have.
        (None, _) if let Some(decoder) = declared.and_then(|c| charset_decoder(c.as_bytes())) => {
            decoder(bytes)
        }
        (_, Ok(text)) => text.to_owned(),
        // Nothing is declared, or it is wrong.
        _ => WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}

/// A text without control characters, its lines ended by `\n`.
pub(crate) fn readable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    match text.chars().all(|c| is_kept(&c)) {
        true => text,
        false => text.chars().filter(is_kept).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_transfer_encodings_are_read() {
        assert_eq!(
            quoted_printable(b"a=\r\nb =C3=A9=XY  \r\nc=3D=\n"),
            "ab é=XY\nc=".as_bytes()
        );
        assert_eq!(quoted_printable(b"=4"), b"=4");
        assert_eq!(base64(b"SXQg\r\ncmFpbnMu"), b"It rains.");
        assert_eq!(base64(b"SXQg!cmF\xffpbnMu"), b"It rains.");
        assert_eq!(base64(b"@@"), b"");
    }

    #[test]
    fn the_declared_charset_is_used_unless_the_bytes_are_utf8() {
        assert_eq!(decode(b"Gr\xf6\xdfe", Some("ISO-8859-1")), "Größe");
        assert_eq!(decode("Größe".as_bytes(), Some("us-ascii")), "Größe");
        assert_eq!(decode(b"Gr\xf6\xdfe", Some("utf-8")), "Größe");
        assert_eq!(decode(b"\x93a\x94", Some("latin1")), "“a”");
        assert_eq!(decode(b"\xc1\xaa\xcd\xa8", Some("gb2312")), "联通");
        assert_eq!(decode(b"\x1b$B8l\x1b(B", Some("iso-2022-jp")), "語");
        assert_eq!(decode(b"Gr+APYA3w-e", Some("utf-7")), "Größe");
        assert_eq!(decode(b"Gr\xf6\xdfe", Some("x-unknown")), "Größe");
    }
}
