//! Topics: read, matched, excluded, proposed.

use crate::archive::Archive;

fn canal() -> Archive {
    Archive::new()
        .file("topics.toml", "[canal]\nname = \"Canals\"\nkind = \"thing\"\nphrases = [\"North Canal\", \"lock gate\"]\n\n[money]\nphrases = []\n")
        .article("a.md", "id: a\ntitle: The North Canal opens", "Text.")
        .article("b.md", "id: b\ntitle: Quiet", "In the lead the north canal is not meant.\n\nBut a lock gate is, and a lock gate again, and one more Lock Gate.")
        .article("c.md", "id: c\ntitle: The North Canal again\nnot_topics: [Canals]\ntopics: [Money, Tolls]", "Text.")
        .article("d.md", "id: d\ntitle: Nothing", "One lock gate.")
}

#[test]
fn phrases_names_and_not_topics_decide() {
    let archive = canal().built();
    let said = archive.run(&["topics"]);
    let of = |id: &str| said.json["articles"][id].to_string();
    assert_eq!(of("a"), "[\"canal\"]");
    assert_eq!(of("b"), "[\"canal\"]");
    assert_eq!(of("c"), "[\"money\",\"tolls\"]");
    assert_eq!(of("d"), "[]");
    assert!(
        archive
            .page("topics/canal.html")
            .contains("<h1>Canals</h1>")
    );
    let explained = archive.run(&["topics", "explain", "a"]);
    assert_eq!(explained.json["topics"][0]["strength"], 4);
}

#[test]
fn matched_topics_are_never_written_back() {
    let archive = canal().built();
    assert!(!archive.read("content/articles/a.md").contains("topics"));
}

#[test]
fn too_few_topics_are_a_warning() {
    let archive = canal()
        .article("e.md", "title: Nothing at all", "x")
        .article("f.md", "title: Nothing more", "x");
    let said = archive.build();
    assert_eq!(said.status, 0);
    let all = said.json["diagnostics"].to_string();
    assert!(
        all.contains("50 % of the articles have a topic")
            && all.contains("backfile topics discover"),
        "{all}"
    );
}

#[test]
fn without_a_topics_file_the_archive_proposes_its_own_and_only_once() {
    let archive = (0..6).fold(Archive::new(), |archive, i| {
        let body = format!("STONEHAM, May {}. /MAKER/. The Granite Museum shut its doors. Nobody had asked the Granite Museum why.", i + 1);
        archive.article(&format!("{i}.md"), &format!("title: Granite Museum, part {i}\nplace: Stoneham"), &body)
    });
    let archive = (0..18).fold(archive, |archive, i| {
        archive.article(
            &format!("x{i}.md"),
            &format!("title: On rain, {i}"),
            "It rained.",
        )
    });
    let said = archive.build();
    assert!(said.count("/proposed_topics") > 0);
    let topics = archive.read("topics.toml");
    assert!(topics.contains("[granite-museum]"), "{topics}");
    archive.write("topics.toml", "");
    assert!(archive.build().json["proposed_topics"].is_null());
    assert_eq!(archive.read("topics.toml"), "");
    assert!(
        archive.run(&["topics", "discover"]).json["added"]
            .to_string()
            .contains("granite-museum")
    );
}

#[test]
fn rules_of_words_and_relations_decide_and_are_explained() {
    let archive = Archive::new()
        .file(
            "topics.toml",
            "[sport]\ndescription = \"All *games*.\"\n\n[rugby]\nkind = \"subject\"\nparent = \"sport\"\nwords = { scrum = 4, \"try line\" = 4 }\n\
             min = 8\nsame_as = \"https://www.wikidata.org/entity/Q5378\"\n\n[league]\nmerge_into = \"rugby\"\nphrases = [\"thirteen a side\"]\n\n\
             [gossip]\nhide = true\nphrases = [\"scrum\"]\nmin = 1\n",
        )
        .article("a.md", "id: a\ntitle: Quiet", "A scrum and a try line.")
        .article("b.md", "id: b\ntitle: Thirteen a side", "Text.")
        .article("c.md", "id: c\ntitle: A scrum", "Text.")
        .article("d.md", "id: d\ntitle: Named\ntopics: [League, Gossip]\nnot_topics: [Sport]", "Text.")
        .built();
    let said = archive.run(&["topics"]);
    let of = |id: &str| said.json["articles"][id].to_string();
    assert_eq!(of("a"), "[\"sport\",\"rugby\"]");
    assert_eq!(of("b"), "[\"sport\",\"rugby\"]");
    assert_eq!(of("c"), "[]");
    assert_eq!(of("d"), "[\"rugby\"]");
    let page = archive.page("topics/sport.html");
    assert!(
        page.contains("All <em>games</em>.") && page.contains("rugby.html\">Rugby"),
        "{page}"
    );
    let page = archive.page("topics/rugby.html");
    assert!(
        page.contains("sport.html\">Sport") && page.contains("Q5378"),
        "{page}"
    );
    assert!(archive.page("topics/league.html").contains("rugby.html"));
    assert!(!archive.has("public/topics/gossip.html"));
    let explained = archive.run(&["topics", "explain", "a"]).json["topics"].clone();
    assert_eq!(explained[0]["from"][0], "rugby");
    assert_eq!(explained[1]["causes"][0]["text"], "scrum");
    assert_eq!(
        (&explained[1]["strength"], &explained[1]["min"]),
        (&8.into(), &8.into())
    );
    archive.edit("topics.toml", "hide = true\n", "");
    archive.build();
    assert!(archive.has("public/topics/gossip.html"));
}

