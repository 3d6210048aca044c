//! Dates as archives spell them → [`Date`]. Never today's date, never a guess at a missing part.

use chrono::NaiveTime;

use crate::import::reading::DayMonthEvidence;
use crate::model::Date;

/// A date as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDate {
    pub date: Date,
    /// Where the order of day and month is open: the other reading.
    pub other: Option<Date>,
    pub evidence: DayMonthEvidence,
}

/// The longest text that may be a date.
const MOST_BYTES: usize = 64;

/// The date that a text spells, where the text is a date and nothing else.
pub fn read(text: &str) -> Option<ReadDate> {
    let text = text.trim().trim_matches(['"', '\'']);
    if text.is_empty() || text.len() > MOST_BYTES || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    if let Ok(date) = text.parse::<Date>() {
        return Some(certain(date));
    }
    let tokens = tokens(text);
    let (day, rest) = read_day(&tokens)?;
    let (time, offset) = read_time(rest)?;
    let at = |date: Date| match time {
        Some(time) => date.at(time, offset),
        None => Some(date),
    };
    Some(ReadDate {
        date: at(day.date)?,
        other: day.other.and_then(at),
        evidence: day.evidence,
    })
}

/// The date that begins a file's name or is its folders: `2004-05-17-storm`, `20040517_storm`, `2004/05/storm`, `1998/storm`.
pub fn in_path(path: &str) -> Option<Date> {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(date) = at_start(name) {
        return Some(date);
    }
    let numbers: Vec<&str> = folders.split('/').collect();
    let year = numbers
        .iter()
        .position(|part| part.len() == 4 && (1400..2200).contains(&part.parse().unwrap_or(0)))?;
    let number = |at: usize| {
        numbers
            .get(at)
            .filter(|p| p.len() == 2)
            .and_then(|p| p.parse::<u32>().ok())
    };
    let (y, m, d) = (
        numbers[year].parse().ok()?,
        number(year + 1),
        number(year + 2),
    );
    let day = m.zip(d).and_then(|(m, d)| Date::of_day(y, m, d));
    day.or_else(|| Date::of_month(y, m?))
        .or_else(|| Date::of_year(y))
}

/// A file's name without the date that it begins with.
pub fn without_date(name: &str) -> &str {
    let rest = dated(name).map_or(name, |(_, length)| &name[length..]);
    match rest.trim_start_matches(['-', '_', '.', ' ']) {
        "" => name,
        rest => rest,
    }
}

fn at_start(name: &str) -> Option<Date> {
    dated(name).map(|(date, _)| date)
}

/// The date at the beginning of a name, and how many bytes it takes.
fn dated(name: &str) -> Option<(Date, usize)> {
    let ends = |at: usize| !name[at..].starts_with(|c: char| c.is_ascii_digit());
    let digits = |range: std::ops::Range<usize>| -> Option<u32> {
        name.get(range)
            .filter(|t| t.bytes().all(|b| b.is_ascii_digit()))?
            .parse()
            .ok()
    };
    let plausible = |year: u32| (1400..2200).contains(&year);
    let year = digits(0..4).filter(|y| plausible(*y))? as i32;
    let sign = name.get(4..5).filter(|s| ["-", "_", "."].contains(s));
    let (date, length) = match sign {
        Some(sign) if name.get(7..8) == Some(sign) && name.is_char_boundary(10) && ends(10) => {
            (Date::of_day(year, digits(5..7)?, digits(8..10)?), 10)
        }
        Some(_) if name.get(7..8).is_some() && ends(7) => (Date::of_month(year, digits(5..7)?), 7),
        Some(_) => return None,
        None if name.is_char_boundary(8) && name.len() >= 8 && ends(8) => {
            (Date::of_day(year, digits(4..6)?, digits(6..8)?), 8)
        }
        None => return None,
    };
    date.map(|date| (date, length))
}

