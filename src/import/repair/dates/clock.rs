//! Times of day and their offsets, after a date or before it. Never reads a day.

use chrono::{NaiveTime, TimeZone};
use chrono_tz::{America, Tz};

use super::names;
use crate::model::Date;

/// A time of day and its zone, each if it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    pub time: Option<NaiveTime>,
    pub zone: Option<Zone>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Minutes east of UTC.
    Offset(i16),
    /// `ET`: the offset depends on the day.
    Of(Tz),
    /// A name without a meaning: the military letters (RFC 2822, 4.3).
    Unknown,
}

impl Clock {
    /// `date` at this time.
    pub(crate) fn of(self, date: Date) -> Option<Date> {
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

/// The half of the day that a word names: whether it is the second.
fn half_before(word: &str) -> Option<bool> {
    match word {
        "午前" | "上午" | "오전" | "早上" | "凌晨" => Some(false),
        "午後" | "下午" | "오후" | "晚上" => Some(true),
        _ => None,
    }
}

/// A time of day and its zone, or no tokens; returns `None` if there is anything else. `numeric` if the date before
/// contains no word.
pub(crate) fn read(tokens: &[&str], numeric: bool) -> Option<Clock> {
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

/// The time of day at the beginning of tokens, and the tokens behind it. `introduced` if a word such as `um` precedes it.
pub(crate) fn time<'t, 's>(
    tokens: &'t [&'s str],
    introduced: bool,
) -> Option<(NaiveTime, &'t [&'s str])> {
    let half = tokens.first().and_then(|t| half_before(t));
    let tokens = tokens.get(usize::from(half.is_some())..)?;
    let hour = number(tokens, 0)?;
    let minutes = minutes(tokens, introduced)?;
    let mut at = minutes.end;
    let mut is_time = half.is_some() || minutes.is_time;
    let (second_half, next) = half_after(tokens, at);
    at = next;
    if tokens.get(at).is_some_and(|t| names::follows_time(t)) {
        (is_time, at) = (true, at + 1);
    }
    let hour = match second_half.or(half) {
        Some(_) if hour > 12 && second_half.is_some() => hour,
        Some(second) => hour % 12 + if second { 12 } else { 0 },
        // A lone number after a date is not a time.
        None if !is_time => return None,
        None => hour,
    };
    let time = NaiveTime::from_hms_opt(hour, minutes.minute, minutes.second)?;
    Some((time, tokens.get(at..).unwrap_or_default()))
}

fn number(tokens: &[&str], at: usize) -> Option<u32> {
    tokens.get(at).filter(|t| t.len() <= 2)?.parse().ok()
}

fn is(tokens: &[&str], at: usize, signs: &[&str]) -> bool {
    tokens.get(at).is_some_and(|t| signs.contains(t))
}

/// What follows the hour.
#[derive(Default)]
struct Minutes {
    minute: u32,
    second: u32,
    /// Whether its signs show that this is a time.
    is_time: bool,
    /// The index of the token behind it.
    end: usize,
}

/// Minutes, seconds and fractions of a second behind the hour, which is the first token. Returns `None` for a colon without minutes.
fn minutes(tokens: &[&str], introduced: bool) -> Option<Minutes> {
    let mut found = Minutes {
        end: 1,
        ..Minutes::default()
    };
    if is(tokens, 1, &[":", "h", "H", "時", "时", "点", "點", "시"]) {
        (found.is_time, found.end) = (true, 2);
        let Some(minute) = number(tokens, 2) else {
            return (!is(tokens, 1, &[":"])).then_some(found);
        };
        found.minute = minute;
        found.end = 3 + usize::from(is(tokens, 3, &["分", "분", "min", "m"]));
        let colon = is(tokens, found.end, &[":"]);
        if (colon || is(tokens, found.end - 1, &["分", "分"]))
            && let Some(second) = number(tokens, found.end + usize::from(colon))
        {
            found.second = second;
            found.end += 1 + usize::from(colon);
            found.end += usize::from(is(tokens, found.end, &["秒", "초", "s"]));
            let is_digits = |token: &&str| token.bytes().all(|b| b.is_ascii_digit());
            // Fractions of a second.
            if is(tokens, found.end, &[".", ","])
                && tokens.get(found.end + 1).is_some_and(is_digits)
            {
                found.end += 2;
            }
        }
    } else if is(tokens, 1, &["."])
        && tokens.get(2).is_some_and(|t| t.len() == 2)
        && let Some(minute) = number(tokens, 2)
    {
        // `23.47 Uhr`, `kl. 23.47`: a dot alone does not make a time.
        if introduced || tokens.get(3).is_some_and(|t| names::follows_time(t)) {
            found = Minutes {
                minute,
                second: 0,
                is_time: true,
                end: 3,
            };
        }
    }
    Some(found)
}

/// `PM`, `p.m.`, `μ.μ.`, `مساء` at an index: whether it is the second half of the day, and the index behind it.
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

/// No tokens, `Z`, `GMT`, `+0300`, `-05:00`, `GMT+3`, `EST`, also in brackets, or with a comment in them.
pub(crate) fn zone(tokens: &[&str], numeric: bool) -> Option<Option<Zone>> {
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

/// The abbreviations of zones in newswires and mail, without ambiguous ones. `CST` beside a numeric date is China's.
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
