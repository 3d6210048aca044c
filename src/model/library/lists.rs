//! How lists are cut: by time and not by count, so that an old article found today moves nothing.

use super::Library;
use crate::model::period::Period;
use crate::model::term::{ArticleNo, ListId};

/// The longest list that stands on one page.
pub const ONE_PAGE: usize = 200;

/// How many of the newest a list shows where it is cut.
pub const NEWEST: usize = 50;

/// The articles of one page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListView {
    /// Newest first.
    pub articles: Vec<ArticleNo>,
    /// Whether `articles` are only the newest of the period.
    pub newest: bool,
    /// The finer periods that have a page, newest first.
    pub parts: Vec<Period>,
}

impl Library {
    /// The articles of a list within a period, oldest first.
    pub fn within(&self, list: ListId, period: Period) -> Vec<ArticleNo> {
        self.near(list, period)
            .iter()
            .copied()
            .filter(|a| self.lies_in(*a, period))
            .collect()
    }

    /// How many articles of a list lie within a period.
    pub fn count(&self, list: ListId, period: Period) -> usize {
        match period {
            Period::All => self.articles(list).len(),
            _ => self
                .near(list, period)
                .iter()
                .filter(|a| self.lies_in(**a, period))
                .count(),
        }
    }

    /// The stretch of a list that holds all of a period and perhaps a little more: articles stand in the order
    /// of instants, and belong to the day that was written on them.
    fn near(&self, list: ListId, period: Period) -> &[ArticleNo] {
        let articles = self.articles(list);
        let Some((from, to)) = bounds(period) else {
            return articles;
        };
        let instant = |article: &ArticleNo| self.shelved(*article).map_or(i64::MIN, |s| s.instant);
        let start = articles.partition_point(|a| instant(a) < from);
        let end = articles.partition_point(|a| instant(a) <= to);
        &articles[start..end]
    }

    fn lies_in(&self, article: ArticleNo, period: Period) -> bool {
        self.period_of(article).upwards().any(|p| p == period)
    }

    /// The finest period that an article's date names.
    pub fn period_of(&self, article: ArticleNo) -> Period {
        Period::of(self.shelved(article).and_then(|s| s.entry.date))
    }

    /// Whether a period of a list has a page of its own. The archive has one for each year, month and day;
    /// other lists only where the page above would be too long.
    pub fn has_page(&self, list: ListId, period: Period) -> bool {
        let inhabited = self
            .near(list, period)
            .iter()
            .any(|a| self.lies_in(*a, period));
        match period.parent() {
            None => inhabited || list == ListId::Archive,
            Some(_) if list == ListId::Archive => inhabited,
            Some(parent) => {
                inhabited && self.has_page(list, parent) && self.count(list, parent) > ONE_PAGE
            }
        }
    }

    /// One page of a list.
    pub fn view(&self, list: ListId, period: Period) -> ListView {
        let mut articles = self.within(list, period);
        articles.reverse();
        let finest = matches!(period, Period::Day(..) | Period::Undated);
        let long = articles.len() > ONE_PAGE && !finest;
        let mut parts = Vec::new();
        if (long || list == ListId::Archive) && !finest {
            parts.extend(
                articles
                    .iter()
                    .filter_map(|a| period.child_towards(self.period_of(*a))),
            );
            parts.sort_unstable_by(|a, b| match (a, b) {
                (Period::Undated, _) | (_, Period::Undated) => a.cmp(b),
                _ => b.cmp(a),
            });
            parts.dedup();
        }
        if long {
            // What is dated no finer than this period is on no finer page, so it must stand here.
            let mut rank = 0;
            articles.retain(|a| {
                rank += 1;
                rank <= NEWEST || self.period_of(*a) == period
            });
        }
        ListView {
            articles,
            newest: long,
            parts,
        }
    }

    /// Every period of a list that has a page, the whole first.
    pub fn periods(&self, list: ListId) -> Vec<Period> {
        let mut periods = self.inhabited(list);
        periods.retain(|p| self.has_page(list, *p));
        periods
    }

    /// Every period of a list that has articles, and the whole, which is first.
    pub fn inhabited(&self, list: ListId) -> Vec<Period> {
        let mut periods: Vec<Period> = self
            .articles(list)
            .iter()
            .flat_map(|a| self.period_of(*a).upwards())
            .collect();
        periods.push(Period::All);
        periods.sort_unstable();
        periods.dedup();
        periods
    }
}

/// The instants between which a period's articles lie, with room for every offset from UTC; none for all of time.
fn bounds(period: Period) -> Option<(i64, i64)> {
    use chrono::NaiveDate;
    const ROOM: i64 = 36 * 3600;
    let start = |year: i32, month: u32, day: u32| {
        NaiveDate::from_ymd_opt(year, month, day)
            .unwrap_or_default()
            .and_time(chrono::NaiveTime::MIN)
            .and_utc()
            .timestamp()
    };
    let (from, to) = match period {
        Period::All => return None,
        Period::Undated => return Some((i64::MIN, i64::MIN)),
        Period::Year(y) => (start(y, 1, 1), start(y, 12, 31)),
        Period::Month(y, m) => (start(y, m, 1), start(y, m, 28) + 3 * 24 * 3600),
        Period::Day(y, m, d) => (start(y, m, d), start(y, m, d)),
    };
    Some((from - ROOM, to + ROOM + 24 * 3600))
}
