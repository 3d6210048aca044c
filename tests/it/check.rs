//! `check`: what is wrong with a website that was built.

use std::fs::File;

use crate::archive::{Archive, CommandOutput};

pub(crate) fn site() -> Archive {
    Archive::new()
        .with_address()
        .article(
            "a.md",
            "id: one\ntitle: One\ndate: 2021-07-12\ntopics: [Rivers]",
            "First.\n\n## Part\n\nMore.",
        )
        .article(
            "b.md",
            "id: two\ntitle: Two\ndate: 2021-07-13\ntopics: [Rivers]",
            "See [it](a.md#part) and [mail](mailto:a@b.org).",
        )
        .file(
            "content/about.md",
            "# About\n\nWe are [here](articles/a.md).\n",
        )
}

pub(crate) fn check(archive: &Archive) -> CommandOutput {
    archive.run(&["check"])
}

/// What a check says: each problem, without its hint.
pub(crate) fn found(said: &CommandOutput) -> Vec<String> {
    let mut found: Vec<String> = said
        .diagnostics_except_coverage()
        .iter()
        .map(|d| d.split(" (").next().unwrap_or(d).replace(":0 ", " "))
        .collect();
    found.sort();
    found
}

#[test]
fn a_website_as_it_is_built_has_nothing_wrong() {
    let archive = site().built();
    let said = check(&archive);
    assert_eq!(
        (said.status, found(&said)),
        (0, Vec::new()),
        "{}",
        said.json
    );
    let html = archive.files("public");
    let html = html.keys().filter(|path| path.ends_with(".html")).count();
    assert_eq!(said.count("/pages"), html as u64);
    assert!(
        said.count("/links") > 50 && said.count("/read") >= said.count("/pages"),
        "{}",
        said.json
    );
    // Without an address, and with links that begin at the root.
    archive.write("backfile.toml", "");
    let said = check(&archive.built());
    assert_eq!((said.status, found(&said)), (0, Vec::new()));
}

#[test]
fn a_second_check_reads_only_what_changed() {
    let archive = site().built();
    let first = check(&archive);
    let second = check(&archive);
    assert_eq!(second.count("/read"), 0);
    assert_eq!(second.count("/links"), first.count("/links"));
    archive.edit("content/articles/b.md", "See [it]", "Look at [it]");
    let written = archive.build().count("/written");
    assert!(written < first.count("/read"));
    assert_eq!(check(&archive).count("/read"), written);
    archive.remove(".backfile/checked");
    assert_eq!(check(&archive).count("/read"), first.count("/read"));
}

#[test]
fn broken_links_are_reported_with_their_pages() {
    let archive = site()
        .file("static/old/page.html", "<a href='../gone.html'>1</a><a href='gone%20too.pdf#page=3'>2</a><img srcset='a.png 2x, ../about.html'><a href='../../x.html'>3</a><a href='https://example.org/archive/nowhere/'>4</a>")
        .file("static/old/other.html", "<a href='/archive/gone.html'>1</a><a href='#here'>2</a><a id=there href='page.html#a'>3</a><a href='../about.html#b'>4</a><a href='#top'>5</a><a href='#'>6</a><a href='../'>7</a><a href='../topics#c'>8</a><a href='../topics/#main'>9</a>")
        .article("c.md", "title: Three", "See [it](a.md#no-part).")
        .built();
    let said = check(&archive);
    assert_eq!(said.status, 1);
    assert_eq!(
        found(&said),
        [
            "old/other.html problem it links to `about.html#b`, and that page has no such anchor",
            "old/other.html problem it links to `gone.html`, which does not exist; so does another page",
            "old/other.html problem it links to `old/other.html#here`, and that page has no such anchor",
            "old/other.html problem it links to `old/page.html#a`, and that page has no such anchor",
            "old/other.html problem it links to `topics/index.html#c`, and that page has no such anchor",
            "old/page.html problem it links to `nowhere/index.html`, which does not exist",
            "old/page.html problem it links to `old/a.png`, which does not exist",
            "old/page.html problem it links to `old/gone too.pdf`, which does not exist",
            "old/page.html problem its link `../../x.html` leads out of the website",
            "undated/three.html problem it links to `2021/07/12/one.html#no-part`, and that page has no such anchor",
        ]
    );
    assert_eq!(said.count("/broken"), 10);
    assert_eq!(found(&check(&archive)), found(&said));
    // What was missing comes, and nothing is read for it but what is new.
    archive.write("static/gone.html", "<p>");
    let archive = archive.built();
    let said = check(&archive);
    assert_eq!(
        (
            said.count("/broken"),
            found(&said).iter().any(|line| line.contains("`gone.html`"))
        ),
        (9, false)
    );
}

