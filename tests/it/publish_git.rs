//! Publishing to a branch of a git repository, and into one file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::archive::Archive;
use crate::hosts::git_http;
use crate::hosts::ssh::{Account, Ssh};

fn git(args: &[&str], repository: &Path) -> String {
    let output = Command::new("git")
        .arg("--git-dir")
        .arg(repository)
        .args(args)
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn bare(at: &Path) -> PathBuf {
    std::fs::create_dir_all(at).expect("made");
    git(&["init", "--quiet", "--bare"], at);
    at.to_path_buf()
}

fn must(site: &Archive, command: &[&str]) {
    let said = site.run(command);
    assert_eq!(said.status, 0, "{command:?}: {}", said.json);
}

/// A site of three articles, built, whose only target is an address.
fn site(to: &str) -> Archive {
    let site = Archive::new()
        .file(
            "backfile.toml",
            format!("[publish.pages]\nto = \"{to}\"\ndomain = \"archive.example.org\"\n"),
        )
        .file(
            "topics.toml",
            "[harbour]\nname = \"Harbour\"\nphrases = [\"harbour\"]\n",
        )
        .article(
            "one.md",
            "title: One\ndate: 2021-01-01",
            "The harbour is calm.",
        )
        .article(
            "two.md",
            "title: Two\ndate: 2021-01-02",
            "The harbour is not calm.",
        )
        .article(
            "three.md",
            "title: Three\ndate: 2021-02-01",
            "No ship came.",
        );
    site.build();
    site
}

/// The files of a branch.
fn branch(repository: &Path, name: &str) -> BTreeMap<String, String> {
    let listed = git(&["ls-tree", "-r", "--name-only", name], repository);
    let files = listed
        .lines()
        .filter(|path| !path.starts_with(".backfile/"));
    files
        .map(|path| {
            (
                path.to_owned(),
                git(&["show", &format!("{name}:{path}")], repository),
            )
        })
        .collect()
}

fn expect_branch(site: &Archive, repository: &Path, name: &str) {
    let mut there = branch(repository, name);
    assert_eq!(there.remove(".nojekyll").as_deref(), Some(""));
    assert_eq!(
        there.remove("CNAME").as_deref(),
        Some("archive.example.org\n")
    );
    let built = site.files("public").into_iter();
    let built = built.filter(|(path, _)| path != ".backfile-public");
    let built: BTreeMap<String, String> = built
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .collect();
    assert_eq!(
        there.keys().collect::<Vec<_>>(),
        built.keys().collect::<Vec<_>>()
    );
    assert!(there == built);
    assert_eq!(git(&["rev-list", "--count", name], repository).trim(), "1");
}

#[test]
fn a_branch_holds_one_commit_that_is_the_website() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("site.git"));
    let site = site(&format!("git+file://{}#gh-pages", repository.display()));
    must(&site, &["publish"]);
    expect_branch(&site, &repository, "gh-pages");
    let first = git(&["rev-parse", "gh-pages"], &repository);
    let again = site.run(&["publish"]);
    assert_eq!(again.json["sent"], 0);
    assert_eq!(git(&["rev-parse", "gh-pages"], &repository), first);

    let before = site.files("public");
    site.edit("content/articles/two.md", "not calm", "calm again");
    site.build();
    let now = site.files("public").into_iter();
    let differ = now
        .filter(|(path, bytes)| before.get(path) != Some(bytes))
        .count();
    let said = site.run(&["publish"]);
    assert_eq!(
        (said.status, &said.json["sent"]),
        (0, &differ.into()),
        "{}",
        said.json
    );
    expect_branch(&site, &repository, "gh-pages");

    // Another machine knows nothing of the branch, and deletes what is gone.
    site.remove(".backfile");
    site.remove("content/articles/three.md");
    site.build();
    must(&site, &["publish", "--allow-problems"]);
    expect_branch(&site, &repository, "gh-pages");
    assert_eq!(site.run(&["publish", "--verify"]).json["sent"], 0);
}

#[test]
fn a_branch_is_reached_over_http() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = bare(&folder.path().join("site.git"));
    let server = git_http::serve(&repository);
    let site = site(&format!("git+{}#pages", server.address()));
    must(&site, &["publish"]);
    expect_branch(&site, &repository, "pages");
    // A machine that knows nothing fetches what it has to, and somebody else's push is not lost.
    site.remove(".backfile");
    site.edit("content/articles/one.md", "calm", "blue");
    site.build();
    must(&site, &["publish"]);
    expect_branch(&site, &repository, "pages");
}

#[test]
fn a_branch_is_reached_over_ssh() {
    let ssh = Ssh::serve(Account::Shell);
    let repository = bare(&ssh.www());
    let target = ssh.target("git+ssh", &repository);
    let site = site("site.zip");
    let settings = format!("{target}\ndomain = \"archive.example.org\"\n");
    site.write("backfile.toml", settings);
    site.build();
    must(&site, &["publish"]);
    expect_branch(&site, &repository, "pages");
    assert_eq!(site.run(&["publish"]).json["sent"], 0);
    // A key that the server does not take: told of, and nothing is asked of anybody.
    ssh.change_key();
    site.edit("content/articles/one.md", "calm", "blue");
    site.build();
    let said = site.run(&["publish"]);
    assert_eq!(said.status, 2, "{}", said.json);
    let words = said.json["diagnostics"].to_string();
    assert!(words.contains("Permission denied"), "{words}");
}

#[test]
fn a_missing_repository_is_reported_without_secrets() {
    let site = site("git+file:///nowhere/at/all.git");
    let said = site.run(&["publish"]);
    assert_eq!(said.status, 2);
    let words = said.json["diagnostics"].to_string();
    assert!(words.contains("git: "), "{words}");
    site.write(
        "backfile.toml",
        "[publish.pages]\nto = \"git+https://me:secret@example.org/x.git\"\n",
    );
    let said = site.run(&["publish"]);
    assert_eq!(said.status, 2);
    let words = said.json["diagnostics"].to_string();
    assert!(words.contains("a password in the address"), "{words}");
}

#[test]
fn an_archive_file_contains_the_website_and_is_reproducible() {
    for name in ["site.tar.zst", "site.tar.gz", "site.zip"] {
        let site = site(name);
        must(&site, &["publish"]);
        let first = std::fs::read(site.path(name)).expect("made");
        must(&site, &["publish"]);
        assert!(
            first == std::fs::read(site.path(name)).expect("made"),
            "{name}"
        );
        let unpacked = site.path("unpacked");
        std::fs::create_dir(&unpacked).expect("made");
        let path = site.path(name);
        let path = path.to_str().expect("text");
        let unpack: &[&str] = match name {
            "site.zip" => &["python3", "-m", "zipfile", "-e", path, "."],
            "site.tar.gz" => &["tar", "-xzf", path],
            _ => &["tar", "--zstd", "-xf", path],
        };
        let done = Command::new(unpack[0])
            .args(&unpack[1..])
            .current_dir(&unpacked)
            .status();
        assert!(done.expect("runs").success());
        let mut expected = site.files("public");
        expected.remove(".backfile-public");
        assert!(site.files("unpacked") == expected, "{name}");
    }
}

#[test]
fn a_host_gets_a_workflow_once() {
    let site = site("site.zip");
    for (host, file) in [
        ("github", ".github/workflows/backfile.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("forgejo", ".forgejo/workflows/backfile.yml"),
    ] {
        must(&site, &["publish", "--init", host]);
        assert!(site.read(file).contains("backfile build"), "{file}");
        let again = site.run(&["publish", "--init", host]);
        assert_eq!(again.status, 2);
    }
}
