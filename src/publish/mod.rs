//! Brings a target, where readers are, up to date with the website in `public/`.
//!
//! ```text
//! preflight ─▶ lease ─▶ live state ─▶ difference ─▶ guard ─▶ new paths ─▶ changed files ─▶ commit ─▶ deletions ─▶ tidy
//! ```
//!
//! The steps and their order are in `protocol.rs`. A target is a few small operations (`targets/`), without steps and order.

mod difference;
mod guest;
mod lease;
mod live;
pub(crate) mod manifest;
mod parallel;
mod place;
mod plan;
mod preflight;
mod protocol;
mod publish_state;
mod random;
mod recall;
mod representation;
mod run;
mod send;
mod session;
pub(crate) mod targets;
mod verify;
mod versions;
pub(crate) mod workflows;

use serde::Serialize;

use crate::settings::TargetSettings;
pub(crate) use recall::recall;
pub(crate) use session::Observer;

use crate::cache::Cache;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::site::Site;
use publish_state::PublishState;
use session::Session;

/// The options of one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct PublishOptions {
    /// The name of the target; may be omitted where there is only one.
    pub target: Option<String>,
    /// Report what would be sent and deleted, and change nothing.
    pub dry_run: bool,
    /// Compare with the files at the target, not only with its manifest.
    pub verify: bool,
    /// Delete any share of the files at the target.
    pub force: bool,
    /// Publish to a place that holds files of others, which stay.
    pub adopt: bool,
    /// Take the lease of another publisher without waiting for signs of life.
    pub take_over: bool,
    /// Publish in spite of problems.
    pub allow_problems: bool,
    /// Switch readers back to the version before the current one.
    pub rollback: bool,
}

/// What a run did, or would do.
#[derive(Debug, Default, Serialize)]
pub(crate) struct PublishReport {
    /// The name of the target, and its address.
    pub target: String,
    pub to: String,
    /// Files of the website, and their bytes.
    pub files: u64,
    pub bytes: u64,
    /// Files that were sent, and the bytes in them.
    pub sent: usize,
    pub sent_bytes: usize,
    /// Files that were deleted.
    pub deleted: usize,
    /// Files that are no longer part of the website and are deleted by a later run.
    pub waiting: usize,
    /// How many requests were repeated.
    pub retries: u64,
    /// The version that readers see, where versions are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Files there that are not the website's and are left alone; only where the target was listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign: Option<usize>,
    /// In a dry run, what would be sent and deleted, in order.
    #[serde(rename = "would", skip_serializing_if = "Option::is_none")]
    pub planned: Option<PlannedChanges>,
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// Paths that a dry run would send and delete.
#[derive(Debug, Default, Serialize)]
pub(crate) struct PlannedChanges {
    pub send: Vec<String>,
    pub delete: Vec<String>,
}

/// Brings a target up to date with the website.
///
/// # Errors
/// Where there is no finished build, there are problems that are not allowed, or the target refuses. Readers then see a
/// complete website: the old one, or one that is partly new.
pub(crate) fn publish(
    site: &Site,
    cache: &mut Cache,
    options: &PublishOptions,
    observer: &dyn Observer,
) -> Result<PublishReport> {
    let (name, settings) = choose(site, options.target.as_deref())?;
    place::check(site, &settings.to)?;
    let state = PublishState::open(site, name)?;
    let target = targets::open(settings, site.root(), &state.work_folder())?;
    let session = Session::new(&*target, &settings.to, observer);
    let report = match options.rollback {
        true => versions::roll_back(&session, &state, options)?,
        false => protocol::publish(site, cache, settings, options, &session, &state)?,
    };
    Ok(PublishReport {
        target: name.to_owned(),
        to: settings.to.clone(),
        retries: session.retries(),
        ..report
    })
}

/// The settings of a target by its name; of the only one where no name is given.
fn choose<'s>(site: &'s Site, name: Option<&str>) -> Result<(&'s str, &'s TargetSettings)> {
    let targets = &site.settings.publish;
    let names = || {
        let names: Vec<String> = targets.keys().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let found = match (name, targets.len()) {
        (Some(name), _) => targets.get_key_value(name),
        (None, 1) => targets.iter().next(),
        (None, _) => None,
    };
    if let Some((name, settings)) = found {
        return Ok((name, settings));
    }
    let unknown = |what: String, hint: String| {
        Diagnostic::error(Code::TargetUnknown, crate::site::SETTINGS, what).hint(hint)
    };
    Err(match (name, targets.len()) {
        (_, 0) => unknown(
            "the settings have no target to publish to".to_owned(),
            "add `[publish.live]` with `to = \"file:///srv/www\"`, or an address of s3://, sftp://, rsync:// or git+ssh://; `backfile docs publishing` has one for each host".to_owned(),
        ),
        (Some(name), _) => unknown(
            format!("there is no target `{name}`"),
            format!("the settings have {}", names()),
        ),
        (None, _) => unknown(
            "there are several targets".to_owned(),
            format!("name one of {}: `backfile publish NAME`", names()),
        ),
    }
    .into())
}
