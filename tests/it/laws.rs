//! The laws of the design, each by a test.

use backfile::import::body;
use backfile::import::layouts::{LAYOUTS, RawText};
use backfile::model::FrontMatter;
use proptest::prelude::*;

use crate::archive::{Archive, wire};

/// Runs of letters and digits.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Every word of a value of the front matter.
fn value_words(value: &serde_json::Value) -> Vec<String> {
    use serde_json::Value;
    match value {
        Value::Array(values) => values.iter().flat_map(value_words).collect(),
        Value::Object(map) => map.values().flat_map(value_words).collect(),
        Value::String(text) => words(text),
        other => words(&other.to_string()),
    }
}

/// The words of an article that are not in its body.
fn front_words(front: &FrontMatter) -> Vec<String> {
    let known = [&front.removed, &front.authors, &front.topics];
    let known = known.into_iter().flatten().chain([&front.title]);
    let extra = front.extra.values().flat_map(value_words);
    known.flat_map(|text| words(text)).chain(extra).collect()
}

/// Takes a word out of a list; false if it is not in it.
fn take(words: &mut Vec<String>, word: &str) -> bool {
    let at = words.iter().position(|other| other == word);
    at.map(|at| words.swap_remove(at)).is_some()
}

/// Law 3 for one layout: the body of each article holds the words of `body`, in order, except for those that are in its
/// front matter; and the front matter holds the words of `fields`. Import itself refuses a record whose account does not
/// add up; here the words are counted once more from outside.
fn words_survive(
    layout: &str,
    raw: &str,
    body: &str,
    fields: &[&str],
) -> Result<(), TestCaseError> {
    let raw_text = RawText::new("wire/a.txt", raw);
    let Some(layout) = LAYOUTS
        .iter()
        .find(|l| l.name() == layout && l.recognises(&raw_text))
    else {
        return Err(TestCaseError::reject("another layout"));
    };
    let mut readings = layout
        .read(&raw_text)
        .map_err(|d| TestCaseError::fail(d.what))?;
    prop_assert!(!readings.is_empty(), "no record in {raw}");
    for reading in &mut readings {
        prop_assert!(reading.problem.is_none(), "{:?}", reading.problem);
        let record = &raw[reading.span.clone()];
        body::convert(reading, record);
        let counts = reading.verify(record).map_err(TestCaseError::fail)?;
        // What was decoded, as the strings of JSON are, has other words than the record's bytes.
        if reading.account.decoded.is_none() {
            let counted = counts.sum();
            let all = record.split_whitespace().count() as u64;
            prop_assert!(counted >= all, "{counts:?} of {all}");
        }
        let (kept, mut elsewhere) = (words(reading.body.markdown()), front_words(&reading.front));
        let mut kept = kept.iter().peekable();
        for word in words(body) {
            let is_next = kept.next_if(|kept| **kept == word).is_some();
            prop_assert!(is_next || take(&mut elsewhere, &word), "`{word}` is lost");
        }
        prop_assert_eq!(kept.next(), None, "more words than there were");
        for word in fields.iter().flat_map(|field| words(field)) {
            prop_assert!(take(&mut elsewhere, &word), "`{word}` of a field is lost");
        }
    }
    Ok(())
}

