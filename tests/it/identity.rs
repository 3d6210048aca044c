//! The design's rules of identity, edits, moves, removals, slugs and paths: a test for each.

use crate::archive::{Archive, CommandOutput};

fn text(title: &str, body: &str) -> String {
    format!("{title}\n\n{body} It has words enough to be prose, as prose goes.\n")
}

/// Twelve small articles in `raw/one` and `raw/two`, imported.
fn imported() -> Archive {
    let archive = (0..12).fold(Archive::new(), |archive, i| {
        let folder = if i % 2 == 0 { "one" } else { "two" };
        archive.raw(
            &format!("{folder}/2020-01-{:02}-a.txt", i + 1),
            text(&format!("Article number {i}"), &format!("Body {i}.")),
        )
    });
    assert_eq!(archive.run(&["import"]).count("/new"), 12);
    archive
}

fn import(archive: &Archive) -> CommandOutput {
    archive.run(&["import"])
}

const FIRST: &str = "content/articles/2020/01/article-number-0.md";

#[test]
fn importing_again_touches_nothing() {
    let archive = imported();
    let before = archive.files("content");
    let said = import(&archive);
    assert_eq!(
        (
            said.count("/new"),
            said.count("/changed"),
            said.count("/same")
        ),
        (0, 0, 12)
    );
    archive.expect_same("content", &before);
}

#[test]
fn the_same_raw_gives_the_same_content() {
    let archive = imported();
    let before = archive.files("content");
    archive.remove("content");
    import(&archive);
    archive.expect_same("content", &before);
}

#[test]
fn a_changed_record_rewrites_an_unedited_article_and_keeps_its_identity() {
    let archive = imported();
    let id = |archive: &Archive| archive.read(FIRST).lines().nth(1).map(str::to_owned);
    let before = id(&archive);
    archive.write(
        "raw/one/2020-01-01-a.txt",
        text("Another title", "Another body."),
    );
    let said = import(&archive);
    assert_eq!(
        (said.status, said.count("/changed"), said.count("/new")),
        (0, 1, 0)
    );
    let after = archive.read(FIRST);
    assert!(
        after.contains("title: Another title")
            && after.contains("slug: article-number-0")
            && after.contains("Another body.")
    );
    assert_eq!(id(&archive), before);
}

#[test]
fn an_article_is_known_wherever_its_file_lies() {
    let archive = imported();
    archive.rename(FIRST, "content/articles/elsewhere/zero.md");
    let said = import(&archive);
    assert_eq!((said.count("/new"), said.count("/same")), (0, 12));
    assert!(!archive.has(FIRST));
}

#[test]
fn a_changed_record_and_an_edited_article_are_both_kept_until_a_person_decides() {
    let archive = imported();
    archive.edit(FIRST, "Body 0.", "Body 0, as edited.");
    archive.write(
        "raw/one/2020-01-01-a.txt",
        text("Article number 0", "Body 0, as sent again."),
    );
    for _ in 0..2 {
        let said = import(&archive);
        assert_eq!(said.status, 1);
        let found = said.diagnostics();
        assert!(
            found[0].starts_with(&format!(
                "{FIRST}:0 problem the record `raw/one/2020-01-01-a.txt` changed"
            )),
            "{found:?}"
        );
        assert!(
            found[0].contains("--take raw one/2020-01-01-a.txt"),
            "{found:?}"
        );
        assert!(archive.read(FIRST).contains("as edited"));
    }
    let said = archive.run(&["import", "--take", "mine", "one/2020-01-01-a.txt"]);
    assert_eq!(said.status, 0, "{}", said.json);
    assert!(archive.read(FIRST).contains("as edited"));
    assert_eq!(import(&archive).status, 0);

    archive.write(
        "raw/one/2020-01-01-a.txt",
        text("Article number 0", "Body 0, sent a third time."),
    );
    assert_eq!(import(&archive).status, 1);
    assert_eq!(
        archive
            .run(&["import", "--take", "raw", "one/2020-01-01-a.txt"])
            .status,
        0
    );
    assert!(archive.read(FIRST).contains("sent a third time"));
    assert_eq!(import(&archive).status, 0);
}

#[test]
fn a_record_that_moved_keeps_its_article() {
    let archive = imported();
    archive.rename("raw/one/2020-01-01-a.txt", "raw/two/renamed.txt");
    let said = import(&archive);
    assert_eq!(
        (
            said.count("/moved"),
            said.count("/new"),
            said.count("/removed")
        ),
        (1, 0, 0)
    );
    let article = archive.read(FIRST);
    assert!(
        article.contains("path: two/renamed.txt") && article.contains("slug: article-number-0"),
        "{article}"
    );
}

#[test]
fn an_edited_article_whose_record_moved_keeps_its_edit() {
    let archive = imported();
    archive.edit(FIRST, "Body 0.", "Body 0, as edited.");
    archive.rename("raw/one/2020-01-01-a.txt", "raw/two/renamed.txt");
    assert_eq!(import(&archive).count("/moved"), 1);
    let article = archive.read(FIRST);
    assert!(
        article.contains("path: two/renamed.txt") && article.contains("as edited"),
        "{article}"
    );
    assert_eq!(import(&archive).count("/same"), 12);
}

