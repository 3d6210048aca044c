//! The formats of the IPTC in which agencies send news: NITF, NewsML and ninjs; and what they share: dates, states, versions.
//! Never looks at the clock: what is under embargo stays a draft.

mod markup;
mod newsml;
mod ninjs;
mod nitf;
mod tree;

pub use newsml::NewsMl;
pub use ninjs::Ninjs;
pub use nitf::Nitf;

use std::collections::HashMap;
use std::ops::Range;

use super::text::set_date;
use super::{entries, inline};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::reading::Reading;
use crate::import::repair::{byline, dates};

/// Elements deeper than this below a record belong to the one at this level. A text within a component within
/// components lies at 12.
const DEEPEST: usize = 16;

/// Which version of an item a reading is: its number, and the moment at which it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    number: u64,
    /// In seconds since 1970; 0 where the item does not say.
    made: i64,
}

impl Version {
    fn of(number: &str, made: &str) -> Self {
        let moment = |read: dates::ReadDate| read.date.instant(chrono_tz::UTC);
        Self {
            number: number.trim().parse().unwrap_or(0),
            made: read_date(made).map_or(0, moment),
        }
    }
}

/// `20210713T234700Z` and `20210713` beside all that other archives write. Midnight without an offset is no time.
fn read_date(text: &str) -> Option<dates::ReadDate> {
    let text = text.trim();
    let digits = |text: &str, most: usize| {
        let digits = text.bytes().take(most).take_while(u8::is_ascii_digit);
        digits.count()
    };
    if digits(text, 9) != 8 {
        return dates::read(text);
    }
    let (day, rest) = text.split_at(8);
    let day = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
    let rest = rest.strip_prefix('T').unwrap_or(rest);
    let (time, offset) = match digits(rest, 7) {
        length @ (4 | 6) => rest.split_at(length),
        _ => return dates::read(&day),
    };
    if offset.is_empty() && time.bytes().all(|b| b == b'0') {
        return dates::read(&day);
    }
    let seconds = time.get(4..).filter(|s| !s.is_empty()).unwrap_or("00");
    let time = format!("{}:{}:{seconds}", &time[..2], &time[2..4]);
    dates::read(&format!("{day}T{time}{offset}")).or_else(|| dates::read(&day))
}

/// Takes the first of these that is a date. The last of them is that of the version: it is inferred to be that of the
/// publication where nothing else is said, and kept as `modified` where it says something else.
fn set_dates(reading: &mut Reading, published: &[&str], version: &str) {
    for text in published.iter().filter(|text| !text.trim().is_empty()) {
        match read_date(text) {
            Some(date) if reading.front.date.is_none() => set_date(reading, date),
            Some(_) => {}
            None => reading.keep("date_text", text.trim()),
        }
    }
    match (read_date(version), reading.front.date) {
        (Some(date), None) => {
            set_date(reading, date);
            reading.infer("date");
        }
        (Some(version), Some(date)) if version.date != date => {
            reading.keep("modified", version.date.to_string());
        }
        _ => {}
    }
}

/// Takes the state in which an item's provider has put it. What was killed leaves the reason; what may not be published
/// yet, or again, is a draft.
fn set_status(reading: &mut Reading, status: &str, reason: Option<String>) {
    let status = status.rsplit(':').next().unwrap_or(status).trim();
    match status.to_lowercase().as_str() {
        "" | "usable" => {}
        "canceled" | "cancelled" | "killed" | "withdrawn" => {
            let reason = reason.filter(|reason| !reason.is_empty());
            reading.front.withdrawn =
                Some(reason.unwrap_or_else(|| "withdrawn by its provider".to_owned()));
        }
        state => {
            reading.front.draft |= matches!(state, "withheld" | "embargoed");
            reading.keep("status", state);
        }
    }
}

/// Keeps until when an item is under embargo. Whether that is over is not asked: nobody here knows what day it is.
fn set_embargo(reading: &mut Reading, until: &str) {
    reading.front.draft = true;
    let until = until.trim();
    let said = match read_date(until) {
        Some(read) => read.date.to_string(),
        // Without a date it holds until the provider says otherwise.
        None if until.is_empty() => "yes".to_owned(),
        None => until.to_owned(),
    };
    reading.keep("embargoed", said);
}

/// Names of a byline; what stands behind a comma may be a post.
fn add_authors(reading: &mut Reading, line: &str) {
    let names = byline::names(&inline::line(line));
    entries::add(&mut reading.front.authors, names);
}

fn keep_line(reading: &mut Reading, key: &str, text: &str) {
    let line = inline::line(text);
    if !line.is_empty() {
        reading.keep(key, line);
    }
}

/// As [`entries::settle`], where what was withdrawn needs neither a text nor a title.
fn settle(reading: &mut Reading, path: &str, body: Option<Range<usize>>, failed: Option<String>) {
    let failure = failed.is_some();
    entries::settle(reading, path, body, failed);
    if reading.front.withdrawn.is_some() && !failure {
        reading.problem = None;
    }
}

/// A record that gives no article, and why.
fn left_out(raw_path: &str, reading: Reading, what: &str) -> Reading {
    let warning = Diagnostic::warning(Code::Unclassified, format!("raw/{raw_path}"), what);
    Reading {
        span: reading.span,
        repairs: reading.repairs,
        problem: Some(warning.hint("it stays in the raw file")),
        ..Reading::default()
    }
}

/// Of the versions of one item, the newest is the article. `versions` are those of the readings, by their places;
/// None for a reading that is no item.
fn newest(readings: &mut [Reading], versions: &[Option<Version>], path: &str) {
    let mut newest: HashMap<String, (Version, usize)> = HashMap::new();
    let mut older = Vec::new();
    for (at, (reading, version)) in readings.iter().zip(versions).enumerate() {
        let (Some(record), Some(version)) = (&reading.record, version) else {
            continue;
        };
        match newest.get_mut(record) {
            None => _ = newest.insert(record.clone(), (*version, at)),
            // Of two that say the same the later one in the file holds.
            Some(best) if *version >= best.0 => {
                older.push((best.1, record.clone()));
                *best = (*version, at);
            }
            Some(_) => older.push((at, record.clone())),
        }
    }
    for (at, record) in older {
        let Some(reading) = readings.get_mut(at) else {
            continue;
        };
        let what = "an older version of an item is left out; the newest is the article";
        let old = std::mem::take(reading);
        let title = old.front.title.clone();
        *reading = left_out(path, old, what);
        let best = newest
            .get(&record)
            .and_then(|(_, at)| readings.get_mut(*at));
        // The notice of a withdrawal often has no headline.
        if let Some(best) = best.filter(|best| best.front.title.is_empty()) {
            best.front.title = title;
        }
    }
    for reading in readings.iter_mut() {
        if reading.problem.is_none() && reading.front.title.is_empty() {
            reading.front.title.clone_from(&reading.front.id);
            reading.infer("title");
        }
    }
    entries::unique(readings);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_agencies_read() {
        for (text, expected) in [
            ("20210713T234709Z", "2021-07-13T23:47:09Z"),
            ("20210713T2347+0200", "2021-07-13T23:47+02:00"),
            ("20210713T000000", "2021-07-13"),
            ("20210713", "2021-07-13"),
            ("20210713T", "2021-07-13"),
            ("2021-07-13T23:47:09.120Z", "2021-07-13T23:47:09Z"),
            ("2021-07-13", "2021-07-13"),
        ] {
            let read = read_date(text).expect(text);
            assert_eq!(read.date.to_string(), expected, "{text}");
        }
        for text in ["", "20211513", "2021071", "12345678901", "日本語テキスト"] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
