//! The preview in a real browser: a page changes without being reloaded, and keeps its scroll position.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

use crate::archive::Archive;
use crate::server::Server;

/// Chromium without a window, spoken to over its DevTools protocol.
struct Browser {
    process: Child,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    /// Of the one page that is open.
    session: String,
    asked: u64,
    _profile: tempfile::TempDir,
}

impl Browser {
    fn open(url: &str) -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let name = ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find(|name| Command::new(name).arg("--version").output().is_ok())
            .expect("chromium");
        let mut process = Command::new(name)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
                "--window-size=900,600",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("chromium");
        let stderr = BufReader::new(process.stderr.take().expect("its words"));
        let mut lines = stderr.lines().map_while(Result::ok);
        let address = lines
            .find_map(|line| Some(line.strip_prefix("DevTools listening on ")?.to_owned()))
            .expect("an address");
        std::thread::spawn(move || lines.for_each(drop));
        let (mut socket, _) = tungstenite::connect(address).expect("connected");
        if let MaybeTlsStream::Plain(stream) = socket.get_mut() {
            let most = Some(Duration::from_secs(30));
            stream.set_read_timeout(most).expect("set");
        }
        let mut browser = Self {
            process,
            socket,
            session: String::new(),
            asked: 0,
            _profile: profile,
        };
        let page = browser.ask("Target.createTarget", json!({ "url": url }));
        let attach = json!({ "targetId": page["targetId"], "flatten": true });
        let attached = browser.ask("Target.attachToTarget", attach);
        browser.session = attached["sessionId"].as_str().expect("text").to_owned();
        browser.wait_for("document.readyState === 'complete'");
        browser
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let mut question = json!({ "id": self.asked, "method": method, "params": params });
        if !self.session.is_empty() {
            question["sessionId"] = self.session.clone().into();
        }
        let question = Message::text(question.to_string());
        self.socket.send(question).expect("sent");
        loop {
            let Message::Text(text) = self.socket.read().expect("an answer") else {
                continue;
            };
            let answer: Value = serde_json::from_str(&text).expect("JSON");
            if answer["id"] == self.asked {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    /// The value of an expression in the page.
    fn value(&mut self, expression: &str) -> Value {
        let ask = json!({ "expression": expression, "returnByValue": true });
        self.ask("Runtime.evaluate", ask)["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        while self.value(expression) != true {
            let text = "document.title + '\\n' + document.documentElement.innerText.slice(0, 300)";
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "never `{expression}`: {}",
                self.value(text)
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn archive() -> Archive {
    let long = "A paragraph of the article that a reader scrolls through.\n\n".repeat(200);
    Archive::new()
        .article(
            "long.md",
            "title: As it was\nslug: long\ndate: 2020-01-02",
            &long,
        )
        .article("other.md", "title: Other\ndate: 2020-01-03", "Text.")
}

const PAGE: &str = "2020/01/02/long.html";

#[test]
fn a_page_changes_on_its_own_after_a_save_and_keeps_its_place() {
    let archive = archive();
    let server = Server::of(&archive);
    let mut browser = Browser::open(&format!("http://{}/{PAGE}", server.address));
    browser.wait_for("document.title.includes('As it was')");
    browser.value("window.isSamePage = true; scrollTo(0, 1500)");
    browser.wait_for("scrollY === 1500");
    archive.edit("content/articles/long.md", "As it was", "As it is");
    browser.wait_for("document.title.includes('As it is')");
    browser.wait_for("document.querySelector('h1').innerText === 'As it is'");
    assert_eq!(browser.value("scrollY"), 1500);
    assert_eq!(browser.value("window.isSamePage"), true, "it was reloaded");

    // A record of the raw archive goes the same way.
    archive.write(
        "raw/new.txt",
        "Title: From the wire\nDate: 2020-01-02\n\nText.\n",
    );
    browser.wait_for("document.body.innerText.includes('From the wire')");
    assert_eq!(browser.value("window.isSamePage"), true, "it was reloaded");
}

#[test]
fn a_style_sheet_is_swapped_and_the_page_stays() {
    let archive = archive();
    archive.write("static/broadsheet.css", "h1 { color: rgb(1, 2, 3) }");
    let server = Server::of(&archive);
    let mut browser = Browser::open(&format!("http://{}/{PAGE}", server.address));
    let colour = "getComputedStyle(document.querySelector('h1')).color";
    browser.wait_for(&format!("{colour} === 'rgb(1, 2, 3)'"));
    browser.value("window.isSamePage = true; scrollTo(0, 1000)");
    archive.write("static/broadsheet.css", "h1 { color: rgb(4, 5, 6) }");
    browser.wait_for(&format!("{colour} === 'rgb(4, 5, 6)'"));
    browser.wait_for("document.querySelectorAll('link[rel=stylesheet]').length === 1");
    assert_eq!(browser.value("window.isSamePage"), true, "it was reloaded");
    assert_eq!(browser.value("scrollY"), 1000);
}

#[test]
fn problems_are_shown_over_the_last_good_page_until_they_are_fixed() {
    let archive = archive();
    let server = Server::of(&archive);
    let mut browser = Browser::open(&format!("http://{}/{PAGE}", server.address));
    let shown = |text: &str| {
        format!(
            "document.querySelector('#backfile-diagnostics')?.innerText.includes('{text}') === true"
        )
    };
    let title = "document.querySelector('h1').innerText === 'As it was'";
    let gone = "document.querySelector('#backfile-diagnostics') === null";
    for (file, text, words) in [
        (
            "templates/article.html",
            "{{ article.titel",
            "templates/article.html:1:",
        ),
        ("backfile.toml", "[site]\ntitle = 5\n", "backfile.toml:2:"),
        (
            "topics.toml",
            "[wharf]\nnmae = \"Wharf\"\n",
            "topics.toml:2:",
        ),
    ] {
        let before = archive.has(file).then(|| archive.read(file));
        archive.write(file, text);
        browser.wait_for(&shown(words));
        browser.wait_for(title);
        match before {
            Some(before) => archive.write(file, before),
            None => archive.remove(file),
        }
        browser.wait_for(gone);
    }
}

#[test]
fn what_is_left_out_is_a_small_button_that_opens_and_closes() {
    let archive = archive();
    let server = Server::of(&archive);
    let mut browser = Browser::open(&format!("http://{}/{PAGE}", server.address));
    let overlay = "document.querySelector('#backfile-diagnostics')";
    browser.wait_for("document.title.includes('As it was')");
    archive.write("content/articles/bad.md", "---\ntitle: [\n---\n");
    browser.wait_for(&format!(
        "{overlay}?.innerText.includes('1 problem') === true"
    ));
    assert_eq!(
        browser.value(&format!(
            "{overlay}.offsetHeight < 60 && {overlay}.offsetWidth < 300"
        )),
        true
    );
    browser.value(&format!("{overlay}.querySelector('button').click()"));
    browser.wait_for(&format!(
        "{overlay}.innerText.includes('content/articles/bad.md:')"
    ));
    browser.value(&format!(
        "{overlay}.querySelector('[aria-label=close]').click()"
    ));
    browser.wait_for(&format!("{overlay} === null"));
    // What is as before stays closed, and another problem opens it again.
    archive.edit("content/articles/long.md", "As it was", "As it is");
    browser.wait_for("document.title.includes('As it is')");
    assert_eq!(browser.value(&format!("{overlay} === null")), true);
    archive.write("content/articles/worse.md", "---\ntitle: [\n---\n");
    browser.wait_for(&format!(
        "{overlay}?.innerText.includes('2 problems') === true"
    ));
}

#[test]
fn a_slip_in_an_article_keeps_its_last_good_page() {
    let archive = archive();
    let server = Server::of(&archive);
    let mut browser = Browser::open(&format!("http://{}/{PAGE}", server.address));
    browser.wait_for("document.title.includes('As it was')");
    archive.edit(
        "content/articles/long.md",
        "title: As it was",
        "title: \"As it was",
    );
    browser.wait_for(
        "document.querySelector('#backfile-diagnostics')?.innerText.includes('problem') === true",
    );
    assert_eq!(
        browser.value("document.querySelector('h1').innerText"),
        "As it was"
    );
    assert_eq!(server.get(&format!("/{PAGE}")).0, 200);
    archive.edit(
        "content/articles/long.md",
        "title: \"As it was",
        "title: As it is",
    );
    browser.wait_for("document.querySelector('h1').innerText === 'As it is'");
}

#[test]
fn a_page_with_odd_addresses_and_many_pictures_is_followed() {
    let archive = archive();
    let mut body =
        String::from("<img src=\"a%zz.png\"> [x](https://[odd/) <a href=\"http://[\">y</a>\n\n");
    for number in 0..1_500 {
        archive.write(
            &format!("content/articles/a picture with a long name {number}.png"),
            "png",
        );
        body.push_str(&format!(
            "![{number}](<a picture with a long name {number}.png>)\n"
        ));
    }
    archive.write(
        "content/articles/many.md",
        format!("---\ntitle: Many\nslug: many\ndate: 2020-01-02\n---\n\n{body}\n"),
    );
    let server = Server::of(&archive);
    let mut browser = Browser::open(&format!("http://{}/2020/01/02/many.html", server.address));
    browser.wait_for("document.images.length > 1400");
    archive.edit(
        "content/articles/many.md",
        "title: Many",
        "title: Very many",
    );
    browser.wait_for("document.title.includes('Very many')");
    let last = "document.images[document.images.length - 1]";
    browser.value("window.isSamePage = true");
    archive.write(
        "content/articles/a picture with a long name 1499.png",
        "another",
    );
    browser.wait_for(&format!("{last}.src.includes('backfile=')"));
    assert_eq!(browser.value("window.isSamePage"), true);
}

#[test]
fn a_page_reconnects_to_a_restarted_server() {
    let archive = archive();
    let server = Server::of(&archive);
    let port = server.address.split(':').nth(1).expect("a port").to_owned();
    let mut browser = Browser::open(&format!("http://{}/{PAGE}", server.address));
    browser.wait_for("document.title.includes('As it was')");
    drop(server);
    archive.edit("content/articles/long.md", "As it was", "After a rest");
    let _server = Server::with(&archive, &["--port", &port]);
    browser.wait_for("document.title.includes('After a rest')");
}
