//! Python programs that tests start, each in a virtual environment that is kept for the next run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// The folder of programs of an environment with these packages, which pip installs the first time.
pub(crate) fn environment(name: &str, packages: &[&str]) -> PathBuf {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("python")
        .join(name);
    let installed = home.join("installed");
    let wanted = packages.join("\n");
    let _one_at_a_time = INSTALLING.lock().expect("no other failed");
    if std::fs::read_to_string(&installed).is_ok_and(|has| has == wanted) {
        return home.join("bin");
    }
    let must = |command: &mut Command| {
        let output = command.output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {said}");
    };
    must(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&home),
    );
    must(
        Command::new(home.join("bin/pip"))
            .args(["install", "-q"])
            .args(packages),
    );
    std::fs::write(&installed, wanted).expect("written");
    home.join("bin")
}
