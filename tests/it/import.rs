//! raw → content: what each layout gives.

use crate::archive::{Archive, wire};

pub(crate) const BODY: &str = "PORT LARK, July 13. /MAKER/. The ferry from Port Lark will run again on Friday, the harbour office said. It had been laid up since May with a cracked shaft. \"We tried glue,\" said the engineer, Dr. Ida Moss. \"Then we tried a better glue. Then we bought a shaft.\" The part weighs 3.5 tonnes and came by rail from Elmbridge. About 600 people crossed on the old mail boat meanwhile, and some of them say that they prefer it. \"It has a stove,\" said a passenger. The council will vote on the fares on Monday, after the feast. Nobody expects them to fall. The mail boat will be kept as a reserve until the new year, and its stove will be swept.";

#[test]
fn a_scraped_wire_report_becomes_an_article() {
    let archive = Archive::new().raw(
        "000_b3.txt",
        wire(
            "603417",
            "Tue, 07/13/2021 - 11:47",
            "Ferry runs again — at last",
            BODY,
        ),
    );
    assert_eq!(archive.run(&["import"]).status, 0);
    let text = archive.read("content/articles/2021/07/ferry-runs-again-at-last.md");
    let text = text
        .lines()
        .filter(|l| !l.contains("blake3:") && !l.contains("record:") && !l.contains("written:"));
    insta::assert_snapshot!(text.collect::<Vec<_>>().join("\n"));
}

