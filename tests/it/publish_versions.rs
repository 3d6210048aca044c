//! `publish` with versions: each is complete, readers switch at once, and a withdrawn text is in none.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, Instant};

use crate::archive::Archive;
use crate::edits::Dice;
use crate::hosts::s3::{Bucket, bucket};
use crate::interrupted::kill_after;
use crate::published::{
    Files, command, differences, expect_refused, later, on_one_machine, publish, published, site,
    website,
};

const FOLDER: &str = "[publish.live]\nto = \"file://{root}/www\"\nversions = 2\n";

/// What readers see, of all that lies at a target where `current` names a version.
fn seen(there: &Files, current: &str) -> Files {
    let folder = format!("versions/{current}/");
    let seen = there.iter().filter_map(|(path, bytes)| {
        let path = path.strip_prefix(&folder)?;
        Some((path.to_owned(), bytes.clone()))
    });
    seen.collect()
}

/// The names of the versions that lie there.
fn versions(there: &Files) -> BTreeSet<String> {
    let names = there
        .keys()
        .filter_map(|path| path.strip_prefix("versions/")?.split('/').next());
    names.map(str::to_owned).collect()
}

/// Expects Backfile to keep the manifests of these versions, their shards, and nothing more.
fn expect_tidy(there: &Files, number: usize) {
    assert_eq!(versions(there).len(), number, "{:?}", versions(there));
    let below = |folder: &str| -> BTreeSet<String> {
        let below = there.iter().filter(|(path, _)| path.starts_with(folder));
        below
            .map(|(path, _)| path[folder.len()..].to_owned())
            .collect()
    };
    let roots = below(".backfile/manifests/");
    assert_eq!(roots.len(), number, "{roots:?}");
    let shards = roots.iter().flat_map(|name| {
        let root = &there[&format!(".backfile/manifests/{name}")];
        let root: serde_json::Value = serde_json::from_slice(root).expect("JSON");
        let shards = root["shards"].as_array().expect("a list").clone();
        shards
            .into_iter()
            .map(|shard| shard.as_str().expect("text").to_owned())
    });
    let shards: BTreeSet<String> = shards.filter(|shard| !shard.is_empty()).collect();
    assert_eq!(below(".backfile/shards/"), shards);
    let all = below(".backfile/");
    assert_eq!(all.len(), 1 + roots.len() + shards.len(), "{all:?}");
}

/// The website with one more edit.
fn edited(site: &Archive, number: usize) -> Files {
    site.edit(
        "content/articles/7.md",
        "The text",
        &format!("{number} The text"),
    );
    assert_eq!(site.build().status, 0);
    website(site)
}

/// Withdraws the ninth article.
fn withdraw(site: &Archive) {
    site.edit(
        "content/articles/9.md",
        "slug",
        "withdrawn: a court said so\nslug",
    );
    assert_eq!(site.build().status, 0);
}

#[test]
fn readers_see_one_complete_version_and_rollback_restores_the_previous() {
    let site = site(FOLDER);
    let current = || site.files("www/current");
    let expect = |files: &Files| {
        assert_eq!(differences(&current(), files), BTreeSet::new());
    };
    let first = website(&site);
    published(&site, &[]);
    expect(&first);
    expect_refused(&publish(&site, &["--rollback"]), "no version before");
    let second = edited(&site, 2);
    let said = published(&site, &[]);
    // What did not change is linked, not sent.
    assert_eq!(
        said.count("/sent"),
        differences(&first, &second).len() as u64
    );
    let links = std::fs::metadata(site.path("www/current/about.html")).expect("there");
    assert_eq!(links.nlink(), 2);
    expect(&second);
    expect_tidy(&site.files("www"), 2);
    let third = edited(&site, 3);
    published(&site, &[]);
    expect(&third);
    expect_tidy(&site.files("www"), 2);
    published(&site, &["--rollback", "--dry-run"]);
    expect(&third);
    published(&site, &["--rollback"]);
    expect(&second);
    expect_refused(&publish(&site, &["--rollback"]), "no version before");
    published(&site, &[]);
    expect(&third);
    assert_eq!(published(&site, &[]).count("/sent"), 0);
    expect_tidy(&site.files("www"), 2);
    assert_eq!(published(&site, &["--verify"]).count("/foreign"), 0);
    expect(&third);
}

