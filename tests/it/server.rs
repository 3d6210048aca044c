//! A real `backfile serve` process and an HTTP client for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::archive::Archive;

pub(crate) struct Server {
    process: Child,
    pub address: String,
    /// How often it told of a change.
    news: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn of(archive: &Archive) -> Self {
        Self::with(archive, &["--port", "4700"])
    }

    pub(crate) fn with(archive: &Archive, args: &[&str]) -> Self {
        let mut process = Command::new(assert_cmd::cargo::cargo_bin("backfile"))
            .args(["serve", "--json", "--site"])
            .arg(archive.root())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("its output");
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut line).expect("a line");
        let url = serde_json::from_str::<serde_json::Value>(&line).expect("an address");
        let address = url["url"]
            .as_str()
            .expect("text")
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        let news = Arc::new(AtomicUsize::new(0));
        let counted = news.clone();
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).for_each(|_| {
                counted.fetch_add(1, Ordering::Relaxed);
            });
        });
        Self {
            process,
            address,
            news,
        }
    }

    /// Sends the process a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        let status = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(status.expect("kill").success());
    }

    pub(crate) fn news(&self) -> usize {
        self.news.load(Ordering::Relaxed)
    }

    pub(crate) fn get_as(&self, host: &str, path: &str) -> (u16, String) {
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

    pub(crate) fn wait_until(&self, path: &str, status: u16) {
        let start = Instant::now();
        while self.get(path).0 != status {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "never {status}: {path}"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Listens to what concerns the page at a path, as it is now.
    pub(crate) fn listen(&self, path: &str) -> Events {
        let (_, page) = self.get(path);
        let digest = page
            .split("/.backfile/events\",\"")
            .nth(1)
            .expect("the script");
        self.listen_as(path, &digest[..32])
    }

    pub(crate) fn listen_as(&self, path: &str, digest: &str) -> Events {
        let mut stream = TcpStream::connect(&self.address).expect("connected");
        let query = format!("/.backfile/events?p={path}={digest}");
        write!(stream, "GET {query} HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("asked");
        let (sender, news) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(stream).lines().map_while(Result::ok);
            for line in lines {
                if let Some(data) = line.strip_prefix("data:") {
                    let _ = sender.send(serde_json::from_str(data.trim()).expect("an object"));
                }
            }
        });
        Events { news }
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        self.get_as(&self.address, path)
    }

    /// Asks again until the answer holds a text; changes take a moment to be seen.
    pub(crate) fn wait_for(&self, path: &str, text: &str) {
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

/// What a browser is told.
pub(crate) struct Events {
    news: std::sync::mpsc::Receiver<serde_json::Value>,
}

impl Events {
    pub(crate) fn next(&self) -> serde_json::Value {
        let news = self.news.recv_timeout(Duration::from_secs(20));
        news.expect("news in time")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
