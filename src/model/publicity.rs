//! Whether a text is public: the signs by which an owner holds it back, in any spelling (law 9).
//! Knows keys, values and names of folders; never where they were read.

mod keys;
mod values;

use serde_json::{Map, Value};

use self::keys::{FOLDERS, KEYS, PLACES, PREFIXES, Question, SUFFIXES, TABLES};
use self::values::{Answer, answer_of, is_dated, is_known_status, normalised, says_no};

/// What a sign says about a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Publicity {
    Public,
    /// It may be a sign that the text is not public, but it is not understood. The text is held back.
    Unclear,
    HeldBack,
}

/// Tables within tables are searched to this depth.
const DEEPEST: usize = 3;

/// A longer key is no sign, in bytes.
const LONGEST_KEY: usize = 64;

/// The signs of a text, as `key: value` for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signs {
    pub held_back: Vec<String>,
    pub unclear: Vec<String>,
}

impl Signs {
    pub fn is_public(&self) -> bool {
        self.held_back.is_empty() && self.unclear.is_empty()
    }

    fn add(&mut self, key: &str, value: &Value, says: Publicity) {
        let signs = match says {
            Publicity::Public => return,
            Publicity::Unclear => &mut self.unclear,
            Publicity::HeldBack => &mut self.held_back,
        };
        signs.push(shown(key, value));
    }
}

/// Reads the signs among the keys of a record, or of front matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct SignReader<'a> {
    /// Further words that mean a text is public.
    pub public: &'a [String],
    /// Whether the text names a place, so that `state` may be a part of a country.
    pub has_place: bool,
    /// Whether `draft` without a value is unclear. In tables and dumps it says nothing.
    pub blank_is_unclear: bool,
}

impl SignReader<'_> {
    /// All signs.
    pub fn signs(&self, keys: &Map<String, Value>) -> Signs {
        let mut signs = Signs::default();
        self.add_signs(keys, 0, &mut signs);
        signs
    }

    fn add_signs(&self, keys: &Map<String, Value>, depth: usize, signs: &mut Signs) {
        let names_place = |key: &String| PLACES.contains(&&*normalised(key));
        let reader = Self {
            has_place: self.has_place || keys.keys().any(names_place),
            ..*self
        };
        for (key, value) in keys {
            if let Some(says) = reader.read(key, value) {
                signs.add(key, value, says);
            }
            if let Value::Object(table) = value
                && depth < DEEPEST
                && TABLES.contains(&without_affixes(&normalised(key)))
            {
                reader.add_signs(table, depth + 1, signs);
            }
        }
    }

    /// What one key says; `None` if it is no sign, or has no value.
    pub fn read(&self, key: &str, value: &Value) -> Option<Publicity> {
        let question = question(key)?;
        let says = of_value(question, value, self.public);
        match question {
            Question::State if self.has_place => says.filter(|says| *says != Publicity::Unclear),
            Question::HeldBack | Question::Published
                if self.blank_is_unclear && is_blank(value) =>
            {
                Some(Publicity::Unclear)
            }
            _ => says,
        }
    }
}

/// Whether a key is one whose value may say that a text is not public.
pub fn is_sign(key: &str) -> bool {
    question(key).is_some()
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// The reason for which a text is withdrawn, given the value of `withdrawn`: empty if none is written. `None` if the
/// value says that it is not.
pub fn withdrawal(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null | Value::Bool(true) => String::new(),
        Value::Bool(false) => return None,
        other => other.to_string(),
    };
    match answer_of(&text) {
        Some(Answer::No) => None,
        Some(Answer::Yes) => Some(String::new()),
        None => Some(text),
    }
}

/// Whether a key is [`withdrawal`]'s, under any of its names.
pub fn is_withdrawal(key: &str) -> bool {
    matches!(without_affixes(&normalised(key)), "withdrawn" | "retracted")
}

