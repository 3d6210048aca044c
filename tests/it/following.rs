//! `build --watch`, as a real process: the website on disk follows its sources.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::archive::Archive;
use crate::edits::{Dice, act, clean, start};

/// A process that follows a site, and what it tells of each build.
struct Following {
    process: Child,
    told: Receiver<Value>,
}

impl Following {
    fn of(archive: &Archive) -> Self {
        let mut process = Command::new(assert_cmd::cargo::cargo_bin("backfile"))
            .args(["build", "--watch", "--json", "--site"])
            .arg(archive.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let stdout = BufReader::new(process.stdout.take().expect("its output"));
        let (sender, told) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).expect("JSON"));
            }
        });
        Self { process, told }
    }

    fn next(&self) -> Value {
        self.told
            .recv_timeout(Duration::from_secs(20))
            .expect("a build")
    }

    /// Waits until the website is what a clean build makes of the sources.
    fn wait_for_clean(&self, archive: &Archive, done: &str) {
        let clean = clean(archive);
        for _ in 0..400 {
            if archive.files("public") == clean {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!(
            "never the clean site after {done}: {:?}",
            self.told.try_iter().last()
        );
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_website_on_disk_follows_every_edit() {
    let archive = start();
    let following = Following::of(&archive);
    assert!(following.next()["rendered"].as_u64() > Some(50));
    let mut dice = Dice(99);
    for round in 0..25 {
        let done = act(&archive, &mut dice, round);
        following.wait_for_clean(&archive, &done);
    }
}

#[test]
fn an_edit_renders_the_pages_it_affects_and_reports_them() {
    let archive = start();
    let following = Following::of(&archive);
    following.next();
    archive.edit("content/articles/n1.md", "Article 1", "Title one");
    following.next();
    archive.edit("content/articles/n2.md", "The text of 2", "Text of 2");
    let said = following.next();
    assert!(said["rendered"].as_u64() < Some(20), "{said}");
    assert_eq!(said["removed"], 0);
}

/// What changed while a page could not be made is made when it can.
#[test]
fn changes_are_kept_while_a_page_cannot_be_rendered() {
    let archive = start();
    archive.write(
        "templates/article.html",
        "{{ article.title }}{% if article.title == \"Bad\" %}{{ article.nothing.at_all }}{% endif %}",
    );
    let following = Following::of(&archive);
    following.next();
    archive.edit("content/articles/n1.md", "Article 1", "First");
    following.next();
    archive.edit("content/articles/n2.md", "Article 2", "Bad");
    let said = following.next();
    assert_eq!(said["status"], 2, "{said}");
    archive.edit("content/articles/n3.md", "Article 3", "Changed meanwhile");
    archive.edit("content/articles/n2.md", "Bad", "Good again");
    following.wait_for_clean(&archive, "the mending");
    assert!(
        archive
            .files("public")
            .values()
            .any(|page| page == b"Changed meanwhile")
    );
}
