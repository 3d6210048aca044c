//! raw → Article: recognise, read, repair, identify, write.
//! Knows records and the rules by which articles keep their identity; never knows how a page looks.

mod archive_text;
mod article_writer;
mod attachments;
mod batch;
pub mod body;
mod chunks;
pub mod copies;
mod decode;
mod edited;
pub mod existing;
mod held_back;
pub mod html;
mod identify;
mod imported;
mod job;
pub mod layouts;
mod links;
mod markdown;
mod minhash;
mod other_files;
mod plain_lines;
mod portable;
mod problems;
pub mod provenance;
pub mod raw_file;
pub mod reading;
pub mod records;
pub mod recurrence;
mod removals;
pub mod repair;
pub mod report;
mod write;

pub use self::imported::Imported;

use std::collections::{BTreeMap, BTreeSet};

use self::article_writer::ArticleWriter;
use self::attachments::{Bringer, Catalogue};
use self::batch::Batch;
use self::copies::WrittenArticle;
use self::existing::{ImportedIndex, TakenNames};
use self::identify::{Identified, Step};
use self::job::{Job, Reason};
use self::records::RawTable;
use self::recurrence::Recurrence;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::progress::Progress;
use crate::site::Site;

/// What a person asked of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Paths below `raw/`; all of `raw/` where there is none.
    pub paths: Vec<String>,
    /// For edited articles whose record changed: whether the record wins. `None` keeps both.
    pub take_raw: Option<bool>,
    /// Whether articles may be removed, however many they are.
    pub prune: bool,
    /// Whether unchanged records are imported again.
    pub again: bool,
    /// Whether an import that would write or remove anything is an error.
    pub frozen: bool,
}

/// Brings `content/` up to date with `raw/`. `existing` is what `content/` contains now.
///
/// # Errors
/// Where more articles would be removed than a person would expect (then nothing is written), or the machine refuses.
/// A raw file that gives no article is a diagnostic in the result.
pub fn import(
    site: &Site,
    raw: &RawTable,
    mut existing: ImportedIndex,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Imported> {
    let mut records = raw.records(site, &options.paths)?;
    let mut imported = Imported::of(&records);
    let replaced = existing.take_replaced();
    if options.frozen && !replaced.is_empty() {
        return Err(frozen(replaced.len()).into());
    }
    for article in replaced {
        article_writer::remove(site, &article.path)?;
        imported.files.insert(article.file);
        imported.returned += 1;
    }
    let files = std::mem::take(&mut records.files);
    if files.is_empty() {
        let articles = existing.articles.len().max(existing.without_records);
        imported.diagnostics.extend(removals::without_raw(articles));
        return Ok(imported);
    }
    let order = records.evidence.order();
    let total = existing.articles.len();
    let catalogue = Catalogue::new(&records.others, &records.records);
    let fresh_others = records.fresh_others.clone();
    let articles = existing.articles.values();
    let shown = articles.flat_map(|article| article.shows.iter().map(|name| String::from(&**name)));
    let shown: BTreeSet<String> = shown.collect();
    let Identified {
        mut steps,
        unchanged,
    } = identify::identify(records, existing.articles, options);
    let kept = removals::check(&mut steps, &files, total, options.prune)?;
    let changes = steps.iter().filter(|step| step.changes_content()).count();
    if options.frozen && changes > 0 {
        return Err(frozen(changes).into());
    }
    imported.diagnostics.extend(kept);
    let writer = ArticleWriter::open(site, progress)?;
    let known = (&mut existing.names, &existing.vanished);
    let has_pages = steps.iter().any(Step::writes_page);
    let mut batch = Batch {
        order,
        recurrence: match has_pages {
            true => raw.recurrence(),
            false => Recurrence::default(),
        },
        ..Batch::default()
    };
    let jobs = plan(&writer, steps, known, &batch, options, &mut imported)?;
    if !jobs.is_empty() {
        let has_broken_words = jobs.iter().any(|job| job.record.has_broken_words);
        batch.read_texts(raw.sources(), has_broken_words, &site.settings);
    }
    let bringer = Bringer::new(site, catalogue);
    let written = write(&writer, &bringer, &jobs, &batch, &mut imported)?;
    imported.add_brought(bringer, &fresh_others, &shown);
    imported.copies = copies::find(&written, &unchanged);
    imported.diagnostics.sort();
    Ok(imported)
}

/// The articles to write. What needs no text of a record is done here: articles of vanished records are removed, and
/// edited articles are kept.
fn plan(
    writer: &ArticleWriter<'_>,
    steps: Vec<Step>,
    (names, vanished): (&mut TakenNames, &BTreeMap<u64, String>),
    batch: &Batch,
    options: &Options,
    imported: &mut Imported,
) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    for step in steps {
        match step {
            Step::Vanished(article) if article.edited => {
                imported.diagnostics.push(edited::record_vanished(&article));
            }
            Step::Vanished(article) => {
                article_writer::remove(writer.site, &article.path)?;
                imported.files.insert(article.file);
                imported.removed += 1;
            }
            Step::Renew(renewal) if renewal.article.edited => {
                jobs.extend(edited::renew(writer, renewal, options, imported)?);
            }
            Step::Renew(renewal) => {
                let reason = match (renewal.same_text, renewal.is_moved()) {
                    (true, false) => Reason::Again,
                    (true, true) => Reason::Moved,
                    (false, _) => Reason::Changed,
                };
                jobs.push(Job::renew(renewal, reason));
            }
            Step::New(record) => {
                let vanished = vanished.get(&record.digest()).cloned();
                jobs.push(Job {
                    vanished,
                    ..Job::new(record, batch, names)
                });
            }
        }
    }
    imported.same = imported.same.saturating_sub(jobs.len());
    Ok(jobs)
}

