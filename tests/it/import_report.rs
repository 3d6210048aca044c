//! The report of an import, the page about it, and copies.

use serde_json::{Value, json};

use crate::archive::{Archive, CommandOutput};
use crate::edits::clean;

/// Forty-nine words in two paragraphs.
const STORY: &str = "The old pilot boat came home on Tuesday under her own steam, and half of the town stood on \
    the mole to see it. She had lain for eleven winters in a shed upriver.\n\nHer new owners paid nothing for her, and \
    they think that they paid too much.";

/// A label block with a date that only the rest of the archive can decide.
fn labelled(title: &str, date: &str, body: &str) -> String {
    format!("Title: {title}\nBy: Ada Lind\nDate: {date}\n\n{body}\n")
}

/// A small archive of all sorts.
fn mixed() -> Archive {
    Archive::new()
        // Label 3, field 5, body 49, removed 2.
        .raw("a.txt", labelled("Pilot home", "03/04/2021", &format!("{STORY}\n\nRead more")))
        // Label 0, field 5, body 9.
        .raw("notes/2004-01-09-gale.txt", "A gale came\n\nBy Ida Moss\n\nIt blew for nine long days and then stopped.\n")
        // Two articles, and one object without a text and a title.
        .raw("b.json", r#"[{"id": 1, "headline": "One came", "author": "Ada Lind", "datePublished": "2020-02-03", "articleBody": "It was late again."},
            {"id": 2, "headline": "Two came", "summary": "Short.", "lang": "fr", "articleBody": "Il est venu deux fois."},
            {"id": 3}]"#)
        .raw("c.bin", [0, 1, 2, 255])
}

fn report(said: &CommandOutput) -> &Value {
    &said.json["report"]
}

fn findings(said: &CommandOutput, field: &str) -> [u64; 4] {
    let counts = &report(said)["fields"][field];
    ["found", "inferred", "ambiguous", "missing"].map(|name| counts[name].as_u64().expect(name))
}

#[test]
fn the_report_has_the_counts_of_a_known_archive() {
    let archive = mixed();
    let said = archive.run(&["import", "--report"]);
    assert_eq!((said.status, said.count("/new")), (1, 4), "{}", said.json);
    assert_eq!(said.count("/report/articles"), 4);
    let expected = [
        ("title", [4, 0, 0, 0]),
        ("date", [1, 1, 1, 1]),
        ("authors", [3, 0, 0, 1]),
        ("topics", [0, 1, 0, 3]),
        ("place", [0, 0, 0, 4]),
        ("summary", [1, 0, 0, 3]),
        ("body", [4, 0, 0, 0]),
        ("paragraphs", [4, 0, 0, 0]),
        ("headings", [0, 0, 0, 0]),
    ];
    for (field, counts) in expected {
        assert_eq!(findings(&said, field), counts, "{field} in {}", said.json);
    }
    let layouts: Vec<(&str, u64)> = report(&said)["layouts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|l| {
            (
                l["layout"].as_str().expect("a name"),
                l["articles"].as_u64().expect("a number"),
            )
        })
        .collect();
    assert_eq!(
        layouts,
        [("json", 2), ("label block", 1), ("titled text", 1)]
    );
    let words = &report(&said)["words"];
    let sum: u64 = ["label", "field", "body", "removed"]
        .iter()
        .map(|part| words[part].as_u64().expect("a number"))
        .sum();
    assert_eq!(
        (words["sum"].as_u64(), words["unaccounted"].as_u64()),
        (Some(sum), Some(0))
    );
    assert_eq!(
        (words["body"].as_u64(), words["removed"].as_u64()),
        (Some(49 + 9 + 4 + 5), Some(2))
    );
    let removed = &report(&said)["removed"];
    assert_eq!(
        removed["commonest"],
        json!([{ "phrase": "Read more", "count": 1 }])
    );
    let quarantined = &report(&said)["quarantined"];
    assert_eq!(quarantined["count"], 2, "{quarantined}");
    assert_eq!(quarantined["reasons"].as_array().map(Vec::len), Some(2));
    assert_eq!(report(&said)["copies"], json!({ "exact": 0, "near": 0 }));

    // It is on the whole archive, also where nothing is new, and it sees what a person did.
    archive.edit(&archive.article_file("pilot-home"), "winters", "summers");
    let again = archive.run(&["import", "--report"]);
    assert_eq!((again.count("/new"), again.count("/report/edited")), (0, 1));
    assert_eq!(
        again.json["report"]["fields"],
        said.json["report"]["fields"]
    );
    assert_eq!(again.json["report"]["words"], said.json["report"]["words"]);
    assert_eq!(
        again.json["report"]["quarantined"],
        said.json["report"]["quarantined"]
    );
    assert!(archive.run(&["import"]).json.get("report").is_none());
}

