//! Each rule of discovery, on articles made up for it.

use proptest::prelude::*;

use super::{Evidence, propose};
use crate::settings::TopicDefinition;
use crate::settings::topics_file as file;

/// Articles as (title, body), each with a filler of its own so that no rule about shares is met by chance.
fn proposed(articles: &[(String, String)]) -> Vec<TopicDefinition> {
    let mut evidence = Evidence::default();
    for (title, body) in articles {
        evidence.add(title, body, None, &[]);
    }
    propose(&evidence)
}

/// Some articles that say `sentence` thrice, among four times as many that do not.
fn among_others(count: usize, sentence: &str) -> Vec<(String, String)> {
    let own = |_| {
        (
            String::new(),
            format!("{sentence} And {sentence}\n\nHere {sentence}"),
        )
    };
    let other = |n| {
        (
            format!("quiet day {n}"),
            "the boats stayed in and the nets were dry".to_owned(),
        )
    };
    (0..count)
        .map(own)
        .chain((0..4 * count).map(other))
        .collect()
}

fn names(definitions: &[TopicDefinition]) -> Vec<&str> {
    definitions.iter().map(|d| d.name.as_str()).collect()
}

#[test]
fn what_several_articles_name_is_proposed() {
    let found = proposed(&among_others(
        3,
        "we saw the Harbour Board of Port Vale today.",
    ));
    assert_eq!(names(&found), ["Harbour Board of Port Vale"]);
    assert_eq!(found[0].phrases, ["Harbour Board of Port Vale"]);
    assert!(
        proposed(
            &[
                among_others(1, "we saw the Harbour Board today."),
                among_others(0, "")
            ]
            .concat()
        )
        .is_empty(),
        "too rare"
    );
}

#[test]
fn what_most_articles_name_is_not() {
    let articles: Vec<_> = (0..30)
        .map(|_| (String::new(), "in Oslo and in Oslo and in Oslo".to_owned()))
        .collect();
    assert!(proposed(&articles).is_empty());
}

#[test]
fn a_word_that_is_mostly_written_small_is_no_name() {
    let sentence = "a boat, a boat and one Boat more.";
    assert!(proposed(&among_others(4, sentence)).is_empty());
}

#[test]
fn days_honorifics_agencies_and_pronouns_are_no_topics() {
    for sentence in [
        "they met on Monday with me.",
        "so the President spoke.",
        "as told to Reuters today.",
        "when I’m here",
    ] {
        assert!(
            proposed(&among_others(4, sentence)).is_empty(),
            "{sentence}"
        );
    }
}

#[test]
fn a_surname_joins_the_full_name_and_makes_a_person() {
    let found = proposed(&among_others(
        4,
        "then Mr Ovesen waited; we met Arne Ovesen, and Ovesen said no.",
    ));
    assert_eq!(names(&found), ["Arne Ovesen"]);
    assert_eq!(found[0].kind.as_deref(), Some("person"));
    assert!(found[0].phrases.contains(&"Ovesen".to_owned()));
}

#[test]
fn a_surname_of_several_persons_is_nobody() {
    let mut articles = among_others(4, "we met Arne Ovesen, and Ovesen left.");
    articles.extend(among_others(4, "we met Berit Ovesen, and Ovesen left."));
    let found = proposed(&articles);
    let alone = found.iter().filter(|d| d.phrases == ["Ovesen"]).count();
    assert_eq!((alone, found.len()), (0, 2));
}

#[test]
fn names_that_are_alike_in_letters_only_are_not_joined() {
    let mut articles = among_others(4, "we heard Abba, Abba and Bond.");
    articles.extend(among_others(4, "we met Abbas and Abbas on Bondi."));
    let found = proposed(&articles);
    assert_eq!(names(&found), ["Abba", "Abbas", "Bond", "Bondi"]);
    let found = proposed(&among_others(
        4,
        "all Zeds and one Zed met in Norway, as Norwegian papers said.",
    ));
    assert_eq!(names(&found), ["Norway", "Zed"]);
}

#[test]
fn kinds_follow_from_words_and_lists() {
    for (name, kind) in [
        ("Kenya", Some("place")),
        ("Ellery Bay", Some("place")),
        ("Port Ellery Council", Some("organisation")),
        ("Harbour Cup", Some("event")),
        ("Margaret Quill", Some("person")),
        ("Aston Villa", None),
    ] {
        let found = proposed(&among_others(
            4,
            &format!("then by the {name} we said so, {name} said."),
        ));
        assert_eq!(
            (names(&found), found[0].kind.as_deref()),
            (vec![name], kind)
        );
    }
}

