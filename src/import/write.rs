//! Records → articles in `content/`: each raw file is read once more, now with its text.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rayon::prelude::*;

use super::article_writer::ArticleWriter;
use super::copies::Written;
use super::job::{self, Job, What};
use super::raw_file::{self, RawPiece};
use super::reading::Reading;
use super::repair::language;
use super::{body, minhash};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files;
use crate::front_matter;
use crate::model::library::alias_path;
use crate::model::path::slashed;
use crate::model::{Article, RawReference};

/// How this archive writes numeric dates.
#[derive(Debug, Clone, Copy)]
pub struct DayMonth {
    pub day_first: bool,
    /// Nothing in the archive decides it.
    pub undecided: bool,
}

/// The article that was written, or why none was.
pub type Outcome = std::result::Result<(What, Written), Diagnostic>;

/// Reads a raw file once more, now with its text, and writes the articles of these records of it.
pub fn all(
    shelves: &ArticleWriter<'_>,
    file: &str,
    jobs: &[&Job],
    dates: DayMonth,
) -> Result<Vec<Outcome>> {
    let site = shelves.site;
    let changed = || {
        let what = "the file changed while it was imported";
        Diagnostic::problem(Code::Unclassified, format!("raw/{file}"), what).hint("import again")
    };
    let raw = site.raw();
    let Some(source) = files::one(&raw, &raw.join(file)) else {
        return Ok(vec![Err(changed())]);
    };
    let by_rank: BTreeMap<usize, &Job> = jobs.iter().map(|job| (job.record.rank, *job)).collect();
    let mut written: Vec<Outcome> = Vec::with_capacity(jobs.len());
    let mut failed = None;
    let mut rank = 0;
    raw_file::read(&source, &site.settings.import, &mut |mut pieces| {
        let mut asked: Vec<(&Job, Reading, &RawPiece)> = Vec::new();
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
            Ok(made) => {
                written.extend(made);
                ControlFlow::Continue(())
            }
            Err(failure) => {
                failed = Some(failure);
                ControlFlow::Break(())
            }
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
    shelves: &ArticleWriter<'_>,
    job: &Job,
    piece: &RawPiece,
    mut reading: Reading,
    dates: DayMonth,
) -> Result<Outcome> {
    let site = shelves.site;
    let key = &job.record.key;
    let record_text = piece.text.get(reading.span.clone()).unwrap_or(&piece.text);
    body::convert(&mut reading, record_text);
    let words = match reading.verify(record_text) {
        Ok(words) => words,
        Err(what) => {
            let what = format!("words would be lost: {what}");
            return Ok(Err(Diagnostic::problem(
                Code::Unclassified,
                format!("raw/{}", key.path),
                what,
            )
            .hint("the record is left out; please report this")));
        }
    };
    infer_language(&mut reading, &site.settings.language);
    if let Some(other) = reading.other_date {
        if dates.day_first {
            reading.front.date = Some(other);
        }
        if dates.undecided {
            reading.infer("date");
        }
    }
    let (mut front, body) = (reading.front, reading.body.into_markdown());
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
        words: Some(words),
        sketch: minhash::of(&body),
    });
    front.extra = front_matter::with_free_keys(front.extra);
    let path = job
        .path
        .clone()
        .unwrap_or_else(|| job::free_path(site, job, front.date));
    let article = Article { front, body };
    let text = front_matter::write_sealed(article.clone());
    if !front_matter::reads_back(&text, &article) {
        let what = "its front matter could not be read again once it is written";
        return Ok(Err(Diagnostic::problem(
            Code::Unclassified,
            format!("raw/{}", key.path),
            what,
        )
        .hint("the record is left out; please report this")));
    }
    shelves.put(&path, &text)?;
    let file = path.strip_prefix(site.content()).unwrap_or(&path);
    let written = Written {
        file: slashed(file),
        key: key.clone(),
        blake3: job.record.blake3.clone(),
        sketch: article.front.raw.and_then(|raw| raw.sketch),
    };
    Ok(Ok((job.what, written)))
}

/// Sets the language, where the record names none and its text is certainly not in the site's language.
fn infer_language(reading: &mut Reading, site: &str) {
    if !reading.repairs.language || reading.front.lang.is_some() {
        return;
    }
    let decoded = reading.account.decoded.as_ref().map(|d| d.body.as_str());
    let text = decoded.filter(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| reading.body.markdown());
    if let Some(lang) = language::other_than(site, text) {
        reading.front.lang = Some(lang.to_owned());
        reading.infer("lang");
    }
}