fn certain(date: Date) -> ReadDate {
    ReadDate {
        date,
        other: None,
        evidence: DayMonthEvidence::default(),
    }
}

/// A text cut into numbers, words and signs; `07/13/2021` is three numbers and two signs.
fn tokens(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_ascii_digit() => 0,
        c if c.is_alphabetic() => 1,
        c if c.is_whitespace() => 2,
        _ => 3,
    };
    let mut found = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        if last.is_some_and(|l| l != class(c) || l == 3) {
            found.push(&text[start..at]);
            start = at;
        }
        last = Some(class(c));
    }
    found.push(&text[start..]);
    found.retain(|token| !token.trim().is_empty());
    found
}

/// The day that tokens begin with, and what follows it.
fn read_day<'t, 's>(tokens: &'t [&'s str]) -> Option<(ReadDate, &'t [&'s str])> {
    let tokens = skip_weekday(tokens);
    let number = |at: usize| tokens.get(at).and_then(|t| t.parse::<u32>().ok());
    let is = |at: usize, signs: &[&str]| tokens.get(at).is_some_and(|t| signs.contains(t));
    let year = |at: usize| {
        tokens
            .get(at)
            .filter(|t| t.len() == 4)
            .and_then(|t| t.parse::<i32>().ok())
    };
    let signs = ["/", "-", "."];

    // 2021/07/13, 2021.07.13
    if let (Some(y), Some(m), Some(d)) = (year(0), number(2), number(4))
        && is(1, &signs)
        && is(3, &signs)
    {
        return Some((certain(Date::of_day(y, m, d)?), &tokens[5..]));
    }
    // 07/13/2021, 13.07.2021
    if let (Some(a), Some(b), Some(y)) = (number(0), number(2), year(4))
        && is(1, &signs)
        && is(3, &signs)
    {
        return Some((numeric(y, a, b, tokens[1] == ".")?, &tokens[5..]));
    }
    // July 13, 2021 and July 2021
    if let Some(month) = tokens.first().and_then(|t| month(t)) {
        let tokens = if is(1, &["."]) { &tokens[1..] } else { tokens };
        let number = |at: usize| tokens.get(at).and_then(|t| t.parse::<u32>().ok());
        let year = |at: usize| {
            tokens
                .get(at)
                .filter(|t| t.len() == 4)
                .and_then(|t| t.parse::<i32>().ok())
        };
        if let Some(y) = year(1) {
            return Some((certain(Date::of_month(y, month)?), &tokens[2..]));
        }
        let after = 2 + usize::from(tokens.get(2).is_some_and(|t| is_ordinal(t)));
        let after = after + usize::from(tokens.get(after) == Some(&","));
        return Some((
            certain(Date::of_day(year(after)?, month, number(1)?)?),
            &tokens[after + 1..],
        ));
    }
    // 13 July 2021, 13-Jul-2021, 13th of July, 2021
    if let Some(d) = number(0) {
        let mut at = 1 + usize::from(tokens.get(1).is_some_and(|t| is_ordinal(t)));
        at += usize::from(is(at, &["-", ".", "/"]) || tokens.get(at) == Some(&"of"));
        let month = tokens.get(at).and_then(|t| month(t))?;
        at += 1;
        while is(at, &["-", ".", ",", "/"]) {
            at += 1;
        }
        return Some((
            certain(Date::of_day(year(at)?, month, d)?),
            &tokens[at + 1..],
        ));
    }
    None
}

