//! MediaWiki dumps: pages, their versions, and wikitext.

use std::time::Instant;

use backfile::import::body;
use backfile::import::layouts::{LAYOUTS, RawText};
use backfile::import::reading::Reading;
use proptest::prelude::*;

use crate::archive::Archive;
use crate::import_feeds::{one, read};

const HEAD: &str = "<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\" version=\"0.11\" xml:lang=\"de\">
<siteinfo><sitename>Kaiwiki</sitename><dbname>kai</dbname><base>https://kai.example/wiki/Hauptseite</base><namespaces>
<namespace key=\"0\" case=\"first-letter\" /><namespace key=\"1\" case=\"first-letter\">Diskussion</namespace>
<namespace key=\"10\" case=\"first-letter\">Vorlage</namespace><namespace key=\"6\">Datei</namespace>
<namespace key=\"14\">Kategorie</namespace><namespace key=\"100\">Portal</namespace><namespace key=\"104\">Chronik</namespace>
</namespaces></siteinfo>\n";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A version of a page: its day in July 2021, whether another came before, its text.
fn revision(day: u32, has_parent: bool, text: &str) -> String {
    let parent = if has_parent {
        "<parentid>1</parentid>"
    } else {
        ""
    };
    format!(
        "<revision><id>{day}</id>{parent}<timestamp>2021-07-{day:02}T10:00:00Z</timestamp><contributor><username>Ida</username><id>3</id></contributor><comment>edit {day}</comment><model>wikitext</model><format>text/x-wiki</format><text bytes=\"1\" xml:space=\"preserve\">{}</text><sha1>x</sha1></revision>",
        escape(text)
    )
}

fn page(title: &str, ns: i64, number: u32, inner: &str) -> String {
    format!(
        "<page><title>{}</title><ns>{ns}</ns><id>{number}</id>{inner}</page>\n",
        escape(title)
    )
}

fn dump(pages: &str) -> String {
    format!("{HEAD}{pages}</mediawiki>\n")
}

/// The page of a text.
fn wikitext(text: &str) -> Reading {
    one(
        "mediawiki",
        &dump(&page("Fähre", 0, 7, &revision(1, false, text))),
    )
}

fn body(text: &str) -> String {
    wikitext(text).body.into_markdown()
}

#[test]
fn a_page_gives_its_fields_from_its_first_version_and_its_text_from_the_latest() {
    let history = revision(3, false, "Old text.")
        + &revision(
            9,
            true,
            "New text.\n\n[[Kategorie:Hafen]] [[Category:Boote_und_Schiffe|x]]\n[[fr:Le bac]] [[en:Ferry]]\n",
        );
    let reading = one("mediawiki", &dump(&page("Die Fähre?", 0, 7, &history)));
    let front = &reading.front;
    assert_eq!(
        (front.id.as_str(), front.title.as_str()),
        ("7", "Die Fähre?")
    );
    assert_eq!(reading.record.as_deref(), Some("7"));
    assert_eq!(front.date.expect("one").to_string(), "2021-07-03T10:00Z");
    assert_eq!(front.inferred, ["date"]);
    assert_eq!(front.extra["modified"], "2021-07-09T10:00:00Z");
    assert_eq!(front.topics, ["Hafen", "Boote und Schiffe"]);
    assert_eq!(
        (front.lang.as_deref(), front.source.as_deref()),
        (Some("de"), Some("Kaiwiki"))
    );
    assert_eq!(
        front.extra["url"],
        "https://kai.example/wiki/Die_Fähre%3F".replace('ä', "%C3%A4")
    );
    assert_eq!(
        front.extra["translations"],
        serde_json::json!(["fr:Le bac", "en:Ferry"])
    );
    assert_eq!(front.extra["contributors"], serde_json::json!(["Ida"]));
    assert_eq!(reading.body.markdown(), "New text.\n");
}

#[test]
fn the_date_of_a_wiki_article_is_in_its_text_not_in_its_revision() {
    let later = one(
        "mediawiki",
        &dump(&page("A", 0, 7, &revision(9, true, "Text."))),
    );
    assert_eq!(later.front.date, None);
    assert_eq!(later.front.extra["modified"], "2021-07-09T10:00:00Z");
    for text in [
        "{{Date|January 5, 2012}}\nText.",
        "{{Datum|5. Januar 2012}}\nText.",
    ] {
        let named = one(
            "mediawiki",
            &dump(&page("A", 0, 7, &revision(9, true, text))),
        );
        assert_eq!(named.front.date.expect("one").to_string(), "2012-01-05");
        assert!(named.front.inferred.is_empty() && named.front.removed.is_empty());
        assert_eq!(named.body.markdown(), "Text.\n");
    }
    let old = dump(&page("A", 0, 7, &revision(9, false, "Text.")))
        .replace("version=\"0.11\"", "version=\"0.5\"");
    assert_eq!(one("mediawiki", &old).front.date, None);
}