#[test]
fn a_withdrawn_text_is_deleted_from_every_version() {
    let site = site(FOLDER);
    published(&site, &[]);
    edited(&site, 2);
    published(&site, &[]);
    withdraw(&site);
    published(&site, &[]);
    assert_eq!(
        differences(&site.files("www/current"), &website(&site)),
        BTreeSet::new()
    );
    let there = site.files("www");
    expect_tidy(&there, 1);
    for (path, bytes) in there {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("The text of 9."),
            "{path}"
        );
    }
    expect_refused(&publish(&site, &["--rollback"]), "no version before");
}

#[test]
fn a_site_can_start_and_stop_using_versions() {
    let plain = FOLDER.replace("versions = 2\n", "");
    let site = site(&plain);
    published(&site, &[]);
    site.edit(
        "backfile.toml",
        "[publish.live]\n",
        "[publish.live]\nversions = 2\n",
    );
    assert!(site.build().status < 2);
    published(&site, &[]);
    let there = site.files("www");
    expect_tidy(&there, 1);
    assert!(
        there
            .keys()
            .all(|path| path.starts_with('.') || path.starts_with("versions/"))
    );
    assert_eq!(
        differences(&site.files("www/current"), &website(&site)),
        BTreeSet::new()
    );
    site.edit("backfile.toml", "versions = 2\n", "");
    assert!(site.build().status < 2);
    published(&site, &[]);
    crate::published::expect_folder(&site.path("www"), &site);
    assert!(!site.path("www/current").is_symlink());
}

#[test]
fn readers_never_see_an_incomplete_version() {
    let www = tempfile::tempdir().expect("a folder");
    let settings = format!(
        "[publish.live]\nto = \"file://{}\"\nversions = 2\n",
        www.path().display()
    );
    let (one, other) = (site(&settings), later(&settings));
    on_one_machine(&one, &other);
    published(&one, &[]);
    let all = ["--allow-problems", "--force"];
    let (before, after) = (website(&one), website(&other));
    let mut dice = Dice(5);
    let mut took = Duration::from_millis(300);
    let mut cut = 0;
    for round in 0.. {
        assert!(round < 100, "it ends before it can be killed");
        let share = 200 + u32::try_from(dice.below(800)).expect("small");
        cut += u32::from(kill_after(
            &mut command(&other, &["--allow-problems", "--force"]),
            took * share / 1_000,
        ));
        let seen = || one.files(&www.path().join("current").to_string_lossy());
        assert!(seen() == before || seen() == after, "round {round}");
        // On some days somebody thinks better of it.
        let next = if dice.below(3) == 0 { &one } else { &other };
        published(next, &all);
        assert_eq!(differences(&seen(), &website(next)), BTreeSet::new());
        let start = Instant::now();
        published(&one, &all);
        took = (took + start.elapsed()) / 2;
        let there = one.files(&www.path().to_string_lossy());
        expect_tidy(&there, versions(&there).len());
        if cut == 10 {
            break;
        }
    }
}

fn in_bucket(bucket: &Bucket) -> (Files, String) {
    let there = bucket.files("site/");
    let current = there.get("current").expect("an object").clone();
    (there, String::from_utf8(current).expect("text"))
}

#[test]
fn in_a_bucket_an_object_contains_the_version() {
    let bucket = bucket("versions");
    let site = site(&format!(
        "[publish.live]\nto = \"s3://versions/site\"\nendpoint = \"{}\"\nregion = \"us-east-1\"\nversions = 2\n",
        bucket.endpoint
    ));
    let expect = |files: &Files, number| {
        let (there, current) = in_bucket(&bucket);
        assert_eq!(differences(&seen(&there, &current), files), BTreeSet::new());
        expect_tidy(&there, number);
    };
    let first = website(&site);
    published(&site, &[]);
    expect(&first, 1);
    let second = edited(&site, 2);
    let said = published(&site, &[]);
    assert_eq!(
        said.count("/sent"),
        differences(&first, &second).len() as u64
    );
    expect(&second, 2);
    published(&site, &["--rollback"]);
    expect(&first, 2);
    withdraw(&site);
    published(&site, &[]);
    expect(&website(&site), 1);
    for (path, bytes) in bucket.files("") {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("The text of 9."),
            "{path}"
        );
    }
}
