//! A folder on an SFTP server, over the system's `ssh`. One connection carries the requests of all threads; after it is
//! lost, the next request opens another.

mod connection;
mod error;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Runtime;

use super::ssh::{self, Address};
use super::{ListedFile, RemoteFile, Result, Target, TargetError, UpdateMode, Upload};
use crate::diagnostics::{Code, Diagnostic, Result as Outcome};
use crate::model::digest;
use crate::publish::random;
use crate::settings::TargetSettings;
use connection::{Connection, locked, version};
use error::{ConnectionError, Reply};

/// Where files are written before they are moved into place.
pub(crate) const PARTS: &str = ".backfile/parts";

/// The lock that is held while a file is compared and replaced.
const LOCK: &str = ".backfile/lock";

pub(crate) struct Sftp {
    address: Address,
    mode: UpdateMode,
    connection: Mutex<Option<Arc<Connection>>>,
    /// The name of this process in the lock.
    name: String,
    /// The lock is one for all threads of a process.
    locking: Mutex<()>,
    runtime: Runtime,
}

impl Sftp {
    pub(crate) fn open(settings: &TargetSettings) -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|e| {
                Diagnostic::error(Code::Machine, "", format!("cannot start a thread: {e}"))
            })?;
        Ok(Self {
            address: Address::parse(settings)?,
            mode: UpdateMode::of_versions(settings.versions),
            connection: Mutex::default(),
            name: random::name(),
            locking: Mutex::default(),
            runtime,
        })
    }

    /// Makes a folder and the folders above it.
    ///
    /// # Errors
    /// Where the server refuses.
    pub(crate) fn make_folder(&self, folder: &str) -> Result<()> {
        let folder = self.address.remote_path(folder);
        self.request(async |connection| connection.make_folder(&folder).await)
    }

    /// Makes requests over the connection, which is opened where there is none.
    fn request<T>(&self, act: impl AsyncFnOnce(&Connection) -> Reply<T>) -> Result<T> {
        let connection = self.connect()?;
        self.runtime.block_on(async {
            match act(&connection).await {
                Ok(answer) => Ok(answer),
                Err(ConnectionError::Refused(error)) => Err(error),
                Err(ConnectionError::Lost) => {
                    locked(&self.connection).take_if(|now| Arc::ptr_eq(now, &connection));
                    // The message of ssh comes a moment later.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    let why = ssh::target_error(&connection.stderr()).message;
                    Err(TargetError::transient(format!(
                        "the connection was lost: {why}"
                    )))
                }
            }
        })
    }

    fn connect(&self) -> Result<Arc<Connection>> {
        let mut slot = locked(&self.connection);
        if let Some(connection) = &*slot {
            return Ok(connection.clone());
        }
        let connection = self.runtime.block_on(Connection::open(&self.address))?;
        Ok(slot.insert(Arc::new(connection)).clone())
    }

    /// The path where a file is written first: the same at each try.
    fn part(&self, path: &str) -> String {
        let name = digest::short(path.as_bytes());
        self.address.remote_path(&format!("{PARTS}/{name:016x}"))
    }
}

impl Target for Sftp {
    fn get(&self, path: &str) -> Result<Option<RemoteFile>> {
        let place = self.address.remote_path(path);
        let bytes = self.request(async |connection| connection.read(&place).await)?;
        Ok(bytes.map(|bytes| RemoteFile {
            version: version(&bytes),
            bytes,
        }))
    }

    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        let place = self.address.remote_path(path);
        let part = self.part(path);
        let lock = self.address.remote_path(LOCK);
        let _alone = locked(&self.locking);
        self.request(async |connection| {
            connection.lock(&lock, &self.name).await?;
            let exchanged = connection.exchange(&part, &place, bytes, expected).await;
            if !matches!(exchanged, Err(ConnectionError::Lost)) {
                connection.remove(&lock).await?;
            }
            exchanged
        })
    }

    fn put(&self, file: &Upload<'_>) -> Result<()> {
        let place = self.address.remote_path(file.path);
        let part = self.part(file.path);
        self.request(async |connection| {
            connection.write(&part, file.body).await?;
            connection.replace(&part, &place).await
        })
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        self.request(async |connection| {
            let places = paths.iter().map(|path| self.address.remote_path(path));
            connection.remove_all(places.collect()).await?;
            // Folders that are empty now, the innermost first.
            let above = |path: &str| path.rsplit_once('/').map(|(above, _)| above.to_owned());
            let mut folders: BTreeSet<String> =
                paths.iter().filter_map(|path| above(path)).collect();
            while let Some(folder) = folders.pop_last() {
                if connection
                    .remove_folder(&self.address.remote_path(&folder))
                    .await?
                {
                    folders.extend(above(&folder));
                }
            }
            Ok(())
        })
    }

    fn list(&self, folder: &str) -> Result<Vec<ListedFile>> {
        self.request(async |connection| connection.list(&self.address, folder).await)
    }

    fn copy(&self, from: &str, to: &str) -> Result<()> {
        let part = self.part(to);
        let (from, to) = (self.address.remote_path(from), self.address.remote_path(to));
        self.request(async |connection| connection.copy(&from, &to, &part).await)
    }

    fn switch_to(&self, version: &str) -> Result<()> {
        let current = self.address.remote_path("current");
        let next = self.address.remote_path(".backfile/next");
        let target = format!("versions/{version}");
        self.request(async |connection| match version {
            "" => connection.remove(&current).await,
            _ => connection.replace_link(&current, &target, &next).await,
        })
    }

    fn sweep(&self, path: &str) {
        let part = self.part(path);
        let lock = self.address.remote_path(LOCK);
        let _alone = locked(&self.locking);
        // This also removes a stale lock; where the server refuses, a later run tries again.
        let _ = self.request(async |connection| {
            connection.lock(&lock, &self.name).await?;
            connection.remove(&part).await?;
            connection.remove(&lock).await
        });
    }

    fn mode(&self) -> UpdateMode {
        self.mode
    }

    fn lanes(&self) -> usize {
        32
    }
}
