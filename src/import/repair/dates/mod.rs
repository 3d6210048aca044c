//! Dates as archives spell them → [`Date`]. Never knows today's date, never guesses a missing part.

mod clock;
mod day;
mod names;
mod paths;

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::model::Date;
use clock::Clock;
use day::{Day, certain, day, is_sign, skip_weekday, year4};
pub use names::{is_name, month};
pub use paths::{in_address, in_path, without_date};
use serde::{Deserialize, Serialize};

/// A date as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDate {
    pub date: Date,
    /// The other reading, if the order of day and month is ambiguous.
    pub other: Option<Date>,
    pub evidence: DayMonthEvidence,
}

/// Counts of numeric dates that can only be read one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayMonthEvidence {
    /// Such as `07/13/2021`.
    pub month_first: usize,
    /// Such as `13/07/2021`.
    pub day_first: usize,
}

/// How an archive writes numeric dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    MonthFirst,
    DayFirst,
    /// Nothing in the archive decides it; dates are read with the month first, and marked as inferred.
    #[default]
    Undecided,
}

impl DayMonthEvidence {
    pub fn order(self) -> DateOrder {
        match self.day_first.cmp(&self.month_first) {
            std::cmp::Ordering::Less => DateOrder::MonthFirst,
            std::cmp::Ordering::Greater => DateOrder::DayFirst,
            std::cmp::Ordering::Equal => DateOrder::Undecided,
        }
    }
}

impl std::ops::AddAssign for DayMonthEvidence {
    fn add_assign(&mut self, other: Self) {
        self.month_first += other.month_first;
        self.day_first += other.day_first;
    }
}

/// Longer texts are not dates.
const MOST_BYTES: usize = 112;

/// Texts with more numbers, words and signs are not dates.
const MOST_TOKENS: usize = 32;

/// Earlier years in Arabic or Persian digits belong to another calendar.
const FIRST_YEAR_IN_OTHER_DIGITS: i32 = 1500;

type Tokens<'s> = SmallVec<[&'s str; MOST_TOKENS]>;

/// The date that a text spells. Returns `None` if the text is anything but a date.
pub fn read(text: &str) -> Option<ReadDate> {
    let text = text.trim();
    // Most lines are rejected here.
    if text.is_empty() || text.len() > MOST_BYTES || !has_digit(text) {
        return None;
    }
    let written = text
        .trim_matches(['"', '\'', '\u{200e}', '\u{200f}'])
        .trim();
    let text = with_western_digits(written);
    let date = text.parse::<Date>().ok().map(certain);
    let date = date.or_else(|| {
        let tokens = tokens(&text)?;
        let (weekday, rest) = skip_weekday(&tokens);
        // `mar` is a weekday and a month.
        attempt(rest, weekday).or_else(|| match weekday {
            Some(_) => attempt(&tokens, None),
            None => None,
        })
    })?;
    let is_other = matches!(text, Cow::Owned(_));
    // `0001-01-01` and `30 Nov -0001` are how programs write that there is no date.
    let is_one = date.date.year() > 1;
    (is_one && (!is_other || date.date.year() >= FIRST_YEAR_IN_OTHER_DIGITS)).then_some(date)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        || (!text.is_ascii() && text.chars().any(|c| western(c).is_some()))
}

/// The western form of an Arabic, Persian or full-width digit.
fn western(c: char) -> Option<char> {
    let zero = match c {
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '０'..='９' => '０',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

fn with_western_digits(text: &str) -> Cow<'_, str> {
    match !text.is_ascii() && text.chars().any(|c| western(c).is_some()) {
        true => text.chars().map(|c| western(c).unwrap_or(c)).collect(),
        false => Cow::Borrowed(text),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digits,
    Word,
    Blank,
    Sign,
}

/// The numbers, words and signs of a text; `07/13/2021` is three numbers and two signs. Returns `None` if there are too
/// many.
fn tokens(text: &str) -> Option<Tokens<'_>> {
    let mut found = Tokens::new();
    let mut start = 0;
    let mut last = Class::Blank;
    for (at, c) in text.char_indices() {
        let class = match c {
            c if c.is_ascii_digit() => Class::Digits,
            c if c.is_alphabetic() || matches!(c, '’' | 'ʼ' | '׳' | '\u{200c}') => Class::Word,
            '\'' if last == Class::Word => Class::Word,
            c if !c.is_ascii() && unicode_normalization::char::is_combining_mark(c) => Class::Word,
            c if c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}') => Class::Blank,
            _ => Class::Sign,
        };
        if last != class || last == Class::Sign {
            push(&mut found, text.get(start..at)?, last)?;
            start = at;
        }
        last = class;
    }
    push(&mut found, text.get(start..)?, last)?;
    Some(found)
}

