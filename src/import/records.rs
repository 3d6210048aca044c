//! What lies in `raw/`: files → records with their keys and digests. Reads raw files; never changes one.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use globset::{Glob, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::problems::Problems;
use super::raw_file::{self, RawPiece};
use super::reading::Reading;
use super::repair::dates::DayMonthEvidence;
use crate::cache::{self, Cache, Journal, Table};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::files::{self, Listing, Other, Source};
use crate::model::Stamp;
use crate::model::set_hash::{self, SetHash};
use crate::progress::Progress;
use crate::settings::ImportSettings;
use crate::site::Site;

/// How import knows a record: its file, and its own id there or the beginning of its digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Below `raw/`, with `/` between folders.
    pub path: String,
    pub record: String,
}

impl Key {
    /// Where the record stands, for globs: with the name of its file in an archive.
    fn shown(&self) -> String {
        format!("{}/{}", self.path, self.record)
    }

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
    /// Files that gave no article, and why; links and devices, as warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// Files whose articles stay whatever happens: ignored, not asked for, or unreadable now.
    pub held: Vec<String>,
    /// Every file there is, to tell a folder that is empty from one that is not there.
    pub files: Vec<String>,
}

impl Records {
    /// How many files, or records of them, gave no article.
    pub fn refused(&self) -> usize {
        let is_refused = |said: &&Diagnostic| said.severity > Severity::Warning;
        self.diagnostics.iter().filter(is_refused).count()
    }
}

/// Every raw file as it was last read.
#[derive(Debug)]
pub struct RawTable {
    journal: Journal,
    table: Table,
    /// What was read just now.
    fresh: HashMap<Box<str>, Vec<u8>>,
    sources: Vec<Source>,
    /// Links, devices and pipes, which are not read.
    others: Vec<Other>,
}

/// What is kept of a raw file: how it looked, whether it could not have changed since within a tick of the clock, and
/// what was read of it.
type Kept = (Stamp, bool, Read);

/// A file's records, what their dates say, and why it, or some of its records, gives no article.
type Read = (Vec<Record>, DayMonthEvidence, Vec<Diagnostic>);

/// Files that are read before what came of them is kept.
const CHUNK: usize = 4_096;

impl RawTable {
    /// Lists `raw/` and reads what is new or differs.
    ///
    /// # Errors
    /// Where the folder cannot be listed, or the cache cannot be written.
    pub fn open(
        site: &Site,
        cache: &mut Cache,
        progress: Progress<'_>,
    ) -> crate::diagnostics::Result<Self> {
        let tick = cache.file_system_time()?;
        let settings = &site.settings.import;
        let read_with = cache::encode(&(settings.max_bytes, &settings.fields, settings.repair));
        let (mut journal, table) = cache.table("raw", cache::key(&[&read_with]));
        journal.tidy(&table)?;
        let Listing {
            files: sources,
            others,
        } = files::list_all(&site.raw())?;
        let as_before = |source: &&Source| {
            let kept = table
                .get(&source.file)
                .map(postcard::take_from_bytes::<(Stamp, bool)>);
            !matches!(kept, Some(Ok(((stamp, true), _))) if stamp == source.stamp)
        };
        let differing: Vec<&Source> = sources.iter().filter(as_before).collect();
        let mut fresh = HashMap::with_capacity(differing.len());
        for (at, chunk) in differing.chunks(CHUNK).enumerate() {
            progress("reading raw files", at * CHUNK, differing.len());
            let read = chunk.par_iter().map(|source| {
                let read = records_of(source, settings);
                let kept: Kept = (source.stamp, source.stamp.latest() < tick, read);
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
            others,
        })
    }

    /// How far the table has grown; the same for as long as `raw/` is.
    pub fn position(&self) -> cache::LogPosition {
        self.journal.position()
    }

    /// What `raw/` holds, as its listing says.
    pub fn set_hash(&self) -> SetHash {
        let sources = self.sources.par_iter();
        sources.map(|s| set_hash::file(&s.file, &s.stamp)).collect()
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
        let others = self.others.iter().filter(|other| is_wanted(&other.file));
        found.diagnostics.extend(others.map(passed_over));
        // How this archive writes dates is told by all of it.
        for source in &held {
            if let Some((_, _, (_, evidence, _))) = self.kept(&source.file) {
                found.evidence += evidence;
            }
        }
        found.held.extend(held.into_iter().map(|s| s.file.clone()));
        let kept = asked
            .par_iter()
            .map(|source| (source, self.kept(&source.file)));
        for (source, kept) in kept.collect::<Vec<_>>() {
            let Some((_, _, (mut records, evidence, problems))) = kept else {
                found.held.push(source.file.clone());
                continue;
            };
            let before = found.diagnostics.len();
            let problems = problems.into_iter();
            // A file of an archive may be ignored too.
            let is_ignored = |path: &str| path != source.file && ignored.is_match(path);
            let raw_path =
                |d: &Diagnostic| d.path.strip_prefix("raw/").unwrap_or(&d.path).to_owned();
            found
                .diagnostics
                .extend(problems.filter(|d| !is_ignored(&raw_path(d))));
            let all = records.len();
            records.retain(|record| !is_ignored(&record.key.shown()));
            // The article of a record that cannot be read now, or is ignored now, stays.
            let mut new = found.diagnostics[before..].iter();
            if records.len() < all || new.any(|d| d.severity > Severity::Warning) {
                found.held.push(source.file.clone());
            }
            found.records.extend(records);
            found.evidence += evidence;
        }
        Ok(found)
    }

    fn kept(&self, file: &str) -> Option<Kept> {
        let fresh = self.fresh.get(file).map(Vec::as_slice);
        cache::decode(fresh.or_else(|| self.table.get(file))?)
    }
}

fn passed_over(other: &Other) -> Diagnostic {
    let (what, hint) = match other.is_link {
        true => (
            "it is a link, and links are not followed",
            "put what it leads to into `raw/`, or its name in `ignore` under `[import]`",
        ),
        false => (
            "it is a device, a pipe or a socket, and no file",
            "remove it, or put its name in `ignore` under `[import]`",
        ),
    };
    Diagnostic::warning(Code::Unclassified, format!("raw/{}", other.file), what).hint(hint)
}

fn globs(patterns: &[String]) -> crate::diagnostics::Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = Glob::new(pattern).map_err(|e| {
            Diagnostic::error(
                Code::Unclassified,
                "backfile.toml",
                format!("`{pattern}` in `ignore` is not a pattern: {}", e.kind()),
            )
            .hint("write it as `drafts/**` or `*.tmp`")
        })?;
        set.add(glob);
    }
    set.build().map_err(|e| {
        Diagnostic::error(
            Code::Unclassified,
            "backfile.toml",
            format!("`ignore` cannot be used: {e}"),
        )
        .into()
    })
}

