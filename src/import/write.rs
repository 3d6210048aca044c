//! Records → articles in `content/`: each raw file is read a second time, now with the texts of its records.
//! Never writes an article of which a word is not accounted for.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rayon::prelude::*;
use url::Url;

use super::article_writer::ArticleWriter;
use super::attachments::Bringer;
use super::batch::Batch;
use super::copies::WrittenArticle;
use super::job::{self, Job, Reason};
use super::links::Links;
use super::portable::portable;
use super::raw_file::{self, ReadChunk};
use super::reading::Reading;
use super::repair::dates::{self, DateOrder};
use super::repair::language::{self, Detected};
use super::{body, edited, minhash};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files;
use crate::front_matter;
use crate::model::library::alias_path;
use crate::model::path::slashed;
use crate::model::{Article, FrontMatter, RawReference, WordCounts};
use crate::settings::Settings;

/// The article that was written, or why none was.
pub(crate) type WriteOutcome<'j> = std::result::Result<(&'j Job, WrittenArticle), Diagnostic>;

/// Stages the articles of all jobs.
///
/// # Errors
/// Where the machine refuses to write. A record that gives no article is a diagnostic among the outcomes.
pub(crate) fn all<'j>(
    writer: &ArticleWriter<'_>,
    bringer: &Bringer<'_>,
    jobs: &'j [Job],
    batch: &Batch,
) -> Result<Vec<WriteOutcome<'j>>> {
    let mut files: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
    for job in jobs {
        files.entry(&job.record.key.path).or_default().push(job);
    }
    let files = files.par_iter();
    let outcomes = files.map(|(file, jobs)| articles_of((writer, bringer), file, jobs, batch));
    let outcomes: Vec<Vec<WriteOutcome<'_>>> = outcomes.collect::<Result<_>>()?;
    Ok(outcomes.into_iter().flatten().collect())
}

