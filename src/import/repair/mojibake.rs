//! Mojibake: UTF-8 that was decoded as Windows-1252 or Latin-1, once or more. Repaired only where no other reading is possible.
//!
//! After ftfy (R. Speer, <https://ftfy.readthedocs.io>): runs of characters whose bytes, all above 127, are valid UTF-8.

use std::borrow::Cow;
use std::ops::Range;

use super::edits::{Edit, EditKind};
use super::windows_1252::{MOST_PASSES, byte_of};

/// The longest run that is repaired at once: it is decoded in several ways, each in time proportional to its length.
const MOST_SEQUENCES: usize = 4_096;

/// A text that contains one of these is about encodings and may show mojibake on purpose.
const ABOUT: &[&str] = &[
    "mojibake",
    "utf-8",
    "utf8",
    "unicode",
    "charset",
    "character set",
    "encoding",
    "latin-1",
    "latin1",
    "iso-8859",
    "windows-1252",
];

/// One character that was decoded as two, three or four.
#[derive(Debug, Clone, Copy)]
struct Sequence {
    /// The bytes of the garbled characters.
    length: usize,
    character: char,
    /// The first and the second byte of the character's UTF-8.
    lead: u8,
    second: u8,
}

impl Sequence {
    /// The sequence at the beginning of a text.
    fn at_start(text: &str) -> Option<Self> {
        let mut bytes = [0; 4];
        let mut length = 0;
        let mut count = 1;
        let mut chars = text.chars();
        for index in 0..4 {
            if index == count {
                break;
            }
            let c = chars.next()?;
            let byte = byte_of(c)?;
            if index == 0 {
                count = match byte {
                    0xc2..=0xdf => 2,
                    0xe0..=0xef => 3,
                    0xf0..=0xf4 => 4,
                    _ => return None,
                };
            }
            *bytes.get_mut(index)? = byte;
            length += c.len_utf8();
        }
        let decoded = std::str::from_utf8(bytes.get(..count)?).ok()?;
        Some(Self {
            length,
            character: decoded.chars().next()?,
            lead: bytes[0],
            second: bytes[1],
        })
    }
}

/// Adjacent sequences.
#[derive(Debug)]
struct Run {
    at: Range<usize>,
    decoded: String,
    count: usize,
    first: Sequence,
}

impl Run {
    fn at(text: &str, from: usize) -> Option<Self> {
        let first = Sequence::at_start(text.get(from..)?)?;
        let mut run = Self {
            at: from..from,
            decoded: String::new(),
            count: 0,
            first,
        };
        let mut next = Some(first);
        while let Some(sequence) = next.filter(|_| run.count < MOST_SEQUENCES) {
            run.at.end += sequence.length;
            run.decoded.push(sequence.character);
            run.count += 1;
            next = text.get(run.at.end..).and_then(Sequence::at_start);
        }
        Some(run)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Confidence {
    /// Mojibake by itself.
    Certain,
    /// Mojibake if the text has other mojibake.
    WithOthers,
    No,
}

/// The edits that repair the mojibake of a text.
pub fn repair(text: &str) -> Vec<Edit> {
    repair_beside(text, false)
}

/// As [`repair`]. `has_others` says that other texts of the same record have mojibake that is certain.
pub fn repair_beside(text: &str, has_others: bool) -> Vec<Edit> {
    let mut found: Vec<(Edit, Confidence)> = Vec::new();
    let mut from = 0;
    // Every character that a sequence can begin with, `Â` to `ô`, is this byte and another.
    while let Some(at) = memchr::memchr(0xc3, text.as_bytes().get(from..).unwrap_or_default()) {
        let at = from + at;
        from = at + 2;
        let Some((edit, confidence)) = edit_at(text, at) else {
            continue;
        };
        from = from.max(edit.at.end);
        if confidence != Confidence::No {
            found.push((edit, confidence));
        }
    }
    let is_certain = |(_, confidence): &(Edit, Confidence)| *confidence == Confidence::Certain;
    if !has_others && !found.iter().any(is_certain) || is_about_encodings(text) {
        return Vec::new();
    }
    found.into_iter().map(|(edit, _)| edit).collect()
}

fn edit_at(text: &str, at: usize) -> Option<(Edit, Confidence)> {
    let before = text.get(..at)?.chars().next_back();
    let edit = |at: Range<usize>, to: Cow<'static, str>| Edit {
        at,
        to,
        kind: EditKind::Mojibake,
    };
    let Some(run) = Run::at(text, at) else {
        let (length, to, confidence) = truncated(text.get(at..)?, before)?;
        return Some((edit(at..at + length, to.into()), confidence));
    };
    let around = Around {
        before,
        last: text.get(run.at.clone())?.chars().next_back(),
        after: text.get(run.at.end..)?.chars().next(),
    };
    let mut decoded = decode_again(&run.decoded);
    let mut confidence = match decoded.chars().any(|c| is_control(c) || c == '\u{fffd}') {
        true => Confidence::No,
        false => confidence(&run, &decoded, &around),
    };
    if decoded == "\u{feff}" {
        decoded.clear();
    }
    let made = edit(run.at.clone(), decoded.into());
    if !made.is_faithful(text.get(run.at)?) {
        confidence = Confidence::No;
    }
    Some((made, confidence))
}

/// Decodes what was decoded wrongly more than once.
fn decode_again(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 1..MOST_PASSES {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            let sequence = Sequence::at_start(rest);
            out.push(sequence.map_or(c, |sequence| sequence.character));
            rest = &rest[sequence.map_or(c.len_utf8(), |sequence| sequence.length)..];
        }
        if out == text {
            break;
        }
        text = out;
    }
    text
}

