//! A real OpenSSH server on this machine, run by the user of the tests, with its own keys and settings.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{Running, free_port, wait_for};

/// What the account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// A shell, and SFTP.
    Shell,
    /// SFTP and nothing else.
    Files,
    /// SFTP that writes nothing.
    Reading,
}

pub(crate) struct Ssh {
    /// Where the keys and settings lie, and the folder that is published to.
    dir: TempDir,
    port: u16,
    server: Option<Running>,
}

impl Ssh {
    pub(crate) fn serve(account: Account) -> Self {
        let mut ssh = Self {
            dir: tempfile::tempdir().expect("a folder"),
            port: free_port(),
            server: None,
        };
        for name in ["host_key", "key", "stranger"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
                .arg(ssh.path(name))
                .status();
            assert!(made.expect("ssh-keygen, of openssh-client").success());
        }
        std::fs::copy(ssh.path("key.pub"), ssh.path("authorized")).expect("copied");
        ssh.write_known();
        std::fs::write(ssh.path("sshd_config"), ssh.of_server(account)).expect("written");
        std::fs::write(ssh.path("config"), ssh.of_client("key")).expect("written");
        ssh.start();
        ssh
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write_known(&self) {
        let host_key = std::fs::read_to_string(self.path("host_key.pub")).expect("read");
        let known = format!("[127.0.0.1]:{} {host_key}", self.port);
        std::fs::write(self.path("known"), known).expect("written");
    }

    fn of_server(&self, account: Account) -> String {
        let mut config = format!(
            "ListenAddress 127.0.0.1:{}\nPidFile none\nUsePAM no\nStrictModes no\nMaxStartups 100\nLogLevel ERROR\n\
             PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n",
            self.port
        );
        for (key, name) in [
            ("HostKey", "host_key"),
            ("AuthorizedKeysFile", "authorized"),
        ] {
            let _ = writeln!(config, "{key} {}", self.path(name).display());
        }
        config.push_str("Subsystem sftp internal-sftp\n");
        config.push_str(match account {
            Account::Shell => "",
            Account::Files => "ForceCommand internal-sftp\n",
            Account::Reading => "ForceCommand internal-sftp -R\n",
        });
        config
    }

    fn of_client(&self, key: &str) -> String {
        let path = |name: &str| self.path(name).display().to_string();
        format!(
            "IdentityFile {}\nIdentitiesOnly yes\nIdentityAgent none\nStrictHostKeyChecking yes\n\
             UserKnownHostsFile {}\nGlobalKnownHostsFile /dev/null\n",
            path(key),
            path("known")
        )
    }

    /// Starts the server at the port that it had.
    pub(crate) fn start(&mut self) {
        // Run by root it wants an empty folder to lock itself into.
        let _ = std::fs::create_dir_all("/run/sshd");
        let server = Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-f"])
            .arg(self.path("sshd_config"))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sshd, of openssh-server");
        self.server = Some(Running(server));
        wait_for(self.port);
    }

    /// Ends the server and every connection to it.
    pub(crate) fn stop(&mut self) {
        let server = self.server.take();
        let id = server.as_ref().map(|server| server.0.id());
        let connections = id.map(below).unwrap_or_default();
        // It first, or it takes others on.
        drop(server);
        end(&connections);
    }

    /// Ends every connection, as a network does that fails; how many there were.
    pub(crate) fn cut(&self) -> usize {
        let server = self.server.as_ref().expect("it runs");
        let connections = below(server.0.id());
        end(&connections);
        connections.len()
    }

    /// From now on a key is used that the server does not take.
    pub(crate) fn change_key(&self) {
        std::fs::write(self.path("config"), self.of_client("stranger")).expect("written");
    }

    /// From now on the client takes another for the server's key.
    pub(crate) fn change_host(&self) {
        std::fs::copy(self.path("stranger.pub"), self.path("host_key.pub")).expect("copied");
        self.write_known();
    }

    /// The settings of a target on this server.
    pub(crate) fn target(&self, scheme: &str, path: &Path) -> String {
        let user = Command::new("id").arg("-un").output().expect("id").stdout;
        let user = String::from_utf8(user).expect("text");
        format!(
            "[publish.live]\nto = \"{scheme}://{}@127.0.0.1:{}{}\"\nssh = \"ssh -F '{}'\"\n",
            user.trim(),
            self.port,
            path.display(),
            self.path("config").display()
        )
    }

    /// The folder to publish to; nobody made it yet.
    pub(crate) fn www(&self) -> PathBuf {
        self.path("srv/the site's $HOME")
    }

    /// What nobody may see: the lines of the private keys.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let keys = ["key", "stranger", "host_key"];
        let lines = keys.iter().flat_map(|key| {
            let text = std::fs::read_to_string(self.path(key)).expect("read");
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        });
        lines.collect()
    }
}

impl Drop for Ssh {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The processes that a process started, and those that they started.
fn below(process: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("Linux");
    let processes: Vec<(u32, u32)> = processes
        .flatten()
        .filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // After the name, which may hold anything: the state, and the one that started it.
            let (_, after) = stat.rsplit_once(')')?;
            Some((id, after.split_whitespace().nth(1)?.parse().ok()?))
        })
        .collect();
    let mut found = vec![process];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        let children = processes.iter().filter(|(_, above)| *above == parent);
        found.extend(children.map(|(id, _)| *id));
        at += 1;
    }
    found.remove(0);
    found
}

fn end(processes: &[u32]) {
    for id in processes {
        let id = id.to_string();
        let _ = Command::new("kill")
            .args(["-KILL", &id])
            .stderr(Stdio::null())
            .status();
    }
}
