//! `publish` to a folder: what is sent, what is deleted, and what stops it.

use std::collections::BTreeSet;
use std::io::Read as _;

use serde_json::Value;

use crate::archive::{Archive, CommandOutput};
use crate::crawl::broken_links;
use crate::published::{
    Files, differences, expect_folder, expect_published, expect_refused, expect_tidy, publish,
    published, seen, site, website,
};

const FOLDER: &str = "[publish.live]\nto = \"file://{root}/www\"\n";

fn paths(said: &CommandOutput, pointer: &str) -> BTreeSet<String> {
    let paths = said.json.pointer(pointer).and_then(Value::as_array);
    let paths = paths.unwrap_or_else(|| panic!("no {pointer} in {}", said.json));
    let paths = paths
        .iter()
        .map(|path| path.as_str().expect("text").to_owned());
    paths.collect()
}

fn build(site: &Archive) {
    let said = site.build();
    assert_eq!(said.status, 0, "{}", said.json);
}

fn expect_done(site: &Archive) {
    expect_folder(&site.path("www"), site);
}

#[test]
fn the_first_run_sends_all_and_the_second_nothing() {
    let site = site(FOLDER);
    let all = website(&site).len() as u64;
    let first = published(&site, &[]);
    assert_eq!((first.count("/files"), first.count("/sent")), (all, all));
    expect_done(&site);
    assert_eq!(broken_links(&seen(&site.files("www"))), [""; 0]);
    let second = published(&site, &["live"]);
    assert_eq!((second.count("/sent"), second.count("/deleted")), (0, 0));
    expect_done(&site);
}

#[test]
fn an_edited_article_sends_exactly_the_files_whose_bytes_differ() {
    let site = site(FOLDER);
    published(&site, &[]);
    for (from, to) in [
        ("The text of 7", "The words of 7"),
        ("title: Article 7", "title: Seven"),
    ] {
        let before = website(&site);
        site.edit("content/articles/7.md", from, to);
        build(&site);
        let differ = differences(&before, &website(&site));
        assert!(!differ.is_empty() && differ.len() < 20, "{differ:?}");
        let would = published(&site, &["--dry-run"]);
        assert_eq!(paths(&would, "/would/send"), differ);
        assert_eq!(paths(&would, "/would/delete"), BTreeSet::new());
        assert_eq!(
            differences(&before, &seen(&site.files("www"))),
            BTreeSet::new()
        );
        expect_tidy(&site.files("www"));
        assert_eq!(published(&site, &[]).count("/sent"), differ.len() as u64);
        expect_done(&site);
    }
}

#[test]
fn an_article_address_is_lost_only_with_allow_problems() {
    let site = site(FOLDER);
    published(&site, &[]);
    let before = site.files("www");
    site.remove("content/articles/7.md");
    // Who names it in its body names it no longer.
    site.edit("content/articles/6.md", "[another](7.md)", "another");
    build(&site);
    let refused = publish(&site, &[]);
    expect_refused(&refused, "2021/04/12/article-7.html");
    expect_refused(&refused, "--allow-problems");
    assert_eq!(differences(&site.files("www"), &before), BTreeSet::new());
    let said = publish(&site, &["--allow-problems"]);
    assert!(said.status < 2, "{}", said.json);
    assert!(said.count("/deleted") > 0);
    expect_done(&site);
}

#[test]
fn a_changed_address_is_reported_with_the_new_one() {
    let site = site(FOLDER);
    published(&site, &[]);
    site.edit("content/articles/7.md", "slug: article-7", "slug: seven");
    build(&site);
    expect_refused(
        &publish(&site, &[]),
        "its article is at `2021/04/12/seven.html` now",
    );
    let alias = "slug: seven\naliases: [/2021/04/12/article-7.html]";
    site.edit("content/articles/7.md", "slug: seven", alias);
    build(&site);
    published(&site, &[]);
    expect_done(&site);
}

#[test]
fn many_deletions_need_force() {
    let site = site(FOLDER);
    published(&site, &[]);
    let before = site.files("www");
    for number in 0..50 {
        site.remove(&format!("content/articles/{number}.md"));
    }
    for number in 50..60 {
        let next = format!("[another]({}.md)", (number + 1) % 50);
        site.edit(&format!("content/articles/{number}.md"), &next, "another");
    }
    site.write("content/about.md", "# About\n");
    build(&site);
    expect_refused(&publish(&site, &["--allow-problems"]), "--force");
    assert_eq!(differences(&site.files("www"), &before), BTreeSet::new());
    // Addresses are lost nevertheless.
    expect_refused(&publish(&site, &["--force"]), "--allow-problems");
    assert_eq!(differences(&site.files("www"), &before), BTreeSet::new());
    let said = publish(&site, &["--allow-problems", "--force"]);
    assert!(said.status < 2, "{}", said.json);
    let there = site.files("www");
    let built = site.files("public");
    assert!(there.len() < before.len() / 2);
    assert!(seen(&there).keys().all(|path| built.contains_key(path)));
    expect_tidy(&there);
}