#[test]
fn a_broken_link_on_every_page_is_reported_once_and_a_page_gets_few_reports() {
    let many: String = (0..40)
        .map(|n| format!("<a href='x{n}.html'>{n}</a>"))
        .collect();
    let archive = site()
        .file(
            "backfile.toml",
            "[site]\nmenu = [{ name = \"Gone\", path = \"gone.html\" }]\n",
        )
        .file("static/many.html", many)
        .built();
    let said = check(&archive);
    let found = found(&said);
    let of_menu: Vec<&String> = found
        .iter()
        .filter(|line| line.contains("`gone.html`"))
        .collect();
    assert_eq!(of_menu.len(), 1);
    assert!(
        of_menu[0].contains("; so do ") && of_menu[0].contains("other pages"),
        "{of_menu:?}"
    );
    let of_many = found.iter().filter(|line| line.starts_with("many.html"));
    assert_eq!(of_many.count(), 6);
    assert!(
        found
            .iter()
            .any(|line| line.ends_with("35 more of its links lead nowhere")),
        "{found:?}"
    );
    assert_eq!(said.count("/broken"), 41);
}

#[test]
fn a_page_with_many_anchors_is_read_again_where_one_is_named() {
    let many: String = (0..200).map(|n| format!("<p id=a{n}>")).collect();
    let archive = site()
        .file("static/many.html", many)
        .file(
            "static/few.html",
            "<a href='many.html#a199'>1</a><a href='many.html#a200'>2</a>",
        )
        .built();
    for _ in 0..2 {
        let said = check(&archive);
        assert_eq!(
            found(&said),
            ["few.html problem it links to `many.html#a200`, and that page has no such anchor"]
        );
    }
    assert_eq!(check(&archive).count("/read"), 1);
}

#[test]
fn diagnostics_of_the_build_are_repeated() {
    let archive = site()
        .article("c.md", "title: Three\ndate: soon", "x")
        .article("d.md", "id: one\ntitle: Four", "x");
    assert_eq!(archive.build().status, 1);
    let (built, checked) = (archive.build(), check(&archive));
    assert_eq!(checked.status, 1);
    assert!(built.diagnostics().len() >= 2, "{:?}", built.diagnostics());
    assert_eq!(built.diagnostics(), checked.diagnostics());
}

#[test]
fn names_that_some_file_systems_confuse_are_reported() {
    let archive = site()
        .file("static/About.HTML", "<p>")
        .file("static/about.HTML", "<p>")
        .file("static/cafe\u{301}.txt", "1")
        .file("static/café.txt", "2")
        .file("static/Con.txt", "3")
        .built();
    let said = check(&archive);
    let found = found(&said);
    assert_eq!(said.status, 1);
    for line in [
        "about.HTML problem its name differs from `About.HTML` only in upper and lower case",
        "about.html problem its name differs from `About.HTML` only in upper and lower case",
        "café.txt problem its name differs from `cafe\u{301}.txt` only in how accented characters are encoded",
        "Con.txt warning Windows does not allow this file name: `Con` is a device",
    ] {
        assert!(
            found.iter().any(|found| found == line),
            "{line} is not in {found:#?}"
        );
    }
    assert_eq!(found.len(), 4);
}

