//! The cache: it may be broken, of another version or locked by another process, and never leads to a wrong site.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use backfile::cache::Cache;
use backfile::site::Site;

use crate::edits::{clean, start};

fn program() -> Command {
    Command::new(assert_cmd::cargo::cargo_bin("backfile"))
}

#[test]
fn a_broken_cache_is_a_warning_and_the_right_site() {
    let archive = start().built();
    let files: Vec<String> = archive.files(".backfile").into_keys().collect();
    let kept: Vec<String> = files
        .into_iter()
        .filter(|file| file != "lock" && file != "holder")
        .collect();
    assert!(kept.len() >= 4, "{kept:?}");
    let mut warned = 0;
    for (round, file) in kept.iter().enumerate() {
        let path = format!(".backfile/{file}");
        let whole = std::fs::read(archive.path(&path)).expect("read");
        let middle = whole.len() / 2;
        let mut flipped = whole.clone();
        flipped[middle] ^= 0xff;
        let broken = [
            Vec::new(),
            b"not a cache".to_vec(),
            whole[..middle].to_vec(),
            flipped,
            [whole.clone(), vec![7; 100]].concat(),
        ];
        for (kind, bytes) in broken.into_iter().enumerate() {
            archive.write(&path, bytes);
            archive.edit(
                "content/articles/n1.md",
                "The text of 1",
                &format!("The text of 1 {round} {kind}"),
            );
            let said = archive.build();
            assert!(said.status < 2, "{file}: {}", said.json);
            let all = said.json["diagnostics"].to_string();
            warned += usize::from(all.contains("cache"));
            archive.expect_same("public", &clean(&archive));
        }
        archive.remove(&path);
        assert!(archive.build().status < 2);
        archive.expect_same("public", &clean(&archive));
    }
    assert!(warned > kept.len(), "{warned} warnings");
}

#[test]
fn a_second_process_waits_and_names_the_first() {
    let archive = start();
    let site = Site::open(archive.root(), None).expect("a site");
    let held = Cache::open(&site, "test", &|_| {}).expect("free");
    held.file_system_time().expect("written");
    let mut waiting = program()
        .args(["build", "--site"])
        .arg(archive.root())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut line = String::new();
    BufReader::new(waiting.stderr.take().expect("its errors"))
        .read_line(&mut line)
        .expect("a line");
    assert!(
        line.starts_with("waiting for `backfile ")
            && line.contains(&std::process::id().to_string()),
        "{line}"
    );
    assert!(waiting.try_wait().expect("asked").is_none());
    assert!(!archive.has("public/index.html"));
    drop(held);
    assert_eq!(waiting.wait().expect("ended").code(), Some(0));
    assert!(archive.has("public/index.html"));
}

/// Two builds at once, as from two terminals, end in one right site.
#[test]
fn builds_at_the_same_time_leave_the_right_site() {
    let archive = start();
    let builds: Vec<_> = (0..4)
        .map(|_| {
            program()
                .args(["build", "--quiet", "--site"])
                .arg(archive.root())
                .stderr(Stdio::null())
                .spawn()
                .expect("started")
        })
        .collect();
    for mut build in builds {
        assert_eq!(build.wait().expect("ended").code(), Some(0));
    }
    archive.expect_same("public", &clean(&archive));
}

#[test]
fn verify_reads_the_whole_website_again() {
    let archive = start().built();
    let page = archive.path("public/index.html");
    let modified = std::fs::metadata(&page)
        .and_then(|m| m.modified())
        .expect("a time");
    let right = archive.page("index.html");
    archive.write("public/index.html", right.replace("</p>", "</q>"));
    std::fs::File::options()
        .write(true)
        .open(&page)
        .and_then(|file| file.set_modified(modified))
        .expect("set back");
    assert_eq!(archive.build().count("/written"), 0);
    assert_eq!(archive.run(&["build", "--verify"]).count("/written"), 1);
    assert_eq!(archive.page("index.html"), right);
}

#[test]
fn an_edit_with_the_same_size_and_timestamp_is_seen() {
    let archive = start();
    let file = archive.path("content/articles/n1.md");
    // A file system's clock that stands still while the build reads and a person writes.
    let late = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    let stop = || {
        std::fs::File::options()
            .write(true)
            .open(&file)
            .and_then(|file| file.set_modified(late))
            .expect("set");
    };
    stop();
    let archive = archive.built();
    archive.edit("content/articles/n1.md", "The text of 1", "The test of 1");
    stop();
    assert!(archive.build().count("/rendered") > 0);
    archive.expect_same("public", &clean(&archive));
}

#[test]
fn explain_lists_the_inputs_that_differ() {
    let archive = start().built();
    archive.edit("content/articles/n1.md", "Article 1", "Another title");
    archive.edit("content/articles/n1.md", "The text", "Other text");
    let url = "http://127.0.0.1:4000/2001/02/02/article-1.html";
    let explained = archive.run(&["build", "--explain", url]).json["explained"].clone();
    // Its path comes from its title here.
    assert!(explained["kind"].is_null(), "{explained}");
    assert!(
        explained["why"]
            .as_str()
            .is_some_and(|why| why.contains("it was removed")),
        "{explained}"
    );
    archive.edit("content/articles/n1.md", "Other text", "Yet another text");
    let url = "2001/02/02/another-title.html";
    let explained = archive.run(&["build", "--explain", url]).json["explained"].clone();
    assert_eq!(explained["kind"], "article");
    assert_eq!(explained["is_rendered"], true);
    let why = explained["why"].as_str().expect("words");
    assert!(why.contains("body") && why.contains("differ"), "{why}");
    assert!(!why.contains("title"), "{why}");
    let explained = archive.run(&["build", "--explain", url]).json["explained"].clone();
    assert_eq!(explained["is_rendered"], false);
}

/// A real disk that is full: a small file system in memory, mounted for one shell and what it starts.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported_with_its_path_and_the_old_site_is_complete() {
    let archive = start();
    archive.write("content/articles/big.md", "---\ntitle: Big\n---\nSmall.\n");
    let big = format!(
        "---\ntitle: Big\n---\n{}\n",
        "A long text. ".repeat(200_000)
    );
    archive.write("big.md", big);
    let script = r#"
        set -e
        mkdir disk && mount -t tmpfs -o size=5m disk disk
        cp -r backfile.toml topics.toml content raw static disk
        "$0" build --quiet --site disk
        cp -r disk/public before
        cp big.md disk/content/articles/big.md
        code=0; "$0" build --json --site disk > said.json || code=$?
        cp -r disk/public after
        rm disk/content/articles/big.md
        "$0" build --quiet --site disk
        exit $code
    "#;
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .arg(assert_cmd::cargo::cargo_bin("backfile"))
        .current_dir(archive.root())
        .output()
        .expect("unshare, of util-linux");
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{words}");
    archive.expect_same("after", &archive.files("before"));
    let said: serde_json::Value = serde_json::from_str(&archive.read("said.json")).expect("JSON");
    let diagnostic = &said["diagnostics"][0];
    assert_eq!(diagnostic["severity"], "error", "{said}");
    assert!(
        diagnostic["path"]
            .as_str()
            .is_some_and(|path| path.contains("public/")),
        "{said}"
    );
    assert!(
        diagnostic["what"]
            .as_str()
            .is_some_and(|what| what.contains("space")),
        "{said}"
    );
}
