//! The repairs that change characters, in their order: mojibake, hyphens, quotation marks.
//! Knows texts and fields; never how a layout read them.

use std::borrow::Cow;

use serde_json::Value;

use super::archive_words::ArchiveWords;
use super::edits::{self, Changes, Edit};
use super::{hyphens, language, mojibake, quotation_marks, running_heads};
use crate::model::FrontMatter;
use crate::model::front_matter_keys::{KEYS, KeyKind};
use crate::settings::Repairs;

/// Repairs plain prose. `lang` is the language that the record states. The ranges of the changes refer to `text`.
pub fn repair<'t>(
    text: &'t str,
    repairs: &Repairs,
    lang: Option<&str>,
    words: &ArchiveWords,
) -> (Cow<'t, str>, Changes) {
    let mut changes = Changes::default();
    let mut made = Cow::Borrowed(text);
    let mut stage = |edits: Vec<Edit>, made: &mut Cow<'t, str>| {
        if !edits.is_empty() {
            *made = Cow::Owned(edits::apply(made, &edits).into_owned());
            changes.stages.push(edits);
        }
    };
    if repairs.mojibake {
        stage(mojibake::repair(&made), &mut made);
    }
    if repairs.debris {
        stage(running_heads::repair(&made), &mut made);
    }
    if repairs.hyphens && hyphens::has_broken_words(&made) {
        let lang = lang.map(language::primary);
        let lang = lang.or_else(|| language::has_words_of(&made, "de").then(|| "de".to_owned()));
        stage(hyphens::repair(&made, words, lang.as_deref()), &mut made);
    }
    if repairs.quotation_marks && is_english(&made, lang) {
        stage(quotation_marks::repair(&made), &mut made);
    }
    (made, changes)
}

fn is_english(text: &str, lang: Option<&str>) -> bool {
    match lang {
        Some(lang) => language::primary(lang) == "en",
        None => language::has_words_of(text, "en"),
    }
}

/// Repairs the quotation marks of titles and summaries whose text has curly ones.
pub fn repair_titles(front: &mut FrontMatter) {
    for text in std::iter::once(&mut front.title).chain(&mut front.summary) {
        let edits = quotation_marks::repair(text);
        *text = edits::apply(text, &edits).into_owned();
    }
}

/// Repairs mojibake in the fields that a layout read. Ids and addresses are kept: others know the record by them.
pub fn repair_fields(front: &mut FrontMatter, repairs: &Repairs) {
    if !repairs.mojibake {
        return;
    }
    let mut listed = std::mem::take(&mut front.repaired);
    let has_others = has_mojibake(front);
    let repair_field = |text: &mut String, listed: &mut Vec<String>| {
        repair_field(text, has_others, listed);
    };
    // Single texts before lists.
    for key in KEYS.iter().filter(|key| key.is_prose) {
        match key.kind {
            KeyKind::Required(_, field) => repair_field(field(front), &mut listed),
            KeyKind::Text(_, field) => {
                let text = field(front).iter_mut();
                text.for_each(|text| repair_field(text, &mut listed));
            }
            _ => {}
        }
    }
    for key in KEYS.iter().filter(|key| key.is_prose) {
        if let KeyKind::List(_, field) = key.kind {
            let texts = field(front).iter_mut();
            texts.for_each(|text| repair_field(text, &mut listed));
        }
    }
    for value in front.extra.values_mut() {
        repair_value(value, has_others, &mut listed);
    }
    front.repaired = listed;
}

/// Whether a field has mojibake that is certain, which makes doubtful characters of the others certain too.
fn has_mojibake(front: &mut FrontMatter) -> bool {
    let is_garbled = |text: &String| !mojibake::repair(text).is_empty();
    let mut keys = KEYS.iter().filter(|key| key.is_prose);
    keys.any(|key| match key.kind {
        KeyKind::Required(_, field) => is_garbled(field(front)),
        KeyKind::Text(_, field) => field(front).iter().any(is_garbled),
        KeyKind::List(_, field) => field(front).iter().any(is_garbled),
        _ => false,
    })
}

fn repair_field(text: &mut String, has_others: bool, listed: &mut Vec<String>) {
    let edits = mojibake::repair_beside(text, has_others);
    if edits.is_empty() || text.contains("://") {
        return;
    }
    let made = edits::apply(text, &edits).into_owned();
    let stages = vec![edits];
    Changes { stages }.list(text, listed);
    *text = made;
}

