//! A date, as far as it is known: `YYYY[-MM[-DD[Thh:mm[:ss]]]]` with an optional offset.
//! Knows the calendar; never knows the current date.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeZone, Timelike};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar date whose last parts may be unknown (EDTF level 0, ISO 8601-2, with minutes allowed).
///
/// `month` and `day` are 1-based, 0 if unknown; there is a time only if the day is known.
/// The derived order is that of the fields, not of instants: use [`Date::instant`] to put articles in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
    time: Option<Time>,
}

/// A time of day in seconds, and its offset from UTC in minutes, if it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Time {
    seconds: u32,
    offset: Option<i16>,
}

impl Date {
    /// A year alone, 1 to 9999.
    pub fn of_year(year: i32) -> Option<Self> {
        let year = u16::try_from(year)
            .ok()
            .filter(|y| (1..=9999).contains(y))?;
        Some(Self {
            year,
            month: 0,
            day: 0,
            time: None,
        })
    }

    /// A year and a month.
    pub fn of_month(year: i32, month: u32) -> Option<Self> {
        let month = u8::try_from(month).ok().filter(|m| (1..=12).contains(m))?;
        Some(Self {
            month,
            ..Self::of_year(year)?
        })
    }

    /// A day that exists in the calendar.
    pub fn of_day(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day)?;
        Some(Self {
            day: day as u8,
            ..Self::of_month(year, month)?
        })
    }

    /// The same day at a time of day, with `offset` in minutes east of UTC, if known. `None` if the day is unknown or the offset
    /// is out of range.
    pub fn at(self, time: NaiveTime, offset: Option<i16>) -> Option<Self> {
        let in_range = offset.is_none_or(|o| (-18 * 60..=18 * 60).contains(&o));
        (self.day > 0 && in_range).then(|| Self {
            time: Some(Time {
                seconds: time.num_seconds_from_midnight(),
                offset,
            }),
            ..self
        })
    }

    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    pub fn month(self) -> Option<u32> {
        (self.month > 0).then_some(u32::from(self.month))
    }

    pub fn day(self) -> Option<u32> {
        (self.day > 0).then_some(u32::from(self.day))
    }

    /// How much of a date is known, if not the day: `year` or `month`.
    pub fn precision(self) -> Option<&'static str> {
        match (self.month, self.day) {
            (0, _) => Some("year"),
            (_, 0) => Some("month"),
            _ => None,
        }
    }

    /// Without what a precision of `year` or `month` says to be unknown.
    #[must_use]
    pub fn with_precision(self, precision: &str) -> Self {
        match precision {
            "year" => Self {
                month: 0,
                day: 0,
                time: None,
                ..self
            },
            "month" => Self {
                day: 0,
                time: None,
                ..self
            },
            _ => self,
        }
    }

    /// With the offset that a time has in a zone, if it has none of its own.
    #[must_use]
    pub fn with_offset_in(self, zone: Tz) -> Self {
        let offset = || {
            let moment = zone.from_local_datetime(&self.first_moment()).earliest()?;
            i16::try_from(moment.offset().fix().local_minus_utc() / 60).ok()
        };
        let time = self.time.map(|time| Time {
            offset: time.offset.or_else(offset),
            ..time
        });
        Self { time, ..self }
    }

    /// The date as every program reads it: the first month or day for one that is unknown, and always with seconds.
    pub fn in_full(self) -> String {
        let mut text = format!(
            "{:04}-{:02}-{:02}",
            self.year,
            self.month.max(1),
            self.day.max(1)
        );
        if let Some(Time { seconds, .. }) = self.time {
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            let _ = write!(text, "T{hours:02}:{minutes:02}:{:02}", seconds % 60);
            text.push_str(&self.offset_text());
        }
        text
    }

    /// The offset of its time, as `+05:30` or `Z`; empty if it has none.
    fn offset_text(self) -> String {
        match self.time.and_then(|time| time.offset) {
            None => String::new(),
            Some(0) => "Z".to_owned(),
            Some(m) => {
                let sign = if m < 0 { '-' } else { '+' };
                let minutes = m.unsigned_abs();
                format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }

    /// Hours and minutes, if known.
    pub fn time(self) -> Option<(u32, u32)> {
        self.time.map(|t| (t.seconds / 3600, t.seconds / 60 % 60))
    }

    /// This local time with its offset, given the same moment in UTC. `None` if a time is unknown, or no zone has such an offset.
    pub fn beside_utc(self, utc: Self) -> Option<Self> {
        self.time.filter(|time| time.offset.is_none())?;
        utc.time?;
        let (local, utc) = (self.first_moment(), utc.first_moment());
        let seconds = (local - utc).num_seconds();
        let minutes = i16::try_from(seconds / 60).ok()?;
        // Offsets are whole quarters of an hour, from -12:00 to +14:00.
        let is_offset = seconds % 900 == 0 && (-720..=840).contains(&minutes);
        is_offset.then(|| self.at(local.time(), Some(minutes)))?
    }

    /// Seconds since 1970 in UTC. Unknown parts count as their start, a missing offset as that of `zone`.
    pub fn instant(self, zone: Tz) -> i64 {
        let local = self.first_moment();
        match self.time.and_then(|t| t.offset) {
            Some(minutes) => local.and_utc().timestamp() - i64::from(minutes) * 60,
            // A local time that a clock change skipped counts as if the clock had not changed.
            None => match zone.from_local_datetime(&local).earliest() {
                Some(moment) => moment.timestamp(),
                None => local.and_utc().timestamp(),
            },
        }
    }

    /// A full RFC 3339 timestamp, as Atom feeds need it. Unknown parts count as their start.
    pub fn rfc3339(self, zone: Tz) -> String {
        let offset = self
            .time
            .and_then(|t| t.offset)
            .and_then(|m| FixedOffset::east_opt(i32::from(m) * 60));
        let local = self.first_moment();
        let moment = match offset {
            Some(offset) => offset.from_local_datetime(&local).earliest(),
            None => zone
                .from_local_datetime(&local)
                .earliest()
                .map(|m| m.fixed_offset()),
        };
        moment
            .unwrap_or_else(|| local.and_utc().fixed_offset())
            .to_rfc3339()
    }

    fn first_moment(self) -> NaiveDateTime {
        let day = NaiveDate::from_ymd_opt(
            self.year(),
            self.month.max(1).into(),
            self.day.max(1).into(),
        );
        let time =
            NaiveTime::from_num_seconds_from_midnight_opt(self.time.map_or(0, |t| t.seconds), 0);
        // Both exist, as the constructors accept no other day or time.
        day.unwrap_or_default().and_time(time.unwrap_or_default())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not with `write!`, which is five times slower: lists and articles show a million dates.
        let mut out = [0; 19];
        let mut end = 0;
        let mut put = |separator: u8, number: u32| {
            let digits = [
                separator,
                b'0' + (number / 10 % 10) as u8,
                b'0' + (number % 10) as u8,
            ];
            let skip = usize::from(separator == 0);
            out[end..end + 3 - skip].copy_from_slice(&digits[skip..]);
            end += 3 - skip;
        };
        put(0, u32::from(self.year) / 100);
        put(0, u32::from(self.year) % 100);
        if self.month > 0 {
            put(b'-', u32::from(self.month));
        }
        if self.day > 0 {
            put(b'-', u32::from(self.day));
        }
        if let Some(Time { seconds, .. }) = self.time {
            put(b'T', seconds / 3600);
            put(b':', seconds / 60 % 60);
            if seconds % 60 > 0 {
                put(b':', seconds % 60);
            }
        }
        f.write_str(std::str::from_utf8(&out[..end]).unwrap_or_default())?;
        match self.time {
            Some(_) => f.write_str(&self.offset_text()),
            None => Ok(()),
        }
    }
}

/// The error for a text that is not a [`Date`].
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a date of the form YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm")]
pub struct InvalidDate(String);

impl FromStr for Date {
    type Err = InvalidDate;

    /// Parses the forms that front matter allows, with `T` or a blank before the time.
    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        parse(text.trim()).ok_or_else(|| InvalidDate(text.trim().to_owned()))
    }
}

