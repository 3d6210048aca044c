//! What earlier runs knew: `.backfile/`, which may be deleted at any time.
//! Keeps bytes by key, and whether the last build ended; never decides what is out of date.

mod journal;
mod lock;
mod page_record;
mod pending;
mod previous_build;
mod published;

use std::path::{Path, PathBuf};

pub use journal::{Journal, LogPosition, Table, entry, entry_of};
pub use page_record::{PageRecord, PageRecordHead};
pub use previous_build::{BuildState, PreviousBuild};
pub use published::{
    PublishedAddress, keep_published, last_published, published_addresses, publishing_folder,
};

use crate::diagnostics::{Diagnostic, Result};
use crate::site::Site;

/// What this program is: a cache of another one is not read.
pub const PROGRAM: &str = env!("BACKFILE_BUILD_ID");

/// The cache of a site, which is this process's alone until it is dropped.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    lock: lock::Lock,
    /// What was broken in it.
    pub warnings: Vec<Diagnostic>,
}

impl Cache {
    /// Takes a site's cache for this process. `user` is the command that asks, for others who wait. If another process
    /// has the cache, `waiting` gets a message that names it, until that one ends.
    ///
    /// # Errors
    /// Where the folder cannot be made or written.
    pub fn open(site: &Site, user: &str, waiting: &dyn Fn(&str)) -> Result<Self> {
        let folder = site.cache();
        std::fs::create_dir_all(&folder)
            .map_err(|e| Diagnostic::io(&folder, "make the cache", &e))?;
        Ok(Self {
            lock: lock::Lock::take(&folder, user, waiting)?,
            folder,
            warnings: Vec::new(),
        })
    }

    /// A cache in a folder of its own, for work that leaves none with the site.
    ///
    /// # Errors
    /// As [`Cache::open`].
    pub fn apart(folder: &Path) -> Result<Self> {
        Ok(Self {
            lock: lock::Lock::take(folder, "", &|_| {})?,
            folder: folder.to_path_buf(),
            warnings: Vec::new(),
        })
    }

    /// Forgets a table, or what was kept by a name.
    pub fn forget(&self, name: &str) {
        let _ = std::fs::remove_file(self.folder.join(name));
    }

    /// The time of the file system's clock: what is written from now on has this time or a later one.
    ///
    /// # Errors
    /// As [`Cache::open`].
    pub fn file_system_time(&self) -> Result<i64> {
        self.lock.file_system_time(&self.folder)
    }

    /// A table by its name. `key` says what its values depend on beside their sources.
    pub fn table(&mut self, name: &str, key: [u8; 32]) -> (Journal, Table) {
        let (journal, table, warning) = Journal::open(&self.folder.join(name), key);
        self.warnings.extend(warning);
        (journal, table)
    }

    /// A table by its name, as it was at `position`, and what came since; see [`Journal::open_since`].
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

    /// A value that was kept by its name; None where there is none, or one of another program.
    pub fn recall<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        let bytes = std::fs::read(self.folder.join(name)).ok()?;
        decode(bytes.strip_prefix(PROGRAM.as_bytes())?)
    }

    /// Keeps a value by its name.
    ///
    /// # Errors
    /// As [`Cache::open`].
    pub fn keep<T: serde::Serialize>(&self, name: &str, value: &T) -> Result<()> {
        let path = self.folder.join(name);
        let bytes = [PROGRAM.as_bytes(), &encode(value)].concat();
        std::fs::write(&path, bytes)
            .map_err(|e| Diagnostic::io(&path, "write the cache", &e).into())
    }

    /// What was last built into the site's output folder.
    pub fn previous_build(&mut self, site: &Site) -> PreviousBuild {
        let (previous, warning) = PreviousBuild::open(&self.of_output(site));
        self.warnings.extend(warning);
        previous
    }

    /// What the last build left in the site's output folder, its pages excepted.
    pub fn build_state(&self, site: &Site) -> Option<BuildState> {
        BuildState::read(&self.of_output(site))
    }

    fn of_output(&self, site: &Site) -> PathBuf {
        let out = std::path::absolute(site.out()).unwrap_or_else(|_| site.out().to_path_buf());
        let name = blake3::hash(out.as_os_str().as_encoded_bytes()).to_hex();
        self.folder.join(format!("output-{}", &name[..8]))
    }
}

/// A key for a table: a digest of the program and of what else its values depend on.
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
    // Postcard fails on types that hide their length only, and none of ours does.
    postcard::to_stdvec(value).unwrap_or_default()
}

/// A value from its bytes; None where they are of another shape.
pub fn decode<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}
