//! The cost of following changes in an archive of a given size: `cargo bench --bench following -- 100000`. With a further
//! argument `built`, the existing website is used, and the first build is not measured.
//!
//! Prints a row for each measurement. Times are medians. The archive is that of `make-archive --content`, and is kept for the
//! next run below `target/tmp`.

#[path = "../examples/make-archive/archive.rs"]
#[allow(dead_code, reason = "it writes more forms than are asked for here")]
mod archive;
mod measure;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use measure::{Run, median, megabytes, memory, seconds};

const EDITS: usize = 50;
const REPEATS: usize = 5;

fn main() {
    let count: u64 = std::env::args()
        .skip(1)
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(10_000);
    let site = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("following-{count}"));
    if !site.join("backfile.toml").exists() {
        archive::write_archive(count, &site, true).expect("written");
    }
    println!("{count} articles from `content/`\n");
    let row = |what: &str, value: String| println!("{what:<44} {value:>12}");
    let before = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    if !std::env::args().any(|arg| arg == "built") {
        // Moved away and deleted at the end, because creating files is slow after many were deleted.
        for made in ["public", ".backfile"] {
            let _ = std::fs::rename(site.join(made), before.path().join(made));
        }
        let cold = build(&site);
        row("first build", seconds(cold.time));
        row("peak memory of it", megabytes(cold.peak));
    }
    let floor = median((0..REPEATS).map(|_| find(&site)));
    row("`find content -type f -newer`", seconds(floor));
    let idle: Vec<_> = (0..REPEATS).map(|_| build(&site)).collect();
    row(
        "build, nothing changed",
        seconds(median(idle.iter().map(|run| run.time))),
    );
    row("peak memory of it", megabytes(idle[0].peak));
    let articles = articles(&site);
    let edits = (0..REPEATS).map(|round| {
        edit(
            &articles[round * 31 % articles.len()],
            &format!("built {round}"),
        );
        build(&site).time
    });
    row("build, one article edited", seconds(median(edits)));
    follow(&site, &articles, row);
}

/// Starts the preview, requests a page, and saves articles until the preview shows them.
fn follow(site: &Path, articles: &[PathBuf], row: impl Fn(&str, String)) {
    let start = Instant::now();
    let mut server = Command::new(env!("CARGO_BIN_EXE_backfile"))
        .args(["serve", "--json", "--site"])
        .arg(site)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut stdout = BufReader::new(server.stdout.take().expect("its output"));
    stdout.read_line(&mut line).expect("a line");
    let address = line
        .split("http://")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .expect("an address")
        .to_owned();
    std::thread::spawn(move || stdout.lines().for_each(drop));
    let page = |path: &str| {
        let mut stream = TcpStream::connect(&address).expect("connected");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )
        .expect("asked");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        String::from_utf8_lossy(&answer).into_owned()
    };
    assert!(page("/").starts_with("HTTP/1.1 200"));
    row("serve, until its first page", seconds(start.elapsed()));
    std::thread::sleep(Duration::from_secs(3));
    row(
        "memory of it at rest",
        megabytes(memory(server.id(), "VmRSS:")),
    );
    let mut times = Vec::new();
    for round in 0..EDITS {
        let article = &articles[(round * 7_919 + 13) % articles.len()];
        let path = address_of(article);
        assert!(page(&path).starts_with("HTTP/1.1 200"), "{path}");
        let words = format!("saved {round} of {}", std::process::id());
        let start = Instant::now();
        edit(article, &words);
        while !page(&path).contains(&words) {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "{path} never changed"
            );
            std::thread::sleep(Duration::from_micros(200));
        }
        times.push(start.elapsed());
        std::thread::sleep(Duration::from_millis(50));
    }
    let worst = times.iter().max().copied().unwrap_or_default();
    row("from a save to its bytes over HTTP", seconds(median(times)));
    row("the slowest of them", seconds(worst));
    row(
        "memory of it after them",
        megabytes(memory(server.id(), "VmRSS:")),
    );
    end(&mut server);
}

fn end(server: &mut Child) {
    let _ = server.kill();
    let _ = server.wait();
}

fn build(site: &Path) -> Run {
    measure::run(
        Command::new(env!("CARGO_BIN_EXE_backfile"))
            .args(["build", "--quiet", "--site"])
            .arg(site),
    )
}

/// The time that the file system needs to list new files.
fn find(site: &Path) -> Duration {
    let start = Instant::now();
    let status = Command::new("find")
        .args(["content", "-type", "f", "-newer", "backfile.toml"])
        .current_dir(site)
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("find").success());
    start.elapsed()
}

/// A hundred articles from all parts of the archive.
fn articles(site: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(site.join("content")).sort_by_file_name();
    let all: Vec<PathBuf> = files
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.into_path())
        .collect();
    all.iter()
        .step_by((all.len() / 100).max(1))
        .cloned()
        .collect()
}

/// Adds a paragraph at the end.
fn edit(article: &Path, words: &str) {
    let text = std::fs::read_to_string(article).expect("read");
    std::fs::write(article, format!("{text}\n{words}\n")).expect("written");
}

/// `/2021/07/13/slug.html`, from the article's front matter.
fn address_of(article: &Path) -> String {
    let text = std::fs::read_to_string(article).expect("read");
    let value = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        line.expect("a key").trim().trim_matches('"').to_owned()
    };
    let (date, slug) = (value("date:"), value("slug:"));
    format!("/{}/{slug}.html", date[..10].replace('-', "/"))
}
