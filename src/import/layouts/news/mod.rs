//! The IPTC formats in which agencies send news: NITF, NewsML and ninjs. They share dates, states and versions.
//! Never looks at the clock: a text under embargo is a draft.

mod markup;
mod newsml;
mod ninjs;
mod nitf;
mod tree;

pub(crate) use newsml::NewsMl;
pub(crate) use ninjs::Ninjs;
pub(crate) use nitf::Nitf;

use std::collections::HashMap;

use super::RawText;
use super::decoded_record::{self, BodyOutcome};
use super::plain_record::set_date;
use super::xml_records::RecordSchema;
use crate::import::reading::Reading;
use crate::import::repair::{byline, dateline, dates};
use crate::text::characters::one_line;

/// Elements of HTML within components within components are at level 12 below a record.
const DEEPEST: usize = 16;

const fn schema(records: &'static [&'static str]) -> RecordSchema {
    RecordSchema {
        records,
        namespaces: &[("iptc.org/std/nar/", ""), ("iptc.org/std/NITF/", "")],
        deepest: DEEPEST,
    }
}

/// The version of an item: its number, and when it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct ItemVersion {
    number: u64,
    /// In seconds since 1970; 0 if the item does not say.
    made: i64,
}

impl ItemVersion {
    fn of(number: &str, made: &str) -> Self {
        let moment = |read: dates::ReadDate| read.date.instant(chrono_tz::UTC);
        Self {
            number: number.trim().parse().unwrap_or(0),
            made: read_date(made).map_or(0, moment),
        }
    }
}

/// Reads `20210713T234700Z` and `20210713` beside the spellings of other archives. Midnight without an offset is not a time.
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

/// Sets the first of `published` that is a date. The date of the version is the inferred date of publication if there is
/// no other, and is kept as `modified` if it differs.
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

/// Sets the state of an item. A withdrawn item has a reason; an item that may not be published yet is a draft.
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

/// Makes an item a draft and keeps the end of its embargo. Whether that has passed cannot be known without a clock.
fn set_embargo(reading: &mut Reading, until: &str) {
    reading.front.draft = true;
    let until = until.trim();
    let value = match read_date(until) {
        Some(read) => read.date.to_string(),
        // Without a date it applies until the provider ends it.
        None if until.is_empty() => "yes".to_owned(),
        None => until.to_owned(),
    };
    reading.keep("embargoed", value);
}

/// Adds the names of a byline.
fn add_authors(reading: &mut Reading, line: &str) {
    let names = byline::names(&one_line(line));
    decoded_record::add(&mut reading.front.authors, names);
}

fn keep_line(reading: &mut Reading, key: &str, text: &str) {
    let line = one_line(text);
    if !line.is_empty() {
        reading.keep(key, line);
    }
}

/// Sets the place, in title case if it is in capitals.
fn set_place(reading: &mut Reading, place: String) {
    let is_upper = !place.chars().any(char::is_lowercase);
    reading.front.place = Some(match is_upper {
        true => dateline::title_case(&place),
        false => place,
    });
}

/// As [`decoded_record::settle`], but a withdrawn item needs no text and no title.
fn settle(raw: &RawText<'_>, reading: &mut Reading, body: BodyOutcome) {
    let failed = body.1.is_some();
    decoded_record::settle(raw, reading, body);
    if reading.front.withdrawn.is_some() && !failed {
        reading.problem = None;
    }
}

/// Plain text after its dateline, if it does not begin with it already.
fn plain_with_dateline(text: &str, dateline: &str) -> String {
    match text.trim_start().starts_with(dateline) {
        true => text.to_owned(),
        false => format!("{dateline} {}", text.trim_start()),
    }
}

/// Keeps the newest version of each item. `versions` are those of the readings, by index; `None` for a reading that is
/// not an item.
fn keep_newest(raw: &RawText<'_>, readings: &mut [Reading], versions: &[Option<ItemVersion>]) {
    let mut newest: HashMap<String, (ItemVersion, usize)> = HashMap::new();
    let mut older = Vec::new();
    for (at, (reading, version)) in readings.iter().zip(versions).enumerate() {
        let (Some(record), Some(version)) = (&reading.record, version) else {
            continue;
        };
        match newest.get_mut(record) {
            None => _ = newest.insert(record.clone(), (*version, at)),
            // Of equal versions the last in the file is the newest.
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
        let message = "an older version of an item is left out; the newest is the article";
        let old = std::mem::take(reading);
        let title = old.front.title.clone();
        *reading = raw.skipped(old, message);
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
    decoded_record::unique(readings);
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
