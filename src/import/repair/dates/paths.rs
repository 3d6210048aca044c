//! Dates in the names of files and folders. Never reads a file.

use crate::model::Date;

/// The date at the beginning of a file's name, or of its folders: `2004-05-17-storm`, `20040517_storm`, `2004/05/storm`, `1998/storm`.
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
    fn dates_in_paths_are_read() {
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
