//! The words with which keys say whether a text is public.

use super::Publicity;

/// What a word of agreement or refusal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
}

const YES: &[&str] = &[
    "true",
    "t",
    "yes",
    "y",
    "on",
    "1",
    "10",
    "x",
    "ja",
    "j",
    "oui",
    "si",
    "sí",
    "sim",
    "да",
    "نعم",
    "是",
    "はい",
    "wahr",
    "vrai",
    "verdadero",
    "✓",
    "✔",
];

const NO: &[&str] = &[
    "false",
    "f",
    "no",
    "n",
    "off",
    "0",
    "00",
    "nein",
    "non",
    "não",
    "nao",
    "нет",
    "لا",
    "否",
    "いいえ",
    "falsch",
    "faux",
    "falso",
    "none",
    "null",
    "nil",
];

/// Words of a status that mean a text is public.
const PUBLIC: &[&str] = &[
    "publish",
    "published",
    "public",
    "publicly",
    "live",
    "online",
    "active",
    "usable",
    "final",
    "finished",
    "complete",
    "completed",
    "done",
    "approved",
    "accepted",
    "released",
    "release",
    "visible",
    "open",
    "posted",
    "sent",
    "free",
    "everyone",
    "everybody",
    "world",
    "all",
    "anyone",
    "default",
    "normal",
    "ok",
    "inherit",
    "enabled",
    "current",
    "corrected",
    "available",
    "success",
    "stable",
    "veröffentlicht",
    "publié",
    "publicado",
    "pubblicato",
    "gepubliceerd",
    "опубликовано",
    "منشور",
    "已发布",
    "发布",
    "公開",
    "200",
];

/// Words of a status that mean a text is held back; also as a part of what is written there.
const HELD_BACK: &[&str] = &[
    "draft",
    "drafts",
    "autodraft",
    "private",
    "pending",
    "future",
    "scheduled",
    "trash",
    "trashed",
    "deleted",
    "hidden",
    "unpublished",
    "withheld",
    "embargo",
    "embargoed",
    "archived",
    "rejected",
    "declined",
    "spam",
    "review",
    "reviewing",
    "internal",
    "protected",
    "password",
    "members",
    "member",
    "paid",
    "premium",
    "subscribers",
    "subscriber",
    "friends",
    "unlisted",
    "secret",
    "confidential",
    "restricted",
    "classified",
    "inactive",
    "disabled",
    "offline",
    "removed",
    "revision",
    "expired",
    "retracted",
    "withdrawn",
    "killed",
    "canceled",
    "cancelled",
    "suspended",
    "quarantined",
    "blocked",
    "wip",
    "progress",
    "todo",
    "idea",
    "planned",
    "writing",
    "editing",
    "skip",
    "personal",
    "never",
    "not",
    "staff",
    "admin",
    "entwurf",
    "privat",
    "brouillon",
    "privé",
    "borrador",
    "privado",
    "bozza",
    "rascunho",
    "concept",
    "utkast",
    "kladde",
    "luonnos",
    "taslak",
    "черновик",
    "مسودة",
    "草稿",
    "下書き",
    "非公開",
    "私密",
];

/// Lowercase letters and digits only, so that `isDraft`, `is-draft` and `Is_Draft:` are one.
pub(super) fn normalised(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '✓' | '✔'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a value agrees or refuses.
pub(super) fn answer_of(text: &str) -> Option<Answer> {
    let word = match text.parse::<f64>() {
        Ok(0.0) => "0".to_owned(),
        Ok(1.0) => "1".to_owned(),
        Ok(_) => return None,
        Err(_) => normalised(text),
    };
    match word.as_str() {
        word if YES.contains(&word) => Some(Answer::Yes),
        word if NO.contains(&word) => Some(Answer::No),
        _ => None,
    }
}

/// Whether a value refuses in a word of its own: `never`.
pub(super) fn says_no(text: &str) -> bool {
    matches!(normalised(text).as_str(), "never" | "local")
}

/// Whether a value is the date of publication rather than an answer: it has the digits of a year, or of a day and a time.
pub(super) fn is_dated(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 4
        || text.chars().filter(|c| c.is_numeric()).count() >= 4
}

/// What the words of a status say; `None` if it is not known.
pub(super) fn is_known_status(text: &str) -> Option<Publicity> {
    let whole = normalised(text);
    let is = |list: &[&str], word: &str| list.contains(&word);
    if is(HELD_BACK, &whole) {
        return Some(Publicity::HeldBack);
    }
    if is(PUBLIC, &whole) {
        return Some(Publicity::Public);
    }
    let words = words(text);
    let is_held_back = |word: &String| is(HELD_BACK, word);
    match () {
        () if words.iter().any(is_held_back) => Some(Publicity::HeldBack),
        () if !words.is_empty() && words.iter().all(|word| is(PUBLIC, word)) => {
            Some(Publicity::Public)
        }
        () => None,
    }
}

/// The words of a value, also of `softTrashed` and `soft_trashed`, in lower case.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = c.is_lowercase();
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