#[test]
fn talk_pages_templates_and_redirects_are_counted_and_left_out() {
    let text = revision(1, false, "Text of it.");
    let lead = |target: &str| format!("<redirect title=\"{target}\" />{text}");
    let pages = [
        page("Fähre", 0, 1, &text),
        page("Diskussion:Fähre", 1, 2, &text),
        page("Vorlage:Datum", 10, 3, &text),
        page("Portal:Hafen", 100, 4, &text),
        page("Chronik:1923", 104, 5, &text),
        page("Das Boot", 0, 6, &lead("Fähre")),
        page("Kahn", 0, 8, &lead("Das Boot")),
        page("Weg", 0, 9, &lead("Nirgends")),
    ];
    let readings = read("mediawiki", &dump(&pages.concat()));
    let articles: Vec<&Reading> = readings.iter().filter(|r| r.problem.is_none()).collect();
    let titles: Vec<&str> = articles.iter().map(|r| r.front.title.as_str()).collect();
    assert_eq!(titles, ["Fähre", "1923"]);
    assert_eq!(
        articles[0].front.extra["redirects"],
        serde_json::json!(["Das Boot", "Kahn"])
    );
    assert_eq!(articles[1].front.extra["namespace"], "Chronik");

    let archive = Archive::new().raw("dump.xml", dump(&pages.concat()));
    let said = archive.run(&["import"]);
    assert_eq!((said.status, said.count("/new")), (0, 2), "{}", said.json);
    let found = said.diagnostics().join("\n");
    assert!(found.contains("and 2 more in this file"), "{found}");
    assert!(found.contains("a redirect is left out"), "{found}");
}

#[test]
fn wikitext_becomes_markdown() {
    for (text, expected) in [
        (
            "Die ''Aurora'' fährt '''wieder''', sagt '''''sie'''''.",
            "Die *Aurora* fährt **wieder**, sagt ***sie***.\n",
        ),
        ("L'''amour'' gilt.", "L'*amour* gilt.\n"),
        ("A\nb\n\nc", "A b\n\nc\n"),
        (
            "== Im Hafen ==\nText.\n=== Am ''Kai'' === <!-- x -->\nMehr.",
            "## Im Hafen\n\nText.\n\n### Am *Kai*\n\nMehr.\n",
        ),
        (
            "[[Hafen|der Hafen]]stadt, [[Kai]] und [[:Kategorie:Boote]]",
            "der Hafenstadt, Kai und Kategorie:Boote\n",
        ),
        (
            "Sieh [https://q.example/a?b=1&c der ''Bericht''] und [https://q.example/].",
            "Sieh [der *Bericht*](https://q.example/a?b=1&c) und [https://q.example/](https://q.example/).\n",
        ),
        (
            "* eins\n* zwei\n** tiefer\n* drei",
            "- eins\n- zwei\n\n  - tiefer\n\n- drei\n",
        ),
        ("# eins\n# zwei\nText", "1. eins\n2. zwei\n\nText\n"),
        ("; Kai: am Wasser\n: Stein", "Kai: am Wasser\n\nStein\n"),
        (
            "{| class=\"wikitable\"\n|+ Fahrten\n|-\n! Tag !! Zahl\n|-\n| style=\"x\" | Mo || 3\n|-\n| Di\n| 4\n|}\nDanach.",
            "Fahrten\n\n| Tag | Zahl |\n|---|---|\n| Mo | 3 |\n| Di | 4 |\n\nDanach.\n",
        ),
        (
            "{|\n|+ Boote\n! Ort !! Jahr !! Zahl\n|-\n| rowspan=\"2\" | Kai || 2001 || 5\n|-\n| 2002 || 7\n|-\n| Mole\n| colspan=2 style=x | keine\n|}",
            "Boote\n\n| Ort | Jahr | Zahl |\n|---|---|---|\n| Kai | 2001 | 5 |\n|  | 2002 | 7 |\n| Mole | keine |  |\n",
        ),
        (
            "<nowiki>''kein'' [[Link]]</nowiki> a",
            "''kein'' \\[\\[Link\\]\\] a\n",
        ),
        (
            "__NOTOC__\nEin <b>Wort</b> und<br />noch <span style=\"x\">eins</span> &amp; &eacute; 1 < 2 <foo>",
            "Ein **Wort** und\\\nnoch eins & é 1 \\< 2 \\<foo>\n",
        ),
        (
            "{{w|Port Ellery|Der Hafen}} liegt {{convert|12|km|mi}} weit.",
            "Der Hafen liegt 12 km weit.\n",
        ),
        (
            "Er sagte:\n{{Zitat|Sie ''fährt''.|Ida Moss}}\nNun.",
            "Er sagte:\n\n> Sie *fährt*.\n>\n> Ida Moss\n\nNun.\n",
        ),
        (
            "* {{Quelle|url=https://q.example/1|titel=Fähre fährt|autor=Ida|pub=Kaiblatt}}",
            "- [Fähre fährt](https://q.example/1), Ida, Kaiblatt\n",
        ),
        ("<pre>\na  b\n</pre>", "```\na  b\n```\n"),
        (
            "H<sub>2</sub>O, 10<sup>6</sup> und <s>nie</s> <del>je</del>",
            "H<sub>2</sub>O, 10<sup>6</sup> und ~~nie~~ ~~je~~\n",
        ),
        (
            "<poem>\nDie Lampe,\ndie ''Flut''.\n\nNiemand\nrudert.\n</poem>\nText\ngeht weiter.",
            "Die Lampe,\\\ndie *Flut*.\n\nNiemand\\\nrudert.\n\nText geht weiter.\n",
        ),
        (
            "Es hat {{formatnum:12345}} Leute, {{frac|1|2}} davon seit {{circa|1900}}, m{{sup|2}}.",
            "Es hat 12345 Leute, 1/2 davon seit circa 1900, m<sup>2</sup>.\n",
        ),
        (
            " eine Zeile\n zweite Zeile\n\nText",
            "eine Zeile\\\nzweite Zeile\n\nText\n",
        ),
        (
            "<blockquote>Zitat.\n\nMehr.</blockquote>Danach",
            "> Zitat.\n>\n> Mehr.\n\nDanach\n",
        ),
        (
            "<ul><li>a<li>b</li></ul><table><tr><td>1</td><td>2</td></tr><tr><td>3<td>4</table>",
            "- a\n- b\n\n| 1 | 2 |\n|---|---|\n| 3 | 4 |\n",
        ),
    ] {
        assert_eq!(body(text), expected, "{text}");
    }
}

