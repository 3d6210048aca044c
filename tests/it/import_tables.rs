//! raw → content: JSON, JSON lines and tables.

use proptest::prelude::*;

use crate::archive::{Archive, CommandOutput};

pub(crate) const TEXT: &str =
    "The ferry runs again. It had been laid up since May, and nobody had missed it but the gulls.";

fn imported(file: &str, raw: impl AsRef<[u8]>) -> (Archive, CommandOutput) {
    let archive = Archive::new().raw(file, raw);
    let said = archive.run(&["import"]);
    (archive, said)
}

pub(crate) fn whole(file: &str, raw: impl AsRef<[u8]>) -> Archive {
    let (archive, said) = imported(file, raw);
    assert_eq!(said.status, 0, "{}", said.json);
    archive
}

pub(crate) fn expect(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn an_object_is_an_article_and_its_unknown_keys_are_kept() {
    let raw = r#"{
      "headline": "Ferry \u2014 again", "articleBody": "One \"quoted\" line.\n\nTwo *lines*.",
      "author": {"@type": "Person", "name": "Ida Moss"}, "datePublished": "2015-07-24T09:30:00+03:00",
      "keywords": ["harbour", "boats"], "articleSection": "News", "publisher": {"name": "The Gazette"},
      "inLanguage": "en-GB", "description": "Short.", "url": "https://example.org/a",
      "size": 1.10, "nested": {"a": [1, {"b": null}]}, "empty": "", "none": null, "ok": true,
      "count": 3, "count": 4, "large": 12345678901234567890123
    }"#;
    let archive = whole("a.json", raw);
    let text = archive.read(&archive.article_file("ferry-again"));
    expect(
        &text,
        &[
            "title: \"Ferry — again\"\n",
            "date: 2015-07-24T09:30:00+03:00\n",
            "authors:\n  - Ida Moss\n",
            "topics:\n  - harbour\n  - boats\n  - News\n",
            "source: The Gazette\n",
            "lang: en-gb\n",
            "summary: Short.\n",
            "source_url: \"https://example.org/a\"\n",
            "size: \"1.10\"\n",
            "nested:\n",
            "ok: true\n",
            "count:\n  - 3\n  - 4\n",
            "large: \"12345678901234567890123\"\n",
            "layout: json\n",
            "Person",
            "---\n\nOne “quoted” line.\n\nTwo \\*lines\\*.\n",
        ],
    );
    assert!(!text.contains("empty") && !text.contains("none"), "{text}");
}

#[test]
fn articles_are_found_in_arrays_and_in_objects() {
    let one = format!("{{\"title\": \"One\", \"content\": \"{TEXT}\"}}");
    let two = "{\"title\": {\"rendered\": \"Two &amp; a half\"}, \"content\": {\"rendered\": \"<p>A <b>fat</b> gull.</p><p>It sat.</p>\", \"protected\": false}}";
    for raw in [
        format!("[{one},\n{two}]"),
        format!("\u{feff}[{one},{two}]"),
        format!("{{\"status\": \"ok\", \"total\": 2, \"articles\": [{one}, {two}]}}"),
        format!("{{\"response\": {{\"meta\": {{}}, \"docs\": [{one}, {two}]}}}}"),
        format!("{{\"a1\": {one}, \"a2\": {two}}}"),
        format!("{one}\n{two}\n"),
        format!("{one}\r\n\r\n{two}"),
        format!("{one},\n{two},\n"),
    ] {
        let (archive, said) = imported("a.json", &raw);
        assert_eq!(
            (said.status, said.count("/new")),
            (0, 2),
            "{raw}: {}",
            said.json
        );
        expect(&archive.read(&archive.article_file("one")), &[TEXT]);
        expect(
            &archive.read(&archive.article_file("two")),
            &[
                "title: \"Two & a half\"\n",
                "\n\nA **fat** gull.\n\nIt sat.\n",
                "layout: json\n",
            ],
        );
    }
}

