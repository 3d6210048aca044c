//! A real S3 server: moto, from PyPI. All tests share one, and each has its own bucket.

use std::collections::{BTreeMap, HashMap};
use std::io::BufReader;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::http::Message;
use super::{free_port, wait_for};
use crate::python;

/// What stays as it is in a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The server looks at the form of it, and at nothing else.
const CREDENTIAL: &str = "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

/// Starts the server, and ends it when whoever started it is gone: its standard input is closed then.
const SERVE: &str = "import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import MotoRequestHandler, main
MotoRequestHandler.disable_nagle_algorithm = True
main(sys.argv[1:])";

/// A bucket, and what was seen in it.
pub(crate) struct Bucket {
    /// The server's address.
    pub endpoint: String,
    pub name: String,
    seen: Mutex<HashMap<(String, String), Vec<u8>>>,
}

/// What lies in a bucket under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    pub bytes: Vec<u8>,
    pub content_type: String,
    pub cache_control: String,
    pub content_encoding: String,
}

/// A bucket that is empty, of a name that no other test uses.
pub(crate) fn bucket(name: &str) -> Bucket {
    static SERVER: OnceLock<(Child, u16)> = OnceLock::new();
    let (_, port) = SERVER.get_or_init(serve);
    let bucket = Bucket {
        endpoint: format!("http://127.0.0.1:{port}"),
        name: name.to_owned(),
        seen: Mutex::default(),
    };
    assert_eq!(bucket.ask("PUT", "", b"").status(), 200);
    bucket
}

fn serve() -> (Child, u16) {
    let programs = python::environment("s3", &["moto[server]==5.2.5"]);
    let port = free_port();
    let server = Command::new(programs.join("python"))
        .args(["-c", SERVE, "-H", "127.0.0.1", "-p", &port.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    wait_for(port);
    (server, port)
}

impl Bucket {
    /// All objects below a prefix, by their names after it.
    pub(crate) fn objects(&self, prefix: &str) -> BTreeMap<String, Object> {
        let listed = self.list(prefix).into_iter();
        let fetched = listed.map(|(key, _)| {
            let found = self.get(&key);
            let header = |name| found.header(name).unwrap_or_default().to_owned();
            let object = Object {
                content_type: header("content-type"),
                cache_control: header("cache-control"),
                content_encoding: header("content-encoding"),
                bytes: found.body.clone(),
            };
            (key[prefix.len()..].to_owned(), object)
        });
        fetched.collect()
    }

    /// The bytes of all objects below a prefix; those that were seen are not fetched again.
    pub(crate) fn files(&self, prefix: &str) -> BTreeMap<String, Vec<u8>> {
        let mut seen = self.seen.lock().expect("no other failed");
        let listed = self.list(prefix).into_iter();
        let fetched = listed.map(|(key, tag)| {
            let name = key[prefix.len()..].to_owned();
            let seen = seen.entry((key, tag));
            let bytes = seen.or_insert_with_key(|(key, _)| self.get(key).body);
            (name, bytes.clone())
        });
        fetched.collect()
    }

    pub(crate) fn put(&self, key: &str, bytes: &[u8]) {
        assert_eq!(self.ask("PUT", key, bytes).status(), 200, "{key}");
    }

    pub(crate) fn delete(&self, key: &str) {
        assert_eq!(self.ask("DELETE", key, b"").status(), 204, "{key}");
    }

    fn get(&self, key: &str) -> Message {
        let found = self.ask("GET", key, b"");
        assert_eq!(found.status(), 200, "{key}");
        found
    }

    /// The names of objects with their tags.
    fn list(&self, prefix: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        loop {
            let after = found.last().map_or("", |(key, _)| key.as_str());
            let of = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
            let asked = format!(
                "?list-type=2&prefix={}&start-after={}",
                of(prefix),
                of(after)
            );
            let said = self.ask("GET", &asked, b"");
            assert_eq!(said.status(), 200, "{said:?}");
            let said = String::from_utf8(said.body).expect("text");
            let field = |part: &str, name: &str| {
                let inside = part.split_once(&format!("<{name}>"));
                let inside = inside.and_then(|(_, rest)| rest.split_once(&format!("</{name}>")));
                unescaped(inside.map_or("", |(inside, _)| inside))
            };
            let parts = said.split("<Contents>").skip(1);
            found.extend(parts.map(|part| (field(part, "Key"), field(part, "ETag"))));
            if field(&said, "IsTruncated") != "true" {
                return found;
            }
        }
    }

    /// Asks for a key of the bucket, or for the bucket itself.
    fn ask(&self, verb: &str, key: &str, body: &[u8]) -> Message {
        let address = self.endpoint.trim_start_matches("http://");
        let key = match key.starts_with('?') {
            true => key.to_owned(),
            false => format!("/{}", utf8_percent_encode(key, PLAIN)),
        };
        let start = format!("{verb} /{}{key} HTTP/1.1", self.name);
        let headers = [("Host", address), ("Authorization", CREDENTIAL)];
        let stream = TcpStream::connect(address).expect("connected");
        Message::new(start, &headers, body)
            .send(&mut &stream)
            .expect("asked");
        Message::response(&mut BufReader::new(stream)).expect("answered")
    }
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&quot;", "\"").replace("&#34;", "\"");
    text.replace("&#39;", "'").replace("&amp;", "&")
}
