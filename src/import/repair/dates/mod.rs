//! Dates as archives spell them → [`Date`]. Never today's date, never a guess at a missing part.

mod clock;
mod names;
mod paths;

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::import::reading::DayMonthEvidence;
use crate::model::Date;
use clock::Clock;
pub use names::month;
pub use paths::{in_path, without_date};

/// A date as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDate {
    pub date: Date,
    /// Where the order of day and month is open: the other reading.
    pub other: Option<Date>,
    pub evidence: DayMonthEvidence,
}

/// The longest text that may be a date.
const MOST_BYTES: usize = 112;

/// The most numbers, words and signs of a date.
const MOST_TOKENS: usize = 32;

/// Years before this that Arabic or Persian digits spell are of another calendar.
const FIRST_YEAR_IN_OTHER_DIGITS: i32 = 1500;

type Tokens<'s> = SmallVec<[&'s str; MOST_TOKENS]>;

/// The date that a text spells, where the text is a date and nothing else.
pub fn read(text: &str) -> Option<ReadDate> {
    let text = text.trim();
    // Nearly every line that is asked about ends here.
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
    (!is_other || date.date.year() >= FIRST_YEAR_IN_OTHER_DIGITS).then_some(date)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        || (!text.is_ascii() && text.chars().any(|c| western(c).is_some()))
}

/// The digit that an Arabic, Persian or full-width one stands for.
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

fn certain(date: Date) -> ReadDate {
    ReadDate {
        date,
        other: None,
        evidence: DayMonthEvidence::default(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digits,
    Word,
    Blank,
    Sign,
}

/// A text cut into numbers, words and signs; `07/13/2021` is three numbers and two signs. None where there are too many.
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

/// A day without its time.
#[derive(Debug, Clone, Copy)]
struct Day {
    read: ReadDate,
    /// Whether it has no word in it.
    numeric: bool,
    /// Whether only two digits of the year are written, and nothing tells the century.
    century_open: bool,
}

/// A date with its time after it, before it, or in it.
fn attempt(tokens: &[&str], weekday: Option<u32>) -> Option<ReadDate> {
    let after = day(tokens, weekday).and_then(|(day, rest)| {
        let clock = clock::read(rest, day.numeric)?;
        at_time(day, clock)
    });
    after
        .or_else(|| time_first(tokens))
        .or_else(|| year_last(tokens))
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

fn is_sign(token: &str, signs: &[&str]) -> bool {
    signs.contains(&token)
}

fn year4(token: &str) -> Option<i32> {
    let digits = token.len() == 4 && token.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| token.parse().ok()).flatten()
}

fn number(tokens: &[&str], at: usize) -> Option<u32> {
    tokens.get(at).filter(|t| t.len() <= 2)?.parse().ok()
}

fn is(tokens: &[&str], at: usize, signs: &[&str]) -> bool {
    tokens.get(at).is_some_and(|t| signs.contains(t))
}

/// The month at a place, and how many tokens name it, `يوليو/تموز` among them.
fn month_at(tokens: &[&str], at: usize) -> Option<(u32, usize)> {
    let name = |at: usize| {
        let first = tokens.get(at)?;
        let two = tokens
            .get(at + 1)
            .and_then(|second| names::month_of_two(first, second));
        two.map(|month| (month, 2))
            .or_else(|| Some((month(first)?, 1)))
    };
    let (month, length) = name(at)?;
    let again = at + length + 1;
    match (tokens.get(at + length), name(again)) {
        (Some(&"/"), Some((same, more))) if same == month => Some((month, length + 1 + more)),
        (Some(&"("), Some((same, more))) if same == month && is(tokens, again + more, &[")"]) => {
            Some((month, length + 2 + more))
        }
        _ => Some((month, length)),
    }
}

/// The year at a place, whether its century is open, and the place after it. Two digits count where a weekday or, later,
/// mail's rule tells the century.
fn year_at(
    tokens: &[&str],
    at: usize,
    month: u32,
    day: u32,
    weekday: Option<u32>,
) -> Option<(i32, bool, usize)> {
    let token = tokens.get(at)?;
    if let Some(year) = year4(token) {
        return Some((year, false, after_year(tokens, at + 1)));
    }
    let short: i32 = token
        .parse()
        .ok()
        .filter(|_| token.len() == 2 && token.bytes().all(|b| b.is_ascii_digit()))?;
    let falls = |year: i32| {
        let date = chrono::NaiveDate::from_ymd_opt(year, month, day)?;
        Some(chrono::Datelike::weekday(&date).number_from_monday())
    };
    let by_rule = short + if short < 50 { 2000 } else { 1900 };
    let (last, this) = (short + 1900, short + 2000);
    let (year, open) = match weekday {
        Some(_) if falls(last) == weekday && falls(this) != weekday => (last, false),
        Some(_) if falls(this) == weekday && falls(last) != weekday => (this, false),
        _ => (by_rule, true),
    };
    Some((year, open, after_year(tokens, at + 1)))
}

/// Past `г.`, `р.`, `roku`, and a weekday in brackets or behind a comma.
fn after_year(tokens: &[&str], mut at: usize) -> usize {
    if tokens.get(at).is_some_and(|t| names::follows_year(t)) && !is(tokens, at + 1, &["las"]) {
        at += 1 + usize::from(is(tokens, at + 1, &["."]));
    }
    after_weekday(tokens, at)
}

fn after_weekday(tokens: &[&str], at: usize) -> usize {
    let is_day = |at: usize| tokens.get(at).is_some_and(|t| names::weekday(t).is_some());
    match tokens.get(at..).unwrap_or_default() {
        ["(" | "（", _, ")" | "）", ..] if is_day(at + 1) => at + 3,
        [".", ",", _, ..] if is_day(at + 2) => at + 3,
        ["," | ".", _, ..] if is_day(at + 1) => at + 2,
        [_, ..] if is_day(at) => at + 1,
        _ => at,
    }
}

/// The day that tokens begin with, and what follows it.
fn day<'t, 's>(tokens: &'t [&'s str], weekday: Option<u32>) -> Option<(Day, &'t [&'s str])> {
    let joined = tokens
        .iter()
        .take_while(|t| names::joins(t) || **t == "-")
        .count();
    let tokens = tokens.get(joined.min(3)..)?;
    let first = tokens.first()?;
    let (day, at) = if let Some(year) = year4(first) {
        year_first(tokens, year)?
    } else if month_at(tokens, 0).is_some() {
        month_first(tokens, weekday)?
    } else {
        day_first(tokens, weekday)?
    };
    Some((day, tokens.get(at..).unwrap_or_default()))
}