#[test]
fn feeds_and_sitemaps_are_read_as_their_readers_do() {
    let archive = site()
        .file("templates/feed.xml", "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><id>y</id><link href=\"gone.html\"/></feed>")
        .file("static/broken.xml", "<a><b></a>")
        .file("static/sitemap/more.xml", "<urlset><url><loc>https://example.org/archive/no.html</loc></url><url><loc>https://example.com/</loc></url></urlset>")
        .built();
    let said = check(&archive);
    assert_eq!(said.status, 1);
    let found = found(&said);
    for line in [
        "feed.xml problem the feed has no `updated`",
        "feed.xml problem it links to `gone.html`, which does not exist",
        "topics/rivers.xml problem it links to `topics/gone.html`, which does not exist",
        "sitemap/more.xml problem it links to `no.html`, which does not exist",
        "sitemap/more.xml problem the address `https://example.com/` is not below `base_url`",
    ] {
        assert!(
            found.iter().any(|found| found == line),
            "{line} is not in {found:#?}"
        );
    }
    let broken = "broken.xml problem it is not well-formed XML: line 1: ";
    assert!(
        found.iter().any(|found| found.starts_with(broken)),
        "{found:#?}"
    );
}

#[test]
fn the_host_is_named_by_the_option_or_by_the_settings() {
    let archive = site();
    archive.write("static/film.mp4", "");
    let film = File::options()
        .write(true)
        .open(archive.path("static/film.mp4"));
    film.expect("opened").set_len(30 << 20).expect("made long");
    let archive = archive.built();
    assert_eq!(check(&archive).status, 0);
    let said = archive.run(&["check", "--host", "cloudflare"]);
    assert_eq!(said.status, 1);
    assert_eq!(
        found(&said),
        ["film.mp4 problem the file has 30 MB; the limit of Cloudflare Pages is 25 MB for a file"]
    );
    assert_eq!(archive.run(&["check", "--host", "github"]).status, 0);
    let settings = archive.read("backfile.toml");
    let target = "\n[publish.live]\nto = \"file:///srv/www\"\nhost = \"cloudflare\"\n";
    archive.write("backfile.toml", settings.clone() + target);
    let archive = archive.built();
    assert_eq!(check(&archive).status, 1);
    archive.write(
        "backfile.toml",
        settings + &target.replace("cloudflare", "mars"),
    );
    let archive = archive.built();
    let said = check(&archive);
    assert_eq!(
        (said.status, found(&said)),
        (
            0,
            vec!["backfile.toml warning the limits of the host `mars` are not known".to_owned()]
        )
    );
}

#[test]
fn check_needs_a_website_and_reports_whether_it_is_current() {
    let archive = site();
    let said = check(&archive);
    assert_eq!(said.status, 2);
    assert!(
        said.diagnostics()[0].contains("run `backfile build` first"),
        "{}",
        said.json
    );
    let archive = archive.built();
    archive.edit("content/about.md", "We are", "We were");
    let said = check(&archive);
    assert_eq!(said.status, 0);
    assert!(found(&said)[0].contains("the sources changed since the website was built"));
    let archive = archive.built();
    archive.remove("public/about.html");
    archive.write("public/index.html", "<p>");
    archive.write("public/own.html", "<p>");
    let said = check(&archive);
    assert_eq!(said.status, 1);
    assert_eq!(
        found(&said),
        [
            "about.html problem the file is missing",
            "index.html problem the file is not as the build wrote it",
            "own.html problem the build did not make this file",
            "public problem the website is not what the last build wrote",
        ]
    );
}