#[test]
fn templates_that_only_the_wiki_can_expand_are_removed_with_their_words() {
    let text = "{{Infobox Schiff\n| name = Aurora\n| bild = {{Bild|x}}\n}}\nDie Fähre<ref>Kaiblatt, ''Seite 3''</ref><ref name=\"a\" /> fährt<!-- stimmt das? -->.\n[[Datei:Aurora.jpg|mini|Die [[Fähre]] im Hafen]]\n<gallery>\nDatei:B.jpg|Boot\n</gallery>\n<references />";
    let reading = wikitext(text);
    assert_eq!(reading.body.markdown(), "Die Fähre fährt.\n");
    assert_eq!(
        reading.front.removed,
        [
            "{{Infobox Schiff | name = Aurora | bild = {{Bild|x}} }}",
            "<!-- stimmt das? -->",
            "<ref>Kaiblatt, ''Seite 3''</ref>",
            "[[Datei:Aurora.jpg|mini|Die [[Fähre]] im Hafen]]",
            "<gallery> Datei:B.jpg|Boot </gallery>",
        ]
    );
}

#[test]
fn a_chunk_from_the_middle_of_a_dump_is_read_with_the_head_of_the_dump() {
    let page = |number: u32| {
        page(
            &format!("Seite {number}"),
            0,
            number,
            &revision(1, false, "Text. [[Kategorie:Hafen]]"),
        )
    };
    let whole = dump(&(1..=3).map(page).collect::<String>());
    let layout = LAYOUTS
        .iter()
        .find(|l| l.name() == "mediawiki")
        .expect("one");
    let second = whole.find("<page><title>Seite 2").expect("two");
    let third = whole.find("<page><title>Seite 3").expect("three");
    let cut = layout
        .cut(&RawText::new("a", &whole[..third + 30]))
        .expect("a cut");
    assert_eq!(cut, third - 1);
    for (piece, titles) in [
        (&whole[second..third], vec!["Seite 2"]),
        (&whole[second..], vec!["Seite 2", "Seite 3"]),
        (&whole[whole.len() - "</mediawiki>\n".len()..], vec![]),
    ] {
        let raw = RawText {
            head: &whole[..second],
            ..RawText::new("a", piece)
        };
        assert!(layout.recognises(&raw));
        let readings = layout.read(&raw).unwrap_or_else(|d| panic!("{}", d.what));
        let found: Vec<&str> = readings.iter().map(|r| r.front.title.as_str()).collect();
        assert_eq!(found, titles);
        for reading in &readings {
            assert_eq!(reading.problem, None);
            assert_eq!(reading.front.lang.as_deref(), Some("de"));
            assert_eq!(reading.front.topics, ["Hafen"]);
        }
    }
    let torn = layout
        .read(&RawText::new("a", &whole[..third + 30]))
        .expect("two pages");
    assert_eq!(torn.len(), 3);
    assert!(torn[2].problem.is_some());
}

