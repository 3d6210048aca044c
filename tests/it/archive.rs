//! A small site written inline in one fluent builder, commands that run on it, and what they answered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// After this a command has hung, and is ended. No test asserts a speed: this is many times what the slowest takes.
const LONGEST: Duration = Duration::from_secs(180);

/// A site in a temporary folder of its own.
#[must_use]
pub(crate) struct Archive {
    dir: TempDir,
}

/// The exit status of a command, and the object that it printed with `--json`.
pub(crate) struct CommandOutput {
    pub status: i32,
    pub json: Value,
}

impl Archive {
    /// A site with empty settings.
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
        }
        .file("backfile.toml", "")
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    /// Writes a file of the site.
    pub(crate) fn file(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(file, text);
        self
    }

    /// A raw record.
    pub(crate) fn raw(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        self.file(&format!("raw/{file}"), text)
    }

    /// An article as a person wrote it: its front matter without the lines `---`, and its body.
    pub(crate) fn article(self, file: &str, front: &str, body: &str) -> Self {
        self.file(
            &format!("content/articles/{file}"),
            format!("---\n{}\n---\n\n{body}\n", front.trim()),
        )
    }

    /// `[site]` with an address, for what needs one.
    pub(crate) fn with_address(self) -> Self {
        self.file(
            "backfile.toml",
            "[site]\ntitle = \"The Test\"\nbase_url = \"https://example.org/archive\"\n",
        )
    }

    #[track_caller]
    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    #[track_caller]
    pub(crate) fn remove(&self, file: &str) {
        let path = self.path(file);
        if path.is_dir() {
            std::fs::remove_dir_all(path)
        } else {
            std::fs::remove_file(path)
        }
        .expect("removed");
    }

    #[track_caller]
    pub(crate) fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        std::fs::rename(self.path(from), to).expect("renamed");
    }

    /// A symbolic link at `to` that leads to a folder of the site.
    pub(crate) fn link(&self, from: &str, to: &str) {
        let to = self.path(to);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        std::os::unix::fs::symlink(self.path(from), to).expect("linked");
    }

    #[track_caller]
    pub(crate) fn read(&self, file: &str) -> String {
        match std::fs::read_to_string(self.path(file)) {
            Ok(text) => text,
            Err(e) => panic!("{file}: {e}\n{:#?}", self.files("").keys()),
        }
    }

    pub(crate) fn has(&self, file: &str) -> bool {
        self.path(file).exists()
    }

    /// Changes a file by replacing one text in it, which must be there.
    #[track_caller]
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "`{from}` is not in {file}:\n{text}");
        self.write(file, text.replace(from, to));
    }

    /// The files below a folder, with their contents.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        files_of(&self.path(folder))
    }

    /// Expects a folder to hold these files and no others; fails with the names of those that differ.
    #[track_caller]
    pub(crate) fn expect_same(&self, folder: &str, expected: &BTreeMap<String, Vec<u8>>) {
        let now = self.files(folder);
        let differ =
            |a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
                a.iter()
                    .filter(|(file, bytes)| b.get(*file) != Some(bytes))
                    .map(|(file, _)| file.clone())
                    .collect()
            };
        let (missing, unexpected) = (differ(expected, &now), differ(&now, expected));
        assert!(
            missing.is_empty() && unexpected.is_empty(),
            "expected {missing:?}, found {unexpected:?}"
        );
    }

    /// The file of the first article whose file name begins with `name`, below `content/`.
    #[track_caller]
    pub(crate) fn article_file(&self, name: &str) -> String {
        let files = self.files("content");
        let is_named =
            |file: &&String| file.rsplit('/').next().is_some_and(|n| n.starts_with(name));
        match files.keys().find(is_named) {
            Some(file) => format!("content/{file}"),
            None => panic!("no `{name}` in {:?}", files.keys()),
        }
    }

    /// A page of the website.
    #[track_caller]
    pub(crate) fn page(&self, path: &str) -> String {
        self.read(&format!("public/{path}"))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("backfile").expect("the program");
        command.args(args).arg("--site").arg(self.root());
        command.timeout(LONGEST).env_remove("COLUMNS");
        command
    }

    /// Runs the program on this site with `--json`.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> CommandOutput {
        let output = self.command(args).arg("--json").output().expect("run");
        let text = String::from_utf8(output.stdout).expect("text");
        let json = match serde_json::from_str(&text) {
            Ok(json) => json,
            Err(e) => {
                let stderr = String::from_utf8_lossy(&output.stderr);
                panic!("{args:?}: {}, {e}: {text}{stderr}", output.status)
            }
        };
        CommandOutput {
            status: output.status.code().unwrap_or(-1),
            json,
        }
    }

    /// Runs the program on this site as a person does: what the terminal shows.
    #[track_caller]
    pub(crate) fn terminal(&self, args: &[&str]) -> String {
        let output = self.command(args).output().expect("run");
        shown(&output, self.root())
    }

    #[track_caller]
    pub(crate) fn build(&self) -> CommandOutput {
        self.run(&["build"])
    }

    /// Builds and expects no problem.
    #[track_caller]
    pub(crate) fn built(self) -> Self {
        let said = self.build();
        assert_eq!(said.status, 0, "{}", said.json);
        self
    }
}

