//! A folder that an SFTP server shows, over the system's `ssh`. One connection carries the requests of all threads; where
//! it is lost, the next request makes another.

use std::collections::BTreeSet;
use std::io::{Read, SeekFrom};
use std::pin::Pin;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use openssh_sftp_client::error::SftpErrorKind;
use openssh_sftp_client::file::File;
use openssh_sftp_client::fs::Fs;
use openssh_sftp_client::{Error, Sftp as Client, SftpOptions};
use tokio::io::{AsyncReadExt as _, AsyncSeek as _};
use tokio::process::{ChildStderr, Command};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio_stream::StreamExt as _;

use super::ssh::{self, Address};
use super::{Body, Found, Listed, Refusal, Result, Sending, Target};
use crate::diagnostics::{Diagnostic, Result as Outcome};
use crate::model::digest;
use crate::publish::local::random_name;
use crate::publish::settings::Settings;

/// Where files are written before they are moved into place.
pub const PARTS: &str = ".backfile/parts";

/// What keeps others out between looking at a file and replacing it.
const LOCK: &str = ".backfile/lock";

/// After this long a lock's owner is gone.
const STALE: Duration = Duration::from_secs(30);

/// Requests of one verb that are under way at once.
const TOGETHER: usize = 32;

/// Bytes in a request, of which this many are under way for one file.
const CHUNK: usize = 32 << 10;
const CHUNKS: usize = 32;

/// How long a server may take to say its first word after ssh was started; people may have to touch a key.
const HELLO: Duration = Duration::from_secs(120);

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

/// A connection.
struct Line {
    client: Client,
    /// What ssh said besides.
    said: Arc<Mutex<String>>,
}

/// Why something was not done.
enum Trouble {
    /// There is no connection any more.
    Lost,
    No(Refusal),
}

type Answer<T> = std::result::Result<T, Trouble>;

impl Sftp {
    pub fn open(settings: &Settings) -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|e| Diagnostic::error("", format!("cannot start a thread: {e}")))?;
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
                    self.slot().take_if(|now| Arc::ptr_eq(now, &line));
                    // ssh says why a moment later.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    let why = ssh::refusal(&locked(&line.said)).words;
                    Err(Refusal::passing(format!("the connection was lost: {why}")))
                }
            }
        })
    }

    fn slot(&self) -> MutexGuard<'_, Option<Arc<Line>>> {
        locked(&self.line)
    }

    fn line(&self) -> Result<Arc<Line>> {
        let mut slot = self.slot();
        if let Some(line) = &*slot {
            return Ok(line.clone());
        }
        let line = Arc::new(self.runtime.block_on(connect(&self.address))?);
        Ok(slot.insert(line).clone())
    }

    /// Where a file is written first. One that others may be about to write too has a name by what is in it.
    fn part(&self, path: &str, bytes: &[u8]) -> String {
        let of = [path.as_bytes(), b"\n", bytes].concat();
        self.address.place(&format!("{PARTS}/{:016x}", digest::short(&of)))
    }
}

/// Starts ssh, and SFTP in it.
async fn connect(address: &Address) -> Result<Line> {
    let mut ssh = Command::from(address.subsystem("sftp"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| Refusal::lasting(format!("cannot start ssh: {e}")))?;
    let pipes = (ssh.stdin.take(), ssh.stdout.take(), ssh.stderr.take());
    let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
        return Err(Refusal::lasting("cannot start ssh: it has no pipes"));
    };
    let said = Arc::new(Mutex::new(String::new()));
    let listening = tokio::spawn(listen(stderr, said.clone()));
    let options = SftpOptions::new().flush_interval(Duration::ZERO);
    match tokio::time::timeout(HELLO, Client::new(stdin, stdout, options)).await {
        // ssh ends when its pipes do, and may go on for others who share its connection.
        Ok(Ok(client)) => Ok(Line { client, said }),
        Ok(Err(Error::IOError(_) | Error::BackgroundTaskFailure(_) | Error::RecursiveErrors(_))) => {
            // A master connection that ssh leaves behind may keep its pipe open.
            let _ = tokio::time::timeout(Duration::from_secs(2), listening).await;
            Err(ssh::refusal(&locked(&said)))
        }
        _ => {
            let _ = ssh.start_kill();
            Err(Refusal::lasting(
                "the host does not speak SFTP: a start-up file of the account's shell may print something",
            ))
        }
    }
}

