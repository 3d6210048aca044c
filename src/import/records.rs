//! What lies in `raw/`: files → records with their keys and digests. Reads raw files; never changes one.

use std::collections::{HashMap, HashSet};

use globset::{Glob, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::decode::{NotText, decode};
use super::layouts::{LAYOUTS, RawText};
use super::reading::{DayMonthEvidence, Reading};

use crate::cache::{self, Cache, Journal, Table};
use crate::diagnostics::{Diagnostic, Packed, Severity};
use crate::model::Stamp;
use crate::model::sum::{self, Sum};
use crate::site::Site;
use crate::sources::{self, Source};

/// How import knows a record: its file, and its own id there or the beginning of its digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    pub slug: Option<String>,
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

/// Every raw file as it was last read.
#[derive(Debug)]
pub struct RawTable {
    journal: Journal,
    table: Table,
    /// What was read just now.
    fresh: HashMap<Box<str>, Vec<u8>>,
    sources: Vec<Source>,
}

/// What is kept of a raw file: how it looked, whether it could not have changed since within a tick of the clock, and
/// its records or why it has none.
type Kept = (Stamp, bool, Result<Read, Packed>);

/// A file's records, what their dates say, and why some of its records give no article.
type Read = (Vec<Record>, DayMonthEvidence, Vec<Packed>);

/// Files that are read before what came of them is kept.
const CHUNK: usize = 4_096;

impl RawTable {
    /// Lists `raw/` and reads what is new or differs.
    ///
    /// # Errors
    /// Where the folder cannot be listed, or the cache cannot be written.
    pub fn open(site: &Site, cache: &mut Cache) -> crate::diagnostics::Result<Self> {
        let tick = cache.tick()?;
        let max_bytes = site.settings.import.max_bytes;
        let (mut journal, table) = cache.table("raw", cache::key(&[&max_bytes.to_le_bytes()]));
        journal.tidy(&table)?;
        let sources = sources::list(&site.raw())?;
        let as_before = |source: &&Source| {
            let kept = table
                .get(&source.file)
                .map(postcard::take_from_bytes::<(Stamp, bool)>);
            !matches!(kept, Some(Ok(((stamp, true), _))) if stamp == source.stamp)
        };
        let differing: Vec<&Source> = sources.iter().filter(as_before).collect();
        let mut fresh = HashMap::with_capacity(differing.len());
        for chunk in differing.chunks(CHUNK) {
            let read = chunk.par_iter().map(|source| {
                let result = records_of(source, max_bytes).map_err(|d| d.pack());
                let kept: Kept = (source.stamp, source.stamp.latest() < tick, result);
                (Box::<str>::from(source.file.as_str()), cache::encode(&kept))
            });
            let read: Vec<(Box<str>, Vec<u8>)> = read.collect();
            journal.append(read.iter().map(|(file, kept)| (file, kept)))?;
            fresh.extend(read);
        }
        let there: HashSet<&str> = sources.iter().map(|s| s.file.as_str()).collect();
        let gone = table
            .iter()
            .filter(|(file, kept)| kept.is_some() && !there.contains(file));
        journal.append(gone.map(|(file, _)| (file, "")))?;
        Ok(Self {
            journal,
            table,
            fresh,
            sources,
        })
    }

    /// How far the table has grown; the same for as long as `raw/` is.
    pub fn mark(&self) -> cache::Mark {
        self.journal.mark()
    }

    /// What `raw/` holds, as its listing says.
    pub fn sum(&self) -> Sum {
        let sources = self.sources.par_iter();
        sources.map(|s| sum::file(&s.file, &s.stamp)).collect()
    }

    /// The records of `raw/`. `wanted` are paths below it; all of it where there is none.
    ///
    /// # Errors
    /// Where a glob of the settings cannot be understood.
    pub fn records(&self, site: &Site, wanted: &[String]) -> crate::diagnostics::Result<Records> {
        let ignored = globs(&site.settings.import.ignore)?;
        let mut found = Records {
            files: self.sources.iter().map(|s| s.file.clone()).collect(),
            ..Records::default()
        };
        // `raw/` itself.
        let wanted = if wanted.iter().any(String::is_empty) {
            &[]
        } else {
            wanted
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
        let (asked, held): (Vec<&Source>, Vec<_>) =
            self.sources.iter().partition(|s| is_wanted(&s.file));
        // How this archive writes dates is told by all of it.
        for source in &held {
            if let Some((_, _, Ok((_, evidence, _)))) = self.kept(&source.file) {
                found.evidence += evidence;
            }
        }
        found.held.extend(held.into_iter().map(|s| s.file.clone()));
        let kept = asked
            .par_iter()
            .map(|source| (source, self.kept(&source.file)));
        for (source, kept) in kept.collect::<Vec<_>>() {
            match kept {
                Some((_, _, Ok((records, evidence, problems)))) => {
                    found.records.extend(records);
                    found.evidence += evidence;
                    let before = found.diagnostics.len();
                    let problems = problems.into_iter().map(Diagnostic::unpack);
                    found.diagnostics.extend(problems);
                    // The article of a record that cannot be read now stays.
                    let mut new = found.diagnostics[before..].iter();
                    if new.any(|d| d.severity > Severity::Warning) {
                        found.held.push(source.file.clone());
                    }
                }
                Some((_, _, Err(packed))) => {
                    found.held.push(source.file.clone());
                    found.diagnostics.push(Diagnostic::unpack(packed));
                }
                None => found.held.push(source.file.clone()),
            }
        }
        Ok(found)
    }

    fn kept(&self, file: &str) -> Option<Kept> {
        let fresh = self.fresh.get(file).map(Vec::as_slice);
        cache::decode(fresh.or_else(|| self.table.get(file))?)
    }
}

fn globs(patterns: &[String]) -> crate::diagnostics::Result<GlobSet> {
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

fn records_of(source: &Source, max_bytes: u64) -> Result<Read, Diagnostic> {
    let RawFile {
        readings,
        text,
        blake3,
        problems,
        ..
    } = open(source, max_bytes)?;
    let alone = readings.len() == 1 && readings[0].record.is_none();
    let mut evidence = DayMonthEvidence::default();
    let mut seen = HashSet::with_capacity(readings.len());
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
        // Two equal records in one file have one key: they are one article.
        if !seen.insert(record.clone()) {
            continue;
        }
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
            slug: front.slug,
            date: front.date,
            other_date,
        });
    }
    let problems = problems.iter().map(Diagnostic::pack).collect();
    Ok((records, evidence, problems))
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
    /// Why records of the file give no article.
    pub problems: Vec<Diagnostic>,
}

