//! A connection to an SFTP server, and the operations over it. Knows paths at the server; never what they mean.

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
use tokio::task::JoinSet;
use tokio_stream::StreamExt as _;

use super::super::ssh::{self, Address};
use super::super::{Body, ListedFile, Result, TargetError};
use super::error::{
    Answer, ConnectionError, Reply, failed_request, is_absent, is_lost, joined, unreadable,
};

/// A lock is held for about ten answers of the server; a process that holds it for longer than this has ended.
const STALE: Duration = Duration::from_secs(20);

/// Requests of one operation that are sent at once.
const CONCURRENT: usize = 32;

/// Bytes in a request, and the number of requests that are sent at once for one file.
const CHUNK: usize = 32 << 10;
const CHUNKS: usize = 32;

/// How long a server may take to answer after ssh was started; a person may have to touch a security key.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(120);

/// A connection. Threads share it.
pub(crate) struct Connection {
    client: Client,
    /// The end of the error output of ssh.
    stderr: Arc<Mutex<String>>,
}

impl Connection {
    /// Starts ssh with the SFTP subsystem.
    pub(crate) async fn open(address: &Address) -> Result<Self> {
        let mut ssh = Command::from(address.subsystem("sftp"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| address.start_error(&e))?;
        let pipes = (ssh.stdin.take(), ssh.stdout.take(), ssh.stderr.take());
        let (Some(stdin), Some(stdout), Some(messages)) = pipes else {
            return Err(TargetError::permanent("cannot start ssh: it has no pipes"));
        };
        let stderr = Arc::new(Mutex::new(String::new()));
        let reading = tokio::spawn(keep_end(messages, stderr.clone()));
        let options = SftpOptions::new().flush_interval(Duration::ZERO);
        match tokio::time::timeout(CONNECT_TIMEOUT, Client::new(stdin, stdout, options)).await {
            // ssh ends when its pipes are closed, or continues for others who share its connection.
            Ok(Ok(client)) => Ok(Self { client, stderr }),
            Ok(Err(
                Error::IOError(_) | Error::BackgroundTaskFailure(_) | Error::RecursiveErrors(_),
            )) => {
                // A master connection that ssh leaves behind may keep its pipe open.
                let _ = tokio::time::timeout(Duration::from_secs(2), reading).await;
                Err(ssh::target_error(&locked(&stderr)))
            }
            _ => {
                let _ = ssh.start_kill();
                Err(TargetError::permanent(
                    "the host does not answer in SFTP: a start-up file of the account's shell may print something",
                ))
            }
        }
    }

    /// The end of the error output of ssh.
    pub(crate) fn stderr(&self) -> String {
        locked(&self.stderr).clone()
    }

    fn fs(&self) -> Fs {
        self.client.fs()
    }

    /// Reads a file. Returns `None` if it does not exist.
    pub(crate) async fn read(&self, path: &str) -> Reply<Option<Vec<u8>>> {
        let failed = |e: Error| failed_request("read", path, &e);
        let mut file = match self.client.open(path).await {
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
    pub(crate) async fn write(&self, path: &str, body: Body<'_>) -> Reply<()> {
        let failed = |e: Error| failed_request("write", path, &e);
        let file = in_folder(self, path, async || self.client.create(path).await).await?;
        match body {
            Body::Bytes(bytes) => write_all(bytes, &file).await?.map_err(failed)?,
            Body::File(from, _) => {
                let here = std::fs::File::open(from).map_err(|e| unreadable(from, &e))?;
                write_all(here, &file).await?.map_err(failed)?;
            }
        }
        file.close().await.map_err(failed)
    }

    /// Makes a folder and the folders above it. An existing folder is not an error.
    pub(crate) async fn make_folder(&self, folder: &str) -> Reply<()> {
        let mut fs = self.fs();
        let mut make = async |folder: &str| match fs.create_dir(folder).await {
            // The error for an existing path is a failure without a message.
            Err(Error::SftpError(SftpErrorKind::Failure | SftpErrorKind::Unknown, _)) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(failed_request("make the folder", folder, &error)),
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
                    format!("cannot make the folder `{folder}`: a path above it is not a folder");
                return Err(ConnectionError::Refused(TargetError::permanent(what)));
            }
        }
        Ok(())
    }

    /// Whether there is anything at a path.
    async fn exists(&self, path: &str) -> Reply<bool> {
        match self.fs().symlink_metadata(path).await {
            Ok(_) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(failed_request("look at", path, &error)),
        }
    }

    pub(crate) async fn remove(&self, path: &str) -> Reply<()> {
        match self.fs().remove_file(path).await {
            Err(error) if !is_absent(&error) => Err(failed_request("delete", path, &error)),
            _ => Ok(()),
        }
    }

    /// Deletes files, many at once; missing ones are not an error.
    pub(crate) async fn remove_all(&self, paths: Vec<String>) -> Reply<()> {
        let mut removing = JoinSet::new();
        for path in paths {
            if removing.len() >= CONCURRENT {
                joined(removing.join_next().await)?;
            }
            let mut fs = self.fs();
            removing.spawn(async move {
                match fs.remove_file(&path).await {
                    Err(error) if !is_absent(&error) => {
                        Err(failed_request("delete", &path, &error))
                    }
                    _ => Ok(()),
                }
            });
        }
        while joined(removing.join_next().await)?.is_some() {}
        Ok(())
    }

    /// Deletes a folder if it is empty. Returns whether it was.
    pub(crate) async fn remove_folder(&self, path: &str) -> Reply<bool> {
        match self.fs().remove_dir(path).await {
            Err(error) if is_lost(&error) => Err(ConnectionError::Lost),
            removed => Ok(removed.is_ok()),
        }
    }

    /// Replaces a file by another, in one step where the server supports it.
    pub(crate) async fn replace(&self, from: &str, to: &str) -> Reply<()> {
        let moved = in_folder(self, to, async || self.fs().rename(from, to).await).await;
        if moved.is_ok() || self.client.support_posix_rename() || !self.exists(to).await? {
            return moved;
        }
        // The server does not replace existing files.
        self.remove(to).await?;
        let moved = self.fs().rename(from, to).await;
        moved.map_err(|e| failed_request("write", to, &e))
    }

    /// Makes a hard link to a file, unless the path exists. Returns whether it exists then.
    async fn link(&self, from: &str, to: &str) -> Reply<bool> {
        let linked = in_folder(self, to, async || self.fs().hard_link(from, to).await).await;
        match linked {
            Ok(()) => Ok(true),
            Err(ConnectionError::Lost) => Err(ConnectionError::Lost),
            Err(ConnectionError::Refused(_)) => self.exists(to).await,
        }
    }

    /// Copies a file by a hard link, or by its bytes where the server has no links; an existing file is kept.
    pub(crate) async fn copy(&self, from: &str, to: &str, part: &str) -> Reply<()> {
        if self.link(from, to).await? {
            return Ok(());
        }
        let reading = |e: Error| failed_request("read", from, &e);
        let writing = |e: Error| failed_request("write", to, &e);
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

    /// Makes a symbolic link in path of an existing one.
    pub(crate) async fn replace_link(&self, path: &str, target: &str, next: &str) -> Reply<()> {
        self.remove(next).await?;
        in_folder(self, next, async || self.fs().symlink(target, next).await).await?;
        self.replace(next, path).await
    }

    /// Lists the files below a folder of an address; symbolic links are neither files nor folders.
    pub(crate) async fn list(&self, address: &Address, folder: &str) -> Reply<Vec<ListedFile>> {
        let mut listed = Vec::new();
        let mut todo = vec![folder.to_owned()];
        let mut reading = JoinSet::new();
        loop {
            while reading.len() < CONCURRENT
                && let Some(folder) = todo.pop()
            {
                reading.spawn(entries(self.fs(), address.remote_path(&folder), folder));
            }
            let Some(read) = joined(reading.join_next().await)? else {
                return Ok(listed);
            };
            todo.extend(read.folders);
            listed.extend(read.files);
        }
    }

    /// Takes the lock with the name of this process.
    pub(crate) async fn lock(&self, lock: &str, name: &str) -> Reply<()> {
        let began = Instant::now();
        let mut seen: Option<(Vec<u8>, Instant)> = None;
        loop {
            let refused = match self.create(lock, name).await {
                Err(ConnectionError::Refused(refusal)) => refusal,
                done => return done,
            };
            // An existing file and a folder without write permission give the same error.
            let owner = self.read(lock).await?;
            seen = match (owner, seen) {
                // It is this process's own, from a connection that was lost.
                (Some(owner), _) if owner == name.as_bytes() => return Ok(()),
                (Some(owner), Some((before, since))) if owner == before => {
                    if since.elapsed() > STALE {
                        self.remove(lock).await?;
                    }
                    Some((before, since))
                }
                (Some(owner), _) => Some((owner, Instant::now())),
                (None, None) if began.elapsed() > Duration::from_secs(1) => {
                    return Err(ConnectionError::Refused(refused));
                }
                (None, _) => None,
            };
            if began.elapsed() > STALE * 4 {
                return Err(ConnectionError::Refused(TargetError::transient(format!(
                    "other processes hold the lock `{lock}`"
                ))));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Creates a small file, unless it exists.
    async fn create(&self, path: &str, text: &str) -> Reply<()> {
        let create = async || {
            let mut options = self.client.options();
            options.write(true).create_new(true).open(path).await
        };
        let mut file = in_folder(self, path, create).await?;
        let failed = |e: Error| failed_request("write", path, &e);
        file.write_all(text.as_bytes()).await.map_err(failed)?;
        file.close().await.map_err(failed)
    }

    /// Writes a file if its version is the expected one. Returns whether it was.
    pub(crate) async fn exchange(
        &self,
        part: &str,
        path: &str,
        bytes: &[u8],
        expected: Option<&str>,
    ) -> Reply<bool> {
        let there = self.read(path).await?;
        if there.map(|bytes| version(&bytes)).as_deref() != expected {
            return Ok(false);
        }
        self.write(part, Body::Bytes(bytes)).await?;
        self.replace(part, path).await?;
        Ok(true)
    }
}

/// Keeps the end of the error output of ssh.
async fn keep_end(mut from: ChildStderr, end: Arc<Mutex<String>>) {
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let mut end = locked(&end);
        end.push_str(&String::from_utf8_lossy(&buffer[..read]));
        let over = end.len().saturating_sub(8 << 10);
        let cut = (over..=end.len()).find(|cut| end.is_char_boundary(*cut));
        end.drain(..cut.unwrap_or_default());
    }
}

/// Calls `act` for a path; where its folder does not exist, makes it and calls `act` again. Another process may delete an
/// empty folder meanwhile.
async fn in_folder<T>(
    connection: &Connection,
    path: &str,
    act: impl AsyncFn() -> Answer<T>,
) -> Reply<T> {
    let mut tries = 3;
    loop {
        match act().await {
            Err(error) if is_absent(&error) && tries > 0 => tries -= 1,
            done => return done.map_err(|e| failed_request("write", path, &e)),
        }
        if let Some((folder, _)) = path.rsplit_once('/') {
            connection.make_folder(folder).await?;
        }
    }
}

/// Writes all bytes of a reader to a file, many requests at once.
async fn write_all(mut from: impl Read, to: &File) -> Reply<Answer<()>> {
    let mut writing = JoinSet::new();
    let mut offset = 0;
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = from.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
        read.map_err(|e| {
            ConnectionError::Refused(TargetError::permanent(format!("cannot read the file: {e}")))
        })?;
        let is_over = chunk.is_empty();
        while writing.len() >= CHUNKS || (is_over && !writing.is_empty()) {
            match writing.join_next().await {
                Some(Ok(Err(error))) => return Ok(Err(error)),
                Some(Err(_)) => return Err(ConnectionError::Lost),
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

async fn write_at(mut file: File, offset: u64, bytes: &[u8]) -> Answer<()> {
    Pin::new(&mut file).start_seek(SeekFrom::Start(offset))?;
    file.write_all(bytes).await
}

/// Reads bytes of a file at an offset. Returns `None` at its end. A server may return fewer than were requested.
async fn read_at(file: &mut File, offset: u64) -> Answer<Option<Vec<u8>>> {
    Pin::new(&mut *file).start_seek(SeekFrom::Start(offset))?;
    let chunk = file.read(CHUNK as u32, Default::default()).await?;
    Ok(chunk.filter(|chunk| !chunk.is_empty()).map(Vec::from))
}

/// The files and folders in a folder.
#[derive(Default)]
struct Entries {
    files: Vec<ListedFile>,
    folders: Vec<String>,
}

/// Reads a folder; symbolic links are neither files nor folders.
async fn entries(mut fs: Fs, remote: String, folder: String) -> Reply<Entries> {
    let mut found = Entries::default();
    let failed = |e: Error| failed_request("list", &remote, &e);
    let dir = match fs.open_dir(&remote).await {
        Err(error) if is_absent(&error) => return Ok(found),
        // What this account may not read is not the website's.
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
            let beside = format!("{remote}/{}", entry.filename().to_string_lossy());
            metadata = match fs.symlink_metadata(beside).await {
                Err(error) if is_lost(&error) => return Err(ConnectionError::Lost),
                Err(_) => continue,
                Ok(metadata) => metadata,
            };
        }
        match metadata.file_type() {
            Some(kind) if kind.is_dir() => found.folders.push(path),
            Some(kind) if kind.is_file() => found.files.push(ListedFile {
                path,
                size: metadata.len().unwrap_or_default(),
                md5: None,
            }),
            _ => {}
        }
    }
    Ok(found)
}

/// The version of a file with these bytes.
pub(crate) fn version(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
