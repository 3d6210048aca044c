//! `serve`, as a real process with a real client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use crate::archive::Archive;
use crate::server::Server;

fn archive() -> Archive {
    Archive::new()
        .raw(
            "a.txt",
            "Title: From raw\nDate: 2020-01-02\n\nThe text of it.\n",
        )
        .article("b.md", "title: By hand\ndate: 2020-01-02", "Text.")
}

#[test]
fn it_serves_pages_follows_changes_and_survives_errors() {
    let archive = archive();
    let server = Server::of(&archive);
    let (status, home) = server.get("/");
    assert!(
        status == 200 && home.contains("From raw") && home.contains("EventSource"),
        "{home}"
    );
    assert_eq!(server.get("/2020/01/02/").0, 200);
    assert_eq!(server.get("/nothing").0, 404);
    assert!(
        server
            .get("/broadsheet.css")
            .1
            .contains("content-type: text/css; charset=utf-8")
    );
    // A preview writes no website.
    assert!(!archive.has("public"));

    archive.edit("content/articles/b.md", "By hand", "By another hand");
    server.wait_for("/2020/01/02/by-another-hand.html", "By another hand</h1>");
    archive.write(
        "raw/new/folder/c.txt",
        "Title: In a new folder\nDate: 2020-01-03\n\nThe text of it.\n",
    );
    server.wait_for("/", "In a new folder");

    let events = server.listen("/");
    assert_eq!(events.next()["failed"], false);
    archive.write("templates/404.html", "{% if %}");
    let broken = events.next();
    assert_eq!(broken["failed"], true, "{broken}");
    assert_eq!(broken["diagnostics"][0]["path"], "templates/404.html");
    assert!(
        server.get("/").1.contains("In a new folder"),
        "the last good page stays"
    );
    archive.remove("templates/404.html");
    let mended = events.next();
    assert_eq!(
        (
            mended["failed"].as_bool(),
            mended["diagnostics"][0].is_null()
        ),
        (Some(false), true)
    );

    archive.write("content/articles/bad.md", "---\ntitle: [\n---\n");
    assert_eq!(
        events.next()["diagnostics"][0]["path"],
        "content/articles/bad.md"
    );
}

#[test]
fn it_answers_only_on_loopback_and_finds_a_free_port() {
    let archive = archive();
    let (one, two) = (Server::of(&archive), Server::of(&archive));
    assert_ne!(one.address, two.address);
    assert!(one.address.starts_with("127.0.0.1:"));
    assert_eq!(one.get_as("evil.example", "/").0, 403);
    assert_eq!(one.get_as("localhost", "/").0, 200);
    assert_eq!(one.get("/../backfile.toml").0, 404);
    assert_eq!(one.get("/%2e%2e/backfile.toml").0, 404);
}

/// Only pages whose bytes changed wake up.
#[test]
fn browsers_receive_only_changes_of_their_own_page() {
    let archive = archive().article("about.md", "title: About", "Us.");
    let server = Server::of(&archive);
    let by_hand = server.listen("/2020/01/02/by-hand.html");
    let from_raw = server.listen("/2020/01/02/from-raw.html");
    by_hand.next();
    from_raw.next();
    archive.edit("content/articles/b.md", "Text.", "Other text.");
    assert!(by_hand.next()["changed"]["/2020/01/02/by-hand.html"].is_string());
    // Its neighbour shows titles, and so hears of this edit first.
    archive.edit("content/articles/b.md", "By hand", "By another hand");
    assert!(from_raw.next()["changed"]["/2020/01/02/from-raw.html"].is_string());
}

/// A browser that was there before the server came back hears at once that its page is old.
#[test]
fn a_page_of_an_earlier_server_is_reported_as_outdated() {
    let archive = archive();
    let server = Server::of(&archive);
    let same = server.listen("/2020/01/02/by-hand.html").next();
    assert_eq!(same["changed"], serde_json::json!({}));
    let old = server
        .listen_as(
            "/2020/01/02/by-hand.html",
            "00000000000000000000000000000000",
        )
        .next();
    assert!(old["changed"]["/2020/01/02/by-hand.html"].is_string());
}

#[test]
fn it_answers_like_a_web_server() {
    let archive = archive()
        .article(
            "wide.md",
            "title: Ширина\ndate: 2020-01-04",
            "Широкий текст.",
        )
        .article("index.md", "title: A page\nraw:", "Not an article.");
    archive.write("static/files/two words.txt", "0123456789");
    let server = Server::of(&archive);
    let mut stream = TcpStream::connect(&server.address).expect("connected");
    write!(
        stream,
        "GET /files/two%20words.txt HTTP/1.1\r\nHost: localhost\r\nRange: bytes=2-4\r\nConnection: close\r\n\r\n"
    )
    .expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    assert!(
        answer.starts_with("HTTP/1.1 206") && answer.ends_with("\r\n\r\n234"),
        "{answer}"
    );
    assert!(
        answer
            .to_lowercase()
            .contains("content-type: text/plain; charset=utf-8")
    );
    let (status, page) = server.get("/2020/01/04/%D1%88%D0%B8%D1%80%D0%B8%D0%BD%D0%B0.html");
    assert!(status == 200 && page.contains("Широкий текст"), "{page}");
    // A folder's links are relative to it, so it is asked for by its slash.
    let (status, moved) = server.get("/2020/01/04");
    assert!(
        status == 307 && moved.contains("location: /2020/01/04/"),
        "{moved}"
    );
    let (status, missing) = server.get("/no/such/page.html");
    assert!(status == 404 && missing.contains("</html>"), "{missing}");
    assert_eq!(server.get("//evil.example").0, 404);
}

