//! What `sftp://` and `rsync://` share: an address, the command line of the system's `ssh` that reaches it, and ssh's words
//! where it does not. Keys, agents and jump hosts are ssh's own affair; nobody is asked for a password.

use std::process::Command;

use percent_encoding::percent_decode_str;

use super::Refusal;
use crate::diagnostics::{Code, Diagnostic, Result as Outcome, io_words};
use crate::settings::TargetSettings;

/// As sftp(1) and scp(1) start it; and a line that is dead is noticed within a minute.
const OPTIONS: [&str; 8] = [
    "BatchMode=yes",
    "RequestTTY=no",
    "RemoteCommand=none",
    "PermitLocalCommand=no",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "ServerAliveInterval=15",
    "ConnectTimeout=30",
];

/// What ssh says where asking again does not help, in small letters, and what does help.
const LASTING: [(&str, &str); 13] = [
    (
        "host key verification failed",
        "connect once by hand with `ssh`, and compare the key that it shows with the one that the host names",
    ),
    (
        "permission denied",
        "the host has to take a key of yours without asking",
    ),
    (
        "too many authentication failures",
        "name the right key in `~/.ssh/config`",
    ),
    (
        "could not resolve hostname",
        "is the name of the host right",
    ),
    (
        "subsystem request failed",
        "the host has no SFTP for this account",
    ),
    (
        "no matching",
        "the host is too old for this ssh, or too new",
    ),
    ("bad configuration option", ""),
    ("bad owner or permissions", ""),
    ("can't open user config file", ""),
    ("command not found", ""),
    ("not found", ""),
    ("unknown option", ""),
    ("usage: ssh", ""),
];

/// What a name server says that cannot be reached itself.
const PASSING: &str = "temporary failure";

/// A folder on a host that ssh reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The command for ssh and its first arguments.
    ssh: Vec<String>,
    user: Option<String>,
    host: String,
    port: Option<u16>,
    /// Without a `/` at its end. It begins with `.` where it lies in the account's home folder.
    folder: String,
}

