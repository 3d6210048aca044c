//! The cost of publishing one edit among many articles: `cargo bench --bench publishing -- 100000`.
//!
//! To a real S3 server (moto, from PyPI), compared with `rclone sync --checksum` and `aws s3 sync` on the same bucket, each after
//! one edit. Time, and bytes over the network in both directions. The number of files sent is compared with the number that differ.

#[path = "../examples/make-archive/archive.rs"]
#[allow(dead_code, reason = "it writes more forms than are asked for here")]
mod archive;
#[allow(
    dead_code,
    reason = "what is measured here is a command with its answer"
)]
mod measure;
#[path = "../tests/it/python.rs"]
mod python;

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use measure::seconds;

const BUCKET: &str = "archive";

fn main() {
    let count: u64 = std::env::args()
        .skip(1)
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(10_000);
    let site = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("publishing-{count}"));
    if !site.join("content").exists() {
        archive::write_archive(count, &site, true).expect("written");
    }
    let (_server, port) = serve();
    let wire = Wire::to(port);
    let endpoint = format!("http://127.0.0.1:{}", wire.port);
    let settings = format!(
        "[site]\nbase_url = \"https://example.org\"\n\n[publish.live]\nto = \"s3://{BUCKET}/site\"\nendpoint = \"{endpoint}\"\nregion = \"us-east-1\"\n"
    );
    std::fs::write(site.join("backfile.toml"), settings).expect("written");
    println!("{count} articles\n");
    println!("| | time | files | sent | received |\n|---|---|---|---|---|");
    backfile(&site, "build");
    let row = |what: &str, time: Duration, files: &str| {
        let (up, down) = wire.taken();
        println!(
            "| {what} | {} | {files} | {} | {} |",
            seconds(time),
            kilobytes(up),
            kilobytes(down)
        );
    };
    wire.taken();
    let (time, sent) = publish(&site);
    row("Backfile, all of it", time, &sent.to_string());
    let (time, sent) = publish(&site);
    row("Backfile, nothing changed", time, &sent.to_string());
    for round in 0..3 {
        let differ = edit(&site, &format!("Backfile {round}"));
        wire.taken();
        let (time, sent) = publish(&site);
        assert_eq!(sent, differ, "what is sent is what differs");
        row("Backfile, one article edited", time, &sent.to_string());
    }
    let public = site.join("public").to_string_lossy().into_owned();
    let differ = edit(&site, "rclone").to_string();
    wire.taken();
    let remote = format!(
        ":s3,provider=Other,endpoint='{endpoint}',access_key_id=k,secret_access_key=s,region=us-east-1:{BUCKET}/site"
    );
    let time = timed(Command::new("rclone").args([
        "sync",
        "--checksum",
        "--exclude",
        ".backfile/**",
        "--exclude",
        ".backfile-public",
        "--config",
        "/dev/null",
        "-q",
        &public,
        &remote,
    ]));
    row(
        "`rclone sync --checksum`, one article edited",
        time,
        &differ,
    );
    let differ = edit(&site, "aws").to_string();
    wire.taken();
    let to = format!("s3://{BUCKET}/site");
    let programs = python::environment("aws", &["awscli==1.45.11"]);
    let time = timed(Command::new(programs.join("aws")).args([
        "--endpoint-url",
        &endpoint,
        "--region",
        "us-east-1",
        "s3",
        "sync",
        "--delete",
        "--exclude",
        ".backfile/*",
        "--exclude",
        ".backfile-public",
        "--only-show-errors",
        &public,
        &to,
    ]));
    row("`aws s3 sync`, one article edited", time, &differ);
}