/// Stages the articles of one raw file.
fn articles_of<'j>(
    (writer, bringer): (&ArticleWriter<'_>, &Bringer<'_>),
    file: &str,
    jobs: &[&'j Job],
    batch: &Batch,
) -> Result<Vec<WriteOutcome<'j>>> {
    let raw = writer.site.raw();
    let Some(source) = files::one(&raw, &raw.join(file)) else {
        return Ok(vec![Err(changed(file))]);
    };
    let by_rank: BTreeMap<usize, &'j Job> =
        jobs.iter().map(|job| (job.record.rank, *job)).collect();
    let mut outcomes: Vec<WriteOutcome<'_>> = Vec::with_capacity(jobs.len());
    let mut failed = None;
    let mut rank = 0;
    raw_file::read(&source, &writer.site.settings.import, &mut |mut chunks| {
        let readings: Vec<Vec<Reading>> = chunks
            .iter_mut()
            .map(|chunk| std::mem::take(&mut chunk.readings))
            .collect();
        let mut wanted: Vec<(&'j Job, Reading, &ReadChunk)> = Vec::new();
        for (chunk, readings) in chunks.iter().zip(readings) {
            for reading in readings {
                wanted.extend(by_rank.get(&rank).map(|job| (*job, reading, chunk)));
                rank += 1;
            }
        }
        let made = wanted.into_par_iter();
        let made =
            made.map(|(job, reading, chunk)| write((writer, bringer), job, chunk, reading, batch));
        match made.collect::<Result<Vec<_>>>() {
            Ok(made) => {
                outcomes.extend(made);
                ControlFlow::Continue(())
            }
            Err(failure) => {
                failed = Some(failure);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(failure) = failed {
        return Err(failure);
    }
    if outcomes.len() < jobs.len() {
        outcomes.push(Err(changed(file)));
    }
    Ok(outcomes)
}

/// The raw file is not as it was when its records were identified.
fn changed(file: &str) -> Diagnostic {
    let what = "the file changed while it was imported";
    Diagnostic::problem(Code::RawChanged, format!("raw/{file}"), what).hint("import again")
}

fn left_out(job: &Job, code: Code, what: impl Into<String>) -> Diagnostic {
    let path = format!("raw/{}", job.record.key.path);
    Diagnostic::problem(code, path, what).hint("the record is left out; please report this")
}

/// Stages the article of a record; a diagnostic where words would be lost.
fn write<'j>(
    (writer, bringer): (&ArticleWriter<'_>, &Bringer<'_>),
    job: &'j Job,
    chunk: &ReadChunk,
    mut reading: Reading,
    batch: &Batch,
) -> Result<WriteOutcome<'j>> {
    // Records are found by their number in the file, so another record is there where the file changed meanwhile.
    if chunk.digest(&reading) != job.record.blake3 {
        return Ok(Err(changed(&job.record.key.path)));
    }
    let record_text = chunk.text.get(reading.span.clone()).unwrap_or(&chunk.text);
    batch.settle(&mut reading);
    body::convert_with(&mut reading, record_text, &batch.words);
    let recurred = reading.recurred;
    let words = match reading.verify(record_text) {
        Ok(words) => words,
        Err(what) => {
            let what = format!("words would be lost: {what}");
            return Ok(Err(left_out(job, Code::WordsLost, what)));
        }
    };
    let site = writer.site;
    infer_language(&mut reading, &site.settings.language, batch.language);
    decide_date(&mut reading, batch.order);
    infer_date(&mut reading);
    let is_verbatim = reading.account.verbatim;
    let (front, mut body) = (reading.front, reading.body.into_markdown());
    let path = job.path.clone();
    let path = path.unwrap_or_else(|| job::free_path(site, job, front.date));
    let links = Links {
        from: &job.record.key.path,
        to: &path,
        base: base(&front),
        is_verbatim,
    };
    if let Some(made) = links.rewrite(&body, writer, bringer)? {
        body = made;
    }
    let front = identified(front, job, chunk.layout, words, &body, &site.settings);
    let article = Article { front, body };
    let text = front_matter::write_sealed(article.clone());
    if !front_matter::reads_back(&text, &article) {
        let what = "its front matter cannot be read back after it is written";
        return Ok(Err(left_out(job, Code::FrontMatterUnreadable, what)));
    }
    if job.reason == Reason::Conflict {
        return Ok(Err(edited::both_changed(job, &path, &text)));
    }
    writer.stage(&path, &text)?;
    let written = WrittenArticle {
        file: slashed(path.strip_prefix(site.content()).unwrap_or(&path)),
        key: job.record.key.clone(),
        blake3: job.record.blake3.clone(),
        is_held_back: article.front.draft,
        recurred,
        sketch: article.front.raw.and_then(|raw| raw.sketch),
    };
    Ok(Ok((job, written)))
}

/// Front matter with the identity of the article, and where it came from.
fn identified(
    mut front: FrontMatter,
    job: &Job,
    layout: &str,
    words: WordCounts,
    body: &str,
    settings: &Settings,
) -> FrontMatter {
    front.id = job.id.clone();
    front.slug = job.slug.clone();
    for alias in &job.aliases {
        let is_same = |other: &String| alias_path(other).as_deref() == Some(alias.as_str());
        if !front.aliases.iter().any(is_same) {
            front.aliases.push(alias.clone());
        }
    }
    front.raw = Some(RawReference {
        path: job.record.key.path.clone(),
        record: job.record.key.record.clone(),
        blake3: job.record.blake3.clone(),
        layout: layout.to_owned(),
        written: String::new(),
        words: Some(words),
        sketch: minhash::of(body),
    });
    if settings.import.aliases {
        add_old_paths(&mut front);
    }
    portable(front, settings.zone)
}

/// Adds the paths at which the article was published before to its aliases.
fn add_old_paths(front: &mut FrontMatter) {
    let addresses = ADDRESSES
        .iter()
        .filter_map(|key| front.extra.get(*key)?.as_str());
    let paths = addresses.filter_map(|address| match Url::parse(address) {
        Ok(url) => url.query().is_none().then(|| url.path().to_owned()),
        Err(_) => address.starts_with('/').then(|| address.to_owned()),
    });
    for path in paths.collect::<Vec<_>>() {
        let is_known = |other: &String| alias_path(other) == alias_path(&path);
        if alias_path(&path).is_some() && path != "/" && !front.aliases.iter().any(is_known) {
            front.aliases.push(path);
        }
    }
}

/// The address to which relative links of a record belong.
fn base(front: &FrontMatter) -> Option<Url> {
    let addresses = ADDRESSES
        .iter()
        .filter_map(|key| front.extra.get(*key)?.as_str());
    addresses
        .filter_map(|address| Url::parse(address).ok())
        .next()
}

/// Decides between the two readings of a date such as `04/05/2004`.
fn decide_date(reading: &mut Reading, order: DateOrder) {
    let Some(other) = reading.other_date else {
        return;
    };
    match order {
        DateOrder::MonthFirst => {}
        DateOrder::DayFirst => reading.front.date = Some(other),
        DateOrder::Undecided => reading.infer("date"),
    }
}

/// Keys of a record that may hold its address, the most likely first.
const ADDRESSES: &[&str] = &["url", "permalink", "link", "path", "canonical_url"];

/// Sets the date that the address of a record says, where nothing else does.
fn infer_date(reading: &mut Reading) {
    let front = &reading.front;
    let is_dated = front.date.is_some() || front.extra.contains_key("date_text");
    let addresses = ADDRESSES
        .iter()
        .filter_map(|key| front.extra.get(*key)?.as_str());
    let found = addresses.filter(|_| !is_dated).find_map(dates::in_address);
    if found.is_some() {
        reading.front.date = found;
        reading.infer("date");
    }
}

/// Sets the language, where the record names none and its text is certainly not in the site's language.
fn infer_language(reading: &mut Reading, site: &str, others: Option<&'static str>) {
    if !reading.repairs.language || reading.front.lang.is_some() {
        return;
    }
    let decoded = reading.account.decoded.as_ref().map(|d| d.body.as_str());
    let text = decoded.filter(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| reading.body.markdown());
    let found = match language::find(site, text) {
        Detected::Other(lang) => Some(lang),
        Detected::Sites => None,
        Detected::Uncertain => others.filter(|lang| language::may_be_in(lang, text)),
    };
    if let Some(lang) = found {
        reading.front.lang = Some(lang.to_owned());
        reading.infer("lang");
    }
}