impl Address {
    /// Reads `scheme://[user@]host[:port]/folder`, where `/~/folder` lies in the account's home folder.
    ///
    /// # Errors
    /// Where it is not written so, or the settings' command for ssh is not one.
    pub fn read(settings: &TargetSettings) -> Outcome<Self> {
        let to = settings.to.as_str();
        let (scheme, rest) = to.split_once("://").unwrap_or(("sftp", to));
        let wrong = |what: &str| {
            Diagnostic::error(Code::Unclassified, to, what).hint(format!(
                "it is written as {scheme}://user@host/srv/www, or {scheme}://host:2222/~/www for a folder in the account's home"
            ))
        };
        let Some((place, path)) = rest.split_once('/') else {
            return Err(wrong("the address names no folder").into());
        };
        let (user, place) = match place.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, place),
        };
        let (host, port) = match place
            .strip_prefix('[')
            .and_then(|inner| inner.split_once(']'))
        {
            Some((host, "")) => (host, None),
            Some((host, port)) => (host, Some(port.strip_prefix(':').unwrap_or_default())),
            None => match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            },
        };
        // A name that begins with `-` would be an option.
        let is_name = |name: &str| {
            let is_plain = |c: char| !c.is_whitespace() && !c.is_control();
            !name.is_empty() && !name.starts_with('-') && name.chars().all(is_plain)
        };
        if !is_name(host) || !user.is_none_or(is_name) {
            return Err(wrong("the address names no host, or no user").into());
        }
        let port = port.map(|port| port.parse().ok().filter(|port| *port != 0));
        if port == Some(None) {
            return Err(wrong("the port in the address is not a number").into());
        }
        let path = percent_decode_str(path).decode_utf8().ok();
        let Some(path) = path.filter(|path| !path.contains(char::is_control)) else {
            return Err(wrong("the folder in the address is not text").into());
        };
        let path = path.trim_end_matches('/');
        let folder = match path
            .strip_prefix('~')
            .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        {
            Some(below) => format!(".{below}"),
            None if path.is_empty() => String::new(),
            None => format!("/{path}"),
        };
        let command = settings.ssh.as_deref().unwrap_or("ssh");
        let ssh = words(command)
            .filter(|words| !words.is_empty())
            .ok_or_else(|| {
                Diagnostic::error(
                    Code::Unclassified,
                    to,
                    format!("`ssh = {command:?}` is not a command"),
                )
                .hint("a quotation mark may be missing: ssh = \"ssh -F 'my config'\"")
            })?;
        Ok(Self {
            ssh,
            user: user.map(str::to_owned),
            host: host.to_owned(),
            port: port.flatten(),
            folder,
        })
    }

    /// Where a file below the folder lies at the host.
    pub fn place(&self, path: &str) -> String {
        match path {
            "" if self.folder.is_empty() => "/".to_owned(),
            "" => self.folder.clone(),
            path => format!("{}/{path}", self.folder),
        }
    }

    /// The command that starts a subsystem of the host, which then speaks over its pipes.
    pub fn subsystem(&self, name: &str) -> Command {
        let mut words = self.command().into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .args(["-s", &self.host, name])
            .env("LC_ALL", "C");
        command
    }

    /// Why the command does not start.
    pub fn unstarted(&self, error: &std::io::Error) -> Refusal {
        let program = self.ssh.first().map_or("ssh", String::as_str);
        let words = io_words(error);
        Refusal::lasting(format!(
            "cannot start `{program}`: {words}; is OpenSSH's client installed"
        ))
    }

    /// The command for ssh in one text, as rsync's `-e` splits it: at spaces, with quotation marks that are doubled within.
    pub fn remote_shell(&self) -> String {
        let quoted = self.command().into_iter().map(|word| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:@%+,".contains(c);
            match !word.is_empty() && word.chars().all(is_plain) {
                true => word,
                false => format!("'{}'", word.replace('\'', "''")),
            }
        });
        quoted.collect::<Vec<_>>().join(" ")
    }

    /// The folder as rsync writes it.
    pub fn rsync_place(&self) -> String {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        format!("{host}:{}/", self.folder)
    }

    fn command(&self) -> Vec<String> {
        let mut command = self.ssh.clone();
        command.push("-x".to_owned());
        for option in OPTIONS {
            command.extend(["-o".to_owned(), option.to_owned()]);
        }
        if let Some(port) = self.port {
            command.extend(["-p".to_owned(), port.to_string()]);
        }
        if let Some(user) = &self.user {
            command.extend(["-l".to_owned(), user.clone()]);
        }
        command
    }
}

/// Why there is no connection, by what ssh said.
pub fn refusal(said: &str) -> Refusal {
    let mut lines: Vec<&str> = said.lines().map(str::trim).collect();
    let is_noise = |line: &&str| {
        line.is_empty()
            || line.starts_with(['@', '*'])
            || line.starts_with("debug")
            || line.starts_with("Warning: ")
    };
    lines.retain(|line| !is_noise(line));
    // Of a jump host the reason comes before the line that says that there is no connection.
    let reason = lines.iter().rev().find_map(|line| {
        let small = line.to_lowercase();
        let (_, advice) = LASTING.iter().find(|(words, _)| small.contains(words))?;
        (!small.contains(PASSING)).then_some((line, advice))
    });
    match (reason, lines.last()) {
        (Some((line, &"")), _) => Refusal::lasting(quoted(line)),
        (Some((line, advice)), _) => Refusal::lasting(format!("{}: {advice}", quoted(line))),
        (None, Some(line)) => Refusal::passing(quoted(line)),
        (None, None) => Refusal::passing("ssh ended the connection, and does not say why"),
    }
}

