//! Pictures and other files beside raw records: they come along with the articles that show them, once, and nothing else does.

use crate::archive::Archive;

/// A picture of one pixel. `shade` makes its bytes differ.
fn picture(shade: u8) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".to_vec();
    png.push(shade);
    png
}

const TEXT: &str = "The night ferry sails again, and nobody on the quay had missed it at all.";

/// The names of the files below a folder, without digests.
fn names(archive: &Archive, folder: &str) -> Vec<String> {
    let files = archive.files(folder).into_keys();
    let names = files.map(|file| file.rsplit('/').next().unwrap_or_default().to_owned());
    let mut names: Vec<String> = names
        .map(|name| {
            name.rsplit_once('-')
                .map_or(name.clone(), |(stem, _)| stem.to_owned())
        })
        .collect();
    names.sort();
    names
}

#[test]
fn pictures_beside_markdown_are_on_the_website_once() {
    let archive = Archive::new()
        .raw("posts/first/index.md", format!("---\ntitle: First\ndate: 2021-03-04\n---\n\n{TEXT}\n\n![A quay](img/a.png \"At noon\") and ![same](/images/copy.png)\n"))
        .raw("posts/second.md", format!("---\ntitle: Second\ndate: 2020-01-02\n---\n\n{TEXT}\n\n![][quay]\n\n[quay]: first/img/A.png\n"))
        .raw("posts/first/img/a.png", picture(1))
        .raw("posts/first/img/unused.png", picture(2))
        .raw("static/images/copy.png", picture(1))
        .raw("style.css", "body { color: red }")
        .raw("_config.yml", "title: A blog\nplugins: [feed]\n");
    let said = archive.build();
    assert_eq!(said.status, 0, "{:?}", said.diagnostics());
    assert_eq!(said.diagnostics_except_coverage(), [""; 0]);
    assert_eq!(
        (
            said.count("/imported/files"),
            said.count("/imported/passed_over")
        ),
        (2, 3)
    );
    assert_eq!(names(&archive, "content/articles/files"), ["a"]);
    assert_eq!(names(&archive, "public/files"), ["a"]);
    let page = archive.page("2021/03/04/first.html");
    let file = archive.files("public/files").into_keys().next().unwrap();
    for shown in ["alt=\"A quay\" title=\"At noon\"", "alt=\"same\""] {
        assert!(
            page.contains(&format!("<img src=\"../../../files/{file}\" {shown}")),
            "{page}"
        );
    }
    assert!(archive.page("2020/01/02/second.html").contains(&file));
    // A second build has nothing to do, and a clean one gives the same.
    assert_eq!(archive.build().count("/written"), 0);
    let public = archive.files("public");
    archive.remove("public");
    archive.remove(".backfile");
    archive.build();
    archive.expect_same("public", &public);
}

#[test]
fn a_saved_page_shows_the_pictures_of_its_folder() {
    let paragraphs = format!("<p>{TEXT} {TEXT}</p>").repeat(6);
    let page = |head: &str, picture: &str| {
        format!(
            "<!doctype html><html><head><title>Night ferry</title>{head}</head><body><article><h1>Night ferry</h1>{paragraphs}{picture}{paragraphs}</article></body></html>"
        )
    };
    for (head, shown, comes) in [
        (
            "",
            "<img src=\"Night%20ferry_files/a.png\" alt=\"Quay\">",
            true,
        ),
        (
            "<link rel=\"canonical\" href=\"https://q.example/2019/ferry\">",
            "<img src=\"./Night%20ferry_files/a.png\" alt=\"Quay\">",
            true,
        ),
        (
            "",
            "<amp-img src=\"Night%20ferry_files/a.png\" alt=\"Quay\" width=\"600\" height=\"400\"></amp-img>",
            true,
        ),
        (
            "",
            "<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\" data-src=\"Night%20ferry_files/a.png\" alt=\"Quay\">",
            true,
        ),
        (
            "",
            "<img data-srcset=\"small.png 335w, Night%20ferry_files/a.png 800w\" alt=\"Quay\">",
            true,
        ),
        ("", "<img src=\"elsewhere/a2.png\" alt=\"Quay\">", false),
    ] {
        let archive = Archive::new()
            .raw("Night ferry.html", page(head, shown))
            .raw("Night ferry_files/a.png", picture(7))
            .raw("Night ferry_files/site.js", "alert(1)");
        let said = archive.build();
        assert_eq!(said.status, 0, "{:?}", said.diagnostics());
        let article = archive.read(&archive.article_file("night-ferry"));
        assert_eq!(article.contains("![Quay]("), comes, "{shown}: {article}");
        assert_eq!(
            names(&archive, "content/articles/files").len(),
            usize::from(comes),
            "{shown}"
        );
        assert!(!article.contains("elsewhere"), "{article}");
    }
}

