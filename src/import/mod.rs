//! raw → Article: recognise, read, repair, identify, write.
//! Knows records and the rules by which articles keep their identity; never knows how a page looks.

pub mod account;
pub mod copies;
mod decode;
pub mod existing;
pub mod html;
mod identify;
pub mod layouts;
mod markdown;
mod pieces;
mod problems;
pub mod raw_file;
pub mod reading;
pub mod records;
pub mod repair;
pub mod report;
mod sketch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde_json::json;

use copies::{Copies, Written};
use existing::{Existing, Shelf};
use identify::{Identified, Step};
use raw_file::RawPiece;
use reading::Reading;
use records::{RawTable, Record};

use crate::diagnostics::{Diagnostic, Failure, Result};
use crate::front_matter;
use crate::model::library::alias_path;
use crate::model::slug::slug;
use crate::model::{Article, Period, RawReference, WordCounts};
use crate::progress::Progress;
use crate::site::{Site, slashed};
use crate::sources;
use crate::stage::Stage;

/// Removing more than this many articles, and more than a tenth of all, wants a person's word.
const FEW: usize = 10;

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

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    pub new: usize,
    pub changed: usize,
    pub moved: usize,
    pub removed: usize,
    /// Read again though nothing changed, as asked.
    pub again: usize,
    /// Records whose articles stayed as they were.
    pub same: usize,
    /// Raw files that gave no article.
    pub refused: usize,
    /// Files of `content/` that were written or removed.
    pub files: BTreeSet<String>,
    /// What is wrong for as long as `raw/` and `content/` stay as they are.
    pub diagnostics: Vec<Diagnostic>,
    /// Copies among what was written, which are told of once.
    pub copies: Copies,
}

impl Imported {
    /// For people; None where nothing happened.
    pub fn line(&self) -> Option<String> {
        let parts = [
            ("new", self.new),
            ("changed", self.changed),
            ("moved", self.moved),
            ("removed", self.removed),
            ("read again", self.again),
            ("refused", self.refused),
        ];
        let said: Vec<String> = parts
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(word, n)| format!("{n} {word}"))
            .collect();
        (!said.is_empty()).then(|| format!("imported raw articles: {}", said.join(", ")))
    }

    /// This import and one right after it.
    pub fn and(self, later: Self) -> Self {
        Self {
            new: self.new + later.new,
            changed: self.changed + later.changed,
            moved: self.moved + later.moved,
            removed: self.removed + later.removed,
            again: self.again + later.again,
            copies: self.copies.and(later.copies),
            files: self.files.into_iter().chain(later.files).collect(),
            ..later
        }
    }

    /// All that there is to tell.
    pub fn said(&self) -> Vec<Diagnostic> {
        [&self.diagnostics[..], &self.copies.diagnostics].concat()
    }

    pub fn json(&self) -> serde_json::Value {
        json!({
            "new": self.new, "changed": self.changed, "moved": self.moved, "removed": self.removed,
            "again": self.again, "same": self.same, "refused": self.refused,
            "copies": self.copies.json(),
        })
    }
}

