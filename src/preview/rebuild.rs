//! `build --watch`: the website on disk follows every change.

use std::path::Path;

use super::watch::{self, Watch};
use crate::build::{self, Changed, Options, Report, SiteSnapshot, Touched};
use crate::cache::{Cache, PreviousBuild};
use crate::diagnostics::Result;
use crate::progress::UNSEEN;
use crate::site::Site;

/// What is kept from one build to the next.
struct Kept {
    snapshot: SiteSnapshot,
    previous: PreviousBuild,
}

/// Builds a site, and again after every change, until the process ends. `told` gets the report of each build that did
/// something, and why one could not.
///
/// # Errors
/// Where the folder is no site, or cannot be watched.
pub fn follow_with_builds(
    root: &Path,
    out: Option<&Path>,
    poll: bool,
    note: &dyn Fn(&str),
    mut told: impl FnMut(&Site, Result<Report>),
) -> Result<()> {
    let first = Site::open(root, out)?;
    let watch = Watch::start(root, poll, note)?;
    let mut kept: Option<Kept> = None;
    let outcome = whole(first.clone(), note);
    told(&first, outcome);
    let rebuild = |changed: &Changed| {
        let site = Site::open(root, out)?;
        let mut cache = Cache::open(&site, "build --watch", note)?;
        let stale = |kept: &mut Kept| !kept.previous.is_current();
        if kept.take_if(stale).is_some() || kept.is_none() {
            // Read into memory after the first change only: a build that nobody edits under needs none of it.
            let mut previous = cache.previous_build(&site);
            let snapshot = SiteSnapshot::current(site.clone(), &mut cache)?;
            let all = Touched::All;
            let report = build::rebuild(&snapshot, &all, &mut previous, &mut cache, UNSEEN)?;
            kept = Some(Kept { snapshot, previous });
            return Ok((site, report));
        }
        let Some(Kept { snapshot, previous }) = &mut kept else {
            return Ok((site, Report::default()));
        };
        let touched = match snapshot.refresh(site.clone(), &mut cache, changed)? {
            Some(touched) => touched,
            None => {
                *snapshot = SiteSnapshot::current(site.clone(), &mut cache)?;
                Touched::All
            }
        };
        match build::rebuild(snapshot, &touched, previous, &mut cache, UNSEEN) {
            Ok(report) => Ok((site, report)),
            Err(failure) => {
                // What was touched is in the snapshot and not in the website: only a whole look finds it again.
                kept = None;
                Err(failure)
            }
        }
    };
    watch::follow(watch, rebuild, |outcome| match outcome {
        Ok((site, report)) if report.rendered > 0 || report.output.removed > 0 => {
            told(&site, Ok(report))
        }
        Ok(_) => {}
        Err(failure) => told(&first, Err(failure)),
    });
    Ok(())
}

fn whole(site: Site, note: &dyn Fn(&str)) -> Result<Report> {
    let mut cache = Cache::open(&site, "build --watch", note)?;
    build::build(site, &mut cache, &Options::default(), UNSEEN)
}