/// Editors that write beside a file and rename, new folders within new folders, a folder moved in, one removed.
#[test]
fn no_change_is_missed() {
    let archive = archive();
    let server = Server::of(&archive);
    archive.write(
        "content/articles/b.md.new",
        "---\ntitle: Renamed over\ndate: 2020-01-02\n---\nText.\n",
    );
    archive.rename("content/articles/b.md.new", "content/articles/b.md");
    server.wait_for("/", "Renamed over");
    for round in 0..5 {
        let text = format!("---\ntitle: Deep {round}\ndate: 2020-02-02\n---\nText.\n");
        archive.write(&format!("content/articles/x{round}/y/z/deep.md"), &text);
        server.wait_for("/", &format!("Deep {round}"));
    }
    archive.write(
        "elsewhere/moved.md",
        "---\ntitle: Moved in\ndate: 2020-03-03\n---\nText.\n",
    );
    archive.rename("elsewhere", "content/articles/here");
    server.wait_for("/", "Moved in");
    archive.rename("content/articles/here", "away");
    server.wait_until("/2020/03/03/", 404);
    archive.write(
        "raw/a.txt",
        "Title: From raw, changed\nDate: 2020-01-02\n\nThe text of it.\n",
    );
    server.wait_for("/", "From raw, changed");
    archive.rename("raw/a.txt", "raw/b.txt");
    archive.edit("content/articles/b.md", "Renamed over", "And still here");
    server.wait_for("/", "And still here");
}

/// Ten thousand files at once, as `git checkout` writes them, become few builds.
#[test]
fn many_changes_at_once_cause_few_builds() {
    let archive = archive();
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        let git = git.current_dir(archive.root()).args([
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "-c",
            "commit.gpgsign=false",
        ]);
        assert!(git.args(args).status().expect("git").success());
    };
    archive.write(".gitignore", ".backfile\npublic\n");
    archive.build();
    git(&["init", "--quiet", "--initial-branch=few"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=few"]);
    git(&["checkout", "--quiet", "-b", "many"]);
    for number in 0..10_000 {
        let text = format!("---\ntitle: Article {number}\ndate: 2020-05-01\n---\nText.\n");
        archive.write(
            &format!("content/articles/burst/{}/{number}.md", number / 1_000),
            &text,
        );
    }
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=many"]);
    git(&["checkout", "--quiet", "few"]);
    let server = Server::of(&archive);
    git(&["checkout", "--quiet", "many"]);
    server.wait_for("/archive.html", "<span class=\"count\">10002");
    git(&["checkout", "--quiet", "few"]);
    server.wait_for("/archive.html", "<span class=\"count\">2");
    assert!(server.news() < 100, "{} builds", server.news());
}

#[test]
fn changes_are_followed_by_polling_and_in_a_linked_theme() {
    let archive = archive();
    archive.write(
        "elsewhere/templates/article.html",
        "{{ article.title }} as it was",
    );
    archive.write("backfile.toml", "[site]\ntheme = \"linked\"\n");
    archive.link("elsewhere", "themes/linked");
    let (told, polling) = (
        Server::of(&archive),
        Server::with(&archive, &["--poll", "--port", "4700"]),
    );
    for server in [&told, &polling] {
        assert!(
            server
                .get("/2020/01/02/by-hand.html")
                .1
                .contains("as it was")
        );
    }
    archive.write(
        "elsewhere/templates/article.html",
        "{{ article.title }} as it is",
    );
    archive.edit("content/articles/b.md", "By hand", "By another hand");
    for server in [&told, &polling] {
        server.wait_for(
            "/2020/01/02/by-another-hand.html",
            "By another hand as it is",
        );
    }
}

/// The system drops what it can no longer queue: a server that slept meanwhile looks at everything again.
#[cfg(target_os = "linux")]
#[test]
fn an_overflow_of_the_event_queue_loses_nothing() {
    let archive = archive();
    let folders = 20;
    for folder in 0..folders {
        let file = format!("content/articles/{folder}/first.md");
        archive.write(&file, format!("---\ntitle: First {folder}\n---\nText.\n"));
    }
    let server = Server::of(&archive);
    server.signal("STOP");
    let queued = std::fs::read_to_string("/proc/sys/fs/inotify/max_queued_events");
    let queued: usize = queued.expect("read").trim().parse().expect("a number");
    // Each file is at least its making and its closing.
    for number in 0..queued / 2 + 100 {
        let file = format!("content/articles/{}/{number}.md", number % folders);
        archive.write(&file, format!("---\ntitle: Lost {number}\n---\nText.\n"));
    }
    archive.edit("content/articles/b.md", "By hand", "After the flood");
    server.signal("CONT");
    server.wait_for("/", "After the flood");
    let all = queued / 2 + 100 + folders + 2;
    server.wait_for(
        "/archive.html",
        &format!("<span class=\"count\">{}", all - 2),
    );
}