fn parse(text: &str) -> Option<Date> {
    let digits = |part: &str, len: usize| {
        (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let (day_part, time_part) = match text.split_once(['T', 't', ' ']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (text, None),
    };
    let mut parts = day_part.split('-');
    let year = digits(parts.next()?, 4)? as i32;
    let date = match (parts.next(), parts.next(), parts.next()) {
        (None, _, _) => Date::of_year(year),
        (Some(month), None, _) => Date::of_month(year, digits(month, 2)?),
        (Some(month), Some(day), None) => Date::of_day(year, digits(month, 2)?, digits(day, 2)?),
        _ => None,
    }?;
    let Some(time_part) = time_part else {
        return Some(date);
    };
    let (clock, offset) = match time_part.find(['Z', 'z', '+', '-']) {
        Some(at) => (
            time_part[..at].trim_end(),
            Some(parse_offset(&time_part[at..])?),
        ),
        None => (time_part, None),
    };
    // Fractions of a second are ignored, as no archive needs them for the order of articles.
    let clock = clock.split('.').next()?;
    let mut fields = clock.split(':');
    let (h, m) = (digits(fields.next()?, 2)?, digits(fields.next()?, 2)?);
    let s = fields.next().map_or(Some(0), |s| digits(s, 2))?;
    date.at(NaiveTime::from_hms_opt(h, m, s)?, offset)
}

/// `Z`, `+hh`, `+hhmm` or `+hh:mm` in minutes.
fn parse_offset(text: &str) -> Option<i16> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = text.split_at(1);
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i16, i16) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    let total = hours * 60 + minutes;
    Some(if sign == "-" { -total } else { total })
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_allowed_form_is_parsed_and_normalised() {
        for (given, normal) in [
            ("1923", "1923"),
            ("1923-04", "1923-04"),
            ("2021-07-13", "2021-07-13"),
            ("2021-07-13T11:47", "2021-07-13T11:47"),
            ("2021-07-13 11:47:00 -5", "2021-07-13T11:47-05:00"),
            ("2021-07-13T11:47:09.250Z", "2021-07-13T11:47:09Z"),
            ("2014-03-12T10:11:00-04:00", "2014-03-12T10:11-04:00"),
            ("2021-07-13T11:47+0530", "2021-07-13T11:47+05:30"),
        ] {
            assert_eq!(
                given.parse::<Date>().map(|d| d.to_string()),
                Ok(normal.to_owned()),
                "{given}"
            );
        }
    }

    #[test]
    fn a_date_in_full_and_its_precision_give_the_date() {
        for (given, full, precision) in [
            ("1923", "1923-01-01", Some("year")),
            ("1923-04", "1923-04-01", Some("month")),
            ("2021-07-13", "2021-07-13", None),
            ("2021-07-13T11:47", "2021-07-13T11:47:00", None),
            (
                "2021-07-13T11:47:09-05:30",
                "2021-07-13T11:47:09-05:30",
                None,
            ),
            ("2021-07-13T11:47Z", "2021-07-13T11:47:00Z", None),
        ] {
            let date: Date = given.parse().unwrap();
            assert_eq!(
                (date.in_full().as_str(), date.precision()),
                (full, precision)
            );
            let read: Date = full.parse().unwrap();
            assert_eq!(read.with_precision(precision.unwrap_or_default()), date);
        }
        let summer: Date = "2021-07-13T11:47".parse().unwrap();
        let berlin = summer.with_offset_in(Tz::Europe__Berlin);
        assert_eq!(berlin.in_full(), "2021-07-13T11:47:00+02:00");
        assert_eq!(berlin.with_offset_in(Tz::UTC), berlin);
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in [
            "",
            "soon",
            "21-07-13",
            "2021-13",
            "2021-02-30",
            "2021-7-3",
            "2021-07-13T25:00",
            "0000",
            "2021-07T10:00",
            "2021-07-13T11:47+0é1",
            "2021-07-13T11:47+é",
            "2021-07-13T11:47++5",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn partial_dates_are_at_their_start_and_offsets_count() {
        let utc = |text: &str| text.parse::<Date>().unwrap().instant(Tz::UTC);
        assert_eq!(utc("1970"), 0);
        assert_eq!(utc("1970-01-01T02:00+02:00"), 0);
        assert!(utc("2021") < utc("2021-01-01T00:01"));
        assert_eq!(
            "1970-01-01T01:00"
                .parse::<Date>()
                .unwrap()
                .instant(Tz::Europe__Paris),
            0
        );
    }
}