/// Reads one raw file whole.
///
/// # Errors
/// A problem where it is too large, empty, binary, or in no known layout.
pub fn open(source: &Source, max_bytes: u64) -> Result<RawFile, Diagnostic> {
    let shown = format!("raw/{}", source.file);
    if source.stamp.size > max_bytes {
        let (size, most) = (source.stamp.size.div_ceil(1_000_000), max_bytes / 1_000_000);
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
        NotText::Undecodable(encoding) => Diagnostic::problem(
            &shown,
            format!(
                "the file is not UTF-8, and some of its bytes are no text in {encoding} either"
            ),
        )
        .hint("save it as UTF-8"),
        NotText::Binary => Diagnostic::problem(&shown, "the file is not text")
            .hint("articles are text; put it in `ignore` under `[import]`"),
    })?;
    let raw = RawText::new(&source.file, &text);
    let layout = LAYOUTS.iter().find(|layout| layout.recognises(&raw)).ok_or_else(|| {
        Diagnostic::problem(&shown, "the file is in no layout that Backfile knows")
            .at(&text, 1, 1)
            .hint("docs/import.md shows the layouts; a title, a blank line and paragraphs are enough")
    })?;
    let (readings, problems) = without_problems(layout.read(&raw)?, &text);
    let blake3 = blake3::hash(&bytes).to_hex().to_string();
    Ok(RawFile {
        layout: layout.name(),
        readings,
        blake3,
        text,
        problems,
    })
}

/// Takes out the records that give no article. Those with one reason share one diagnostic, for there may be thousands.
fn without_problems(readings: Vec<Reading>, text: &str) -> (Vec<Reading>, Vec<Diagnostic>) {
    let mut problems: Vec<(Diagnostic, usize)> = Vec::new();
    let mut whole = Vec::with_capacity(readings.len());
    for mut reading in readings {
        let Some(problem) = reading.problem.take() else {
            whole.push(reading);
            continue;
        };
        match problems.iter_mut().find(|(p, _)| p.what == problem.what) {
            Some((_, more)) => *more += 1,
            // Telling the line takes time, and only the first is shown.
            None if problem.line == 0 && !reading.span.is_empty() => {
                problems.push((problem.at_byte(text, reading.span.start), 0));
            }
            None => problems.push((problem, 0)),
        }
    }
    let shown = problems.into_iter().map(|(mut problem, more)| {
        if more > 0 {
            problem.what += &format!("; so it is with {more} more in this file");
        }
        problem
    });
    (whole, shown.collect())
}