#[test]
fn notes_embed_pictures_and_link_to_notes_by_name() {
    let archive = Archive::new()
        .raw("vault/Daily/Ferry.md", format!("# The ferry\n\n{TEXT} See [[Harbour master|the master]], [[The quay#Old stones]] and [[Nobody]].\n\n![[Quay at noon.png|300]]\n"))
        .raw("vault/People/Harbour master.md", format!("# A master\n\n{TEXT}\n"))
        .raw("vault/Places/q.md", format!("# The quay\n\n{TEXT}\n\n## Old stones\n\n{TEXT}\n"))
        .raw("vault/pictures/Quay at noon.png", picture(3));
    let said = archive.build();
    assert_eq!(said.status, 0, "{:?}", said.diagnostics());
    let page = archive.page("undated/the-ferry.html");
    assert!(
        page.contains("<a href=\"../undated/a-master.html\">the master</a>"),
        "{page}"
    );
    assert!(
        page.contains("../undated/the-quay.html#old-stones\">"),
        "{page}"
    );
    assert!(page.contains("[[Nobody]]"), "{page}");
    assert!(
        page.contains("<img src=\"../files/") && page.contains("alt=\"Quay at noon.png\""),
        "{page}"
    );
}

#[test]
fn what_could_run_or_is_outside_does_not_come_along() {
    let archive = Archive::new()
        .file("secret.png", picture(9))
        .file("backfile.toml", "[import]\nmax_file_bytes = 1000\n")
        .raw("a.md", format!("# One\n\n{TEXT} ![s](bad.svg) ![g](good.svg) ![o](../secret.png) ![h](page.png) ![l](large.png) [p](tool.js)\n"))
        .raw("bad.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")
        .raw("good.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"/></svg>")
        .raw("page.png", "<!doctype html><script>alert(1)</script>")
        .raw("tool.js", "alert(1)")
        .raw("large.png", [picture(1), vec![0; 2000]].concat());
    let said = archive.build();
    let large = "raw/large.png:0 warning the file has 0 MB, and is not shown (at most 0 MB are brought along: raise `max_file_bytes` under `[import]`)";
    assert!(
        said.diagnostics().iter().any(|d| d == large),
        "{:?}",
        said.diagnostics()
    );
    let public = archive.files("public/files");
    assert_eq!(names(&archive, "public/files"), ["good"]);
    for (file, bytes) in archive.files("public") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("alert(1)") && bytes != picture(9), "{file}");
    }
    assert!(public.keys().all(|file| file.ends_with(".svg")));
}

#[test]
fn a_picture_that_comes_later_or_changes_is_seen() {
    let archive = Archive::new()
        .raw(
            "x/one.md",
            format!("# One\n\n{TEXT} ![s](pictures/The%20Quay.png)\n"),
        )
        .raw("two.md", format!("# Two\n\n{TEXT}\n"));
    let said = archive.build();
    assert_eq!(
        said.diagnostics_except_coverage().len(),
        1,
        "{:?}",
        said.diagnostics()
    );
    for shade in [1, 2] {
        archive.write("raw/x/pictures/The Quay.png", picture(shade));
        let said = archive.build();
        assert_eq!(said.diagnostics_except_coverage(), [""; 0]);
        assert_eq!(
            (said.count("/imported/again"), said.count("/imported/files")),
            (1, 1)
        );
        let shown = archive.files("public/files");
        assert_eq!(shown.values().collect::<Vec<_>>(), [&picture(shade)]);
    }
    assert_eq!(archive.build().count("/written"), 0);
}

