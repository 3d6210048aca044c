//! A bare repository behind the real `git http-backend`, as forges run it.

use std::io::{BufReader, Cursor, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::http::Message;

/// A repository over HTTP. It ends with the process.
pub(crate) struct GitHttp {
    address: String,
}

/// Serves a bare repository; whoever asks may push.
pub(crate) fn serve(repository: &Path) -> GitHttp {
    let done = Command::new("git")
        .arg("--git-dir")
        .arg(repository)
        .args(["config", "http.receivepack", "true"])
        .status();
    assert!(done.expect("git").success());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let name = repository.file_name().expect("a name").to_string_lossy();
    let address = format!("http://127.0.0.1:{port}/{name}");
    let root: Arc<Path> = repository.parent().expect("a folder").into();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let root = Arc::clone(&root);
            std::thread::spawn(move || answer(&root, &stream));
        }
    });
    GitHttp { address }
}

impl GitHttp {
    /// `http://127.0.0.1:PORT/NAME`
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

/// Hands a request to `git http-backend` as RFC 3875 has it.
fn answer(root: &Path, stream: &TcpStream) -> std::io::Result<()> {
    let Some(request) = Message::request(&mut BufReader::new(stream), &mut &*stream)? else {
        return Ok(());
    };
    let (verb, target) = request.asks();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |name| request.header(name).unwrap_or_default();
    let mut program = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_PROTOCOL", header("git-protocol"))
        .env("REQUEST_METHOD", verb)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("REMOTE_ADDR", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut input = program.stdin.take().expect("piped");
    let said = std::thread::scope(|scope| {
        // Both ways at once: the program may answer before it has read all.
        scope.spawn(move || input.write_all(&request.body));
        program.wait_with_output()
    })?;
    // What it says has no first line of its own.
    let said = [b"HTTP/1.1 200 OK\r\n".to_vec(), said.stdout].concat();
    let mut message = Message::response(&mut Cursor::new(said))?;
    if let Some(status) = message.header("status") {
        message.start = format!("HTTP/1.1 {status}");
    }
    message.send(&mut &*stream)
}

#[test]
fn it_takes_a_push_and_gives_it_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let git = |args: &[&str]| {
        let done = Command::new("git")
            .current_dir(folder.path())
            .args(args)
            .output();
        let done = done.expect("git");
        assert!(done.status.success(), "{args:?}: {done:?}");
        String::from_utf8(done.stdout).expect("text")
    };
    git(&["init", "-q", "--bare", "site.git"]);
    let host = serve(&folder.path().join("site.git"));
    git(&["init", "-q", "work"]);
    // More than git sends with a known length.
    let bytes: Vec<u8> = (0..3_000_000_u64)
        .map(|n| (n.wrapping_mul(n).wrapping_mul(2_654_435_761) >> 23) as u8)
        .collect();
    std::fs::write(folder.path().join("work/file"), &bytes).expect("written");
    git(&["-C", "work", "add", "file"]);
    let me = ["-c", "user.name=me", "-c", "user.email=me@example.org"];
    git(&[&["-C", "work"], &me[..], &["commit", "-q", "-m", "one"]].concat());
    git(&[
        "-C",
        "work",
        "push",
        "-q",
        host.address(),
        "HEAD:refs/heads/pages",
    ]);
    git(&["clone", "-q", "-b", "pages", host.address(), "again"]);
    assert!(std::fs::read(folder.path().join("again/file")).is_ok_and(|found| found == bytes));
}
