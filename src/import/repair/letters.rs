//! The repairs of letters together: mojibake, hyphens, quotation marks. What they changed is kept for the account and
//! listed in `repaired`.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use super::edits::{self, Changes, Edit};
use super::{dateline, hyphens, language, mojibake, quotation_marks};
use crate::import::markdown;
use crate::import::provenance::{self, Repaired};
use crate::import::reading::Reading;
use crate::model::front_matter_keys::{KEYS, KeyKind};
use crate::settings::Repairs;

/// Puts plain prose right. `lang` is what the record says of its language. The account's places are those in `text`.
pub fn repair<'t>(text: &'t str, repairs: &Repairs, lang: Option<&str>) -> (Cow<'t, str>, Changes) {
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
    if repairs.hyphens {
        stage(hyphens::repair(&made), &mut made);
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

/// Notes what was changed of the body's plain text, which stands at `of` in the record or in what was decoded of it.
pub fn note(reading: &mut Reading, of: Range<usize>, text: &str, changes: Changes) {
    if changes.is_empty() {
        return edits::shorten(&mut reading.front.repaired);
    }
    changes.list(text, &mut reading.front.repaired);
    edits::shorten(&mut reading.front.repaired);
    let is_mojibake = |edit: &Edit| edit.kind == edits::Kind::Mojibake;
    let is_garbled = changes.stages.iter().flatten().any(is_mojibake);
    // A dash or a place that was garbled hid the dateline from the layout.
    if reading.repairs.datelines
        && is_garbled
        && let Ok(made) = changes.replay(text)
        && let Some(found) = dateline::read(made.trim())
    {
        let front = &mut reading.front;
        front.place = front.place.take().or(found.place);
        front.source = front.source.take().or(found.agency);
    }
    reading.account.repaired = Some(Repaired { of, changes });
}

/// Puts mojibake right in a body that is Markdown already. Left as it is where markup parts the garbled letters.
pub fn repair_made(reading: &mut Reading, record: &str) {
    let edits = match reading.repairs.mojibake {
        true => mojibake::repair(&reading.body),
        false => Vec::new(),
    };
    let decoded = reading.account.decoded.take();
    let source = match &decoded {
        Some(decoded) => Some((0..decoded.body.len(), decoded.body.as_str())),
        None => reading.account.body().and_then(|at| {
            let text = record.get(at.clone())?;
            Some((at, text))
        }),
    };
    let made = edits::apply(&reading.body, &edits).into_owned();
    if let Some((of, text)) = source.filter(|_| !edits.is_empty()) {
        let plain = match reading.account.verbatim {
            true => made.clone(),
            false => markdown::plain(&made),
        };
        let stage = mojibake::repair(text);
        if provenance::same(&edits::apply(text, &stage), &plain, "").is_ok() {
            reading.body = made;
            let stages = vec![stage];
            note(reading, of, text, Changes { stages });
        }
    }
    edits::shorten(&mut reading.front.repaired);
    reading.account.decoded = decoded;
}

/// Puts mojibake right in what a layout read into the front matter. Ids and addresses stay: others know the record by them.
pub fn repair_fields(reading: &mut Reading) {
    if !reading.repairs.mojibake {
        return;
    }
    let front = &mut reading.front;
    let mut listed = std::mem::take(&mut front.repaired);
    // Single texts before lists.
    for key in KEYS.iter().filter(|key| key.is_prose) {
        match key.kind {
            KeyKind::Required(_, field) => put_right(field(front), &mut listed),
            KeyKind::Text(_, field) => field(front)
                .iter_mut()
                .for_each(|text| put_right(text, &mut listed)),
            _ => {}
        }
    }
    for key in KEYS.iter().filter(|key| key.is_prose) {
        if let KeyKind::List(_, field) = key.kind {
            field(front)
                .iter_mut()
                .for_each(|text| put_right(text, &mut listed));
        }
    }
    for value in front.extra.values_mut() {
        put_value_right(value, &mut listed);
    }
    front.repaired = listed;
}

fn put_right(text: &mut String, listed: &mut Vec<String>) {
    let edits = mojibake::repair(text);
    if edits.is_empty() || text.contains("://") {
        return;
    }
    let made = edits::apply(text, &edits).into_owned();
    let stages = vec![edits];
    Changes { stages }.list(text, listed);
    *text = made;
}

/// Values are as deep as their parser let them be.
fn put_value_right(value: &mut Value, listed: &mut Vec<String>) {
    match value {
        Value::String(text) => put_right(text, listed),
        Value::Array(values) => values.iter_mut().for_each(|v| put_value_right(v, listed)),
        Value::Object(values) => values.values_mut().for_each(|v| put_value_right(v, listed)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the repairs may change, in its plainest form: no blanks, hyphens or soft hyphens, straight marks.
    fn plainest(text: &str) -> String {
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
    fn all_repairs_follow_each_other_and_can_be_told() {
        let text = "\"Itâ€™s the exam-\nple of the cafÃ©,\" he said. An example of it.";
        let (made, changes) = repair(text, &Repairs::ALL, None);
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
    fn only_english_has_its_marks_changed() {
        let text = "\"Das ist der Kai von dem Hafen\", sagte sie und ging mit ihm.";
        for lang in [None, Some("de"), Some("fr-CA")] {
            assert_eq!(repair(text, &Repairs::ALL, lang).0, text);
        }
        assert_ne!(repair(text, &Repairs::ALL, Some("en-GB")).0, text);
    }

    #[test]
    fn a_change_that_no_repair_makes_is_refused() {
        use super::edits::Kind;
        for (before, to, kind) in [
            ("word", "", Kind::Hyphen),
            ("--", "", Kind::Hyphen),
            ("\"", "", Kind::QuotationMark),
            ("'", "”", Kind::QuotationMark),
            ("Ã©", "e", Kind::Mojibake),
            ("Ã©", "", Kind::Mojibake),
            ("cafÃ©", "é", Kind::Mojibake),
        ] {
            let at = 0..before.len();
            let to = Cow::Borrowed(to);
            let stages = vec![vec![Edit { at, to, kind }]];
            assert!(Changes { stages }.replay(before).is_err(), "{before}");
        }
    }

    #[test]
    fn a_long_list_says_how_many_more() {
        let mut listed: Vec<String> = (0..130).map(|n| n.to_string()).collect();
        edits::shorten(&mut listed);
        assert_eq!((listed.len(), listed[100].as_str()), (101, "and 30 more"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Letters are the same, up to what repairs may change.
        #[test]
        fn no_letter_is_lost(text in "([a-cT \\n\"'\u{ad}.,-]|said |the |don't |exam-\n|\\PC){0,80}") {
            let repairs = Repairs { mojibake: false, ..Repairs::ALL };
            let (made, changes) = repair(&text, &repairs, Some("en"));
            prop_assert_eq!(plainest(&made), plainest(&text));
            prop_assert_eq!(changes.replay(&text).unwrap(), made);
        }

        /// Every change can be made anew, and listing it does no harm.
        #[test]
        fn mutilated_mojibake_is_accounted_for(text in "([ÂÃâÐÑÅðéà€™œ”“…\u{80}-\u{bf} a-cA-C.\"'\\n-]|cafÃ©|â€™|â€|\\PC){0,60}") {
            let (made, changes) = repair(&text, &Repairs::ALL, Some("en"));
            let replayed = changes.replay(&text);
            prop_assert_eq!(replayed.unwrap(), made);
            changes.list(&text, &mut Vec::new());
        }
    }
}
