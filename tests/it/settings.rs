//! Settings answer: what is wrong in them, where, in the words of a person, and the nearest right name.

use std::process::Command;

use crate::archive::Archive;

#[test]
fn every_slip_in_the_settings_is_an_error_with_its_place_and_a_hint() {
    for (settings, line, words) in [
        ("[site]\ntitel = \"T\"\n", 2, "did you mean `title`?"),
        (
            "[site]\nbaseURL = \"https://example.org\"\n",
            2,
            "did you mean `base_url`?",
        ),
        ("[site]\nday_page = false\n", 2, "did you mean `day_pages`?"),
        ("[site]\nmotto = \"Calm\"\n", 2, "[site.extra]"),
        ("[site]\nlanguage = \"german\"\n", 2, "`de`"),
        (
            "[site]\nlanguage = \"\"\n",
            2,
            "is not the code of a language",
        ),
        (
            "[site]\n\ntheme = \"broadshet\"\n",
            3,
            "did you mean `broadsheet`?",
        ),
        (
            "[site]\ntimezone = \"Paris\"\n",
            2,
            "did you mean `Europe/Paris`?",
        ),
        ("[site]\nmenu = 3\n", 2, "a list is expected"),
        ("[theme]\naccnt = \"#fff\"\n", 2, "did you mean `accent`?"),
        ("[theme]\naccent = 3\n", 2, "another type"),
        ("[import]\nignore = [\"a[\"]\n", 2, "is not a pattern"),
        ("[import]\nmax_bytes = \"1 MB\"\n", 2, "a whole number"),
        (
            "[import.repair]\nmojibak = true\n",
            2,
            "did you mean `mojibake`?",
        ),
        (
            "[publish.live]\nto = \"www\"\ncompress = [\"gzpi\"]\n",
            3,
            "did you mean `gzip`?",
        ),
        ("[topics]\nthreshold = -1\n", 2, "not negative"),
        ("[imprt]\n", 1, "did you mean `import`?"),
    ] {
        let archive = Archive::new().file("backfile.toml", settings).raw(
            "a.txt",
            "A title\n\nA text of some words, as it needs more than eight of them.\n",
        );
        let said = archive.run(&["build"]);
        let first = &said.json["diagnostics"][0];
        assert_eq!(
            (said.status, first["path"].as_str(), first["line"].as_u64()),
            (2, Some("backfile.toml"), Some(line)),
            "{settings}: {}",
            said.json
        );
        let shown = format!("{} {}", first["what"], first["hint"]);
        assert!(shown.contains(words), "{words} is not in {shown}");
        for word in ["struct ", "u64", "sequence", "variant", "docs/"] {
            assert!(!shown.contains(word), "{word} is in {shown}");
        }
    }
}

#[test]
fn keys_of_ones_own_reach_templates() {
    let archive = Archive::new()
        .file("backfile.toml", "[site.extra]\nmotto = \"Calm\"\n")
        .file("templates/404.html", "{{ site.extra.motto }}")
        .article("a.md", "title: A\nlang: German", "Text.");
    let said = archive.build();
    assert_eq!(archive.read("public/404.html"), "Calm");
    let shown = said.json["diagnostics"].to_string();
    assert!(
        shown.contains("`German` is not the code of a language") && shown.contains("`de`"),
        "{shown}"
    );
    assert!(!archive.read("public/undated/a.html").contains("German"));
}

#[test]
fn the_documentation_is_in_the_program() {
    let docs = |args: &[&str]| {
        let output = Command::new(assert_cmd::cargo::cargo_bin("backfile"))
            .arg("docs")
            .args(args)
            .output()
            .expect("run");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (status, listed, _) = docs(&[]);
    assert_eq!(status, Some(0));
    for file in std::fs::read_dir("docs").expect("a folder").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let Some(page) = name.strip_suffix(".md") else {
            continue;
        };
        assert!(listed.contains(page), "{page} is not in {listed}");
        let text = std::fs::read_to_string(file.path()).expect("read");
        assert_eq!(docs(&[page]).1.trim(), text.trim());
    }
    let (status, _, said) = docs(&["setings"]);
    assert!(
        status == Some(2) && said.contains("did you mean `backfile docs settings`?"),
        "{said}"
    );
}

#[test]
fn problems_of_one_kind_are_one() {
    let mut archive = Archive::new().raw(
        "a.txt",
        "A title\n\nA text of some words, as it needs more than eight of them.\n",
    );
    for number in 0..102 {
        archive = archive.raw(
            &format!("{number:03}.doc"),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0",
        );
    }
    let shown = archive.terminal(&["build"]);
    assert!(
        shown.contains("102 files") && shown.matches("is not text").count() == 1,
        "{shown}"
    );
    assert_eq!(
        archive.build().json["diagnostics"].as_array().map(Vec::len),
        Some(103)
    );
}

#[test]
fn a_new_site_keeps_its_cache_out_of_git_and_its_placeholder_from_readers() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    let backfile = |args: &[&str]| {
        let output = Command::new(assert_cmd::cargo::cargo_bin("backfile"))
            .args(args)
            .output()
            .expect("run");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    };
    let shown = site.display().to_string();
    backfile(&["new", &shown]);
    backfile(&["build", "--site", &shown]);
    let ignored = std::fs::read_to_string(site.join(".gitignore")).expect("read");
    assert!(ignored.contains("/.backfile/") && ignored.contains("/public/"));
    let pages = crate::archive::files_of(&site.join("public"));
    assert!(
        pages
            .values()
            .all(|bytes| !String::from_utf8_lossy(bytes).contains("Describe here"))
    );
}
