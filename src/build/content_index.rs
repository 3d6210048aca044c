//! What `content/` holds: scan → parse, for files that are new or differ. Remembers every file as it last was;
//! never knows what other files say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use foldhash::{HashMap, HashMapExt as _, HashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::changes::Scope;
use super::inputs::TopicSet;
use super::parse::{self, Held, Outcome};
use super::read_file::ReadFile;
use crate::cache::{self, Cache, Journal, LogPosition, Table};
use crate::diagnostics::{Code, Diagnostic, Failure, Result};
use crate::files::{self, Source};
use crate::import::existing::ImportedIndex;
use crate::model::ImportState;
use crate::model::digest::{self, Digest};
use crate::model::library::Change;
use crate::model::set_hash::{self, SetHash};
use crate::model::{RawReference, Stamp};
use crate::site::Site;

/// Files that are parsed before what came of them is kept.
const CHUNK: usize = 4_096;

/// An editor that empties a file before it writes leaves it broken for a moment.
const SECOND_LOOK: Duration = Duration::from_millis(10);

/// A file that changed within this time, in nanoseconds, may still be being written.
const JUST_NOW: i64 = 1_000_000_000;

/// The files of `content/` as they were last read.
#[derive(Debug)]
pub struct ContentIndex {
    journal: Journal,
    /// None where nothing is kept on disk.
    is_kept: bool,
    known: HashMap<Box<str>, Known>,
    /// Of all that is known.
    set_hash: SetHash,
    problems: BTreeMap<Box<str>, Vec<Diagnostic>>,
    drafts: BTreeSet<Box<str>>,
    /// Where nothing is kept: what import has to know.
    import_state: Vec<(Box<str>, ImportState)>,
}

/// How a file was when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    stamp: Stamp,
    /// Whether it could not have changed since within a tick of the clock.
    is_settled: bool,
    digest: Digest,
    /// A digest of the record that it was imported from; 0 where it was not.
    record: u64,
    is_edited: bool,
}

/// A file that was read: its name, and what came of it, also as the cache keeps it.
type Read = (Box<str>, Vec<u8>, (Known, Outcome));

/// What a look found.
#[derive(Debug, Default)]
pub struct Looked {
    /// For the Library.
    pub changes: Vec<Change>,
    /// Files that were opened.
    pub read: usize,
    /// Whether import has to look again, because articles of records came, went, or are no longer edited.
    pub is_import_affected: bool,
}

impl Looked {
    /// Both, this one first.
    pub fn add(&mut self, later: Self) {
        self.changes.extend(later.changes);
        self.read += later.read;
        self.is_import_affected |= later.is_import_affected;
    }
}

/// What was known when the table was opened: as of the last build, and what was read since.
#[derive(Debug, Default)]
pub struct Before {
    then: Table,
    /// None where it cannot be told what the last build knew.
    since: Option<Table>,
}

impl ContentIndex {
    /// What the cache knows. `position` says how far it had grown when the output was last made.
    pub fn open(
        cache: &mut Cache,
        topics: &TopicSet,
        position: Option<LogPosition>,
    ) -> (Self, Before) {
        let (journal, then, since) = cache.table_since("content", topics.digest, position);
        let head = |(file, value): (&str, Option<&[u8]>)| {
            let known = value.and_then(|value| postcard::take_from_bytes(value).ok());
            (Box::<str>::from(file), known.map(|(known, _)| known))
        };
        let mut known: HashMap<Box<str>, Known> = HashMap::with_capacity(then.len());
        for table in std::iter::once(&then).chain(&since) {
            for (file, now) in table.par_iter().map(head).collect::<Vec<_>>() {
                match now {
                    Some(now) => known.insert(file, now),
                    None => known.remove(&file),
                };
            }
        }
        let contents = Self {
            journal,
            is_kept: true,
            set_hash: known
                .iter()
                .map(|(f, known)| set_hash::file(f, &known.stamp))
                .collect(),
            known,
            problems: BTreeMap::new(),
            drafts: BTreeSet::new(),
            import_state: Vec::new(),
        };
        (contents, Before { then, since })
    }