fn push<'s>(found: &mut Tokens<'s>, token: &'s str, class: Class) -> Option<()> {
    if class == Class::Blank || token.is_empty() {
        return Some(());
    }
    (found.len() < MOST_TOKENS).then(|| found.push(token))
}

/// A date with a time after it, before it, or in it.
fn attempt(tokens: &[&str], weekday: Option<u32>) -> Option<ReadDate> {
    let after = day(tokens, weekday).and_then(|(day, rest)| {
        let clock =
            clock::read(rest, day.numeric).or_else(|| of_unknown_zone(rest, day.numeric))?;
        at_time(day, clock)
    });
    after
        .or_else(|| time_first(tokens))
        .or_else(|| year_last(tokens))
}

/// A time with the abbreviation of a zone that is not known: the zone is lost, and the day is not.
fn of_unknown_zone(tokens: &[&str], numeric: bool) -> Option<Clock> {
    let (zone, time) = tokens.split_last()?;
    let is_zone = (3..=5).contains(&zone.len()) && zone.bytes().all(|b| b.is_ascii_uppercase());
    let clock = clock::read(time, numeric).filter(|_| is_zone)?;
    (clock.time.is_some() && clock.zone.is_none()).then_some(clock)
}

fn at_time(day: Day, clock: Clock) -> Option<ReadDate> {
    // Mail writes two digits of a year (RFC 2822, 4.3); elsewhere they may be of any century.
    if day.century_open && clock.zone.is_none() {
        return None;
    }
    Some(ReadDate {
        date: clock.of(day.read.date)?,
        other: day.read.other.and_then(|date| clock.of(date)),
        evidence: day.read.evidence,
    })
}

/// `23:47, 13 July 2021`, `11:47 p.m. GMT, July 13, 2021`.
fn time_first(tokens: &[&str]) -> Option<ReadDate> {
    let (time, rest) = clock::time(tokens, false)?;
    let is_zone = |t: &&&str| t.bytes().all(|b| b.is_ascii_uppercase()) && t.len() <= 5;
    let zoned = rest
        .first()
        .filter(is_zone)
        .and_then(|t| clock::zone(&[*t], false).flatten());
    let rest = rest.get(usize::from(zoned.is_some())..)?;
    let signs = rest
        .iter()
        .take_while(|t| is_sign(t, &[",", "-", "–", "—", "|", "·", "•"]));
    let rest = rest.get(signs.count()..)?;
    let (weekday, rest) = skip_weekday(rest);
    let (day, rest) = day(rest, weekday)?;
    let closed = clock::read(rest, true)?;
    let clock = Clock {
        time: Some(time),
        zone: zoned,
    };
    closed.time.is_none().then(|| at_time(day, clock)).flatten()
}

