//! A website to publish, the command that publishes it, and what must be at the target afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::archive::{Archive, CommandOutput};

/// Files by their paths.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// What takes longer has no end.
const LONGEST: Duration = Duration::from_secs(100);

/// A key that nobody may see.
pub(crate) const SECRET: &str = "q7Zr/a+secret+that+nobody+may+see";

/// Articles that link to each other, of several days, topics and authors; `{root}` in the settings is the site's folder.
pub(crate) fn site(settings: &str) -> Archive {
    let archive = sources(settings);
    archive.built()
}

/// The same site after much has changed: articles were edited, added and removed, topics came and went.
pub(crate) fn later(settings: &str) -> Archive {
    let archive = sources(settings);
    for number in 0..60 {
        let file = format!("content/articles/{number}.md");
        match number {
            0..6 => archive.edit(&file, "title: Article", "title: The renamed article"),
            6..16 => archive.edit(&file, "The text of", "Since then, the text of"),
            50..55 => archive.remove(&file),
            55..60 => archive.edit(&file, "Harbours", "Canals"),
            _ => {}
        }
    }
    for number in 60..70 {
        article(&archive, number, 2022, "Lighthouses");
    }
    archive.write("static/new.css", "b{color:blue}");
    archive.remove("static/old.css");
    archive.built()
}

fn sources(settings: &str) -> Archive {
    let archive = Archive::new();
    let settings = settings.replace("{root}", &archive.root().display().to_string());
    archive.write(
        "backfile.toml",
        format!(
            "[site]\ntitle = \"The Test\"\nbase_url = \"https://example.org/archive\"\n\n{settings}"
        ),
    );
    for number in 0..60 {
        let topic = match number {
            50.. => "Harbours".to_owned(),
            _ => format!("Topic {}", number % 4),
        };
        article(&archive, number, 2021, &topic);
    }
    archive.write("topics.toml", "");
    archive.write("content/about.md", "# About\n\nOf [one](articles/1.md).\n");
    archive.write("static/old.css", "a{color:red}");
    archive.write("static/kept-3f2a9c01.css", "i{color:green}");
    archive.write("static/picture.jpg", [0xff, 0xd8, 0xff, 0xe0, 7]);
    archive
}

fn article(archive: &Archive, number: usize, year: usize, topic: &str) {
    let front = format!(
        "id: n{number}\nslug: article-{number}\ntitle: Article {number}\ndate: {year}-{:02}-{:02}\ntopics: [{topic}]\nauthors: [Writer {}]",
        1 + number % 4,
        10 + number % 5,
        number % 3
    );
    let body = format!(
        "The text of {number}. The harbour wall held through the night, though the sea came over the quay twice.\n\nIt names [another]({}.md) article.",
        (number + 1) % 50
    );
    let text = format!("---\n{front}\n---\n\n{body}\n");
    archive.write(&format!("content/articles/{number}.md"), text);
}

/// Makes two sites one: what this machine keeps of publishing the first, it keeps of the second.
pub(crate) fn on_one_machine(one: &Archive, other: &Archive) {
    std::fs::create_dir_all(one.path(".backfile/publish")).expect("made");
    std::os::unix::fs::symlink(
        one.path(".backfile/publish"),
        other.path(".backfile/publish"),
    )
    .expect("linked");
}

/// `backfile publish`, with keys for whoever needs them.
pub(crate) fn command(archive: &Archive, args: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("backfile"));
    command
        .arg("publish")
        .args(args)
        .arg("--site")
        .arg(archive.root())
        .env("AWS_ACCESS_KEY_ID", "k")
        .env("AWS_SECRET_ACCESS_KEY", SECRET);
    command
}

/// Runs `backfile publish`.
pub(crate) fn publish(archive: &Archive, args: &[&str]) -> CommandOutput {
    let mut command = command(archive, args);
    command.arg("--json");
    let output = assert_cmd::Command::from_std(command)
        .timeout(LONGEST)
        .output()
        .expect("run");
    let text = String::from_utf8_lossy(&output.stdout);
    let words = String::from_utf8_lossy(&output.stderr);
    let json = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}{words}"));
    CommandOutput {
        status: output.status.code().unwrap_or(-1),
        json,
    }
}

