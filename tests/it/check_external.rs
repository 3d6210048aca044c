//! `check --external`: links to other hosts.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::check::{check, found, site};

/// A host that answers each path with the status that it names, as `/404`, and lists what it was asked.
fn host() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut lines = BufReader::new(stream.try_clone().expect("a clone")).lines();
            let lines: Vec<String> = lines
                .by_ref()
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .collect();
            let Some(start) = lines.first() else { continue };
            let mut words = start.split(' ');
            let (method, path) = (
                words.next().unwrap_or_default(),
                words.next().unwrap_or_default(),
            );
            let agent = lines.iter().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("user-agent: ")
                    .map(str::to_owned)
            });
            kept.lock()
                .expect("whole")
                .push(format!("{method} {path} {}", agent.unwrap_or_default()));
            let status = match (method, path.trim_start_matches('/')) {
                ("HEAD", "get-only") => "405",
                (_, "get-only") => "200",
                (_, "moved") => "302",
                (_, status) => status,
            };
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nLocation: /200\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
    });
    (address, asked)
}

#[test]
fn external_links_are_checked_on_request() {
    let (address, asked) = host();
    let links = |paths: &[&str]| -> String {
        paths
            .iter()
            .map(|path| format!("<a href='http://{address}/{path}'>x</a>"))
            .collect()
    };
    let archive = site()
        .file(
            "backfile.toml",
            "[site]\nbase_url = \"http://localhost/archive\"\n",
        )
        .file(
            "static/a.html",
            links(&["200", "404", "get-only#x", "get-only"]),
        )
        .file("static/b.html", links(&["404", "moved", "503", "410"]))
        .built();
    assert_eq!(check(&archive).status, 0);
    assert!(asked.lock().expect("whole").is_empty());
    let said = archive.run(&["check", "--external"]);
    assert_eq!(said.status, 0, "{}", said.json);
    assert_eq!(
        found(&said),
        [
            format!(
                "a.html warning it links to `http://{address}/404`, which no longer exists: its host answers 404"
            ),
            format!(
                "b.html warning it links to `http://{address}/410`, which no longer exists: its host answers 410"
            ),
        ]
    );
    let (links, gone, unsure) = (
        said.count("/external/links"),
        said.count("/external/gone"),
        said.count("/external/unsure"),
    );
    assert_eq!((links, gone, unsure), (6, 2, 1));
    let asked = asked.lock().expect("whole");
    let of = |what: &str| asked.iter().filter(|asked| asked.starts_with(what)).count();
    assert_eq!(
        (
            of("HEAD /404"),
            of("HEAD /get-only"),
            of("GET /get-only"),
            of("GET /200")
        ),
        (1, 1, 1, 0)
    );
    let is_named =
        |asked: &String| asked.contains(" backfile/") && asked.ends_with("(+link check)");
    assert!(asked.iter().all(is_named), "{asked:?}");
}

#[test]
fn an_unknown_host_name_is_reported_if_others_answer() {
    let (address, _) = host();
    let archive = site()
        .file("backfile.toml", "[site]\nbase_url = \"http://localhost\"\n")
        .file("static/a.html", "<a href='http://nobody.invalid/'>1</a>")
        .built();
    let said = archive.run(&["check", "--external"]);
    assert_eq!(said.count("/external/unsure"), 1);
    assert_eq!(found(&said), [" warning no other website answered"]);
    archive.write(
        "static/b.html",
        format!("<a href='http://{address}/200'>1</a>"),
    );
    let said = archive.built().run(&["check", "--external"]);
    // A name server that does not answer says nothing about the name.
    let (gone, unsure) = (said.count("/external/gone"), said.count("/external/unsure"));
    assert_eq!((gone + unsure, found(&said).len() as u64), (1, gone));
}

#[test]
fn links_to_local_addresses_are_not_requested() {
    let (address, asked) = host();
    let port = address.rsplit(':').next().expect("a port");
    let archive = site()
        .file("static/a.html", format!("<a href='http://{address}/404'>1</a><a href='http://localhost:{port}/404'>2</a><a href='http://[::1]:{port}/'>3</a>"))
        .built();
    let said = archive.run(&["check", "--external"]);
    assert_eq!(
        (said.status, said.count("/external/unsure")),
        (0, 3),
        "{}",
        said.json
    );
    assert!(asked.lock().expect("whole").is_empty());
}
