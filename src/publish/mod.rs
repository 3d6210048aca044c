//! `public/` → where readers are. Sends what differs, in an order in which nothing that readers see ever leads nowhere, and
//! can be cut off at any point.
//!
//! ```text
//! the build's table ─▶ manifest ─┐
//! target's manifest ─────────────┴─ difference ─▶ intent ─▶ new files ─▶ changed files ─▶ manifest ─▶ deletions
//! ```
//!
//! A target is a few small verbs (`targets/`); what is done with them, and in which order, is told here and in `run.rs`.

mod built;
mod difference;
mod intent;
mod local;
pub mod manifest;
mod outgoing;
mod published;
mod run;
mod send;
mod session;
pub mod targets;
mod verify;
mod versions;
pub mod workflows;

use serde::Serialize;

use crate::settings::TargetSettings;
pub use session::Tell;

use crate::cache::Cache;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::site::Site;
use local::Local;
use session::Session;

/// What a person asked of publishing.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The name of the target; may be left out where there is one.
    pub target: Option<String>,
    /// Say what would be sent and deleted, and do nothing.
    pub dry_run: bool,
    /// Compare with what is really there, not only with the manifest there.
    pub verify: bool,
    /// Delete however large a share of what is there.
    pub force: bool,
    /// Go on where a publisher on another machine was cut off.
    pub take_over: bool,
    /// Publish although there are problems.
    pub allow_problems: bool,
    /// Let readers see the version before the current one again.
    pub rollback: bool,
}

/// What publishing did, or would do.
#[derive(Debug, Default, Serialize)]
pub struct Report {
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
    /// Files that are no longer the website's and are deleted by a later run.
    pub waiting: usize,
    /// How often something had to be tried again.
    pub retries: u64,
    /// The version that readers see, where versions are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Files there that are not the website's, and were left alone; only where that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign: Option<usize>,
    /// Of a dry run: what would be sent and deleted, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would: Option<Would>,
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// What a run would do.
#[derive(Debug, Default, Serialize)]
pub struct Would {
    pub send: Vec<String>,
    pub delete: Vec<String>,
}

/// Brings a target up to date with the website.
///
/// # Errors
/// Where there is no finished build, there are problems that nobody allowed, or the target refuses. What readers see is
/// then whole: as before, or partly new.
pub fn publish(
    site: &Site,
    cache: &mut Cache,
    options: &Options,
    teller: &dyn Tell,
) -> Result<Report> {
    let (name, settings) = choose(site, options.target.as_deref())?;
    let local = Local::open(site, name)?;
    let target = targets::open(settings, site.root(), &local.work())?;
    let session = Session::new(&*target, &settings.to, teller);
    let report = if options.rollback {
        versions::roll_back(&session, &local, options)?
    } else {
        let mut built = built::website(site, cache, settings)?;
        let run = run::Run {
            site,
            settings,
            session: &session,
            local: &local,
            new: &built.manifest,
            options,
        };
        let report = if run.is_done()? {
            Report::default()
        } else {
            let examined = built::examined(site, cache, settings, options)?;
            built.diagnostics.extend(examined);
            let report = run.publish()?;
            // What is lost at this target may be known of this machine too.
            let is_news = |found: &Diagnostic| !built.diagnostics.contains(found);
            Report {
                diagnostics: report.diagnostics.into_iter().filter(is_news).collect(),
                ..report
            }
        };
        if !options.dry_run {
            local.done(&built.manifest)?;
        }
        Report {
            files: built.manifest.root.files,
            bytes: built.manifest.root.bytes,
            diagnostics: [built.diagnostics, report.diagnostics].concat(),
            ..report
        }
    };
    Ok(Report {
        target: name.to_owned(),
        to: settings.to.clone(),
        retries: session.retries(),
        ..report
    })
}

/// The settings of a target by its name; of the only one where none is named.
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
    let settings = crate::site::SETTINGS;
    Err(match (name, targets.len()) {
        (_, 0) => Diagnostic::error(Code::Unclassified, settings, "the settings name no place to publish to")
            .hint("add `[publish.live]` with `to = \"file:///srv/www\"`, or an address of s3://, sftp://, rsync:// or git+ssh://; docs/publishing.md has one for each host"),
        (Some(name), _) => Diagnostic::error(Code::Unclassified, settings, format!("there is no target `{name}`"))
            .hint(format!("there is {}", names())),
        (None, _) => Diagnostic::error(Code::Unclassified, settings, "there are several targets")
            .hint(format!("say which: `backfile publish NAME`, with one of {}", names())),
    }
    .into())
}
