//! Dates in the names of files and folders. Never reads a file.

use super::names;
use crate::model::Date;

/// The date at the beginning of a file's name, or of its folders: `2004-05-17-storm`, `20040517_storm`, `2004/05/storm`, `1998/storm`.
pub fn in_path(path: &str) -> Option<Date> {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    if let Some(date) = at_start(name) {
        return Some(date);
    }
    let numbers: Vec<&str> = folders.split('/').collect();
    if let Some(date) = numbers.iter().rev().find_map(|folder| at_start(folder)) {
        return Some(date);
    }
    let year = numbers
        .iter()
        .position(|part| part.len() == 4 && (1400..2200).contains(&part.parse().unwrap_or(0)))?;
    let number = |at: usize| {
        let part = numbers.get(at).filter(|part| part.len() <= 2)?;
        part.parse::<u32>().ok()
    };
    let named = || names::month(&numbers.get(year + 1)?.to_lowercase());
    let (y, m, d) = (
        numbers[year].parse().ok()?,
        number(year + 1).or_else(named),
        number(year + 2),
    );
    let day = m.zip(d).and_then(|(m, d)| Date::of_day(y, m, d));
    day.or_else(|| Date::of_month(y, m?))
        .or_else(|| Date::of_year(y))
}

/// The date in the path of an address, if it says at least a month: a year alone may be anything.
pub fn in_address(address: &str) -> Option<Date> {
    let path = address.split_once("://").map_or(address, |(_, rest)| {
        rest.split_once('/').map_or("", |(_, path)| path)
    });
    let path = path.split(['?', '#']).next()?;
    // The last part may be a folder, too: `/2004/05/17`.
    let date = in_path(&format!("{path}/"));
    date.filter(|date| date.month().is_some())
}

/// A file's name without the date at its beginning.
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

/// The date at the beginning of a name, and its length in bytes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_addresses_say_a_month() {
        for (address, expected) in [
            (
                "https://q.example/2004/05/17/storm.html?x=1998/01",
                "2004-05-17",
            ),
            ("/2004/may/storm/", "2004-05"),
            ("https://q.example/2004/05/17", "2004-05-17"),
            ("https://q.example/wiki/1984", ""),
            ("https://q.example/p/123456", ""),
            ("https://q.example", ""),
        ] {
            let found = in_address(address).map(|date| date.to_string());
            assert_eq!(found.unwrap_or_default(), expected, "{address}");
        }
    }

    #[test]
    fn dates_in_paths_are_read() {
        for (path, expected) in [
            ("weather/2004-05-17-storm.txt", "2004-05-17"),
            ("20040517_storm.txt", "2004-05-17"),
            ("2004/05/storm.txt", "2004-05"),
            ("a/2004/05/17/storm.txt", "2004-05-17"),
            ("1998/storm.txt", "1998"),
            ("a/2004/may/17/storm.txt", "2004-05-17"),
            ("2004/5/7/storm", "2004-05-07"),
            ("2004-05-17/storm.txt", "2004-05-17"),
            ("2004/Mayor/storm.txt", "2004"),
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
