//! A folder on a host with a shell account and `rsync`, over the system's `ssh`; the protocol of an rsync daemon is not
//! supported. rsync sends many files at once, and only the changed parts of a file; everything else goes over SFTP.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use super::sftp::{PARTS, Sftp};
use super::ssh::{self, Address};
use super::{Body, ListedFile, RemoteFile, Result, Target, TargetError, UpdateMode, Upload};
use crate::diagnostics::Result as Outcome;
use crate::settings::TargetSettings;
use crate::text::characters::shown;

/// This many files are sent over SFTP: starting rsync would take longer.
const FEW: usize = 8;

/// Exit codes of rsync after which trying again may help: lost connection, timeout, that of ssh.
const TRANSIENT: [i32; 5] = [10, 12, 30, 35, 255];

pub(crate) struct Rsync {
    address: Address,
    sftp: Sftp,
    /// Whether rsync may have left temporary files at the host.
    has_leftovers: AtomicBool,
}

impl Rsync {
    pub(crate) fn open(settings: &TargetSettings) -> Outcome<Self> {
        Ok(Self {
            address: Address::parse(settings)?,
            sftp: Sftp::open(settings)?,
            has_leftovers: AtomicBool::new(false),
        })
    }

    /// Stages files in a folder on this machine, and sends that with rsync.
    fn send(&self, files: &[Upload<'_>]) -> Result<()> {
        // rsync does not make the folder for its temporary files.
        self.sftp.make_folder(PARTS)?;
        let stage = tempfile::tempdir().map_err(|e| unwritable(&std::env::temp_dir(), &e))?;
        let mut names = Vec::new();
        for file in files {
            let place = stage.path().join(file.path);
            stage_file(&place, file.body).map_err(|e| unwritable(&place, &e))?;
            names.extend_from_slice(file.path.as_bytes());
            names.push(0);
        }
        let output = self.run(stage.path(), names);
        let output =
            output.map_err(|e| TargetError::permanent(format!("cannot start `rsync`: {e}")))?;
        if !output.status.success() {
            self.has_leftovers.store(true, Ordering::Relaxed);
            return Err(target_error(&output));
        }
        match self.has_leftovers.swap(false, Ordering::Relaxed) {
            true => self.clear(),
            false => Ok(()),
        }
    }

    /// Deletes the temporary files of an interrupted rsync. Their names end with a dot and six letters; ours have no dot.
    fn clear(&self) -> Result<()> {
        let left = self.sftp.list(PARTS)?.into_iter().map(|left| left.path);
        let left: Vec<String> = left
            .filter(|path| path[PARTS.len()..].contains('.'))
            .collect();
        self.sftp
            .delete(&left.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn run(&self, stage: &Path, names: Vec<u8>) -> std::io::Result<Output> {
        let mut child = Command::new("rsync")
            // No shell interprets the names.
            .args(["--protect-args", "--from0", "--files-from=-"])
            // All are known to differ, whatever their times and sizes.
            .args(["--ignore-times", "--copy-links", "--compress"])
            // With the account's default permissions, like files that are sent over SFTP.
            .arg("--chmod=F666")
            .arg("--no-implied-dirs")
            .arg(format!("--temp-dir={PARTS}"))
            .arg(format!("--rsh={}", self.address.remote_shell()))
            .args(["--quiet", ".", &self.address.rsync_path()])
            .current_dir(stage)
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // Where rsync ends before it has read them, its exit is reported.
                let _ = stdin.map(|mut stdin| stdin.write_all(&names));
            });
            child.wait_with_output()
        })
    }
}

impl Target for Rsync {
    fn get(&self, path: &str) -> Result<Option<RemoteFile>> {
        self.sftp.get(path)
    }

    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        self.sftp.put_if(path, bytes, expected)
    }

    fn put(&self, file: &Upload<'_>) -> Result<()> {
        self.sftp.put(file)
    }

    fn put_all(&self, files: &[Upload<'_>]) -> Option<Result<()>> {
        Some(match files.len() {
            0..=FEW => files.iter().try_for_each(|file| self.put(file)),
            _ => self.send(files),
        })
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        self.sftp.delete(paths)
    }

    fn list(&self, folder: &str) -> Result<Vec<ListedFile>> {
        self.sftp.list(folder)
    }

    fn copy(&self, from: &str, to: &str) -> Result<()> {
        self.sftp.copy(from, to)
    }

    fn switch_to(&self, version: &str) -> Result<()> {
        self.sftp.switch_to(version)
    }

    fn sweep(&self, path: &str) {
        self.sftp.sweep(path);
    }

    fn mode(&self) -> UpdateMode {
        self.sftp.mode()
    }

    fn lanes(&self) -> usize {
        self.sftp.lanes()
    }
}

/// Writes a file to the stage; a large one as a symbolic link.
fn stage_file(place: &Path, body: Body<'_>) -> std::io::Result<()> {
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match body {
        Body::Bytes(bytes) => std::fs::write(place, bytes),
        #[cfg(unix)]
        Body::File(from, _) => std::os::unix::fs::symlink(std::path::absolute(from)?, place),
        #[cfg(not(unix))]
        Body::File(from, _) => std::fs::copy(from, place).map(|_| ()),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> TargetError {
    TargetError::permanent(format!("cannot write `{}`: {error}", path.display()))
}

/// The error of an rsync that failed.
fn target_error(output: &Output) -> TargetError {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap_or_default();
    if stderr.contains("command not found") || stderr.contains("rsync: not found") || code == 127 {
        return TargetError::permanent(
            "the host has no `rsync`: write the address with sftp:// instead",
        );
    }
    if code == 2 {
        return TargetError::permanent(
            "the host does not speak rsync: the account may have no shell, or a start-up file of it prints something; write the address with sftp:// instead",
        );
    }
    if TRANSIENT.contains(&code) {
        let of_ssh: Vec<&str> = stderr
            .lines()
            .filter(|line| !line.starts_with("rsync"))
            .collect();
        return ssh::target_error(&of_ssh.join("\n"));
    }
    let line = stderr
        .lines()
        .find(|line| line.starts_with("rsync"))
        .unwrap_or_default();
    let line = shown(&line.replace('`', "'"));
    TargetError::permanent(format!("rsync says `{line}`"))
}
