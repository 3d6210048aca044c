//! Text that was flattened to one line: paragraphs and headings are restored, and no word is lost.

use backfile::import::body;
use backfile::import::provenance::Disposition;
use backfile::import::reading::{Body, Reading};
use backfile::import::repair::paragraphs;
use backfile::settings::Repairs;
use proptest::prelude::*;

use crate::archive::{Archive, wire};

/// Headings that are noun phrases, one with names, and none of them with a full stop.
const FERRY: &str = "PORT LARK, July 13. /MAKER/. The night ferry to Elmbridge will sail again in August, the harbour office said on Tuesday. It had been laid up since May with a cracked shaft. \"We tried glue, and then we tried a better glue,\" said the engineer, Dr. Ida Moss. New fares from August The council will vote on the fares on Monday, after the feast. It expects them to rise by a tenth, as the price of oil has doubled since the spring. Nobody on the quay was glad of that. Talks between Elmbridge and Port Lark In the past the two towns shared the cost of the ferry, but Elmbridge stopped its payments in March. Its mayor, Tom Reeve, says that the boat is late too often. A meeting is planned for September. A reserve with a stove The mail boat will be kept until the new year. About 600 people crossed on it meanwhile, and some of them say that they prefer it.";

/// A whole heading in quotation marks, and two whose sentences begin with the name of a town.
const RESERVOIR: &str = "Elmbridge has asked for a new reservoir above the town, its council said on Friday. Elmbridge lost water for nine days in the last two summers, and the fire brigade had to bring it in tanks. Port Lark has water to spare, but no pipe leads over the hill. \"A pipe would cost more than a lake\" Elmbridge believes that a pipe would cost more than a lake of its own, the council said. Its engineers have measured the valley twice. They found rock at four metres and clay below it. New rules on garden water Elmbridge wants new rules on the water that gardens take in July, with fines from the second day on. The rules will be read in public next week. A clerk will answer questions on garden water until the end of the month. Building over the old village When the valley is flooded, the ruins of Old Alder will be gone for good. Some want them measured first. The museum has offered to pay for the work, and a school class has already begun.";

/// Headings with a gerund, of one word, and one that its sentence repeats.
const LAMPS: &str = "The lamps of the upper town have been lit by hand since 1871. The last lamplighter, Ada Lind, retires this winter after forty years on the ladder, and nobody has asked for her post. Learning the round It took her a year to learn the round, she says, for the lamps have no numbers. Each of them burns for nine hours. The glass is washed on Fridays, when the wind allows. Costs The town pays for gas, glass and boots. That was never much, and in the year of the long gale it was less than the price of one electric mast. The museum of lamps The museum of lamps has asked for the ladder. It will stand in the hall, beside the bell of the first ferry and the chair of the harbour master. Visitors may climb the first three rungs of it. Keeping one of them alight One lamp will burn on, in front of the school. Who lights it is not decided yet, but eleven children have put their names down.";

/// Much that has a capital in the middle of a sentence, and no heading.
const PLAIN: &str = "Former harbour master Tom Reeve said that he had read The Gazette every day for thirty years. Prime Minister Edda Marlow told The Ledger that she would not go. Opposition leader Nils Farrow expects a vote on Monday. The Elmbridge Council has asked Reed & Co. for a new crane. Most cases of vitamin A poisoning were mild, the clinic said. The first thing that I noticed was the smell. \"It was tar,\" the former keeper Ida Moss said. In Doctor Who the police box is blue. She sings with the band The Larks on Saturdays. The book What We Owe to the Sea was sold out by noon. Every Friday I row to the bar with Ada. Today Port Lark has four ferries, and the Ferry Board has none to spare. Chairman of the Board Karl Lind is known for his hats. The company Quay Works has built nine of them.";

fn imported(settings: &str, body: &str) -> String {
    let archive = Archive::new().file("backfile.toml", settings).raw(
        "a.txt",
        wire("7", "Tue, 07/13/2021 - 11:47", "What happened", body),
    );
    assert_eq!(archive.run(&["import"]).status, 0);
    archive.read(&archive.article_file("what-happened"))
}