#[test]
fn a_record_is_known_by_its_own_id() {
    let record = |id: &str, text: &str| {
        format!("{{\"id\": {id}, \"title\": \"Number {id}\", \"text\": \"{text} {TEXT}\"}}\n")
    };
    let raw = [
        record("7", "a"),
        record("8", "b"),
        record("9", "c"),
        record("9", "d"),
    ]
    .concat();
    let (archive, said) = imported("a.jsonl", &raw);
    assert_eq!((said.status, said.count("/new")), (0, 4), "{}", said.json);
    let seven = archive.article_file("number-7");
    expect(&archive.read(&seven), &["id: \"7\"\n", "record: \"7\"\n"]);
    let again = archive.run(&["import"]);
    assert_eq!((again.count("/same"), again.count("/new")), (4, 0));
    // Order and content change; an article keeps its file.
    archive.write(
        "raw/a.jsonl",
        [
            record("8", "b"),
            record("7", "another"),
            record("9", "c"),
            record("9", "d"),
        ]
        .concat(),
    );
    let said = archive.run(&["import"]);
    assert_eq!(
        (
            said.count("/same"),
            said.count("/changed"),
            said.count("/removed")
        ),
        (3, 1, 0),
        "{}",
        said.json
    );
    expect(&archive.read(&seven), &["another The ferry"]);
}

#[test]
fn equal_records_in_one_file_are_one_article_each_time() {
    let record = format!("{{\"title\": \"Twice\", \"text\": \"{TEXT}\"}}\n");
    let (archive, said) = imported("a.jsonl", record.repeat(2));
    assert_eq!((said.status, said.count("/new")), (0, 1), "{}", said.json);
    let said = archive.run(&["import"]);
    assert_eq!(
        (said.count("/new"), said.count("/removed")),
        (0, 0),
        "{}",
        said.json
    );
}

#[test]
fn complete_records_of_a_truncated_file_are_imported_and_the_rest_is_one_diagnostic() {
    let one = format!("{{\"title\": \"One\", \"text\": \"{TEXT}\"}}");
    let torn = "{\"title\": \"Torn\", \"text\": \"The fer";
    for (raw, line) in [
        (format!("{one}\n{torn}"), 2),
        (format!("[{one},\n{torn}"), 2),
        (format!("[{one},\n"), 2),
        (format!("{{\"total\": 2, \"items\": [\n{one},\n{torn}"), 3),
        (format!("title,text\nOne,\"{TEXT}\"\nTorn,\"The fer"), 3),
        (format!("title,text,url\nOne,\"{TEXT}\",x\nTorn,The fer"), 3),
    ] {
        let (archive, said) = imported("a.txt", &raw);
        assert_eq!(
            (said.status, said.count("/new")),
            (1, 1),
            "{raw}: {}",
            said.json
        );
        let found = said.diagnostics();
        assert!(
            found.len() == 1 && found[0].starts_with(&format!("raw/a.txt:{line} ")),
            "{raw}: {found:?}"
        );
        // It says so each time, and takes no article away.
        let again = archive.run(&["import"]);
        assert_eq!(
            (again.status, again.count("/same"), again.diagnostics()),
            (1, 1, found)
        );
    }
}

#[test]
fn a_truncated_file_removes_no_article_and_a_bad_line_hides_no_other() {
    let line =
        |n: usize| format!("{{\"id\": {n}, \"title\": \"Number {n}\", \"text\": \"{TEXT}\"}}\n");
    let (archive, said) = imported("a.jsonl", [line(1), line(2), line(3)].concat());
    assert_eq!((said.status, said.count("/new")), (0, 3));
    archive.write(
        "raw/a.jsonl",
        [
            line(1).as_str(),
            "{\"id\": 2, \"title\": \"Num\n",
            &line(3),
            &line(4),
            "{\"id\": oops}\n",
        ]
        .concat(),
    );
    let said = archive.run(&["import"]);
    assert_eq!(
        (said.status, said.count("/new"), said.count("/removed")),
        (1, 1, 0),
        "{}",
        said.json
    );
    assert!(archive.has(&archive.article_file("number-2")));
}

