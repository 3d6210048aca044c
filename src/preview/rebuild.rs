//! `build --watch`: updates the website on disk after every change.

use std::path::Path;

use super::watch::{self, Watch};
use crate::build::{self, BuildReport, Changed, Options, SiteSnapshot, Touched};
use crate::cache::{Cache, PreviousBuild};
use crate::diagnostics::Result;
use crate::progress::NO_PROGRESS;
use crate::site::Site;

/// What is kept in memory between two builds.
struct LastBuild {
    snapshot: SiteSnapshot,
    previous: PreviousBuild,
}

/// Builds a site, and again after every change, until the process ends. `report` receives the report of each build that
/// changed something, and the failure of one that could not be done.
///
/// # Errors
/// If the folder is not a site, or cannot be watched.
pub(crate) fn follow_with_builds(
    root: &Path,
    out: Option<&Path>,
    poll: bool,
    note: &dyn Fn(&str),
    mut report: impl FnMut(&Site, Result<BuildReport>),
) -> Result<()> {
    let first = Site::open(root, out)?;
    let watch = Watch::start(root, poll, note)?;
    let mut last: Option<LastBuild> = None;
    let outcome = build_all(first.clone(), note);
    report(&first, outcome);
    let rebuild = |changed: &Changed| {
        let site = Site::open(root, out)?;
        let mut cache = Cache::open(&site, "build --watch", note)?;
        let report = rebuild(&mut last, &site, &mut cache, changed)?;
        Ok((site, report))
    };
    watch::follow(watch, rebuild, |outcome| match outcome {
        Ok((site, built)) if built.rendered > 0 || built.output.removed > 0 => {
            report(&site, Ok(built))
        }
        Ok(_) => {}
        Err(failure) => report(&first, Err(failure)),
    });
    Ok(())
}

fn build_all(site: Site, note: &dyn Fn(&str)) -> Result<BuildReport> {
    let mut cache = Cache::open(&site, "build --watch", note)?;
    build::build(site, &mut cache, &Options::default(), NO_PROGRESS)
}

/// Builds from the state in memory. It is read after the first change only: a build without one needs none of it.
fn rebuild(
    last: &mut Option<LastBuild>,
    site: &Site,
    cache: &mut Cache,
    changed: &Changed,
) -> Result<BuildReport> {
    let current = last.take().filter(|last| last.previous.is_current());
    let (mut last_build, touched) = match current {
        None => {
            let previous = cache.previous_build(site);
            let snapshot = SiteSnapshot::current(site.clone(), cache)?;
            (LastBuild { snapshot, previous }, Touched::All)
        }
        Some(mut build) => match build.snapshot.refresh(site.clone(), cache, changed) {
            Ok(Some(touched)) => (build, touched),
            Ok(None) => {
                build.snapshot = SiteSnapshot::current(site.clone(), cache)?;
                (build, Touched::All)
            }
            Err(failure) => {
                *last = Some(build);
                return Err(failure);
            }
        },
    };
    let LastBuild { snapshot, previous } = &mut last_build;
    // If it fails, the touched pages are in the snapshot and not on the website, and only a build of all finds them again.
    let report = build::rebuild(snapshot, &touched, previous, cache, NO_PROGRESS)?;
    *last = Some(last_build);
    Ok(report)
}
