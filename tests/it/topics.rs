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