#[test]
fn a_date_whose_order_the_archive_shows_is_not_ambiguous() {
    let archive = mixed().raw("d.txt", labelled("Another", "25/04/2021", "It is here."));
    let said = archive.run(&["import", "--report"]);
    assert_eq!(findings(&said, "date"), [3, 1, 0, 1], "{}", said.json);
}

#[test]
fn records_of_one_file_with_one_reason_are_each_counted() {
    let bare: String = (0..7).map(|n| format!("{{\"id\": {n}}}\n")).collect();
    let good =
        "{\"id\": 99, \"headline\": \"One came\", \"articleBody\": \"It was late again.\"}\n";
    let archive = Archive::new().raw("a.jsonl", format!("{good}{bare}"));
    let said = archive.run(&["import", "--report"]);
    let quarantined = &report(&said)["quarantined"];
    assert_eq!(quarantined["count"], 7, "{quarantined}");
    assert_eq!(quarantined["reasons"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_report_for_people_fits_a_screen() {
    let archive = mixed();
    let output = assert_cmd::Command::cargo_bin("backfile")
        .expect("the program")
        .args(["import", "--report", "--site"])
        .arg(archive.root())
        .output()
        .expect("run");
    let text = String::from_utf8(output.stdout).expect("text");
    for line in [
        "archive      4 articles",
        "layouts      JSON 2, Texts with labels 1, Plain texts 1",
        "date              1         1          1        1",
        "refused      2 files or records",
        "copies       none",
    ] {
        assert!(text.lines().any(|l| l == line), "no `{line}` in\n{text}");
    }
    assert!(text.lines().count() <= 40, "{text}");
}

#[test]
fn articles_of_an_older_version_count_as_unedited() {
    let archive = Archive::new().raw("a.txt", labelled("Pilot home", "2021-04-03", STORY));
    archive.run(&["import"]);
    let file = archive.article_file("pilot-home");
    let text = archive.read(&file);
    let is_new = |line: &&str| {
        let key = line.trim_start().split(':').next().unwrap_or_default();
        !["words", "sketch", "written"].contains(&key)
    };
    let bare: String = text.split_inclusive('\n').filter(is_new).collect();
    let written = blake3::hash(bare.as_bytes()).to_hex();
    let old = bare.replacen(
        "  layout: label block\n",
        &format!("  layout: label block\n  written: \"{written}\"\n"),
        1,
    );
    archive.write(&file, &old);
    let said = archive.run(&["import", "--report"]);
    assert_eq!(said.count("/report/edited"), 0);
    assert_eq!(said.count("/report/words/articles_without_count"), 1);
    assert_eq!(archive.read(&file), old);
    // The record may change, and the article follows.
    archive.write(
        "raw/a.txt",
        labelled(
            "Pilot home",
            "2021-04-03",
            &STORY.replace("eleven", "twelve"),
        ),
    );
    assert_eq!(archive.run(&["import"]).count("/changed"), 1);
    assert!(
        archive.read(&file).contains("\n  words: 3 5 49 0\n"),
        "{}",
        archive.read(&file)
    );
}

#[test]
fn counts_without_meaning_hide_no_article() {
    let archive = Archive::new().raw("a.txt", labelled("Pilot home", "2021-04-03", STORY));
    archive.run(&["import"]);
    let file = archive.article_file("pilot-home");
    archive.edit(&file, "  words: 3 5 49 0", "  words: many");
    archive.edit(&file, "  sketch: \"", "  sketch: \"zz");
    let said = archive.build();
    assert_eq!(
        (said.status, said.count("/articles")),
        (0, 1),
        "{}",
        said.json
    );
}

/// Its warnings on copies.
fn told(said: &CommandOutput) -> Vec<String> {
    let all = said.diagnostics().into_iter();
    all.filter(|d| d.contains("the same")).collect()
}

#[test]
fn copies_are_reported_and_kept() {
    let other = "Nobody on the island had seen a heron since the marsh was drained, so that the first of them drew a \
        crowd, two constables and a man who sold chestnuts. It stood on one leg through all of this, and then it flew \
        off over the brewery to where the river used to be.";
    let archive = Archive::new()
        .raw("a.txt", labelled("Pilot home", "2021-04-03", STORY))
        .raw("b.txt", labelled("The boat is back", "2021-04-05", STORY))
        .raw("c.txt", labelled("Heron", "2021-04-06", other))
        .raw(
            "d.txt",
            labelled(
                "Heron, corrected",
                "2021-04-07",
                &other.replace("chestnuts", "almonds"),
            ),
        )
        .raw(
            "e.txt",
            labelled(
                "Nothing like it",
                "2021-04-07",
                &other.split_whitespace().rev().collect::<Vec<_>>().join(" "),
            ),
        );
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/new")), (0, 5), "{}", said.json);
    assert_eq!(said.json["copies"], json!({ "exact": 1, "near": 1 }));
    let told_first = told(&said);
    assert_eq!(told_first.len(), 2, "{told_first:#?}");
    assert!(told_first[1].starts_with("content/articles/2021/04/heron-corrected.md:0 warning it has nearly the same text as `content/articles/2021/04/heron.md`"), "{told_first:#?}");
    assert!(told_first[0].starts_with("content/articles/2021/04/the-boat-is-back.md:0 warning it has the same text as `content/articles/2021/04/pilot-home.md`"), "{told_first:#?}");
    // Once is enough; a new copy is compared with what lies there.
    assert!(told(&archive.run(&["import"])).is_empty());
    archive.write("raw/f.txt", labelled("Pilot home", "2021-04-03", STORY));
    let said = archive.build();
    assert_eq!(
        said.json["imported"]["copies"],
        json!({ "exact": 1, "near": 0 })
    );
    assert_eq!(told(&said).len(), 1, "{}", said.json);
    assert!(told(&archive.build()).is_empty());
    let said = archive.run(&["import", "--report"]);
    assert_eq!(report(&said)["copies"], json!({ "exact": 2, "near": 1 }));
}

#[test]
fn two_thousand_equal_records_are_one_diagnostic() {
    let mut archive = Archive::new();
    for number in 0..2_000 {
        archive = archive.raw(
            &format!("{number}.txt"),
            labelled("Pilot home", "2021-04-03", STORY),
        );
    }
    let said = archive.run(&["import"]);
    assert_eq!(said.json["copies"], json!({ "exact": 1_999, "near": 0 }));
    let told = told(&said);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains(", and so have 1998 more"), "{told:?}");
}

#[test]
fn of_many_groups_of_copies_twenty_are_listed_and_the_rest_counted() {
    let mut archive = Archive::new();
    for number in 0..46 {
        let body = STORY.replace(' ', &format!(" x{} ", number / 2));
        archive = archive.raw(
            &format!("{number:02}.txt"),
            labelled(&format!("No {number}"), "2021-04-03", &body),
        );
    }
    let said = archive.run(&["import"]);
    assert_eq!(said.json["copies"], json!({ "exact": 23, "near": 0 }));
    let told = told(&said);
    assert_eq!(told.len(), 21);
    assert!(
        told.iter().any(|line| line.contains("3 more groups")),
        "{told:#?}"
    );
}

#[test]
fn the_page_on_the_archive_follows_it_and_is_what_a_clean_build_makes() {
    let archive = mixed().with_address();
    archive.remove("raw/c.bin");
    archive.remove("raw/b.json");
    let archive = archive
        .file(
            "content/about.md",
            "# About\n\nSee [the numbers](/about-this-archive.html).\n",
        )
        .built();
    let page = archive.page("about-this-archive.html");
    for part in [
        "the 2 articles of this archive",
        "from 9 January 2004 to",
        "Texts with labels",
        "Plain texts",
        "Those set aside, ",
    ] {
        let text = page
            .replace("<time datetime=\"2004-01-09\">", "")
            .replace("</time>", "");
        assert!(text.contains(part), "no `{part}` in {page}");
    }
    for page in [
        "index.html",
        "archive.html",
        "about.html",
        "sitemap/pages.xml",
    ] {
        assert!(
            archive.page(page).contains("about-this-archive.html"),
            "{page}"
        );
    }
    assert!(
        !archive
            .page(&archive_page(&archive))
            .contains("about-this-archive")
    );
    // A new article, a body, and one that a person wrote.
    archive.write(
        "raw/e.txt",
        labelled("Another", "2021-04-13", "It is here."),
    );
    archive.build();
    assert!(
        archive
            .page("about-this-archive.html")
            .contains("the 3 articles")
    );
    archive.expect_same("public", &clean(&archive));
    let before = archive.page("about-this-archive.html");
    archive.edit(
        &archive.article_file("another"),
        "It is here.",
        "It is there.",
    );
    archive.write(
        "content/articles/own.md",
        "---\ntitle: Own\n---\n\nBy hand.\n",
    );
    archive.build();
    assert_eq!(
        archive.page("about-this-archive.html"),
        before.replace("the 3 articles", "3 of the 4 articles")
    );
    archive.expect_same("public", &clean(&archive));
    // The last record goes, and the page and every link to it with it.
    for file in ["pilot-home", "a-gale-came", "another"] {
        archive.remove(&archive.article_file(file));
    }
    archive.remove("raw");
    archive.build();
    assert!(!archive.has("public/about-this-archive.html"));
    for page in [
        "index.html",
        "archive.html",
        "about.html",
        "sitemap/pages.xml",
    ] {
        assert!(
            !archive.page(page).contains("about-this-archive.html"),
            "{page}"
        );
    }
    archive.expect_same("public", &clean(&archive));
}

/// The page of an article.
fn archive_page(archive: &Archive) -> String {
    let files = archive.files("public");
    let page = files.keys().find(|path| path.ends_with("/pilot-home.html"));
    page.expect("a page").clone()
}

#[test]
fn without_imports_there_is_no_page_about_the_archive() {
    let archive = Archive::new()
        .article("a.md", "title: By hand\ndate: 2021-01-02", "Text.")
        .built();
    assert!(!archive.has("public/about-this-archive.html"));
    assert!(!archive.page("index.html").contains("about-this-archive"));
}

#[test]
fn a_persons_page_replaces_a_generated_one() {
    let archive = mixed();
    archive.remove("raw/c.bin");
    archive.remove("raw/b.json");
    let archive = archive
        .file(
            "content/about-this-archive.md",
            "# Ours\n\nOur own words.\n",
        )
        .built();
    assert!(
        archive
            .page("about-this-archive.html")
            .contains("Our own words.")
    );
    archive.remove("content/about-this-archive.md");
    archive.build();
    assert!(
        archive
            .page("about-this-archive.html")
            .contains("What is known of each")
    );
    archive.expect_same("public", &clean(&archive));
}
