//! A branch of a git repository, with the system's `git`: GitHub, GitLab and Codeberg Pages, and other hosts that publish a
//! branch. The branch has one commit, which each run replaces, so that history does not grow; only missing objects are
//! sent. A run takes effect at once, when the branch is pushed on condition that nobody else pushed.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Body, ListedFile, RemoteFile, Result, Target, TargetError, UpdateMode, Upload};
use crate::diagnostics::{Code, Diagnostic, Result as Outcome};
use crate::settings::TargetSettings;

/// The branch where the address has none.
const BRANCH: &str = "pages";

/// The tip of the remote branch, and the commit for it, in the local repository.
const REMOTE: &str = "refs/backfile/there";
const NEXT: &str = "refs/backfile/next";

pub(crate) struct Git {
    address: String,
    branch: String,
    domain: Option<String>,
    ssh: String,
    repository: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whether `tip` was fetched.
    is_known: bool,
    /// The commit of the remote branch.
    tip: Option<String>,
    import: Option<Import>,
    /// The local commit that is not pushed yet.
    pending: Option<String>,
}

/// A running `git fast-import`, and the changes of its commit.
struct Import {
    child: Child,
    changes: Vec<u8>,
    marks: usize,
}

impl Git {
    pub(crate) fn open(settings: &TargetSettings, work: &Path) -> Outcome<Self> {
        let to = settings.to.strip_prefix("git+").unwrap_or(&settings.to);
        let (address, branch) = to.split_once('#').unwrap_or((to, BRANCH));
        let is_name = !branch.is_empty()
            && !branch.starts_with(['-', '/'])
            && !branch.contains("..")
            && !branch
                .contains(|c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c));
        if !is_name {
            let what = format!("`{branch}` is not the name of a branch");
            return Err(
                Diagnostic::error(Code::TargetAddressInvalid, settings.to.as_str(), what)
                    .hint("write the branch after `#`: git+ssh://git@host/repository.git#pages")
                    .into(),
            );
        }
        Ok(Self {
            address: address.to_owned(),
            branch: format!("refs/heads/{branch}"),
            domain: settings.domain.clone(),
            ssh: settings
                .ssh
                .clone()
                .unwrap_or_else(|| "ssh -o BatchMode=yes".to_owned()),
            repository: work.join("git"),
            state: Mutex::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("--git-dir")
            .arg(&self.repository)
            .args(args)
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            // Nobody answers a prompt.
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_SSH_COMMAND", &self.ssh)
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Result<Output> {
        let output = self.command(args).output();
        output.map_err(|error| TargetError::permanent(format!("cannot start `git`: {error}")))
    }

    /// The output of a git command.
    fn output(&self, args: &[&str]) -> Result<Vec<u8>> {
        let output = self.run(args)?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(target_error(&output)),
        }
    }

    fn line(&self, args: &[&str]) -> Result<String> {
        let output = self.output(args)?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// The commit of the remote branch, whose trees are fetched.
    fn tip(&self, state: &mut State) -> Result<Option<String>> {
        if state.is_known {
            return Ok(state.tip.clone());
        }
        if !self.repository.join("HEAD").exists() {
            let _ = std::fs::create_dir_all(&self.repository);
            self.output(&["init", "--quiet", "--bare"])?;
            self.output(&["config", "remote.origin.url", &self.address])?;
        }
        self.output(&["config", "remote.origin.url", &self.address])?;
        state.tip = self.remote_tip()?;
        if let Some(tip) = &state.tip {
            let is_here = self.run(&["cat-file", "-e", &format!("{tip}^{{tree}}")])?;
            if !is_here.status.success() {
                // Trees without files: digests are enough. Hosts that do not support this send all files.
                let refs = format!("+{}:{REMOTE}", self.branch);
                self.output(&[
                    "fetch",
                    "--quiet",
                    "--depth=1",
                    "--filter=blob:none",
                    "--no-tags",
                    "origin",
                    &refs,
                ])?;
            }
            self.output(&["update-ref", REMOTE, tip])?;
        }
        state.is_known = true;
        Ok(state.tip.clone())
    }

    fn remote_tip(&self) -> Result<Option<String>> {
        let refs = self.line(&["ls-remote", "--quiet", &self.address, &self.branch])?;
        Ok(refs.split_whitespace().next().map(str::to_owned))
    }

    fn start_import<'s>(&self, state: &'s mut State) -> Result<&'s mut Import> {
        self.tip(state)?;
        if state.import.is_none() {
            let child = self
                .command(&["fast-import", "--quiet", "--force", "--date-format=raw"])
                .stdin(Stdio::piped())
                .stderr(Stdio::piped())
                .stdout(Stdio::null())
                .spawn();
            let child = child
                .map_err(|error| TargetError::permanent(format!("cannot start `git`: {error}")))?;
            state.import = Some(Import {
                child,
                changes: Vec::new(),
                marks: 0,
            });
        }
        match state.import.as_mut() {
            Some(import) => Ok(import),
            None => Err(TargetError::permanent("`git fast-import` is not running")),
        }
    }

