//! Windows-1252 and Latin-1: the bytes of their characters, and how UTF-8 looks when it is read as one of them.
//! Knows the encodings; never decides whether a text is garbled.

/// How many times in a row a text may have been decoded wrongly.
pub(crate) const MOST_PASSES: usize = 3;

/// The characters of Windows-1252 at 0x80 to 0x9F; its five gaps are control characters, as browsers decode them.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The byte that a character is encoded as, in Windows-1252 or Latin-1: no character has two.
pub(crate) fn byte_of(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ 0..=0xff => Some(code as u8),
        _ => HIGH
            .iter()
            .position(|high| *high == c)
            .map(|at| 0x80 + at as u8),
    }
}

/// Whether `garbled` is `text`, its UTF-8 decoded as Windows-1252 or Latin-1 once or more; white space and invisible
/// control characters may have been lost.
pub(crate) fn is_garbled_form(garbled: &str, text: &str) -> bool {
    let is_lost = |byte: &u8| {
        matches!(byte, 0xa0 | 0x85 | 0x81 | 0x8d | 0x8f | 0x90 | 0x9d) || byte.is_ascii_whitespace()
    };
    let is_decodable = |c: &char| *c != '\u{fffd}';
    let bytes: Option<Vec<u8>> = garbled.chars().filter(is_decodable).map(byte_of).collect();
    let Some(mut bytes) = bytes else {
        return false;
    };
    bytes.retain(|byte| !is_lost(byte));
    // A byte order mark and an invisible space are removed.
    if text.is_empty() {
        return bytes == [0xef, 0xbb, 0xbf] || bytes == [0xc2];
    }
    let is_same = |text: &String| {
        let kept = text.bytes().filter(|byte| !is_lost(byte));
        kept.eq(bytes.iter().copied())
    };
    let mut forms = vec![text.to_owned()];
    for _ in 0..MOST_PASSES {
        if forms.iter().any(is_same) {
            return true;
        }
        forms = forms
            .iter()
            .flat_map(|form| [garble(form, false), garble(form, true)])
            .collect();
    }
    false
}

/// The UTF-8 of a text, decoded as Windows-1252, or as Latin-1.
pub(crate) fn garble(text: &str, is_latin_1: bool) -> String {
    let decode = |byte: u8| match byte {
        0x80..=0x9f if !is_latin_1 => HIGH
            .get(usize::from(byte - 0x80))
            .copied()
            .unwrap_or_default(),
        _ => char::from(byte),
    };
    text.bytes().map(decode).collect()
}