/// Prose with everything in it that markup, dates, labels and debris are made of.
fn prose() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[a-zA-Zäßж語]{1,9}[.,;:!?]?",
        1 => Just("\"Quoted.\"".to_owned()),
        1 => Just("Dr.".to_owned()),
        1 => "[*_#>|`~\\[\\]<&$\\\\-]{1,3}[a-z]{0,4}",
        1 => Just("07/13/2021".to_owned()),
        1 => Just("3.5".to_owned()),
        1 => Just("Read more".to_owned()),
        1 => Just("X".to_owned()),
    ];
    let line = prop::collection::vec(word, 3..40).prop_map(|words| words.join(" "));
    prop::collection::vec(line, 1..8).prop_map(|lines| lines.join("\n\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_word_of_a_label_block_is_lost(body in prose(), title in "[A-Z][a-z]{2,8}( [a-z]{1,8}){1,5}", id in "[0-9]{1,6}") {
        words_survive("label block", &wire(&id, "Tue, 07/13/2021 - 11:47", &title, &body), &format!("{body} Read more X"), &[&title])?;
        words_survive("label block", &format!("Title: {title}\nBy: Ida Moss\nTags: a; b\nTags: c\n\n{body}"), &body, &[&title, "Ida Moss", "a b c"])?;
        words_survive("label block", &format!("{title}\n\nAuther: x\nDate: soon\nText: {body}"), &body, &[&title])?;
    }

    #[test]
    fn no_word_of_a_titled_text_is_lost(body in prose(), title in "[A-Z][a-z]{2,8}( [a-z]{1,8}){1,5}") {
        words_survive("titled text", &format!("{title}\n\n{body}\n"), &body, &[&title])?;
        let body = format!("It rained on the town and it rained on the sea.\n\n{body}");
        words_survive("titled text", &format!("{title}\n\nBy Ida Moss\nMay 3, 2011\n\n{body}\n"), &body, &[&title, "Ida Moss"])?;
    }

    #[test]
    fn no_word_of_json_is_lost(body in prose(), title in "[A-Z][a-z]{2,8}( [a-z]{1,8}){1,5}", odd in prose()) {
        let record = serde_json::json!({"headline": title, "author": "Ida Moss", "text": body, "mood": odd, "nested": {"a": [1.5, null]}});
        let in_ascii = |text: &str| -> String {
            let escape = |c: char| match c.is_ascii() {
                true => c.to_string(),
                false => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
            };
            text.chars().map(escape).collect()
        };
        let pretty = serde_json::to_string_pretty(&record).expect("json");
        for raw in [
            record.to_string(),
            pretty.clone(),
            in_ascii(&pretty),
            format!("[{record},\n{pretty}]"),
            format!("{record}\n{record}\n"),
            format!("{{\"n\": 2, \"docs\": [{pretty}]}}"),
        ] {
            words_survive("json", &raw, &body, &[&title, "Ida Moss", &odd, "1.5"])?;
        }
    }

    #[test]
    fn no_word_of_a_table_is_lost(body in prose(), title in "[A-Z][a-z]{2,8}( [a-z]{1,8}){1,5}", odd in prose()) {
        for delimiter in [b',', b'\t', b';'] {
            let mut rows = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            for row in [["headline", "mood", "text"], [&title, &odd, &body], [&title, &odd, &body]] {
                rows.write_record(row).expect("written");
            }
            let raw = String::from_utf8(rows.into_inner().expect("written")).expect("text");
            words_survive("table", &raw, &body, &[&title, &odd])?;
            // Without names, where the longest column is the text.
            if body.len() > odd.len() + 200 {
                let (_, rows) = raw.split_once('\n').expect("rows");
                words_survive("table", rows, &body, &[&title, &odd])?;
            }
        }
    }

    #[test]
    fn no_word_of_markdown_is_lost(body in prose(), title in "[A-Z][a-z]{2,8}") {
        words_survive("markdown", &format!("---\ntitle: {title}\ntags: [a, b]\nodd: 1\n---\n\n{body}\n"), &body, &[&title, "a b", "1"])?;
    }
}

fn archive() -> Archive {
    let body = "The North Canal was opened again. People from North Canal District walked along it and saw Port Lark.";
    (0..40).fold(Archive::new().with_address(), |archive, i| {
        archive.raw(
            &format!("{}/{i}.txt", i % 3),
            format!("Title: Article number {i}\nDate: 20{:02}-03-{:02}\nBy: Author {}\nTags: Topic {}\n\n{body}\n", i % 20, 1 + i % 28, i % 4, i % 7),
        )
    })
}

/// Law 6.
#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (archive().built(), archive());
    // Another order of arrival, and a build with more work before it.
    two.rename("raw/0", "raw/zero");
    two.build();
    two.rename("raw/zero", "raw/0");
    two.remove("content");
    two.remove("topics.toml");
    two.remove("public");
    assert_eq!(two.build().status, 0);
    one.expect_same("content", &two.files("content"));
    assert_eq!(one.read("topics.toml"), two.read("topics.toml"));
    one.expect_same("public", &two.files("public"));
}

#[test]
fn a_second_build_writes_nothing() {
    let archive = archive().built();
    let said = archive.build();
    assert_eq!((said.count("/written"), said.count("/removed")), (0, 0));
}

/// Law 1, as far as there is no cache: what is left from before never shows.
#[test]
fn an_incremental_build_equals_a_clean_one() {
    let archive = archive().built();
    archive.remove("raw/0/3.txt");
    archive.edit("topics.toml", "[topic-2]", "[renamed]");
    archive.edit("backfile.toml", "The Test", "The Rest");
    archive.write("static/new.txt", "new");
    archive.write("public/left-over/x.html", "stale");
    assert!(archive.build().count("/removed") > 1);
    let incremental = archive.files("public");
    archive.remove("public");
    archive.build();
    archive.expect_same("public", &incremental);
    assert!(!archive.has("public/left-over"));
}

