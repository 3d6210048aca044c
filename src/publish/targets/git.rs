//! A branch of a git repository, by the system's own `git`: GitHub, GitLab and Codeberg Pages, and whatever else shows a
//! branch. The branch holds one commit, which each run replaces, so that history does not grow; only objects that are not
//! there are sent. All of a run is seen at once, when the branch is pushed on condition that nobody else did.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Body, Found, Listed, Refusal, Result, Sending, Target};
use crate::diagnostics::{Code, Diagnostic, Result as Outcome};
use crate::settings::TargetSettings;

/// The branch where the address names none.
const BRANCH: &str = "pages";

/// The tip of the branch there, and what is made for it, in the repository here.
const THERE: &str = "refs/backfile/there";
const NEXT: &str = "refs/backfile/next";

pub struct Git {
    address: String,
    branch: String,
    domain: Option<String>,
    ssh: String,
    repository: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whether `tip` was asked for.
    is_known: bool,
    /// The commit of the branch there.
    tip: Option<String>,
    import: Option<Import>,
    /// The commit that was made here and not yet pushed.
    made: Option<String>,
}

/// `git fast-import` at work, and what its commit will say.
struct Import {
    child: Child,
    changes: Vec<u8>,
    marks: usize,
}

impl Git {
    pub fn open(settings: &TargetSettings, work: &Path) -> Outcome<Self> {
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
                Diagnostic::error(Code::Unclassified, settings.to.as_str(), what)
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
            // Nobody is there to answer.
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_SSH_COMMAND", &self.ssh)
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Result<Output> {
        let output = self.command(args).output();
        output.map_err(|error| Refusal::lasting(format!("cannot start `git`: {error}")))
    }

    /// What a command of git prints.
    fn ask(&self, args: &[&str]) -> Result<Vec<u8>> {
        let output = self.run(args)?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(refusal(&output)),
        }
    }

    fn line(&self, args: &[&str]) -> Result<String> {
        let said = self.ask(args)?;
        Ok(String::from_utf8_lossy(&said).trim().to_owned())
    }

    /// The branch's commit there, with its trees here.
    fn tip(&self, state: &mut State) -> Result<Option<String>> {
        if state.is_known {
            return Ok(state.tip.clone());
        }
        if !self.repository.join("HEAD").exists() {
            let _ = std::fs::create_dir_all(&self.repository);
            self.ask(&["init", "--quiet", "--bare"])?;
            self.ask(&["config", "remote.origin.url", &self.address])?;
        }
        self.ask(&["config", "remote.origin.url", &self.address])?;
        state.tip = self.remote_tip()?;
        if let Some(tip) = &state.tip {
            let is_here = self.run(&["cat-file", "-e", &format!("{tip}^{{tree}}")])?;
            if !is_here.status.success() {
                // Trees without files: what is there is known by its digests. Hosts that cannot do that send all.
                let refs = format!("+{}:{THERE}", self.branch);
                self.ask(&[
                    "fetch",
                    "--quiet",
                    "--depth=1",
                    "--filter=blob:none",
                    "--no-tags",
                    "origin",
                    &refs,
                ])?;
            }
            self.ask(&["update-ref", THERE, tip])?;
        }
        state.is_known = true;
        Ok(state.tip.clone())
    }

    fn remote_tip(&self) -> Result<Option<String>> {
        let said = self.line(&["ls-remote", "--quiet", &self.address, &self.branch])?;
        Ok(said.split_whitespace().next().map(str::to_owned))
    }

    fn importing<'s>(&self, state: &'s mut State) -> Result<&'s mut Import> {
        self.tip(state)?;
        if state.import.is_none() {
            let child = self
                .command(&["fast-import", "--quiet", "--force", "--date-format=raw"])
                .stdin(Stdio::piped())
                .stderr(Stdio::piped())
                .stdout(Stdio::null())
                .spawn();
            let child =
                child.map_err(|error| Refusal::lasting(format!("cannot start `git`: {error}")))?;
            state.import = Some(Import {
                child,
                changes: Vec::new(),
                marks: 0,
            });
        }
        match state.import.as_mut() {
            Some(import) => Ok(import),
            None => Err(Refusal::lasting("`git fast-import` is not running")),
        }
    }

    /// Makes the commit of all that was put and deleted.
    fn commit(&self, state: &mut State) -> Result<String> {
        let tree = match self.tip(state)? {
            Some(tip) => Some(self.line(&["rev-parse", &format!("{tip}^{{tree}}")])?),
            None => None,
        };
        let import = self.importing(state)?;
        import.add(".nojekyll", b"")?;
        if let Some(domain) = &self.domain {
            import.add("CNAME", format!("{domain}\n").as_bytes())?;
        }
        let Some(mut import) = state.import.take() else {
            return Err(Refusal::lasting("`git fast-import` is not running"));
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
        // A commit without `from` begins anew: history does not grow.
        self.ask(&["update-ref", "-d", NEXT])
            .or_else(|_| Ok(Vec::new()))?;
        import.write(&commit)?;
        import.end()?;
        self.line(&["rev-parse", NEXT])
    }

    /// Moves the branch there to a commit, if it still is where it was.
    fn push(&self, state: &mut State, commit: &str) -> Result<bool> {
        let lease = state.tip.clone().unwrap_or_default();
        let lease = format!("--force-with-lease={}:{lease}", self.branch);
        let refs = format!("{commit}:{}", self.branch);
        let output = self.run(&["push", "--quiet", "--porcelain", &lease, "origin", &refs])?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let is_stale = said.contains("stale info") || said.contains("fetch first");
            if !is_stale && !said.contains("[rejected]") {
                return Err(refusal(&output));
            }
            // The answer to an earlier try may have been lost.
            if self.remote_tip()?.as_deref() != Some(commit) {
                return Ok(false);
            }
        }
        self.ask(&["update-ref", THERE, commit])?;
        state.tip = Some(commit.to_owned());
        // What the branch held before is nobody's any more.
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
        let failed =
            |e: std::io::Error| Refusal::lasting(format!("cannot read `{}`: {e}", from.display()));
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

    /// Why `git fast-import` ended.
    fn failed(&mut self) -> Refusal {
        drop(self.child.stdin.take());
        let mut words = String::new();
        if let Some(stderr) = &mut self.child.stderr {
            let _ = stderr.read_to_string(&mut words);
        }
        let _ = self.child.wait();
        Refusal::lasting(format!("`git fast-import` ended: {}", first_line(&words)))
    }
}

