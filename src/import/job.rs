//! One article that is to be written: its identity, and its place in `content/`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::existing::Existing;
use super::records::Record;
use crate::model::slug::slug;
use crate::model::{Date, Period};
use crate::site::Site;

/// Why an article is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    New,
    Changed,
    Moved,
    /// Nothing changed, but a person asked.
    Again,
}

/// One article to write.
#[derive(Debug)]
pub struct Job {
    pub record: Record,
    pub what: What,
    pub id: String,
    pub slug: Option<String>,
    pub aliases: Vec<String>,
    /// Where its file lies already.
    pub path: Option<PathBuf>,
}

impl Job {
    /// A rewritten article keeps its id, slug and aliases, and its file.
    pub fn renewing(record: Record, existing: &Existing, what: What) -> Self {
        let Existing {
            id,
            slug,
            aliases,
            path,
            ..
        } = existing.clone();
        Self {
            record,
            what,
            id,
            slug,
            aliases,
            path: Some(path),
        }
    }

    /// A new article. Records come by key, so the smallest key has the plain id and slug.
    pub fn new(
        record: Record,
        day_first: bool,
        ids: &mut BTreeSet<String>,
        slugs: &mut BTreeSet<String>,
    ) -> Self {
        let mut id = if record.id.is_empty() {
            record.key.digest()
        } else {
            record.id.clone()
        };
        if ids.contains(&id) {
            id = format!("{id}-{}", &record.key.digest()[..6]);
        }
        ids.insert(id.clone());
        let of_id = slug(&id).unwrap_or_else(|| record.key.digest());
        let own = record.slug.as_deref().and_then(slug);
        let mut slug = own
            .or_else(|| slug(&record.title))
            .unwrap_or_else(|| of_id.clone());
        if slugs.contains(&slug) {
            slug = format!("{slug}-{of_id}");
        }
        slugs.insert(slug.clone());
        let date = if day_first {
            record.other_date.or(record.date)
        } else {
            record.date
        };
        let record = Record { date, ..record };
        Self {
            record,
            what: What::New,
            id,
            slug: Some(slug),
            aliases: Vec::new(),
            path: None,
        }
    }
}

/// `content/articles/2021/07/slug.md`; with the id where a file lies there already.
pub fn free_path(site: &Site, job: &Job, date: Option<Date>) -> PathBuf {
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