/// Keeps the last of what ssh says.
async fn listen(mut stderr: ChildStderr, said: Arc<Mutex<String>>) {
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = stderr.read(&mut buffer).await {
        let mut said = locked(&said);
        said.push_str(&String::from_utf8_lossy(&buffer[..read]));
        let over = said.len().saturating_sub(8 << 10);
        let cut = (over..=said.len()).find(|cut| said.is_char_boundary(*cut));
        said.drain(..cut.unwrap_or_default());
    }
}

impl Line {
    fn fs(&self) -> Fs {
        self.client.fs()
    }

    /// A file's bytes; None where there is none.
    async fn read(&self, place: &str) -> Answer<Option<Vec<u8>>> {
        let failed = |e: Error| trouble("read", place, &e);
        let mut file = match self.client.open(place).await {
            Err(error) if is_absent(&error) => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = read_at(&mut file, bytes.len() as u64).await.map_err(failed)? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(bytes))
    }

    /// Writes a file from its beginning.
    async fn write(&self, place: &str, body: Body<'_>) -> Answer<()> {
        let failed = |e: Error| trouble("write", place, &e);
        let file = in_folder(self, place, async || self.client.create(place).await).await?;
        match body {
            Body::Bytes(bytes) => pour(bytes, &file).await?.map_err(failed)?,
            Body::File(from, _) => {
                let here = std::fs::File::open(from).map_err(|e| unreadable(from, &e))?;
                pour(here, &file).await?.map_err(failed)?;
            }
        }
        file.close().await.map_err(failed)
    }

    /// Makes a folder, and those that it lies in. That it is there already is no error.
    async fn make_folder(&self, folder: &str) -> Answer<()> {
        let mut fs = self.fs();
        let mut make = async |folder: &str| match fs.create_dir(folder).await {
            // What is in the way is a failure without words.
            Err(Error::SftpError(SftpErrorKind::Failure | SftpErrorKind::Unknown, _)) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(trouble("make the folder", folder, &error)),
            Ok(()) => Ok(true),
        };
        let mut missing = vec![folder];
        while let Some(folder) = missing.last()
            && !make(folder).await?
        {
            match folder.rsplit_once('/') {
                Some((above, _)) if !above.is_empty() => missing.push(above),
                _ => break,
            }
        }
        missing.pop();
        for folder in missing.into_iter().rev() {
            if !make(folder).await? {
                let what = format!("cannot make the folder `{folder}`: what it lies in is no folder");
                return Err(Trouble::No(Refusal::lasting(what)));
            }
        }
        Ok(())
    }

    /// Whether there is anything at a place.
    async fn has(&self, place: &str) -> Answer<bool> {
        match self.fs().symlink_metadata(place).await {
            Ok(_) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(trouble("look at", place, &error)),
        }
    }

    async fn remove(&self, place: &str) -> Answer<()> {
        match self.fs().remove_file(place).await {
            Err(error) if !is_absent(&error) => Err(trouble("delete", place, &error)),
            _ => Ok(()),
        }
    }

    /// Moves a file over the place of another, at once where the server can.
    async fn replace(&self, from: &str, to: &str) -> Answer<()> {
        let moved = in_folder(self, to, async || self.fs().rename(from, to).await).await;
        if moved.is_ok() || self.client.support_posix_rename() || !self.has(to).await? {
            return moved;
        }
        // A server that does not replace what is there.
        self.remove(to).await?;
        let moved = self.fs().rename(from, to).await;
        moved.map_err(|e| trouble("write", to, &e))
    }

    /// Links a file; whether nothing was in the way. None where the server has no links.
    async fn link(&self, from: &str, to: &str) -> Answer<Option<bool>> {
        let linked = in_folder(self, to, async || self.fs().hard_link(from, to).await).await;
        match linked {
            Ok(()) => Ok(Some(true)),
            Err(Trouble::Lost) => Err(Trouble::Lost),
            Err(Trouble::No(_)) if self.has(to).await? => Ok(Some(false)),
            Err(refused) if self.client.support_hardlink() && !self.has(from).await? => Err(refused),
            Err(Trouble::No(_)) => Ok(None),
        }
    }

