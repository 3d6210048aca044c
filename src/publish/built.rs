//! The website as the last build left it, and whether it may go out.

use super::manifest::Manifest;
use super::settings::Settings;
use super::Options;
use crate::build;
use crate::cache::Cache;
use crate::diagnostics::{Diagnostic, Failure, Result, Severity};
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
/// Where no build ended there, it was changed since, or it has problems that nobody allowed.
pub fn website(
    site: &Site,
    cache: &mut Cache,
    settings: &Settings,
    options: &Options,
) -> Result<Built> {
    let out = site.shown(site.out());
    let mut diagnostics = Vec::new();
    match build::state(site, cache)? {
        build::State::Current => {}
        build::State::Behind => diagnostics.push(
            Diagnostic::warning(out.as_str(), "the sources changed since the website was built")
                .hint("`backfile build` brings it up to date"),
        ),
        build::State::Changed => {
            return Err(Diagnostic::error(out.as_str(), "it is not what the last build wrote")
                .hint("`backfile build` puts it right; what is put there by hand belongs in `static/`")
                .into());
        }
        build::State::Unfinished => {
            return Err(Diagnostic::error(out.as_str(), "there is no finished website")
                .hint("run `backfile build` first")
                .into());
        }
    }
    let past = cache.past(site);
    let made = past.made.as_ref();
    let manifest = Manifest::of(&past, &settings.stored());
    let told = made.iter().flat_map(|made| made.diagnostics.iter().chain(&made.clashes));
    let mut problems: Vec<Diagnostic> = told
        .map(|packed| Diagnostic::unpack(packed.clone()))
        .filter(|diagnostic| diagnostic.severity >= Severity::Problem)
        .collect();
    diagnostics.append(&mut cache.warnings);
    if !problems.is_empty() && !(options.allow_problems || settings.allow_problems || options.dry_run) {
        problems.push(stopped("the last build found problems"));
        return Err(Failure(problems));
    }
    diagnostics.extend(problems);
    Ok(Built {
        manifest,
        diagnostics,
    })
}

/// What is said where problems stop a run.
pub fn stopped(why: &str) -> Diagnostic {
    Diagnostic::error("", format!("nothing was published: {why}"))
        .hint("mend them, or publish nevertheless with --allow-problems")
}
