//! Publishing is a guest (law 10): what others put at a target stays, and the site's own folders are no target.

use std::path::Path;
use std::process::Command;

use crate::hosts::s3::bucket;
use crate::hosts::ssh::{Account, Ssh};
use crate::published::{
    Files, differences, expect_published, expect_refused, publish, published, site, website,
};

const HOME: &[u8] = b"<h1>The website of somebody else</h1>";

/// Expects a first run to change nothing, and one with `--adopt` to leave all but the files of the website's own paths.
fn expect_a_guest(settings: &str, there: &dyn Fn() -> Files) {
    let site = site(settings);
    let before = there();
    let refused = publish(&site, &[]);
    expect_refused(&refused, "--adopt");
    expect_refused(&refused, "index.html");
    let tried = publish(&site, &["--dry-run"]);
    assert_eq!(
        tried.status, 2,
        "a dry run ends as the run would: {}",
        tried.json
    );
    assert!(
        tried.json.pointer("/would/send").is_some(),
        "{}",
        tried.json
    );
    assert!(differences(&there(), &before).is_empty());
    published(&site, &["--adopt"]);
    let mut now = there();
    assert_eq!(now.remove("of/others.txt").as_deref(), Some(&b"kept"[..]));
    expect_published(&now, &site);
    // From then on it is known, also on a machine that knows nothing of it.
    site.remove(".backfile");
    site.edit("content/articles/7.md", "The text", "The words");
    assert_eq!(site.build().status, 0);
    published(&site, &[]);
    assert_eq!(
        there().remove("of/others.txt").as_deref(),
        Some(&b"kept"[..])
    );
}

fn folder_of_others(folder: &Path) {
    std::fs::create_dir_all(folder.join("of")).expect("made");
    std::fs::write(folder.join("of/others.txt"), "kept").expect("written");
    std::fs::write(folder.join("index.html"), HOME).expect("written");
}

fn files(folder: &Path) -> Files {
    crate::archive::files_of(folder)
}

#[test]
fn a_folder_of_others_is_not_taken_over_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    folder_of_others(folder.path());
    let settings = format!(
        "[publish.live]\nto = \"file://{}\"\n",
        folder.path().display()
    );
    expect_a_guest(&settings, &|| files(folder.path()));
}

#[test]
fn a_folder_with_versions_is_not_taken_over_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    folder_of_others(folder.path());
    let to = folder.path().display();
    let site = site(&format!(
        "[publish.live]\nto = \"file://{to}\"\nversions = 2\n"
    ));
    expect_refused(&publish(&site, &[]), "--adopt");
    published(&site, &["--adopt"]);
    assert_eq!(
        std::fs::read(folder.path().join("index.html")).expect("read"),
        HOME
    );
    assert!(folder.path().join("current/index.html").exists());
}

#[test]
fn a_bucket_of_others_is_not_taken_over_unasked() {
    let bucket = bucket("guest");
    bucket.put("site/of/others.txt", b"kept");
    bucket.put("site/index.html", HOME);
    let settings = format!(
        "[publish.live]\nto = \"s3://{}/site\"\nendpoint = \"{}\"\nregion = \"us-east-1\"\n",
        bucket.name, bucket.endpoint
    );
    expect_a_guest(&settings, &|| bucket.files("site/"));
}

#[test]
fn a_folder_over_sftp_is_not_taken_over_unasked() {
    let ssh = Ssh::serve(Account::Files);
    let www = ssh.www();
    folder_of_others(&www);
    expect_a_guest(&ssh.target("sftp", &www), &|| files(&www));
}

#[test]
fn a_branch_of_others_is_not_taken_over_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let (work, repository) = (folder.path().join("work"), folder.path().join("site.git"));
    folder_of_others(&work);
    let git = |args: &[&str]| {
        let output = Command::new("git")
            .arg("-C")
            .arg(&work)
            .args(args)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{args:?}: {output:?}");
        output.stdout
    };
    let bare = repository.display().to_string();
    git(&["init", "--quiet", "--initial-branch=pages"]);
    git(&["init", "--quiet", "--bare", &bare]);
    git(&["add", "."]);
    git(&[
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "--quiet",
        "-m",
        "theirs",
    ]);
    git(&["push", "--quiet", &bare, "pages"]);
    let there = || {
        git(&["fetch", "--quiet", "--force", &bare, "pages:there"]);
        let listed =
            String::from_utf8(git(&["ls-tree", "-r", "--name-only", "there"])).expect("text");
        let own = listed.lines().filter(|path| !matches!(*path, ".nojekyll"));
        own.map(|path| (path.to_owned(), git(&["show", &format!("there:{path}")])))
            .collect()
    };
    expect_a_guest(
        &format!("[publish.live]\nto = \"git+file://{bare}#pages\"\n"),
        &there,
    );
}

#[test]
fn an_archive_file_of_others_is_not_replaced_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("site.zip");
    std::fs::write(&file, "a zip of somebody else").expect("written");
    let site = site(&format!("[publish.live]\nto = \"{}\"\n", file.display()));
    expect_refused(&publish(&site, &[]), "--adopt");
    assert_eq!(
        std::fs::read(&file).expect("read"),
        b"a zip of somebody else"
    );
    published(&site, &["--adopt"]);
    published(&site, &[]);
    // Also on a machine that knows nothing of it.
    site.remove(".backfile");
    assert_eq!(site.build().status, 0);
    published(&site, &[]);
}

#[test]
fn the_folders_of_the_site_are_no_target() {
    for to in [
        ".",
        "raw",
        "content",
        "public",
        "static",
        "templates/x",
        "..",
        "/",
        "raw/site.zip",
        "./public/../content",
        "file://{root}",
        "~",
    ] {
        let to = match to {
            "~" => std::env::var("HOME").expect("a home"),
            to => to.to_owned(),
        };
        let site = site(&format!("[publish.live]\nto = \"{to}\"\n"));
        let before = crate::archive::files_of(site.root());
        for args in [&[][..], &["--dry-run"], &["--adopt"]] {
            expect_refused(&publish(&site, args), "outside the site");
        }
        let after = crate::archive::files_of(site.root());
        let changed: Vec<_> = differences(&before, &after)
            .into_iter()
            .filter(|f| !f.starts_with(".backfile/"))
            .collect();
        assert!(changed.is_empty(), "{to}: {changed:?}");
    }
    // A folder beside them is.
    let site = site("[publish.live]\nto = \"deploy\"\n");
    published(&site, &[]);
    assert_eq!(
        website(&site).len(),
        published(&site, &[]).count("/files") as usize
    );
}

#[test]
fn lost_addresses_are_found_and_mended_after_the_cache_was_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = site(&format!(
        "[publish.live]\nto = \"file://{}\"\n",
        folder.path().display()
    ));
    published(&site, &[]);
    site.edit("content/articles/7.md", "slug: article-7", "slug: seven");
    site.remove(".backfile");
    assert_eq!(site.build().status, 0);
    let checked = site.run(&["check"]);
    assert!(
        checked.diagnostics().join("\n").contains("article-7.html"),
        "{}",
        checked.json
    );
    site.remove(".backfile");
    assert_eq!(site.build().status, 0);
    expect_refused(&publish(&site, &[]), "check --fix");
    let fixed = site.run(&["check", "--fix"]);
    assert_eq!(
        fixed.json["fixed"].as_array().map(Vec::len),
        Some(1),
        "{}",
        fixed.json
    );
    assert_eq!(site.build().status, 0);
    published(&site, &[]);
    assert!(folder.path().join("2021/04/12/article-7.html").exists());
}
