//! Each rule by which an article belongs to a topic, on texts made up for it.

use super::*;

fn matcher(topics: &[(&str, &[&str])]) -> Matcher {
    let definitions: Vec<_> = topics
        .iter()
        .map(|(id, phrases)| TopicDefinition {
            id: (*id).to_owned(),
            name: crate::model::slug::humanise(id),
            phrases: phrases.iter().map(|p| (*p).to_owned()).collect(),
            ..TopicDefinition::default()
        })
        .collect();
    Matcher::new(&definitions, 1)
}

fn strengths(topics: &[(&str, &[&str])], title: &str, body: &str) -> Vec<(usize, u32)> {
    matcher(topics).topics(title, body, &HashSet::new())
}

#[test]
fn smart_case() {
    let topics: &[(&str, &[&str])] =
        &[("tides", &["tide"]), ("who", &["WHO"]), ("bath", &["Bath"])];
    assert_eq!(strengths(topics, "TIDE Tide tide", ""), [(0, 6)]);
    assert_eq!(strengths(topics, "who takes a bath", ""), []);
    assert_eq!(strengths(topics, "WHO MEETS IN BATH", ""), [(1, 4), (2, 4)]);
}

#[test]
fn letters_outside_ascii_have_case_too() {
    let topics: &[(&str, &[&str])] = &[("elections", &["élections locales"]), ("kyiv", &["Київ"])];
    for title in [
        "élections locales",
        "Élections locales",
        "ÉLECTIONS LOCALES",
        "Élections Locales",
    ] {
        assert_eq!(strengths(topics, title, ""), [(0, 4)], "{title}");
    }
    assert_eq!(strengths(topics, "КИЇВ", ""), [(1, 4)]);
    assert_eq!(strengths(topics, "київ", ""), []);
}

#[test]
fn one_spelling_may_match_two_topics() {
    let topics: &[(&str, &[&str])] = &[("polish", &["Polish"]), ("cleaning", &["polish"])];
    assert_eq!(strengths(topics, "to polish shoes", ""), [(1, 4)]);
    assert_eq!(strengths(topics, "Polish shoes", ""), [(0, 4), (1, 4)]);
}

#[test]
fn the_leftmost_longest_phrase_of_whole_words_wins() {
    let topics: &[(&str, &[&str])] = &[
        ("port", &["Port Vale"]),
        ("paper", &["Port Vale Times"]),
        ("daily", &["Port Vale Timesheet"]),
    ];
    assert_eq!(strengths(topics, "Port Vale Times", ""), [(1, 4)]);
    assert_eq!(strengths(topics, "Port Vale Timesheets", ""), [(0, 4)]);
    assert_eq!(strengths(topics, "Port Vale times", ""), [(0, 4)]);
}

#[test]
fn the_position_of_a_mention_decides_its_weight() {
    let topics: &[(&str, &[&str])] = &[("oslo", &["Oslo"])];
    assert_eq!(strengths(topics, "Oslo", ""), [(0, 4)]);
    assert_eq!(strengths(topics, "", "Oslo\n\nrest"), [(0, 2)]);
    assert_eq!(strengths(topics, "", "Oslo, Oslo\n\nrest"), [(0, 3)]);
    assert_eq!(strengths(topics, "", "lead\n\nOslo"), [(0, 1)]);
    assert_eq!(
        strengths(topics, "", &format!("lead\n\n{}", "Oslo ".repeat(90))),
        [(0, 10)]
    );
    assert_eq!(
        strengths(topics, "", &format!("{} Oslo", "x".repeat(500))),
        [(0, 1)]
    );
}

#[test]
fn at_most_eight_topics_above_the_threshold_are_returned() {
    let names: Vec<String> = (0..12).map(|n| format!("Town{n}")).collect();
    let definitions: Vec<_> = names
        .iter()
        .map(|name| TopicDefinition {
            id: name.to_lowercase(),
            name: name.clone(),
            phrases: vec![name.clone()],
            ..TopicDefinition::default()
        })
        .collect();
    let matcher = Matcher::new(&definitions, THRESHOLD);
    let topics = matcher.topics(&names.join(", "), "Town7", &HashSet::new());
    assert_eq!(topics.len(), 8);
    assert_eq!(topics[..2], [(7, 6), (0, 4)]);
    assert!(
        matcher
            .topics("", "Town3 alone", &HashSet::new())
            .is_empty()
    );
    assert_eq!(
        matcher.topics("", "Town3\n\nTown3", &HashSet::new()),
        [(3, 3)]
    );
}

