//! `publish` over SSH to a real server: what SFTP and rsync send, and what an interrupted connection leaves.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::archive::Archive;
use crate::hosts::ssh::{Account, Ssh};
use crate::published::{
    Files, command, differences, expect_folder, expect_refused, later, on_one_machine, publish,
    published, published_at_once, site, website,
};

const ANYWAY: [&str; 2] = ["--allow-problems", "--force"];

fn build(site: &Archive) {
    let said = site.build();
    assert_eq!(said.status, 0, "{}", said.json);
}

/// Runs `backfile publish` although addresses of articles are lost.
fn published_anyway(site: &Archive) {
    let said = publish(site, &ANYWAY);
    assert!(said.status < 2, "{}", said.json);
}

/// All is sent once, then nothing, then exactly what differs; and what goes is deleted, with its folders.
fn expect_all_and_then_what_differs(ssh: &Ssh, scheme: &str) {
    let www = ssh.www();
    let settings = ssh.target(scheme, &www);
    let site = site(&settings);
    // A picture that is too large for memory, and names that mean something to a shell.
    let large: Vec<u8> = (0..9_000_001_u32)
        .flat_map(|n| n.to_le_bytes())
        .take(9_000_001)
        .collect();
    site.write("static/large.jpg", &large);
    for name in [
        "$HOME.txt",
        "`id`.txt",
        "it's \"it\".txt",
        "a * b.txt",
        "-rf.txt",
        "#1;&.txt",
        "~.txt",
    ] {
        site.write(&format!("static/odd names/{name}"), name);
    }
    build(&site);
    let all = website(&site);
    let first = published(&site, &[]);
    assert_eq!(
        (first.count("/files"), first.count("/sent")),
        (all.len() as u64, all.len() as u64)
    );
    expect_folder(&www, &site);
    let second = published(&site, &[]);
    assert_eq!((second.count("/sent"), second.count("/deleted")), (0, 0));
    site.edit("content/articles/7.md", "The text of 7", "The words of 7");
    site.write("static/large.jpg", [&large[..], b"more"].concat());
    build(&site);
    let differ = differences(&all, &website(&site));
    assert!(
        differ.contains("large.jpg") && differ.len() < 20,
        "{differ:?}"
    );
    assert_eq!(published(&site, &[]).count("/sent"), differ.len() as u64);
    expect_folder(&www, &site);
    // Readers may read what was sent.
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(www.join("index.html"))
            .expect("there")
            .permissions(),
    );
    assert_eq!(mode & 0o444, 0o444, "{mode:o}");
    // Somebody was there by hand.
    std::fs::write(www.join("index.html"), "broken").expect("written");
    std::fs::write(www.join("theirs.txt"), "theirs").expect("written");
    let said = published(&site, &["--verify"]);
    assert_eq!((said.count("/sent"), said.count("/foreign")), (1, 1));
    std::fs::remove_file(www.join("theirs.txt")).expect("removed");
    expect_folder(&www, &site);
    let later = later(&settings);
    on_one_machine(&site, &later);
    published_anyway(&later);
    expect_folder(&www, &later);
}

#[test]
fn sftp_sends_what_differs_and_nothing_else() {
    expect_all_and_then_what_differs(&Ssh::serve(Account::Files), "sftp");
}

#[test]
fn rsync_sends_what_differs_and_nothing_else() {
    expect_all_and_then_what_differs(&Ssh::serve(Account::Shell), "rsync");
}

#[test]
fn a_folder_in_the_home_of_the_account_is_found_there() {
    let ssh = Ssh::serve(Account::Shell);
    let home = std::env::home_dir().expect("a home");
    let www = tempfile::tempdir_in(&home).expect("a folder");
    let below = www.path().strip_prefix(&home).expect("below");
    for scheme in ["sftp", "rsync"] {
        let place = Path::new("/~").join(below).join(scheme);
        let site = site(&ssh.target(scheme, &place));
        published(&site, &[]);
        expect_folder(&www.path().join(scheme), &site);
    }
}

#[test]
fn versions_are_linked_and_switched_to_at_once() {
    expect_versions(&Ssh::serve(Account::Files), "sftp");
    expect_versions(&Ssh::serve(Account::Shell), "rsync");
}

fn expect_versions(ssh: &Ssh, scheme: &str) {
    let www = ssh.www();
    let site = site(&format!("{}versions = 2\n", ssh.target(scheme, &www)));
    let expect = |files: &Files| {
        assert!(www.join("current").is_symlink());
        let current = site.files(&www.join("current").to_string_lossy());
        assert_eq!(differences(&current, files), [].into());
    };
    let first = website(&site);
    published(&site, &[]);
    expect(&first);
    site.edit("content/articles/7.md", "The text of 7", "The words of 7");
    build(&site);
    let second = website(&site);
    let said = published(&site, &[]);
    assert_eq!(
        said.count("/sent"),
        differences(&first, &second).len() as u64
    );
    let page = std::fs::metadata(www.join("current/about.html")).expect("there");
    assert_eq!(std::os::unix::fs::MetadataExt::nlink(&page), 2);
    expect(&second);
    published(&site, &["--rollback"]);
    expect(&first);
    published(&site, &[]);
    expect(&second);
    let read = std::fs::read_dir(www.join("versions")).expect("versions");
    assert_eq!(read.count(), 2);
    assert!(!www.join(".backfile/next").is_symlink());
}