/// Two numbers and a year. With dots the day stands first, as it does wherever dots are used;
/// with `/` and `-` the month, unless it cannot; `other` where both can be.
fn numeric(year: i32, a: u32, b: u32, dots: bool) -> Option<ReadDate> {
    let (month_first, day_first) = (Date::of_day(year, a, b), Date::of_day(year, b, a));
    match (month_first, day_first) {
        (_, Some(date)) if dots => Some(certain(date)),
        (Some(date), Some(other)) if date != other => Some(ReadDate {
            date,
            other: Some(other),
            evidence: DayMonthEvidence::default(),
        }),
        (Some(date), Some(_)) => Some(certain(date)),
        (Some(date), None) => Some(ReadDate {
            date,
            other: None,
            evidence: DayMonthEvidence {
                month_first: 1,
                day_first: 0,
            },
        }),
        (None, Some(date)) => Some(ReadDate {
            date,
            other: None,
            evidence: DayMonthEvidence {
                month_first: 0,
                day_first: 1,
            },
        }),
        (None, None) => None,
    }
}

/// A time of day and its offset, or nothing; anything else is no date after all.
fn read_time(tokens: &[&str]) -> Option<(Option<NaiveTime>, Option<i16>)> {
    let skip = tokens
        .iter()
        .take_while(|t| {
            matches!(**t, "-" | "," | "–" | "—" | "|" | "." | "T") || t.eq_ignore_ascii_case("at")
        })
        .count();
    let tokens = &tokens[skip..];
    let Some(first) = tokens.first() else {
        return Some((None, None));
    };
    let mut hour: u32 = first.parse().ok()?;
    let mut at = 1;
    let next_number = |at: &mut usize| {
        let number = (tokens.get(*at) == Some(&":"))
            .then(|| tokens.get(*at + 1)?.parse::<u32>().ok())
            .flatten();
        *at += if number.is_some() { 2 } else { 0 };
        number
    };
    let minute = next_number(&mut at);
    let second = next_number(&mut at).unwrap_or(0);
    if tokens.get(at) == Some(&".")
        && tokens
            .get(at + 1)
            .is_some_and(|t| t.bytes().all(|b| b.is_ascii_digit()))
    {
        at += 2;
    }
    let mut half = String::new();
    while let Some(token) = tokens.get(at).filter(|t| {
        matches!(
            t.to_ascii_lowercase().as_str(),
            "a" | "p" | "m" | "am" | "pm" | "."
        )
    }) {
        half.push_str(&token.to_ascii_lowercase());
        at += 1;
    }
    match half.replace('.', "").as_str() {
        "am" => hour %= 12,
        "pm" => hour = hour % 12 + 12,
        // A lone number after a date is no time.
        "" if minute.is_none() => return None,
        "" => {}
        _ => return None,
    }
    let time = NaiveTime::from_hms_opt(hour, minute.unwrap_or(0), second)?;
    let offset = read_offset(&tokens[at..])?;
    Some((Some(time), offset))
}

/// Nothing, `Z`, `GMT`, `+0300`, `-05:00`, `EST`, also in brackets after a number.
fn read_offset(tokens: &[&str]) -> Option<Option<i16>> {
    let Some(first) = tokens.first() else {
        return Some(None);
    };
    match (*first, tokens.get(1)) {
        (sign @ ("+" | "-"), Some(number)) => {
            let minutes = tokens.get(3).filter(|_| tokens.get(2) == Some(&":"));
            let (hours, minutes): (i16, i16) = match (number.len(), minutes) {
                (1 | 2, None) => (number.parse().ok()?, 0),
                (1 | 2, Some(minutes)) => (number.parse().ok()?, minutes.parse().ok()?),
                (4, None) => (number[..2].parse().ok()?, number[2..].parse().ok()?),
                _ => return None,
            };
            let total = hours * 60 + minutes;
            Some(Some(if sign == "-" { -total } else { total }))
        }
        (zone, None) => zone_offset(zone).map(Some),
        _ => None,
    }
}

/// The zones that newswires write by letters; ambiguous ones are left out.
fn zone_offset(zone: &str) -> Option<i16> {
    Some(match zone.to_ascii_uppercase().as_str() {
        "Z" | "GMT" | "UTC" | "UT" => 0,
        "EST" => -300,
        "EDT" => -240,
        "CET" => 60,
        "CEST" | "EET" => 120,
        "MSK" | "EEST" => 180,
        "PST" => -480,
        "PDT" => -420,
        _ => return None,
    })
}

