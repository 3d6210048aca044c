//! The `Date` of a message (RFC 5322, RFC 850, `ctime`), in the spellings of decades of mail and Usenet.

use chrono::NaiveTime;

use crate::import::repair::dates;
use crate::model::Date;

/// The longest text that may be a date, in bytes.
const MOST_BYTES: usize = 100;

/// Zones by name, in minutes (RFC 5322, section 4.3, and those of mailers of Europe and Asia). Military zones are
/// ignored, for RFC 822 defined them with the wrong sign.
const ZONES: &[(&str, i16)] = &[
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("BST", 60),
    ("CET", 60),
    ("MET", 60),
    ("WEST", 60),
    ("CEST", 120),
    ("MEST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("JST", 540),
    ("NZST", 720),
    ("NZDT", 780),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
];

/// The date, and whether its zone is unknown. `None` if the text is not a date.
pub(crate) fn read(text: &str) -> Option<(Date, bool)> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let bare = without_comments(text);
    of_message(&bare).or_else(|| {
        let read = dates::read(&bare)?;
        read.other.is_none().then_some((read.date, false))
    })
}

/// `Tue, 13 Jul 2021 23:47:09 +0100`, `Tuesday, 13-Jul-85 23:47:09 EST`, `Tue Jul 13 23:47:09 EST 1985`.
fn of_message(text: &str) -> Option<(Date, bool)> {
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .flat_map(|part| match part.split('-').nth(1).and_then(dates::month) {
            // `13-Jul-85`, as Usenet wrote it.
            Some(_) => part.split('-').collect::<Vec<_>>(),
            None => vec![part],
        })
        .filter(|part| !part.is_empty())
        .collect();
    let month_at = parts
        .iter()
        .take(3)
        .position(|part| dates::month(part).is_some())?;
    let month = dates::month(parts[month_at])?;
    let is_weekday = |part: &&str| part.len() >= 3 && part.chars().all(char::is_alphabetic);
    let before = &parts[..month_at];
    let after = &parts[month_at + 1..];
    let (day, year, rest) = match before {
        // `Tue Jul 13 23:47:09 EST 1985`: the year is last.
        [] => of_ctime(after)?,
        [weekday] if is_weekday(weekday) => of_ctime(after)?,
        [day] => (*day, *after.first()?, after.get(1..)?.to_vec()),
        [weekday, day] if is_weekday(&weekday.trim_end_matches('.')) => {
            (*day, *after.first()?, after.get(1..)?.to_vec())
        }
        _ => return None,
    };
    let date = Date::of_day(year_of(year)?, month, number(day, 2)?)?;
    let Some((time, zone)) = rest.split_first() else {
        return Some((date, false));
    };
    let time = time_of(time)?;
    let (offset, is_unknown) = match zone {
        [] => (None, false),
        [zone, ..] => match offset_of(zone) {
            Some(offset) => (offset, false),
            None => (None, true),
        },
    };
    Some((date.at(time, offset)?, is_unknown))
}

/// What follows the month: day, time, perhaps a zone, and the year.
fn of_ctime<'a>(after: &[&'a str]) -> Option<(&'a str, &'a str, Vec<&'a str>)> {
    let (day, rest) = after.split_first()?;
    let year_at = rest
        .iter()
        .position(|part| number(part, 4).is_some_and(|y| y > 1_900))?;
    let mut rest = rest.to_vec();
    let year = rest.remove(year_at);
    Some((*day, year, rest))
}

/// Years of two digits count from 1950, those of three from 1900.
fn year_of(text: &str) -> Option<i32> {
    let number = number(text, 4)? as i32;
    Some(match (text.len(), number) {
        (2, 0..50) => 2_000 + number,
        (2 | 3, _) => 1_900 + number,
        (4, _) => number,
        _ => return None,
    })
}

fn number(text: &str, most_digits: usize) -> Option<u32> {
    let fits = text.len() <= most_digits && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}

/// `23:47:09`, `23:47`, also with dots.
fn time_of(text: &str) -> Option<NaiveTime> {
    let mut numbers = text.split([':', '.']).map(|part| number(part, 2));
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().unwrap_or(Some(0))?;
    // A leap second is the second before.
    NaiveTime::from_hms_opt(hour, minute, second.min(59))
}

/// Minutes east of UTC; `Some(None)` if the zone is declared to be unknown.
fn offset_of(zone: &str) -> Option<Option<i16>> {
    let digits = zone.trim_start_matches(['+', '-']).replace(':', "");
    if digits.len() < zone.len()
        && let Some(number) = number(&digits, 4).filter(|_| digits.len() == 4)
    {
        let minutes = (number / 100 * 60 + number % 100) as i16;
        let is_west = zone.starts_with('-');
        // `-0000` is a time in UTC at an unknown place.
        let fits = number % 100 < 60 && number <= 1_800;
        return fits.then_some(Some(if is_west { -minutes } else { minutes }));
    }
    let known = ZONES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(zone));
    known.map(|(_, minutes)| Some(*minutes))
}

/// Removes comments, which are in brackets and may contain brackets.
fn without_comments(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read() {
        for (spelt, expected) in [
            (
                "Tue, 13 Jul 2021 23:47:09 +0100",
                "2021-07-13T23:47:09+01:00",
            ),
            (
                "13 Jul 2021 23:47 -0730 (a (b) c)",
                "2021-07-13T23:47-07:30",
            ),
            ("Tue, 13 Jul 21 23:47:09 EST", "2021-07-13T23:47:09-05:00"),
            (
                "Tuesday, 13-Jul-85 23:47:09 EDT",
                "1985-07-13T23:47:09-04:00",
            ),
            ("Sat Jul 13 23:47:09 1985", "1985-07-13T23:47:09"),
            ("Sat Jul 13 23:47:09 PDT 1985", "1985-07-13T23:47:09-07:00"),
            ("Sat, 13 Jul 101 3:47:60 GMT", "2001-07-13T03:47:59Z"),
            ("13 Jul 85", "1985-07-13"),
            ("2021-07-13 23:47:09 +0100", "2021-07-13T23:47:09+01:00"),
            ("Tue, 13 Jul 2021 23:47:09 (CEST)", "2021-07-13T23:47:09"),
            ("13 July 2021 23.47.09 CEST", "2021-07-13T23:47:09+02:00"),
        ] {
            let (date, is_unknown) = read(spelt).unwrap_or_else(|| panic!("{spelt}"));
            assert_eq!(
                (date.to_string().as_str(), is_unknown),
                (expected, false),
                "{spelt}"
            );
        }
        let (date, is_unknown) = read("13 Jul 2021 23:47:09 XYZ").expect("a date");
        assert_eq!(
            (date.to_string().as_str(), is_unknown),
            ("2021-07-13T23:47:09", true)
        );
        for none in [
            "",
            "soon",
            "Tue, 32 Jul 2021 1:00",
            "Jul",
            "13 Jul",
            "04/05/2004",
            "13 Jul 2021 25:00:00",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