fn serve() -> (Server, u16) {
    let programs = python::environment("s3", &["moto[server]==5.2.5"]);
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .expect("a free port")
        .port();
    let server = Command::new(programs.join("moto_server"))
        .args(["-H", "127.0.0.1", "-p", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let server = Server(server);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::sleep(Duration::from_millis(50));
    }
    let make = "import boto3, sys; boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1', \
        aws_access_key_id='k', aws_secret_access_key='s').create_bucket(Bucket=sys.argv[2])";
    let made = Command::new(programs.join("python"))
        .args(["-c", make, &format!("http://127.0.0.1:{port}"), BUCKET])
        .status();
    assert!(made.expect("asked").success());
    (server, port)
}

/// A process that is ended with the benchmark.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A proxy to a port of this machine that counts bytes.
struct Wire {
    port: u16,
    up: Arc<AtomicU64>,
    down: Arc<AtomicU64>,
}

impl Wire {
    fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let wire = Self {
            port: listener.local_addr().expect("an address").port(),
            up: Arc::default(),
            down: Arc::default(),
        };
        let (up, down) = (wire.up.clone(), wire.down.clone());
        std::thread::spawn(move || {
            for from in listener.incoming().flatten() {
                let Ok(to) = TcpStream::connect(("127.0.0.1", server)) else {
                    continue;
                };
                let (from2, to2) = (
                    from.try_clone().expect("a copy"),
                    to.try_clone().expect("a copy"),
                );
                let (up, down) = (up.clone(), down.clone());
                std::thread::spawn(move || pour(from, to, &up));
                std::thread::spawn(move || pour(to2, from2, &down));
            }
        });
        wire
    }

    /// The bytes sent and received since the last call.
    fn taken(&self) -> (u64, u64) {
        (
            self.up.swap(0, Ordering::Relaxed),
            self.down.swap(0, Ordering::Relaxed),
        )
    }
}

fn pour(mut from: TcpStream, mut to: TcpStream, counted: &AtomicU64) {
    let mut piece = vec![0; 64 << 10];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        counted.fetch_add(length as u64, Ordering::Relaxed);
        if to.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

fn backfile(site: &Path, command: &str) -> serde_json::Value {
    let output = keyed(
        Command::new(env!("CARGO_BIN_EXE_backfile"))
            .args([command, "--json", "--site"])
            .arg(site),
    )
    .output()
    .expect("run");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn keyed(command: &mut Command) -> &mut Command {
    // rclone does not start if a proxy is named, and none is needed here.
    command.env_remove("AWS_CA_BUNDLE");
    command
        .env("AWS_ACCESS_KEY_ID", "k")
        .env("AWS_SECRET_ACCESS_KEY", "s")
}

fn publish(site: &Path) -> (Duration, usize) {
    let start = Instant::now();
    let said = backfile(site, "publish");
    (
        start.elapsed(),
        said["sent"].as_u64().expect("a number") as usize,
    )
}

fn timed(command: &mut Command) -> Duration {
    let start = Instant::now();
    assert!(
        keyed(command).status().expect("run").success(),
        "{command:?}"
    );
    start.elapsed()
}

/// Changes a word of an article's text and builds; returns how many files of the website differ.
fn edit(site: &Path, word: &str) -> usize {
    let before = digests(site);
    let articles = walkdir::WalkDir::new(site.join("content")).sort_by_file_name();
    let mut files = articles
        .into_iter()
        .flatten()
        .filter(|f| f.file_type().is_file());
    let file = files.nth(77).expect("an article");
    let text = std::fs::read_to_string(file.path()).expect("text");
    std::fs::write(file.path(), format!("{text}\nEdited: {word}.\n")).expect("written");
    backfile(site, "build");
    let now = digests(site);
    now.iter()
        .filter(|(path, digest)| before.get(*path) != Some(digest))
        .count()
}

fn digests(site: &Path) -> HashMap<PathBuf, blake3::Hash> {
    let files = walkdir::WalkDir::new(site.join("public"))
        .into_iter()
        .flatten();
    let files =
        files.filter(|file| file.file_type().is_file() && file.file_name() != ".backfile-public");
    files
        .map(|file| {
            (
                file.path().to_owned(),
                blake3::hash(&std::fs::read(file.path()).expect("read")),
            )
        })
        .collect()
}

fn kilobytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
