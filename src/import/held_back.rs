//! Records that their owner held back become drafts, whatever layout they are in (law 9).
//! Knows what a layout kept of a record, and its path; never a format.

use super::reading::Reading;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::publicity::{self, Publicity, SignReader};
use crate::settings::ImportSettings;

/// A key of the front matter that says nothing about publicity, for the value of a sign that the settings declare public.
const ORIGINAL: &str = "original_";

/// Makes a record with a sign that it is not public a draft, and moves its signs to `held_back`, so that `draft` alone
/// decides from then on. `path` is that of its file, below `raw/` or in an archive. Returns the warning about a sign
/// that is not understood.
pub(crate) fn apply(
    reading: &mut Reading,
    path: &str,
    settings: &ImportSettings,
    blank_is_unclear: bool,
) -> Option<Diagnostic> {
    withdraw(reading);
    let front = &mut reading.front;
    let reader = SignReader {
        public: &settings.public,
        has_place: front.place.is_some(),
        blank_is_unclear,
    };
    let signs = reader.signs(&front.extra);
    let folder = publicity::folder_held_back(path).map(|folder| format!("{folder}/"));
    let without_settings = SignReader {
        public: &[],
        ..reader
    };
    for (key, value) in std::mem::take(&mut front.extra) {
        match (
            reader.read(&key, &value),
            without_settings.read(&key, &value),
        ) {
            (Some(Publicity::HeldBack | Publicity::Unclear), _) => {}
            (_, Some(Publicity::Unclear)) => {
                front.extra.insert(format!("{ORIGINAL}{key}"), value);
            }
            _ if value.is_null() => {}
            _ => {
                front.extra.insert(key, value);
            }
        }
    }
    if signs.is_public() && folder.is_none() {
        return None;
    }
    front.draft = true;
    front.held_back.extend(folder);
    let warning = signs.unclear.first().map(|sign| unclear(sign));
    front.held_back.extend(signs.held_back);
    front.held_back.extend(signs.unclear);
    warning
}

/// A record that is withdrawn keeps its page, with the reason in place of the text.
fn withdraw(reading: &mut Reading) {
    let Some(key) = reading.withdrawal().cloned() else {
        return;
    };
    if let Some(value) = reading.front.extra.shift_remove(&key) {
        reading.front.withdrawn = publicity::withdrawal(&value);
    }
}

fn unclear(sign: &str) -> Diagnostic {
    let what = format!("`{sign}` may say that the record is not public, so it is a draft");
    let hint = "if it is public, add the value to `public` under `[import]`";
    Diagnostic::warning(Code::PublicityUnclear, "", what).hint(hint)
}