#[test]
fn addresses_do_not_count() {
    let topics: &[(&str, &[&str])] = &[("oslo", &["oslo"])];
    assert_eq!(
        strengths(
            topics,
            "",
            "[here](https://example.org/oslo) <a href='oslo'>x</a> www.oslo.example"
        ),
        []
    );
    assert_eq!(
        strengths(topics, "", "[Oslo](https://example.org/)"),
        [(0, 2)]
    );
}

#[test]
fn a_phrase_may_span_lines_but_not_paragraphs() {
    let topics: &[(&str, &[&str])] = &[("port-vale", &["Port  Vale"])];
    assert_eq!(strengths(topics, "", "in Port\n  Vale"), [(0, 2)]);
    assert_eq!(strengths(topics, "", "in Port\n\nVale"), []);
}

#[test]
fn both_apostrophes_are_equal() {
    let topics: &[(&str, &[&str])] = &[("xian", &["Xi'an"])];
    assert_eq!(strengths(topics, "Xi’an, XI'AN", ""), [(0, 5)]);
}

#[test]
fn scripts_without_spaces_match_inside_a_run() {
    assert_eq!(
        strengths(&[("beijing", &["北京"])], "我在北京工作", ""),
        [(0, 4)]
    );
}

#[test]
fn names_resolve_by_id_then_name_then_phrase() {
    let matcher = matcher(&[
        ("open-data", &["ODI"]),
        ("odi", &[]),
        ("third", &["Open Data"]),
    ]);
    assert_eq!(matcher.resolve("OPEN  data"), Some(0));
    assert_eq!(matcher.resolve("open-data"), Some(0));
    assert_eq!(matcher.resolve("odi"), Some(1));
    assert_eq!(matcher.resolve("elsewhere"), None);
}

fn by_rules(toml: &str, title: &str, body: &str) -> Vec<(String, u32)> {
    let definitions = crate::settings::topics_file::read("topics.toml", toml).unwrap();
    let topics = Matcher::new(&definitions, THRESHOLD).topics(title, body, &HashSet::new());
    let id = |index: usize| definitions[index].id.clone();
    topics
        .into_iter()
        .map(|(index, strength)| (id(index), strength))
        .collect()
}

fn has(toml: &str, title: &str, body: &str) -> bool {
    !by_rules(toml, title, body).is_empty()
}

#[test]
fn words_add_up_and_repeating_one_does_not_decide() {
    let toml =
        "[rugby]\nwords = { scrum = 4, \"try line\" = 4, club = 1, football = -6 }\nmin = 9\n";
    assert!(!has(toml, "", "A scrum near the try line."));
    assert!(has(toml, "", "A scrum near the try line of the club."));
    assert!(!has(toml, "", &"a scrum ".repeat(50)));
    assert!(has(toml, "Scrum", "On the try line."));
    assert!(!has(
        toml,
        "",
        "A football scrum near the try line of the club: scrum, try line."
    ));
}

