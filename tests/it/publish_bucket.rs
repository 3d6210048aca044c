//! `publish` to a bucket of a real S3 server: headers of pages, credentials, and versions.

use std::collections::BTreeSet;
use std::io::Read as _;

use crate::archive::Archive;
use crate::crawl::broken_links;
use crate::hosts::s3::{Bucket, bucket};
use crate::published::{
    SECRET, command, differences, expect_published, expect_refused, publish, published, seen, site,
    website,
};

fn settings(bucket: &Bucket) -> String {
    format!(
        "[publish.live]\nto = \"s3://{}/site\"\nendpoint = \"{}\"\nregion = \"us-east-1\"\n",
        bucket.name, bucket.endpoint
    )
}

fn expect_done(bucket: &Bucket, site: &Archive) {
    let there = bucket.files("site/");
    expect_published(&there, site);
    assert_eq!(broken_links(&seen(&there)), [""; 0]);
}

#[test]
fn a_bucket_holds_the_website_and_only_what_changed_is_sent() {
    let bucket = bucket("plain");
    let site = site(&settings(&bucket));
    bucket.put("beside.txt", b"of somebody else");
    bucket.put("site/foreign.txt", b"of somebody else");
    let expect = || {
        let mut there = bucket.files("site/");
        assert!(there.remove("foreign.txt").is_some());
        expect_published(&there, &site);
    };
    assert_eq!(
        published(&site, &["--adopt"]).count("/sent"),
        website(&site).len() as u64
    );
    expect();
    assert_eq!(published(&site, &[]).count("/sent"), 0);
    let before = website(&site);
    site.edit("content/articles/7.md", "The text", "The words");
    assert_eq!(site.build().status, 0);
    let differ = differences(&before, &website(&site)).len() as u64;
    assert_eq!(published(&site, &[]).count("/sent"), differ);
    expect();
    site.remove("content/articles/9.md");
    site.edit("content/articles/8.md", "[another](9.md)", "another");
    assert_eq!(site.build().status, 0);
    expect_refused(&publish(&site, &[]), "article-9.html");
    assert!(publish(&site, &["--allow-problems"]).count("/deleted") > 0);
    expect();
    let all = bucket.files("");
    assert!(all.contains_key("beside.txt"));
}

#[test]
fn verify_repairs_missing_and_changed_objects() {
    let bucket = bucket("verified");
    let site = site(&settings(&bucket));
    published(&site, &[]);
    let page = String::from_utf8(website(&site)["about.html"].clone()).expect("text");
    bucket.put("site/about.html", page.replace("About", "Abour").as_bytes());
    bucket.delete("site/feed.xml");
    bucket.put("site/foreign.txt", b"of somebody else");
    assert_eq!(published(&site, &[]).count("/sent"), 0);
    let said = published(&site, &["--verify"]);
    assert_eq!((said.count("/sent"), said.count("/foreign")), (2, 1));
    bucket.delete("site/foreign.txt");
    expect_done(&bucket, &site);
}

#[test]
fn pages_come_with_their_headers() {
    let bucket = bucket("headers");
    let site = site(&settings(&bucket));
    published(&site, &[]);
    let short = "public, max-age=60, must-revalidate";
    let objects = bucket.objects("site/");
    for (path, kind, cache) in [
        ("index.html", "text/html; charset=utf-8", short),
        (
            "2021/04/12/article-7.html",
            "text/html; charset=utf-8",
            short,
        ),
        ("feed.xml", "application/xml; charset=utf-8", short),
        ("robots.txt", "text/plain; charset=utf-8", short),
        ("old.css", "text/css; charset=utf-8", "public, max-age=3600"),
        (
            "kept-3f2a9c01.css",
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        ("picture.jpg", "image/jpeg", "public, max-age=3600"),
    ] {
        let object = &objects[path];
        let found = [
            &object.content_type,
            &object.cache_control,
            &object.content_encoding,
        ];
        assert_eq!(found, [kind, cache, ""], "{path}");
    }
    let own = objects
        .iter()
        .filter(|(path, _)| path.starts_with(".backfile/"));
    assert!(own.clone().count() > 1);
    for (path, object) in own {
        assert_eq!(object.cache_control, "no-store", "{path}");
    }
}

#[test]
fn compressed_pages_say_so_and_hold_the_same() {
    let bucket = bucket("compressed");
    let plain = settings(&bucket);
    let site = site(&plain);
    published(&site, &[]);
    let how = "compress = [\"gzip\"]\ncompressed = \"instead\"\n";
    site.write("backfile.toml", site.read("backfile.toml") + how);
    assert_eq!(site.build().status, 0);
    published(&site, &[]);
    for (path, object) in bucket.objects("site/") {
        if path.starts_with(".backfile/") {
            continue;
        }
        let is_text = !path.ends_with(".jpg");
        assert_eq!(
            object.content_encoding,
            if is_text { "gzip" } else { "" },
            "{path}"
        );
        let mut bytes = object.bytes.clone();
        if is_text {
            bytes.clear();
            let read =
                flate2::read::GzDecoder::new(object.bytes.as_slice()).read_to_end(&mut bytes);
            read.expect("gzip");
        }
        assert!(Some(&bytes) == website(&site).get(&path), "{path}");
    }
    assert_eq!(published(&site, &["--verify"]).count("/sent"), 0);
    site.edit("backfile.toml", how, "");
    assert_eq!(site.build().status, 0);
    published(&site, &[]);
    expect_done(&bucket, &site);
    let encodings = bucket
        .objects("site/")
        .into_values()
        .map(|object| object.content_encoding);
    assert_eq!(encodings.collect::<BTreeSet<_>>(), [String::new()].into());
}

#[test]
fn a_file_that_is_too_large_for_memory_arrives_whole() {
    let bucket = bucket("large");
    let site = site(&settings(&bucket));
    let bytes: Vec<u8> = (0..(9_u32 << 20)).map(|at| (at % 251) as u8).collect();
    site.write("static/film.mp4", &bytes);
    assert_eq!(site.build().status, 0);
    published(&site, &[]);
    expect_done(&bucket, &site);
    let film = &bucket.objects("site/film")[".mp4"];
    assert!(film.bytes == bytes);
    assert_eq!(film.content_type, "video/mp4");
    assert_eq!(published(&site, &["--verify"]).count("/sent"), 0);
}

#[test]
fn a_missing_bucket_is_reported() {
    let site = site(&settings(&bucket("there")).replace("s3://there/", "s3://nowhere/"));
    let said = publish(&site, &[]);
    assert_eq!(said.status, 2, "{}", said.json);
    assert!(said.json.to_string().contains("nowhere"), "{}", said.json);
}

#[test]
fn credentials_are_in_no_output_and_no_cache() {
    let bucket = bucket("secret");
    let site = site(&settings(&bucket));
    let said = |site: &Archive, args: &[&str], status| {
        let output = command(site, args).output().expect("run");
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.status.code(), Some(status), "{said}");
        assert!(!said.contains(SECRET), "{said}");
    };
    said(&site, &["--json"], 0);
    site.edit("content/articles/7.md", "The text", "The words");
    assert_eq!(site.build().status, 0);
    said(&site, &["-v"], 0);
    // Where nobody answers, much is said of what was tried.
    site.edit("backfile.toml", &bucket.endpoint, "http://127.0.0.1:9");
    assert_eq!(site.build().status, 0);
    said(&site, &["-v"], 2);
    let kept = [site.files(""), bucket.files("")];
    for (path, bytes) in kept.into_iter().flatten() {
        let is_in = |secret: &str| {
            bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes())
        };
        assert!(!is_in(SECRET), "{path}");
    }
}
