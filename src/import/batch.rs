//! What is decided from all records before the first article is written. Never reads a record.

use std::num::NonZeroU64;

use super::layouts::html_page;
use super::reading::Reading;
use super::recurrence::Recurrence;
use super::repair::dates::DateOrder;

/// What is decided from the whole batch.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The order of day and month in dates such as `04/05/2004`.
    pub order: DateOrder,
    /// What recurs on the pages of each site.
    pub recurrence: Recurrence,
}

impl Batch {
    /// The title of a record without what recurs in the titles of its site.
    pub(crate) fn title(&self, site: Option<NonZeroU64>, title: String) -> String {
        match site.and_then(|site| self.recurrence.site(site.get())) {
            Some(site) => html_page::without_site_name(&title, site).0,
            None => title,
        }
    }

    /// Applies to a page what recurs on its site.
    pub(crate) fn settle(&self, reading: &mut Reading) {
        let site = reading.traits.as_ref().map(|traits| traits.site);
        let Some(site) = site.and_then(|site| self.recurrence.site(site)) else {
            return;
        };
        html_page::settle(reading, site);
        reading.recurring = Some(site.clone());
    }
}