#[test]
fn spellings_of_one_thing_are_one_topic() {
    let mut articles = among_others(4, "in the U.S. we are, in the US, in the United States.");
    articles.extend(among_others(
        4,
        "the Port Vale Council (PVC) met; so PVC it was.",
    ));
    let found = proposed(&articles);
    assert_eq!(names(&found), ["Port Vale Council", "United States"]);
    assert_eq!(found[0].phrases.len(), 2);
    assert_eq!(found[1].phrases.len(), 3);
}

#[test]
fn possessives_and_plurals_are_stripped() {
    let found = proposed(&among_others(
        4,
        "in Kestrel’s nest, by the Kestrel, near Kestrel's nest, as all Kestrels do.",
    ));
    assert_eq!(names(&found), ["Kestrel"]);
}

#[test]
fn datelines_are_places() {
    let mut evidence = Evidence::default();
    for (_, body) in among_others(4, "here in Port Vale") {
        let place = body.contains("Vale").then_some("PORT VALE, Norway");
        evidence.add("", &body, place, &[]);
    }
    let found = propose(&evidence);
    assert_eq!(
        (names(&found), found[0].kind.as_deref()),
        (vec!["Port Vale"], Some("place"))
    );
}

#[test]
fn front_matter_names_are_proposed_from_two_articles() {
    let mut evidence = Evidence::default();
    for topics in [
        &["tides", "Open data", "rare"][..],
        &["Tides", "open data"],
        &["tides", "Open data"],
    ] {
        evidence.add(
            "",
            "",
            None,
            &topics.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>(),
        );
    }
    let found = propose(&evidence);
    assert_eq!(names(&found), ["Open data", "tides"]);
    assert_eq!(found[0].phrases, ["Open data"]);
    assert!(
        found[1].phrases.is_empty(),
        "one small word would find half of the archive"
    );
}

#[test]
fn titles_without_capitals_give_topics() {
    let mut evidence = Evidence::default();
    for n in 0..40 {
        let title = if n % 8 == 0 {
            "زيارة ميناء أوسلو"
        } else {
            "خبر قصير هنا"
        };
        evidence.add(title, "نص قصير", None, &[]);
    }
    assert!(names(&propose(&evidence)).contains(&"ميناء أوسلو"));
}

#[test]
fn topics_are_enough_where_nine_articles_in_ten_have_one() {
    let mut articles = Vec::new();
    for n in 0..120_u8 {
        let name = format!(
            "Zed{}{}",
            char::from(b'a' + n % 20),
            char::from(b'a' + n / 20)
        );
        articles
            .extend((0..3).map(|_| (String::new(), format!("in {name}, by {name}, at {name}"))));
    }
    assert_eq!(proposed(&articles).len(), 108);
}

#[test]
fn hostile_articles_do_no_harm() {
    let mut evidence = Evidence::default();
    for hostile in [
        "A".repeat(300_000),
        "Aa".repeat(20_000),
        "Ab ".repeat(100_000),
        "(((\u{0}\"\"''".repeat(30_000),
        "U.".repeat(90_000),
        "港".repeat(90_000),
    ] {
        evidence.add(
            &hostile,
            &hostile,
            Some(&hostile),
            std::slice::from_ref(&hostile),
        );
        evidence.add(
            &hostile,
            &hostile,
            Some(&hostile),
            std::slice::from_ref(&hostile),
        );
    }
    let definitions = propose(&evidence);
    assert_eq!(
        file::read("topics.toml", &file::write(&definitions)),
        Ok(definitions)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_order_of_articles_does_not_matter(
        articles in prop::collection::vec(
            ("(Oslo|Bergen|port of Oslo|ميناء أوسلو) [a-c]", "(in (Ada Berg|Oslo|the Port Vale Council \\(PVC\\)|Berg|PVC|U\\.S\\.|US),? ){1,6}", prop::option::of("OSLO|Bergen"), prop::collection::vec("[tT]ides|Open data", 0..2)),
            0..30,
        ),
        cut in 0_usize..30,
    ) {
        let gather = |articles: &[(String, String, Option<String>, Vec<String>)]| {
            let mut evidence = Evidence::default();
            for (title, body, place, topics) in articles {
                evidence.add(title, body, place.as_deref(), topics);
            }
            evidence
        };
        let forward = propose(&gather(&articles));
        let mut reversed = articles.clone();
        reversed.reverse();
        prop_assert_eq!(&propose(&gather(&reversed)), &forward);
        let (left, right) = articles.split_at(cut.min(articles.len()));
        prop_assert_eq!(&propose(&gather(left).merge(gather(right))), &forward);
        prop_assert_eq!(&propose(&gather(right).merge(gather(left))), &forward);
    }
}
