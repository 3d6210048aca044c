//! `serve`, as a real process with a real client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::archive::Archive;

struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn of(archive: &Archive) -> Self {
        let mut process = Command::new(assert_cmd::cargo::cargo_bin("backfile"))
            .args(["serve", "--json", "--port", "4700", "--site"])
            .arg(archive.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let url = serde_json::from_str::<serde_json::Value>(&line).expect("an address");
        let address = url["url"]
            .as_str()
            .expect("text")
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        Self { process, address }
    }

    fn get_as(&self, host: &str, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("connected");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .expect("asked");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .unwrap_or(0);
        (status, answer)
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.get_as(&self.address, path)
    }

    /// Asks again until the answer holds a text; changes take a moment to be seen.
    fn wait_for(&self, path: &str, text: &str) {
        let start = Instant::now();
        loop {
            let (_, answer) = self.get(path);
            if answer.contains(text) {
                return;
            }
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "`{text}` never came: {answer}"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn archive() -> Archive {
    Archive::new()
        .raw(
            "a.txt",
            "Title: From raw\nDate: 2020-01-02\n\nThe text of it.\n",
        )
        .article("b.md", "title: By hand\ndate: 2020-01-02", "Text.")
}

#[test]
fn it_serves_pages_follows_changes_and_survives_mistakes() {
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

    archive.write("templates/404.html", "{% if %}");
    server.wait_for("/", "\"failed\":true");
    assert!(
        server.get("/").1.contains("In a new folder"),
        "the last good page stays"
    );
    archive.remove("templates/404.html");
    server.wait_for("/", "\"failed\":false");

    archive.write("content/articles/bad.md", "---\ntitle: [\n---\n");
    server.wait_for("/", "content/articles/bad.md");
}

#[test]
fn it_answers_to_this_computer_only_and_finds_a_free_port() {
    let archive = archive();
    let (one, two) = (Server::of(&archive), Server::of(&archive));
    assert_ne!(one.address, two.address);
    assert!(one.address.starts_with("127.0.0.1:"));
    assert_eq!(one.get_as("evil.example", "/").0, 403);
    assert_eq!(one.get_as("localhost", "/").0, 200);
    assert_eq!(one.get("/../backfile.toml").0, 404);
    assert_eq!(one.get("/%2e%2e/backfile.toml").0, 404);
}

#[test]
fn browsers_are_told_of_a_rebuild() {
    let archive = archive();
    let server = Server::of(&archive);
    let mut stream = TcpStream::connect(&server.address).expect("connected");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("set");
    write!(
        stream,
        "GET /.backfile/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    )
    .expect("asked");
    let mut news = BufReader::new(stream)
        .lines()
        .map_while(Result::ok)
        .filter(|line| line.starts_with("data:"));
    let first = news.next().expect("the present state");
    archive.edit("content/articles/b.md", "Text.", "Other text.");
    assert_ne!(news.next().expect("news"), first);
}
