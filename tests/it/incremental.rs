//! Law 1: after any sequence of edits the next build leaves what a clean build would. Law 2: it does no other work.

use std::collections::BTreeMap;

use backfile::build::{self, Changed, SiteSnapshot, Touched};
use backfile::cache::{Cache, PreviousBuild};
use backfile::diagnostics::Failure;
use backfile::progress::NO_PROGRESS;
use backfile::site::Site;

use crate::archive::Archive;
use crate::edits::{Dice, act, build, clean, start};

fn sequence(seed: u64, steps: usize) {
    let archive = start();
    let mut dice = Dice(seed);
    build(archive.root()).expect("a first build");
    let mut done = Vec::new();
    for round in 0..steps {
        // Sometimes several things between two builds, and sometimes nothing.
        for _ in 0..dice.below(4) {
            done.push(act(&archive, &mut dice, round));
        }
        done.push("build".to_owned());
        let report =
            build(archive.root()).unwrap_or_else(|e| panic!("seed {seed}: {e:?} after {done:#?}"));
        let (now, clean) = (archive.files("public"), clean(&archive));
        let differs =
            |a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
                a.iter()
                    .filter(|(path, bytes)| b.get(*path) != Some(bytes))
                    .map(|(path, _)| path.clone())
                    .collect()
            };
        let (missing, odd) = (differs(&clean, &now), differs(&now, &clean));
        assert!(
            missing.is_empty() && odd.is_empty(),
            "seed {seed}: clean has {missing:?}, this build left {odd:?}, after {done:#?}, {:?}",
            report.diagnostics
        );
    }
}

#[test]
fn after_any_edits_a_build_leaves_what_a_clean_one_would() {
    use rayon::prelude::*;
    let seeds: u64 = std::env::var("BACKFILE_SEEDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(200);
    (0..seeds)
        .into_par_iter()
        .for_each(|seed| sequence(seed, 6));
}

/// A site that is kept in memory, as the preview keeps it.
struct Kept {
    snapshot: SiteSnapshot,
    previous: PreviousBuild,
}

/// Takes in whatever changed on disk, and prints what that touched; then looks at every page. What the first look did not
/// touch must be as it was.
fn take_in(archive: &Archive, kept: &mut Kept, done: &[String]) -> Result<Touched, Failure> {
    let site = Site::open(archive.root(), None)?;
    let mut cache = Cache::open(&site, "test", &|_| {})?;
    let Kept { snapshot, previous } = kept;
    let touched = match snapshot.refresh(site.clone(), &mut cache, &Changed::all())? {
        Some(touched) => touched,
        None => {
            *snapshot = SiteSnapshot::current(site, &mut cache)?;
            Touched::All
        }
    };
    let mut print = |touched: &Touched| {
        build::rebuild(snapshot, touched, previous, &mut cache, NO_PROGRESS)
            .map(|report| report.rendered)
    };
    print(&touched)?;
    let missed = print(&Touched::All)?;
    assert_eq!(
        missed, 0,
        "pages whose fingerprint differs were not touched after {done:#?}"
    );
    Ok(touched)
}

#[test]
fn touched_keys_hold_every_page_whose_fingerprint_differs() {
    use rayon::prelude::*;
    let few = (0..40).into_par_iter().map(|seed| {
        let archive = start();
        let site = Site::open(archive.root(), None).expect("a site");
        build(archive.root()).expect("a first build");
        let mut cache = Cache::open(&site, "test", &|_| {}).expect("a cache");
        let previous = cache.previous_build(&site);
        let snapshot = SiteSnapshot::current(site, &mut cache).expect("an snapshot");
        drop(cache);
        let mut kept = Kept { snapshot, previous };
        let mut dice = Dice(1_000 + seed);
        let mut few = 0;
        let mut all = Vec::new();
        for round in 0..8 {
            let done = act(&archive, &mut dice, round);
            // A file that import copies within the look is looked at once more, like any that changed in this tick.
            if done.contains("picture") {
                archive.run(&["import"]);
            }
            all.push(done.clone());
            // A file that changed within this tick of the clock is looked at again, whatever its fingerprint.
            std::thread::sleep(std::time::Duration::from_millis(20));
            let touched = take_in(&archive, &mut kept, &all)
                .unwrap_or_else(|e| panic!("seed {seed}: {e:?} after {done}"));
            few += usize::from(touched != Touched::All);
        }
        few
    });
    assert!(few.sum::<usize>() > 100, "most edits touch some pages only");
}
