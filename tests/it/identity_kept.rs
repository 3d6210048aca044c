//! An article keeps its identity while files are moved, emptied and brought back, and names that are alike stay apart.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use crate::archive::Archive;
use crate::server::Server;

fn record(number: usize) -> String {
    format!(
        "Title: Record {number}\nDate: 2021-07-{:02}\n\nThe text of record {number}, in words enough.\n",
        number + 1
    )
}

/// Nine imported articles, which a person moved to another folder.
fn moved() -> Archive {
    let archive = (0..9).fold(Archive::new(), |archive, number| {
        archive.raw(&format!("wire/{number}.txt"), record(number))
    });
    assert_eq!(archive.run(&["import"]).count("/new"), 9);
    for file in archive.files("content/articles").keys() {
        let name = file.rsplit('/').next().expect("a name");
        archive.rename(
            &format!("content/articles/{file}"),
            &format!("content/mine/{name}"),
        );
    }
    archive
}

fn articles(archive: &Archive) -> BTreeSet<String> {
    let files = archive.files("content").into_keys();
    files.filter(|file| file.ends_with(".md")).collect()
}

#[test]
fn an_article_that_vanishes_for_a_moment_is_not_imported_again() {
    let archive = moved();
    assert_eq!(archive.build().status, 0);
    let before = articles(&archive);
    assert_eq!(before.len(), 9);
    let file = archive.path("content/mine/record-4.md");
    let text = std::fs::read(&file).expect("read");
    for emptied in [false, true] {
        match emptied {
            true => std::fs::write(&file, "").expect("emptied"),
            false => std::fs::remove_file(&file).expect("removed"),
        }
        let (file, text) = (file.clone(), text.clone());
        let back = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(120));
            std::fs::write(file, text).expect("back");
        });
        assert_eq!(archive.build().status, 0);
        back.join().expect("ended");
        assert_eq!(articles(&archive), before);
    }
    // Cut and pasted elsewhere, in two steps.
    std::fs::remove_file(&file).expect("removed");
    let to = archive.path("content/elsewhere/record-4.md");
    let paste = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(120));
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        std::fs::write(to, text).expect("pasted");
    });
    assert_eq!(archive.build().status, 0);
    paste.join().expect("ended");
    assert_eq!(articles(&archive).len(), 9);
    assert!(archive.has("content/elsewhere/record-4.md"));
}

/// `git stash` takes the moves back, so that the articles are at their old places, and `git stash pop` moves them again.
#[test]
fn a_switch_of_branches_under_the_preview_leaves_no_copies() {
    let archive = moved();
    let git = |args: &[&str]| {
        let output = Command::new("git")
            .arg("-C")
            .arg(archive.root())
            .args(["-c", "user.name=a", "-c", "user.email=a@b"])
            .args(args)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{args:?}: {output:?}");
    };
    archive.write(".gitignore", ".backfile/\npublic/\n");
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "moved"]);
    for number in 0..9 {
        let file = format!("content/mine/record-{number}.md");
        archive.rename(&file, &file.replace("mine", "again"));
    }
    git(&["add", "."]);
    let before = articles(&archive);
    let server = Server::of(&archive);
    server.wait_for("/", "Record 8");
    let rounds = std::env::var("BACKFILE_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok());
    for round in 0..rounds.unwrap_or(4) {
        git(&["stash", "--quiet"]);
        std::thread::sleep(Duration::from_millis(37 * round % 150));
        git(&["stash", "pop", "--quiet", "--index"]);
        assert_eq!(articles(&archive), before, "round {round}");
    }
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(articles(&archive), before);
    server.wait_for("/", "Record 8");
}

#[test]
fn a_deletion_is_reported_and_an_article_that_returns_is_the_old_one() {
    let archive = moved();
    assert_eq!(archive.build().status, 0);
    let file = "content/mine/record-4.md";
    archive.edit(file, "The text of", "The words of");
    assert_eq!(archive.build().status, 0);
    let text = archive.read(file);
    archive.remove(file);
    let said = archive.build();
    assert!(
        said.diagnostics()
            .join("\n")
            .contains("this article was deleted, and comes back"),
        "{}",
        said.json
    );
    assert_eq!(
        archive.build().diagnostics_except_coverage(),
        [""; 0],
        "it is said once"
    );
    assert_eq!(articles(&archive).len(), 9);
    assert!(!archive.has(file));
    archive.write(file, text);
    let said = archive.build();
    assert_eq!(
        (said.status, articles(&archive).len()),
        (0, 9),
        "{}",
        said.json
    );
    assert!(archive.read(file).contains("The words of"));
}

