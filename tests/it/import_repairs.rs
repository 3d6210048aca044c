//! raw → content: repairs of characters, the language of an article, dates in other languages.

use backfile::import::body;
use backfile::import::layouts::{LAYOUTS, RawText};
use proptest::prelude::*;

use crate::archive::{Archive, CommandOutput};

/// A label block with a body.
fn labelled(title: &str, by: &str, date: &str, body: &str) -> String {
    format!("Title: {title}\nBy: {by}\nDate: {date}\n\n{body}\n")
}

fn imported(file: &str, raw: impl AsRef<[u8]>, settings: &str) -> (Archive, CommandOutput) {
    let archive = Archive::new().raw(file, raw);
    if !settings.is_empty() {
        archive.write("backfile.toml", settings);
    }
    let said = archive.run(&["import"]);
    (archive, said)
}

/// The text of the only article.
fn article(file: &str, raw: impl AsRef<[u8]>, settings: &str) -> String {
    let (archive, said) = imported(file, raw, settings);
    assert_eq!(said.status, 0, "{}", said.json);
    archive.read(&archive.article_file(""))
}

fn expect(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

fn off(repair: &str) -> String {
    format!("[import.repair]\n{repair} = false\n")
}

const GARBLED: &str = "The cafÃ© at the quay isnâ€™t open, said the keeper. It will be in MÃ¤rz, in the cafÃ© or out of it.";

#[test]
fn mojibake_is_repaired_in_body_and_front_matter_and_listed() {
    let raw = labelled("A cafÃ© opens", "JosÃ© Quill", "13 July 2021", GARBLED);
    let text = article("a.txt", &raw, "");
    expect(
        &text,
        &[
            "title: A café opens\n",
            "slug: a-café-opens\n",
            "  - José Quill\n",
            "  - \"cafÃ© → café\"\n",
            "  - \"JosÃ© → José\"\n",
            "  - \"isnâ€™t → isn’t\"\n",
            "---\n\nThe café at the quay isn’t open, said the keeper. It will be in März, in the café or out of it.\n",
        ],
    );
    assert_eq!(text.matches("cafÃ©").count(), 1, "{text}");
    let text = article("a.txt", &raw, &off("mojibake"));
    expect(
        &text,
        &["title: \"A cafÃ© opens\"\n", "The cafÃ© at the quay"],
    );
    assert!(!text.contains("repaired:"), "{text}");
}

#[test]
fn mojibake_is_repaired_in_escapes_and_in_markup() {
    let json = r#"{"title": "A caf\u00c3\u00a9", "text": "It\u00e2\u20ac\u2122s the caf\u00c3\u00a9 of the quay, and nobody had missed it but the gulls."}"#;
    let text = article("a.json", json, "");
    expect(&text, &["title: A café\n", "It’s the café of the quay"]);
    let rss = "<rss version=\"2.0\"><channel><title>Q</title><item><title>A cafÃ©</title><description>&lt;p&gt;The &lt;b&gt;cafÃ©&lt;/b&gt; isnâ€™t here.&lt;/p&gt;</description></item></channel></rss>";
    let text = article("a.xml", rss, "");
    expect(
        &text,
        &[
            "title: A café\n",
            "The **café** isn’t here.\n",
            "cafÃ© → café",
        ],
    );
    let page = format!(
        "<!DOCTYPE html><title>A cafÃ©</title><article><h1>A cafÃ©</h1><p>{GARBLED}</p><p>{GARBLED}</p></article>"
    );
    let text = article("a.html", page, "");
    expect(
        &text,
        &[
            "title: A café\n",
            "The café at the quay isn’t open",
            "cafÃ© → café",
        ],
    );
    let markdown = format!("---\ntitle: A cafÃ©\n---\n\n\"Quoted\" **cafÃ©**. {GARBLED}\n");
    let text = article("a.md", markdown, "");
    expect(
        &text,
        &[
            "title: A café\n",
            "\n\"Quoted\" **café**. The café",
            "cafÃ© → café",
        ],
    );
}

#[test]
fn a_dateline_with_a_garbled_dash_is_found() {
    let body = "PORT ELLERY â€” The ferry isnâ€™t late, said the harbour.";
    let text = article(
        "a.txt",
        labelled("A ferry", "Mara Quill", "13 July 2021", body),
        "",
    );
    expect(
        &text,
        &["place: Port Ellery\n", "PORT ELLERY — The ferry isn’t late"],
    );
}

#[test]
fn intended_characters_are_kept() {
    let body =
        "O PREFEITO DE SÃO PAULO abriu o mercado. A IRMÃ… disse que o CORAÇÃO e a RAZÃO estão bem.";
    let text = article(
        "a.txt",
        labelled("CORAÇÃO", "Mara Quill", "13 July 2021", body),
        "",
    );
    expect(&text, &["title: CORAÇÃO\n", body]);
    assert!(!text.contains("repaired:"), "{text}");
}

#[test]
fn words_that_were_hyphenated_at_line_ends_are_joined() {
    let body = "This is an exam-\nple of the well-\nknown sort, and an example of the admin-\nistration of it.";
    let raw = labelled("A word", "Mara Quill", "13 July 2021", body);
    let text = article("a.txt", &raw, "");
    expect(
        &text,
        &[
            "repaired:\n  - \"exam- ple → example\"\n",
            "This is an example of the well-known sort, and an example of the admin-istration of it.\n",
        ],
    );
    let text = article("a.txt", &raw, &off("hyphens"));
    expect(&text, &["an exam- ple of the well- known sort"]);
}

#[test]
fn quotation_marks_become_curly_only_in_english_prose() {
    let body = "\"It's the ferry,\" she said. \"At last.\n\n\"And he is 'glad' of it.\" So was the mayor's wife.";
    let raw = labelled("The mayor's ferry", "Mara Quill", "13 July 2021", body);
    let text = article("a.txt", &raw, "");
    expect(
        &text,
        &[
            "title: The mayor’s ferry\n",
            "“It’s the ferry,” she said. “At last.\n\n“And he is ‘glad’ of it.” So was the mayor’s wife.\n",
            "  - \"\\\"…\\\" → “…”\"\n",
            "  - \"' → ’\"\n",
        ],
    );
    // One doubtful mark leaves all marks of the article as they are.
    let doubtful = format!("{body}\n\nIt is 5\" wide.");
    let raw_doubtful = labelled("The mayor's ferry", "Mara Quill", "13 July 2021", &doubtful);
    let text = article("a.txt", &raw_doubtful, "");
    expect(&text, &["title: The mayor's ferry\n", &doubtful]);
    let text = article("a.txt", &raw, &off("quotation_marks"));
    expect(&text, &["\"It's the ferry,\" she said."]);
    let german =
        "\"Das ist die Fähre\", sagte sie, und er war nicht mehr bei den anderen auf dem Kai.";
    let text = article(
        "a.txt",
        labelled("Die Fähre", "Mara Quill", "13. Juli 2021", german),
        "",
    );
    expect(&text, &[german, "date: 2021-07-13\n"]);
}

const ARABIC: &str = "ستبحر العبارة الليلية من جديد يوم الاثنين، أعلن الميناء أمس. لم يفتقدها أحد، قال صاحب النزل. افتتح رئيس البلدية السوق الجديدة يوم الأحد.";

#[test]
fn an_article_in_another_language_has_its_language_and_direction() {
    let raw = labelled("العبارة", "Mara Quill", "١٣ يوليو ٢٠٢١", ARABIC);
    let archive = Archive::new().raw("a.txt", &raw).with_address().built();
    let text = archive.read(&archive.article_file(""));
    expect(
        &text,
        &["date: 2021-07-13\n", "lang: ar\n", "inferred:\n  - lang\n"],
    );
    let pages = archive.files("public");
    let is_written =
        |page: &Vec<u8>| String::from_utf8_lossy(page).contains("lang=\"ar\" dir=\"rtl\"");
    assert!(
        pages
            .iter()
            .any(|(path, page)| path.ends_with(".html") && is_written(page))
    );

    let text = article("a.txt", &raw, "[site]\nlanguage = \"ar-EG\"\n");
    assert!(!text.contains("lang:"), "{text}");
    let text = article("a.txt", &raw, &off("language"));
    assert!(!text.contains("lang:"), "{text}");
}

#[test]
fn an_english_article_of_an_english_site_names_no_language() {
    let raw = labelled(
        "A ferry",
        "Mara Quill",
        "13 July 2021",
        "The ferry will sail again, and nobody had missed it but the gulls, said the keeper.",
    );
    assert!(!article("a.txt", raw, "").contains("lang:"));
}

#[test]
fn dates_of_other_languages_date_an_article() {
    for (date, expected) in [
        ("13 июля 2021 г., 23:47", "2021-07-13T23:47:00Z"),
        ("mardi 13 juillet 2021 à 23h47", "2021-07-13T23:47:00Z"),
        ("2021年7月13日", "2021-07-13"),
        ("13 de julho de 2021", "2021-07-13"),
    ] {
        let text = article(
            "a.txt",
            labelled("A ferry", "Mara Quill", date, "It sails."),
            "",
        );
        expect(&text, &[&format!("date: {expected}\n")]);
    }
}

#[test]
fn turning_a_repair_off_changes_no_record() {
    let raw = format!(
        "[{{\"title\": \"cafÃ© A\", \"text\": \"{GARBLED}\"}}, {{\"title\": \"cafÃ© B\", \"text\": \"{GARBLED} So.\"}}]"
    );
    let (archive, said) = imported("a.json", raw, "");
    assert_eq!(said.status, 0, "{}", said.json);
    let before = archive.files("content");
    archive.write("backfile.toml", off("mojibake"));
    let said = archive.run(&["import"]);
    assert_eq!(said.status, 0, "{}", said.json);
    archive.expect_same("content", &before);
    archive.run(&["import", "--again"]);
    assert!(
        archive
            .read(&archive.article_file(""))
            .contains("title: \"cafÃ© A\"\n")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is in a text, its article holds its letters, but for changes that can be told.
    #[test]
    fn no_word_is_lost_to_a_repair(
        body in "([a-cT \"'\u{ad}.,-]|\n|the |and |said |don't |exam-\n|example|cafÃ©|â€™|â€œ|Ã |Â|Ð¿|ðŸ|[\u{80}-\u{bf}]|\\*|<b>|\\PC){1,80}",
        layout in 0..3,
    ) {
        let text = match layout {
            0 => labelled("A title", "Mara Quill", "13 July 2021", &body),
            1 => format!("A title\n\nThe first eight words of this are all plain ones.\n\n{body}"),
            _ => format!("---\ntitle: A\n---\n\n{body}"),
        };
        let raw = RawText::new("a", &text);
        if let Some(layout) = LAYOUTS.iter().find(|l| l.recognises(&raw))
            && let Ok(readings) = layout.read(&raw)
        {
            for mut reading in readings.into_iter().filter(|r| r.problem.is_none()) {
                let record = &text[reading.span.clone()];
                body::convert(&mut reading, record);
                prop_assert!(reading.verify(record).is_ok(), "{:?}", reading.verify(record));
            }
        }
    }
}

#[test]
fn the_words_of_the_archive_join_what_lines_divide() {
    let words: String = (0..400)
        .map(|n| {
            let letter = |n: u32| char::from_u32(97 + n % 26).unwrap_or('a');
            format!("{}{}{}ly ", letter(n), letter(n / 26), letter(n / 7))
        })
        .collect();
    let archive = Archive::new()
        .raw("a.txt", "One text\n\nThe harbour office governs the well known quay.\n")
        .raw("b.txt", format!("Another text\n\nA self-made man said that {words}.\n"))
        .raw(
            "c.txt",
            "A scanned text\n\nThe har-\nbour off-\nice and the well-\nknown quay, a self-\nmade con-\nxyz.\n",
        );
    let said = archive.run(&["import"]);
    assert_eq!(said.status, 0, "{}", said.json);
    let text = archive.read(&archive.article_file("a-scanned"));
    let right = "The harbour office and the well-known quay, a self-made conxyz.\n";
    expect(&text, &[right, "  - \"har- bour → harbour\"\n"]);
    // The same if only this file is imported.
    archive.remove("content");
    archive.run(&["import", "c.txt"]);
    expect(&archive.read(&archive.article_file("a-scanned")), &[right]);
}

#[test]
fn heads_and_numbers_of_pages_are_set_aside() {
    let body = "The ferry will sail again on Monday, and the harbour\n\nTHE QUAY CHRONICLE 4\n\noffice has nothing to add. Nobody on the quay had ever\n\nTHE QUAY CHRONICLE 5\n\nmissed it, and the mayor will open the new mar-\n\nTHE QUAY CHRONICLE 6\n\nket on Sunday. The market is new.";
    let raw = labelled("A ferry", "Mara Quill", "13 July 2021", body);
    let text = article("a.txt", &raw, "");
    expect(
        &text,
        &[
            "removed:\n  - THE QUAY CHRONICLE 4\n  - THE QUAY CHRONICLE 5\n  - THE QUAY CHRONICLE 6\n",
            "and the harbour office has nothing to add. Nobody on the quay had ever missed it, and the mayor will open the new market on Sunday.",
        ],
    );
    let text = article("a.txt", &raw, &off("debris"));
    expect(&text, &["THE QUAY CHRONICLE 4"]);
}

#[test]
fn the_archive_decides_the_language_of_a_short_text() {
    let long = "Le ferry de nuit reprendra la mer lundi, a annoncé le port hier. Personne ne l'avait regretté, dit l'aubergiste du quai. La mairie a ouvert le marché.";
    let mut archive = Archive::new();
    for n in 0..6 {
        let raw = labelled(&format!("Titre {n}"), "Mara Quill", "13 July 2021", long);
        archive = archive.raw(&format!("{n}.txt"), raw);
    }
    let short = labelled(
        "Bref",
        "Mara Quill",
        "13 July 2021",
        "Marée haute: 11 h 47. Voir horaires.",
    );
    let archive = archive.raw("short.txt", short);
    assert_eq!(archive.run(&["import"]).status, 0);
    let text = archive.read(&archive.article_file("bref"));
    expect(&text, &["lang: fr\n", "inferred:\n  - lang\n"]);
}
