//! Times of day and their offsets, as they stand after a date or before it.

use chrono::{NaiveTime, TimeZone};
use chrono_tz::{America, Tz};

use super::names;
use crate::model::Date;

/// What tokens say of a time of day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    pub time: Option<NaiveTime>,
    pub zone: Option<Zone>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Minutes east of UTC.
    Offset(i16),
    /// `ET`: the offset depends on the day.
    Of(Tz),
    /// A name that says nothing: RFC 2822, 4.3, of the letters of the military.
    Unknown,
}

impl Clock {
    /// A day at this time.
    pub fn of(self, date: Date) -> Option<Date> {
        let Some(time) = self.time else {
            return Some(date);
        };
        let offset = match self.zone {
            None | Some(Zone::Unknown) => None,
            Some(Zone::Offset(minutes)) => Some(minutes),
            Some(Zone::Of(zone)) => {
                let day = chrono::NaiveDate::from_ymd_opt(date.year(), date.month()?, date.day()?)?;
                let local = zone.from_local_datetime(&day.and_time(time)).earliest()?;
                let seconds = chrono::Offset::fix(local.offset()).local_minus_utc();
                Some(i16::try_from(seconds / 60).ok()?)
            }
        };
        date.at(time, offset)
    }
}

/// The half of the day that a word names, and whether it is the second.
fn half_before(word: &str) -> Option<bool> {
    match word {
        "午前" | "上午" | "오전" | "早上" | "凌晨" => Some(false),
        "午後" | "下午" | "오후" | "晚上" => Some(true),
        _ => None,
    }
}

/// A time of day and its zone, or nothing; None where there is anything else. `numeric` where the date before has no word.
pub fn read(tokens: &[&str], numeric: bool) -> Option<Clock> {
    let skip = tokens.iter().take_while(|t| is_before_time(t)).count();
    let (skipped, tokens) = tokens.split_at(skip);
    let introduced = skipped.iter().any(|t| t.chars().all(char::is_alphabetic));
    if tokens.is_empty() {
        return (!introduced || skipped == ["T"]).then(Clock::default);
    }
    let (time, rest) = time(tokens, introduced)?;
    let zone = zone(rest, numeric)?;
    Some(Clock {
        time: Some(time),
        zone,
    })
}

fn is_before_time(token: &str) -> bool {
    matches!(
        token,
        "-" | "," | "–" | "—" | "|" | "." | "·" | "•" | ";" | "@"
    ) || names::precedes_time(token)
}

/// A time of day at the beginning of tokens, and what follows it. `introduced` where a word such as `um` stands before it.
pub fn time<'t, 's>(tokens: &'t [&'s str], introduced: bool) -> Option<(NaiveTime, &'t [&'s str])> {
    let half = tokens.first().and_then(|t| half_before(t));
    let tokens = if half.is_some() {
        tokens.get(1..)?
    } else {
        tokens
    };
    let number = |at: usize| {
        tokens
            .get(at)
            .filter(|t| t.len() <= 2)
            .and_then(|t| t.parse::<u32>().ok())
    };
    let is = |at: usize, signs: &[&str]| tokens.get(at).is_some_and(|t| signs.contains(t));
    let hour = number(0)?;
    let mut at = 1;
    let mut is_time = half.is_some();
    let (mut minute, mut second) = (0, 0);
    let mut to_the_second = false;
    if is(1, &[":", "h", "H", "時", "时", "点", "點", "시"]) {
        is_time = true;
        at = 2;
        if let Some(found) = number(2) {
            minute = found;
            at = 3 + usize::from(is(3, &["分", "분", "min", "m"]));
            let colon = is(at, &[":"]);
            if let Some(found) = number(at + usize::from(colon))
                && (colon || is(at - 1, &["分", "분"]))
            {
                (second, to_the_second) = (found, true);
                at += 1 + usize::from(colon);
                at += usize::from(is(at, &["秒", "초", "s"]));
            }
        } else if is(1, &[":"]) {
            return None;
        }
    } else if is(1, &["."])
        && number(2).is_some_and(|_| tokens.get(2).is_some_and(|t| t.len() == 2))
    {
        // `23.47 Uhr`, `kl. 23.47`: a dot alone parts no time.
        let closed = tokens.get(3).is_some_and(|t| names::follows_time(t));
        if introduced || closed {
            (is_time, minute, at) = (true, number(2)?, 3);
        }
    }
    let is_digits = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|t| t.bytes().all(|b| b.is_ascii_digit()))
    };
    // Parts of a second.
    if is(at, &[".", ","]) && is_digits(at + 1) && to_the_second {
        at += 2;
    }
    let (second_half, next) = half_after(tokens, at);
    at = next;
    if tokens.get(at).is_some_and(|t| names::follows_time(t)) {
        (is_time, at) = (true, at + 1);
    }
    let hour = match second_half.or(half) {
        Some(_) if hour > 12 && second_half.is_some() => hour,
        Some(second) => hour % 12 + if second { 12 } else { 0 },
        // A lone number after a date is no time.
        None if !is_time => return None,
        None => hour,
    };
    let time = NaiveTime::from_hms_opt(hour, minute, second)?;
    Some((time, tokens.get(at..).unwrap_or_default()))
}

