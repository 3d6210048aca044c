//! What is decided from all records before the first article is written. Never knows which record is which article.

use std::num::NonZeroU64;

use super::archive_text;
use super::layouts::html_page;
use super::reading::Reading;
use super::recurrence::Recurrence;
use super::repair::archive_words::ArchiveWords;
use super::repair::dates::DateOrder;
use crate::files::Source;
use crate::settings::Settings;

/// What is decided from the whole batch.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The order of day and month in dates such as `04/05/2004`.
    pub order: DateOrder,
    /// What recurs on the pages of each site.
    pub recurrence: Recurrence,
    /// The words of the archive, if a record to be written has divided ones.
    pub words: ArchiveWords,
    /// The language of nearly all texts, if it is not that of the site.
    pub language: Option<&'static str>,
}

impl Batch {
    /// The title of a record without what recurs in the titles of its site.
    pub(crate) fn title(&self, site: Option<NonZeroU64>, title: String) -> String {
        match site.and_then(|site| self.recurrence.site(site.get())) {
            Some(site) => html_page::without_site_name(&title, site).0,
            None => title,
        }
    }

    /// Reads what the texts of the archive show. `has_broken_words` says whether a record to be written has divided words.
    pub(crate) fn read_texts(
        &mut self,
        sources: &[Source],
        has_broken_words: bool,
        settings: &Settings,
    ) {
        if has_broken_words {
            self.words = archive_text::words(sources, &settings.import);
        }
        if settings.import.repair.language {
            self.language = archive_text::language(sources, &settings.import, &settings.language);
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