#[test]
fn a_table_has_quoted_cells_line_breaks_and_a_byte_order_mark() {
    let rows = "Category\tHeadline\tText\tURL\nnews\tThe \"old\" pier\t\"First \"\"quoted\"\" line.\nSecond line, which ends.\nThird\tline.\"\t/a\nsport\t\"A race\"\tShort text of a race.\t/b\n";
    for raw in [
        format!("\u{feff}{rows}").into_bytes(),
        rows.replace('\n', "\r\n").into_bytes(),
        [
            vec![0xff, 0xfe],
            rows.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ]
        .concat(),
    ] {
        let archive = whole("a.tsv", raw);
        expect(
            &archive.read(&archive.article_file("the-old-pier")),
            &[
                "title: \"The \\\"old\\\" pier\"\n",
                "topics:\n  - news\n",
                "source_url: \"/a\"\n",
                "layout: table\n",
                "---\n\nFirst \"quoted\" line.\n\nSecond line, which ends.\n\nThird line.\n",
            ],
        );
        expect(
            &archive.read(&archive.article_file("a-race")),
            &["---\n\nShort text of a race.\n"],
        );
    }
}

#[test]
fn each_dialect_of_tables_is_read() {
    for raw in [
        "title;text\nOne;\"A; b \"\"c\"\" d.\"\nTwo;Plain.\n",
        "title,text\nOne,\"A; b \\\"c\\\" d.\"\nTwo,Plain.\n",
        "title|text\nOne|A; b \"c\" d.\nTwo|Plain.\n",
        "title\ttext\nOne\tA; b \"c\" d.\nTwo\tPlain.\n",
    ] {
        let archive = whole("a.csv", raw);
        expect(
            &archive.read(&archive.article_file("one")),
            &["---\n\nA; b \"c\" d.\n"],
        );
    }
    // Without quoting, a mark at the start of a cell is a letter.
    let archive = whole(
        "a.tsv",
        "title\ttext\n\"Glue\" is best\t\"Glue,\" she said.\nTwo\tPlain.\n",
    );
    expect(
        &archive.read(&archive.article_file("glue-is-best")),
        &["title: \"“Glue” is best\"\n", "---\n\n“Glue,” she said.\n"],
    );
}

#[test]
fn written_line_breaks_in_cells_are_line_breaks() {
    let raw = "title,text\nOne,\"It rained.\\n\\nThen it stopped.\\nAll went out.\"\nTwo,\"See C:\\new\\notes for it.\"\n";
    let archive = whole("a.csv", raw);
    expect(
        &archive.read(&archive.article_file("one")),
        &["---\n\nIt rained.\n\nThen it stopped.\n\nAll went out.\n"],
    );
    expect(
        &archive.read(&archive.article_file("two")),
        &["See C:\\new\\notes for it.\n"],
    );
}

#[test]
fn columns_without_names_are_recognised_by_their_values() {
    let row = |n: usize| {
        format!("{n},2014-05-0{n},\"Number {n}, at last\",\"{TEXT}\",https://example.org/{n}\n")
    };
    let archive = whole("a.csv", (1..5).map(row).collect::<String>());
    expect(
        &archive.read(&archive.article_file("number-1-at-last")),
        &[
            "date: 2014-05-01\n",
            "source_url: \"https://example.org/1\"\n",
            "column_1: \"1\"\n",
            "inferred:\n  - body\n  - title\n  - date\n",
            TEXT,
        ],
    );
    // Names in a language that is not known.
    let archive = whole(
        "b.csv",
        format!("izenburua,testua\nNumero yksi,\"{TEXT}\"\nNumero kaksi,\"{TEXT}\"\n"),
    );
    expect(
        &archive.read(&archive.article_file("numero-yksi")),
        &["inferred:\n  - body\n  - title\n", TEXT],
    );
}