/// The characters around a run, and its last one.
struct Around {
    before: Option<char>,
    last: Option<char>,
    after: Option<char>,
}

impl Around {
    fn follows(&self, test: fn(char) -> bool) -> bool {
        self.before.is_some_and(test)
    }

    fn precedes(&self, test: fn(char) -> bool) -> bool {
        self.after.is_some_and(test)
    }

    /// A character or its garbled form in quotation marks is mentioned, not used.
    fn is_quoted(&self) -> bool {
        let opens = |c| matches!(c, '"' | '\'' | '`' | '“' | '‘' | '«' | '„' | '‹' | '(');
        let closes = |c| matches!(c, '"' | '\'' | '`' | '”' | '’' | '»' | '“' | '›' | ')');
        self.follows(opens) && (self.last.is_some_and(closes) || self.precedes(closes))
    }

    /// Whether the run's last character may follow a word in plain text: `IRMÃ”`, `MANHÃ…`, `está»…`.
    fn may_end_word(&self) -> bool {
        #[rustfmt::skip]
        let may_follow = |c| matches!(
            c,
            '’' | '”' | '“' | '‘' | '»' | '›' | '…' | '–' | '—' | '•' | '™' | '°' | 'º' | 'ª' | '\u{a0}'
        );
        self.last.is_some_and(may_follow)
    }
}

/// Whether a run can be anything but mojibake. `decoded` is what it becomes.
fn confidence(run: &Run, decoded: &str, around: &Around) -> Confidence {
    if run.count > 1 {
        return Confidence::Certain;
    }
    if around.is_quoted() {
        return Confidence::No;
    }
    let Sequence {
        character,
        lead,
        second,
        ..
    } = run.first;
    let is_letter = decoded.chars().next().unwrap_or(character).is_alphabetic();
    let follows_capital = around.follows(char::is_uppercase);
    match lead {
        // Garbled characters that were garbled again are never written by hand.
        _ if !decoded.starts_with(character) => Confidence::Certain,
        0xc2 if follows_capital => Confidence::WithOthers,
        0xc2 => Confidence::Certain,
        0xc3..=0xc5 if is_letter => latin_letter(around),
        0xc6..=0xdf if is_letter && !(follows_capital && around.may_end_word()) => {
            Confidence::WithOthers
        }
        // Dashes, quotation marks, symbols. The second character does not close a quotation.
        0xe2 if !matches!(second, 0x92 | 0x94 | 0x9b | 0xbb) => Confidence::Certain,
        // Vietnamese.
        0xe1 if is_letter && matches!(second, 0xba | 0xbb) => Confidence::WithOthers,
        0xef if character == '\u{feff}' => Confidence::Certain,
        0xf0 if second == 0x9f => Confidence::Certain,
        _ => Confidence::No,
    }
}

/// A single sequence that decodes to an accented Latin letter, such as `Ã©`.
fn latin_letter(around: &Around) -> Confidence {
    let follows_capital = around.follows(char::is_uppercase);
    let is_certain = match around.may_end_word() {
        false => around.follows(char::is_alphabetic) || around.precedes(char::is_alphabetic),
        true => {
            around.follows(char::is_lowercase)
                || around.precedes(char::is_lowercase) && !follows_capital
        }
    };
    match is_certain {
        true => Confidence::Certain,
        false if follows_capital && !around.precedes(char::is_alphabetic) => Confidence::No,
        false => Confidence::WithOthers,
    }
}

