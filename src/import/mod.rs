//! raw → Article: recognise, read, repair, identify, write.
//! Knows records and the rules by which articles keep their identity; never knows how a page looks.

mod article_writer;
pub mod body;
mod chunks;
pub mod copies;
mod decode;
mod edited;
pub mod existing;
pub mod html;
mod identify;
mod imported;
mod job;
pub mod layouts;
mod markdown;
mod minhash;
mod problems;
pub mod provenance;
pub mod raw_file;
pub mod reading;
pub mod records;
mod removals;
pub mod repair;
pub mod report;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

pub use self::imported::Imported;

use self::article_writer::ArticleWriter;
use self::copies::Written;
use self::existing::{Existing, ImportedIndex};
use self::identify::{Identified, Step};
use self::job::{Job, What};
use self::records::RawTable;
use self::write::{DayMonth, Outcome};
use crate::diagnostics::Result;
use crate::progress::Progress;
use crate::site::Site;

/// What a person asked of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Below `raw/`; all of it where there is none.
    pub paths: Vec<String>,
    /// For edited articles whose record changed: whether the record wins. None keeps both.
    pub take_raw: Option<bool>,
    pub prune: bool,
    pub again: bool,
}

/// Brings `content/` up to date with `raw/`. `shelf` is what `content/` holds now.
///
/// # Errors
/// Where more would be removed than a person would expect, or the machine refuses; nothing is written then.
/// A raw file that gives no article is a diagnostic in the result.
pub fn import(
    site: &Site,
    raw: &RawTable,
    shelf: impl FnOnce() -> ImportedIndex,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Imported> {
    let found = raw.records(site, &options.paths)?;
    let mut imported = Imported {
        refused: found.refused(),
        diagnostics: found.diagnostics,
        ..Imported::default()
    };
    if found.files.is_empty() {
        return Ok(imported);
    }
    let ImportedIndex {
        imported: mut before,
        mut ids,
        mut slugs,
    } = shelf();
    let all = before.len();
    // What was not asked for is left alone, whether or not its record is there still.
    let is_asked = |path: &str| {
        let below = |asked: &String| {
            let rest = path.strip_prefix(asked.as_str());
            rest.is_some_and(|rest| asked.is_empty() || rest.is_empty() || rest.starts_with('/'))
        };
        options.paths.is_empty() || options.paths.iter().any(below)
    };
    let mut others: Vec<Existing> = Vec::new();
    if !options.paths.is_empty() {
        let rest = before.extract_if(.., |key, _| !is_asked(&key.path));
        others.extend(rest.map(|(_, existing)| existing));
    }
    let day_first = found.evidence.day_first > found.evidence.month_first;
    let undecided = found.evidence.day_first == found.evidence.month_first;
    let number = found.records.len();
    let held: BTreeSet<String> = found.held.into_iter().collect();
    let Identified { mut steps, kept } =
        identify::identify(found.records, before, &held, options.again);
    others.extend(kept);
    removals::hold_absent_folders(&mut steps, &found.files);
    removals::guard(&steps, all, options.prune)?;

    let shelves = ArticleWriter::open(site, progress)?;
    let mut jobs = Vec::new();
    for step in steps {
        match step {
            Step::Gone(existing) if existing.edited => {
                imported.diagnostics.push(edited::gone(&existing))
            }
            Step::Gone(existing) => {
                article_writer::remove(site, &existing.path)?;
                imported.files.insert(existing.file);
                imported.removed += 1;
            }
            Step::Renew {
                record,
                existing,
                same_text,
            } if existing.edited => {
                edited::renew(
                    &shelves,
                    &mut jobs,
                    &mut imported,
                    record,
                    existing,
                    same_text,
                    options,
                )?;
            }
            Step::Renew {
                record,
                existing,
                same_text,
            } => {
                let what = match (same_text, record.key == existing.key()) {
                    (true, true) => What::Again,
                    (true, false) => What::Moved,
                    (false, _) => What::Changed,
                };
                jobs.push(Job::renewing(record, &existing, what));
            }
            Step::New(record) => {
                jobs.push(Job::new(record, day_first, &mut ids, &mut slugs));
            }
        }
    }
    imported.same = number.saturating_sub(jobs.len());
    let dates = DayMonth {
        day_first,
        undecided,
    };
    shelves.expect(jobs.len());
    let mut files: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
    for job in &jobs {
        files.entry(&job.record.key.path).or_default().push(job);
    }
    let outcomes: Vec<Vec<Outcome>> = files
        .par_iter()
        .map(|(file, jobs)| write::all(&shelves, file, jobs, dates))
        .collect::<Result<_>>()?;
    shelves.fill()?;
    let mut written: Vec<Written> = Vec::with_capacity(jobs.len());
    for outcome in outcomes.into_iter().flatten() {
        match outcome {
            Ok((what, article)) => {
                imported.count(what);
                imported.files.insert(article.file.clone());
                written.push(article);
            }
            Err(diagnostic) => {
                imported.refused += 1;
                imported.diagnostics.push(diagnostic);
            }
        }
    }
    imported.copies = copies::find(&written, &others);
    imported.diagnostics.sort();
    Ok(imported)
}
