//! What lies in `raw/`: files → records with their keys and digests. Reads raw files; never changes one.

use globset::{Glob, GlobSet, GlobSetBuilder};
use rayon::prelude::*;

use super::decode::{NotText, decode};
use super::layouts::{LAYOUTS, RawText};
use super::reading::{DayMonthEvidence, Reading};

use crate::diagnostics::{Diagnostic, Result};
use crate::site::Site;
use crate::sources::{self, Source};

/// How import knows a record: its file, and its own id there or the beginning of its digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Below `raw/`, with `/` between folders.
    pub path: String,
    pub record: String,
}

impl Key {
    /// Twelve hex digits that stand for this key.
    pub fn digest(&self) -> String {
        blake3::hash(format!("{}\0{}", self.path, self.record).as_bytes()).to_hex()[..12].to_owned()
    }
}

/// A record, without its text.
#[derive(Debug, Clone)]
pub struct Record {
    pub key: Key,
    /// BLAKE3 in hex: of the file where it is one record, else of the record's part of it.
    pub blake3: String,
    /// Its place among the records of its file.
    pub rank: usize,
    /// Whether the file is this one record.
    pub alone: bool,
    /// As the layout read it; empty text where it is unknown.
    pub id: String,
    pub title: String,
    pub date: Option<crate::model::Date>,
    pub other_date: Option<crate::model::Date>,
}

/// All that `raw/` holds.
#[derive(Debug, Default)]
pub struct Records {
    pub records: Vec<Record>,
    pub evidence: DayMonthEvidence,
    /// Files that gave no article, and why.
    pub diagnostics: Vec<Diagnostic>,
    /// Files whose articles stay whatever happens: ignored, not asked for, or unreadable now.
    pub held: Vec<String>,
    /// Every file there is, to tell a folder that is empty from one that is not there.
    pub files: Vec<String>,
}

/// Lists and reads `raw/`. `wanted` are paths below it; all of it where there is none.
///
/// # Errors
/// Where the folder cannot be listed, or a glob of the settings cannot be understood.
pub fn read(site: &Site, wanted: &[String]) -> Result<Records> {
    let ignored = globs(&site.settings.import.ignore)?;
    let sources = sources::list(&site.raw())?;
    let mut found = Records {
        files: sources.iter().map(|s| s.file.clone()).collect(),
        ..Records::default()
    };
    let is_wanted = |file: &str| {
        let below = |folder: &String| {
            file == folder
                || file
                    .strip_prefix(folder.as_str())
                    .is_some_and(|r| r.starts_with('/'))
        };
        !ignored.is_match(file) && (wanted.is_empty() || wanted.iter().any(below))
    };
    let (asked, held): (Vec<_>, Vec<_>) = sources.into_iter().partition(|s| is_wanted(&s.file));
    found.held.extend(held.into_iter().map(|s| s.file));
    let read: Vec<_> = asked
        .par_iter()
        .map(|source| (source, records_of(source, site.settings.import.max_bytes)))
        .collect();
    for (source, result) in read {
        match result {
            Ok((records, evidence)) => {
                found.records.extend(records);
                found.evidence += evidence;
            }
            Err(diagnostic) => {
                found.held.push(source.file.clone());
                found.diagnostics.push(diagnostic);
            }
        }
    }
    Ok(found)
}

fn globs(patterns: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = Glob::new(pattern).map_err(|e| {
            Diagnostic::error(
                "backfile.toml",
                format!("`{pattern}` in `ignore` is not a pattern: {}", e.kind()),
            )
            .hint("write it as `drafts/**` or `*.tmp`")
        })?;
        set.add(glob);
    }
    set.build().map_err(|e| {
        Diagnostic::error("backfile.toml", format!("`ignore` cannot be used: {e}")).into()
    })
}

fn records_of(
    source: &Source,
    max_bytes: u64,
) -> std::result::Result<(Vec<Record>, DayMonthEvidence), Diagnostic> {
    let RawFile {
        readings,
        text,
        blake3,
        ..
    } = open(source, max_bytes)?;
    let alone = readings.len() == 1 && readings[0].record.is_none();
    let mut evidence = DayMonthEvidence::default();
    let mut records = Vec::with_capacity(readings.len());
    for (rank, reading) in readings.into_iter().enumerate() {
        evidence += reading.evidence;
        let digest = if alone {
            blake3.clone()
        } else {
            digest_of(&text, &reading)
        };
        let record = reading
            .record
            .clone()
            .unwrap_or_else(|| digest[..12].to_owned());
        let key = Key {
            path: source.file.clone(),
            record,
        };
        let Reading {
            front, other_date, ..
        } = reading;
        records.push(Record {
            key,
            blake3: digest,
            rank,
            alone,
            id: front.id,
            title: front.title,
            date: front.date,
            other_date,
        });
    }
    Ok((records, evidence))
}

fn digest_of(text: &str, reading: &Reading) -> String {
    let part = text.get(reading.span.clone()).unwrap_or(text);
    blake3::hash(part.as_bytes()).to_hex().to_string()
}

/// A raw file, read by the layout that recognised it.
pub struct RawFile {
    pub layout: &'static str,
    pub text: String,
    pub blake3: String,
    pub readings: Vec<Reading>,
}

/// Reads one raw file whole.
///
/// # Errors
/// A problem where it is too large, empty, binary, or in no known layout.
pub fn open(source: &Source, max_bytes: u64) -> std::result::Result<RawFile, Diagnostic> {
    let shown = format!("raw/{}", source.file);
    if source.size > max_bytes {
        let (size, most) = (source.size.div_ceil(1_000_000), max_bytes / 1_000_000);
        return Err(Diagnostic::problem(
            &shown,
            format!("the file has {size} MB; at most {most} MB are read"),
        )
        .hint("raise `max_bytes` under `[import]` in backfile.toml, or put the file in `ignore`"));
    }
    let bytes =
        std::fs::read(&source.path).map_err(|e| Diagnostic::unreadable(shown.clone(), &e))?;
    let text = decode(&bytes).map_err(|why| match why {
        NotText::Empty => Diagnostic::problem(&shown, "the file is empty")
            .hint("remove it, or put it in `ignore` under `[import]`"),
        NotText::Binary => Diagnostic::problem(&shown, "the file is not text")
            .hint("articles are text; put it in `ignore` under `[import]`"),
    })?;
    let raw = RawText {
        path: &source.file,
        text: &text,
    };
    let layout = LAYOUTS.iter().find(|layout| layout.recognises(&raw)).ok_or_else(|| {
        Diagnostic::problem(&shown, "the file is in no layout that Backfile knows")
            .at(&text, 1, 1)
            .hint("docs/import.md shows the layouts; a title, a blank line and paragraphs are enough")
    })?;
    let readings = layout.read(&raw)?;
    let blake3 = blake3::hash(&bytes).to_hex().to_string();
    Ok(RawFile {
        layout: layout.name(),
        readings,
        blake3,
        text,
    })
}