#[test]
fn hostile_wikitext_is_bounded() {
    for text in [
        "{{a|".repeat(20_000) + "x" + &"}}".repeat(20_000),
        "{{w|".repeat(20_000) + "x" + &"}}".repeat(20_000),
        "[[a|".repeat(20_000) + "x" + &"]]".repeat(20_000),
        "[[".repeat(500_000),
        "{{".repeat(100_000),
        "<div><b>''".repeat(20_000),
        "<ref>".repeat(40_000),
        "<!--".repeat(40_000),
        "{|\n|x\n".repeat(10_000),
        "{|\n|-\n!".repeat(10_000),
        "*".repeat(1_000_000) + " x",
        "*#:;".repeat(10_000) + " x",
        "'".repeat(200_000),
        "''a'''b".repeat(20_000),
        "[http://".repeat(20_000) + "]",
        "= ".repeat(50_000) + "=",
        "<blockquote>".repeat(10_000) + "x",
        "<ul><li>".repeat(10_000) + "x",
        "__A".repeat(50_000),
        "&#123".repeat(40_000),
        "{{{a|".repeat(20_000) + &"}}}".repeat(20_000),
    ] {
        let begun = Instant::now();
        let raw = dump(&page(
            "A",
            0,
            1,
            &revision(1, false, &(text.clone() + "\n\nEnd.")),
        ));
        let readings = read("mediawiki", &raw);
        let taken = begun.elapsed();
        // Not a speed: what is quadratic takes minutes.
        assert!(taken.as_secs() < 30, "{taken:?} {}", &text[..20]);
        assert_eq!(readings.len(), 1);
        assert_eq!(readings[0].problem, None, "{}", &text[..20]);
    }
}

/// Letters and digits of words that are no markup here.
fn words(text: &str) -> Vec<String> {
    let split = text.split(|c: char| !c.is_alphanumeric());
    let words = split.filter(|word| word.starts_with('w') && word.len() > 3);
    words.map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_word_of_wikitext_is_lost(parts in prop::collection::vec((0..30_usize, "w[a-zé]{3,6}"), 0..40)) {
        const MARKS: &[&str] = &[
            "''", "'''", "\n", "\n\n", "* ", "\n# ", "\n== ", " ==\n", "{|\n", "\n|}\n", "\n|-\n", "\n| ", "!",
            "<b>", "</b>", "<br>", "<li>", "</table>", "[", "]", "<ref>", "</ref>", "{{", "}}", "[[", "]]", "<!--", "-->", " ", ": ",
        ];
        let text: String = parts.iter().map(|(mark, word)| format!("{}{word} ", MARKS[*mark])).collect();
        let reading = wikitext(&format!("{text}\n\nEnd."));
        let mut said = words(reading.body.markdown());
        said.extend(reading.front.removed.iter().flat_map(|r| words(r)));
        let mut expected = words(&text);
        said.sort();
        expected.sort();
        prop_assert_eq!(said, expected, "{}", reading.body.markdown());
    }

    #[test]
    fn no_dump_is_refused_by_a_crash(text in "(<|>|&|;|page|title|text|revision|/|\\[\\[|\\]\\]|\\{\\{|\\}\\}|\\{\\||\\|\\}|\\||=|'|''|'''''|\\*|#|:|\n|é| |\"|ref|nowiki|!|--|http://|x|__|category){0,80}", cut in 0..2_000_usize) {
        let whole = dump(&page("A", 0, 1, &revision(1, false, &(text.clone() + "\nEnd"))));
        let mut end = cut.min(whole.len());
        while !whole.is_char_boundary(end) {
            end -= 1;
        }
        for text in [whole.as_str(), &whole[..end], &format!("{HEAD}<page>{text}")] {
            let raw = RawText::new("a", text);
            for layout in LAYOUTS.iter().filter(|l| l.name() == "mediawiki" && l.recognises(&raw)) {
                if let Ok(readings) = layout.read(&raw) {
                    for mut reading in readings.into_iter().filter(|r| r.problem.is_none()) {
                        let record = &text[reading.span.clone()];
                        body::convert(&mut reading, record);
                        prop_assert_eq!(reading.verify(record).err(), None);
                    }
                }
            }
        }
    }
}

#[test]
fn a_page_without_anything_in_it_is_a_problem_and_the_others_are_read() {
    let dump = "<mediawiki xml:lang=\"en\"><page/><page><title>Seeds</title><ns>0</ns><id>7</id>\
                <revision><text>More than two hundred gardeners brought seeds.</text></revision></page></mediawiki>";
    let archive = crate::archive::Archive::new().raw("a.xml", dump);
    let said = archive.run(&["import"]);
    assert_eq!(
        (said.status, said.count("/new")),
        (1, 1),
        "{:?}",
        said.diagnostics()
    );
}
