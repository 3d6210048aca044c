//! The fields of a record: names of an archive's own (`[import.fields]`), authors, topics and dates in each notation.

use crate::archive::Archive;
use crate::import_tables::{TEXT as FERRY, expect, whole};

const SETTINGS: &str = "[import.fields]\ntitle = \"kop\"\nbody = [\"verslag\", \"Tekst 2\"]\ndate = \"dag van plaatsing\"\n";

const TEXT: &str = "De nachtboot vaart weer, en niemand had haar gemist.";

#[test]
fn names_of_the_settings_are_read_in_every_layout_that_has_names() {
    for (file, raw) in [
        (
            "a.json",
            format!(
                "[{{\"Kop\": \"Nachtboot vaart\", \"dag_van_plaatsing\": \"2020-03-04\", \"verslag\": \"{TEXT}\", \"text\": \"{TEXT} {TEXT} {TEXT}\", \"title\": \"No\"}}]"
            ),
        ),
        (
            "a.csv",
            format!(
                "kop,dag van plaatsing,tekst-2\nNachtboot vaart,2020-03-04,\"{TEXT}\"\nTweede,2020-03-05,\"{TEXT} Ja.\"\n"
            ),
        ),
        (
            "a.txt",
            format!("Kop: Nachtboot vaart\nDag van plaatsing: 2020-03-04\nVerslag: {TEXT}\n"),
        ),
    ] {
        let archive = Archive::new()
            .file("backfile.toml", SETTINGS)
            .raw(file, &raw);
        let said = archive.run(&["import"]);
        assert_eq!(said.status, 0, "{file}: {:?}", said.diagnostics());
        let article = archive.read(&archive.article_file("nachtboot-vaart"));
        assert!(article.contains("date: 2020-03-04\n"), "{article}");
        assert!(article.ends_with(&format!("---\n\n{TEXT}\n")), "{article}");
        if file == "a.json" {
            assert!(
                article.contains("\ntitle_text: ") && article.contains("\ntext: "),
                "{article}"
            );
        }
        let without = Archive::new().raw(file, &raw);
        without.run(&["import"]);
        assert!(without.files("content").values().all(|text| {
            !String::from_utf8_lossy(text).contains("title: Nachtboot vaart\ndate: 2020-03-04")
        }));
    }
}

#[test]
fn changed_settings_are_read_again_and_an_error_in_them_is_reported() {
    let raw = format!("[{{\"kop\": \"Nachtboot\", \"verslag\": \"{TEXT}\"}}]");
    let archive = Archive::new().raw("a.json", raw);
    assert_eq!(archive.run(&["import"]).count("/new"), 0);
    archive.write("backfile.toml", SETTINGS);
    assert_eq!(archive.run(&["import"]).count("/new"), 1);
    archive.write("backfile.toml", "[import.fields]\ntitel = \"kop\"\n");
    let said = archive.run(&["import"]);
    assert_eq!(said.status, 2);
    assert!(
        said.diagnostics()[0].contains("titel"),
        "{:?}",
        said.diagnostics()
    );
}