#[test]
fn other_labels_work_too() {
    let raw = "Title: A plan for the river\nBy: Ida Moss and Nils Farrow\nDate: 13 July 2021\nSource: The Gazette\nURL: https://example.org/a\nTags: Rivers; Money\nDesk: north\n\nThe plan is old.\n\nIt is good.\n";
    let archive = Archive::new().raw("a.txt", raw);
    assert_eq!(archive.run(&["import"]).status, 0);
    let text = archive.read(&archive.article_file("a-plan"));
    for line in [
        "date: 2021-07-13",
        "  - Ida Moss",
        "  - Nils Farrow",
        "source: The Gazette",
        "  - Rivers",
        "  - Money",
        "source_url: \"https://example.org/a\"",
        "desk: north",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(
        text.ends_with("---\n\nThe plan is old.\n\nIt is good.\n"),
        "{text}"
    );
}

#[test]
fn a_titled_text_has_its_topic_from_its_folder_and_its_date_from_its_name() {
    let raw = "The long gale\n\nBy Ida Moss\n\nELMBRIDGE (Maker) — It blew for nine days,\nand nobody slept on the ninth.\n\nThen it stopped.\n";
    let archive = Archive::new().raw("weather/2004-01-09-gale.txt", raw);
    assert_eq!(archive.run(&["import"]).status, 0);
    let text = archive.read("content/articles/2004/01/the-long-gale.md");
    for line in [
        "date: 2004-01-09",
        "  - Ida Moss",
        "place: Elmbridge",
        "source: Maker",
        "  - Weather",
        "inferred:\n  - date\n  - topics",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(
        text.contains("nine days, and nobody slept on the ninth.\n\nThen"),
        "{text}"
    );
}

#[test]
fn marks_of_templates_in_a_text_are_text() {
    let archive = Archive::new()
        .raw(
            "short.txt",
            "A text with {{ braces }}\n\nBy {{ name }}\n\nIt says {{ \"x\" | upper }} and {% include 'no.html' %} and {# gone? #} here, and so on.\n",
        )
        .raw(
            "first.txt",
            "{{ Braces }} come first\n\n{{ Nobody }} knows why the keeper of the lamp wrote them, but there they are {% raw %}",
        )
        .raw(
            "remark.txt",
            "A remark\n\n[The first lines are lost.] The night ferry sails from the north quay again, they say.",
        )
        .raw("code.txt", "Code\n\nfn main() {\n    sail();\n    print the words one two three four;\n}\n");
    let said = archive.run(&["import"]);
    assert_eq!(
        (said.count("/new"), said.count("/refused")),
        (3, 1),
        "{:?}",
        said.diagnostics()
    );
    assert_eq!(archive.build().status, 1);
    let page = archive.read("public/undated/a-text-with-braces.html");
    for text in ["{{ braces }}", "{% include", "{# gone? #}", "| upper }}"] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
    assert!(archive.read("public/index.html").contains("{{ Braces }}"));
}

#[test]
fn markdown_of_other_programs_keeps_its_body_and_its_keys() {
    let raw = "---\ntitle: no\ndate: 2015-03-13 9:00:00 -5\nauthor: Ida Moss\ntags: [Rivers, 1.10]\nexcerpt: Short.\nhero: false\nimage: /a.png\n---\n\n# Head\n\n*Text* with <b>markup</b>.\n";
    let archive = Archive::new().raw("posts/2015-03-13-x.md", raw);
    assert_eq!(archive.run(&["import"]).status, 0);
    let text = archive.read("content/articles/2015/03/no.md");
    for line in [
        "title: \"no\"",
        "date: 2015-03-13T09:00:00-05:00",
        "  - Ida Moss",
        "  - Rivers",
        "  - \"1.10\"",
        "summary: Short.",
        "hero: false",
        "image: \"/a.png\"",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(
        text.ends_with("# Head\n\n*Text* with <b>markup</b>.\n"),
        "{text}"
    );
}

#[test]
fn front_matter_may_follow_blank_lines_end_with_dots_or_be_empty_and_a_rule_is_none() {
    let archive = Archive::new()
        .raw("blank.md", "\n \n---\ntitle: After blank lines\n---\nThe lamp burns.\n")
        .raw("dots.md", "---\ntitle: Closed by dots\n...\nThe lamp burns again.\n")
        .raw("empty.md", "---\n---\n# Of empty front matter\n\nThe lamp is out.\n")
        .raw("by-a-rule.md", "---\n\nA text that begins with a rule.\n\n---\n\nIt goes on: with a colon.\n")
        .raw("words.md", "---\ntitle: Words\ntags: [no, on, yes, off]\ncategories: no\nhero: yes\n---\nThe lamp flickers.\n");
    let said = archive.run(&["import"]);
    assert_eq!(
        (said.status, said.count("/new")),
        (0, 5),
        "{:?}",
        said.diagnostics()
    );
    for name in [
        "after-blank-lines",
        "closed-by-dots",
        "of-empty-front-matter",
        "by-a-rule",
    ] {
        archive.article_file(name);
    }
    let words = archive.read(&archive.article_file("words"));
    let topics = "topics:\n  - \"no\"\n  - \"on\"\n  - \"yes\"\n  - \"off\"\n";
    assert!(
        words.contains(topics) && words.contains("hero: \"yes\"\n"),
        "{words}"
    );
}

#[test]
fn lines_that_end_on_purpose_stay_lines_in_every_layout() {
    let verse = "The lamp is lit,\nthe tide is low,\nand nobody on the quay\ncan say who rows.\n\nBoat      Won   Lost\nLark        3      1\nAlder       2      2";
    let cell = verse.replace('"', "\"\"");
    let archive = Archive::new()
        .raw("a.txt", format!("A song in a text\n\n{verse}\n"))
        .raw("b.txt", format!("Title: A song with labels\nAuthor: Ida Moss\nDate: 2021-03-06\n\n{verse}\n"))
        .raw("c.json", serde_json::json!({"title": "A song in JSON", "date": "2021-03-06", "text": verse}).to_string())
        .raw("d.csv", format!("title,date,text\nA song in a table,2021-03-06,\"{cell}\"\nAnother row,2021-03-07,The night ferry sails again.\n"))
        .raw("e.eml", format!("From: Ida Moss <ida@q.example>\nSubject: A song by mail\nDate: Sat, 6 Mar 2021 10:00:00 +0000\n\n{verse}\n"));
    assert_eq!(archive.run(&["import"]).status, 0);
    for name in [
        "in-a-text",
        "with-labels",
        "in-json",
        "in-a-table",
        "by-mail",
    ] {
        let text = archive.read(&archive.article_file(&format!("a-song-{name}")));
        let lines =
            "The lamp is lit,\\\nthe tide is low,\\\nand nobody on the quay\\\ncan say who rows.\n";
        let table = "```\nBoat      Won   Lost\nLark        3      1\nAlder       2      2\n```\n";
        assert!(text.contains(lines) && text.contains(table), "{text}");
    }
}

#[test]
fn toml_front_matter_and_a_date_in_the_name_alone_work() {
    let archive = Archive::new()
        .raw("2019-05-04-a.md", "+++\ntitle = \"By name\"\n+++\nText.\n")
        .raw(
            "b.md",
            "+++\ntitle = \"By key\"\ndate = 2018-01-02T03:04:00Z\ndraft = true\n+++\nText.\n",
        );
    assert_eq!(archive.run(&["import"]).status, 0);
    assert!(archive.has("content/articles/2019/05/by-name.md"));
    assert!(
        archive
            .read("content/articles/2018/01/by-key.md")
            .contains("draft: true")
    );
}

#[test]
fn a_table_of_taxonomies_gives_topics_and_a_dated_name_its_words() {
    let archive = Archive::new()
        .raw(
            "a.md",
            "+++\ntitle = \"Tables\"\n[taxonomies]\ntags = [\"tides\"]\nmood = \"calm\"\n+++\nText.\n",
        )
        .raw("2019-05-04-the-old-pier.md", "---\nmood: calm\n---\nText.\n");
    assert_eq!(archive.run(&["import"]).status, 0);
    let tables = archive.read("content/articles/undated/tables.md");
    assert!(tables.contains("topics:\n  - tides\n"), "{tables}");
    assert!(tables.contains("mood: calm\n"), "{tables}");
    let pier = archive.read("content/articles/2019/05/the-old-pier.md");
    assert!(pier.contains("title: The old pier\n"), "{pier}");
}

#[test]
fn importing_again_is_reported() {
    let archive = Archive::new().raw("a.md", "# A\n\nText.\n");
    assert_eq!(archive.run(&["import"]).status, 0);
    let said = archive.run(&["import", "--again"]);
    assert_eq!(said.json["again"], 1, "{}", said.json);
}

#[test]
fn a_record_that_is_not_an_article_is_a_diagnostic_and_hides_no_other() {
    let archive = Archive::new()
        .file("backfile.toml", "[import]\nmax_bytes = 2000\n")
        .raw(
            "a-good.txt",
            "A title\n\nEight words of prose are enough for this.\n",
        )
        .raw("b-empty.txt", " \n")
        .raw("c-binary.bin", b"\x89PNG\r\n\x1a\n\0\0\0\0")
        .raw("d-large.txt", "x".repeat(3000))
        .raw("e-table.csv", "a,b,c\n1,2,3\n4,5,6\n7,8,9\n")
        .raw(
            "f-broken.md",
            "---\ntitle: [unclosed\ndate: 2020-01-01\n---\nText\n",
        );
    let said = archive.run(&["import"]);
    assert_eq!(
        (said.status, said.count("/new"), said.count("/refused")),
        (1, 1, 5)
    );
    let found = said.diagnostics();
    for (at, (path, what)) in [
        ("raw/b-empty.txt:0", "the file is empty"),
        ("raw/c-binary.bin:0", "the file is not text"),
        ("raw/d-large.txt:0", "the file has more than 2 kB"),
        ("raw/e-table.csv:1", "in no layout"),
        ("raw/f-broken.md:", "the front matter cannot be read"),
    ]
    .into_iter()
    .enumerate()
    {
        assert!(
            found[at].starts_with(path) && found[at].contains(what) && !found[at].ends_with("()"),
            "{}",
            found[at]
        );
    }
}

#[test]
fn the_order_of_day_and_month_is_decided_by_the_whole_archive() {
    let with = |other: &str| {
        let archive = Archive::new()
            .raw(
                "a.txt",
                wire("1", "07/06/2021 - 10:00", "The open one", BODY),
            )
            .raw("b.txt", wire("2", other, "The other one", BODY));
        archive.run(&["import"]);
        archive.read(&archive.article_file("the-open-one"))
    };
    assert!(with("25/12/2021 - 10:00").contains("date: 2021-06-07T10:00:00Z\n"));
    assert!(with("12/25/2021 - 10:00").contains("date: 2021-07-06T10:00:00Z\n"));
    let open = with("01/02/2021 - 10:00");
    assert!(
        open.contains("date: 2021-07-06T10:00:00Z\n")
            && open.contains("inferred:\n  - paragraphs\n  - date\n"),
        "{open}"
    );
}

#[test]
fn text_in_an_old_encoding_is_read() {
    let archive = Archive::new().raw("a.txt", b"Die Gr\xf6\xdfe der M\xe4rkte\n\nDie M\xe4rkte wachsen in jedem Jahr ein wenig mehr als im Jahr davor.\n");
    assert_eq!(archive.run(&["import"]).status, 0);
    assert!(
        archive
            .read("content/articles/undated/die-größe-der-märkte.md")
            .contains("Die Märkte wachsen")
    );
}

#[test]
fn a_file_of_nothing_but_labels_is_one_diagnostic() {
    let name = |at: usize| -> String {
        let letters = [at / 676, at / 26 % 26, at % 26];
        letters
            .map(|l| char::from(b'a' + l as u8))
            .into_iter()
            .collect()
    };
    let labels: String = (0..2_000)
        .map(|at| format!("Mark {}: {at}\n", name(at)))
        .collect();
    let raw =
        format!("Title: A ledger\nDate: 2020-01-01\n{labels}\nIt says nothing else at all.\n");
    let said = Archive::new().raw("a.txt", raw).run(&["import"]);
    assert_eq!(
        (said.status, said.count("/new"), said.count("/refused")),
        (1, 0, 1)
    );
    assert!(
        said.diagnostics()[0].contains("more than 1000 labels"),
        "{:?}",
        said.diagnostics()
    );
}

#[test]
fn links_devices_and_pipes_are_reported_once_and_not_opened() {
    let archive = Archive::new()
        .raw("a.txt", "A good one\n\nIt rained on the quay all morning, and the ferry stayed where it was.\n\nNobody left the island that day.\n")
        .raw("drafts/b.txt", "Left out\n\nNobody reads this.\n")
        .file("backfile.toml", "[import]\nignore = [\"drafts/**\"]\n")
        .file("outside/c.txt", "Outside\n\nIt is not the archive's.\n");
    archive.link("outside/c.txt", "raw/link.txt");
    archive.link("outside", "raw/folder");
    archive.link("outside/c.txt", "raw/drafts/link.txt");
    std::os::unix::fs::symlink("/dev/zero", archive.path("raw/zero.txt")).unwrap();
    let pipe = archive.path("raw/pipe.txt");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(pipe)
            .status()
            .unwrap()
            .success()
    );
    let said = archive.run(&["import"]);
    let found = said.diagnostics();
    assert_eq!(
        (said.status, said.count("/new"), said.count("/refused")),
        (0, 1, 0)
    );
    for (path, what) in [
        ("raw/folder", "links are not followed"),
        ("raw/link.txt", "links are not followed"),
        ("raw/zero.txt", "links are not followed"),
        ("raw/pipe.txt", "a pipe"),
    ] {
        let of_file = found.iter().filter(|d| d.starts_with(path));
        assert_eq!(of_file.filter(|d| d.contains(what)).count(), 1, "{found:?}");
    }
    assert_eq!(found.len(), 4, "{found:?}");
}
