//! `publish` to a bucket over a network that fails in every way: readers see pages that work, and one run without failures
//! publishes everything.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::archive::Archive;
use crate::crawl::broken_links;
use crate::hosts::faults::{Fault, Proxy};
use crate::hosts::s3::{Bucket, bucket};
use crate::published::{
    Files, command, expect_published, later, on_one_machine, publish, published, seen, site,
    website,
};

const ANYWAY: [&str; 2] = ["--allow-problems", "--force"];

/// Two versions of a website, the first of which is in a bucket behind a proxy.
struct Stage {
    bucket: Bucket,
    proxy: Proxy,
    sites: [Archive; 2],
    files: [Files; 2],
}

impl Stage {
    fn new(name: &str) -> Self {
        let bucket = bucket(name);
        let proxy = Proxy::of(&bucket.endpoint);
        let settings = format!(
            "[publish.live]\nto = \"s3://{name}/site\"\nendpoint = \"{}\"\nregion = \"us-east-1\"\n",
            proxy.address
        );
        let sites = [site(&settings), later(&settings)];
        on_one_machine(&sites[0], &sites[1]);
        published(&sites[0], &ANYWAY);
        Self {
            files: sites.each_ref().map(website),
            bucket,
            proxy,
            sites,
        }
    }

    /// Expects pages that work, each whole, of one of the two.
    fn expect_readable(&self, what: &str) {
        let there = seen(&self.bucket.files("site/"));
        let broken = broken_links(&there);
        assert!(broken.is_empty(), "{what}: {broken:?}");
        for (path, bytes) in &there {
            let known = self.files.each_ref().map(|files| files.get(path));
            assert!(
                known.contains(&Some(bytes)),
                "{what}: half a file at {path}"
            );
        }
    }

    /// Expects one run over a good line to put all in place.
    fn expect_mended(&self, at: usize) {
        self.proxy.set(Fault::None);
        published(&self.sites[at], &ANYWAY);
        expect_published(&self.bucket.files("site/"), &self.sites[at]);
    }

    /// There and back over a line of which this is wrong.
    fn survives(&self, fault: Fault) {
        for at in [1, 0] {
            self.proxy.set(fault);
            let said = publish(&self.sites[at], &ANYWAY);
            assert!((0..=2).contains(&said.status), "{fault:?}: {}", said.json);
            assert!(self.proxy.struck() > 0, "{fault:?}");
            let words = said.diagnostics().join("\n");
            let blames = ["another publisher", "somebody else"];
            let is_true = !blames.iter().any(|blame| words.contains(blame));
            assert!(is_true, "{fault:?}: nobody else is here: {words}");
            self.expect_readable(&format!("{fault:?}"));
            if said.status < 2 {
                let there = self.bucket.files("site/");
                expect_published(&there, &self.sites[at]);
            }
            self.expect_mended(at);
        }
    }
}

#[test]
fn repeated_network_failures_leave_no_broken_link() {
    let stage = Stage::new("cut");
    stage.survives(Fault::CutBefore(7));
    stage.survives(Fault::CutAfter(7));
}

#[test]
fn repeated_refusals_of_the_server_leave_no_broken_link() {
    let stage = Stage::new("refused");
    stage.survives(Fault::Refused(500, 5));
    stage.survives(Fault::Refused(503, 3));
}

#[test]
fn a_slow_server_is_waited_for() {
    let stage = Stage::new("slow");
    stage.survives(Fault::Slow(Duration::from_millis(150)));
}

#[test]
fn a_file_that_was_damaged_in_transfer_is_sent_again() {
    let stage = Stage::new("damaged");
    stage.survives(Fault::Damaged(6));
}

/// Each of the first and of the last of so many requests, and some between.
fn moments(all: usize) -> Vec<usize> {
    let (first, last) = (16, all - 6);
    let between = (1..6).map(|part| first + part * (last - first) / 6);
    (2..first).chain(between).chain(last..all).collect()
}

#[test]
fn a_server_that_dies_at_any_moment_leaves_no_broken_link() {
    let stage = Stage::new("dying");
    let moments = [1, 0].map(|at| {
        stage.proxy.set(Fault::None);
        published(&stage.sites[at], &ANYWAY);
        moments(stage.proxy.requests())
    });
    let [there, back] = moments;
    for (round, (there, back)) in there.into_iter().zip(back).enumerate() {
        let at = 1 - round % 2;
        let first = [back, there][at];
        stage.proxy.set(Fault::DeadFrom(first));
        let mut process = command(&stage.sites[at], &ANYWAY)
            .arg("--quiet")
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        while stage.proxy.struck() == 0 && process.try_wait().expect("asked").is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        // What other lanes have begun may still arrive; after that, all that it does is to try again.
        std::thread::sleep(Duration::from_millis(150));
        let _ = process.kill();
        process.wait().expect("ended");
        stage.expect_readable(&format!("dead from request {first}"));
        // Before the server is back, the website may have become another.
        let is_early = first < 16;
        if is_early && round % 3 != 0 || round % 4 == 0 {
            stage.expect_mended(1 - at);
        }
        stage.expect_mended(at);
    }
}

#[test]
fn a_server_that_stays_dead_is_given_up() {
    let stage = Stage::new("dead");
    stage.proxy.set(Fault::None);
    published(&stage.sites[1], &ANYWAY);
    let half = stage.proxy.requests() / 2;
    stage.proxy.set(Fault::DeadFrom(half));
    let start = Instant::now();
    let said = publish(&stage.sites[0], &ANYWAY);
    let took = start.elapsed();
    assert_eq!(said.status, 2, "{}", said.json);
    assert!(took < Duration::from_secs(90), "{took:?}");
    assert!(said.diagnostics()[0].contains("running it again continues from here"));
    stage.expect_readable("half");
    stage.proxy.set(Fault::None);
    // What was sent is not sent again.
    let sent = published(&stage.sites[0], &ANYWAY).count("/sent");
    assert!(sent > 0 && (sent as usize) < half, "{sent} after {half}");
    expect_published(&stage.bucket.files("site/"), &stage.sites[0]);
}
