//! Mojibake: UTF-8 that was read as Windows-1252 or Latin-1, once or more. Put right only where nothing else can be meant.
//!
//! After ftfy (R. Speer, <https://ftfy.readthedocs.io>): letters that stand for bytes above 127 and are, as bytes, valid UTF-8.

use std::borrow::Cow;
use std::ops::Range;

use super::edits::{Edit, Kind};

/// How many times a text may have been read wrongly.
const MOST_PASSES: usize = 3;

/// The longest run that is put right at once: what it was is tried in several ways, each as long as the run.
const MOST_UNITS: usize = 4_096;

/// A text with one of these is about encodings, and may show mojibake on purpose.
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

/// What Windows-1252 has at 0x80 to 0x9F; the five that it lacks are controls, as browsers read them.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The byte that a letter stands for, in Windows-1252 or Latin-1: no letter stands for two.
fn byte_of(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ 0..=0xff => Some(code as u8),
        _ => HIGH
            .iter()
            .position(|high| *high == c)
            .map(|at| 0x80 + at as u8),
    }
}

/// One letter that was read as two, three or four.
#[derive(Debug, Clone, Copy)]
struct Unit {
    length: usize,
    letter: char,
    lead: u8,
    /// The byte after the lead.
    second: u8,
}

/// The unit that a text begins with.
fn unit(text: &str) -> Option<Unit> {
    let mut bytes = [0; 4];
    let mut length = 0;
    let mut wanted = 1;
    let mut chars = text.chars();
    for rank in 0..4 {
        if rank == wanted {
            break;
        }
        let c = chars.next()?;
        let byte = byte_of(c)?;
        if rank == 0 {
            wanted = match byte {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return None,
            };
        }
        *bytes.get_mut(rank)? = byte;
        length += c.len_utf8();
    }
    let letter = std::str::from_utf8(bytes.get(..wanted)?)
        .ok()?
        .chars()
        .next()?;
    Some(Unit {
        length,
        letter,
        lead: bytes[0],
        second: bytes[1],
    })
}

/// Units that follow each other without a gap.
#[derive(Debug)]
struct Run {
    at: Range<usize>,
    letters: String,
    units: usize,
    first: Unit,
}

fn run(text: &str, from: usize) -> Option<Run> {
    let first = unit(text.get(from..)?)?;
    let mut found = Run {
        at: from..from,
        letters: String::new(),
        units: 0,
        first,
    };
    let mut next = Some(first);
    while let Some(unit) = next.filter(|_| found.units < MOST_UNITS) {
        found.at.end += unit.length;
        found.letters.push(unit.letter);
        found.units += 1;
        next = text.get(found.at.end..).and_then(self::unit);
    }
    Some(found)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// By itself.
    Certain,
    /// Where the text has other mojibake.
    WithOthers,
    No,
}

/// What puts the mojibake of a text right.
pub fn repair(text: &str) -> Vec<Edit> {
    let mut found: Vec<(Edit, Sure)> = Vec::new();
    let mut from = 0;
    // Every letter that a unit can begin with, `Â` to `ô`, is this byte and another.
    while let Some(at) = memchr::memchr(0xc3, text.as_bytes().get(from..).unwrap_or_default()) {
        let at = from + at;
        from = at + 2;
        let Some((edit, sure)) = at_letter(text, at) else {
            continue;
        };
        from = from.max(edit.at.end);
        if sure != Sure::No {
            found.push((edit, sure));
        }
    }
    if !found.iter().any(|(_, sure)| *sure == Sure::Certain) || is_about_encodings(text) {
        return Vec::new();
    }
    found.into_iter().map(|(edit, _)| edit).collect()
}