/// A sequence whose last character was lost: a control character that no font shows, or white space that was collapsed.
/// Returns the bytes of what is left, and the character.
fn truncated(text: &str, before: Option<char>) -> Option<(usize, &'static str, Confidence)> {
    let may_begin =
        before.is_none_or(|c| c.is_whitespace() || c.is_lowercase() || c.is_ascii_punctuation());
    let ends = |rest: &str| {
        rest.chars().next().is_none_or(|c| {
            c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '\u{fffd}')
        })
    };
    if let Some(rest) = text.strip_prefix("â€") {
        let lost = usize::from(rest.starts_with('\u{fffd}')) * '\u{fffd}'.len_utf8();
        let length = text.len() - rest.len() + lost;
        return ends(rest).then_some((length, "”", Confidence::Certain));
    }
    let is_blank = |rest: &str| rest.starts_with([' ', '\n', '\r', '\t']);
    let (rest, (length, character)) = match text.strip_prefix('Ã') {
        Some(rest) => (rest, ('Ã'.len_utf8(), "à")),
        None => (text.strip_prefix('Â')?, ('Â'.len_utf8(), "")),
    };
    (is_blank(rest) && may_begin).then_some((length, character, Confidence::WithOthers))
}

fn is_control(c: char) -> bool {
    c.is_control() && !c.is_whitespace() || c == '\u{85}'
}

fn is_about_encodings(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ABOUT.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::windows_1252::garble;
    use super::*;

    fn repaired(text: &str) -> Cow<'_, str> {
        super::super::edits::apply(text, &repair(text))
    }

    #[test]
    fn garbled_words_are_repaired() {
        for (garbled, right) in [
            ("Le cafÃ© de la gare", "Le café de la gare"),
            ("Itâ€™s late â€” too late", "It’s late — too late"),
            ("â€œYes,â€\u{9d} she said", "“Yes,” she said"),
            ("â€œYes,â€ she said", "“Yes,” she said"),
            ("ÐŸÑ€Ð¸Ð²ÐµÑ‚ Ð²ÑÐµÐ¼", ""),
            ("Die GrÃ¶ÃŸe der MÃ¤rkte", "Die Größe der Märkte"),
            ("MÃ¼ller in KÃ¸benhavn", "Müller in København"),
            ("Ã‰tat, Ã  lâ€™heure", "État, à  l’heure"),
            ("Ã‰tÃ© Ã\u{a0} Paris", "Été à Paris"),
            ("cafÃƒÂ© au lait", "café au lait"),
            ("Donâ\u{80}\u{99}t", "Don’t"),
            ("DonÃ¢â‚¬â„¢t", "Don’t"),
            ("Ã¢\u{c2}\u{80}\u{c2}\u{99}t", "’t"),
            ("It cost Â£5, or â‚¬6", "It cost £5, or €6"),
            ("WaÅ‚Ä™sa w GdaÅ„sku", "Wałęsa w Gdańsku"),
            ("MÃ–BEL und StÃ¼hle", "MÖBEL und Stühle"),
            ("æ—¥æœ¬ã®", ""),
            ("a ðŸ˜€ b", "a 😀 b"),
            ("ï»¿The ferry", "The ferry"),
            ("Îš\u{ce}±Î»Î·Î¼Î\u{ad}ρα", ""),
        ] {
            let made = repaired(garbled);
            if right.is_empty() {
                assert_ne!(made, garbled, "{garbled}");
            } else {
                assert_eq!(made, right);
            }
        }
    }

    #[test]
    fn intended_characters_are_kept() {
        for text in [
            "SÃO PAULO: CORAÇÃO E RAZÃO",
            "“IRMÃ” e “AMANHÔ",
            "A IRMÃ… e a MANHÃ – sim, MANHû",
            "dijo «allá»… y se fue",
            "“le café”… fermé”–",
            "The letter “Ô and the letter ‘Ã’",
            "UTF-8 that is read as Latin-1 shows cafÃ©.",
            "He wrote “Ã©” in place of it",
            "Ångström, Ärzte, Ñandú, Ðorđe, Île",
            "Â and Ã are letters; so is â",
            "ESPAÑA… NIÑ’",
            "Привет «всем»",
            "",
        ] {
            assert_eq!(repaired(text), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// A text that was garbled is restored exactly.
        #[test]
        fn garbled_words_are_restored(text in "[a-z]{1,5}[àáâäçèéêíñóôöúüß][a-z]{1,5}( [a-z]{1,6}[’–€]){0,3}", latin in any::<bool>(), passes in 1usize..=2) {
            let mut made = text.clone();
            for _ in 0..passes {
                made = garble(&made, latin);
            }
            prop_assert_eq!(repaired(&made), text);
        }

        /// Every change is one that garbling explains.
        #[test]
        fn every_change_is_faithful(text in "([ÂÃâÐÑÅÄïðéà€™œ”“’…–»\u{80}-\u{bf} a-cA-C.]|\\PC){0,40}") {
            for edit in repair(&text) {
                prop_assert!(edit.is_faithful(&text[edit.at.clone()]));
            }
        }
    }
}
