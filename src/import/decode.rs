//! Bytes → text: byte order mark, then strict UTF-8, then a guess. Binary files are refused.

use encoding_rs::Encoding;

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotText {
    Empty,
    Binary,
    /// Some bytes are no text in the encoding that all others are in.
    Undecodable(&'static str),
}

/// The text of a raw file, without its byte order mark.
///
/// # Errors
/// Where the file holds nothing but white space, or is binary.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => whole(encoding, &bytes[length..])?,
        None if is_binary(bytes) => return Err(NotText::Binary),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => guess(bytes)?,
        },
    };
    if text.trim().is_empty() {
        return Err(NotText::Empty);
    }
    // Lines of the first Macintosh.
    let is_cr_only = text.contains('\r') && !text.contains('\n');
    Ok(match is_cr_only {
        true => text.replace('\r', "\n"),
        false => text,
    })
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, NotText> {
    match encoding.decode_without_bom_handling(bytes) {
        (_, true) => Err(NotText::Undecodable(encoding.name())),
        (text, false) => Ok(text.into_owned()),
    }
}

fn guess(bytes: &[u8]) -> Result<String, NotText> {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    whole(detector.guess(None, chardetng::Utf8Detection::Deny), bytes)
}

/// Text of any encoding without a mark holds no NUL and hardly a control character.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    let controls = sample
        .iter()
        .filter(|b| **b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
        .count();
    bytes.contains(&0) || controls * 50 > sample.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_gives_its_text() {
        assert_eq!(decode("Größe".as_bytes()).unwrap(), "Größe");
        assert_eq!(decode(b"\xef\xbb\xbfA").unwrap(), "A");
        assert_eq!(decode(b"\xff\xfeA\x00B\x00").unwrap(), "AB");
        assert_eq!(
            decode(b"Die Gr\xf6\xdfe der M\xe4rkte w\xe4chst").unwrap(),
            "Die Größe der Märkte wächst"
        );
        assert_eq!(decode(b"A\r\rB").unwrap(), "A\n\nB");
        assert_eq!(decode(b"A\r\nB").unwrap(), "A\r\nB");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decode(b" \n\t"), Err(NotText::Empty));
        assert_eq!(decode(b""), Err(NotText::Empty));
        assert_eq!(
            decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            Err(NotText::Binary)
        );
    }
}