/// `PM`, `p.m.`, `μ.μ.`, `مساء` at a place: whether it is the second half of the day, and the place after it.
fn half_after(tokens: &[&str], from: usize) -> (Option<bool>, usize) {
    let mut at = from;
    let mut letters = String::new();
    while let Some(token) = tokens.get(at).filter(|t| t.len() <= 12) {
        match token.to_lowercase().as_str() {
            "." if !letters.is_empty() => {}
            word @ ("a" | "p" | "m" | "am" | "pm" | "π" | "μ" | "πμ" | "μμ") => {
                letters.push_str(word)
            }
            word @ ("ص" | "م" | "صباحا" | "صباحًا" | "مساء" | "مساءً") if letters.is_empty() =>
            {
                return (Some(word.starts_with('م')), at + 1);
            }
            _ => break,
        }
        at += 1;
    }
    match letters.as_str() {
        "am" | "πμ" => (Some(false), at),
        "pm" | "μμ" => (Some(true), at),
        _ => (None, from),
    }
}

/// Nothing, `Z`, `GMT`, `+0300`, `-05:00`, `GMT+3`, `EST`, also in brackets, or with a comment in them.
pub fn zone(tokens: &[&str], numeric: bool) -> Option<Option<Zone>> {
    let tokens = match tokens {
        [inner @ .., "."] => inner,
        all => all,
    };
    match tokens {
        [] => Some(None),
        ["(", inner @ .., ")"] | ["[", inner @ .., "]"] if !inner.contains(&"(") => {
            zone(inner, numeric)
        }
        [sign @ ("+" | "-" | "−"), number, rest @ ..] => {
            let (minutes, rest) = match rest {
                [":", minutes, rest @ ..] => (Some(minutes.parse::<i16>().ok()?), rest),
                rest => (None, rest),
            };
            let (hours, minutes): (i16, i16) = match (number.len(), minutes) {
                (1 | 2, minutes) => (number.parse().ok()?, minutes.unwrap_or(0)),
                (4, None) => (
                    number.get(..2)?.parse().ok()?,
                    number.get(2..)?.parse().ok()?,
                ),
                _ => return None,
            };
            let is_comment = matches!(rest, [] | ["(", .., ")"]);
            let total = hours * 60 + minutes;
            let offset = if *sign == "+" { total } else { -total };
            (is_comment && minutes < 60).then_some(Some(Zone::Offset(offset)))
        }
        [name, rest @ ..] => {
            let named = named(name, numeric)?;
            match (named, rest) {
                (named, [] | ["(", .., ")"]) => Some(Some(named)),
                (_, [word]) if word.eq_ignore_ascii_case("time") => Some(Some(named)),
                // `GMT+3`
                (Zone::Offset(0), [_, ..]) => zone(rest, numeric),
                _ => None,
            }
        }
    }
}

/// The zones that newswires and mail write by letters; ambiguous ones are left out. `CST` is China's beside numbers alone.
fn named(name: &str, numeric: bool) -> Option<Zone> {
    if name.len() == 1 && name != "J" && name.bytes().all(|b| b.is_ascii_uppercase()) {
        return Some(if name == "Z" {
            Zone::Offset(0)
        } else {
            Zone::Unknown
        });
    }
    let upper = match name.len() {
        ..=12 => name.to_uppercase(),
        _ => return None,
    };
    Some(Zone::Offset(match upper.as_str() {
        "Z" | "GMT" | "UTC" | "UT" | "WET" => 0,
        "EST" => -300,
        "EDT" => -240,
        "CST" if !numeric => -360,
        "CDT" if !numeric => -300,
        "MST" if !numeric => -420,
        "MDT" if !numeric => -360,
        "PST" => -480,
        "PDT" => -420,
        "AKST" => -540,
        "AKDT" => -480,
        "CET" | "MEZ" | "WEST" => 60,
        "CEST" | "MESZ" | "EET" => 120,
        "MSK" | "МСК" | "EEST" | "TRT" => 180,
        "WIB" => 420,
        "HKT" | "SGT" => 480,
        "JST" | "KST" => 540,
        "AEST" => 600,
        "AEDT" => 660,
        "NZST" => 720,
        "NZDT" => 780,
        "ET" => return Some(Zone::Of(America::New_York)),
        "CT" => return Some(Zone::Of(America::Chicago)),
        "MT" => return Some(Zone::Of(America::Denver)),
        "PT" => return Some(Zone::Of(America::Los_Angeles)),
        _ => return None,
    }))
}
