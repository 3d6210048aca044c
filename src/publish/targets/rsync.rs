//! A folder at a host with a shell account and `rsync`, over the system's `ssh`; not the protocol of rsync's own server.
//! rsync sends many files at once, and of a file that changed only what did; all else goes over SFTP.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use super::sftp::{PARTS, Sftp};
use super::ssh::{self, Address};
use super::{Body, Found, Listed, Refusal, Result, Sending, Target};
use crate::diagnostics::Result as Outcome;
use crate::settings::TargetSettings;

/// So many files are not worth another connection.
const FEW: usize = 8;

/// Exit codes of rsync after which asking again may help: the line was cut, a time ran out, ssh's own.
const PASSING: [i32; 5] = [10, 12, 30, 35, 255];

pub struct Rsync {
    address: Address,
    sftp: Sftp,
    /// Whether rsync may have left something there that it had not yet moved into place.
    is_torn: AtomicBool,
}

impl Rsync {
    pub fn open(settings: &TargetSettings) -> Outcome<Self> {
        Ok(Self {
            address: Address::read(settings)?,
            sftp: Sftp::open(settings)?,
            is_torn: AtomicBool::new(false),
        })
    }

    /// Lays files out on this machine as they are to lie there, and lets rsync send them.
    fn send(&self, files: &[Sending<'_>]) -> Result<()> {
        // rsync does not make the folder in which it writes what it then moves into place.
        self.sftp.make_folder(PARTS)?;
        let stage = tempfile::tempdir().map_err(|e| here(&std::env::temp_dir(), &e))?;
        let mut names = Vec::new();
        for file in files {
            let place = stage.path().join(file.path);
            lay(&place, file.body).map_err(|e| here(&place, &e))?;
            names.extend_from_slice(file.path.as_bytes());
            names.push(0);
        }
        let output = self.run(stage.path(), names);
        let output = output.map_err(|e| Refusal::lasting(format!("cannot start `rsync`: {e}")))?;
        if !output.status.success() {
            self.is_torn.store(true, Ordering::Relaxed);
            return Err(refusal(&output));
        }
        match self.is_torn.swap(false, Ordering::Relaxed) {
            true => self.clear(),
            false => Ok(()),
        }
    }

    /// Deletes what an rsync that was cut off left behind. Its names end with a dot and six letters; ours have no dot.
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
            // Names are not for a shell to read, there or here.
            .args(["--protect-args", "--from0", "--files-from=-"])
            // All are known to differ, whatever their times and sizes say.
            .args(["--ignore-times", "--copy-links", "--compress"])
            // As readable as the account lets new files be, like those that come over SFTP.
            .arg("--chmod=F666")
            .arg("--no-implied-dirs")
            .arg(format!("--temp-dir={PARTS}"))
            .arg(format!("--rsh={}", self.address.remote_shell()))
            .args(["--quiet", ".", &self.address.rsync_place()])
            .current_dir(stage)
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // Where rsync ends before it has read them, its own words say why.
                let _ = stdin.map(|mut stdin| stdin.write_all(&names));
            });
            child.wait_with_output()
        })
    }
}

impl Target for Rsync {
    fn get(&self, path: &str) -> Result<Option<Found>> {
        self.sftp.get(path)
    }

    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        self.sftp.put_if(path, bytes, expected)
    }

    fn put(&self, file: &Sending<'_>) -> Result<()> {
        self.sftp.put(file)
    }

    fn put_all(&self, files: &[Sending<'_>]) -> Option<Result<()>> {
        Some(match files.len() {
            0..=FEW => files.iter().try_for_each(|file| self.put(file)),
            _ => self.send(files),
        })
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        self.sftp.delete(paths)
    }

    fn list(&self, folder: &str) -> Result<Vec<Listed>> {
        self.sftp.list(folder)
    }

    fn copy(&self, from: &str, to: &str) -> Result<()> {
        self.sftp.copy(from, to)
    }

    fn point(&self, version: &str) -> Result<()> {
        self.sftp.point(version)
    }

    fn sweep(&self) {
        self.sftp.sweep();
    }

    fn has_versions(&self) -> bool {
        self.sftp.has_versions()
    }

    fn lanes(&self) -> usize {
        self.sftp.lanes()
    }
}

/// Puts a file at a place on this machine; a large one as a link to where it lies.
fn lay(place: &Path, body: Body<'_>) -> std::io::Result<()> {
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

fn here(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::lasting(format!("cannot write `{}`: {error}", path.display()))
}

/// Why rsync did not send all.
fn refusal(output: &Output) -> Refusal {
    let said = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap_or_default();
    if said.contains("command not found") || said.contains("rsync: not found") || code == 127 {
        return Refusal::lasting("the host has no `rsync`: write the address with sftp:// instead");
    }
    if code == 2 {
        return Refusal::lasting(
            "the host does not speak rsync: the account may have no shell, or a start-up file of it prints something; write the address with sftp:// instead",
        );
    }
    if PASSING.contains(&code) {
        let of_ssh: Vec<&str> = said
            .lines()
            .filter(|line| !line.starts_with("rsync"))
            .collect();
        return ssh::refusal(&of_ssh.join("\n"));
    }
    let line = said
        .lines()
        .find(|line| line.starts_with("rsync"))
        .unwrap_or_default();
    let line: String = line
        .replace('`', "'")
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect();
    Refusal::lasting(format!("rsync says `{line}`"))
}
