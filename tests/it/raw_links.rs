//! Links that were written for another place lead to articles: to files of `raw/`, and to addresses of the old website.

use crate::archive::Archive;

const TEXT: &str = "The kiln was fired again, and nobody in the yard had expected that at all.";

fn post(title: &str, more: &str, body: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2021-03-04\n{more}---\n\n{TEXT}\n\n{body}\n")
}

/// Builds again without a cache, and expects the same.
fn expect_clean(archive: &Archive) {
    let public = archive.files("public");
    archive.remove("public");
    archive.remove(".backfile");
    archive.build();
    archive.expect_same("public", &public);
}

#[test]
fn a_link_to_another_raw_file_leads_to_its_article() {
    let archive = Archive::new()
        .raw(
            "posts/first/index.md",
            post(
                "First",
                "",
                "See [the second](../second.md#end) and [the third](<../Été à la mer.md>).",
            ),
        )
        .raw(
            "posts/second.md",
            post("Second", "", "Back to [first](first/index.md)."),
        );
    let said = archive.build();
    // The third is not there yet.
    assert_eq!(
        said.diagnostics_except_coverage().len(),
        1,
        "{:?}",
        said.diagnostics()
    );
    let first = "2021/03/04/first.html";
    assert!(
        archive
            .page(first)
            .contains("<a href=\"../../../2021/03/04/second.html#end\">the second</a>")
    );
    assert!(archive.page(first).contains("and the third."));
    assert!(
        archive
            .page("2021/03/04/second.html")
            .contains("2021/03/04/first.html\">first</a>")
    );
    archive.write("raw/posts/Été à la mer.md", post("Third", "", "x"));
    let said = archive.build();
    assert_eq!(said.diagnostics_except_coverage(), [""; 0]);
    assert!(
        archive
            .page(first)
            .contains("2021/03/04/third.html\">the third</a>")
    );
    expect_clean(&archive);
    // An address that changes is followed, and a record that is removed leaves a text.
    archive.edit("raw/posts/second.md", "2021-03-04", "2022-05-06");
    archive.build();
    assert!(archive.page(first).contains("2022/05/06/second.html#end"));
    archive.remove("raw/posts/second.md");
    archive.build();
    assert!(archive.page(first).contains("See the second and"));
    expect_clean(&archive);
}

#[test]
fn a_link_to_an_old_address_leads_to_its_article() {
    let body = "See <a href=\\\"http://www.kiln.example/2019/04/second\\\">second</a>, <a href=\\\"/2019/04/second/index.html#end\\\">the end</a>, <a href=\\\"https://kiln.example/?p=7\\\">by number</a>, <a href=\\\"https://kiln.example/nowhere\\\">nowhere</a> and <a href=\\\"https://other.example/2019/04/second/\\\">another</a>.";
    let archive = Archive::new().raw(
        "a.json",
        format!(
            "[{{\"title\": \"First\", \"date\": \"2019-04-01\", \"url\": \"https://kiln.example/2019/04/first/\", \"html\": \"<p>{TEXT}</p><p>{body}</p>\"}},
              {{\"title\": \"Second\", \"date\": \"2019-04-02\", \"url\": \"https://kiln.example/2019/04/second/\", \"guid\": \"https://kiln.example/?p=7\", \"html\": \"<p>{TEXT}</p>\"}}]"
        ),
    );
    let said = archive.build();
    assert_eq!(said.status, 0, "{:?}", said.diagnostics());
    let page = archive.page("2019/04/01/first.html");
    let second = "../../../2019/04/02/second.html";
    for link in [
        format!("<a href=\"{second}\">second</a>"),
        format!("<a href=\"{second}#end\">the end</a>"),
        format!("<a href=\"{second}\">by number</a>"),
        "<a href=\"https://kiln.example/nowhere\">nowhere</a>".to_owned(),
        "<a href=\"https://other.example/2019/04/second/\">another</a>".to_owned(),
    ] {
        assert!(page.contains(&link), "{link}: {page}");
    }
    assert!(!archive.has("public/2019/04/second/index.html"));
    // The article that a link names may come, move and go later.
    let file = archive.article_file("second");
    archive.edit(&file, "date: 2019-04-02", "date: 2018-01-01");
    archive.build();
    assert!(
        archive
            .page("2019/04/01/first.html")
            .contains("../../../2018/01/01/second.html#end")
    );
    expect_clean(&archive);
    archive.edit(&file, "title: Second", "draft: true\ntitle: Second");
    archive.build();
    assert!(
        archive
            .page("2019/04/01/first.html")
            .contains("<a href=\"http://www.kiln.example/2019/04/second\">second</a>")
    );
    expect_clean(&archive);
}

#[test]
fn old_paths_become_aliases_if_the_settings_say_so() {
    let archive = Archive::new()
        .file("backfile.toml", "[import]\naliases = true\n")
        .raw("a.md", post("One", "permalink: /old/one/\n", "x"))
        .raw(
            "b.md",
            post("Two", "url: https://kiln.example/old/two.html\n", "x"),
        )
        .raw(
            "c.md",
            post("Three", "url: https://kiln.example/index.php?id=3\n", "x"),
        );
    assert_eq!(archive.build().status, 0);
    assert!(
        archive
            .read("public/old/one/index.html")
            .contains("2021/03/04/one.html")
    );
    assert!(
        archive
            .read("public/old/two.html")
            .contains("2021/03/04/two.html")
    );
    assert!(!archive.has("public/index.php"));
}