#[test]
fn files_without_articles_are_in_no_layout() {
    for raw in [
        "a,b,c\n1,2,3\n4,5,6\n7,8,9\n",
        "name,price\nApple,3\nPear,4\n",
        "{\"name\": \"tool\", \"version\": \"1.0.0\", \"description\": \"A tool\", \"license\": \"MIT\"}",
        "[1, 2, 3]",
        "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"geometry\": {}}]}",
        "[]",
        "{}",
    ] {
        let (_, said) = imported("a.data", raw);
        let found = said.diagnostics();
        assert!(
            said.status == 1 && found.len() == 1 && found[0].contains("in no layout"),
            "{raw}: {found:?}"
        );
    }
    // Prose with commas is prose.
    let archive = whole(
        "a.txt",
        "Rain, wind\n\nIt rained on the town, and it rained on the sea.\n\nThen it stopped, and all went out.\n",
    );
    expect(
        &archive.read(&archive.article_file("rain-wind")),
        &["layout: titled text"],
    );
}

#[test]
fn records_without_title_and_text_are_named_and_hide_no_other() {
    let raw = format!(
        "[{{\"title\": \"One\", \"text\": \"{TEXT}\"}}, {{\"title\": \"\", \"text\": \" \", \"url\": \"x\"}}, {{\"title\": null}}, {{\"text\": \"Only a text, of eleven words, from which its title is made.\"}}]"
    );
    let (archive, said) = imported("a.json", raw);
    assert_eq!((said.status, said.count("/new")), (1, 2), "{}", said.json);
    let found = said.diagnostics();
    assert!(
        found.len() == 1
            && found[0].contains("neither a title nor a text (and 1 more in this file)"),
        "{found:?}"
    );
    expect(
        &archive.read(&archive.article_file("only-a-text")),
        &["inferred:\n  - title\n"],
    );
}

/// Law 8.
#[test]
fn hostile_json_and_tables_cost_bounded_time() {
    let many: String = (0..1_000_000).map(|n| format!("\"k{n}\":1,")).collect();
    let archive = Archive::new()
        .raw("keys.json", format!("[{{\"title\": \"Good\", \"text\": \"{TEXT}\"}}, {{{many}\"title\": \"Many\", \"text\": \"{TEXT}\"}}]"))
        .raw("deep.json", format!("[{{\"title\": \"Deep\", \"text\": \"{TEXT}\", \"x\": {}{}}}]", "[".repeat(300_000), "]".repeat(300_000)))
        .raw("open.json", "[{\"a\":".repeat(300_000))
        .raw("lines.jsonl", format!("{{\"title\": \"Line\", \"text\": \"{TEXT}\"}}\n{}", "{\"a\":\n".repeat(200_000)))
        .raw("columns.csv", format!("title,text{}\na,b\n", ",x".repeat(500_000)))
        .raw("quote.csv", format!("title,text\nGood row,\"{TEXT}\"\nBad row,\"never closed {}", "words, and more\n".repeat(100_000)))
        .raw("surrogate.json", format!("{{\"title\": \"Half \\ud83d letter\", \"text\": \"{TEXT} \\ud83d\"}}"))
        .raw("html.json", format!("[{{\"title\": \"H\", \"text\": \"{}x\"}}, {{\"title\": \"After\", \"text\": \"{TEXT}\"}}]", "<div>".repeat(20_000)));
    let said = archive.run(&["import"]);
    assert_eq!(said.status, 1, "{}", said.json);
    for name in ["good.md", "deep", "line", "good-row", "half", "after"] {
        archive.article_file(name);
    }
    let found = said.diagnostics().join("\n");
    expect(
        &found,
        &[
            "raw/keys.json:1 problem a record has more than 1000 keys",
            "raw/lines.jsonl:200002 ",
            "raw/quote.csv:3 problem a quotation mark opens here and is never closed",
            "raw/html.json:1 problem",
        ],
    );
    assert_eq!(archive.build().status, 1);
}