#[test]
fn a_deleted_record_removes_its_article_unless_it_was_edited() {
    let archive = imported();
    archive.edit(
        "content/articles/2020/01/article-number-2.md",
        "Body 2.",
        "Body 2, as edited.",
    );
    archive.remove("raw/one/2020-01-01-a.txt");
    archive.remove("raw/one/2020-01-03-a.txt");
    let said = import(&archive);
    assert_eq!((said.status, said.count("/removed")), (0, 1));
    assert!(!archive.has(FIRST) && archive.has("content/articles/2020/01/article-number-2.md"));
    assert!(
        said.diagnostics()[0]
            .contains("warning its record `raw/one/2020-01-03-a.txt` does not exist any more"),
        "{:?}",
        said.diagnostics()
    );
}

#[test]
fn an_absent_or_empty_raw_removes_nothing() {
    let archive = imported();
    let before = archive.files("content");
    for folder in ["raw/one", "raw"] {
        archive.remove(folder);
        assert_eq!(import(&archive).count("/removed"), 0);
        std::fs::create_dir_all(archive.path(folder)).expect("made");
        assert_eq!(import(&archive).count("/removed"), 0);
    }
    archive.expect_same("content", &before);
}

#[test]
fn removing_many_articles_needs_prune() {
    let archive = (0..20).fold(Archive::new(), |archive, i| {
        archive.raw(
            &format!("{i:02}.txt"),
            text(&format!("Article {i}"), "Body."),
        )
    });
    import(&archive);
    (0..11).for_each(|i| archive.remove(&format!("raw/{i:02}.txt")));
    let said = import(&archive);
    assert_eq!(said.status, 2);
    assert!(
        said.diagnostics()[0].contains("11 of 20 records do not exist any more")
            && said.diagnostics()[0].contains("--prune")
    );
    assert_eq!(archive.files("content").len(), 20);
    assert_eq!(archive.run(&["import", "--prune"]).count("/removed"), 11);
}

#[test]
fn a_deleted_article_comes_back_unless_its_record_is_ignored() {
    let archive = imported();
    archive.remove(FIRST);
    assert_eq!(import(&archive).count("/new"), 1);
    archive.remove(FIRST);
    archive.write(
        "backfile.toml",
        "[import]\nignore = [\"one/2020-01-01-*\"]\n",
    );
    assert_eq!(import(&archive).count("/new"), 0);
    assert!(!archive.has(FIRST));
}

#[test]
fn an_article_broken_by_hand_is_not_imported_a_second_time() {
    let archive = imported();
    archive.edit(FIRST, "title: Article", "title: [Article");
    let said = import(&archive);
    assert_eq!(
        (said.count("/new"), archive.files("content").len()),
        (0, 12)
    );
}

#[test]
fn ids_and_slugs_are_unique_whatever_the_order() {
    let block = |id: &str| {
        format!(
            "ID: {id}\nDate: 2021-03-04\n\nThe same title\n\nSome body, which is long enough.\n"
        )
    };
    let archive = Archive::new()
        .raw("b.txt", block("7"))
        .raw("a.txt", block("7"))
        .raw("c.txt", block("8"));
    import(&archive);
    let first = archive.read("content/articles/2021/03/the-same-title.md");
    assert!(
        first.contains("id: \"7\"") && first.contains("path: a.txt"),
        "{first}"
    );
    let third = archive.read("content/articles/2021/03/the-same-title-8.md");
    assert!(third.contains("path: c.txt"), "{third}");
    let second = archive
        .files("content")
        .into_keys()
        .find(|f| f.contains("the-same-title-7-"))
        .expect("the second");
    assert!(
        archive
            .read(&format!("content/{second}"))
            .contains("id: \"7-")
    );
    // One that comes later changes nothing that is there.
    let before = archive.files("content");
    archive.write("raw/0.txt", block("7"));
    import(&archive);
    let after = archive.files("content");
    assert!(
        before
            .iter()
            .all(|(file, bytes)| after.get(file) == Some(bytes))
    );
}

#[test]
fn only_again_imports_what_did_not_change() {
    let archive = imported();
    archive.edit(
        "content/articles/2020/01/article-number-2.md",
        "Body 2.",
        "Body 2, as edited.",
    );
    let before = archive.files("content");
    archive.run(&["import", "--again"]);
    archive.expect_same("content", &before);
}

#[test]
fn paths_follow_what_is_known_of_the_date() {
    let archive = Archive::new()
        .article("a.md", "title: Day\ndate: 2021-07-13T11:47", "x")
        .article("b.md", "title: Month\ndate: 2021-07", "x")
        .article("c.md", "title: Year\ndate: \"1923\"", "x")
        .article("d.md", "title: None", "x")
        .article("e.md", "title: Con", "x")
        .built();
    for path in [
        "2021/07/13/day.html",
        "2021/07/month.html",
        "1923/year.html",
        "undated/none.html",
    ] {
        assert!(archive.has(&format!("public/{path}")), "{path}");
    }
    // A device's name is no file's name; the id stands in its place.
    assert!(!archive.has("public/undated/con.html"));
}
