//! Bytes → text: by byte order mark, then as strict UTF-8, then in the encoding that a server named, then in the one that
//! markup declares, then by a guess. Binary files are refused.

use encoding_rs::Encoding;

/// How far from the beginning an encoding may be declared, in bytes. Browsers read 1,024; pages put scripts before it.
const DECLARED_WITHIN: usize = 8 * 1024;

/// Why bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotText {
    Empty,
    Binary,
    /// Some bytes are not valid in the encoding of the others, which is named.
    Undecodable(&'static str),
}

/// Bytes of a UTF-8 file that are not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadBytes {
    pub number: usize,
    /// The byte of the text at which the first of them is shown.
    pub first: usize,
}

/// The text of a raw file, without its byte order mark, and the bytes that are not UTF-8 in a file that is otherwise, each of which
/// is read as Windows-1252. `named` is the encoding that a server named.
///
/// # Errors
/// Where the file contains only white space, or is not text.
pub(crate) fn decode(
    bytes: &[u8],
    named: Option<&'static Encoding>,
) -> Result<(String, Option<BadBytes>), NotText> {
    let mut bad = None;
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => whole(encoding, &bytes[length..])?,
        None if is_binary(bytes) => return Err(NotText::Binary),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) if let Some((text, found)) = mostly_utf8(bytes, named) => {
                bad = Some(found);
                text
            }
            Err(_) => match named
                .or_else(|| declared(bytes))
                .map(|encoding| whole(encoding, bytes))
            {
                Some(Ok(text)) => text,
                _ => guess(bytes).or_else(|why| match is_mail(bytes) {
                    true => whole(encoding_rs::WINDOWS_1252, bytes),
                    false => Err(why),
                })?,
            },
        },
    };
    // A byte order mark that was decoded as Windows-1252 is not a word of the record either.
    let text = match text.strip_prefix("ï»¿") {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.trim().is_empty() {
        return Err(NotText::Empty);
    }
    // Line ends of the classic Mac OS.
    let has = |b| memchr::memchr(b, text.as_bytes()).is_some();
    let is_cr_only = has(b'\r') && !has(b'\n');
    let text = match is_cr_only {
        true => text.replace('\r', "\n"),
        false => text,
    };
    Ok((text, bad))
}

/// Characters of several bytes for each bad byte, at least: in another encoding hardly any two bytes are a character of UTF-8.
const GOOD_FOR_EACH_BAD: usize = 4;

/// A text that is UTF-8 but for a few bytes, as where texts were cut or pasted together. `None` if it names another encoding.
fn mostly_utf8(bytes: &[u8], named: Option<&'static Encoding>) -> Option<(String, BadBytes)> {
    let named = named.or_else(|| declared(bytes));
    if named.is_some_and(|named| named != encoding_rs::UTF_8) || is_mail(bytes) {
        return None;
    }
    let mut text = String::with_capacity(bytes.len() + 8);
    let mut bad = BadBytes {
        number: 0,
        first: 0,
    };
    let mut is_cut = false;
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len() + chunk.invalid().len();
        if chunk.invalid().is_empty() {
            continue;
        }
        if bad.number == 0 {
            bad.first = text.len();
        }
        bad.number += 1;
        // The beginning of a character at the end of the text: it was cut.
        let is_begun = |error: std::str::Utf8Error| error.error_len().is_none();
        is_cut = at == bytes.len() && std::str::from_utf8(chunk.invalid()).is_err_and(is_begun);
        match is_cut {
            true => text.push('\u{fffd}'),
            false => text.push_str(&encoding_rs::WINDOWS_1252.decode(chunk.invalid()).0),
        }
    }
    let good = text
        .chars()
        .filter(|c| !c.is_ascii())
        .count()
        .saturating_sub(bad.number);
    let is_only_cut = is_cut && bad.number == 1;
    (good >= GOOD_FOR_EACH_BAD * bad.number || is_only_cut).then_some((text, bad))
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, NotText> {
    match encoding.decode_without_bom_handling(bytes) {
        (_, true) => Err(NotText::Undecodable(encoding.name())),
        (text, false) => Ok(text.into_owned()),
    }
}

/// The encoding that HTML or XML names at its beginning: `<meta charset=…>`, `<?xml encoding=…?>`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.trim_ascii_start();
    if !start.starts_with(b"<") {
        return None;
    }
    let head = String::from_utf8_lossy(&start[..start.len().min(DECLARED_WITHIN)]);
    let head = head.to_ascii_lowercase();
    let xml = head.strip_prefix("<?xml").and_then(|rest| {
        let (declaration, _) = rest.split_once("?>")?;
        label(declaration.split_once("encoding")?.1)
    });
    let mut metas = head.split("<meta").skip(1);
    xml.or_else(|| {
        metas.find_map(|meta| {
            let (tag, _) = meta.split_once('>')?;
            label(tag.split_once("charset")?.1)
        })
    })
}

/// The encoding in ` = "name"`.
fn label(text: &str) -> Option<&'static Encoding> {
    let value = text.trim_start().strip_prefix('=')?;
    let value = value.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.+".contains(c));
    Encoding::for_label(&value.as_bytes()[..end.unwrap_or(value.len())])
}

/// Whether this is mail, each part of which names its own encoding. No encoding fits a whole mailbox of several, so this
/// text only serves to find where the messages begin.
fn is_mail(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED_WITHIN)]);
    let mut lines = head.lines();
    head.starts_with("From ")
        || lines.any(|line| {
            ["Message-ID:", "Received:"]
                .iter()
                .any(|h| line.starts_with(h))
        })
}