/// A site of so many files that sending them takes a while.
fn many(site: Archive) -> Archive {
    for number in 0..800 {
        site.write(&format!("static/many/{number}.txt"), number.to_string());
    }
    build(&site);
    site
}

/// Starts a publisher, and waits until so many files are there.
fn begin(site: &Archive, www: &Path, files: usize) -> Child {
    let mut process = command(site, &ANYWAY)
        .arg("--json")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let start = Instant::now();
    let there = || walkdir::WalkDir::new(www).into_iter().flatten();
    while there().filter(|entry| entry.file_type().is_file()).count() < files {
        assert!(
            process.try_wait().expect("asked").is_none(),
            "it was done before"
        );
        assert!(start.elapsed() < Duration::from_secs(60), "it never began");
    }
    process
}

#[test]
fn an_interrupted_connection_is_opened_again() {
    for (account, scheme) in [(Account::Files, "sftp"), (Account::Shell, "rsync")] {
        let ssh = Ssh::serve(account);
        let www = ssh.www();
        let site = many(site(&ssh.target(scheme, &www)));
        let process = begin(&site, &www, 100);
        assert!(ssh.cut() > 0);
        let output = process.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert!(said["retries"].as_u64() > Some(0), "{said}");
        expect_folder(&www, &site);
    }
}

#[test]
fn a_lost_server_ends_the_run_and_the_next_run_continues() {
    for (account, scheme) in [(Account::Files, "sftp"), (Account::Shell, "rsync")] {
        let mut ssh = Ssh::serve(account);
        let www = ssh.www();
        let settings = ssh.target(scheme, &www);
        let (before, after) = (many(site(&settings)), later(&settings));
        on_one_machine(&before, &after);
        let process = begin(&before, &www, 100);
        ssh.stop();
        let output = process.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains("running it again continues from here"),
            "{said}"
        );
        ssh.start();
        // Meanwhile it has become another website.
        published_anyway(&after);
        expect_folder(&www, &after);
    }
}

#[test]
fn a_killed_publish_leaves_no_temporary_file() {
    // The first file of all is the lock, which is broken when it is old.
    let sftp = (Account::Files, "sftp", &[1, 50, 400][..]);
    for (account, scheme, moments) in [sftp, (Account::Shell, "rsync", &[50, 400])] {
        let ssh = Ssh::serve(account);
        let www = ssh.www();
        let settings = ssh.target(scheme, &www);
        let (before, after) = (many(site(&settings)), later(&settings));
        on_one_machine(&before, &after);
        for files in moments.iter().copied() {
            let mut process = begin(&before, &www, files);
            process.kill().expect("killed");
            process.wait().expect("ended");
            published_anyway(&after);
            expect_folder(&www, &after);
            std::fs::remove_dir_all(&www).expect("removed");
        }
    }
}

#[test]
fn two_at_once_take_turns() {
    let ssh = Ssh::serve(Account::Files);
    let www = ssh.www();
    let settings = ssh.target("sftp", &www);
    let sites = [site(&settings), site(&settings)];
    for round in 0..3 {
        for (number, site) in sites.iter().enumerate() {
            site.write("static/round.txt", format!("{round} of {number}"));
            build(site);
        }
        published_at_once(&sites);
        let round = std::fs::read(www.join("round.txt")).expect("there");
        let last = sites
            .iter()
            .find(|site| website(site)["round.txt"] == round);
        expect_folder(&www, last.expect("that of one of them"));
    }
}

#[test]
fn a_refusal_of_the_server_is_reported_without_credentials() {
    let ssh = Ssh::serve(Account::Reading);
    let site = site(&ssh.target("sftp", &ssh.www()));
    let expect = |words: &str| {
        let said = publish(&site, &[]);
        expect_refused(&said, words);
        assert_eq!(said.diagnostics().len(), 1, "{}", said.json);
        let shown = said.json.to_string();
        for secret in ssh.secrets() {
            assert!(!shown.contains(&secret), "{shown}");
        }
        assert!(!ssh.www().exists());
    };
    expect("the server does not permit it to this account");
    ssh.change_key();
    expect("Permission denied (publickey)");
    ssh.change_host();
    expect("Host key verification failed");
    let files = Ssh::serve(Account::Files);
    // An account without a shell, to which rsync cannot speak.
    let site = site_over_rsync(&files);
    expect_refused(&publish(&site, &[]), "the host does not speak rsync");
}

fn site_over_rsync(ssh: &Ssh) -> Archive {
    site(&ssh.target("rsync", &ssh.www()))
}

#[test]
fn an_invalid_target_is_reported() {
    let ssh = Ssh::serve(Account::Files);
    let www = ssh.www();
    std::fs::create_dir_all(www.parent().expect("a folder")).expect("made");
    std::fs::write(&www, "a file").expect("written");
    let site = site(&ssh.target("sftp", &www.join("below")));
    let said = publish(&site, &[]);
    expect_refused(&said, "a path above it is not a folder");
    assert_eq!(std::fs::read(&www).expect("read"), b"a file");
}