#[test]
fn records_that_are_absent_are_reported() {
    let archive = moved().raw("other/a.txt", record(20));
    assert_eq!(archive.build().status, 0);
    archive.rename("raw/wire", "kept/wire");
    let said = archive.build();
    assert!(
        said.diagnostics().join("\n").contains("raw/wire"),
        "{}",
        said.json
    );
    archive.rename("raw", "kept/raw");
    let said = archive.build();
    assert!(
        said.diagnostics()
            .join("\n")
            .contains("there are no raw files"),
        "{}",
        said.json
    );
    assert_eq!(articles(&archive).len(), 10);
}

#[test]
fn equal_long_headlines_of_one_day_have_pages_of_their_own() {
    let headlines = [
        "A review of the week in the press with the main events at home and in the wider world"
            .to_owned(),
        "Обзор печати за неделю с главными событиями дома и во всём большом мире сегодня"
            .to_owned(),
        "一周新闻回顾国内外大事件综述以及未来一周的展望和评论文章选登与读者来信".to_owned(),
        "x".repeat(200),
    ];
    for headline in headlines {
        let mut archive = Archive::new();
        for name in ["a", "b", "c"] {
            archive = archive.raw(
                &format!("{name}.md"),
                format!("---\ntitle: {headline}\ndate: 2021-03-07\n---\n\nText of {name}.\n"),
            );
        }
        let said = archive.build();
        assert_eq!(said.status, 0, "{}", said.json);
        let pages = archive.files("public/2021/03/07");
        let pages: Vec<_> = pages.keys().filter(|page| *page != "index.html").collect();
        assert_eq!(pages.len(), 3, "{pages:?}");
        let slugs: BTreeSet<String> = articles(&archive)
            .iter()
            .map(|file| {
                let text = archive.read(&format!("content/{file}"));
                text.lines()
                    .find_map(|line| line.strip_prefix("slug: "))
                    .expect("a slug")
                    .trim_matches('"')
                    .to_owned()
            })
            .collect();
        for slug in &slugs {
            assert!(
                pages.contains(&&format!("{slug}.html")),
                "{slug} is the page's name: {pages:?}"
            );
        }
    }
}

#[test]
fn every_topic_has_a_page_whatever_its_name() {
    let archive = Archive::new().file("topics.toml", "").article(
        "a.md",
        "title: A\ntopics: ['🔥', index, con, C, C++, 'C#']\nauthors: ['🔥', index]",
        "Text.",
    );
    assert_eq!(archive.build().status, 0);
    let overview = archive.read("public/topics/index.html");
    for name in ["🔥", "index", "con", ">C<", "C++", "C#"] {
        assert!(overview.contains(name), "{name} is not in {overview}");
    }
    let pages = archive.files("public/topics");
    assert_eq!(
        pages.keys().filter(|page| page.ends_with(".html")).count(),
        7,
        "{:?}",
        pages.keys()
    );
    for page in ["c.html", "c-plus-plus.html", "c-sharp.html"] {
        assert!(pages.contains_key(page), "{:?}", pages.keys());
    }
}