/// Numbers of a database are no names: they are kept as they are, and make no topic `3` and no author `5`.
#[test]
fn numbers_of_a_database_are_neither_topics_nor_authors() {
    let archive = Archive::new()
        .raw("a.json", r#"{"title": "One", "text": "Rain fell over the harbour.", "tags": [3, 7], "categories": [1], "author": 5}"#)
        .raw("b.json", r#"{"title": "Two", "text": "It was calm again.", "tags": ["3", "Rivers"], "author": "Ida Moss"}"#);
    let said = archive.build();
    assert_eq!(
        (said.count("/topics"), said.count("/authors")),
        (2, 1),
        "{}",
        said.json
    );
    let one = archive.read(&archive.article_file("one"));
    assert!(
        one.contains("tags:") && one.contains("categories:") && one.contains("author: 5"),
        "{one}"
    );
}

#[test]
fn lists_are_separated_by_semicolons_before_commas_and_a_subject_beside_a_title_is_a_topic() {
    let archive = whole(
        "a.csv",
        "title,creator,subject,text\nThe crane,\"Lark, Ada; Brand, Oda\",\"harbours, old; cranes\",A view of the harbour with a crane.\n\
         The letter,\"Quay, Ida\",letters,A letter of two pages on the weather.\n",
    );
    let text = archive.read(&archive.article_file("the-crane"));
    expect(
        &text,
        &[
            "authors:\n  - Lark, Ada\n  - Brand, Oda\n",
            "topics:\n  - harbours, old\n  - cranes\n",
        ],
    );
    let text = archive.read(&archive.article_file("the-letter"));
    expect(
        &text,
        &["authors:\n  - Quay, Ida\n", "topics:\n  - letters\n"],
    );
    let archive = whole(
        "b.json",
        r#"{"subject": "A mail", "from": "Ida", "text": "The ferry sails again, as you will have read."}"#,
    );
    expect(
        &archive.read(&archive.article_file("a-mail")),
        &["title: A mail\n"],
    );
}

#[test]
fn an_address_dates_a_record_that_has_no_date() {
    let archive = whole(
        "a.jsonl",
        "{\"title\": \"By its address\", \"url\": \"https://q.example/2019/may/04/x.html\", \"text\": \"The night ferry sails again.\"}\n\
         {\"title\": \"By a number\", \"url\": \"https://q.example/wiki/1984\", \"text\": \"The night ferry sails again.\"}\n",
    );
    let text = archive.read(&archive.article_file("by-its-address"));
    expect(&text, &["date: 2019-05-04\n", "inferred:\n  - date\n"]);
    let text = archive.read(&archive.article_file("by-a-number"));
    assert!(!text.contains("\ndate: "), "{text}");
}

#[test]
fn authors_are_read_in_every_notation() {
    for (written, authors, place) in [
        ("\"Ida Moss, Nils Farrow\"", "Ida Moss|Nils Farrow", ""),
        (
            "[\"Ida Moss\", \"Smith, John\"]",
            "Ida Moss|Smith, John",
            "",
        ),
        (
            "[{\"name\": \"Ida Moss\"}, {\"name\": \"Nils Farrow\"}]",
            "Ida Moss|Nils Farrow",
            "",
        ),
        ("\"Port Lark: Ida Moss\"", "Ida Moss", "Port Lark"),
        (
            "\"الميناء: ليلى سعد، عمر حداد\"",
            "ليلى سعد|عمر حداد",
            "الميناء",
        ),
        ("\"By: Ida Moss\"", "By: Ida Moss", ""),
        (
            "\"By Ida Moss and Nils Farrow\"",
            "Ida Moss|Nils Farrow",
            "",
        ),
        (
            "\"['Ida Moss', 'Nils Farrow']\"",
            "Ida Moss|Nils Farrow",
            "",
        ),
        ("\"July 13, 2021, 5:12 pm\"", "", ""),
        ("\"\"", "", ""),
        ("null", "", ""),
    ] {
        let archive = whole(
            "a.json",
            format!("{{\"title\": \"One\", \"text\": \"{FERRY}\", \"authors\": {written}}}"),
        );
        let text = archive.read(&archive.article_file("one"));
        let list: Vec<&str> = text
            .lines()
            .skip_while(|line| *line != "authors:")
            .skip(1)
            .map_while(|line| line.strip_prefix("  - "))
            .map(|name| name.trim_matches('"'))
            .collect();
        assert_eq!(list.join("|"), authors, "{text}");
        let found = text.lines().find_map(|line| line.strip_prefix("place: "));
        assert_eq!(found.unwrap_or_default(), place, "{text}");
    }
}

#[test]
fn the_date_of_a_crawl_is_not_the_date_of_an_article() {
    let record = |id: usize, dates: &str| {
        format!("{{\"title\": \"Number {id}\", \"text\": \"{FERRY}\", {dates}}}")
    };
    let raw = [
        record(
            1,
            r#""date_extracted": "2015-07-23", "published": "2014-01-02""#,
        ),
        record(2, r#""crawled_at": "2015-07-23 19:28:17""#),
        record(3, r#""created_at": 1437679697, "pubDate": "some day""#),
        record(4, r#""date": 1437679697000, "modified": "2016-01-01""#),
        record(
            5,
            r#""scraped_at": "2015-07-23", "fetched": "2015-07-23", "date_modified": "2015-07-23""#,
        ),
        record(6, r#""date": {"$date": "2012-02-03T04:05:06.000Z"}"#),
        record(7, r#""publish_date": 20030219.0"#),
    ]
    .join("\n");
    let archive = whole("a.jsonl", raw);
    for (number, date) in [
        (1, "2014-01-02"),
        (2, ""),
        (3, "2015-07-23T19:28:17Z"),
        (4, "2015-07-23T19:28:17Z"),
        (5, ""),
        (6, "2012-02-03T04:05:06Z"),
        (7, "2003-02-19"),
    ] {
        let text = archive.read(&archive.article_file(&format!("number-{number}")));
        let found = text.lines().find_map(|line| line.strip_prefix("date: "));
        assert_eq!(found.unwrap_or_default(), date, "{text}");
    }
    let kept = archive.read(&archive.article_file("number-1"));
    expect(&kept, &["date_extracted: 2015-07-23\n"]);
    let unread = archive.read(&archive.article_file("number-3"));
    expect(&unread, &["pubDate_text: some day\n"]);
}
