//! What header fields say of whether a message is public: drafts, deleted messages, private ones.
//! Knows the flags of mail programs; never the message.

use serde_json::Value;

use crate::model::publicity::{self, Publicity, SignReader};

/// Labels of Gmail, and the names of folders, for messages that were not sent or were thrown away.
const LABELS: &[(&str, &str)] = &[
    ("draft", "draft"),
    ("drafts", "draft"),
    ("entwürfe", "draft"),
    ("brouillons", "draft"),
    ("borradores", "draft"),
    ("trash", "trash"),
    ("bin", "trash"),
    ("papierkorb", "trash"),
    ("corbeille", "trash"),
    ("papelera", "trash"),
    ("spam", "spam"),
];

/// The bit of `X-Mozilla-Status` for a message that was deleted and is still in the file.
const MOZILLA_DELETED: u32 = 0x0008;

/// The sign of a field, as a key and a value; `None` if it says nothing, or that the message is public.
pub(crate) fn sign(name: &str, value: &str) -> Option<(String, String)> {
    let name = name.to_lowercase();
    let status = |text: &str| Some(("status".to_owned(), text.to_owned()));
    match name.as_str() {
        // Letters for read, old, answered; `D` is deleted, `T` a draft.
        "status" | "x-status" if value.bytes().all(|b| b.is_ascii_uppercase()) => match value {
            _ if value.contains('D') => status("deleted"),
            _ if value.contains('T') => status("draft"),
            _ => None,
        },
        "x-mozilla-status" => {
            let bits = u32::from_str_radix(value, 16).unwrap_or(0);
            (bits & MOZILLA_DELETED != 0).then(|| status("deleted"))?
        }
        "x-gmail-labels" | "x-folder" => {
            let labels = value
                .split([',', '/', '\\'])
                .map(|label| label.trim().to_lowercase());
            let known = |label: String| LABELS.iter().find(|(name, _)| *name == label);
            status(labels.filter_map(known).next()?.1)
        }
        _ if publicity::is_sign(&name) => {
            let says = SignReader::default().read(&name, &Value::from(value))?;
            (says != Publicity::Public).then(|| (name.replace('-', "_"), value.to_owned()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_mail_programs_are_read() {
        for (name, value) in [
            ("X-Status", "AT"),
            ("Status", "ROD"),
            ("X-Mozilla-Status", "0009"),
            ("X-Gmail-Labels", "Opened,Trash"),
            ("X-Mozilla-Draft-Info", "internal/draft; vcard=0"),
            ("Sensitivity", "Company-Confidential"),
            ("X-Draft", "yes"),
        ] {
            assert!(sign(name, value).is_some(), "{name}: {value}");
        }
        for (name, value) in [
            ("Status", "RO"),
            ("X-Mozilla-Status", "0001"),
            ("X-Gmail-Labels", "Inbox,Sent"),
            ("Sensitivity", "normal"),
            ("Received", "draft"),
        ] {
            assert_eq!(sign(name, value), None, "{name}: {value}");
        }
    }
}