/// A value as an export may have it, and the words in it.
fn value() -> impl Strategy<Value = serde_json::Value> {
    let word = "[a-zA-Z\u{e4}\u{436}0-9:,;.<>&\\[\\]'\"-]{1,8}( [a-z0-9:|]{1,6}){0,5}";
    let leaf = prop_oneof![
        6 => word.prop_map(serde_json::Value::from),
        1 => any::<i32>().prop_map(|n| n.unsigned_abs().into()),
        1 => any::<bool>().prop_map(Into::into),
        1 => Just(serde_json::Value::Null),
    ];
    leaf.prop_recursive(4, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec(("(name|rendered|[a-z]{1,6})", inner), 0..4)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

fn words_of(value: &serde_json::Value, words: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(values) => values.iter().for_each(|v| words_of(v, words)),
        serde_json::Value::Object(members) => members.values().for_each(|v| words_of(v, words)),
        serde_json::Value::Null => {}
        other => {
            let text = other
                .as_str()
                .map_or_else(|| other.to_string(), str::to_owned);
            let parts = text.split(|c: char| !c.is_alphanumeric());
            words.extend(parts.filter(|w| !w.is_empty()).map(str::to_lowercase));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Law 3: whatever a record's keys are and hold, each word of its values is in the article.
    #[test]
    fn every_word_of_every_value_is_kept(
        members in prop::collection::vec((
            "(title|headline|author|authors|byline|tags|category|source|place|lang|summary|slug|id|url|content|body|date|published|[a-z_]{1,9})",
            value(),
        ), 0..12),
    ) {
        use backfile::import::body;
        use backfile::import::layouts::{LAYOUTS, RawText};
        let members: Vec<String> = members
            .iter()
            .map(|(key, value)| format!("{}: {value}", serde_json::Value::from(key.as_str())))
            .collect();
        let raw = format!("{{\"text\": \"{TEXT}\", {}\"headline\": \"Ferry\"}}", members.iter().map(|m| format!("{m}, ")).collect::<String>());
        let raw_text = RawText::new("a.json", &raw);
        let layout = LAYOUTS.iter().find(|l| l.recognises(&raw_text)).expect("a layout");
        prop_assert_eq!(layout.name(), "json");
        let mut readings = layout.read(&raw_text).map_err(|d| TestCaseError::fail(d.what))?;
        prop_assert_eq!(readings.len(), 1);
        let reading = &mut readings[0];
        body::convert(reading, &raw);
        reading.verify(&raw).map_err(TestCaseError::fail)?;
        let mut expected = Vec::new();
        for member in &members {
            let member: serde_json::Value = serde_json::from_str(&format!("{{{member}}}")).expect("json");
            words_of(&member, &mut expected);
        }
        let front = &reading.front;
        let text = format!(
            "{} {} {} {} {} {} {} {} {} {} {} {} {}",
            front.id, front.title, front.authors.join(" "), front.topics.join(" "), front.removed.join(" "),
            front.place.as_deref().unwrap_or_default(), front.source.as_deref().unwrap_or_default(),
            front.lang.as_deref().unwrap_or_default(), front.summary.as_deref().unwrap_or_default(),
            front.slug.as_deref().unwrap_or_default(), reading.body.markdown(),
            front.date.map(|d| d.to_string()).unwrap_or_default(), serde_json::Value::Object(front.extra.clone()),
        )
        .to_lowercase()
        .replace("\\\"", " ")
        .replace('\\', "");
        for word in expected.iter().filter(|w| !matches!(w.as_str(), "by" | "and")) {
            prop_assert!(front.date.is_some() || text.contains(word), "`{}` is lost in {} from {}", word, text, raw);
        }
    }
}
