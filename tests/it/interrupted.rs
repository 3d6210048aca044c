//! Law 1: a build may be killed at any moment. No file is ever incomplete, and the next build leaves what a clean build would.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::archive::{Archive, wire};
use crate::edits::{Dice, act, clean, start};

/// Starts a program, and kills it after a time; whether it was still at work then.
pub(crate) fn kill_after(command: &mut Command, time: Duration) -> bool {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut process = command.spawn().expect("started");
    std::thread::sleep(time);
    let is_running = process.try_wait().expect("asked").is_none();
    process.kill().expect("killed");
    process.wait().expect("ended");
    is_running
}

fn build(archive: &Archive) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("backfile"));
    command
        .args(["build", "--json", "--site"])
        .arg(archive.root());
    command
}

/// A copy of the sources, built by nobody yet.
fn copy(archive: &Archive) -> Archive {
    let copy = Archive::new();
    for (file, bytes) in archive.files("") {
        if !file.starts_with("public/") && !file.starts_with(".backfile/") {
            copy.write(&file, bytes);
        }
    }
    copy
}

fn is_one_of(bytes: &[u8], path: &str, states: &[&BTreeMap<String, Vec<u8>>]) -> bool {
    states
        .iter()
        .any(|state| state.get(path).is_some_and(|known| known == bytes))
}

#[test]
fn a_killed_build_leaves_no_partial_and_no_temporary_file() {
    let kills: usize = std::env::var("BACKFILE_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(20);
    let archive = start();
    for number in 0..150 {
        archive.write(
            &format!("raw/more/{number}.txt"),
            wire(
                &format!("{}", 1_000 + number),
                "Tue, 07/13/2021 - 11:47",
                &format!("More news {}", number % 100),
                "PORT ALDER, July 13. /MERIDIAN/. The harbour wall at Port Alder held again.",
            ),
        );
    }
    let mut dice = Dice(7);
    let mut took = Duration::from_millis(1_500);
    let mut in_the_middle = 0;
    let mut round = 0;
    while in_the_middle < kills {
        round += 1;
        assert!(round < kills * 10, "builds end before they can be killed");
        if dice.below(4) == 0 {
            // A build from nothing.
            for folder in ["public", ".backfile"] {
                let _ = std::fs::remove_dir_all(archive.path(folder));
            }
        }
        for _ in 0..dice.below(4) {
            act(&archive, &mut dice, round);
        }
        archive.write("static/round.txt", format!("{round}"));
        let uncut = copy(&archive);
        let before = archive.files("public");
        let after = clean(&uncut);
        let content = {
            uncut.build();
            uncut.files("content")
        };

        let share = u32::try_from(dice.below(1_000)).expect("small");
        let is_cut = kill_after(&mut build(&archive), took * share / 1_000);
        in_the_middle += usize::from(is_cut);
        for (path, bytes) in archive.files("public") {
            let is_hidden = path.split('/').any(|part| part.starts_with('.'));
            assert!(
                is_hidden || is_one_of(&bytes, &path, &[&before, &after]),
                "round {round}: half a file at {path}"
            );
        }

        let start = Instant::now();
        let said = archive.build();
        took = (took * 3 + start.elapsed()) / 4 + Duration::from_millis(20);
        assert!(said.status < 2, "round {round}: {}", said.json);
        archive.expect_same("public", &after);
        archive.expect_same("content", &content);
    }
}