    /// Makes the commit with all writes and deletions.
    fn commit(&self, state: &mut State) -> Result<String> {
        let tree = match self.tip(state)? {
            Some(tip) => Some(self.line(&["rev-parse", &format!("{tip}^{{tree}}")])?),
            None => None,
        };
        let import = self.start_import(state)?;
        import.add(".nojekyll", b"")?;
        if let Some(domain) = &self.domain {
            import.add("CNAME", format!("{domain}\n").as_bytes())?;
        }
        let Some(mut import) = state.import.take() else {
            return Err(TargetError::permanent("`git fast-import` is not running"));
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_secs());
        let message = "Publish with Backfile";
        let mut commit = format!(
            "commit {NEXT}\ncommitter Backfile <backfile@localhost> {now} +0000\ndata {}\n{message}\n",
            message.len()
        );
        if let Some(tree) = tree {
            commit.push_str(&format!("M 040000 {tree} \"\"\n"));
        }
        let mut commit = commit.into_bytes();
        commit.append(&mut import.changes);
        commit.extend_from_slice(b"\ndone\n");
        // A commit without `from` has no parent: history does not grow.
        self.output(&["update-ref", "-d", NEXT])
            .or_else(|_| Ok(Vec::new()))?;
        import.write(&commit)?;
        import.end()?;
        self.line(&["rev-parse", NEXT])
    }

    /// Moves the remote branch to a commit, if nobody else moved it.
    fn push(&self, state: &mut State, commit: &str) -> Result<bool> {
        let lease = state.tip.clone().unwrap_or_default();
        let lease = format!("--force-with-lease={}:{lease}", self.branch);
        let refs = format!("{commit}:{}", self.branch);
        let output = self.run(&["push", "--quiet", "--porcelain", &lease, "origin", &refs])?;
        if !output.status.success() {
            let status = String::from_utf8_lossy(&output.stdout).into_owned();
            let is_stale = status.contains("stale info") || status.contains("fetch first");
            if !is_stale && !status.contains("[rejected]") {
                return Err(target_error(&output));
            }
            // An earlier try may have succeeded without an answer.
            if self.remote_tip()?.as_deref() != Some(commit) {
                return Ok(false);
            }
        }
        self.output(&["update-ref", REMOTE, commit])?;
        state.tip = Some(commit.to_owned());
        // The objects of the branch's former commit are unused.
        let _ = self.run(&["-c", "gc.pruneExpire=now", "gc", "--auto", "--quiet"]);
        Ok(true)
    }
}

impl Import {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = match &mut self.child.stdin {
            Some(stdin) => stdin.write_all(bytes),
            None => Ok(()),
        };
        written.map_err(|_| self.failed())
    }

    fn add(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        self.begin(path, bytes.len() as u64)?;
        self.write(bytes)?;
        self.write(b"\n")
    }

    fn add_file(&mut self, path: &str, from: &Path, size: u64) -> Result<()> {
        self.begin(path, size)?;
        let failed = |e: std::io::Error| {
            TargetError::permanent(format!("cannot read `{}`: {e}", from.display()))
        };
        let mut file = std::fs::File::open(from).map_err(failed)?.take(size);
        let copied = match &mut self.child.stdin {
            Some(stdin) => std::io::copy(&mut file, stdin),
            None => Ok(0),
        };
        copied.map_err(failed)?;
        self.write(b"\n")
    }

    fn begin(&mut self, path: &str, size: u64) -> Result<()> {
        self.marks += 1;
        let line = format!("M 100644 :{} {}\n", self.marks, quoted(path));
        self.changes.extend_from_slice(line.as_bytes());
        self.write(format!("blob\nmark :{}\ndata {size}\n", self.marks).as_bytes())
    }

    fn end(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        match self.child.wait() {
            Ok(status) if status.success() => Ok(()),
            _ => Err(self.failed()),
        }
    }

    /// The error of `git fast-import`, which ended.
    fn failed(&mut self) -> TargetError {
        drop(self.child.stdin.take());
        let mut message = String::new();
        if let Some(stderr) = &mut self.child.stderr {
            let _ = stderr.read_to_string(&mut message);
        }
        let _ = self.child.wait();
        TargetError::permanent(format!("`git fast-import` ended: {}", first_line(&message)))
    }
}

