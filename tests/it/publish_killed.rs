//! `publish` that is killed or runs out of space at any instant: readers see pages that work, and the next run
//! publishes everything.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::crawl::broken_links;
use crate::edits::Dice;
use crate::interrupted::kill_after;
use crate::published::{
    Files, command, expect_folder, expect_published, later, on_one_machine, published, seen, site,
    website,
};

const ANYWAY: [&str; 2] = ["--allow-problems", "--force"];

/// Expects pages that work, each whole, of one of the two.
fn expect_readable(there: &Files, one: &Files, other: &Files) {
    let there = seen(there);
    let broken = broken_links(&there);
    assert!(broken.is_empty(), "{broken:?}");
    for (path, bytes) in &there {
        let known = [one.get(path), other.get(path)];
        assert!(known.contains(&Some(bytes)), "half a file at {path}");
    }
}

#[test]
fn a_killed_publish_leaves_no_broken_link_and_no_temporary_file() {
    let kills: usize = std::env::var("BACKFILE_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100);
    let disk = tempfile::tempdir().expect("a folder");
    let www = disk.path().join("www");
    let settings = format!("[publish.live]\nto = \"file://{}\"\n", www.display());
    let sites = [site(&settings), later(&settings)];
    for site in &sites {
        // So many that the manifest is in several parts.
        for number in 0..250 {
            site.write(&format!("static/more/{number}.txt"), format!("{number}"));
        }
        assert_eq!(site.build().status, 0);
    }
    on_one_machine(&sites[0], &sites[1]);
    let files = sites.each_ref().map(website);
    published(&sites[0], &ANYWAY);
    let mut dice = Dice(11);
    let (mut before, mut took) = (Duration::ZERO, Duration::from_millis(300));
    let (mut in_the_middle, mut at_work, mut at) = (0, 0, 0);
    for round in 0.. {
        assert!(round < kills * 5, "it ends before it can be killed");
        at = 1 - at;
        let share = u32::try_from(dice.below(1_000)).expect("small");
        let is_cut = kill_after(
            &mut command(&sites[at], &ANYWAY),
            before + (took - before) * share / 1_000,
        );
        in_the_middle += usize::from(is_cut);
        at_work += usize::from(www.join(".backfile/intent.json").exists());
        let there = sites[0].files(&www.to_string_lossy());
        expect_readable(&there, &files[0], &files[1]);
        // Before it is done, the website may have become another.
        if dice.below(3) == 0 {
            at = 1 - at;
        }
        let start = Instant::now();
        published(&sites[at], &ANYWAY);
        took = (took * 3 + start.elapsed()) / 4;
        before = took / 4;
        expect_folder(&www, &sites[at]);
        if in_the_middle == kills {
            break;
        }
    }
    assert!(
        at_work * 3 > kills,
        "{at_work} were killed at work, of {kills}"
    );
}

/// A real disk that is full: a small file system in memory, mounted for one shell and what it starts.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_deletes_nothing_and_a_larger_one_is_enough() {
    let site = site("[publish.live]\nto = \"disk/www\"\n");
    let before = website(&site);
    let long = later("[publish.live]\nto = \"disk/www\"\n");
    for number in 16..40 {
        let text = format!("{}\n", "A long text that takes room. ".repeat(1_500));
        let file = format!("content/articles/{number}.md");
        long.write(&file, long.read(&file) + &text);
    }
    assert_eq!(long.build().status, 0);
    on_one_machine(&site, &long);
    let after = website(&long);
    let pages = |files: &Files| {
        files
            .values()
            .map(|bytes| bytes.len().div_ceil(4_096))
            .sum::<usize>()
    };
    // New pages find room, and longer ones no more.
    let new = after.iter().filter(|(path, _)| !before.contains_key(*path));
    let new: Files = new
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect();
    let size = format!("{}k", 4 * (pages(&before) + pages(&new) + 200));
    let script = r#"
        set -e
        mkdir disk && mount -t tmpfs -o size="$3" disk disk
        mkdir "$2/disk" && mount --bind disk "$2/disk"
        "$0" publish --quiet --site "$1"
        code=0; "$0" publish --allow-problems --force --json --site "$2" > said.json || code=$?
        cp -r disk/www full
        mount -o remount,size=100m disk
        "$0" publish --allow-problems --force --quiet --site "$2" || [ $? = 1 ]
        cp -r disk/www done
        exit $code
    "#;
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .arg(assert_cmd::cargo::cargo_bin("backfile"))
        .args([site.root(), long.root()])
        .arg(size)
        .current_dir(site.root())
        .output()
        .expect("unshare, of util-linux");
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{words}");
    let said = site.read("said.json");
    assert!(said.contains("no space left"), "{said}");
    let full = site.files("full");
    expect_readable(&full, &before, &after);
    assert!(before.keys().all(|path| full.contains_key(path)), "deleted");
    assert!(
        full.iter()
            .any(|(path, bytes)| new.get(path) == Some(bytes))
    );
    expect_published(&site.files("done"), &long);
}
