//! What each command shows on a terminal, whole: stdout, stderr and the exit status. The site's folder is `SITE`.
//! `INSTA_UPDATE=always cargo test --test it -- terminal` writes the snapshots again.

use crate::archive::Archive;

const FERRY: &str = "Title: Ferry sails again\nBy: Ida Moss\nDate: 2021-07-13\nTags: Ferries\n\n\
    The ferry to Port Lark sails again from Monday, the harbour office said.\n";

/// A site of two raw articles with an address.
fn site() -> Archive {
    let market = FERRY.replace("Ferry sails", "Market opens");
    Archive::new()
        .with_address()
        .raw("ferry.txt", FERRY)
        .raw("market.txt", market)
}

/// The site after two builds: the second reads again what was written while the first one ran.
fn built_site() -> Archive {
    site().built().built()
}

#[test]
fn new() {
    let archive = Archive::new();
    let dir = archive.path("mine").display().to_string();
    insta::assert_snapshot!(archive.terminal(&["new", &dir]));
    insta::assert_snapshot!("new_again", archive.terminal(&["new", &dir]));
}

#[test]
fn import() {
    let archive = site().raw("empty.txt", "");
    insta::assert_snapshot!(archive.terminal(&["import"]));
}

#[test]
fn import_report() {
    insta::assert_snapshot!(site().terminal(&["import", "--report"]));
}

#[test]
fn first_build() {
    insta::assert_snapshot!(site().terminal(&["build"]));
}

#[test]
fn build_without_changes() {
    insta::assert_snapshot!(built_site().terminal(&["build"]));
}

#[test]
fn build_after_one_edit() {
    let archive = built_site();
    let file = archive.article_file("ferry");
    archive.edit(&file, "from Monday", "from Tuesday");
    insta::assert_snapshot!(archive.terminal(&["build"]));
}

#[test]
fn build_with_problems_in_articles() {
    let archive = site()
        .article("soon.md", "title: Soon\ndate: soon", "Text.")
        .article("link.md", "title: Link", "One.\n\n[lost](lost.md)");
    insta::assert_snapshot!(archive.terminal(&["build"]));
}

#[test]
fn build_with_an_error_in_the_settings() {
    let archive = site().file("backfile.toml", "[site]\ntitel = 3\ntitle = 3\n");
    insta::assert_snapshot!(archive.terminal(&["build"]));
}

#[test]
fn quiet_build() {
    insta::assert_snapshot!(site().terminal(&["build", "--quiet"]));
}

#[test]
fn build_explains_a_page() {
    let archive = built_site();
    let page = "2021/07/13/ferry-sails-again.html";
    let output = archive.terminal(&["build", "--explain", page]);
    // These two change with every version of the program and of its templates.
    let is_stable =
        |line: &&str| !line.starts_with("  the program") && !line.starts_with("  the template");
    let stable: Vec<&str> = output.lines().filter(is_stable).collect();
    insta::assert_snapshot!(stable.join("\n"));
}

#[test]
fn topics() {
    insta::assert_snapshot!(site().built().terminal(&["topics"]));
}

#[test]
fn topics_of_an_unknown_article() {
    insta::assert_snapshot!(site().built().terminal(&["topics", "explain", "nothing"]));
}

#[test]
fn check_finds_nothing() {
    insta::assert_snapshot!(site().built().terminal(&["check"]));
}

#[test]
fn check_finds_a_broken_link() {
    let archive = site().built();
    archive.edit(
        "public/index.html",
        "</body>",
        "<a href=\"lost.html\">x</a></body>",
    );
    insta::assert_snapshot!(archive.terminal(&["check"]));
}

/// A site that is built, with a folder as its target.
fn with_target() -> Archive {
    let archive = site();
    let target = format!(
        "\n[publish.live]\nto = \"file://{}\"\n",
        archive.path("www").display()
    );
    let settings = archive.read("backfile.toml") + &target;
    archive.file("backfile.toml", settings).built()
}

#[test]
fn publish_to_a_folder() {
    let archive = with_target();
    insta::assert_snapshot!(archive.terminal(&["publish"]));
    insta::assert_snapshot!("publish_again", archive.terminal(&["publish"]));
}

#[test]
fn dry_run_of_publish() {
    let archive = with_target();
    let output = archive.terminal(&["publish", "--dry-run"]);
    insta::assert_snapshot!(output);
    assert!(!archive.has("www/index.html"));
}

#[test]
fn publish_without_a_target() {
    insta::assert_snapshot!(site().built().terminal(&["publish"]));
}

#[test]
fn help() {
    insta::assert_snapshot!(site().terminal(&["--help"]));
}

#[test]
fn unknown_command() {
    insta::assert_snapshot!(site().terminal(&["bild"]));
}
