//! Language tags (BCP 47), and the names that people write for them.

/// The longest language tag, in bytes.
const LONGEST: usize = 20;

/// Names of languages, and their tags.
const NAMES: &[(&str, &str)] = &[
    ("english", "en"),
    ("englisch", "en"),
    ("anglais", "en"),
    ("inglés", "en"),
    ("german", "de"),
    ("deutsch", "de"),
    ("allemand", "de"),
    ("french", "fr"),
    ("français", "fr"),
    ("francais", "fr"),
    ("französisch", "fr"),
    ("spanish", "es"),
    ("español", "es"),
    ("espanol", "es"),
    ("castellano", "es"),
    ("italian", "it"),
    ("italiano", "it"),
    ("portuguese", "pt"),
    ("português", "pt"),
    ("dutch", "nl"),
    ("nederlands", "nl"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("swedish", "sv"),
    ("svenska", "sv"),
    ("danish", "da"),
    ("dansk", "da"),
    ("norwegian", "no"),
    ("norsk", "no"),
    ("finnish", "fi"),
    ("suomi", "fi"),
    ("russian", "ru"),
    ("русский", "ru"),
    ("ukrainian", "uk"),
    ("українська", "uk"),
    ("arabic", "ar"),
    ("العربية", "ar"),
    ("hebrew", "he"),
    ("עברית", "he"),
    ("persian", "fa"),
    ("فارسی", "fa"),
    ("turkish", "tr"),
    ("türkçe", "tr"),
    ("greek", "el"),
    ("ελληνικά", "el"),
    ("hindi", "hi"),
    ("हिन्दी", "hi"),
    ("chinese", "zh"),
    ("中文", "zh"),
    ("japanese", "ja"),
    ("日本語", "ja"),
    ("korean", "ko"),
    ("한국어", "ko"),
    ("swahili", "sw"),
    ("kiswahili", "sw"),
];

/// A language tag (BCP 47), in lowercase with hyphens, also of a spelling such as `en_US`; `None` where the text is not
/// a language tag.
pub fn tag(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-").to_lowercase();
    let mut subtags = tag.split('-');
    let is_language = |subtag: &str| {
        (2..=3).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_lowercase())
    };
    let is_subtag = |subtag: &str| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let is_tag =
        tag.len() <= LONGEST && subtags.next().is_some_and(is_language) && subtags.all(is_subtag);
    is_tag.then_some(tag)
}

/// The tag of a language that a person wrote by its name.
pub fn of_name(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, tag)| *tag)
}

/// What to write instead of a text that is no tag.
pub fn hint(text: &str) -> String {
    match of_name(text) {
        Some(tag) => format!("write its code, `{tag}`"),
        None => "write its code, such as `de` or `pt-BR`".to_owned(),
    }
}
