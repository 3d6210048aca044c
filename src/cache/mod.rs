//! The cache: results of earlier runs in `.backfile/`, which may be deleted at any time.
//! Stores values by key, and whether the last build was completed; never decides what is out of date.

mod journal;
mod lock;
mod page_record;
mod pending;
mod previous_build;
mod published;
mod table;

use std::path::{Path, PathBuf};

pub use journal::{Journal, LogPosition, entry, entry_of};
pub use page_record::{PageRecord, PageRecordHead};
pub use previous_build::{BuildState, PreviousBuild};
pub use published::{
    PublishedAddress, keep_published, last_published, published_addresses, publishing_folder,
};
pub use table::Table;

use crate::diagnostics::{Diagnostic, Result};
use crate::files;
use crate::site::Site;

/// The build id of the program. A cache of another program is ignored.
pub const PROGRAM: &str = env!("BACKFILE_BUILD_ID");

/// The cache of a site, locked for this process until it is dropped.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    lock: lock::Lock,
    /// Warnings about damaged files of the cache.
    pub warnings: Vec<Diagnostic>,
}

impl Cache {
    /// Locks and opens a site's cache. `user` is the name of the command, shown by processes that wait for the lock. If another
    /// process has the lock, calls `waiting` with a message that names it, and waits until that process ends.
    ///
    /// # Errors
    /// If the folder cannot be created or written.
    pub fn open(site: &Site, user: &str, waiting: &dyn Fn(&str)) -> Result<Self> {
        let folder = site.cache();
        std::fs::create_dir_all(&folder)
            .map_err(|e| Diagnostic::io(&folder, "create the cache", &e))?;
        Ok(Self {
            lock: lock::Lock::take(&folder, user, waiting)?,
            folder,
            warnings: Vec::new(),
        })
    }

    /// A cache in another folder, for work that leaves no cache in the site.
    ///
    /// # Errors
    /// As [`Cache::open`].
    pub fn in_folder(folder: &Path) -> Result<Self> {
        Ok(Self {
            lock: lock::Lock::take(folder, "", &|_| {})?,
            folder: folder.to_path_buf(),
            warnings: Vec::new(),
        })
    }

    /// Removes a table or a value.
    pub fn remove(&self, name: &str) {
        let _ = std::fs::remove_file(self.folder.join(name));
    }

    /// The time of the file system's clock, in nanoseconds since 1970: files written from now on have this time or a later one.
    ///
    /// # Errors
    /// As [`Cache::open`].
    pub fn file_system_time(&self) -> Result<i64> {
        self.lock.file_system_time(&self.folder)
    }

    /// Opens a table by its name. `key` is a digest of what its values depend on beside their sources.
    pub fn table(&mut self, name: &str, key: [u8; 32]) -> (Journal, Table) {
        let (journal, table, warning) = Journal::open(&self.folder.join(name), key);
        self.warnings.extend(warning);
        (journal, table)
    }

    /// Opens a table by its name: its entries up to `position`, and those after it; see [`Journal::open_since`].
    pub fn table_since(
        &mut self,
        name: &str,
        key: [u8; 32],
        position: Option<LogPosition>,
    ) -> (Journal, Table, Option<Table>) {
        let (journal, then, since, warning) =
            Journal::open_since(&self.folder.join(name), key, position);
        self.warnings.extend(warning);
        (journal, then, since)
    }

    /// Loads a value by its name; `None` if there is none, or if another program saved it.
    pub fn load<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        let bytes = std::fs::read(self.folder.join(name)).ok()?;
        decode(bytes.strip_prefix(PROGRAM.as_bytes())?)
    }

    /// Saves a value by its name.
    ///
    /// # Errors
    /// As [`Cache::open`].
    pub fn save<T: serde::Serialize>(&self, name: &str, value: &T) -> Result<()> {
        let path = self.folder.join(name);
        let bytes = [PROGRAM.as_bytes(), &encode(value)].concat();
        files::write_whole(&path, &bytes)
            .map_err(|e| Diagnostic::io(&path, "write the cache", &e).into())
    }

    /// The records of the last build into the site's output folder.
    pub fn previous_build(&mut self, site: &Site) -> PreviousBuild {
        let (previous, warning) = PreviousBuild::open(&self.output_cache(site));
        self.warnings.extend(warning);
        previous
    }

    /// The state of the last build into the site's output folder, without its pages.
    pub fn build_state(&self, site: &Site) -> Option<BuildState> {
        BuildState::read(&self.output_cache(site))
    }

    fn output_cache(&self, site: &Site) -> PathBuf {
        // A site that is moved keeps what is known of its output.
        let out = site.out().strip_prefix(site.root());
        let out = out.unwrap_or(site.out()).as_os_str();
        let name = blake3::hash(out.as_encoded_bytes()).to_hex();
        self.folder.join(format!("output-{}", &name[..8]))
    }
}

/// A key for a table: a digest of the program and of everything else that its values depend on.
pub fn key(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(PROGRAM.as_bytes());
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// A value as bytes.
pub fn encode<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // Postcard fails only for types of unknown length, and none is used here.
    postcard::to_stdvec(value).unwrap_or_default()
}

/// A value from its bytes; `None` if they do not decode.
pub fn decode<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}
