//! A connection to an SFTP server, and what is done over it. Knows places at the server; which of them mean what, is
//! another's affair.

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
use tokio::task::{JoinError, JoinSet};
use tokio_stream::StreamExt as _;

use super::super::ssh::{self, Address};
use super::super::{Body, Listed, Refusal, Result};

/// A lock is held for some ten answers of the server; whoever holds it for longer than this is gone.
const STALE: Duration = Duration::from_secs(20);

/// Requests of one verb that are under way at once.
const TOGETHER: usize = 32;

/// Bytes in a request, of which this many are under way for one file.
const CHUNK: usize = 32 << 10;
const CHUNKS: usize = 32;

/// How long a server may take to say its first word after ssh was started; people may have to touch a key.
const HELLO: Duration = Duration::from_secs(120);

/// A connection. Threads share it.
pub struct Line {
    client: Client,
    said: Arc<Mutex<String>>,
}

/// Why something was not done.
pub enum Trouble {
    /// There is no connection any more.
    Lost,
    No(Refusal),
}

pub type Answer<T> = std::result::Result<T, Trouble>;

/// What the server answers.
type Reply<T> = std::result::Result<T, Error>;

impl Line {
    /// Starts ssh, and SFTP in it.
    pub async fn open(address: &Address) -> Result<Self> {
        let mut ssh = Command::from(address.subsystem("sftp"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| address.unstarted(&e))?;
        let pipes = (ssh.stdin.take(), ssh.stdout.take(), ssh.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(Refusal::lasting("cannot start ssh: it has no pipes"));
        };
        let said = Arc::new(Mutex::new(String::new()));
        let listening = tokio::spawn(listen(stderr, said.clone()));
        let options = SftpOptions::new().flush_interval(Duration::ZERO);
        match tokio::time::timeout(HELLO, Client::new(stdin, stdout, options)).await {
            // ssh ends when its pipes do, and may go on for others who share its connection.
            Ok(Ok(client)) => Ok(Self { client, said }),
            Ok(Err(
                Error::IOError(_) | Error::BackgroundTaskFailure(_) | Error::RecursiveErrors(_),
            )) => {
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

    /// What ssh said besides.
    pub fn said(&self) -> String {
        locked(&self.said).clone()
    }

    fn fs(&self) -> Fs {
        self.client.fs()
    }

    /// A file's bytes; None where there is none.
    pub async fn read(&self, place: &str) -> Answer<Option<Vec<u8>>> {
        let failed = |e: Error| trouble("read", place, &e);
        let mut file = match self.client.open(place).await {
            Err(error) if is_absent(&error) => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = read_at(&mut file, bytes.len() as u64)
            .await
            .map_err(failed)?
        {
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(bytes))
    }

    /// Writes a file from its beginning.
    pub async fn write(&self, place: &str, body: Body<'_>) -> Answer<()> {
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
    pub async fn make_folder(&self, folder: &str) -> Answer<()> {
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
                let what =
                    format!("cannot make the folder `{folder}`: what it lies in is no folder");
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

    pub async fn remove(&self, place: &str) -> Answer<()> {
        match self.fs().remove_file(place).await {
            Err(error) if !is_absent(&error) => Err(trouble("delete", place, &error)),
            _ => Ok(()),
        }
    }

    /// Deletes files, many at once; those that are not there are no error.
    pub async fn remove_all(&self, places: Vec<String>) -> Answer<()> {
        let mut removing = JoinSet::new();
        for place in places {
            if removing.len() >= TOGETHER {
                joined(removing.join_next().await)?;
            }
            let mut fs = self.fs();
            removing.spawn(async move {
                match fs.remove_file(&place).await {
                    Err(error) if !is_absent(&error) => Err(trouble("delete", &place, &error)),
                    _ => Ok(()),
                }
            });
        }
        while joined(removing.join_next().await)?.is_some() {}
        Ok(())
    }

    /// Deletes a folder where it is empty; whether it was.
    pub async fn remove_folder(&self, place: &str) -> Answer<bool> {
        match self.fs().remove_dir(place).await {
            Err(error) if is_lost(&error) => Err(Trouble::Lost),
            removed => Ok(removed.is_ok()),
        }
    }

    /// Moves a file over the place of another, at once where the server can.
    pub async fn replace(&self, from: &str, to: &str) -> Answer<()> {
        let moved = in_folder(self, to, async || self.fs().rename(from, to).await).await;
        if moved.is_ok() || self.client.support_posix_rename() || !self.has(to).await? {
            return moved;
        }
        // A server that does not replace what is there.
        self.remove(to).await?;
        let moved = self.fs().rename(from, to).await;
        moved.map_err(|e| trouble("write", to, &e))
    }

    /// Links a file, where nothing is there yet; whether the server has links.
    async fn link(&self, from: &str, to: &str) -> Answer<bool> {
        let linked = in_folder(self, to, async || self.fs().hard_link(from, to).await).await;
        match linked {
            Ok(()) => Ok(true),
            Err(Trouble::Lost) => Err(Trouble::Lost),
            Err(Trouble::No(_)) => self.has(to).await,
        }
    }

    /// Copies a file by a link, or by its bytes where the server has no links; what is there already stays.
    pub async fn copy(&self, from: &str, to: &str, part: &str) -> Answer<()> {
        if self.link(from, to).await? {
            return Ok(());
        }
        let reading = |e: Error| trouble("read", from, &e);
        let writing = |e: Error| trouble("write", to, &e);
        let mut there = self.client.open(from).await.map_err(reading)?;
        let copy = in_folder(self, part, async || self.client.create(part).await).await?;
        let mut offset = 0;
        while let Some(chunk) = read_at(&mut there, offset).await.map_err(reading)? {
            write_at(copy.clone(), offset, &chunk)
                .await
                .map_err(writing)?;
            offset += chunk.len() as u64;
        }
        copy.close().await.map_err(writing)?;
        self.replace(part, to).await
    }

    /// Makes a link that leads elsewhere, in the place of one that is there.
    pub async fn lead(&self, place: &str, target: &str, next: &str) -> Answer<()> {
        self.remove(next).await?;
        in_folder(self, next, async || self.fs().symlink(target, next).await).await?;
        self.replace(next, place).await
    }

    /// The files below a folder of an address; links are neither files nor folders.
    pub async fn list(&self, address: &Address, folder: &str) -> Answer<Vec<Listed>> {
        let mut listed = Vec::new();
        let mut todo = vec![folder.to_owned()];
        let mut reading = JoinSet::new();
        loop {
            while reading.len() < TOGETHER
                && let Some(folder) = todo.pop()
            {
                reading.spawn(entries(self.fs(), address.place(&folder), folder));
            }
            let Some(read) = joined(reading.join_next().await)? else {
                return Ok(listed);
            };
            todo.extend(read.folders);
            listed.extend(read.files);
        }
    }

    /// Takes the lock, in the name of this process.
    pub async fn lock(&self, lock: &str, name: &str) -> Answer<()> {
        let began = Instant::now();
        let mut seen: Option<(Vec<u8>, Instant)> = None;
        loop {
            let refused = match self.create(lock, name).await {
                Err(Trouble::No(refusal)) => refusal,
                done => return done,
            };
            // What is in the way, and a folder that may not be written to, look alike.
            let owner = self.read(lock).await?;
            seen = match (owner, seen) {
                // This process's own is of a connection that was lost.
                (Some(owner), _) if owner == name.as_bytes() => return Ok(()),
                (Some(owner), Some((before, since))) if owner == before => {
                    if since.elapsed() > STALE {
                        self.remove(lock).await?;
                    }
                    Some((before, since))
                }
                (Some(owner), _) => Some((owner, Instant::now())),
                (None, None) if began.elapsed() > Duration::from_secs(1) => {
                    return Err(Trouble::No(refused));
                }
                (None, _) => None,
            };
            if began.elapsed() > STALE * 4 {
                return Err(Trouble::No(Refusal::passing(format!(
                    "others hold `{lock}`"
                ))));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Writes a small file where none is.
    async fn create(&self, place: &str, text: &str) -> Answer<()> {
        let create = async || {
            let mut options = self.client.options();
            options.write(true).create_new(true).open(place).await
        };
        let mut file = in_folder(self, place, create).await?;
        let failed = |e: Error| trouble("write", place, &e);
        file.write_all(text.as_bytes()).await.map_err(failed)?;
        file.close().await.map_err(failed)
    }

    /// Writes a file if what is there still is what is expected; whether it was.
    pub async fn exchange(
        &self,
        part: &str,
        place: &str,
        bytes: &[u8],
        expected: Option<&str>,
    ) -> Answer<bool> {
        let there = self.read(place).await?;
        if there.map(|bytes| version(&bytes)).as_deref() != expected {
            return Ok(false);
        }
        self.write(part, Body::Bytes(bytes)).await?;
        self.replace(part, place).await?;
        Ok(true)
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

/// Does something with a path; where its folder is not there, makes it and does it again. Others may take an empty folder
/// away meanwhile.
async fn in_folder<T>(line: &Line, place: &str, act: impl AsyncFn() -> Reply<T>) -> Answer<T> {
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
async fn pour(mut from: impl Read, to: &File) -> Answer<Reply<()>> {
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

async fn write_at(mut file: File, offset: u64, bytes: &[u8]) -> Reply<()> {
    Pin::new(&mut file).start_seek(SeekFrom::Start(offset))?;
    file.write_all(bytes).await
}

/// Some bytes of a file from there on; None at its end. A server may give fewer than it was asked for.
async fn read_at(file: &mut File, offset: u64) -> Reply<Option<Vec<u8>>> {
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
        Err(Error::SftpError(SftpErrorKind::PermDenied, _)) if !folder.is_empty() => {
            return Ok(found);
        }
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
pub fn version(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The answer of a task, where there is one more; a task that ended otherwise lost its connection.
fn joined<T>(task: Option<std::result::Result<Answer<T>, JoinError>>) -> Answer<Option<T>> {
    task.map(|task| task.unwrap_or(Err(Trouble::Lost)))
        .transpose()
}

fn is_absent(error: &Error) -> bool {
    matches!(error, Error::SftpError(SftpErrorKind::NoSuchFile, _))
}

fn is_lost(error: &Error) -> bool {
    !matches!(error, Error::SftpError(..) | Error::UnsupportedExtension(_))
}

fn unreadable(path: &std::path::Path, error: &std::io::Error) -> Trouble {
    Trouble::No(Refusal::lasting(format!(
        "cannot read `{}`: {error}",
        path.display()
    )))
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
