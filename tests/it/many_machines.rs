//! A build in parts through an S3 server, and on a Ray cluster that loses a node.

use std::path::Path;
use std::process::Command;

use crate::archive::Archive;
use crate::hosts::s3;
use crate::python;
use crate::shards::archive;

fn build(site: &Archive, endpoint: &str, step: &[&str]) -> std::process::Output {
    Command::new(assert_cmd::cargo::cargo_bin("backfile"))
        .args(["build", "--json", "--meet", "s3://parts/of/today", "--site"])
        .arg(site.root())
        .args(step)
        .env("AWS_ENDPOINT", endpoint)
        .env("AWS_ALLOW_HTTP", "true")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "k")
        .env("AWS_SECRET_ACCESS_KEY", "a secret")
        .output()
        .expect("run")
}

#[test]
fn parts_meet_in_an_object_store() {
    let endpoint = s3::bucket("parts").endpoint;
    let site = archive();
    site.build();
    let expected = site.files("public");
    site.remove("public");
    site.remove(".backfile");
    let refused = build(&site, &endpoint, &["--merge"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(said.contains("no part has written its cards"), "{said}");
    for step in [
        &["--shard", "1/2"][..],
        &["--shard", "2/2"],
        &["--merge"],
        &["--shard", "2/2", "--render"],
        &["--shard", "1/2", "--render"],
    ] {
        let done = build(&site, &endpoint, step);
        assert_eq!(done.status.code(), Some(0), "{done:?}");
    }
    let last = build(&site, &endpoint, &["--finish"]);
    assert_eq!(last.status.code(), Some(1), "one article is torn: {last:?}");
    site.expect_same("public", &expected);
    // An address where nothing answers is reported, without the secret.
    let refused = build(&site, "http://127.0.0.1:9", &["--merge"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = format!("{refused:?}");
    assert!(said.contains("the object store cannot be used"), "{said}");
    assert!(!said.contains("a secret"), "{said}");
}

#[test]
fn a_ray_cluster_that_loses_a_node_builds_the_same_website() {
    let programs = python::environment("ray", &["ray==2.60.0"]);
    let site = archive();
    site.build();
    let expected = site.files("public");
    site.remove("public");
    site.remove(".backfile");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let done = Command::new(programs.join("python"))
        .arg(root.join("tests/it/ray_cluster.py"))
        .arg(root.join("examples/many-machines"))
        .arg(assert_cmd::cargo::cargo_bin("backfile"))
        .args([site.root(), &site.path("meet")])
        .output()
        .expect("run");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(done.status.success(), "{said}");
    assert!(said.contains("killed one of 2 machines"), "{said}");
    site.expect_same("public", &expected);
}
