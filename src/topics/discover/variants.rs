//! Brings the names of one thing together, so that one subject is one topic with several phrases.
//! Knows which articles speak of what; never knows how topics are ranked.

use std::collections::{BTreeMap, BTreeSet};

use super::subjects::{Subject, Subjects, key};
use super::vocabulary::KNOWN;

/// Of the articles that have the short name, how many must have the long one, in percent.
/// A surname alone is nearly always the person who is introduced in the same article.
const TOGETHER: usize = 80;
/// Later articles leave the given name out; this many, in percent, must still have it.
const INTRODUCED: usize = 40;

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

/// The name that a reader would write stands for all, even where texts write it seldom.
fn fold_known(by_key: &mut BTreeMap<String, Subject>) {
    for names in KNOWN {
        let seen: Vec<_> = names
            .iter()
            .filter_map(|name| by_key.remove(&key(name)))
            .collect();
        let Some(whole) = seen.into_iter().reduce(|mut whole, other| {
            whole.absorb(other);
            whole
        }) else {
            continue;
        };
        by_key.insert(
            key(names[0]),
            Subject {
                name: Some(names[0].to_owned()),
                ..whole
            },
        );
    }
}

/// `PVC` into `Port Vale Council`, where texts explain it so; of several names the one explained most often.
/// A name that hardly any article writes out goes into its acronym instead: `API` is what readers know.
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
        let (Some(short), Some(long)) = (by_key.get(acronym), by_key.get(name)) else {
            continue;
        };
        match (&short.topic, &long.topic) {
            (Some(_), Some(_)) => {}
            (Some(_), None) => fold_into(by_key, name, acronym),
            (None, None) if 10 * long.articles.len() < short.articles.len() => {
                fold_into(by_key, name, acronym)
            }
            _ => fold_into(by_key, acronym, name),
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

/// A part of a name into the whole.
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
        let Some(whole) = whole_of(by_key, &part, &wholes) else {
            continue;
        };
        if by_key.get(&part).is_some_and(|subject| subject.uncased) {
            // A word of a title without capitals says less alone than it does in the pair.
            by_key.remove(&part);
        } else {
            fold_into(by_key, &part, whole);
        }
    }
}

/// The whole that a part nearly always means: articles that have the part have it too, or, for what may be
/// a surname, many do and hardly any has another name that ends so.
fn whole_of<'w>(
    by_key: &BTreeMap<String, Subject>,
    part: &str,
    wholes: &'w [String],
) -> Option<&'w String> {
    let articles = &by_key.get(part)?.articles;
    let mut with_any: BTreeSet<u32> = BTreeSet::new();
    let mut best: Option<(usize, &String)> = None;
    for whole in wholes {
        let Some(subject) = by_key.get(whole) else {
            continue;
        };
        let together: Vec<_> = articles
            .keys()
            .copied()
            .filter(|article| subject.articles.contains_key(article))
            .collect();
        if best.is_none_or(|(count, _)| together.len() > count) {
            best = Some((together.len(), whole));
        }
        with_any.extend(together);
    }
    let (count, whole) = best?;
    let share = |of: usize| 100 * count / of.max(1);
    let is_last_word = whole
        .strip_suffix(part)
        .is_some_and(|rest| rest.ends_with(' '));
    let is_surname = is_last_word
        && !part.contains(' ')
        && share(articles.len()) >= INTRODUCED
        && share(with_any.len()) >= TOGETHER;
    (share(articles.len()) >= TOGETHER || is_surname).then_some(whole)
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
