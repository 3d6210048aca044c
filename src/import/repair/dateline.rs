//! Datelines: `WASHINGTON, July 13. /TASS/.`, `NEW YORK (AP) —`, `PARIS, May 3 (Reuters) -`, `LONDON —`.
//! Never removes one from a body.

use super::dates;

/// The place and the agency of a wire report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline {
    /// In title case, its normal form.
    pub place: Option<String>,
    pub agency: Option<String>,
    /// In bytes.
    pub length: usize,
}

/// A dateline is within this many bytes.
const MOST_BYTES: usize = 120;

/// The dateline at the beginning of a body.
pub fn read(body: &str) -> Option<Dateline> {
    let mut end = MOST_BYTES.min(body.len());
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let head = &body[..end];
    let (place, after) = read_place(head);
    let (dated, after) = read_day(after);
    let (agency, after) = read_agency(after);
    let rest = after.trim_start();
    let dashed = ["—", "–", "--", "- "]
        .iter()
        .find_map(|dash| rest.strip_prefix(dash));
    let closed = match (&agency, dashed) {
        (_, Some(rest)) => rest,
        (Some(_), None) => rest.strip_prefix(['.', ':']).unwrap_or(rest),
        // A place and a day before a full stop are a dateline too; a place alone is just the first word.
        (None, None) if dated => rest.strip_prefix(['.', ':'])?,
        (None, None) => return None,
    };
    let place = place.map(title_case);
    if place.is_none() && agency.is_none() {
        return None;
    }
    Some(Dateline {
        place,
        agency,
        length: head.len() - closed.len(),
    })
}

/// Uppercase words up to a comma, bracket or dash: `SAN JOSE`, `PORT-AU-PRINCE`, `ST. LOUIS, Mo.`
fn read_place(head: &str) -> (Option<&str>, &str) {
    let mut length = 0;
    for word in head.split_inclusive(' ') {
        let bare = word.trim_end().trim_end_matches(',');
        // Scripts without case give no sign of a place.
        let capitals =
            bare.chars().any(char::is_uppercase) && !bare.chars().any(char::is_lowercase);
        let wordlike = bare
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'));
        if !capitals || !wordlike {
            break;
        }
        length += word.len();
        if word.trim_end().ends_with(',') {
            break;
        }
    }
    let place = head[..length].trim_end().trim_end_matches(',').trim_end();
    let length_in_letters = place.chars().filter(|c| c.is_alphabetic()).count();
    match length_in_letters >= 3 {
        true => (Some(place), &head[length..]),
        false => (None, head),
    }
}

/// `July 13.`, `13 July,`, `Mo., July 13` before an agency.
fn read_day(head: &str) -> (bool, &str) {
    let rest = head.trim_start();
    let mut words = rest.split_whitespace();
    let (Some(a), Some(b)) = (words.next(), words.next()) else {
        return (false, head);
    };
    let bare = |word: &str| word.trim_matches(['.', ',', ':']).to_owned();
    let is_day = |word: &str| {
        bare(word)
            .parse::<u32>()
            .is_ok_and(|d| (1..=31).contains(&d))
    };
    let is_month = |word: &str| dates::month(&bare(word)).is_some();
    if !(is_month(a) && is_day(b) || is_day(a) && is_month(b)) {
        return (false, head);
    }
    let at = rest.find(b).unwrap_or(0) + b.len();
    let end = at - (b.len() - b.trim_end_matches(['.', ',', ':']).len());
    let after = &rest[end..];
    // The full stop after the day belongs to the dateline if an agency follows.
    let next = after.trim_start_matches(['.', ',']).trim_start();
    if next.starts_with(['/', '(']) {
        (true, next)
    } else {
        (true, after)
    }
}

/// `/TASS/`, `(AP)`, `(Reuters)`.
fn read_agency(head: &str) -> (Option<String>, &str) {
    let rest = head.trim_start();
    let close = match rest.chars().next() {
        Some('/') => '/',
        Some('(') => ')',
        _ => return (None, head),
    };
    let inner = &rest[1..];
    let Some(end) = inner.find(close).filter(|end| (2..=30).contains(end)) else {
        return (None, head);
    };
    let name = &inner[..end];
    let wordlike = name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '&'));
    match wordlike && name.starts_with(char::is_uppercase) {
        true => (Some(name.trim().to_owned()), &inner[end + 1..]),
        false => (None, head),
    }
}

/// `WASHINGTON` → `Washington`, `PORT-AU-PRINCE` → `Port-Au-Prince`.
pub fn title_case(place: &str) -> String {
    let mut at_start = true;
    let mut out = String::with_capacity(place.len());
    for c in place.chars() {
        if at_start {
            out.extend(c.to_uppercase())
        } else {
            out.extend(c.to_lowercase())
        }
        at_start = !c.is_alphanumeric() && !matches!(c, '\'' | '’');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_of_agencies_are_read() {
        for (text, place, agency, rest) in [
            (
                "PORT ALDER, July 13. /MERIDIAN/. The ferry",
                "Port Alder",
                "MERIDIAN",
                " The ferry",
            ),
            ("NEW YORK (AP) — The ferry", "New York", "AP", " The ferry"),
            (
                "PARIS, May 3 (Reuters) - The ferry",
                "Paris",
                "Reuters",
                "The ferry",
            ),
            ("LONDON — The ferry", "London", "", " The ferry"),
            ("(Reuters) - The ferry", "", "Reuters", "The ferry"),
            (
                "PORT-AU-PRINCE, 13 July. The ferry",
                "Port-Au-Prince",
                "",
                " The ferry",
            ),
        ] {
            let made = read(text).expect(text);
            assert_eq!(made.place.unwrap_or_default(), place);
            assert_eq!(made.agency.unwrap_or_default(), agency);
            assert_eq!(&text[made.length..], rest);
        }
    }

    #[test]
    fn prose_is_not_a_dateline() {
        for text in [
            "The ferry sank.",
            "NATO said on Monday",
            "A dog (Canis) - barked",
            "USA, July was hot",
            "",
            "É",
            "حققت الشبكة - نموا",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
