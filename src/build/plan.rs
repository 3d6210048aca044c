//! plan: subjects → the pages they have, no two at one path.

use std::collections::HashMap;

use rayon::prelude::*;

use super::pages::{Key, View};
use crate::diagnostics::Diagnostic;
use crate::model::page::Subject;

/// The pages of these subjects, in the order of kinds and subjects.
pub fn plan<'s>(
    view: &View<'_>,
    subjects: impl IntoIterator<Item = &'s Subject>,
) -> (Vec<Key>, Vec<Diagnostic>) {
    let subjects: Vec<&Subject> = subjects.into_iter().collect();
    let mut keys: Vec<Key> = subjects
        .par_iter()
        .flat_map_iter(|subject| Key::of(view, subject))
        .collect();
    keys.par_sort_unstable();
    let mut holders: HashMap<&str, usize> = HashMap::with_capacity(keys.len());
    let mut losers = Vec::new();
    let mut diagnostics = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        if let Some(holder) = holders.insert(&key.path, at) {
            holders.insert(&key.path, holder);
            losers.push(at);
            // A picture that two pages show is one file.
            if key.kind() != "attachment" {
                let what = format!(
                    "the {} at this path hides the {}",
                    keys[holder].kind(),
                    key.kind()
                );
                diagnostics.push(
                    Diagnostic::warning(key.path.clone(), what)
                        .hint("give one of them another path"),
                );
            }
        }
    }
    for at in losers.into_iter().rev() {
        keys.remove(at);
    }
    (keys, diagnostics)
}
