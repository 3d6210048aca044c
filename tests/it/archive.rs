//! One fluent builder: a whole small site written inline, commands run on it, and questions asked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A site in a folder of its own.
pub struct Archive {
    dir: TempDir,
}

/// What a command said.
pub struct Said {
    pub status: i32,
    pub json: Value,
}

impl Archive {
    /// A site with empty settings.
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
        }
        .file("backfile.toml", "")
    }

    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    /// Writes a file of the site.
    pub fn file(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(file, text);
        self
    }

    /// A raw record.
    pub fn raw(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        self.file(&format!("raw/{file}"), text)
    }

    /// An article as a person wrote it: its front matter without marks, and its body.
    pub fn article(self, file: &str, front: &str, body: &str) -> Self {
        self.file(
            &format!("content/articles/{file}"),
            format!("---\n{}\n---\n\n{body}\n", front.trim()),
        )
    }

    /// `[site]` with an address, for what needs one.
    pub fn with_address(self) -> Self {
        self.file(
            "backfile.toml",
            "[site]\ntitle = \"The Test\"\nbase_url = \"https://example.org/archive\"\n",
        )
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    pub fn remove(&self, file: &str) {
        let path = self.path(file);
        if path.is_dir() {
            std::fs::remove_dir_all(path)
        } else {
            std::fs::remove_file(path)
        }
        .expect("removed");
    }

    pub fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        std::fs::rename(self.path(from), to).expect("renamed");
    }

    /// A link at `to` to a folder of the site.
    pub fn link(&self, from: &str, to: &str) {
        let to = self.path(to);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        std::os::unix::fs::symlink(self.path(from), to).expect("linked");
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path(file))
            .unwrap_or_else(|e| panic!("{file}: {e}\n{:#?}", self.files("")))
    }

    pub fn has(&self, file: &str) -> bool {
        self.path(file).exists()
    }

    /// Changes a file by replacing one text in it, which must be there.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "`{from}` is not in {file}:\n{text}");
        self.write(file, text.replace(from, to));
    }

    /// The files below a folder with their bytes.
    pub fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(folder);
        let files = walkdir::WalkDir::new(&root)
            .into_iter()
            .flatten()
            .filter(|e| e.file_type().is_file());
        files
            .filter_map(|e| {
                let name = e
                    .path()
                    .strip_prefix(&root)
                    .expect("below")
                    .to_string_lossy()
                    .replace('\\', "/");
                // A process that is at work may have taken it away meanwhile.
                Some((name, std::fs::read(e.path()).ok()?))
            })
            .collect()
    }

    /// Expects a folder to hold these files and no others; says which differ, not how.
    pub fn expect_same(&self, folder: &str, expected: &BTreeMap<String, Vec<u8>>) {
        let now = self.files(folder);
        let differ =
            |a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
                a.iter()
                    .filter(|(file, bytes)| b.get(*file) != Some(bytes))
                    .map(|(file, _)| file.clone())
                    .collect()
            };
        let (gone, new) = (differ(expected, &now), differ(&now, expected));
        assert!(
            gone.is_empty() && new.is_empty(),
            "expected {gone:?}, found {new:?}"
        );
    }

    /// The one article whose file's name begins so, below `content/`.
    pub fn article_file(&self, name: &str) -> String {
        let files = self.files("content");
        let found = files
            .keys()
            .find(|file| file.rsplit('/').next().is_some_and(|n| n.starts_with(name)));
        format!(
            "content/{}",
            found.unwrap_or_else(|| panic!("no `{name}` in {:?}", files.keys()))
        )
    }

    /// A page of the website.
    pub fn page(&self, path: &str) -> String {
        self.read(&format!("public/{path}"))
    }

    /// Runs the program on this site.
    pub fn run(&self, args: &[&str]) -> Said {
        let output = Command::cargo_bin("backfile")
            .expect("the program")
            .args(args)
            .arg("--json")
            .arg("--site")
            .arg(self.root())
            .output()
            .expect("run");
        let text = String::from_utf8(output.stdout).expect("text");
        let json = serde_json::from_str(&text)
            .unwrap_or_else(|e| panic!("{e}: {text}{}", String::from_utf8_lossy(&output.stderr)));
        Said {
            status: output.status.code().unwrap_or(-1),
            json,
        }
    }

    pub fn build(&self) -> Said {
        self.run(&["build"])
    }

    /// Builds and expects no problem.
    pub fn built(self) -> Self {
        let said = self.build();
        assert_eq!(said.status, 0, "{}", said.json);
        self
    }
}

impl Said {
    pub fn count(&self, pointer: &str) -> u64 {
        self.json
            .pointer(pointer)
            .and_then(Value::as_u64)
            .unwrap_or_else(|| panic!("no {pointer} in {}", self.json))
    }

    /// Diagnostics as `path:line severity what (hint)`.
    pub fn diagnostics(&self) -> Vec<String> {
        let diagnostics = self.json["diagnostics"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let shown = diagnostics.iter().map(|d| {
            let text = |key: &str| d[key].as_str().unwrap_or_default().to_owned();
            let more = match d["times"].as_u64() {
                Some(times @ 2..) => format!(" (and {} more in this file)", times - 1),
                _ => String::new(),
            };
            format!(
                "{}:{} {} {}{more} ({})",
                text("path"),
                d["line"],
                text("severity"),
                text("what"),
                text("hint")
            )
        });
        shown
            .filter(|d| !d.contains("of the articles have a topic"))
            .collect()
    }
}

/// A label block of a wire service, in one paragraph, with what a scraper left around it.
pub fn wire(id: &str, date: &str, title: &str, body: &str) -> String {
    format!("ID :\n{id}\n{date}\nAuther :\n\n{title}\n\n{body} Read more\n\nX\n")
}
