//! The records of `raw/`, with their keys and digests, read from the files that are new or changed.
//! Never changes a raw file, and knows no article.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::num::NonZeroU64;
use std::ops::ControlFlow;

use globset::{Glob, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::other_files::{self, OtherFile, Role};
use super::problems::Problems;
use super::raw_file;
use super::recurrence::{PageTraits, Recurrence};
use super::repair::dates::DayMonthEvidence;
use super::repair::hyphens;
use crate::cache::{self, Cache, Journal, Table};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::files::{self, Listing, Source, SpecialFile};
use crate::model::Stamp;
use crate::model::article::record_digest;
use crate::model::set_hash::{self, SetHash};
use crate::progress::Progress;
use crate::settings::ImportSettings;
use crate::site::Site;

/// What identifies a record: its file, and its own id there or the beginning of its digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordKey {
    /// Below `raw/`, with `/` between folders.
    pub path: String,
    pub record: String,
}

impl RecordKey {
    /// The record's path for globs, with the name of its file in an archive.
    fn glob_path(&self) -> String {
        format!("{}/{}", self.path, self.record)
    }

    /// Twelve hex digits of a hash of this key.
    pub fn digest(&self) -> String {
        blake3::hash(format!("{}\0{}", self.path, self.record).as_bytes()).to_hex()[..12].to_owned()
    }
}

/// A record of `raw/`, without its text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RawRecord {
    pub key: RecordKey,
    /// BLAKE3 in hex, as [`raw_file::ReadChunk::digest`] computes it.
    pub blake3: String,
    /// Its number among the records of its file, from 0.
    pub rank: usize,
    /// Whether the file is this one record.
    pub alone: bool,
    /// As the layout read it; empty text where it is unknown.
    pub id: String,
    pub title: String,
    pub slug: Option<String>,
    pub date: Option<crate::model::Date>,
    pub other_date: Option<crate::model::Date>,
    /// The site of a page, as [`PageTraits::site`].
    pub site: Option<NonZeroU64>,
    /// Whether its text has words that the ends of lines divide, so that the archive's words are needed to write it.
    pub has_broken_words: bool,
}

impl RawRecord {
    /// As [`crate::model::RawReference::record_digest`].
    pub fn digest(&self) -> u64 {
        record_digest(&self.key.path, &self.key.record, &self.blake3)
    }
}

/// What `raw/` contains.
#[derive(Debug, Default)]
pub struct RawRecords {
    pub records: Vec<RawRecord>,
    pub evidence: DayMonthEvidence,
    /// Files that gave no article, and why; links and devices, as warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// Files whose articles are kept in any case: ignored, not asked for, or not readable now.
    pub held: Vec<String>,
    /// All files, to tell an empty folder from one that does not exist.
    pub files: Vec<String>,
    /// Files that hold no record.
    pub others: BTreeMap<String, OtherFile>,
    /// Those of them that were read just now.
    pub fresh_others: Vec<String>,
}

impl RawRecords {
    /// Adds what was read from a file, without the members of an archive that are ignored.
    fn add(&mut self, file: &str, read: FileRecords, ignored: &GlobSet) {
        let FileRecords {
            mut records,
            evidence,
            mut problems,
            other,
        } = read;
        if let Some(other) = other {
            self.others.insert(file.to_owned(), other);
        }
        let is_ignored = |path: &str| path != file && ignored.is_match(path);
        problems.retain(|d| !is_ignored(d.path.strip_prefix("raw/").unwrap_or(&d.path)));
        let all = records.len();
        records.retain(|record| !is_ignored(&record.key.glob_path()));
        // The article of a record that is ignored now, or cannot be read now, is kept.
        if records.len() < all || problems.iter().any(|d| d.severity > Severity::Warning) {
            self.held.push(file.to_owned());
        }
        self.diagnostics.extend(problems);
        self.records.extend(records);
        self.evidence += evidence;
    }

    /// The number of files, or kinds of records of them, that gave no article.
    pub fn refused(&self) -> usize {
        let is_refused = |d: &&Diagnostic| d.severity > Severity::Warning;
        self.diagnostics.iter().filter(is_refused).count()
    }
}

/// Every raw file as it was last read.
#[derive(Debug)]
pub struct RawTable {
    journal: Journal,
    table: Table,
    /// What was read just now, by file.
    fresh: HashMap<Box<str>, Vec<u8>>,
    sources: Vec<Source>,
    /// Links, devices and pipes, which are not read.
    special_files: Vec<SpecialFile>,
}

/// A raw file in the cache: its stamp, whether the timestamp's granularity rules out a change after it was read, and
/// what was read.
type CachedFile = (Stamp, bool, Vec<PageTraits>, FileRecords);

/// What was read of a file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct FileRecords {
    records: Vec<RawRecord>,
    /// What their dates show.
    evidence: DayMonthEvidence,
    /// Why the file, or some of its records, gives no article.
    problems: Vec<Diagnostic>,
    /// What the file is, if it holds no record.
    other: Option<OtherFile>,
}

