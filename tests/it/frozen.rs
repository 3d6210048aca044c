//! Builds of a clone: what `--frozen` refuses, and what `--allow-problems` lets pass.

use crate::archive::{Archive, wire};

fn archive() -> Archive {
    let archive = Archive::new().file("topics.toml", "");
    for at in 0..3 {
        let text = wire(
            &at.to_string(),
            "2020-01-02",
            &format!("Number {at}"),
            "The harbour was calm.",
        );
        archive.write(&format!("raw/{at}.txt"), text);
    }
    archive
}

#[test]
fn a_frozen_build_imports_nothing_and_says_what_it_would_have() {
    let archive = archive();
    let refused = archive.run(&["build", "--frozen"]);
    assert_eq!(refused.status, 2, "{}", refused.json);
    assert!(
        refused.json["diagnostics"][0]["code"] == "import-frozen",
        "{}",
        refused.json
    );
    assert!(!archive.has("content/articles") && !archive.has("public/index.html"));
    // What import made is what a frozen build expects: here, and in a clone that has no cache.
    archive.build();
    let public = archive.files("public");
    assert_eq!(archive.run(&["build", "--frozen"]).status, 0);
    archive.remove(".backfile");
    archive.remove("public");
    let clone = archive.run(&["build", "--frozen"]);
    assert_eq!(clone.status, 0, "{}", clone.json);
    archive.expect_same("public", &public);
    // A changed record, one more and one less are each refused, and content stays as it is.
    let content = archive.files("content");
    let first = archive.read("raw/0.txt");
    archive.write("raw/0.txt", first.replace("calm", "rough"));
    assert_eq!(archive.run(&["build", "--frozen"]).status, 2);
    archive.write("raw/0.txt", &first);
    archive.write(
        "raw/9.txt",
        wire("9", "2020-01-03", "Another", "A storm came."),
    );
    assert_eq!(archive.run(&["build", "--frozen"]).status, 2);
    archive.remove("raw/9.txt");
    archive.remove("raw/1.txt");
    assert_eq!(archive.run(&["build", "--frozen"]).status, 2);
    archive.expect_same("content", &content);
    archive.expect_same("public", &public);
}

#[test]
fn a_frozen_build_expects_topics_that_were_proposed() {
    let archive = (0..24).fold(Archive::new(), |archive, at| {
        let (title, body) = match at {
            0..6 => (
                "Granite Museum, part",
                "The Granite Museum shut its doors. Nobody had asked the Granite Museum why.",
            ),
            _ => ("On rain,", "It rained."),
        };
        archive.article(&format!("{at}.md"), &format!("title: {title} {at}"), body)
    });
    archive.build();
    assert!(archive.has("topics.toml"));
    archive.remove("topics.toml");
    let refused = archive.run(&["build", "--frozen"]);
    assert_eq!(refused.status, 2, "{}", refused.json);
    assert!(
        refused.json["diagnostics"][0]["path"] == "topics.toml",
        "{}",
        refused.json
    );
    assert!(!archive.has("topics.toml"));
}

#[test]
fn allowed_problems_are_counted_and_stop_no_deployment() {
    let archive = archive().raw("broken.json", "{\"title\": ");
    assert_eq!(archive.run(&["build"]).status, 1);
    let allowed = archive.run(&["build", "--allow-problems"]);
    assert_eq!(allowed.status, 0, "{}", allowed.json);
    assert_eq!(allowed.json["diagnostics"][0]["severity"], "problem");
    assert!(
        archive
            .terminal(&["build", "--allow-problems"])
            .contains("1 problem, allowed")
    );
}
