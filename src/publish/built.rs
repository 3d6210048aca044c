//! The website as the last build left it, and whether it may go out.

use super::Options;
use super::manifest::Manifest;
use crate::build;
use crate::cache::Cache;
use crate::check;
use crate::diagnostics::{Code, Diagnostic, Failure, Result, Severity};
use crate::settings::TargetSettings;
use crate::site::Site;

/// A finished website.
pub struct Built {
    pub manifest: Manifest,
    /// What a person should know of it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Takes the website from the output folder.
///
/// # Errors
/// Where no build ended there, or it was changed since.
pub fn website(site: &Site, cache: &mut Cache, settings: &TargetSettings) -> Result<Built> {
    let out = site.shown(site.out());
    let mut diagnostics = Vec::new();
    match build::state(site, cache)? {
        build::State::Current => {}
        build::State::Behind => diagnostics.push(
            Diagnostic::warning(
                Code::Unclassified,
                out.as_str(),
                "the sources changed since the website was built",
            )
            .hint("`backfile build` brings it up to date"),
        ),
        build::State::Changed => {
            return Err(Diagnostic::error(
                Code::Unclassified,
                out.as_str(),
                "it is not what the last build wrote",
            )
            .hint("`backfile build` puts it right; what is put there by hand belongs in `static/`")
            .into());
        }
        build::State::Unfinished => {
            return Err(Diagnostic::error(
                Code::Unclassified,
                out.as_str(),
                "there is no finished website",
            )
            .hint("run `backfile build` first")
            .into());
        }
    }
    let past = cache.previous_build(site);
    let manifest = Manifest::of(&past, &settings.stored());
    diagnostics.append(&mut cache.warnings);
    Ok(Built {
        manifest,
        diagnostics,
    })
}

/// What `check` says of the website, the last build's own words among it.
///
/// # Errors
/// Where there are problems that nobody allowed.
pub fn examined(
    site: &Site,
    cache: &mut Cache,
    settings: &TargetSettings,
    options: &Options,
) -> Result<Vec<Diagnostic>> {
    let mut found = check::website(site, cache, settings.host.as_deref())?;
    let is_allowed = options.allow_problems || settings.allow_problems || options.dry_run;
    if is_allowed || found.iter().all(|found| found.severity < Severity::Problem) {
        return Ok(found);
    }
    found.retain(|found| found.severity >= Severity::Problem);
    found.push(stopped("the website has problems"));
    Err(Failure(found))
}

/// What is said where problems stop a run.
pub fn stopped(why: &str) -> Diagnostic {
    Diagnostic::error(
        Code::Unclassified,
        "",
        format!("nothing was published: {why}"),
    )
    .hint("mend them, or publish nevertheless with --allow-problems")
}