/// Writes the articles, and counts those that were written and those that were refused.
fn write(
    writer: &ArticleWriter<'_>,
    bringer: &Bringer<'_>,
    jobs: &[Job],
    batch: &Batch,
    imported: &mut Imported,
) -> Result<Vec<WrittenArticle>> {
    writer.expect(jobs.len());
    let outcomes = write::all(writer, bringer, jobs, batch)?;
    writer.commit()?;
    let mut written = Vec::with_capacity(jobs.len());
    for outcome in outcomes {
        match outcome {
            Ok((job, article)) => {
                imported.count(job.reason);
                imported.held_back +=
                    usize::from(article.is_held_back && job.reason == Reason::New);
                if let Some(vanished) = &job.vanished {
                    imported.events.push(came_back(job, vanished));
                    let files = (article.file.clone(), vanished.clone());
                    imported.replacements.extend([files]);
                }
                imported.recurring_texts += article.recurred;
                imported.files.insert(article.file.clone());
                written.push(article);
            }
            Err(diagnostic) => {
                imported.refused += usize::from(diagnostic.code != Code::EditConflict);
                imported.diagnostics.push(diagnostic);
            }
        }
    }
    Ok(written)
}

/// The error of an import that may not change anything, and would.
fn frozen(changes: usize) -> Diagnostic {
    let what = format!(
        "`content/` is not what import would make of `raw/` (articles that would change: {changes})"
    );
    Diagnostic::error(Code::ImportFrozen, "content", what)
        .hint("run `backfile import` where the articles are kept, and commit `content/`; nothing was changed")
}

/// An article that a person deleted, and whose record is there, was imported again.
fn came_back(job: &Job, vanished: &str) -> Diagnostic {
    let raw = &job.record.key.path;
    let what = format!(
        "this article was deleted, and comes back, because its record `raw/{raw}` is there"
    );
    let hint = format!(
        "to keep it away, put `{raw}` in `ignore` under `[import]`, or write `draft: true` instead"
    );
    Diagnostic::warning(Code::ArticleCameBack, format!("content/{vanished}"), what).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::Cache;
    use crate::diagnostics::Code;

    fn record(id: &str) -> String {
        format!(
            "{{\"id\": \"{id}\", \"headline\": \"Title {id}\", \"articleBody\": \"Text of {id}.\"}}\n"
        )
    }

    /// A record is found again by its number in the file, where another one may be by then.
    #[test]
    fn a_file_that_changes_during_the_import_gives_no_article_of_another_record() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("raw/a.jsonl");
        std::fs::create_dir_all(folder.path().join("raw")).unwrap();
        std::fs::write(&file, record("one") + &record("two")).unwrap();
        let site = Site::open(folder.path(), None).unwrap();
        let mut cache = Cache::open(&site, "a test", &|_| {}).unwrap();
        let raw = RawTable::open(&site, &mut cache, &|_, _, _| {}).unwrap();
        std::fs::write(&file, record("new") + &record("two")).unwrap();
        let (existing, options) = (ImportedIndex::default(), Options::default());
        let imported = import(&site, &raw, existing, &options, &|_, _, _| {}).unwrap();
        assert_eq!((imported.new, imported.refused), (1, 1));
        let codes: Vec<Code> = imported.diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(codes, [Code::RawChanged]);
        let file = imported.files.first().unwrap();
        let article = std::fs::read_to_string(site.content().join(file)).unwrap();
        assert!(article.contains("Text of two."), "{article}");
    }
}
