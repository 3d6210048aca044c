//! How lists are divided into pages: by time and not by count, so that an added old article moves no other.

use std::collections::BTreeSet;

use super::Library;
use crate::model::date::Date;
use crate::model::period::Period;
use crate::model::term::{ArticleNo, ListId};

/// The most articles of a list on one page.
pub(crate) const ONE_PAGE: usize = 200;

/// How many of the newest articles a divided list shows on its first page.
pub(crate) const NEWEST: usize = 50;

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
        let near = self.near(list, period).iter().copied();
        near.filter(|a| self.is_in(*a, period)).collect()
    }

    /// How many articles of a list are within a period.
    pub fn count(&self, list: ListId, period: Period) -> usize {
        let Some((from, to)) = inner_bounds(period) else {
            return self.articles(list).len();
        };
        let near = self.near(list, period);
        let start = near.partition_point(|a| self.instant(*a) < from);
        let end = near.partition_point(|a| self.instant(*a) < to).max(start);
        let at_edges = near[..start].iter().chain(&near[end..]);
        end - start + at_edges.filter(|a| self.is_in(**a, period)).count()
    }

    /// The range of a list that contains a whole period and perhaps a little more: articles are in the order of instants, but
    /// belong to the day of their written date, whatever its offset from UTC.
    fn near(&self, list: ListId, period: Period) -> &[ArticleNo] {
        let articles = self.articles(list);
        let Some((from, to)) = outer_bounds(period) else {
            return articles;
        };
        let start = articles.partition_point(|a| self.instant(*a) < from);
        let end = articles.partition_point(|a| self.instant(*a) <= to);
        &articles[start..end]
    }

    fn instant(&self, article: ArticleNo) -> i64 {
        self.known(article).map_or(i64::MIN, |s| s.instant)
    }

    fn is_in(&self, article: ArticleNo, period: Period) -> bool {
        let date = || self.known(article).and_then(|s| s.entry.date);
        period == Period::All || period.contains(date())
    }

    /// Whether no page of the list has a finer period than this.
    fn is_finest(&self, list: ListId, period: Period) -> bool {
        match period {
            Period::Day(..) | Period::Undated => true,
            Period::Month(..) => list == ListId::Archive && !self.rules.day_pages,
            Period::All | Period::Year(_) => false,
        }
    }

    /// The period of the archive's page that lists an article of this date.
    pub fn dated_page(&self, date: Option<Date>) -> Period {
        let mut periods = Period::of(date).upwards();
        let is_inside = |period: &Period| {
            let above = period.parent();
            above.is_none_or(|above| !self.is_finest(ListId::Archive, above))
        };
        periods.find(is_inside).unwrap_or(Period::All)
    }

    /// The finest period that an article's date names.
    pub fn period_of(&self, article: ArticleNo) -> Period {
        Period::of(self.known(article).and_then(|s| s.entry.date))
    }

    /// Whether a period of a list has a page of its own. The archive has one for each year and month, and for each day if the
    /// settings say so; other lists only if the page of the wider period would be too long.
    pub fn has_page(&self, list: ListId, period: Period) -> bool {
        let has_articles = self
            .near(list, period)
            .iter()
            .any(|a| self.is_in(*a, period));
        match period.parent() {
            None => has_articles || list == ListId::Archive,
            Some(parent) if list == ListId::Archive => {
                has_articles && !self.is_finest(list, parent)
            }
            Some(parent) => {
                has_articles && self.has_page(list, parent) && self.count(list, parent) > ONE_PAGE
            }
        }
    }

    /// One page of a list.
    pub fn view(&self, list: ListId, period: Period) -> ListView {
        let finest = self.is_finest(list, period);
        let long = !finest && self.count(list, period) > ONE_PAGE;
        let near = self.near(list, period);
        let newest_first = near.iter().rev().copied();
        let mut articles: Vec<ArticleNo> = newest_first
            .filter(|a| self.is_in(*a, period))
            .take(if long { NEWEST } else { usize::MAX })
            .collect();
        if long {
            // An article whose date is not finer than this period is on no page of a finer period.
            let own: Vec<ArticleNo> = self
                .own(list, period)
                .rev()
                .filter(|a| !articles.contains(a))
                .collect();
            articles.extend(own);
        }
        let mut parts = Vec::new();
        if (long || list == ListId::Archive) && !finest {
            parts.extend(self.parts(list, period));
            parts.sort_unstable_by(|a, b| match (a, b) {
                (Period::Undated, _) | (_, Period::Undated) => a.cmp(b),
                _ => b.cmp(a),
            });
        }
        ListView {
            articles,
            newest: long,
            parts,
        }
    }

    /// The articles whose date is not finer than this period, which are at its start.
    fn own(&self, list: ListId, period: Period) -> impl DoubleEndedIterator<Item = ArticleNo> {
        let near = self.near(list, period);
        let edge = inner_bounds(period).map_or(i64::MIN, |(from, _)| from);
        let start = near.partition_point(|a| self.instant(*a) < edge);
        let at_start = near[..start].iter().copied();
        at_start.filter(move |a| self.period_of(*a) == period)
    }

    /// Whether a list has articles whose date is not finer than this period.
    pub fn has_own(&self, list: ListId, period: Period) -> bool {
        self.own(list, period).next().is_some()
    }

    /// The next finer periods of a list that have articles, in order.
    pub fn parts(&self, list: ListId, period: Period) -> BTreeSet<Period> {
        let near = self.near(list, period);
        let mut parts = BTreeSet::new();
        let mut at = 0;
        while let Some(article) = near.get(at) {
            at += 1;
            if !self.is_in(*article, period) {
                continue;
            }
            let Some(part) = period.child_towards(self.period_of(*article)) else {
                continue;
            };
            parts.insert(part);
            // Skips the following articles of the same part.
            if let Some((from, to)) = inner_bounds(part)
                && self.instant(*article) >= from
            {
                at += near[at..].partition_point(|a| self.instant(*a) < to);
            }
        }
        parts
    }

    /// Every period of a list that has a page, all of time first.
    pub fn periods(&self, list: ListId) -> Vec<Period> {
        let mut periods = vec![Period::All];
        let mut at = 0;
        while let Some(period) = periods.get(at).copied() {
            at += 1;
            if list == ListId::Archive || self.count(list, period) > ONE_PAGE {
                periods.extend(self.parts(list, period));
            }
        }
        periods.retain(|period| self.has_page(list, *period));
        periods
    }
}