    /// Writes a file where none is; whether none was.
    async fn create(&self, place: &str, bytes: &[u8]) -> Answer<bool> {
        let create = async || {
            let mut options = self.client.options();
            options.write(true).create_new(true).open(place).await
        };
        match in_folder(self, place, create).await {
            Ok(file) => {
                pour(bytes, &file).await?.map_err(|e| trouble("write", place, &e))?;
                file.close().await.map_err(|e| trouble("write", place, &e))?;
                Ok(true)
            }
            Err(Trouble::No(_)) if self.has(place).await? => Ok(false),
            Err(trouble) => Err(trouble),
        }
    }

    /// Takes the lock, in the name of this process; `now` is the server's own time, in seconds since 1970.
    async fn lock(&self, lock: &str, name: &str, now: Duration) -> Answer<()> {
        let began = Instant::now();
        while !self.create(lock, name.as_bytes()).await? {
            // This process's own is of a connection that was lost.
            if self.read(lock).await?.is_some_and(|owner| owner == name.as_bytes()) {
                return Ok(());
            }
            let since = self.modified(lock).await?;
            if since.is_some_and(|since| now + began.elapsed() > since + STALE) {
                self.remove(lock).await?;
            } else if began.elapsed() > STALE * 2 {
                let busy = format!("`{lock}` is in others' hands");
                return Err(Trouble::No(Refusal::passing(busy)));
            } else {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }

    /// Moves a file over another that still is what is expected; whether it was.
    async fn exchange(&self, from: &str, to: &str, expected: &str) -> Answer<bool> {
        let there = self.read(to).await?;
        if there.is_none_or(|bytes| version(&bytes) != expected) {
            self.remove(from).await?;
            return Ok(false);
        }
        self.replace(from, to).await?;
        Ok(true)
    }

    /// When a file was written, by the server's clock; None where there is none.
    async fn modified(&self, place: &str) -> Answer<Option<Duration>> {
        match self.fs().metadata(place).await {
            Ok(metadata) => Ok(metadata.modified().map(|time| time.as_duration())),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(trouble("look at", place, &error)),
        }
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
        let part = self.part(path, bytes);
        let lock = self.address.place(LOCK);
        let _alone = locked(&self.locking);
        self.ask(async |line| {
            // A part that was linked to its place is written anew, not into.
            line.remove(&part).await?;
            line.write(&part, Body::Bytes(bytes)).await?;
            let Some(expected) = expected else {
                let linked = line.link(&part, &place).await?;
                line.remove(&part).await?;
                return match linked {
                    Some(is_free) => Ok(is_free),
                    None => line.create(&place, bytes).await,
                };
            };
            let now = line.modified(&part).await?.unwrap_or_default();
            line.lock(&lock, &self.name, now).await?;
            let exchanged = line.exchange(&part, &place, expected).await;
            if !matches!(exchanged, Err(Trouble::Lost)) {
                line.remove(&lock).await?;
            }
            exchanged
        })
    }

    fn put(&self, file: &Sending<'_>) -> Result<()> {
        let place = self.address.place(file.path);
        let part = self.part(file.path, b"");
        self.ask(async |line| {
            line.write(&part, file.body).await?;
            line.replace(&part, &place).await
        })
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        self.ask(async |line| {
            let mut removing = JoinSet::new();
            for path in paths {
                if removing.len() >= TOGETHER {
                    joined(removing.join_next().await)?;
                }
                let (mut fs, place) = (line.fs(), self.address.place(path));
                removing.spawn(async move {
                    match fs.remove_file(&place).await {
                        Err(error) if !is_absent(&error) => Err(trouble("delete", &place, &error)),
                        _ => Ok(()),
                    }
                });
            }
            while let Some(removed) = removing.join_next().await {
                joined(Some(removed))?;
            }
            // The folders that held nothing else; those within others come first.
            let above = |path: &str| path.rsplit_once('/').map(|(above, _)| above.to_owned());
            let mut folders: BTreeSet<String> = paths.iter().filter_map(|path| above(path)).collect();
            while let Some(folder) = folders.pop_last() {
                match line.fs().remove_dir(self.address.place(&folder)).await {
                    Ok(()) => folders.extend(above(&folder)),
                    Err(error) if is_lost(&error) => return Err(Trouble::Lost),
                    Err(_) => {}
                }
            }
            Ok(())
        })
    }

    fn list(&self, folder: &str) -> Result<Vec<Listed>> {
        self.ask(async |line| {
            let mut listed = Vec::new();
            let mut todo = vec![folder.to_owned()];
            let mut reading = JoinSet::new();
            loop {
                while reading.len() < TOGETHER
                    && let Some(folder) = todo.pop()
                {
                    let place = self.address.place(&folder);
                    reading.spawn(entries(line.fs(), place, folder));
                }
                let Some(read) = joined(reading.join_next().await)? else {
                    return Ok(listed);
                };
                todo.extend(read.folders);
                listed.extend(read.files);
            }
        })
    }

    fn copy(&self, from: &str, to: &str) -> Result<()> {
        let part = self.part(to, b"");
        let (from, to) = (self.address.place(from), self.address.place(to));
        self.ask(async |line| {
            if line.link(&from, &to).await?.is_some() {
                return Ok(());
            }
            let failed = |e: Error| trouble("read", &from, &e);
            let mut there = line.client.open(&from).await.map_err(failed)?;
            let copy = in_folder(line, &part, async || line.client.create(&part).await).await?;
            let mut offset = 0;
            while let Some(chunk) = read_at(&mut there, offset).await.map_err(failed)? {
                let written = write_at(copy.clone(), offset, &chunk).await;
                written.map_err(|e| trouble("write", &to, &e))?;
                offset += chunk.len() as u64;
            }
            copy.close().await.map_err(|e| trouble("write", &to, &e))?;
            line.replace(&part, &to).await
        })
    }

    fn point(&self, version: &str) -> Result<()> {
        let current = self.address.place("current");
        let next = self.address.place(".backfile/next");
        self.ask(async |line| {
            if version.is_empty() {
                return line.remove(&current).await;
            }
            line.remove(&next).await?;
            let target = format!("versions/{version}");
            in_folder(line, &next, async || line.fs().symlink(&target, &next).await).await?;
            line.replace(&next, &current).await
        })
    }

    fn has_versions(&self) -> bool {
        self.has_versions
    }

    fn lanes(&self) -> usize {
        16
    }
}

/// Does something with a path; where its folder is not there, makes it and does it again. Others may take an empty folder
/// away meanwhile.
async fn in_folder<T>(
    line: &Line,
    place: &str,
    act: impl AsyncFn() -> std::result::Result<T, Error>,
) -> Answer<T> {
    let mut tries = 3;
    loop {
        match act().await {
            Err(error) if is_absent(&error) && tries > 0 => tries -= 1,
            done => return done.map_err(|e| trouble("write", place, &e)),
        }
        if let Some((folder, _)) = place.rsplit_once('/') {
            line.make_folder(folder).await?;
        }
    }
}

/// Writes all that a reader gives into a file, many requests at once.
async fn pour(mut from: impl Read, to: &File) -> Answer<std::result::Result<(), Error>> {
    let mut writing = JoinSet::new();
    let mut offset = 0;
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = from.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
        read.map_err(|e| Trouble::No(Refusal::lasting(format!("cannot read the file: {e}"))))?;
        let is_over = chunk.is_empty();
        while writing.len() >= CHUNKS || (is_over && !writing.is_empty()) {
            match writing.join_next().await {
                Some(Ok(Err(error))) => return Ok(Err(error)),
                Some(Err(_)) => return Err(Trouble::Lost),
                _ => {}
            }
        }
        if is_over {
            return Ok(Ok(()));
        }
        let (file, at) = (to.clone(), offset);
        offset += chunk.len() as u64;
        writing.spawn(async move { write_at(file, at, &chunk).await });
    }
}

async fn write_at(mut file: File, offset: u64, bytes: &[u8]) -> std::result::Result<(), Error> {
    Pin::new(&mut file).start_seek(SeekFrom::Start(offset))?;
    file.write_all(bytes).await
}

/// Some bytes of a file from there on; None at its end. A server may give fewer than it was asked for.
async fn read_at(file: &mut File, offset: u64) -> std::result::Result<Option<Vec<u8>>, Error> {
    Pin::new(&mut *file).start_seek(SeekFrom::Start(offset))?;
    let chunk = file.read(CHUNK as u32, Default::default()).await?;
    Ok(chunk.filter(|chunk| !chunk.is_empty()).map(Vec::from))
}

/// What lies in a folder.
#[derive(Default)]
struct Entries {
    files: Vec<Listed>,
    folders: Vec<String>,
}

/// Reads a folder; links are neither files nor folders.
async fn entries(mut fs: Fs, place: String, folder: String) -> Answer<Entries> {
    let mut found = Entries::default();
    let failed = |e: Error| trouble("list", &place, &e);
    let dir = match fs.open_dir(&place).await {
        Err(error) if is_absent(&error) => return Ok(found),
        // What nobody lets this account see is not the website's.
        Err(Error::SftpError(SftpErrorKind::PermDenied, _)) if !folder.is_empty() => return Ok(found),
        opened => opened.map_err(failed)?,
    };
    let mut entries = std::pin::pin!(dir.read_dir());
    while let Some(entry) = entries.next().await {
        let entry = entry.map_err(failed)?;
        let name = entry.filename().to_string_lossy();
        if name == "." || name == ".." {
            continue;
        }
        let path = match folder.as_str() {
            "" => name.into_owned(),
            folder => format!("{folder}/{name}"),
        };
        let mut metadata = entry.metadata();
        if metadata.file_type().is_none() {
            let beside = format!("{place}/{}", entry.filename().to_string_lossy());
            metadata = match fs.symlink_metadata(beside).await {
                Err(error) if is_lost(&error) => return Err(Trouble::Lost),
                Err(_) => continue,
                Ok(metadata) => metadata,
            };
        }
        match metadata.file_type() {
            Some(kind) if kind.is_dir() => found.folders.push(path),
            Some(kind) if kind.is_file() => found.files.push(Listed {
                path,
                size: metadata.len().unwrap_or_default(),
                md5: None,
            }),
            _ => {}
        }
    }
    Ok(found)
}

/// What says whether a file changed.
fn version(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The answer of a task, where there is one more; a task that ended otherwise lost its connection.
fn joined<T>(
    task: Option<std::result::Result<Answer<T>, tokio::task::JoinError>>,
) -> Answer<Option<T>> {
    task.map(|task| task.unwrap_or(Err(Trouble::Lost))).transpose()
}

fn is_absent(error: &Error) -> bool {
    matches!(error, Error::SftpError(SftpErrorKind::NoSuchFile, _))
}

fn is_lost(error: &Error) -> bool {
    !matches!(error, Error::SftpError(..) | Error::UnsupportedExtension(_))
}

fn unreadable(path: &std::path::Path, error: &std::io::Error) -> Trouble {
    Trouble::No(Refusal::lasting(format!("cannot read `{}`: {error}", path.display())))
}

/// What a server's no means.
fn trouble(what: &str, place: &str, error: &Error) -> Trouble {
    let why = match error {
        Error::SftpError(SftpErrorKind::NoSuchFile, _) => "no such file or folder".to_owned(),
        Error::SftpError(SftpErrorKind::PermDenied, _) => {
            "the server does not permit it to this account".to_owned()
        }
        Error::SftpError(_, words) => {
            let words: String = words.to_string();
            match words.is_empty() || words.eq_ignore_ascii_case("failure") {
                true => "the server says only that it failed; its disk may be full".to_owned(),
                false => format!("the server says `{}`", words.replace('`', "'")),
            }
        }
        Error::UnsupportedExtension(name) => format!("the server does not know `{name}`"),
        _ => return Trouble::Lost,
    };
    Trouble::No(Refusal::lasting(format!("cannot {what} `{place}`: {why}")))
}