    /// Nothing is known, and nothing will be kept.
    pub fn forgetful(cache: &mut Cache) -> Self {
        let (journal, _) = cache.table("none", [0; 32]);
        Self {
            journal,
            is_kept: false,
            known: HashMap::new(),
            set_hash: SetHash::default(),
            problems: BTreeMap::new(),
            drafts: BTreeSet::new(),
            import_state: Vec::new(),
        }
    }

    /// How far the table has grown.
    pub fn position(&self) -> LogPosition {
        self.journal.position()
    }

    /// What `content/` holds, as its listing said.
    pub fn set_hash(&self) -> SetHash {
        self.set_hash
    }

    /// Whether nobody else has written into the table since.
    pub fn is_current(&self) -> bool {
        self.journal.is_current()
    }

    pub fn drafts(&self) -> usize {
        self.drafts.len()
    }

    /// What is wrong with files, by file.
    pub fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.values().flatten()
    }

    /// What the Library was told when the output was last made, and what came since, with `looked` as its end; None for
    /// the first where that cannot be told, and then the second is everything.
    pub fn recall(
        &mut self,
        before: Before,
        looked: Vec<Change>,
    ) -> (Option<Vec<Change>>, Vec<Change>) {
        let Before { then, since } = before;
        // What the look found wrong holds, whatever was wrong before.
        let (problems, drafts) = (
            std::mem::take(&mut self.problems),
            std::mem::take(&mut self.drafts),
        );
        let then = self.told(&then);
        let (then, mut since) = match since {
            Some(since) => (Some(then), self.told(&since)),
            None => (None, then),
        };
        for change in &looked {
            self.problems.remove(&change.file);
            self.drafts.remove(&change.file);
        }
        self.problems.extend(problems);
        self.drafts.extend(drafts);
        since.extend(looked);
        (then, since)
    }

    fn told(&mut self, table: &Table) -> Vec<Change> {
        let decoded = table.par_iter().map(|(file, value)| {
            let kept = value.and_then(cache::decode::<(Known, Outcome)>);
            (
                Box::<str>::from(file),
                kept.map(|(_, outcome)| outcome).unwrap_or_default(),
            )
        });
        let decoded: Vec<(Box<str>, Outcome)> = decoded.collect();
        let told = decoded
            .into_iter()
            .map(|(file, outcome)| self.note(file, outcome));
        told.collect()
    }

    /// Reads what is new or differs.
    ///
    /// # Errors
    /// Where a folder cannot be listed or the cache cannot be written; never for a file that is wrong.
    pub fn look(
        &mut self,
        site: &Site,
        cache: &Cache,
        topics: &TopicSet,
        scope: &Scope,
    ) -> Result<Looked> {
        let tick = cache.file_system_time()?;
        let folder = site.content();
        match scope {
            Scope::All => self.look_at_all(files::list(&folder)?, tick, topics),
            Scope::Paths(paths) => {
                let (sources, gone) = self.at(&folder, paths)?;
                self.look_at(&sources, gone, tick, topics)
            }
        }
    }

    /// As [`ContentIndex::look`], with all that `content/` held at `tick` or later.
    ///
    /// # Errors
    /// As [`ContentIndex::look`].
    pub fn look_at_all(
        &mut self,
        sources: Vec<Source>,
        tick: i64,
        topics: &TopicSet,
    ) -> Result<Looked> {
        let is_known = |source: &&Source| self.known.contains_key(source.file.as_str());
        let mut gone = Vec::new();
        if sources.par_iter().filter(is_known).count() < self.known.len() {
            let there: HashSet<&str> = sources.iter().map(|s| s.file.as_str()).collect();
            let known = self.known.keys();
            gone.extend(known.filter(|file| !there.contains(&***file)).cloned());
        }
        self.look_at(&sources, gone, tick, topics)
    }

    fn look_at(
        &mut self,
        sources: &[Source],
        gone: Vec<Box<str>>,
        tick: i64,
        topics: &TopicSet,
    ) -> Result<Looked> {
        let differs = |source: &&Source| {
            let known = self.known.get(source.file.as_str());
            known.is_none_or(|known| !known.is_settled || known.stamp != source.stamp)
        };
        let differing: Vec<&Source> = sources.par_iter().filter(differs).collect();
        let mut looked = Looked::default();
        self.take(&differing, tick, topics, &mut looked)?;
        if self.is_kept {
            self.journal.append(gone.iter().map(|file| (file, "")))?;
        }
        for file in gone {
            let known = self.known.remove(&file);
            if let Some(known) = &known {
                self.set_hash.remove(set_hash::file(&file, &known.stamp));
            }
            looked.is_import_affected |= known.is_some_and(|known| known.record != 0);
            looked.changes.push(self.note(file, Outcome::default()));
        }
        Ok(looked)
    }

    /// The files at paths and in folders of `content/`, and those that are known there and gone.
    fn at(&self, content: &Path, paths: &BTreeSet<String>) -> Result<(Vec<Source>, Vec<Box<str>>)> {
        let mut there: BTreeMap<String, Source> = BTreeMap::new();
        let mut emptied: Vec<String> = Vec::new();
        let mut gone: BTreeSet<Box<str>> = BTreeSet::new();
        for file in paths {
            let path = content.join(file);
            let found = match path.symlink_metadata() {
                Ok(metadata) if metadata.is_dir() => {
                    emptied.push(format!("{file}/"));
                    files::list_below(&path, &format!("{file}/"))?
                }
                Ok(_) => files::one(content, &path).into_iter().collect(),
                Err(_) if !self.known.contains_key(file.as_str()) => {
                    emptied.push(format!("{file}/"));
                    Vec::new()
                }
                Err(_) => Vec::new(),
            };
            there.extend(
                found
                    .into_iter()
                    .map(|source| (source.file.clone(), source)),
            );
            let is_gone = !there.contains_key(file) && self.known.contains_key(file.as_str());
            gone.extend(is_gone.then(|| file.as_str().into()));
        }
        if !emptied.is_empty() {
            let below = |file: &str| {
                emptied
                    .iter()
                    .any(|folder| file.starts_with(folder.as_str()))
            };
            let known = self.known.keys().filter(|file| below(file));
            gone.extend(known.filter(|file| !there.contains_key(&***file)).cloned());
        }
        Ok((there.into_values().collect(), gone.into_iter().collect()))
    }

    /// Takes in what others read, as if it had been read here. `listed` is what the folder holds here.
    ///
    /// # Errors
    /// Where the folder holds other files than they read.
    pub fn take_over(
        &mut self,
        cards: Vec<ReadFile>,
        listed: Option<Vec<Source>>,
        tick: i64,
    ) -> Result<Looked> {
        let is_listed = listed.is_some();
        let listed = listed.into_iter().flatten();
        let mut here: HashMap<String, Source> = HashMap::new();
        here.extend(listed.map(|source| (source.file.clone(), source)));
        let mut looked = Looked {
            read: cards.len(),
            ..Looked::default()
        };
        let mut cards = cards.into_iter();
        loop {
            let chunk = cards.by_ref().take(CHUNK);
            let chunk: Vec<_> = chunk.map(|card| (here.remove(&*card.file), card)).collect();
            if chunk.is_empty() {
                break;
            }
            let taken = chunk.into_par_iter().map(|(source, card)| {
                if is_listed && !source.as_ref().is_some_and(|source| card.is_of(source)) {
                    return Err(other_content(&card.file));
                }
                let stamp = source.map(|source| source.stamp).unwrap_or_default();
                let ReadFile {
                    file, mut outcome, ..
                } = card;
                let mut digest = card.digest;
                if let Held::File(other) = &mut outcome.held {
                    (*other, digest) = (stamp, parse::digest_of_file(&stamp));
                }
                let known = known(stamp, tick, digest, &outcome);
                let kept = (known, outcome);
                let bytes = match self.is_kept {
                    true => cache::encode(&kept),
                    false => Vec::new(),
                };
                Ok((file, bytes, kept))
            });
            let taken: Vec<Read> = taken.collect::<Result<_>>()?;
            self.take_read(taken, &mut looked)?;
        }
        match here.into_keys().min() {
            Some(file) => Err(other_content(&file)),
            None => Ok(looked),
        }
    }

    /// Parses files and keeps what came of them.
    fn take(
        &mut self,
        sources: &[&Source],
        tick: i64,
        topics: &TopicSet,
        looked: &mut Looked,
    ) -> Result<()> {
        let read = |source: &&Source| {
            let (mut digest, mut outcome) = parse::parse(source, &topics.matcher);
            if !outcome.diagnostics.is_empty() && source.stamp.latest() > tick - JUST_NOW {
                std::thread::sleep(SECOND_LOOK);
                (digest, outcome) = parse::parse(source, &topics.matcher);
            }
            let known = known(source.stamp, tick, digest, &outcome);
            let kept = (known, outcome);
            (
                Box::<str>::from(source.file.as_str()),
                cache::encode(&kept),
                kept,
            )
        };
        let read_all = |chunk: &[&Source]| chunk.par_iter().map(read).collect::<Vec<Read>>();
        // While one thread takes in what was read, the others read on; and no more than two chunks are held twice.
        let mut chunks = sources.chunks(CHUNK);
        let mut next = chunks.next().map(read_all).unwrap_or_default();
        while !next.is_empty() {
            let this = std::mem::take(&mut next);
            let (taken, read) = rayon::join(
                || self.take_read(this, looked),
                || chunks.next().map(read_all).unwrap_or_default(),
            );
            taken?;
            next = read;
        }
        Ok(())
    }

    /// Keeps what came of files.
    fn take_read(&mut self, read: Vec<Read>, looked: &mut Looked) -> Result<()> {
        if self.is_kept {
            self.journal
                .append(read.iter().map(|(file, kept, _)| (file, kept)))?;
        } else {
            let import_state = read
                .iter()
                .map(|(file, _, (_, outcome))| (file.clone(), outcome.import_state()));
            self.import_state.extend(import_state);
        }
        for (file, _, (known, outcome)) in read {
            looked.read += usize::from(!matches!(outcome.held, Held::File(_)));
            let before = self.known.insert(file.clone(), known);
            if let Some(before) = &before {
                self.set_hash.remove(set_hash::file(&file, &before.stamp));
            }
            self.set_hash.add(set_hash::file(&file, &known.stamp));
            let record_before = before.map_or(0, |before| before.record);
            looked.is_import_affected |= record_before != known.record
                || before.is_some_and(|before| before.is_edited && !known.is_edited);
            if before.is_none_or(|before| before.digest != known.digest) {
                looked.changes.push(self.note(file, outcome));
            }
        }
        Ok(())
    }

    /// Notes what is wrong with a file, and gives what the Library is told of it.
    fn note(&mut self, file: Box<str>, outcome: Outcome) -> Change {
        match outcome.diagnostics.is_empty() {
            true => self.problems.remove(&file),
            false => {
                let unpacked = outcome.diagnostics.iter().cloned();
                self.problems.insert(file.clone(), unpacked.collect())
            }
        };
        match outcome.is_draft {
            true => self.drafts.insert(file.clone()),
            false => self.drafts.remove(&file),
        };
        Change {
            file,
            now: outcome.found(),
        }
    }

    /// What import has to know of every file.
    pub fn shelf(&self, site: &Site, cache: &mut Cache, topics: &TopicSet) -> ImportedIndex {
        if !self.is_kept {
            return ImportedIndex::of(site, self.import_state.iter().cloned());
        }
        let (_, table) = cache.table("content", topics.digest);
        let import_state = table.par_iter().filter_map(|(file, value)| {
            let (_, outcome): (Known, Outcome) = cache::decode(value?)?;
            Some((file.into(), outcome.import_state()))
        });
        ImportedIndex::of(site, import_state.collect::<Vec<_>>().into_iter())
    }
}

fn other_content(file: &str) -> Failure {
    let what = "the file is not as the parts of the build read it";
    Diagnostic::error(Code::Unclassified, format!("content/{file}"), what)
        .hint("read the parts again, from `content/` as it is now")
        .into()
}

/// What is kept of a file beside what came of it.
fn known(stamp: Stamp, tick: i64, digest: Digest, outcome: &Outcome) -> Known {
    Known {
        stamp,
        is_settled: stamp.latest() < tick,
        digest,
        record: outcome
            .import_state()
            .raw
            .as_deref()
            .map_or(0, record_digest),
        is_edited: outcome.is_edited,
    }
}

/// Which record an article was imported from, and how that was.
fn record_digest(raw: &RawReference) -> u64 {
    let parts = [raw.path.as_str(), &raw.record, &raw.blake3];
    digest::short(parts.join("\0").as_bytes()) | 1
}