/// Runs `backfile publish` and expects it to be done, without problems but for those that are allowed.
pub(crate) fn published(archive: &Archive, args: &[&str]) -> CommandOutput {
    let said = publish(archive, args);
    let most = i32::from(args.contains(&"--allow-problems"));
    assert!((0..=most).contains(&said.status), "{}", said.json);
    said
}

/// Expects that nothing was done, and that this was said.
pub(crate) fn expect_refused(said: &CommandOutput, words: &str) {
    assert_eq!(said.status, 2, "{}", said.json);
    let shown = said.diagnostics().join("\n");
    assert!(shown.contains(words), "{shown}");
}

/// The website as it was built: what is to lie at a target.
pub(crate) fn website(archive: &Archive) -> Files {
    let mut files = archive.files("public");
    files
        .remove(".backfile-public")
        .expect("the mark of the output folder");
    assert!(files.len() > 100, "{:?}", files.keys());
    files
}

/// What lies at a target apart from what Backfile keeps there.
pub(crate) fn seen(there: &Files) -> Files {
    let seen = there
        .iter()
        .filter(|(path, _)| !path.starts_with(".backfile/"));
    seen.map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}

/// Paths whose files differ.
pub(crate) fn differences(one: &Files, other: &Files) -> BTreeSet<String> {
    let paths = one.keys().chain(other.keys());
    paths
        .filter(|path| one.get(*path) != other.get(*path))
        .cloned()
        .collect()
}

/// Publishes several sites at once, and expects each to be done.
pub(crate) fn published_at_once<const N: usize>(sites: &[Archive; N]) {
    let all = sites.each_ref().map(|site| {
        command(site, &["--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started")
    });
    for process in all {
        let output = process.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{said}");
    }
}

/// Expects the target to hold the website, and beside it the manifest with its shards: nothing is left over.
pub(crate) fn expect_published(there: &Files, archive: &Archive) {
    let differ = differences(&seen(there), &website(archive));
    assert!(differ.is_empty(), "{differ:?}");
    expect_tidy(there);
}

/// Expects Backfile to keep no more at the target than it needs.
pub(crate) fn expect_tidy(there: &Files) {
    let kept = there.keys().filter(|path| path.starts_with(".backfile/"));
    let kept: BTreeSet<&str> = kept.map(String::as_str).collect();
    let manifest = there.get(".backfile/manifest.json").expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(manifest).expect("JSON");
    let shards = manifest["shards"].as_array();
    let shards = shards
        .unwrap_or_else(|| panic!("no shards in {manifest}"))
        .iter();
    let shards = shards.filter_map(|shard| shard.as_str());
    let shards = shards.filter(|shard| !shard.is_empty());
    let mut needed: BTreeSet<String> = shards.map(|s| format!(".backfile/shards/{s}")).collect();
    needed.insert(".backfile/manifest.json".to_owned());
    let needed: BTreeSet<&str> = needed.iter().map(String::as_str).collect();
    let over: Vec<_> = kept.difference(&needed).collect();
    let missing: Vec<_> = needed.difference(&kept).collect();
    assert!(
        over.is_empty() && missing.is_empty(),
        "over {over:?}, missing {missing:?}"
    );
}

/// Expects a folder to hold the website and nothing else, and no folder in it to be empty.
pub(crate) fn expect_folder(folder: &Path, archive: &Archive) {
    expect_published(&archive.files(&folder.to_string_lossy()), archive);
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    for entry in entries.filter(|entry| entry.file_type().is_dir()) {
        let is_own = entry.path().starts_with(folder.join(".backfile"));
        let mut inside = entry.path().read_dir().expect("read");
        assert!(is_own || inside.next().is_some(), "{entry:?} is empty");
    }
}