fn skip_weekday<'t, 's>(tokens: &'t [&'s str]) -> &'t [&'s str] {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let is_day = |t: &&str| t.len() >= 3 && DAYS.iter().any(|d| d.starts_with(&t.to_lowercase()));
    match tokens.first().is_some_and(is_day) {
        true => &tokens[1 + usize::from(tokens.get(1).is_some_and(|t| matches!(*t, "," | ".")))..],
        false => tokens,
    }
}

fn is_ordinal(token: &str) -> bool {
    matches!(
        token.to_ascii_lowercase().as_str(),
        "st" | "nd" | "rd" | "th"
    )
}

/// A month by its name or the beginning of it, three letters or more; 1 to 12.
pub fn month(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_lowercase();
    if name == "sept" {
        return Some(9);
    }
    let is = |m: &&str| name == **m || (name.len() == 3 && m.starts_with(&name));
    MONTHS.iter().position(is).map(|at| at as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_spelling_reads() {
        for (spelt, expected) in [
            ("Tue, 07/13/2021 - 11:47", "2021-07-13T11:47"),
            ("2021-07-13", "2021-07-13"),
            ("13 July 2021", "2021-07-13"),
            ("July 13, 2021", "2021-07-13"),
            ("Jul. 13, 2021, 3:05 p.m.", "2021-07-13T15:05"),
            (
                "Tuesday, July 13th, 2021 at 11:47 PM EST",
                "2021-07-13T23:47-05:00",
            ),
            ("13-Jul-2021", "2021-07-13"),
            ("13.07.2021 08:30", "2021-07-13T08:30"),
            ("04.07.2021", "2021-07-04"),
            (
                "Tue, 13 Jul 2021 11:47:09 +0300",
                "2021-07-13T11:47:09+03:00",
            ),
            ("2021/07/13 11:47", "2021-07-13T11:47"),
            ("2015-03-13 9:00:00 -5", "2015-03-13T09:00-05:00"),
            ("2016-05-17T11:15:00.000Z", "2016-05-17T11:15Z"),
            ("July 2021", "2021-07"),
            ("1923", "1923"),
            ("12:05", ""),
            ("13/13/2021", ""),
            ("Chapter 13", ""),
            ("12 angry men", ""),
            ("July 13, 2021 was a Tuesday", ""),
            ("", ""),
        ] {
            let read = read(spelt).map(|r| r.date.to_string()).unwrap_or_default();
            assert_eq!(read, expected, "{spelt}");
        }
    }

    #[test]
    fn an_open_order_gives_both_readings_and_a_certain_one_is_evidence() {
        let open = read("07/06/2021").unwrap();
        assert_eq!(
            (open.date.to_string(), open.other.unwrap().to_string()),
            ("2021-07-06".into(), "2021-06-07".into())
        );
        assert_eq!(read("07/13/2021").unwrap().evidence.month_first, 1);
        assert_eq!(read("13/07/2021").unwrap().evidence.day_first, 1);
        assert_eq!(read("07/07/2021").unwrap().other, None);
    }

    #[test]
    fn a_path_may_hold_a_date() {
        for (path, expected) in [
            ("weather/2004-05-17-storm.txt", "2004-05-17"),
            ("20040517_storm.txt", "2004-05-17"),
            ("2004/05/storm.txt", "2004-05"),
            ("a/2004/05/17/storm.txt", "2004-05-17"),
            ("1998/storm.txt", "1998"),
            ("2004-05 report.txt", "2004-05"),
            ("storm-2004.txt", ""),
            ("12345678.txt", ""),
            ("000_b315.txt", ""),
            ("200405171234.txt", ""),
        ] {
            assert_eq!(
                in_path(path).map(|d| d.to_string()).unwrap_or_default(),
                expected,
                "{path}"
            );
        }
    }
}
