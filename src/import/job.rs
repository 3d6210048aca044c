//! One article to write: its identity, and its path in `content/`.

use std::path::PathBuf;

use super::batch::Batch;
use super::existing::{ImportedArticle, TakenNames};
use super::identify::Renewal;
use super::records::RawRecord;
use super::repair::dates::DateOrder;
use crate::model::slug::{slug, with_addition};
use crate::model::{Date, Period};
use crate::site::Site;

/// The longest id that is added to a slug, in bytes.
const LONGEST_ADDITION: usize = 24;

/// Why an article is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    New,
    Changed,
    Moved,
    /// Nothing changed, but a person asked for it.
    Again,
    /// It is not written: its record and its article both changed, and are compared.
    Conflict,
}

/// One article to write.
#[derive(Debug)]
pub(crate) struct Job {
    pub record: RawRecord,
    pub reason: Reason,
    pub id: String,
    pub slug: Option<String>,
    pub aliases: Vec<String>,
    /// Of the file, where there is one already.
    pub path: Option<PathBuf>,
    /// The file of the record's article, which vanished.
    pub vanished: Option<String>,
}

impl Job {
    /// A rewritten article keeps its id, slug and aliases, and its file.
    pub(crate) fn renew(renewal: Renewal, reason: Reason) -> Self {
        let ImportedArticle {
            id,
            slug,
            aliases,
            path,
            ..
        } = renewal.article;
        Self {
            record: renewal.record,
            reason,
            id,
            slug,
            aliases,
            path: Some(path),
            vanished: None,
        }
    }

    /// A new article. Records come ordered by key, so the smallest key gets the plain id and slug.
    pub(crate) fn new(record: RawRecord, batch: &Batch, names: &mut TakenNames) -> Self {
        let mut record = record;
        record.title = batch.title(record.site, record.title);
        let mut id = match record.id.is_empty() {
            true => record.key.digest(),
            false => record.id.clone(),
        };
        if names.ids.contains(&id) {
            id = format!("{id}-{}", &record.key.digest()[..6]);
        }
        names.ids.insert(id.clone());
        let of_id = slug(&id).unwrap_or_else(|| record.key.digest());
        let own = record.slug.as_deref().and_then(slug);
        let mut slug = own
            .or_else(|| slug(&record.title))
            .unwrap_or_else(|| of_id.clone());
        if names.slugs.contains(&slug) {
            // A long id would leave nothing of the slug.
            let addition = match of_id.len() <= LONGEST_ADDITION {
                true => of_id,
                false => record.key.digest(),
            };
            slug = with_addition(&slug, &addition);
        }
        if names.slugs.contains(&slug) {
            slug = with_addition(&slug, &record.key.digest());
        }
        names.slugs.insert(slug.clone());
        let date = match batch.order {
            DateOrder::DayFirst => record.other_date.or(record.date),
            DateOrder::MonthFirst | DateOrder::Undecided => record.date,
        };
        Self {
            record: RawRecord { date, ..record },
            reason: Reason::New,
            id,
            slug: Some(slug),
            aliases: Vec::new(),
            path: None,
            vanished: None,
        }
    }
}

/// `content/articles/2021/07/slug.md`; with a digest of the key where that file exists already.
pub(crate) fn free_path(site: &Site, job: &Job, date: Option<Date>) -> PathBuf {
    let period = match Period::of(date) {
        Period::Day(year, month, _) => Period::Month(year, month),
        other => other,
    };
    let folder = site.content().join("articles").join(period.folder());
    let slug = job.slug.as_deref().unwrap_or(&job.id);
    let path = folder.join(format!("{slug}.md"));
    match path.exists() {
        true => folder.join(format!("{slug}-{}.md", job.record.key.digest())),
        false => path,
    }
}