#[test]
fn a_weak_subject_gives_way_to_a_strong_one() {
    let toml = "[rugby]\nwords = { scrum = 9, lock = 3 }\n[canals]\nwords = { lock = 3, barge = 9 }\n[oslo]\nphrases = [\"Oslo\"]\n";
    let of = |body: &str| {
        by_rules(toml, "", body)
            .into_iter()
            .map(|t| t.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("a scrum and a lock, Oslo, Oslo"), ["rugby", "oslo"]);
    assert_eq!(of("a scrum, a barge"), ["rugby", "canals"]);
    assert_eq!(of("a lock"), ["rugby", "canals"]);
}

#[test]
fn conditions_are_needed_and_parts_are_kept_apart() {
    let jordan = "[j]\nphrases = [\"Jordan\"]\nmin = 1\n";
    assert!(has(jordan, "", "Jordan"));
    for (rule, yes, no) in [
        (
            "any = ['Bulls', 'basketball']",
            "Jordan and the Bulls",
            "Jordan",
        ),
        (
            "all = ['Bulls', 'Chicago']",
            "Jordan, Bulls, Chicago",
            "Jordan, Bulls",
        ),
        ("not = ['Amman']", "Jordan", "Amman in Jordan"),
        (
            "any = ['Bulls']\nnear = 3",
            "the Bulls met with Jordan",
            "the Bulls of far away met Jordan",
        ),
        ("in = 'lead'", "Jordan\n\nx", "x\n\nJordan"),
    ] {
        let toml = format!("{jordan}{rule}\n");
        assert!(has(&toml, "", yes), "{rule}: {yes}");
        assert!(!has(&toml, "", no), "{rule}: {no}");
    }
    assert!(!has(&format!("{jordan}in = 'body'"), "Jordan", "x"));
    assert!(has(
        &format!("{jordan}in = ['title', 'lead']"),
        "Jordan",
        "x"
    ));
    let both = "[strike]\nall = ['strike', 'rail']\n";
    assert!(has(both, "A rail strike", "") && !has(both, "A strike", "a strike, a strike"));
}

#[test]
fn broader_merged_and_hidden_topics() {
    let toml = "[sport]\n[ball]\nparent = 'sport'\n[rugby]\nparent = 'ball'\nphrases = ['rugby']\n[league]\nmerge_into = 'rugby'\n\
        phrases = ['league']\n[secret]\nhide = true\nphrases = ['league']\n[inner]\nparent = 'secret'\nphrases = ['cup']\n";
    let of = |title: &str| {
        by_rules(toml, title, "")
            .into_iter()
            .map(|t| t.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("rugby"), ["sport", "ball", "rugby"]);
    assert_eq!(of("league"), ["sport", "ball", "rugby"]);
    assert_eq!(of("cup"), ["inner"]);
    let definitions = crate::settings::topics_file::read("topics.toml", toml).unwrap();
    let matcher = Matcher::new(&definitions, THRESHOLD);
    assert_eq!(
        matcher.topics("league", "", &HashSet::from([0])),
        [(1, 4), (2, 4)]
    );
    assert_eq!(matcher.topics("league", "", &HashSet::from([2])), []);
    assert!(matcher.with_ancestors(4, &HashSet::new()).is_empty());
}

#[test]
fn each_topic_is_explained_by_what_caused_it() {
    let toml = "[sport]\n[rugby]\nparent = 'sport'\nphrases = ['Six Nations']\nwords = { scrum = 4, ball = 2 }\nmin = 5\n";
    let definitions = crate::settings::topics_file::read("topics.toml", toml).unwrap();
    let explained = Matcher::new(&definitions, THRESHOLD)
        .explain("The Six Nations", "A scrum.\n\nA scrum, a ball.");
    let [sport, rugby] = &explained[..] else {
        panic!("{explained:?}")
    };
    assert_eq!(
        (sport.definition, &sport.from[..], sport.causes.len()),
        (0, &[1][..], 0)
    );
    assert_eq!((rugby.strength, rugby.min), (12, 5));
    let causes = rugby.causes.iter().map(|c| {
        (
            c.text.as_str(),
            c.weight,
            [c.counts.title, c.counts.lead, c.counts.elsewhere],
        )
    });
    assert_eq!(
        causes.collect::<Vec<_>>(),
        [
            ("Six Nations", None, [1, 0, 0]),
            ("scrum", Some(6), [0, 1, 1]),
            ("ball", Some(2), [0, 0, 1])
        ]
    );
}

#[test]
fn no_phrases_and_no_text_are_fine() {
    assert!(strengths(&[], "a", "b").is_empty());
    assert!(strengths(&[("a", &[])], "", "").is_empty());
    assert_eq!(strengths(&[("a", &["a"])], "", "\u{0}a\u{0}"), [(0, 2)]);
}