/// Law 4.
#[test]
fn what_a_person_wrote_is_never_overwritten() {
    let archive = archive()
        .file(
            "topics.toml",
            "# mine\n[canal]\nname = \"Canals\"\nphrases = [\"North Canal\"]\n",
        )
        .file("content/page.md", "# Mine\n\nText.\n");
    archive.write("templates/404.html", "mine");
    let before = [
        archive.read("topics.toml"),
        archive.read("content/page.md"),
        archive.read("templates/404.html"),
        archive.read("backfile.toml"),
    ];
    archive.build();
    archive.build();
    assert_eq!(
        [
            archive.read("topics.toml"),
            archive.read("content/page.md"),
            archive.read("templates/404.html"),
            archive.read("backfile.toml")
        ],
        before
    );
    archive.run(&["topics", "discover"]);
    assert!(archive.read("topics.toml").starts_with(&before[0]));
}

/// Law 7: garbage in any one file is one diagnostic, and every other page is as it was.
#[test]
fn one_bad_article_hides_no_other() {
    let archive = archive().built();
    let before = archive.files("public");
    let files: Vec<String> = archive.files("content").into_keys().collect();
    for (at, file) in files.iter().enumerate().step_by(7) {
        let path = format!("content/{file}");
        let good = archive.read(&path);
        let garbage: &[u8] = [
            &b"\xff\xfe\x00garbage\x80"[..],
            b"no front matter",
            b"---\ntitle: [\n---\n",
            b"",
        ][at % 4];
        archive.write(&path, garbage);
        // Without its raw records nothing brings the article back.
        archive.rename("raw", "away");
        let said = archive.build();
        assert_eq!(said.status, 1);
        let mut found = said.diagnostics();
        found.retain(|said| !said.starts_with("raw:"));
        assert!(found.len() == 1 && found[0].starts_with(&path), "{found:?}");
        let title = good
            .lines()
            .find_map(|l| l.strip_prefix("slug: "))
            .expect("a slug")
            .trim_matches('"')
            .to_owned();
        let after = archive.files("public");
        let missing: Vec<_> = before
            .keys()
            .filter(|f| !after.contains_key(*f) && !f.contains(&title))
            .collect();
        // What is gone with the article is only the day, month or year that it stood in alone.
        assert!(
            missing
                .iter()
                .all(|f| f.ends_with("index.html") || f.starts_with("sitemap/")),
            "{missing:?}"
        );
        archive.rename("away", "raw");
        archive.write(&path, &good);
    }
    assert_eq!(archive.build().status, 0);
    archive.expect_same("public", &before);
}

/// Law 7: what is wrong with the site itself writes nothing.
#[test]
fn a_broken_template_setting_or_topic_file_leaves_the_old_site_whole() {
    let archive = archive().built();
    let before = archive.files("public");
    for (file, text) in [
        ("templates/404.html", "{% if %}"),
        ("templates/article.html", "{{ nothing.here }}"),
        ("backfile.toml", "[site\n"),
        ("topics.toml", "[a]\nphrases = 3\n"),
        ("themes/broadsheet/theme.toml", "[values\n"),
    ] {
        let old = archive.has(file).then(|| archive.read(file));
        archive.write(file, text);
        archive.edit(
            &archive.article_file("article-number-5"),
            "North Canal",
            "South Canal",
        );
        let said = archive.build();
        assert_eq!(said.status, 2, "{file}: {}", said.json);
        assert!(
            said.diagnostics()[0].starts_with(file),
            "{:?}",
            said.diagnostics()
        );
        archive.expect_same("public", &before);
        archive.edit(
            &archive.article_file("article-number-5"),
            "South Canal",
            "North Canal",
        );
        match old {
            Some(old) => archive.write(file, old),
            None => archive.remove(file),
        }
    }
    let said = archive.build();
    assert_eq!(said.status, 0, "{}", said.json);
    archive.expect_same("public", &before);
}