#[test]
fn problems_of_the_build_stop_it() {
    let site = site(FOLDER);
    site.write("content/articles/torn.md", "---\ntitle: [\n---\n\nNo.\n");
    assert_eq!(site.build().status, 1);
    let refused = publish(&site, &[]);
    expect_refused(&refused, "torn.md");
    expect_refused(&refused, "--allow-problems");
    assert!(site.files("www").is_empty());
    assert_eq!(publish(&site, &["--allow-problems"]).status, 1);
    expect_done(&site);
}

#[test]
fn manual_changes_in_the_output_folder_stop_publishing() {
    let site = site(FOLDER);
    published(&site, &[]);
    let before = site.files("www");
    let after = |act: &dyn Fn()| {
        act();
        expect_refused(
            &publish(&site, &["--allow-problems", "--force"]),
            "backfile build",
        );
        assert_eq!(differences(&site.files("www"), &before), BTreeSet::new());
        assert!(site.build().status < 2);
        published(&site, &[]);
        expect_done(&site);
    };
    after(&|| site.write("public/by-hand.html", "<p>By hand</p>"));
    after(&|| site.edit("public/index.html", "</p>", "</p><p>By hand</p>"));
    after(&|| site.remove("public/feed.xml"));
    site.remove("public");
    expect_refused(&publish(&site, &[]), "backfile build");
    assert_eq!(differences(&site.files("www"), &before), BTreeSet::new());
}

#[test]
fn drafts_raw_records_and_local_paths_are_not_published() {
    let site = site(FOLDER)
        .article(
            "draft.md",
            "title: A draft\ndraft: true",
            "Nobody reads quicksilver.",
        )
        .raw(
            "wire.txt",
            "Title: From raw\nDate: 2020-01-02\nKeystroke: marmalade\n\nThe text of it.\n",
        );
    build(&site);
    published(&site, &[]);
    expect_done(&site);
    let root = site.root().to_string_lossy().into_owned();
    for (path, bytes) in site.files("www") {
        let is_website = !["raw/", "content/", "templates/"]
            .iter()
            .any(|f| path.starts_with(f));
        assert!(is_website && path != ".backfile-public", "{path}");
        let text = String::from_utf8_lossy(&bytes);
        for word in ["quicksilver", "marmalade", &root] {
            assert!(!text.contains(word), "`{word}` is in {path}");
        }
    }
}

#[test]
fn files_of_others_are_kept_and_counted() {
    let site = site(FOLDER);
    let foreign = [
        "blog/index.html",
        ".well-known/security.txt",
        "2021/04/12/x.gz",
    ];
    for path in foreign {
        site.write(&format!("www/{path}"), "not Backfile's");
    }
    published(&site, &["--adopt"]);
    let number = foreign.len() as u64;
    assert_eq!(published(&site, &["--verify"]).count("/foreign"), number);
    site.remove("content/articles/7.md");
    site.edit("content/articles/6.md", "[another](7.md)", "another");
    build(&site);
    let said = publish(&site, &["--allow-problems", "--force", "--verify"]);
    assert_eq!(said.count("/foreign"), number, "{}", said.json);
    let mut there = site.files("www");
    for path in foreign {
        assert_eq!(there.remove(path).as_deref(), Some(&b"not Backfile's"[..]));
    }
    expect_published(&there, &site);
}

#[test]
fn verify_repairs_damaged_files() {
    let site = site(FOLDER);
    published(&site, &[]);
    let page = "www/2021/04/12/article-7.html";
    // As many bytes as before.
    site.edit(page, "The text of", "The test of");
    site.remove("www/feed.xml");
    assert_eq!(published(&site, &[]).count("/sent"), 0);
    assert!(!site.has("www/feed.xml") && site.read(page).contains("test of"));
    let would = published(&site, &["--verify", "--dry-run"]);
    let broken = ["2021/04/12/article-7.html", "feed.xml"].map(str::to_owned);
    assert_eq!(paths(&would, "/would/send"), broken.into());
    assert_eq!(published(&site, &["--verify"]).count("/sent"), 2);
    expect_done(&site);
    assert_eq!(published(&site, &["--verify"]).count("/sent"), 0);
}