/// `Jul 13 23:47:09 2021`, `Jul 13 23:47:09 UTC 2021`: as `ctime` and `date` write it.
fn year_last(tokens: &[&str]) -> Option<ReadDate> {
    let (name, number, clock, year) = match tokens {
        [name, number, clock @ .., year] => (name, number, clock, year),
        _ => return None,
    };
    let date = Date::of_day(year4(year)?, month(name)?, number.parse().ok()?)?;
    let clock = clock::read(clock, false).filter(|clock| clock.time.is_some())?;
    Some(certain(clock.of(date)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(text: &str) -> String {
        read(text).map(|r| r.date.to_string()).unwrap_or_default()
    }

    #[test]
    fn every_common_spelling_reads() {
        for (text, expected) in [
            ("Tue, 07/13/2021 - 11:47", "2021-07-13T11:47"),
            ("2021-07-13", "2021-07-13"),
            ("13 July 2021", "2021-07-13"),
            ("13 July 2021 23:47 QYZT", "2021-07-13T23:47"),
            // Of China or of Chicago.
            ("2021-07-13 11:47 CST", "2021-07-13T11:47"),
            ("13 July 2021 23:47 quay", ""),
            ("July 13, 2021", "2021-07-13"),
            ("July 13 2021", "2021-07-13"),
            ("Jul-13-2021", "2021-07-13"),
            ("Jul. 13, 2021, 3:05 p.m.", "2021-07-13T15:05"),
            (
                "Tuesday, July 13th, 2021 at 11:47 PM EST",
                "2021-07-13T23:47-05:00",
            ),
            ("July 13, 2021 11:47 p.m. ET", "2021-07-13T23:47-04:00"),
            ("January 13, 2021 11:47 p.m. ET", "2021-01-13T23:47-05:00"),
            ("13-Jul-2021", "2021-07-13"),
            ("13.07.2021 08:30", "2021-07-13T08:30"),
            ("04.07.2021", "2021-07-04"),
            (
                "Tue, 13 Jul 2021 11:47:09 +0300",
                "2021-07-13T11:47:09+03:00",
            ),
            (
                "Tue, 13 Jul 2021 11:47:09 +0300 (MSK)",
                "2021-07-13T11:47:09+03:00",
            ),
            ("13 Jul 2021 11:47 CST", "2021-07-13T11:47-06:00"),
            ("Tue, 13 Jul 2021 11:47:09 UT", "2021-07-13T11:47:09Z"),
            ("Tue, 13 Jul 2021 11:47:09 M", "2021-07-13T11:47:09"),
            ("2021/07/13 11:47", "2021-07-13T11:47"),
            ("2021-07-13 11:47:00 UTC", "2021-07-13T11:47Z"),
            ("2015-03-13 9:00:00 -5", "2015-03-13T09:00-05:00"),
            ("2016-05-17T11:15:00.000Z", "2016-05-17T11:15Z"),
            ("Tuesday 13 July 2021 23:47", "2021-07-13T23:47"),
            ("23:47, 13 July 2021", "2021-07-13T23:47"),
            (
                "11:47 p.m. GMT, Tuesday, July 13, 2021",
                "2021-07-13T23:47Z",
            ),
            ("Tue Jul 13 23:47:09 2021", "2021-07-13T23:47:09"),
            ("Tue Jul 13 23:47:09 +0000 2021", "2021-07-13T23:47:09Z"),
            ("13 July 2021 at 23:47 GMT+3", "2021-07-13T23:47+03:00"),
            ("July 2021", "2021-07"),
            ("1923", "1923"),
        ] {
            assert_eq!(spelt(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_read_in_many_languages() {
        for text in [
            "13. Juli 2021",
            "Dienstag, den 13. Juli 2021",
            "Di., 13. Jul. 2021",
            "le 13 juillet 2021",
            "mardi 13 juillet 2021",
            "mar. 13 juil. 2021",
            "13 de julio de 2021",
            "martes, 13 de julio del 2021",
            "martedì 13 luglio 2021",
            "13 de julho de 2021",
            "terça-feira, 13 de julho de 2021",
            "dinsdag 13 juli 2021",
            "wtorek, 13 lipca 2021 r.",
            "13 июля 2021 г.",
            "Вторник, 13 июля 2021 года",
            "13 липня 2021 р.",
            "вівторок, 13 липня 2021",
            "úterý 13. července 2021",
            "den 13 juli 2021",
            "tirsdag den 13. juli 2021",
            "13 Temmuz 2021 Salı",
            "Τρίτη, 13 Ιουλίου 2021",
            "13 يوليو 2021",
            "الثلاثاء ١٣ يوليو ٢٠٢١",
            "١٣ تموز ٢٠٢١",
            "13 تموز/يوليو 2021",
            "۱۳ ژوئیه ۲۰۲۱",
            "13 ביולי 2021",
            "יום שלישי 13 יולי 2021",
            "Selasa, 13 Juli 2021",
            "2021年7月13日",
            "2021年7月13日(火)",
            "2021年7月13日 星期二",
            "2021년 7월 13일",
            "2021년 7월 13일 화요일",
            "2021. 7. 13.",
            "2021. július 13., kedd",
            "２０２１年７月１３日",
        ] {
            assert_eq!(spelt(text), "2021-07-13", "{text}");
        }
    }

    #[test]
    fn times_and_partial_dates_read_in_many_languages() {
        for (text, expected) in [
            ("1er mai 2021", "2021-05-01"),
            ("1º de maio de 2021", "2021-05-01"),
            ("1 kwietnia 1987", "1987-04-01"),
            ("5. März 2004", "2004-03-05"),
            ("29 września 1999", "1999-09-29"),
            ("25 كانون الأول 2003", "2003-12-25"),
            ("juillet 2021", "2021-07"),
            ("julho de 2021", "2021-07"),
            ("2021年7月", "2021-07"),
            ("13. Juli 2021, 23.47 Uhr", "2021-07-13T23:47"),
            ("13. Juli 2021 um 23:47 Uhr", "2021-07-13T23:47"),
            ("13 juillet 2021 à 23h47", "2021-07-13T23:47"),
            ("13 июля 2021, 23:47 МСК", "2021-07-13T23:47+03:00"),
            ("13 de julio de 2021 a las 23:47", "2021-07-13T23:47"),
            ("13. července 2021 v 23:47", "2021-07-13T23:47"),
            ("13 juli 2021 kl. 23.47", "2021-07-13T23:47"),
            ("2021年7月13日 午後11時47分", "2021-07-13T23:47"),
            ("2021년 7월 13일 오후 11:47", "2021-07-13T23:47"),
            ("2021年7月13日23時47分", "2021-07-13T23:47"),
        ] {
            assert_eq!(spelt(text), expected, "{text}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_read_if_its_century_is_known() {
        for (text, expected) in [
            ("Tue, 13 Jul 21 23:47:00 EST", "2021-07-13T23:47-05:00"),
            ("13 Jul 87 23:47:00 GMT", "1987-07-13T23:47Z"),
            // A Monday in 1987 alone.
            ("Monday, 13-Jul-87", "1987-07-13"),
            ("13-Jul-87", ""),
            ("13/7/21", ""),
            ("07/13/87", ""),
        ] {
            assert_eq!(spelt(text), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_dates() {
        for text in [
            "",
            "12:05",
            "13/13/2021",
            "Chapter 13",
            "12 angry men",
            "July 13, 2021 was a Tuesday",
            "۱۴۰۰/۰۴/۲۲",
            "1 2 3",
            "13 July",
            "31 February 2021",
            "13 July 2021 a",
            "2021年",
            "May 5",
            "5 set 3 2021 4",
        ] {
            assert_eq!(spelt(text), "", "{text}");
        }
    }

    #[test]
    fn an_ambiguous_order_gives_both_readings_and_a_certain_one_is_evidence() {
        let open = read("07/06/2021").unwrap();
        assert_eq!(
            (open.date.to_string(), open.other.unwrap().to_string()),
            ("2021-07-06".into(), "2021-06-07".into())
        );
        assert_eq!(read("07/13/2021").unwrap().evidence.month_first, 1);
        assert_eq!(read("13/07/2021").unwrap().evidence.day_first, 1);
        assert_eq!(read("07/07/2021").unwrap().other, None);
    }

    proptest::proptest! {
        #[test]
        fn a_date_that_was_read_is_written_so_that_it_reads_as_the_same(text in "([0-9]{1,4}|[:./,() -]|Jul|mar|de|年|月|日|م|PM|GMT|[+-]|\\PC){0,16}") {
            if let Some(found) = read(&text) {
                let again = read(&found.date.to_string()).map(|again| again.date);
                proptest::prop_assert_eq!(again, Some(found.date));
            }
        }
    }
}