/// Words of ssh on one line, no longer than a person reads.
fn quoted(line: &str) -> String {
    let line = line
        .trim_start_matches("ssh: ")
        .trim_end_matches('.')
        .replace('`', "'");
    let line: String = line.chars().filter(|c| !c.is_control()).take(300).collect();
    format!("ssh says `{line}`")
}

/// A command's words as a shell splits them, with quotation marks and backslashes and nothing else; None where a quotation
/// mark is open at the end.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(open), c) if open == c => quote = None,
            (None | Some('"'), '\\') => word.get_or_insert_default().push(chars.next()?),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(to: &str) -> Option<Address> {
        let settings = TargetSettings {
            to: to.to_owned(),
            ..TargetSettings::default()
        };
        Address::read(&settings).ok()
    }

    #[test]
    fn an_address_has_a_host_and_a_folder() {
        let address = read("sftp://me@host.example:2222/srv/my%20www/").unwrap();
        let (user, port) = (address.user.as_deref(), address.port);
        assert_eq!((user, port), (Some("me"), Some(2222)));
        assert_eq!(address.place("a.html"), "/srv/my www/a.html");
        assert_eq!(address.rsync_place(), "host.example:/srv/my www/");
        assert_eq!(read("sftp://host/~/www").unwrap().place("a"), "./www/a");
        assert_eq!(read("sftp://host/~").unwrap().place(""), ".");
        assert_eq!(read("sftp://host/~ida").unwrap().place(""), "/~ida");
        assert_eq!(read("sftp://host/").unwrap().place(""), "/");
        assert_eq!(read("sftp://host/").unwrap().place("a"), "/a");
        let address = read("rsync://[::1]:22/x").unwrap();
        assert_eq!(
            (address.rsync_place().as_str(), address.port),
            ("[::1]:/x/", Some(22))
        );
        for wrong in [
            "sftp://host",
            "sftp:///x",
            "sftp://-oProxyCommand=id/x",
            "sftp://-l@host/x",
            "sftp://@host/x",
            "sftp://host:/x",
            "sftp://host:0/x",
            "sftp://host:ssh/x",
            "sftp://[::1]22/x",
            "sftp://host/a%0ab",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_command_is_split_as_a_shell_does() {
        let split = |command: &str| words(command).unwrap();
        assert_eq!(split("ssh  -F 'my config' "), ["ssh", "-F", "my config"]);
        assert_eq!(
            split(r#"ssh -o "A=\"b\" c" d\ e ''"#),
            ["ssh", "-o", "A=\"b\" c", "d e", ""]
        );
        assert_eq!(words("ssh 'open"), None);
        let settings = TargetSettings {
            to: "rsync://me@host/x".to_owned(),
            ssh: Some("ssh -F \"it's here\"".to_owned()),
            ..TargetSettings::default()
        };
        let shell = Address::read(&settings).unwrap().remote_shell();
        assert!(
            shell.starts_with("ssh -F 'it''s here' -x -o BatchMode=yes"),
            "{shell}"
        );
        assert!(shell.ends_with(" -l me"), "{shell}");
    }

    #[test]
    fn what_ssh_says_is_lasting_or_passes() {
        let said = "Warning: Permanently added 'host'.\r\nme@host: Permission denied (publickey).\r\nConnection closed by UNKNOWN port 65535\r\n";
        let refused = refusal(said);
        assert!(!refused.is_passing);
        assert!(
            refused
                .words
                .starts_with("ssh says `me@host: Permission denied (publickey)`: ")
        );
        let refused = refusal("ssh: connect to host h port 22: Connection refused\n");
        assert!(refused.is_passing && refused.words.ends_with("Connection refused`"));
        let name = "ssh: Could not resolve hostname h: ";
        assert!(refusal(&format!("{name}Temporary failure in name resolution")).is_passing);
        assert!(!refusal(&format!("{name}Name or service not known")).is_passing);
        assert!(refusal("").is_passing);
    }
}
