//! A group of articles → the words by which `topics.toml` recognises such articles, and a name.
//! Knows words and weights; never how groups were found.

use super::documents::WordUse;

/// The most words of a subject: few enough to read.
const MAX_WORDS: usize = 60;
/// The weight of the word that tells most.
const LARGEST: f32 = 9.0;

/// A subject: (word, weight) with the largest weight first.
pub(super) type Rule = Vec<(u32, i32)>;

/// The rules of groups, all on one scale, so that strengths can be compared. A word tells a group by how much more the group has it
/// than all groups have on average.
pub(super) fn rules(centroids: &[Vec<f32>], idf: &[f32]) -> Vec<Rule> {
    let words = idf.len();
    let mut mean = vec![0.0; words];
    for centroid in centroids {
        for (sum, weight) in mean.iter_mut().zip(centroid) {
            *sum += weight / centroids.len() as f32;
        }
    }
    let telling: Vec<Vec<(u32, f32)>> = centroids
        .iter()
        .map(|centroid| {
            let mut own: Vec<(u32, f32)> = (0..words)
                .map(|word| (word as u32, (centroid[word] - mean[word]) * idf[word]))
                .filter(|(_, tells)| *tells > 0.0)
                .collect();
            own.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            own.truncate(MAX_WORDS);
            own
        })
        .collect();
    let mut tops: Vec<f32> = telling
        .iter()
        .filter_map(|own| own.get(2))
        .map(|own| own.1)
        .collect();
    tops.sort_by(f32::total_cmp);
    let scale = LARGEST / tops.get(tops.len() / 2).copied().unwrap_or(1.0);
    let whole = |(word, tells): (u32, f32)| (word, (tells * scale).min(LARGEST).round() as i32);
    let rules = telling.into_iter().map(|own| {
        own.into_iter()
            .map(whole)
            .filter(|(_, weight)| *weight > 0)
            .collect()
    });
    rules.collect()
}

/// In halves, how often the weight of a word counts, as the matcher counts it.
pub(super) fn halves(count: u16) -> i32 {
    match count {
        0 => 0,
        1 => 2,
        2..=3 => 3,
        _ => 4,
    }
}

/// In halves, the strength of each rule in an article, as the matcher computes it.
pub(super) fn strengths(
    counts: &[(u32, u16)],
    by_word: &[Vec<(usize, i32)>],
    rules: usize,
) -> Vec<i32> {
    let mut strengths = vec![0; rules];
    for (word, count) in counts {
        let halves = halves(*count);
        for (rule, weight) in &by_word[*word as usize] {
            strengths[*rule] += weight * halves;
        }
    }
    strengths
}

/// For each word, the rules that have it.
pub(super) fn by_word(rules: &[Rule], words: usize) -> Vec<Vec<(usize, i32)>> {
    let mut by_word = vec![Vec::new(); words];
    for (number, rule) in rules.iter().enumerate() {
        for (word, weight) in rule {
            by_word[*word as usize].push((number, *weight));
        }
    }
    by_word
}

/// How well a word would name a group, best first: it tells the group, many of its articles have it, and it is not a name.
pub(super) fn names(
    centroid: &[f32],
    mean: &[f32],
    words: &[WordUse],
    share: impl Fn(u32) -> f32,
) -> Vec<u32> {
    let mut scored: Vec<(u32, f32)> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| 2 * word.lowercase >= word.total)
        .map(|(number, word)| {
            let tells = (centroid[number] - mean[number]).max(0.0);
            let pair = if word.text.contains(' ') { 1.6 } else { 1.0 };
            (number as u32, tells * share(number as u32) * pair)
        })
        .filter(|(_, score)| *score > 0.0)
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scored.into_iter().map(|(word, _)| word).collect()
}
