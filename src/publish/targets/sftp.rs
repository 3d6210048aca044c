//! A folder that an SFTP server shows, over the system's `ssh`. One connection carries the requests of all threads; where
//! it is lost, the next request makes another.

mod line;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Runtime;

use super::ssh::{self, Address};
use super::{Found, Listed, Refusal, Result, Sending, Target};
use crate::diagnostics::{Code, Diagnostic, Result as Outcome};
use crate::model::digest;
use crate::publish::intent::INTENT;
use crate::publish::local::random_name;
use crate::settings::TargetSettings;
use line::{Answer, Line, Trouble, locked, version};

/// Where files are written before they are moved into place.
pub const PARTS: &str = ".backfile/parts";

/// What keeps others out between looking at a file and replacing it.
const LOCK: &str = ".backfile/lock";

pub struct Sftp {
    address: Address,
    has_versions: bool,
    line: Mutex<Option<Arc<Line>>>,
    /// What this process calls itself in a lock.
    name: String,
    /// The lock is one for all threads of a process.
    locking: Mutex<()>,
    runtime: Runtime,
}

impl Sftp {
    pub fn open(settings: &TargetSettings) -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|e| {
                Diagnostic::error(
                    Code::Unclassified,
                    "",
                    format!("cannot start a thread: {e}"),
                )
            })?;
        Ok(Self {
            address: Address::read(settings)?,
            has_versions: settings.versions > 0,
            line: Mutex::default(),
            name: random_name(),
            locking: Mutex::default(),
            runtime,
        })
    }

    /// Makes a folder, and those that it lies in.
    ///
    /// # Errors
    /// Where the server does not.
    pub fn make_folder(&self, folder: &str) -> Result<()> {
        let folder = self.address.place(folder);
        self.ask(async |line| line.make_folder(&folder).await)
    }

    /// Asks over the connection, and makes one where there is none.
    fn ask<T>(&self, act: impl AsyncFnOnce(&Line) -> Answer<T>) -> Result<T> {
        let line = self.line()?;
        self.runtime.block_on(async {
            match act(&line).await {
                Ok(answer) => Ok(answer),
                Err(Trouble::No(refusal)) => Err(refusal),
                Err(Trouble::Lost) => {
                    locked(&self.line).take_if(|now| Arc::ptr_eq(now, &line));
                    // ssh says why a moment later.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    let why = ssh::refusal(&line.said()).words;
                    Err(Refusal::passing(format!("the connection was lost: {why}")))
                }
            }
        })
    }

    fn line(&self) -> Result<Arc<Line>> {
        let mut slot = locked(&self.line);
        if let Some(line) = &*slot {
            return Ok(line.clone());
        }
        let line = Arc::new(self.runtime.block_on(Line::open(&self.address))?);
        Ok(slot.insert(line).clone())
    }

    /// Where a file is written first: under a name that the next try takes again.
    fn part(&self, path: &str) -> String {
        let name = digest::short(path.as_bytes());
        self.address.place(&format!("{PARTS}/{name:016x}"))
    }
}

impl Target for Sftp {
    fn get(&self, path: &str) -> Result<Option<Found>> {
        let place = self.address.place(path);
        let bytes = self.ask(async |line| line.read(&place).await)?;
        Ok(bytes.map(|bytes| Found {
            version: version(&bytes),
            bytes,
        }))
    }

    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        let place = self.address.place(path);
        let part = self.part(path);
        let lock = self.address.place(LOCK);
        let _alone = locked(&self.locking);
        self.ask(async |line| {
            line.lock(&lock, &self.name).await?;
            let exchanged = line.exchange(&part, &place, bytes, expected).await;
            if !matches!(exchanged, Err(Trouble::Lost)) {
                line.remove(&lock).await?;
            }
            exchanged
        })
    }

    fn put(&self, file: &Sending<'_>) -> Result<()> {
        let place = self.address.place(file.path);
        let part = self.part(file.path);
        self.ask(async |line| {
            line.write(&part, file.body).await?;
            line.replace(&part, &place).await
        })
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        self.ask(async |line| {
            let places = paths.iter().map(|path| self.address.place(path));
            line.remove_all(places.collect()).await?;
            // The folders that held nothing else; those within others come first.
            let above = |path: &str| path.rsplit_once('/').map(|(above, _)| above.to_owned());
            let mut folders: BTreeSet<String> =
                paths.iter().filter_map(|path| above(path)).collect();
            while let Some(folder) = folders.pop_last() {
                if line.remove_folder(&self.address.place(&folder)).await? {
                    folders.extend(above(&folder));
                }
            }
            Ok(())
        })
    }

    fn list(&self, folder: &str) -> Result<Vec<Listed>> {
        self.ask(async |line| line.list(&self.address, folder).await)
    }

    fn copy(&self, from: &str, to: &str) -> Result<()> {
        let part = self.part(to);
        let (from, to) = (self.address.place(from), self.address.place(to));
        self.ask(async |line| line.copy(&from, &to, &part).await)
    }

    fn point(&self, version: &str) -> Result<()> {
        let current = self.address.place("current");
        let next = self.address.place(".backfile/next");
        let target = format!("versions/{version}");
        self.ask(async |line| match version {
            "" => line.remove(&current).await,
            _ => line.lead(&current, &target, &next).await,
        })
    }

    fn sweep(&self) {
        let part = self.part(INTENT);
        let lock = self.address.place(LOCK);
        let _alone = locked(&self.locking);
        // A lock that was left is broken on the way; where that is refused, a later run tries again.
        let _ = self.ask(async |line| {
            line.lock(&lock, &self.name).await?;
            line.remove(&part).await?;
            line.remove(&lock).await
        });
    }

    fn has_versions(&self) -> bool {
        self.has_versions
    }

    fn lanes(&self) -> usize {
        32
    }
}