/// A certain day, and the place after it.
fn named(date: Option<Date>, century_open: bool, at: usize) -> Option<(Day, usize)> {
    let day = Day {
        read: certain(date?),
        numeric: false,
        century_open,
    };
    Some((day, at))
}

/// `2021/07/13`, `2021. 7. 13.`, `2021年7月13日`, `2021. július 13.`, `2021-Jul-13`.
fn year_first(tokens: &[&str], year: i32) -> Option<(Day, usize)> {
    if is(tokens, 1, &["年", "년"]) {
        let month = number(tokens, 2).filter(|_| is(tokens, 3, &["月", "월"]))?;
        let Some(day) = number(tokens, 4) else {
            return named(Date::of_month(year, month), false, 4);
        };
        let closed = tokens.get(5)?;
        let rest = closed.strip_prefix(['日', '일', '号', '號'])?;
        if !rest.is_empty() {
            names::weekday(rest)?;
        }
        let (day, at) = named(Date::of_day(year, month, day), false, 6)?;
        return Some((day, after_weekday(tokens, at)));
    }
    let signs = ["/", "-", "."];
    if let (Some(month), Some(day)) = (number(tokens, 2), number(tokens, 4))
        && is(tokens, 1, &signs)
        && is(tokens, 3, &signs)
    {
        let read = certain(Date::of_day(year, month, day)?);
        let day = Day {
            read,
            numeric: true,
            century_open: false,
        };
        let dot = usize::from(is(tokens, 5, &["."]) && tokens.get(1) == Some(&"."));
        return Some((day, after_weekday(tokens, 5 + dot)));
    }
    let at = 1 + usize::from(is(tokens, 1, &["-", ".", ",", "/"]));
    let (month, length) = month_at(tokens, at)?;
    let at = at + length;
    let at = at + usize::from(is(tokens, at, &["-", ".", "/"]));
    let day = number(tokens, at)?;
    named(
        Date::of_day(year, month, day),
        false,
        after_weekday(tokens, at + 1),
    )
}

/// `July 13, 2021`, `Jul-13-2021`, `July 2021`, `julio de 2021`.
fn month_first(tokens: &[&str], weekday: Option<u32>) -> Option<(Day, usize)> {
    let (month, mut at) = month_at(tokens, 0)?;
    at += usize::from(is(tokens, at, &[".", "-", ","]));
    let joined = tokens.get(at).is_some_and(|t| names::joins(t));
    at += usize::from(joined);
    if let Some(year) = tokens.get(at).and_then(|t| year4(t)) {
        let after = after_year(tokens, at + 1);
        return named(Date::of_month(year, month), false, after);
    }
    let day = number(tokens, at)?;
    at += 1;
    at += usize::from(tokens.get(at).is_some_and(|t| is_ordinal(t)));
    while is(tokens, at, &[",", "-", "."]) || tokens.get(at).is_some_and(|t| names::joins(t)) {
        at += 1;
    }
    let (year, open, after) = year_at(tokens, at, month, day, weekday)?;
    named(Date::of_day(year, month, day), open, after)
}