/// Law 8. `Archive::run` ends a command that hangs.
#[test]
fn nothing_hostile_leaves_its_folder_or_hangs() {
    let deep = "<div>".repeat(20_000);
    let labels: String = (0..20_000)
        .map(|i| format!("Label {}: value {i}\n", ["a", "b", "c"][i % 3]))
        .collect();
    let archive = Archive::new()
        .raw("a.md", "---\ntitle: \"../../../../tmp/evil\"\nslug: ../../evil\ndate: 2020-01-01\naliases: [../../../evil.html, /a/../../evil.html]\n---\n\ntext <script>alert(1)</script>\n")
        .raw("b.md", format!("---\ntitle: Deep\n---\n\n{deep}\n"))
        .raw("c.txt", format!("Title: Labels\nDate: 2020-01-01\n{labels}\nThe body of it.\n"))
        .raw("d.txt", format!("A title\n\nWords of prose, and then one line: {}\n", "very long ".repeat(200_000)))
        .raw("e.md", "---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n---\n\nBomb\n");
    let said = archive.build();
    assert!(said.status < 2, "{}", said.json);
    for (file, bytes) in archive
        .files("public")
        .into_iter()
        .filter(|(file, _)| file.ends_with(".html"))
    {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("<script"),
            "{file}"
        );
    }
    let outside = archive.root().parent().expect("a folder");
    assert!(!outside.join("evil.html").exists() && !outside.join("evil").exists());
}

/// Law 8: no name that an article gives itself leaves the website's folder, hides in it, or stops the rest.
#[test]
fn hostile_names_stay_in_the_folder_and_stop_nothing() {
    let archive = Archive::new()
        .article("good.md", "title: Good\ndate: 2020-01-02", "Text.")
        .article("id.md", "title: Id\nid: ../../../evil", "Text.")
        .article("abs.md", "title: Abs\nid: /tmp/backfile-evil", "Text.")
        .article(
            "aliases.md",
            "title: Aliases\ndate: 2021-01-02\naliases: [\"../../evil.html\", \".htaccess\", \".backfile-public/x.html\", \"a\\0b.html\", \"archive.html/y.html\", \"2020/01/02/good.html/x.html\", \"a.b\", \"a.b/c.html\", \"2020\"]",
            "Text.",
        )
        .article("long.md", &format!("title: Long\naliases: [\"{}.html\"]", "x".repeat(300)), "Text.");
    archive.write(
        "backfile.toml",
        "[site]\npermalink = \"{year}/{month}/{day}/{id}.html\"\n",
    );
    archive.write("static/2020", "a file where a folder has to be");
    archive.write(&format!("content/{}.md", "y".repeat(250)), "# Long name\n");
    let said = archive.build();
    assert_eq!(said.status, 1, "{}", said.json);
    assert!(archive.has("public/2020/01/02/index.html") && archive.has("public/undated/evil.html"));
    let outside = archive.path("..").join("evil.html");
    assert!(!outside.exists() && !std::path::Path::new("/tmp/backfile-evil.html").exists());
    let files = archive.files("public");
    assert!(
        files
            .keys()
            .all(|f| f == ".backfile-public" || !f.contains("/.") && !f.starts_with('.')),
        "{files:?}"
    );
    // Named, and made by a second build in the same way.
    let found = said.diagnostics().join("\n");
    for part in [
        "../../evil.html",
        ".htaccess",
        "content/articles/long.md",
        "hides the static",
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    archive.expect_same("public", &files);
    archive.remove("static/2020");
    archive.build();
    assert!(archive.has("public/2020/01/02/index.html"));
}

/// What other programs write under names that are ours is kept, and what import wrote it can read.
#[test]
fn front_matter_of_others_never_becomes_ours_or_unreadable() {
    let archive = Archive::new()
        .raw("a.md", "---\ntitle: One\nslug: \"A b\"\nraw: mine\ndate: some day in May\ndraft: maybe\n---\nText.\n")
        .raw("b.txt", "Title: Two\nTitle: Second\nDate: 2020-01-02\nDate: 2020-01-03\nSlug: not-yours\nDraft: true\nWithdrawn: yes\nRemoved: all\n\nText of it.\n")
        .raw("c.md", "+++\ntitle = \"Three\"\ntags = [1, 2]\nauthors = [{ name = \"A\" }]\nslug = \"its-own\"\n+++\nText.\n");
    let said = archive.build();
    assert_eq!(
        (said.count("/articles"), said.count("/drafts")),
        (1, 2),
        "{}",
        said.json
    );
    let all: String = archive
        .files("content")
        .keys()
        .map(|f| archive.read(&format!("content/{f}")))
        .collect();
    for part in [
        "some day in May",
        "maybe",
        "Second",
        "2020-01-03",
        "not-yours",
        "withdrawn: true",
        "name: \"A\"",
        "slug: \"its-own\"",
    ] {
        assert!(
            all.contains(part) || all.contains(&part.replace('"', "")),
            "{part}: {all}"
        );
    }
}