/// Brings `content/` up to date with `raw/`. `shelf` is what `content/` holds now.
///
/// # Errors
/// Where more would be removed than a person would expect, or the machine refuses; nothing is written then.
/// A raw file that gives no article is a diagnostic in the result.
pub fn import(
    site: &Site,
    raw: &RawTable,
    shelf: impl FnOnce() -> Shelf,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Imported> {
    let found = raw.records(site, &options.paths)?;
    let mut imported = Imported {
        refused: found.diagnostics.len(),
        diagnostics: found.diagnostics,
        ..Imported::default()
    };
    if found.files.is_empty() {
        return Ok(imported);
    }
    let Shelf {
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
    hold_absent_folders(&mut steps, &found.files);
    guard_removals(&steps, all, options.prune)?;

    let shelves = Shelves::open(site, progress)?;
    let mut jobs = Vec::new();
    for step in steps {
        match step {
            Step::Gone(existing) if existing.edited => {
                imported.diagnostics.push(gone_but_edited(&existing))
            }
            Step::Gone(existing) => {
                remove(site, &existing.path)?;
                imported.files.insert(existing.file);
                imported.removed += 1;
            }
            Step::Renew {
                record,
                existing,
                same_text,
            } if existing.edited => {
                renew_edited(
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
                match (same_text, record.key == existing.key()) {
                    (true, true) => imported.again += 1,
                    (true, false) => imported.moved += 1,
                    (false, _) => imported.changed += 1,
                }
                jobs.push(Job::renewing(record, &existing));
            }
            Step::New(record) => {
                imported.new += 1;
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
        .map(|(file, jobs)| write_all(&shelves, file, jobs, dates))
        .collect::<Result<_>>()?;
    shelves.fill()?;
    let mut written: Vec<Written> = Vec::with_capacity(jobs.len());
    for outcome in outcomes.into_iter().flatten() {
        match outcome {
            Ok(article) => {
                imported.files.insert(article.file.clone());
                written.push(article);
            }
            Err(diagnostic) => imported.diagnostics.push(diagnostic),
        }
    }
    imported.copies = copies::find(&written, &others);
    imported.diagnostics.sort();
    Ok(imported)
}

/// How this archive writes numeric dates.
#[derive(Debug, Clone, Copy)]
struct DayMonth {
    day_first: bool,
    /// Nothing in the archive decides it.
    undecided: bool,
}

/// One article to write.
#[derive(Debug)]
struct Job {
    record: Record,
    id: String,
    slug: Option<String>,
    aliases: Vec<String>,
    /// Where its file lies already.
    path: Option<std::path::PathBuf>,
}

impl Job {
    /// A rewritten article keeps its id, slug and aliases, and its file.
    fn renewing(record: Record, existing: &Existing) -> Self {
        let Existing {
            id,
            slug,
            aliases,
            path,
            ..
        } = existing.clone();
        Self {
            record,
            id,
            slug,
            aliases,
            path: Some(path),
        }
    }

    /// A new article. Records come by key, so the smallest key has the plain id and slug.
    fn new(
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
            id,
            slug: Some(slug),
            aliases: Vec::new(),
            path: None,
        }
    }
}

/// The article that was written, or why none was.
type Outcome = std::result::Result<Written, Diagnostic>;

/// Reads a raw file once more, now with its text, and writes the articles of these records of it.
fn write_all(
    shelves: &Shelves<'_>,
    file: &str,
    jobs: &[&Job],
    dates: DayMonth,
) -> Result<Vec<Outcome>> {
    let site = shelves.site;
    let changed = || {
        let what = "the file changed while it was imported";
        Diagnostic::problem(format!("raw/{file}"), what).hint("import again")
    };
    let raw = site.raw();
    let Some(source) = sources::one(&raw, &raw.join(file)) else {
        return Ok(vec![Err(changed())]);
    };
    let by_rank: BTreeMap<usize, &Job> = jobs.iter().map(|job| (job.record.rank, *job)).collect();
    let mut written: Vec<Outcome> = Vec::with_capacity(jobs.len());
    let mut failed = None;
    let mut rank = 0;
    raw_file::read(&source, &site.settings.import, &mut |pieces| {
        let mut asked: Vec<(&Job, Reading, &RawPiece)> = Vec::new();
        let mut pieces = pieces;
        let readings: Vec<Vec<Reading>> = pieces
            .iter_mut()
            .map(|piece| std::mem::take(&mut piece.readings))
            .collect();
        for (piece, readings) in pieces.iter().zip(readings) {
            for reading in readings {
                asked.extend(by_rank.get(&rank).map(|job| (*job, reading, piece)));
                rank += 1;
            }
        }
        let made: Result<Vec<Outcome>> = asked
            .into_par_iter()
            .map(|(job, reading, piece)| write(shelves, job, piece, reading, dates))
            .collect();
        match made {
            Ok(made) => written.extend(made),
            Err(failure) => failed = failed.take().or(Some(failure)),
        }
    });
    match failed {
        Some(failure) => Err(failure),
        None if written.len() < jobs.len() => {
            written.push(Err(changed()));
            Ok(written)
        }
        None => Ok(written),
    }
}

/// Writes the article of a record. A diagnostic where words would be lost.
fn write(
    shelves: &Shelves<'_>,
    job: &Job,
    piece: &RawPiece,
    mut reading: Reading,
    dates: DayMonth,
) -> Result<Outcome> {
    let site = shelves.site;
    let key = &job.record.key;
    let record_text = piece.text.get(reading.span.clone()).unwrap_or(&piece.text);
    reading.make_body(record_text);
    let counts = match reading.account.verify(record_text, &reading) {
        Ok(counts) => counts,
        Err(what) => {
            let what = format!("words would be lost: {what}");
            return Ok(Err(Diagnostic::problem(format!("raw/{}", key.path), what)
                .hint("the record is left out; please report this")));
        }
    };
    repair::language::infer(&mut reading, &site.settings.language);
    if let Some(other) = reading.other_date {
        if dates.day_first {
            reading.front.date = Some(other);
        }
        if dates.undecided {
            reading.infer("date");
        }
    }
    let mut front = reading.front;
    front.id = job.id.clone();
    front.slug = job.slug.clone();
    let kept = job
        .aliases
        .iter()
        .filter(|alias| {
            let same = |a: &String| alias_path(a).as_deref() == Some(alias.as_str());
            !front.aliases.iter().any(same)
        })
        .cloned()
        .collect::<Vec<_>>();
    front.aliases.extend(kept);
    front.raw = Some(RawReference {
        path: key.path.clone(),
        record: key.record.clone(),
        blake3: job.record.blake3.clone(),
        layout: piece.layout.to_owned(),
        written: String::new(),
        words: Some(counted(&counts)),
        sketch: sketch::of(&reading.body),
    });
    front.extra = front_matter::with_free_keys(front.extra);
    let path = job
        .path
        .clone()
        .unwrap_or_else(|| free_path(site, job, front.date));
    let article = Article {
        front,
        body: reading.body,
    };
    let text = front_matter::write_sealed(article.clone());
    if !front_matter::reads_back(&text, &article) {
        let what = "its front matter could not be read again once it is written";
        return Ok(Err(Diagnostic::problem(format!("raw/{}", key.path), what)
            .hint("the record is left out; please report this")));
    }
    shelves.put(&path, &text)?;
    let file = path.strip_prefix(site.content()).unwrap_or(&path);
    Ok(Ok(Written {
        file: slashed(file),
        key: key.clone(),
        blake3: job.record.blake3.clone(),
        sketch: article.front.raw.and_then(|raw| raw.sketch),
    }))
}

/// Counts as front matter has them.
fn counted(counts: &account::Counts) -> WordCounts {
    let number = |words: usize| u32::try_from(words).unwrap_or(u32::MAX);
    WordCounts {
        label: number(counts.label),
        field: number(counts.field),
        body: number(counts.body),
        removed: number(counts.removed),
    }
}

/// `content/articles/2021/07/slug.md`; with the id where a file lies there already.
fn free_path(site: &Site, job: &Job, date: Option<crate::model::Date>) -> std::path::PathBuf {
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

/// Where articles are written: they wait beside the cache, where nobody takes one of a killed import for an article.
struct Shelves<'a> {
    site: &'a Site,
    stage: Stage,
    progress: Progress<'a>,
    done: AtomicUsize,
    all: AtomicUsize,
}

impl<'a> Shelves<'a> {
    fn open(site: &'a Site, progress: Progress<'a>) -> Result<Self> {
        let folder = site.cache().join("articles");
        let stage = std::fs::create_dir_all(site.content()).and_then(|()| Stage::open(&folder));
        let stage = stage.map_err(|e| Diagnostic::io(&folder, "write the cache", &e))?;
        Ok(Self {
            site,
            stage,
            progress,
            done: AtomicUsize::new(0),
            all: AtomicUsize::new(0),
        })
    }

    /// So many articles are going to be written.
    fn expect(&self, articles: usize) {
        self.all.store(articles, Ordering::Relaxed);
    }

    /// Lets an article wait for its place.
    fn put(&self, path: &Path, text: &str) -> Result<()> {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        // A terminal is no faster than this.
        if done.is_multiple_of(256) {
            (self.progress)("writing articles", done, self.all.load(Ordering::Relaxed));
        }
        let below = path.strip_prefix(self.site.content()).unwrap_or(path);
        let put = self.stage.put(below, text.as_bytes());
        put.map_err(|e| Diagnostic::io(path, "write the article", &e).into())
    }

    /// Moves all that waits to its place.
    fn fill(&self) -> Result<()> {
        let content = self.site.content();
        let moved = self.stage.switch_in(&content);
        moved.map_err(|e| Diagnostic::io(&content, "move the articles to their place", &e).into())
    }
}

fn remove(site: &Site, path: &Path) -> Result<()> {
    std::fs::remove_file(path)
        .map_err(|e| Diagnostic::io(path, "remove the article of a vanished record", &e))?;
    // A folder that is empty now goes too, but never `content/` itself.
    for folder in path
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != site.content())
    {
        if std::fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// An edited article is never written over, unless a person said so by name.
fn renew_edited(
    shelves: &Shelves<'_>,
    jobs: &mut Vec<Job>,
    imported: &mut Imported,
    record: Record,
    existing: Existing,
    same_text: bool,
    options: &Options,
) -> Result<()> {
    let moved = record.key != existing.key();
    match (same_text, options.take_raw) {
        (true, _) if !moved => {}
        (true, _) => {
            repoint(shelves, &existing, &record)?;
            imported.files.insert(existing.file);
            imported.moved += 1;
        }
        (false, Some(true)) => {
            imported.changed += 1;
            jobs.push(Job::renewing(record, &existing));
        }
        (false, Some(false)) => {
            repoint(shelves, &existing, &record)?;
            imported.files.insert(existing.file);
        }
        (false, None) => {
            let what = format!(
                "the record `raw/{}` changed, and so did this article by hand",
                record.key.path
            );
            let hint = format!(
                "`backfile import --take raw {0}` lets the record win, `--take mine {0}` the edit",
                record.key.path
            );
            imported
                .diagnostics
                .push(Diagnostic::problem(format!("content/{}", existing.file), what).hint(hint));
        }
    }
    Ok(())
}

/// Points an edited article at its record as it is now; nothing else in the file is touched.
fn repoint(shelves: &Shelves<'_>, existing: &Existing, record: &Record) -> Result<()> {
    let failed = |e: std::io::Error| Diagnostic::io(&existing.path, "update the article", &e);
    let text = std::fs::read_to_string(&existing.path).map_err(failed)?;
    let end = front_matter::split(&text).map_or(0, |parts| parts.body_at);
    let raw = RawReference {
        path: record.key.path.clone(),
        record: record.key.record.clone(),
        blake3: record.blake3.clone(),
        ..existing.raw.clone()
    };
    let front = front_matter::replace_raw(&text[..end], &raw);
    shelves.put(&existing.path, &(front + &text[end..]))
}

fn gone_but_edited(existing: &Existing) -> Diagnostic {
    let what = format!(
        "its record `raw/{}` is gone; the article was edited, so it stays",
        existing.raw.path
    );
    Diagnostic::warning(format!("content/{}", existing.file), what)
        .hint("remove the key `raw` to make it yours, or the file")
}

/// Where `raw/` or a top folder of it is absent or empty, a disk is more likely unmounted than an archive deleted.
fn hold_absent_folders(steps: &mut Vec<Step>, files: &[String]) {
    let top = |path: &str| path.split_once('/').map(|(folder, _)| folder.to_owned());
    let present: BTreeSet<Option<String>> = files.iter().map(|file| top(file)).collect();
    steps.retain(|step| match step {
        Step::Gone(existing) => {
            let folder = top(&existing.raw.path);
            folder.is_none() || present.contains(&folder)
        }
        _ => true,
    });
}

fn guard_removals(steps: &[Step], all: usize, prune: bool) -> Result<()> {
    let removed = steps
        .iter()
        .filter(|step| matches!(step, Step::Gone(existing) if !existing.edited))
        .count();
    if prune || removed <= FEW || removed * 10 <= all {
        return Ok(());
    }
    let what = format!("{removed} of {all} records are gone; their articles would be removed");
    Err(Failure::from(Diagnostic::error("raw", what).hint(
        "`backfile import --prune` removes them; nothing was changed",
    )))
}