/// `07/13/2021`, `13.07.2021`, `13 July 2021`, `13-Jul-2021`, `13th of July, 2021`, `1er mai 2021`, `13 de julho de 2021`.
fn day_first(tokens: &[&str], weekday: Option<u32>) -> Option<(Day, usize)> {
    let a = number(tokens, 0)?;
    let signs = ["/", "-", "."];
    if let (Some(b), Some(year)) = (number(tokens, 2), tokens.get(4).and_then(|t| year4(t)))
        && is(tokens, 1, &signs)
        && is(tokens, 3, &signs)
    {
        let day = Day {
            read: numeric(year, a, b, is(tokens, 1, &["."]))?,
            numeric: true,
            century_open: false,
        };
        return Some((day, after_year(tokens, 5)));
    }
    let mut at = 1 + usize::from(tokens.get(1).is_some_and(|t| is_ordinal(t)));
    while is(tokens, at, &["-", ".", "/", "º", "°", ","])
        || tokens.get(at).is_some_and(|t| names::joins(t))
    {
        at += 1;
    }
    let (month, length) = month_at(tokens, at)?;
    at += length;
    while is(tokens, at, &["-", ".", ",", "/"]) || tokens.get(at).is_some_and(|t| names::joins(t)) {
        at += 1;
    }
    let (year, open, after) = year_at(tokens, at, month, a, weekday)?;
    named(Date::of_day(year, month, a), open, after)
}

/// Two numbers and a year. With dots the day stands first, as it does wherever dots are used;
/// with `/` and `-` the month, unless it cannot; `other` where both can be.
fn numeric(year: i32, a: u32, b: u32, dots: bool) -> Option<ReadDate> {
    let (month_first, day_first) = (Date::of_day(year, a, b), Date::of_day(year, b, a));
    let with_evidence = |date: Date, month_first: usize, day_first: usize| ReadDate {
        evidence: DayMonthEvidence {
            month_first,
            day_first,
        },
        ..certain(date)
    };
    match (month_first, day_first) {
        (_, Some(date)) if dots => Some(certain(date)),
        (Some(date), Some(other)) if date != other => Some(ReadDate {
            other: Some(other),
            ..certain(date)
        }),
        (Some(date), Some(_)) => Some(certain(date)),
        (Some(date), None) => Some(with_evidence(date, 1, 0)),
        (None, Some(date)) => Some(with_evidence(date, 0, 1)),
        (None, None) => None,
    }
}

/// The weekday that tokens begin with, in brackets too, and what follows it.
fn skip_weekday<'t, 's>(tokens: &'t [&'s str]) -> (Option<u32>, &'t [&'s str]) {
    // `Le mardi`, `Am Dienstag`, `segunda-feira`, `يوم الثلاثاء`.
    let joined = usize::from(tokens.len() > 2 && tokens.first().is_some_and(|t| names::joins(t)));
    let Some(day) = tokens.get(joined).and_then(|t| names::weekday(t)) else {
        return (None, tokens);
    };
    let rest = tokens.get(joined + 1..).unwrap_or_default();
    let rest = match rest {
        ["-", feira, rest @ ..] if names::joins(feira) => rest,
        rest => rest,
    };
    let signs = rest
        .iter()
        .take_while(|t| is_sign(t, &[",", ".", "،"]))
        .count();
    (Some(day), rest.get(signs..).unwrap_or_default())
}

fn is_ordinal(token: &str) -> bool {
    let known = ["st", "nd", "rd", "th", "er", "º", "ª", "e", "ος", "η"];
    known
        .iter()
        .any(|ordinal| token.eq_ignore_ascii_case(ordinal))
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
    fn two_digits_of_a_year_count_where_the_century_is_told() {
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
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "12:05",
            "13/13/2021",
            "Chapter 13",
            "12 angry men",
            "July 13, 2021 was a Tuesday",
            "2021-07-13 11:47 CST",
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

    proptest::proptest! {
        #[test]
        fn any_text_is_a_date_or_not(text in "([0-9]{1,4}|[:./,() -]|Jul|mar|de|年|月|日|م|PM|GMT|[+-]|\\PC){0,16}") {
            let _ = read(&text);
        }
    }
}