/// The depth of a value is bounded by the parser that read it.
fn repair_value(value: &mut Value, has_others: bool, listed: &mut Vec<String>) {
    match value {
        Value::Array(values) => values
            .iter_mut()
            .for_each(|v| repair_value(v, has_others, listed)),
        Value::Object(values) => values
            .values_mut()
            .for_each(|v| repair_value(v, has_others, listed)),
        Value::String(text) => repair_field(text, has_others, listed),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text without what repairs may change: white space and hyphens removed, quotation marks straight.
    fn normalised(text: &str) -> String {
        let kept = |c: &char| !c.is_whitespace() && !edits::is_hyphen(*c);
        text.chars()
            .filter(kept)
            .map(|c| match c {
                '“' | '”' => '"',
                '‘' | '’' => '\'',
                c => c,
            })
            .collect()
    }

    #[test]
    fn repairs_build_on_each_other_and_are_listed() {
        let text = "\"Itâ€™s the exam-\nple of the cafÃ©,\" he said. An example of it.";
        let (made, changes) = repair(text, &Repairs::ALL, None, &ArchiveWords::default());
        assert_eq!(
            made,
            "“It’s the example of the café,” he said. An example of it."
        );
        assert_eq!(changes.replay(text).unwrap(), made);
        let mut listed = Vec::new();
        changes.list(text, &mut listed);
        assert_eq!(
            listed,
            [
                "Itâ€™s → It’s",
                "cafÃ© → café",
                "exam- ple → example",
                "\"…\" → “…”"
            ]
        );
    }

    #[test]
    fn only_english_quotation_marks_are_changed() {
        let text = "\"Das ist der Kai von dem Hafen\", sagte sie und ging mit ihm.";
        for lang in [None, Some("de"), Some("fr-CA")] {
            assert_eq!(
                repair(text, &Repairs::ALL, lang, &ArchiveWords::default()).0,
                text
            );
        }
        assert_ne!(
            repair(text, &Repairs::ALL, Some("en-GB"), &ArchiveWords::default()).0,
            text
        );
    }

    #[test]
    fn an_edit_that_no_repair_makes_is_refused() {
        use super::edits::EditKind;
        for (before, to, kind) in [
            ("word", "", EditKind::Hyphen),
            ("--", "", EditKind::Hyphen),
            ("\"", "", EditKind::QuotationMark),
            ("'", "”", EditKind::QuotationMark),
            ("Ã©", "e", EditKind::Mojibake),
            ("Ã©", "", EditKind::Mojibake),
            ("cafÃ©", "é", EditKind::Mojibake),
        ] {
            let at = 0..before.len();
            let to = Cow::Borrowed(to);
            let stages = vec![vec![Edit { at, to, kind }]];
            assert!(Changes { stages }.replay(before).is_err(), "{before}");
        }
    }

    #[test]
    fn a_long_list_is_cut_and_counted() {
        let mut listed: Vec<String> = (0..130).map(|n| n.to_string()).collect();
        edits::shorten(&mut listed);
        assert_eq!((listed.len(), listed[100].as_str()), (101, "and 30 more"));
        assert_eq!(edits::listed(&listed), (&listed[..100], 30));
        assert_eq!(edits::listed(&listed[..3]), (&listed[..3], 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Nothing changes but what repairs may change.
        #[test]
        fn no_character_is_lost(text in "([a-cT \\n\"'\u{ad}.,-]|said |the |don't |exam-\n|\\PC){0,80}") {
            let repairs = Repairs { mojibake: false, debris: false, ..Repairs::ALL };
            let (made, changes) = repair(&text, &repairs, Some("en"), &ArchiveWords::default());
            prop_assert_eq!(normalised(&made), normalised(&text));
            prop_assert_eq!(changes.replay(&text).unwrap(), made);
        }

        /// Every change can be replayed and listed.
        #[test]
        fn damaged_mojibake_is_replayed(text in "([ÂÃâÐÑÅðéà€™œ”“…\u{80}-\u{bf} a-cA-C.\"'\\n-]|cafÃ©|â€™|â€|\\PC){0,60}") {
            let (made, changes) = repair(&text, &Repairs::ALL, Some("en"), &ArchiveWords::default());
            let replayed = changes.replay(&text);
            prop_assert_eq!(replayed.unwrap(), made);
            changes.list(&text, &mut Vec::new());
        }
    }
}
