//! What a part's bytes say: transfer encodings and charsets. Lenient: one wrong letter must not cost a text.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;

/// The bytes of base64; what is none is passed over.
pub fn base64(encoded: &[u8]) -> Vec<u8> {
    base64_decode(encoded).unwrap_or_else(|| {
        let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
        let kept: Vec<u8> = encoded.iter().copied().filter(is_base64).collect();
        base64_decode(&kept).unwrap_or_default()
    })
}

/// The bytes of quoted-printable; an escape that is none stays. (The library gives a whole part up for one.)
pub fn quoted_printable(encoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(encoded.len());
    for line in encoded.split_inclusive(|b| *b == b'\n') {
        let bare = line.trim_ascii_end();
        // Blanks at the end of a line were added on the way.
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

/// The text of bytes in the encoding that is declared. What is UTF-8 is so whatever is declared, but for encodings of
/// many bytes a letter, whose words may look like it.
pub fn decode(bytes: &[u8], charset: Option<&str>) -> String {
    let declared = charset.map(str::trim).filter(|c| !c.is_empty());
    let encoding = declared.and_then(|c| Encoding::for_label(c.as_bytes()));
    match (encoding, std::str::from_utf8(bytes)) {
        (Some(encoding), Ok(text)) if encoding == UTF_8 || encoding.is_single_byte() => {
            text.to_owned()
        }
        (Some(encoding), _) if encoding != UTF_8 => {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        // Such as UTF-7, which browsers do not know.
        (None, _) if let Some(decoder) = declared.and_then(|c| charset_decoder(c.as_bytes())) => {
            decoder(bytes)
        }
        (_, Ok(text)) => text.to_owned(),
        // Nothing is said, or it is wrong.
        _ => WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}

/// Text without the control characters that no reader sees, its lines ended by `\n` alone.
pub fn readable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_seen = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    match text.chars().all(|c| is_seen(&c)) {
        true => text,
        false => text.chars().filter(is_seen).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transfer_encodings_are_read_where_they_are_broken_too() {
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
    fn a_charset_is_believed_unless_the_bytes_say_better() {
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