#[test]
fn deleted_files_are_kept_as_long_as_the_settings_say() {
    let site = site(&format!("{FOLDER}delete_after_days = 7\n"));
    published(&site, &[]);
    let page = "www/2021/04/12/article-7.html";
    let text = site.read("content/articles/7.md");
    let before = website(&site);
    site.remove("content/articles/7.md");
    site.edit("content/articles/6.md", "[another](7.md)", "another");
    build(&site);
    let gone: BTreeSet<String> = before.keys().cloned().collect();
    let gone: BTreeSet<String> = gone
        .difference(&website(&site).into_keys().collect())
        .cloned()
        .collect();
    let said = publish(&site, &["--allow-problems"]);
    assert_eq!(said.count("/deleted"), 0, "{}", said.json);
    assert_eq!(said.count("/waiting"), gone.len() as u64);
    for path in &gone {
        assert!(site.has(&format!("www/{path}")), "{path}");
    }
    // An article that comes back waits no longer.
    site.write("content/articles/7.md", &text);
    build(&site);
    assert_eq!(published(&site, &[]).count("/waiting"), 0);
    site.remove("content/articles/7.md");
    build(&site);
    publish(&site, &["--allow-problems"]);
    publish(&site, &["--allow-problems"]);
    assert!(site.has(page));
    // Eight days later.
    let manifest = "www/.backfile/manifest.json";
    let mut json: Value = serde_json::from_str(&site.read(manifest)).expect("JSON");
    for waiting in json["waiting"].as_array_mut().expect("a list") {
        let since = waiting[1].as_u64().expect("a time");
        waiting[1] = (since - 8 * 24 * 3600).into();
    }
    site.write(manifest, json.to_string());
    let said = published(&site, &[]);
    assert_eq!(said.count("/deleted"), gone.len() as u64, "{}", said.json);
    expect_done(&site);
}

#[test]
fn a_withdrawn_article_is_deleted_without_delay() {
    let site = site(&format!("{FOLDER}delete_after_days = 7\n"));
    published(&site, &[]);
    site.edit("content/articles/7.md", "slug: article-7", "slug: seven");
    build(&site);
    // Its text is at the old address too.
    let said = publish(&site, &["--allow-problems"]);
    assert!(said.count("/waiting") > 0, "{}", said.json);
    site.edit(
        "content/articles/7.md",
        "slug: seven",
        "slug: seven\nwithdrawn: a court said so",
    );
    build(&site);
    published(&site, &[]);
    for (path, bytes) in site.files("www") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("The text of 7."), "{path}");
    }
    expect_done(&site);
}

fn unpacked(path: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let read = match path.rsplit_once('.') {
        Some((_, "gz")) => flate2::read::GzDecoder::new(bytes).read_to_end(&mut out),
        _ => brotli::Decompressor::new(bytes, 4_096).read_to_end(&mut out),
    };
    read.expect(path);
    out
}

/// Expects every text to lie there compressed twice, and takes those files out.
fn without_compressed(mut there: Files, website: &Files) -> Files {
    for (path, bytes) in website {
        let is_text = !path.ends_with(".jpg");
        for ending in ["gz", "br"] {
            let packed = format!("{path}.{ending}");
            let found = there.remove(&packed);
            assert_eq!(found.is_some(), is_text, "{packed}");
            assert!(
                found.is_none_or(|found| unpacked(&packed, &found) == *bytes),
                "{packed}"
            );
        }
    }
    there
}

#[test]
fn compressed_files_lie_beside_the_others_and_go_with_them() {
    let packed = format!("{FOLDER}compress = [\"gzip\", \"brotli\"]\n");
    let site = site(&packed);
    published(&site, &[]);
    expect_published(
        &without_compressed(site.files("www"), &website(&site)),
        &site,
    );
    assert_eq!(published(&site, &["--verify"]).count("/foreign"), 0);
    site.remove("content/articles/7.md");
    site.edit("content/articles/6.md", "[another](7.md)", "another");
    site.edit("content/articles/9.md", "The text", "The words");
    build(&site);
    assert!(publish(&site, &["--allow-problems"]).status < 2);
    expect_published(
        &without_compressed(site.files("www"), &website(&site)),
        &site,
    );
    site.edit("backfile.toml", "compress = [\"gzip\", \"brotli\"]\n", "");
    build(&site);
    published(&site, &[]);
    expect_done(&site);
}

#[test]
fn an_address_with_a_password_is_refused_without_showing_it() {
    let site = site(FOLDER);
    site.write(
        "backfile.toml",
        "[publish.live]\nto = \"sftp://me:hunter2@host/www\"\n",
    );
    for args in [&["--json"][..], &["-v"], &[]] {
        let output = crate::published::command(&site, args)
            .output()
            .expect("run");
        let said = format!("{output:?}");
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains("password") && !said.contains("hunter2"),
            "{said}"
        );
    }
}