/// The files below a folder, with their contents.
pub(crate) fn files_of(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(root)
        .into_iter()
        .flatten()
        .filter(|e| e.file_type().is_file());
    files
        .filter_map(|e| {
            let name = e
                .path()
                .strip_prefix(root)
                .expect("below")
                .to_string_lossy()
                .replace('\\', "/");
            // A process that is running may have deleted it meanwhile.
            Some((name, std::fs::read(e.path()).ok()?))
        })
        .collect()
}

impl CommandOutput {
    #[track_caller]
    pub(crate) fn count(&self, pointer: &str) -> u64 {
        match self.json.pointer(pointer).and_then(Value::as_u64) {
            Some(number) => number,
            None => panic!("no {pointer} in {}", self.json),
        }
    }

    #[track_caller]
    fn diagnostic_objects(&self) -> &[Value] {
        match self.json["diagnostics"].as_array() {
            Some(diagnostics) => diagnostics,
            None => panic!("no diagnostics in {}", self.json),
        }
    }

    /// Diagnostics as `path:line severity what (hint)`.
    #[track_caller]
    pub(crate) fn diagnostics(&self) -> Vec<String> {
        self.diagnostic_objects().iter().map(in_one_line).collect()
    }

    /// Diagnostics without the warning that few articles have a topic, which nearly every small site without
    /// `topics.toml` gets.
    #[track_caller]
    pub(crate) fn diagnostics_except_coverage(&self) -> Vec<String> {
        let others = self.diagnostic_objects().iter();
        let others = others.filter(|d| d["code"] != "topics-cover-little");
        others.map(in_one_line).collect()
    }
}

fn in_one_line(diagnostic: &Value) -> String {
    let text = |key: &str| diagnostic[key].as_str().unwrap_or_default();
    let more = match diagnostic["times"].as_u64() {
        Some(times @ 2..) => format!(" (and {} more in this file)", times - 1),
        _ => String::new(),
    };
    format!(
        "{}:{} {} {}{more} ({})",
        text("path"),
        diagnostic["line"],
        text("severity"),
        text("what"),
        text("hint")
    )
}

/// What a terminal shows of a command, and its exit status. The site's folder is `SITE`.
pub(crate) fn shown(output: &std::process::Output, site: &Path) -> String {
    let site = site.display().to_string();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&site, "SITE");
    format!(
        "{}[stderr]\n{}[exit status {}]\n",
        text(&output.stdout),
        text(&output.stderr),
        output.status.code().unwrap_or(-1)
    )
}

/// A label block of a wire service: the text in one paragraph, with the page debris that a scraper left.
pub(crate) fn wire(id: &str, date: &str, title: &str, body: &str) -> String {
    format!("ID :\n{id}\n{date}\nAuther :\n\n{title}\n\n{body} Read more\n\nX\n")
}
