//! The website as the last build left it, and whether it may be published.

use super::PublishOptions;
use super::manifest::Manifest;
use crate::build;
use crate::cache::{Cache, PreviousBuild};
use crate::check::{self, output};
use crate::diagnostics::{Code, Diagnostic, Failure, Result, Severity};
use crate::settings::TargetSettings;
use crate::site::Site;

/// A finished website.
pub(crate) struct Preflight {
    build: PreviousBuild,
    pub manifest: Manifest,
    pub diagnostics: Vec<Diagnostic>,
}

impl Preflight {
    /// Reads what the last build wrote into the output folder.
    ///
    /// # Errors
    /// Where there is no finished website, or it was changed after the build.
    pub(crate) fn open(site: &Site, cache: &mut Cache, settings: &TargetSettings) -> Result<Self> {
        let build = cache.previous_build(site);
        let mut diagnostics = std::mem::take(&mut cache.warnings);
        match build::website_state(site, build.state.as_ref())? {
            build::WebsiteState::Current => {}
            build::WebsiteState::Outdated => diagnostics.push(output::behind(site)),
            build::WebsiteState::Modified => {
                return Err(output::altered(site, Severity::Error).into());
            }
            build::WebsiteState::Unfinished => return Err(output::unfinished(site).into()),
        }
        let manifest = Manifest::of(&build, settings.stored());
        Ok(Self {
            build,
            manifest,
            diagnostics,
        })
    }

    /// What `check` and the last build report about the website.
    ///
    /// # Errors
    /// Where there are problems and neither the options nor the settings allow them.
    pub(crate) fn examine(
        &self,
        site: &Site,
        cache: &mut Cache,
        settings: &TargetSettings,
        options: &PublishOptions,
    ) -> Result<Vec<Diagnostic>> {
        let mut found = check::website(site, &self.build, cache, settings.host.as_deref())?;
        let is_allowed = options.allow_problems || settings.allow_problems;
        if !is_allowed && found.iter().any(|d| d.severity >= Severity::Problem) {
            found.retain(|d| d.severity >= Severity::Problem);
            found.push(refused("the website has problems"));
            if !options.dry_run {
                return Err(Failure(found));
            }
        }
        Ok(found)
    }
}

/// The error that ends a run because of problems.
pub(crate) fn refused(why: &str) -> Diagnostic {
    let what = format!("nothing was published: {why}");
    Diagnostic::error(Code::PublishRefused, "", what)
        .hint("fix them, or publish anyway with --allow-problems")
}
