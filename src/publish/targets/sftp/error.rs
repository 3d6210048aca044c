//! Why an operation over SFTP failed: the server refused it, or the connection was lost.

use openssh_sftp_client::Error;
use openssh_sftp_client::error::SftpErrorKind;
use tokio::task::JoinError;

use super::super::TargetError;

/// Why an operation failed.
pub(crate) enum ConnectionError {
    /// The connection was lost.
    Lost,
    Refused(TargetError),
}

pub(crate) type Reply<T> = std::result::Result<T, ConnectionError>;

/// The result of a single request.
pub(crate) type Answer<T> = std::result::Result<T, Error>;

/// The result of a task, where there is one more; a task that panicked counts as a lost connection.
pub(crate) fn joined<T>(
    task: Option<std::result::Result<Reply<T>, JoinError>>,
) -> Reply<Option<T>> {
    task.map(|task| task.unwrap_or(Err(ConnectionError::Lost)))
        .transpose()
}

pub(crate) fn is_absent(error: &Error) -> bool {
    matches!(error, Error::SftpError(SftpErrorKind::NoSuchFile, _))
}

pub(crate) fn is_lost(error: &Error) -> bool {
    !matches!(error, Error::SftpError(..) | Error::UnsupportedExtension(_))
}

pub(crate) fn unreadable(path: &std::path::Path, error: &std::io::Error) -> ConnectionError {
    ConnectionError::Refused(TargetError::permanent(format!(
        "cannot read `{}`: {error}",
        path.display()
    )))
}

/// The error for an answer of the server.
pub(crate) fn failed_request(what: &str, path: &str, error: &Error) -> ConnectionError {
    let why = match error {
        Error::SftpError(SftpErrorKind::NoSuchFile, _) => "no such file or folder".to_owned(),
        Error::SftpError(SftpErrorKind::PermDenied, _) => {
            "the server does not permit it to this account".to_owned()
        }
        Error::SftpError(_, text) => {
            let message: String = text.to_string();
            match message.is_empty() || message.eq_ignore_ascii_case("failure") {
                true => "the server gives no reason; its disk may be full".to_owned(),
                false => format!("the server says `{}`", message.replace('`', "'")),
            }
        }
        Error::UnsupportedExtension(name) => format!("the server does not support `{name}`"),
        _ => return ConnectionError::Lost,
    };
    ConnectionError::Refused(TargetError::permanent(format!(
        "cannot {what} `{path}`: {why}"
    )))
}