#[test]
fn a_topic_that_leads_nowhere_is_an_error_with_its_place() {
    let archive = canal().built();
    let before = archive.files("public");
    archive.write("topics.toml", "[canal]\nparent = \"watr\"\n\n[water]\n");
    let said = archive.build();
    assert_eq!(said.status, 2);
    let found = said.json["diagnostics"].to_string();
    assert!(
        found.contains("there is no topic `watr`") && found.contains("write `water`"),
        "{found}"
    );
    archive.expect_same("public", &before);
}

#[test]
fn a_proposed_topic_that_was_removed_is_not_proposed_again() {
    let archive = (0..8).fold(Archive::new(), |archive, i| {
        let body = "Then the Granite Museum shut. Nobody had asked the Granite Museum why, or told the Granite Museum.";
        archive.article(&format!("{i}.md"), &format!("title: Part {i}"), body)
    });
    let archive = (0..24)
        .fold(archive, |archive, i| {
            archive.article(
                &format!("x{i}.md"),
                &format!("title: On rain, {i}"),
                "It rained.",
            )
        })
        .built();
    let proposed = archive.read("topics.toml");
    let (before, rest) = proposed
        .split_once("\n[granite-museum]\n")
        .expect("proposed");
    let (_, after) = rest.split_once("\n\n").expect("more");
    let mine = format!("# Mine.\n{before}\n{after}");
    archive.write("topics.toml", &mine);
    assert_eq!(
        archive.run(&["topics", "discover"]).json["added"].to_string(),
        "[]"
    );
    assert_eq!(archive.read("topics.toml"), mine);
}

#[test]
fn what_a_person_should_look_at_is_listed() {
    let archive = (0..6).fold(Archive::new(), |archive, i| {
        archive.article(
            &format!("{i}.md"),
            &format!("title: Serena Williams at Wimbledon {i}"),
            "Text.",
        )
    });
    let archive = (0..30)
        .fold(archive, |archive, i| {
            archive.article(&format!("x{i}.md"), &format!("title: Rain again {i}"), "Text.")
        })
        .file(
            "topics.toml",
            "[serena]\nphrases = [\"Serena Williams\"]\n\n[williams]\nphrases = [\"Williams\"]\n\n[wimbledon]\nphrases = [\"Wimbledon\"]\n\n\
             [rain]\nphrases = [\"rain\"]\n\n[weather]\nkind = \"subject\"\nwords = { rain = 9 }\n",
        )
        .built();
    let said = archive.run(&["topics", "review"]);
    let found: Vec<String> = said.json["review"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| format!("{} {} {}", one["id"], one["problem"], one["with"]).replace('"', ""))
        .collect();
    for expected in [
        "rain many null",
        "serena overlap wimbledon",
        "williams empty null",
        "williams fragment serena",
    ] {
        assert!(
            found.contains(&expected.to_owned()),
            "{expected}: {found:?}"
        );
    }
    assert!(
        !found.contains(&"weather many null".to_owned()),
        "{found:?}"
    );
}

#[test]
fn rules_are_learned_from_labels_and_found_in_other_articles() {
    let subjects = [
        ["scrum", "rugby", "prop", "fullback", "tackle", "lineout"],
        [
            "inflation",
            "mortgage",
            "lender",
            "interest",
            "bonds",
            "deficit",
        ],
    ];
    let archive = (0..40).fold(Archive::new(), |archive, i| {
        let own = subjects[i % 2];
        let word = |n: usize| own[(i / 2 + n) % 6];
        let body = format!(
            "Yesterday the {} and a {} were seen, and the {}.",
            word(0),
            word(1),
            word(3)
        );
        let label = ["Sport", "Money"][i % 2];
        archive.article(
            &format!("{i}.md"),
            &format!("title: Number {i}\ntopics: [{label}]"),
            &body,
        )
    });
    let archive = archive
        .file("topics.toml", "# mine\n[sport]\nname = \"Sport\"\n")
        .article(
            "new.md",
            "id: new\ntitle: New",
            "A scrum and a tackle by the prop of the rugby club.",
        );
    let said = archive.run(&["topics", "learn"]);
    assert_eq!(said.json["learned"].to_string(), "[\"money\",\"sport\"]");
    assert!(
        said.json["f1"].as_f64().expect("a number") > 0.9,
        "{}",
        said.json
    );
    assert!(archive.read("topics.toml").starts_with("# mine\n[sport]\n"));
    assert_eq!(
        archive.run(&["topics"]).json["articles"]["new"].to_string(),
        "[\"sport\"]"
    );
    assert_eq!(
        archive.run(&["topics", "learn"]).json["learned"].to_string(),
        "[]"
    );
}
