//! Every message names its place and what to do, and every code is documented.

use assert_cmd::Command;
use backfile::diagnostics::CODES;

use crate::archive::Archive;

#[test]
fn each_problem_of_an_article_names_its_line_and_a_hint() {
    let archive = Archive::new()
        .article("a.md", "title: One\ndate: soon", "x")
        .article("b.md", "id: same\ntitle: Two", "x")
        .article("c.md", "id: same\ntitle: Three", "x")
        .article("d.md", "title: Two\nslug: two", "x")
        .article("e.md", "date: 2020-01-01", "x")
        .article("f.md", "title: Links", "one\n\n[gone](gone.md)")
        .file("content/articles/g.md", b"\xff\xfe\xfa")
        .file("content/articles/h.md", "no front matter");
    let said = archive.build();
    assert_eq!(said.status, 1);
    let mut found = said.diagnostics();
    found.sort();
    insta::assert_snapshot!(found.join("\n"));
    // Those that only lack something are published all the same.
    for page in [
        "undated/three.html",
        "2020/01/01/e.html",
        "undated/links.html",
    ] {
        assert!(archive.has(&format!("public/{page}")), "{page}");
    }
}

#[test]
fn a_folder_that_is_not_ours_is_refused() {
    let archive = Archive::new()
        .article("a.md", "title: One", "x")
        .file("public/precious.txt", "mine");
    let said = archive.build();
    assert_eq!(said.status, 2);
    assert!(
        said.diagnostics()[0].contains("files that Backfile did not write"),
        "{:?}",
        said.diagnostics()
    );
    assert_eq!(archive.read("public/precious.txt"), "mine");
}

#[test]
fn a_folder_that_is_not_a_site_gets_a_hint() {
    let empty = tempfile::tempdir().expect("a folder");
    let run = Command::cargo_bin("backfile")
        .expect("the program")
        .arg("build")
        .arg("--site")
        .arg(empty.path())
        .assert()
        .code(2);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(
        said.contains("hint: put articles into a folder `raw/`"),
        "{said}"
    );
}

#[test]
fn a_new_site_builds() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("mine");
    let program = || Command::cargo_bin("backfile").expect("the program");
    program().arg("new").arg(&site).assert().success();
    program().arg("new").arg(&site).assert().code(2);
    let run = program()
        .arg("build")
        .arg("--site")
        .arg(&site)
        .assert()
        .success();
    let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(
        said.contains("open ") && said.contains("1 draft left out"),
        "{said}"
    );
    // The page that it begins with is written by the owner, then published.
    assert!(!site.join("public/about.html").exists());
    let about = site.join("content/about.md");
    let text = std::fs::read_to_string(&about).expect("the page");
    std::fs::write(&about, text.replace("draft: true\n", "")).expect("written");
    program()
        .arg("build")
        .arg("--site")
        .arg(&site)
        .assert()
        .success();
    assert!(site.join("public/about.html").exists());
}

/// The table of `docs/diagnostics.md`, sorted by code.
fn table_of_codes() -> String {
    let mut rows: Vec<String> = CODES
        .iter()
        .map(|(code, meaning)| {
            let code = serde_json::to_value(code).expect("a code");
            format!(
                "| `{}` | {} |\n",
                code.as_str().expect("a name"),
                meaning.trim()
            )
        })
        .collect();
    rows.sort();
    format!("| code | meaning |\n|---|---|\n{}", rows.concat())
}

#[test]
fn every_code_is_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/diagnostics.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let start = page.find("| code |").expect("a table");
    let (before, table) = page.split_at(start);
    let expected = table_of_codes();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, format!("{before}{expected}")).expect("written");
        return;
    }
    assert_eq!(
        table, expected,
        "the table in docs/diagnostics.md is not that of src/diagnostics/code.rs; \
         write it with: BLESS=1 cargo test --test it -- every_code_is_documented"
    );
}
