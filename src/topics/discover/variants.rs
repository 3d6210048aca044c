//! Brings the names of one thing together, so that one subject is one topic with several phrases.
//! Knows which articles speak of what; never knows how topics are ranked.

use std::collections::BTreeMap;

use super::subjects::{Subject, Subjects, key};
use super::vocabulary::KNOWN;

/// Of the articles that have the short name, how many must have the long one, in percent.
/// A surname alone is nearly always the person who is introduced in the same article.
const TOGETHER: usize = 80;

/// Folds the variants that are known, explained, or found together.
pub fn fold_together(subjects: Subjects) -> BTreeMap<String, Subject> {
    let Subjects {
        mut by_key,
        acronyms,
    } = subjects;
    fold_known(&mut by_key);
    fold_acronyms(&mut by_key, &acronyms);
    fold_endings(&mut by_key);
    fold_shorter(&mut by_key);
    by_key
}

fn fold_into(by_key: &mut BTreeMap<String, Subject>, from: &str, into: &str) {
    if from == into || !by_key.contains_key(into) {
        return;
    }
    if let Some(subject) = by_key.remove(from)
        && let Some(target) = by_key.get_mut(into)
    {
        target.absorb(subject);
    }
}

fn fold_known(by_key: &mut BTreeMap<String, Subject>) {
    for names in KNOWN {
        let keys: Vec<_> = names.iter().map(|name| key(name)).collect();
        let Some(seen) = keys.iter().find(|key| by_key.contains_key(*key)) else {
            continue;
        };
        // The name a reader would write stands for all, even where texts write it seldom.
        let mut whole = by_key.remove(seen).unwrap_or_default();
        let seen_as = whole.spelling().to_owned();
        for other in &keys {
            if let Some(subject) = by_key.remove(other) {
                whole.absorb(subject);
            }
        }
        // An adjective alone is no reason to have the country.
        let is_adjective_only =
            seen_as != names[0] && key(&seen_as) == *keys.last().unwrap_or(&keys[0]);
        if !is_adjective_only {
            let most = whole.spellings.values().max().copied().unwrap_or_default();
            whole.spellings.insert(names[0].to_owned(), most + 1);
        }
        by_key.insert(
            if is_adjective_only {
                key(&seen_as)
            } else {
                keys[0].clone()
            },
            whole,
        );
    }
}

/// `PVC` into `Port Vale Council`, where texts explain it so; of several names the one explained most often.
fn fold_acronyms(
    by_key: &mut BTreeMap<String, Subject>,
    acronyms: &BTreeMap<(String, String), u32>,
) {
    let mut best: BTreeMap<&str, (u32, &str)> = BTreeMap::new();
    for ((acronym, name), count) in acronyms {
        let explained = best.entry(acronym).or_insert((0, name));
        if *count > explained.0 && by_key.contains_key(name) {
            *explained = (*count, name);
        }
    }
    for (acronym, (_, name)) in best {
        let is_named = by_key
            .get(acronym)
            .is_some_and(|subject| subject.topic.is_some());
        if !is_named {
            fold_into(by_key, acronym, name);
        }
    }
}

/// Plurals and what people of a place are called: the rarer into the more frequent.
fn fold_endings(by_key: &mut BTreeMap<String, Subject>) {
    let pairs: Vec<_> = by_key
        .keys()
        .filter(|key| key.chars().count() > 3 && !by_key[*key].uncased)
        .flat_map(|word| derived(word).map(|other| (word.clone(), other)))
        .filter(|(_, other)| by_key.contains_key(other))
        .collect();
    for (word, derived) in pairs {
        let (Some(one), Some(other)) = (by_key.get(&word), by_key.get(&derived)) else {
            continue;
        };
        let is_plural = derived.ends_with('s');
        let (into, from) = match (one.topic.is_some(), other.topic.is_some()) {
            (true, true) => continue,
            (false, true) => (derived, word),
            (false, false) if is_plural && other.articles.len() > one.articles.len() => {
                (derived, word)
            }
            _ => (word, derived),
        };
        fold_into(by_key, &from, &into);
    }
}

/// What may be made of a name: `Finns` of `Finn`; `Kenyan` of `Kenya`, `Israeli` of `Israel`, `Ghanaian` of `Ghana`.
fn derived(word: &str) -> impl Iterator<Item = String> {
    let endings: &[&str] = if word.ends_with('s') { &[] } else { &["s"] };
    let of_place: &[&str] = match word.chars().next_back() {
        _ if word.contains(' ') => &[],
        Some('a') => &["n", "ns", "ian", "ians"],
        Some('l' | 'n' | 'q') => &["i", "ian", "ese", "is", "ians"],
        _ => &["ian", "ians", "ese", "i"],
    };
    endings
        .iter()
        .chain(of_place)
        .map(move |ending| format!("{word}{ending}"))
}

/// A part of a name into the whole, where articles that have the part nearly always have the whole.
fn fold_shorter(by_key: &mut BTreeMap<String, Subject>) {
    let mut wholes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in by_key.keys() {
        for part in parts(key) {
            if by_key
                .get(part)
                .is_some_and(|subject| subject.topic.is_none())
            {
                wholes.entry(part.to_owned()).or_default().push(key.clone());
            }
        }
    }
    for (part, wholes) in wholes {
        let Some(subject) = by_key.get(&part) else {
            continue;
        };
        let together = |whole: &String| {
            let articles = by_key.get(whole).map(|subject| &subject.articles);
            articles.map_or(0, |whole| {
                subject
                    .articles
                    .keys()
                    .filter(|article| whole.contains_key(article))
                    .count()
            })
        };
        let best = wholes
            .iter()
            .map(|whole| (together(whole), whole))
            .max_by_key(|(count, whole)| (*count, std::cmp::Reverse((*whole).clone())));
        if let Some((count, whole)) = best
            && 100 * count >= TOGETHER * subject.articles.len()
        {
            let whole = whole.clone();
            // A word of a title without capitals says less alone than it does in the pair.
            if subject.uncased && !by_key[&whole].articles.is_empty() {
                by_key.remove(&part);
            } else {
                fold_into(by_key, &part, &whole);
            }
        }
    }
}

/// What begins or ends a name: words where there are spaces, characters where there are none.
fn parts(key: &str) -> Vec<&str> {
    if key.contains(' ') {
        let ends = key.rmatch_indices(' ').map(|(at, _)| &key[at + 1..]);
        return ends
            .chain(key.match_indices(' ').map(|(at, _)| &key[..at]))
            .collect();
    }
    if key
        .chars()
        .next()
        .is_some_and(super::super::words::is_spaceless)
    {
        let inner = |(at, _): (usize, char)| [&key[..at], &key[at..]];
        return key.char_indices().skip(1).flat_map(inner).collect();
    }
    Vec::new()
}