fn at_letter(text: &str, at: usize) -> Option<(Edit, Sure)> {
    let before = text.get(..at)?.chars().next_back();
    let edit = |at: Range<usize>, to: Cow<'static, str>| Edit {
        at,
        to,
        kind: Kind::Mojibake,
    };
    let Some(run) = run(text, at) else {
        let (length, to, sure) = lossy(text.get(at..)?, before)?;
        return Some((edit(at..at + length, to.into()), sure));
    };
    let after = text.get(run.at.end..)?.chars().next();
    let last = text.get(run.at.clone())?.chars().next_back();
    let mut letters = again(&run.letters);
    let mut sure = match letters.chars().any(|c| is_control(c) || c == '\u{fffd}') {
        true => Sure::No,
        false => judge(&run, &letters, before, last, after),
    };
    if letters == "\u{feff}" {
        letters.clear();
    }
    let made = edit(run.at.clone(), letters.into());
    if !made.is_faithful(text.get(run.at)?) {
        sure = Sure::No;
    }
    Some((made, sure))
}

/// What was read wrongly more than once.
fn again(letters: &str) -> String {
    let mut letters = letters.to_owned();
    for _ in 1..MOST_PASSES {
        let mut out = String::with_capacity(letters.len());
        let mut rest = letters.as_str();
        while let Some(c) = rest.chars().next() {
            let unit = unit(rest);
            out.push(unit.map_or(c, |unit| unit.letter));
            rest = &rest[unit.map_or(c.len_utf8(), |unit| unit.length)..];
        }
        if out == letters {
            break;
        }
        letters = out;
    }
    letters
}

/// Whether a run can be anything but mojibake.
fn judge(
    run: &Run,
    letters: &str,
    before: Option<char>,
    last: Option<char>,
    after: Option<char>,
) -> Sure {
    let is = |c: Option<char>, test: fn(char) -> bool| c.is_some_and(test);
    let (small_before, capital_before) = (
        is(before, char::is_lowercase),
        is(before, char::is_uppercase),
    );
    let in_word = is(before, char::is_alphabetic) || is(after, char::is_alphabetic);
    // A letter or its garbled form in quotes is spoken of.
    let opens = is(before, |c| {
        matches!(c, '"' | '\'' | '`' | '“' | '‘' | '«' | '„' | '‹' | '(')
    });
    let closes = |c| {
        is(c, |c| {
            matches!(c, '"' | '\'' | '`' | '”' | '’' | '»' | '“' | '›' | ')')
        })
    };
    if opens && run.units == 1 && (closes(last) || closes(after)) {
        return Sure::No;
    }
    if run.units > 1 {
        return Sure::Certain;
    }
    // What may follow a word in plain text: `IRMÃ”`, `MANHÃ…`, `está»…`.
    let may_follow_a_word = is(last, |c| {
        matches!(
            c,
            '’' | '”'
                | '“'
                | '‘'
                | '»'
                | '›'
                | '…'
                | '–'
                | '—'
                | '•'
                | '™'
                | '°'
                | 'º'
                | 'ª'
                | '\u{a0}'
        )
    });
    let Unit {
        letter,
        lead,
        second,
        ..
    } = run.first;
    let plain = letters.chars().next().unwrap_or(letter);
    match lead {
        // Letters whose garbled form was garbled again are never written by hand.
        _ if !letters.starts_with(letter) => Sure::Certain,
        0xc2 if capital_before => Sure::WithOthers,
        0xc2 => Sure::Certain,
        0xc3..=0xc5 if plain.is_alphabetic() => {
            let sure = match may_follow_a_word {
                false => in_word,
                true => small_before || (is(after, char::is_lowercase) && !capital_before),
            };
            match sure {
                true => Sure::Certain,
                false if capital_before && !is(after, char::is_alphabetic) => Sure::No,
                false => Sure::WithOthers,
            }
        }
        0xc6..=0xdf if plain.is_alphabetic() && !(capital_before && may_follow_a_word) => {
            Sure::WithOthers
        }
        // Dashes, quotation marks, signs. The second letter closes no quotation.
        0xe2 if !matches!(second, 0x92 | 0x94 | 0x9b | 0xbb) => Sure::Certain,
        // Vietnamese.
        0xe1 if plain.is_alphabetic() && matches!(second, 0xba | 0xbb) => Sure::WithOthers,
        0xef if letter == '\u{feff}' => Sure::Certain,
        0xf0 if second == 0x9f => Sure::Certain,
        _ => Sure::No,
    }
}

