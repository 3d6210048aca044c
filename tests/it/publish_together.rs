//! Two processes that publish to one target: they take turns, and an interrupted one leaves no files.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::archive::Archive;
use crate::crawl::broken_links;
use crate::published::{
    command, expect_folder, later, published, published_at_once, seen, site, website,
};

struct Place {
    folder: tempfile::TempDir,
    settings: String,
}

fn place() -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = format!(
        "[publish.live]\nto = \"file://{}\"\n",
        folder.path().display()
    );
    Place { folder, settings }
}

impl Place {
    fn has(&self, path: &str) -> bool {
        self.folder.path().join(path).exists()
    }
}

#[test]
fn a_run_that_was_interrupted_elsewhere_is_waited_for_and_taken_over() {
    let place = place();
    let site = site(&place.settings);
    published(&site, &[]);
    site.edit("content/articles/7.md", "The text", "The words");
    assert_eq!(site.build().status, 0);
    let own = |file: &str| place.folder.path().join(".backfile").join(file);
    let intent = br#"{"site":"another","run":"one","manifests":["0123456789abcdef"],"beat":3}"#;
    std::fs::write(own("intent.json"), intent).expect("written");
    let start = Instant::now();
    published(&site, &[]);
    let took = start.elapsed().as_secs();
    assert!((30..90).contains(&took), "{took} s");
    expect_folder(place.folder.path(), &site);
    site.edit("content/articles/7.md", "The words", "The lines");
    assert_eq!(site.build().status, 0);
    // It left something of what nobody knows.
    std::fs::write(own("intent.json"), intent).expect("written");
    for file in [
        "shards/00000000000000000000000000000000",
        "parts/0000000000000000",
        "manifests/0123456789abcdef.json",
    ] {
        std::fs::create_dir_all(own(file).parent().expect("a folder")).expect("made");
        std::fs::write(own(file), "half of i").expect("written");
    }
    published(&site, &["--take-over"]);
    expect_folder(place.folder.path(), &site);
}

/// Publishes until somebody kills it in the middle.
fn cut_off(site: &Archive, place: &Place) {
    for round in 0..200 {
        let mut process = command(site, &["--allow-problems", "--force", "--quiet"])
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        while process.try_wait().expect("asked").is_none() && !place.has(".backfile/intent.json") {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(round % 50));
        let _ = process.kill();
        process.wait().expect("ended");
        if place.has(".backfile/intent.json") {
            return;
        }
    }
    panic!("it ends before it can be killed");
}

#[test]
fn files_of_a_run_that_was_interrupted_elsewhere_are_deleted() {
    let place = place();
    let (site, other) = (site(&place.settings), later(&place.settings));
    published(&site, &[]);
    for _ in 0..3 {
        cut_off(&other, &place);
        let there = site.files(&place.folder.path().to_string_lossy());
        assert_eq!(broken_links(&seen(&there)), [""; 0]);
        published(&site, &["--take-over"]);
        expect_folder(place.folder.path(), &site);
    }
    // Another machine goes on by itself, when the first shows no sign of life.
    cut_off(&other, &place);
    let same = later(&place.settings);
    let start = Instant::now();
    published(&same, &["--allow-problems", "--force"]);
    assert!(start.elapsed() > Duration::from_secs(30));
    expect_folder(place.folder.path(), &same);
}

#[test]
fn two_at_once_take_turns() {
    let place = place();
    let sites = [site(&place.settings), site(&place.settings)];
    published(&sites[0], &[]);
    expect_turns(&place, &sites);
}

/// A cache that was copied, as hosts restore it for two jobs, does not make two publishers one.
#[test]
fn two_with_copies_of_one_cache_take_turns() {
    let place = place();
    let sites = [site(&place.settings), site(&place.settings)];
    published(&sites[0], &[]);
    sites[1].remove(".backfile");
    for (file, bytes) in sites[0].files(".backfile") {
        sites[1].write(&format!(".backfile/{file}"), bytes);
    }
    expect_turns(&place, &sites);
}

/// Publishes both at once, often, and expects the target to hold the website of one of them each time.
fn expect_turns(place: &Place, sites: &[Archive; 2]) {
    let rounds = std::env::var("BACKFILE_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok());
    for round in 0..rounds.unwrap_or(4) {
        for (number, site) in sites.iter().enumerate() {
            site.write("static/round.txt", format!("{round} of {number}"));
            site.write(
                "content/about.md",
                format!("# About\n\n{round} of {number}.\n"),
            );
            assert_eq!(site.build().status, 0);
        }
        published_at_once(sites);
        let there = seen(&sites[0].files(&place.folder.path().to_string_lossy()));
        let last = sites.iter().find(|site| website(site) == there);
        expect_folder(place.folder.path(), last.expect("that of one of them"));
    }
}