/// The most seconds between a date's day and its instant, whatever its offset from UTC.
const MAX_OFFSET: i64 = 36 * 3600;

/// The instants between which all articles of a period are, whatever their offset; `None` for all of time.
fn outer_bounds(period: Period) -> Option<(i64, i64)> {
    bounds(period).map(|(from, to)| {
        (
            from.saturating_sub(MAX_OFFSET),
            to.saturating_add(MAX_OFFSET),
        )
    })
}

/// The instants between which every article belongs to the period, whatever its offset; the first is included.
fn inner_bounds(period: Period) -> Option<(i64, i64)> {
    match bounds(period)? {
        undated @ (i64::MIN, _) => Some(undated),
        (from, to) => Some((from + MAX_OFFSET, to - MAX_OFFSET)),
    }
}

/// The start and end of a period in UTC; `None` for all of time.
fn bounds(period: Period) -> Option<(i64, i64)> {
    use chrono::NaiveDate;
    let start = |year: i32, month: u32, day: u32| {
        NaiveDate::from_ymd_opt(year, month, day)
            .unwrap_or_default()
            .and_time(chrono::NaiveTime::MIN)
            .and_utc()
            .timestamp()
    };
    match period {
        Period::All => None,
        Period::Undated => Some((i64::MIN, i64::MIN + 1)),
        Period::Year(y) => Some((start(y, 1, 1), start(y + 1, 1, 1))),
        Period::Month(y, 12) => Some((start(y, 12, 1), start(y + 1, 1, 1))),
        Period::Month(y, m) => Some((start(y, m, 1), start(y, m + 1, 1))),
        Period::Day(y, m, d) => Some((start(y, m, d), start(y, m, d) + 24 * 3600)),
    }
}