fn question(key: &str) -> Option<Question> {
    if key.len() > LONGEST_KEY {
        return None;
    }
    let key = normalised(key);
    let named = |name: &str| {
        let found = KEYS.iter().find(|(_, names)| names.contains(&name));
        found.map(|(question, _)| *question)
    };
    // `isPermaLink="false"` is about an address.
    let inner = || named(without_affixes(&key)).filter(|found| *found != Question::NeverFalse);
    named(&key).or_else(inner)
}

/// A key without the words around it that add nothing.
fn without_affixes(key: &str) -> &str {
    let shorter = |rest: &&str| !rest.is_empty();
    let mut key = key;
    while let Some(rest) = PREFIXES
        .iter()
        .find_map(|prefix| key.strip_prefix(prefix).filter(shorter))
    {
        key = rest;
    }
    let rest = SUFFIXES.iter().find_map(|suffix| key.strip_suffix(suffix));
    rest.filter(shorter).unwrap_or(key)
}

/// `None` if the value says nothing.
fn of_value(question: Question, value: &Value, public: &[String]) -> Option<Publicity> {
    match value {
        Value::Null => None,
        Value::Bool(truth) => Some(of_truth(question, *truth)),
        Value::Number(number) => of_text(question, &number.to_string(), public),
        Value::String(text) => of_text(question, text, public),
        Value::Array(values) => {
            let each = values.iter().filter_map(|v| of_value(question, v, public));
            each.max()
        }
        Value::Object(members) => {
            let named = [
                "value", "name", "label", "id", "status", "state", "literal", "#text",
            ];
            let inner = named.iter().find_map(|name| members.get(*name));
            of_value(question, inner?, public)
        }
    }
}

fn of_truth(question: Question, truth: bool) -> Publicity {
    let is_public = match question {
        Question::HeldBack | Question::AnyValue => !truth,
        _ => truth,
    };
    match is_public {
        true => Publicity::Public,
        false => Publicity::HeldBack,
    }
}

fn of_text(question: Question, text: &str, public: &[String]) -> Option<Publicity> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let is_own_word = |word: &String| normalised(word) == normalised(text);
    if public.iter().any(is_own_word) {
        return Some(Publicity::Public);
    }
    let answer = answer_of(text);
    match (question, answer) {
        (Question::NeverFalse, Some(Answer::No)) => Some(Publicity::HeldBack),
        (Question::NeverFalse, _) => says_no(text).then_some(Publicity::HeldBack),
        (Question::AnyValue, Some(Answer::No)) => Some(Publicity::Public),
        (Question::AnyValue, _) => Some(Publicity::HeldBack),
        (_, Some(answer)) => Some(of_truth(question, answer == Answer::Yes)),
        (Question::Published, None) if is_dated(text) || text.contains("://") => {
            Some(Publicity::Public)
        }
        (Question::Access, None) if text.contains(|c: char| c.is_ascii_digit()) => None,
        (_, None) => Some(is_known_status(text).unwrap_or(Publicity::Unclear)),
    }
}

/// The folder of a path whose files are not public, if there is one.
pub fn folder_held_back(path: &str) -> Option<&str> {
    let (folders, _) = path.rsplit_once('/')?;
    folders.split('/').find(|folder| {
        let name = folder.trim_start_matches(['_', '.']).to_lowercase();
        FOLDERS.contains(&name.as_str())
    })
}

