//! A build in parts: the website is byte for byte that of one machine, wherever and however often parts ran.

use std::path::Path;

use crate::archive::{Archive, CommandOutput};

/// Something of everything that crosses from one part into another: neighbours, lists, links, names that two want.
pub(crate) fn archive() -> Archive {
    let mut archive = Archive::new().with_address().file(
        "topics.toml",
        "[harbour]\nname = \"Harbour\"\nphrases = [\"harbour\"]\n",
    );
    for number in 0..60 {
        let front = format!(
            "title: Article {}\ndate: 2021-0{}-1{}\nauthors: [Writer {}]",
            number % 50,
            number % 9 + 1,
            number % 7,
            number % 4
        );
        let body = format!(
            "The harbour lay still on day {number}. See [another]({}.md).",
            number + 1
        );
        archive = archive.article(&format!("{number}.md"), &front, &body);
    }
    archive
        .article("draft.md", "title: A draft\ndraft: true", "Not yet.")
        .article(
            "gone.md",
            "title: Gone\nwithdrawn: a court said so",
            "Never.",
        )
        .article("old.md", "title: Old\naliases: [/was/here.html]", "Moved.")
        .file("content/articles/torn.md", "---\ntitle: [\n---\n\nNo.\n")
        .file("content/about.md", "# About\n\nOf [one](articles/1.md).\n")
        .article("shown.md", "title: Shown", "![A map](map.png)")
        .file("content/articles/map.png", "not really a map")
        .file("static/robots-note.txt", "hello\n")
}

/// The same site in another folder, as on another machine.
fn copy(archive: &Archive) -> Archive {
    let mut other = Archive::new();
    for (file, bytes) in archive.files("") {
        let is_made = file.starts_with("public/") || file.starts_with(".backfile/");
        if !is_made && !file.starts_with("meet") {
            other = other.file(&file, bytes);
        }
    }
    other
}

fn step(site: &Archive, meet: &Path, step: &[&str]) -> CommandOutput {
    let meet = meet.to_string_lossy().into_owned();
    site.run(&[&["build"], step, &["--meet", &meet]].concat())
}

fn done(said: &CommandOutput) {
    assert_eq!(said.status, 0, "{}", said.json);
}

/// Runs all steps in this order of parts, each on a machine of its own, the first ones twice.
fn in_parts(archive: &Archive, meet: &Path, order: &[u32]) -> Archive {
    let parts: Vec<String> = order
        .iter()
        .map(|number| format!("{number}/{}", order.len()))
        .collect();
    for part in parts.iter().chain(parts.first()) {
        done(&step(&copy(archive), meet, &["--shard", part]));
    }
    done(&step(&copy(archive), meet, &["--merge"]));
    for part in parts.iter().chain(parts.last()) {
        done(&step(&copy(archive), meet, &["--shard", part, "--render"]));
    }
    let last = copy(archive);
    let said = step(&last, meet, &["--finish"]);
    assert_eq!(said.status, 1, "one article is torn: {}", said.json);
    last
}

#[test]
fn a_build_in_parts_is_that_of_one_machine() {
    let whole = archive();
    let said = whole.build();
    let expected = whole.files("public");
    let (meet, other_meet) = (whole.path("meet"), whole.path("meet-again"));
    let one = in_parts(&whole, &meet, &[3, 1, 2]);
    one.expect_same("public", &expected);
    let other = in_parts(&whole, &other_meet, &[2, 3, 1]);
    other.expect_same("public", &expected);
    assert_eq!(
        whole.files("meet"),
        whole.files("meet-again"),
        "parts differ"
    );
    // What comes after is a build like any other.
    let again = one.build();
    assert_eq!(again.diagnostics(), said.diagnostics());
    assert_eq!(again.count("/read") + again.count("/rendered"), 0);
    assert_eq!(again.count("/written") + again.count("/removed"), 0);
}

#[test]
fn pages_that_parts_rendered_are_not_rendered_again() {
    let site = archive();
    let meet = site.path("meet");
    done(&step(&site, &meet, &["--shard", "1/1"]));
    done(&step(&site, &meet, &["--merge"]));
    let part = step(&site, &meet, &["--shard", "1/1", "--render"]);
    assert_eq!(part.count("/pages"), 63);
    let said = step(&site, &meet, &["--finish"]);
    assert_eq!(said.count("/rendered"), said.count("/pages") - 63);
    assert_eq!(said.count("/written"), said.count("/pages"));
}

#[test]
fn parts_of_different_builds_are_refused() {
    let site = archive();
    let meet = site.path("meet");
    let expect = |said: CommandOutput, what: &str| {
        assert_eq!(said.status, 2, "{}", said.json);
        let shown = said.diagnostics().join("\n");
        assert!(shown.contains(what), "{shown}");
    };
    expect(
        step(&site, &meet, &["--merge"]),
        "no part has written its cards",
    );
    done(&step(&site, &meet, &["--shard", "1/2"]));
    expect(
        step(&site, &meet, &["--merge"]),
        "part 2 of 2 has not written its cards",
    );
    expect(
        step(&site, &meet, &["--shard", "1/2", "--render"]),
        "backfile build --merge",
    );
    done(&step(&site, &meet, &["--shard", "2/2"]));
    done(&step(&site, &meet, &["--merge"]));
    done(&step(&site, &meet, &["--shard", "1/2", "--render"]));
    done(&step(&site, &meet, &["--shard", "2/2", "--render"]));
    // Another machine has another article, or other settings.
    let other = copy(&site).article("new.md", "title: New", "Since then.");
    expect(step(&other, &meet, &["--finish"]), "new.md");
    // The same article, edited so that its size stays.
    let other = copy(&site);
    other.edit("content/articles/7.md", "lay still", "lay there");
    expect(step(&other, &meet, &["--finish"]), "7.md");
    let other = copy(&site).file("backfile.toml", "[site]\ntitle = \"Another\"\n");
    expect(step(&other, &meet, &["--finish"]), "other settings");
    // A part that was cut off: half of its pages.
    let pages = meet.join("pages-2-of-2");
    let bytes = std::fs::read(&pages).expect("read");
    std::fs::write(&pages, &bytes[..bytes.len() / 2]).expect("written");
    expect(step(&site, &meet, &["--finish"]), "pages-2-of-2");
    site.remove("topics.toml");
    expect(
        step(&site, &meet, &["--shard", "1/2"]),
        "there is no `topics.toml`",
    );
}
