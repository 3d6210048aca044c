//! `[import.fields]`: the names of an archive's own fields.

use crate::archive::Archive;

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
