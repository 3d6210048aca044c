//! Workflow files with which a host builds and publishes a site after each push to its repository.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files;
use crate::site::Site;

/// A file for one host.
#[derive(Debug)]
pub(crate) struct Workflow {
    /// Below the site's folder.
    pub file: &'static str,
    /// With places to fill in: `{branch}`, `{repository}`, `{version}`, `{install}`.
    text: &'static str,
    /// What has to be done once by hand.
    by_hand: &'static str,
}

/// Shell commands that bring the program, the same for every host.
const INSTALL: &str = include_str!("workflows/install.sh");

pub(crate) const GITHUB: Workflow = Workflow {
    file: ".github/workflows/backfile.yml",
    text: include_str!("workflows/github.yml"),
    by_hand: "once, in the repository's settings: Pages → Source → GitHub Actions",
};

pub(crate) const GITLAB: Workflow = Workflow {
    file: ".gitlab-ci.yml",
    text: include_str!("workflows/gitlab.yml"),
    by_hand: "nothing else has to be done: GitLab shows the site when the job ends",
};

pub(crate) const FORGEJO: Workflow = Workflow {
    file: ".forgejo/workflows/backfile.yml",
    text: include_str!("workflows/forgejo.yml"),
    by_hand: "once: name the branch in backfile.toml, `[publish.pages]` with `to = \"git+https://codeberg.org/YOU/REPOSITORY.git#pages\"`, and turn on Actions in the repository's settings",
};

/// Writes the file of a host, unless it exists. Returns lines to show.
///
/// # Errors
/// Where it exists, or the folder cannot be written.
pub(crate) fn write(site: &Site, workflow: &Workflow) -> Result<Vec<String>> {
    let path = site.root().join(workflow.file);
    let failed = |e: std::io::Error| match e.kind() {
        ErrorKind::AlreadyExists => {
            Diagnostic::error(Code::FileExists, workflow.file, "the file exists already")
                .hint("move or delete it, and run this again")
        }
        _ => Diagnostic::io(&path, "write the file", &e),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let text = workflow.filled(&branch(site.root()));
    files::write_new(&path, text.as_bytes()).map_err(failed)?;
    Ok(vec![
        format!("wrote {}", workflow.file),
        workflow.by_hand.to_owned(),
    ])
}

impl Workflow {
    /// The text for a site whose repository is published from `branch`, with this version of the program.
    fn filled(&self, branch: &str) -> String {
        let mut text = String::with_capacity(self.text.len() + INSTALL.len());
        for line in self.text.lines() {
            match line.strip_suffix("{install}") {
                Some(indent) => {
                    text.extend(INSTALL.lines().map(|line| format!("{indent}{line}\n")))
                }
                None => text.extend([line, "\n"]),
            }
        }
        text.replace("{branch}", branch)
            .replace("{repository}", env!("CARGO_PKG_REPOSITORY"))
            .replace("{version}", env!("CARGO_PKG_VERSION"))
    }
}

/// The branch that is checked out in a folder; `main` where there is no repository.
fn branch(folder: &Path) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["symbolic-ref", "--quiet", "--short", "HEAD"])
        .output();
    let name = output.ok().filter(|output| output.status.success());
    let name = name.and_then(|output| String::from_utf8(output.stdout).ok());
    name.map_or_else(|| "main".to_owned(), |name| name.trim().to_owned())
}