/// Units whose last letter was lost on the way: a control that no font shows, or a blank that was tidied up. How many
/// bytes they take, and what they were.
fn lossy(text: &str, before: Option<char>) -> Option<(usize, &'static str, Sure)> {
    let open =
        before.is_none_or(|c| c.is_whitespace() || c.is_lowercase() || c.is_ascii_punctuation());
    let ends = |rest: &str| {
        rest.chars().next().is_none_or(|c| {
            c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '\u{fffd}')
        })
    };
    if let Some(rest) = text.strip_prefix("â€") {
        let lost = usize::from(rest.starts_with('\u{fffd}')) * '\u{fffd}'.len_utf8();
        return ends(rest).then_some((text.len() - rest.len() + lost, "”", Sure::Certain));
    }
    let blank = |rest: &str| rest.starts_with([' ', '\n', '\r', '\t']);
    if let Some(rest) = text.strip_prefix('Ã') {
        return (blank(rest) && open).then_some(('Ã'.len_utf8(), "à", Sure::WithOthers));
    }
    let rest = text.strip_prefix('Â')?;
    (blank(rest) && open).then_some(('Â'.len_utf8(), "", Sure::WithOthers))
}

fn is_control(c: char) -> bool {
    c.is_control() && !c.is_whitespace() || c == '\u{85}'
}

fn is_about_encodings(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ABOUT.iter().any(|word| text.contains(word))
}

/// Whether `before` is what becomes of `after` when its UTF-8 is read as Windows-1252 or Latin-1, once or more; blanks and
/// the controls that no font shows may be lost.
pub fn is_garbled(before: &str, after: &str) -> bool {
    let is_lost = |byte: &u8| {
        matches!(byte, 0xa0 | 0x85 | 0x81 | 0x8d | 0x8f | 0x90 | 0x9d) || byte.is_ascii_whitespace()
    };
    let seen: Option<Vec<u8>> = before
        .chars()
        .filter(|c| *c != '\u{fffd}')
        .map(byte_of)
        .collect();
    let Some(seen) = seen.map(|bytes| {
        bytes
            .into_iter()
            .filter(|b| !is_lost(b))
            .collect::<Vec<_>>()
    }) else {
        return false;
    };
    // A byte order mark, and a blank that cannot be seen, go.
    if after.is_empty() {
        return seen == [0xef, 0xbb, 0xbf] || seen == [0xc2];
    }
    let mut texts = vec![after.to_owned()];
    for _ in 0..MOST_PASSES {
        if texts.iter().any(|text| {
            text.bytes()
                .filter(|b| !is_lost(b))
                .eq(seen.iter().copied())
        }) {
            return true;
        }
        texts = texts
            .iter()
            .flat_map(|text| [garbled(text, false), garbled(text, true)])
            .collect();
    }
    false
}

/// The text's UTF-8 read as Windows-1252, or as Latin-1.
fn garbled(text: &str, latin: bool) -> String {
    let letter = |byte: u8| match byte {
        0x80..=0x9f if !latin => HIGH
            .get(usize::from(byte - 0x80))
            .copied()
            .unwrap_or_default(),
        _ => char::from(byte),
    };
    text.bytes().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn repaired(text: &str) -> Cow<'_, str> {
        super::super::edits::apply(text, &repair(text))
    }

    #[test]
    fn garbled_words_are_put_right() {
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
    fn letters_that_are_meant_stay() {
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

        /// What was garbled and comes back is what it was.
        #[test]
        fn garbled_words_come_back(text in "[a-z]{1,5}[àáâäçèéêíñóôöúüß][a-z]{1,5}( [a-z]{1,6}[’–€]){0,3}", latin in any::<bool>(), passes in 1usize..=2) {
            let mut made = text.clone();
            for _ in 0..passes {
                made = garbled(&made, latin);
            }
            prop_assert_eq!(repaired(&made), text);
        }

        /// Any text is copied, or every change is one that garbling explains.
        #[test]
        fn every_change_is_faithful(text in "([ÂÃâÐÑÅÄïðéà€™œ”“’…–»\u{80}-\u{bf} a-cA-C.]|\\PC){0,40}") {
            for edit in repair(&text) {
                prop_assert!(edit.is_faithful(&text[edit.at.clone()]));
            }
        }
    }
}