/// A sign for people. A password is not shown.
fn shown(key: &str, value: &Value) -> String {
    let value = match value {
        _ if normalised(key).contains("password") => "…".to_owned(),
        Value::String(text) => text.trim().chars().take(60).collect(),
        value => value.to_string().chars().take(60).collect(),
    };
    format!("{key}: {value}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn says(keys: Value) -> Publicity {
        let signs = SignReader::default().signs(keys.as_object().unwrap());
        match signs {
            _ if !signs.held_back.is_empty() => Publicity::HeldBack,
            _ if !signs.unclear.is_empty() => Publicity::Unclear,
            _ => Publicity::Public,
        }
    }

    #[test]
    fn a_sign_is_read_in_any_spelling() {
        for keys in [
            json!({"draft": true}),
            json!({"Draft": "TRUE"}),
            json!({"is_draft": 1}),
            json!({"isDraft": "Yes"}),
            json!({"draft_text": "on"}),
            json!({"app_control_app_draft": "yes"}),
            json!({"published": "no"}),
            json!({"is_published": "0"}),
            json!({"published": false}),
            json!({"status": false}),
            json!({"status": ["draft"]}),
            json!({"post_status": "auto-draft"}),
            json!({"status": "SOFT_TRASHED"}),
            json!({"status": {"value": "draft"}}),
            json!({"status": "In Review"}),
            json!({"status": "info embargoed"}),
            json!({"state": "Entwurf"}),
            json!({"state": "draft", "city": "Port Alder"}),
            json!({"visibility": "members"}),
            json!({"meta": {"flags": {"hidden": true}}}),
            json!({"password": "quay"}),
            json!({"deleted_at": "2021-07-13"}),
            json!({"_build": {"render": "never"}}),
            json!({"permalink": false}),
            json!({"published": "draft"}),
            json!({"withdrawn": "by a court"}),
        ] {
            assert_eq!(says(keys.clone()), Publicity::HeldBack, "{keys}");
        }
    }

    #[test]
    fn what_is_public_stays_public() {
        for keys in [
            json!({}),
            json!({"draft": false, "published": true, "status": "published"}),
            json!({"draft": "", "private": null, "password": ""}),
            json!({"published": "2021-07-13", "status": 1}),
            json!({"published": "13 July 2021"}),
            json!({"status": "LIVE", "visibility": "public"}),
            json!({"status": 200}),
            json!({"state": "Oregon", "city": "Portland"}),
            json!({"visibility": "10 km", "access": "2021-07-13"}),
            json!({"author": {"status": "inactive"}, "images": [{"private": true}]}),
            json!({"permalink": "/2021/07/a/", "list": ["a"]}),
            json!({"statuses": "draft", "hiddenness": true}),
        ] {
            assert_eq!(says(keys.clone()), Publicity::Public, "{keys}");
        }
    }

    #[test]
    fn a_sign_that_is_not_understood_is_unclear() {
        for keys in [
            json!({"status": "evergreen"}),
            json!({"draft": "perhaps"}),
            json!({"published": "Thursday"}),
            json!({"state": "Oregon"}),
            json!({"status": 7}),
        ] {
            assert_eq!(says(keys.clone()), Publicity::Unclear, "{keys}");
        }
        let keys = json!({"status": "Evergreen", "draft": ""});
        let keys = keys.as_object().unwrap();
        let own = ["evergreen".to_owned()];
        let mut reader = SignReader {
            public: &own,
            ..SignReader::default()
        };
        assert!(reader.signs(keys).is_public());
        reader.blank_is_unclear = true;
        assert_eq!(reader.signs(keys).unclear, ["draft: "]);
    }

    #[test]
    fn a_withdrawal_has_a_reason_or_none() {
        for (value, reason) in [
            (json!("by a court"), Some("by a court")),
            (json!(""), Some("")),
            (json!(null), Some("")),
            (json!(true), Some("")),
            (json!("Yes"), Some("")),
            (json!("no"), None),
            (json!(false), None),
        ] {
            assert_eq!(withdrawal(&value).as_deref(), reason, "{value}");
        }
    }

    #[test]
    fn folders_hold_back() {
        for path in ["_drafts/a.md", "blog/Drafts/2021/a.txt", ".trash/a.md"] {
            assert!(folder_held_back(path).is_some(), "{path}");
        }
        for path in ["drafts.md", "a/draftsmen/b.md", "a/b.md"] {
            assert_eq!(folder_held_back(path), None, "{path}");
        }
    }
}
