//! Periods of time by which lists are divided.

use super::date::Date;
use super::digits;

/// A period: all of time, or what a date names as far as it is known.
///
/// The derived order puts a year before its months and a month before its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    All,
    Year(i32),
    Month(i32, u32),
    Day(i32, u32, u32),
    Undated,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Period {
    /// The finest period that contains the date.
    pub fn of(date: Option<Date>) -> Self {
        let Some(date) = date else {
            return Self::Undated;
        };
        match (date.month(), date.day()) {
            (Some(month), Some(day)) => Self::Day(date.year(), month, day),
            (Some(month), None) => Self::Month(date.year(), month),
            _ => Self::Year(date.year()),
        }
    }

    /// Whether a date is in this period.
    pub fn contains(self, date: Option<Date>) -> bool {
        match (self, date) {
            (Self::All, _) | (Self::Undated, None) => true,
            (Self::Undated, Some(_)) | (_, None) => false,
            (Self::Year(year), Some(date)) => date.year() == year,
            (Self::Month(year, month), Some(date)) => {
                date.year() == year && date.month() == Some(month)
            }
            (Self::Day(year, month, day), Some(date)) => {
                date.year() == year && date.month() == Some(month) && date.day() == Some(day)
            }
        }
    }

    /// The next wider period; `None` for all of time.
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::All => None,
            Self::Year(_) | Self::Undated => Some(Self::All),
            Self::Month(year, _) => Some(Self::Year(year)),
            Self::Day(year, month, _) => Some(Self::Month(year, month)),
        }
    }

    /// This period and all wider ones, from the finest.
    pub fn upwards(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |p| p.parent())
    }

    /// The child of this period that contains `inner`; `None` if `inner` is not strictly inside.
    pub fn child_towards(self, inner: Self) -> Option<Self> {
        inner.upwards().find(|p| p.parent() == Some(self))
    }

    /// `year`, `month`, `day` or `undated`; empty for all of time.
    pub fn level(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Year(_) => "year",
            Self::Month(..) => "month",
            Self::Day(..) => "day",
            Self::Undated => "undated",
        }
    }

    /// For readers: `2021`, `July 2021`, `13 July 2021`, `Undated`.
    pub fn title(self) -> String {
        match self {
            Self::All => String::new(),
            Self::Year(year) => year.to_string(),
            Self::Month(year, month) => {
                let mut title = String::with_capacity(16);
                push_month(&mut title, year, month);
                title
            }
            Self::Day(year, month, day) => {
                let mut title = String::with_capacity(20);
                digits::push(&mut title, day, 0);
                title.push(' ');
                push_month(&mut title, year, month);
                title
            }
            Self::Undated => "Undated".to_owned(),
        }
    }

    /// The title in a list of its siblings: `2021`, `July`, `13`.
    pub fn short_title(self) -> String {
        match self {
            Self::Month(_, month) => month_name(month).to_owned(),
            Self::Day(_, _, day) => day.to_string(),
            other => other.title(),
        }
    }

    /// The period with this [`Period::folder`].
    pub fn from_folder(folder: &str) -> Option<Self> {
        let numbers: Option<Vec<u32>> = folder.split('/').map(|part| part.parse().ok()).collect();
        let period = match *numbers.unwrap_or_default() {
            [] if folder == "undated" => Self::Undated,
            [year] => Self::Year(year as i32),
            [year, month] => Self::Month(year as i32, month),
            [year, month, day] => Self::Day(year as i32, month, day),
            _ => return None,
        };
        (period.folder() == folder).then_some(period)
    }

    /// The period as folders: `2021/07/13`, `undated`; empty for all of time.
    pub fn folder(self) -> String {
        let mut folder = String::with_capacity(10);
        self.push_folder(&mut folder);
        folder
    }

    /// Appends [`Period::folder`] to a path.
    pub fn push_folder(self, path: &mut String) {
        let (year, month, day) = match self {
            Self::All => return,
            Self::Undated => return path.push_str("undated"),
            Self::Year(year) => (year, None, None),
            Self::Month(year, month) => (year, Some(month), None),
            Self::Day(year, month, day) => (year, Some(month), Some(day)),
        };
        digits::push(path, year.unsigned_abs(), 4);
        for part in [month, day].into_iter().flatten() {
            path.push('/');
            digits::push(path, part, 2);
        }
    }
}

fn push_month(title: &mut String, year: i32, month: u32) {
    title.push_str(month_name(month));
    title.push(' ');
    digits::push(title, year.unsigned_abs(), 0);
}

/// The English name of a month, 1 to 12.
fn month_name(month: u32) -> &'static str {
    MONTHS
        .get(month.wrapping_sub(1) as usize)
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_in_its_month_and_year() {
        let day = Period::of("2021-07-13T11:47".parse().ok());
        assert_eq!(day.folder(), "2021/07/13");
        for period in [day, Period::Year(987), Period::Undated] {
            assert_eq!(Period::from_folder(&period.folder()), Some(period));
        }
        assert_eq!(Period::from_folder("2021/7"), None);
        assert_eq!(day.title(), "13 July 2021");
        let up: Vec<_> = day.upwards().collect();
        assert_eq!(
            up,
            [day, Period::Month(2021, 7), Period::Year(2021), Period::All]
        );
        for period in day.upwards().chain([Period::Undated, Period::Year(2020)]) {
            let date = "2021-07-13T11:47".parse().ok();
            assert_eq!(period.contains(date), up.contains(&period), "{period:?}");
        }
        assert!(Period::Undated.contains(None) && !Period::Year(2021).contains(None));
        assert_eq!(Period::All.child_towards(day), Some(Period::Year(2021)));
        assert_eq!(day.child_towards(day), None);
    }
}