/// How many files are read before the cache is written.
const CHUNK: usize = 4_096;

impl RawTable {
    /// Lists `raw/` and reads the files that are new or changed.
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
        let read_with = cache::encode(&(
            settings.max_bytes,
            &settings.public,
            &settings.fields,
            settings.repair,
        ));
        let (mut journal, table) = cache.table("raw", cache::key(&[&read_with]));
        journal.compact(&table)?;
        let Listing {
            files: sources,
            special_files,
        } = files::list_all(&site.raw())?;
        let is_changed = |source: &&Source| {
            let kept = table
                .get(&source.file)
                .map(postcard::take_from_bytes::<(Stamp, bool)>);
            !matches!(kept, Some(Ok(((stamp, true), _))) if stamp == source.stamp)
        };
        let differing: Vec<&Source> = sources.iter().filter(is_changed).collect();
        let mut fresh = HashMap::with_capacity(differing.len());
        for (at, chunk) in differing.chunks(CHUNK).enumerate() {
            progress("reading raw files", at * CHUNK, differing.len());
            let read = chunk.par_iter().map(|source| {
                let (traits, read) = read_file(source, settings);
                let is_certain = source.stamp.latest() < tick;
                let cached: CachedFile = (source.stamp, is_certain, traits, read);
                (
                    Box::<str>::from(source.file.as_str()),
                    cache::encode(&cached),
                )
            });
            let read: Vec<(Box<str>, Vec<u8>)> = read.collect();
            journal.append(read.iter().map(|(file, kept)| (file, kept)))?;
            fresh.extend(read);
        }
        let present: HashSet<&str> = sources.iter().map(|s| s.file.as_str()).collect();
        let removed = table
            .iter()
            .filter(|(file, cached)| cached.is_some() && !present.contains(file));
        journal.append(removed.map(|(file, _)| (file, "")))?;
        Ok(Self {
            journal,
            table,
            fresh,
            sources,
            special_files,
        })
    }

    /// The position at the end of the table; the same for as long as `raw/` does not change.
    pub fn position(&self) -> cache::LogPosition {
        self.journal.position()
    }

    /// Whether `raw/` contains no file.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Every file of `raw/`, in the order of their names.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// A hash of the listing of `raw/`.
    pub fn set_hash(&self) -> SetHash {
        let sources = self.sources.par_iter();
        sources.map(|s| set_hash::file(&s.file, &s.stamp)).collect()
    }

    /// The records of `raw/`. `wanted` are paths below it; all of `raw/` where there is none.
    ///
    /// # Errors
    /// Where a glob of the settings is not valid.
    pub fn records(
        &self,
        site: &Site,
        wanted: &[String],
    ) -> crate::diagnostics::Result<RawRecords> {
        let ignored = globs(site)?;
        let mut found = RawRecords {
            files: self.sources.iter().map(|s| s.file.clone()).collect(),
            ..RawRecords::default()
        };
        let is_wanted = |file: &str| !ignored.is_match(file) && is_asked(file, wanted);
        let (asked, held): (Vec<&Source>, Vec<_>) =
            self.sources.iter().partition(|s| is_wanted(&s.file));
        let others = self
            .special_files
            .iter()
            .filter(|other| is_wanted(&other.file));
        found.diagnostics.extend(others.map(skipped));
        // The order of day and month is decided from the whole archive.
        for source in &held {
            if let Some((_, _, _, read)) = self.cached(&source.file) {
                found.evidence += read.evidence;
            }
        }
        found.held.extend(held.into_iter().map(|s| s.file.clone()));
        let cached = asked
            .par_iter()
            .map(|source| (&source.file, self.cached(&source.file)));
        for (file, cached) in cached.collect::<Vec<_>>() {
            match cached {
                Some((_, _, _, read)) => found.add(file, read, &ignored),
                None => found.held.push(file.clone()),
            }
        }
        let others = found.others.keys();
        let fresh = others.filter(|file| self.fresh.contains_key(file.as_str()));
        found.fresh_others = fresh.cloned().collect();
        Ok(found)
    }

    /// What recurs on the pages of each site, learnt from the whole archive.
    pub fn recurrence(&self) -> Recurrence {
        let traits = |source: &Source| {
            let kept = self.bytes(&source.file)?;
            let kept = postcard::take_from_bytes::<(Stamp, bool, Vec<PageTraits>)>(kept);
            kept.ok().map(|((_, _, traits), _)| traits)
        };
        Recurrence::learn(|| self.sources.iter().filter_map(traits).flatten())
    }

    fn cached(&self, file: &str) -> Option<CachedFile> {
        cache::decode(self.bytes(file)?)
    }

    fn bytes(&self, file: &str) -> Option<&[u8]> {
        let fresh = self.fresh.get(file).map(Vec::as_slice);
        fresh.or_else(|| self.table.get(file))
    }
}