#[test]
fn pictures_that_wordpress_names_by_number_come_along() {
    let item = |number: u32, kind: &str, more: &str| {
        format!(
            "<item><title>Title {number}</title><link>https://kiln.example/p{number}/</link><content:encoded><![CDATA[{more}]]></content:encoded><wp:post_id>{number}</wp:post_id><wp:status>publish</wp:status><wp:post_type>{kind}</wp:post_type>"
        )
    };
    let attachment = |number: u32, name: &str| {
        item(number, "attachment", "")
            + &format!(
                "<wp:post_parent>1</wp:post_parent><wp:attachment_url>https://kiln.example/wp-content/uploads/2019/03/{name}.png</wp:attachment_url></item>"
            )
    };
    let meta = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta></item>";
    let posts = [
        item(
            1,
            "post",
            &format!("{TEXT}\n\n[gallery ids=\"7,8\"]\n\nThe end of it."),
        ) + meta,
        item(
            2,
            "post",
            &format!(
                "{TEXT}\n\n[gallery ids=\"99\"] <img src=\"https://kiln.example/wp-content/uploads/2019/03/d-300x200.png\" alt=\"D\">"
            ),
        ) + "</item>",
        attachment(7, "a"),
        attachment(8, "b"),
        attachment(9, "c"),
    ];
    let archive = Archive::new()
        .raw("e.xml", format!("<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Kiln</title>{}</channel></rss>", posts.concat()))
        .raw("wp-content/uploads/2019/03/a.png", picture(1))
        .raw("wp-content/uploads/2019/03/c.png", picture(3))
        .raw("wp-content/uploads/2019/03/d.png", picture(4));
    let said = archive.build();
    assert_eq!(said.status, 0, "{:?}", said.diagnostics());
    assert_eq!(names(&archive, "public/files"), ["a", "c", "d"]);
    let article = archive.read(&archive.article_file("title-1"));
    let body = article.split("---\n").last().unwrap();
    let parts: Vec<&str> = body
        .split("\n\n")
        .map(|part| part.trim().split("(..").next().unwrap())
        .collect();
    let b = "![Title 8](https://kiln.example/wp-content/uploads/2019/03/b.png)";
    assert_eq!(
        parts,
        ["![Title 9]", TEXT, "![Title 7]", b, "The end of it."],
        "{article}"
    );
}

#[test]
fn a_pdf_is_a_problem_only_while_no_article_links_to_it() {
    let archive = Archive::new()
        .raw(
            "a.md",
            format!("# One\n\n{TEXT} [The minutes](minutes.pdf).\n"),
        )
        .raw("minutes.pdf", "%PDF-1.4 minutes")
        .raw("alone.pdf", "%PDF-1.4 alone");
    for _ in 0..2 {
        let said = archive.build();
        let problems = said.diagnostics_except_coverage();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with("raw/alone.pdf:0 problem"),
            "{problems:?}"
        );
        // The next build imports again, as something is new.
        archive.write("raw/b.md", format!("# Two\n\n{TEXT}\n"));
    }
    assert_eq!(names(&archive, "public/files"), ["minutes"]);
}

#[test]
fn a_picture_of_a_draft_is_not_published() {
    let archive = Archive::new()
        .raw(
            "a.md",
            format!("---\ntitle: Draft\ndraft: true\n---\n\n{TEXT} ![s](a.png)\n"),
        )
        .raw("b.md", format!("---\ntitle: Open\n---\n\n{TEXT}\n"))
        .raw("a.png", picture(1));
    archive.build();
    assert_eq!(names(&archive, "content/articles/files"), ["a"]);
    assert!(!archive.has("public/files"));
}