fn records_of(source: &Source, settings: &ImportSettings) -> Read {
    let mut evidence = DayMonthEvidence::default();
    let mut problems = Problems::default();
    let mut records: Vec<Record> = Vec::new();
    let mut is_alone = true;
    raw_file::read(source, settings, &mut |pieces| {
        for mut piece in pieces {
            let readings = std::mem::take(&mut piece.readings);
            let found = std::mem::take(&mut piece.problems);
            let RawPiece {
                text,
                is_file,
                name,
                ..
            } = &piece;
            found
                .into_iter()
                .for_each(|problem| problems.add(problem, |first| first));
            let is_one = *is_file && readings.len() == 1;
            for reading in readings {
                evidence += reading.evidence;
                let own = reading.record.is_none() && is_one;
                is_alone &= own && name.member.is_none() && records.is_empty();
                let digest = match own {
                    true => piece.blake3(),
                    false => digest_of(text, &reading),
                };
                let key = Key {
                    path: source.file.clone(),
                    record: name.record(reading.record.as_deref(), own, &digest),
                };
                let Reading {
                    front, other_date, ..
                } = reading;
                records.push(Record {
                    key,
                    blake3: digest,
                    rank: records.len(),
                    alone: false,
                    id: front.id,
                    title: front.title,
                    slug: front.slug,
                    date: front.date,
                    other_date,
                });
            }
        }
        ControlFlow::Continue(())
    });
    if let [one] = records.as_mut_slice() {
        one.alone = is_alone;
    }
    tell_apart(&mut records);
    let problems = problems.reported();
    (records, evidence, problems)
}

/// Two equal records in one file have one key: they are one article. Two that differ have each their own, though they
/// say that they have the same.
fn tell_apart(records: &mut Vec<Record>) {
    let mut seen: HashMap<&str, &str> = HashMap::with_capacity(records.len());
    let mut shared: HashSet<String> = HashSet::new();
    for record in records.iter() {
        let (key, digest) = (record.key.record.as_str(), record.blake3.as_str());
        if *seen.entry(key).or_insert(digest) != digest {
            shared.insert(key.to_owned());
        }
    }
    drop(seen);
    for record in records.iter_mut() {
        if shared.contains(&record.key.record) {
            record.key.record = record.blake3[..12].to_owned();
        }
    }
    let mut keys: HashSet<String> = HashSet::with_capacity(records.len());
    records.retain(|record| keys.insert(record.key.record.clone()));
}

fn digest_of(text: &str, reading: &Reading) -> String {
    let part = text.get(reading.span.clone()).unwrap_or(text);
    blake3::hash(part.as_bytes()).to_hex().to_string()
}