fn guess(bytes: &[u8]) -> Result<String, NotText> {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    whole(detector.guess(None, chardetng::Utf8Detection::Deny), bytes)
}

/// Text in an encoding without a byte order mark has no run of NUL, and few control characters.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    let is_control = |b: &u8| {
        let is_text = (*b == b'\t') | (*b == b'\n') | (*b == b'\r') | (*b == 0x0c) | (*b == 0x1b);
        (*b < 0x20) & !is_text
    };
    // Summed as bytes, which the compiler vectorises.
    let in_chunk = |chunk: &[u8]| chunk.iter().map(|b| u8::from(is_control(b))).sum::<u8>();
    let controls: usize = sample.chunks(255).map(|c| usize::from(in_chunk(c))).sum();
    let has_zero = memchr::memchr(0, bytes).is_some();
    if !has_zero && controls * 50 <= sample.len() {
        return false;
    }
    // A text of an old terminal or a damaged export has some control characters; a file of a program has many, or padding.
    let is_text = controls * 10 <= sample.len()
        && memchr::memmem::find(bytes, &[0; 4]).is_none()
        && std::str::from_utf8(bytes).is_ok();
    !is_text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8], named: Option<&'static Encoding>) -> Result<String, NotText> {
        super::decode(bytes, named).map(|(text, _)| text)
    }

    #[test]
    fn each_encoding_gives_its_text() {
        assert_eq!(decode("Größe".as_bytes(), None).unwrap(), "Größe");
        assert_eq!(decode(b"\xef\xbb\xbfA", None).unwrap(), "A");
        assert_eq!(decode("ï»¿A".as_bytes(), None).unwrap(), "A");
        assert_eq!(decode(b"\xff\xfeA\x00B\x00", None).unwrap(), "AB");
        assert_eq!(
            decode(b"Die Gr\xf6\xdfe der M\xe4rkte w\xe4chst", None).unwrap(),
            "Die Größe der Märkte wächst"
        );
        assert_eq!(decode(b"A\r\rB", None).unwrap(), "A\n\nB");
        assert_eq!(decode(b"A\r\nB", None).unwrap(), "A\r\nB");
    }

    #[test]
    fn a_declared_encoding_precedes_a_guess() {
        let pages: [(&[u8], &str); 4] = [
            (
                b"<meta charset=\"windows-1251\"><p>\xcf\xf0",
                "<p>\u{41f}\u{440}",
            ),
            (
                b"<META http-equiv=x content='text/html; charset=iso-8859-7'><p>\xe1",
                "<p>\u{3b1}",
            ),
            (
                b"<?xml version='1.0' encoding='koi8-r'?><p>\xf0",
                "<p>\u{41f}",
            ),
            // Valid UTF-8 is UTF-8, whatever it declares.
            (b"<meta charset=latin1><p>\xc3\xa4", "<p>\u{e4}"),
        ];
        for (bytes, end) in pages {
            assert!(decode(bytes, None).unwrap().ends_with(end), "{end}");
        }
    }

    #[test]
    fn a_bad_byte_does_not_change_the_encoding_of_the_others() {
        let written =
            "The report — in the autumn — by people who knew the “harbour”, said Zoë. The caf";
        let text = |end: &[u8]| super::decode(&[written.as_bytes(), end].concat(), None).unwrap();
        let (shown, bad) = text(b"\xe9 was closed.");
        assert_eq!(shown, format!("{written}é was closed."));
        assert_eq!(
            bad,
            Some(BadBytes {
                number: 1,
                first: written.len()
            })
        );
        assert_eq!(text(b"\xc3").0, format!("{written}\u{fffd}"));
        assert_eq!(
            decode(b"A plain text that was cut caf\xc3", None).unwrap(),
            "A plain text that was cut caf\u{fffd}"
        );
        // One character of several bytes by chance does not make a text UTF-8.
        let latin = b"Gr\xf6\xdfe \xe4ndert M\xe4rkte, \xc3\xa4 nicht";
        assert!(super::decode(latin, None).unwrap().1.is_none());
    }

    #[test]
    fn mail_of_many_encodings_is_text() {
        let mixed = b"From a Tue\nSubject: x\n\n\x81\x8d\xe9\xff\x90\n";
        assert!(
            decode(mixed, None)
                .unwrap()
                .starts_with("From a Tue\nSubject: x\n\n")
        );
    }

    #[test]
    fn empty_and_binary_files_are_refused() {
        assert_eq!(decode(b" \n\t", None), Err(NotText::Empty));
        assert_eq!(decode(b"", None), Err(NotText::Empty));
        assert_eq!(
            decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None),
            Err(NotText::Binary)
        );
        let wide: Vec<u8> = "No mark, two bytes each"
            .bytes()
            .flat_map(|b| [b, 0])
            .collect();
        assert_eq!(decode(&wide, None), Err(NotText::Binary));
    }

    #[test]
    fn control_characters_make_no_text_a_binary_file() {
        for text in [
            "A tab \x0b and a bell \x07 of an old terminal",
            "A letter\0 is damaged here",
            "The end of a file of DOS.\n\x1a\n",
        ] {
            assert_eq!(decode(text.as_bytes(), None), Ok(text.to_owned()));
        }
    }
}