/// Whether a file of `raw/` was asked for: it is at or below one of the paths, or there is no path.
pub fn is_asked(file: &str, paths: &[String]) -> bool {
    let is_below = |path: &String| {
        let rest = file.strip_prefix(path.as_str());
        rest.is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    paths.is_empty() || paths.iter().any(is_below)
}

fn skipped(other: &SpecialFile) -> Diagnostic {
    let (what, hint) = match other.is_link {
        true => (
            "it is a link, and links are not followed",
            "copy its target into `raw/`, or put its name in `ignore` under `[import]`",
        ),
        false => (
            "it is a device, a pipe or a socket, not a file",
            "remove it, or put its name in `ignore` under `[import]`",
        ),
    };
    Diagnostic::warning(Code::LinkSkipped, format!("raw/{}", other.file), what).hint(hint)
}

fn globs(site: &Site) -> crate::diagnostics::Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in &site.settings.import.ignore {
        let glob = Glob::new(pattern).map_err(|e| {
            let what = format!("`{pattern}` in `ignore` is not a pattern: {}", e.kind());
            site.settings_error(Code::GlobInvalid, pattern, what)
                .hint("write it as `drafts/**` or `*.tmp`")
        })?;
        set.add(glob);
    }
    set.build().map_err(|e| {
        let what = format!("`ignore` cannot be used: {e}");
        Diagnostic::error(Code::GlobInvalid, "backfile.toml", what).into()
    })
}

/// What a file of `raw/` holds, and what its pages may have in common with others.
fn read_file(source: &Source, settings: &ImportSettings) -> (Vec<PageTraits>, FileRecords) {
    if !source.path.ends_with(&source.file) {
        let what = "the file's name is not UTF-8, so it is not read";
        let path = format!("raw/{}", source.file);
        let problem = Diagnostic::problem(Code::FileNameNotUtf8, path, what).hint("rename it");
        let read = FileRecords {
            problems: vec![problem],
            ..FileRecords::default()
        };
        return (Vec::new(), read);
    }
    let role = other_files::role(&source.file);
    let other = match role {
        Role::Part => Some(OtherFile::Part),
        Role::Shown => other_files::shown_file(source),
        Role::Record | Role::RecordOrPart => None,
    };
    if other.is_some() {
        let read = FileRecords {
            other,
            ..FileRecords::default()
        };
        return (Vec::new(), read);
    }
    let (traits, mut read) = records_of(source, settings);
    if role == Role::RecordOrPart && read.records.is_empty() {
        read.problems.clear();
        read.other = Some(OtherFile::Part);
    }
    (traits, read)
}

fn records_of(source: &Source, settings: &ImportSettings) -> (Vec<PageTraits>, FileRecords) {
    let mut evidence = DayMonthEvidence::default();
    let mut problems = Problems::default();
    let mut records: Vec<RawRecord> = Vec::new();
    let mut traits: Vec<PageTraits> = Vec::new();
    let mut is_alone = true;
    raw_file::read(source, settings, &mut |chunks| {
        for mut chunk in chunks {
            let readings = std::mem::take(&mut chunk.readings);
            for problem in std::mem::take(&mut chunk.problems) {
                problems.add(problem, |first| first);
            }
            for reading in readings {
                evidence += reading.evidence;
                is_alone &= chunk.is_one_record && chunk.member.is_none();
                let digest = chunk.digest(&reading);
                let key = RecordKey {
                    path: source.file.clone(),
                    record: chunk.record_key(reading.record.as_deref(), &digest),
                };
                let site = reading.traits.as_ref().map(|traits| traits.site);
                let site = site.and_then(NonZeroU64::new);
                let has_broken_words = reading.repairs.hyphens
                    && reading
                        .prose(&chunk.text)
                        .is_some_and(hyphens::has_broken_words);
                traits.extend(reading.traits);
                let front = reading.front;
                records.push(RawRecord {
                    has_broken_words,
                    key,
                    blake3: digest,
                    rank: records.len(),
                    alone: false,
                    id: front.id,
                    title: front.title,
                    slug: front.slug,
                    date: front.date,
                    other_date: reading.other_date,
                    site,
                });
            }
        }
        ControlFlow::Continue(())
    });
    if let [one] = records.as_mut_slice() {
        one.alone = is_alone;
    }
    let read = records.len();
    separate_keys(&mut records);
    if records.len() < read {
        let what = "a record equals another of the file; they are one article";
        let warning =
            Diagnostic::warning(Code::RecordSkipped, format!("raw/{}", source.file), what)
                .times(read - records.len())
                .hint("nothing is lost; remove it from the file if it should not be there");
        problems.add(warning, |warning| warning);
    }
    let read = FileRecords {
        records,
        evidence,
        problems: problems.reported(),
        other: None,
    };
    (traits, read)
}

/// Two equal records of one file keep one key: they are one article. Two different records get different keys, even if
/// both state the same id.
fn separate_keys(records: &mut Vec<RawRecord>) {
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
