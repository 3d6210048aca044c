//! Workflow files with which a host builds and publishes a site after each push to its repository.

use std::io::ErrorKind;

use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files;
use crate::site::Site;

/// A file for one host.
#[derive(Debug)]
pub(crate) struct Workflow {
    /// Below the site's folder.
    pub file: &'static str,
    text: &'static str,
    /// What has to be done once by hand.
    by_hand: &'static str,
}

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
    files::write_new(&path, workflow.text.as_bytes()).map_err(failed)?;
    Ok(vec![
        format!("wrote {}", workflow.file),
        workflow.by_hand.to_owned(),
    ])
}