fn headings(article: &str) -> Vec<&str> {
    article
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect()
}

#[test]
fn headings_of_flattened_articles_come_back_and_no_others() {
    for (body, expected) in [
        (
            FERRY,
            &[
                "New fares from August",
                "Talks between Elmbridge and Port Lark",
                "A reserve with a stove",
            ][..],
        ),
        (
            RESERVOIR,
            &[
                "“A pipe would cost more than a lake”",
                "New rules on garden water",
                "Building over the old village",
            ],
        ),
        (
            LAMPS,
            &[
                "Learning the round",
                "Costs",
                "The museum of lamps",
                "Keeping one of them alight",
            ],
        ),
    ] {
        let article = imported("", body);
        let found: Vec<String> = headings(&article)
            .into_iter()
            .map(|heading| match heading.strip_prefix('"') {
                Some(rest) => format!("“{}”", rest.trim_end_matches('"')),
                None => heading.to_owned(),
            })
            .collect();
        assert_eq!(found, expected, "{article}");
        assert!(article.contains("\n  - headings\n"), "{article}");
        // A heading stands on a line of its own, between blank lines.
        let lines: Vec<&str> = article.lines().collect();
        for at in (0..lines.len()).filter(|at| lines[*at].starts_with("## ")) {
            assert!(lines[at - 1].is_empty() && lines[at + 1].is_empty());
        }
    }
}

#[test]
fn an_article_without_headings_gets_none() {
    for body in [PLAIN, crate::import::BODY] {
        let article = imported("", body);
        assert_eq!(headings(&article), Vec::<&str>::new(), "{article}");
        assert!(!article.contains("- headings"), "{article}");
    }
}

#[test]
fn settings_turn_headings_and_paragraphs_off() {
    let article = imported("[import.repair]\nheadings = false\n", FERRY);
    assert_eq!(headings(&article), Vec::<&str>::new());
    assert!(article.contains("- paragraphs") && !article.contains("- headings"));
    assert!(article.contains("New fares from August The council"));
    let article = imported("[import.repair]\nparagraphs = false\n", LAMPS);
    assert_eq!(headings(&article).len(), 4);
    assert!(article.contains("- headings") && !article.contains("- paragraphs"));
    let off = "[import.repair]\nparagraphs = false\nheadings = false\n";
    let article = imported(off, LAMPS);
    assert!(
        !article.contains("inferred:") && !article.contains("## "),
        "{article}"
    );
}

#[test]
fn a_dateline_stays_with_its_paragraph() {
    let article = imported("", FERRY);
    assert!(
        article.contains("\n\nPORT LARK, July 13. /MAKER/. The night ferry"),
        "{article}"
    );
}

#[test]
fn texts_with_line_breaks_are_not_changed() {
    let article = imported("", &FERRY.replacen(". ", ".\n\n", 3));
    assert!(
        !article.contains("- paragraphs") && !article.contains("## "),
        "{article}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_mutilated_text_loses_no_word(
        which in 0..4_usize, from in 0..900_usize, to in 0..900_usize, with in "([ .!?\"“”#*&a-z\\n]|\\PC){0,12}",
    ) {
        let text = [FERRY, RESERVOIR, LAMPS, PLAIN][which];
        let at = |byte: usize| (0..=byte.min(text.len())).rev().find(|b| text.is_char_boundary(*b)).unwrap_or(0);
        let (from, to) = (at(from.min(to)), at(from.max(to)));
        let text = format!("{}{with}{}", &text[..from], &text[to..]);
        let mut reading = Reading {
            body: Body::Prose(0..text.len()),
            repairs: Repairs::ALL,
            ..Reading::default()
        };
        reading.account.note(0..text.len(), Disposition::Body);
        body::convert(&mut reading, &text);
        prop_assert!(reading.verify(&text).is_ok(), "{}", reading.body.markdown());
        let restored = paragraphs::restore(&text, Repairs::ALL);
        prop_assert!(restored.blocks.is_sorted_by(|a, b| a.range.end <= b.range.start));
    }
}