/// A site that was published, and whose article `One` has another address since.
fn moved(front: &str) -> Archive {
    let archive = site()
        .file(
            "content/articles/a.md",
            format!("{front}\n\nFirst.\n\n## Part\n\nMore.\n"),
        )
        .file("backfile.toml", "[publish.live]\nto = \"file://")
        .built_to_publish();
    assert_eq!(archive.run(&["publish"]).status, 0);
    assert_eq!(check(&archive).status, 0);
    archive.edit("content/articles/a.md", "2021-07-12", "2021-08-01");
    archive.built()
}

impl Archive {
    /// Names a folder beside the website as the place to publish to, and builds.
    fn built_to_publish(self) -> Self {
        let to = self.path("www");
        self.file(
            "backfile.toml",
            format!("[publish.live]\nto = \"file://{}\"\n", to.display()),
        )
        .built()
    }
}

#[test]
fn a_lost_address_is_a_problem_and_fix_makes_it_an_alias() {
    for front in [
        "---\nid: one\ntitle: One\ndate: 2021-07-12\n---",
        "+++\nid = \"one\"\ntitle = \"One\"\ndate = 2021-07-12\n[more]\nmood = \"calm\"\n+++",
    ] {
        let archive = moved(front);
        let said = check(&archive);
        assert_eq!(said.status, 1);
        assert_eq!(
            said.diagnostics_except_coverage(),
            [
                "2021/07/12/one.html:0 problem this address of an article was published, and leads nowhere now \
              (its article is at `2021/08/01/one.html` now: `backfile check --fix` adds the old address to its `aliases`)"
            ]
        );
        let before = archive.read("content/articles/a.md");
        let said = archive.run(&["check", "--fix"]);
        assert_eq!(said.status, 0, "{}", said.json);
        assert_eq!(said.json["fixed"][0]["file"], "content/articles/a.md");
        let after = archive.read("content/articles/a.md");
        let new: Vec<&str> = after
            .lines()
            .filter(|line| !before.contains(line))
            .collect();
        assert!(
            new.iter()
                .all(|line| line.contains("aliases") || line.contains("/2021/07/12/one.html")),
            "{after}"
        );
        // Once is enough.
        archive.run(&["check", "--fix"]);
        assert_eq!(archive.read("content/articles/a.md"), after);
        let archive = archive.built();
        assert_eq!(check(&archive).status, 0);
        assert!(
            archive
                .page("2021/07/12/one.html")
                .contains("2021/08/01/one.html")
        );
        assert_eq!(archive.run(&["publish"]).status, 0);
    }
}

#[test]
fn an_imported_article_that_got_an_alias_still_follows_its_record() {
    let record =
        |title: &str, date: &str| format!("---\ntitle: {title}\ndate: {date}\n---\n\nText.\n");
    let archive = Archive::new()
        .raw("one.md", record("One", "2021-07-12"))
        .built_to_publish();
    assert_eq!(archive.run(&["publish"]).status, 0);
    let archive = archive.raw("one.md", record("One", "2021-08-01")).built();
    assert_eq!(check(&archive).status, 1);
    assert_eq!(archive.run(&["check", "--fix"]).status, 0);
    let archive = archive.raw("one.md", record("Another", "2021-08-01"));
    let said = archive.build();
    let found = said.diagnostics_except_coverage();
    assert_eq!((said.status, found), (0, Vec::new()));
    assert!(archive.page("2021/08/01/one.html").contains("Another"));
    assert!(archive.has("public/2021/07/12/one.html"));
    assert_eq!(check(&archive).status, 0);
}

#[test]
fn the_address_of_a_deleted_article_cannot_become_an_alias() {
    let archive = moved("---\nid: one\ntitle: One\ndate: 2021-07-12\n---");
    archive.remove("content/articles/a.md");
    archive.edit("content/articles/b.md", "[it](a.md#part)", "it");
    archive.edit("content/about.md", "[here](articles/a.md)", "here");
    let archive = archive.built();
    let said = archive.run(&["check", "--fix"]);
    assert_eq!(said.status, 1);
    assert!(
        said.diagnostics()[0].contains("bring the article back"),
        "{:?}",
        said.diagnostics()
    );
}
