//! What `sftp://` and `rsync://` share: the address, the command line for the system's `ssh`, and the meaning of its error
//! messages. Keys, agents and jump hosts are configured for ssh itself; it never asks for a password.

use std::process::Command;

use percent_encoding::percent_decode_str;

use super::TargetError;
use crate::diagnostics::{Code, Diagnostic, Result as Outcome, io_words};
use crate::settings::TargetSettings;
use crate::text::characters::shown;

/// The options of sftp(1) and scp(1), and that a dead connection is noticed within a minute.
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

/// Messages of ssh after which trying again does not help, in lowercase, and what does help.
const PERMANENT: [(&str, &str); 13] = [
    (
        "host key verification failed",
        "connect once by hand with `ssh`, and compare the key that it shows with the one that the host names",
    ),
    (
        "permission denied",
        "the host must accept one of your keys without a password",
    ),
    (
        "too many authentication failures",
        "name the right key in `~/.ssh/config`",
    ),
    ("could not resolve hostname", "check the name of the host"),
    (
        "subsystem request failed",
        "the host does not offer SFTP to this account",
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

/// The message where the name server could not be reached.
const TRANSIENT: &str = "temporary failure";

/// A folder on a host that ssh reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// The command for ssh and its first arguments.
    ssh: Vec<String>,
    user: Option<String>,
    host: String,
    port: Option<u16>,
    /// Without a `/` at its end. It begins with `.` where it is below the account's home folder.
    folder: String,
}

impl Address {
    /// Parses `scheme://[user@]host[:port]/folder`, where `/~/folder` is below the account's home folder.
    ///
    /// # Errors
    /// Where it has another form, or the command for ssh in the settings is not valid.
    pub(crate) fn parse(settings: &TargetSettings) -> Outcome<Self> {
        let to = settings.to.as_str();
        let (scheme, rest) = to.split_once("://").unwrap_or(("sftp", to));
        let wrong = |what: &str| {
            Diagnostic::error(Code::TargetAddressInvalid, to, what).hint(format!(
                "write it as {scheme}://user@host/srv/www, or {scheme}://host:2222/~/www for a folder in the account's home"
            ))
        };
        let Some((place, path)) = rest.split_once('/') else {
            return Err(wrong("the address has no folder").into());
        };
        let (user, host, port) = split_host(place);
        // A name that begins with `-` would be an option.
        let is_name = |name: &str| {
            let is_plain = |c: char| !c.is_whitespace() && !c.is_control();
            !name.is_empty() && !name.starts_with('-') && name.chars().all(is_plain)
        };
        if !is_name(host) || !user.is_none_or(is_name) {
            return Err(wrong("the address has no valid host or user").into());
        }
        let port = port.map(|port| port.parse().ok().filter(|port| *port != 0));
        if port == Some(None) {
            return Err(wrong("the port in the address is not a number").into());
        }
        let path = percent_decode_str(path).decode_utf8().ok();
        let Some(path) = path.filter(|path| !path.contains(char::is_control)) else {
            return Err(wrong("the folder in the address is not valid UTF-8").into());
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
                    Code::TargetAddressInvalid,
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

    /// The path at the host of a file below the folder.
    pub(crate) fn remote_path(&self, path: &str) -> String {
        match path {
            "" if self.folder.is_empty() => "/".to_owned(),
            "" => self.folder.clone(),
            path => format!("{}/{path}", self.folder),
        }
    }

    /// The command that starts a subsystem of the host, which uses its pipes.
    pub(crate) fn subsystem(&self, name: &str) -> Command {
        let mut words = self.command().into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .args(["-s", &self.host, name])
            .env("LC_ALL", "C");
        command
    }

    /// The error where the command does not start.
    pub(crate) fn start_error(&self, error: &std::io::Error) -> TargetError {
        let program = self.ssh.first().map_or("ssh", String::as_str);
        let message = io_words(error);
        TargetError::permanent(format!(
            "cannot start `{program}`: {message}; the OpenSSH client must be installed"
        ))
    }

    /// The command for ssh as rsync's `-e` splits it: at spaces; within quotation marks, a quotation mark is doubled.
    pub(crate) fn remote_shell(&self) -> String {
        let quoted = self.command().into_iter().map(|word| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:@%+,".contains(c);
            match !word.is_empty() && word.chars().all(is_plain) {
                true => word,
                false => format!("'{}'", word.replace('\'', "''")),
            }
        });
        quoted.collect::<Vec<_>>().join(" ")
    }

    /// The folder in rsync's notation.
    pub(crate) fn rsync_path(&self) -> String {
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

/// Splits `[user@]host[:port]`, where an IPv6 address is in brackets.
fn split_host(place: &str) -> (Option<&str>, &str, Option<&str>) {
    let (user, place) = match place.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, place),
    };
    let bracketed = place
        .strip_prefix('[')
        .and_then(|inner| inner.split_once(']'));
    match (bracketed, place.split_once(':')) {
        (Some((host, "")), _) => (user, host, None),
        (Some((host, port)), _) => (user, host, Some(port.strip_prefix(':').unwrap_or_default())),
        (None, Some((host, port))) => (user, host, Some(port)),
        (None, None) => (user, place, None),
    }
}

/// The error for the output of an ssh that did not connect.
pub(crate) fn target_error(output: &str) -> TargetError {
    let mut lines: Vec<&str> = output.lines().map(str::trim).collect();
    let is_noise = |line: &&str| {
        line.is_empty()
            || line.starts_with(['@', '*'])
            || line.starts_with("debug")
            || line.starts_with("Warning: ")
    };
    lines.retain(|line| !is_noise(line));
    // With a jump host the reason comes before the line that says that the connection was closed.
    let reason = lines.iter().rev().find_map(|line| {
        let lower = line.to_lowercase();
        let (_, advice) = PERMANENT
            .iter()
            .find(|(message, _)| lower.contains(message))?;
        (!lower.contains(TRANSIENT)).then_some((line, advice))
    });
    match (reason, lines.last()) {
        (Some((line, &"")), _) => TargetError::permanent(quoted(line)),
        (Some((line, advice)), _) => TargetError::permanent(format!("{}: {advice}", quoted(line))),
        (None, Some(line)) => TargetError::transient(quoted(line)),
        (None, None) => TargetError::transient("ssh closed the connection without a message"),
    }
}

/// A message of ssh on one line, shortened.
fn quoted(line: &str) -> String {
    let line = line
        .trim_start_matches("ssh: ")
        .trim_end_matches('.')
        .replace('`', "'");
    format!("ssh says `{}`", shown(&line))
}

/// Splits a command into words as a shell does, with quotation marks and backslashes only. Returns `None` if a quotation
/// mark is not closed.
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

    fn parse(to: &str) -> Option<Address> {
        let settings = TargetSettings {
            to: to.to_owned(),
            ..TargetSettings::default()
        };
        Address::parse(&settings).ok()
    }

    #[test]
    fn an_address_has_a_host_and_a_folder() {
        let address = parse("sftp://me@host.example:2222/srv/my%20www/").unwrap();
        let (user, port) = (address.user.as_deref(), address.port);
        assert_eq!((user, port), (Some("me"), Some(2222)));
        assert_eq!(address.remote_path("a.html"), "/srv/my www/a.html");
        assert_eq!(address.rsync_path(), "host.example:/srv/my www/");
        assert_eq!(
            parse("sftp://host/~/www").unwrap().remote_path("a"),
            "./www/a"
        );
        assert_eq!(parse("sftp://host/~").unwrap().remote_path(""), ".");
        assert_eq!(parse("sftp://host/~ida").unwrap().remote_path(""), "/~ida");
        assert_eq!(parse("sftp://host/").unwrap().remote_path(""), "/");
        assert_eq!(parse("sftp://host/").unwrap().remote_path("a"), "/a");
        let address = parse("rsync://[::1]:22/x").unwrap();
        assert_eq!(
            (address.rsync_path().as_str(), address.port),
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
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_command_is_split_like_in_a_shell() {
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
        let shell = Address::parse(&settings).unwrap().remote_shell();
        assert!(
            shell.starts_with("ssh -F 'it''s here' -x -o BatchMode=yes"),
            "{shell}"
        );
        assert!(shell.ends_with(" -l me"), "{shell}");
    }

    #[test]
    fn errors_of_ssh_are_permanent_or_transient() {
        let output = "Warning: Permanently added 'host'.\r\nme@host: Permission denied (publickey).\r\nConnection closed by UNKNOWN port 65535\r\n";
        let refused = target_error(output);
        assert!(!refused.is_transient);
        assert!(
            refused
                .message
                .starts_with("ssh says `me@host: Permission denied (publickey)`: ")
        );
        let refused = target_error("ssh: connect to host h port 22: Connection refused\n");
        assert!(refused.is_transient && refused.message.ends_with("Connection refused`"));
        let name = "ssh: Could not resolve hostname h: ";
        assert!(target_error(&format!("{name}Temporary failure in name resolution")).is_transient);
        assert!(!target_error(&format!("{name}Name or service not known")).is_transient);
        assert!(target_error("").is_transient);
    }
}