#[test]
fn aliases_that_lead_nowhere_are_told() {
    let archive = Archive::new()
        .article("a.md", "title: A\ndate: 2021-01-01\naliases: [/old/%C3%A9t%C3%A9.html, /same.html]", "Text.")
        .article("b.md", "title: B\naliases: [/same.html, /index.html, /2021/01/01/a.html]", "Text.")
        .article("c.md", "title: C\naliases:\n  - /index.php?id=1\n  - https://old.example.org/a.html\n  - javascript:alert(1)", "Text.");
    let said = archive.build();
    let shown = said.json["diagnostics"].to_string();
    assert!(archive.has("public/old/été.html"));
    for words in [
        "`/same.html` leads to `content/articles/a.md`",
        "`/index.html` is the path of a page",
        "`/2021/01/01/a.html` leads to `content/articles/a.md`",
        "`/index.php?id=1` has a query",
        "`https://old.example.org/a.html` is an address of another website",
        "`javascript:alert(1)` cannot be the path",
    ] {
        assert!(shown.contains(words), "{words} is not in {shown}");
    }
    let lines: Vec<i64> = said.json["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|d| d["code"] == "alias-invalid")
        .filter_map(|d| d["line"].as_i64())
        .collect();
    assert_eq!(lines, [4, 5, 6]);
    assert!(!archive.has("public/index.php") && !archive.has("public/https:"));
    // When the other gives it up, it leads here.
    archive.edit("content/articles/a.md", ", /same.html", "");
    assert!(
        !archive.build().json["diagnostics"]
            .to_string()
            .contains("/same.html")
    );
    assert!(archive.read("public/same.html").contains("b.html"));
}

#[test]
fn a_conflict_shows_the_difference_and_the_record_can_be_taken_later() {
    let archive = Archive::new().raw("a.txt", record(1));
    archive.run(&["import"]);
    let file = archive.article_file("record-1");
    archive.edit(&file, "in words enough", "in words of mine");
    archive.write("raw/a.txt", record(1).replace("The text", "The new text"));
    let said = archive.run(&["import"]);
    let note = said.json["diagnostics"][0]["note"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(
        note.contains("in words of mine") && note.contains("+ The new text"),
        "{}",
        said.json
    );
    assert!(archive.terminal(&["import"]).contains("+ The new text"));
    let mine = archive.run(&["import", "--take", "mine", "a.txt"]);
    assert!(
        mine.json["settled"][0]
            .as_str()
            .is_some_and(|line| line.contains("was kept")),
        "{}",
        mine.json
    );
    assert_eq!(archive.run(&["import"]).status, 0);
    let raw = archive.run(&["import", "--take", "raw", "a.txt"]);
    assert!(
        raw.json["settled"][0]
            .as_str()
            .is_some_and(|line| line.contains("was taken")),
        "{}",
        raw.json
    );
    assert!(archive.read(&file).contains("The new text"));
}

#[test]
fn a_site_is_one_however_its_path_is_written() {
    let archive = Archive::new().file("static/a.css", "a{}").article(
        "a.md",
        "title: A\ntopics: [T]",
        "Text.",
    );
    let backfile = |at: &str, args: &[&str]| {
        let output = Command::new(assert_cmd::cargo::cargo_bin("backfile"))
            .current_dir(archive.path(at))
            .args(args)
            .arg("--json")
            .output()
            .expect("run");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (output.status.code(), json)
    };
    let root = archive.root().display().to_string();
    assert_eq!(backfile("", &["build", "--site", &root]).0, Some(0));
    archive.link("", "linked");
    for (at, args) in [
        ("", &["check"][..]),
        ("content/articles", &["check"]),
        ("content", &["check", "--site", ".."]),
        ("content", &["check", "--site", "../content/.."]),
        ("", &["check", "--site", "linked"]),
    ] {
        let (status, json) = backfile(at, args);
        assert_eq!(status, Some(0), "{at} {args:?}: {json}");
        assert!(
            !json.to_string().contains("output-behind"),
            "{at} {args:?}: {json}"
        );
    }
    std::fs::remove_file(archive.path("linked")).expect("removed");
    let (_, json) = backfile("content", &["build"]);
    assert_eq!(
        (json["rendered"].as_u64(), json["read"].as_u64()),
        (Some(0), Some(0)),
        "{json}"
    );
    // A site that is moved is the same site.
    let moved = tempfile::tempdir().expect("a folder");
    let to = moved.path().join("site");
    std::fs::rename(archive.path(""), &to).expect("moved");
    std::fs::create_dir(archive.root()).expect("made");
    let (status, json) = backfile("", &["check", "--site", &to.display().to_string()]);
    assert_eq!(status, Some(0), "{json}");
    let (status, json) = backfile("", &["check", "--site", "/nonexistent"]);
    assert!(
        status == Some(2) && json.to_string().contains("no such folder"),
        "{json}"
    );
}