impl Target for Git {
    fn get(&self, path: &str) -> Result<Option<Found>> {
        let mut state = self.lock();
        let Some(tip) = self.tip(&mut state)? else {
            return Ok(None);
        };
        let object = self.line(&["ls-tree", "-z", "--full-tree", &tip, "--", path])?;
        let Some(object) = object.split_whitespace().nth(2) else {
            return Ok(None);
        };
        let bytes = self.ask(&["cat-file", "blob", object])?;
        Ok(Some(Found {
            bytes,
            version: tip,
        }))
    }

    /// Writes the manifest, and pushes all that was put and deleted before it.
    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        let mut state = self.lock();
        let tip = self.tip(&mut state)?;
        if state.made.is_none() {
            // A branch without a manifest may be somebody's own; its files stay.
            if expected.is_some() && tip.as_deref() != expected {
                return Ok(false);
            }
            self.importing(&mut state)?.add(path, bytes)?;
            state.made = Some(self.commit(&mut state)?);
        }
        let Some(made) = state.made.clone() else {
            return Ok(false);
        };
        let is_pushed = self.push(&mut state, &made)?;
        state.made = None;
        Ok(is_pushed)
    }

    fn put(&self, file: &Sending<'_>) -> Result<()> {
        let mut state = self.lock();
        let import = self.importing(&mut state)?;
        match file.body {
            Body::Bytes(bytes) => import.add(file.path, bytes),
            Body::File(from, size) => import.add_file(file.path, from, size),
        }
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        let mut state = self.lock();
        let import = self.importing(&mut state)?;
        for path in paths {
            let line = format!("D {}\n", quoted(path));
            import.changes.extend_from_slice(line.as_bytes());
        }
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Vec<Listed>> {
        let mut state = self.lock();
        let Some(tip) = self.tip(&mut state)? else {
            return Ok(Vec::new());
        };
        let mut args = vec!["ls-tree", "-r", "-z", "--full-tree", "--long", &tip];
        if !folder.is_empty() {
            args.extend(["--", folder]);
        }
        let said = self.ask(&args)?;
        let said = String::from_utf8_lossy(&said);
        // `mode type object size<tab>path`
        let listed = said.split('\0').filter_map(|line| {
            let (about, path) = line.split_once('\t')?;
            let size = about.split_whitespace().nth(3)?.parse().ok()?;
            let is_ours = !matches!(path, ".nojekyll" | "CNAME");
            is_ours.then(|| Listed {
                path: path.to_owned(),
                size,
                md5: None,
            })
        });
        Ok(listed.collect())
    }

    fn is_atomic(&self) -> bool {
        true
    }

    fn lanes(&self) -> usize {
        1
    }
}

/// A path as `git fast-import` reads it.
fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}

fn first_line(words: &str) -> String {
    let lines = words.lines().map(str::trim);
    let mut told = lines.filter(|line| !line.is_empty() && !line.starts_with("hint:"));
    told.next().unwrap_or("it did not say why").to_owned()
}

/// Why git did not do something, on one line, without what stands before `@` in addresses.
fn refusal(output: &Output) -> Refusal {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let passing = [
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
    let is_passing = passing.iter().any(|words| said.contains(words));
    let words = match is_passing {
        true => said
            .lines()
            .map(str::trim)
            .find(|line| passing.iter().any(|words| line.contains(words)))
            .unwrap_or_default()
            .to_owned(),
        false => first_line(&said),
    };
    Refusal {
        words: format!("git: {}", without_secrets(&words)),
        is_passing,
    }
}

/// An address in a message may hold a token that git was given by its own settings.
fn without_secrets(words: &str) -> String {
    let parts = words.split("://").enumerate().map(|(number, part)| {
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
    fn what_git_says_holds_no_token() {
        let said = "fatal: could not read from 'https://me:token@example.org/x.git': no";
        let shown = without_secrets(said);
        assert_eq!(
            shown,
            "fatal: could not read from 'https://example.org/x.git': no"
        );
    }
}