impl Target for Git {
    fn get(&self, path: &str) -> Result<Option<RemoteFile>> {
        let mut state = self.lock();
        let Some(tip) = self.tip(&mut state)? else {
            return Ok(None);
        };
        let object = self.line(&["ls-tree", "-z", "--full-tree", &tip, "--", path])?;
        let Some(object) = object.split_whitespace().nth(2) else {
            return Ok(None);
        };
        let bytes = self.output(&["cat-file", "blob", object])?;
        Ok(Some(RemoteFile {
            bytes,
            version: tip,
        }))
    }

    /// Writes the manifest, and pushes it with all writes and deletions before it.
    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        let mut state = self.lock();
        let tip = self.tip(&mut state)?;
        if state.pending.is_none() {
            // A branch without a manifest may have other files; they stay.
            if expected.is_some() && tip.as_deref() != expected {
                return Ok(false);
            }
            self.start_import(&mut state)?.add(path, bytes)?;
            state.pending = Some(self.commit(&mut state)?);
        }
        let Some(made) = state.pending.clone() else {
            return Ok(false);
        };
        let is_pushed = self.push(&mut state, &made)?;
        state.pending = None;
        Ok(is_pushed)
    }

    fn put(&self, file: &Upload<'_>) -> Result<()> {
        let mut state = self.lock();
        let import = self.start_import(&mut state)?;
        match file.body {
            Body::Bytes(bytes) => import.add(file.path, bytes),
            Body::File(from, size) => import.add_file(file.path, from, size),
        }
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        let mut state = self.lock();
        let import = self.start_import(&mut state)?;
        for path in paths {
            let line = format!("D {}\n", quoted(path));
            import.changes.extend_from_slice(line.as_bytes());
        }
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Vec<ListedFile>> {
        let mut state = self.lock();
        let Some(tip) = self.tip(&mut state)? else {
            return Ok(Vec::new());
        };
        let mut args = vec!["ls-tree", "-r", "-z", "--full-tree", "--long", &tip];
        if !folder.is_empty() {
            args.extend(["--", folder]);
        }
        let output = self.output(&args)?;
        let output = String::from_utf8_lossy(&output);
        // `mode type object size<tab>path`
        let listed = output.split('\0').filter_map(|line| {
            let (about, path) = line.split_once('\t')?;
            let size = about.split_whitespace().nth(3)?.parse().ok()?;
            let is_ours = !matches!(path, ".nojekyll" | "CNAME");
            is_ours.then(|| ListedFile {
                path: path.to_owned(),
                size,
                md5: None,
            })
        });
        Ok(listed.collect())
    }

    fn mode(&self) -> UpdateMode {
        UpdateMode::Atomic
    }

    fn lanes(&self) -> usize {
        1
    }
}

/// A path as `git fast-import` reads it.
fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}

fn first_line(message: &str) -> String {
    let lines = message.lines().map(str::trim);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with("hint:"));
    lines.next().unwrap_or("it gave no reason").to_owned()
}

/// The error of a git command, on one line, without user names and tokens in addresses.
fn target_error(output: &Output) -> TargetError {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let transient = [
        "resolve host",
        "timed out",
        "Connection re",
        "hung up",
        "RPC failed",
        "early EOF",
        "error: 5",
        "unexpected disconnect",
        "Couldn't connect",
        "Failed to connect",
        "Empty reply",
    ];
    let is_transient = transient.iter().any(|message| stderr.contains(message));
    let message = match is_transient {
        true => stderr
            .lines()
            .map(str::trim)
            .find(|line| transient.iter().any(|message| line.contains(message)))
            .unwrap_or_default()
            .to_owned(),
        false => first_line(&stderr),
    };
    TargetError {
        message: format!("git: {}", without_secrets(&message)),
        is_transient,
    }
}

/// Removes the part before `@` from addresses: it may be a token from git's own settings.
fn without_secrets(message: &str) -> String {
    let parts = message.split("://").enumerate().map(|(number, part)| {
        let end = part.find(['/', ' ', '\'']).unwrap_or(part.len());
        match part[..end].rfind('@') {
            Some(at) if number > 0 => part[at + 1..].to_owned(),
            _ => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_git_are_shown_without_tokens() {
        let message = "fatal: could not read from 'https://me:token@example.org/x.git': no";
        let shown = without_secrets(message);
        assert_eq!(
            shown,
            "fatal: could not read from 'https://example.org/x.git': no"
        );
    }
}
