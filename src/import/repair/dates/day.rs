//! The day that a text spells: day, month or year first. Never reads a time.

use super::names::{self, month};
use super::{DayMonthEvidence, ReadDate};
use crate::model::Date;

/// A day without its time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    pub read: ReadDate,
    /// Whether it contains no word.
    pub numeric: bool,
    /// Whether the year has two digits and nothing determines the century.
    pub century_open: bool,
}

pub(crate) fn certain(date: Date) -> ReadDate {
    ReadDate {
        date,
        other: None,
        evidence: DayMonthEvidence::default(),
    }
}

pub(crate) fn is_sign(token: &str, signs: &[&str]) -> bool {
    signs.contains(&token)
}

pub(crate) fn year4(token: &str) -> Option<i32> {
    let digits = token.len() == 4 && token.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| token.parse().ok()).flatten()
}

fn number(tokens: &[&str], at: usize) -> Option<u32> {
    tokens.get(at).filter(|t| t.len() <= 2)?.parse().ok()
}

fn is(tokens: &[&str], at: usize, signs: &[&str]) -> bool {
    tokens.get(at).is_some_and(|t| signs.contains(t))
}

/// The month at an index, and the number of its tokens, also of `يوليو/تموز`.
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

/// The year at an index, whether its century is open, and the index behind it. For two digits a weekday determines the
/// century, else the rule for mail.
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

/// The index behind `г.`, `р.`, `roku` and a weekday in brackets or behind a comma.
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

/// The day at the beginning of tokens, and the tokens behind it.
pub(crate) fn day<'t, 's>(
    tokens: &'t [&'s str],
    weekday: Option<u32>,
) -> Option<(Day, &'t [&'s str])> {
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

/// An unambiguous day, and the index behind it.
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

/// Two numbers and a year. With dots the day is first, as wherever dots are used; with `/` and `-` the month, unless it
/// cannot be; `other` if both orders are possible.
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

/// The weekday at the beginning of tokens, and the tokens behind it.
pub(crate) fn skip_weekday<'t, 's>(tokens: &'t [&'s str]) -> (Option<u32>, &'t [&'s str]) {
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
